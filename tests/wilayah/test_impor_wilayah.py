"""Loading the official list: complete, repeatable, and no code is ever lost."""

import csv
import datetime as dt
import gzip
import hashlib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from core.models import Jejak
from wilayah.actions import impor
from wilayah.actions.rtrw import tambah_rt, tambah_rw
from wilayah.models import Wilayah
from wilayah.queries import pengganti_terakhir, tingkat_dari

GARUT_KOTA = "32.05.01"


def jalankan(*args, **opsi) -> str:
    keluar = StringIO()
    call_command("impor_wilayah", *args, stdout=keluar, **opsi)
    return keluar.getvalue()


def tulis(folder, baris):
    berkas = folder / "wilayah.csv"
    with berkas.open("w", newline="") as f:
        csv.writer(f).writerows([("kode", "nama"), *[(kode, nama) for kode, nama, _ in baris]])
    return berkas


def test_berkas_data_sesuai_catatan_sumbernya(semua_baris):
    sumber = impor.baca_sumber()
    jumlah = {tingkat: sum(1 for satu in semua_baris if satu[2] == tingkat) for tingkat in (1, 2, 3, 4)}
    assert list(jumlah.values()) == list(sumber["jumlah"].values()) == [38, 514, 7285, 83762]
    assert hashlib.sha256(gzip.decompress(impor.BERKAS.read_bytes())).hexdigest() == sumber["sha256_csv"]
    nama = {kode: teks for kode, teks, _ in semua_baris}
    assert (nama["32.05"], nama["32.73"], nama["32"]) == ("Kabupaten Garut", "Kota Bandung", "Jawa Barat")
    assert not [teks for teks in nama.values() if '"' in teks or teks != " ".join(teks.split())]


def test_kode_lama_menunjuk_kode_yang_berlaku(semua_baris):
    kini = {kode for kode, _, _ in semua_baris}
    for satu in impor.baca_kode_lama():
        assert satu.kode not in kini
        assert satu.pengganti in kini
        assert tingkat_dari(satu.kode) == tingkat_dari(satu.pengganti)
        assert satu.dasar.startswith("UU ")


def test_memuat_seluruh_indonesia_dua_kali(db):
    sebelum = Jejak.objects.filter(aksi="impor_wilayah").count()
    keluar = jalankan()
    assert "300.2.2-2138 Tahun 2025, 25 April 2025" in keluar
    assert "38 provinsi, 514 kabupaten/kota, 7.285 kecamatan, 83.762 desa/kelurahan" in keluar
    with connection.cursor() as cur:
        cur.execute("SELECT kode, xmin::text FROM wilayah_wilayah ORDER BY kode")
        awal = cur.fetchall()
    assert "0 baru, 0 berubah, 0 berakhir" in jalankan()
    assert Jejak.objects.filter(aksi="impor_wilayah").count() == sebelum + 1
    with connection.cursor() as cur:
        cur.execute("SELECT kode, xmin::text FROM wilayah_wilayah ORDER BY kode")
        assert cur.fetchall() == awal


@pytest.mark.usefixtures("wilayah")
class TestIsi:
    def test_jalur_dan_induk(self):
        desa = Wilayah.objects.get(pk="32.07.32.2002")
        assert desa.jalur == f"Desa Sukamaju, Kecamatan {desa.induk.nama}, Kabupaten Ciamis, Jawa Barat"
        assert desa.sebutan == "Desa Sukamaju"
        assert Wilayah.objects.filter(kode__startswith="32.05", kode__regex=r"\.1[0-9]{3}$")[
            0
        ].sebutan.startswith("Kelurahan ")

    def test_kode_lama_papua_tahu_penggantinya(self):
        lama = Wilayah.objects.get(pk="91.01")
        assert (lama.pengganti_id, lama.masih_berlaku) == ("93.01", False)
        assert lama.berlaku_hingga == dt.date(2022, 7, 25)
        assert Wilayah.objects.get(pk="91.01.01").pengganti_id == "93.01.01"

    @pytest.mark.parametrize(
        ("kolom", "isi"),
        [
            ("tingkat", 3),
            ("tingkat", 9),
            ("induk_id", "32.07"),
            ("induk_id", None),
            ("pengganti_id", "32.05.02"),
        ],
    )
    def test_baris_yang_tidak_masuk_akal_ditolak_basis_data(self, kolom, isi):
        with pytest.raises(IntegrityError), transaction.atomic():
            Wilayah.objects.filter(pk="32.05.01.1001").update(**{kolom: isi})


