"""The officer's day, a visit in vain and the next one, and what comes from the phone's queue: once, and never over others."""

import uuid
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.models import Jejak, Ketentuan
from core.workflow import GateClosed, NotAllowed, NotOpen
from dtks.actions import asesmen as aksi
from dtks.actions import penugasan
from dtks.actions import usulan as langkah
from dtks.models import KRITERIA, Asesmen, DrafIsian, FotoAsesmen, Keluarga
from dtks.queries.kunjungan import Tugas, jarak_m, rute, susun, tugas_petugas
from tests.bantu import alur
from tests.bantu.alur import orang

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_faktor_kedua(settings):
    settings.DEMO = True


@pytest.fixture
def tugas(sampai):
    return sampai("ditugaskan").usulan


def isian(usulan, **ubah):
    data = {
        "kunci_kirim": str(uuid.uuid4()), "versi": usulan.versi, "ke": "1", "dasar": "", "tanggal": timezone.localdate().isoformat(),
        "kunjungan": "1", "tanpa_tempat_tinggal": "False", "kesimpulan": "layak", "catatan": "Rumah kontrak", "tanpa_benturan": "on",
        "mulai_at": timezone.now().isoformat(), **{nama: "True" for nama, _ in KRITERIA},
    }  # fmt: skip
    return data | ubah


def akhir(usulan, aksi="selesai", **ubah):
    return {"kunci_kirim": str(uuid.uuid4()), "aksi": aksi, "versi": usulan.versi, **ubah}


def foto(warna=(90, 120, 80)):
    return SimpleUploadedFile("foto.jpg", alur.foto(warna), content_type="image/jpeg")


def rumah(nama, lintang=None, bujur=None, rt="001", rw="001"):
    keluarga = Keluarga(nama_kepala=nama, lintang=lintang, bujur=bujur, rt=rt, rw=rw, alamat=nama)
    usulan = SimpleNamespace(
        pk=uuid.uuid4(), keluarga=keluarga, tenggat=date(2026, 12, 1), wilayah_id="32.05.01.1001"
    )
    return Tugas(usulan, "Kelurahan A", ke=1, rencana=None, terbuka=None, minta_diganti=False)


def test_jalan_terdekat_lalu_yang_tanpa_titik_menurut_rt():
    rows = [rumah("jauh", -7.30, 107.90), rumah("tanpa 2", rt="004"), rumah("dekat", -7.21, 107.90), rumah("tanpa 1", rt="002"),
            rumah("tengah", -7.25, 107.90)]  # fmt: skip
    jalan, posisi = rute(rows, (-7.20, 107.90))
    assert [t.keluarga.nama_kepala for t in jalan] == ["dekat", "tengah", "jauh", "tanpa 1", "tanpa 2"]
    assert posisi == (-7.30, 107.90)
    assert jalan[0].jarak == pytest.approx(1112, abs=5) and jarak_m((-7.2, 107.9), (-7.2, 107.9)) == 0


def test_kelompok_rw_yang_paling_mendesak_di_atas():
    santai, lekas = rumah("santai", rw="001"), rumah("lekas", rw="009")
    lekas.usulan.tenggat = date(2026, 11, 1)
    kelompok = susun([santai, lekas], None)
    assert [k.nama for k in kelompok] == ["Kelurahan A, RW 009", "Kelurahan A, RW 001"]
    assert [t.urut for k in kelompok for t in k.tugas] == [1, 2]


def test_hari_kerja_disusun_dari_kantor_kecamatan_atau_tempat_petugas(sampai, masuk):
    satu, dua = sampai("ditugaskan", nomor=1).usulan, sampai("ditugaskan", nomor=2).usulan
    for usulan, lintang in ((satu, "-7.30"), (dua, "-7.20")):
        Keluarga.objects.filter(pk=usulan.keluarga_id).update(lintang=lintang, bujur="107.90", rw="005")
    Ketentuan.objects.create(
        kunci="asesmen.titik_awal", wilayah="32.05.01", nilai={"lintang": -7.31, "bujur": 107.9}, berlaku_sejak=date(2021, 1, 1),
        dasar_hukum="uji", status_verifikasi="kebijakan",
    )  # fmt: skip
    klien = masuk("tksk")

    def urutan():
        isi = klien.get("/asesmen/").content.decode()
        return isi.index(f"/asesmen/{satu.pk}/") < isi.index(f"/asesmen/{dua.pk}/")

    assert urutan(), "from the office the first is nearer"
    klien.post("/asesmen/mulai/", {"lintang": "-7.19", "bujur": "107.90"})
    assert not urutan(), "from where he stands the second is"
    klien.post("/asesmen/mulai/", {"lintang": "", "bujur": ""})
    assert urutan()


