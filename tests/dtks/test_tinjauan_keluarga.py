"""What a review found on families that move, die or are merged: each must never happen again."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from core.workflow import GateClosed, NotAllowed
from dtks.actions import gabung, peristiwa, pindah
from dtks.actions import keluarga as register
from dtks.actions import usulan as langkah
from dtks.actions.peristiwa import Catatan, Pengganti
from dtks.models import Individu, Keluarga, TiketPadan
from dtks.policies.usulan import lihat_keluarga
from tests.bantu.alur import foto, keluarga_uji, orang, sampai
from tests.bantu.pemain import DESA, DESA2
from tests.dtks import test_calon_ganda as ganda
from tests.dtks import test_musyawarah_perbaikan as perbaikan
from tests.dtks.test_musyawarah_perbaikan import sah  # noqa: F401

pytestmark = pytest.mark.django_db
ALAMAT_BARU = "KAMPUNG TUJUAN NOMOR SEMBILAN"


@pytest.fixture(autouse=True)
def tanpa_faktor_kedua(settings):
    """The second factor has tests of its own."""
    settings.DEMO = True


def surat(jenis: str = "KK_BARU") -> Catatan:
    return Catatan(timezone.localdate(), jenis, "1", "uji")


def pindahkan(keluarga: Keluarga) -> Keluarga:
    """The whole family to DESA2, asked for and accepted."""
    p = pindah.minta(keluarga, by=orang("operator"), catatan=surat("SKPWNI"), ke=DESA2)
    data = {"alamat": ALAMAT_BARU, "rt": "003", "rw": "004", "no_kk": ""}
    pindah.terima(p, by=orang("operator2"), data=data)
    keluarga.refresh_from_db()
    return keluarga


def test_yang_digabung_tidak_dihidupkan_lewat_koreksi_atau_masuk(masuk):
    calon = ganda.pasangan()
    gabungan = ganda.digabung(calon)
    kalah = Individu.objects.get(pk=gabungan.kalah_id)
    with pytest.raises(GateClosed, match="DIGABUNG"):
        peristiwa.kembali(kalah, by=orang("operator"), catatan=surat("SURAT_DESA"), hubungan="1")
    halaman = masuk("operator").get(reverse("peristiwa_catat", args=[kalah.keluarga_id, "koreksi"]))
    assert halaman.status_code == 200 and str(kalah.pk) not in halaman.content.decode()
    kolom = ("nama", "tempat_lahir", "tgl_lahir", "jenis_kelamin", "status_kawin", "ibu_kandung")
    data = {k: getattr(kalah, k) for k in kolom} | {
        "nik": kalah.nik.open(),
        "hubungan": "8",
        "keberadaan": "1",
    }
    lain = sampai("draf", nomor=5, pengusul="operator").usulan.keluarga
    with pytest.raises(GateClosed, match="DIGABUNG"):
        peristiwa.masuk(lain, by=orang("operator"), catatan=surat(), data=data)
    kalah.refresh_from_db()
    assert not kalah.aktif and kalah.keluarga.status == "nonaktif"
    gabung.pisahkan(calon, by=orang("verifikator"), alasan="Ternyata dua orang yang berbeda.")
    kalah.refresh_from_db()
    assert kalah.aktif and kalah.keluarga.status == "calon"


def test_pisahkan_tidak_menimpa_kepala_dan_status_yang_berubah_sesudah_digabung():
    nomor = next(n for n in range(50) if len(keluarga_uji(n).told) >= 4)
    calon = ganda.pasangan(nomor=nomor)
    utama = Individu.objects.get(pk=ganda.digabung(calon).utama_id)
    keluarga = utama.keluarga
    baru = keluarga.anggota.filter(aktif=True).exclude(hubungan="1").exclude(pk=utama.pk).first()
    peristiwa.ganti_kepala(keluarga, by=orang("operator"), catatan=surat(), ganti=Pengganti(kepala=baru.pk))
    register.daftarkan(keluarga, by=None)
    gabung.pisahkan(calon, by=orang("verifikator"), alasan="Ternyata dua orang yang berbeda.")
    keluarga.refresh_from_db()
    assert keluarga.nama_kepala == baru.nama and keluarga.status == "terdaftar"


def test_perbaikan_berita_acara_tidak_membuka_usulan_keluarga_yang_sudah_pindah(sah):  # noqa: F811
    klien, lurah, rapat = sah
    usulan, lain = perbaikan.usulan_dengan(rapat, "ditolak"), perbaikan.usulan_dengan(rapat, "ditunda")
    koreksi = perbaikan.perbaiki(klien, rapat, {usulan: "disepakati", lain: "disepakati"})
    assert perbaikan.tutup(klien, koreksi).status_code == 302
    pindahkan(usulan.keluarga)  # between the close and the approval: the others are not held up
    assert perbaikan.unggah(klien, koreksi).status_code == 302
    assert perbaikan.setujui(lurah, koreksi).status_code == 302
    klien.post(perbaikan.alamat("terapkan", koreksi))
    usulan.refresh_from_db()
    lain.refresh_from_db()
    assert (usulan.status, lain.status) == ("ditolak", "disepakati")
    with pytest.raises(NotAllowed):
        register.simpan_keluarga(usulan, by=orang("operator"), data={"alamat": "Diubah desa lama"})


def test_keluarga_yang_pindah_tidak_masuk_agenda_perbaikan(sah):  # noqa: F811
    klien, _, rapat = sah
    usulan = perbaikan.usulan_dengan(rapat, "ditolak")
    diminta = pindah.minta(usulan.keluarga, by=orang("operator"), catatan=surat("SKPWNI"), ke=DESA2)
    koreksi = perbaikan.mulai(klien, rapat)
    isi = {"usulan": [str(usulan.pk)]}
    halaman = klien.post(perbaikan.alamat("agenda", koreksi), isi, follow=True).content.decode()
    assert "sedang diminta pindah" in halaman and not koreksi.putusan.exists()
    pindah.terima(
        diminta, by=orang("operator2"), data={"alamat": "Kp", "rt": "001", "rw": "001", "no_kk": ""}
    )
    halaman = klien.post(perbaikan.alamat("agenda", koreksi), isi, follow=True).content.decode()
    assert "sudah pindah ke desa lain" in halaman and not koreksi.putusan.exists()


def test_desa_lama_tidak_mengubah_keluarga_lewat_usulan_lama_yang_terbuka_lagi(sampai):
    """The second wall: even a proposal that stands open writes nothing to a family elsewhere."""
    usulan = sampai("draf", pengusul="operator").usulan
    Keluarga.objects.filter(pk=usulan.keluarga_id).update(wilayah=DESA2)
    with pytest.raises(NotAllowed):
        register.simpan_keluarga(usulan, by=orang("operator"), data={"alamat": "Diubah desa lama"})


def test_desa_lama_hanya_melihat_pokok_usulan_keluarga_yang_pindah(masuk):
    usulan = sampai("ditarik", nomor=3, pengusul="operator").usulan
    keluarga = usulan.keluarga
    nama_dulu, anggota = keluarga.nama_kepala, keluarga.anggota.exclude(hubungan="1").first()
    pindahkan(keluarga)
    baru, _ = langkah.buat(by=orang("operator2"), keluarga=keluarga, program="PKH")
    kepala = keluarga.anggota.get(hubungan="1")
    register.simpan_anggota(
        baru, by=orang("operator2"), individu=kepala, data={"nama": "NAMA SESUDAH PINDAH"}
    )
    gambar = register.tambah_foto(baru, by=orang("operator2"), jenis="rumah_depan", isi=foto())
    desa_lama, desa_baru, dinas = masuk("operator"), masuk("operator2"), masuk("verifikator")
    isi = desa_lama.get(f"/usulan/{usulan.pk}/").content.decode()
    assert "Keluarga ini sudah pindah ke desa lain; datanya dilihat desa barunya." in isi
    assert nama_dulu in isi and usulan.tiket in isi and "Riwayat" in isi
    for rahasia in (ALAMAT_BARU, "NAMA SESUDAH PINDAH", anggota.nama, "Anggota keluarga"):
        assert rahasia not in isi
    assert desa_lama.get(f"/berkas/{gambar.berkas_id}/").status_code == 404
    assert desa_lama.post(f"/usulan/{usulan.pk}/cek-nik/").status_code == 404
    assert ALAMAT_BARU in dinas.get(f"/usulan/{usulan.pk}/").content.decode()
    for klien in (desa_baru, dinas):
        assert klien.get(f"/berkas/{gambar.berkas_id}/").status_code == 200
    assert lihat_keluarga(orang("tksk"), baru) and lihat_keluarga(orang("operator2"), baru)


def test_unduhan_desa_lama_tanpa_alamat_dan_nomor_keluarga_yang_pindah(masuk):
    usulan = sampai("ditarik", nomor=3, pengusul="operator").usulan
    tinggal = sampai("draf", nomor=4, pengusul="operator").usulan.keluarga
    keluarga = pindahkan(usulan.keluarga)
    pesan = {"kunci_kirim": str(uuid.uuid4()), "format": "csv", "nomor": "lengkap", "alasan": "uji saja dulu"}
    jawab = masuk("operator").post("/usulan/unduh/", pesan)
    isi = (b"".join(jawab.streaming_content) if jawab.streaming else jawab.content).decode()
    assert usulan.tiket in isi and ALAMAT_BARU not in isi and keluarga.no_kk.open() not in isi
    assert tinggal.alamat in isi and tinggal.no_kk.open() in isi


def test_tiket_yang_dikecualikan_ikut_pindah():
    usulan = sampai("ditarik", nomor=3, pengusul="operator").usulan
    tiket = TiketPadan.objects.create(
        individu=usulan.keluarga.anggota.first(), wilayah_id=DESA, kategori="TIDAK_DITEMUKAN", status="dikecualikan",
        pengecualian_orang=orang("operator").orang, disetujui_orang=orang("verifikator").orang,
        pengecualian_by=orang("operator"), disetujui_by=orang("verifikator"),
    )  # fmt: skip
    pindahkan(usulan.keluarga)
    terlihat = TiketPadan.objects.filter(pk=tiket.pk)
    assert (
        terlihat.visible_to(orang("operator2")).exists()
        and not terlihat.visible_to(orang("operator")).exists()
    )


def test_keluarga_tidak_aktif_hanya_bisa_diusulkan_hapus():
    usulan = sampai("ditarik", nomor=3, pengusul="operator").usulan
    Keluarga.objects.filter(pk=usulan.keluarga_id).update(status="nonaktif")
    with pytest.raises(GateClosed, match="NONAKTIF"):
        langkah.buat(by=orang("operator"), keluarga=usulan.keluarga, program="BPNT")
    hapus, _ = langkah.buat(
        by=orang("operator"), keluarga=usulan.keluarga, program="BPNT", jalur="PENGHAPUSAN"
    )
    assert hapus.status == "draf"
