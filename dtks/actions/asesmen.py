"""Field assessment by the officer who was sent."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import Pengguna
from core import audit, files, workflow
from core.workflow import Halangan, NotAllowed
from dtks.models import Asesmen, FotoAsesmen, Keluarga, Usulan
from dtks.policies import usulan as policies


@transaction.atomic
def simpan(usulan: Usulan, *, by: Pengguna, data: Mapping[str, Any], patokan: str | None = None) -> Asesmen:
    """Store the answers of the current visit; a finished visit is never changed, a returned case begins a new one.

    `patokan` is how the next officer finds the house; it belongs to the family, not to the visit.
    """
    baris = _mine(usulan, by)
    asesmen = baris.asesmen.order_by("-ke").first()
    if asesmen is None or asesmen.selesai_at:
        asesmen = Asesmen(usulan=baris, asesor=by, ke=(asesmen.ke + 1) if asesmen else 1)
    for kolom, nilai in data.items():
        setattr(asesmen, kolom, nilai)
    asesmen.asesor = by
    if not asesmen.izin_lokasi:
        asesmen.lintang = asesmen.bujur = asesmen.akurasi_m = None
    asesmen.save()
    if patokan is not None and patokan != baris.keluarga.patokan:
        keluarga: Keluarga = workflow.lock(Keluarga, baris.keluarga_id)
        keluarga.patokan = patokan
        keluarga.save(update_fields=["patokan", "updated_at"])
    audit.catat(
        aksi="simpan_asesmen", objek=asesmen, by=by, wilayah=baris.wilayah_id, rincian={"ke": asesmen.ke}
    )
    return asesmen


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
