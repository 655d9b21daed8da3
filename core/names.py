"""Comparing Indonesian names: pure functions over ``rapidfuzz``.

A name is normalised only to be compared; what people typed is stored as it is (see
``core.text.clean_name``). Handled (domain.md §3.3): case, accents and look-alike letters, titles (H., HJ.,
DRS., IR., S.E.), the spellings of Muhammad and Ahmad, old spelling (Soeharto, Tjipto), ``ALIAS`` and ``/``
as alternatives, ``BIN``/``BINTI`` with the father's name, and the 60-character cut of the population
register.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from rapidfuzz import fuzz

from core.text import fold_homoglyphs


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


REGISTER_LENGTH = 60  # the register cuts NAMA_LGKP here
SAME_SOUND_SCORE = 90.0
SAME_SOUND_NEEDS = 80.0  # equal sound lifts a score only when the letters are already close

LEADING_TITLES = _words(
    "H HJ HAJI HAJJAH KH KHJ DRS DRA DR DRG IR PROF UST USTADZ USTADZAH TN NY SDR SDRI BPK IBU ALM ALMH"
)
TRAILING_TITLES = _words(
    "SE SH SHI SPD SPDI SAG SSOS SKOM ST SIP SKM SKEP NERS NS SP SPT SSI SS SPSI SFARM APT SHUT SST STR "
    "STRKEB SGZ MM MSI MPD MPDI MH MT MKES MAP MA MAG MSC MSOS MKOM MBA LC BA BSC PHD AMD AMDKEB AMDKEP "
    "AMAPD DRS DRA IR DR H HJ"
)
MUHAMMAD = _words(
    "MOH MUH MOCH MUCH MOHD MUHD MHD MHMD MOHAMAD MOHAMMAD MOHAMED MOHAMMED MUHAMAD MUHAMMAD MUHAMED "
    "MUHAMMED MUHAMMAT MUHAMAT MOHAMAT MOCHAMAD MOCHAMMAD MOCHAMAT MUCHAMAD MUCHAMMAD MOKHAMAD MOKHAMMAD "
    "MUKHAMAD MUKHAMMAD"
)
AHMAD = _words("AHMAD ACHMAD AKHMAD AHMAT ACHMAT AKHMAT AHMED ACH AKH")
PATRONYM = _words("BIN BINTI BINT BT BTE BTI BN")
OLD_SPELLING = (("OE", "U"), ("TJ", "C"), ("DJ", "J"), ("SJ", "SY"))
# Sounds that Sundanese and Javanese speakers and typists exchange; applied in this order.
SOUNDS = (
    ("KH", "H"), ("CH", "H"), ("SY", "S"), ("SH", "S"), ("DZ", "J"), ("DH", "D"), ("TH", "T"), ("PH", "P"),
    ("GH", "G"), ("F", "P"), ("V", "P"), ("Z", "J"), ("X", "KS"), ("Q", "K"), ("AE", "E"), ("AI", "E"),
    ("AY", "E"), ("Y", "I"), ("O", "U"),
)  # fmt: skip

_ALTERNATIVE = re.compile(r"\s*/\s*|\s+(?:ALIAS|ALS\.?|A\.K\.A\.?)\s+|\s*[()]\s*")
_SIMPLE = re.compile(
    r"[A-Za-z]+(?: (?!(?:ALIAS|ALS) )[A-Za-z]+)*", re.I | re.A
).fullmatch  # words and nothing else
_DOUBLED = re.compile(r"(.)\1+")
_QUOTES = re.compile(r"['’‘`´ʼʻ\"“”]")


class _Variant(NamedTuple):
    """One way to write a person's name: own name and, after BIN/BINTI, the father's (may be '')."""

    own: str
    father: str

    @property
    def full(self) -> str:
        return f"{self.own} {self.father}".strip()


def normalise_name(nama: str) -> str:
    """The first alternative in canonical upper case without titles; '' for a name without letters or
    digits."""
    variants = [_variant(nama.upper())] if _SIMPLE(nama) else _variants(nama)
    return variants[0].full[:REGISTER_LENGTH].rstrip() if variants else ""


def alternatives(nama: str) -> list[str]:
    """All normalised forms to search for: each side of ALIAS or '/', with and without the father's name."""
    return list(dict.fromkeys(form for variant in _variants(nama) for form in (variant.full, variant.own)))


def similarity(a: str, b: str) -> float:
    """0..100: the best score over all alternatives. A father's name counts when both sides give one."""
    a, b = _same_cut(a, b)
    scores = [_pair_score(one, other) for one in _variants(a) for other in _variants(b)]
    return round(max(scores, default=0.0), 1)


