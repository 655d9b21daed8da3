"""The report pages: who sees what, every link leads somewhere, small numbers stay hidden, files say what the page says."""

import io
import json
import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from core.models import Berkas, Jejak, Pekerjaan
from portal.actions import ringkasan
from portal.models import Ringkasan
from portal.queries.laporan import kpi
from portal.queries.laporan.dasar import Lingkup, hitung
from tests.bantu import acak
from tests.bantu.pemain import DESA, DESA2

pytestmark = pytest.mark.django_db
DESA3 = "32.05.02.1001"
KINI = f"{timezone.localdate():%Y-%m}"


@pytest.fixture(autouse=True)
def data(settings):
    settings.DEMO = True
    acak.isi(5, [DESA, DESA, DESA2, DESA3], kpi.periode_lalu(KINI, 3), keluarga=80)
    ringkasan.segarkan()


def isi(response) -> str:
    return unescape(response.content.decode())


def tautan(teks: str) -> set[str]:
    return {u for u in re.findall(r'href="(/laporan/[^"#]*)"', teks)}


@pytest.mark.parametrize("siapa", ["kadis", "operator", "inspektorat", "provinsi", "tksk"])
def test_laporan_dan_semua_tautannya_terbuka(masuk, siapa):
    c = masuk(siapa)
    dikunjungi, antre = set(), ["/laporan/"]
    while antre and len(dikunjungi) < 22:
        url = antre.pop(0)
        jawab = c.get(url)
        assert jawab.status_code == 200, url
        dikunjungi.add(url)
        antre += sorted(tautan(isi(jawab)) - dikunjungi - set(antre))
    assert len(dikunjungi) > 20


def test_angka_di_halaman_sama_dengan_barisnya(masuk):
    c = masuk("kadis")
    for laporan in kpi.LAPORAN:
        for url, n in re.findall(
            r'href="(/laporan/[a-z]+/baris/[^"]+)">([0-9.]+)<', isi(c.get(f"/laporan/{laporan.kode}/"))
        ):
            baris = isi(c.get(url)).count('data-label="Rincian"')
            assert baris == min(int(n.replace(".", "")), 50), (url, isi(c.get(url))[3000:7000])


def test_di_luar_wilayah_tidak_ada(masuk):
    c = masuk("operator")
    assert c.get("/laporan/?wilayah=32.05").status_code == 404
    assert c.get(f"/laporan/usulan/?wilayah={DESA2}").status_code == 404
    assert c.get("/laporan/?wilayah=abc").status_code == 400
    assert c.get("/laporan/?periode=2026-13").status_code == 400
    assert c.get("/laporan/usulan/baris/?kolom=nik").status_code == 400
    assert c.get("/laporan/tidakada/").status_code == 404
    assert masuk("dukcapil").get("/laporan/").status_code == 403
    assert (
        masuk("provinsi").get(f"/laporan/usulan/baris/?kolom=semua&wilayah={DESA}&periode={KINI}").status_code
        == 404
    )


def test_provinsi_tidak_bisa_menghitung_angka_kecil(masuk):
    """Every hidden number stays hidden from somebody who adds and subtracts what is shown."""
    for laporan in kpi.LAPORAN:
        for tempat in ("32.05", "32.05.01", DESA):
            terang = hitung(laporan, Lingkup((tempat,), KINI))
            samar = hitung(laporan, Lingkup((tempat,), KINI), samar=True)
            _tahan(laporan, terang, samar)
    teks = isi(masuk("provinsi").get("/laporan/padan/?wilayah=32.05.01"))
    assert "disamarkan" in teks and "/baris/" not in teks
    assert "disamarkan" not in isi(masuk("kadis").get("/laporan/padan/?wilayah=32.05.01"))


def _tahan(laporan, terang, samar):
    baris = [*zip(terang.baris, samar.baris, strict=True), (terang.total, samar.total)]
    for kolom in laporan.kolom:
        if not (kolom.rahasia and kolom.jenis == "n"):
            continue
        for asli, tampil in baris:
            sel = tampil.sel[kolom.kode]
            assert sel.samar or not 0 < (asli.sel[kolom.kode].nilai or 0) < 5
            if sel.samar:
                assert all(tampil.sel[k.kode].samar for k in laporan.kolom if k.jenis != "n")
        # Hidden zeros beside a hidden number of their line: their sum tells that they are 0, and no more.
        tutup = [
            a.sel[kolom.kode].nilai
            for a, t in baris[:-1]
            if t.sel[kolom.kode].samar and a.sel[kolom.kode].nilai
        ]
        if tutup and not samar.total.sel[kolom.kode].samar:
            assert len(tutup) > 1 and sum(tutup) >= 5, (laporan.kode, kolom.kode, tutup)


