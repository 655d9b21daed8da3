"""An operator brings the village's table: nothing is written before she says so, every row is told what becomes of it."""

import io
import json
import random
import resource
from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import TestCase
from django.utils import timezone
from python_calamine import CalamineWorkbook

from core import files, rules
from core.identity import check_nik
from core.models import Jejak, JejakBaris, Ketentuan, Pekerjaan
from core.workflow import NotAllowed
from dtks import tasks
from dtks.actions import padan
from dtks.actions import peristiwa as aksi_peristiwa
from dtks.actions import usulan as langkah
from dtks.actions.beku import bekukan
from dtks.actions.impor import aturan_v4, inti
from dtks.actions.impor import templat_v4 as v4
from dtks.actions.impor.usulan_v4 import JENIS
from dtks.models import BarisImpor, HasilPadan, Impor, Individu, Keluarga, TiketPadan, Usulan
from tests.bantu import basis
from tests.bantu import berkas_v4 as buat
from tests.bantu.alur import orang, sampai
from tests.bantu.anak import terpisah
from tests.bantu.pemain import DESA, DESA2, DESA_LAIN

TABEL = (
    "dtks_keluarga",
    "dtks_individu",
    "dtks_usulan",
    "dtks_riwayatusulan",
    "dtks_hasilpadan",
    "dtks_tiketpadan",
)


def unggah(isi: bytes, by: str = "operator", nama: str = "usulan.xlsx") -> Impor:
    return inti.unggah(by=orang(by), jenis=JENIS, isi=isi, nama=nama, langsung=True)


def rows(n: int, seed: int = 1, awal: int = 0, desa: str = DESA) -> list[buat.Baris]:
    return buat.berkas(n, seed=seed, desa=buat.nama_desa(desa), awal=awal)


def simpan(impor: Impor, by: str = "operator", **opsi) -> Impor:
    return inti.terapkan(impor, by=orang(by), langsung=True, **opsi)


def batal(impor: Impor, by: str = "operator") -> Impor:
    return inti.batalkan(impor, by=orang(by), langsung=True)


def register() -> dict[str, list[str]]:
    """Every byte of the register: the rows of its tables as PostgreSQL spells them."""
    hasil = {}
    with connection.cursor() as cursor:
        for tabel in TABEL:
            cursor.execute(f"select t::text from {tabel} t order by 1")
            hasil[tabel] = [r[0] for r in cursor.fetchall()]
    return hasil


def galat(impor: Impor) -> set[tuple[int, str, str]]:
    daftar = BarisImpor.objects.filter(impor=impor, hasil="galat").values_list("nomor", "galat")
    return {(n, g["kolom"], g["kode"]) for n, semua in daftar for g in semua}


def kode(impor: Impor, kolom: str = "galat") -> Counter:
    return Counter(g["kode"] for b in BarisImpor.objects.filter(impor=impor) for g in getattr(b, kolom))


def satu(**ubah) -> list[buat.Baris]:
    """One new family of two with some cells of the second person said otherwise."""
    isi = rows(2)[:2]
    for nama, nilai in ubah.items():
        isi[1][getattr(v4, nama)] = nilai
    return isi


# --- preview, confirm, undo ---------------------------------------------------------------------------


def test_nothing_is_written_before_the_operator_confirms(db):
    sebelum = register()
    impor = unggah(buat.xlsx(rows(30)))
    assert (impor.status, impor.sebab) == ("siap", "")
    assert impor.hitung["baru"] == impor.jumlah
    assert register() == sebelum
    simpan(impor)
    assert Individu.objects.count() == impor.jumlah
    assert Keluarga.objects.count() == len({b[v4.NOKK] for b in rows(30)})
    assert Usulan.objects.count() == len({(b[v4.NOKK], b[v4.PROGRAM]) for b in rows(30)})