def test_belum_bertemu_lalu_kunjungan_kedua_lalu_kembali_ke_verifikator(tugas, masuk):
    klien, alamat = masuk("tksk"), f"/asesmen/{tugas.pk}/"
    lagi = (timezone.localdate() + timedelta(days=3)).isoformat()
    data = isian(tugas, kunjungan="3", kesimpulan="", aksi="lagi")
    jawab = klien.post(alamat, data)
    assert jawab.status_code == 422 and "kunjungan berikutnya" in jawab.content.decode()
    terbuka = Asesmen.objects.get()
    data = isian(
        tugas, kunjungan="3", kesimpulan="", aksi="lagi", kunjungan_lagi=lagi, dasar=aksi.tanda(terbuka)
    )
    assert klien.post(alamat, data).status_code == 302
    pertama = Asesmen.objects.get()
    assert (pertama.selesai_at is not None, str(pertama.kunjungan_lagi)) == (True, lagi)
    tugas.refresh_from_db()
    assert tugas.status == "ditugaskan"
    assert "kunjungan kedua" in klien.get("/asesmen/").content.decode()
    assert tugas_petugas(orang("tksk"))[0].ke == 2
    assert (
        klien.post(alamat, isian(tugas, ke="2", kunjungan="4", kesimpulan="", aksi="lagi")).status_code == 302
    )
    tugas.refresh_from_db()
    riwayat = tugas.riwayat.order_by("-urut").first()
    assert (tugas.status, riwayat.langkah) == ("diinput", "tidak_ditemui")
    assert "Sudah 2 kali dikunjungi tanpa hasil" in riwayat.catatan and "menolak didata" in riwayat.catatan
    assert list(tugas.asesmen.values_list("ke", "kunjungan")) == [(1, "3"), (2, "4")]
    # Sent again by the verifier, the count begins anew.
    langkah.tugaskan(tugas, by=orang("verifikator"), petugas=orang("tksk2"))
    assert tugas_petugas(orang("tksk2"))[0].sia_sia == 0


def test_yang_bertemu_tidak_bisa_dikembalikan_sebagai_tidak_bertemu(tugas):
    aksi.simpan(tugas, by=orang("tksk"), data={"tanggal": date.today(), "kunjungan": "1"})
    with pytest.raises(GateClosed, match="BUKAN_TIDAK_BERTEMU"):
        aksi.belum_bertemu(tugas, by=orang("tksk"), lagi=date.today())
    with pytest.raises(GateClosed, match="KUNJUNGAN_BELUM_CUKUP"):
        langkah.langkahkan(tugas, "tidak_ditemui", by=orang("tksk"))
    with pytest.raises(NotAllowed):
        langkah.langkahkan(tugas, "tidak_ditemui", by=orang("verifikator"))


def test_dari_antrean_hp_sekali_walaupun_terkirim_dua_kali(tugas, masuk):
    klien, pangkal = masuk("tksk"), f"/asesmen/{tugas.pk}/"
    data, gambar, ujung = (
        isian(tugas),
        {"kunci_kirim": str(uuid.uuid4()), "jenis": "rumah_depan"},
        akhir(tugas),
    )
    for _ in range(2):
        jawab = klien.post(pangkal + "kirim/", data)
        assert jawab.json() == {"foto": pangkal + "foto/kirim/"}
    assert Asesmen.objects.count() == 1 and Asesmen.objects.get().mulai_at
    for _ in range(2):
        assert klien.post(pangkal + "foto/kirim/", {**gambar, "foto": foto()}).status_code == 200
    assert FotoAsesmen.objects.count() == 1
    assert {klien.post(pangkal + "akhir/", ujung).json()["kabar"] for _ in range(2)} == {
        "Asesmen selesai dan sudah dikirim ke verifikator Dinsos."
    }
    assert klien.post(pangkal + "kirim/", data).status_code == 200, (
        "the first result again, also after the end"
    )
    tugas.refresh_from_db()
    assert tugas.status == "diases" and Asesmen.objects.count() == 1


def test_ujung_yang_ditolak_tidak_menghapus_isian(tugas, masuk):
    klien, pangkal = masuk("tksk"), f"/asesmen/{tugas.pk}/"
    klien.post(pangkal + "kirim/", isian(tugas))
    jawab = klien.post(pangkal + "akhir/", akhir(tugas))
    assert jawab.status_code == 422 and "foto rumah" in str(jawab.json()["galat"])
    assert Asesmen.objects.get().catatan == "Rumah kontrak"
    jawab = klien.post(pangkal + "akhir/", akhir(tugas, versi=tugas.versi - 1))
    assert jawab.status_code == 409


