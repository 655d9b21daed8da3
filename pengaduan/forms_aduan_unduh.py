"""The list of complaints as a file: also what is copied back to SP4N-LAPOR!."""

from core.identity import mask_numbers
from dtks.exports.daftar import (
    Daftar,
    Kolom,
    Nomor,
    Permintaan,
    Tersaring,
    daftarkan,
    hari,
    kata,
    tempat,
    uraian,
)
from pengaduan.forms_aduan import TERBUKA_PILIH, SaringAduan
from pengaduan.models import Aduan
from pengaduan.workflow import ADUAN


def _saring(permintaan: Permintaan) -> Tersaring:
    rows = Aduan.objects.visible_to(permintaan.user)
    saring = SaringAduan(permintaan, rows, awal={"status": TERBUKA_PILIH})  # type: ignore[arg-type]
    hasil = uraian(saring.form, saring.nilai)
    return Tersaring(saring.qs, hasil.kata, hasil.catat)


def _kolom(nomor: Nomor) -> list[Kolom]:
    """No reporter: who brought it stays in the portal."""
    return [
        Kolom("Nomor tiket", 18, ("tiket",)),
        Kolom("Nomor LAPOR", 18, ("no_lapor",)),
        Kolom("Saluran", 16, ("kanal",), kata(dict(Aduan.Kanal.choices))),
        Kolom("Klasifikasi", 18, ("kelas",), kata(dict(Aduan.Kelas.choices))),
        Kolom("Kategori", 28, ("kategori__nama",)),
        *tempat(),
        Kolom("Isi laporan", 50, ("cerita",), mask_numbers),
        Kolom("Masuk", 12, ("created_at",), hari),
        Kolom("Keadaan", 24, ("status",), kata(dict(ADUAN.choices()))),
        Kolom("Tenggat", 12, ("tenggat_at",), hari),
        Kolom("Jawaban", 50, ("jawaban",), mask_numbers),
        Kolom("Tanggal jawaban", 14, ("dijawab_at",), hari),
        Kolom("Nilai pelapor", 8, ("nilai",)),
    ]


DAFTAR_ADUAN = daftarkan(
    Daftar(
        "pengaduan", "Daftar pengaduan", "pengaduan.Aduan", "pengaduan", ("aduan.lihat", "aduan.proses"),
        _saring, _kolom, ("tenggat_at", "pk"), bernomor=False,
    )
)  # fmt: skip
