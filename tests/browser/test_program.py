"""The Dinas changes a rule and a quota with two people and follows the money; the village helps at the counter; a key is made."""

import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from bansos.actions.penetapan import quarter
from bansos.models import AturanProgram, Kuota, PermohonanSurat, ReaktivasiPBI
from dtks.models import Desil
from tests.bansos.test_status_salur import JUDUL, baris
from tests.bantu import alur, warga_acak
from tests.bantu.daftar import daftar_sah, keluarga_banyak
from tests.bantu.layanan import nik
from tests.bantu.pemain import KABUPATEN
from tests.browser.layar import Layar

pytestmark = pytest.mark.timeout(300)


def _tunggu_percobaan(supervisor: Layar, alamat: str, detik: float = 90) -> None:
    """Reload until the worker has computed the trial."""
    batas = time.monotonic() + detik
    while not supervisor.hal.get_by_role("link", name="dicoba").count():
        assert time.monotonic() < batas, f"the trial did not finish: {supervisor.teks}"
        time.sleep(0.5)
        supervisor.buka(alamat)


def test_aturan_program_diubah_dicoba_dan_diputus_orang_kedua(portal, layar):
    with transaction.atomic():
        warga_acak.isi(60)
    besok = (timezone.localdate() + timedelta(days=1)).isoformat()
    supervisor = layar(portal, "supervisor", lebar=1280)
    supervisor.buka("/program/BPNT/")
    supervisor.ikuti("Aturan dan perubahannya")
    supervisor.lihat()
    supervisor.tekan("Susun versi baru")
    draf = AturanProgram.objects.get(status="draf")
    desil = next(i for i, s in enumerate(draf.isi["syarat"]) if s.get("ukuran") == "desil")
    supervisor.ketik(
        berlaku_sejak=besok, dasar_hukum="Perbup 12/2026", sumber="Keputusan rapat pimpinan Dinas, 5 November 2026",
        **{f"s{desil}_nilai": 2},
    )  # fmt: skip
    supervisor.lihat("program-1-ubah-draf")
    supervisor.tekan("Simpan")
    supervisor.ketik(periode=quarter(timezone.localdate()))
    supervisor.tekan("Coba aturan ini")
    _tunggu_percobaan(supervisor, f"/program/BPNT/aturan/{draf.pk}/")
    supervisor.ikuti("dicoba")
    supervisor.lihat("program-2-percobaan")
    supervisor.ikuti("Kembali ke aturan")
    supervisor.lihat("program-3-yang-berubah")
    supervisor.tekan("Ajukan ke Kepala Dinas")
    assert "Kepala Dinas yang memutusnya" in supervisor.teks
    kadis = layar(portal, "kadis")
    kadis.ikuti("aturan program menunggu putusan Anda")
    kadis.ikuti("Aturan Sembako")
    kadis.ikuti("Putus aturan ini")
    kadis.lihat("program-4-putus")
    kadis.ketik(putusan="setujui")
    kadis.tekan("Simpan")
    kadis.lihat()
    draf.refresh_from_db()
    assert draf.status == "berlaku" and draf.isi["syarat"][desil]["nilai"] == 2


def test_kuota_diusulkan_satu_unit_diputus_unit_lain_lalu_diisi(portal, layar):
    rumah, kini = keluarga_banyak(4), quarter(timezone.localdate())
    supervisor = layar(portal, "supervisor", lebar=1280)
    supervisor.ikuti("Kuota")
    supervisor.lihat()
    supervisor.ikuti("Usulkan kuota")
    supervisor.ketik(
        program="APBD-LANSIA",
        periode=kini,
        jumlah=2,
        alasan="Sesuai APBD perubahan.",
        dasar_hukum="Perda 9/2026",
    )
    supervisor.lihat("kuota-1-usulkan")
    supervisor.tekan("Usulkan")
    supervisor.lihat()
    kadis = layar(portal, "kadis")
    kadis.ikuti("perubahan kuota menunggu putusan Anda")
    kadis.lihat()
    kadis.ikuti("Putus")
    kadis.lihat("kuota-2-putus")
    kadis.ketik(putusan="setujui")
    kadis.tekan("Simpan putusan")
    assert Kuota.objects.get().jumlah == 2
    daftar_sah("APBD-LANSIA", kini, rumah, layak=2)
    supervisor.buka(f"/kuota/{Kuota.objects.get().pk}/")
    supervisor.tekan("Isi tempat menurut peringkat")
    assert "2 tempat diisi" in supervisor.hal.locator("main").inner_text()
    supervisor.ikuti(f"Lepas {rumah[0].nama_kepala}")
    supervisor.ketik(sebab="Pindah ke luar kabupaten.")
    supervisor.lihat()
    supervisor.tekan("Lepas tempat")
    assert "Peringkat 3 naik dari daftar tunggu" in supervisor.teks
    supervisor.lihat("kuota-3-tempat")
    warga = layar(portal, lebar=320)
    warga.buka("/pengumuman/kuota/")
    assert "Perda 9/2026" in warga.teks and rumah[2].nama_kepala not in warga.teks
    warga.lihat("kuota-4-pengumuman")


