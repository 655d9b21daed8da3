"""The two pure halves of a NIK check: ``answer`` (what the service says) and ``parse`` (what we make of it).

``answer`` is the service side, used by the simulator and, in-process, by the demo. ``parse`` is ours, used
by the HTTP client and by the file exchange with Disdukcapil. Shape of the messages: domain.md §3.4.

The one rule of ``parse``: a verdict needs a complete, understood answer about the NIK that was asked.
Everything else is ``GAGAL_LAYANAN`` with a reason (``sebab``) and must leave the state of the check
untouched (domain.md §3.2).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from core.identity import check_nik, normalise_sex
from core.integrations.dukcapil.population import Population, Record
from core.names import similarity

ACCEPT = 90.0
REVIEW = 60.0
MAX_MESSAGE = 200
SERVICE_VERSION = "dukcapil-verifikasi/1"


class Kategori(StrEnum):
    PADAN = "PADAN"
    PADAN_SEBAGIAN = "PADAN_SEBAGIAN"
    TIDAK_PADAN_NAMA = "TIDAK_PADAN_NAMA"
    TIDAK_DITEMUKAN = "TIDAK_DITEMUKAN"
    FORMAT_SALAH = "FORMAT_SALAH"
    MENINGGAL = "MENINGGAL"
    GANDA = "GANDA"
    NONAKTIF = "NONAKTIF"
    PINDAH = "PINDAH"
    GAGAL_LAYANAN = "GAGAL_LAYANAN"
    # Given by the portal, never by the service:
    BELUM_REKAM = "BELUM_REKAM"
    TANPA_DOKUMEN = "TANPA_DOKUMEN"


@dataclass(frozen=True)
class Ambang:
    """Name score in percent: at ``terima`` or above accepted, from ``tinjau`` reviewed by a person, below
    refused."""

    terima: float = ACCEPT
    tinjau: float = REVIEW

    def __post_init__(self) -> None:
        if not 0 <= self.tinjau <= self.terima <= 100:
            raise ValueError("0 <= tinjau <= terima <= 100")


@dataclass(frozen=True)
class PersonQuery:
    """The person as the portal knows them; empty fields are not sent. The repr shows nothing (logs,
    tracebacks)."""

    nik: str = field(repr=False)
    nama: str = field(repr=False)
    tanggal_lahir: date | None = field(default=None, repr=False)
    jenis_kelamin: str = field(default="", repr=False)
    tempat_lahir: str = field(default="", repr=False)
    alamat: str = field(default="", repr=False)
    desa: str = field(default="", repr=False)
    kecamatan: str = field(default="", repr=False)
    kabupaten: str = field(default="", repr=False)
    provinsi: str = field(default="", repr=False)

    def fields(self) -> dict[str, str]:
        """The request fields in the spelling of the service, only those that are filled in."""
        sex = {"L": "Laki-Laki", "P": "Perempuan"}.get(normalise_sex(self.jenis_kelamin) or "", "")
        sent = {
            "NIK": self.nik,
            "NAMA_LGKP": self.nama,
            "TGL_LHR": f"{self.tanggal_lahir:%d-%m-%Y}" if self.tanggal_lahir else "",
            "JENIS_KLMIN": sex,
            "TMPT_LHR": self.tempat_lahir,
            "ALAMAT": self.alamat,
            "KEL_NAME": self.desa,
            "KEC_NAME": self.kecamatan,
            "KAB_NAME": self.kabupaten,
            "PROP_NAME": self.provinsi,
        }
        return {name: value for name, value in sent.items() if value}


@dataclass(frozen=True)
class MatchResult:
    """The outcome of one check; holds no NIK.

    ``skor``: per sent field a score 0..100 (text fields) or True/False. ``kode_respon``: the service's code
    ('' when it gave none). ``pesan``: the service's own words, long digit runs masked. ``sisa_kuota``: calls
    left today, or None. ``sebab``: only with GAGAL_LAYANAN, the reason code (see docs/dukcapil.md).
    """

    kategori: Kategori
    kode_respon: str = ""
    skor: dict[str, float | bool] = field(default_factory=dict)
    ambang: Ambang = Ambang()
    versi_layanan: str = ""
    pesan: str = ""
    sisa_kuota: int | None = None
    sebab: str = ""

    @property
    def ada_putusan(self) -> bool:
        """False when the service failed: the state of the check must then stay as it was."""
        return self.kategori is not Kategori.GAGAL_LAYANAN


CODES = {
    "11": (Kategori.MENINGGAL, "Data Ditemukan, Meninggal Dunia"),
    "12": (Kategori.GANDA, "Data Ditemukan, Data Ganda"),
    "13": (Kategori.TIDAK_DITEMUKAN, "Data Tidak Ditemukan, NIK tidak terdapat di database Kependudukan"),
    "14": (Kategori.NONAKTIF, "Data Ditemukan, Status Non Aktif silahkan hubungi Dinas Dukcapil"),
    "15": (Kategori.FORMAT_SALAH, "NIK tidak sesuai format Dukcapil"),
}
SUCCESS_CODES = ("", "00")
# Words of the service's own failures, looked for before any verdict; older services send only RESPON.
SERVICE_FAILURES = (
    ("kuota", "kuota_habis"),
    ("login gagal", "login_gagal"),
    ("user id tidak aktif", "pengguna_tidak_aktif"),
    ("ip client", "ip_ditolak"),
    ("ip address", "ip_ditolak"),
)
# Older services name the result only in words. Order matters: 'tidak ditemukan' before 'ditemukan'.
WORDS = (
    ("tidak ditemukan", "13"),
    ("meninggal", "11"),
    ("ganda", "12"),
    ("non aktif", "14"),
    ("nonaktif", "14"),
    ("tidak sesuai format", "15"),
)
TEXT_FIELDS = ("NAMA_LGKP", "TMPT_LHR", "ALAMAT")
AREA_FIELDS = ("KEL_NAME", "KEC_NAME", "KAB_NAME", "PROP_NAME")
DECIDING_FIELDS = ("TGL_LHR", "JENIS_KLMIN")

_VERDICT = re.compile(
    r"^(tidak )?sesuai(?:\s*\(\s*(\d{1,3}(?:\.\d{1,4})?)\s*%?\s*\))?$", re.IGNORECASE | re.ASCII
)
_AREA_PREFIX = re.compile(
    r"^(KABUPATEN|KAB\.?|KOTA ADMINISTRASI|KOTA ADM\.?|KOTA|PROVINSI|PROV\.?"
    r"|KECAMATAN|KEC\.?|DESA|KELURAHAN|KEL\.?)\s+"
)


# --- the service's side
# ------------------------------------------------------------------------------------------


def answer(population: Population, request: Mapping[str, object], *, quota_left: int | None = None) -> dict:
    """What the service answers (always with HTTP 200) to the request fields; access checks are the caller's.

    ``request``: NIK, TRESHOLD (sic) and any of NAMA_LGKP, TGL_LHR dd-mm-yyyy, JENIS_KLMIN, ... as strings.
    """
    nik = request.get("NIK")
    if not isinstance(nik, str) or not check_nik(nik).ok or check_nik(nik).nik != nik:
        return negative("15", quota_left)
    record = population.lookup(nik)
    if record is None:
        return negative("13", quota_left)
    if record.status:
        return negative(record.status, quota_left)
    threshold = _threshold(request.get("TRESHOLD"))
    register = register_fields(record)
    item = {"NIK": "Sesuai"}
    for name, value in request.items():
        if name in register and name != "NIK" and isinstance(value, str) and value:
            item[name] = _compare(name, value, register[name], threshold)
    area = record.desa.kode.split(".")
    item |= {"NO_PROP": area[0], "NO_KAB": area[1], "NO_KEC": area[2], "NO_KEL": area[3]}
    return envelope(item, quota_left)


def register_fields(record: Record) -> dict[str, str]:
    """One record as the data look-up shows it (domain.md §3.4)."""
    person, desa = record.person, record.desa
    prop, kab, kec, kel = desa.kode.split(".")
    return {
        "NIK": person.nik,
        "NO_KK": record.kk,
        "NAMA_LGKP": person.nama,
        "TMPT_LHR": person.tempat_lahir,
        "TGL_LHR": f"{person.tanggal_lahir:%d-%m-%Y}",
        "JENIS_KLMIN": "Laki-Laki" if person.jenis_kelamin == "L" else "Perempuan",
        "STATUS_KAWIN": person.status_kawin,
        "STAT_HBKEL": person.hubungan,
        "JENIS_PKRJN": person.pekerjaan,
        "PDDK_AKH": person.pendidikan,
        "NAMA_LGKP_AYAH": person.nama_ayah,
        "NAMA_LGKP_IBU": person.nama_ibu,
        "ALAMAT": record.alamat,
        "DUSUN": record.dusun,
        "NO_RT": record.rt,
        "NO_RW": record.rw,
        "NO_KEL": kel,
        "KEL_NAME": desa.nama,
        "NO_KEC": kec,
        "KEC_NAME": desa.kecamatan,
        "NO_KAB": kab,
        "KAB_NAME": desa.kabupaten,
        "NO_PROP": prop,
        "PROP_NAME": desa.provinsi,
    }


def envelope(item: dict, quota_left: int | None) -> dict:
    page = {"content": [item], "lastPage": True, "numberOfElements": 1, "totalElements": 1}
    page |= {"firstPage": True, "number": 0, "size": 1}
    return page if quota_left is None else page | {"quotaLimiter": quota_left}


def negative(code: str, quota_left: int | None) -> dict:
    return envelope({"RESPONSE_CODE": code, "RESPON": CODES[code][1]}, quota_left)


def _threshold(raw: object) -> float:
    try:
        return min(100.0, max(0.0, float(raw)))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return ACCEPT


def _compare(name: str, told: str, held: str, threshold: float) -> str:
    if name in TEXT_FIELDS:
        score = similarity(told, held)
        return f"Sesuai ({score:.0f})" if score >= threshold else "Tidak Sesuai"
    same = _same_area(told, held) if name in AREA_FIELDS else told.strip().upper() == held.upper()
    return "Sesuai" if same else "Tidak Sesuai"


# --- our side
# ----------------------------------------------------------------------------------------------------


def parse(
    raw: object, query: PersonQuery, ambang: Ambang | None = None, *, versi_layanan: str = SERVICE_VERSION
) -> MatchResult:
    """Turn a decoded answer (of any type: it is not trusted) into a result. Never raises.

    Understands the verification form ('Sesuai (98)') and the look-up form, where the register's own values
    come back and are compared here with our normaliser.
    """
    ambang = ambang or Ambang()
    quota = _quota(raw)
    item = _item(raw) or {}
    code, message = _text(item.get("RESPONSE_CODE"))[:8], safe_message(_text(item.get("RESPON")))
    try:
        kategori, skor = _read(item, code, message, query, ambang)
    except _Unclear as error:
        return failure(
            str(error), ambang=ambang, pesan=message, kode=code, versi_layanan=versi_layanan, sisa_kuota=quota
        )
    return MatchResult(kategori, code, skor, ambang, versi_layanan, message, quota)


class _Unclear(Exception):
    """The answer carries no verdict; the text is the reason code."""


def _read(
    item: Mapping, code: str, message: str, query: PersonQuery, ambang: Ambang
) -> tuple[Kategori, dict[str, float | bool]]:
    """Category and scores of one answer, or ``_Unclear``."""
    if not item:
        raise _Unclear("bentuk_tidak_dikenal")
    if sebab := _service_failure(message):
        raise _Unclear(sebab)
    nik = item.get("NIK")
    if nik is not None and nik not in (query.nik, "Sesuai"):
        raise _Unclear("nik_lain")
    kategori = _negative(code, message)
    if kategori is not None:
        return kategori, {}
    if code not in SUCCESS_CODES:
        raise _Unclear("kode_tidak_dikenal")
    if nik is None:
        raise _Unclear("nik_tidak_disebut")
    skor = _scores(item, query)
    if skor is None:
        raise _Unclear("jawaban_tidak_lengkap")
    return _judge(skor, ambang), skor


def failure(
    sebab: str,
    *,
    ambang: Ambang | None = None,
    pesan: str = "",
    kode: str = "",
    versi_layanan: str = SERVICE_VERSION,
    sisa_kuota: int | None = None,
) -> MatchResult:
    """A GAGAL_LAYANAN result: no verdict, try again later."""
    ambang = ambang or Ambang()
    return MatchResult(Kategori.GAGAL_LAYANAN, kode, {}, ambang, versi_layanan, pesan, sisa_kuota, sebab)


def safe_message(text: str) -> str:
    """The service's words made fit for storing and logging: one line, cut, long digit runs masked."""
    one_line = "".join(char if char.isprintable() else " " for char in text[: MAX_MESSAGE * 2])
    return re.sub(r"\d{8,}", "••••", one_line).strip()[:MAX_MESSAGE]


