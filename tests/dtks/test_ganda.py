"""The same NIK or KK in two villages: each reads its own side, the Dinas of both decides once."""

import re
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Pemberitahuan
from core import outbox
from core.models import Jejak, Pekerjaan
from core.workflow import GateClosed, NotAllowed, NotOpen, StepRefused
from dtks import tasks  # noqa: F401 - its import registers the handlers of the queue
from dtks.actions import ganda
from dtks.actions import keluarga as register
from dtks.models import TemuanGanda
from portal.queries.dasbor import dasbor
from tests.bantu.alur import isi_individu, keluarga_uji, orang, sampai
from tests.bantu.pemain import DESA, DESA2, DESA_LAIN, PEMAIN

DAFTAR = "/padan/ganda/"
CATATAN = "KK asli sudah dilihat di kedua desa."


@pytest.fixture(autouse=True)
def tanpa_faktor_kedua(settings):
    """The second factor has tests of its own."""
    settings.DEMO = True


def buat(kedua="operator2", wilayah=DESA2, nomor=0) -> TemuanGanda:
    sampai("draf", nomor=nomor, pengusul="operator")
    kepala = keluarga_uji(nomor).told[0]
    temuan = ganda.laporkan(by=orang(kedua), wilayah=wilayah, nik=kepala.nik)
    assert temuan is not None
    return TemuanGanda.objects.get(pk=temuan.pk)


@pytest.fixture
def temuan(db):
    return buat()


def alamat(temuan, nama="lihat"):
    return reverse(f"ganda_{nama}", args=[temuan.pk])


def isian(**ubah):
    return {"kunci_kirim": str(uuid.uuid4()), "keputusan": "tetap_pertama", "catatan": CATATAN} | ubah


def teks(jawab) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", jawab.content.decode()))


def bersih(jawab) -> str:
    """The page without what differs by address or by form token."""
    return re.sub(
        r'name="(csrfmiddlewaretoken|kunci_kirim)" value="[^"]*"|[0-9a-f-]{36}', "", jawab.content.decode()
    )


def rahasia_pertama(temuan) -> list[str]:
    keluarga = temuan.keluarga
    kepala = keluarga.anggota.get(hubungan="1")
    return [
        kepala.nama,
        keluarga.alamat,
        temuan.wilayah_pertama.nama,
        DESA,
        str(keluarga.pk),
        kepala.nik.open(),
    ]


def test_the_register_only_refuses_and_the_finding_is_written_afterwards(db):
    sampai("draf", pengusul="operator")
    keluarga = keluarga_uji(0)
    with pytest.raises(register.NumberTaken) as ditolak:
        register.buat(
            by=orang("operator2"), wilayah=DESA2, data={"no_kk": keluarga.kk, "alamat": "Jalan Lain", "rt": "001", "rw": "001"},
            kepala=isi_individu(keluarga.told[0], kepala=True),
        )  # fmt: skip
    assert ditolak.value.kolom == "no_kk" and not TemuanGanda.objects.exists()
    temuan = ganda.laporkan(by=orang("operator2"), wilayah=DESA2, no_kk=keluarga.kk)
    assert temuan.individu_id is None and keluarga.kk not in temuan.nomor_samar
    assert ganda.laporkan(by=orang("operator2"), wilayah=DESA2, no_kk=keluarga.kk) is None
    assert TemuanGanda.objects.count() == Jejak.objects.filter(aksi="temuan_ganda").count() == 1


@pytest.mark.parametrize("kolom", ["nik", "no_kk"])
def test_the_database_keeps_one_open_finding_per_pair(db, kolom):
    sampai("draf", pengusul="operator")
    nomor = {"nik": keluarga_uji(0).told[0].nik} if kolom == "nik" else {"no_kk": keluarga_uji(0).kk}
    satu = ganda.laporkan(by=orang("operator2"), wilayah=DESA2, **nomor)
    with pytest.raises(IntegrityError), transaction.atomic():
        TemuanGanda.objects.create(
            individu=satu.individu, keluarga=satu.keluarga, wilayah_pertama=satu.wilayah_pertama,
            wilayah_kedua=satu.wilayah_kedua, dilaporkan_by=orang("operator2"),
        )  # fmt: skip
    ganda.tengahi(satu, by=orang("verifikator"), keputusan="orang_berbeda", catatan=CATATAN)
    assert ganda.laporkan(by=orang("operator2"), wilayah=DESA2, **nomor) is not None


