"""Two rows that may be one person: found once, seen by the right people, merged by two persons, and taken back exactly."""

import io
import itertools
import re
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from core import outbox
from core.models import Jejak, Pekerjaan
from core.workflow import GateClosed, NotAllowed, NotOpen, StepRefused
from dtks import tasks
from dtks.actions import calon as aksi
from dtks.actions import gabung, peristiwa
from dtks.actions import keluarga as register
from dtks.actions import usulan as langkah
from dtks.models import (
    AnggotaPPKS,
    CalonGanda,
    Individu,
    KategoriPPKS,
    Keluarga,
    Penggabungan,
    TiketPadan,
    VersiKeluarga,
)
from dtks.queries.calon import potret
from dtks.queries.gabung import saran_utama
from portal.queries.dasbor import dasbor
from tests.bantu import cek
from tests.bantu.alur import alasan_pertama, isi_individu, keluarga_uji, orang, sampai
from tests.bantu.pemain import DESA, DESA2, KABUPATEN
from tests.dtks.test_usulan_layar import isi as isian_usulan

DAFTAR = "/padan/ganda/calon/"
ALASAN = "KTP-el dan KK asli keduanya sudah dilihat."
S = CalonGanda.Status


@pytest.fixture(autouse=True)
def tanpa_faktor_kedua(settings):
    """The second factor has tests of its own."""
    settings.DEMO = True


@pytest.fixture(autouse=True)
def cek_bansos_tetap_cocok(request):
    """Made one or taken apart again: what /cek/ answers follows."""
    satu_transaksi = "db" in request.fixturenames  # not after a race: its clean-up has begun
    if satu_transaksi:
        request.getfixturevalue("db")  # so that it goes after us
    yield
    if satu_transaksi:
        cek.pastikan_cocok()


def ketik_lagi(asal: Individu, desa: str = DESA, **ubah) -> Individu:
    """The same person in a family of his own, as somebody typed him a second time."""
    by = orang("operator" if desa == DESA else "operator2")
    nik = asal.nik.open()
    data = {
        "nik": nik[:9] + ("2" if nik[9] != "2" else "3") + nik[10:], "nama": asal.nama, "tempat_lahir": asal.tempat_lahir,
        "tgl_lahir": asal.tgl_lahir, "jenis_kelamin": asal.jenis_kelamin, "status_kawin": asal.status_kawin,
        "ibu_kandung": asal.ibu_kandung, "keberadaan": "1",
    } | ubah  # fmt: skip
    keluarga = register.buat(
        by=by, wilayah=desa, data={"no_kk": "", "alamat": "Kp. Kedua", "rt": "001", "rw": "002"}, kepala=data
    )
    return keluarga.anggota.get()


def pasangan(desa: str = DESA, nomor: int = 0, **ubah) -> CalonGanda:
    """An active family of DESA, and one of its members typed again in `desa`."""
    p = sampai("draf", nomor=nomor, pengusul="operator")
    asal = p.usulan.keluarga.anggota.exclude(hubungan="1").first()
    ketik_lagi(asal, desa, **ubah)
    cari()
    return CalonGanda.objects.select_related("pertama__keluarga", "kedua__keluarga").get()


def anggota_dan_salinan(c: CalonGanda) -> tuple[Individu, Individu]:
    """(the one in the larger family, the one typed again)."""
    a, b = Individu.objects.get(pk=c.pertama_id), Individu.objects.get(pk=c.kedua_id)
    return (a, b) if b.hubungan == "1" else (b, a)


def usulkan(c: CalonGanda, by="operator", utama=None, ambil=()) -> CalonGanda:
    utama = utama or anggota_dan_salinan(c)[0]
    return gabung.usulkan_gabung(c, by=orang(by), utama=utama, ambil=ambil, alasan=ALASAN)


def digabung(c: CalonGanda, **kw) -> Penggabungan:
    return gabung.setujui_gabung(usulkan(c, **kw), by=orang("verifikator"))


def cari() -> None:
    call_command("cari_ganda", wilayah=KABUPATEN, langsung=True, stdout=io.StringIO())


