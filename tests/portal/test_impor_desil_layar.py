"""Desil on the screen: shown first, stored as delivered, a different value is a conflict and never an overwrite."""

import pytest

from core.workflow import GateClosed, NotAllowed
from dtks.actions.impor import inti
from dtks.models import BarisImpor, Desil, Impor
from portal.actions.impor_desil import JENIS
from tests.bantu.alur import Perjalanan, keluarga_uji, orang

pytestmark = pytest.mark.django_db


def unggah(*baris: str, by: str = "supervisor") -> Impor:
    isi = "\n".join(["no_kk,desil,triwulan", *baris]).encode()
    return inti.unggah(by=orang(by), jenis=JENIS, isi=isi, nama="desil.csv")


@pytest.fixture
def kk():
    Perjalanan(nomor=0).draf()
    return keluarga_uji(0).kk


def test_desil_disimpan_sesudah_disetujui_dan_berkas_sama_tidak_mengubah(kk):
    impor = unggah(f"{kk},3,2026-3", f"{kk},2,2026-4")
    assert (impor.status, impor.hitung) == ("siap", {"baru": 2})
    assert not Desil.objects.exists()
    inti.terapkan(impor, by=orang("supervisor"))
    assert sorted(Desil.objects.values_list("tahun", "triwulan", "desil")) == [(2026, 3, 3), (2026, 4, 2)]
    assert unggah(f"{kk},3,2026-3").hitung == {"sama": 1}


def test_nilai_lain_untuk_triwulan_yang_sama_adalah_konflik(kk):
    inti.terapkan(unggah(f"{kk},3,2026-4"), by=orang("supervisor"))
    impor = unggah(f"{kk},5,2026-4")
    (baris,) = BarisImpor.objects.filter(impor=impor)
    assert baris.hasil == "konflik" and baris.galat[0]["kode"] == "DESIL_BEDA"
    with pytest.raises(GateClosed):
        inti.terapkan(impor, by=orang("supervisor"))
    assert Desil.objects.get().desil == 3


def test_baris_salah_disebut_dan_yang_benar_tetap_masuk(kk):
    impor = unggah(
        f"{kk},3,2026-4",
        f"{kk},3,2026-4",
        "123,3,2026-4",
        f"{kk},11,2026-4",
        f"{kk},1,2026-5",
        "3205010101010101,1,2026-4",
    )
    kode = [[g["kode"] for g in b.galat] for b in BarisImpor.objects.filter(impor=impor).order_by("nomor")]
    assert kode == [
        [], ["BARIS_GANDA"], ["KK_TIDAK_SAH"], ["DESIL_TIDAK_SAH"], ["TRIWULAN_TIDAK_SAH"], ["KK_TIDAK_DIKENAL"],
    ]  # fmt: skip
    inti.terapkan(impor, by=orang("supervisor"))
    assert Desil.objects.count() == 1


def test_desil_tidak_bisa_dibatalkan(kk):
    impor = inti.terapkan(unggah(f"{kk},3,2026-4"), by=orang("supervisor"))
    impor = inti.batalkan(impor, by=orang("supervisor"))
    assert impor.status == "diterapkan" and "tidak bisa dibatalkan" in impor.sebab
    assert Desil.objects.count() == 1


def test_hanya_supervisor_dan_hanya_wilayahnya(kk):
    with pytest.raises(NotAllowed):
        unggah(f"{kk},3,2026-4", by="operator")
    assert (
        BarisImpor.objects.get(impor=unggah(f"{kk},3,2026-4", by="supervisor.lain")).galat[0]["kode"]
        == "KK_TIDAK_DIKENAL"
    )
