"""The evening of the meeting: agenda from what waits, invitation, ticks and verdicts from two phones, papers, scan."""

import io
import re
import uuid
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core import files
from core.models import Dokumen, Jejak
from dtks.actions import musyawarah as aksi
from dtks.actions import usulan as langkah
from dtks.models import Musyawarah, Usulan
from dtks.queries import agenda, kelengkapan
from tests.bantu.alur import PDF, foto, orang
from tests.bantu.pemain import DESA, DESA2
from tests.dtks.test_musyawarah_layar import alamat, isian_jadwal, putuskan, setujui, tutup, unggah

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def tanpa_faktor_kedua(settings):
    """The second factor has tests of its own."""
    settings.DEMO = True


@pytest.fixture
def terjadwal(masuk, sampai):
    """One press made the meeting, its invited and its agenda of three."""
    usulan = [sampai("diajukan", nomor=n).usulan for n in (0, 1, 2)]
    klien = masuk("operator")
    jawab = klien.post(reverse("musyawarah_baru"), isian_jadwal() | {"usulan": [str(u.pk) for u in usulan]})
    assert jawab.status_code == 302, jawab.content.decode()
    rapat = Musyawarah.objects.get()
    assert rapat.putusan.count() == 3
    return klien, rapat


def hadirkan(klien, rapat):
    klien.post(alamat("hadir", rapat), {"hadir": [str(p.pk) for p in rapat.peserta.all()]})


def pilih(klien, row, putusan, **lain):
    """One press on one card, as htmx sends it."""
    kolom = {"putusan": putusan, "alasan_kode": "", "alasan": "", "keberatan": "", "versi": row.versi} | lain
    data = {f"{row.pk}-{k}": v for k, v in kolom.items()}
    return klien.post(alamat("putuskan", row.musyawarah, row.pk), data, headers=HTMX)


def baris(rapat):
    return list(rapat.putusan.order_by("usulan__keluarga__nama_kepala", "id"))


# --- agenda ---------------------------------------------------------------------------------------------


def test_yang_menunggu_diusulkan_bercentang_dengan_keadaan_isiannya(masuk, sampai):
    usulan = sampai("diajukan").usulan
    isi = masuk("operator").get(reverse("musyawarah_baru")).content.decode()
    assert re.search(rf'value="{usulan.pk}" checked', isi)
    assert "NIK belum dicek" in isi
    nilai = kelengkapan.hitung(usulan.keluarga)
    assert f"isian {nilai.persen}%, kurang {len(nilai.kurang)}" in isi and nilai.kurang


def test_daftar_agenda_tidak_bertanya_lebih_banyak_untuk_lebih_banyak_usulan(
    sampai, django_assert_max_num_queries
):
    sampai("diajukan")
    agenda.calon(orang("operator"), DESA)  # code lists are read anew now and then
    with CaptureQueriesContext(connection) as satu:
        agenda.calon(orang("operator"), DESA)
    for n in (1, 2):
        sampai("diajukan", nomor=n, pengusul="operator")
    with django_assert_max_num_queries(len(satu)):
        assert len(agenda.calon(orang("operator"), DESA)) == 3


def test_yang_tidak_dicentang_tetap_menunggu(masuk, sampai):
    ikut, tidak = (sampai("diajukan", nomor=n).usulan for n in (0, 1))
    masuk("operator").post(reverse("musyawarah_baru"), isian_jadwal() | {"usulan": [str(ikut.pk)]})
    assert Usulan.objects.get(pk=ikut.pk).status == "dimusyawarahkan"
    assert Usulan.objects.get(pk=tidak.pk).status == "diajukan"


def test_usulan_desa_lain_yang_diselipkan_tidak_ikut(masuk, sampai):
    lain = sampai("diajukan", desa=DESA2, pengusul="operator2", operator="operator2").usulan
    masuk("operator").post(reverse("musyawarah_baru"), isian_jadwal() | {"usulan": [str(lain.pk)]})
    assert Musyawarah.objects.get().putusan.count() == 0
    assert Usulan.objects.get(pk=lain.pk).status == "diajukan"


