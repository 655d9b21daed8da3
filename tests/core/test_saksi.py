"""F39: the keys of another installation are noticed before a single row is read or written with them."""

import base64
import secrets
import time

import pytest
from django.db import OperationalError, connection

from accounts.models import Orang
from core import ketersediaan, outbox, tasks
from core.models import Pekerjaan
from core.privacy import saksi
from tests.bantu.jaringan import minta
from tests.bantu.proses import Panggung
from tests.browser.panggung import Portal, kumpulkan_berkas_statis


def kunci_lain() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


@pytest.mark.django_db
def test_our_own_keys_fit_also_after_a_newer_one_was_put_in_front(settings):
    assert Orang.objects.filter(nik_indeks__isnull=False).exists() and saksi.periksa()
    settings.DATA_KEYS = f"k9:{kunci_lain()},{settings.DATA_KEYS}"
    assert saksi.periksa()


@pytest.mark.django_db
@pytest.mark.parametrize("nama", ["DATA_KEYS", "INDEX_KEY"])
def test_a_key_of_the_right_shape_but_not_ours_is_named_and_nothing_is_done(
    settings, monkeypatch, nama, caplog
):
    salah = f"k1:{kunci_lain()}" if nama == "DATA_KEYS" else kunci_lain()
    setattr(settings, nama, salah)
    with pytest.raises(saksi.WrongKey, match=nama) as tolak:
        saksi.periksa()
    assert salah not in str(tolak.value) + caplog.text and ketersediaan.tidak_siap(tolak.value)
    settings.TESTING = False
    monkeypatch.setattr(saksi, "_pasti", False)
    monkeypatch.setattr(outbox, "_ringers", [])
    job = outbox.antre("core.buang_tantangan", {"periode": "uji"})
    with pytest.raises(saksi.WrongKey):
        tasks.kerjakan()
    assert Pekerjaan.objects.get(pk=job.pk).status == "menunggu"


@pytest.mark.django_db
def test_pages_wait_for_the_right_key_and_life_is_still_answered(client, settings, monkeypatch):
    settings.TESTING, settings.INDEX_KEY = False, kunci_lain()
    monkeypatch.setattr(saksi, "_pasti", False)
    client.raise_request_exception = False
    for alamat in ("/", "/masuk/", "/readyz", "/api/v1/usulan/"):
        assert client.get(alamat).status_code == 503, alamat
    assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
def test_a_database_that_is_away_is_no_wrong_key(settings, monkeypatch):
    settings.TESTING = False
    monkeypatch.setattr(saksi, "_pasti", False)

    def mati(execute, sql, params, many, context):
        raise OperationalError("gone")

    with connection.execute_wrapper(mati), pytest.raises(OperationalError):
        saksi.pastikan()
    saksi.pastikan()
    assert saksi._pasti


@pytest.mark.faults
@pytest.mark.timeout(300)
def test_real_processes_with_the_key_of_another_installation_do_nothing(db_nyata, tmp_path, monkeypatch):
    monkeypatch.setenv("INDEX_KEY", kunci_lain())
    with Panggung(tmp_path, simulator=False) as panggung:
        kumpulkan_berkas_statis(panggung.env)
        web = Portal(panggung, tmp_path, demo=True)
        try:
            web.tunggu()
            job = outbox.antre("core.buang_tantangan", {"periode": "uji"})
            assert [minta(web.alamat + a).status for a in ("/", "/readyz", "/statistik/")] == [503] * 3
            time.sleep(10)  # beat has rung three times
            assert Pekerjaan.objects.get(pk=job.pk).status == "menunggu"
        finally:
            web.hentikan()
    assert "INDEX_KEY" in web.log.read_text() and "INDEX_KEY" in (tmp_path / "worker.log").read_text()