def test_status_penyaluran_dimuat_lalu_ditindaklanjuti_desa(portal, layar):
    for n in (30, 31, 32):
        alur.sampai("ditetapkan", nomor=n)
    isi = "\n".join(
        [
            JUDUL,
            baris(30, status="TRANSAKSI"),
            baris(31, status="GAGAL CEK REKENING"),
            baris(32, status="SP2D"),
        ]
    )
    supervisor = layar(portal, "supervisor", lebar=1280)
    supervisor.ikuti("Penyaluran")
    supervisor.ikuti("Muat status dari berkas")
    supervisor.ketik(jenis="status_salur")
    supervisor.unggah("berkas", "salur november.csv", "text/csv", isi.encode("utf-8-sig"))
    supervisor.tekan("Periksa berkas")
    supervisor.lihat("salur-1-periksa")
    supervisor.tekan("Simpan baris yang benar")
    supervisor.buka("/penyaluran/?program=PKH&periode=2026-4")
    supervisor.lihat("salur-2-daftar")
    supervisor.ikuti("Cocokkan SK dengan yang dibayar")
    supervisor.ketik(program="PKH", periode="2026-4")
    supervisor.tekan("Cocokkan")
    supervisor.lihat("salur-3-cocokkan")
    operator = layar(portal, "operator")
    operator.buka("/penyaluran/?periode=2026-4&kelompok=gagal")
    operator.lihat()
    kepala = alur.keluarga_uji(31).told[0].nama
    operator.ikuti(kepala)
    assert "Yang perlu dikerjakan" in operator.teks
    operator.lihat("salur-4-keluarga")
    operator.buka("/penyaluran/status/")
    operator.lihat()


def test_pbi_dari_loket_desa_sampai_aktif_kembali(portal, layar):
    kepala = alur.sampai("draf", nomor=33, pengusul="operator").usulan.keluarga.nama_kepala
    hari = timezone.localdate()
    operator = layar(portal, "operator")
    operator.ikuti("Reaktivasi PBI")
    operator.lihat()
    operator.ikuti("Catat permohonan")
    operator.ketik(nik=nik(33))
    operator.tekan("Lanjut")
    assert "tidak ada di daftar" in operator.teks
    operator.ketik(
        nik=nik(33), nama=kepala, tanggal=(hari - timedelta(days=20)).isoformat(), sebab="Desil di atas batas"
    )
    operator.lihat("pbi-1-catat")
    operator.tekan("Lanjut")
    operator.ketik(
        pemohon="Aminah", kondisi="darurat", keadaan_mendesak="Dirawat di IGD sejak pagi", faskes="RSUD dr. Slamet",
        faskes_tanggal=hari.isoformat(),
    )  # fmt: skip
    operator.unggah("surat_faskes", "surat.pdf", "application/pdf", alur.PDF)
    operator.lihat("pbi-2-lengkapi")
    operator.tekan("Simpan")
    operator.ikuti("Ajukan ke Dinas")
    operator.tekan("Ajukan ke Dinas")
    operator.lihat("pbi-3-diajukan")
    p = ReaktivasiPBI.objects.get()
    for siapa, tombol, isian in (
        ("verifikator", "Nyatakan memenuhi syarat", {}),
        ("kadis", "Terbitkan surat rekomendasi", {}),
        (
            "supervisor",
            "Catat sudah diajukan di SIKS-NG",
            {"siks_nomor": "SIKS-2201", "tanggal": hari.isoformat()},
        ),
        ("supervisor", "Catat aktif kembali", {"tanggal": hari.isoformat()}),
    ):
        orang = layar(portal, siapa, lebar=1280)
        orang.ikuti("permohonan PBI menunggu Anda")
        orang.ikuti(p.nomor)
        orang.lihat("pbi-4-surat" if siapa == "kadis" else "")
        orang.ikuti(tombol)
        orang.ketik(**isian)
        orang.lihat()
        orang.tekan(tombol)
        orang.tutup_jendela()
    p.refresh_from_db()
    assert p.status == "disetujui"
    operator.buka(f"/pbi/{p.pk}/")
    assert "wajib diperbarui" in operator.teks
    operator.lihat()


