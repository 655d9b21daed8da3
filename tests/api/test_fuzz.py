"""Schemathesis asks every operation of the schema, with right and wrong values: never an error of ours, never another shape.

By default a few cases for each operation with a key of every scope; `./test --fuzz tests/api/test_fuzz.py` asks 50,000 times,
with one key for each scope. The number of requests is counted and asserted.
"""

import contextlib
import os

import pytest
import schemathesis
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.openapi.checks import UndefinedStatusCode  # noqa: F401 - loads the checks
from schemathesis.specs.openapi import checks

from core.models import Ketentuan
from tests.bantu.api import SEMUA, kunci

pytestmark = pytest.mark.django_db
UJI = [
    not_a_server_error, checks.status_code_conformance, checks.content_type_conformance, checks.response_schema_conformance,
    checks.response_headers_conformance, checks.negative_data_rejection, checks.ignored_auth, checks.unsupported_method,
    checks.missing_required_header,
]  # fmt: skip
CARA = [schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE]
PINTAR = int(os.environ.get("DTKS_FUZZ_CONTOH", "0"))


@contextlib.contextmanager
def lepas_sinyal():
    """As Django's own test client does: a finished request must not close the connection of the test."""
    for sinyal in (signals.request_started, signals.request_finished):
        sinyal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for sinyal in (signals.request_started, signals.request_finished):
            sinyal.connect(close_old_connections)


@pytest.fixture
def tanya(db):
    """tanya(scopes, examples): ask every operation so often in each mode; returns the number of requests and what was wrong."""
    Ketentuan.objects.filter(kunci="api.permintaan_per_menit").update(nilai=10**9)

    def _tanya(cakupan, contoh):
        skema = schemathesis.openapi.from_wsgi("/api/schema/", WSGIHandler())
        kepala = {
            "Authorization": f"Bearer {kunci(*cakupan, anggaran=20_000_000)}",
            "Accept-Encoding": "identity",
        }
        hitung, salah = 0, []
        for hasil in skema.get_all_operations():
            operasi = hasil.ok()
            for cara in CARA:
                n, galat = _satu(operasi, cara, kepala, contoh)
                hitung += n
                salah += galat
        return hitung, salah

    with lepas_sinyal():
        yield _tanya


def _satu(operasi, cara, kepala, contoh):
    n, salah = 0, {}

    @settings(
        max_examples=contoh, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )  # fmt: skip
    @given(case=operasi.as_strategy(generation_mode=cara) if cara is CARA[0] else _salah(operasi, cara))
    def jalan(case):
        nonlocal n
        n += 1
        jawab = None
        try:
            jawab = case.call(headers=kepala)
            case.validate_response(jawab, checks=UJI, headers=kepala)
        except Exception as galat:
            kata = " | ".join(str(s) for s in getattr(galat, "exceptions", [galat]))
            salah.setdefault(
                kata.split("\n")[0],
                f"{operasi.label} [{cara.value}] {jawab and jawab.status_code}: {kata[:1500]}",
            )

    with contextlib.suppress(Unsatisfiable):  # nothing can be wrong about an operation without parameters
        jalan()
    return n, list(salah.values())


def _salah(operasi, cara):
    try:
        return operasi.as_strategy(generation_mode=cara)
    except Exception:
        return st.nothing()


def test_a_few_of_everything(tanya, sampai):
    sampai("ditetapkan")
    n, salah = tanya(SEMUA, PINTAR or 4)
    assert not salah, "\n\n".join(salah)
    assert n > 100


@pytest.mark.fuzz
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("cakupan", [SEMUA, *((c,) for c in SEMUA)], ids=lambda c: "+".join(c)[:20])
def test_fifty_thousand_with_a_key_of_each_scope(tanya, sampai, cakupan, lapor):
    sampai("ditetapkan")
    n, salah = tanya(cakupan, PINTAR or 130)
    lapor(f"{n:,} requests, right and wrong, {len(salah)} failures")
    assert not salah, "\n\n".join(salah)
    assert n >= (6_300 if not PINTAR else 100)  # eight keys