def test_what_the_file_says_is_what_is_stored(db):
    isi = satu(
        HAMIL="YA",
        HAMIL_SEJAK="01/10/2026",
        KELAMIN="P",
        DISABILITAS="YA",
        KODE_DISABILITAS="PDSNS",
        NAMA="O'NANG, S.Pd",
    )
    simpan(unggah(buat.xlsx(isi)))
    o = Individu.objects.get(nama="O'NANG, S.Pd")
    assert (o.nik.open(), o.keluarga.no_kk.open()) == (isi[1][v4.NIK], isi[1][v4.NOKK])
    assert (o.disabilitas, o.hamil, str(o.hamil_sejak), o.pekerjaan) == (
        "PDSNS",
        True,
        "2026-10-01",
        isi[1][v4.KERJA],
    )
    assert (o.keluarga.alamat, o.keluarga.rt, o.keluarga.rw, o.keluarga.wilayah_id) == (isi[1][v4.ALAMAT], isi[1][v4.RT], isi[1][v4.RW], DESA)  # fmt: skip
    kepala = o.keluarga.anggota.get(hubungan="1")
    assert kepala.nama == o.keluarga.nama_kepala == isi[0][v4.NAMA]
    assert Individu.objects.dengan_nik(isi[0][v4.NIK]).get() == kepala


def test_every_new_row_has_its_act_and_its_fingerprint_and_the_self_check_is_clean(db):
    impor = simpan(unggah(buat.xlsx(rows(30))))
    assert Jejak.objects.filter(aksi="buat_usulan").count() == Usulan.objects.count()
    assert Jejak.objects.filter(aksi="buat_keluarga").count() == Keluarga.objects.count()
    disebut = [i for j in Jejak.objects.filter(aksi="buat_keluarga") for i in j.rincian["individu"]]
    assert sorted(disebut) == sorted(str(pk) for pk in Individu.objects.values_list("pk", flat=True))
    for tabel, model in (("dtks_individu", Individu), ("dtks_usulan", Usulan), ("dtks_keluarga", Keluarga)):
        assert JejakBaris.objects.filter(tabel=tabel, op="I").count() == model.objects.count()
    assert Jejak.objects.filter(aksi="terapkan_impor", objek_id=str(impor.pk)).count() == 1


