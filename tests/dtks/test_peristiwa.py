"""What happens to a family, in a person's words: each is a record, nothing is overwritten, nothing happens twice."""

import uuid
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from core.models import Jejak
from core.workflow import GateClosed, NotAllowed, NotOpen
from dtks.actions import keluarga as register
from dtks.actions import peristiwa as aksi
from dtks.actions import usulan as langkah
from dtks.actions.peristiwa import Catatan, Pengganti
from dtks.models import (
    AnggotaPPKS,
    Individu,
    KategoriPPKS,
    Keluarga,
    Peristiwa,
    TiketPadan,
    Usulan,
    VersiKeluarga,
)
from tests.bantu import cek
from tests.bantu.alur import PDF, alasan_pertama, isi_individu, keluarga_uji, orang, sampai
from tests.bantu.pemain import DESA

pytestmark = pytest.mark.django_db
KK_BARU = "3205010101260001"


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
def operator(db):
    return orang("operator")


@pytest.fixture
def rumah(db):
    """A family of three or more whose proposal was withdrawn: in the register, with nothing running."""
    nomor = next(n for n in range(50) if len(keluarga_uji(n).told) >= 3)
    p = sampai("draf", nomor=nomor, pengusul="operator")
    langkah.tarik(p.usulan, by=orang("operator"), alasan=alasan_pertama("tarik"))
    return Keluarga.objects.get(pk=p.usulan.keluarga_id)


def cat(**ubah) -> Catatan:
    return Catatan(
        **{"tanggal": timezone.localdate(), "dasar_jenis": "KK_BARU", "dasar_nomor": "KK/12/2026"} | ubah
    )


def kepala(keluarga) -> Individu:
    return keluarga.anggota.get(aktif=True, hubungan="1")


def lain(keluarga) -> list[Individu]:
    return list(keluarga.anggota.filter(aktif=True).exclude(hubungan="1").order_by("pk"))


def bayi(**ubah) -> dict:
    return {
        "nik": "", "tanpa_nik_alasan": "BAYI", "nama": "Aisyah Nur", "tgl_lahir": timezone.localdate() - timedelta(days=20),
        "jenis_kelamin": "2", "hubungan": "3", "status_kawin": "1", "ibu_kandung": "Euis", "tempat_lahir": "Garut", "keberadaan": "1",
    } | ubah  # fmt: skip


def tolak(kode: str, jenis, do) -> None:
    """Refused with this code, and nothing written: neither a record nor a version."""
    awal = (Peristiwa.objects.count(), VersiKeluarga.objects.count(), Jejak.objects.count())
    with pytest.raises(jenis) as ditolak:
        do()
    assert ditolak.value.halangan[0].kode == kode
    assert (Peristiwa.objects.count(), VersiKeluarga.objects.count(), Jejak.objects.count()) == awal


def test_a_baby_is_born(rumah, operator):
    anak = aksi.masuk(
        rumah,
        by=operator,
        catatan=cat(dasar_jenis="AKTA_LAHIR", berkas=PDF),
        data=bayi(),
        versi_dilihat=rumah.versi,
    )
    (satu,) = Peristiwa.objects.all()
    assert (satu.jenis, satu.individu, satu.keluarga, satu.oleh) == ("MASUK", anak, rumah, operator)
    assert (satu.versi_sebelum, satu.versi_sesudah) == (rumah.versi, rumah.versi + 1)
    assert satu.berkas.mime == "application/pdf" and satu.wilayah_id == DESA
    jejak = Jejak.objects.get(aksi="peristiwa_masuk")
    assert "Aisyah" not in str(jejak.rincian)
    isi = VersiKeluarga.objects.get(keluarga=rumah, versi=rumah.versi + 1)
    assert "Aisyah" in str(isi.open()) and b"Aisyah" not in bytes(isi.isi)


def test_a_member_dies_and_the_row_stays(rumah, operator):
    siapa = lain(rumah)[0]
    ppks = AnggotaPPKS.objects.create(
        individu=siapa,
        kategori=KategoriPPKS.objects.filter(sensitif=False)[0],
        sejak=date(2026, 1, 1),
        sumber="RT",
    )
    aksi.meninggal(siapa, by=operator, catatan=cat(dasar_jenis="AKTA_KEMATIAN"))
    siapa.refresh_from_db()
    ppks.refresh_from_db()
    assert (siapa.aktif, siapa.nonaktif_alasan, siapa.keberadaan) == (False, "meninggal", "2")
    assert siapa.nik and ppks.hingga == timezone.localdate()
    assert Individu.objects.dengan_nik(siapa.nik.open()).get() == siapa, "can be found"


