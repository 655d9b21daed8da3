"""The month as people meet it: the banner of what is not sent yet, Jadwal, and its change by the supervisor."""

from datetime import timedelta

import pytest

from dtks.actions import musyawarah as rapat_aksi
from dtks.actions import periode as aksi
from dtks.queries import periode as baca
from tests.bantu.alur import PDF, Perjalanan, orang, sampai
from tests.bantu.pemain import KABUPATEN
from wilayah.waktu import waktu_wilayah

pytestmark = pytest.mark.timeout(300)


def _berita_acara_menunggu(nomor: int) -> None:
    p: Perjalanan = sampai("dimusyawarahkan", nomor=nomor)
    m, by = p.musyawarah, orang("operator")
    rapat_aksi.putuskan(m, by=by, putusan={str(s.pk): {"putusan": "disepakati"} for s in m.putusan.all()})
    rapat_aksi.tandatangani(rapat_aksi.selenggarakan(m, by=by), by=by, isi=PDF, nama="ba.pdf")


def test_batas_di_hp_dan_jadwal_di_meja_supervisor(portal, layar):
    aksi.siapkan(KABUPATEN)
    bulan = sampai("draf", nomor=0).usulan.periode  # this month, or the next one after its closing moment
    _berita_acara_menunggu(1)
    op, lurah = layar(portal, "operator"), layar(portal, "lurah")
    op.buka("/dasbor/")
    assert "1 draf belum diajukan" in op.teks and "Batas usulan PKH bulan" in op.teks
    op.lihat("jadwal-spanduk")
    op.hal.get_by_role("link", name="draf belum diajukan").first.click()
    op.hal.wait_for_url("**/usulan/?*")
    op.lihat()
    op.buka(f"/periode/?periode={bulan}")
    assert "Batas Anda" in op.teks and "Ubah jadwal" not in op.teks
    op.lihat("jadwal-bulan")
    lurah.buka("/dasbor/")
    assert "1 usulan menunggu berita acara Anda setujui" in lurah.teks
    lurah.lihat("jadwal-spanduk-lurah")

    depan = baca.berikut(baca.bulan(KABUPATEN, baca.saat_ini()))
    for lebar in (360, 1280):
        dinas = layar(portal, "supervisor", lebar=lebar)
        dinas.buka(f"/periode/?periode={depan}")
        dinas.lihat("jadwal-dinas" if lebar > 700 else "")
        dinas.ikuti("Ubah jadwal")
        dinas.lihat("jadwal-ubah" if lebar < 700 else "")
        dinas.tekan("Simpan jadwal")
        assert "Tulis alasan perubahan jadwal." in dinas.teks
        dinas.lihat()
        lama = dinas.hal.locator('[name="tarik_pusat"]').input_value()
        saat = waktu_wilayah(KABUPATEN, baca.saat_ini()).fromisoformat(lama) + timedelta(days=1)
        dinas.ketik(tarik_pusat=saat.strftime("%Y-%m-%dT%H:%M"), alasan="Surat Kemensos memperpanjang batas")
        dinas.tekan("Simpan jadwal")
        assert "Jadwal sudah diubah" in dinas.teks
