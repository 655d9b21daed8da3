"""Days off of one kabupaten or province, entered and taken back by its Dinas. Deadlines that run keep their date."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.formats import date_format

from core.audit import catat
from core.workflow import GateClosed, Halangan, NotAllowed
from wilayah.models import HariLibur
from wilayah.policies import kalender as policies
from wilayah.queries import kerja
from wilayah.waktu import hari_wilayah


@transaction.atomic
def tambah_libur(*, by: Any, wilayah: str, tanggal: date, nama: str, dasar_hukum: str) -> HariLibur:
    """Close the offices of the area on a working day that is still to come, or today."""
    if kalimat := policies.kelola(by, wilayah):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    if wilayah != wilayah[:5]:
        raise _tertutup("TERLALU_RINCI", "Libur daerah berlaku di satu provinsi atau kabupaten/kota.")
    hari = date_format(tanggal, "l, j F Y")
    if tanggal < hari_wilayah(wilayah):
        raise _tertutup("SUDAH_LEWAT", f"{hari} sudah lewat.", "Isi hari ini atau sesudahnya.")
    kalender = kerja.kalender(wilayah)
    if not kalender.hari_kerja(wilayah, tanggal):
        sebab = kalender.nama_libur(wilayah, tanggal) or "akhir pekan"
        raise _tertutup("SUDAH_LIBUR", f"{hari} memang sudah libur ({sebab}).", "Pilih tanggal lain.")
    try:
        with transaction.atomic():
            libur = HariLibur.objects.create(
                tanggal=tanggal,
                wilayah_id=wilayah,
                nama=nama,
                jenis=HariLibur.Jenis.DAERAH,
                dasar_hukum=dasar_hukum,
            )
    except IntegrityError as error:  # somebody else entered it in the same moment
        raise _tertutup("SUDAH_LIBUR", f"{hari} baru saja dicatat orang lain.") from error
    catat(aksi="tambah_libur", objek=libur, by=by, wilayah=wilayah, peran=by.peran_untuk(policies.KUASA, wilayah),
          rincian={"tanggal": tanggal.isoformat(), "dasar_hukum": dasar_hukum})  # fmt: skip
    return libur


@transaction.atomic
def hapus_libur(libur: HariLibur, *, by: Any, alasan: str) -> None:
    """Take back a day off that is still to come; one that has begun was counted."""
    baris = HariLibur.objects.select_for_update(of=("self",)).filter(pk=libur.pk).first()
    if baris is None:
        return
    if not baris.wilayah_id:
        raise NotAllowed(
            [Halangan("LIBUR_NASIONAL", "Libur nasional mengikuti SKB dan tidak dihapus di sini.")]
        )
    if kalimat := policies.kelola(by, baris.wilayah_id):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    if baris.tanggal <= hari_wilayah(baris.wilayah_id):
        raise _tertutup("SUDAH_LEWAT", "Libur yang sudah berlangsung tidak bisa dihapus.")
    catat(aksi="hapus_libur", objek=baris, by=by, wilayah=baris.wilayah_id, peran=by.peran_untuk(policies.KUASA, baris.wilayah_id),
          rincian={"tanggal": baris.tanggal.isoformat(), "dasar_hukum": baris.dasar_hukum, "alasan": alasan})  # fmt: skip
    baris.delete()


def _tertutup(kode: str, kalimat: str, jalan: str = "") -> GateClosed:
    return GateClosed([Halangan(kode, kalimat, jalan)])
