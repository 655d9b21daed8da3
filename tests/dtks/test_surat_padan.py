"""The letter to Disdukcapil: who may make and open it, what it holds, delivered, answered; and that every number is audited."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone

from core.models import Jejak, NomorSeri, Pekerjaan
from core.workflow import GateClosed, NotAllowed, NotOpen
from dtks.actions import padan, surat_padan
from dtks.models import SuratPadan, TiketPadan
from tests.bantu import cek
from tests.bantu.alur import PDF, orang
from tests.bantu.pemain import DESA2
from tests.core.test_pdf import tulisan

pytestmark = pytest.mark.django_db
BARU = "/padan/surat/baru/"


@pytest.fixture(autouse=True)
def tanpa_faktor_kedua(settings):
    """The second factor has tests of its own."""
    settings.DEMO = True


def buat_tiket(sampai, kategori="TIDAK_DITEMUKAN", **opsi):
    usulan = sampai("diajukan", **opsi).usulan
    Pekerjaan.objects.all().delete()
    satu = usulan.keluarga.anggota.get(hubungan="1")
    padan.catat_hasil(
        satu.pk, hasil={"kategori": kategori}, sidik=padan.identity_fingerprint(satu), pekerjaan=None
    )
    return TiketPadan.objects.get(individu=satu)


@pytest.fixture(autouse=True)
def jejak_tetap_utuh(db):
    """After every test here the self-check of the database finds nothing."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("select * from jejak_periksa()")
        assert cursor.fetchall() == []
    cek.pastikan_cocok()  # whatever happened here, /cek/ says so


@pytest.fixture
def dua(sampai):
    return [buat_tiket(sampai), buat_tiket(sampai, "GANDA", nomor=1)]


@pytest.fixture
def surat(dua):
    return surat_padan.buat([t.pk for t in dua], by=orang("operator"))


def teks(isi):
    return " ".join(tulisan(isi).split())


def kirim(klien, *tiket, kunci=None):
    return klien.post(BARU, {"kunci_kirim": str(kunci or uuid.uuid4()), "tiket": [str(t.pk) for t in tiket]})


def test_operator_membuat_surat_beberapa_orang_dan_mengunduhnya(dua, masuk):
    klien = masuk("operator")
    isi = klien.get(BARU).content.decode()
    assert isi.count("checked") == 2 and all(t.individu.nik.open() not in isi for t in dua)
    jawab = kirim(klien, *dua)
    surat = SuratPadan.objects.get()
    assert jawab.status_code == 302 and jawab.url == f"/padan/surat/{surat.pk}/"
    halaman = klien.get(jawab.url).content.decode()
    assert "Belum diantar" in halaman and dua[0].individu.nik.open() not in halaman
    unduhan = klien.post(f"{jawab.url}unduh/")
    assert unduhan["Content-Type"] == "application/pdf" and "no-store" in unduhan["Cache-Control"]
    cetak = teks(unduhan.content)
    for t in dua:
        assert t.individu.nik.open() in cetak and t.individu.nama.split()[0] in cetak
    assert surat.nomor in cetak and "[x] Aktifkan" in cetak and "[x] Tetapkan satu NIK" in cetak


def test_setiap_nomor_dan_setiap_pembukaan_meninggalkan_jejak(surat, dua, masuk):
    buka = Jejak.objects.filter(aksi="buka_nomor")
    assert buka.count() == 4  # NIK and KK of two families
    assert all(surat.nomor in j.rincian["alasan"] for j in buka)
    assert not any(t.individu.nik.open() in str(j.rincian) for j in Jejak.objects.all() for t in dua)
    for username in ("operator", "dukcapil"):
        assert masuk(username).post(f"/padan/surat/{surat.pk}/unduh/").status_code == 200
    assert Jejak.objects.filter(aksi="buka_surat_padan").count() == 2


def test_surat_tidak_keluar_lewat_alamat_berkas(surat, masuk):
    for username in ("operator", "lurah", "dukcapil", "verifikator", "kadis"):
        assert masuk(username).get(f"/berkas/{surat.dokumen.berkas_id}/").status_code == 404
    publik = masuk("operator").get(f"/v/{surat.dokumen.kode}/").content.decode()
    assert surat.nomor in publik and "Jumlah orang" in publik


