"""How hard a text is to read, for Indonesian: words in a sentence, syllables in a word, long words, abbreviations.

The grade is Flesch-Kincaid with the syllables of a word times 0.6, the correction that is customary when Fry's graph is
used for Indonesian (words have more syllables here than in English for the same difficulty). SMP is 7 to 9.
"""

import ast
import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path

AKAR = Path(__file__).resolve().parents[2]
TEMPLAT = AKAR / "templates"
_KOMENTAR = re.compile(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}|<(script|style|svg)\b.*?</\1>", re.S)
_ISIAN = re.compile(r"\{\{.*?\}\}", re.S)
_TAG = re.compile(r"\{%.*?%\}", re.S)
_BATAS = re.compile(r"</?(p|li|h[1-6]|dt|dd|td|th|label|legend|summary|button|caption|div|ul|ol|form|option|figcaption|title|br|hr|main|section|aside|strong class[^>]*)\b[^>]*>", re.I)  # fmt: skip
_AKHIR = re.compile(r"(?<=[.!?])(?=\s|$)|[:;](?=\s|$)|\n")
_KATA = re.compile(r"[A-Za-zÀ-ÿ]+(?:[-’'][A-Za-zÀ-ÿ]+)*")
_VOKAL = re.compile(r"[aeiouAEIOU]")
_DIFTONG = re.compile(r"(ai|au|oi)\b", re.I)
SINGKATAN = re.compile(r"\b[A-Z]{2,7}\b")


@dataclass(frozen=True)
class Ukuran:
    nama: str
    kalimat: int
    kata: int
    kelas: float
    rata: float
    panjang: float  # percent of words of five syllables and more
    terpanjang: str

    def __str__(self) -> str:
        return (
            f"{self.kelas:5.1f} {self.rata:5.1f} {self.panjang:5.1f}% {len(_KATA.findall(self.terpanjang)):4d} "
            f"{self.kata:5d} {self.kalimat:4d}  {self.nama}"
        )


KEPALA = "kelas kata/  kata≥5  ter-  kata  kali-\n      kal.  suku   panj.       mat"


def suku(kata: str) -> int:
    return max(len(_VOKAL.findall(kata)) - len(_DIFTONG.findall(kata)), 1)


def kalimat(teks: str) -> list[str]:
    """Sentences; what lies between two tags of a block is one at least. Parts with a colon or semicolon count by themselves."""
    satu = (" ".join(s.split()) for s in _AKHIR.split(teks))
    return [s for s in satu if _KATA.search(s)]


def ukur(nama: str, teks: str) -> Ukuran:
    """`teks`: plain text, one block per line."""
    # A heading or a button of two words is no sentence: it would make every page look easy.
    daftar = [s for s in kalimat(teks) if len(_KATA.findall(s)) >= 4] or kalimat(teks)
    kata = [k for s in daftar for k in _KATA.findall(s)]
    rata = len(kata) / max(len(daftar), 1)
    per_kata = sum(map(suku, kata)) / max(len(kata), 1)
    return Ukuran(
        nama, len(daftar), len(kata), round(0.39 * rata + 11.8 * 0.6 * per_kata - 15.59, 1), round(rata, 1),
        round(100 * sum(suku(k) >= 5 for k in kata) / max(len(kata), 1), 1), max(daftar, key=lambda s: len(_KATA.findall(s)), default=""),
    )  # fmt: skip


# --- where citizens' words stand -------------------------------------------------------------------------


def dari_templat(sumber: str) -> str:
    """The words of a template, all branches, one block per line; a value is one word."""
    teks = _ISIAN.sub(" isian ", _KOMENTAR.sub(" ", sumber))
    teks = _TAG.sub(_kata_tag, teks)
    teks = re.sub(r"<[^>]+>", " ", _BATAS.sub("\n", " ".join(teks.split())))
    return unescape(teks)


def _kata_tag(m: re.Match[str]) -> str:
    """Sentences that a tag is given ({% kosong "…" "…" %}) are read too."""
    nama = m[0][2:-2].split()[0]
    if nama in ("kosong", "panel_selesai"):
        return "\n" + "\n".join(re.findall(r'"([^"]*)"', m[0])) + "\n"
    return "\n" if nama in ("if", "else", "elif", "endif", "block", "endblock") else " "


UNTUK_PEMROGRAM = {"portal/api.html"}


def templat_publik() -> dict[str, str]:
    """Name -> source of every template of a citizen's page: what extends base_publik.html (or a base that the view names),
    and what those include."""
    sumber = {
        p.relative_to(TEMPLAT).as_posix(): p.read_text(encoding="utf-8")
        for p in sorted(TEMPLAT.rglob("*.html"))
    }
    publik = {"base_publik.html", "pengaduan/rahasia_dasar.html"}
    while True:
        baru = {
            n for n, s in sumber.items() if (m := re.search(r'\{% extends "([^"]+)"', s)) and m[1] in publik
        }
        baru |= {i for n in publik for i in re.findall(r'\{% include "([^"]+)"', sumber[n])}
        if baru <= publik:
            return {n: sumber[n] for n in sorted(publik - UNTUK_PEMROGRAM)}
        publik |= baru


def kalimat_program(berkas: Path) -> str:
    """Sentences among the string constants of a module: its messages, labels and help texts."""
    pohon = ast.parse(berkas.read_text(encoding="utf-8"))
    penjelasan = {
        id(n.body[0].value)
        for n in ast.walk(pohon)
        if isinstance(n, ast.Module | ast.ClassDef | ast.FunctionDef)
        and n.body
        and isinstance(n.body[0], ast.Expr)
    }
    isi = []
    for n in ast.walk(pohon):
        if isinstance(n, ast.JoinedStr):
            potong = [str(v.value) if isinstance(v, ast.Constant) else " isian " for v in n.values]
            penjelasan |= {id(v) for v in n.values}
            isi.append("".join(potong))
        elif isinstance(n, ast.Constant) and isinstance(n.value, str) and id(n) not in penjelasan:
            isi.append(n.value)
    return "\n".join(
        s for s in isi if re.search(r"[a-z] [a-z].*[.?!]$", s.strip()) and "%s" not in s and "<" not in s
    )
