"""The questions of /bantuan/: one small text file each in portal/data/bantuan, read once, drawn as safe HTML.

A file starts with lines `name: value` (judul, topik, urut, kata = further words to find it by) up to an empty line. Then
paragraphs, `## heading`, `1. step`, `- point`, `> notice`; inside a line **strong**, [words](/address/) and
`{rule}` or `{rule:key}`: the number that the rule (Ketentuan) says today. A link to a page that this portal does not
have stays plain words.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from core import rules
from portal.alamat import ada

FOLDER = Path(__file__).resolve().parent.parent / "data" / "bantuan"
ISTILAH = FOLDER.parent / "istilah_warga.txt"
TOPIK = (
    "Cek dan usul",
    "Hasil dan alasan",
    "Uang dan kartu",
    "Sanggah dan aduan",
    "Data dan rahasia",
    "Keadaan mendesak",
)
_KETENTUAN = re.compile(r"\{([a-z_.]+)(?::([a-z_]+))?\}")
_SEBARIS = re.compile(r"\*\*(.+?)\*\*|\[([^\]]+)\]\(([^)\s]+)\)")
_KATA = re.compile(r"\w+")
# Words of a question that say nothing about its subject.
_UMUM = frozenset((
    "ada", "agar", "akan", "aku", "anda", "apa", "apakah", "atau", "bagaimana", "bagi", "bila", "bisa", "boleh", "buat", "cara", "dan", "dapat",
    "dari", "di", "dengan", "harus", "ini", "itu", "juga", "kalau", "kami", "kapan", "ke", "kenapa", "kita", "lagi", "mana", "mau", "mengapa",
    "mohon", "pada", "saja", "saya", "sudah", "supaya", "tahu", "tapi", "tentang", "tidak", "tolong", "untuk", "ya", "yang", "gimana", "gmn",
    "nggak", "gak", "kok",
))  # fmt: skip
_AWALAN = re.compile(r"^(me(ng|ny|n|m)?|pe(ng|ny|n|m)?|di|ter|ber|ke|se)(?=\w{4})")
_AKHIRAN = re.compile(r"(?<=\w{4})(kan|an|i|nya|ku|mu|lah|kah)$")


@dataclass(frozen=True)
class Tanya:
    """One question and its answer as written."""

    kode: str
    judul: str
    topik: str
    urut: int
    kata: str
    isi: str

    @property
    def polos(self) -> str:
        """The answer without marks."""
        teks = _SEBARIS.sub(lambda m: m[1] or m[2], self.isi)
        return re.sub(r"^(## |> |- |\d+\. )", "", teks, flags=re.M)


@cache
def semua() -> tuple[Tanya, ...]:
    """All questions by topic, in the order of their files' numbers."""
    daftar = [_baca(berkas) for berkas in FOLDER.glob("*.md")]
    return tuple(sorted(daftar, key=lambda t: (TOPIK.index(t.topik), t.urut, t.kode)))


def satu(kode: str) -> Tanya | None:
    return next((t for t in semua() if t.kode == kode), None)


def _baca(berkas: Path) -> Tanya:
    kepala, isi = berkas.read_text(encoding="utf-8").split("\n\n", 1)
    nilai = dict(baris.split(": ", 1) for baris in kepala.splitlines())
    return Tanya(
        berkas.stem, nilai["judul"], nilai["topik"], int(nilai["urut"]), nilai.get("kata", ""), isi.strip()
    )


@cache
def istilah() -> tuple[tuple[str, str], ...]:
    """Hard words and what they mean, by the alphabet: lines `word: meaning`."""
    baris = ISTILAH.read_text(encoding="utf-8").splitlines()
    return tuple(sorted((tuple(b.split(": ", 1)) for b in baris), key=lambda b: b[0].lower()))  # type: ignore[misc]


def per_topik(daftar: Iterable[Tanya]) -> list[tuple[str, list[Tanya]]]:
    hasil = {topik: [t for t in daftar if t.topik == topik] for topik in TOPIK}
    return [(topik, isi) for topik, isi in hasil.items() if isi]


# --- searching ----------------------------------------------------------------------------------------