def _judge(skor: dict[str, float | bool], ambang: Ambang) -> Kategori:
    """Name first, then birth date and sex, then area. Address and birthplace are shown, never decide."""
    name = _name_score(skor["NAMA_LGKP"], ambang)
    if name < ambang.tinjau:
        return Kategori.TIDAK_PADAN_NAMA
    if name < ambang.terima or any(skor.get(field) is False for field in DECIDING_FIELDS):
        return Kategori.PADAN_SEBAGIAN
    if any(skor.get(field) is False for field in AREA_FIELDS):
        return Kategori.PINDAH
    return Kategori.PADAN


def _name_score(score: float | bool, ambang: Ambang) -> float:
    """A bare 'Sesuai' only says that the threshold we sent (``tinjau``) was met; a bare 'Tidak Sesuai' that
    it was not."""
    if isinstance(score, bool):
        return ambang.tinjau if score else -1.0
    return score


def _scores(item: Mapping, query: PersonQuery) -> dict[str, float | bool] | None:
    """Score per sent field; None when a field that decides is missing or not understood."""
    scores: dict[str, float | bool] = {}
    for name, told in query.fields().items():
        if name == "NIK":
            continue
        score = _score(name, told, item.get(name))
        if score is not None:
            scores[name] = score
        elif name == "NAMA_LGKP" or name in DECIDING_FIELDS or name in AREA_FIELDS:
            return None
    return scores if "NAMA_LGKP" in scores else None