@pytest.mark.parametrize(
    "username", ["operator2", "lurah", "verifikator", "tksk", "rtrw", "kadis", "operator.lain"]
)
def test_yang_tidak_berwenang(surat, dua, masuk, username):
    klien = masuk(username)
    for alamat in (f"/padan/surat/{surat.pk}/", f"/padan/surat/{uuid.uuid4()}/"):
        assert klien.get(alamat).status_code == 404
        for apa in ("unduh", "kirim", "balas", "batalkan"):
            assert klien.post(f"{alamat}{apa}/", {}).status_code == 404
    with pytest.raises(NotAllowed):
        surat_padan.buat([dua[0].pk], by=orang(username))
    assert SuratPadan.objects.count() == 1


def test_dukcapil_membaca_dan_membalas_tetapi_tidak_membuat(surat, dua, masuk):
    klien = masuk("dukcapil")
    assert klien.get(BARU).status_code == 404
    surat_padan.kirim(surat, by=orang("operator"), tanggal=timezone.localdate())
    assert surat.nomor in klien.get("/padan/surat/").content.decode()
    with pytest.raises(NotAllowed):
        surat_padan.kirim(surat, by=orang("dukcapil"), tanggal=timezone.localdate())
    balasan = SimpleUploadedFile("balasan.pdf", PDF, "application/pdf")
    data = {"tanggal": timezone.localdate().isoformat(), "berkas": balasan, "catatan": "Dua orang selesai."}
    assert klien.post(f"/padan/surat/{surat.pk}/balas/", data).status_code == 302
    surat.refresh_from_db()
    assert masuk("operator").get(f"/berkas/{surat.balasan_id}/").status_code == 200
    assert masuk("operator2").get(f"/berkas/{surat.balasan_id}/").status_code == 404
    assert "Sudah dibalas" in klien.get(f"/padan/surat/{surat.pk}/").content.decode()
    assert TiketPadan.objects.get(pk=dua[0].pk).status == "buka"  # an answer on paper decides nothing


def test_tiket_mengatakan_sejak_kapan_menunggu(surat, dua, masuk):
    klien, hari = masuk("operator"), timezone.localdate()
    assert "belum diantar" in klien.get(f"/padan/{dua[0].pk}/").content.decode()
    assert klien.post(f"/padan/surat/{surat.pk}/kirim/", {"tanggal": hari.isoformat()}).status_code == 302
    for alamat in (f"/padan/{dua[0].pk}/", "/padan/"):
        assert "menunggu Disdukcapil" in klien.get(alamat).content.decode()
    assert klien.post(f"/padan/surat/{surat.pk}/kirim/", {"tanggal": hari.isoformat()}).status_code == 409
    assert (
        surat.nomor in klien.get(BARU).content.decode() and "checked" not in klien.get(BARU).content.decode()
    )


def test_tanggal_yang_tidak_mungkin_dan_balasan_sebelum_dikirim(surat):
    by, hari = orang("operator"), timezone.localdate()
    for salah in (hari - timedelta(days=1), hari + timedelta(days=1)):
        with pytest.raises(GateClosed):
            surat_padan.kirim(surat, by=by, tanggal=salah)
    with pytest.raises(NotOpen):
        surat_padan.balas(surat, by=by, tanggal=hari, isi=PDF, nama="b.pdf")
    surat_padan.kirim(surat, by=by, tanggal=hari)
    surat_padan.balas(surat, by=by, tanggal=hari, isi=PDF, nama="b.pdf")
    with pytest.raises(NotOpen):
        surat_padan.balas(surat, by=by, tanggal=hari, isi=PDF, nama="b.pdf")


def test_dua_kali_tekan_satu_surat_satu_nomor(dua, masuk):
    klien, kunci = masuk("operator"), uuid.uuid4()
    assert kirim(klien, *dua, kunci=kunci).url == kirim(klien, *dua, kunci=kunci).url
    assert SuratPadan.objects.count() == 1
    assert NomorSeri.objects.get(seri__startswith="PADAN-").terakhir == 1


def test_desa_lain_yang_selesai_dan_yang_kosong_ditolak(dua, sampai, masuk):
    klien = masuk("operator")
    lain = buat_tiket(sampai, nomor=2, desa=DESA2, pengusul="operator2", operator="operator2")
    padan.catat_hasil(
        dua[1].individu_id, hasil={"kategori": "PADAN"}, sidik=padan.identity_fingerprint(dua[1].individu), pekerjaan=None
    )  # fmt: skip
    for isi in ((lain,), (dua[0], lain), (dua[1],), ()):
        jawab = kirim(klien, *isi)
        assert jawab.status_code == 422
        assert lain.individu.nama not in jawab.content.decode()
    assert not SuratPadan.objects.exists() and not NomorSeri.objects.filter(seri__startswith="PADAN").exists()


