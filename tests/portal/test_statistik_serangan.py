"""Somebody adds and subtracts what the public pages show: no family count from 1 to 4 comes out.

The attacker knows the page's own rules: a column adds up to its total, the parts of a line to their whole, a kecamatan's page to
its line on the kabupaten's page, and where a hidden number cannot be 0 (`boleh_nol`). Everything that follows from that by exact arithmetic and by
bounds is worked out; a hidden number that has one solution is recovered.
"""

import os
import random
from collections.abc import Iterator
from fractions import Fraction

import pytest

from portal.queries.laporan.dasar import Kolom, Laporan, _samarkan

MINIMAL = 5
BAGIAN = ("jalan", "terima", "tunggu", "tolak", "tarik")
LAPORAN = Laporan(
    "uji", "Uji", "", "", "", "",
    (Kolom("semua", "Semua", rahasia=True), *(Kolom(k, k, dari="semua", rahasia=True) for k in BAGIAN)),
    "semua", None, None,
)  # fmt: skip
KOLOM = ("semua", *BAGIAN)
Sel = tuple[str, str, str]  # page, line ('' = total), column
Isi = dict[str, dict[str, int]]


def baris(acak: random.Random) -> dict[str, int]:
    """Mostly small and mostly 0: what small villages look like."""
    isi = {k: acak.choice((0, 0, 1, 1, 2, 3, 4, 5, 7, acak.randint(0, 60))) for k in BAGIAN}
    return {"semua": sum(isi.values())} | isi


def jumlah(isi: Isi) -> dict[str, int]:
    return {k: sum(b[k] for b in isi.values()) for k in KOLOM}


def halaman(acak: random.Random) -> tuple[dict[Sel, int], set[Sel], list[tuple[Sel, list[Sel]]]]:
    """(true values, hidden cells, sums that the attacker knows) of a kabupaten's page and those of its kecamatan."""
    kecamatan: dict[str, Isi] = {
        f"kec{i}": {f"desa{i}{j}": baris(acak) for j in range(acak.randint(1, 6))}
        for i in range(acak.randint(1, 5))
    }
    kab = {nama: jumlah(isi) for nama, isi in kecamatan.items()}
    nilai: dict[Sel, int] = {}
    tutup: set[Sel] = set()
    rumus: list[tuple[Sel, list[Sel]]] = []

    def muat(nama: str, isi: Isi, tertutup: set[str]) -> None:
        total = jumlah(isi)
        for b, angka in (*isi.items(), ("", total)):
            nilai.update({(nama, b, k): n for k, n in angka.items()})
            rumus.append(((nama, b, "semua"), [(nama, b, k) for k in BAGIAN]))
        rumus.extend(((nama, "", k), [(nama, b, k) for b in isi]) for k in KOLOM)
        tutup.update((nama, b, k) for b, k in _samarkan(LAPORAN, isi, total, MINIMAL, tertutup))

    muat("kab", kab, set())
    for nama, isi in kecamatan.items():
        muat(nama, isi, {k for n, b, k in tutup if n == "kab" and b == nama})
        rumus.extend((("kab", nama, k), [(nama, "", k)]) for k in KOLOM)
    return nilai, tutup, rumus


def persamaan(
    nilai: dict[Sel, int], tutup: set[Sel], rumus: list[tuple[Sel, list[Sel]]]
) -> Iterator[tuple[dict[Sel, int], int]]:
    """Each sum as: coefficients of hidden cells, and what they come to."""
    for utuh, bagian in rumus:
        faktor, sisa = {}, 0
        for sel, tanda in ((utuh, 1), *((b, -1) for b in bagian)):
            if sel in tutup:
                faktor[sel] = faktor.get(sel, 0) + tanda
            else:
                sisa -= tanda * nilai[sel]
        if faktor := {s: n for s, n in faktor.items() if n}:
            yield faktor, sisa