def test_the_first_village_sees_its_family_and_nothing_of_the_other_side(temuan, masuk):
    for siapa in ("operator", "lurah"):
        klien = masuk(siapa)
        for halaman in (klien.get(DAFTAR), klien.get(alamat(temuan))):
            isi = teks(halaman)
            assert (
                f"Keluarga {temuan.keluarga.nama_kepala}" in isi and "juga diusulkan di wilayah lain" in isi
            )
            for asing in (temuan.wilayah_kedua.nama, DESA2, "operator2", temuan.dilaporkan_by.nama):
                assert asing not in halaman.content.decode()
        assert f"/keluarga/{temuan.keluarga_id}/" in klien.get(alamat(temuan)).content.decode()


def test_the_second_village_sees_what_it_typed_and_nothing_of_the_other_side(temuan, masuk):
    klien = masuk("operator2")
    for halaman in (klien.get(DAFTAR), klien.get(alamat(temuan))):
        isi = teks(halaman)
        assert f"NIK {temuan.nomor_samar} yang diketik di" in isi and "sudah tercatat di wilayah lain" in isi
        for asing in rahasia_pertama(temuan):
            assert asing not in halaman.content.decode()
    assert "kabupaten" not in teks(klien.get(alamat(temuan))).lower().split("menunggu keputusan")[-1][:200]


def test_what_the_first_village_changes_later_does_not_reach_the_second(temuan, masuk):
    sebelum = bersih(masuk("operator2").get(alamat(temuan)))
    kepala = temuan.individu
    usulan = temuan.keluarga.usulan.get()
    register.simpan_anggota(
        usulan,
        by=orang("operator"),
        individu=kepala,
        data={"nik": "3205015507710009", "nama": "Nama Baru Sekali"},
    )
    assert bersih(masuk("operator2").get(alamat(temuan))) == sebelum


def test_the_second_village_cannot_tell_near_from_far(db, masuk):
    """The page is the same whether the other side is next door or in another kabupaten."""
    dekat, jauh = buat(nomor=0), buat("operator.lain", DESA_LAIN, nomor=1)
    halaman = []
    for siapa, satu in (("operator2", dekat), ("operator.lain", jauh)):
        isi = re.search(r"<main.*?</main>", bersih(masuk(siapa).get(alamat(satu))), re.S)[0]
        for beda in (satu.nomor_samar, satu.wilayah_kedua.jalur.split(", ")[0]):
            isi = isi.replace(beda, "")
        halaman.append(isi)
    assert halaman[0] == halaman[1]


def test_other_kabupaten_gets_the_same_404_as_for_nothing(temuan, masuk):
    for siapa in ("verifikator.lain", "supervisor.lain", "operator.lain", "kadis.lain"):
        klien = masuk(siapa)
        ada, tidak_ada = klien.get(alamat(temuan)), klien.get(reverse("ganda_lihat", args=[uuid.uuid4()]))
        assert ada.status_code == tidak_ada.status_code == 404
        assert bersih(ada) == bersih(tidak_ada)
        assert klien.post(alamat(temuan, "tengahi"), isian()).status_code == 404
        assert klien.post(alamat(temuan, "catat"), isian()).status_code == 404
        assert str(temuan.pk) not in klien.get(DAFTAR).content.decode()


def test_people_without_the_nik_desk_find_no_such_page(temuan, masuk):
    for siapa in ("rtrw", "tksk", "peksos", "inspektorat", "provinsi", "pusdatin", "admin"):
        assert masuk(siapa).get(DAFTAR).status_code == 404, siapa
        assert masuk(siapa).get(alamat(temuan)).status_code == 404, siapa


def test_the_dinas_sees_both_sides_and_decides_with_a_note(temuan, masuk):
    klien = masuk("verifikator")
    isi = teks(klien.get(alamat(temuan)))
    for ada in (temuan.keluarga.nama_kepala, temuan.wilayah_pertama.nama, temuan.wilayah_kedua.nama, "••••"):
        assert ada in isi
    assert temuan.individu.nik.open() not in isi
    kosong = klien.post(alamat(temuan, "tengahi"), isian(keputusan="", catatan=""))
    assert kosong.status_code == 422 and "Pilih keputusannya" in teks(kosong)
    ketikan = klien.post(alamat(temuan, "tengahi"), isian(keputusan="ngawur", catatan="Ketikan saya"))
    assert ketikan.status_code == 422 and "Ketikan saya" in ketikan.content.decode()
    assert klien.post(alamat(temuan, "tengahi"), isian()).status_code == 302
    temuan.refresh_from_db()
    assert temuan.keputusan == "tetap_pertama" and temuan.ditutup_by.username == "verifikator"
    assert Jejak.objects.get(aksi="tengahi_ganda").rincian == {"keputusan": "tetap_pertama"}
    for siapa in ("operator", "operator2"):
        halaman = teks(masuk(siapa).get(alamat(temuan)))
        assert "tetap tercatat di wilayah" in halaman and CATATAN not in halaman
    assert CATATAN in teks(klien.get(alamat(temuan)))
    assert str(temuan.pk) not in klien.get(DAFTAR).content.decode()
    assert str(temuan.pk) in klien.get(f"{DAFTAR}?status=selesai").content.decode()


