"""Two rows or six: a page asks the database the same number of questions. Each is read by its first two readers."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.bantu import rute
from tests.bantu.pemain import PEMAIN
from tests.izin.dunia import perbanyak

JENIS = sorted({r.daftar for r in rute.tabel() if r.daftar})
PEMBACA = ("operator", "verifikator", "tksk", "kadis", "supervisor", "inspektorat", "admin")


def _hitung(dunia, username, alamat):
    klien = dunia.klien(username)
    klien.get(
        "/healthz"
    )  # the session notes once a minute that somebody was here: not in the middle of the count
    with CaptureQueriesContext(connection) as q:
        jawab = klien.get(alamat)
    assert jawab.status_code == 200, (username, alamat, jawab.status_code)
    return [s["sql"] for s in q.captured_queries], len(jawab.content)


def pembaca(r, dunia) -> list[str]:
    return [u for u in PEMBACA if u in PEMAIN and r.boleh(u, "GET", dunia.area(r))][:2]


@pytest.mark.parametrize("jenis", JENIS)
def test_jumlah_kueri_tetap(jenis, dunia):
    halaman = [(r, u) for r in rute.tabel() if r.daftar == jenis for u in pembaca(r, dunia)]
    assert halaman
    perbanyak(dunia, jenis, 2, mulai=50)
    for r, u in halaman:
        _hitung(
            dunia, u, r.alamat(dunia.contoh(r))
        )  # what is read once per process, or once for a version of a form
    dua = {(r.kunci, u): _hitung(dunia, u, r.alamat(dunia.contoh(r))) for r, u in halaman}
    perbanyak(dunia, jenis, 4, mulai=52)
    for r, u in halaman:
        _hitung(dunia, u, r.alamat(dunia.contoh(r)))
    salah, tumbuh = [], set()
    for r, u in halaman:
        sql, panjang = _hitung(dunia, u, r.alamat(dunia.contoh(r)))
        awal, panjang_awal = dua[r.kunci, u]
        if len(sql) > len(awal):
            lebih = max(sql, key=lambda s: sum(t[:120] == s[:120] for t in sql))
            salah.append((r.kunci, u, len(awal), len(sql), lebih[:400]))
        tumbuh.add(r.kunci) if panjang > panjang_awal else None
    assert not salah, salah
    # Numbers and not rows; and the trail and the families found by name, whose first page is full.
    tetap = {"dasbor/", "jejak/", "keluarga/", "penyaluran/rekonsiliasi/<slug:kode>/"}
    tetap |= {r.kunci for r, _ in halaman if r.kunci.startswith("laporan/")}
    assert {r.kunci for r, _ in halaman} - tetap <= tumbuh, "barisnya tidak tampil"