def dengan_eliminasi(semua: list[tuple[dict[Sel, int], int]]) -> dict[Sel, Fraction]:
    """Cells that exact arithmetic determines."""
    pivot: dict[Sel, tuple[dict[Sel, Fraction], Fraction]] = {}

    def kurangi(f: dict[Sel, Fraction], s: Fraction, oleh: Sel) -> Fraction:
        g, t = pivot[oleh]
        kali = f[oleh]
        for k, n in g.items():
            f[k] = f.get(k, Fraction(0)) - kali * n
            if not f[k]:
                del f[k]
        return s - kali * t

    for faktor, sisa in semua:
        f, s = {k: Fraction(n) for k, n in faktor.items()}, Fraction(sisa)
        for k in [k for k in f if k in pivot]:
            if k in f:
                s = kurangi(f, s, k)
        while lama := [k for k in f if k in pivot]:
            s = kurangi(f, s, lama[0])
        if f:
            k, n = next(iter(f.items()))
            f, s = {a: b / n for a, b in f.items()}, s / n
            pivot[k] = (f, s)
            for lain in [p for p in pivot if p != k and k in pivot[p][0]]:
                g, t = pivot[lain]
                pivot[lain] = (g, kurangi(g, t, k))
    return {k: s for k, (f, s) in pivot.items() if len(f) == 1}


def boleh_nol(sel: Sel, tutup: set[Sel]) -> bool:
    """A part may be 0 where it is hidden; a whole only where its column is hidden to the total."""
    nama, _, kolom = sel
    return kolom != "semua" or (nama, "", kolom) in tutup


def dengan_batas(semua: list[tuple[dict[Sel, int], int]], tutup: set[Sel]) -> dict[Sel, int]:
    """Cells that bounds determine: a hidden one is at least 0 or 1, as `boleh_nol` says."""
    bawah = {s: 0 if boleh_nol(s, tutup) else 1 for s in tutup}
    atas = dict.fromkeys(tutup, 10**6)
    while True:
        berubah = False
        for faktor, sisa in semua:
            for sel, n in faktor.items():
                lain_kecil = sum(m * (bawah[s] if m > 0 else atas[s]) for s, m in faktor.items() if s != sel)
                lain_besar = sum(m * (atas[s] if m > 0 else bawah[s]) for s, m in faktor.items() if s != sel)
                kecil, besar = sorted(((sisa - lain_besar) * n, (sisa - lain_kecil) * n))
                if kecil > bawah[sel]:
                    bawah[sel], berubah = kecil, True
                if besar < atas[sel]:
                    atas[sel], berubah = besar, True
        if not berubah:
            return {s: bawah[s] for s in tutup if bawah[s] == atas[s]}


def serang(benih: int) -> tuple[int, list[tuple[Sel, int]]]:
    """(hidden small cells, those that were recovered)."""
    nilai, tutup, rumus = halaman(random.Random(benih))
    assert all(
        nilai[s] or boleh_nol(s, tutup) for s in tutup
    )  # or the attacker knows less than he is given here
    semua = list(persamaan(nilai, tutup, rumus))
    dapat = {k: int(v) for k, v in dengan_eliminasi(semua).items()} | dengan_batas(semua, tutup)
    kecil = {s for s in tutup if 0 < nilai[s] < MINIMAL}
    return len(kecil), sorted((s, nilai[s]) for s in kecil if dapat.get(s) == nilai[s])


def banyak(mulai: int, n: int) -> tuple[int, list[tuple[int, Sel, int]]]:
    diserang, bocor = 0, []
    for benih in range(mulai, mulai + n):
        kecil, dapat = serang(benih)
        diserang += kecil
        bocor += [(benih, *d) for d in dapat]
    return diserang, bocor


def test_no_small_number_comes_out_of_two_hundred_published_kabupaten():
    diserang, bocor = banyak(0, 200)
    assert bocor == []
    assert diserang > 1000


def test_the_attack_finds_a_number_that_is_hidden_alone():
    nilai = {("p", b, "semua"): n for b, n in (("a", 3), ("b", 9), ("", 12))}
    semua = list(
        persamaan(
            nilai, {("p", "a", "semua")}, [(("p", "", "semua"), [("p", "a", "semua"), ("p", "b", "semua")])]
        )
    )
    assert dengan_eliminasi(semua) == {("p", "a", "semua"): 3}


@pytest.mark.fuzz
def test_ten_thousand_kabupaten():
    diserang, bocor = banyak(1_000, int(os.environ.get("DTKS_SERANGAN", "10000")))
    assert bocor == []
    print(f"\n{diserang} angka kecil yang disembunyikan diserang, {len(bocor)} terbuka")
