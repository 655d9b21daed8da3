"""A session ends when it is idle, when it is old, and with the role or the account that it stood for."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Pengguna, Penugasan
from tests.bantu import rute
from tests.bantu.pemain import DESA

pytestmark = pytest.mark.django_db
HALAMAN = [
    r.alamat({}) for r in rute.tabel() if r.lihat and r.lihat != "publik" and not r.contoh and not r.milik
][::6]  # one middleware for all pages


@pytest.fixture(autouse=True)
def tanpa_faktor_kedua(settings):
    settings.DEMO = True


def keluar(jawab) -> bool:
    return jawab.status_code == 302 and jawab["Location"].startswith("/masuk/")


def test_diam_terlalu_lama(masuk, settings):
    awal = timezone.now()
    with time_machine.travel(awal, tick=False):
        klien = masuk("operator")
        assert klien.get("/usulan/").status_code == 200
    with time_machine.travel(awal + timedelta(seconds=settings.SESSION_IDLE_SECONDS), tick=False):
        assert klien.get("/usulan/").status_code == 200
    with time_machine.travel(awal + timedelta(seconds=2 * settings.SESSION_IDLE_SECONDS + 1), tick=False):
        assert keluar(klien.get("/usulan/"))
        assert keluar(klien.get("/usulan/"))


def test_batas_mutlak_walau_terus_dipakai(masuk, settings):
    awal = timezone.now()
    langkah = settings.SESSION_IDLE_SECONDS // 2
    with time_machine.travel(awal, tick=False) as jam:
        klien = masuk("operator")
        klien.get("/usulan/")
        for _ in range(settings.SESSION_MAX_SECONDS // langkah):
            jam.shift(langkah)
            assert klien.get("/usulan/").status_code == 200
        jam.shift(2)
        assert keluar(klien.get("/usulan/"))


@pytest.mark.parametrize("alamat", HALAMAN)
def test_akun_dinonaktifkan_keluar_pada_klik_berikutnya(masuk, alamat):
    klien = masuk("operator")
    klien.get("/dasbor/")
    Pengguna.objects.filter(username="operator").update(is_active=False)
    assert keluar(klien.get(alamat))


@pytest.mark.parametrize(
    "r", [r for r in rute.tabel() if isinstance(r.lihat, list) and not r.contoh], ids=lambda r: r.kunci
)
def test_peran_dicabut_ditolak_pada_klik_berikutnya(masuk, r):
    for username in ("operator", "verifikator", "kadis", "tksk", "admin", "inspektorat"):
        if not r.boleh(username, "GET", None):
            continue
        klien = masuk(username)
        assert klien.get(r.alamat({})).status_code in (200, 302)
        Penugasan.objects.filter(pengguna__username=username).update(
            berlaku_hingga=timezone.localdate() - timedelta(days=1)
        )
        assert klien.get(r.alamat({})).status_code in (403, 404)


def test_peran_yang_belum_mulai_belum_berlaku(masuk):
    klien = masuk("operator")
    Penugasan.objects.filter(pengguna__username="operator").update(
        berlaku_sejak=timezone.localdate() + timedelta(days=1)
    )
    assert klien.get("/usulan/").status_code == 403


def test_peran_pindah_wilayah_membawa_wilayah_baru_saja(masuk, sampai):
    usulan = sampai("draf").usulan
    klien = masuk("operator")
    assert klien.get(f"/usulan/{usulan.pk}/").status_code == 200
    Penugasan.objects.filter(pengguna__username="operator").update(wilayah_id=DESA.replace("1001", "1003"))
    assert klien.get(f"/usulan/{usulan.pk}/").status_code == 404


def test_keluar_menutup_sesi_di_server(masuk):
    klien = masuk("operator")
    kue = klien.cookies["sesi"].value
    klien.post("/keluar/")
    klien.cookies["sesi"] = kue
    assert keluar(klien.get("/usulan/"))
