"""Charts as SVG made on the server: no script, no inline style; colours are classes of static/css/laporan.css.

Every chart has a title and a description for screen readers; the page puts the same numbers in a table behind it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

LEBAR = 360  # of the drawing, that of a phone: a wider page only scales it up
TINGKAT = 5  # classes of colour of a map


@dataclass(frozen=True)
class Titik:
    """One thing of a chart: its name, value (None: not known or hidden), the value in words, and where it leads."""

    nama: str
    nilai: float | None
    teks: str
    url: str = ""


def _svg(
    tinggi: float, judul: str, uraian: str, isi: SafeString, *, lebar: float = LEBAR, kelas: str = ""
) -> SafeString:
    return format_html(
        '<svg class="grafik {}" viewBox="0 0 {} {}" role="{}" aria-label="{}" xmlns="http://www.w3.org/2000/svg">'
        "<title>{}</title><desc>{}</desc>{}</svg>",
        kelas, _a(lebar), _a(tinggi), "group" if kelas else "img", judul, judul, uraian, isi,
    )  # fmt: skip


def _a(x: float) -> str:
    return f"{x:.1f}".removesuffix(".0")


def _ringkas(data: Sequence[Titik]) -> str:
    return "; ".join(f"{t.nama}: {t.teks}" for t in data[:40]) or "Tidak ada data."


def _potong(teks: str, n: int) -> str:
    return teks if len(teks) <= n else teks[: n - 1] + "…"


def batang(judul: str, data: Sequence[Titik]) -> SafeString:
    """Horizontal bars, name and value above each: long names of villages stay readable on a phone."""
    tinggi = 36
    skala = LEBAR / max([t.nilai or 0 for t in data] + [1])
    isi = format_html_join(
        "",
        '<text x="0" y="{}">{}</text><text class="kanan" x="{}" y="{}">{}</text><rect class="g1" x="0" y="{}" width="{}" height="12"/>',
        (
            (
                i * tinggi + 15,
                _potong(t.nama, 36),
                LEBAR,
                i * tinggi + 15,
                t.teks,
                i * tinggi + 20,
                _a(max(t.nilai or 0, 0) * skala),
            )
            for i, t in enumerate(data)
        ),
    )
    return _svg(max(len(data), 1) * tinggi + 4, judul, _ringkas(data), isi)


def tumpuk(judul: str, seri: Sequence[str], data: Sequence[tuple[str, Sequence[float]]]) -> SafeString:
    """Stacked horizontal bars: each line split into the parts named in `seri`."""
    tinggi, kolom = 36, 2
    kepala, sisi = 22 * -(-len(seri) // kolom) + 6, LEBAR // kolom
    skala = LEBAR / max([sum(nilai) for _, nilai in data] + [1])
    bagian: list[tuple[object, ...]] = []
    for i, (_, nilai) in enumerate(data):
        x = 0.0
        for s, n in enumerate(nilai):
            bagian.append((s + 1, _a(x), kepala + i * tinggi + 20, _a(n * skala)))
            x += n * skala
    isi = (
        format_html_join(
            "",
            '<rect class="g{}" x="{}" y="{}" width="12" height="12"/><text x="{}" y="{}">{}</text>',
            (
                (
                    s + 1,
                    s % kolom * sisi,
                    s // kolom * 22 + 3,
                    s % kolom * sisi + 18,
                    s // kolom * 22 + 14,
                    nama,
                )
                for s, nama in enumerate(seri)
            ),
        )
        + format_html_join(
            "",
            '<text x="0" y="{}">{}</text>',
            ((kepala + i * tinggi + 15, _potong(d[0], 40)) for i, d in enumerate(data)),
        )
        + format_html_join("", '<rect class="g{}" x="{}" y="{}" width="{}" height="12"/>', bagian)
    )
    uraian = "; ".join(
        f"{nama}: " + ", ".join(f"{s} {_a(n)}" for s, n in zip(seri, nilai, strict=True))
        for nama, nilai in data[:40]
    )
    return _svg(kepala + max(len(data), 1) * tinggi + 4, judul, uraian or "Tidak ada data.", isi)


def garis(judul: str, data: Sequence[Titik]) -> SafeString:
    """A line over time, oldest at the left."""
    tinggi, dasar, kiri = 190, 165, 4
    skala = 140 / max([t.nilai or 0 for t in data] + [1])
    langkah = (LEBAR - 2 * kiri) / max(len(data), 1)
    titik = [(kiri + (i + 0.5) * langkah, dasar - (t.nilai or 0) * skala, t) for i, t in enumerate(data)]
    isi = (
        format_html('<line class="sumbu" x1="{}" y1="{}" x2="{}" y2="{}"/>', kiri, dasar, LEBAR - kiri, dasar)
        + format_html(
            '<polyline class="garis" points="{}"/>', " ".join(f"{_a(x)},{_a(y)}" for x, y, _ in titik)
        )
        + format_html_join(
            "",
            '<circle class="g1" cx="{}" cy="{}" r="3.5"/><text class="tengah" x="{}" y="{}">{}</text>'
            '<text class="tengah" x="{}" y="{}">{}</text>',
            ((_a(x), _a(y), _a(x), _a(y - 9), t.teks, _a(x), dasar + 18, t.nama) for x, y, t in titik),
        )
    )
    return _svg(tinggi, judul, _ringkas(data), isi)


def kelas_warna(data: Sequence[Titik]) -> list[int]:
    """Class 1..TINGKAT of each value between the smallest and the largest; 0 when it is not known."""
    ada = [t.nilai for t in data if t.nilai is not None]
    if not ada:
        return [0] * len(data)
    bawah, rentang = min(ada), max(ada) - min(ada)
    return [
        0
        if t.nilai is None
        else 1 + min(int((t.nilai - bawah) / rentang * TINGKAT), TINGKAT - 1)
        if rentang
        else 3
        for t in data
    ]


def petak(judul: str, data: Sequence[Titik], kolom: int = 3) -> SafeString:
    """Tile map: one tile for each area in code order, coloured by value, leading to the area."""
    sisi, tinggi = LEBAR / kolom, 56
    isi = format_html_join(
        "",
        '<a href="{}"><rect class="p{}" x="{}" y="{}" width="{}" height="{}" rx="4"/>'
        '<text class="pt{}" x="{}" y="{}">{}</text><text class="pt{} tebal" x="{}" y="{}">{}</text></a>',
        (
            (
                t.url, k, _a(i % kolom * sisi + 2), i // kolom * tinggi + 2, _a(sisi - 4), tinggi - 4,
                k, _a(i % kolom * sisi + 9), i // kolom * tinggi + 22, _potong(t.nama.removeprefix("Kabupaten ").removeprefix("Kecamatan "), 15),
                k, _a(i % kolom * sisi + 9), i // kolom * tinggi + 41, t.teks,
            )
            for i, (t, k) in enumerate(zip(data, kelas_warna(data), strict=True))
        ),
    )  # fmt: skip
    return _svg(max(-(-len(data) // kolom), 1) * tinggi, judul, _ringkas(data), isi, kelas="tautan")


def peta(judul: str, data: Sequence[Titik], jalur: Sequence[str], kotak: tuple[float, float]) -> SafeString:
    """Choropleth: `jalur` is the SVG path of each thing of `data`, inside a box of this width and height."""
    isi = format_html_join(
        "",
        '<a href="{}"><path class="p{}" d="{}"><title>{}: {}</title></path></a>',
        ((t.url, k, d, t.nama, t.teks) for t, k, d in zip(data, kelas_warna(data), jalur, strict=True)),
    )
    return _svg(kotak[1], judul, _ringkas(data), isi, lebar=kotak[0], kelas="tautan")
