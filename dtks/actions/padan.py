"""NIK cross-check: asking, recording the answer, repairing, and waiving by two persons.

The asking goes through the queue; the answer comes back to `catat_hasil` in the transaction that marks the job done.
An outage is no answer: it changes no verdict (domain.md §3.2 GAGAL_LAYANAN).
"""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Pengguna
from core import audit, outbox, workflow
from core.models import Pekerjaan
from core.names import name_key
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.models import HasilPadan, Individu, Keluarga, PadanBatch, TiketPadan, Usulan

JOB = "dtks.padankan"
CHUNK = 50
_TERBUKA = (TiketPadan.Status.BUKA, TiketPadan.Status.DIPERBAIKI, TiketPadan.Status.MINTA_PENGECUALIAN)


def identity_fingerprint(orang: Individu) -> str:
    """Names the identity that was asked about, so that an answer to an older one is not applied to a newer one."""
    sealed: Any = orang.nik
    nik = sealed.open() if sealed else ""
    return hashlib.sha256(f"{nik}|{orang.nama}|{orang.tgl_lahir}|{orang.jenis_kelamin}".encode()).hexdigest()[
        :16
    ]


def minta(orang: Iterable[Individu], *, by: Pengguna | None, batch: PadanBatch | None = None) -> int:
    """Queue a check for each person with a NIK, `CHUNK` to a job. Runs in the caller's transaction. Returns how many."""
    semua = list(orang)
    daftar = [o for o in semua if o.nik]
    for o in semua:
        if not o.nik:
            _open_ticket(o, Individu.Padan.TANPA_DOKUMEN)
    baru = [o.pk for o in daftar if o.padan == Individu.Padan.BELUM]
    if baru:
        Individu.objects.filter(pk__in=baru, padan=Individu.Padan.BELUM).update(padan=Individu.Padan.MENUNGGU)
    for o in daftar:
        if o.pk in baru:
            o.padan = Individu.Padan.MENUNGGU
    for i in range(0, len(daftar), CHUNK):
        bagian = daftar[i : i + CHUNK]
        outbox.antre(
            JOB,
            {"individu": [str(o.pk) for o in bagian], **({"batch": str(batch.pk)} if batch else {})},
            judul="Cek NIK ke Dukcapil",
            by=by,
            wilayah=bagian[0].keluarga.wilayah_id,
            total=len(bagian),
        )
    return len(daftar)


def antre(orang: Individu) -> QuerySet[Pekerjaan]:
    """Jobs that still have to ask about this person."""
    return Pekerjaan.objects.filter(
        jenis=JOB,
        status__in=(Pekerjaan.Status.MENUNGGU, Pekerjaan.Status.JALAN),
        argumen__individu__contains=[str(orang.pk)],
    )


@transaction.atomic
def minta_usulan(usulan: Usulan, *, by: Pengguna) -> int:
    """Ask again for every member of a proposal that is not padan."""
    if not by.boleh("padan.minta", usulan.wilayah_id):
        raise NotAllowed(
            [Halangan("TIDAK_BERWENANG", "Cek NIK diminta oleh operator desa atau verifikator.")]
        )
    orang = list(
        usulan.keluarga.anggota.filter(aktif=True)
        .exclude(padan=Individu.Padan.PADAN)
        .select_related("keluarga")
    )
    n = minta(orang, by=by)
    audit.catat(aksi="minta_padan", objek=usulan, by=by, wilayah=usulan.wilayah_id, rincian={"jumlah": n})
    return n


@transaction.atomic
def minta_batch(*, by: Pengguna | None, wilayah: str, orang: Iterable[Individu], asal: str) -> PadanBatch:
    """Check many persons of one area; progress is on the batch row."""
    if by is not None and not by.boleh("padan.minta", wilayah):
        raise NotAllowed(
            [
                Halangan(
                    "TIDAK_BERWENANG", "Cek NIK satu wilayah diminta operator atau verifikator wilayah itu."
                )
            ]
        )
    daftar = list(orang)
    batch = PadanBatch.objects.create(wilayah_id=wilayah, asal=asal, diminta_by=by)
    batch.jumlah = minta(daftar, by=by, batch=batch)  # those without a NIK are never answered: not counted
    batch.selesai_at = None if batch.jumlah else timezone.now()
    batch.save(update_fields=["jumlah", "selesai_at"])
    audit.catat(
        aksi="minta_padan_batch", objek=batch, by=by, wilayah=wilayah, rincian={"jumlah": len(daftar)}
    )
    return batch


