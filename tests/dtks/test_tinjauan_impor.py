"""What the review of the incoming files found, as an operator meets it: each was once possible and must never be."""

from datetime import timedelta

import pytest
from django.utils import timezone

from core import sheets
from core.models import Jejak, Ketentuan, Pekerjaan
from core.workflow import GateClosed
from dtks.actions import keluarga as layar
from dtks.actions import periode as bulan
from dtks.actions import pindah
from dtks.actions import usulan as langkah
from dtks.actions.impor import batal_v4, golong_v4, hasil_siks, inti
from dtks.actions.impor import templat_v4 as v4
from dtks.actions.peristiwa import Catatan
from dtks.models import BarisImpor, Impor, Individu, Keluarga
from dtks.queries import periode as jendela
from tests.bantu import berkas_v4 as buat
from tests.bantu.alur import Perjalanan, alasan_pertama, orang
from tests.bantu.pemain import DESA2
from tests.dtks.test_impor_hasil_siks import JUDUL, nik
from tests.dtks.test_impor_usulan import batal, kode, register, rows, simpan, unggah

CATATAN = Catatan(timezone.localdate(), "SKPWNI", "1", "pindah")


def keluarga_berkas(n: int, seed: int, awal: int = 0, anggota: int = 2) -> list[buat.Baris]:
    """The rows of the first family of a file that has so many members."""
    kk: dict[str, list[buat.Baris]] = {}
    for r in rows(n, seed=seed, awal=awal):
        kk.setdefault(r[v4.NOKK], []).append(r)
    return next(v for v in kk.values() if len(v) >= anggota)


def di_portal(baris: buat.Baris) -> Keluarga:
    return Individu.objects.dengan_nik(baris[v4.NIK]).get().keluarga


def tarik_semua(keluarga: Keluarga) -> None:
    for u in keluarga.usulan.all():
        langkah.tarik(u, by=orang("operator"), alasan=alasan_pertama("tarik"))


def tercatat(isi: list[buat.Baris]) -> Keluarga:
    """The family of these rows, in the register and without a proposal."""
    simpan(unggah(buat.xlsx(isi)))
    keluarga = di_portal(isi[0])
    tarik_semua(keluarga)
    return keluarga


def pindah_rumah() -> tuple[Impor, Individu, Keluarga]:
    """An import that brings a person from one family of the village to another one."""
    a, b = keluarga_berkas(8, 1), keluarga_berkas(8, 2, awal=60)
    simpan(unggah(buat.xlsx([*a, *b])))
    a[1][v4.NOKK] = b[0][v4.NOKK]
    impor = simpan(unggah(buat.xlsx([a[1]])))
    assert impor.hitung["pindah"] == 1
    return impor, Individu.objects.dengan_nik(a[1][v4.NIK]).get(), di_portal(a[0])


# --- taking an import back ------------------------------------------------------------------------------


def test_undo_never_puts_a_person_into_a_family_that_went_to_another_village(db):
    impor, siapa, asal = pindah_rumah()
    tarik_semua(asal)
    minta = pindah.minta(asal, by=orang("operator"), catatan=CATATAN, ke=DESA2)
    pindah.terima(minta, by=orang("operator2"), data={"alamat": "KP", "rt": "003", "rw": "004", "no_kk": ""})
    sebelum = register()
    impor = batal(impor)
    assert (impor.status, "baris 2" in impor.sebab) == ("diterapkan", True)
    assert register() == sebelum
    siapa.refresh_from_db()
    assert siapa.keluarga_id != asal.pk


def test_undo_waits_for_a_family_that_another_village_asks_for(db):
    impor, _, asal = pindah_rumah()
    tarik_semua(asal)
    minta = pindah.minta(asal, by=orang("operator"), catatan=CATATAN, ke=DESA2)
    assert batal(impor).status == "diterapkan"
    assert minta.status == "diminta"