def _akar(kata: str) -> str:
    """A word without its usual prefix and suffix: 'dipotong', 'memotong' and 'potongan' meet."""
    inti = _AKHIRAN.sub("", _AWALAN.sub("", kata))
    return inti


def _akar_semua(teks: str) -> list[str]:
    return [_akar(k) for k in _KATA.findall(teks.lower()) if k not in _UMUM]


@cache
def _indeks() -> tuple[tuple[Tanya, frozenset[str], frozenset[str], frozenset[str]], ...]:
    return tuple(
        (t, frozenset(_akar_semua(t.judul)), frozenset(_akar_semua(t.kata)), frozenset(_akar_semua(t.polos)))
        for t in semua()
    )


def cari(kata: str) -> list[Tanya]:
    """Questions for these words, the best first: a word of the title weighs most, then the search words, then the answer."""
    diminta = list(dict.fromkeys(_akar_semua(kata)))[:12]
    hasil = []
    for urut, (t, judul, dicari, isi) in enumerate(_indeks()):
        nilai = [max((_cocok(k, judul) * 5, _cocok(k, dicari) * 4, _cocok(k, isi))) for k in diminta]
        if any(nilai):
            hasil.append((-sum(n > 0 for n in nilai), -sum(nilai), urut, t))
    return [t for *_, t in sorted(hasil)]


def _cocok(kata: str, himpunan: frozenset[str]) -> int:
    if kata in himpunan:
        return 2
    return int(
        len(kata) > 3 and any(h.startswith(kata) or (len(h) > 3 and kata.startswith(h)) for h in himpunan)
    )


# --- drawing ------------------------------------------------------------------------------------------


def html(tanya: Tanya, tingkat: int = 2) -> SafeString:
    """The answer as HTML; headings of the text get level `tingkat`."""
    return format_html_join(
        "\n", "{}", ((_blok(b, tingkat),) for b in re.split(r"\n\s*\n", _isi_ketentuan(tanya.isi)))
    )


def _blok(teks: str, tingkat: int) -> SafeString:
    baris = teks.strip().splitlines()
    if baris[0].startswith("## "):
        return format_html("<h{}>{}</h{}>", tingkat, baris[0][3:], tingkat)
    if baris[0].startswith("> "):
        kata = " ".join(b.removeprefix("> ") for b in baris)
        return format_html('<div class="notis notis-tunggu"><p>{}</p></div>', _sebaris(kata))
    if baris[0].startswith("- "):
        return format_html("<ul>{}</ul>", _butir(b[2:] for b in baris))
    if re.match(r"1\. ", baris[0]):
        return format_html("<ol>{}</ol>", _butir(b.split(". ", 1)[1] for b in baris))
    return format_html("<p>{}</p>", _sebaris(" ".join(baris)))


def _butir(isi: Iterable[str]) -> SafeString:
    return format_html_join("", "<li>{}</li>", ((_sebaris(b),) for b in isi))


def _sebaris(teks: str) -> SafeString:
    hasil, akhir = "", 0
    for m in _SEBARIS.finditer(teks):
        hasil += escape(teks[akhir : m.start()])
        if m[1]:
            hasil += format_html("<strong>{}</strong>", m[1])
        elif m[3].startswith("tel:") or ada(m[3]):
            hasil += format_html('<a href="{}">{}</a>', m[3], m[2])
        else:
            hasil += escape(m[2])
        akhir = m.end()
    return mark_safe(hasil + escape(teks[akhir:]))  # noqa: S308 - every piece was escaped above


def ketentuan(teks: str) -> list[tuple[str, str]]:
    """(rule, key) of every number that the text takes from the rules."""
    return [(kunci, bagian or "") for kunci, bagian in _KETENTUAN.findall(teks)]


def _isi_ketentuan(teks: str) -> str:
    return _KETENTUAN.sub(lambda m: angka(m[1], m[2] or ""), teks)


def angka(kunci: str, bagian: str = "") -> str:
    """Today's number of a rule in the words of a sentence; 'beberapa' where nobody has set one."""
    try:
        nilai = rules.value(kunci)
    except rules.RuleMissing:
        return "beberapa"
    if bagian:
        nilai = nilai.get(bagian) if isinstance(nilai, dict) else None
    return str(nilai) if isinstance(nilai, int | str) else "beberapa"
