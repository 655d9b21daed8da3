"""The side routes: emergencies that bring their papers later, removals, postponements, and second proposals."""

import pytest

from bansos.actions import penetapan as aksi_penetapan
from bansos.actions import pengesahan as aksi_pengesahan
from bansos.models import Kelayakan, Program
from core.integrations.dukcapil.verdict import Kategori, MatchResult, failure
from core.workflow import GateClosed, NotAllowed, StepRefused
from dtks import tasks
from dtks.actions import keluarga as register
from dtks.actions import padan
from dtks.actions import usulan as langkah
from dtks.models import Individu, TiketPadan, Usulan
from dtks.queries.gerbang import padan_semua
from pengaduan.queries.usulan import status_publik
from tests.bantu import cek
from tests.bantu.alur import PDF, Perjalanan, alasan_pertama, keluarga_uji, orang

pytestmark = pytest.mark.django_db
LANSIA = "APBD-LANSIA"


@pytest.fixture(autouse=True)
def cek_bansos_tetap_cocok(db):
    """Whatever was decided here, /cek/ says so."""
    yield
    cek.pastikan_cocok()


def lanjut_dari_diinput(p: Perjalanan, kesimpulan: str = "layak") -> None:
    langkah.tugaskan(p.usulan, by=orang("verifikator2"), petugas=orang("tksk"))
    p.asesmen(kesimpulan)
    langkah.ases(p.usulan, by=orang("tksk"))
    langkah.verifikasi(p.usulan, by=orang("verifikator"))
    batch = aksi_pengesahan.sahkan([p.usulan.pk], by=orang("kadis"))
    aksi_pengesahan.kirim(batch, by=orang("supervisor"), tanda_terima="TT-1")
    p.segar()


def tetapkan(p: Perjalanan, hasil: str = "ditetapkan", alasan: str = ""):
    return aksi_penetapan.tetapkan(
        by=orang("kadis"), program=Program.objects.get(pk=p.program), wilayah="32.05",
        putusan={str(p.usulan.pk): aksi_penetapan.Putusan(hasil, alasan)},
    )  # fmt: skip


def test_kedaruratan_jalan_dulu_dan_surat_menyusul(masuk, settings):
    settings.DEMO = True
    p = Perjalanan(nomor=11, program=LANSIA, jalur="KEDARURATAN", pengusul="operator")
    p.diajukan()
    by = orang("operator")
    langkah.musyawarahkan(p.usulan, by=by)
    langkah.sepakati(p.usulan, by=by)
    langkah.input(p.usulan, by=by)
    p.segar()
    assert p.usulan.susulan_tenggat and "berita_acara_atau_sptjm" in p.usulan.gerbang_susulan
    lanjut_dari_diinput(p)
    with pytest.raises(StepRefused, match="SUSULAN_BELUM_TUNTAS"):
        tetapkan(p)
    halaman = masuk("operator").get(f"/usulan/{p.usulan.pk}/").content.decode()
    assert f"/usulan/{p.usulan.pk}/sptjm/" in halaman and "Isian baru" in halaman
    langkah.unggah_sptjm(p.usulan, by=by, isi=PDF, nama="sptjm.pdf")
    p.lengkapi()
    p.padankan()
    tetapkan(p)
    assert p.segar().status == "ditetapkan"


def hapus(nomor: int, kesimpulan: str = "tidak_layak") -> tuple[Perjalanan, Perjalanan]:
    """A recipient, and a removal proposal for the same family that stands at `dikirim`."""
    lama = Perjalanan(nomor=nomor, program=LANSIA)
    lama.ditetapkan()
    p = Perjalanan(nomor=nomor, program=LANSIA, jalur="PENGHAPUSAN", pengusul="operator")
    p.usulan, _ = langkah.buat(
        by=orang("operator"), keluarga=lama.usulan.keluarga, program=LANSIA, jalur="PENGHAPUSAN"
    )
    langkah.ajukan(p.usulan, by=orang("operator"))
    p.musyawarah = p.rapat()
    langkah.musyawarahkan(p.usulan, by=orang("operator"), musyawarah=p.musyawarah)
    p.berita_acara_sah()
    langkah.sepakati(p.usulan, by=orang("operator"))
    langkah.input(p.usulan, by=orang("operator"))
    lanjut_dari_diinput(p, kesimpulan)
    return lama, p


def hasil_daftar(p: Perjalanan) -> str:
    return Kelayakan.objects.get(keluarga=p.usulan.keluarga).hasil


def test_penghapusan_yang_tidak_ditetapkan_tidak_mengambil_apa_apa():
    _, p = hapus(12)
    tetapkan(p, "tidak_ditetapkan", alasan_pertama("tidak_ditetapkan"))
    assert hasil_daftar(p) == "layak"
    assert "tetap penerima" in status_publik(p.segar()).judul


def test_penghapusan_dan_pencabutannya():
    lama, p = hapus(13)
    sk = tetapkan(p)
    assert hasil_daftar(p) == "tidak_layak"
    assert "dikeluarkan dari daftar" in status_publik(p.segar()).judul
    aksi_penetapan.ganti(lama.penetapan, by=orang("kadis"), alasan="Salah ketik nama jalan")
    assert hasil_daftar(p) == "tidak_layak", "a corrected older decree does not undo the removal"
    aksi_penetapan.cabut(sk, by=orang("kadis"), alasan="Keluarga ternyata masih layak")
    assert hasil_daftar(p) == "layak"


def test_keluarga_yang_dinilai_layak_tidak_bisa_dihapus():
    with pytest.raises(GateClosed, match="ASESMEN_MASIH_LAYAK"):
        hapus(14, kesimpulan="layak")