def test_melebihi_batas_buka_nomor_tidak_ada_surat(dua, monkeypatch):
    monkeypatch.setattr("core.limits.hit", lambda *a, **k: False)
    with pytest.raises(GateClosed, match="BATAS_HARIAN"):
        surat_padan.buat([t.pk for t in dua], by=orang("operator"))
    assert not SuratPadan.objects.exists() and not Jejak.objects.filter(aksi="buka_nomor").exists()


def test_dukcapil_menandai_di_layarnya(dua, masuk):
    klien, alamat = masuk("dukcapil"), f"/padan/{dua[0].pk}/"
    assert "Sudah diperbaiki di Dukcapil" in klien.get(alamat).content.decode()
    kosong = klien.post(f"{alamat}tandai-dukcapil/", {"catatan": " "})
    assert kosong.status_code == 422
    assert klien.post(f"{alamat}tandai-dukcapil/", {"catatan": "NIK sudah diaktifkan."}).status_code == 302
    assert Pekerjaan.objects.get().argumen["individu"] == [str(dua[0].individu_id)]
    operator = masuk("operator")
    assert operator.post(f"{alamat}tandai-dukcapil/", {"catatan": "x"}).status_code == 403
    isi = operator.get(alamat).content.decode()
    assert "NIK sudah diaktifkan." in isi and "Urutannya" in isi and "Disdukcapil:" in isi


def test_surat_keliru_dibatalkan_dan_orangnya_bebas_untuk_surat_baru(surat, dua, masuk):
    klien, alamat = masuk("operator"), f"/padan/surat/{surat.pk}/"
    assert klien.post(f"{alamat}batalkan/", {"alasan": " "}).status_code == 422
    assert klien.post(f"{alamat}batalkan/", {"alasan": "Orangnya keliru dicentang."}).status_code == 302
    isi = klien.get(alamat).content.decode()
    assert "Dibatalkan" in isi and "Orangnya keliru dicentang." in isi
    assert not any(tombol in isi for tombol in ("Unduh surat", "Tandai sudah diantar", "Batalkan surat"))
    assert surat.nomor not in klien.get("/padan/surat/").content.decode()
    assert surat.nomor in klien.get("/padan/surat/?semua=1").content.decode()
    assert surat.nomor not in klien.get(f"/padan/{dua[0].pk}/").content.decode()
    formulir = klien.get(BARU).content.decode()
    assert surat.nomor not in formulir and formulir.count("checked") == 2
    assert kirim(klien, *dua).status_code == 302
    baru = SuratPadan.objects.exclude(pk=surat.pk).get()
    assert (baru.urut, baru.nomor != surat.nomor) == (surat.urut + 1, True)
    publik = klien.get(f"/v/{surat.dokumen.kode}/").content.decode()
    assert "DICABUT" in publik and "keliru dicentang" not in publik
    assert Jejak.objects.filter(aksi="batalkan_surat_padan").count() == 1


def test_surat_yang_dibatalkan_tidak_bisa_apa_apa_lagi(surat, masuk):
    by, hari = orang("operator"), timezone.localdate()
    surat_padan.kirim(surat, by=by, tanggal=hari)
    surat_padan.batalkan(surat, by=by, alasan="Alamat Disdukcapil keliru.")
    for langkah in (
        lambda: surat_padan.kirim(surat, by=by, tanggal=hari),
        lambda: surat_padan.balas(surat, by=by, tanggal=hari, isi=PDF, nama="b.pdf"),
        lambda: surat_padan.batalkan(surat, by=by, alasan="Sekali lagi."),
        lambda: surat_padan.buka(surat, by=by),
    ):
        with pytest.raises(NotOpen, match="SUDAH_DIBATALKAN"):
            langkah()
    assert masuk("operator").post(f"/padan/surat/{surat.pk}/unduh/").status_code == 409


def test_surat_yang_sudah_dibalas_tidak_dibatalkan_dan_hanya_operator_yang_boleh(surat):
    by, hari = orang("operator"), timezone.localdate()
    for username in ("dukcapil", "operator2", "lurah", "verifikator"):
        with pytest.raises(NotAllowed):
            surat_padan.batalkan(surat, by=orang(username), alasan="Bukan wewenangnya.")
    surat_padan.kirim(surat, by=by, tanggal=hari)
    surat_padan.balas(surat, by=by, tanggal=hari, isi=PDF, nama="b.pdf")
    with pytest.raises(NotOpen, match="SUDAH_DIBALAS"):
        surat_padan.batalkan(surat, by=by, alasan="Terlambat sadar.")
    surat.refresh_from_db()
    assert surat.dibatalkan_at is None and surat.keadaan == "dibalas"