def test_the_head_dies_and_a_successor_is_named_in_the_same_act(rumah, operator):
    tua, baru = kepala(rumah), lain(rumah)[0]
    tolak("KEPALA_BARU", GateClosed, lambda: aksi.meninggal(tua, by=operator, catatan=cat()))
    sisa = {str(a.pk): "3" for a in lain(rumah)[1:]}
    aksi.meninggal(tua, by=operator, catatan=cat(), ganti=Pengganti(baru.pk, sisa))
    rumah.refresh_from_db()
    assert kepala(rumah) == baru and rumah.nama_kepala == baru.nama
    assert {a.hubungan for a in lain(rumah)} == {"3"}
    assert Peristiwa.objects.get().rincian["kepala_baru"] == str(baru.pk)


def test_the_last_member_leaves_and_the_family_ends(rumah, operator):
    for siapa in lain(rumah):
        aksi.keluar(siapa, by=operator, catatan=cat())
    aksi.meninggal(kepala(rumah), by=operator, catatan=cat())
    rumah.refresh_from_db()
    assert rumah.status == "nonaktif" and not rumah.anggota.filter(aktif=True).exists()
    tolak("NONAKTIF", NotOpen, lambda: aksi.masuk(rumah, by=operator, catatan=cat(), data=bayi()))
    with pytest.raises(GateClosed):
        langkah.buat(by=operator, keluarga=rumah, program="PKH")


def test_open_proposals_of_an_emptied_family_are_never_left_hanging(operator):
    p = sampai("diajukan", pengusul="operator")
    rumah = p.usulan.keluarga
    for siapa in lain(rumah):
        aksi.keluar(siapa, by=operator, catatan=cat())
    akhir = kepala(rumah)
    tolak("USULAN_TERBUKA", GateClosed, lambda: aksi.meninggal(akhir, by=operator, catatan=cat()))
    aksi.meninggal(akhir, by=operator, catatan=cat(), ganti=Pengganti(tarik=True))
    assert p.segar().status == "ditarik"
    assert p.usulan.riwayat.order_by("-urut")[0].alasan == "SUDAH_MENINGGAL"


def test_a_marriage_moves_a_member_to_a_family_of_the_same_village(rumah, operator):
    p2 = sampai("draf", nomor=60, pengusul="operator")
    tujuan, siapa = p2.usulan.keluarga, lain(rumah)[0]
    aksi.gabung(siapa, by=operator, catatan=cat(dasar_jenis="BUKU_NIKAH"), tujuan=tujuan, hubungan="4")
    siapa.refresh_from_db()
    assert (siapa.keluarga, siapa.hubungan, siapa.aktif) == (tujuan, "4", True)
    satu = Peristiwa.objects.get()
    assert satu.tujuan == tujuan and satu.rincian["versi_tujuan"] == Keluarga.objects.get(pk=tujuan.pk).versi
    siapa = lain(rumah)[0]
    tolak(
        "KEPALA_GANDA",
        GateClosed,
        lambda: aksi.gabung(siapa, by=operator, catatan=cat(), tujuan=tujuan, hubungan="1"),
    )


def test_a_family_splits_and_both_know_of_it(rumah, operator):
    ikut, tiket = lain(rumah)[0], None
    tiket = TiketPadan.objects.create(individu=ikut, wilayah_id=DESA, kategori="TIDAK_DITEMUKAN")
    data = {"no_kk": KK_BARU, "alamat": rumah.alamat, "rt": rumah.rt, "rw": rumah.rw}
    baru = aksi.pecah_kk(rumah, by=operator, catatan=cat(), data=data, anggota={str(ikut.pk): "1"})
    ikut.refresh_from_db()
    assert (ikut.keluarga, ikut.hubungan, baru.nama_kepala) == (baru, "1", ikut.nama)
    assert baru.no_kk.open() == KK_BARU and baru.pk != rumah.pk
    satu = Peristiwa.objects.get()
    assert (satu.keluarga, satu.tujuan) == (rumah, baru)
    assert VersiKeluarga.objects.filter(keluarga=baru).exists()
    assert TiketPadan.objects.get(pk=tiket.pk).status == "buka"