def test_yang_menyusul_bisa_ditambah_sampai_ditutup(terjadwal, sampai):
    klien, rapat = terjadwal
    susulan = sampai("diajukan", nomor=3).usulan
    klien.post(alamat("agenda", rapat), {"usulan": [str(susulan.pk)]})
    assert rapat.putusan.count() == 4
    hadirkan(klien, rapat)
    putuskan(klien, rapat, *["disepakati"] * 4)
    tutup(klien, rapat)
    terlambat = sampai("diajukan", nomor=4).usulan
    jawab = klien.post(alamat("agenda", rapat), {"usulan": [str(terlambat.pk)]})
    assert jawab.status_code == 403
    assert rapat.putusan.count() == 4


def sampai_diterapkan(klien, lurah, rapat, *putusan):
    hadirkan(klien, rapat)
    putuskan(klien, rapat, *putusan)
    tutup(klien, rapat)
    unggah(klien, rapat)
    assert setujui(lurah, rapat).status_code == 302
    return klien.post(alamat("terapkan", rapat), follow=True)


def test_yang_ditunda_muncul_di_musyawarah_berikutnya(terjadwal, masuk):
    klien, rapat = terjadwal
    sampai_diterapkan(klien, masuk("lurah"), rapat, "ditunda", "disepakati", "disepakati")
    tertunda = Usulan.objects.get(status="ditunda")
    isi = klien.get(reverse("musyawarah_baru")).content.decode()
    assert re.search(rf'value="{tertunda.pk}" checked', isi)
    assert "Ditunda pada musyawarah yang lalu" in isi
    klien.post(reverse("musyawarah_baru"), isian_jadwal() | {"usulan": [str(tertunda.pk)]})
    kedua = Musyawarah.objects.exclude(pk=rapat.pk).get()
    assert [p.usulan_id for p in kedua.putusan.all()] == [tertunda.pk]
    tertunda.refresh_from_db()
    assert tertunda.status == "dimusyawarahkan"
    # The old minutes say "ditunda"; pressing their button again must not postpone the case a second time.
    assert "Terapkan putusan (" not in klien.get(alamat("lihat", rapat)).content.decode()
    klien.post(alamat("terapkan", rapat))
    tertunda.refresh_from_db()
    assert tertunda.status == "dimusyawarahkan"
    sampai_diterapkan(klien, masuk("lurah"), kedua, "disepakati")
    tertunda.refresh_from_db()
    assert tertunda.status == "disepakati"


def test_yang_ditunda_dinas_tidak_ditawarkan_desa(masuk, sampai):
    usulan = sampai("diinput").usulan
    langkah.tunda(usulan, by=orang("verifikator2"), alasan="TUNGGU_DOKUMEN")
    assert str(usulan.pk) not in masuk("operator").get(reverse("musyawarah_baru")).content.decode()


# --- invitation and attendance --------------------------------------------------------------------------


@pytest.fixture
def besok(masuk, sampai):
    waktu = timezone.localtime() + timedelta(days=2)
    klien = masuk("operator")
    klien.post(reverse("musyawarah_baru"), isian_jadwal(waktu=f"{waktu:%Y-%m-%dT09:00}"))
    return klien, Musyawarah.objects.get()


@pytest.mark.parametrize("bentuk", ["satu", "orang"])
def test_undangan_bernomor_dan_bisa_diperiksa(besok, client, bentuk):
    klien, rapat = besok
    assert klien.post(alamat("undangan", rapat), {"bentuk": bentuk}).status_code == 302
    rapat.refresh_from_db()
    assert rapat.undangan.nomor.startswith("001/UND/") and rapat.undangan.tanggal == timezone.localdate()
    jawab = klien.get(alamat("unduh", rapat, "undangan"))
    assert jawab.content.startswith(b"%PDF-")
    umum = client.get(f"/v/{rapat.undangan.kode}/").content.decode()
    assert "Undangan musyawarah" in umum and "Wakil BABINSA" not in umum


