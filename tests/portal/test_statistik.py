"""Anybody reads the numbers; nobody finds one family in them."""

import re
from collections import Counter
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dtks.models import HitunganUsulan, Usulan
from dtks.workflow import USULAN_TERBUKA
from portal.actions import ringkasan, statistik
from portal.models import StatistikUmum
from portal.queries.laporan import halaman, kpi
from portal.queries.laporan.dasar import Lingkup
from tests.bantu import acak
from tests.bantu.pemain import DESA, DESA2
from wilayah.kode import dalam

pytestmark = pytest.mark.django_db
DESA3, LAIN = "32.05.02.1001", "32.06.01.2001"
KINI = f"{timezone.localdate():%Y-%m}"


@pytest.fixture
def data():
    acak.isi(7, [DESA, DESA, DESA2, DESA3], kpi.periode_lalu(KINI, 3), keluarga=80)
    ringkasan.segarkan()
    statistik.segarkan()


@pytest.fixture
def timpang():
    """Many proposals of last month, a handful of this one."""
    bulan = [kpi.periode_lalu(KINI, 2)[1]] * 40 + [KINI]
    acak.isi(7, [DESA, DESA2, DESA3], bulan, keluarga=400)
    ringkasan.segarkan()
    statistik.segarkan()


def teks(jawab) -> str:
    return unescape(jawab.content.decode())


def test_siapa_pun_membaca_angka_kabupaten_lalu_kecamatan(client, data):
    awal = teks(client.get("/statistik/"))
    assert "Keluarga yang diusulkan" in awal and "Kabupaten Garut" in awal
    tujuan = re.search(r'href="(/statistik/\?wilayah=32\.05\.01[^"]*)"', awal)[1]
    dalam = client.get(tujuan.replace("&amp;", "&"))
    assert dalam.status_code == 200 and "Kecamatan" in teks(dalam) and "Tidak ada nama" in teks(dalam)


def test_tidak_ada_angka_kecil_dan_selisihnya_tidak_membukanya(data):
    """Every stored cell: no 1 to 4, and a column with hidden cells never gives one of them by its sum."""
    diperiksa = 0
    for satu in StatistikUmum.objects.all():
        for t in satu.isi["tabel"]:
            if t["judul"].startswith("Musyawarah"):
                continue  # villages, not families
            for i, kolom in enumerate(t["kolom"]):
                sel = [b[2][i] for b in t["baris"]]
                if "(hari)" in kolom:
                    continue
                for s in (*sel, t["jumlah"][i]):
                    diperiksa += 1
                    assert s not in ("1", "2", "3", "4"), (satu.wilayah, satu.periode, t["judul"], kolom)
                if t["jumlah"][i].replace(".", "").isdecimal() and (
                    tutup := [s for s in sel if s == "disamarkan"]
                ):
                    sisa = int(t["jumlah"][i].replace(".", "")) - sum(
                        int(s.replace(".", "")) for s in sel if s != "disamarkan"
                    )
                    assert sisa == 0 or (len(tutup) > 1 and sisa >= 5), (satu.wilayah, t["judul"], kolom)
    assert diperiksa > 300


def test_angka_sama_dengan_barisnya(data):
    """Counted again in plain Python from the proposals."""
    nyata = Counter(Usulan.objects.filter(periode=KINI).values_list("status", flat=True))
    tabel = StatistikUmum.objects.get(wilayah="32.05", periode=KINI).isi["tabel"][0]
    assert tabel["jumlah"][0] == f"{sum(nyata.values())}"


def test_halaman_kecamatan_tidak_membuka_yang_disembunyikan_di_kabupaten(data):
    for kab in StatistikUmum.objects.filter(wilayah="32.05"):
        for i, t in enumerate(kab.isi["tabel"]):
            for kode, _, sel in t["baris"]:
                bawah = StatistikUmum.objects.filter(wilayah=kode, periode=kab.periode).first()
                if bawah is None:
                    continue
                for j, s in enumerate(sel):
                    if s in ("disamarkan",):
                        assert bawah.isi["tabel"][i]["jumlah"][j] in ("disamarkan",), (
                            kode,
                            t["kolom"][j],
                        )