def test_undo_leaves_a_family_whose_case_is_at_the_dinas(db, monkeypatch):
    """A case at the Dinas takes a whole month of steps; here the drafts of the village count as such."""
    impor, siapa, asal = pindah_rumah()
    monkeypatch.setattr(batal_v4, "DI_DINAS", ("draf",))
    tarik_semua(siapa.keluarga)
    assert asal.usulan.filter(status="draf").exists()
    assert batal(impor).status == "diterapkan"
    tarik_semua(asal)
    assert batal(impor).status == "dibatalkan"


def test_after_a_move_that_was_called_off_undo_is_refused_and_the_family_can_still_be_edited(db):
    isi = keluarga_berkas(12, 3)
    simpan(unggah(buat.xlsx(isi)))
    for r in isi:
        r[v4.ALAMAT] = "KP BARU SEKALI"
    impor = simpan(unggah(buat.xlsx(isi)))
    keluarga = di_portal(isi[0])
    anak = keluarga.anggota.filter(aktif=True).exclude(hubungan="1").first()
    minta = pindah.minta(keluarga, by=orang("operator"), catatan=CATATAN, ke=DESA2, individu=anak)
    pindah.batalkan(minta, by=orang("operator"), alasan="batal")
    impor = batal(impor)
    assert impor.status == "diterapkan" and "sudah diubah atau dilanjutkan" in impor.sebab
    usulan = keluarga.usulan.filter(status="draf").first()
    layar.simpan_keluarga(usulan, by=orang("operator"), data={"alamat": "KP LAIN"})
    keluarga.refresh_from_db()
    assert keluarga.alamat == "KP LAIN"


# --- proposals around the file --------------------------------------------------------------------------


@pytest.mark.parametrize(("program", "harap"), [("BPNT", {}), ("PKH", {"SEDANG_DIHAPUS": 1})])
def test_a_file_never_withdraws_a_removal(db, program, harap):
    """A removal of another programme is not in the way; of the same one it is, and only people take it back."""
    isi = keluarga_berkas(8, 4)[:1]
    isi[0][v4.PROGRAM] = "PKH"
    keluarga = tercatat(isi)
    hapus, _ = langkah.buat(by=orang("operator"), keluarga=keluarga, program=program, jalur="PENGHAPUSAN")
    impor = unggah(buat.xlsx(isi))
    assert kode(impor) == harap and not impor.hitung.get("ganti") and not impor.hitung.get("sama")
    if not harap:
        simpan(impor, pilihan=("ganti",))
    hapus.refresh_from_db()
    assert hapus.status == "draf"


def test_one_programme_a_month_holds_for_a_file_after_the_window_has_closed(db, monkeypatch):
    isi = keluarga_berkas(8, 9)[:1]
    isi[0][v4.PROGRAM] = "BPNT"
    keluarga = tercatat(isi)
    bulan.siapkan("32.05")
    saat = jendela.saat_ini()
    kini = jendela.bulan("32.05", saat)
    tutup = jendela.jendela(keluarga.wilayah_id, "BPNT", "REGULER", kini).tutup_input
    monkeypatch.setattr(jendela, "saat_ini", lambda: tutup + timedelta(minutes=1))
    usulan, _ = langkah.buat(by=orang("operator"), keluarga=keluarga, program="PKH")
    assert usulan.periode == jendela.berikut(kini)
    assert kode(unggah(buat.xlsx(isi))) == {"SATU_PROGRAM_PER_BULAN": 1}


def test_a_file_confirmed_after_the_window_takes_the_month_of_then(db, monkeypatch):
    isi = keluarga_berkas(8, 9)[:1]
    impor = unggah(buat.xlsx(isi))
    bulan.siapkan("32.05")
    kini = jendela.bulan("32.05", jendela.saat_ini())
    tutup = jendela.jendela("32.05", isi[0][v4.PROGRAM], "REGULER", kini).tutup_input
    monkeypatch.setattr(jendela, "saat_ini", lambda: tutup + timedelta(minutes=1))
    simpan(impor)
    assert di_portal(isi[0]).usulan.get().periode == jendela.berikut(kini)


