"""The field officer with a phone: the day list, a visit, photos, finishing, and a second visit."""

import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from dtks.actions import usulan as langkah
from dtks.models import KRITERIA, Asesmen, FotoAsesmen
from tests.bantu import alur

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_faktor_kedua(settings):
    """The second factor has tests of its own."""
    settings.DEMO = True


@pytest.fixture
def tugas(sampai):
    return sampai("ditugaskan").usulan


def alamat(usulan):
    return reverse("asesmen_isi", args=[usulan.pk])


def foto():
    return SimpleUploadedFile("depan.jpg", alur.foto(), content_type="image/jpeg")


def isian(usulan, **ubah):
    data = {
        "kunci_kirim": str(uuid.uuid4()), "versi": usulan.versi, "tanggal": timezone.localdate().isoformat(), "kunjungan": "1",
        "tanpa_tempat_tinggal": "False", "kesimpulan": "layak", "catatan": "Rumah kontrak", "patokan": "Belakang masjid", "aksi": "simpan", "tanpa_benturan": "on",
        **{nama: "True" for nama, _ in KRITERIA},
    }  # fmt: skip
    return data | ubah


def test_daftar_hari_ini_hanya_tugas_sendiri(tugas, masuk):
    nama = tugas.keluarga.nama_kepala
    assert nama in masuk("tksk").get("/asesmen/").content.decode()
    assert nama not in masuk("tksk2").get("/asesmen/").content.decode()
    assert masuk("operator").get("/asesmen/").status_code == 404


def test_disimpan_sedikit_demi_sedikit(tugas, masuk):
    klien = masuk("tksk")
    awal = {
        "kunci_kirim": str(uuid.uuid4()),
        "tanggal": timezone.localdate().isoformat(),
        "kunjungan": "1",
        "lantai_tanah": "True",
    }
    assert klien.post(alamat(tugas), awal).status_code == 302
    asesmen = Asesmen.objects.get()
    assert (asesmen.lantai_tanah, asesmen.listrik_450, asesmen.selesai_at) == (True, None, None)
    isi = klien.get(alamat(tugas)).content.decode()
    assert "Dijawab “Ya”: 1 dari 8" in isi and "262/HUK/2022" in isi
    klien.post(alamat(tugas), isian(tugas))
    tugas.keluarga.refresh_from_db()
    assert Asesmen.objects.get().jumlah_kriteria == 8
    assert tugas.keluarga.patokan == "Belakang masjid"


def test_selesai_perlu_jawaban_dan_foto_tetapi_isian_tersimpan(tugas, masuk):
    klien = masuk("tksk")
    jawab = klien.post(alamat(tugas), isian(tugas, aksi="selesai", listrik_450=""))
    isi = jawab.content.decode()
    assert jawab.status_code == 422
    assert "foto rumah" in isi and "penerangan listrik 450" in isi
    assert Asesmen.objects.get().catatan == "Rumah kontrak" and "Rumah kontrak" in isi
    jawab = klien.post(alamat(tugas), isian(tugas, aksi="selesai", foto=foto(), jenis_foto="rumah_depan"))
    assert jawab.url == "/asesmen/"
    tugas.refresh_from_db()
    assert tugas.status == "diases" and Asesmen.objects.get().selesai_at
    assert tugas.keluarga.nama_kepala in klien.get("/asesmen/").content.decode()


def test_foto_bisa_dilihat_dan_dihapus_sebelum_selesai(tugas, masuk):
    klien = masuk("tksk")
    klien.post(alamat(tugas), isian(tugas, foto=foto(), jenis_foto="rumah_dalam"))
    satu = FotoAsesmen.objects.get()
    lihat = reverse("asesmen_foto", args=[tugas.pk, satu.pk])
    assert klien.get(lihat)["Content-Type"] == "image/jpeg"
    assert masuk("operator").get(lihat).status_code == 404
    assert masuk("tksk2").post(reverse("asesmen_hapus_foto", args=[tugas.pk, satu.pk])).status_code == 403
    klien.post(reverse("asesmen_hapus_foto", args=[tugas.pk, satu.pk]))
    assert not FotoAsesmen.objects.exists()


def test_bukan_foto_ditolak_dengan_kalimat_dan_ketikan_tetap_ada(tugas, masuk):
    palsu = SimpleUploadedFile("depan.jpg", b"<script>alert(1)</script>", content_type="image/jpeg")
    jawab = masuk("tksk").post(alamat(tugas), isian(tugas, foto=palsu))
    isi = jawab.content.decode()
    assert jawab.status_code == 422
    assert "bukan foto" in isi and "Rumah kontrak" in isi
    assert not Asesmen.objects.exists()


