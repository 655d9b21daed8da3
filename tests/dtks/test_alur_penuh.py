"""The line, end to end, through the actions."""

import pytest

from dtks.models import Keluarga
from dtks.workflow import USULAN
from tests.bantu.alur import jalani

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("status", [k.kode for k in USULAN.keadaan])
def test_setiap_keadaan_bisa_dicapai(status):
    assert jalani(status).usulan.status == status


def test_keluarga_yang_ditetapkan_ada_di_register_dan_daftar_kelayakan(sampai):
    p = sampai("ditetapkan")
    keluarga = Keluarga.objects.get(pk=p.usulan.keluarga_id)
    assert keluarga.status == "terdaftar"
    baris = keluarga.kelayakan.get()
    assert baris.hasil == "layak"
    assert p.penetapan.nomor in baris.alasan[0]["kalimat"]
