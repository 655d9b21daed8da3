"""Payments of the demo: two files of statuses for the recipients, loaded as the Dinas loads them, and one graduation that waits."""

import csv
import io
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import cycle

from django.utils import timezone

from accounts.models import Pengguna
from bansos.actions import graduasi, status_salur
from bansos.actions.status_salur_baca import KOLOM
from bansos.models import BarisPenetapan
from bansos.queries.graduasi import rentan
from bansos.queries.kelayakan import penerima
from bansos.queries.penerima import periode_kini
from dtks.actions.impor import inti

# The order on the first day; what became of it a week later ('' = no second report), and the amount then.
_JALAN = (
    ("TRANSAKSI", 600000),
    ("TIDAK TRANSAKSI", 600000),
    ("TOP UP", 600000),
    ("GAGAL OMSPAN", 600000),
    ("", 0),
    ("TRANSAKSI", 400000),
)
_AWAL = ("SPM", "SP2D", "SI", "SPM", "GAGAL CEK REKENING", "SI")
_PENYALUR = ("BNI", "BRI", "MANDIRI", "PT POS")


def mainkan(akun: dict[str, Pengguna], kabupaten: str, segel: Callable[[], None]) -> int:
    """Returns how many payments were reported. Every seventh recipient has no report, so the reconciliation has what to show."""
    semua = list(
        penerima([kabupaten], "PKH")
        .select_related("usulan__keluarga", "penetapan")
        .order_by("usulan__tiket", "pk")
    )
    bayar = [b for n, b in enumerate(semua) if n % 7 != 6]
    hari = timezone.localdate()
    _muat(akun["supervisor"], _berkas(bayar, hari - timedelta(days=10), _AWAL, 600000), segel)
    lanjut = [(b, s, n) for b, (s, n) in zip(bayar, cycle(_JALAN), strict=False) if s]
    isi = io.StringIO()
    tulis = _penulis(isi)
    for n, (b, status, nominal) in enumerate(lanjut):
        tulis.writerow(_baris(b, hari - timedelta(days=3), status, nominal, _PENYALUR[n % 4]))
    _muat(akun["supervisor"], isi.getvalue(), segel)
    _graduasi(semua, akun["operator"], segel)
    return len(bayar)


def _penulis(isi: io.StringIO):  # type: ignore[no-untyped-def]
    tulis = csv.writer(isi)
    tulis.writerow([k.judul for k in KOLOM])
    return tulis


def _berkas(bayar: list[BarisPenetapan], hari: date, status: Iterable[str], nominal: int) -> str:
    isi = io.StringIO()
    tulis = _penulis(isi)
    for n, (b, kata) in enumerate(zip(bayar, cycle(status), strict=False)):
        tulis.writerow(_baris(b, hari, kata, nominal, _PENYALUR[n % 4]))
    return isi.getvalue()


def _baris(b: BarisPenetapan, hari: date, status: str, nominal: int, penyalur: str) -> list[str]:
    kepala = b.usulan.keluarga.anggota.get(hubungan="1", aktif=True)
    nik = kepala.nik.open() if kepala.nik else ""
    return [nik, "", "PKH", periode_kini(), "1", str(nominal), penyalur, status, f"{hari:%d/%m/%Y}", ""]


def _muat(by: Pengguna, isi: str, segel: Callable[[], None]) -> None:
    impor = inti.unggah(
        by=by, jenis=status_salur.JENIS, isi=isi.encode(), nama="status-penyaluran.csv", langsung=True
    )
    segel()
    if impor.status == "siap":
        inti.terapkan(impor, by=by, langsung=True)
        segel()


def _graduasi(semua: list[BarisPenetapan], by: Pengguna, segel: Callable[[], None]) -> None:
    """A recipient of the operator's desa, best one with an old or disabled person: that waits for the second pair of eyes."""
    desa = [b for b in semua if by.boleh("graduasi.ajukan", b.usulan.keluarga.wilayah_id)]
    satu = next((b for b in desa if rentan(b.usulan.keluarga)), desa[0] if desa else None)
    if satu:
        graduasi.ajukan(
            satu.pk,
            by=by,
            isian=graduasi.Isian("naik_desil", "Anaknya sudah bekerja dan menanggung keluarga."),
        )
        segel()
