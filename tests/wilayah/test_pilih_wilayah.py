"""Somebody chooses a village without JavaScript: search, tick, send. What screens say when it is wrong."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from wilayah.actions.rtrw import tambah_rt, tambah_rw
from wilayah.forms import PilihWilayahField
from wilayah.models import Wilayah
from wilayah.queries import periksa_kode

pytestmark = [pytest.mark.usefixtures("wilayah"), pytest.mark.urls("tests.wilayah.urls")]
SUKAMAJU = "32.07.32.2002"
DESA = "32.05.01.1001"


def kirim(client, data, luas=()):
    ekor = "".join(f"&luas={satu}" for satu in luas)
    return client.post(f"/uji-pilih/?{ekor}", data).content.decode()


class TestCari:
    def test_sukamaju_ciamis(self):
        hasil = Wilayah.objects.cari("sukamaju ciamis")
        assert {satu.kode for satu in hasil} >= {SUKAMAJU, "32.07.06.2004"}
        assert all("Ciamis" in satu.jalur for satu in hasil)

    def test_urutan_kata_huruf_besar_dan_singkatan_tidak_penting(self):
        daftar = [satu.kode for satu in Wilayah.objects.cari("sukamaju ciamis")]
        assert [satu.kode for satu in Wilayah.objects.cari("Ds. SUKAMAJU, Kab. Ciamis")] == daftar

    def test_nama_persis_lebih_dulu(self):
        assert Wilayah.objects.cari("garut")[0].kode == "32.05"
        assert Wilayah.objects.cari("garut kota")[0].kode == "32.05.01"

    def test_kode_menemukan_wilayah_dan_isinya(self):
        kode = [satu.kode for satu in Wilayah.objects.cari("320501")]
        assert kode[0] == "32.05.01"
        assert all(satu.startswith("32.05.01") for satu in kode)

    @pytest.mark.parametrize(
        "teks", ["", " ", "a", ".", "%", "_", "\x00", "provinsi", "zzqqxx", "'; --", "\\"]
    )
    def test_pencarian_kosong_atau_aneh_tidak_menemukan_semuanya(self, teks):
        assert len(Wilayah.objects.cari(teks)) == 0

    def test_yang_dekat_lebih_dulu(self):
        assert not Wilayah.objects.cari("jawa barat", 3)[0].kode.startswith("32.07")
        assert all(w.kode.startswith("32.07") for w in Wilayah.objects.cari("jawa barat", 3, dekat="32.07"))
        bidang = PilihWilayahField(mulai="32.07.32")
        assert 'data-kode="32.07.32"' in bidang.widget.render("ke", None, {"id": "x"})

    def test_hasil_dibatasi(self):
        assert len(Wilayah.objects.cari("jawa barat")) == 50

    def test_memakai_indeks_trigram(self):
        with connection.cursor() as cur:
            cur.execute("SET LOCAL enable_seqscan = off")
        rencana = Wilayah.objects.cari("sukamaju ciamis").explain()
        assert "wilayah_jalur_trgm" in rencana


class TestTanpaJavaScript:
    def test_cari_lalu_pilih_lalu_kirim(self, client):
        awal = client.get("/uji-pilih/").content.decode()
        assert 'name="wilayah_cari"' in awal
        hasil = kirim(client, {"wilayah_cari": "sukamaju ciamis", "wilayah_aksi": "cari", "catatan": "tetap"})
        hasil = " ".join(hasil.split())
        assert f'type="radio" name="wilayah" value="{SUKAMAJU}"' in hasil
        assert "Pilih satu desa/kelurahan dari hasil pencarian." in hasil
        assert 'value="sukamaju ciamis"' in hasil
        assert 'value="tetap"' in hasil
        akhir = kirim(client, {"wilayah_cari": "sukamaju ciamis", "wilayah": SUKAMAJU})
        assert akhir == f"DITERIMA {SUKAMAJU}"

    def test_kode_diketik_langsung(self, client):
        assert kirim(client, {"wilayah_cari": "3207322002"}) == f"DITERIMA {SUKAMAJU}"

    def test_tombol_cari_tidak_pernah_mengirim_formulir(self, client):
        for isi in ({"wilayah": SUKAMAJU}, {"wilayah_cari": SUKAMAJU}, {"wilayah_cari": "sukamaju"}):
            hasil = kirim(client, isi | {"wilayah_aksi": "cari"})
            assert "DITERIMA" not in hasil
        ulang = kirim(client, {"wilayah": SUKAMAJU, "wilayah_cari": "sukamaju", "wilayah_aksi": "cari"})
        assert "Wilayah sudah dipilih" in ulang
        assert f'value="{SUKAMAJU}" checked' in ulang

    def test_mengganti_kata_cari_memperbarui_hasil(self, client):
        hasil = kirim(client, {"wilayah": SUKAMAJU, "wilayah_cari": "garut kota", "wilayah_aksi": "cari"})
        assert "Pilih satu" in hasil
        assert SUKAMAJU not in hasil

    def test_kosong(self, client):
        assert "Pilih desa/kelurahan dahulu." in kirim(client, {"catatan": "x"})

    def test_tidak_ketemu(self, client):
        hasil = kirim(client, {"wilayah_cari": "<b>zzqqxx", "wilayah_aksi": "cari"})
        assert "Tidak ada desa/kelurahan yang cocok dengan “&lt;b&gt;zzqqxx”" in hasil

    def test_hanya_wilayah_kerja_sendiri(self, client):
        hasil = kirim(client, {"wilayah_cari": "sukamaju", "wilayah_aksi": "cari"}, luas=["32.05"])
        assert "32.07" not in hasil
        assert "di luar wilayah kerja Anda" in kirim(client, {"wilayah": SUKAMAJU}, luas=["32.05"])

    def test_terkunci_di_satu_desa(self, client):
        halaman = client.get(f"/uji-pilih/?luas={DESA}").content.decode()
        assert Wilayah.objects.get(pk=DESA).jalur in halaman
        assert f'<input type="hidden" name="wilayah" value="{DESA}">' in halaman
        assert "wilayah_cari" not in halaman
        assert kirim(client, {"wilayah": DESA}, luas=[DESA]) == f"DITERIMA {DESA}"
        assert "di luar wilayah kerja" in kirim(client, {"wilayah": SUKAMAJU}, luas=[DESA])

    def test_tanpa_wilayah_kerja_tidak_dapat_memilih(self):
        bidang = PilihWilayahField(dalam=[])
        with pytest.raises(ValidationError, match="di luar"):
            bidang.clean(SUKAMAJU)
        assert "belum mempunyai wilayah kerja" in bidang.widget.render("wilayah", None, {"id": "x"})

    @pytest.mark.parametrize("kode", ["\x00", "32.07\x00", "9" * 400, "🙂", "<script>", "32.07.32.2002'"])
    def test_kiriman_aneh_tidak_merusak(self, client, kode):
        for nama in ("wilayah", "wilayah_cari"):
            assert "DITERIMA" not in kirim(client, {nama: kode})


class TestPeriksaKode:
    @pytest.mark.parametrize("tulisan", [SUKAMAJU, "3207322002", " 32 07 32 2002 ", "32.07.32.2002."])
    def test_tulisan_yang_sama_artinya(self, tulisan):
        assert periksa_kode(tulisan).kode == SUKAMAJU

    @pytest.mark.parametrize(
        ("tulisan", "kalimat"),
        [
            ("desa sukamaju", "terdiri dari angka"),
            ("32.07.32.9999", "tidak dikenal di Kecamatan"),
            ("77", "Kode wilayah 77 tidak dikenal"),
            ("32.07", "Kabupaten Ciamis adalah kabupaten/kota. Pilih sampai desa/kelurahan."),
            (
                "91.01",
                r"sejak 25 Juli 2022, menurut UU 14/2022 .* Gunakan 93.01 \(Kabupaten Merauke, Papua Sel",
            ),
            ("91.01.01.2001", r"tidak dikenal\. Kode 91\.01\.01 .* Gunakan 93\.01\.01"),
        ],
    )
    def test_kalimat_penolakan(self, tulisan, kalimat):
        with pytest.raises(ValidationError, match=kalimat):
            periksa_kode(tulisan)

    def test_terlalu_rinci(self):
        rw = tambah_rw(Wilayah.objects.get(pk=DESA), 1)
        with pytest.raises(ValidationError, match="terlalu rinci"):
            periksa_kode(rw.kode)
        assert periksa_kode(rw.kode, tingkat=(5, 6)) == rw

    def test_bidang_pilihan_tidak_wajib(self):
        bidang = PilihWilayahField(required=False, tingkat=(3, 4))
        assert bidang.clean("") is None
        assert bidang.clean("32.07.32").kode == "32.07.32"
        assert not bidang.has_changed("32.07.32", "320732")
        assert bidang.has_changed("32.07.32", "")


class TestHalaman:
    def test_turun_dari_provinsi_sampai_desa(self, client):
        assert "Jawa Barat" in client.get("/wilayah/pilih/").content.decode()
        assert "Kabupaten Garut" in client.get("/wilayah/pilih/?induk=32").content.decode()
        desa = client.get(f"/wilayah/pilih/?induk={SUKAMAJU}&kembali=/usulan/%3Fa=1").content.decode()
        assert SUKAMAJU in desa
        assert f'href="/usulan/?a=1&amp;wilayah={SUKAMAJU}"' in desa

    def test_mencari(self, client):
        assert SUKAMAJU in client.get("/wilayah/pilih/", {"cari": "sukamaju ciamis"}).content.decode()
        assert "Tidak ada wilayah" in client.get("/wilayah/pilih/", {"cari": "zzqqxx"}).content.decode()

    def test_kode_lama_menunjukkan_penggantinya(self, client):
        halaman = client.get("/wilayah/pilih/?induk=91.01").content.decode()
        assert "tidak berlaku lagi sejak 25 Juli 2022" in halaman
        assert "?induk=93.01" in halaman

    @pytest.mark.parametrize(
        "jahat", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "/\\evil.example"]
    )
    def test_tidak_mengantar_ke_situs_lain(self, client, jahat):
        halaman = client.get("/wilayah/pilih/", {"induk": DESA, "kembali": jahat}).content.decode()
        assert "evil.example" not in halaman
        assert "javascript:" not in halaman

    @pytest.mark.parametrize("induk", ["x", "99", "\x00", "32.05.01.2001.001.001.001"])
    def test_alamat_salah_404(self, client, induk):
        assert client.get("/wilayah/pilih/", {"induk": induk}).status_code == 404

    def test_sumber_dan_lisensi_disebut(self, client):
        halaman = client.get("/wilayah/sumber/").content.decode()
        for teks in ("idn-area-data", "ODbL", "300.2.2-2138 Tahun 2025", "25 April 2025", "83.762"):
            assert teks in halaman
        assert client.get("/wilayah/sumber/wilayah.csv.gz").content[:2] == b"\x1f\x8b"

    def test_hanya_membaca(self, client):
        assert client.post("/wilayah/pilih/").status_code == 405


class TestJson:
    def test_satu_kabupaten(self, client, django_assert_max_num_queries):
        with django_assert_max_num_queries(2):
            jawab = client.get("/wilayah/json/32.05.json")
        isi = dict(json.loads(jawab.content)["wilayah"])
        assert isi["32.05.01"] == "Kecamatan Garut Kota"
        assert len(isi) == Wilayah.objects.di_dalam("32.05").berlaku().count() - 1
        assert set(jawab["Cache-Control"].split(", ")) == {"private", "max-age=86400"}
        lagi = client.get("/wilayah/json/32.05.json", headers={"If-None-Match": jawab["ETag"]})
        assert lagi.status_code == 304

    def test_indonesia_tanpa_kode_lama(self, client):
        isi = dict(json.loads(client.get("/wilayah/json/indonesia.json").content)["wilayah"])
        assert isi["32.05"] == "Kabupaten Garut"
        assert "91.01" not in isi

    def test_rt_rw_satu_desa(self, client):
        tambah_rt(tambah_rw(Wilayah.objects.get(pk=DESA), 1), 2)
        isi = json.loads(client.get(f"/wilayah/json/{DESA}.json").content)["wilayah"]
        assert isi == [[f"{DESA}.001", "RW 001"], [f"{DESA}.001.002", "RT 002"]]

    @pytest.mark.parametrize("kode", ["32", "99.99", "91.01", "32.05.01", "32.05.01.9999"])
    def test_tidak_ada(self, client, kode):
        assert client.get(f"/wilayah/json/{kode}.json").status_code == 404
