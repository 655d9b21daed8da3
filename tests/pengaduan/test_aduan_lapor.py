"""The mirror of SP4N-LAPOR!: reports come in as a file once, and the list goes out with their numbers and answers."""

import csv
import io
from uuid import uuid4

import pytest

from core import sheets
from dtks.actions.impor import inti
from pengaduan.actions import aduan as aksi
from pengaduan.actions import aduan_lapor
from pengaduan.models import Aduan
from tests.bantu.alur import orang
from tests.bantu.pemain import DESA, DESA_LAIN

pytestmark = pytest.mark.django_db
ISI = "Kartu KKS ibu saya terblokir sejak bulan lalu."


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


def berkas(*rows):
    keluar = io.StringIO()
    tulis = csv.writer(keluar)
    tulis.writerow([k.judul for k in aduan_lapor.KOLOM])
    tulis.writerows(rows)
    return keluar.getvalue().encode()


def baris(no="7654321", kelas="PENGADUAN", kategori="KKS", isi=ISI, wilayah=DESA, tempat="", tanggal=""):
    return [no, kelas, kategori, isi, wilayah, tempat, tanggal]


def unggah(*rows):
    return inti.unggah(by=orang("verifikator"), jenis=aduan_lapor.JENIS, isi=berkas(*rows), nama="lapor.csv")


def test_laporan_masuk_sekali_dengan_nomor_dan_klasifikasinya():
    impor = unggah(baris(), baris(no="11", kelas="Permintaan informasi", kategori="", tanggal="05/10/2026"))
    assert impor.hitung == {"baru": 2} and not Aduan.objects.exists()
    inti.terapkan(impor, by=orang("verifikator"))
    satu = Aduan.objects.get(no_lapor="7654321")
    assert (satu.kanal, satu.kelas, satu.status, satu.kategori_id) == ("sp4n", "pengaduan", "diterima", "KKS")
    assert satu.tenggat_at is not None and Aduan.objects.get(no_lapor="11").kelas == "informasi"
    lagi = unggah(baris(), baris(no="12"))
    assert lagi.hitung == {"sama": 1, "baru": 1}
    tetap = inti.batalkan(impor, by=orang("verifikator"))
    assert tetap.status == "diterapkan" and "tidak dihapus" in tetap.sebab and Aduan.objects.count() == 2


def test_baris_yang_salah_dikatakan_di_selnya_dan_tidak_masuk():
    impor = unggah(
        baris(no=""), baris(no="2", kelas="KELUHAN"), baris(no="3", kategori="PUNGLI"), baris(no="4", wilayah=DESA_LAIN),
        baris(no="5", wilayah="xx"), baris(no="6", isi="a"), baris(no="7", tanggal="31/02/2026"), baris(no="8"), baris(no="8"),
    )  # fmt: skip
    kode = {b.nomor: b.galat[0]["kode"] for b in impor.baris.exclude(galat=[]).order_by("nomor")}
    assert list(kode.values()) == [
        "NOMOR_LAPOR", "KLASIFIKASI", "JALUR_RAHASIA", "DI_LUAR_WILAYAH", "KODE_WILAYAH", "ISI_PENDEK", "TANGGAL", "NOMOR_GANDA",
    ]  # fmt: skip
    inti.terapkan(impor, by=orang("verifikator"))
    assert list(Aduan.objects.values_list("no_lapor", flat=True)) == ["8"]


def test_templat_kosong_yang_diunduh_bisa_dibaca_lagi(masuk):
    jawab = masuk("verifikator").get("/impor/templat/lapor/")
    assert jawab.status_code == 200
    isi = b"".join(jawab.streaming_content) if jawab.streaming else jawab.content
    lembar = sheets.buka(isi, aduan_lapor.KOLOM)
    assert lembar.nama == "LAPOR"
    assert masuk("tksk").get("/impor/templat/lapor/").status_code in (403, 404)


def test_daftar_diunduh_dengan_jawabannya_tanpa_nama_pelapor(masuk):
    impor = unggah(baris(isi="=HYPERLINK(1) kartu saya terblokir"))
    inti.terapkan(impor, by=orang("verifikator"))
    satu = Aduan.objects.get()
    satu = aksi.verifikasi(satu, by=orang("verifikator"), kategori=satu.kategori, kelas="pengaduan")
    aksi.selesaikan(satu, by=orang("verifikator"), jawaban="Datang ke bank penyalur dengan KTP.")
    for format in ("csv", "xlsx"):
        jawab = masuk("verifikator").post(
            "/pengaduan/unduh/?status=semua", {"format": format, "kunci_kirim": str(uuid4())}
        )
        assert jawab.status_code == 200, jawab.content[:500]
        isi = b"".join(jawab.streaming_content)
        if format == "csv":
            teks = isi.decode("utf-8-sig")
            assert "7654321" in teks and "bank penyalur" in teks and "'=HYPERLINK" in teks
    assert masuk("tksk").get("/pengaduan/unduh/").status_code == 404