def test_unduhan_sama_isinya_dan_dicatat(masuk):
    c = masuk("kadis")
    jawab = c.post("/laporan/usulan/unduh/", {"wilayah": "32.05", "periode": KINI, "format": "xlsx"})
    buku = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(jawab.streaming_content)))
    baris = buku.get_sheet_by_index(0).to_python()
    hasil = hitung(kpi.PER_KODE["usulan"], Lingkup(("32.05",), KINI))
    assert baris[0][:3] == ["Kode", "Wilayah", "Semua"]
    assert baris[-1][1:3] == ["Jumlah", str(hasil.total.sel["semua"])] and len(baris) == len(hasil.baris) + 2
    assert any(
        "Usulan dengan periode yang dipilih" in str(r[1]) for r in buku.get_sheet_by_index(1).to_python()
    )
    pdf = c.post("/laporan/padan/unduh/", {"format": "pdf"})
    assert pdf.content.startswith(b"%PDF") and "Laporan NIK padan" in pdf["Content-Disposition"]
    jejak = Jejak.objects.filter(aksi="ekspor", objek_jenis="portal.Laporan").order_by("id")
    assert [j.rincian["daftar"] for j in jejak] == ["laporan.usulan", "laporan.padan"]
    assert all(len(j.rincian["sha256"]) == 64 for j in jejak)
    assert c.post("/laporan/padan/unduh/", {"format": "exe"}).status_code == 400
    assert c.get("/laporan/padan/unduh/").status_code == 405


def test_hitung_ulang_sekali_dalam_sepuluh_menit(masuk):
    c = masuk("operator")
    for _ in range(3):
        assert c.post("/laporan/hitung/").status_code == 302
    assert 1 <= Pekerjaan.objects.filter(jenis=ringkasan.JOB_HARI).count() <= 2
    assert masuk("dukcapil").post("/laporan/hitung/").status_code == 403


def test_jumlah_query_tidak_tumbuh(masuk):
    c = masuk("kadis")
    with CaptureQueriesContext(connection) as q:
        c.get("/laporan/")
    assert len(q) < 32, [x["sql"][:90] for x in q]


def bidang(kode: str, x: float) -> dict:
    tepi = [[x, -7.0], [x + 0.05, -7.0], [x + 0.1, -7.0], [x + 0.1, -7.1], [x, -7.1], [x, -7.0]]
    return {
        "type": "Feature",
        "properties": {"KODE": kode},
        "geometry": {"type": "Polygon", "coordinates": [tepi]},
    }


def geojson(*bentuk: dict) -> io.BytesIO:
    keluar = io.BytesIO(json.dumps({"type": "FeatureCollection", "features": list(bentuk)}).encode())
    keluar.name = "garut.geojson"
    return keluar


def test_peta_dimuat_disederhanakan_dan_dipakai(masuk):
    c = masuk("supervisor")
    berkas = geojson(
        bidang("320501", 107.8), bidang("32.05.02", 107.9), bidang("32.06.01", 108.2), bidang("x", 108)
    )
    jawab = c.post("/laporan/peta/", {"berkas": berkas}, follow=True)
    assert "Peta dimuat: 2 wilayah. 2 bentuk tidak dipakai" in isi(jawab)
    assert Berkas.objects.filter(jenis="peta", wilayah="32.05").count() == 1
    halaman = isi(masuk("kadis").get("/laporan/usulan/?wilayah=32.05"))
    assert "<h2>Peta</h2>" in halaman and halaman.count('<path class="p') == 2
    assert "style=" not in re.sub(r"<link[^>]*>", "", halaman)
    assert Jejak.objects.filter(aksi="muat_peta").count() == 1
    assert masuk("kadis").get("/laporan/peta/").status_code == 403


@pytest.mark.parametrize(
    ("buruk", "kata"),
    [
        (b"{", "tidak terbaca"),
        (b"[]", "FeatureCollection"),
        (
            b'{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[1,2]}}]}',
            "Polygon",
        ),
        (
            json.dumps({"type": "FeatureCollection", "features": [bidang("32.05.01", 500)]}).encode(),
            "di luar Indonesia",
        ),
        (
            json.dumps({"type": "FeatureCollection", "features": [bidang("33.01.01", 107)]}).encode(),
            "kode Kemendagri",
        ),
        (b"[" * 100_000, "tidak terbaca"),
        (
            b'{"type":"FeatureCollection","features":[{"geometry":{"type":"Polygon","coordinates":[[[NaN,1],[1,2],[1,3],[1,4]]]}}]}',
            "di luar",
        ),
    ],
)
def test_peta_yang_buruk_disebut_salahnya(masuk, buruk, kata):
    berkas = io.BytesIO(buruk)
    berkas.name = "peta.json"
    jawab = masuk("supervisor").post("/laporan/peta/", {"berkas": berkas})
    assert jawab.status_code == 422 and kata in isi(jawab)
    assert not Berkas.objects.filter(jenis="peta").exists()


def test_yang_belum_pernah_dihitung_bukan_nol(masuk):
    Ringkasan.objects.all().delete()
    c = masuk("kadis")
    depan, satu = isi(c.get("/laporan/")), isi(c.get("/laporan/padan/"))
    assert "belum dihitung" in depan and "belum pernah dihitung" in depan
    assert satu.count("belum dihitung") > 3 and 'data-label="Padan">0' not in re.sub(r"\s", "", satu)
    assert c.post("/laporan/padan/unduh/", {"format": "pdf"}).content.startswith(b"%PDF")
    assert "belum dihitung" in isi(masuk("provinsi").get("/laporan/padan/"))
