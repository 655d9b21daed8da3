"""F12: a statement that waits for no lock and does not come to an end. Pages and other offices are told 503; jobs and streams go on."""

import time
from contextlib import contextmanager

import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.http import StreamingHttpResponse

from core import ketersediaan
from core.models import Pekerjaan
from dtks.models import Usulan
from tests.bantu.alur import sampai
from tests.bantu.api import kunci
from tests.bantu.jaringan import Mesin, Peramban, kunci_baru, minta, usulan_baru
from tests.browser.panggung import Portal
from tests.gangguan.test_web_dibunuh import ALAMAT, TULIS


def _satu(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def test_aliran_dilepas_dari_batas_dan_sesudahnya_batas_kembali(db_nyata, settings):
    """As a web process would be: its connection begins with a limit."""
    d = connection.settings_dict["OPTIONS"]
    semula = d["options"]
    settings.SESSION_LIMITS = settings.SESSION_LIMITS | {"statement_timeout": "300"}
    connection.close()
    d["options"] = f"{semula} -c statement_timeout=300"
    try:
        with pytest.raises(OperationalError) as galat:
            _satu("select pg_sleep(1)")
        assert ketersediaan.tidak_siap(galat.value)

        def baris():
            yield f"{_satu('select pg_sleep(0.5)')}".encode()
            raise ZeroDivisionError

        aliran = ketersediaan.biarkan_mengalir(StreamingHttpResponse(baris()))
        with pytest.raises(ZeroDivisionError):
            b"".join(aliran.streaming_content)
        assert _satu("show statement_timeout") == "300ms"
    finally:
        connection.close()
        d["options"] = semula


@contextmanager
def lambat(tabel: str, detik: float):
    """Every new row of that table takes so long."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"create function {tabel}_lambat() returns trigger language plpgsql as $$ begin perform pg_sleep({detik}); return new; end $$;"
            f"create trigger uji_lambat before insert on {tabel} for each row execute function {tabel}_lambat()"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"drop function {tabel}_lambat() cascade")


@pytest.mark.faults
@pytest.mark.timeout(600)
def test_pernyataan_yang_tidak_selesai_diakhiri(panggung, tmp_path, periksa_semua):
    web = Portal(panggung, tmp_path, demo=True, pekerja=1, WEB_STATEMENT_SECONDS="2")
    try:
        web.tunggu()
        mesin, petugas = Mesin(web.alamat, kunci(*TULIS)), Peramban(web.alamat, "operator")
        usulan = sampai("draf", nomor=7, pengusul="operator").usulan
        jalan = f"/usulan/{usulan.pk}/langkah/ajukan/"
        isi, satu = petugas.isian(jalan), kunci_baru()
        with lambat("dtks_usulan", 30), lambat("dtks_riwayatusulan", 30):
            jawab = mesin.kirim(ALAMAT, usulan_baru(1), kunci=satu)
            assert jawab.status == 503 and "Retry-After" in jawab.kepala and 1.5 < jawab.detik < 8, jawab
            jawab = petugas.kirim(jalan, isi)
            assert jawab.status == 503 and "Portal sedang sibuk" in jawab.teks and 1.5 < jawab.detik < 8
            assert minta(web.alamat + "/").detik < 4
        assert Usulan.objects.count() == 1 and Usulan.objects.get().status == "draf"
        with lambat("accounts_pemberitahuan", 4):  # twice what a page may take
            assert mesin.kirim(ALAMAT, usulan_baru(1), kunci=satu).status == 201
            assert petugas.kirim(jalan, isi).status == 302
            batas = time.monotonic() + 90
            while Pekerjaan.objects.exclude(status="selesai").filter(jenis="dtks.beri_tahu").exists():
                assert time.monotonic() < batas, "a job was ended like a page"
                time.sleep(0.3)
        assert not Pekerjaan.objects.filter(percobaan__gt=0).exists()
    finally:
        web.hentikan()