def test_villages_and_readers_cannot_decide(temuan, masuk):
    for siapa in ("operator", "operator2", "lurah", "kadis", "dukcapil"):
        klien = masuk(siapa)
        assert "Simpan keputusan" not in klien.get(alamat(temuan)).content.decode()
        assert klien.post(alamat(temuan, "tengahi"), isian()).status_code == 404, siapa
        assert klien.post(alamat(temuan, "catat"), isian()).status_code == 404, siapa
    temuan.refresh_from_db()
    assert temuan.ditutup_at is None and temuan.catatan == ""


def test_the_reporter_cannot_decide_even_from_another_account(temuan, masuk):
    pelapor = orang("operator2")
    dinas = orang("verifikator")
    dinas.orang = pelapor.orang
    dinas.save(update_fields=["orang"])
    klien = masuk("verifikator")
    assert "Anda yang melaporkan temuan ini" in teks(klien.get(alamat(temuan)))
    jawab = klien.post(alamat(temuan, "tengahi"), isian())
    assert jawab.status_code == 403 and "Anda yang melaporkan temuan ini" in teks(jawab)
    with pytest.raises(NotAllowed):
        ganda.tengahi(temuan, by=orang("verifikator"), keputusan="tetap_pertama", catatan=CATATAN)


def test_two_kabupaten_may_write_notes_and_not_decide(db, masuk):
    temuan = buat("operator.lain", DESA_LAIN)
    for siapa, catatan in (
        ("verifikator", "KK dilihat di Garut."),
        ("verifikator.lain", "KTP dilihat di sini."),
    ):
        klien = masuk(siapa)
        isi = klien.get(alamat(temuan)).content.decode()
        assert "Menunggu koordinasi dua kabupaten" in isi and "Simpan keputusan" not in isi
        tolak = klien.post(alamat(temuan, "tengahi"), isian())
        assert tolak.status_code == 403 and "Menunggu koordinasi dua kabupaten" in teks(tolak)
        assert klien.post(alamat(temuan, "catat"), isian(catatan=catatan)).status_code == 302
    temuan.refresh_from_db()
    assert temuan.ditutup_at is None
    assert (
        "Dinsos Kabupaten Garut: KK dilihat" in temuan.catatan
        and "Dinsos Kabupaten Tasikmalaya: KTP" in temuan.catatan
    )
    lain = masuk("verifikator.lain").get(alamat(temuan)).content.decode()
    for asing in (temuan.keluarga.nama_kepala, temuan.wilayah_pertama.jalur.split(", ")[0], DESA):
        assert asing not in lain
    for siapa in ("operator", "operator.lain"):
        desa = teks(masuk(siapa).get(alamat(temuan)))
        assert "dilihat" not in desa and "dua kabupaten" not in desa


def test_a_note_that_does_not_fit_any_more_is_refused(db):
    temuan = buat("operator.lain", DESA_LAIN)
    for _ in range(4):
        ganda.beri_catatan(temuan, by=orang("verifikator"), catatan="x" * 450)
    with pytest.raises(GateClosed):
        ganda.beri_catatan(temuan, by=orang("verifikator"), catatan="x" * 450)
    with pytest.raises(GateClosed):
        ganda.beri_catatan(temuan, by=orang("verifikator"), catatan="  ")


def test_both_villages_are_told_once_and_without_personal_data(temuan, masuk):
    Pekerjaan.objects.all().delete()
    klien, sekali = masuk("verifikator"), isian(keputusan="pindah_kedua")
    for _ in range(2):
        assert klien.post(alamat(temuan, "tengahi"), sekali).status_code == 302
    assert klien.post(alamat(temuan, "tengahi"), isian()).status_code == 409
    assert Pekerjaan.objects.get().jenis == ganda.JOB
    assert outbox.work() == 1 and outbox.work() == 0
    kabar = {p.pengguna.username: p for p in Pemberitahuan.objects.select_related("pengguna")}
    assert set(kabar) == {"operator", "lurah", "operator2", "lurah2"} and Pemberitahuan.objects.count() == 4
    assert (
        "warga wilayah lain" in kabar["operator"].kalimat
        and "warga wilayah Anda" in kabar["operator2"].kalimat
    )
    for username, satu in kabar.items():
        assert temuan.nomor_samar not in satu.kalimat and temuan.keluarga.nama_kepala not in satu.kalimat
        assert (
            temuan.wilayah_pertama.nama not in satu.kalimat and temuan.wilayah_kedua.nama not in satu.kalimat
        )
        assert masuk(username).get(satu.tautan).status_code == 200


