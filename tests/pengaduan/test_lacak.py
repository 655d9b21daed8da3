"""A citizen follows a proposal with ticket and PIN; somebody else guesses."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.identity import mask_name
from core.limits import network
from core.models import Ketentuan, Pembatas
from dtks.actions import usulan as langkah
from dtks.workflow import USULAN
from pengaduan.forms import TiketField
from pengaduan.queries.usulan import _KALIMAT, TAHAP
from tests.bantu.alur import alasan_pertama, orang

pytestmark = pytest.mark.django_db


def isi(response) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def cari(client, tiket, pin, ip="10.0.0.1"):
    return client.post("/lacak/", {"tiket": tiket, "pin": pin}, REMOTE_ADDR=ip)


def salah(pin: str) -> str:
    return f"{(int(pin) + 1) % 10**6:06d}"


def test_status_dengan_kata_biasa_tanpa_data_pribadi(client, sampai):
    p = sampai("ditugaskan")
    jawab = cari(client, p.usulan.tiket, p.pin)
    teks = isi(jawab)
    assert jawab.status_code == 200 and "Petugas akan datang ke rumah." in teks and "Sesudah ini" in teks
    keluarga = p.usulan.keluarga
    assert mask_name(keluarga.nama_kepala) in teks and keluarga.nama_kepala not in teks
    for rahasia in (keluarga.alamat, keluarga.no_kk.open(), str(p.usulan.pk), p.pin, "desil", "PPKS"):
        assert rahasia.lower() not in teks.lower()
    assert "no-store" in jawab["Cache-Control"]


@pytest.mark.parametrize("tulis", ["usl {b} {n}", "USL{b}{n}", " usl-{b}-{n} ", "Usl.{b}.{n}"])
def test_nomor_boleh_ditulis_bebas(client, sampai, tulis):
    p = sampai("diajukan")
    _, b, n = p.usulan.tiket.split("-")
    spasi = f"{p.pin[:3]} {p.pin[3:]}"
    assert cari(client, tulis.format(b=b, n=n), spasi).status_code == 200


def test_alasan_dan_jalan_keluar_bila_dikembalikan(client, sampai):
    p = sampai("diajukan")
    langkah.kembalikan(p.usulan, by=orang("operator"), tujuan="draf", alasan="FOTO_TIDAK_JELAS")
    teks = isi(cari(client, p.usulan.tiket, p.pin))
    assert "dikembalikan" in teks and "Foto rumah atau dokumen tidak jelas." in teks and "siang hari" in teks


@pytest.mark.parametrize("status", ["ditolak", "ditunda", "ditarik"])
def test_alasan_bila_ditolak_ditunda_ditarik(client, sampai, status):
    p = sampai(status)
    riwayat = p.usulan.riwayat.order_by("-urut").first()
    assert riwayat.alasan_kalimat in isi(cari(client, p.usulan.tiket, p.pin))


def test_sk_dan_tautan_pemeriksaan(client, sampai):
    p = sampai("ditetapkan")
    teks = isi(cari(client, p.usulan.tiket, p.pin))
    assert p.penetapan.nomor in teks and f"/v/{p.penetapan.dokumen.kode}/" in teks


def test_alasan_tidak_ditetapkan_dan_daftar_tunggu(client, sampai):
    for n, status in enumerate(("tidak_ditetapkan", "daftar_tunggu")):
        p = sampai(status, n)
        assert p.usulan.penetapan.get().alasan == alasan_pertama(status)
        assert p.usulan.penetapan.get().alasan_kalimat in isi(cari(client, p.usulan.tiket, p.pin))


def test_setiap_keadaan_punya_kata():
    assert set(_KALIMAT) == {k.kode for k in USULAN.keadaan}
    assert all(t is None or 0 <= t <= len(TAHAP) for t, _, _ in _KALIMAT.values())


def test_nomor_salah_dan_pin_salah_dijawab_sama(client, sampai):
    p = sampai("diajukan")
    with CaptureQueriesContext(connection) as q_pin:
        pin = cari(client, p.usulan.tiket, salah(p.pin))
    with CaptureQueriesContext(connection) as q_tiket:
        tiket = cari(client, "USL-199901-99999", p.pin)
    assert pin.status_code == tiket.status_code == 422 and len(q_pin) == len(q_tiket)
    assert isi(pin).replace(p.usulan.tiket, "T").replace(salah(p.pin), "P") == isi(tiket).replace(
        "USL-199901-99999", "T"
    ).replace(p.pin, "P")


def test_menebak_pin_dibatasi_per_nomor_dari_alamat_mana_pun(client, sampai):
    p = sampai("diajukan")
    batas = Ketentuan.objects.get(kunci="lacak.batas").nilai
    for n in range(batas["percobaan"]):
        assert cari(client, p.usulan.tiket, salah(p.pin), ip=f"10.1.{n}.1").status_code == 422
    cache.clear()  # the counter does not live in the broker
    jawab = cari(client, p.usulan.tiket, p.pin, ip="10.1.99.1")
    assert jawab.status_code == 429 and jawab["Retry-After"] == str(batas["menit"] * 60)
    assert "terlalu sering" in isi(jawab)
    Pembatas.objects.update(mulai=timezone.now() - timedelta(minutes=batas["menit"] + 1))
    assert cari(client, p.usulan.tiket, p.pin).status_code == 200


def test_menyisir_nomor_dibatasi_per_alamat(client, sampai):
    p = sampai("diajukan")
    batas = Ketentuan.objects.get(kunci="lacak.batas").nilai["jaringan"]
    for n in range(batas):
        assert cari(client, f"USL-202601-{n:05d}", "123456", ip="10.2.0.1").status_code == 422
    assert cari(client, p.usulan.tiket, p.pin, ip="10.2.0.1").status_code == 429
    assert cari(client, p.usulan.tiket, p.pin, ip="10.2.0.2").status_code == 200


def test_yang_benar_tidak_dihitung_dan_tidak_menghapus_hitungan(client, sampai):
    p = sampai("diajukan")
    for _ in range(8):
        assert cari(client, p.usulan.tiket, p.pin).status_code == 200
    for n in range(Ketentuan.objects.get(kunci="lacak.batas").nilai["jaringan"] - 1):
        cari(client, f"USL-202601-{n:05d}", "123456")
    assert cari(client, p.usulan.tiket, p.pin).status_code == 200  # does not wash the four guesses away
    assert cari(client, "USL-202601-77777", "123456").status_code == 422
    assert cari(client, p.usulan.tiket, p.pin).status_code == 429


def test_hitungan_tidak_menyimpan_alamat_atau_nomor(client, sampai):
    p = sampai("diajukan")
    cari(client, p.usulan.tiket, salah(p.pin), ip="10.9.8.7")
    for kunci in Pembatas.objects.values_list("kunci", flat=True):
        assert "10.9.8.7" not in kunci and p.usulan.tiket not in kunci


def test_ipv6_dihitung_pernetwork():
    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9") != network("2001:db8:1:3::1")
    assert network("::ffff:10.0.0.1") == network("10.0.0.1") and network("") == "-"


def test_isian_rusak(client, db):
    for tiket, pin in (
        ("", ""),
        ("abc", "123456"),
        ("USL-202611-00012", "12345"),
        ("USL-202611-00012", "١٢٣٤٥٦"),
        ("\x00" * 9, "\x00"),
    ):
        assert cari(client, tiket, pin).status_code == 422
    assert client.get("/lacak/?tiket=USL-202611-00012").status_code == 200
    assert not Pembatas.objects.exists()
    assert TiketField().clean("usl 202611 00012") == "USL-202611-00012"


def test_lihat_form_tidak_menulis(client, db):
    with CaptureQueriesContext(connection) as q:
        assert client.get("/lacak/").status_code == 200
    assert len(q) == 0