def test_a_split_asks_for_one_head_some_who_stay_and_a_free_number(rumah, operator):
    data = {"no_kk": KK_BARU, "alamat": "Kp. Baru", "rt": "001", "rw": "002"}

    def pecah(anggota, ganti=aksi.TANPA, **ubah):
        return lambda: aksi.pecah_kk(
            rumah, by=operator, catatan=cat(), data=data | ubah, anggota=anggota, ganti=ganti
        )

    satu = str(lain(rumah)[0].pk)
    semua = {str(a.pk): "1" if a.hubungan == "1" else "3" for a in rumah.anggota.filter(aktif=True)}
    tolak("PECAH_KK", GateClosed, pecah({}))
    tolak("PECAH_KK", GateClosed, pecah({satu: "3"}))
    tolak("PECAH_KK", GateClosed, pecah(semua))
    tolak("KK_WAJIB", GateClosed, pecah({satu: "1"}, no_kk=""))
    tolak("SUDAH_TERCATAT", GateClosed, pecah({satu: "1"}, no_kk=rumah.no_kk.open()))
    tolak("KEPALA_BARU", GateClosed, pecah({str(kepala(rumah).pk): "1"}))
    tolak("BUKAN_ANGGOTA", NotOpen, pecah({str(uuid.uuid4()): "1"}))
    baru = pecah({str(kepala(rumah).pk): "1"}, Pengganti(uuid.UUID(satu)))()
    rumah.refresh_from_db()
    assert str(kepala(rumah).pk) == satu and kepala(baru) and rumah.nama_kepala == kepala(rumah).nama


def test_another_member_becomes_head(rumah, operator):
    tua, baru = kepala(rumah), lain(rumah)[0]
    tolak(
        "KEPALA_SAMA",
        GateClosed,
        lambda: aksi.ganti_kepala(rumah, by=operator, catatan=cat(), ganti=Pengganti(tua.pk)),
    )
    aksi.ganti_kepala(rumah, by=operator, catatan=cat(), ganti=Pengganti(baru.pk, {str(tua.pk): "6"}))
    tua.refresh_from_db()
    assert kepala(rumah) == baru and tua.hubungan == "6"


def test_one_who_was_written_off_by_error_comes_back(rumah, operator):
    siapa = lain(rumah)[0]
    aksi.meninggal(siapa, by=operator, catatan=cat())
    siapa.refresh_from_db()
    aksi.kembali(siapa, by=operator, catatan=cat(keterangan="Salah orang"), hubungan="3")
    siapa.refresh_from_db()
    assert (siapa.aktif, siapa.nonaktif_alasan, siapa.keberadaan) == (True, "", "1")
    assert list(Peristiwa.objects.order_by("created_at", "jenis").values_list("jenis", flat=True)) in (
        ["MENINGGAL", "KOREKSI"],
        ["KOREKSI", "MENINGGAL"],
    )
    tolak(
        "SUDAH_AKTIF",
        NotOpen,
        lambda: aksi.kembali(siapa, by=operator, catatan=cat(keterangan="x"), hubungan="3"),
    )


def test_a_whole_family_comes_back_with_its_head(rumah, operator):
    ketua = kepala(rumah)
    aksi.pindah_keluar(rumah, by=operator, catatan=cat(dasar_jenis="SKPWNI"), ke="32.06.02.2001")
    ketua.refresh_from_db()
    rumah.refresh_from_db()
    assert rumah.status == "nonaktif" and ketua.nonaktif_alasan == "pindah"
    satu = lain(rumah)
    assert satu == []
    anak = rumah.anggota.exclude(pk=ketua.pk).first()
    tolak("KEPALA_DULU", GateClosed, lambda: aksi.kembali(anak, by=operator, catatan=cat(), hubungan="3"))
    aksi.kembali(ketua, by=operator, catatan=cat(), hubungan="1")
    rumah.refresh_from_db()
    assert rumah.status == "calon" and rumah.nama_kepala == ketua.nama


def test_nobody_comes_back_while_his_number_is_active_elsewhere(rumah, operator):
    siapa = lain(rumah)[0]
    nik = siapa.nik.open()
    aksi.keluar(siapa, by=operator, catatan=cat())
    p = sampai("draf", nomor=61, pengusul="operator2", desa="32.05.01.1003", operator="operator2")
    tamu = next(f for f in keluarga_uji(0).told)
    register.simpan_anggota(
        p.usulan, by=orang("operator2"), data={**isi_individu(tamu), "nik": nik, "hubungan": "8"}
    )
    siapa.refresh_from_db()
    tolak("SUDAH_TERCATAT", GateClosed, lambda: aksi.kembali(siapa, by=operator, catatan=cat(), hubungan="3"))
    tolak(
        "SUDAH_TERCATAT",
        GateClosed,
        lambda: aksi.masuk(rumah, by=operator, catatan=cat(), data=bayi(nik=nik, tanpa_nik_alasan="")),
    )