def catat_hasil(
    individu_id: uuid.UUID | str,
    *,
    hasil: Mapping[str, Any],
    sidik: str,
    pekerjaan: uuid.UUID | None,
    batch_id: str | None = None,
    by: Pengguna | None = None,
    sumber: str = "dukcapil",
) -> bool:
    """Apply one verdict. `hasil`: kategori, kode_respon, skor, ambang, versi_layanan, pesan. True when applied now.

    False when this job already answered for the person, or the identity changed since it was asked (a new check is
    queued then). GAGAL_LAYANAN must not come here.
    """
    if hasil["kategori"] == "GAGAL_LAYANAN":
        raise ValueError("an outage is no verdict")
    with transaction.atomic():
        orang = (
            Individu.objects.select_for_update(of=("self",)).select_related("keluarga").get(pk=individu_id)
        )
        if identity_fingerprint(orang) != sidik:
            # The new question stays in the batch, else its count would never be full.
            minta([orang], by=by, batch=PadanBatch.objects.filter(pk=batch_id).first() if batch_id else None)
            return False
        try:
            with transaction.atomic():
                HasilPadan.objects.create(
                    individu=orang,
                    pekerjaan=pekerjaan,
                    kategori=hasil["kategori"],
                    kode_respon=hasil.get("kode_respon") or "",
                    skor=hasil.get("skor") or {},
                    ambang=hasil.get("ambang") or {},
                    versi_layanan=(hasil.get("versi_layanan") or "")[:40],
                    pesan=(hasil.get("pesan") or "")[:200],
                    sumber=sumber,
                    diminta_by=by,
                )
        except IntegrityError:
            return False
        lama = orang.padan
        orang.padan, orang.padan_at = hasil["kategori"], timezone.now()
        orang.save(update_fields=["padan", "padan_at", "updated_at"])
        if orang.padan == Individu.Padan.PADAN:
            _close_tickets(orang)
        else:
            _open_ticket(orang, orang.padan)
        if batch_id:
            hitung_batch(batch_id, orang.padan)
        audit.catat(
            aksi="hasil_padan",
            objek=orang,
            by=by,
            wilayah=orang.keluarga.wilayah_id,
            rincian={"kategori": orang.padan, "sebelum": lama, "sumber": sumber},
        )
        return True


def hitung_batch(batch_id: str, kategori: str, n: int = 1) -> None:
    """Count `n` people of a batch as answered with `kategori` ('TIDAK_DICEK': gone since they were asked for)."""
    batch: PadanBatch = workflow.lock(PadanBatch, batch_id)
    batch.selesai += n
    batch.per_kategori = {**batch.per_kategori, kategori: batch.per_kategori.get(kategori, 0) + n}
    if batch.selesai >= batch.jumlah and batch.selesai_at is None:
        batch.selesai_at = timezone.now()
    batch.save(update_fields=["selesai", "per_kategori", "selesai_at"])


def _open_ticket(orang: Individu, kategori: str) -> None:
    """One open ticket per person; a waiver that was given for the same category stays good."""
    terbuka = TiketPadan.objects.select_for_update().filter(individu=orang, status__in=_TERBUKA).first()
    if terbuka is not None:
        if terbuka.kategori != kategori or terbuka.status == TiketPadan.Status.DIPERBAIKI:
            terbuka.kategori, terbuka.status = kategori, TiketPadan.Status.BUKA
            terbuka.save()
        return
    if TiketPadan.objects.filter(
        individu=orang, status=TiketPadan.Status.DIKECUALIKAN, kategori=kategori
    ).exists():
        return
    TiketPadan.objects.create(individu=orang, wilayah_id=orang.keluarga.wilayah_id, kategori=kategori)