def angka(sel: str) -> int:
    return int(sel.replace(".", ""))


def test_bulan_yang_disembunyikan_tidak_terbuka_dari_angka_hari_ini(timpang):
    """The attacker adds up a line over all published months and takes it from every number of today's page of that line."""
    diserang = 0
    for kini in StatistikUmum.objects.filter(periode=""):
        bulan = {}
        for satu in StatistikUmum.objects.filter(wilayah=kini.wilayah).exclude(periode=""):
            t = satu.isi["tabel"][0]
            i = t["kolom"].index("Masih diproses")
            bulan[satu.periode] = {"": t["jumlah"][i]} | {kode: sel[i] for kode, _, sel in t["baris"]}
        for t in kini.isi["tabel"]:
            for kode, sel in ("", t["jumlah"]), *((k, s) for k, _, s in t["baris"]):
                garis = {p: isi.get(kode, "0") for p, isi in bulan.items()}
                tutup = [p for p, s in garis.items() if s == "disamarkan"]
                if len(tutup) != 1:
                    continue
                nyata = Usulan.objects.filter(
                    dalam("wilayah_id", [kode or kini.wilayah]), periode=tutup[0], status__in=USULAN_TERBUKA
                ).count()
                terbuka = sum(angka(s) for s in garis.values() if s != "disamarkan")
                diserang += 0 < nyata < 5
                for kata, s in zip(t["kolom"], sel, strict=True):
                    if "hari" not in kata and s.replace(".", "").isdecimal() and 0 < nyata < 5:
                        assert angka(s) - terbuka != nyata, (kini.wilayah, kode, t["judul"], kata)
    assert diserang


def test_rincian_program_tidak_menjumlah_ke_angka_yang_disembunyikan(db):
    for status, n in (("diajukan", 12), ("ditolak", 2)):
        HitunganUsulan.objects.create(
            wilayah=DESA, status=status, program="PKH", jalur="REGULER", periode=KINI, n=n
        )
    hasil = halaman.baca_samar(kpi.PER_KODE["usulan"], [Lingkup(("32.05",), KINI)])
    assert hasil.total.sel["tolak"].samar
    assert halaman.rincian(hasil, samar=False)
    assert halaman.rincian(hasil, samar=True) == []


def test_angka_dibuat_malam_hari_dan_membacanya_murah(client, data):
    lama = teks(client.get("/statistik/"))
    HitunganUsulan.objects.create(
        wilayah=DESA, status="diajukan", program="PKH", jalur="REGULER", periode=KINI, n=50
    )
    assert teks(client.get("/statistik/")) == lama, "what happens during the day is not seen"
    with CaptureQueriesContext(connection) as q:
        client.get("/statistik/", {"wilayah": "32.05"})
    assert len(q) <= 5
    ringkasan.segarkan()
    statistik.segarkan()
    assert teks(client.get("/statistik/")) != lama
    sebelum = StatistikUmum.objects.count()
    assert statistik.segarkan() == sebelum == StatistikUmum.objects.count()


@pytest.mark.parametrize(
    "isi",
    [
        {"wilayah": "99.99"}, {"wilayah": DESA}, {"wilayah": "32.05", "periode": "1999-01"}, {"wilayah": "\x00\x00\x00\x00\x00"}, {"periode": "x" * 5000},
        {"wilayah": "32.05' OR 1=1"}, {"wilayah": "32.05", "periode": "٢٠٢٦-١١"},
    ],
)  # fmt: skip
def test_wilayah_atau_bulan_asing_tidak_ada(client, data, isi):
    assert client.get("/statistik/", isi).status_code == 404


def test_parameter_asing_ditolak(client):
    assert client.get("/statistik/", {"desa": "1"}).status_code == 400


def test_sebelum_malam_pertama_ada_kalimatnya(client):
    assert "Belum ada angka" in teks(client.get("/statistik/"))
