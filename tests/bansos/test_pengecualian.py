"""Lists of people whom a rule leaves out: in by file, origin and day kept, every hit contestable, all of it undone as one act."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Count

from bansos.actions import bendera, impor_pengecualian
from bansos.actions import pengecualian as aksi
from bansos.models import ButirPengecualian, SanggahButir
from bansos.queries import pengecualian as baca
from core.models import Pekerjaan
from core.privacy.keys import blind_index
from core.workflow import GateClosed, NotAllowed, NotOpen
from dtks.actions import usulan as langkah
from dtks.actions.impor import inti
from dtks.models import BarisImpor
from tests.bantu.alur import PDF, keluarga_uji, orang, sampai

pytestmark = pytest.mark.django_db
JUDUL = "NIK,SUMBER,TANGGAL DATA,ASAL DATA,BERLAKU HINGGA,KETERANGAN"


def unggah(*baris: str, by: str = "supervisor"):
    isi = "\n".join([JUDUL, *baris]).encode("utf-8-sig")
    return inti.unggah(by=orang(by), jenis=impor_pengecualian.JENIS, isi=isi, nama="asn.csv")


def masukkan(*baris: str, by: str = "supervisor"):
    return inti.terapkan(unggah(*baris, by=by), by=orang(by))


def nik(n: int, anggota: int = 0) -> str:
    return keluarga_uji(n).told[anggota].nik


def sidik() -> set:
    return set(ButirPengecualian.objects.values_list("id", "status", "tanggal_data", "menggantikan"))


@pytest.fixture
def kena():
    """A family whose head stands on the list of ASN."""
    p = sampai("diajukan", nomor=1)
    masukkan(f"{nik(1)},ASN,01/10/2026,BKPSDM Garut,,")
    return p.usulan.keluarga.anggota.get(hubungan="1"), ButirPengecualian.objects.get()


def test_daftar_masuk_dengan_asal_dan_tanggal_tanpa_menyimpan_nik():
    impor = masukkan(
        f"{nik(1)},ASN,01/10/2026,BKPSDM Garut,,Guru PNS",
        f"{nik(2)},upah di atas ump/umk,2026-09-30,,31/12/2027,",
    )
    assert impor.hitung == {"baru": 2}
    satu = ButirPengecualian.objects.get(sumber="ASN")
    assert (satu.asal, satu.tanggal_data, satu.keterangan, satu.wilayah_id) == (
        "BKPSDM Garut",
        date(2026, 10, 1),
        "Guru PNS",
        "32.05",
    )
    assert bytes(satu.nik_indeks) == blind_index(nik(1), "nik")
    dua = ButirPengecualian.objects.get(sumber="UPAH")
    assert (dua.asal, dua.berlaku_hingga) == ("Upah di atas UMP/UMK", date(2027, 12, 31))
    with connection.cursor() as c:
        c.execute("select count(*) from bansos_butirpengecualian b where b::text like %s", [f"%{nik(1)}%"])
        assert c.fetchone()[0] == 0


def test_berkas_yang_sama_tidak_mengubah_apa_pun():
    baris = f"{nik(1)},ASN,01/10/2026,BKPSDM,,"
    masukkan(baris)
    lagi = unggah(baris)
    assert lagi.hitung == {"sama": 1}
    with pytest.raises(GateClosed, match="TIDAK_ADA_PERUBAHAN"):
        inti.terapkan(lagi, by=orang("supervisor"))
    assert unggah(f"{nik(1)},ASN,01/09/2026,BKPSDM,,").hitung == {"sama": 1}


def test_data_lebih_baru_menggantikan_dan_batal_mengembalikan_persis():
    masukkan(f"{nik(1)},ASN,01/09/2026,BKPSDM,,", f"{nik(2)},ASN,01/09/2026,BKPSDM,,")
    awal = sidik()
    baru = masukkan(f"{nik(1)},ASN,01/10/2026,BKPSDM,,", f"{nik(3)},ASN,01/10/2026,BKPSDM,,")
    assert baru.hitung == {"berubah": 1, "baru": 1}
    assert dict(ButirPengecualian.objects.values_list("status").annotate(n=Count("pk"))) == {
        "berlaku": 3,
        "diganti": 1,
    }
    assert inti.batalkan(baru, by=orang("supervisor")).status == "dibatalkan"
    assert sidik() == awal


def test_baris_yang_salah_disebut_kolomnya_dan_yang_benar_tetap_masuk():
    impor = unggah(
        f"{nik(1)},ASN,01/10/2026,,,", f"{nik(1)},ASN,01/10/2026,,,", f"{nik(2)},TIDAK ADA,01/10/2026,,,", "123,ASN,01/10/2026,,,",
        f"{nik(3)},ASN,01/10/2999,,,", f"{nik(4)},ASN,kemarin,,,", f"{nik(5)},ASN,01/10/2026,,01/01/2020,",
    )  # fmt: skip
    assert impor.hitung == {"baru": 1, "galat": 6}
    kode = [
        g["kode"]
        for b in BarisImpor.objects.filter(impor=impor, hasil="galat").order_by("nomor")
        for g in b.galat
    ]
    assert kode == ["BARIS_GANDA", "SUMBER_TIDAK_DIKENAL", "NIK_TIDAK_SAH", "TANGGAL", "TANGGAL", "TANGGAL"]
    assert not any(
        nik(i) in str(b.galat) for b in BarisImpor.objects.filter(impor=impor) for i in range(1, 6)
    )


@pytest.mark.parametrize("siapa", ["operator", "verifikator", "kadis", "admin", "provinsi"])
def test_hanya_supervisor_yang_memasukkan_daftar(siapa):
    with pytest.raises(NotAllowed):
        unggah(f"{nik(1)},ASN,01/10/2026,,,", by=siapa)


def test_keluarga_yang_kena_tampil_dengan_kalimat(kena):
    anggota, _ = kena
    (satu,) = baca.keluarga_kena(anggota.keluarga)
    assert (
        satu.kalimat
        == f"{anggota.nama} tercatat sebagai ASN, anggota TNI, atau anggota Polri (data BKPSDM Garut per 01/10/2026)."
    )
    (lagi,) = baca.pasangkan(orang("operator"), baca.temuan(orang("operator")))
    assert lagi.individu == anggota
    for siapa in ("operator2", "operator.lain", "supervisor.lain"):
        assert not baca.temuan(orang(siapa)).exists()


def test_daftar_kabupaten_lain_tidak_mengenai_keluarga_di_sini():
    p = sampai("diajukan", nomor=1)
    masukkan(f"{nik(1)},ASN,01/10/2026,BKPSDM,,", by="supervisor.lain")
    assert baca.keluarga_kena(p.usulan.keluarga) == []
    assert (
        not baca.temuan(orang("supervisor")).exists() and not baca.temuan(orang("supervisor.lain")).exists()
    )


def test_sanggah_yang_dikabulkan_menggugurkan_dan_berkas_berikutnya_tidak_menghidupkannya(kena):
    anggota, butir = kena
    satu = aksi.sanggahkan(
        butir, by=orang("operator"), individu=anggota, alasan="Bukan ASN, buruh tani.", berkas=[PDF]
    )
    butir.refresh_from_db()
    assert (butir.status, satu.status) == ("disanggah", "diajukan")
    with pytest.raises(NotOpen):
        aksi.sanggahkan(butir, by=orang("verifikator"), individu=anggota, alasan="Bukan ASN, buruh tani.")
    with pytest.raises(GateClosed):
        aksi.gugurkan(satu, by=orang("supervisor"), alasan="ya")
    aksi.gugurkan(satu, by=orang("supervisor"), alasan="Surat BKPSDM: NIK tertukar.")
    butir.refresh_from_db()
    assert butir.status == "gugur"
    with pytest.raises(NotOpen):
        aksi.teguhkan(satu, by=orang("supervisor"), alasan="Surat BKPSDM: NIK tertukar.")
    impor = unggah(f"{nik(1)},ASN,01/11/2026,BKPSDM Garut,,")
    assert impor.hitung == {"konflik": 1}


def test_keluarga_di_daftar_pengecualian_tidak_sampai_ke_keputusan_sebelum_disanggah_atau_ditolak():
    """The hit holds the proposal at the Dinas without naming anybody; when the family is right, it goes on by itself."""
    u = sampai("diases", nomor=1, program="PKH").usulan
    masukkan(f"{nik(1)},ASN,01/10/2026,BKPSDM Garut,,", f"{nik(2)},ASN,01/10/2026,BKPSDM Garut,,")
    assert bendera.selaraskan([u.pk]) == (1, 0) and bendera.selaraskan([u.pk]) == (0, 0)
    satu, kepala = u.bendera.terbuka().get(), u.keluarga.anggota.get(hubungan="1")
    assert satu.kode == "PENGECUALIAN" and "ASN" in satu.kalimat and kepala.nama not in satu.kalimat
    with pytest.raises(GateClosed, match="BENDERA_PENGECUALIAN"):
        langkah.verifikasi(u, by=orang("verifikator"))
    butir = ButirPengecualian.objects.get(nik_indeks=blind_index(nik(1), "nik"))
    sanggah = aksi.sanggahkan(butir, by=orang("operator"), individu=kepala, alasan="Bukan ASN, buruh tani.")
    assert bendera.selaraskan([u.pk]) == (0, 0)  # contested is not yet decided
    Pekerjaan.objects.filter(jenis=bendera.JOB).delete()
    aksi.gugurkan(sanggah, by=orang("supervisor"), alasan="Surat BKPSDM: NIK tertukar.")
    (kerja,) = Pekerjaan.objects.filter(jenis=bendera.JOB)  # nobody waits for the night
    assert kerja.argumen["usulan"] == [str(u.pk)] and bendera.selaraskan([u.pk]) == (0, 1)
    langkah.verifikasi(u, by=orang("verifikator"))


def test_program_yang_tidak_mengenal_daftar_itu_tidak_ditahan():
    u = sampai("diases", nomor=1, program="APBD-RTLH").usulan
    masukkan(f"{nik(1)},MENINGGAL,01/10/2026,Disdukcapil Garut,,")
    assert bendera.selaraskan([u.pk]) == (0, 0)


def test_sanggah_yang_ditolak_membuat_data_berlaku_lagi(kena):
    anggota, butir = kena
    satu = aksi.sanggahkan(butir, by=orang("operator"), individu=anggota, alasan="Bukan ASN, buruh tani.")
    assert unggah(f"{nik(1)},ASN,01/11/2026,BKPSDM Garut,,").hitung == {"konflik": 1}
    aksi.teguhkan(satu, by=orang("supervisor"), alasan="SK pengangkatan masih berlaku.")
    butir.refresh_from_db()
    assert butir.status == "berlaku"
    aksi.sanggahkan(butir, by=orang("operator"), individu=anggota, alasan="Sudah pensiun bulan lalu.")


def test_yang_mencatat_tidak_memutus_dan_desa_lain_tidak_menyanggah(kena):
    anggota, butir = kena
    for siapa in ("operator2", "operator.lain", "supervisor", "admin"):
        with pytest.raises(NotAllowed):
            aksi.sanggahkan(butir, by=orang(siapa), individu=anggota, alasan="Bukan ASN, buruh tani.")
    satu = aksi.sanggahkan(butir, by=orang("operator"), individu=anggota, alasan="Bukan ASN, buruh tani.")
    for siapa in ("operator", "verifikator", "kadis", "supervisor.lain"):
        with pytest.raises(NotAllowed):
            aksi.gugurkan(satu, by=orang(siapa), alasan="Surat BKPSDM: NIK tertukar.")
    kembar = orang("supervisor")
    SanggahButir.objects.filter(pk=satu.pk)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as c:
        c.execute(
            "update bansos_sanggahbutir set status = 'dikabulkan', alasan_putusan = 'x', diputus_at = now(), diputus_by_id = %s,"
            " diputus_orang_id = created_orang_id where id = %s",
            [kembar.pk, satu.pk],
        )


def test_orang_lain_tidak_bisa_dipakai_menyanggah_data_ini(kena):
    anggota, butir = kena
    lain = anggota.keluarga.anggota.exclude(pk=anggota.pk).first()
    with pytest.raises(GateClosed, match="BUKAN_ORANGNYA"):
        aksi.sanggahkan(butir, by=orang("operator"), individu=lain, alasan="Bukan ASN, buruh tani.")


def test_berkas_yang_sudah_disanggah_tidak_bisa_dibatalkan(kena):
    anggota, butir = kena
    aksi.sanggahkan(butir, by=orang("operator"), individu=anggota, alasan="Bukan ASN, buruh tani.")
    batal = inti.batalkan(butir.impor, by=orang("supervisor"))
    assert batal.status == "diterapkan" and "sudah disanggah" in batal.sebab
    assert ButirPengecualian.objects.count() == 1


def test_isi_butir_tidak_bisa_diubah_atau_dihapus(kena):
    _, butir = kena
    for sql in (
        "update bansos_butirpengecualian set tanggal_data = '2020-01-01' where id = %s",
        "delete from bansos_butirpengecualian where id = %s",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as c:
            c.execute(sql, [butir.pk])
