"""The words of papers: a new version is written, looked at with sample data, and approved by somebody else."""

from collections.abc import Mapping
from datetime import date

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import Pengguna
from bansos.surat.contoh import contoh
from core import audit, letters, pdf, workflow
from core.models import TemplatSurat
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from wilayah.waktu import hari_wilayah

KELOLA, SETUJUI = "templat.kelola", "templat.setujui"


class IsianSalah(GateClosed):
    """Something in a part may not stand there; `bagian` names the field of each sentence."""

    def __init__(self, salah: list[tuple[str, str]]):
        self.bagian = salah
        super().__init__([Halangan("ISIAN_SALAH", kalimat) for _, kalimat in salah])


@transaction.atomic
def tulis(
    *,
    by: Pengguna,
    jenis: str,
    wilayah: str,
    isi: Mapping[str, str],
    dasar_hukum: str,
    berlaku_sejak: date,
) -> TemplatSurat:
    """A new version that waits for approval. An unknown placeholder is refused by its name."""
    if not by.boleh(KELOLA, wilayah):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", "Templat surat ditulis supervisor Dinas Sosial.")])
    bersih = {bagian: isi.get(bagian, "").strip() for bagian in letters.BAGIAN[jenis]}
    if salah := letters.salah(jenis, bersih):
        raise IsianSalah(salah)
    if not any(bersih.values()):
        raise GateClosed([Halangan("TEMPLAT_KOSONG", "Isi paling sedikit satu bagian.")])
    if not dasar_hukum.strip():
        raise GateClosed([Halangan("DASAR_KOSONG", "Tulis dasar hukum templat ini.")])
    if berlaku_sejak < hari_wilayah(wilayah):
        raise GateClosed(
            [Halangan("TANGGAL_LEWAT", "Templat tidak berlaku surut. Mulai paling cepat hari ini.")]
        )
    # Two at once take turns; a lock on rows would not hold the first version.
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"templat:{jenis}:{wilayah}"])
    lama = TemplatSurat.objects.filter(jenis=jenis, wilayah=wilayah).aggregate(n=Max("versi"))["n"] or 0
    baris = TemplatSurat.objects.create(
        jenis=jenis, wilayah=wilayah, versi=lama + 1, isi=bersih, dasar_hukum=dasar_hukum.strip(),
        berlaku_sejak=berlaku_sejak, dibuat_orang=str(by.orang_id), dibuat_nama=by.nama,
    )  # fmt: skip
    _catat("tulis_templat", baris, by, KELOLA)
    return baris


@transaction.atomic
def setujui(templat: TemplatSurat, *, by: Pengguna) -> TemplatSurat:
    """In force from its day on; every paper issued then names this version. Its sample must print."""
    baris = _kunci(templat, by)
    if baris.dibuat_orang == str(by.orang_id):
        raise NotAllowed(
            [Halangan("TIDAK_BERWENANG", "Anda yang menulis versi ini. Persetujuan harus dari orang lain.")]
        )
    try:
        contoh(baris, by=by)
    except pdf.TidakMuat as error:
        raise GateClosed(
            [
                Halangan(
                    "TIDAK_TERCETAK",
                    "Contoh surat versi ini tidak bisa dicetak.",
                    "Buang versi ini, lalu minta versi baru dengan bagian yang lebih pendek.",
                )
            ]
        ) from error
    return _putus(baris, TemplatSurat.Status.DISETUJUI, "setujui_templat", by)


@transaction.atomic
def buang(templat: TemplatSurat, *, by: Pengguna) -> TemplatSurat:
    """A version that will not be used; it stays on record."""
    return _putus(_kunci(templat, by), TemplatSurat.Status.DIBUANG, "buang_templat", by)


def _kunci(templat: TemplatSurat, by: Pengguna) -> TemplatSurat:
    baris: TemplatSurat = workflow.lock(TemplatSurat, templat.pk)
    if not by.boleh(SETUJUI, baris.wilayah):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", "Templat disetujui Kepala Dinas atau penggantinya.")])
    if baris.status != TemplatSurat.Status.DRAF:
        raise NotOpen(
            [Halangan("SUDAH_DIPUTUS", f"Versi ini sudah diputus: {baris.get_status_display().lower()}.")],
            baris.status,
        )
    return baris


def _putus(baris: TemplatSurat, status: str, aksi: str, by: Pengguna) -> TemplatSurat:
    baris.status, baris.diputus_orang, baris.diputus_nama = status, str(by.orang_id), by.nama
    baris.diputus_at = timezone.now()
    baris.save(update_fields=["status", "diputus_orang", "diputus_nama", "diputus_at"])
    _catat(aksi, baris, by, SETUJUI)
    return baris


def _catat(aksi: str, baris: TemplatSurat, by: Pengguna, kuasa: str) -> None:
    audit.catat(
        aksi=aksi, objek=baris, by=by, wilayah=baris.wilayah, peran=by.peran_untuk(kuasa, baris.wilayah),
        rincian={"jenis": baris.jenis, "versi": baris.versi, "berlaku_sejak": baris.berlaku_sejak.isoformat()},
    )  # fmt: skip
