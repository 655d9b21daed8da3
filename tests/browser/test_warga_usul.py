"""An old citizen proposes: by keys alone with large text and no JavaScript, and by thumb on a small phone; the village answers."""

from collections.abc import Iterator

import pytest

from dtks.models import Usulan
from pengaduan.actions import usul as tindakan
from pengaduan.models import Usul
from tests.bantu.alur import keluarga_uji, orang
from tests.bantu.pemain import DESA
from tests.browser import warga
from tests.browser.gambar import foto_rumah


@pytest.fixture(autouse=True)
def sabar(db_nyata) -> Iterator[None]:
    with warga.tunggu_sebentar():
        yield


def _diambil(satu: Usul) -> Usulan:
    """The operator makes a proposal of it."""
    keluarga = keluarga_uji(3)
    kepala = keluarga.told[0]
    return tindakan.ambil(
        satu, by=orang("operator"), program="PKH", alasan_usul=satu.alasan,
        data={"no_kk": keluarga.kk, "alamat": satu.alamat, "rt": "001", "rw": "005"},
        kepala={"nik": kepala.nik, "nama": kepala.nama, "tempat_lahir": kepala.tempat_lahir, "tgl_lahir": kepala.tanggal_lahir,
                "jenis_kelamin": "1", "status_kawin": "2", "ibu_kandung": kepala.nama_ibu},
    )  # fmt: skip


def test_nenek_mengusulkan_tetangga_dengan_papan_ketik_huruf_besar_tanpa_javascript(portal, layar):
    nenek = layar(portal, lebar=warga.LEBAR, besar=True, skrip=False)
    papan = warga.Papan(nenek)
    nenek.buka("/")
    papan.tekan("Usul")
    papan.pilih("untuk", "tetangga")
    papan.tulis("wilayah_cari", DESA)
    papan.tekan("Cari wilayah")
    nenek.lihat()
    warga.terbaca(nenek)
    papan.tekan("Lanjut")
    papan.tulis("nama_kepala", "Ibu Kenari")
    papan.tulis("alamat", "Kampung Baru")
    papan.tulis("alasan", "Suaminya sakit. Anaknya tiga.")
    nenek.lihat()
    warga.terbaca(nenek)
    papan.tekan("Lanjut")
    papan.tulis("pengusul_nama", "Nyi Merpati")
    papan.centang("tanpa_nik")
    papan.tekan("Lanjut")
    papan.centang("setuju")
    papan.unggah("foto_rumah", "rumah.jpg", foto_rumah())
    nenek.lihat()
    papan.ke("Kirim usul")

    def terkirim() -> bool:
        if nenek.hal.get_by_text("Tanda terima usul").count():
            return True
        papan.unggah("foto_rumah", "rumah.jpg", foto_rumah())  # a browser never keeps a chosen file
        return False

    warga.kirim_pelan(nenek, "Kirim usul", terkirim, papan=papan)
    nenek.lihat()
    warga.terbaca(nenek)
    tiket, pin = warga.pegangan(nenek, "UWG")
    usul = Usul.objects.get()
    assert usul.wilayah_id == DESA and usul.untuk == "tetangga" and usul.foto.count() == 1

    papan.tekan("Buka halaman Lacak")
    papan.tulis("tiket", tiket)
    papan.tulis("pin", pin)
    papan.tekan("Lihat status")
    assert "menunggu jawaban desa" in nenek.teks and "Kenari" not in nenek.hal.content()
    nenek.lihat()
    warga.terbaca(nenek)


def test_kakek_mengusulkan_diri_dan_mengikutinya_sampai_menjadi_usulan(portal, layar):
    kakek = layar(portal, lebar=warga.LEBAR)
    kakek.buka("/usul/")
    kakek.ketik(untuk="sendiri")
    kakek.isi("Cari nama atau kode", DESA)
    kakek.tekan("Cari wilayah")
    kakek.lihat("warga-10-usul-siapa")
    kakek.tekan("Lanjut")
    kakek.ketik(
        alamat="Kampung Baru RT 1", patokan="Sebelah musala", alasan="Saya sakit dan tinggal sendiri."
    )
    kakek.lihat("warga-11-usul-keadaan")
    kakek.tekan("Lanjut")
    kakek.ketik(pengusul_nama="Aki Kenari", pengusul_nik="3205014107500003")
    kakek.lihat("warga-12-usul-tentang-anda")
    kakek.tekan("Lanjut")
    kakek.unggah("foto_rumah", "rumah.jpg", "image/jpeg", foto_rumah())
    kakek.ketik(setuju="on")
    kakek.lihat("warga-13-usul-foto")
    kakek.tekan("Kirim usul")
    kakek.lihat("warga-14-usul-tanda-terima")
    tiket, pin = warga.pegangan(kakek, "UWG")

    warga.lacak(kakek, tiket, pin)
    assert "menunggu jawaban desa" in kakek.teks
    usulan = _diambil(Usul.objects.get(tiket=tiket))
    warga.lacak(kakek, tiket, pin)
    assert usulan.jalur == "MANDIRI" and "Diperiksa Dinas Sosial" in kakek.teks
    kakek.lihat("warga-15-usul-lacak")
