"""Field assessment by the officer who was sent."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Pengguna
from core import audit, files, rules, workflow
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.actions.usulan import langkahkan
from dtks.models import Asesmen, FotoAsesmen, Keluarga, Usulan
from dtks.policies import usulan as policies
from dtks.queries.kunjungan import Tugas, kalimat_sia_sia, kunjungan_sia_sia, tugas_petugas
from wilayah.kode import kabupaten_dari
from wilayah.waktu import hari_wilayah


class Bentrok(NotOpen):
    """The visit was changed elsewhere since it was read; `asesmen` is what is stored now."""

    def __init__(self, asesmen: Asesmen, kalimat: str):
        self.asesmen = asesmen
        super().__init__([Halangan("ASESMEN_BENTROK", kalimat, "Bandingkan, lalu pilih yang benar.")])


@transaction.atomic
def simpan(
    usulan: Usulan,
    *,
    by: Pengguna,
    data: Mapping[str, Any],
    patokan: str | None = None,
    ke: int | None = None,
    dasar: str | None = None,
) -> Asesmen:
    """Store the answers of the current visit; a finished visit is never changed, a returned case begins a new one.

    `patokan` is how the next officer finds the house; it belongs to the family, not to the visit. `tanpa_benturan` in
    `data` is his word that he has no interest in this family; the moment he gave it is kept. `ke` and `dasar` (`tanda()`)
    say which visit was read and when it was last changed; when that is no longer so and the answers differ: Bentrok.
    """
    baris = _mine(usulan, by)
    data = dict(data)
    tanpa_benturan = data.pop("tanpa_benturan", None)
    asesmen = baris.asesmen.order_by("-ke").first()
    if asesmen and ke is not None and ke != (asesmen.ke + 1 if asesmen.selesai_at else asesmen.ke):
        raise Bentrok(asesmen, f"Kunjungan ke-{ke} sudah dicatat dari tempat lain.")
    if asesmen is None or asesmen.selesai_at:
        asesmen = Asesmen(usulan=baris, asesor=by, ke=(asesmen.ke + 1) if asesmen else 1)
    elif dasar is not None and dasar != tanda(asesmen) and _berbeda(asesmen, data):
        raise Bentrok(asesmen, "Kunjungan ini sudah diubah dari tempat lain.")
    for kolom, nilai in data.items():
        setattr(asesmen, kolom, nilai)
    if tanpa_benturan is not None:
        asesmen.tanpa_benturan_at = (asesmen.tanpa_benturan_at or timezone.now()) if tanpa_benturan else None
    asesmen.asesor = by
    if not asesmen.izin_lokasi:
        asesmen.lintang = asesmen.bujur = asesmen.akurasi_m = None
    asesmen.save()
    if patokan is not None and patokan != baris.keluarga.patokan:
        keluarga: Keluarga = workflow.lock(Keluarga, baris.keluarga_id)
        keluarga.patokan = patokan
        keluarga.save(update_fields=["patokan", "updated_at"])
    audit.catat(
        aksi="simpan_asesmen",
        objek=asesmen,
        by=by,
        wilayah=baris.wilayah_id,
        rincian={"ke": asesmen.ke, "tanpa_benturan": asesmen.tanpa_benturan_at is not None},
    )
    return asesmen


def tanda(asesmen: Asesmen | None) -> str:
    """Marks the state of an open visit, for the one who goes on with it later; '' = none is open."""
    return asesmen.updated_at.isoformat() if asesmen and not asesmen.selesai_at else ""


def _berbeda(asesmen: Asesmen, data: Mapping[str, Any]) -> bool:
    return any(getattr(asesmen, kolom) != nilai for kolom, nilai in data.items() if kolom != "mulai_at")


@transaction.atomic
def belum_bertemu(
    usulan: Usulan, *, by: Pengguna, lagi: date | None = None, versi: int | None = None
) -> Usulan:
    """Close a visit at which nobody could be asked: with a day for the next, or, after enough of them, back to the Dinas."""
    baris = _mine(usulan, by)
    if versi is not None and versi != baris.versi:
        raise NotOpen(
            [Halangan("SUDAH_BERPINDAH", "Usulan ini sudah berubah. Muat ulang halaman.")], baris.status
        )
    asesmen = baris.asesmen.filter(selesai_at__isnull=True).order_by("-ke").first()
    if asesmen is None or not asesmen.tidak_bertemu:
        raise GateClosed(
            [
                Halangan(
                    "BUKAN_TIDAK_BERTEMU",
                    "Hasil kunjungan ini bukan “tidak bertemu”, “menolak”, atau “pindah”.",
                    "Pilih hasil kunjungannya, atau selesaikan asesmen.",
                )
            ]
        )
    maks = rules.value("asesmen.kunjungan_maks", baris.wilayah_id)
    habis = len(kunjungan_sia_sia(baris)) + 1 >= maks
    if not habis:
        asesmen.kunjungan_lagi = _hari_lagi(baris, lagi)
    asesmen.kesimpulan, asesmen.selesai_at = "", timezone.now()
    asesmen.save(update_fields=["kesimpulan", "selesai_at", "kunjungan_lagi", "updated_at"])
    audit.catat(
        aksi="belum_bertemu",
        objek=asesmen,
        by=by,
        wilayah=baris.wilayah_id,
        rincian={"ke": asesmen.ke, "hasil": asesmen.kunjungan, "lagi": str(asesmen.kunjungan_lagi or "")},
    )
    if not habis:
        return baris
    return langkahkan(baris, "tidak_ditemui", by=by, catatan=kalimat_sia_sia(kunjungan_sia_sia(baris)))


def _hari_lagi(usulan: Usulan, lagi: date | None) -> date:
    hari = hari_wilayah(usulan.wilayah_id)
    batas = rules.value("asesmen.kunjungan_lagi_hari", usulan.wilayah_id)
    if lagi is None or not hari <= lagi <= hari + timedelta(days=batas):
        raise Kolom("kunjungan_lagi", f"Pilih hari kunjungan berikutnya, paling lama {batas} hari lagi.")
    return lagi


class Kolom(GateClosed):
    """Refused because of one field of the form."""

    def __init__(self, kolom: str, kalimat: str):
        self.kolom = kolom
        super().__init__([Halangan("ISIAN_SALAH", kalimat)])


@transaction.atomic
def bawa(*, by: Pengguna) -> list[Tugas]:
    """What the officer takes along on his phone: his visits with the phone numbers. Who took what is in the trail."""
    rows = tugas_petugas(by)
    if rows:
        audit.catat(
            aksi="bawa_tugas",
            objek=by,
            by=by,
            wilayah=kabupaten_dari(rows[0].usulan.wilayah_id),
            rincian={"usulan": [t.usulan.tiket for t in rows]},
        )
    return rows


@transaction.atomic
def tambah_foto(usulan: Usulan, *, by: Pengguna, isi: bytes, jenis: str = "rumah_depan") -> FotoAsesmen:
    """Raises core.files.BadFile with a sentence when the upload is no usable photo."""
    baris = _mine(usulan, by)
    asesmen = baris.asesmen.filter(selesai_at__isnull=True).order_by("-ke").first()
    if asesmen is None:
        raise NotAllowed([Halangan("ASESMEN_KOSONG", "Simpan dulu hasil kunjungannya, lalu tambahkan foto.")])
    berkas = files.store(
        files.clean_photo(isi),
        jenis="foto_asesmen",
        nama=f"{jenis}.jpg",
        mime="image/jpeg",
        wilayah=baris.wilayah_id,
        by_id=str(by.pk),
    )
    foto = FotoAsesmen.objects.create(asesmen=asesmen, jenis=jenis, berkas=berkas)
    audit.catat(
        aksi="foto_asesmen",
        objek=asesmen,
        by=by,
        wilayah=baris.wilayah_id,
        rincian={"sha256": bytes(berkas.sha256).hex()},
    )
    return foto


@transaction.atomic
def hapus_foto(usulan: Usulan, *, by: Pengguna, foto: FotoAsesmen) -> None:
    """Remove a wrong photo from the visit that is still open; those of a finished visit stay."""
    baris = _mine(usulan, by)
    row = FotoAsesmen.objects.filter(
        pk=foto.pk, asesmen__usulan=baris, asesmen__selesai_at__isnull=True
    ).first()
    if row is None:
        raise NotAllowed([Halangan("FOTO_TERKUNCI", "Foto ini milik kunjungan yang sudah selesai.")])
    asesmen = row.asesmen
    row.delete()
    audit.catat(
        aksi="hapus_foto_asesmen",
        objek=asesmen,
        by=by,
        wilayah=baris.wilayah_id,
        rincian={"foto": str(foto.pk)},
    )


def _mine(usulan: Usulan, by: Pengguna) -> Usulan:
    baris: Usulan = workflow.lock(Usulan, usulan.pk)
    if kalimat := policies.ases(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], baris.status)
    return baris