def _score(name: str, told: str, reply: object) -> float | bool | None:
    """Score of one reply field; None when it is missing or not understood."""
    if name in TEXT_FIELDS and isinstance(reply, int | float) and not isinstance(reply, bool):
        return float(reply) if 0 <= reply <= 100 else None
    if not isinstance(reply, str) or not reply.strip() or len(reply) > MAX_MESSAGE:
        return None
    verdict = _VERDICT.match(reply.strip())
    return _stated_score(verdict, name) if verdict else _own_score(name, told, reply.strip())


def _own_score(name: str, told: str, held: str) -> float | bool | None:
    """The look-up form gave the register's own value: compare it here."""
    if name in TEXT_FIELDS:
        return similarity(told, held)
    if name in AREA_FIELDS:
        return _same_area(told, held)
    if name == "JENIS_KLMIN":
        sex = normalise_sex(held)
        return None if sex is None else sex == normalise_sex(told)
    return held == told if re.fullmatch(r"\d{2}-\d{2}-\d{4}", held, re.ASCII) else None


def _stated_score(verdict: re.Match[str], name: str) -> float | bool | None:
    """'Sesuai (98)' -> 98.0 for text fields; without a score, or for coded fields, True or False."""
    agrees = verdict.group(1) is None
    if verdict.group(2) is None or name not in TEXT_FIELDS:
        return agrees
    score = float(verdict.group(2))
    return score if score <= 100 else None


def _item(raw: object) -> Mapping | None:
    """The one answer inside the page; a bare object is accepted when it carries RESPON (old services)."""
    if not isinstance(raw, Mapping):
        return None
    content = raw.get("content")
    if content is None and "RESPON" in raw:
        return raw
    if isinstance(content, list) and len(content) == 1 and isinstance(content[0], Mapping):
        return content[0]
    return None


def _quota(raw: object) -> int | None:
    left = raw.get("quotaLimiter") if isinstance(raw, Mapping) else None
    return left if isinstance(left, int) and not isinstance(left, bool) and 0 <= left < 10**9 else None


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _service_failure(message: str) -> str:
    lowered = message.lower()
    return next((sebab for word, sebab in SERVICE_FAILURES if word in lowered), "")


def _negative(code: str, message: str) -> Kategori | None:
    if not code and message:
        lowered = message.lower()
        code = next((known for word, known in WORDS if word in lowered), "")
    return CODES[code][0] if code in CODES else None


def _same_area(a: str, b: str) -> bool:
    return _area(a) == _area(b)


def _area(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", _AREA_PREFIX.sub("", " ".join(name.upper().split())))
