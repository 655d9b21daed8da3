"""Anyone checks a paper by its code; nobody learns a name."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core import files
from core.models import Berkas, Dokumen

pytestmark = pytest.mark.django_db


def isi(response) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


@pytest.fixture
def sk(sampai):
    return sampai("ditetapkan", program="APBD-LANSIA")


def test_surat_yang_berlaku(client, sk):
    d = sk.penetapan.dokumen
    jawab = client.get(f"/v/{d.kode}/")
    teks = isi(jawab)
    assert jawab.status_code == 200 and "<h1>BERLAKU</h1>" in teks
    for tampak in (
        d.nomor,
        d.penerbit,
        "Keputusan Bupati/Wali Kota",
        bytes(d.sha256).hex(),
        "Sah",
        "Ditetapkan",
    ):
        assert tampak in teks
    assert sk.usulan.keluarga.nama_kepala not in teks and sk.usulan.tiket not in teks


@pytest.mark.parametrize("bentuk", ["{0}", " {0} ", "{1}-{2}-{3}", "{1} {2} {3}"])
def test_kode_diketik_dari_kertas(client, sk, bentuk):
    k = sk.penetapan.dokumen.kode
    tulis = bentuk.format(k, k[:4], k[4:8], k[8:]).lower()
    jawab = client.get("/v/", {"kode": tulis})
    assert jawab.status_code == 302 and jawab.url == f"/v/{k}/"
    assert client.get(f"/v/{tulis.strip()}/").status_code == 200


def test_kode_tidak_dikenal_seragam(client, db):
    jawab = [client.get(f"/v/{k}/") for k in ("AAAABBBBCCCC", "x", "Ω" * 30, "A" * 300, "%27%20or%201=1")]
    assert {j.status_code for j in jawab} == {404}
    assert len({isi(j) for j in jawab}) == 1 and "Kode dokumen tidak dikenal" in isi(jawab[0])
    assert client.get("/v/?kode=").status_code == 422 and client.get("/v/?kode=...").status_code == 422
    assert client.get("/v/").status_code == 200


def test_catatan_yang_diubah_tidak_dipercaya(client, sk):
    d = sk.penetapan.dokumen
    Dokumen.objects.filter(pk=d.pk).update(ringkas={"ditetapkan": 999})
    teks = isi(client.get(f"/v/{d.kode}/"))
    assert "tanda tangan tidak sah" in teks and "<h1>BERLAKU</h1>" not in teks


def test_bandingkan_pdf(client, sk):
    d = sk.penetapan.dokumen
    sebelum = Berkas.objects.count()
    asli, palsu = files.read(d.berkas), files.read(d.berkas) + b" "
    kirim = lambda b: client.post(f"/v/{d.kode}/", {"berkas": SimpleUploadedFile("a.pdf", b)})  # noqa: E731
    assert "Sama persis." in isi(kirim(asli)) and "Berbeda." in isi(kirim(palsu))
    assert client.post(f"/v/{d.kode}/", {}).status_code == 422
    assert client.post(f"/v/{d.kode}/", {"berkas": SimpleUploadedFile("a.pdf", b"")}).status_code == 422
    assert Berkas.objects.count() == sebelum


def test_berkas_besar_tidak_menyentuh_cakram(client, sk, tmp_path, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    besar = SimpleUploadedFile("a.pdf", b"x" * 10_100_000)
    assert client.post(f"/v/{sk.penetapan.dokumen.kode}/", {"berkas": besar}).status_code == 422
    assert not list(tmp_path.iterdir())


def test_pos_tanpa_token_ditolak(sk):
    ketat = Client(enforce_csrf_checks=True)
    assert ketat.post(f"/v/{sk.penetapan.dokumen.kode}/", {}).status_code == 403


def test_melihat_tidak_menulis(client, sk):
    alamat = f"/v/{sk.penetapan.dokumen.kode}/"
    with CaptureQueriesContext(connection) as q:
        client.get(alamat)
    assert len(q) == 2 and all(satu["sql"].startswith("SELECT") for satu in q)


def test_beranda_tanpa_tautan_mati(client, db):
    teks = isi(client.get("/"))
    for url in set(re.findall(r'href="(/[^"#]*)"', teks)):
        if not url.startswith("/static/"):
            assert client.get(url).status_code == 200, url
    assert "/lacak/" in teks and "/v/" in teks and "/cek/" in teks
