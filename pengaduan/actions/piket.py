"""The on-call roster: shifts as rows, put down and taken back; never edited, so that it can be said who was on duty when."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Pengguna
from core import audit, outbox, workflow
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from pengaduan.models import Piket
from pengaduan.policies import darurat as policies
from pengaduan.queries import darurat as baca
from wilayah.kode import kabupaten_dari
from wilayah.waktu import waktu_wilayah

NOTICE = "pengaduan.kabar_piket"
TERLAMA = timedelta(days=31)


@transaction.atomic
def pasang(
    *,
    by: Pengguna,
    pengguna: Pengguna,
    wilayah: str,
    mulai: datetime,
    selesai: datetime,
    cadangan: bool = False,
    hari: int = 1,
) -> list[Piket]:
    """Put somebody on duty, `hari` days in a row at the same hours of the area's clock. One person is in one place at a time."""
    if kalimat := policies.atur_piket(by, wilayah):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    if pengguna.pk not in {p.pk for p in baca.bisa_piket(kabupaten_dari(wilayah))}:
        raise GateClosed([Halangan("BUKAN_PETUGAS", "Orang ini tidak bertugas menangani kedaruratan.", "Pilih orang lain.")])  # fmt: skip
    if not mulai < selesai <= mulai + TERLAMA:
        raise GateClosed(
            [Halangan("JAM_TERBALIK", "Jam selesai harus sesudah jam mulai.", "Perbaiki jamnya.")]
        )
    if selesai <= timezone.now():
        raise GateClosed(
            [Halangan("SUDAH_LEWAT", "Waktu piket ini sudah lewat.", "Pilih waktu yang akan datang.")]
        )
    with connection.cursor() as cursor:  # two rosters for one person at once take turns
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"piket:{pengguna.pk}"])
    awal, akhir = waktu_wilayah(wilayah, mulai), waktu_wilayah(wilayah, selesai)
    baris = [
        Piket(
            wilayah_id=wilayah, pengguna=pengguna, mulai=awal + timedelta(days=n), selesai=akhir + timedelta(days=n), cadangan=cadangan,
            created_by=by,
        )
        for n in range(hari)
    ]  # fmt: skip
    lain = Piket.objects.berlaku().filter(pengguna=pengguna)
    for satu in baris:
        if lain.filter(mulai__lt=satu.selesai, selesai__gt=satu.mulai).exists():
            raise GateClosed([Halangan("BENTROK", f"{pengguna.nama} sudah piket pada {satu.mulai:%d/%m/%Y %H.%M}.", "Pilih waktu atau orang lain.")])  # fmt: skip
    if hari > 1 and selesai - mulai > timedelta(days=1):
        raise GateClosed(
            [Halangan("TUMPANG", "Piket yang diulang tiap hari paling lama 24 jam.", "Perbaiki jamnya.")]
        )
    Piket.objects.bulk_create(baris)
    audit.catat(
        aksi="pasang_piket", objek=baris[0], by=by, wilayah=wilayah, peran=by.peran_untuk("piket.kelola", wilayah),
        rincian={"pengguna": str(pengguna.pk), "mulai": baris[0].mulai.isoformat(), "selesai": baris[-1].selesai.isoformat(),
                 "hari": hari, "cadangan": cadangan},
    )  # fmt: skip
    outbox.antre(NOTICE, {"piket": str(baris[0].pk), "hari": hari}, wilayah=wilayah)
    return baris


@transaction.atomic
def batalkan(piket: Piket, *, by: Pengguna) -> Piket:
    """Take a shift back. One that is running ends now; the hole it leaves is shown at once."""
    baris: Piket = workflow.lock(Piket, piket.pk)
    if kalimat := policies.atur_piket(by, baris.wilayah_id):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    saat = timezone.now()
    if baris.dibatalkan_at is not None or baris.selesai <= saat:
        raise NotOpen(
            [Halangan("SUDAH_BERAKHIR", "Piket ini sudah berakhir atau dibatalkan.", "Muat ulang halaman.")]
        )
    if baris.mulai < saat:  # what was served stays on record
        baris.selesai = saat
        baris.save(update_fields=["selesai"])
    else:
        baris.dibatalkan_at, baris.dibatalkan_by = saat, by
        baris.save(update_fields=["dibatalkan_at", "dibatalkan_by"])
    audit.catat(
        aksi="batalkan_piket", objek=baris, by=by, wilayah=baris.wilayah_id, peran=by.peran_untuk("piket.kelola", baris.wilayah_id),
        rincian={"pengguna": str(baris.pengguna_id)},
    )  # fmt: skip
    outbox.antre(NOTICE, {"piket": str(baris.pk), "batal": True}, wilayah=baris.wilayah_id)
    return baris
