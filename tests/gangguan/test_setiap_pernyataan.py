"""F4: the server process dies at every SQL statement of every step of every line of work; nothing is ever half done.

Default: the whole line of a proposal, every eleventh statement. `./test --faults`: every statement of each journey below.
"""

import os
from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction
from django.utils import timezone

from bansos.actions import batch as meja_batch
from bansos.actions import keberatan, pengesahan
from core import audit, files, outbox
from core.models import Berkas, Ketentuan
from dtks.actions import musyawarah as rapat_aksi
from dtks.actions import urung
from dtks.actions import usulan as langkah
from dtks.actions.impor import inti
from dtks.actions.impor.usulan_v4 import JENIS
from dtks.models import Desil
from pengaduan.actions import aduan as aksi_aduan
from pengaduan.actions import darurat, perkara, sanggah_data
from pengaduan.actions import usul as aksi_usul
from pengaduan.models import KategoriAduan
from portal.queries import periksa
from tests.bantu import berkas_v4, layanan, sanggah
from tests.bantu import usul as bantu_usul
from tests.bantu.alur import Perjalanan, alasan_pertama, orang, sampai
from tests.bantu.bunuh import SetiapPernyataan
from tests.bantu.pemain import DESA, DESA2
from tests.dtks.test_impor_usulan import rows as baris_v4
from wilayah.models import Wilayah


def garis() -> None:
    """From the RT/RW to the decree."""
    sampai("ditetapkan")


def samping() -> None:
    """Sent back, put off, taken up again, rejected, withdrawn, taken back."""
    v, kadis = orang("verifikator"), orang("kadis")
    p = sampai("diases")
    langkah.tunda(p.usulan, by=v, alasan=alasan_pertama("tunda"))
    langkah.lanjutkan(p.segar(), by=v)
    langkah.verifikasi(p.segar(), by=v)
    langkah.kembalikan(p.segar(), by=kadis, tujuan="diases", alasan=alasan_pertama("kembalikan"))
    langkah.verifikasi(p.segar(), by=v)
    urung.urungkan(p.segar(), by=v)
    langkah.tolak(p.segar(), by=v, alasan=alasan_pertama("tolak"))
    k = keberatan.ajukan(
        p.segar(), by=orang("operator"), pemohon="Ujang", alasan="Rumah roboh bulan lalu, foto terlampir di sini.", diterima=timezone.localdate(),
    )  # fmt: skip
    keberatan.kabulkan(k, by=kadis, alasan="Foto terbaru menunjukkan rumah roboh.")
    sampai("ditarik", nomor=1)


def rapat() -> None:
    """A meeting that is sent back, applied to all of its families at once; another that is called off."""
    p = Perjalanan(nomor=0)
    p.dimusyawarahkan()
    operator, lurah = orang("operator"), orang("lurah")
    m = p.musyawarah
    rapat_aksi.putuskan(
        m, by=operator, putusan={str(b.pk): {"putusan": "disepakati"} for b in m.putusan.all()}
    )
    m = rapat_aksi.selenggarakan(m, by=operator)
    m = rapat_aksi.tandatangani(m, by=operator, isi=b"%PDF-1.4\n%%EOF\n", nama="ba.pdf")
    m = rapat_aksi.kembalikan(
        m, by=lurah, alasan=alasan_pertama("kembalikan"), catatan="Tanda tangan kurang satu."
    )
    m = rapat_aksi.tandatangani(m, by=operator, isi=b"%PDF-1.4\n%%EOF\n", nama="ba.pdf")
    rapat_aksi.setujui(m, by=lurah)
    langkah.sepakati(p.segar(), by=operator)
    lain = p.rapat()
    rapat_aksi.batalkan(lain, by=operator, alasan=alasan_pertama("tunda"))


def tiga_meja() -> None:
    with transaction.atomic():
        Ketentuan.objects.create(
            kunci="pengesahan.tiga_meja", wilayah="32.05", nilai=True, berlaku_sejak=date(2021, 5, 27), dasar_hukum="uji", sumber="uji",
            status_verifikasi="kebijakan",
        )  # fmt: skip
        audit.catat(aksi="uji", jenis="uji", objek_id="-", by=None)
    try:
        p = sampai("terverifikasi")
        b = pengesahan.susun([p.usulan.pk], by=orang("verifikator"))
        b = meja_batch.teruskan(b, by=orang("supervisor"))
        pengesahan.sahkan_batch(b, by=orang("kadis"))
    finally:
        with transaction.atomic():
            Ketentuan.objects.filter(kunci="pengesahan.tiga_meja", wilayah="32.05").delete()
            audit.catat(aksi="uji", jenis="uji", objek_id="-", by=None)


def layanan_warga() -> None:
    """A health card from the desa's counter to the ministry's answer; a letter."""
    layanan.reaktivasi_sampai("disetujui")
    keluarga = sampai("draf", nomor=1, pengusul="operator").usulan.keluarga
    with transaction.atomic():
        Desil.objects.create(keluarga=keluarga, tahun=2026, triwulan=3, desil=2, sumber="uji")
        audit.catat(aksi="uji", jenis="uji", objek_id="-", by=None)
    layanan.surat_terbit(1, daftar=False)