def test_undangan_baru_menggantikan_yang_lama_sesudah_acara_berubah(besok):
    klien, rapat = besok
    klien.post(alamat("undangan", rapat), {"bentuk": "satu"})
    assert "Buat undangan baru supaya" not in klien.get(alamat("undangan", rapat)).content.decode()
    Musyawarah.objects.filter(pk=rapat.pk).update(tempat="Rumah Pak RW")
    assert "Buat undangan baru supaya" in klien.get(alamat("undangan", rapat)).content.decode()
    klien.post(alamat("undangan", rapat), {"bentuk": "satu"})
    lama, baru = Dokumen.objects.filter(jenis="UNDANGAN").order_by("nomor")
    assert (lama.status, lama.pengganti_id, baru.status) == ("diganti", baru.pk, "berlaku")


def test_musyawarah_yang_sudah_lewat_tidak_diundang_dan_yang_akan_datang_tidak_ditutup(besok):
    klien, rapat = besok
    assert "belum bisa dibuat" in tutup(klien, rapat).content.decode()
    lewat = f"{timezone.localtime() - timedelta(days=3):%Y-%m-%dT09:00}"
    acara = {
        "waktu": lewat,
        "tempat": "Aula",
        "pimpinan": "Asep Hidayat",
        "notulis": "Siti",
        "agenda": "Usulan",
    }
    assert klien.post(alamat("acara", rapat), acara).status_code == 302
    jawab = klien.post(alamat("undangan", rapat), {"bentuk": "satu"})
    assert jawab.status_code == 422 and "sudah lewat" in jawab.content.decode()
    rapat.refresh_from_db()
    assert rapat.undangan_id is None


def test_musyawarah_lampau_dicatat_dan_surat_bertanggal_musyawarah(masuk, sampai):
    usulan = sampai("diajukan").usulan
    hari = timezone.localtime() - timedelta(days=40)
    klien = masuk("operator")
    isian = isian_jadwal(waktu=f"{hari:%Y-%m-%dT13:30}") | {"usulan": [str(usulan.pk)]}
    klien.post(reverse("musyawarah_baru"), isian)
    rapat = Musyawarah.objects.get()
    hadirkan(klien, rapat)
    putuskan(klien, rapat, "disepakati")
    assert tutup(klien, rapat).status_code == 302
    rapat.refresh_from_db()
    for dokumen in (rapat.berita_acara, rapat.bnba, rapat.daftar_hadir):
        assert dokumen.tanggal == hari.date()
    assert rapat.nomor.endswith(f"/{hari.year}") and rapat.periode == f"{hari:%Y-%m}"


def test_daftar_hadir_kosong_dicetak_sebelum_musyawarah(besok, masuk):
    klien, rapat = besok
    assert klien.get(alamat("unduh", rapat, "daftar-hadir-kosong")).content.startswith(b"%PDF-")
    assert masuk("operator2").get(alamat("unduh", rapat, "daftar-hadir-kosong")).status_code == 404
    assert klien.get(alamat("unduh", rapat, "semua")).status_code == 404  # nothing was made yet


def test_dua_hp_di_pintu_tidak_saling_menghapus_centang(terjadwal, masuk):
    _, rapat = terjadwal
    satu, dua = rapat.peserta.order_by("pk")[:2]
    for peserta in (satu, dua):  # each phone knows only of its own tick
        jawab = masuk("operator").post(
            alamat("hadir_satu", rapat, peserta.pk), {"hadir": [str(peserta.pk)]}, headers=HTMX
        )
        assert "Kuorum belum tercapai" in jawab.content.decode()
    assert rapat.peserta.filter(hadir=True).count() == 2
    masuk("operator").post(alamat("hadir_satu", rapat, satu.pk), {"hadir": [str(dua.pk)]}, headers=HTMX)
    assert set(rapat.peserta.filter(hadir=True)) == {dua}


# --- verdicts -------------------------------------------------------------------------------------------


def test_satu_tekan_satu_simpan_dengan_kemajuan(terjadwal):
    klien, rapat = terjadwal
    isi = pilih(klien, baris(rapat)[0], "disepakati").content.decode()
    assert "1 dari 3 sudah diputus" in isi and "Tersimpan: Disepakati" in isi
    assert "<html" not in isi
    assert Jejak.objects.filter(aksi="putuskan").count() == 1


