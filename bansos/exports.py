"""Columns of the lists of the Dinas as files."""

from bansos.models import BarisPenetapan, Penetapan, Program, StatusSalur
from bansos.queries.antrean import ANTREAN
from dtks.exports.daftar import Kolom, Nomor, hari, kata, keluarga, tempat
from dtks.workflow import USULAN


def _program() -> dict[str, str]:
    return dict(Program.objects.values_list("kode", "nama"))


def kolom_antrean(nomor: Nomor) -> list[Kolom]:
    return [
        Kolom("Tiket", 16, ("tiket",)),
        *keluarga(nomor, "keluarga", "wilayah_id"),
        *tempat(),
        Kolom("Program", 30, ("program",), kata(_program())),
        Kolom("Periode", 10, ("periode",)),
        Kolom("Antrean", 20, ("status",), kata({k: v[0] for k, v in ANTREAN.items()})),
        Kolom("Sejak", 12, ("status_sejak",), hari),
        Kolom("Tenggat", 12, ("tenggat",), hari),
        Kolom("Petugas lapangan", 26, ("petugas__nama",)),
    ]


def _usulan(nomor: Nomor) -> list[Kolom]:
    return [
        Kolom("Tiket", 16, ("usulan__tiket",)),
        *keluarga(nomor, "usulan__keluarga", "usulan__wilayah_id"),
        *tempat("usulan__wilayah"),
    ]


def kolom_pengesahan(nomor: Nomor) -> list[Kolom]:
    return [
        Kolom("Nomor surat", 34, ("pengesahan__nomor",)),
        Kolom("Tanggal", 12, ("pengesahan__tanggal",), hari),
        Kolom("Program", 30, ("pengesahan__program__nama",)),
        Kolom("Periode", 10, ("pengesahan__periode",)),
        *_usulan(nomor),
        Kolom("Tanda terima", 24, ("pengesahan__tanda_terima",)),
        Kolom("Keadaan usulan", 24, ("usulan__status",), kata(dict(USULAN.choices()))),
    ]


def kolom_sk(nomor: Nomor) -> list[Kolom]:
    return [
        Kolom("Nomor SK", 34, ("penetapan__nomor",)),
        Kolom("Jenis", 30, ("penetapan__jenis",), kata(dict(Penetapan.Jenis.choices))),
        Kolom("Tanggal", 12, ("penetapan__tanggal",), hari),
        Kolom("Keadaan SK", 14, ("penetapan__status",), kata(dict(Penetapan.Status.choices))),
        Kolom("Program", 30, ("penetapan__program__nama",)),
        Kolom("Periode", 10, ("penetapan__periode",)),
        *_usulan(nomor),
        Kolom("Hasil", 18, ("hasil",), kata(dict(BarisPenetapan.Hasil.choices))),
        Kolom("Alasan", 40, ("alasan_kalimat",)),
    ]


def _rupiah(nilai: int | None) -> str:
    return "" if nilai is None else str(nilai)


def kolom_penyaluran(nomor: Nomor) -> list[Kolom]:
    return [
        Kolom("Program", 12, ("program_id",)),
        Kolom("Periode", 10, ("periode",)),
        Kolom("Tahap", 7, ("tahap",)),
        Kolom("Atas nama", 28, ("individu__nama",)),
        Kolom("NIK", 19, ("individu__nik", "individu_id", "keluarga__wilayah_id"), nomor.nik),
        *keluarga(nomor, "keluarga", "wilayah_id"),
        *tempat(),
        Kolom("Penyalur", 16, ("lembaga",)),
        Kolom("Status", 26, ("status_id",), kata(dict(StatusSalur.objects.values_list("kode", "nama")))),
        Kolom("Tanggal status", 12, ("status_tanggal",), hari),
        Kolom("Nominal", 12, ("nominal",), _rupiah),
        Kolom("Perintah bayar", 14, ("nominal_perintah",), _rupiah),
        Kolom("Dibayar", 12, ("nominal_dibayar",), _rupiah),
        Kolom("Diambil", 12, ("nominal_diambil",), _rupiah),
        Kolom("SK", 34, ("baris__penetapan__nomor",)),
    ]