def test_a_family_that_another_village_asks_for_is_a_conflict(db):
    isi = keluarga_berkas(8, 4)
    keluarga = tercatat(isi[:1])
    minta = pindah.minta(keluarga, by=orang("operator"), catatan=CATATAN, ke=DESA2)
    impor = unggah(buat.xlsx(isi[1:2]))
    assert kode(impor) == {"SEDANG_PINDAH": 1}
    pindah.terima(minta, by=orang("operator2"), data={"alamat": "KP", "rt": "003", "rw": "004", "no_kk": ""})
    assert keluarga.anggota.count() == 1


@pytest.mark.parametrize("sempat", ["keluar", "pindah"])
def test_a_person_who_went_while_the_file_waited_for_the_lock_is_a_conflict(db, monkeypatch, sempat):
    """The people are read again once the families are locked: here they change between the two readings."""
    isi = keluarga_berkas(8, 5)
    lain = keluarga_berkas(8, 6, awal=60)
    simpan(unggah(buat.xlsx([*isi, *lain])))
    isi[1][v4.TEMPAT] = "KOTA LAIN"
    impor = unggah(buat.xlsx([isi[1]]))
    assert impor.hitung["berubah"] == 1
    siapa = Individu.objects.dengan_nik(isi[1][v4.NIK]).get()
    tujuan = di_portal(lain[0])
    asli = golong_v4._KELUARGA

    class Tunggu(str):
        """The statement that takes the lock; somebody else commits before it returns."""

        def __add__(self, ekor: str) -> str:
            ubah = (
                {"aktif": False, "nonaktif_alasan": "PINDAH"} if sempat == "keluar" else {"keluarga": tujuan}
            )
            Individu.objects.filter(pk=siapa.pk).update(**ubah)
            return str(self) + ekor

    monkeypatch.setattr(golong_v4, "_KELUARGA", Tunggu(asli))
    impor = simpan(impor)
    assert kode(impor) == {"BERUBAH_SEJAK_DIPERIKSA": 1}
    siapa.refresh_from_db()
    assert siapa.tempat_lahir != "KOTA LAIN"


# --- odd files ------------------------------------------------------------------------------------------


def test_a_character_that_nobody_sees_is_told_at_its_row_and_column(db):
    Perjalanan(nomor=0).disepakati()
    isi = f"{JUDUL}\n,,{nik(0)},PKH,BERHASIL,YA,{' ' * 4200},catatan\x00x\n".encode()
    impor = inti.unggah(by=orang("operator"), jenis=hasil_siks.JENIS, isi=isi, nama="h.csv")
    [baris] = BarisImpor.objects.filter(impor=impor)
    assert (impor.status, baris.hasil) == ("siap", "galat")
    assert [(baris.nomor, g["kolom"], g["kode"]) for g in baris.galat] == [(2, hasil_siks.KETERANGAN, "TANDA_TAK_TERLIHAT")]  # fmt: skip
    with pytest.raises(GateClosed):
        inti.terapkan(impor, by=orang("operator"))


@pytest.mark.parametrize("akhir", ["\r", "\n", "\r\n"])
def test_the_row_limit_holds_for_every_line_end(akhir):
    isi = akhir.join([JUDUL, *[",,3205010101800001,PKH,BERHASIL,YA,,"] * 100]).encode()
    with pytest.raises(sheets.SheetError) as ditolak:
        list(sheets.buka(isi, hasil_siks.KOLOM, maks_baris=10).baris())
    assert ditolak.value.kode == "BARIS_TERLALU_BANYAK"
    assert len(list(sheets.buka(isi, hasil_siks.KOLOM, maks_baris=100).baris())) == 100


# --- what stops, what leaves ----------------------------------------------------------------------------


def diparkir(impor: Impor) -> None:
    Pekerjaan.objects.filter(pk=impor.pekerjaan).update(status="parkir", percobaan=8, galat="Uji")


