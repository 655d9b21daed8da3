"""The eligibility list for machines: page by page, whole, cut off and resumed; and never more than the key may see."""

import csv
import io
import json
import uuid

import pytest
from django.db import connection

from bansos.models import DaftarKelayakan
from bansos.queries import aliran
from tests.bantu.api import klien
from tests.bantu.daftar_api import daftar
from tests.bantu.pemain import DESA, DESA2, DESA_LAIN, KABUPATEN_LAIN

pytestmark = pytest.mark.django_db
ALAMAT = "/api/v1/kelayakan/PKH/"
ND, CSV = "application/x-ndjson", "text/csv"


@pytest.fixture
def potongan_kecil(monkeypatch):
    monkeypatch.setattr(aliran, "SEKALI", 7)


def baca(k, bentuk=ND, **parameter):
    jawab = k.get(ALAMAT, parameter, headers={"Accept": bentuk})
    assert jawab.status_code == 200, jawab.content
    assert jawab.streaming and jawab["Content-Type"].startswith(bentuk)
    return b"".join(jawab.streaming_content)


def test_seluruh_daftar_sebagai_ndjson_csv_dan_halaman_sama_isinya(potongan_kecil):
    d = daftar(50)
    k = klien("kelayakan")
    baris = [json.loads(b) for b in baca(k).splitlines()]
    assert [b["peringkat"] for b in baris] == list(range(1, 51))
    assert list(baris[0]) == list(aliran.KOLOM)
    assert {b["versi_aturan"] for b in baris} == {str(d.aturan)} and {b["snapshot"] for b in baris} == {
        "2026-3/abc"
    }
    assert baris[0]["nama_kepala"] == '=HYPERLINK("x")' and baris[1]["nama_kepala"] == 'Ñá"b\\c'
    assert baris[0]["alasan"][0]["kode"] == "DESIL" and baris[2]["alasan"][0]["kalimat"] == "Kuota penuh."
    sel = list(csv.DictReader(io.StringIO(baca(k, CSV).decode())))
    assert [s["id"] for s in sel] == [b["id"] for b in baris]
    assert sel[0]["nama_kepala"] == '\'=HYPERLINK("x")'  # a spreadsheet computes nothing
    assert json.loads(sel[0]["alasan"]) == baris[0]["alasan"] and sel[0]["individu"] == ""
    halaman, alamat = [], ALAMAT + "?ukuran=9"
    while alamat:
        jawab = k.get(alamat).json()
        assert list(jawab) == ["next", "previous", "results"]
        halaman += jawab["results"]
        alamat = jawab["next"]
    assert halaman == baris


def test_alasan_kesehatan_hanya_sampai_ke_yang_boleh_membacanya(masuk, settings):
    settings.DEMO = True  # no second step for the browser
    d = daftar(6)
    hamil = {"kode": "HAMIL", "kalimat": "Ada ibu hamil.", "cocok": True, "saran": "Sampai melahirkan."}
    with connection.cursor() as cursor:
        cursor.execute("set local session_replication_role = replica")
        cursor.execute(
            "update bansos_sebabdaftar set isi = isi || %s::jsonb, komponen = %s::jsonb where daftar_id = %s",
            [
                json.dumps([hamil]),
                json.dumps([{"kode": "HAMIL", "nama": "Ibu hamil", "jumlah": 1, "nilai": 3000000}]),
                d.pk,
            ],
        )
        cursor.execute("set local session_replication_role = default")
    for bentuk in (ND, CSV):
        tertutup = baca(klien("kelayakan"), bentuk).decode()
        assert (
            "hamil" not in tertutup and "Sampai melahirkan" not in tertutup and "data kesehatan" in tertutup
        )
        assert "Desil 2" in tertutup
    halaman = klien("kelayakan").get(ALAMAT).json()["results"]
    assert halaman[0]["komponen"] is None and "hamil" not in json.dumps(halaman)
    terbuka = json.loads(baca(masuk("operator")).splitlines()[0])
    assert terbuka["alasan"][1] == hamil and terbuka["komponen"][0]["kode"] == "HAMIL"


def test_terputus_dilanjutkan_sesudah_baris_terakhir_yang_utuh(potongan_kecil):
    daftar(40)
    k = klien("kelayakan")
    utuh = baca(k).splitlines()
    for n in (1, 6, 7, 8, 39, 40):
        sesudah = json.loads(utuh[n - 1])["id"]
        assert baca(k, sesudah=sesudah).splitlines() == utuh[n:]
    assert baca(k, CSV, sesudah=json.loads(utuh[38])["id"]).count(b"\r\n") == 1  # one row, no second heading


