"""Quotas, a change that waits, a rule being written, and an exclusion list with hits of which one is contested."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from accounts.models import Pengguna
from bansos.actions import aturan, impor_pengecualian, kuota, pengecualian
from bansos.models import Program
from bansos.queries.kuota import triwulan_pilihan
from bansos.queries.pengecualian import pasangkan, temuan
from dtks.actions.impor import inti
from dtks.models import Individu
from wilayah.kode import dalam
from wilayah.waktu import hari_wilayah

# programme, places, ceiling (rupiah a year)
_KUOTA = (("APBD-LANSIA", 250, 900_000_000), ("APBD-RTLH", 40, 600_000_000), ("PKH", 5_000, None))
_SUMBER = ("ASN", "UPAH", "AHU", "PENSIUN")


def mainkan(akun: dict[str, Pengguna], wilayah: str, desa: str, segel: Callable[[], None]) -> int:
    """Returns how many hits there are. Deterministic: the people are the first of the desa by name."""
    kini = triwulan_pilihan(hari_wilayah(wilayah))[0]
    for program, jumlah, pagu in _KUOTA:
        satu = kuota.usulkan(
            by=akun["supervisor"], program=Program.objects.get(pk=program), wilayah=wilayah, periode=kini, jumlah=jumlah, pagu=pagu,
            alasan="Sesuai anggaran tahun ini.", dasar_hukum="Perda APBD (contoh demo)",
        )  # fmt: skip
        segel()
        kuota.setujui(satu, by=akun["kadis"])
        segel()
    kuota.usulkan(
        by=akun["supervisor"], program=Program.objects.get(pk="APBD-LANSIA"), wilayah=wilayah, periode=kini, jumlah=300, pagu=1_080_000_000,
        alasan="Tambahan dari anggaran perubahan.", dasar_hukum="Perda APBD Perubahan (contoh demo)",
    )  # fmt: skip
    segel()
    aturan.susun(Program.objects.get(pk="BPNT"), by=akun["supervisor"], wilayah=wilayah)
    segel()
    return _pengecualian(akun, desa, segel)


def _pengecualian(akun: dict[str, Pengguna], desa: str, segel: Callable[[], None]) -> int:
    orang = (
        Individu.objects.aktif()
        .filter(dalam("keluarga__wilayah_id", [desa]), nik_indeks__isnull=False, keluarga__status="terdaftar")
        .order_by("nama", "pk")[: len(_SUMBER)]
    )
    hari = f"{timezone.localdate() - timedelta(days=30):%d/%m/%Y}"
    baris = [f"{o.nik.open()},{s},{hari},Contoh instansi,," for o, s in zip(orang, _SUMBER, strict=False)]
    isi = "\n".join(["NIK,SUMBER,TANGGAL DATA,ASAL DATA,BERLAKU HINGGA,KETERANGAN", *baris, ""]).encode()
    by = akun["supervisor"]
    impor = inti.unggah(
        by=by, jenis=impor_pengecualian.JENIS, isi=isi, nama="pengecualian.csv", langsung=True
    )
    segel()
    inti.terapkan(impor, by=by, langsung=True)
    segel()
    kena = pasangkan(akun["operator"], temuan(akun["operator"]).order_by("sumber", "pk"))
    for satu in kena[:1]:
        pengecualian.sanggahkan(
            satu.butir, by=akun["operator"], individu=satu.individu, alasan="Namanya sama dengan orang lain; ia buruh tani."
        )  # fmt: skip
        segel()
    return len(kena)
