"""Nothing in the portal needs a session of its own in PostgreSQL, so pgbouncer may hand a connection on after each transaction."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bantu.proses import url_basis_data

AKAR = Path(__file__).resolve().parents[2]
APPS = ("core", "wilayah", "accounts", "dtks", "bansos", "pengaduan", "portal", "config")
SUMBER = [p for app in APPS for akhir in ("*.py", "*.sql") for p in sorted((AKAR / app).rglob(akhir))]
# Commands of the console that speak with PostgreSQL itself (docs/operasi/perluas.md).
KONSOL = ("core/backup/", "portal/actions/cadangan.py", "config/servers/")
# Lifts a limit that is only set where no pooler stands (config/settings.py: WEB_STATEMENT_SECONDS).
TANPA_POOLER = ("core/ketersediaan.py",)

LARANGAN = {
    "an advisory lock of a session": r"\bpg_(try_)?advisory_(lock|unlock)",
    "a notification": r"(?i)[\"'\s](listen|notify|unlisten)\s+[a-z_]+\s*[;\"']",
    "a setting of the session": r"(?i)set_config\([^()]*,\s*false\s*\)",
    "SET outside a transaction": r"(?i)(execute|perform)\w*\(\s*f?\"+\s*set\s+(?!local\b|transaction\b|constraints\b)",
    "a cursor that outlives its transaction": r"(?i)\bwith hold\b",
    "a prepared statement": r"(?i)\bprepare_threshold|prepare\s*=\s*True|\"prepare ",
}


@pytest.mark.parametrize("apa", LARANGAN)
def test_no_statement_needs_a_session(apa):
    pola, ada = re.compile(LARANGAN[apa]), []
    for path in SUMBER:
        nama = path.relative_to(AKAR).as_posix()
        if nama.startswith((*KONSOL, *TANPA_POOLER)):
            continue
        ada += [f"{nama}: {m[0]}" for m in pola.finditer(path.read_text())]
    assert not ada, f"{apa}: {ada}"


def test_temporary_tables_end_with_their_transaction():
    ada = []
    for path in SUMBER:
        teks = path.read_text()
        for m in re.finditer(
            r"(?i)create temp(?:orary)? table (?:if not exists )?(\w+|\{\w+\})(.{0,900})", teks, re.S
        ):
            if not re.search(r"(?i)on commit drop", m[2]) and f"drop table {m[1]}" not in teks:
                ada.append(f"{path.relative_to(AKAR)}: {m[1]}")
    assert not ada


def test_behind_a_pooler_nothing_is_asked_of_the_session_and_missing_limits_are_told(db_nyata):
    """The start-up parameters are left out; who forgets `connect_query` hears it from /readyz."""
    code = """
import django, json; django.setup()
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from wilayah.models import Wilayah
jawab = Client(SERVER_NAME="127.0.0.1").get("/readyz")
d = settings.DATABASES["default"]

# Cursors that the server holds in the middle of a loop: does each outlive its transaction?
def terbuka():
    for _ in Wilayah.objects.iterator(chunk_size=10):
        with connection.cursor() as c:
            c.execute("select is_holdable from pg_cursors where name like '_django_curs%'")
            return [b for (b,) in c.fetchall()]

luar = terbuka()
with transaction.atomic():
    dalam = terbuka()
print(json.dumps([jawab.status_code, jawab.json(), luar, dalam, d["OPTIONS"].get("options", "")]))
"""
    hasil = []
    for pooler in ("1", "0"):
        env = os.environ | {
            "DATABASE_URL": url_basis_data(), "DATABASE_POOLER": pooler, "DTKS_TESTING": "1", "DTKS_LOCAL": "1",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }  # fmt: skip
        jawab = subprocess.run(
            [sys.executable, "-c", code],
            cwd=AKAR,
            env=env,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert jawab.returncode == 0, jawab.stderr[-3000:]
        hasil.append(json.loads(jawab.stdout.splitlines()[-1]))
    (kode, isi, luar, dalam, opsi), (kode2, isi2, luar2, dalam2, opsi2) = hasil
    assert (kode, isi["batas_tunggu"], opsi) == (503, False, "")
    assert (kode2, isi2["status"]) == (200, "siap") and "lock_timeout=5000" in opsi2
    # A cursor that outlives its transaction would stay behind with somebody else; one inside keeps a long list out of memory.
    assert (luar, dalam) == ([], [False])
    assert (luar2, dalam2) == ([True], [False])
