"""The cast of the tests: the demo cast's names, roles and areas (contract.md), with passwords hashed once."""

import time
from datetime import date

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.test import Client

from accounts.models import Orang, Pengguna, Penugasan
from core import audit
from wilayah.actions.rtrw import tambah_rw
from wilayah.models import Wilayah

SANDI = "demo-portal-2026"
DESA = "32.05.01.1001"
RW = "32.05.01.1001.005"
DESA2 = "32.05.01.1003"
KECAMATAN = "32.05.01"
KABUPATEN = "32.05"
DESA_LAIN = "32.06.02.2001"
KABUPATEN_LAIN = "32.06"

PEMAIN = {
    "rtrw": ("RT_RW", RW),
    "operator": ("OPERATOR_DESA", DESA),
    "operator2": ("OPERATOR_DESA", DESA2),
    "lurah": ("LURAH", DESA),
    "lurah2": ("LURAH", DESA2),
    "tksk": ("TKSK", KECAMATAN),
    "tksk2": ("TKSK", KECAMATAN),
    "pendamping": ("PENDAMPING", KECAMATAN),
    "peksos": ("PEKSOS", KABUPATEN),
    "verifikator": ("VERIFIKATOR", KABUPATEN),
    "verifikator2": ("VERIFIKATOR", KABUPATEN),
    "supervisor": ("SUPERVISOR", KABUPATEN),
    "kadis": ("KEPALA_DINAS", KABUPATEN),
    "dukcapil": ("DUKCAPIL", KABUPATEN),
    "inspektorat": ("INSPEKTORAT", KABUPATEN),
    "provinsi": ("PROVINSI", "32"),
    "pusdatin": ("PUSDATIN", None),
    "admin": ("ADMIN", KABUPATEN),
    "operator.lain": ("OPERATOR_DESA", DESA_LAIN),
    "lurah.lain": ("LURAH", DESA_LAIN),
    "verifikator.lain": ("VERIFIKATOR", KABUPATEN_LAIN),
    "supervisor.lain": ("SUPERVISOR", KABUPATEN_LAIN),
    "kadis.lain": ("KEPALA_DINAS", KABUPATEN_LAIN),
    "pdp": ("PETUGAS_PDP", KABUPATEN),
}


def nik_petugas(urut: int) -> str:
    return f"3205014{urut % 10}0180{urut:04d}"


@transaction.atomic
def buat() -> None:
    """Create the cast. Runs once per test database, committed."""
    tambah_rw(Wilayah.objects.get(pk=DESA), "005")
    sandi = make_password(SANDI)
    for urut, (username, (peran, wilayah)) in enumerate(PEMAIN.items(), start=1):
        orang = Orang(nama=f"Petugas {username.title()}")
        orang.nik = nik_petugas(urut)
        orang.save()
        pengguna = Pengguna.objects.create(username=username, nama=orang.nama, orang=orang, password=sandi)
        Penugasan.objects.create(
            pengguna=pengguna, peran_id=peran, wilayah_id=wilayah, berlaku_sejak=date(2020, 1, 1)
        )
    audit.catat(aksi="buat_pemain_uji", jenis="uji", objek_id="-", by=None)


def masuk(client: Client, username: str) -> None:
    """Log in for the next hour: a request that is undone need not note again and again that somebody was here."""
    client.force_login(
        Pengguna.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend"
    )
    sesi = client.session
    sesi["mulai"] = int(time.time())
    sesi["terlihat"] = sesi["mulai"] + 3600
    sesi.save()
