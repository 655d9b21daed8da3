"""What /statistik/ shows: a few reports of the kabupaten and its kecamatan, small numbers hidden, in words for everybody."""

from typing import Any

from django.db.models.functions import Left

from dtks.models import HitunganUsulan
from portal.models import Ringkasan, StatistikUmum
from portal.queries.laporan import halaman
from portal.queries.laporan.dasar import Baris, Hasil, Lingkup
from portal.queries.laporan.kpi import PER_KODE, periode_lalu
from wilayah.kode import LENGTHS, dalam
from wilayah.models import Wilayah
from wilayah.waktu import hari_wilayah

BULAN = 12
# report -> heading, and the columns with the words of this page
UMUM: dict[str, tuple[str, dict[str, str]]] = {
    "usulan": (
        "Keluarga yang diusulkan",
        {"semua": "Diusulkan", "jalan": "Masih diproses", "terima": "Ditetapkan", "tunggu": "Daftar tunggu", "tolak": "Ditolak", "tarik": "Ditarik"},
    ),
    "musyawarah": ("Musyawarah desa", {"desa": "Jumlah desa", "rapat": "Sudah musyawarah", "ba": "Hasilnya disetujui"}),
    "cakupan": (
        "Keluarga susah yang sudah menerima",
        {"sasaran": "Keluarga paling susah", "terima": "Sudah menerima", "tertinggal": "Belum menerima", "persen": "Bagian yang menerima"},
    ),
    # Not how many wait: that is the sum of the months' "Masih diproses", so it would tell the one month that is hidden.
    "umur": (
        "Lama menunggu",
        {"median": "Separuhnya menunggu paling lama (hari)", "lewat": "Lewat batas waktu"},
    ),
}  # fmt: skip
PENYEBUT = "desa"  # a column that is never 0 and says nothing by itself
RINCIAN = ("Menurut program",)


def kabupaten_terisi() -> list[str]:
    """Kabupaten with proposals or families in this portal."""
    usul = HitunganUsulan.objects.order_by().values_list(Left("wilayah", LENGTHS[1]), flat=True).distinct()
    isi = (
        Ringkasan.objects.filter(ukuran=f"sasaran:{LENGTHS[1]}")
        .order_by()
        .values_list("wilayah", flat=True)
        .distinct()
    )
    return sorted({*usul, *isi} - {""})


def kecamatan_terisi(kabupaten: str) -> list[str]:
    usul = HitunganUsulan.objects.filter(dalam("wilayah", [kabupaten])).order_by()
    isi = Ringkasan.objects.filter(dalam("wilayah", [kabupaten]), ukuran=f"sasaran:{LENGTHS[2]}").order_by()
    kode = {
        *usul.values_list(Left("wilayah", LENGTHS[2]), flat=True).distinct(),
        *isi.values_list("wilayah", flat=True).distinct(),
    }
    return sorted(k for k in kode if len(k) == LENGTHS[2])


def periode_umum(kabupaten: str) -> list[str]:
    """The months shown, newest first, on the calendar of the area."""
    return periode_lalu(f"{hari_wilayah(kabupaten):%Y-%m}", BULAN)


def susun(jalur: list[str], periode: str) -> dict[str, Any]:
    """The page of the last area of `jalur` (kabupaten, or kabupaten and kecamatan) as it is stored. '' = what is about today."""
    kini = periode or periode_umum(jalur[0])[0]
    lingkup = [Lingkup((kode,), kini) for kode in jalur]
    nama = {w.kode: w.sebutan for w in Wilayah.objects.filter(pk__in=jalur).order_by("kode")}
    kode_laporan = [k for k in UMUM if PER_KODE[k].berperiode == bool(periode)]
    return {
        "jalur": [[k, nama.get(k, k)] for k in jalur],
        "tabel": [_tabel(k, halaman.baca_samar(PER_KODE[k], lingkup), len(jalur) == 1) for k in kode_laporan],
    }


def _tabel(kode: str, hasil: Hasil, rinci: bool) -> dict[str, Any]:
    judul, kolom = UMUM[kode]

    def sel(baris: Baris) -> list[str]:
        return [str(baris.sel[k]) for k in kolom]

    def berisi(baris: Baris) -> bool:
        return any(baris.sel[k].samar or baris.sel[k].nilai for k in kolom if k != PENYEBUT)

    return {
        "judul": judul,
        "kalimat": hasil.laporan.kalimat,
        "kolom": list(kolom.values()),
        "baris": [[b.kode, b.nama, sel(b)] for b in hasil.baris if berisi(b)],
        "kosong": sum(not berisi(b) for b in hasil.baris),
        "jumlah": sel(hasil.total),
        "rincian": [list(r) for r in halaman.rincian(hasil, samar=True) if rinci and r[0] in RINCIAN],
    }


def terbit() -> list[tuple[str, str]]:
    """(code, name) of every kabupaten whose numbers are published."""
    rows = StatistikUmum.objects.filter(periode="").order_by("wilayah").values_list("wilayah", "isi__jalur")
    return [(kode, jalur[0][1]) for kode, jalur in rows if len(kode) == LENGTHS[1]]


def baca(wilayah: str, periode: str) -> list[StatistikUmum]:
    """The page of the month and that of today; [] when nothing is published about this area and month."""
    rows = list(StatistikUmum.objects.filter(wilayah=wilayah, periode__in=["", periode]).order_by("-periode"))
    return rows if len(rows) == 2 else []


def tabel(halaman: list[StatistikUmum]) -> list[dict[str, Any]]:
    """The stored tables with the heading beside each cell, and the month they are about ('' = today)."""
    return [
        t
        | {
            "periode": satu.periode,
            "jumlah": list(zip(t["kolom"], t["jumlah"], strict=True)),
            "baris": [
                (kode, nama, list(zip(t["kolom"], sel, strict=True))) for kode, nama, sel in t["baris"]
            ],
        }
        for satu in halaman
        for t in satu.isi["tabel"]
    ]


def bulan_terbit(wilayah: str) -> list[str]:
    return list(
        StatistikUmum.objects.filter(wilayah=wilayah)
        .exclude(periode="")
        .order_by("-periode")
        .values_list("periode", flat=True)
    )


def punya_halaman(kabupaten: str) -> set[str]:
    """Kecamatan with a page of their own."""
    return set(
        StatistikUmum.objects.filter(dalam("wilayah", [kabupaten]), periode="")
        .order_by()
        .values_list("wilayah", flat=True)
    )