def test_tanpa_izin_tidak_ada_titik_lokasi(tugas, masuk):
    klien = masuk("tksk")
    titik = {"lintang": "-7,2279123456", "bujur": "107.9087", "akurasi_m": "12"}
    jawab = klien.post(alamat(tugas), isian(tugas, **titik))
    isi = jawab.content.decode()
    assert jawab.status_code == 422
    assert "bila keluarga mengizinkan" in isi and "-7,2279123456" in isi
    assert not Asesmen.objects.exists()
    assert klien.post(alamat(tugas), isian(tugas, izin_lokasi="on", **titik)).status_code == 302
    assert str(Asesmen.objects.get().lintang) == "-7.227912"
    klien.post(alamat(tugas), isian(tugas))
    asesmen = Asesmen.objects.get()
    assert asesmen.lintang is None and asesmen.bujur is None and asesmen.akurasi_m is None


def test_isian_salah_tetap_ada(tugas, masuk):
    data = isian(
        tugas, tanggal="2999-01-01", lintang="bukan angka", izin_lokasi="on", catatan="Dinding papan"
    )
    del data["kunjungan"]
    jawab = masuk("tksk").post(alamat(tugas), data)
    isi = jawab.content.decode()
    assert jawab.status_code == 422
    for ketikan in ("2999-01-01", "bukan angka", "Dinding papan", "Belakang masjid", "Pilih hasil kunjungan"):
        assert ketikan in isi
    assert re.search(r'name="lantai_tanah" value="True"[^>]*checked', isi)


def test_tksk_yang_tidak_ditugaskan_ditolak(tugas, masuk):
    klien = masuk("tksk2")
    jawab = klien.get(alamat(tugas))
    assert "ditugaskan kepada petugas lain" in jawab.content.decode()
    assert "Selesaikan asesmen" not in jawab.content.decode()
    assert klien.post(alamat(tugas), isian(tugas)).status_code == 403
    assert not Asesmen.objects.exists()


@pytest.mark.parametrize("username", ["operator", "operator.lain", "verifikator.lain", "rtrw", "pendamping"])
def test_yang_tidak_berurusan_tidak_melihat_apa_apa(tugas, masuk, username):
    klien = masuk(username)
    ada, tidak_ada = klien.get(alamat(tugas)), klien.get(reverse("asesmen_isi", args=[uuid.uuid4()]))
    assert ada.status_code == tidak_ada.status_code == 404
    bersih = [re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", j.content) for j in (ada, tidak_ada)]
    assert bersih[0] == bersih[1]


def test_kunjungan_kedua_sesudah_dikembalikan(sampai, masuk, cast):
    usulan = sampai("diases").usulan
    langkah.kembalikan(
        usulan, by=cast("verifikator"), tujuan="ditugaskan", alasan="ASESMEN_KURANG", catatan="Foto gelap"
    )
    usulan.refresh_from_db()
    klien = masuk("tksk")
    isi = klien.get(alamat(usulan)).content.decode()
    assert "Kunjungan ke-2." in isi and "Foto gelap" in isi
    assert (
        klien.post(alamat(usulan), isian(usulan, kesimpulan="tidak_layak", aksi="selesai")).status_code == 302
    )
    assert list(usulan.asesmen.values_list("ke", "kesimpulan")) == [(1, "layak"), (2, "tidak_layak")]


def test_halaman_lama_ditolak_saat_menyelesaikan(tugas, masuk):
    jawab = masuk("tksk").post(
        alamat(tugas), isian(tugas, aksi="selesai", foto=foto(), versi=tugas.versi - 1)
    )
    assert jawab.status_code == 409


def test_kirim_dua_kali_satu_foto(tugas, masuk):
    klien, data = masuk("tksk"), isian(tugas)
    klien.post(alamat(tugas), data | {"foto": foto()})
    klien.post(alamat(tugas), data | {"foto": foto()})
    assert FotoAsesmen.objects.count() == 1


def test_verifikator_membaca_hasil_kunjungan(sampai, masuk):
    usulan = sampai("diases").usulan
    isi = masuk("verifikator").get(alamat(usulan)).content.decode()
    assert "Kunjungan ke-1" in isi and "8 dari 8" in isi and "Selesaikan asesmen" not in isi
