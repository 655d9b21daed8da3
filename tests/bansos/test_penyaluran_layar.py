"""A village follows the payments of its people; the Dinas reconciles SK, order, paid and withdrawn to the last rupiah."""

import uuid
from html import unescape

import pytest
from django.db import connection
from django.urls import reverse

from bansos.actions import cek
from bansos.models import Penyaluran
from bansos.queries import rekonsiliasi as cocok
from pengaduan.queries.usulan import status_publik
from portal.queries import periksa_sql
from portal.queries.cek import kartu as kartu_cek
from tests.bansos.test_status_salur import baris, muat
from tests.bantu.alur import keluarga_uji
from tests.bantu.pemain import DESA, KABUPATEN

pytestmark = pytest.mark.django_db


def teks(jawab) -> str:
    assert jawab.status_code == 200
    return unescape(jawab.content.decode())


SEMUA = {"program": "PKH", "periode": "2026-4", "tahap": "1"}


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True  # no second factor asked of the Dinas


@pytest.fixture
def bayar(sampai):
    """Six families: no report, no order, ordered, paid short, paid and left, withdrawn in part; one paid without SK."""
    for n in range(6):
        sampai("ditetapkan", nomor=n)
    sampai("dikirim", nomor=6)
    muat(
        baris(1, status="GAGAL CEK REKENING"), baris(2, status="SP2D"), baris(3, status="SI"), baris(4, status="TOP UP"),
        baris(5, status="TOP UP", tanggal="02/10/2026"), baris(6, status="TRANSAKSI"),
    )  # fmt: skip
    muat(
        baris(3, status="TIDAK TRANSAKSI", tanggal="09/10/2026", nominal="700000"),
        baris(5, status="TRANSAKSI", tanggal="09/10/2026", nominal="500000"),
    )


def lingkup(luas=(KABUPATEN,), tahap=1, periode="2026-4"):
    return cocok.Lingkup("PKH", periode, tahap, tuple(luas))


def test_jumlah_tiap_tingkat_sama_dengan_rinciannya(bayar):
    hasil = cocok.rekonsiliasi(lingkup())
    assert hasil.cocok
    assert {t.kode: (t.n, t.rupiah) for t in hasil.tingkat} == {
        "sk": (6, None), "laporan": (6, None), "perintah": (5, 3_750_000), "dibayar": (4, 2_950_000), "diambil": (2, 1_250_000),
    }  # fmt: skip
    assert {s.kode: (s.n, s.rupiah) for s in hasil.selisih} == {
        "tanpa_laporan": (1, 0), "tanpa_sk": (1, 750_000), "belum_perintah": (1, 750_000), "tidak_dibayar": (1, 750_000),
        "beda_nominal": (1, 50_000), "belum_diambil": (2, 1_450_000), "diambil_sebagian": (1, 250_000),
    }  # fmt: skip
    for s in hasil.selisih:
        assert len(cocok.baris(lingkup(), s.kode, [], 50)) == s.n


def test_tahap_dan_wilayah_lain_kosong_dan_tetap_cocok(bayar):
    for satu in (lingkup(luas=("32.06",)), lingkup(luas=())):
        hasil = cocok.rekonsiliasi(satu)
        assert hasil.cocok and sum(s.n for s in hasil.selisih) == 0
    hasil = cocok.rekonsiliasi(lingkup(tahap=2))
    assert hasil.cocok and hasil.selisih[0].n == 6
    assert cocok.rekonsiliasi(lingkup(periode="2020-1")).tingkat[0].n == 0  # before any decree


def test_penerima_yang_dikeluarkan_tetapi_masih_dibayar_disebut(bayar):
    sk = Penyaluran.objects.filter(baris__isnull=False).order_by("pk")[0].baris.penetapan
    sk.status = "dicabut"
    type(sk).objects.filter(pk=sk.pk).update(status="dicabut")
    hasil = cocok.rekonsiliasi(lingkup())
    assert hasil.cocok and next(s.n for s in hasil.selisih if s.kode == "tanpa_sk") == 2


def test_selisih_dibaca_sehalaman_demi_sehalaman(bayar):
    satu = cocok.baris(lingkup(), "belum_diambil", [], 1)
    dua = cocok.baris(lingkup(), "belum_diambil", [satu[0].wilayah, satu[0].kunci], 9)
    assert len(dua) == 1 and dua[0].kunci != satu[0].kunci


def test_operator_melihat_pembayaran_desanya_dan_jalannya(bayar, masuk, get_tidak_menulis):
    browser = masuk("operator")
    isi = teks(browser.get(reverse("penyaluran"), {"periode": "2026-4"}))
    assert "Gagal cek rekening" in isi and "Rp750.000" in isi and "Tanpa SK di portal" in isi
    satu = Penyaluran.objects.get(status="TRANSAKSI", nominal=500000)
    isi = teks(browser.get(reverse("penyaluran_keluarga", args=[satu.keluarga_id])))
    assert "Top-up (dana masuk)" in isi and "Rp500.000" in isi and keluarga_uji(5).told[0].nik not in isi
    assert "Penyaluran bantuan" in teks(browser.get(reverse("keluarga_lihat", args=[satu.keluarga_id])))
    saring = teks(browser.get(reverse("penyaluran"), {"periode": "2026-4", "kelompok": "gagal"}))
    assert "Gagal cek rekening" in saring and "Rp500.000" not in saring