def test_one_who_left_and_joins_again_keeps_his_own_row(rumah, operator):
    siapa = lain(rumah)[0]
    nik = siapa.nik.open()
    aksi.keluar(siapa, by=operator, catatan=cat())
    tujuan = sampai("draf", nomor=62, pengusul="operator").usulan.keluarga
    data = bayi(nik=nik, tanpa_nik_alasan="", nama=siapa.nama, tgl_lahir=siapa.tgl_lahir, hubungan="4")
    lagi = aksi.masuk(tujuan, by=operator, catatan=cat(), data=data)
    assert lagi.pk == siapa.pk and lagi.keluarga == tujuan and lagi.aktif
    assert Individu.objects.dengan_nik(nik).count() == 1


def test_the_dead_do_not_join_another_family(rumah, operator):
    siapa = lain(rumah)[0]
    nik = siapa.nik.open()
    aksi.meninggal(siapa, by=operator, catatan=cat())
    data = bayi(nik=nik, tanpa_nik_alasan="")
    tolak("TERCATAT_MENINGGAL", GateClosed, lambda: aksi.masuk(rumah, by=operator, catatan=cat(), data=data))


@pytest.mark.parametrize("siapa", ["operator2", "operator.lain", "lurah", "verifikator", "kadis", "admin"])
def test_others_record_nothing(rumah, siapa):
    satu = lain(rumah)[0]
    tolak("TIDAK_BERWENANG", NotAllowed, lambda: aksi.meninggal(satu, by=orang(siapa), catatan=cat()))
    tolak(
        "TIDAK_BERWENANG", NotAllowed, lambda: aksi.masuk(rumah, by=orang(siapa), catatan=cat(), data=bayi())
    )


@pytest.mark.parametrize("status", ["diinput", "diases"])
def test_nothing_changes_while_the_dinas_examines_the_family(status, operator):
    p = sampai(status)
    rumah = p.usulan.keluarga
    satu = lain(rumah)[0]
    tolak("TIDAK_BERWENANG", NotAllowed, lambda: aksi.meninggal(satu, by=operator, catatan=cat()))


def test_a_change_with_an_open_proposal_in_the_village_is_fine(operator):
    p = sampai("dimusyawarahkan")
    aksi.meninggal(lain(p.usulan.keluarga)[0], by=operator, catatan=cat())
    assert Usulan.objects.get(pk=p.usulan.pk).status == "dimusyawarahkan"
    satu = kepala(p.usulan.keluarga)
    tolak("TIDAK_BERWENANG", NotAllowed, lambda: aksi.keluar(satu, by=orang("rtrw"), catatan=cat()))


def test_not_tomorrow_and_not_before_birth(rumah, operator):
    satu = lain(rumah)[0]
    besok = timezone.localdate() + timedelta(days=1)
    for hari in (besok, satu.tgl_lahir - timedelta(days=1)):
        tolak("TANGGAL", GateClosed, lambda h=hari: aksi.meninggal(satu, by=operator, catatan=cat(tanggal=h)))


def test_an_old_page_is_refused(rumah, operator):
    satu, dua = lain(rumah)[:2]
    lama = rumah.versi
    aksi.keluar(satu, by=operator, catatan=cat(), versi_dilihat=lama)
    tolak("SUDAH_DIUBAH", NotOpen, lambda: aksi.keluar(dua, by=operator, catatan=cat(), versi_dilihat=lama))
    tolak("BUKAN_ANGGOTA", NotOpen, lambda: aksi.keluar(satu, by=operator, catatan=cat()))


def test_the_database_itself_keeps_records_and_versions(rumah, operator):
    aksi.keluar(lain(rumah)[0], by=operator, catatan=cat())
    for perintah in (
        "update dtks_peristiwa set keterangan = 'lain'",
        "delete from dtks_peristiwa",
        "update dtks_versikeluarga set versi = versi + 7",
        "delete from dtks_versikeluarga",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(perintah)
