"""Guessing from outside: names of accounts, papers, keys. What does not exist and what is not yours get the same answer (reliability.md §4.83, S4)."""

import random
import re
import secrets
import statistics
import time
import uuid

import pytest
from axes.models import AccessAttempt
from django.test import Client

from accounts.models import KunciApi, Pengguna
from core.privacy.keys import blind_index
from tests.bantu import pemain
from tests.bantu.api import kunci

pytestmark = pytest.mark.django_db
KUNCI_DI_HALAMAN = re.compile(rb'name="(?:csrfmiddlewaretoken|kunci_kirim|tantangan)" value="[^"]*"')


def badan(jawab) -> tuple[int, bytes]:
    return jawab.status_code, KUNCI_DI_HALAMAN.sub(b"", jawab.content)


def test_nama_pengguna_tidak_bisa_dipastikan_dari_jawaban(client, settings):
    """At each of the three doors where a name is typed: status, page and headers are the same for a name that exists and one that does not."""
    settings.DEMO = True
    tidur = Pengguna.objects.get(username="tksk2")
    tidur.is_active = False
    tidur.save(update_fields=["is_active"])
    pintu = (
        ("/masuk/", lambda n: {"login": n, "password": "salah-salah-salah"}),
        ("/masuk/kode/", lambda n: {"username": n, "kode": "AAAA-BBBB-CCCC", "sandi": "jerapah-minum-teh-sore", "sandi_lagi": "jerapah-minum-teh-sore"}),
    )  # fmt: skip
    for alamat, isi in pintu:
        hasil = set()
        for n in ("operator", "kadis", "tksk2", "tidak.ada", "operatoro"):
            status, isi_halaman = badan(Client().post(alamat, isi(n)))
            hasil.add((status, isi_halaman.replace(f'value="{n}"'.encode(), b"")))
        assert len(hasil) == 1, (alamat, [s for s, _ in hasil])


def test_kode_surat_dan_alamat_yang_ditebak_sama_dengan_yang_tidak_ada(client):
    acak = random.Random(3205)
    jawab = {
        badan(client.get(f"/v/{''.join(acak.choices('ABCDEFGHJKLMNPQRSTUVWXYZ23456789', k=12))}/"))[0]
        for _ in range(200)
    }
    assert len(jawab) == 1 and jawab <= {200, 404, 429}


@pytest.mark.parametrize(
    "banyak", [300, pytest.param(20_000, marks=[pytest.mark.fuzz, pytest.mark.timeout(3600)])]
)
def test_kunci_api_yang_ditebak(banyak):
    """Random keys, and keys that share the visible beginning of a real one: one answer for all."""
    benar = kunci("register")
    assert KunciApi.objects.count() == 1
    hasil = set()
    for i in range(banyak):
        tebakan = benar[: 6 + i % (len(benar) - 6)] + secrets.token_urlsafe(40)
        tebakan = tebakan[: len(benar)]
        if tebakan == benar:
            continue
        jawab = Client().get("/api/v1/usulan/", headers={"Authorization": f"Bearer {tebakan}"})
        isi = {k: v for k, v in jawab.json().items() if k not in ("instance", "id", "permintaan")}
        hasil.add((jawab.status_code, str(isi)))
    assert len(hasil) == 1 and next(iter(hasil))[0] == 401, hasil


def kolmogorov_smirnov(a: list[float], b: list[float]) -> float:
    """Probability that two samples this different come from one source (asymptotic)."""
    semua = sorted({*a, *b})
    n, m, i, j, jauh = len(a), len(b), 0, 0, 0.0
    a, b = sorted(a), sorted(b)
    for v in semua:
        while i < n and a[i] <= v:
            i += 1
        while j < m and b[j] <= v:
            j += 1
        jauh = max(jauh, abs(i / n - j / m))
    akar = (n * m / (n + m)) ** 0.5
    x = (akar + 0.12 + 0.11 / akar) * jauh
    return min(
        1.0, 2 * sum((-1) ** (k - 1) * 2.718281828459045 ** (-2 * k * k * x * x) for k in range(1, 101))
    )


@pytest.mark.load
@pytest.mark.timeout(7200)
def test_waktu_masuk_sama_untuk_nama_yang_ada_dan_yang_tidak(client, settings, lapor):
    """On a machine of its own: 5,000 pairs of wrong passwords, thread time, names that exist and names that do not in turn."""
    settings.DEMO, settings.AXES_FAILURE_LIMIT = True, 10**9
    ukur: dict[bool, list[float]] = {True: [], False: []}
    acak = random.Random(11)
    nama = list(pemain.PEMAIN)
    for i in range(5010):
        for ada in acak.sample([True, False], 2):
            n = nama[i % len(nama)] if ada else f"{nama[i % len(nama)]}{acak.randrange(100, 999)}"
            isi = {"login": n, "password": "salah-salah-salah"}
            mulai = time.thread_time()
            client.post("/masuk/", isi)
            if i >= 10:
                ukur[ada].append(time.thread_time() - mulai)
            AccessAttempt.objects.all().delete()
    p = kolmogorov_smirnov(ukur[True], ukur[False])
    tengah = {k: statistics.median(v) * 1000 for k, v in ukur.items()}
    lapor(f"exists {tengah[True]:.2f} ms, does not {tengah[False]:.2f} ms (medians of 5,000), KS p = {p:.3f}")
    assert p > 0.01


def test_indeks_buta_dan_nomor_acak_tidak_bisa_dihitung_dari_luar():
    """The keyed hash of a NIK is none of the plain ones that an outsider could compute; ids of rows are random."""
    assert blind_index("3205014107800001", "nik") != blind_index("3205014107800001", "kk")
    assert {Pengguna.objects.get(username=u).pk.version for u in ("operator", "kadis")} <= {4, 7}
    assert uuid.UUID(int=0) not in Pengguna.objects.values_list("pk", flat=True)
