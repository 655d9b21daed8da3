"""An operator of the portal loads the reference data, again and again."""

import io

import pytest
from django.core.management import call_command
from django.db import transaction

from accounts.models import Peran
from bansos.workflow import BATCH, KEBERATAN
from bansos.workflow_layanan import LAYANAN
from core import reference
from core.models import Jejak, JejakTx, Ketentuan, Panah
from dtks.models import AlasanLangkah, KodeAcuan
from dtks.workflow import MUSYAWARAH, USULAN
from pengaduan.workflow import ALUR
from portal.workflow import HAK

pytestmark = pytest.mark.django_db
DTKS, BANSOS = (USULAN, MUSYAWARAH), (BATCH, KEBERATAN, *LAYANAN)


def muat() -> str:
    keluar = io.StringIO()
    call_command("muat_acuan", stdout=keluar)
    return keluar.getvalue()


def test_second_load_changes_nothing():
    muat()
    baris = muat().splitlines()
    assert len(baris) == 18
    assert all(": 0 baru, 0 berubah, " in satu for satu in baris)


def test_counts_are_printed_in_indonesian():
    assert f"peran: 0 baru, 0 berubah, {Peran.objects.count()} tetap" in muat()


def test_a_wrong_label_is_corrected():
    muat()
    KodeAcuan.objects.filter(daftar="atap", versi="DTSEN-2025", kode="5").update(label="Salah")
    assert "kode acuan: 0 baru, 1 berubah" in muat()
    assert KodeAcuan.objects.get(daftar="atap", versi="DTSEN-2025", kode="5").label == "Bambu"


def test_arrows_are_those_of_the_code_and_no_others():
    muat()
    Panah.objects.create(alur="usulan", langkah="jalan_pintas", dari="draf", ke="ditetapkan")
    Panah.objects.filter(alur="usulan", langkah="ajukan").delete()
    dtks, bansos = (sum(len(a.arrows()) for a in alur) for alur in (DTKS, BANSOS))
    keluar = muat()
    assert f"panah alur: 1 baru, 0 berubah, {dtks - 1} tetap, 1 dihapus" in keluar
    assert f"panah alur: 0 baru, 0 berubah, {bansos} tetap" in keluar
    ada = set(Panah.objects.values_list("alur", "langkah", "dari", "ke"))
    assert ada == {(a.nama, *arrow) for a in (*DTKS, *BANSOS, *ALUR, HAK) for arrow in a.arrows()}


def test_rules_and_reasons_of_the_dinas_survive():
    muat()
    Ketentuan.objects.create(
        kunci="batch.maks", wilayah="32.05", nilai=20, berlaku_sejak="2026-01-01", dasar_hukum="SK Kadis"
    )
    AlasanLangkah.objects.filter(pk="MAMPU").update(aktif=False)
    muat()
    assert Ketentuan.objects.get(kunci="batch.maks", wilayah="32.05").nilai == 20
    assert AlasanLangkah.objects.get(pk="MAMPU").aktif is False


def test_a_rule_that_a_release_changes_is_named_in_the_trail_with_both_values():
    muat()
    Ketentuan.objects.filter(kunci="retensi.foto_identitas_hari").update(nilai=7)
    muat()
    satu = Jejak.objects.filter(aksi="muat_acuan").latest("pk").rincian
    assert satu["ketentuan_diganti"] == {"retensi.foto_identitas_hari 2021-05-27": [7, 90]}


def test_loading_writes_no_audited_row():
    sebelum = JejakTx.objects.count()
    muat()
    assert JejakTx.objects.count() == sebelum


def test_a_key_given_twice_is_an_error_and_loads_nothing():
    satu = {"kode": "X", "nama": "X", "paragraf": "", "kuasa": [], "tingkat_wilayah": []}
    with pytest.raises(KeyError), transaction.atomic():
        reference.load(Peran, [satu, satu], key=["kode"])
    assert not Peran.objects.filter(pk="X").exists()
