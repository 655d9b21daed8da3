"""Frozen means the same at every door (docs/adr/0042): pages, steps, queues, keys, files, the public pages."""

import re

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from bansos.actions import serah
from bansos.queries import aliran, antrean
from core import files
from core.workflow import GateClosed
from dtks.actions import musyawarah
from dtks.actions import usulan as langkah
from dtks.exports.daftar import tanpa_beku
from dtks.models import Asesmen, Bendera, Keluarga, Usulan
from dtks.queries import agenda
from pengaduan.queries.usulan import status_publik
from portal.actions import hak
from tests.bansos.test_serah import PROGRAM
from tests.bansos.test_serah import minta as minta_data
from tests.bantu import hak as bantu
from tests.bantu.alur import PDF, orang
from tests.bantu.daftar import daftar_sah, keluarga_banyak
from tests.bantu.pemain import DESA, KABUPATEN
from tests.core.test_pdf import tulisan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    settings.DEMO = True


def beku(status: str) -> Usulan:
    usulan = Usulan.objects.get(keluarga=bantu.keluarga(0, status))
    bantu.minta(0, "BEKU", daftar=None)
    usulan.refresh_from_db()
    return usulan


@pytest.mark.parametrize("status", ["draf", "diajukan", "disepakati", "diinput", "diases"])
def test_a_frozen_proposal_stands_still_before_and_at_the_dinas(status):
    usulan = beku(status)
    siapa = {"draf": ("operator", langkah.ajukan), "disepakati": ("operator", langkah.input)}
    nama, tindakan = siapa.get(status, ("verifikator", langkah.verifikasi))
    with pytest.raises(GateClosed, match="DIBEKUKAN"):
        tindakan(usulan, by=orang(nama))
    with pytest.raises(GateClosed, match="DIBEKUKAN"):
        langkah.tarik(usulan, by=orang("operator"), alasan="PERMINTAAN_KELUARGA")
    usulan.refresh_from_db()
    assert usulan.status == status


def test_no_list_queue_flag_visit_or_file_names_a_frozen_family():
    usulan = beku("diases")
    petugas = orang("verifikator")
    assert not Usulan.objects.visible_to(petugas).filter(pk=usulan.pk).exists()
    assert not Bendera.objects.visible_to(petugas).filter(usulan=usulan).exists()
    assert not Asesmen.objects.visible_to(petugas).filter(usulan=usulan).exists()
    assert not antrean.antrean(petugas).filter(pk=usulan.pk, status="diases").exists()
    assert usulan.pk not in [r.id for r in antrean.halaman([usulan.wilayah_id[:5]], "diases", [], 50)]
    assert not tanpa_beku(Usulan.objects.filter(pk=usulan.pk)).exists()
    hak.langkahkan(bantu.PermohonanHak.objects.get(), "cairkan", by=orang("operator"))
    assert usulan.pk in [r.id for r in antrean.halaman([usulan.wilayah_id[:5]], "diases", [], 50)]
    assert Usulan.objects.visible_to(petugas).filter(pk=usulan.pk).exists()


def test_an_officer_of_the_area_reads_why_and_a_stranger_reads_nothing(masuk):
    usulan = beku("diases")
    alamat = [f"/keluarga/{usulan.keluarga_id}/", f"/usulan/{usulan.pk}/", f"/verifikasi/{usulan.pk}/"]
    verifikator, lain = masuk("verifikator"), masuk("operator.lain")
    for satu in alamat:
        halaman = verifikator.get(satu)
        assert (halaman.status_code, "Data dibekukan" in halaman.content.decode()) == (404, True), satu
        assert usulan.keluarga.nama_kepala not in halaman.content.decode()
    tidak_ada = lain.get("/usulan/00000000-0000-4000-8000-000000000000/").content
    assert lain.get(alamat[1]).content == tidak_ada
    assert lain.get(alamat[0]).content == tidak_ada


def test_whoever_holds_the_ticket_reads_only_that_it_is_frozen():
    status = status_publik(beku("diases"))
    assert (status.judul, status.nama, status.tahap) == ("Data keluarga ini sedang dibekukan.", "", None)


def test_the_database_itself_lets_no_step_through():
    usulan = beku("diajukan")
    with pytest.raises(DatabaseError, match="dibekukan"), transaction.atomic():
        Usulan.objects.filter(pk=usulan.pk).update(status="dimusyawarahkan", versi=usulan.versi + 1)


def test_the_other_familys_proposal_is_where_it_was():
    bantu.keluarga(1, "diases")
    beku("diases")
    assert Keluarga.objects.visible_to(orang("verifikator")).count() == 1
    assert antrean.antrean(orang("verifikator")).filter(status="diases").count() == 1


def test_other_offices_and_streams_get_the_list_without_a_family_frozen_since(cast):
    keluarga = bantu.keluarga(0, "ditetapkan")
    daftar = daftar_sah(PROGRAM, "2026-4", [keluarga, *keluarga_banyak(3)], layak=3)
    saringan = aliran.Saringan(daftar=[daftar], luas=[KABUPATEN])
    assert (saringan.jumlah(), b"".join(aliran.alirkan(saringan, aliran.NDJSON)).count(b"\n")) == (4, 4)
    bantu.minta(0, "BEKU", daftar=None)
    saringan = aliran.Saringan(daftar=[daftar], luas=[KABUPATEN])
    assert saringan.jumlah() == 3
    assert str(keluarga.pk).encode() not in b"".join(aliran.alirkan(saringan, aliran.NDJSON))
    permintaan = serah.putus(minta_data(cast), by=cast("kadis"), setuju=True)
    satu = serah.serahkan(permintaan, by=cast("supervisor"), daftar=daftar)
    assert satu.jumlah == 2
    assert keluarga.nama_kepala.encode() not in serah.ambil(satu, by=cast("supervisor"))[0]


