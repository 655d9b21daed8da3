"""Two rows of one person: the operator on a phone proposes, the Dinas at a desk agrees, and takes it back."""

import pytest

from dtks.models import CalonGanda, Individu
from tests.dtks.test_calon_ganda import anggota_dan_salinan, pasangan

pytestmark = pytest.mark.timeout(240)


def test_dari_dua_data_menjadi_satu_dan_kembali(portal, layar):
    c = pasangan()
    asal, salinan = anggota_dan_salinan(c)
    op = layar(portal, "operator", lebar=360)
    op.buka("/padan/ganda/")
    op.lihat()
    op.ikuti("Mungkin orang yang sama")
    op.lihat("70-mungkin-ganda")
    op.ikuti(f"{c.pertama.nama} dan")
    op.lihat("71-dua-data-berdampingan")
    op.ketik(utama=str(asal.pk))
    op.hal.locator("#gabung_alasan").fill("KTP-el dan KK asli sudah dilihat, orangnya satu.")
    op.tekan("Usulkan digabung")
    assert "Usul tersimpan" in op.hal.inner_text("body")
    op.lihat()
    dinas = layar(portal, "verifikator", lebar=1280)
    dinas.buka(f"/padan/ganda/calon/{c.pk}/")
    dinas.lihat("72-setujui-gabung")
    dinas.tekan("Setujui dan gabungkan")
    assert not Individu.objects.get(pk=salinan.pk).aktif
    dinas.lihat("73-sudah-digabung")
    dinas.ketik(alasan="Keliru: ternyata saudara kembar.")
    dinas.tekan("Batalkan penggabungan")
    assert Individu.objects.get(pk=salinan.pk).aktif
    assert CalonGanda.objects.get().status == "terbuka"
    dinas.lihat()