class TestBerakhir:
    def test_kode_yang_hilang_berakhir_tetapi_tidak_dihapus(self, muat, baris):
        muat()
        hilang = "32.05.01.1001"
        hasil = muat([satu for satu in baris if satu[0] != hilang], tanggal_dasar=dt.date(2026, 1, 2))
        lama = Wilayah.objects.get(pk=hilang)
        assert hasil.berakhir == 1
        assert lama.berlaku_hingga == dt.date(2026, 1, 2)
        assert hilang not in Wilayah.objects.berlaku().values_list("kode", flat=True)

    def test_pengganti_yang_diketahui_tersimpan_dan_dirunut_sampai_akhir(self, muat, baris):
        muat()
        satu, dua, tiga = "32.05.01.1001", "32.05.01.1002", "32.05.01.1003"
        tanggal = dt.date(2026, 1, 2)
        lama = [
            impor.KodeLama(satu, "Nama Lama", dua, tanggal, "Perda 1/2026"),
            impor.KodeLama(dua, "Nama Lama Dua", tiga, tanggal, "Perda 2/2026"),
        ]
        muat([b for b in baris if b[0] not in (satu, dua)], kode_lama=lama)
        awal = Wilayah.objects.get(pk=satu)
        assert awal.pengganti_id == dua
        assert pengganti_terakhir(awal).kode == tiga

    def test_rt_dan_rw_ikut_desanya_berakhir_lalu_hidup_lagi(self, muat, baris):
        muat()
        desa = Wilayah.objects.get(pk="32.05.01.1001")
        rt = tambah_rt(tambah_rw(desa, 5), 2)
        muat([satu for satu in baris if satu[0] != desa.kode])
        rt.refresh_from_db()
        assert not rt.masih_berlaku
        muat()
        rt.refresh_from_db()
        assert rt.masih_berlaku

    def test_nama_desa_berubah_di_jalur_rt(self, muat, baris):
        muat()
        rt = tambah_rt(tambah_rw(Wilayah.objects.get(pk="32.05.01.1001"), 5), 2)
        muat([(k, "Nama Baru" if k == "32.05.01.1001" else n, t) for k, n, t in baris])
        rt.refresh_from_db()
        assert rt.jalur.startswith("RT 002, RW 005, Kelurahan Nama Baru, Kecamatan Garut Kota")

    def test_berkas_terpotong_tidak_mengakhiri_separuh_negeri(self, muat, baris):
        muat()
        with pytest.raises(impor.DataWilayahSalah, match="Mungkin berkas terpotong"):
            muat(baris[: len(baris) // 2])
        assert Wilayah.objects.get(pk=baris[-1][0]).masih_berlaku
        assert muat(baris[: len(baris) // 2], izinkan_banyak_berakhir=True).berakhir > 20


class TestBerkasSendiri:
    def test_perlu_menyebut_keputusannya(self, db, tmp_path, baris):
        with pytest.raises(CommandError, match="keputusan mana"):
            jalankan(str(tulis(tmp_path, baris)))

    def test_dimuat_dengan_dasar_yang_disebut(self, db, tmp_path, baris):
        keluar = jalankan(
            str(tulis(tmp_path, baris)), dasar="Kepmendagri 1/2027", tanggal=dt.date(2027, 3, 4)
        )
        assert "Dasar: Kepmendagri 1/2027, 4 Maret 2027" in keluar
        assert Wilayah.objects.get(pk=GARUT_KOTA).dasar == "Kepmendagri 1/2027"

    @pytest.mark.parametrize(
        ("isi", "kalimat"),
        [
            ("a,b\n1,2\n", "kolom kode dan nama"),
            ("kode,nama\n32,Jawa Barat\n32,Jabar\n", "dua kali"),
            ("kode,nama\n32.05,Garut\n", "induknya 32 tidak ada"),
            ("kode,nama\nABC,Garut\n", "bukan kode"),
            ("kode,nama\n32,\n", "kosong"),
            ("kode,nama\n32.05.01.2001.001,RW\n", "bukan kode provinsi"),
        ],
    )
    def test_berkas_salah_dijelaskan(self, db, tmp_path, isi, kalimat):
        berkas = tmp_path / "salah.csv"
        berkas.write_text(isi)
        with pytest.raises(CommandError, match=kalimat):
            jalankan(str(berkas), dasar="x", tanggal=dt.date(2027, 1, 1))
        assert not Wilayah.objects.exists()

    def test_gzip_rusak_dijelaskan(self, db, tmp_path):
        berkas = tmp_path / "rusak.csv.gz"
        berkas.write_bytes(impor.BERKAS.read_bytes()[:1000])
        with pytest.raises(CommandError, match="tidak dapat dibaca"):
            jalankan(str(berkas), dasar="x", tanggal=dt.date(2027, 1, 1))