def test_the_registry_is_asked_fifty_to_a_job(db):
    impor = simpan(unggah(buat.xlsx(rows(120))))
    ids = [i for p in Pekerjaan.objects.filter(jenis=padan.JOB) for i in p.argumen["individu"]]
    assert len(ids) == len(set(ids)) == impor.jumlah
    assert Pekerjaan.objects.filter(jenis=padan.JOB).count() == -(-impor.jumlah // 50)
    assert set(Individu.objects.values_list("padan", flat=True)) == {"MENUNGGU"}


def test_the_same_file_twice_changes_nothing(db):
    isi = buat.xlsx(rows(40))
    simpan(unggah(isi))
    sebelum = register()
    lagi = unggah(isi)
    assert lagi.hitung == {"sama": lagi.jumlah} | {k: v for k, v in lagi.hitung.items() if k == "tanda"}
    with pytest.raises(inti.GateClosed):
        simpan(lagi)
    assert register() == sebelum


def test_the_same_file_that_waits_is_not_kept_twice(db):
    isi = buat.xlsx(rows(4))
    assert unggah(isi).pk == unggah(isi).pk


def test_undo_gives_every_byte_back(db):
    sampai("draf", nomor=3)
    simpan(unggah(buat.xlsx(rows(20))))
    sebelum = register()
    isi = rows(20)
    for b in isi[:8]:
        b[v4.NAMA] += " BARU"
        b[v4.ALAMAT] = "KP LAIN"
    isi += rows(10, seed=9, awal=500)
    impor = simpan(unggah(buat.xlsx(isi)))
    assert impor.hitung["berubah"] >= 8
    assert register() != sebelum
    impor = batal(impor)
    assert (impor.status, impor.sebab) == ("dibatalkan", "")
    assert register() == sebelum


def test_a_family_that_is_changed_leaves_its_versions_also_when_it_is_undone(db):
    p = sampai("ditarik", nomor=3, pengusul="operator")
    rumah = Keluarga.objects.get(pk=p.usulan.keluarga_id)
    baru, *_ = rows(1, awal=700)
    baru[v4.NOKK] = rumah.no_kk.open()
    baru[v4.ALAMAT], baru[v4.RT], baru[v4.RW] = "KP BARU", rumah.rt, rumah.rw
    sebelum, lama, n = (rumah.versi, rumah.alamat, rumah.anggota.count())
    impor = unggah(buat.xlsx([baru]))
    assert impor.hitung.get("baru") == 1, galat(impor)
    simpan(impor)
    rumah.refresh_from_db()
    assert (rumah.alamat, rumah.anggota.count()) == ("KP BARU", n + 1)
    satu = rumah.versi_isi.get(aksi="impor")
    assert satu.versi == rumah.versi > sebelum and len(satu.open()["anggota"]) == n + 1
    assert batal(impor).status == "dibatalkan"
    rumah.refresh_from_db()
    assert (rumah.alamat, rumah.anggota.count()) == (lama, n)
    dua = rumah.versi_isi.get(aksi="batal_impor")
    assert dua.versi == rumah.versi > satu.versi, "a number is never used twice"
    assert dua.open() == rumah.versi_isi.get(versi=sebelum).open()
    aksi_peristiwa.keluar(
        rumah.anggota.exclude(hubungan="1").first(),
        by=orang("operator"),
        catatan=aksi_peristiwa.Catatan(timezone.localdate(), "KK_BARU"),
    )
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("select * from jejak_periksa()")
        assert cursor.fetchall() == []


def test_undo_takes_the_answers_of_the_registry_along(db):
    sebelum = register()
    impor = simpan(unggah(buat.xlsx(rows(6))))
    for n, o in enumerate(Individu.objects.order_by("pk")):
        padan.catat_hasil(o.pk, hasil={"kategori": "PADAN" if n % 2 else "TIDAK_DITEMUKAN"}, sidik=padan.identity_fingerprint(o), pekerjaan=None)  # fmt: skip
    assert HasilPadan.objects.exists() and TiketPadan.objects.exists()
    assert batal(impor).status == "dibatalkan"
    assert register() == sebelum


def test_undo_is_refused_when_somebody_went_on_and_names_the_row(db):
    impor = simpan(unggah(buat.xlsx(rows(6))))
    usulan = Usulan.objects.filter(program="BPNT").order_by("tiket").first()
    langkah.ajukan(usulan, by=orang("operator"))
    sebelum = register()
    impor = batal(impor)
    assert impor.status == "diterapkan"
    nomor = BarisImpor.objects.filter(usulan=usulan.pk).order_by("nomor").first().nomor
    assert f"baris {nomor}" in impor.sebab
    assert register() == sebelum


def test_a_stored_answer_of_the_registry_still_cannot_be_deleted(db):
    simpan(unggah(buat.xlsx(rows(2))))
    o = Individu.objects.first()
    padan.catat_hasil(o.pk, hasil={"kategori": "PADAN"}, sidik=padan.identity_fingerprint(o), pekerjaan=None)
    with pytest.raises(Exception, match="tidak boleh diubah"):
        HasilPadan.objects.all().delete()


# --- the register around the file ---------------------------------------------------------------------


def test_a_changed_name_is_shown_and_asked_about_again(db):
    simpan(unggah(buat.xlsx(rows(4))))
    Individu.objects.update(padan="PADAN")
    isi = rows(4)
    isi[1][v4.NAMA] = "NAMA BARU"
    impor = unggah(buat.xlsx(isi))
    assert impor.hitung["berubah"] == 1
    simpan(impor)
    o = Individu.objects.get(nama="NAMA BARU")
    assert o.padan == "MENUNGGU"
    assert Individu.objects.filter(padan="PADAN").count() == impor.jumlah - 1


def test_a_child_moves_to_another_kk_of_the_village(db):
    a, b = rows(4, awal=1)[:2], rows(4, seed=2, awal=30)[:2]
    simpan(unggah(buat.xlsx([*a, *b])))
    sebelum = register()
    a[1][v4.NOKK] = b[0][v4.NOKK]
    impor = unggah(buat.xlsx([a[1]]))
    assert impor.hitung["pindah"] == 1
    simpan(impor)
    assert (
        Individu.objects.dengan_nik(a[1][v4.NIK]).get().keluarga
        == Individu.objects.dengan_nik(b[0][v4.NIK]).get().keluarga
    )
    assert batal(impor).status == "dibatalkan"
    assert register() == sebelum


@pytest.mark.parametrize("desa", [DESA2, DESA_LAIN])
def test_a_number_of_another_village_is_a_conflict_without_any_detail(db, desa):
    by = {DESA2: "operator2", DESA_LAIN: "operator.lain"}[desa]
    isi = rows(4, desa=desa)
    simpan(unggah(buat.xlsx(isi), by=by), by=by)
    sebelum = register()
    impor = unggah(buat.xlsx(rows(4)))
    assert set(kode(impor)) == {"NIK_DI_WILAYAH_LAIN"}
    pesan = json.dumps([b.galat for b in BarisImpor.objects.filter(impor=impor)])
    assert isi[0][v4.NAMA] not in pesan and isi[0][v4.KELURAHAN] not in pesan
    with pytest.raises(inti.GateClosed):
        simpan(impor)
    assert register() == sebelum


def test_rows_of_a_village_that_is_not_mine_stay_out(db):
    impor = unggah(buat.xlsx(rows(3) + rows(3, seed=5, awal=70, desa=DESA2)))
    assert (
        kode(impor)["WILAYAH_BUKAN_TUGAS"] == 3 or kode(impor)["WILAYAH_BUKAN_TUGAS"] == impor.hitung["galat"]
    )
    simpan(impor)
    assert set(Keluarga.objects.values_list("wilayah_id", flat=True)) == {DESA}


def test_the_supervisor_imports_for_the_whole_kabupaten_and_nobody_for_another(db):
    impor = simpan(
        unggah(buat.xlsx(rows(3) + rows(3, seed=5, awal=70, desa=DESA2)), by="supervisor"), by="supervisor"
    )
    assert set(Keluarga.objects.values_list("wilayah_id", flat=True)) == {DESA, DESA2}
    assert not Impor.objects.visible_to(orang("operator")).filter(pk=impor.pk).exists()
    assert Impor.objects.visible_to(orang("supervisor")).filter(pk=impor.pk).exists()
    assert not Impor.objects.visible_to(orang("supervisor.lain")).filter(pk=impor.pk).exists()
    for siapa in ("rtrw", "lurah", "tksk", "verifikator", "kadis", "admin", "supervisor.lain"):
        with pytest.raises(NotAllowed):
            inti.batalkan(impor, by=orang(siapa))


def test_one_programme_a_month_warns_first_and_keeps_both(db):
    isi = rows(2)[:2]
    simpan(unggah(buat.xlsx(isi)))
    lama = Usulan.objects.get(program="BPNT")
    isi[0][v4.PROGRAM] = "PKH"
    impor = unggah(buat.xlsx(isi[:1]))
    assert kode(impor) == {"SATU_PROGRAM_PER_BULAN": 1}
    with pytest.raises(inti.GateClosed):
        simpan(impor)
    impor = simpan(impor, pilihan=["ganti"])
    lama.refresh_from_db()
    assert (lama.status, lama.riwayat.get().alasan) == ("ditarik", "DIGANTI_IMPOR")
    assert Usulan.objects.get(program="PKH").status == "draf"
    assert impor.hitung == {"baru": 1}


@pytest.mark.parametrize(
    ("lama", "baru", "ditolak"),
    [
        ("BPNT", "PKH", True), ("BPNT", "DISABILITAS", True), ("BPNT", "PBI", False), ("BPNT", "NONBANSOS", False),
        ("PBI", "NONBANSOS", False), ("NONBANSOS", "PKH", False),
    ],
)  # fmt: skip
def test_the_desk_and_a_file_judge_one_programme_a_month_alike(db, lama, baru, ditolak):
    """The mother is in one file, her child in the next."""
    isi = rows(2)[:2]
    simpan(unggah(buat.xlsx([isi[0] | {v4.PROGRAM: lama}])))
    impor = unggah(buat.xlsx([isi[1] | {v4.PROGRAM: baru}]))
    assert (kode(impor) == {"SATU_PROGRAM_PER_BULAN": 1}) is ditolak
    try:
        langkah.buat(by=orang("operator"), keluarga=Keluarga.objects.get(), program=baru)
        meja = False
    except inti.GateClosed as tertutup:
        meja = tertutup.halangan[0].kode == "SATU_PROGRAM_PER_BULAN"
    assert meja is ditolak


def test_without_the_rule_a_family_may_ask_for_two_programmes(db):
    Ketentuan.objects.filter(kunci="usulan.satu_program_per_bulan").update(nilai=False)
    isi = satu(PROGRAM="PKH")
    impor = simpan(unggah(buat.xlsx(isi)))
    assert (impor.hitung["baru"], kode(impor)) == (2, {})
    assert set(Usulan.objects.values_list("program", flat=True)) == {"BPNT", "PKH"}


# --- what nobody needs any more -----------------------------------------------------------------------


def test_a_file_that_nobody_confirmed_goes_after_some_days_and_an_applied_one_stays(db):
    dipakai = simpan(unggah(buat.xlsx(rows(4))))
    menunggu = unggah(buat.xlsx(rows(4, seed=2, awal=40)))
    rusak = unggah(b"PK\x03\x04bukan", nama="rusak.xlsx")
    urung = batal(simpan(unggah(buat.xlsx(rows(4, seed=3, awal=80)))))
    baru = unggah(buat.xlsx(rows(4, seed=4, awal=120)))
    hari = rules.value("impor.simpan_hari")
    Impor.objects.exclude(pk=baru.pk).update(updated_at=timezone.now() - timedelta(days=hari, seconds=5))
    jalan = {i.pk: files.path_of(i.berkas_id) for i in (dipakai, menunggu, rusak, urung, baru)}
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert tasks.bersihkan_impor(Pekerjaan()) == {"dibuang": 3}
    assert set(Impor.objects.values_list("pk", flat=True)) == {dipakai.pk, baru.pk}
    assert set(BarisImpor.objects.values_list("impor", flat=True)) == {dipakai.pk, baru.pk}
    assert {pk for pk, p in jalan.items() if p.exists()} == {dipakai.pk, baru.pk}
    dibuang = Jejak.objects.filter(aksi="hapus_impor").values_list("objek_id", flat=True)
    assert set(dibuang) == {str(i.pk) for i in (menunggu, rusak, urung)}
    assert inti.bersihkan() == 0
    assert batal(dipakai).status == "dibatalkan"


def test_a_proposal_that_went_on_is_not_replaced(db):
    isi = rows(2)[:2]
    simpan(unggah(buat.xlsx(isi)))
    langkah.ajukan(Usulan.objects.get(program="BPNT"), by=orang("operator"))
    isi[0][v4.PROGRAM] = "PKH"
    impor = simpan(unggah(buat.xlsx(isi[:1])), pilihan=["ganti"])
    assert Usulan.objects.get(program="BPNT").status == "diajukan"
    assert not Usulan.objects.filter(program="PKH").exists()
    assert impor.hitung["konflik"] == 1


def test_a_family_that_the_dinas_judges_is_not_touched(db):
    p = sampai("diinput", nomor=5)
    kepala = p.usulan.keluarga.anggota.get(hubungan="1")
    isi = rows(1)[:1]
    isi[0] |= {
        v4.NIK: kepala.nik.open(),
        v4.NOKK: p.usulan.keluarga.no_kk.open(),
        v4.NAMA: "LAIN SEKALI",
        v4.PROGRAM: p.usulan.program,
    }
    impor = unggah(buat.xlsx(isi))
    assert set(kode(impor)) == {"DIPROSES_DINAS"}


def test_the_card_of_a_frozen_family_is_not_imported_even_when_frozen_after_the_preview(db):
    p = sampai("draf", nomor=5)
    kepala = p.usulan.keluarga.anggota.get(hubungan="1")
    isi = rows(1)[:1]
    isi[0] |= {
        v4.NIK: kepala.nik.open(),
        v4.NOKK: p.usulan.keluarga.no_kk.open(),
        v4.NAMA: "LAIN SEKALI",
        v4.PROGRAM: p.usulan.program,
    }
    dilihat = unggah(buat.xlsx(isi))
    assert dilihat.hitung["berubah"] == 1
    bekukan(p.usulan.keluarga, by=orang("operator"))
    dilihat = simpan(dilihat)
    assert dilihat.hitung.get("konflik") == 1
    assert set(kode(unggah(buat.xlsx([isi[0] | {v4.NAMA: "LAIN LAGI"}])))) == {"DIBEKUKAN"}
    kepala.refresh_from_db()
    assert "LAIN" not in kepala.nama


def test_what_changed_since_the_preview_becomes_a_conflict_and_the_rest_goes_in(db):
    isi = rows(10)
    impor = unggah(buat.xlsx(isi))
    lain = simpan(
        unggah(buat.xlsx([isi[0] | {v4.NAMA: "EJAAN LAIN"}]))
    )  # a colleague was faster with one person
    assert lain.status == "diterapkan"
    impor = simpan(impor)
    assert impor.hitung.get("konflik") == 1
    assert Individu.objects.count() == impor.jumlah
    assert kode(impor) == {"BERUBAH_SEJAK_DIPERIKSA": 1}


# --- seeded errors ------------------------------------------------------------------------------------


def uji_berkas_rusak(jumlah: int) -> None:
    """Every seeded error named at its row and column, good rows in, the error file mends, nothing twice, undo."""
    sebelum = register()
    b = buat.rusak(rows(jumlah), seed=7)
    isi = buat.xlsx(b.rows)
    impor = unggah(isi)
    assert {(n, k): kd for n, k, kd in galat(impor)} == b.salah
    assert len(set(b.salah.values())) >= 20
    baris_salah = {n for n, _ in b.salah}
    assert impor.hitung["galat"] == len(baris_salah)
    impor = simpan(impor)
    assert impor.hitung["baru"] == Individu.objects.count() == len(b.rows) - len(baris_salah)
    # the error file: the same layout, mended cell by cell by the truth, then nothing is wrong any more
    perbaikan, _ = inti.berkas_galat(impor)
    lembar = CalamineWorkbook.from_filelike(io.BytesIO(perbaikan)).get_sheet_by_index(0).to_python()
    assert tuple(lembar[0][:21]) == v4.JUDUL
    assert len(lembar) - 1 == len(baris_salah)
    benar = [b.benar[n - 2] for n in sorted(baris_salah)]
    for sel, asli, kirim in zip(lembar[1:], benar, (b.rows[n - 2] for n in sorted(baris_salah)), strict=True):
        sama = [str(asli[k] or "") == str(s) for k, s in zip(v4.JUDUL, sel, strict=False)]
        beda = [k for k in v4.JUDUL if kirim[k] != asli[k]]
        assert {k for k, ok in zip(v4.JUDUL, sama, strict=True) if not ok} <= {*beda}, sel
    kedua = unggah(buat.xlsx(benar))
    assert kedua.hitung.get("galat", 0) == 0 and kedua.hitung["baru"] == len(benar)
    kedua = simpan(kedua)
    assert Individu.objects.count() == len(b.rows)
    penuh = register()
    lagi = unggah(buat.xlsx(b.benar))
    assert lagi.hitung["sama"] == len(b.rows) and not set(lagi.hitung) - {"sama", "tanda"}
    assert register() == penuh
    assert batal(kedua).status == "dibatalkan"
    assert batal(impor).status == "dibatalkan"
    assert register() == sebelum


def test_every_seeded_error_of_two_thousand_rows(db):
    uji_berkas_rusak(2000)


def test_a_number_that_is_passed_at_a_glance_would_pass_the_full_check():
    acak = random.Random(7)
    lolos = 0
    for _ in range(20_000):
        lahir = date(1930, 1, 1) + timedelta(days=acak.randrange(33_000))
        jk = acak.choice("12")
        hari = lahir.day + (40 if jk == acak.choice(("2", jk)) else 0)
        wilayah = acak.choice((f"{acak.randrange(10**6):06d}", "111111", "320501", "093201"))
        nik = f"{wilayah}{hari:02d}{lahir:%m%y}{acak.choice(('0000', '0001', '1111', f'{acak.randrange(10**4):04d}'))}"
        if aturan_v4._lurus(nik, lahir, jk):
            lolos += 1
            cek = check_nik(
                nik, tanggal_lahir=lahir, jenis_kelamin={"1": "L", "2": "P"}[jk], kk="3205010101150002"
            )
            assert (cek.nik, cek.galat, cek.tanda) == (nik, [], []), nik
    assert lolos > 1000
    assert not any(aturan_v4._lurus("1" * 16, date(2011, 11, 11), jk) for jk in "12")


@pytest.mark.load
def test_every_seeded_error_of_twenty_thousand_rows(db):
    uji_berkas_rusak(20_000)


@pytest.mark.load
def test_a_hundred_thousand_rows_need_hardly_more_memory_than_ten_thousand(db_nyata):
    """Each size in a process of its own; what grows is the file itself and a short entry for each number."""
    puncak = {n: puncak_memori(n) for n in (10_000, 100_000)}
    assert puncak[100_000] < puncak[10_000] * 1.4, puncak  # measured 1.22-1.29


def puncak_memori(n: int) -> int:
    """Most megabytes that checking and writing a file of `n` rows ever held."""
    isi = terpisah(lambda: buat.xlsx(rows(n)[:n]))

    def kerja() -> bytes:
        impor = simpan(unggah(isi))
        assert impor.hitung.get("baru") == impor.jumlah >= n
        return b"%d" % (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)

    mb = int(terpisah(kerja) or b"-1")
    basis.kosongkan()
    assert mb > 0, "the import failed"
    return mb


@pytest.mark.parametrize(
    ("ubah", "kolom", "harap"),
    [
        ({"NIK": lambda r: r[0][v4.NIK]}, v4.NIK, "NIK_GANDA_BERKAS"),
        ({"NIK": lambda r: r[0][v4.NIK], "PROGRAM": lambda r: "PBI"}, v4.PROGRAM, "NIK_DUA_PROGRAM"),
        ({"PROGRAM": lambda r: "BPNT"}, v4.PROGRAM, "PROGRAM_SATU_PER_KK"),
        ({"PROGRAM": lambda r: "PKH"}, v4.PROGRAM, "KK_DUA_PROGRAM"),
        ({"HAMIL": lambda r: "YA", "KELAMIN": lambda r: "L", "HAMIL_SEJAK": lambda r: "01/10/2026"}, v4.HAMIL, "HAMIL_LAKI_LAKI"),
        ({"HAMIL": lambda r: "YA", "KELAMIN": lambda r: "P"}, v4.HAMIL_SEJAK, "HAMIL_TANGGAL"),
        ({"HAMIL": lambda r: "YA", "KELAMIN": lambda r: "P", "HAMIL_SEJAK": lambda r: "01/01/2024"}, v4.HAMIL_SEJAK, "HAMIL_TANGGAL"),
    ],
)  # fmt: skip
def test_rules_between_rows_and_columns(db, ubah, kolom, harap):
    isi = satu()
    if "NIK" in ubah:
        isi[1][v4.PROGRAM] = isi[0][v4.PROGRAM] = "NONBANSOS"
    for nama, nilai in ubah.items():
        isi[1][getattr(v4, nama)] = nilai(isi)
    impor = unggah(buat.xlsx(isi))
    assert (3, kolom, harap) in galat(impor)


@pytest.mark.parametrize(
    ("ubah", "harap"),
    [
        ({"NAMA": "DRS. BUDI"}, "GELAR_DEPAN"),
        ({"NAMA": "D'JAMALUDDIN"}, "NAMA_TANDA_BACA"),
        ({"NAMA": "IT"}, "NAMA_TIDAK_LAZIM"),
    ],
)
def test_a_real_person_with_an_odd_name_is_flagged_never_refused(db, ubah, harap):
    impor = unggah(buat.xlsx(satu(**ubah)))
    assert harap in kode(impor, "tanda")
    assert impor.hitung.get("galat", 0) == 0
    simpan(impor)
    assert Individu.objects.filter(nama=ubah["NAMA"]).exists()


def test_day_and_month_exchanged_against_the_nik_is_flagged(db):
    isi = satu()
    hari, bulan, tahun = "05", "11", "1990"
    isi[1][v4.NIK] = (
        isi[1][v4.NIK][:6] + ("45" if isi[1][v4.KELAMIN] == "P" else "05") + "1190" + isi[1][v4.NIK][12:]
    )
    isi[1][v4.LAHIR] = f"{bulan}/{hari}/{tahun}"
    impor = unggah(buat.xlsx(isi))
    assert kode(impor, "tanda")["TANGGAL_TERTUKAR"] == 1


def test_names_of_areas_as_people_write_them(db):
    isi = satu(PROVINSI="Prov. Jawa Barat", KABUPATEN="KAB. GARUT", KECAMATAN="Kec. Garut  Kota")
    isi[1][v4.KELURAHAN] = f"KEL. {isi[1][v4.KELURAHAN].lower()}"
    assert unggah(buat.xlsx(isi)).hitung["baru"] == 2


def test_one_member_of_a_new_family_alone_is_flagged(db):
    assert kode(unggah(buat.xlsx(rows(1)[:1])), "tanda")["ANGGOTA_BELUM_LENGKAP"] == 1


def test_csv_of_another_excel_is_read_too(db):
    for pemisah, sandi in ((";", "utf-8-sig"), (",", "cp1252"), ("\t", "utf-8")):
        impor = unggah(buat.csv_v4(rows(3), pemisah=pemisah, kode=sandi), nama="usulan.csv")
        assert (impor.status, impor.hitung.get("galat", 0)) == ("siap", 0), impor.sebab


# --- the command --------------------------------------------------------------------------------------


def perintah(tmp_path, isi: bytes, *opsi: str) -> dict:
    berkas = tmp_path / "usulan.xlsx"
    berkas.write_bytes(isi)
    keluar = io.StringIO()
    call_command("impor_usulan", str(berkas), "--sebagai", "operator", "--json", *opsi, stdout=keluar)
    return json.loads(keluar.getvalue())


def test_the_command_checks_without_writing_and_then_writes(db, tmp_path):
    b = buat.rusak(rows(120), seed=3)
    sebelum = register(), Impor.objects.count(), Jejak.objects.count(), Pekerjaan.objects.count()
    hasil = perintah(tmp_path, buat.xlsx(b.rows), "--periksa")
    assert set(hasil) == {"baru", "berubah", "konflik", "galat"}
    assert {(g["baris"], g["kolom"]): g["kode"] for g in hasil["galat"]} == b.salah
    assert all(set(g) == {"baris", "kolom", "kode", "pesan"} for g in hasil["galat"])
    assert (register(), Impor.objects.count(), Jejak.objects.count(), Pekerjaan.objects.count()) == sebelum
    assert perintah(tmp_path, buat.xlsx(b.rows)) == hasil
    assert Individu.objects.count() == hasil["baru"]
    assert perintah(tmp_path, buat.xlsx(b.rows))["baru"] == 0


def test_the_command_refuses_a_file_that_is_none_with_a_sentence(db, tmp_path, capsys):
    berkas = tmp_path / "x.xlsx"
    berkas.write_bytes(b"PK\x03\x04bukan")
    keluar = io.StringIO()
    with pytest.raises(SystemExit):
        call_command("impor_usulan", str(berkas), "--sebagai", "operator", "--json", stdout=keluar)
    assert json.loads(keluar.getvalue())["galat"][0]["kode"] == "BERKAS_RUSAK"
