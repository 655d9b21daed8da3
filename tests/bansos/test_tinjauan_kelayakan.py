"""What a review found on recipients: who died alone leaves the decree, who stays is not removed by a corrected answer."""

import pytest
from django.utils import timezone

from bansos.actions import kelayakan as aksi
from bansos.actions.kelayakan import Jawaban
from bansos.queries import kelayakan as baca
from dtks.actions import peristiwa
from dtks.actions import usulan as langkah
from dtks.actions.peristiwa import Catatan
from dtks.exports import bnba
from dtks.forms.bnba import SaringBnbaForm
from dtks.models import Individu, Usulan
from tests.bansos.test_darurat_dan_penghapusan import LANSIA, lanjut_dari_diinput, tetapkan
from tests.bansos.test_verifikasi_kelayakan import batasi, kirim
from tests.bantu.alur import Perjalanan, orang
from tests.bantu.pemain import DESA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bulan_terbuka(db, settings):
    settings.DEMO = True
    batasi(31)


def surat(jenis: str = "KK_BARU") -> Catatan:
    return Catatan(timezone.localdate(), jenis, "1", "uji")


def penerima(program: str = "PKH"):
    p = Perjalanan(program=program)
    p.ditetapkan()
    return p.penetapan.baris.select_related("usulan__keluarga", "penetapan").get()


def jawab(baris, hasil, sebelum=None, **isi):
    satu = Jawaban(hasil, **isi)
    return aksi.jawab(baris.pk, by=orang("operator"), jawaban=satu, sebelum=sebelum.pk if sebelum else None)


def test_penerima_yang_meninggal_sendirian_keluar_dari_sk():
    """Answered while alive in the register, recorded dead, and removed by a decree, without a member left."""
    baris = penerima(LANSIA)
    keluarga, by = baris.usulan.keluarga, orang("operator")
    for satu in Individu.objects.filter(keluarga=keluarga, aktif=True).exclude(hubungan="1"):
        peristiwa.keluar(satu, by=by, catatan=surat())
    kepala = keluarga.anggota.get(aktif=True)
    hapus = jawab(baris, "meninggal", meninggal=kepala.pk).usulan
    peristiwa.meninggal(kepala, by=by, catatan=surat("AKTA_KEMATIAN"))
    keluarga.refresh_from_db()
    hapus.refresh_from_db()
    assert (keluarga.status, hapus.status) == ("nonaktif", "diajukan")
    p = Perjalanan(program=LANSIA, jalur="PENGHAPUSAN", pengusul="operator")
    p.usulan, p.musyawarah = hapus, p.rapat()
    langkah.musyawarahkan(hapus, by=by, musyawarah=p.musyawarah)
    p.berita_acara_sah()
    langkah.sepakati(hapus, by=by)
    langkah.input(hapus, by=by)
    lanjut_dari_diinput(p, "tidak_layak")
    assert baca.penerima([DESA]).filter(pk=baris.pk).exists(), "nobody leaves before the decree"
    tetapkan(p)
    assert not baca.penerima([DESA]).exists()


def test_yang_sudah_dicatat_meninggal_tetap_bisa_diusulkan_hapus():
    baris = penerima()
    keluarga, by = baris.usulan.keluarga, orang("operator")
    for satu in Individu.objects.filter(keluarga=keluarga, aktif=True).exclude(hubungan="1"):
        peristiwa.keluar(satu, by=by, catatan=surat())
    peristiwa.meninggal(keluarga.anggota.get(aktif=True), by=by, catatan=surat("AKTA_KEMATIAN"))
    usulan = jawab(baris, "tidak_ditemukan").usulan
    assert (usulan.jalur, usulan.status) == ("PENGHAPUSAN", "diajukan")


def test_bnba_tidak_mengusulkan_yang_akan_dihapus():
    baris = penerima()
    hapus = jawab(baris, "tidak_ditemukan").usulan
    form = SaringBnbaForm({"tahap": "semua"}, by=orang("operator"))
    assert form.terpilih is None, "a desa with removals only has nothing to propose"
    semua = Usulan.objects.filter(pk=hapus.pk)
    assert bnba.susun(semua, hapus.wilayah) == {}


def test_jawaban_yang_diperbaiki_menarik_penghapusan_yang_dibukanya(masuk):
    baris = penerima()
    salah = jawab(baris, "tidak_ditemukan")
    klien = masuk("operator")
    halaman = kirim(klien, baris, hasil="layak", catatan="Salah rumah", sebelum=str(salah.pk))
    assert halaman.status_code == 302
    assert f"Usulan penghapusan {salah.usulan.tiket} ditarik" in klien.get(halaman.url).content.decode()
    salah.usulan.refresh_from_db()
    assert salah.usulan.status == "ditarik"
    assert "penghapusan tidak diperlukan lagi" in salah.usulan.riwayat.get(langkah="tarik").alasan_kalimat
    assert baca.penerima([DESA]).filter(pk=baris.pk).exists()


def test_penghapusan_yang_dibuka_sendiri_tidak_ikut_ditarik():
    baris = penerima()
    by = orang("operator")
    hapus, _ = langkah.buat(
        by=by, keluarga=baris.usulan.keluarga, program="PKH", jalur="PENGHAPUSAN", alasan_usul="Permintaan warga"
    )  # fmt: skip
    langkah.ajukan(hapus, by=by)
    salah = jawab(baris, "tidak_ditemukan")
    assert salah.usulan == hapus
    assert jawab(baris, "layak", salah, catatan="Salah rumah").usulan is None
    hapus.refresh_from_db()
    assert hapus.status == "diajukan"


def test_penghapusan_yang_sudah_di_dinas_dikatakan_terus_terang(masuk):
    baris = penerima()
    salah = jawab(baris, "tidak_ditemukan")
    p = Perjalanan(jalur="PENGHAPUSAN", pengusul="operator")
    p.usulan, p.musyawarah, by = salah.usulan, p.rapat(), orang("operator")
    langkah.musyawarahkan(p.usulan, by=by, musyawarah=p.musyawarah)
    p.berita_acara_sah()
    langkah.sepakati(p.usulan, by=by)
    langkah.input(p.usulan, by=by)
    klien = masuk("operator")
    halaman = kirim(klien, baris, hasil="layak", catatan="Salah rumah", sebelum=str(salah.pk))
    assert "sudah di Dinas Sosial" in klien.get(halaman.url).content.decode()
    assert p.segar().status == "diinput"
