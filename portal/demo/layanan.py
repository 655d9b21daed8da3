"""PBI, reviews of recipients and counter letters of the demo: one case in each hand, by the actions that the screens call."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Pengguna
from bansos.actions import pbi, permohonan, tinjauan
from bansos.models import ReaktivasiPBI, TinjauanPenerima
from core import limits
from dtks.models import Individu
from wilayah.kode import dalam

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
# How far each request goes, and whether it is an emergency.
_PBI = (("draf", False), ("diajukan", True), ("diajukan", False), ("diverifikasi", False), ("direkomendasikan", False),
        ("dikirim_siks", True), ("disetujui", False))  # fmt: skip
_JALAN = (
    ("diajukan", "ajukan", "operator"),
    ("diverifikasi", "verifikasi", "verifikator"),
    ("direkomendasikan", "rekomendasikan", "kadis"),
    ("dikirim_siks", "kirim", "supervisor"),
    ("disetujui", "setujui", "supervisor"),
)
_SURAT = (("PIP", "diajukan"), ("KIPK", "diperiksa"), ("SPMB", "diterbitkan"), ("KESEHATAN", "ditolak"))


def mainkan(akun: dict[str, Pengguna], desa: str, segel: Callable[[], None]) -> int:
    """Returns how many cases were made. Deterministic: the people are the first of the desa by name."""
    orang = list(
        Individu.objects.aktif()
        .filter(
            dalam("keluarga__wilayah_id", [desa]), nik_indeks__isnull=False, keluarga__desil__desil__lte=5
        )
        .exclude(keluarga__status="nonaktif")
        .distinct()
        .order_by("nama", "pk")[: len(_PBI) + len(_SURAT)]
    )
    n = 0
    for satu, (akhir, darurat) in zip(orang, _PBI, strict=False):
        _pbi(satu, akhir, darurat, akun, segel)
        n += 1
    for satu, (keperluan, akhir) in zip(orang[len(_PBI) :], _SURAT, strict=False):
        _surat(satu, keperluan, akhir, akun, segel)
        n += 1
    limits.clear(f"cari_nik:{akun['operator'].pk}")
    return n + _tinjauan(akun, desa, segel)


def _pbi(
    satu: Individu, akhir: str, darurat: bool, akun: dict[str, Pengguna], segel: Callable[[], None]
) -> ReaktivasiPBI:
    by, hari = akun["operator"], timezone.localdate()
    p = pbi.mulai(
        by=by,
        nik=satu.nik.open(),
        nama=satu.nama,
        tanggal=hari - timedelta(days=40),
        sebab="Desil di atas batas",
    )
    segel()
    if akhir == "draf":
        return p
    data: dict[str, Any] = {
        "kondisi": "darurat" if darurat else "biasa", "keadaan_mendesak": "Dirawat di IGD sejak pagi" if darurat else "",
        "pemohon": satu.keluarga.nama_kepala, "faskes": "Puskesmas Guntur", "faskes_tanggal": hari,
    }  # fmt: skip
    p = pbi.lengkapi(p, by=by, data=data, surat_faskes=[PDF])
    segel()
    for ke, langkah, siapa in _JALAN:
        lain = (
            {"siks_nomor": f"SIKS-{p.nomor[4:8]}", "tanggal": hari} if langkah in ("kirim", "setujui") else {}
        )
        p = pbi.langkahkan(p, langkah, by=akun[siapa], **lain)
        segel()
        if ke == akhir:
            break
    return p


def _surat(
    satu: Individu, keperluan: str, akhir: str, akun: dict[str, Pengguna], segel: Callable[[], None]
) -> None:
    isi = permohonan.Isi(
        nik=satu.nik.open(),
        jenis="KETERANGAN",
        keperluan=keperluan,
        pemohon=satu.keluarga.nama_kepala,
        hubungan="KELUARGA",
    )
    p = permohonan.ajukan(isi, by=akun["operator"])
    segel()
    if akhir == "ditolak":
        permohonan.langkahkan(
            p, "tolak", by=akun["verifikator"], alasan="SURAT_BUKAN_WEWENANG", catatan="Minta ke sekolah."
        )
    elif akhir != "diajukan":
        p = permohonan.langkahkan(p, "periksa", by=akun["verifikator"])
        segel()
        if akhir == "diterbitkan":
            permohonan.langkahkan(p, "terbitkan", by=akun["kadis"])
    segel()


def _tinjauan(akun: dict[str, Pengguna], desa: str, segel: Callable[[], None]) -> int:
    """What the nightly check finds among the recipients; one is asked about, one is kept."""
    baru, _ = tinjauan.cari(desa[:5])
    segel()
    rows = list(
        TinjauanPenerima.objects.terbuka().order_by("keluarga__nama_kepala", "program", "sebab", "pk")[:2]
    )
    if rows:
        tinjauan.langkahkan(
            rows[0],
            "tanya_desa",
            by=akun["verifikator"],
            catatan="Apakah keluarga ini masih tinggal di sana?",
        )
        segel()
    if len(rows) > 1:
        tinjauan.langkahkan(rows[1], "pertahankan", by=akun["verifikator"], alasan="TINJAU_SEDANG_DIURUS")
        segel()
    return baru