def bersih() -> list:
    with connection.cursor() as cursor:
        cursor.execute("select * from jejak_periksa()")
        return cursor.fetchall()


def teks(jawab) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", jawab.content.decode()))


def alamat(c, nama="lihat"):
    return reverse(f"calon_{nama}", args=[c.pk])


def isian(**ubah):
    return {"kunci_kirim": str(uuid.uuid4()), "alasan": ALASAN} | ubah


# --- finding -------------------------------------------------------------------------------------------


def test_a_slip_in_the_nik_is_found_once_and_says_why(db):
    c = pasangan()
    assert c.status == S.TERBUKA and c.skor >= 70
    assert {"nama_sama", "lahir_sama", "ibu_sama", "nik_satu_angka"} <= set(c.alasan)
    cari()
    cari()
    assert CalonGanda.objects.count() == 1
    assert str(c.pertama_id) < str(c.kedua_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        CalonGanda.objects.create(pertama_id=c.pertama_id, kedua_id=c.kedua_id, skor=1, sidik=b"x")
    with pytest.raises(IntegrityError), transaction.atomic():
        CalonGanda.objects.create(pertama_id=c.kedua_id, kedua_id=c.pertama_id, skor=1, sidik=b"x")


def test_ordinary_families_give_no_pairs(db):
    for n in range(4):
        sampai("draf", nomor=n, pengusul="operator")
    cari()
    assert not CalonGanda.objects.exists()


def test_no_plain_nik_reaches_the_table_the_trail_or_the_queue(db):
    c = pasangan()
    usulkan(c, ambil=["nik"])
    gabung.setujui_gabung(c, by=orang("verifikator"))
    for nik in (o.nik.open() for o in Individu.objects.exclude(nik=None)):
        for tabel in ("dtks_calonganda", "dtks_penggabungan", "core_jejak", "core_pekerjaan"):
            with connection.cursor() as cursor:
                cursor.execute(f"select count(*) from {tabel} t where t::text like %s", [f"%{nik}%"])
                assert cursor.fetchone()[0] == 0, tabel


def test_the_queue_searches_in_slices_and_the_night_only_what_changed(db, settings):
    p = sampai("draf", nomor=0, pengusul="operator")
    asal = p.usulan.keluarga.anggota.exclude(hubungan="1").first()
    Individu.objects.update(updated_at=timezone.now() - timedelta(days=3))
    Pekerjaan.objects.all().delete()
    assert aksi.iris(KABUPATEN, timezone.now() - timedelta(days=1)) == []
    ketik_lagi(asal)
    irisan = aksi.rencanakan(wilayah=KABUPATEN, sejak=timezone.now() - timedelta(hours=1))
    assert {i["jenis"] for i in irisan} == {"tahun", "nama"} and len(irisan) == 2
    Pekerjaan.objects.filter(jenis="dtks.padankan").delete()
    outbox.work()
    assert CalonGanda.objects.count() == 1
    assert not Pekerjaan.objects.exclude(status="selesai").exists()
    for job in Pekerjaan.objects.all():  # ids, years and three sounds: no name travels through the queue
        assert asal.kunci_nama not in str(job.argumen) or len(asal.kunci_nama) <= aksi.AWAL
    assert tasks.calon.JOB_IRIS in outbox.known()


def test_slices_are_cut_by_size(db, monkeypatch):
    for n in range(3):
        sampai("draf", nomor=n, pengusul="operator")
    monkeypatch.setattr(aksi, "IRIS_MAKS", 3)
    irisan = [i for i in aksi.iris(KABUPATEN) if i["jenis"] == "tahun"]
    tahun = sorted(t.year for t in Individu.objects.values_list("tgl_lahir", flat=True))
    assert len(irisan) > 1 and irisan[0]["dari"] == tahun[0] and irisan[-1]["hingga"] == tahun[-1]
    for satu, dua in itertools.pairwise(irisan):
        assert satu["hingga"] < dua["dari"]


def test_a_decision_stays_until_the_data_changes(db):
    c = pasangan()
    aksi.nyatakan_berbeda(c, by=orang("operator"), alasan=ALASAN)
    cari()
    c.refresh_from_db()
    assert c.status == S.BUKAN_GANDA
    asal, _ = anggota_dan_salinan(c)
    register.simpan_anggota(
        asal.keluarga.usulan.get(),
        by=orang("operator"),
        individu=asal,
        data={"ibu_kandung": asal.ibu_kandung + "H"},
    )
    cari()
    c.refresh_from_db()
    assert c.status == S.TERBUKA and "Data berubah" in c.dibuka_lagi and "Orang berbeda" in c.dibuka_lagi


def test_a_pair_that_is_gone_closes_itself_and_opens_when_it_is_back(db):
    c = pasangan()
    _, salinan = anggota_dan_salinan(c)
    lama = salinan.nama
    Individu.objects.filter(pk=salinan.pk).update(
        nama="ZULKARNAEN BAHTIAR", kunci_nama="X", ibu_kandung="WAGIYEM"
    )
    cari()
    c.refresh_from_db()
    assert c.status == S.GUGUR
    ibu = anggota_dan_salinan(c)[0].ibu_kandung
    Individu.objects.filter(pk=salinan.pk).update(nama=lama, ibu_kandung=ibu)
    cari()
    c.refresh_from_db()
    assert c.status == S.TERBUKA and CalonGanda.objects.count() == 1


def test_the_page_names_the_one_of_the_own_area_and_saves(db, masuk):
    """The head of family 1 typed under another NIK, with a KK of his own."""
    p = sampai("draf", nomor=0, pengusul="operator")
    kepala = p.usulan.keluarga.anggota.get(hubungan="1")
    data = isian_usulan(1, nama=kepala.nama, tgl_lahir=kepala.tgl_lahir.isoformat(), ibu_kandung=kepala.ibu_kandung,
                        jenis_kelamin=kepala.jenis_kelamin)  # fmt: skip
    jawab = masuk("operator").post("/usulan/baru/isian/", data, follow=True)
    assert jawab.status_code == 200 and Keluarga.objects.count() == 2
    assert f"mirip {kepala.nama} di keluarga {kepala.nama}. Tetap disimpan." in teks(jawab)
    assert CalonGanda.objects.count() == 1


def test_at_entry_the_officer_is_told_and_nothing_is_refused(masuk):
    p = sampai("draf", nomor=0, pengusul="operator")
    asal = p.usulan.keluarga.anggota.exclude(hubungan="1").first()
    by = orang("operator")
    baru = ketik_lagi(asal)
    assert aksi.periksa_orang(baru, by=by) == [asal]
    assert (
        aksi.periksa_orang(ketik_lagi(asal, DESA2, nik=asal.nik.open()[:12] + "0777"), by=orang("operator2"))
        == []
    )


# --- who sees what -------------------------------------------------------------------------------------


def test_inside_one_village_the_operator_sees_both_side_by_side(db, masuk):
    c = pasangan()
    isi = masuk("operator").get(alamat(c))
    for ada in (
        c.pertama.nama,
        c.kedua.keluarga.nama_kepala,
        "Usulkan digabung",
        "Orang berbeda",
        "Tanya Disdukcapil",
    ):
        assert ada in teks(isi)
    for o in (c.pertama, c.kedua):
        assert o.nik.open() not in isi.content.decode()
    assert c.pertama.nama in teks(masuk("operator").get(DAFTAR))


def test_across_villages_each_sees_its_own_side_only(db, masuk):
    c = pasangan(DESA2, tempat_lahir="TEMPAT RAHASIA")
    asal, salinan = anggota_dan_salinan(c)
    klien = masuk("operator")
    for halaman in (klien.get(alamat(c)), klien.get(DAFTAR)):
        isi = halaman.content.decode()
        for asing in (
            "TEMPAT RAHASIA",
            "MARGAWATI",
            "Margawati",
            DESA2,
            str(salinan.keluarga_id),
            "Kp. Kedua",
            str(salinan.pk),
        ):
            assert asing not in isi
        assert "warga desa lain" in isi
    assert "Usulkan digabung" not in klien.get(alamat(c)).content.decode()
    lain = masuk("operator2").get(alamat(c)).content.decode()
    for asing in (str(asal.keluarga_id), asal.keluarga.alamat, "Kota Kulon", DESA + "."):
        assert asing not in lain
    for nama in ("berbeda", "dukcapil", "usulkan"):
        jawab = klien.post(alamat(c, nama), isian(utama=str(asal.pk)))
        assert jawab.status_code == 403 and "TEMPAT RAHASIA" not in jawab.content.decode()
    dinas = teks(masuk("verifikator").get(alamat(c)))
    assert "TEMPAT RAHASIA" in dinas and asal.nama in dinas and "Usulkan digabung" in dinas
    c.refresh_from_db()
    assert c.status == S.TERBUKA


def test_what_the_dinas_writes_reaches_no_village_that_sees_one_side_only(db, masuk):
    c = usulkan(pasangan(DESA2), by="supervisor")
    assert ALASAN not in masuk("operator").get(alamat(c)).content.decode()
    gabung.tolak_gabung(c, by=orang("verifikator"), alasan="Ini warga Margawati")
    aksi.tanya_dukcapil(c, by=orang("verifikator"), alasan="Ini warga Margawati")
    for siapa in ("operator", "operator2"):
        isi = masuk(siapa).get(alamat(c)).content.decode()
        assert "Ini warga" not in isi and "Ditanyakan ke Disdukcapil" in isi
    c.refresh_from_db()
    aksi.nyatakan_berbeda(c, by=orang("verifikator"), alasan="Ini warga Margawati")
    for siapa in ("operator", "operator2"):
        assert "Ini warga" not in masuk(siapa).get(alamat(c)).content.decode()


def test_other_kabupaten_and_people_without_the_desk_find_nothing(db, masuk):
    c = pasangan()
    hilang = reverse("calon_lihat", args=[uuid.uuid4()])
    for siapa in (
        "verifikator.lain",
        "operator.lain",
        "operator2",
        "rtrw",
        "tksk",
        "peksos",
        "admin",
        "inspektorat",
    ):
        klien = masuk(siapa)
        assert klien.get(alamat(c)).status_code == klien.get(hilang).status_code == 404, siapa
        for nama in ("berbeda", "dukcapil", "usulkan", "setujui", "tolak", "pisahkan"):
            assert klien.post(alamat(c, nama), isian()).status_code == 404, (siapa, nama)
        daftar = klien.get(DAFTAR)
        assert daftar.status_code == 404 or str(c.pk) not in daftar.content.decode()
    for siapa in ("lurah", "kadis"):  # readers
        klien = masuk(siapa)
        assert klien.get(alamat(c)).status_code == 200
        assert "Usulkan digabung" not in klien.get(alamat(c)).content.decode()
        assert klien.post(alamat(c, "berbeda"), isian()).status_code == 404
    c.refresh_from_db()
    assert c.status == S.TERBUKA


def test_the_dashboard_counts_what_one_can_settle(db):
    pasangan(DESA2)
    assert {t.kode: t.jumlah for t in dasbor(orang("verifikator")).tugas}["calon_ganda"] == 1
    assert "calon_ganda" not in {t.kode for t in dasbor(orang("operator")).tugas}


# --- merging -------------------------------------------------------------------------------------------


def test_two_people_merge_through_the_pages_and_a_double_click_is_one(db, masuk):
    c = pasangan()
    asal, salinan = anggota_dan_salinan(c)
    operator, dinas = masuk("operator"), masuk("verifikator")
    assert operator.post(alamat(c, "usulkan"), isian(alasan="", utama=str(asal.pk))).status_code == 422
    sekali = isian(utama=str(asal.pk), ambil=["nik"])
    for _ in range(2):
        assert operator.post(alamat(c, "usulkan"), sekali).status_code == 302
    assert operator.post(alamat(c, "setujui"), isian()).status_code == 404
    assert "Setujui dan gabungkan" in dinas.get(alamat(c)).content.decode()
    sekali = isian()
    for _ in range(2):
        assert dinas.post(alamat(c, "setujui"), sekali).status_code == 302
    assert dinas.post(alamat(c, "setujui"), isian()).status_code == 409
    nik = salinan.nik.open()
    asal.refresh_from_db()
    salinan.refresh_from_db()
    c.refresh_from_db()
    assert c.status == S.DIGABUNG and Penggabungan.objects.count() == 1
    assert asal.aktif and asal.nik.open() == nik and asal.padan == Individu.Padan.MENUNGGU
    assert (
        not salinan.aktif and salinan.nonaktif_alasan == "GANDA" and salinan.digabung_ke.get().utama == asal
    )
    assert salinan.keluarga.status == Keluarga.Status.NONAKTIF
    assert Jejak.objects.filter(aksi="gabungkan").count() == 1
    assert "Batalkan penggabungan" in dinas.get(alamat(c)).content.decode()
    assert str(c.pk) in dinas.get(f"{DAFTAR}?status=selesai").content.decode()


def test_the_proposer_cannot_approve_not_even_from_another_account(db):
    c = usulkan(pasangan(), by="verifikator")
    with pytest.raises(NotAllowed):
        gabung.setujui_gabung(c, by=orang("verifikator"))
    kedua = orang("supervisor")
    kedua.orang = orang("verifikator").orang
    kedua.save(update_fields=["orang"])
    with pytest.raises(NotAllowed):
        gabung.setujui_gabung(c, by=orang("supervisor"))
    assert not Penggabungan.objects.exists()


def test_the_village_cannot_approve_and_another_village_cannot_propose(db):
    c = pasangan(DESA2)
    for siapa in ("operator", "operator2", "lurah"):
        with pytest.raises(NotAllowed):
            usulkan(c, by=siapa)
    usulkan(c, by="supervisor")
    with pytest.raises(NotAllowed):
        gabung.setujui_gabung(c, by=orang("operator"))


def test_a_refused_proposal_opens_the_pair_again(db):
    c = usulkan(pasangan())
    gabung.tolak_gabung(c, by=orang("verifikator"), alasan="Fotonya berbeda")
    c.refresh_from_db()
    assert c.status == S.TERBUKA and "Fotonya berbeda" in c.dibuka_lagi and c.utama_id is None


def test_data_that_changed_since_the_proposal_stops_the_merge(db):
    c = usulkan(pasangan())
    asal, _ = anggota_dan_salinan(c)
    register.simpan_anggota(
        asal.keluarga.usulan.get(), by=orang("operator"), individu=asal, data={"nama": asal.nama + " BARU"}
    )
    with pytest.raises(NotOpen):
        gabung.setujui_gabung(c, by=orang("verifikator"))


def test_not_while_the_dinas_examines_the_family(db, masuk):
    p = sampai("ditugaskan", nomor=0)
    asal = p.usulan.keluarga.anggota.exclude(hubungan="1").first()
    ketik_lagi(asal)
    cari()
    with pytest.raises(GateClosed) as tolak:
        usulkan(CalonGanda.objects.get(), utama=asal)
    assert tolak.value.halangan[0].kode == "DIPROSES_DINAS"
    isi = teks(masuk("operator").get(alamat(CalonGanda.objects.get())))
    assert tolak.value.halangan[0].kalimat in isi and "Usulkan digabung" not in isi, (
        "said before anything is typed"
    )


def test_a_head_with_members_does_not_give_way(db, masuk):
    c = pasangan()
    asal, salinan = anggota_dan_salinan(c)
    Individu.objects.filter(pk=asal.pk).update(keluarga=salinan.keluarga)  # two in the family of the copy
    with pytest.raises(GateClosed) as tolak:
        usulkan(c, utama=asal)
    assert tolak.value.halangan[0].kode == "KEPALA"
    isi = teks(masuk("operator").get(alamat(c)))
    assert isi.count("Belum bisa bila yang dipertahankan") == 1 and "Usulkan digabung" in isi


def test_a_family_that_would_be_empty_settles_its_proposal_first(db):
    c = pasangan()
    _, salinan = anggota_dan_salinan(c)
    usulan, _ = langkah.buat(by=orang("operator"), keluarga=salinan.keluarga, program="PKH", jalur="REGULER")
    with pytest.raises(GateClosed) as tolak:
        usulkan(c)
    assert (
        tolak.value.halangan[0].kode == "USULAN_TERBUKA" and usulan.tiket in tolak.value.halangan[0].kalimat
    )
    langkah.tarik(usulan, by=orang("operator"), alasan=alasan_pertama("tarik"))
    assert digabung(c).kalah == salinan
    assert salinan.keluarga.usulan.get() == usulan  # history stays where it was


def test_who_receives_aid_is_suggested_and_a_receiving_family_is_not_emptied(db):
    p = sampai("ditetapkan", nomor=0)
    kepala = p.usulan.keluarga.anggota.get(hubungan="1")
    ketik_lagi(kepala)
    cari()
    c = CalonGanda.objects.get()
    assert saran_utama(c) == kepala
    kepala.keluarga.anggota.exclude(pk=kepala.pk).update(aktif=False)
    salinan = c.kedua if c.pertama_id == kepala.pk else c.pertama
    with pytest.raises(GateClosed) as tolak:
        usulkan(c, utama=salinan)
    assert "PENERIMA" in {h.kode for h in tolak.value.halangan}


def test_running_categories_go_on_under_the_row_that_stays(db):
    c = pasangan()
    asal, salinan = anggota_dan_salinan(c)
    kategori = KategoriPPKS.objects.filter(sensitif=False).first()
    lama = register.catat_ppks(salinan, by=orang("operator"), kategori=kategori, sumber="Pendataan")
    digabung(c)
    assert AnggotaPPKS.objects.get(individu=asal, hingga=None).kategori == kategori
    lama.refresh_from_db()
    assert lama.hingga is not None
    gabung.pisahkan(c, by=orang("supervisor"), alasan=ALASAN)
    lama.refresh_from_db()
    assert lama.hingga is None and not AnggotaPPKS.objects.filter(individu=asal).exists()


# --- taking it back ------------------------------------------------------------------------------------


def keadaan(c) -> dict:
    orang_ = {o.pk: potret(o) for o in Individu.objects.filter(pk__in=(c.pertama_id, c.kedua_id))}
    for isi in orang_.values():
        isi.pop("updated_at")
    rumah = Keluarga.objects.filter(anggota__in=orang_).values_list("pk", "status", "nama_kepala")
    tiket = TiketPadan.objects.filter(individu__in=orang_).values_list(
        "pk", "status", "catatan", "kategori", "keterangan", "sidik", "ditutup_at"
    )
    return {"orang": orang_, "rumah": set(rumah), "tiket": set(tiket)}


def test_undo_puts_everything_back(db):
    c = pasangan()
    utama, salinan = anggota_dan_salinan(c)
    for satu in (utama, salinan):
        TiketPadan.objects.update_or_create(
            individu=satu, status="buka", defaults={"wilayah_id": DESA, "kategori": "GANDA"}
        )
    sebelum = keadaan(c)
    digabung(c, ambil=["nik", "nama", "tgl_lahir"])
    assert keadaan(c) != sebelum
    tutup = TiketPadan.objects.get(individu=salinan)
    assert (tutup.status, tutup.keterangan) == ("ditutup", "Ditutup: digabung dengan data lain.")
    gabung.pisahkan(c, by=orang("supervisor"), alasan=ALASAN)
    assert keadaan(c) == sebelum
    c.refresh_from_db()
    assert c.status == S.TERBUKA and "dibatalkan" in c.dibuka_lagi
    with pytest.raises(NotOpen):
        gabung.pisahkan(c, by=orang("supervisor"), alasan=ALASAN)
    assert digabung(c).kalah == salinan and Penggabungan.objects.count() == 2


def test_a_merge_and_its_undo_leave_a_version_of_both_families(db, masuk):
    c = pasangan()
    utama, kalah = anggota_dan_salinan(c)
    nama = kalah.nama
    digabung(c, ambil=["nik"])
    gabung.pisahkan(c, by=orang("supervisor"), alasan=ALASAN)
    for pk in (utama.keluarga_id, kalah.keluarga_id):
        rumah = Keluarga.objects.get(pk=pk)
        aksi_versi = dict(rumah.versi_isi.values_list("aksi", "versi"))
        assert aksi_versi["pisahkan"] == rumah.versi == aksi_versi["gabungkan"] + 1
    bubar = VersiKeluarga.objects.get(keluarga=kalah.keluarga_id, aksi="gabungkan").open()
    assert bubar["keluarga"]["status"] == "nonaktif" and "aktif" in bubar["anggota"][str(kalah.pk)]
    assert bubar["anggota"][str(kalah.pk)]["aktif"] is False
    isi = teks(masuk("operator").get(reverse("keluarga_riwayat", args=[kalah.keluarga_id])))
    assert "Digabung dengan data lain" in isi and "Penggabungan dibatalkan" in isi and nama in isi
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    assert bersih() == []


def test_undo_is_refused_when_something_was_built_on_it(db):
    c = pasangan()
    asal, salinan = anggota_dan_salinan(c)
    nik_lama = salinan.nik.open()
    digabung(c)
    with pytest.raises(NotAllowed):
        gabung.pisahkan(c, by=orang("operator"), alasan=ALASAN)
    with pytest.raises(GateClosed):
        gabung.pisahkan(c, by=orang("supervisor"), alasan=" ")
    usulan = asal.keluarga.usulan.get()
    lain = register.simpan_anggota(
        usulan,
        by=orang("operator"),
        data=isi_individu(keluarga_uji(30).told[0]) | {"hubungan": "8", "nik": nik_lama},
    )
    with pytest.raises(GateClosed) as tolak:
        gabung.pisahkan(c, by=orang("supervisor"), alasan=ALASAN)
    assert tolak.value.halangan[0].kode == "NOMOR_TERPAKAI"
    peristiwa.keluar(lain, by=orang("operator"), catatan=peristiwa.Catatan(timezone.localdate(), "KK_BARU"))
    register.simpan_anggota(usulan, by=orang("operator"), individu=asal, data={"tempat_lahir": "BANDUNG"})
    with pytest.raises(GateClosed) as tolak:
        gabung.pisahkan(c, by=orang("supervisor"), alasan=ALASAN)
    assert "sudah diubah sejak digabung" in tolak.value.halangan[0].kalimat
    salinan.refresh_from_db()
    assert not salinan.aktif


# --- at once, and afterwards ---------------------------------------------------------------------------


def serentak(*kerja):
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


def test_approve_refuse_and_approve_again_at_once_is_one_outcome(db_nyata):
    c = usulkan(pasangan())
    a, b, d = orang("verifikator"), orang("supervisor"), orang("verifikator2")
    hasil = serentak(
        lambda: gabung.setujui_gabung(c, by=a),
        lambda: gabung.tolak_gabung(c, by=b, alasan=ALASAN),
        lambda: gabung.setujui_gabung(c, by=d),
    )
    assert sum(not isinstance(h, StepRefused) for h in hasil) == 1
    c.refresh_from_db()
    assert Penggabungan.objects.count() == (c.status == S.DIGABUNG)
    assert bersih() == []


def test_the_self_check_is_clean_after_search_merge_and_undo(db_nyata):
    c = pasangan()
    digabung(c, ambil=["nik"])
    assert bersih() == []
    a, b = orang("verifikator"), orang("supervisor")
    hasil = serentak(
        lambda: gabung.pisahkan(c, by=a, alasan=ALASAN), lambda: gabung.pisahkan(c, by=b, alasan=ALASAN)
    )
    assert sum(not isinstance(h, StepRefused) for h in hasil) == 1
    aksi.nyatakan_berbeda(c, by=a, alasan=ALASAN)
    cari()
    assert bersih() == []
    assert Penggabungan.objects.filter(dibatalkan_at=None).count() == 0
