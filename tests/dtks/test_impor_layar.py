"""The pages of /impor/: drop a file, read what would happen, save, mend, take back; big files go through the queue."""

import io
import threading
import time
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.urls import reverse
from python_calamine import CalamineWorkbook

from core import outbox
from core.models import Berkas, Jejak, Pekerjaan
from core.progress import Laju, laju_dari
from dtks.actions.impor import inti
from dtks.actions.impor import templat_v4 as v4
from dtks.actions.impor.usulan_v4 import JENIS
from dtks.models import BarisImpor, Impor, Individu, Keluarga, Usulan
from portal.queries.periksa import jalankan
from tests.bantu import berkas_v4 as buat
from tests.bantu.alur import orang
from tests.bantu.alur import register as layar
from tests.bantu.pemain import DESA


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    settings.DEMO = True  # the second factor has tests of its own


def rows(n, seed=1, awal=0, desa=DESA):
    return buat.berkas(n, seed=seed, desa=buat.nama_desa(desa), awal=awal)


def kirim(klien, isi: bytes, nama="usulan.xlsx"):
    halaman = klien.get("/impor/")
    assert halaman.status_code == 200, halaman.headers
    data = {"kunci_kirim": str(uuid.uuid4()), "jenis": "usulan_v4", "berkas": SimpleUploadedFile(nama, isi)}
    return klien.post("/impor/", data)


def tekan(klien, impor, langkah, **data):
    if langkah == "terapkan":
        data["kunci_kirim"] = str(uuid.uuid4())
    return klien.post(reverse(f"impor_{langkah}", args=[impor.pk]), data)


def test_the_day_of_an_operator(masuk):
    klien = masuk("operator")
    b = buat.rusak(rows(60), seed=2)
    jawab = kirim(klien, buat.xlsx(b.rows))
    impor = Impor.objects.get()
    assert jawab.url == reverse("impor_lihat", args=[impor.pk])
    layar = klien.get(jawab.url).content.decode()
    assert "Belum ada yang disimpan" in layar
    assert b.rows[0][v4.NIK] not in layar  # masked
    assert b.rows[0][v4.NAMA] in layar
    salah = klien.get(f"{jawab.url}?hasil=galat").content.decode()
    assert "Sel berisi rumus" in salah or "16 angka" in salah
    unduh = klien.post(reverse("impor_galat", args=[impor.pk]))
    assert (
        CalamineWorkbook.from_filelike(io.BytesIO(unduh.content)).get_sheet_by_index(0).height
        == impor.hitung["galat"] + 1
    )
    assert Individu.objects.count() == 0
    assert tekan(klien, impor, "terapkan").status_code == 302
    impor.refresh_from_db()
    assert impor.status == "diterapkan" and Individu.objects.count() == impor.hitung["baru"]
    tekan(klien, impor, "batalkan")
    impor.refresh_from_db()
    assert impor.status == "dibatalkan" and Individu.objects.count() == 0
    layar = klien.get(jawab.url).content.decode()
    assert "Dibatalkan" in layar and "untuk diperbaiki" not in layar, "nothing of it is to be sent again"


def test_the_template_can_be_downloaded_filled_and_sent(masuk):
    klien = masuk("operator")
    jawab = klien.get("/impor/templat/usulan_v4/")
    assert "TEMPLATE_PENGUSULAN" in jawab["Content-Disposition"]
    hasil = kirim(klien, jawab.content, nama="kosong.xlsx")
    layar = klien.get(hasil.url).content.decode()
    assert "Tidak ada baris data" in layar