def _close_tickets(orang: Individu) -> None:
    TiketPadan.objects.filter(individu=orang, status__in=_TERBUKA).update(
        status=TiketPadan.Status.SELESAI, updated_at=timezone.now()
    )


def gugurkan_pengecualian(orang: Individu) -> None:
    """A waiver was given for one identity; with another identity two persons have to look again."""
    TiketPadan.objects.filter(individu=orang, status=TiketPadan.Status.DIKECUALIKAN).update(
        status=TiketPadan.Status.GUGUR, updated_at=timezone.now()
    )


def _ticket(tiket: TiketPadan, by: Pengguna, kuasa: str, kalimat: str) -> TiketPadan:
    """The ticket, locked after its family and person: the order in which everybody takes them."""
    orang = Individu.objects.get(pk=tiket.individu_id)
    workflow.lock(Keluarga, orang.keluarga_id)
    workflow.lock(Individu, orang.pk)
    baris: TiketPadan = workflow.lock(TiketPadan, tiket.pk)
    if Individu.objects.filter(
        keluarga=orang.keluarga_id, aktif=True, nik_indeks=by.orang.nik_indeks
    ).exists():
        raise NotAllowed([Halangan("KELUARGA_SENDIRI", "Ini keluarga Anda sendiri. Mintalah petugas lain.")])
    if not by.boleh(kuasa, baris.wilayah_id):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    if baris.status not in _TERBUKA:
        raise NotOpen(
            [
                Halangan(
                    "SUDAH_SELESAI",
                    f"Tiket ini sudah selesai: {baris.get_status_display()}.",
                    "Muat ulang halaman.",
                )
            ]
        )
    return baris


def perbaiki(tiket: TiketPadan, *, by: Pengguna, data: Mapping[str, Any], catatan: str = "") -> TiketPadan:
    """Correct the identity from KK/KTP (`data`: nama, nik, tgl_lahir, jenis_kelamin, tempat_lahir, ibu_kandung) and ask again."""
    with transaction.atomic():
        baris = _ticket(
            tiket, by, "padan.perbaiki", "Identitas diperbaiki oleh operator desa atau petugas Dukcapil."
        )
        orang: Individu = workflow.lock(Individu, baris.individu_id)
        changed = []
        for kolom, nilai in data.items():
            lama = getattr(orang, kolom)
            if (lama.open() if kolom == "nik" and lama else lama) != nilai:
                setattr(orang, kolom, nilai)
                changed.append(kolom)
        if not changed:
            raise GateClosed(
                [
                    Halangan(
                        "TIDAK_BERUBAH",
                        "Belum ada data yang diubah.",
                        "Ubah data sesuai KK/KTP, atau minta pengecualian.",
                    )
                ]
            )
        gugurkan_pengecualian(orang)
        orang.kunci_nama, orang.padan, orang.padan_at = name_key(orang.nama), Individu.Padan.BELUM, None
        try:
            with transaction.atomic():
                orang.save()
        except IntegrityError as error:
            raise GateClosed(
                [
                    Halangan(
                        "NIK_SUDAH_ADA",
                        "NIK ini sudah dipakai orang lain yang aktif.",
                        "Periksa lagi angkanya dengan KTP.",
                    )
                ]
            ) from error
        if orang.hubungan == "1":
            orang.keluarga.nama_kepala = orang.nama
            orang.keluarga.save(update_fields=["nama_kepala", "updated_at"])
        baris.status, baris.catatan = TiketPadan.Status.DIPERBAIKI, catatan
        baris.save()
        minta([orang], by=by)
        audit.catat(
            aksi="perbaiki_identitas", objek=orang, by=by, wilayah=baris.wilayah_id,
            peran=by.peran_untuk("padan.perbaiki", baris.wilayah_id), rincian={"kolom": changed},
        )  # fmt: skip
        return baris


