"""A TKSK in the hills: the day list and the form without a signal, two photos, the line goes, everything arrives once."""

import pytest

from dtks.models import KRITERIA, Asesmen, FotoAsesmen, Usulan
from tests.bantu.alur import sampai
from tests.browser import jaringan
from tests.browser.gambar import foto_rumah
from tests.browser.test_luring import PUTUS

pytestmark = pytest.mark.timeout(240)
HP = "/asesmen/hp/"


@pytest.fixture
def hp(layar, portal):
    satu = layar(portal, "tksk", lebar=360)
    asli = satu._catat
    satu._catat = lambda k: None if any(p in k for p in PUTUS) else asli(k)
    return satu


def tunggu_pita(op, kata: str) -> None:
    op.hal.wait_for_function(
        "kata => document.getElementById('luring').textContent.includes(kata)", arg=kata, timeout=60_000
    )


def test_kunjungan_tanpa_sinyal_dua_foto_terkirim_sekali(hp):
    usulan = sampai("ditugaskan", nomor=3).usulan
    nama = usulan.keluarga.nama_kepala
    hp.buka("/asesmen/")
    hp.lihat("90-kunjungan-saya")
    hp.buka(HP)
    jaringan.siap_luring(hp)
    hp.hal.get_by_role("button", name=nama).wait_for()
    hp.lihat("91-kunjungan-di-hp")

    jaringan.putus(hp)
    hp.buka("/asesmen/")  # every page of the visits leads to the one that works
    hp.hal.get_by_role("button", name=nama).click()
    hp.ketik(tanpa_benturan="on", kunjungan="1", tanpa_tempat_tinggal="False", kesimpulan="layak")
    hp.ketik(
        **{n: "True" for n, _ in KRITERIA}, catatan="Atap bocor di tiga tempat.", patokan="Belakang masjid"
    )
    for sisi, jenis in enumerate(("rumah_depan", "rumah_dalam")):
        hp.hal.locator("#foto-jenis").select_option(jenis)
        hp.hal.locator("#foto-berkas").set_input_files(
            {"name": "rumah.jpg", "mimeType": "image/jpeg", "buffer": foto_rumah(sisi)}
        )
        hp.hal.wait_for_function(f"() => document.querySelectorAll('#foto-daftar li').length === {sisi + 1}")
    hp.hal.wait_for_function(
        "() => document.getElementById('tersimpan').textContent.startsWith('Tersimpan di HP')"
    )
    hp.lihat("92-isi-kunjungan-tanpa-sinyal")
    hp.hal.reload()  # the phone was put into the pocket
    hp.hal.get_by_role("button", name=nama).click()
    hp.hal.locator("[name=catatan]").wait_for()
    assert hp.hal.locator("[name=catatan]").input_value() == "Atap bocor di tiga tempat."
    hp.hal.get_by_role("button", name="Selesaikan asesmen").click()
    tunggu_pita(hp, "1 kunjungan menunggu sinyal. 2 foto menunggu sinyal")
    hp.lihat("93-kunjungan-menunggu-sinyal")
    assert not Asesmen.objects.exists()
    mentah = jaringan.mentah_hp(hp)
    assert nama not in mentah and "Atap bocor" not in mentah and "KUNCI TERBUKA" not in mentah

    terpotong = jaringan.potong_jawaban(hp.hal, "**/kirim/")
    jaringan.sambung(hp)
    hp.hal.wait_for_timeout(500)
    hp.hal.evaluate("window.luring.kirim()")
    hp.hal.get_by_text("sudah sampai di server").first.wait_for(timeout=90_000)
    hp.hal.wait_for_function("() => !/foto|kunjungan/.test(document.getElementById('luring').textContent)")
    assert len(terpotong) == 1, "one answer was cut after the server had stored the visit"
    hp.lihat("94-kunjungan-terkirim")
    asesmen = Asesmen.objects.get()
    assert (asesmen.ke, asesmen.catatan, asesmen.kesimpulan) == (1, "Atap bocor di tiga tempat.", "layak")
    assert asesmen.mulai_at and asesmen.selesai_at and asesmen.tanpa_benturan_at
    assert FotoAsesmen.objects.filter(asesmen=asesmen).count() == 2
    assert Usulan.objects.get(pk=usulan.pk).status == "diases"

    hp.hal.locator("details.akun summary").click()
    hp.tekan("Keluar")
    hp.hal.wait_for_timeout(500)
    sisa = jaringan.isi_hp(hp)
    assert sisa["nama"] == [] and sisa["tembolok"] == [] and sisa["pekerja"] == 0