def test_alasan_dari_daftar_ikut_tersimpan(terjadwal):
    klien, rapat = terjadwal
    row = baris(rapat)[0]
    for putusan, kode, kalimat in (
        ("ditolak", "MAMPU", "sudah mampu"), ("ditunda", "TUNGGU_DOKUMEN", "Menunggu dokumen"),
        ("meninggal", "", "meninggal"), ("pindah", "", "pindah"),
    ):  # fmt: skip
        pilih(klien, row, putusan, alasan_kode=kode)
        row.refresh_from_db()
        assert row.putusan == putusan and kalimat in row.alasan and row.alasan_kode


def test_kata_dari_daftar_ikut_berganti_tetapi_kata_sendiri_tetap(terjadwal):
    klien, rapat = terjadwal
    row = baris(rapat)[0]
    pilih(klien, row, "ditolak", alasan_kode="MAMPU")
    row.refresh_from_db()
    pilih(klien, row, "ditolak", alasan_kode="GANDA", alasan=row.alasan)  # the page had filled the words in
    row.refresh_from_db()
    assert "sudah mampu" not in row.alasan and row.alasan_kode == "GANDA"
    pilih(klien, row, "meninggal", alasan=row.alasan)
    row.refresh_from_db()
    assert "Belum tersimpan" in pilih(klien, row, "ditolak", alasan=row.alasan).content.decode()
    pilih(klien, row, "ditolak", alasan_kode="MAMPU", alasan="Punya dua mobil")
    row.refresh_from_db()
    assert row.alasan == "Punya dua mobil"


def test_ditolak_tanpa_alasan_belum_tersimpan_dan_pilihan_tetap(terjadwal):
    klien, rapat = terjadwal
    row = baris(rapat)[0]
    isi = pilih(klien, row, "ditolak").content.decode()
    assert "Belum tersimpan" in isi and re.search(r'value="ditolak"[^>]*checked', isi)
    row.refresh_from_db()
    assert row.putusan == ""


def test_alasan_tunda_tidak_untuk_menolak(terjadwal):
    klien, rapat = terjadwal
    row = baris(rapat)[0]
    assert "Belum tersimpan" in pilih(klien, row, "ditolak", alasan_kode="TUNGGU_DOKUMEN").content.decode()
    row.refresh_from_db()
    assert row.putusan == ""


def test_dua_hp_memutus_nama_yang_sama_yang_kedua_diberi_tahu(terjadwal):
    klien, rapat = terjadwal
    row = baris(rapat)[0]
    pilih(klien, row, "ditolak", alasan_kode="MAMPU")
    isi = pilih(klien, row, "disepakati").content.decode()  # the second phone still shows version 0
    assert "Baru saja diputus dari perangkat lain" in isi
    row.refresh_from_db()
    assert (row.putusan, row.versi) == ("ditolak", 1)
    assert "Tersimpan: Disepakati" in pilih(klien, row, "disepakati").content.decode()
    row.refresh_from_db()
    assert (row.putusan, row.alasan, row.alasan_kode) == ("disepakati", "", "")


def test_tanpa_javascript_satu_tombol_menyimpan_tanpa_menimpa_hp_lain(terjadwal):
    klien, rapat = terjadwal
    a, b, c = baris(rapat)
    pilih(klien, a, "ditolak", alasan_kode="MAMPU")  # another phone, after this page was opened
    pilih(klien, b, "ditunda", alasan_kode="TUNGGU_DOKUMEN")
    data = {"aksi": "simpan"}
    for row, putusan in ((a, ""), (b, "disepakati"), (c, "disepakati")):
        data |= {f"{row.pk}-putusan": putusan, f"{row.pk}-alasan": "", f"{row.pk}-versi": 0}
    jawab = klien.post(alamat("putusan", rapat), data, follow=True)
    assert f"{b.usulan.keluarga.nama_kepala}: baru saja diputus" in jawab.content.decode()
    assert [r.putusan for r in baris(rapat)] == ["ditolak", "ditunda", "disepakati"]


