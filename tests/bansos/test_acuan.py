"""The programmes of aid that ship with the portal."""

import pytest
from django.db import transaction

import dtks.acuan
from bansos import acuan
from bansos.models import Program
from dtks.models import KodeAcuan

pytestmark = pytest.mark.django_db


def test_programmes_and_who_determines_them():
    with transaction.atomic():
        acuan.muat()
        dtks.acuan.muat()
    per = dict(Program.objects.values_list("kode", "sumber"))
    assert per == {
        "PKH": "APBN", "BPNT": "APBN", "PBI": "APBN", "RST": "APBN", "ATENSI": "APBN", "PENA": "APBN",
        "APBD-LANSIA": "APBD", "APBD-RTLH": "APBD", "BLT-DESA": "APBD", "NONBANSOS": "APBN", "DISABILITAS": "APBN",
    }  # fmt: skip
    usulan = set(KodeAcuan.objects.filter(daftar="program_usulan").values_list("kode", flat=True))
    assert usulan <= set(per), "every programme that can be proposed can be determined"
    assert Program.objects.get(pk="PBI").unit == "individu"