def test_every_decision_has_a_notice_that_fits(db):
    for nomor, keputusan in enumerate(TemuanGanda.Keputusan.values):
        ganda.tengahi(buat(nomor=nomor), by=orang("supervisor"), keputusan=keputusan, catatan=CATATAN)
    outbox.work()
    assert Pemberitahuan.objects.count() == 16


def test_a_closed_finding_is_closed(temuan):
    ganda.tengahi(temuan, by=orang("verifikator"), keputusan="ke_dukcapil", catatan=CATATAN)
    with pytest.raises(NotOpen):
        ganda.tengahi(temuan, by=orang("supervisor"), keputusan="tetap_pertama", catatan=CATATAN)
    with pytest.raises(NotOpen):
        ganda.beri_catatan(temuan, by=orang("supervisor"), catatan=CATATAN)


def test_dashboard_and_nik_desk_lead_there(temuan, masuk):
    for siapa in ("operator", "operator2", "verifikator", "supervisor"):
        tugas = {t.kode: t for t in dasbor(orang(siapa)).tugas}
        assert tugas["ganda"].jumlah == 1
        assert "Data ganda: 1 temuan" in teks(masuk(siapa).get("/padan/"))
        assert "temuan data ganda" in teks(masuk(siapa).get("/dasbor/"))
    for siapa in ("operator.lain", "verifikator.lain", "admin", "tksk"):
        assert "ganda" not in {t.kode for t in dasbor(orang(siapa)).tugas}
    ganda.tengahi(temuan, by=orang("verifikator"), keputusan="tetap_pertama", catatan=CATATAN)
    for siapa in PEMAIN:
        assert "ganda" not in {t.kode for t in dasbor(orang(siapa)).tugas}


def test_the_list_asks_the_same_number_of_questions(db, masuk):
    klien = masuk("verifikator")

    def hitung():
        with CaptureQueriesContext(connection) as q:
            assert klien.get(DAFTAR).status_code == 200
        return len(q)

    buat(nomor=0)
    hitung()
    satu = hitung()
    for nomor in range(1, 5):
        buat(nomor=nomor)
    assert hitung() == satu


def serentak(*kerja):
    """Run the callables at once, each on a connection of its own; returns results or refusals in order."""
    gerbang = threading.Barrier(len(kerja))

    def satu(fungsi):
        try:
            gerbang.wait(20)
            return fungsi()
        except StepRefused as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(kerja)) as kolam:
        return [f.result() for f in [kolam.submit(satu, k) for k in kerja]]


def test_two_deciders_at_once_are_one_decision(db_nyata):
    temuan, a, b = buat(), orang("verifikator"), orang("supervisor")
    hasil = serentak(
        lambda: ganda.tengahi(temuan, by=a, keputusan="tetap_pertama", catatan=CATATAN),
        lambda: ganda.tengahi(temuan, by=b, keputusan="pindah_kedua", catatan=CATATAN),
    )
    assert sorted(isinstance(h, StepRefused) for h in hasil) == [False, True]
    menang = next(h for h in hasil if not isinstance(h, StepRefused))
    assert TemuanGanda.objects.get(pk=temuan.pk).keputusan == menang.keputusan
    assert (
        Jejak.objects.filter(aksi="tengahi_ganda").count()
        == Pekerjaan.objects.filter(jenis=ganda.JOB).count()
        == 1
    )
    with connection.cursor() as cursor:
        cursor.execute("select * from jejak_periksa()")
        assert not cursor.fetchall()


def test_six_reports_at_once_are_one_finding(db_nyata):
    sampai("draf", pengusul="operator")
    nik, by = keluarga_uji(0).told[0].nik, orang("operator2")
    hasil = serentak(*[lambda: ganda.laporkan(by=by, wilayah=DESA2, nik=nik)] * 6)
    assert sum(h is not None for h in hasil) == TemuanGanda.objects.count() == 1
    assert Jejak.objects.filter(aksi="temuan_ganda").count() == 1