def test_desa_lain_tidak_melihat_satu_pun(bayar, masuk):
    satu = Penyaluran.objects.first()
    for nama in ("operator2", "operator.lain"):
        browser = masuk(nama)
        assert "Belum ada pembayaran" in teks(browser.get(reverse("penyaluran"), {"periode": "2026-4"}))
        assert browser.get(reverse("penyaluran_keluarga", args=[satu.keluarga_id])).status_code == 404
        assert browser.get(reverse("penyaluran"), {"wilayah": DESA}).status_code == 400
        assert browser.get(reverse("rekonsiliasi"), SEMUA | {"wilayah": DESA}).status_code == 400
    assert masuk("admin").get(reverse("penyaluran")).status_code == 403
    assert masuk("peksos").get(reverse("rekonsiliasi")).status_code == 403


def test_nama_disamarkan_untuk_yang_tidak_melihat_keluarga(bayar, masuk):
    nama = Penyaluran.objects.get(nominal=500000).individu.nama
    browser = masuk("inspektorat")
    assert nama not in teks(browser.get(reverse("penyaluran"), {"periode": "2026-4"}))
    url = reverse("rekonsiliasi_selisih", args=["diambil_sebagian"])
    assert nama not in teks(browser.get(url, SEMUA))
    assert nama in teks(masuk("supervisor").get(url, SEMUA))


def test_rekonsiliasi_di_layar_dan_saringan_asing_ditolak(bayar, masuk, get_tidak_menulis):
    browser = masuk("supervisor")
    isi = teks(browser.get(reverse("rekonsiliasi"), SEMUA))
    assert (
        "Rp2.950.000" in isi and "Tidak cocok" not in isi and "Yang dibayar tidak sama dengan perintah" in isi
    )
    for asing in ({"apa": "1"}, {"tahap": "13"}, {"periode": "1999-1"}, {"program": "X"}):
        assert browser.get(reverse("rekonsiliasi"), SEMUA | asing).status_code == 400
    assert browser.get(reverse("rekonsiliasi_selisih", args=["apa-saja"]), SEMUA).status_code == 404
    assert "Proses burekol" in teks(browser.get(reverse("penyaluran_status")))


def test_daftar_diunduh_dengan_saringan_dan_nik_samar(bayar, masuk):
    url = reverse("penyaluran_unduh") + "?periode=2026-4&kelompok=tidak_transaksi"
    browser = masuk("operator")
    teks(browser.get(url))
    isian = {"format": "csv", "nomor": "samar", "kunci_kirim": str(uuid.uuid4())}
    berkas = browser.post(url, isian)
    isi = (
        b"".join(berkas.streaming_content).decode("utf-8-sig")
        if berkas.streaming
        else berkas.content.decode()
    )
    assert "Tidak transaksi" in isi and "Transaksi (dana diambil)" not in isi
    assert keluarga_uji(3).told[0].nik not in isi


def test_periksa_bersih_dan_menemukan_pembayaran_yang_diubah(sampai):
    sampai("ditetapkan")
    muat(baris(status="TOP UP"))
    with connection.cursor() as cursor:
        cursor.execute(periksa_sql._PENYALURAN)
        assert cursor.fetchall() == []
        cursor.execute("set local session_replication_role = replica")
        cursor.execute("update bansos_penyaluran set nominal = 1 returning id::text")
        satu = cursor.fetchone()[0]
        cursor.execute(periksa_sql._PENYALURAN)
        assert [k for _, k, _ in cursor.fetchall()] == [satu]


def test_warga_membaca_pembayarannya_dengan_tiket_dan_pin(sampai):
    p = sampai("ditetapkan")
    assert status_publik(p.usulan).salur is None
    muat(baris(status="EXCLUDE PEKERJAAN"))
    assert status_publik(p.usulan).salur.status.saran.startswith("Bila keliru")


def test_di_cek_bansos_hanya_lewat_nik_tanpa_sebab_dan_tanpa_angka(sampai):
    p = sampai("ditetapkan")
    muat(baris(status="EXCLUDE PEKERJAAN"))
    satu = p.usulan.keluarga.anggota.get(hubungan="1")
    lewat = {"alamat": "10.1.1.1", "nama": satu.nama}
    nik = cek.tanya(cek.lewat_nik(nik=keluarga_uji(0).told[0].nik, lahir=satu.tgl_lahir, **lewat))
    assert nik.baris[0].salur[0] == "dikeluarkan"
    kartu = kartu_cek(nik)[0]
    assert "Pembayaran ditahan" in kartu.salur[1] and "ASN" not in str(kartu)
    nama = cek.tanya(cek.lewat_nama(desa=DESA, lahir=satu.tgl_lahir, **lewat))
    assert nama.baris[0].keadaan == "penerima" and nama.baris[0].salur is None
