"""Which reads may go to a replica, and how it is known how old it is. With a real one: tests/config/test_perluas.py (--faults)."""

import ast
import json
import os
import subprocess
import sys
import time
from itertools import chain

import pytest
from django.db import transaction

from core import audit, replica
from dtks.models import Keluarga
from tests.bantu.proses import AKAR, port_kosong, url_basis_data

# Who may read there: pages of numbers, downloads and the stream of lists. Nothing that decides, writes or waits for a form.
PEMBACA = {
    "portal/views/kesehatan.py", "portal/views/laporan.py", "portal/views/statistik.py", "dtks/exports/daftar.py", "bansos/queries/aliran.py",
}  # fmt: skip


def test_the_replica_is_as_old_as_the_newest_position_that_it_has_replayed():
    w, kini = replica.Watch(), time.monotonic()
    assert w.age() is None  # nothing known: not used
    for detik, lsn in ((30, 100), (20, 200), (10, 300)):
        w.note(kini - detik, lsn)
    w.learn(99)
    assert w.age() is None
    w.learn(250)
    assert 20 <= w.age() < 21
    w.learn(250)  # it stands still: older and older
    assert 20 <= w.age() < 21
    w.learn(300)
    assert 10 <= w.age() < 11


def test_an_idle_primary_is_no_old_replica():
    w, kini = replica.Watch(), time.monotonic()
    for detik in (30, 20, 10, 0):
        w.note(kini - detik, 100)
    w.learn(100)
    assert w.age() < 1


def test_what_is_shown_is_as_old_as_it_may_be_and_nothing_else_is():
    """The hour on a page of the replica is the one that was proved; on a page of the primary it is now."""
    assert replica.old() == 0.0
    replica.watch._fresh, lama = time.monotonic() - 7, replica.watch._fresh
    token = replica._chosen.set(True)
    try:
        assert 7 <= replica.old() < 8
    finally:
        replica._chosen.reset(token)
        replica.watch._fresh = lama


def test_one_who_learns_while_another_gives_up_is_not_disturbed(monkeypatch):
    """A look and a failure at the same moment: no page dies of it."""
    w = replica.Watch()
    monkeypatch.setattr(replica, "connections", {replica.REPLICA: Sambungan()})
    w.note(time.monotonic() - 5, 100)

    class Lsn(int):
        def __ge__(self, lain):
            w.give_up("uji")
            return int.__ge__(self, lain)

    w.learn(Lsn(100))
    assert not w._notes and not w.usable(60)


class Sambungan:
    def close(self):
        pass


def test_without_a_replica_everything_is_read_from_the_primary():
    assert not replica.configured() and replica.state() == {}
    assert replica.read(lambda alias: alias, at_most=60) == "default"


def memakai(teks: str) -> bool:
    """Does this module import `core.replica`, however it is written?"""
    ada = chain.from_iterable(
        [f"{n.module}.{a.name}" for a in n.names]
        if isinstance(n, ast.ImportFrom)
        else [a.name for a in n.names]
        for n in ast.walk(ast.parse(teks))
        if isinstance(n, ast.Import | ast.ImportFrom)
    )
    return any(nama.startswith("core.replica") for nama in ada)


def test_no_action_policy_or_form_knows_the_replica():
    """Together with the next test: whatever an act reads, it reads from the primary."""
    assert memakai("from core import lines, replica") and memakai("import core.replica as r")
    assert memakai("from core.replica import read") and not memakai("from core import lines")
    berkas = chain.from_iterable(
        (AKAR / app).rglob("*.py") for app in (*replica.APPS, "accounts", "core", "config")
    )
    pemakai = {str(b.relative_to(AKAR)) for b in berkas if memakai(b.read_text())}
    assert pemakai == PEMBACA


@pytest.mark.django_db
def test_inside_a_read_nothing_is_written_and_nothing_is_locked():
    """An act would run twice when the replica fails on the way, and would decide on rows that are old."""

    def kunci(alias):
        with transaction.atomic():
            return list(Keluarga.objects.select_for_update())

    def catat(alias):
        with transaction.atomic():
            audit.catat(aksi="uji", jenis="uji", objek_id="-", by=None)

    for isi in (
        kunci,
        catat,
        lambda alias: Keluarga.objects.update(alamat="-"),
        lambda alias: Keluarga.objects.all().delete(),
    ):
        with pytest.raises(RuntimeError, match="nothing is written or locked"):
            replica.read(isi, at_most=60)
    assert replica.read(lambda alias: Keluarga.objects.count(), at_most=60) == 0
    catat("default")  # afterwards everything is as it was
    kunci("default")


TANYA = """
import django, json; django.setup()
from django.db import connections, transaction
from django.test import Client
from accounts.models import Pengguna
from core import replica
from dtks.models import Keluarga
pilih = lambda m: replica.Router().db_for_read(m)
token = replica._chosen.set(True)
hasil = {"keluarga": pilih(Keluarga), "pengguna": pilih(Pengguna), "tulis": replica.Router().db_for_write(Keluarga)}
with transaction.atomic():
    hasil["dalam_transaksi"] = pilih(Keluarga)
replica._chosen.reset(token)
hasil["di_luar"] = pilih(Keluarga)
c = Client(SERVER_NAME="127.0.0.1")
hasil["readyz"] = c.get("/readyz").json()
hasil["statistik"] = c.get("/statistik/").status_code
hasil["dinding"] = connections["replika"].settings_dict["ENGINE"]
hasil["dua_kali"] = replica.read(lambda alias: alias, at_most=0)
print(json.dumps(hasil))
"""


def tanya(replika: str) -> dict:
    env = os.environ | {
        "DATABASE_URL": url_basis_data(), "DATABASE_REPLICA_URL": replika, "DTKS_TESTING": "1", "DTKS_LOCAL": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }  # fmt: skip
    jawab = subprocess.run(
        [sys.executable, "-c", TANYA],
        cwd=AKAR,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert jawab.returncode == 0, jawab.stderr[-3000:]
    return json.loads(jawab.stdout.splitlines()[-1])


def test_accounts_transactions_and_writes_stay_on_the_primary_and_a_second_primary_is_no_replica(db_nyata):
    hasil = tanya(url_basis_data())
    assert (hasil["keluarga"], hasil["di_luar"]) == ("replika", "default")
    assert hasil["pengguna"] == hasil["tulis"] == hasil["dalam_transaksi"] == "default"
    assert hasil["readyz"]["status"] == "siap"
    assert hasil["readyz"]["replika"] == {
        "dipakai": False,
        "umur_detik": None,
        "sebab": "takes writes of its own",
    }
    assert hasil["dua_kali"] == "default" and hasil["statistik"] == 200


def test_the_portal_is_ready_and_shows_its_pages_while_the_replica_is_away(db_nyata):
    hasil = tanya(f"postgres://dtks@127.0.0.1:{port_kosong()}/dtks")
    assert hasil["readyz"]["status"] == "siap" and not hasil["readyz"]["replika"]["dipakai"]
    assert hasil["statistik"] == 200 and hasil["dua_kali"] == "default"
