"""Goal 8: the second wall (core/dinding.py) on n proposals, against the same statements without it.

Rows as in `benchmarks/antrean.py`. Both ways send the application's own WHERE, as ORM statements of the first page of the queue (50
rows with their families), of the counts by state, and of the members of 50 families (a table whose policy asks its parent's); one way
behind the wall of the kabupaten, with role and setting in front of each statement, the other as the login. They take turns,
statement by statement. Beside them the whole page by the test client, wall on and off. At the end the WHERE is taken away.
"""

import time
from collections.abc import Callable

from benchmarks.alas import Hasil, masuk_sebagai, persen, sql
from benchmarks.antrean import isi

HALAMAN = "/verifikasi/?antrean=diinput"


def ukur(n: int, putaran: int) -> list[Hasil]:
    from django.conf import settings

    settings.DEMO = True  # no second factor for the client
    isi(n)
    kali = min(60, max(n // 50, 10)) * putaran
    hasil = []
    for nama, kerja in _pernyataan().items():
        polos, dinding = _bergantian(kerja, kali)
        hasil += _dua(nama, n, polos, dinding)
    hasil.append(_halaman(n, kali))
    return hasil + _bocor(n)


def _pernyataan() -> dict[str, Callable[[], object]]:
    from django.db.models import Count

    from accounts.models import Pengguna
    from dtks.models import Individu, Usulan

    def milik() -> object:
        return Usulan.objects.visible_to(pengguna)

    pengguna = Pengguna.objects.get(username="verifikator")
    luas = [k for (k,) in sql("select id from dtks_keluarga limit 50")]
    return {
        "page of 50": lambda: list(
            milik().filter(status="diinput").select_related("keluarga").order_by("status_sejak", "id")[:50]
        ),
        "counts by state": lambda: list(
            milik().order_by().values_list("status").annotate(n=Count("pk"))
        ),
        "members of 50 families": lambda: list(
            Individu.objects.visible_to(pengguna).filter(keluarga__in=luas)
        ),
    }  # fmt: skip


def _bergantian(kerja: Callable[[], object], kali: int) -> tuple[list[float], list[float]]:
    """Milliseconds without the wall, and behind it."""
    from core import dinding
    from tests.bantu.pemain import KABUPATEN

    garut = dinding.menurut([KABUPATEN])
    hasil: tuple[list[float], list[float]] = ([], [])
    for n in range(-3, kali):
        for satu, pandangan in zip(hasil, (None, garut), strict=True):
            mulai = time.perf_counter()
            with dinding.di_balik(pandangan):
                kerja()
            if n >= 0:
                satu.append((time.perf_counter() - mulai) * 1000)
    return hasil


def _dua(nama: str, n: int, polos: list[float], dinding: list[float]) -> list[Hasil]:
    return [
        Hasil(
            8, f"row-level security, {nama}: p{p} behind the wall / plain WHERE", n, persen(dinding, p) / persen(polos, p), "<=", sasaran,
            kami=f"{persen(dinding, p):.2f} ms", batas=f"{persen(polos, p):.2f} ms", rinci=f"{len(polos)} times in turn",
        )
        for p, sasaran in ((50, 1.10), (95, 1.25))
    ]  # fmt: skip


def _halaman(n: int, kali: int) -> Hasil:
    from django.conf import settings

    klien = masuk_sebagai("verifikator")
    waktu: dict[bool, list[float]] = {False: [], True: []}
    for satu in range(-3, kali):
        for nyala, milidetik in waktu.items():
            settings.DINDING = nyala
            mulai = time.perf_counter()
            assert klien.get(HALAMAN).status_code == 200
            if satu >= 0:
                milidetik.append((time.perf_counter() - mulai) * 1000)
    settings.DINDING = True
    a, b = (f"p50 {persen(waktu[x], 50):.1f} ms, p95 {persen(waktu[x], 95):.1f} ms" for x in (True, False))
    return Hasil(
        0, "row-level security, queue page whole: p50 wall on / off", n, persen(waktu[True], 50) / persen(waktu[False], 50),
        kami=a, batas=b,
    )  # fmt: skip


def _bocor(n: int) -> list[Hasil]:
    """Rows that Tasikmalaya reads of Garut's when nothing filters."""
    from core import dinding
    from tests.bantu.pemain import KABUPATEN_LAIN

    bocor = 0
    with dinding.di_balik(dinding.menurut([KABUPATEN_LAIN])):
        for tabel in ("dtks_usulan", "dtks_keluarga", "dtks_individu", "dtks_riwayatusulan", "dtks_desil"):
            bocor += sql(f"select count(*) from {tabel}")[0][0]
    return [Hasil(8, "row-level security: rows of another kabupaten without the WHERE", n, bocor, "<=", 0)]