def test_a_file_that_is_none_gets_a_sentence_and_no_500(masuk):
    klien = masuk("operator")
    for isi in (b"PK\x03\x04rusak", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1lama", b"halo", b"%PDF-1.4"):
        jawab = kirim(klien, isi)
        layar = klien.get(jawab.url).content.decode()
        assert "notis-buruk" in layar
    assert kirim(klien, b"").status_code == 422


def test_others_do_not_know_that_the_file_exists(masuk):
    klien = masuk("operator")
    alamat = kirim(klien, buat.xlsx(rows(3))).url
    for siapa in ("operator2", "rtrw", "lurah", "verifikator", "operator.lain", "supervisor.lain"):
        assert masuk(siapa).get(alamat).status_code == 404
    assert masuk("supervisor").get(alamat).status_code == 200
    assert masuk("lurah").get("/impor/").status_code == 404


def test_a_preview_that_is_not_wanted_is_thrown_away_and_a_saved_file_never(masuk):
    klien = masuk("operator")
    alamat = kirim(klien, buat.xlsx(rows(3))).url
    impor = Impor.objects.get()
    assert "Buang berkas ini" in klien.get(alamat).content.decode()
    assert masuk("supervisor.lain").post(reverse("impor_buang", args=[impor.pk])).status_code == 404
    berkas = impor.berkas_id
    assert "dibuang" in klien.post(reverse("impor_buang", args=[impor.pk]), follow=True).content.decode()
    assert not Impor.objects.exists() and not BarisImpor.objects.exists()
    assert not Berkas.objects.filter(pk=berkas).exists()
    assert Jejak.objects.filter(aksi="buang_impor", objek_id=str(impor.pk)).count() == 1
    assert tekan(klien, impor, "buang").status_code == 404
    kirim(klien, buat.xlsx(rows(3)))
    lagi = Impor.objects.get()
    tekan(klien, lagi, "terapkan")
    assert "Buang berkas ini" not in klien.get(reverse("impor_lihat", args=[lagi.pk])).content.decode()
    tekan(klien, lagi, "buang")
    assert Impor.objects.get().status == "diterapkan" and Individu.objects.count() == lagi.jumlah


def test_the_second_press_does_not_save_twice(masuk):
    klien = masuk("operator")
    kirim(klien, buat.xlsx(rows(6)))
    impor = Impor.objects.get()
    for _ in range(2):
        tekan(klien, impor, "terapkan")
    assert Individu.objects.count() == impor.jumlah


def test_the_progress_hint_is_seen_while_the_transaction_is_open():
    laju = Laju("uji-laju", 100)
    laju(40, "Menyimpan")
    assert laju_dari("uji-laju") == {"n": 40, "total": 100, "tahap": "Menyimpan"}
    assert laju_dari(None) == {}


def antre_besar(monkeypatch):
    monkeypatch.setattr(inti, "LANGSUNG_BYTE", 0)
    monkeypatch.setattr(inti, "LANGSUNG_BARIS", 0)


def test_a_big_file_goes_through_the_queue_and_the_self_check_is_clean(db_nyata, monkeypatch):
    antre_besar(monkeypatch)
    impor = inti.unggah(by=orang("operator"), jenis=JENIS, isi=buat.xlsx(rows(40)), nama="u.xlsx")
    assert impor.status == "diunggah"
    outbox.work(limit=1)
    impor.refresh_from_db()
    assert impor.status == "siap"
    impor = inti.terapkan(impor, by=orang("operator"))
    assert impor.status == "menerapkan" and Individu.objects.count() == 0
    outbox.work(limit=1)
    impor.refresh_from_db()
    assert impor.status == "diterapkan" and Individu.objects.count() == impor.jumlah
    assert [str(p) for p in jalankan().pelanggaran] == []
    impor = inti.batalkan(impor, by=orang("operator"))
    while impor.status == "membatalkan" and outbox.work(limit=1):
        impor.refresh_from_db()
    assert impor.status == "dibatalkan" and not Individu.objects.exists() and not Keluarga.objects.exists()
    assert [str(p) for p in jalankan().pelanggaran] == []


def test_a_worker_that_dies_in_the_middle_leaves_nothing_and_the_next_one_finishes(db_nyata, monkeypatch):
    antre_besar(monkeypatch)
    impor = inti.unggah(by=orang("operator"), jenis=JENIS, isi=buat.xlsx(rows(30)), nama="u.xlsx")
    outbox.work(limit=1)
    impor.refresh_from_db()
    inti.terapkan(impor, by=orang("operator"))

    class Mati(BaseException):
        pass

    def putus(*args, **opsi):
        raise Mati

    with monkeypatch.context() as m:
        m.setattr("dtks.actions.impor.tulis_v4._cocokkan", putus)
        with pytest.raises(Mati):
            outbox.work(limit=1)
    assert not Individu.objects.exists() and not Usulan.objects.exists()
    impor.refresh_from_db()
    assert impor.status == "menerapkan"
    outbox.work(limit=1)
    impor.refresh_from_db()
    assert impor.status == "diterapkan" and Individu.objects.count() == impor.jumlah


def test_two_imports_of_the_same_people_at_once_one_wins_per_person(db_nyata):
    isi = rows(60)
    lain = [b | {v4.NAMA: b[v4.NAMA] + " DUA"} for b in isi]
    berkas = [
        inti.unggah(by=orang("operator"), jenis=JENIS, isi=buat.xlsx(x), nama="u.xlsx", langsung=True)
        for x in (isi, lain)
    ]
    galat: list[BaseException] = []

    def jalan(impor):
        try:
            inti.terapkan(impor, by=orang("operator"), langsung=True)
        except BaseException as error:
            galat.append(error)
        finally:
            connection.close()

    utas = [threading.Thread(target=jalan, args=(i,)) for i in berkas]
    for u in utas:
        u.start()
    for u in utas:
        u.join()
    assert galat == []
    assert Individu.objects.count() == len(isi)
    hasil = [BarisImpor.objects.filter(impor=i, hasil="baru").count() for i in berkas]
    assert sorted(hasil) == [0, len(isi)]
    assert sorted(Impor.objects.values_list("status", flat=True)) == ["diterapkan", "diterapkan"]
    assert [str(p) for p in jalankan().pelanggaran] == []


def test_a_row_that_somebody_else_commits_at_the_same_moment_is_a_conflict(db_nyata):
    """Not an import: a screen, which takes no lock of ours. The unique index decides, the rest of the file goes in."""
    isi = rows(20)
    impor = inti.unggah(by=orang("operator"), jenis=JENIS, isi=buat.xlsx(isi), nama="u.xlsx", langsung=True)
    layar.buat(
        by=orang("operator"), wilayah=DESA, data={"alamat": "KP", "rt": "001", "rw": "001", "no_kk": isi[0][v4.NOKK]},
        kepala={"nik": isi[0][v4.NIK], "nama": "ORANG LAYAR", "tgl_lahir": "1980-01-01", "jenis_kelamin": "2", "status_kawin": "2", "ibu_kandung": "X"},
    )  # fmt: skip
    impor = inti.terapkan(impor, by=orang("operator"), langsung=True)
    assert impor.hitung["konflik"] == 1 and impor.hitung["baru"] == len(isi) - 1
    assert Individu.objects.count() == len(isi)
    assert Pekerjaan.objects.exists()


def test_a_number_that_is_committed_while_our_rows_go_in_is_a_conflict_too(db_nyata):
    """The other session's family is not to be seen when the register is asked; our COPY waits for it at the unique index."""
    isi = rows(20)
    impor = inti.unggah(by=orang("operator"), jenis=JENIS, isi=buat.xlsx(isi), nama="u.xlsx", langsung=True)
    gagal: list[BaseException] = []

    def simpan():
        try:
            inti.terapkan(impor, by=orang("operator"), langsung=True)
        except BaseException as error:
            gagal.append(error)
        finally:
            connection.close()

    utas = threading.Thread(target=simpan)
    with transaction.atomic():
        layar.buat(
            by=orang("operator"), wilayah=DESA, data={"alamat": "KP", "rt": "001", "rw": "001", "no_kk": isi[0][v4.NOKK]},
            kepala={"nik": isi[0][v4.NIK], "nama": "ORANG LAYAR", "tgl_lahir": "1980-01-01", "jenis_kelamin": "2", "status_kawin": "2", "ibu_kandung": "X"},
        )  # fmt: skip
        utas.start()
        tertahan = tunggu_tertahan()
    utas.join(60)
    assert (gagal, tertahan[:18]) == ([], "copy dtks_keluarga")
    impor.refresh_from_db()
    lain = Individu.objects.get(nama="ORANG LAYAR")
    assert (impor.status, lain.keluarga.nama_kepala) == ("diterapkan", "ORANG LAYAR")
    assert impor.hitung["konflik"] >= 1 and impor.hitung["konflik"] + impor.hitung["baru"] == len(isi)
    assert Individu.objects.count() == 1 + impor.hitung["baru"]
    assert [str(p) for p in jalankan().pelanggaran] == []


def tunggu_tertahan() -> str:
    """The statement of the session that waits for ours."""
    batas = time.monotonic() + 30
    while time.monotonic() < batas:
        with connection.cursor() as cursor:
            cursor.execute(
                "select pg_stat_clear_snapshot()"
            )  # within a transaction it would stay as first seen
            cursor.execute(
                "select query from pg_stat_activity where pg_backend_pid() = any(pg_blocking_pids(pid))"
            )
            if baris := cursor.fetchone():
                return baris[0]
        time.sleep(0.05)
    return ""
