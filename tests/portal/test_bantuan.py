"""A citizen looks for an answer: one page per question, found by his own words, readable again without a signal."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve

from core import rules
from portal import alamat
from portal.queries import bantuan as tanya

pytestmark = pytest.mark.django_db
LAIN_IRISAN = ("/cek/", "/usul/", "/sanggah/", "/aduan/", "/pengumuman/", "/darurat/", "/lapor-rahasia/")


def test_warga_membaca_satu_jawaban(client):
    awal = client.get("/bantuan/").content.decode()
    assert "Bantuan saya dipotong" in awal
    jawab = client.get("/bantuan/dipotong/")
    teks = jawab.content.decode()
    assert "Tidak ada potongan untuk siapa pun" in teks and '<a href="tel:171">' in teks
    assert client.get("/bantuan/tidak-ada/").status_code == 404


def test_setiap_halaman_memuat_tiga_peringatan(client):
    layanan = [satu[0] for satu in alamat.yang_ada((*alamat.PINTU, *alamat.LAYANAN, (alamat.DARURAT,)))]
    assert len(layanan) >= 7
    for halaman in ("/", "/bantuan/cek-penerima/", *layanan):
        teks = client.get(halaman).content.decode()
        for kata in ("Semua gratis", "tidak boleh dipotong", "Dimintai uang"):
            assert kata in teks, (halaman, kata)


@pytest.mark.parametrize(
    ("kata", "kode"),
    [
        ("bansos saya dipotong pak rt", "dipotong"), ("potongan", "dipotong"), ("kartu atm hilang", "kartu-hilang"), ("KIS tidak aktif", "bpjs-nonaktif"),
        ("cara daftar bantuan", "cara-usul"), ("usulan ditolak", "ditolak"), ("tetangga kaya dapat bansos", "sanggah"), ("pkh belum cair", "tidak-cair"),
        ("pin hilang", "lacak"), ("rumah kebanjiran", "bencana"), ("kapan dijawab aduan", "jawaban-aduan"), ("desil", "desil"),
        ("saya dicatat PNS", "data-salah"), ("link bansos whatsapp", "penipuan"), ("gak punya hp", "tanpa-ktp"),
    ],
)  # fmt: skip
def test_pertanyaan_ditemukan_dengan_kata_sendiri(kata, kode):
    assert kode in [t.kode for t in tanya.cari(kata)[:3]], [t.kode for t in tanya.cari(kata)[:3]]


def test_tidak_ditemukan_ada_jalan_lain(client):
    teks = client.get("/bantuan/", {"cari": "xyzzy"}).content.decode()
    assert "Tidak ada yang cocok" in teks and "/bantuan/cara-usul/" in teks


def test_kata_pencari_tampil_sebagai_kata(client):
    teks = client.get("/bantuan/", {"cari": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in teks and "&lt;script&gt;" in teks
    assert client.get("/bantuan/", {"cari": "\x00"}).status_code == 200
    assert client.get("/bantuan/", {"cari": "a " * 3000}).status_code == 200


def test_angka_diambil_dari_ketentuan(client):
    assert (
        f"paling lambat {rules.value('keberatan.ajukan_hari_kerja')} hari kerja"
        in client.get("/bantuan/ditolak/").content.decode()
    )
    for t in tanya.semua():
        for kunci, bagian in tanya.ketentuan(t.isi):
            assert tanya.angka(kunci, bagian).isdecimal(), (t.kode, kunci, bagian)


def test_setiap_tautan_menuju_halaman_portal():
    for t in tanya.semua():
        for tujuan in re.findall(r"\]\(([^)]+)\)", t.isi):
            if tujuan.startswith("tel:"):
                continue
            try:
                cocok = resolve(tujuan)
            except Resolver404:
                assert tujuan in LAIN_IRISAN, f"{t.kode}: {tujuan}"
                continue
            assert cocok.url_name != "bantuan_satu" or tanya.satu(cocok.kwargs["kode"]), f"{t.kode}: {tujuan}"


def test_dibaca_lagi_tanpa_sinyal_oleh_tamu_saja(client, masuk):
    jawab = client.get("/bantuan/desil/")
    assert "max-age=604800" in jawab["Cache-Control"] and "private" in jawab["Cache-Control"]
    assert "Cookie" in jawab["Vary"] and not jawab.cookies
    assert masuk("operator").get("/bantuan/desil/")["Cache-Control"] == "private, no-store"


def test_semua_jawaban_di_satu_halaman(client):
    teks = unescape(client.get("/bantuan/semua/").content.decode())
    assert all(t.judul in teks for t in tanya.semua())
    assert len(tanya.semua()) >= 30


def test_kata_sulit_dijelaskan(client):
    teks = client.get("/bantuan/istilah/").content.decode()
    assert "Musyawarah desa" in teks and "rapat warga" in teks


def test_tamu_tidak_membebani_basis_data(client):
    client.get("/bantuan/")
    with CaptureQueriesContext(connection) as q:
        client.get("/bantuan/cek-penerima/")
        client.get("/bantuan/", {"cari": "kartu hilang"})
        client.get("/")
    assert len(q) == 0, [s["sql"][:90] for s in q.captured_queries]
