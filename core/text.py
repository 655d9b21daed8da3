"""Cleaning of names and free text typed by people: pure functions, no Django, no database.

Two rules drive this module (reliability.md §4B):

* a real name is never refused or rewritten: ``D'JAMALUDDIN``, ``O'Nang``, ``Ma’ruf``, ``Nur-Aini``, one
  letter, ``IT`` and ``NA70`` are people. What comes back is the typed text in NFC with outer and doubled
  spaces removed, nothing else;
* what cannot be a name (control characters, text direction overrides, stacked marks, emoji, invisible text)
  is refused with an Indonesian sentence that says what to do next. The typed value is never echoed in the
  sentence.

All errors are ``ValueError`` (``TextTooLarge`` is a subclass, so that an API can answer 413 instead of 400).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import NamedTuple

MAX_NAME_LENGTH = 100
MAX_TEXT_BYTES = 20_000
MAX_TEXT_LINES = 2_000
MAX_MARKS_PER_BASE = 4
MAX_AGE_YEARS = 125
EARLIEST_BIRTH_YEAR = 1900

BIDI_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
BIDI_MARKS = BIDI_OVERRIDES | frozenset("\u200e\u200f\u061c")
# Letters (category Lo), symbols and marks that draw nothing: a field full of them looks empty.
BLANK_LOOKING = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u034f")
EMOJI_JOINERS = frozenset("\ufe0e\ufe0f\u20e3")

# Cyrillic and Greek capitals that look like a Latin letter. Lower case is folded through upper().
HOMOGLYPHS = str.maketrans(
    "АВЕЅІЈКМНОРСТУХЗԀԌԚԜҮΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "ABESIJKMHOPCTYX3DGQWYABEZHIKMNOPTYX",
)


class Tanda(NamedTuple):
    """A soft flag: the value is accepted and stored, and an officer is asked to look (`tanda`, never a
    refusal)."""

    kode: str
    kalimat: str


class TextTooLarge(ValueError):
    """The text is above the size limit of the field; an API answers 413."""


def clean_name(raw: str, max_length: int = MAX_NAME_LENGTH) -> str:
    """Return the name in NFC, without outer or doubled spaces; otherwise byte-identical to what was typed.

    ``max_length`` counts characters after NFC. Raises ``ValueError`` with one Indonesian sentence.
    """
    text = _unicode_text(raw, "Nama")
    if len(text) > max_length * 4:  # also bounds the work below
        raise ValueError(_too_long("Nama", max_length))
    _refuse_marks(text, "Nama")
    nfc = unicodedata.normalize("NFC", text)
    for char in nfc:
        _refuse_name_char(char)
    name = re.sub(r"\s+", " ", nfc).strip()
    if not name:
        raise ValueError("Nama belum diisi. Tulis nama seperti di KTP-el atau Kartu Keluarga.")
    if not any(unicodedata.category(char)[0] in "LN" for char in name):
        raise ValueError("Nama belum memuat huruf. Tulis nama seperti di KTP-el atau Kartu Keluarga.")
    if len(name) > max_length:
        raise ValueError(_too_long("Nama", max_length))
    return name


def clean_text(raw: str, max_length: int | None = None, *, required: bool = True) -> str:
    """Return free text (complaint, note, address) in NFC with ``\\n`` line ends.

    Kept: line breaks, tabs, emoji, every script (Jawa, Bugis, Pegon). Removed: direction overrides and other
    control characters. Refused (``ValueError``): NUL, broken Unicode, stacked marks, empty-looking text when
    ``required``, more than ``max_length`` characters. Above 20,000 bytes of UTF-8 or 2,000 lines:
    ``TextTooLarge``.
    """
    text = _unicode_text(raw, "Tulisan")
    if len(text.encode("utf-8")) > MAX_TEXT_BYTES:
        raise TextTooLarge(
            "Tulisan terlalu panjang (lebih dari 20 kB). Ringkas isinya atau kirim sebagai lampiran."
        )
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if text.count("\n") >= MAX_TEXT_LINES:
        raise TextTooLarge(
            "Tulisan terlalu banyak barisnya (lebih dari 2.000). Ringkas isinya atau kirim sebagai lampiran."
        )
    _refuse_marks(text, "Tulisan")
    text = "".join(char for char in text if _is_text_char(char)).strip()
    if is_blank(text):
        if required:
            raise ValueError("Tulisan belum diisi. Tulis isinya dengan kata-kata.")
        return ""
    if max_length is not None and len(text) > max_length:
        raise ValueError(_too_long("Tulisan", max_length))
    return text


def is_blank(text: str) -> bool:
    """True when nothing of ``text`` would be seen on a screen (spaces, ZWSP, Hangul filler, lone marks)."""
    return not any(char not in BLANK_LOOKING and unicodedata.category(char)[0] in "LNPS" for char in text)


def fold_homoglyphs(text: str) -> str:
    """Upper-case ``text`` with Cyrillic and Greek look-alikes turned into Latin; used for search and
    comparison only."""
    return text.upper().translate(HOMOGLYPHS)


def soft_flags_name(nama: str) -> list[Tanda]:
    """Flags for an accepted name that deserves a second look. An empty list is the normal case."""
    flags = []
    letters = [char for char in nama if char.isalpha()]
    scripts = {_script(char) for char in letters}
    if scripts & {"CYRILLIC", "GREEK"} or len(scripts) > 1:
        flags.append(
            Tanda("HURUF_MIRIP", "Nama memuat huruf asing yang mirip huruf biasa. Ketik ulang namanya.")
        )
    if len(letters) == 1:
        flags.append(
            Tanda("SATU_HURUF", "Nama hanya satu huruf. Cocokkan dengan KTP-el atau Kartu Keluarga.")
        )
    if any(char.isdigit() for char in nama):
        flags.append(Tanda("ADA_ANGKA", "Nama memuat angka. Cocokkan dengan KTP-el atau Kartu Keluarga."))
    if len(letters) == 2 or (len(letters) > 2 and _lacks_vowel(letters)):
        flags.append(
            Tanda("TIDAK_LAZIM", "Nama tampak seperti singkatan. Cocokkan dengan KTP-el atau Kartu Keluarga.")
        )
    if re.search(r"(?i)([a-z])\1{3,}", nama) or _FILLER.search(nama):
        flags.append(Tanda("ISIAN_COBA", "Nama tampak seperti isian percobaan. Pastikan ini nama orangnya."))
    if nama[:1] in "=+-@" or re.search(r"[<>{}|\\;$%]", nama):
        flags.append(Tanda("SIMBOL", "Nama memuat tanda baca yang tidak lazim. Cocokkan dengan KTP-el."))
    return flags


def check_birth_date(d: date, today: date) -> list[str]:
    """Sentences for an impossible birth date; empty when fine. ``today`` is the caller's local
    (WIB/WITA/WIT) date."""
    if not isinstance(d, date) or isinstance(d, datetime):
        return ["Tanggal lahir harus tanggal saja, tanpa jam. Tulis tanggal, bulan, dan tahun."]
    if d > today:
        return ["Tanggal lahir belum terjadi. Periksa tahunnya di KTP-el atau Kartu Keluarga."]
    if d.year < EARLIEST_BIRTH_YEAR:
        return ["Tahun lahir sebelum 1900. Periksa tahunnya di KTP-el atau Kartu Keluarga."]
    age = today.year - d.year - ((today.month, today.day) < (d.month, d.day))
    if age > MAX_AGE_YEARS:
        return ["Umur lebih dari 125 tahun. Periksa tahun lahirnya di KTP-el atau Kartu Keluarga."]
    return []


_FILLER = re.compile(r"(?i)^(test|tes|coba|asdf|qwerty|xxx|nn|n/a|tidak ada|belum ada|tanpa nama)\b")


def _unicode_text(raw: object, label: str) -> str:
    """Refuse what PostgreSQL or JSON cannot store: non-text, NUL, lone surrogates.

    U+FFFD too: it stands where the browser's bytes were no UTF-8 (Django decodes with "replace").
    """
    if not isinstance(raw, str):
        raise ValueError(f"{label} harus berupa tulisan.")
    if "\x00" in raw:
        raise ValueError(f"{label} memuat karakter rusak. Hapus lalu ketik ulang.")
    if any("\ud800" <= char <= "\udfff" or char == "\ufffd" for char in raw):
        raise ValueError(f"{label} memuat karakter rusak. Hapus lalu ketik ulang.")
    return raw


def _refuse_marks(text: str, label: str) -> None:
    """Refuse 'zalgo': more than four marks on one base letter (counted decomposed, so ế counts two)."""
    run = 0
    for char in unicodedata.normalize("NFD", text):
        run = run + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if run > MAX_MARKS_PER_BASE:
            raise ValueError(f"{label} memuat tanda baca bertumpuk. Ketik ulang dengan huruf biasa.")


def _refuse_name_char(char: str) -> None:
    category = unicodedata.category(char)
    if category in ("Cc", "Zl", "Zp"):
        raise ValueError(
            "Nama memuat ganti baris atau karakter kendali. Ketik ulang namanya dalam satu baris."
        )
    if char in BIDI_MARKS:
        raise ValueError("Nama memuat karakter pembalik arah tulisan. Hapus lalu ketik ulang namanya.")
    if category == "Cf" or char in BLANK_LOOKING:
        raise ValueError("Nama memuat karakter yang tidak terlihat. Hapus lalu ketik ulang namanya.")
    if category in ("So", "Co", "Cn") or char in EMOJI_JOINERS or (category == "Sk" and char > "\U0001f000"):
        raise ValueError("Nama memuat emoji atau gambar. Hapus gambarnya dan tulis namanya saja.")


def _is_text_char(char: str) -> bool:
    if char in "\n\t":
        return True
    return char not in BIDI_OVERRIDES and unicodedata.category(char) != "Cc"


def _script(char: str) -> str:
    """First word of the Unicode name ('LATIN', 'CYRILLIC', ...): enough to tell scripts apart."""
    return unicodedata.name(char, "LATIN").split(" ", 1)[0].replace("MODIFIER", "LATIN")


def _lacks_vowel(letters: list[str]) -> bool:
    plain = unicodedata.normalize("NFD", "".join(letters)).upper()
    return all(_script(char) == "LATIN" for char in letters) and not re.search("[AEIOUY]", plain)


def _too_long(label: str, max_length: int) -> str:
    return f"{label} paling banyak {max_length} huruf. Singkat sesuai KTP-el atau dokumen lain."