def test_diubah_dari_tempat_lain_keduanya_diperlihatkan(tugas, masuk):
    klien, pangkal = masuk("tksk"), f"/asesmen/{tugas.pk}/"
    klien.post(pangkal + "kirim/", isian(tugas, catatan="Dari komputer"))
    jawab = klien.post(pangkal + "kirim/", isian(tugas, catatan="Dari HP"))
    assert jawab.status_code == 409
    assert jawab.json()["banding"] == [["Catatan petugas", "Dari komputer", "Dari HP"]]
    assert Asesmen.objects.get().catatan == "Dari komputer"
    jawab = klien.post(pangkal + "kirim/", isian(tugas, catatan="Dari HP", dasar=jawab.json()["dasar"]))
    assert jawab.status_code == 200 and Asesmen.objects.get().catatan == "Dari HP"
    halaman = klien.post(pangkal, isian(tugas, catatan="Halaman lama", aksi="simpan"))
    isi = halaman.content.decode()
    assert (
        halaman.status_code == 409
        and "Tersimpan sekarang" in isi
        and "Halaman lama" in isi
        and "Dari HP" in isi
    )


def test_kunjungan_yang_sudah_selesai_tidak_ditimpa_dari_hp(tugas, masuk):
    aksi.simpan(tugas, by=orang("tksk"), data={"tanggal": date.today(), "kunjungan": "3"})
    aksi.belum_bertemu(tugas, by=orang("tksk"), lagi=date.today())
    jawab = masuk("tksk").post(f"/asesmen/{tugas.pk}/kirim/", isian(tugas))
    assert jawab.status_code == 409 and "sudah dicatat" in str(jawab.json()["galat"])
    assert Asesmen.objects.count() == 1


def test_yang_dibawa_ke_hp_hanya_tugas_sendiri_dan_tercatat(tugas, masuk):
    keluarga = tugas.keluarga
    keluarga.telepon = "+6281234567890"
    keluarga.save()
    isi = masuk("tksk").post("/asesmen/bawa/").json()["kelompok"]
    satu = isi[0]["tugas"][0]
    assert (satu["nama"], satu["telepon"], satu["ke"]) == (keluarga.nama_kepala, "+6281234567890", 1)
    assert not {"nik", "no_kk"} & set(satu)
    jejak = Jejak.objects.get(aksi="bawa_tugas")
    assert jejak.rincian["usulan"] == [tugas.tiket]
    assert masuk("tksk2").post("/asesmen/bawa/").json() == {"kelompok": []}
    assert masuk("operator").post("/asesmen/bawa/").status_code == 404
    assert "+62" not in masuk("tksk").get("/asesmen/").content.decode()


def test_jam_hp_yang_salah_tidak_membuang_kunjungan(tugas, masuk):
    jawab = masuk("tksk").post(
        f"/asesmen/{tugas.pk}/kirim/", isian(tugas, mulai_at="2031-01-01T00:00:00+00:00")
    )
    assert jawab.status_code == 200 and Asesmen.objects.get().mulai_at is None


def test_draf_kunjungan_tersimpan_di_server_untuk_petugasnya_saja(tugas, masuk):
    klien, kunci = masuk("tksk"), f"/asesmen/{tugas.pk}/"
    assert (
        klien.post("/draf/", {"draf_kunci": kunci, "draf_json": 1, "catatan": "Setengah jalan"}).status_code
        == 200
    )
    assert "Ada isian yang belum dikirim" in klien.get(kunci).content.decode()
    assert "Setengah jalan" in klien.get(kunci + "?draf=pakai").content.decode()
    for username in ("tksk2", "operator", "verifikator"):
        assert masuk(username).post("/draf/", {"draf_kunci": kunci, "draf_json": 1}).status_code == 404
    klien.post(kunci, isian(tugas, aksi="simpan"))
    assert not DrafIsian.objects.exists()


def test_dialihkan_di_tengah_jalan_isian_hp_lama_ditolak(tugas, masuk):
    penugasan.alihkan(tugas, by=orang("verifikator"), petugas=orang("tksk2"), alasan="ALIH_BEBAN")
    jawab = masuk("tksk").post(f"/asesmen/{tugas.pk}/kirim/", isian(tugas))
    assert jawab.status_code == 403 and "petugas lain" in str(jawab.json()["galat"])
    with pytest.raises(NotOpen):
        aksi.belum_bertemu(tugas, by=orang("tksk2"), versi=tugas.versi)
