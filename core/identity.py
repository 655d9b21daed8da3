"""Rules for NIK, nomor KK and phone numbers: pure functions, no Django, no database.

The line between error and flag (domain.md §3.1, reliability.md §4A; where they differ the latter wins):
*structure* that cannot be a NIK is refused, *meaning* that looks odd is accepted with a flag (``tanda``),
because a wrong refusal starves someone. PP 40/2019 ps. 30(2): a NIK is never reissued, so a wrong birth
date, sex or an old region code stays for life.

Hence 31-02 inside a NIK is a flag (day 1-31, month 1-12 are right; the registry itself issued such numbers)
and serial 0000 is a flag, while day 32 or month 13 is an error. No number is ever "repaired" beyond removing
separators.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from core.text import Tanda

NIK_LENGTH = 16
WOMAN_DAY_OFFSET = 40
MAX_RAW_LENGTH = 64
LOWEST_PROVINCE = 11  # Aceh: no Kemendagri code is lower
DUMMIES = frozenset({"1234567890123456", "1234567812345678", "0123456789012345", "1111222233334444"})

_SEPARATORS = re.compile(r"[\s.\-‐‑‒–—−_\u00a0\u200b\u200c\u200d\u2060\ufeff]")
_SCIENTIFIC = re.compile(r"^\s*\d+(?:[.,]\d+)?[eE][+-]?\d+\s*$")
_FLOAT_TAIL = re.compile(r"^\s*\d{15,17}[.,]0+\s*$")
_ASCII_DIGITS = re.compile(r"^[0-9]+$")
_LONG_NUMBER = re.compile(
    r"(?<![0-9])(?:[0-9]{15,17}|[0-9]{4}(?:[ .-][0-9]{4}){3}|[0-9]{6}[ .-][0-9]{6}[ .-][0-9]{4}|[0-9]{2}(?:[ .-][0-9]{2}){7})(?![0-9])"
)
_SEX = {"l": "L", "laki-laki": "L", "laki laki": "L", "pria": "L", "p": "P", "perempuan": "P", "wanita": "P"}
_WHERE = "Cocokkan dengan KTP-el atau Kartu Keluarga."


@dataclass(frozen=True)
class NikCheck:
    """``nik``: 16 ASCII digits, or '' when refused. ``galat``: sentences (refuse). ``tanda``: flags (accept
    and look)."""

    nik: str
    galat: list[str] = field(default_factory=list)
    tanda: list[Tanda] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.galat


@dataclass(frozen=True)
class KkCheck:
    """As ``NikCheck`` for a nomor KK. A KK number changes when the card is reissued: never use it as a
    key."""

    kk: str
    galat: list[str] = field(default_factory=list)
    tanda: list[Tanda] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.galat


@dataclass(frozen=True)
class PhoneCheck:
    """``nomor``: canonical '+628…', or '' when refused."""

    nomor: str
    galat: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.galat


def normalise_digits(raw: str, label: str = "NIK") -> str:
    """ASCII digits of ``raw`` after NFKC (full-width digits) and without spaces, dots, dashes, NBSP,
    zero-width space.

    A leading apostrophe (Excel's "store as text") is dropped. Raises ``ValueError`` with an Indonesian
    sentence for anything else: numbers instead of text (a float has lost digits), letters, digits of other
    scripts, scientific notation. The result may have any length; '' when nothing was typed.
    """
    if not isinstance(raw, str):
        raise ValueError(
            f"{label} harus dikirim sebagai teks, bukan bilangan, supaya angkanya tidak berubah."
        )
    if len(raw) > MAX_RAW_LENGTH:
        raise ValueError(f"{label} terlalu panjang. Isi satu nomor saja. {_WHERE}")
    if raw.isascii() and raw.isdigit():
        return raw
    text = unicodedata.normalize("NFKC", raw)
    if _SCIENTIFIC.match(text) or _FLOAT_TAIL.match(text):
        raise ValueError(
            f"{label} rusak oleh Excel (menjadi bentuk bilangan seperti 3,17E+15). Angka aslinya hilang: "
            f"ubah kolomnya menjadi Teks lalu ketik ulang {label} dari Kartu Keluarga."
        )
    digits = _SEPARATORS.sub("", text.strip().lstrip("'’"))
    if not digits or _ASCII_DIGITS.match(digits):
        return digits
    if any(unicodedata.category(char) == "Nd" and not char.isascii() for char in digits):
        raise ValueError(f"{label} memakai angka dari aksara lain. Ketik ulang dengan angka 0 sampai 9.")
    if any(char.isalpha() for char in digits):
        raise ValueError(f"{label} memuat huruf. Isi angka saja. {_WHERE}")
    raise ValueError(f"{label} memuat tanda yang bukan angka. Isi angka saja. {_WHERE}")


def check_nik(
    raw: str,
    *,
    tanggal_lahir: date | None = None,
    jenis_kelamin: str | None = None,
    kk: str | None = None,
    kode_wilayah_dikenal: Callable[[str], bool] | None = None,
) -> NikCheck:
    """Check one typed NIK.

    ``jenis_kelamin``: 'L'/'P' (or the long words). ``kk``: the family's KK number as typed, for the NIK = KK
    flag. ``kode_wilayah_dikenal(ppkkcc)`` gets the six digits ('320501') and says whether the code is in the
    current list. Flag codes: TANGGAL_TIDAK_ADA, TANGGAL_BEDA, KELAMIN_BEDA, WILAYAH_TIDAK_DIKENAL, SERI_NOL,
    NIK_SAMA_KK.
    """
    try:
        nik = normalise_digits(raw, "NIK")
    except ValueError as error:
        return NikCheck("", [str(error)])
    galat = _length_errors(nik, "NIK") or _nik_date_errors(nik)
    if galat:
        return NikCheck("", galat)
    tanda = [
        *_date_flags(nik, tanggal_lahir),
        *_sex_flags(nik, jenis_kelamin),
        *_region_flags(nik, "NIK", kode_wilayah_dikenal),
    ]
    if nik.endswith("0000"):
        tanda.append(Tanda("SERI_NOL", f"Empat angka terakhir NIK adalah 0000. {_WHERE}"))
    if kk is not None and _same_number(nik, kk):
        tanda.append(Tanda("NIK_SAMA_KK", "NIK sama dengan nomor KK. Pastikan keduanya tidak tertukar."))
    return NikCheck(nik, [], tanda)


def check_kk(raw: str, *, kode_wilayah_dikenal: Callable[[str], bool] | None = None) -> KkCheck:
    """Check one typed nomor KK: region, date of issue, serial. Odd dates and regions are flags only."""
    try:
        kk = normalise_digits(raw, "Nomor KK")
    except ValueError as error:
        return KkCheck("", [str(error)])
    galat = _length_errors(kk, "Nomor KK")
    if galat:
        return KkCheck("", galat)
    tanda = _region_flags(kk, "nomor KK", kode_wilayah_dikenal)
    if not (1 <= int(kk[6:8]) <= 31 and 1 <= int(kk[8:10]) <= 12):
        tanda.append(
            Tanda("TANGGAL_KK_JANGGAL", "Angka tanggal di nomor KK janggal. Cocokkan dengan Kartu Keluarga.")
        )
    return KkCheck(kk, [], tanda)


def check_phone(raw: str) -> PhoneCheck:
    """Check a mobile number written 08…, 62… or +62…, 9-13 digits counted with the leading 0; gives
    '+628…'."""
    label = "Nomor HP"
    if isinstance(raw, str):
        raw = re.sub(r"^\s*[(]?\s*[+＋]", "", raw[: MAX_RAW_LENGTH + 1]).replace("(", "").replace(")", "")
    try:
        digits = normalise_digits(raw, label)
    except ValueError as error:
        return PhoneCheck("", [str(error).replace(f" {_WHERE}", "")])
    if not digits:
        return PhoneCheck("", ["Nomor HP belum diisi. Contoh: 0812 3456 7890."])
    national = re.sub(r"^(?:620?|0)", "", digits)
    if national == digits or not national.startswith("8"):
        return PhoneCheck("", ["Nomor HP harus diawali 08 atau +62 8. Contoh: 0812 3456 7890."])
    if not 9 <= len(national) + 1 <= 13:
        return PhoneCheck(
            "",
            [f"Nomor HP harus 9 sampai 13 angka; yang diketik {len(national) + 1} angka. Periksa lagi."],
        )
    if len(set(national[1:])) == 1:
        return PhoneCheck("", ["Nomor HP ini bukan nomor sungguhan. Tulis nomor yang bisa dihubungi."])
    return PhoneCheck(f"+62{national}")


def mask_nik(nik: str) -> str:
    """'3205••••••••0001' for a NIK or KK; anything that is not 16 digits is masked whole."""
    if len(nik) == NIK_LENGTH and _ASCII_DIGITS.match(nik):
        return f"{nik[:4]}{'•' * 8}{nik[-4:]}"
    return "•" * len(nik)


def mask_numbers(text: str) -> str:
    """Free text with every number that is as long as a NIK or KK masked, however it is grouped (docs/adr/0042).

    15 and 17 digits in a row too: a NIK with a digit too few or too many still tells whose it is.
    """
    return _LONG_NUMBER.sub(lambda m: mask_nik(re.sub(r"[ .-]", "", m[0])), text)


def mask_name(nama: str) -> str:
    """'SIT* A*****' for 'Siti Aminah': three letters of the first word, one of the others, never a whole
    word."""
    words = nama.upper().split()
    return " ".join(_mask_word(word, 3 if index == 0 else 1) for index, word in enumerate(words))


def birth_from_nik(nik: str, *, today: date | None = None) -> date | None:
    """Birth date written in a valid NIK, or None when the digits form no real date (31-02).

    Two-digit years above the current one are 19YY; a person aged 100 or more therefore reads 100 years too
    young: compare day, month and two-digit year (as ``check_nik`` does), never the century.
    """
    day, month, year = _date_digits(nik)
    century = 1900 if year > (today or date.today()).year % 100 else 2000
    try:
        born = date(century + year, month, day)
    except ValueError:
        return None
    # A date later this very year is a person of the last century, not an unborn one.
    return born.replace(year=born.year - 100) if born > (today or date.today()) else born


def sex_from_nik(nik: str) -> str:
    """'P' when the day digits carry +40, else 'L'."""
    return "P" if int(nik[6:8]) > WOMAN_DAY_OFFSET else "L"


def normalise_sex(raw: str | None) -> str | None:
    """'L', 'P' or None for any spelling used by forms, templates and Dukcapil ('Laki-Laki', 'PEREMPUAN')."""
    return _SEX.get(raw.strip().lower()) if isinstance(raw, str) else None


def _length_errors(digits: str, label: str) -> list[str]:
    if not digits:
        return [f"{label} belum diisi. Isi 16 angka dari KTP-el atau Kartu Keluarga."]
    if len(digits) != NIK_LENGTH:
        return [f"{label} harus 16 angka; yang diketik {len(digits)} angka. {_WHERE}"]
    if len(set(digits)) == 1 or digits in DUMMIES:
        return [f"{label} ini bukan nomor sungguhan. Isi nomor dari KTP-el atau Kartu Keluarga."]
    return []


def _nik_date_errors(nik: str) -> list[str]:
    day, month = int(nik[6:8]), int(nik[8:10])
    errors = []
    if not (1 <= day <= 31 or 41 <= day <= 71):
        errors.append(
            f"Angka ke-7 dan ke-8 NIK (tanggal lahir) harus 01-31, atau 41-71 untuk perempuan. {_WHERE}"
        )
    if not 1 <= month <= 12:
        errors.append(f"Angka ke-9 dan ke-10 NIK (bulan lahir) harus 01-12. {_WHERE}")
    return errors


def _date_digits(nik: str) -> tuple[int, int, int]:
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    return (day - WOMAN_DAY_OFFSET if day > WOMAN_DAY_OFFSET else day), month, year


def _date_flags(nik: str, tanggal_lahir: date | None) -> list[Tanda]:
    day, month, year = _date_digits(nik)
    flags = []
    try:
        date(
            2000 + year, month, day
        )  # 19YY and 20YY have the same leap years but 1900, which no living person needs
    except ValueError:
        flags.append(
            Tanda("TANGGAL_TIDAK_ADA", f"Tanggal lahir di dalam NIK tidak ada di kalender. {_WHERE}")
        )
    if tanggal_lahir is not None and (tanggal_lahir.day, tanggal_lahir.month, tanggal_lahir.year % 100) != (
        day,
        month,
        year,
    ):
        flags.append(Tanda("TANGGAL_BEDA", f"Tanggal lahir berbeda dengan angka di dalam NIK. {_WHERE}"))
    return flags


def _sex_flags(nik: str, jenis_kelamin: str | None) -> list[Tanda]:
    sex = normalise_sex(jenis_kelamin)
    if sex is None or sex == sex_from_nik(nik):
        return []
    return [Tanda("KELAMIN_BEDA", f"Jenis kelamin berbeda dengan angka di dalam NIK. {_WHERE}")]


def _region_flags(number: str, label: str, known: Callable[[str], bool] | None) -> list[Tanda]:
    if int(number[:2]) >= LOWEST_PROVINCE and (known is None or known(number[:6])):
        return []
    sentence = f"Kode wilayah di awal {label} tidak ada di daftar sekarang (mungkin kode lama). {_WHERE}"
    return [Tanda("WILAYAH_TIDAK_DIKENAL", sentence)]


def _same_number(nik: str, kk: str) -> bool:
    try:
        return normalise_digits(kk, "Nomor KK") == nik
    except ValueError:
        return False


def _mask_word(word: str, shown: int) -> str:
    shown = min(shown, len(word) - 1)
    return word[:shown] + "*" * (len(word) - shown)