def test_surat_diminta_di_loket_diperiksa_ditandatangani_dan_dicek(portal, layar):
    keluarga = alur.sampai("draf", nomor=34, pengusul="operator").usulan.keluarga
    hari = timezone.localdate()
    Desil.objects.create(
        keluarga=keluarga, tahun=hari.year, triwulan=(hari.month + 2) // 3, desil=2, sumber="uji"
    )
    operator = layar(portal, "operator")
    operator.ikuti("Surat di loket")
    operator.lihat()
    operator.ikuti("Catat permintaan surat")
    operator.ketik(nik=nik(34), jenis="KETERANGAN", keperluan="PIP", pemohon="Aminah", hubungan="KELUARGA")
    operator.lihat("surat-1-catat")
    operator.tekan("Catat permintaan")
    operator.lihat("surat-2-menunggu")
    p = PermohonanSurat.objects.get()
    for siapa, tombol in (
        ("verifikator", "Sudah diperiksa, teruskan ke Kepala Dinas"),
        ("kadis", "Tanda tangani dan terbitkan"),
    ):
        orang = layar(portal, siapa)
        orang.ikuti("permintaan surat menunggu Anda")
        orang.ikuti(p.nomor)
        orang.ikuti(tombol)
        orang.lihat()
        orang.tekan(tombol)
    operator.buka(f"/surat/{p.pk}/")
    operator.lihat("surat-3-terbit")
    assert operator.unduh("Unduh surat (PDF)").startswith(b"%PDF")
    p.refresh_from_db()
    warga = layar(portal)
    warga.buka(f"/v/{p.dokumen.kode}/")
    assert "Surat keterangan DTSEN" in warga.teks and p.nama not in warga.teks
    warga.lihat()


def test_kunci_api_diminta_disetujui_diambil_diganti_dan_dicabut(portal, layar):
    admin = layar(portal, "admin", lebar=1280)
    admin.ikuti("Kunci API")
    admin.lihat()
    admin.ikuti("Minta kunci")
    admin.ketik(nama="Aplikasi Puskesos", tujuan="Rujukan warga; PKS 12/2026; Bidang Pemberdayaan")
    admin.hal.get_by_label("Kecamatan", exact=True).select_option(KABUPATEN)
    admin.hal.locator('main [name="cakupan"][value="register"]').check()
    admin.lihat("kunci-1-minta")
    admin.tekan("Kirim permintaan")
    alamat = admin.hal.url
    kadis = layar(portal, "kadis")
    kadis.ikuti("permintaan kunci API menunggu putusan Anda")
    kadis.ikuti("Aplikasi Puskesos")
    kadis.lihat("kunci-2-setujui")
    kadis.tekan("Setujui")
    kadis.lihat()
    admin.buka(alamat)
    admin.ikuti("Ambil kunci")
    admin.lihat()
    admin.tekan("Tampilkan kunci")
    rahasia = admin.hal.locator("pre").inner_text()
    admin.lihat()
    baca = {"Authorization": f"Bearer {rahasia}"}
    assert admin.konteks.request.get("/api/v1/keluarga/", headers=baca).status == 200
    admin.buka(alamat)
    admin.lihat("kunci-3-berlaku")
    admin.ikuti("Ganti kunci")
    admin.tekan("Tampilkan kunci")
    assert admin.hal.locator("pre").inner_text() != rahasia
    assert admin.konteks.request.get("/api/v1/keluarga/", headers=baca).status == 401
    admin.buka(alamat)
    admin.ikuti("Cabut kunci ini")
    admin.ketik(alasan="Perjanjian sudah selesai.")
    admin.lihat()
    admin.tekan("Cabut kunci")
    assert "Dicabut" in admin.teks
    admin.lihat()
    admin.buka("/api/docs/")
    admin.lihat()
