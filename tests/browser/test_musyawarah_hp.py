"""The evening of the meeting on one phone, 360 px wide: operator and lurah, from the agenda to corrected minutes."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from dtks.models import Musyawarah, Usulan
from tests.bantu.alur import PDF, sampai
from tests.browser.gambar import foto_rumah
from tests.browser.langkah import UNSUR
from tests.browser.layar import Layar

pytestmark = pytest.mark.timeout(300)


def _jadwalkan(op: Layar) -> str:
    op.buka("/musyawarah/baru/")
    besok = timezone.localtime() + timedelta(hours=2)
    op.ketik(
        waktu=besok.strftime("%Y-%m-%dT%H:%M"), tempat="Aula kelurahan", pimpinan="Asep Hidayat", notulis="Siti Rohmah",
        agenda="Usulan penerima bantuan baru",
    )  # fmt: skip
    for i in range(len(UNSUR)):
        unsur = op.hal.locator(f'[name="peserta-{i}-unsur"]').input_value()
        op.ketik(**{f"peserta-{i}-nama": UNSUR[unsur]})
    op.lihat("musyawarah-baru")
    op.tekan("Jadwalkan")
    assert "3 usulan masuk agenda" in op.teks
    return op.hal.url


def _sentuh(op: Layar, n: int, label: str) -> None:
    """One touch on one card; the card comes back saved or asking."""
    with op.hal.expect_response(lambda r: "/putusan/" in r.url and r.request.method == "POST"):
        op.hal.locator("section.putusan").nth(n).get_by_label(label, exact=True).check()
    op.hal.wait_for_function("() => !document.querySelector('.htmx-request')")


def _hadir(op: Layar, rapat: str) -> None:
    op.buka(rapat + "hadir/")
    for kotak in op.hal.locator("label.pilih input[name=hadir]").all():
        with op.hal.expect_response(lambda r: "/hadir/" in r.url):
            kotak.check()
    op.hal.get_by_text("Kuorum tercapai").wait_for()


def _tutup_sampai_terap(op: Layar, lurah: Layar, rapat: str, foto: bool) -> None:
    op.buka(rapat + "tutup/")
    op.tekan("Tutup musyawarah dan buat berita acara")
    assert op.unduh("Unduh semua").startswith(b"PK")
    lembar = [{"name": f"{i}.jpg", "mimeType": "image/jpeg", "buffer": foto_rumah(i)} for i in range(2)]
    pdf = [{"name": "ba.pdf", "mimeType": "application/pdf", "buffer": PDF}]
    op.hal.locator('main [name="pindaian"]').set_input_files(lembar if foto else pdf)
    if foto:
        op.hal.get_by_text("2 foto siap dikirim").wait_for()
    op.lihat("musyawarah-unggah-foto-berita-acara" if foto else "")
    op.tekan("Unggah berita acara")
    lurah.buka(rapat + "persetujuan/")
    lurah.lihat("" if foto else "musyawarah-setujui-perbaikan")
    lurah.tekan("Setujui berita acara")
    op.buka(rapat)
    op.tekan("Terapkan putusan")


def test_musyawarah_di_satu_hp_lalu_diperbaiki(portal, layar):
    usulan = [sampai("diajukan", nomor=n).usulan for n in (0, 1, 2)]
    op, lurah = layar(portal, "operator"), layar(portal, "lurah")
    rapat = _jadwalkan(op)
    op.buka(rapat + "undangan/")
    op.tekan("Buat undangan")
    op.lihat("musyawarah-undangan")
    assert op.unduh("Unduh undangan").startswith(b"%PDF")
    _hadir(op, rapat)
    op.lihat("musyawarah-hadir")
    op.buka(rapat + "putusan/")
    op.lihat()
    _sentuh(op, 0, "Disepakati")
    _sentuh(op, 1, "Ditolak (tidak layak)")
    assert "Belum tersimpan" in op.teks and "1 dari 3 sudah diputus" in op.teks
    op.lihat("musyawarah-putusan-hp")
    alasan = op.hal.locator("section.putusan").nth(1).get_by_label("Alasan", exact=True)
    alasan.evaluate(
        "e => { e.style.height = '60px' }"
    )  # an extension does so; copied, it would break the CSP
    with op.hal.expect_response(lambda r: "/putusan/" in r.url):
        alasan.select_option("MAMPU")
    _sentuh(op, 2, "Meninggal")
    op.hal.get_by_text("3 dari 3 sudah diputus").wait_for()
    op.lihat("musyawarah-putusan-lengkap")
    op.buka(rapat + "acara/")
    op.ketik(waktu=timezone.localtime().strftime("%Y-%m-%dT%H:%M"))
    op.tekan("Simpan")
    _tutup_sampai_terap(op, lurah, rapat, foto=True)
    assert "Catat juga di data keluarga" in op.teks
    op.lihat("musyawarah-sesudah-diterapkan")
    assert sorted(Usulan.objects.values_list("status", flat=True)) == ["disepakati", "ditolak", "ditolak"]

    op.ikuti("Ada yang keliru?")
    op.ketik(alasan_perbaikan="Salah catat: nama kedua sebenarnya disepakati.")
    op.lihat("musyawarah-perbaiki-berita-acara")
    op.tekan("Mulai perbaikan")
    koreksi = re.sub(r"agenda/$", "", op.hal.url)
    ditolak = Musyawarah.objects.get(perbaikan_dari=None).putusan.get(putusan="ditolak").usulan
    op.hal.get_by_label(re.compile(ditolak.keluarga.nama_kepala)).check()
    op.lihat()
    op.tekan("Perbaiki yang dicentang")
    _hadir(op, koreksi)
    op.buka(koreksi + "putusan/")
    _sentuh(op, 0, "Disepakati")
    op.lihat()
    _tutup_sampai_terap(op, lurah, koreksi, foto=False)
    ditolak.refresh_from_db()
    assert ditolak.status == "disepakati" and len(usulan) == 3
    op.buka(rapat)
    assert "Diperbaiki oleh" in op.teks
    op.lihat("musyawarah-diperbaiki-oleh")


def test_putusan_di_layar_lebar(portal, layar):
    p = sampai("dimusyawarahkan")
    op = layar(portal, "operator", lebar=1280)
    for bagian in ("agenda/", "undangan/", "hadir/", "putusan/", "tutup/"):
        op.buka(f"/musyawarah/{p.musyawarah.pk}/{bagian}")
        op.lihat()
