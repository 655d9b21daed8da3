"""A check at night doubts a recipient; the Dinas looks, asks the village, keeps him or proposes a removal. No machine removes anybody."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.utils import timezone

from bansos.actions import daftar, hitung, impor_pengecualian, pengecualian, tinjauan
from bansos.models import ButirPengecualian, SumberPengecualian, TinjauanPenerima
from bansos.queries.kelayakan import penerima
from bansos.queries.penerima import periode_kini
from bansos.queries.tinjauan import bukti_kata, nama_sumber
from core import audit
from core.models import Jejak
from core.templatetags.ui import tanggal
from core.workflow import GateClosed, NotAllowed, NotOpen
from dtks.actions import padan
from dtks.actions import usulan as langkah
from dtks.actions.impor import inti
from dtks.models import CalonGanda, Desil, Individu, TiketPadan, Usulan
from portal.queries import periksa_sql
from tests.bantu.alur import PDF, orang, sampai

pytestmark = pytest.mark.django_db
Sebab = TinjauanPenerima.Sebab


@pytest.fixture
def menerima():
    return sampai("ditetapkan")


def kepala(p) -> Individu:
    return p.usulan.keluarga.anggota.get(hubungan="1")


def wafat(p) -> TinjauanPenerima:
    Individu.objects.filter(pk=kepala(p).pk).update(keberadaan="2")
    assert tinjauan.cari("32.05") == (1, 0)
    return TinjauanPenerima.objects.get()


def desil(p, angka: int, triwulan: int = 1) -> None:
    Desil.objects.create(keluarga=p.usulan.keluarga, tahun=2027, triwulan=triwulan, desil=angka, sumber="uji")


def test_malam_menemukan_sekali_dan_tidak_mengubah_siapa_pun(menerima):
    satu = wafat(menerima)
    assert (satu.sebab, satu.individu, satu.status) == (Sebab.MENINGGAL, kepala(menerima), "terbuka")
    assert bukti_kata(satu, {}, desil=False) == [
        f"Di register {kepala(menerima).nama} dicatat meninggal.",
        f"Data per {_hari(satu)}.",
    ]
    assert tinjauan.cari("32.05") == (0, 0)
    assert penerima(["32.05"]).count() == 1 and menerima.segar().status == "ditetapkan"
    assert tinjauan.cari_semua() == {"baru": 0, "gugur": 0}


def _hari(satu) -> str:
    return tanggal(satu.bukti_tanggal)


def test_yang_bukan_penerima_tidak_ditinjau():
    p = sampai("dikirim")
    Individu.objects.filter(pk=kepala(p).pk).update(keberadaan="2")
    assert tinjauan.cari("32.05") == (0, 0)


def test_bukti_yang_hilang_menggugurkan_dan_bisa_muncul_lagi(menerima):
    satu = wafat(menerima)
    Individu.objects.filter(pk=kepala(menerima).pk).update(keberadaan="1")
    assert tinjauan.cari("32.05") == (0, 1)
    satu.refresh_from_db()
    assert (satu.status, satu.riwayat.get().langkah) == ("gugur", "gugurkan")
    assert Jejak.objects.filter(objek_id=str(satu.pk), aksi="gugurkan").exists()
    Individu.objects.filter(pk=kepala(menerima).pk).update(keberadaan="2")
    assert tinjauan.cari("32.05") == (1, 0)
    _pemeriksaan_bersih()


def _pemeriksaan_bersih() -> None:
    with connection.cursor() as c:
        c.execute("set constraints all immediate")
        for nama, _, sql in periksa_sql.PEMERIKSAAN:
            if nama in ("alur_tinjauan", "langkah_tinjauan", "layanan"):
                c.execute(sql)
                assert not c.fetchall(), nama


def test_dipertahankan_dengan_alasan_tidak_muncul_lagi_dengan_bukti_yang_sama(menerima):
    desil(menerima, 9)
    tinjauan.cari("32.05")
    satu = TinjauanPenerima.objects.get()
    assert satu.sebab == Sebab.TIDAK_LAYAK and satu.bukti["desil"] == 9
    with pytest.raises(GateClosed, match="ALASAN_WAJIB"):
        tinjauan.langkahkan(satu, "pertahankan", by=orang("verifikator"))
    satu = tinjauan.langkahkan(satu, "pertahankan", by=orang("verifikator"), alasan="TINJAU_SEDANG_DIURUS")
    assert satu.status == "dipertahankan"
    assert tinjauan.cari("32.05") == (0, 0)
    desil(menerima, 10, triwulan=2)  # the next quarter is other evidence
    assert tinjauan.cari("32.05") == (1, 0)


def test_desa_ditanya_menjawab_lalu_dinas_memutus(menerima):
    satu = wafat(menerima)
    assert not TinjauanPenerima.objects.visible_to(orang("operator")).exists()
    satu = tinjauan.langkahkan(
        satu, "tanya_desa", by=orang("verifikator"), catatan="Apakah benar sudah meninggal?"
    )
    assert TinjauanPenerima.objects.visible_to(orang("operator")).get() == satu
    assert not TinjauanPenerima.objects.visible_to(orang("operator2")).exists()
    with pytest.raises(NotAllowed):
        tinjauan.langkahkan(satu, "jawab_desa", by=orang("verifikator"), catatan="Jawaban dari orang Dinas")
    satu = tinjauan.langkahkan(
        satu, "jawab_desa", by=orang("operator"), catatan="Benar, meninggal bulan lalu."
    )
    assert (satu.status, satu.jawaban) == ("dijawab", "Benar, meninggal bulan lalu.")
    satu = tinjauan.langkahkan(
        satu, "usulkan_hapus", by=orang("verifikator"), catatan="Meninggal menurut desa."
    )
    usulan = satu.usulan
    assert (usulan.jalur, usulan.status, usulan.program) == ("PENGHAPUSAN", "draf", "PKH")
    assert penerima(["32.05"]).count() == 1  # still receives, until there is a decree
    _pemeriksaan_bersih()


def test_usulan_hapus_bisa_ditarik_dan_ditinjau_ulang(menerima):
    satu = tinjauan.langkahkan(
        wafat(menerima), "usulkan_hapus", by=orang("verifikator"), catatan="Meninggal menurut data."
    )
    with pytest.raises(GateClosed, match="USULAN_BERJALAN"):
        tinjauan.langkahkan(satu, "buka_lagi", by=orang("verifikator"))
    langkah.tarik(
        satu.usulan, by=orang("operator"), alasan="HAPUS_TIDAK_PERLU", catatan="Ternyata masih hidup"
    )
    satu = tinjauan.langkahkan(satu, "buka_lagi", by=orang("verifikator2"))
    assert satu.status == "terbuka"
    satu = tinjauan.langkahkan(satu, "pertahankan", by=orang("verifikator2"), alasan="TINJAU_DATA_KELIRU")
    assert Usulan.objects.terbuka().filter(jalur="PENGHAPUSAN").count() == 0


def test_dua_orang_memutus_satu_yang_menang(menerima):
    satu = wafat(menerima)
    tinjauan.langkahkan(satu, "pertahankan", by=orang("verifikator"), alasan="TINJAU_DATA_KELIRU", versi=0)
    with pytest.raises(NotOpen):
        tinjauan.langkahkan(
            satu, "usulkan_hapus", by=orang("verifikator2"), catatan="Meninggal menurut data.", versi=0
        )
    assert not Usulan.objects.filter(jalur="PENGHAPUSAN").exists()


def test_orang_lain_kabupaten_dan_peran_lain_ditolak(menerima):
    satu = wafat(menerima)
    for siapa in ("verifikator.lain", "operator", "kadis", "inspektorat", "admin"):
        with pytest.raises(NotAllowed):
            tinjauan.langkahkan(
                satu, "usulkan_hapus", by=orang(siapa), catatan="Coba menghapus keluarga ini."
            )
    assert not TinjauanPenerima.objects.visible_to(orang("verifikator.lain")).exists()
    for sql in ("delete from bansos_tinjauanpenerima", "update bansos_tinjauanpenerima set bukti = '{}'"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as c:
            c.execute(sql)


def test_tidak_padan_baru_ditinjau_sesudah_tenggatnya(menerima):
    satu = kepala(menerima)
    padan.catat_hasil(
        satu.pk,
        hasil={"kategori": "TIDAK_DITEMUKAN"},
        sidik=padan.identity_fingerprint(satu),
        pekerjaan=None,
        sumber="uji",
    )
    assert tinjauan.cari("32.05") == (0, 0)
    TiketPadan.objects.update(created_at=timezone.now() - timedelta(days=31))
    assert tinjauan.cari("32.05") == (1, 0)
    assert TinjauanPenerima.objects.get().sebab == Sebab.TIDAK_PADAN


# --- each kind of doubt ---------------------------------------------------------------------------------


def jawab_dukcapil(p, kategori: str) -> None:
    satu = kepala(p)
    padan.catat_hasil(
        satu.pk, hasil={"kategori": kategori}, sidik=padan.identity_fingerprint(satu), pekerjaan=None, sumber="uji"
    )  # fmt: skip


def kata(satu: TinjauanPenerima) -> str:
    return " ".join(bukti_kata(satu, nama_sumber(), desil=False))


@pytest.mark.parametrize(
    ("keberadaan", "kalimat"), [("3", "pindah ke wilayah lain"), ("4", "pindah ke luar negeri")]
)
def test_kepala_yang_dicatat_pindah_ditinjau(menerima, keberadaan, kalimat):
    Individu.objects.filter(pk=kepala(menerima).pk).update(keberadaan=keberadaan)
    assert tinjauan.cari("32.05") == (1, 0)
    satu = TinjauanPenerima.objects.get()
    assert satu.sebab == Sebab.PINDAH and kalimat in kata(satu)


def test_pindah_menurut_dukcapil_ditinjau_dan_anggota_lain_tidak(menerima):
    lain = menerima.usulan.keluarga.anggota.exclude(hubungan="1").first()
    Individu.objects.filter(pk=lain.pk).update(keberadaan="3")
    assert tinjauan.cari("32.05") == (0, 0)  # the aid of a family hangs on its head
    jawab_dukcapil(menerima, "PINDAH")
    assert tinjauan.cari("32.05") == (1, 0)
    satu = TinjauanPenerima.objects.get()
    assert (satu.sebab, satu.individu, satu.bukti) == (Sebab.PINDAH, kepala(menerima), {"padan": "PINDAH"})


def test_nik_ganda_menurut_dukcapil_ditinjau(menerima):
    jawab_dukcapil(menerima, "GANDA")
    assert tinjauan.cari("32.05") == (1, 0)
    satu = TinjauanPenerima.objects.get()
    assert satu.sebab == Sebab.GANDA and "ganda" in kata(satu)


def calon_ganda(satu: Individu, dua: Individu) -> CalonGanda:
    pertama, kedua = sorted((satu, dua), key=lambda i: i.pk)
    with transaction.atomic():
        calon = CalonGanda.objects.create(pertama=pertama, kedua=kedua, skor=82, sidik=b"0" * 32)
        audit.catat(aksi="uji", objek=calon, by=None, wilayah="32.05")
    return calon


def ubah_calon(calon: CalonGanda, status: str) -> None:
    with transaction.atomic():
        supervisor = orang("supervisor")
        CalonGanda.objects.filter(pk=calon.pk).update(
            status=status, utama=calon.pertama, diusulkan_by=supervisor, diusulkan_orang=supervisor.orang, usul_alasan="Orang yang sama.",
            diputus_by=supervisor, diputus_orang=supervisor.orang, diputus_at=timezone.now(), putusan_alasan="Sudah dicek.",
        )  # fmt: skip
        audit.catat(aksi="uji", objek=calon, by=None, wilayah="32.05")


def test_dua_penerima_yang_mungkin_satu_orang_ditinjau_sampai_pasangannya_diputus(menerima):
    lain = sampai("ditetapkan", nomor=1)
    calon = calon_ganda(kepala(menerima), kepala(lain))
    assert tinjauan.cari("32.05") == (2, 0)
    for satu in TinjauanPenerima.objects.all():
        assert satu.sebab == Sebab.GANDA and "skor 82" in kata(satu)
    for berjalan in ("usul_gabung", "ke_dukcapil"):  # still not known whether they are one person
        ubah_calon(calon, berjalan)
        assert tinjauan.cari("32.05") == (0, 0), berjalan
    ubah_calon(calon, "bukan_ganda")
    assert tinjauan.cari("32.05") == (0, 2)
    _pemeriksaan_bersih()


def test_calon_ganda_yang_bukan_penerima_program_itu_tidak_meragukan(menerima):
    calon_ganda(kepala(menerima), kepala(sampai("dikirim", nomor=1)))
    assert tinjauan.cari("32.05") == (0, 0)


def kecualikan(nik: str, *, by: str = "supervisor", hingga: str = "") -> None:
    judul = "NIK,SUMBER,TANGGAL DATA,ASAL DATA,BERLAKU HINGGA,KETERANGAN"
    isi = f"{judul}\n{nik},ASN,01/10/2026,BKPSDM Garut,{hingga},".encode("utf-8-sig")
    satu = inti.unggah(by=orang(by), jenis=impor_pengecualian.JENIS, isi=isi, nama="asn.csv")
    inti.terapkan(satu, by=orang(by))


def test_penerima_di_daftar_pengecualian_ditinjau_sampai_sanggahnya_dikabulkan(menerima):
    lain = menerima.usulan.keluarga.anggota.filter(nik_indeks__isnull=False).exclude(hubungan="1").first()
    assert SumberPengecualian.objects.get(pk="ASN").mengenai == "keluarga"
    kecualikan(lain.nik.open())
    assert tinjauan.cari("32.05") == (1, 0)
    satu = TinjauanPenerima.objects.get()
    assert (satu.sebab, satu.individu, satu.bukti["sumber"]) == (Sebab.TIDAK_LAYAK, lain, "ASN")
    assert "ASN" in kata(satu) and "1 Okt 2026" in kata(satu)
    sanggah = pengecualian.sanggahkan(
        ButirPengecualian.objects.get(), by=orang("operator"), individu=lain, alasan="Bukan ASN, buruh tani.", berkas=[PDF]
    )  # fmt: skip
    pengecualian.gugurkan(sanggah, by=orang("supervisor"), alasan="Surat dari BKPSDM menyatakan bukan ASN.")
    assert tinjauan.cari("32.05") == (0, 1)


def test_daftar_pengecualian_kabupaten_lain_dan_yang_sudah_lewat_tidak_meragukan(menerima):
    kecualikan(kepala(menerima).nik.open(), by="supervisor.lain")
    assert tinjauan.cari("32.05") == (0, 0)
    kecualikan(kepala(menerima).nik.open(), hingga=f"{timezone.localdate():%d/%m/%Y}")
    assert tinjauan.cari("32.05") == (1, 0)  # the last day still counts
    with connection.cursor() as c:
        c.execute("set local session_replication_role = replica")
        c.execute("update bansos_butirpengecualian set berlaku_hingga = current_date - 1")
        c.execute("set local session_replication_role = default")
    assert tinjauan.cari("32.05") == (0, 1)


def test_daftar_kelayakan_yang_ditandatangani_meragukan_yang_belum_tidak(menerima):
    hasil = hitung.hitung(program="PKH", periode=periode_kini(), wilayah="32.05", by=orang("supervisor"))
    assert hasil.daftar.baris.get(keluarga=menerima.usulan.keluarga).hasil == "tidak_layak"  # no decile yet
    assert tinjauan.cari("32.05") == (0, 0)
    sah = daftar.tandatangani(hasil.daftar, by=orang("kadis"))
    assert tinjauan.cari("32.05") == (1, 0)
    satu = TinjauanPenerima.objects.get()
    assert satu.sebab == Sebab.TIDAK_LAYAK and satu.bukti["daftar"] == periode_kini()
    assert "sudah ditandatangani menyatakan tidak layak" in kata(satu)
    daftar.cabut(sah, by=orang("kadis"), alasan="Salah unggah desil.")
    assert tinjauan.cari("32.05") == (0, 1)