def name_key(nama: str) -> str:
    """Sound of the name as one word, for blocking and equality ('ACHMAD FAUZI' and 'Ahmad Pauji' share
    it)."""
    return sound(normalise_name(nama))


def _variants(nama: str) -> list[_Variant]:
    found: list[_Variant] = []
    for part in _ALTERNATIVE.split(_plain(nama)):
        variant = _variant(part)
        if variant.own and variant not in found:
            found.append(variant)
    return found


def _plain(nama: str) -> str:
    """Upper case, look-alikes folded, accents and quotes removed."""
    if nama.isascii():
        return _QUOTES.sub("", nama.upper())
    decomposed = unicodedata.normalize("NFKD", fold_homoglyphs(unicodedata.normalize("NFKC", nama)))
    return _QUOTES.sub("", "".join(char for char in decomposed if not unicodedata.combining(char)))


def _variant(part: str) -> _Variant:
    words = _strip_titles(part)
    words = [_canonical(word, index, len(words)) for index, word in enumerate(words)]
    for index in range(1, len(words) - 1):
        if words[index] in PATRONYM:
            return _Variant(" ".join(words[:index]), " ".join(words[index + 1 :]))
    return _Variant(" ".join(words), "")


def _strip_titles(part: str) -> list[str]:
    """Words of the name proper. A title is only dropped when a name remains ('HAJI' alone is a name)."""
    if _SIMPLE(part):
        chunks = part.split(" ")
        while len(chunks) > 1 and chunks[0] in LEADING_TITLES:
            chunks.pop(0)
        return chunks
    head, *tail = part.split(",")
    kept = [head, *(piece for piece in tail if not _only_titles(piece))]
    chunks = " ".join(kept).split()
    while len(chunks) > 1 and "." in chunks[-1] and _letters(chunks[-1]) in TRAILING_TITLES:
        chunks.pop()
    chunks = [word for chunk in chunks for word in _split_chunk(chunk)]
    while len(chunks) > 1 and chunks[0] in LEADING_TITLES:
        chunks.pop(0)
    return chunks


def _split_chunk(chunk: str) -> list[str]:
    """'M.YUSUF' is two words, 'K.H.' one title, 'NUR-AINI' two words."""
    if _letters(chunk) in LEADING_TITLES:
        return [_letters(chunk)]
    return re.findall(r"[^\W_]+", chunk)


def _only_titles(piece: str) -> bool:
    words = piece.split()
    return all(_letters(word) in TRAILING_TITLES for word in words)


def _letters(chunk: str) -> str:
    return re.sub(r"[^A-Z]", "", chunk)


def _canonical(word: str, index: int, count: int) -> str:
    more_follows = index < count - 1
    if word in MUHAMMAD or (word == "M" and index == 0 and more_follows):
        return "MUHAMMAD"
    if word in AHMAD:
        return "AHMAD"
    if word == "ABD" and more_follows:
        return "ABDUL"
    if word == "ST" and index == 0 and more_follows:
        return "SITI"
    for old, new in OLD_SPELLING:
        word = word.replace(old, new)
    return word


def _same_cut(a: str, b: str) -> tuple[str, str]:
    """When one side is exactly at the register's limit, cut the longer side there too."""
    a, b = a.strip(), b.strip()
    if len(a) == REGISTER_LENGTH:
        b = b[:REGISTER_LENGTH]
    elif len(b) == REGISTER_LENGTH:
        a = a[:REGISTER_LENGTH]
    return a, b


def _pair_score(one: _Variant, other: _Variant) -> float:
    if bool(one.father) == bool(other.father):
        return _score(one.full, other.full)
    return max(_score(one.own, other.own), _score(one.full, other.full))


def _score(a: str, b: str) -> float:
    """Letters in order, words in any order, and without spaces (NURAINI = NUR AINI); same sound lifts to
    90."""
    score = max(
        fuzz.ratio(a, b), fuzz.token_sort_ratio(a, b), fuzz.ratio(a.replace(" ", ""), b.replace(" ", ""))
    )
    if SAME_SOUND_NEEDS <= score < SAME_SOUND_SCORE and sound(a) == sound(b):
        return SAME_SOUND_SCORE
    return score


def sound(normalised: str) -> str:
    """The key of a name that is normalised already: `name_key(x) == sound(normalise_name(x))`."""
    key = normalised.replace(" ", "")
    for written, spoken in SOUNDS:
        key = key.replace(written, spoken)
    key = _DOUBLED.sub(r"\1", key)
    if key[-1:] == "H" and len(key) > 1:
        key = key[:-1]
    return f"{key[:-1]}T" if key[-1:] == "D" else key
