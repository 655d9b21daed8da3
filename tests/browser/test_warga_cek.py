"""An old citizen asks whether aid is coming: by NIK with keys alone, large text and no JavaScript; by name with a thumb."""

from collections.abc import Iterator

import pytest

from core.identity import mask_name
from dtks.models import Individu
from tests.bantu import alur
from tests.browser import warga


@pytest.fixture(autouse=True)
def sabar(db_nyata) -> Iterator[None]:
    with warga.tunggu_sebentar():
        yield


def test_nenek_dan_kakek_mengecek_bansos(portal, layar):
    penerima = alur.sampai("ditetapkan", program="APBD-LANSIA")
    kepala = Individu.objects.get(keluarga=penerima.usulan.keluarga, hubungan="1", aktif=True)

    nenek = layar(portal, lebar=warga.LEBAR, besar=True, skrip=False)
    papan = warga.Papan(nenek)
    nenek.buka("/")
    papan.tekan("Cek bansos")
    nenek.lihat()
    warga.terbaca(nenek)
    papan.tulis("nik", kepala.nik.open())
    papan.tulis("tgl_lahir", f"{kepala.tgl_lahir:%d %m %Y}")
    warga.kirim_pelan(
        nenek,
        "Lihat hasil",
        lambda: nenek.hal.get_by_role("heading", name="Hasil cek bansos").count() == 1,
        papan=papan,
    )
    assert "Menerima" in nenek.teks and "Yang perlu dilakukan" in nenek.teks
    nenek.lihat()
    warga.terbaca(nenek)

    kakek = layar(portal, lebar=warga.LEBAR)
    kakek.buka("/cek/")
    kakek.lihat("warga-20-cek")
    kakek.isi("Cari nama atau kode", kepala.keluarga.wilayah_id[:13])
    kakek.tekan("Cari wilayah")
    nama = kakek.hal.locator('form:has([name="wilayah_cari"]) [name="nama"]')
    nama.fill(kepala.nama)
    kakek.lihat("warga-21-cek-nama")
    kakek.tekan("Lihat hasil")
    assert "Menerima" in kakek.teks and mask_name(kepala.nama) in kakek.teks
    kakek.lihat("warga-22-cek-hasil")

    kakek.buka("/cek/")
    kakek.ketik(nik="3205014107500003", tgl_lahir="01/07/1950")
    kakek.tekan("Lihat hasil")
    assert (
        "Menerima" not in kakek.teks
        and kakek.hal.get_by_role("heading", level=1).inner_text() == "Hasil cek bansos"
    )
    kakek.lihat("warga-23-cek-tidak-ditemukan")