@transaction.atomic
def cek_ulang(tiket: TiketPadan, *, by: Pengguna) -> TiketPadan:
    """Ask again about one person, e.g. after Disdukcapil repaired its own register. One open question per person."""
    kuasa = "padan.perbaiki" if by.punya("padan.perbaiki") else "padan.minta"
    baris = _ticket(tiket, by, kuasa, "Cek ulang diminta operator desa, verifikator, atau petugas Dukcapil.")
    orang: Individu = (
        Individu.objects.select_for_update(of=("self",)).select_related("keluarga").get(pk=baris.individu_id)
    )
    if not orang.nik:
        raise GateClosed(
            [
                Halangan(
                    "NIK_KOSONG",
                    "Orang ini belum punya NIK.",
                    "Isi NIK-nya dulu di bagian Perbaiki identitas.",
                )
            ]
        )
    if antre(orang).exists():
        raise NotOpen([Halangan("SUDAH_DIMINTA", "Cek ulang sudah diminta.", "Tunggu jawaban Dukcapil.")])
    minta([orang], by=by)
    audit.catat(aksi="cek_ulang_padan", objek=baris, by=by, wilayah=baris.wilayah_id)
    return baris


@transaction.atomic
def minta_kecuali(tiket: TiketPadan, *, by: Pengguna, alasan: str) -> TiketPadan:
    """Ask to let a person pass without padan: a real person must not starve for a wrong register. Needs a second person."""
    baris = _ticket(
        tiket, by, "padan.kecualikan", "Pengecualian diminta oleh operator desa atau verifikator."
    )
    if len(alasan.strip()) < 10:
        raise GateClosed(
            [
                Halangan(
                    "ALASAN_PENDEK", "Tuliskan alasan pengecualian dengan jelas (paling sedikit 10 huruf)."
                )
            ]
        )
    baris.status, baris.pengecualian_alasan = TiketPadan.Status.MINTA_PENGECUALIAN, alasan.strip()[:300]
    baris.pengecualian_by, baris.pengecualian_orang = by, by.orang
    baris.save()
    audit.catat(
        aksi="minta_kecuali",
        objek=baris,
        by=by,
        wilayah=baris.wilayah_id,
        rincian={"kategori": baris.kategori},
    )
    return baris


@transaction.atomic
def setujui_kecuali(tiket: TiketPadan, *, by: Pengguna) -> TiketPadan:
    baris = _ticket(
        tiket, by, "padan.setujui_kecuali", "Pengecualian disetujui verifikator atau supervisor Dinsos."
    )
    if baris.status != TiketPadan.Status.MINTA_PENGECUALIAN:
        raise NotOpen(
            [Halangan("BELUM_DIMINTA", "Belum ada permintaan pengecualian.", "Minta pengecualian dulu.")]
        )
    if baris.pengecualian_orang_id == by.orang_id:
        raise NotAllowed(
            [Halangan("ORANG_SAMA", "Anda yang meminta pengecualian ini. Persetujuan harus dari orang lain.")]
        )
    baris.status, baris.disetujui_by, baris.disetujui_orang = TiketPadan.Status.DIKECUALIKAN, by, by.orang
    baris.save()
    audit.catat(
        aksi="setujui_kecuali",
        objek=baris,
        by=by,
        wilayah=baris.wilayah_id,
        rincian={"kategori": baris.kategori},
    )
    return baris


@transaction.atomic
def tolak_kecuali(tiket: TiketPadan, *, by: Pengguna, catatan: str) -> TiketPadan:
    baris = _ticket(
        tiket, by, "padan.setujui_kecuali", "Pengecualian diputus verifikator atau supervisor Dinsos."
    )
    if baris.status != TiketPadan.Status.MINTA_PENGECUALIAN:
        raise NotOpen(
            [Halangan("BELUM_DIMINTA", "Belum ada permintaan pengecualian.", "Muat ulang halaman.")]
        )
    if not catatan.strip():
        raise GateClosed([Halangan("ALASAN_WAJIB", "Tuliskan alasan menolak pengecualian.")])
    baris.status, baris.catatan = TiketPadan.Status.BUKA, catatan[:2000]
    baris.save()
    audit.catat(
        aksi="tolak_kecuali",
        objek=baris,
        by=by,
        wilayah=baris.wilayah_id,
        rincian={"kategori": baris.kategori},
    )
    return baris