def test_a_file_whose_job_gave_up_says_so_and_can_be_tried_or_checked_again(db, settings, masuk, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr(inti, "LANGSUNG_BYTE", 0)
    monkeypatch.setattr(inti, "LANGSUNG_BARIS", 0)
    klien = masuk("operator")
    impor = unggah(buat.xlsx(rows(3)))
    impor = inti.terapkan(impor, by=orang("operator"))
    alamat = f"/impor/{impor.pk}/"
    assert "Masih berjalan" in klien.get(alamat).content.decode()
    diparkir(impor)
    layar_henti = klien.get(alamat).content.decode()
    assert "Coba lagi" in layar_henti and "berhenti diproses" in layar_henti
    assert klien.get(alamat, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "Coba lagi" not in masuk("operator2").get(alamat).content.decode()
    klien.post(f"/pekerjaan/{impor.pekerjaan}/coba-lagi/")
    assert Pekerjaan.objects.get(pk=impor.pekerjaan).status == "menunggu"
    diparkir(impor)
    klien.post(f"{alamat}periksa-ulang/")
    impor.refresh_from_db()
    assert (impor.status, impor.applied_by_id) == ("diunggah", None)
    job = Pekerjaan.objects.get(pk=impor.pekerjaan)
    assert (job.jenis, job.status) == (inti.JOB_PERIKSA, "menunggu")
    inti.jalankan(job)
    impor.refresh_from_db()
    assert impor.status == "siap" and not Individu.objects.exists()


def test_the_file_of_rows_to_mend_is_recorded_and_counted(db, settings, masuk):
    settings.DEMO = True
    isi = rows(3)
    isi[0][v4.NAMA] = ""
    impor = unggah(buat.xlsx(isi))
    klien, alamat = masuk("operator"), f"/impor/{impor.pk}/galat/"
    assert klien.get(alamat).status_code == 405
    assert klien.post(alamat).status_code == 200
    jejak = Jejak.objects.get(aksi="ekspor")
    assert (jejak.objek_id, jejak.rincian["jumlah"], jejak.rincian["nomor"]) == (str(impor.pk), 1, "lengkap")
    assert len(jejak.rincian["sha256"]) == 64
    assert masuk("operator2").post(alamat).status_code == 404
    Ketentuan.objects.filter(kunci="ekspor.batas_harian").update(nilai={"samar": 1, "nomor": 1})
    jawab = klien.post(alamat, follow=True)
    assert "sudah habis" in jawab.content.decode() and Jejak.objects.filter(aksi="ekspor").count() == 1


def test_a_second_member_for_a_programme_of_one_per_kk_is_told_in_a_later_file(db, settings, masuk):
    settings.DEMO = True
    pertama, kedua = keluarga_berkas(8, 1)[:2]
    for r in (pertama, kedua):
        r[v4.PROGRAM] = "BPNT"
    simpan(unggah(buat.xlsx([pertama])))
    usulan = di_portal(pertama).usulan.get()
    lagi = unggah(buat.xlsx([kedua]))
    alamat = f"/impor/{lagi.pk}/"
    isi = masuk("operator").get(alamat).content.decode()
    assert f"atas nama {pertama[v4.NAMA]} (tiket {usulan.tiket})" in isi
    assert "program yang sama: baris 2." in isi
    simpan(lagi)
    assert di_portal(kedua).usulan.get() == usulan, "the first proposal stands"
    assert {b.individu for b in BarisImpor.objects.filter(usulan=usulan.pk)} == {
        di_portal(r).anggota.dengan_nik(r[v4.NIK]).get().pk for r in (pertama, kedua)
    }
    # The same person again is no second member.
    ulang = unggah(buat.xlsx([{**pertama, v4.ALAMAT: "Jl. Lain"}]))
    assert "Orang kedua" not in masuk("operator").get(f"/impor/{ulang.pk}/").content.decode()