def test_keberatan_dan_suara_masuk_berita_acara(terjadwal):
    klien, rapat = terjadwal
    row = baris(rapat)[0]
    pilih(klien, row, "disepakati", keberatan="Pak RW keberatan", suara_setuju="7", suara_tidak="2")
    row.refresh_from_db()
    assert (row.keberatan, row.suara_setuju, row.suara_tidak) == ("Pak RW keberatan", 7, 2)


def test_suara_yang_bukan_jumlah_orang_ditolak(terjadwal):
    klien, rapat = terjadwal
    row = baris(rapat)[0]
    for suara in ("-1", "sepuluh", "99999", "3.5"):
        assert "Belum tersimpan" in pilih(klien, row, "disepakati", suara_setuju=suara).content.decode()
    row.refresh_from_db()
    assert row.putusan == ""


def test_penghapusan_tidak_dijawab_meninggal(masuk, sampai):
    usulan = sampai("dimusyawarahkan", jalur="PENGHAPUSAN")
    row = usulan.musyawarah.putusan.get()
    isi = pilih(masuk("operator"), row, "meninggal").content.decode()
    assert "Belum tersimpan" in isi
    row.refresh_from_db()
    assert row.putusan == ""
    pilih(masuk("operator"), row, "ditolak", alasan="Masih sangat miskin")
    row.refresh_from_db()
    assert row.alasan_kode == "TETAP_LAYAK"


def test_keluar_hanya_di_berita_acara_perbaikan(terjadwal):
    klien, rapat = terjadwal
    row = baris(rapat)[0]
    assert "Belum tersimpan" in pilih(klien, row, "keluar").content.decode()
    row.refresh_from_db()
    assert row.putusan == ""


def test_hp_yang_terlambat_dibawa_ke_ringkasan_sesudah_ditutup(terjadwal):
    klien, rapat = terjadwal
    hadirkan(klien, rapat)
    putuskan(klien, rapat, *["disepakati"] * 3)
    tutup(klien, rapat)
    jawab = pilih(klien, baris(rapat)[0], "ditolak", alasan_kode="MAMPU")
    assert jawab["HX-Redirect"] == alamat("lihat", rapat)
    assert {r.putusan for r in baris(rapat)} == {"disepakati"}


def test_orang_lain_tidak_memutus(terjadwal, masuk):
    _, rapat = terjadwal
    row = baris(rapat)[0]
    data = {f"{row.pk}-putusan": "disepakati", f"{row.pk}-alasan": ""}
    for username, kode in (("operator2", 404), ("rtrw", 404), ("lurah", 403), ("verifikator", 403)):
        assert masuk(username).post(alamat("putuskan", rapat, row.pk), data).status_code == kode
    row.refresh_from_db()
    assert row.putusan == ""


# --- papers and scan ------------------------------------------------------------------------------------


@pytest.fixture
def tertutup(terjadwal):
    klien, rapat = terjadwal
    hadirkan(klien, rapat)
    putuskan(klien, rapat, "meninggal", "ditolak", "disepakati")
    tutup(klien, rapat)
    rapat.refresh_from_db()
    return klien, rapat


def test_satu_klik_membuat_semua_surat_dan_zip(tertutup):
    klien, rapat = tertutup
    jawab = klien.get(alamat("unduh", rapat, "semua"))
    with zipfile.ZipFile(io.BytesIO(jawab.content)) as arsip:
        assert arsip.testzip() is None
        nama = arsip.namelist()
        isi = arsip.read(nama[1])
    assert [n.split(" ", 1)[1].split(" - ")[0] for n in nama] == [
        "BA_PENGUSULAN",
        "BNBA_USULAN",
        "DAFTAR_HADIR",
    ]
    assert isi.startswith(b"%PDF-")
    assert rapat.bnba.ringkas == {"jumlah_disepakati": 1}


