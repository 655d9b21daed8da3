"""An account was taken over: within minutes the Dinas must know whose data it saw, and write to them."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from core import audit
from core.models import Jejak
from dtks.actions import reveal
from dtks.models import Keluarga
from tests.bantu.alur import orang, sampai

pytestmark = pytest.mark.django_db


@pytest.fixture
def jendela():
    saat = timezone.now()
    return {
        "sejak": (saat - timedelta(hours=1)).isoformat(),
        "hingga": (saat + timedelta(hours=1)).isoformat(),
    }


def jalankan(file, **opsi) -> tuple[str, dict[str, str]]:
    keluar = StringIO()
    call_command("terdampak", str(file), stdout=keluar, **opsi)
    with file.open() as isi:
        return keluar.getvalue(), {b["keluarga"]: b["terdampak"] for b in csv.DictReader(isi)}


def test_families_whose_number_was_opened_are_certain(tmp_path, jendela):
    satu, lain = (sampai("draf", nomor=n, pengusul="operator").usulan.keluarga for n in (0, 1))
    reveal.buka(
        satu.anggota.get(hubungan="1"), kolom="nik", by=orang("verifikator"), alasan="mencocokkan KTP"
    )
    teks, isi = jalankan(tmp_path / "a.csv", akun="verifikator", **jendela)
    assert isi == {str(satu.pk): "pasti"}
    assert "pasti: 1" in teks and str(lain.pk) not in isi
    assert (tmp_path / "a.csv").stat().st_mode & 0o077 == 0
    assert Jejak.objects.filter(aksi="daftar_terdampak").count() == 1


def test_a_list_that_left_makes_every_family_of_its_area_possible(tmp_path, jendela):
    satu = sampai("draf", nomor=0, pengusul="operator").usulan.keluarga
    with transaction.atomic():
        audit.catat(
            aksi="ekspor",
            jenis="daftar",
            objek_id="keluarga",
            by=orang("verifikator2"),
            wilayah=satu.wilayah_id[:5],
        )
    teks, isi = jalankan(tmp_path / "a.csv", akun="verifikator2", **jendela)
    assert set(isi.values()) == {"mungkin"} and str(satu.pk) in isi
    assert "Berkas daftar keluar dari: 32.05" in teks


def test_what_the_account_could_open_is_the_outer_bound(tmp_path, jendela):
    satu = sampai("draf", nomor=0, pengusul="operator").usulan.keluarga
    _, isi = jalankan(tmp_path / "a.csv", akun="kadis", semua_terlihat=True, **jendela)
    assert isi[str(satu.pk)] == "bisa dilihat"
    assert set(isi) == {
        str(k) for k in Keluarga.objects.visible_to(orang("kadis")).values_list("pk", flat=True)
    }


def test_another_time_and_another_account_are_left_out(tmp_path, jendela):
    satu = sampai("draf", nomor=0, pengusul="operator").usulan.keluarga
    reveal.buka(satu, kolom="no_kk", by=orang("verifikator"), alasan="mencocokkan KK")
    _, isi = jalankan(tmp_path / "a.csv", akun="kadis", **jendela)
    assert isi == {}
    _, isi = jalankan(tmp_path / "b.csv", akun="verifikator", sejak="2020-01-01", hingga="2020-01-02")
    assert isi == {}


def test_mistakes_are_said(tmp_path, jendela):
    with pytest.raises(CommandError, match="Tidak ada akun"):
        jalankan(tmp_path / "a.csv", akun="tidak-ada", **jendela)
    with pytest.raises(CommandError, match="bukan waktu"):
        jalankan(tmp_path / "a.csv", sejak="kemarin", hingga="besok")
    (tmp_path / "c.csv").write_text("milik orang")
    with pytest.raises(CommandError, match="sudah ada"):
        jalankan(tmp_path / "c.csv", **jendela)