def aduan() -> None:
    kategori = KategoriAduan.objects.get(pk="SALAH_SASARAN")
    isi = aksi_aduan.Isi(
        wilayah=DESA, kategori=kategori, cerita="Tetangga saya tidak mendapat bantuan padahal layak dibantu.",
        nama="Imas Masitoh", telepon="081234567890",
    )  # fmt: skip
    v, tksk = orang("verifikator"), orang("tksk")
    satu = aksi_aduan.kirim(isi)[0]
    satu = aksi_aduan.tanya(satu, by=v, isi="Di RT berapa tetangga Ibu tinggal?")
    satu = aksi_aduan.jawab(satu, by=None, isi="RT 3, dekat musala.")
    satu = aksi_aduan.verifikasi(satu, by=v, kategori=kategori, kelas=kategori.kelas)
    satu = aksi_aduan.disposisi(satu, by=v, petugas=tksk)
    satu = aksi_aduan.tangani(satu, by=tksk)
    satu = aksi_aduan.selesaikan(satu, by=tksk, jawaban="Sudah kami periksa di lapangan.")
    satu = aksi_aduan.nilai(satu, nilai=2)
    aksi_aduan.buka_lagi(satu, alasan="Petugas datang ke rumah yang salah.")


def usul() -> None:
    """A citizen's proposal taken over, handed on, rejected, taken back."""
    bantu_usul.minta_mundur()
    satu, _ = bantu_usul.usul(pengusul_nik="3205015507800017")
    satu = aksi_usul.alihkan(satu, by=orang("operator"), ke=Wilayah.objects.get(pk=DESA2))
    aksi_usul.tolak(satu, by=orang("operator2"), alasan=alasan_pertama("tolak_usul"))
    aksi_usul.tarik(bantu_usul.usul(pengusul_nik="3205015507800025")[0])


def keberatan_warga() -> None:
    """A neighbour objects to a recipient; the case is heard, looked into and granted."""
    p = sanggah.penerima(30)
    satu = sanggah.sampai_putusan(p, sanggah.warga(sanggah.calon(31)))
    perkara.kabulkan(
        satu, by=orang("kadis"), alasan="Dua mobil atas nama kepala keluarga.", baris=[sanggah.baris(p).pk]
    )
    lain = sanggah.data_salah(sanggah.warga(sanggah.calon(32)))
    sanggah_data.tarik(lain)


def kedaruratan() -> None:
    tksk = orang("tksk")
    satu = darurat.lapor(
        by=orang("verifikator"),
        data={"jenis": "LANSIA", "kanal": "112", "wilayah": DESA, "lokasi": "Depan pasar", "cerita": "Kakek duduk sendiri sejak kemarin, lemas."},
    )[0]  # fmt: skip
    for nama in ("tanggapi", "berangkat", "tiba", "tangani", "selesaikan"):
        satu = darurat.langkah(satu, nama, by=tksk, catatan="Sudah diberi makan dan tempat tidur.")


def impor() -> None:
    """F30: a village's table is sent in, checked, taken over and undone; the machine is cut off at each statement (COPY apart)."""
    satu = inti.unggah(
        by=orang("operator"), jenis=JENIS, isi=berkas_v4.xlsx(baris_v4(12)), nama="usulan.xlsx", langsung=True
    )
    satu = inti.terapkan(satu, by=orang("operator"), langsung=True)
    satu = inti.batalkan(satu, by=orang("operator"), langsung=True)
    assert satu.status == "dibatalkan"


TIAP = int(os.environ.get("DTKS_TIAP", "1"))  # a quick look on a busy machine: every n-th statement only
PERJALANAN: tuple[Callable[[], None], ...] = (
    garis, samping, rapat, tiga_meja, layanan_warga, aduan, usul, keberatan_warga, kedaruratan, impor,
)  # fmt: skip


@pytest.fixture
def tanpa_bel(monkeypatch, db_nyata):
    monkeypatch.setattr(outbox, "_ringers", [])


def _sesudahnya() -> None:
    """What must hold after all of it: the self-check is clean, every row has its file, the janitor takes what nobody names."""
    files.purge_orphans(older_than_seconds=0)
    assert [str(s) for s in periksa.jalankan(berkas=True).pelanggaran] == []
    for berkas in Berkas.objects.all():
        assert files.read(berkas)


def test_mati_di_tengah_langkah_tidak_meninggalkan_separuhnya(tanpa_bel):
    with SetiapPernyataan(tiap=11) as buku:
        garis()
    assert {s for a, s in buku.langkah if a == "usulan"} >= {"ajukan", "sepakati", "input", "verifikasi", "sahkan", "tetapkan"}  # fmt: skip
    assert buku.bunuh.total() > 40, buku.bunuh
    _sesudahnya()


def test_separuh_yang_tertinggal_akan_ketahuan(tanpa_bel, monkeypatch):
    """The check of the check: an action that commits in two pieces is named."""

    def dua_potong(usulan, *, by):
        for aksi in ("uji", "uji2"):
            with transaction.atomic():
                audit.catat(aksi=aksi, objek=usulan, by=by)

    dua_potong.__module__ = langkah.__name__
    usulan = sampai("draf").usulan
    monkeypatch.setattr(langkah, "dua_potong", dua_potong, raising=False)
    with SetiapPernyataan() as buku, pytest.raises(AssertionError, match="half of it stayed in"):
        langkah.dua_potong(usulan, by=orang("operator"))
    assert buku.bunuh.total() >= 2


@pytest.mark.faults
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("perjalanan", PERJALANAN, ids=lambda f: f.__name__)
def test_mati_di_setiap_pernyataan(tanpa_bel, perjalanan):
    with SetiapPernyataan(tiap=TIAP) as buku:
        perjalanan()
    print(f"{perjalanan.__name__}: {buku.bunuh.total():,} kills in {len(buku.bunuh)} actions, {len(buku.langkah)} steps")  # fmt: skip
    _sesudahnya()
    assert buku.bunuh.total() > 50 / TIAP