def test_desa_tidak_melanjutkan_yang_ditunda_dinas(sampai):
    p = sampai("terverifikasi")
    langkah.tunda(p.usulan, by=orang("kadis"), alasan=alasan_pertama("tunda"))
    with pytest.raises(NotAllowed):
        langkah.lanjutkan(p.usulan, by=orang("operator"))
    assert langkah.lanjutkan(p.usulan, by=orang("kadis")).status == "terverifikasi"


def test_rtrw_tidak_menarik_usulan_yang_sudah_di_dinas(sampai):
    p = sampai("terverifikasi")
    with pytest.raises(NotAllowed):
        langkah.tarik(p.usulan, by=orang("rtrw"), alasan=alasan_pertama("tarik"))


def test_usulan_kedua_tidak_mengubah_keluarga_yang_sedang_diperiksa(sampai):
    p = sampai("terverifikasi")
    kedua, _ = langkah.buat(by=orang("operator"), keluarga=p.usulan.keluarga, program="PBI")
    kepala = p.usulan.keluarga.anggota.get(hubungan="1")
    with pytest.raises(NotAllowed, match="DIPROSES_DINAS"):
        register.simpan_anggota(kedua, by=orang("operator"), individu=kepala, data={"nama": "Orang Lain"})
    langkah.tunda(p.usulan, by=orang("kadis"), alasan=alasan_pertama("tunda"))
    with pytest.raises(NotAllowed, match="DIPROSES_DINAS"):
        register.simpan_anggota(kedua, by=orang("operator"), individu=kepala, data={"nama": "Orang Lain"})


def test_pengecualian_gugur_bila_identitas_berubah(sampai):
    p = sampai("disepakati")
    p.lengkapi()
    p.padankan()
    anak = Individu.objects.filter(keluarga=p.usulan.keluarga).exclude(hubungan="1").first()
    padan.catat_hasil(
        anak.pk,
        hasil={"kategori": "TIDAK_DITEMUKAN"},
        sidik=padan.identity_fingerprint(anak),
        pekerjaan=None,
        sumber="uji",
    )
    tiket = TiketPadan.objects.get(individu=anak)
    padan.minta_kecuali(tiket, by=orang("operator"), alasan="Baru lahir, belum terkonsolidasi")
    padan.setujui_kecuali(tiket, by=orang("verifikator"))
    assert padan_semua(p.segar(), None) is None
    register.simpan_anggota(
        p.usulan, by=orang("operator"), individu=anak, data={"nama": "NAMA YANG LAIN SEKALI"}
    )
    anak.refresh_from_db()
    padan.catat_hasil(
        anak.pk,
        hasil={"kategori": "TIDAK_DITEMUKAN"},
        sidik=padan.identity_fingerprint(anak),
        pekerjaan=None,
        sumber="uji",
    )
    assert padan_semua(p.segar(), None) is not None


def test_satu_kepmensos_untuk_dua_kiriman(sampai):
    nomor = "21/HUK/2026"
    for n in (15, 16):
        p = sampai("dikirim", nomor=n)
        aksi_penetapan.tetapkan(
            by=orang("pusdatin"), program=Program.objects.get(pk="PKH"), wilayah="32.05", nomor=nomor,
            putusan={str(p.usulan.pk): aksi_penetapan.Putusan("ditetapkan")},
        )  # fmt: skip
    assert Usulan.objects.filter(status="ditetapkan").count() == 2


def test_berita_acara_lama_tidak_dipakai_lagi(sampai):
    p = sampai("disepakati")
    langkah.kembalikan(p.usulan, by=orang("operator"), tujuan="draf", alasan=alasan_pertama("kembalikan"))
    langkah.ajukan(p.usulan, by=orang("rtrw"))
    rapat = p.rapat()
    langkah.musyawarahkan(p.usulan, by=orang("operator"), musyawarah=rapat)
    with pytest.raises(GateClosed):
        langkah.sepakati(p.usulan, by=orang("operator"))


def test_satu_jawaban_yang_tidak_terbaca_tidak_menahan_yang_lain(sampai, monkeypatch):
    p = sampai("diajukan", nomor=next(n for n in range(17, 60) if len(keluarga_uji(n).told) > 2))
    semua = list(Individu.objects.filter(keluarga=p.usulan.keluarga))
    buruk = semua[0].nik.open()

    class Klien:
        def verify(self, query, **ambang):
            return failure("nik_lain") if query.nik == buruk else MatchResult(Kategori.PADAN)

    monkeypatch.setattr(tasks, "_client", Klien)
    jawab = tasks.ask({"individu": [str(o.pk) for o in semua]})
    assert (
        len(jawab["jawaban"]) == len(semua) - 1 and jawab["sulit"] == [str(semua[0].pk)] and not jawab["sisa"]
    )


def test_keluarga_sendiri_tidak_dikecualikan_sendiri(sampai):
    p = sampai("diajukan", nomor=18)
    anggota = list(Individu.objects.filter(keluarga=p.usulan.keluarga))
    padan.catat_hasil(
        anggota[0].pk,
        hasil={"kategori": "NONAKTIF"},
        sidik=padan.identity_fingerprint(anggota[0]),
        pekerjaan=None,
        sumber="uji",
    )
    tiket = TiketPadan.objects.get(individu=anggota[0])
    v = orang("verifikator")
    v.orang.nik = anggota[-1].nik.open()
    v.orang.save()
    with pytest.raises(NotAllowed):
        padan.minta_kecuali(tiket, by=orang("verifikator"), alasan="Ini keluarga saya sendiri")