# --- the meeting that has the family on its agenda ----------------------------------------------------------------


@pytest.fixture
def rapat(masuk):
    """(operator's client, a meeting today with two families on its agenda whose second one is frozen since, that family)."""
    operator = orang("operator")
    satu, dua = (Usulan.objects.get(keluarga=bantu.keluarga(n, "diajukan")) for n in (0, 1))
    isi = {
        "waktu": timezone.now(),
        "tempat": "Balai desa",
        "pimpinan": "Asep",
        "notulis": "Siti",
        "agenda": "Usulan",
    }
    unsur = ("RT_RW", "KPM", "BABINSA", "KADES_LURAH", "OPERATOR")
    rapat = musyawarah.jadwalkan(
        by=operator, wilayah=DESA, data=isi | {"jenis": "MUSKEL"}, peserta=[{"nama": f"Wakil {u}", "unsur": u, "hadir": True} for u in unsur]
    )  # fmt: skip
    assert musyawarah.bawa(rapat, by=operator, usulan=[satu, dua])[0] == 2
    bantu.minta(1, "BEKU", daftar=None)
    return masuk("operator"), rapat, dua.keluarga


def putuskan(rapat, *, by, beku=False):
    rows = rapat.putusan.beku() if beku else rapat.putusan.tanpa_beku()
    return musyawarah.putuskan(rapat, by=by, putusan={str(r.pk): {"putusan": "disepakati"} for r in rows})


def test_no_page_of_the_meeting_names_the_family_and_each_says_why(rapat):
    klien, rapat, keluarga = rapat
    for nama in ("lihat", "agenda", "putusan", "hadir", "tutup", "acara"):
        halaman = klien.get(reverse(f"musyawarah_{nama}", args=[rapat.pk])).content.decode()
        assert keluarga.nama_kepala not in halaman, nama
        assert "1 usulan di agenda tidak tampil" in halaman, nama
    milik = rapat.putusan.beku().get().pk
    for nama in ("putuskan", "keluarkan"):
        jawab = klien.post(reverse(f"musyawarah_{nama}", args=[rapat.pk, milik]), {"alasan": "BA_DIPERBAIKI"})
        assert jawab.status_code == 404


def test_a_meeting_decides_nothing_about_a_frozen_family(rapat):
    _, rapat, _ = rapat
    with pytest.raises(GateClosed, match="DIBEKUKAN"):
        putuskan(rapat, by=orang("operator"), beku=True)
    assert rapat.putusan.beku().get().putusan == ""


def test_it_closes_without_the_family_whose_turn_comes_after_lifting(rapat):
    _, rapat, keluarga = rapat
    operator = orang("operator")
    putuskan(rapat, by=operator)
    rapat = musyawarah.selenggarakan(rapat, by=operator)
    assert rapat.berita_acara.ringkas["jumlah_usulan"] == 1
    for dokumen in (rapat.berita_acara, rapat.bnba):
        teks = tulisan(files.read(dokumen.berkas))
        assert keluarga.nama_kepala not in teks
    assert "tidak dibahas karena keluarganya meminta datanya dibekukan" in tulisan(
        files.read(rapat.berita_acara.berkas)
    )
    assert not agenda.menunggu(operator, DESA).filter(keluarga=keluarga).exists()
    hak.langkahkan(bantu.PermohonanHak.objects.get(), "cairkan", by=operator)
    assert agenda.menunggu(operator, DESA).filter(keluarga=keluarga, status="dimusyawarahkan").exists()


def test_frozen_after_the_minutes_were_approved_is_passed_by_without_a_name(rapat, masuk):
    klien, rapat, _ = rapat
    operator = orang("operator")
    putuskan(rapat, by=operator)
    rapat = musyawarah.selenggarakan(rapat, by=operator)
    rapat = musyawarah.tandatangani(rapat, by=operator, isi=PDF, nama="ba.pdf")
    rapat = musyawarah.setujui(rapat, by=orang("lurah"))
    bantu.minta(0, "BEKU", daftar=None)
    nama = rapat.putusan.get().usulan.keluarga.nama_kepala
    jawab = klien.post(reverse("musyawarah_terapkan", args=[rapat.pk]), follow=True).content.decode()
    assert "Keluarga meminta datanya dibekukan" in jawab
    assert "1 usulan tidak tampil karena keluarganya sekarang minta" in jawab
    assert nama not in jawab
    assert nama not in klien.get(reverse("musyawarah_putusan", args=[rapat.pk])).content.decode()


# --- numbers ------------------------------------------------------------------------------------------------------


def test_numbers_leave_the_family_out_and_say_so(masuk):
    bantu.keluarga(1, "diases")
    beku("diases")
    klien = masuk("verifikator")
    antre = klien.get("/verifikasi/?antrean=diases").content.decode()
    assert "1 usulan lain di antrean ini tidak tampil dan tidak dihitung" in antre
    assert re.search(r'aria-current="page">[^<]*\(1\)', antre)
    halaman = klien.get("/dasbor/").content.decode()
    assert "1 usulan di wilayah Anda tidak dihitung di atas" in halaman
    assert re.search(r'<span class="besar">1</span> usulan perlu diverifikasi', halaman)
    hak.langkahkan(bantu.PermohonanHak.objects.get(), "cairkan", by=orang("operator"))
    assert "tidak dihitung" not in klien.get("/verifikasi/?antrean=diases").content.decode()
    assert re.search(
        r'<span class="besar">2</span> usulan perlu diverifikasi', klien.get("/dasbor/").content.decode()
    )