@pytest.mark.parametrize("jenis", ["semua", "bnba"])
def test_berkas_yang_hilang_dari_penyimpanan_dijawab_dengan_kalimat(tertutup, jenis):
    klien, rapat = tertutup
    files.path_of(rapat.bnba.berkas_id).unlink()
    jawab = klien.get(alamat("unduh", rapat, jenis))
    assert jawab.status_code == 410 and "tidak bisa dibuka" in jawab.content.decode()


def test_ditutup_dua_kali_satu_nomor(tertutup):
    klien, rapat = tertutup
    jawab = klien.post(alamat("tutup", rapat), {"versi": rapat.versi})
    assert jawab.status_code == 409
    lama = rapat.nomor
    rapat.refresh_from_db()
    assert rapat.nomor == lama and Dokumen.objects.filter(jenis="BERITA_ACARA").count() == 1


def test_beberapa_foto_menjadi_satu_pdf(tertutup):
    klien, rapat = tertutup
    lembar = [SimpleUploadedFile(f"{i}.jpg", foto((90, 100 + i, 80)), "image/jpeg") for i in range(3)]
    jawab = klien.post(alamat("unggah", rapat), {"pindaian": lembar, "versi": rapat.versi})
    assert jawab.status_code == 302, jawab.content.decode()
    jawab = klien.get(alamat("unduh", rapat, "pindaian"))
    assert jawab["Content-Type"] == "application/pdf"
    assert len(re.findall(rb"/Type /Page\b", jawab.content)) == 3


def test_campuran_yang_tidak_bisa_digabung_ditolak(tertutup):
    klien, rapat = tertutup
    for isi in ([PDF, foto()], [PDF, PDF], [foto()] * 21, [foto(), b"MZ bukan foto"]):
        lembar = [SimpleUploadedFile(f"{i}.bin", satu) for i, satu in enumerate(isi)]
        jawab = klien.post(alamat("unggah", rapat), {"pindaian": lembar, "versi": rapat.versi})
        assert jawab.status_code == 422
    rapat.refresh_from_db()
    assert (rapat.status, rapat.pindaian_id) == ("terlaksana", None)


def test_meninggal_masuk_langkah_tolak_dan_register_diingatkan(tertutup, masuk):
    klien, rapat = tertutup
    unggah(klien, rapat)
    setujui(masuk("lurah"), rapat)
    isi = klien.post(alamat("terapkan", rapat), follow=True).content.decode()
    mati = rapat.putusan.get(putusan="meninggal").usulan
    riwayat = mati.riwayat.get(langkah="tolak")
    assert riwayat.alasan == "MENINGGAL" and rapat.nomor in riwayat.catatan
    assert "Catat juga di data keluarga" in isi and reverse("peristiwa_menu", args=[mati.keluarga_id]) in isi
    tolak = rapat.putusan.get(putusan="ditolak").usulan.riwayat.get(langkah="tolak")
    assert tolak.alasan == "TIDAK_LAYAK_MUSYAWARAH" and "sudah mampu" in tolak.catatan


def test_sptjm_disebut_di_musyawarah(masuk):
    assert "SPTJM" in masuk("operator").get(reverse("musyawarah_daftar")).content.decode()


def test_jenis_tidak_ditanyakan_untuk_kelurahan(masuk):
    isi = masuk("operator").get(reverse("musyawarah_baru")).content.decode()
    assert re.search(r'type="hidden"[^>]*name="jenis"', isi) and DESA.split(".")[3].startswith("1")


def test_kehadiran_orang_yang_tidak_ada_404(terjadwal):
    klien, rapat = terjadwal
    assert klien.post(alamat("hadir_satu", rapat, uuid.uuid4()), {}).status_code == 404
    assert klien.post(alamat("putuskan", rapat, uuid.uuid4()), {}).status_code == 404


def test_putusan_yang_sama_dua_kali_tidak_dicatat_dua_kali(terjadwal):
    _, rapat = terjadwal
    row = baris(rapat)[0]
    for _ in range(2):
        aksi.putuskan(rapat, by=orang("operator"), putusan={str(row.pk): {"putusan": "disepakati"}})
    row.refresh_from_db()
    assert row.versi == 1
