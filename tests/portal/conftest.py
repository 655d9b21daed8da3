"""A database with the demo in it, made once per test process and copied for each module that asks for it."""

import datetime as dt
import io
from contextlib import contextmanager

import psycopg
import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from tests.bantu import templat
from wilayah.actions import impor

KELUARGA = 30
AWALAN = ("32.05.01", "32.05.02", "32.06.02")


def _postgres(perintah: str) -> None:
    bawaan = connection.settings_dict
    tempat = {"host": bawaan["HOST"], "port": bawaan["PORT"] or None, "user": bawaan["USER"]}
    sandi = bawaan.get("PASSWORD") or None
    with psycopg.connect(**tempat, password=sandi, dbname="postgres", autocommit=True) as pg:
        pg.execute(perintah)


@contextmanager
def salinan(asal: str, akhiran: str):
    """Django's connection points to a copy of database `asal` (template1: an empty one); dropped at the end."""
    semula = connection.settings_dict["NAME"]
    nama = f"{semula}_{akhiran}"
    connection.close()
    _postgres(f'drop database if exists "{nama}" with (force)')
    _postgres(f'create database "{nama}" template "{asal}"')
    connection.settings_dict["NAME"] = nama
    try:
        yield nama
    finally:
        connection.close()
        connection.settings_dict["NAME"] = semula
        _postgres(f'drop database if exists "{nama}" with (force)')


@contextmanager
def sejenak(nama: str):
    """Back to the usual database of the tests while the copy waits for those who need it."""
    kini = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = nama
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = kini


def muat_wilayah() -> None:
    semua = impor.baca_wilayah()
    induk = {kode[:n] for kode, _, _ in semua if kode.startswith(AWALAN) for n in (2, 5, 8)}
    impor.impor_wilayah(
        baris=[satu for satu in semua if satu[0].startswith(AWALAN) or satu[0] in induk],
        kode_lama=[],
        dasar="Keputusan Uji",
        tanggal_dasar=dt.date(2025, 4, 25),
    )


def perintah(nama: str, *args, **opsi) -> str:
    keluar = io.StringIO()
    try:
        call_command(nama, *args, stdout=keluar, stderr=keluar, **opsi)
    except SystemExit as keluar_dini:
        keluar_dini.add_note(keluar.getvalue())
        raise
    return keluar.getvalue()


@pytest.fixture(scope="session")
def kosong_asal(django_db_setup, django_db_blocker):
    """Name of a database with the schema and nothing in it; the usual one holds areas, reference data and users."""
    with django_db_blocker.unblock():
        semula = connection.settings_dict["NAME"]
        jadi = templat.kosong()
        with salinan(jadi or "template1", "kosong") as nama:
            if not jadi:
                perintah("migrate", verbosity=0)
            with sejenak(semula):
                yield nama


@pytest.fixture(scope="session")
def demo_asal(kosong_asal, django_db_blocker, tmp_path_factory):
    """(database, folder of files, what the command printed)."""
    with django_db_blocker.unblock():
        semula = connection.settings_dict["NAME"]
        berkas = tmp_path_factory.mktemp("demo") / "berkas"
        with salinan(kosong_asal, "demo") as nama:
            with override_settings(DEMO=True, FILES_DIR=berkas):
                muat_wilayah()
                perintah("muat_acuan")
                teks = perintah("demo", keluarga=KELUARGA)
            with sejenak(semula):
                yield nama, berkas, teks


@pytest.fixture
def kosong(kosong_asal, django_db_blocker):
    """A new portal: nothing but the schema."""
    with django_db_blocker.unblock(), salinan(kosong_asal, "baru"):
        yield


@pytest.fixture(scope="module")
def demo(request, demo_asal, django_db_blocker):
    """The demo, to read and to change in this module; the text of the command."""
    nama, berkas, teks = demo_asal
    with (
        django_db_blocker.unblock(),
        salinan(nama, f"dari_{request.module.__name__.rsplit('_', 1)[-1]}"),
        override_settings(DEMO=True, FILES_DIR=berkas),
    ):
        yield teks
