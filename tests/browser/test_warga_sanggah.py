"""Sanggah from the public list to the outcome: neighbours object unseen, the family is heard, both read how it ended."""

from collections.abc import Iterator

import pytest

from core.identity import mask_name
from pengaduan.actions import perkara as aksi
from pengaduan.models import HakJawab, Penyanggah, PerkaraSanggah, Sanggah
from tests.bantu import sanggah as bantu
from tests.bantu.alur import orang, sampai
from tests.browser import warga
from tests.browser.gambar import foto_rumah

PUTUSAN = "Mobil itu terbukti milik majikan. Keluarga ini tetap menerima."


@pytest.fixture(autouse=True)
def sabar(db_nyata) -> Iterator[None]:
    with warga.tunggu_sebentar():
        yield


def _cari_di_pengumuman(papan: warga.Papan, desa: str) -> None:
    papan.tekan("Sanggah")
    papan.tekan("Cari namanya di pengumuman")
    papan.tulis("desa_cari", desa)
    papan.tekan("Cari wilayah")
    papan.tekan("Lihat pengumuman")


def test_sanggah_dengan_hak_jawab_sampai_putusan(portal, layar):
    penerima = bantu.penerima(30)
    keluarga = penerima.usulan.keluarga
    tetangga = bantu.warga(sampai("draf", nomor=31, pengusul="operator"))
    lain = bantu.warga(sampai("draf", nomor=32, pengusul="operator"))

    # One neighbour by keys alone, large text, no JavaScript.
    nenek = layar(portal, lebar=warga.LEBAR, besar=True, skrip=False)
    papan = warga.Papan(nenek)
    nenek.buka("/")
    _cari_di_pengumuman(papan, keluarga.wilayah_id[:13])
    assert mask_name(keluarga.nama_kepala) in nenek.teks and keluarga.nama_kepala not in nenek.hal.content()
    nenek.lihat()
    warga.terbaca(nenek)
    papan.tekan(f"Sanggah {mask_name(keluarga.nama_kepala)}")
    papan.tulis("nama_dimaksud", keluarga.nama_kepala)
    papan.pilih("alasan", bantu.ALASAN)
    papan.tulis("cerita", bantu.CERITA)
    papan.unggah("foto", "rumah.jpg", foto_rumah())
    papan.tulis("patokan", "Sebelah musala")
    papan.tulis("nik", tetangga.nik.open())
    papan.tulis("nama", tetangga.nama)
    papan.tanggal("lahir", tetangga.tgl_lahir.isoformat())
    papan.centang("benar")
    nenek.lihat()
    warga.terbaca(nenek)

    def diterima() -> bool:
        if Sanggah.objects.exists():
            return True
        papan.unggah("foto", "rumah.jpg", foto_rumah())
        return False

    warga.kirim_pelan(nenek, "Kirim sanggahan", diterima, papan=papan)
    nenek.lihat()
    warga.terbaca(nenek)
    tiket, pin = warga.pegangan(nenek, "SGH")
    assert Sanggah.objects.get().identitas == "register"

    # Another one with a thumb; both are one case.
    kakek = layar(portal, lebar=warga.LEBAR)
    kakek.buka("/sanggah/")
    kakek.lihat()
    kakek.buka(f"/pengumuman/?desa={keluarga.wilayah_id[:13]}")
    kakek.lihat()
    kakek.ikuti(f"Sanggah {mask_name(keluarga.nama_kepala)}")
    kakek.ketik(
        nama_dimaksud=keluarga.nama_kepala,
        alasan=bantu.ALASAN,
        cerita="Mobilnya dipakai setiap hari.",
        patokan="Sebelah musala",
    )
    kakek.unggah("foto", "rumah.jpg", "image/jpeg", foto_rumah(1))
    kakek.ketik(nik=lain.nik.open(), nama=lain.nama, lahir=lain.tgl_lahir.isoformat(), benar="on")
    kakek.lihat()
    kakek.tekan("Kirim sanggahan")
    warga.pegangan(kakek, "SGH")
    kakek.lihat()
    perkara = PerkaraSanggah.objects.get()
    assert Penyanggah.objects.count() == 2

    # The family is heard: it reads what is asked, never who asked.
    hak, pin_surat = bantu.disampaikan(bantu.hak_jawab(perkara))
    rumah = layar(portal, lebar=warga.LEBAR)
    warga.lacak(rumah, hak.tiket, pin_surat)
    rumah.lihat("warga-34-hak-jawab")
    ibu = layar(portal, lebar=warga.LEBAR, besar=True, skrip=False)
    tangan = warga.Papan(ibu)
    ibu.buka("/lacak/")
    tangan.tulis("tiket", hak.tiket)
    tangan.tulis("pin", pin_surat)
    tangan.tekan("Lihat status")
    assert "Punya mobil" in ibu.teks
    for jejak in (bantu.CERITA, tetangga.nama, lain.nama, tiket, "dipakai setiap hari"):
        assert jejak not in ibu.hal.content()
    warga.terbaca(ibu)
    tangan.tulis("jawaban", "Mobil itu milik majikan saya.")
    ibu.lihat()
    tangan.tekan("Kirim jawaban")
    assert HakJawab.objects.get().jawaban == "Mobil itu milik majikan saya."
    ibu.lihat()

    # The Dinas looks and decides; both sides read the end.
    perkara = bantu.dilaporkan(bantu.diperiksa(PerkaraSanggah.objects.get()), temuan="tidak")
    aksi.tolak(perkara, by=orang("kadis"), alasan=PUTUSAN)
    warga.lacak(rumah, hak.tiket, pin_surat)
    assert PUTUSAN in rumah.teks
    rumah.lihat("warga-35-hak-jawab-putusan")
    nenek.buka("/lacak/")
    papan.tulis("tiket", tiket)
    papan.tulis("pin", pin)
    papan.tekan("Lihat status")
    assert "tidak terbukti" in nenek.teks.lower()
    nenek.lihat()
    warga.terbaca(nenek)
