"""The village desk: a NIK that does not match and its letter, then the month's recipients, on a phone and on a screen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dtks.actions import padan
from dtks.models import Individu, SuratPadan, TiketPadan
from tests.bansos.test_verifikasi_kelayakan import jendela
from tests.bantu import alur


def _tidak_padan(nomor, kategori, **ubah) -> TiketPadan:
    """A ticket that the worker of the stage cannot close: the identity is one that the registry gives this answer to."""
    satu = alur.sampai("diajukan", nomor=nomor).usulan.keluarga.anggota.get(hubungan="1")
    for kolom, baru in ubah.items():
        lama = getattr(satu, kolom)
        setattr(satu, kolom, baru(lama.open() if kolom == "nik" else lama))
    satu.save()
    segar = Individu.objects.get(pk=satu.pk)
    padan.catat_hasil(
        segar.pk, hasil={"kategori": kategori}, sidik=padan.identity_fingerprint(segar), pekerjaan=None
    )
    return TiketPadan.objects.terbuka().get(individu=segar)


@pytest.mark.timeout(400)
def test_nik_tidak_padan_dan_verifikasi_kelayakan(portal, layar):
    tiket = [
        _tidak_padan(20, "TIDAK_DITEMUKAN", nik=lambda lama: f"{lama[:12]}9999"),
        _tidak_padan(21, "TIDAK_PADAN_NAMA", nama=lambda lama: "UJANG SAEPUDIN"),
    ]
    for n in (22, 23):
        alur.sampai("ditetapkan", nomor=n)
    # The window that fits best: the month is open on whatever day this runs, whatever beat prepares meanwhile.
    besok = timezone.now().replace(microsecond=0) + timedelta(days=1)
    jendela(besok, program="PKH", jalur="PENGHAPUSAN")
    operator = layar(portal, "operator")
    operator.buka("/padan/")
    operator.lihat("padan_daftar")
    operator.buka(f"/padan/{tiket[0].pk}/")
    operator.lihat("padan_lihat")
    operator.ikuti("Masukkan ke surat untuk Disdukcapil")
    operator.lihat("surat_padan_baru")
    operator.tekan("Buat surat")
    operator.lihat("surat_padan_lihat")
    operator.tekan("Tandai sudah diantar")
    assert "menunggu Disdukcapil" in operator.teks
    assert SuratPadan.objects.get().dikirim_tanggal
    dukcapil = layar(portal, "dukcapil", lebar=1280)
    dukcapil.buka(f"/padan/{tiket[0].pk}/")
    dukcapil.hal.locator("#id_dukcapil_catatan").fill("NIK sudah diaktifkan.")
    dukcapil.tekan("Sudah diperbaiki di Dukcapil")
    dukcapil.lihat()
    # The worker may be quick; the registry still does not know the number, and only its answer counts.
    assert TiketPadan.objects.get(pk=tiket[0].pk).status in ("diperbaiki", "buka")
    operator.buka("/kelayakan/")
    operator.lihat("kelayakan_daftar")
    operator.hal.locator("label.centang").first.click()
    operator.tekan("Periksa yang dicentang")
    operator.lihat("kelayakan_layak")
    operator.tekan("Ya, semuanya masih layak")
    assert "1 penerima dicatat masih layak" in operator.teks
    operator.buka("/dasbor/")
    operator.ikuti("penerima bantuan belum dinilai bulan ini")
    operator.hal.locator("table.kartu th a").last.click()
    assert not operator.hal.locator("#id_meninggal, #id_pengurus").first.is_visible()
    operator.ketik(hasil="meninggal")
    assert operator.hal.locator("#id_meninggal").is_visible(), "unfolds by the answer"
    operator.lihat()
    operator.ketik(hasil="tidak_ditemukan", catatan="Rumah kosong sejak bulan lalu.")
    operator.lihat("kelayakan_jawab")
    operator.tekan("Simpan jawaban")
    assert "Usulan penghapusan dibuat" in operator.teks
    operator.lihat()
    supervisor = layar(portal, "supervisor", lebar=1280)
    for alamat in ("/kelayakan/pantau/", "/padan/"):
        supervisor.buka(alamat)
        supervisor.lihat()
    lebar = layar(portal, "operator", lebar=1280)
    surat = f"/padan/surat/{SuratPadan.objects.get().pk}/"
    for alamat in (f"/padan/{tiket[1].pk}/", "/padan/surat/", "/padan/surat/baru/", surat, "/kelayakan/"):
        lebar.buka(alamat)
        lebar.lihat()
    lebar.buka(surat)
    lebar.hal.locator("summary", has_text="Surat ini keliru?").click()
    lebar.ketik(alasan="Orangnya keliru dicentang.")
    lebar.lihat()
    lebar.tekan("Batalkan surat")
    assert "Surat dibatalkan" in lebar.teks
    lebar.lihat()
    operator.buka(surat)
    operator.lihat("surat_padan_batal")