def test_daftar_yang_sudah_diganti_tidak_disambung_dengan_yang_baru():
    lama = daftar(10)
    k = klien("kelayakan")
    sesudah = json.loads(baca(k).splitlines()[4])["id"]
    DaftarKelayakan.objects.filter(pk=lama.pk).update(status="digantikan")
    baru = daftar(10)
    for parameter in ({"sesudah": sesudah}, {"daftar": str(lama.pk)}, {"sesudah": str(uuid.uuid4())}):
        jawab = k.get(ALAMAT, parameter, headers={"Accept": ND})
        assert jawab.status_code == 409 and jawab["Content-Type"] == "application/problem+json", jawab.content
    jawab = k.get(ALAMAT, {"daftar": str(baru.pk)}, headers={"Accept": ND})
    assert jawab["X-Daftar"] == str(baru.pk)


def test_kunci_satu_desa_hanya_mendapat_baris_desanya():
    daftar(20)
    k = klien("kelayakan")
    semua = [json.loads(b) for b in baca(k).splitlines()]
    assert {b["wilayah"] for b in [json.loads(b) for b in baca(k, wilayah=DESA).splitlines()]} == {DESA}
    assert len(baca(k, wilayah=DESA2).splitlines()) == 10 == len([b for b in semua if b["wilayah"] == DESA2])
    assert len(baca(k, hasil="daftar_tunggu").splitlines()) == 6
    assert baca(k, wilayah=DESA_LAIN) == b""
    assert k.get(ALAMAT, {"wilayah": DESA_LAIN}).json()["results"] == []


def test_kabupaten_lain_tidak_melihat_apa_apa():
    daftar(5)
    k = klien("kelayakan", wilayah=KABUPATEN_LAIN)
    assert baca(k) == b""
    assert k.get(ALAMAT).json() == {"next": None, "previous": None, "results": []}


def test_tanpa_cakupan_atau_dengan_parameter_salah_ditolak():
    daftar(3)
    assert klien("register").get(ALAMAT).status_code == 403
    k = klien("kelayakan")
    assert k.get("/api/v1/kelayakan/TIDAK-ADA/").status_code == 404
    assert k.get("/api/v1/kelayakan/pkh%00/").status_code == 404
    for parameter in (
        {"periode": "2026"},
        {"periode": "2026-5"},
        {"hasil": "x"},
        {"x": "1"},
        {"ukuran": "0"},
        {"kursor": "x"},
        {"sesudah": "1"},
    ):
        assert k.get(ALAMAT, parameter).status_code == 400, parameter
    assert k.get(ALAMAT, headers={"Accept": "text/html"}).status_code == 406
    assert k.get(ALAMAT, {"ukuran": "5"}, headers={"Accept": ND}).status_code == 400


def test_jatah_baris_dihitung_sebelum_baris_keluar():
    daftar(20)
    k = klien("kelayakan", anggaran=25)
    assert len(baca(k).splitlines()) == 20
    jawab = k.get(ALAMAT, headers={"Accept": ND})
    assert jawab.status_code == 429 and "Retry-After" in jawab
    assert len(k.get(ALAMAT, {"ukuran": "5"}).json()["results"]) == 5


def test_periode_terbaru_dan_yang_ditandatangani_didahulukan():
    daftar(4, periode="2026-3")
    daftar(6, periode="2026-4")
    k = klien("kelayakan")
    assert len(baca(k).splitlines()) == 6
    assert len(baca(k, periode="2026-Q3").splitlines()) == 4 == len(baca(k, periode="2026-3").splitlines())


def test_daftar_yang_beku_berubah_hanya_dengan_diganti():
    lama = daftar(3)
    k = klien("kelayakan")
    kini = k.get(ALAMAT, {"diubah_sejak": "kini"}).json()
    assert kini["results"] == [] and kini["posisi"] == str(lama.pk)
    assert k.get(ALAMAT, {"diubah_sejak": kini["posisi"]}).json() == kini
    DaftarKelayakan.objects.filter(pk=lama.pk).update(status="digantikan")
    baru = daftar(4)
    lewat = k.get(ALAMAT, {"diubah_sejak": kini["posisi"]})
    assert lewat.status_code == 410 and lewat.json()["posisi"] == str(baru.pk)
