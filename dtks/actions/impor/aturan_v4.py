"""The rules of one row of the template: pure, row by row, no database but what `Acuan` was given.

Wrong is what cannot be (a NIK of 15 digits, a date that is none): `galat`, the row stays out. Odd is what a real person
may have (a NIK whose digits say another birthday, a full stop in a name): `tanda`, the row goes in and is looked at.
Sentences never repeat what was typed.
"""

import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from core import identity, sheets, text
from core.names import LEADING_TITLES
from core.sheets import GABUNG, RUMUS, Sel
from dtks.actions.impor import templat_v4 as v4
from dtks.actions.impor.inti import Pesan

_KTP = "Cocokkan dengan KTP-el atau Kartu Keluarga."
_TEKS = "Ubah format sel menjadi Teks, lalu ketik ulang semua angkanya."
_SEL_RAPI = "[0-9A-Za-z](?:[ -~]*[!-~])?"  # nothing to take away at either end
_RAPI = re.compile(_SEL_RAPI)
_BARIS_RAPI = re.compile("\n".join(_SEL_RAPI if k.wajib else f"(?:{_SEL_RAPI})?" for k in v4.KOLOM))
_NAMA_BIASA = re.compile(r"[A-Za-z]+(?: [A-Za-z]+)*")
_TANDA_BACA = re.compile(r"[\"'’‘`´“”,./\\]")
_TANGGAL = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_ILMIAH = re.compile(r"\s*\d+(?:[.,]\d+)?[eE][+-]?\d+\s*|\s*\d{15,17}[.,]0+\s*")
_GELAR = LEADING_TITLES - {"NY", "TN", "IBU", "SDR", "SDRI"}
_KELAMIN = {"L": "1", "1": "1", "LAKI-LAKI": "1", "LAKI LAKI": "1", "LAKILAKI": "1", "PRIA": "1", "P": "2", "2": "2", "PEREMPUAN": "2", "WANITA": "2"}  # fmt: skip
_KAWIN = {
    "1": "1", "BELUM KAWIN": "1", "BELUM MENIKAH": "1", "BELUM": "1", "2": "2", "KAWIN": "2", "MENIKAH": "2", "KAWIN TERCATAT": "2",
    "KAWIN BELUM TERCATAT": "2", "3": "3", "CERAI HIDUP": "3", "4": "4", "CERAI MATI": "4",
}  # fmt: skip
_YA = {"YA": True, "Y": True, "1": True, "TIDAK": False, "T": False, "0": False, "-": False, "TDK": False}
_PROGRAM = {"SEMBAKO": "BPNT", "BPNT/SEMBAKO": "BPNT", "SEMBAKO/BPNT": "BPNT", "PBI-JK": "PBI", "PBI JK": "PBI", "PBIJK": "PBI", "NON BANSOS": "NONBANSOS", "NON-BANSOS": "NONBANSOS"}  # fmt: skip


@dataclass
class Acuan:
    """What the rules need to know of the world. `desa(prov, kab, kec, kel)` -> (code, '') or ('', heading that is wrong)."""

    hari: date
    program: frozenset[str]
    disabilitas: frozenset[str]
    hamil_maks_hari: int
    desa: Callable[[str, str, str, str], tuple[str, str]]
    boleh: Callable[[str], bool]
    hafal: dict[str, str] = field(
        default_factory=dict
    )  # names of an area as typed -> code, when all is well with it
    kk_lurus: str = ""  # the last number of a family with nothing to say about; its members follow


@dataclass(slots=True)
class Temuan:
    """One row under examination."""

    data: dict[str, Any] = field(default_factory=dict)
    galat: list[Pesan] = field(default_factory=list)
    tanda: list[Pesan] = field(default_factory=list)

    def galat_di(self, kolom: str) -> bool:
        return any(p.kolom == kolom for p in self.galat)

    def salah(self, kolom: str, kode: str, pesan: str) -> None:
        self.galat.append(Pesan(kolom, kode, pesan))

    def lihat(self, kolom: str, kode: str, pesan: str) -> None:
        self.tanda.append(Pesan(kolom, kode, pesan))


def periksa(sel: Sequence[Sel], acuan: Acuan) -> Temuan:
    """All rules of one row that need no other row. `data` is complete only when `galat` is empty."""
    t = Temuan()
    isi = sel if _semua_rapi(sel) else _sel(t, sel)
    d = t.data
    lahir = _tanggal(t, v4.LAHIR, isi[5])
    if lahir is not None:
        for pesan in text.check_birth_date(lahir, acuan.hari):
            t.salah(v4.LAHIR, "TANGGAL_TIDAK_MASUK_AKAL", pesan)
    d["jk"] = _kode(
        t, v4.KELAMIN, isi[7], _KELAMIN, kode="JK_TIDAK_DIKENAL", pesan="Jenis kelamin ditulis L atau P."
    )
    d["nik"] = _nomor(t, v4.NIK, "NIK", isi[0])
    d["kk"] = _nomor(t, v4.NOKK, "KK", isi[2])
    d["lahir"] = lahir.isoformat() if lahir else None
    if d["nik"]:
        _periksa_nik(t, lahir)
    if d["kk"]:
        _periksa_kk(t, acuan)
    d["program"] = _program(t, isi[1], acuan)
    d["nama"] = _nama(t, v4.NAMA, isi[3], 100)
    d["tempat"] = _nama(t, v4.TEMPAT, isi[4], 60, tanda=False)
    d["ibu"] = _nama(t, v4.IBU, isi[6], 100)
    d["kerja"] = _teks(t, v4.KERJA, isi[8], 60)
    d["kawin"] = _kode(
        t, v4.KAWIN, isi[9], _KAWIN, kode="STATUS_KAWIN_TIDAK_DIKENAL",
        pesan="Status kawin ditulis BELUM KAWIN, KAWIN, CERAI HIDUP, atau CERAI MATI.",
    )  # fmt: skip
    d["alamat"] = _teks(t, v4.ALAMAT, isi[10], 200)
    d["rt"] = _rt(t, v4.RT, isi[11])
    d["rw"] = _rt(t, v4.RW, isi[12])
    d["desa"] = _wilayah(t, isi[13:17], acuan)
    _disabilitas(t, isi[17], isi[18], acuan)
    _kehamilan(t, isi[19], isi[20], acuan, lahir)
    return t


def _semua_rapi(sel: Sequence[Sel]) -> bool:
    """Are all cells tidy text, and those filled in that must be? One look at the whole row."""
    try:
        return _BARIS_RAPI.fullmatch("\n".join(["" if s is None else s for s in sel])) is not None  # type: ignore[misc]
    except TypeError:  # numbers, dates, formulas
        return False


def _sel(t: Temuan, sel: Sequence[Sel]) -> list[Sel]:
    isi: list[Sel] = []
    for kolom, mentah in zip(v4.KOLOM, sel, strict=True):
        satu = mentah if type(mentah) is str and _RAPI.fullmatch(mentah) else _rapi(t, kolom.judul, mentah)
        if satu is None and kolom.wajib and not t.galat_di(kolom.judul):
            t.salah(kolom.judul, "KOSONG", f"{_label(kolom.judul)} belum diisi.")
        isi.append(satu)
    return isi


def _rapi(t: Temuan, kolom: str, sel: Sel) -> Sel:
    """The cell without what Excel and web pages leave around it; None for what holds no value of its own."""
    if sel is RUMUS:
        t.salah(kolom, "RUMUS", "Sel berisi rumus. Salin, lalu tempel sebagai nilai.")
        return None
    if sel is GABUNG:
        t.salah(
            kolom, "SEL_GABUNG", "Sel ini digabung (merge) dengan sel lain. Pisahkan, lalu isi tiap baris."
        )
        return None
    if isinstance(sel, str):
        return (sel.strip() if sel.isascii() and sel[:1] != "'" else sheets.bersih(sel)) or None
    return sel


def _label(judul: str) -> str:
    polos = judul.split(" (", maxsplit=1)[0]
    return polos if polos in ("NIK", "RT", "RW", "NOKK") else polos.capitalize()


def _nomor(t: Temuan, kolom: str, label: str, sel: Sel) -> str:
    """16 digits as text, or '' with the reason. A number has lost digits in Excel: refused, never repaired."""
    if sel is None:
        return ""
    if isinstance(sel, str):
        if len(sel) == identity.NIK_LENGTH and sel.isascii() and sel.isdigit():
            return sel
        return _nomor_teks(t, kolom, label, sel)
    if isinstance(sel, int | float) and not isinstance(sel, bool):
        angka = sheets.sebagai_teks(float(sel))
        if len(angka) == 16 and angka.isdigit() and not angka.endswith("0"):
            t.salah(kolom, f"{label}_BUKAN_TEKS", f"{label} tersimpan sebagai angka, bukan teks. {_TEKS}")
        elif len(angka) >= 16:
            t.salah(
                kolom,
                f"{label}_ANGKA_ILMIAH",
                f"{label} berubah menjadi bilangan di Excel dan angka terakhirnya hilang. {_TEKS}",
            )
        else:
            t.salah(
                kolom, f"{label}_BUKAN_16", f"{label} harus 16 angka; yang ada {len(angka)} angka. {_KTP}"
            )
        return ""
    t.salah(kolom, f"{label}_BUKAN_ANGKA", f"{label} harus 16 angka. {_KTP}")
    return ""


def _nomor_teks(t: Temuan, kolom: str, label: str, sel: str) -> str:
    if _ILMIAH.fullmatch(sel):
        t.salah(
            kolom,
            f"{label}_ANGKA_ILMIAH",
            f"{label} rusak oleh Excel (seperti 3,20501E+15). Angka aslinya hilang. {_TEKS}",
        )
        return ""
    try:
        angka = identity.normalise_digits(sel, label)
    except ValueError as error:
        t.salah(kolom, f"{label}_BUKAN_ANGKA", str(error))
        return ""
    if len(angka) != identity.NIK_LENGTH:
        t.salah(kolom, f"{label}_BUKAN_16", f"{label} harus 16 angka; yang ada {len(angka)} angka. {_KTP}")
        return ""
    return angka


def _periksa_nik(t: Temuan, lahir: date | None) -> None:
    d = t.data
    if lahir is not None and d["jk"] and _lurus(d["nik"], lahir, d["jk"]) and d["nik"] != d["kk"]:
        return
    jk = {"1": "L", "2": "P"}.get(d["jk"] or "")
    cek = identity.check_nik(d["nik"], tanggal_lahir=lahir, jenis_kelamin=jk, kk=d["kk"] or None)
    if cek.galat:
        t.salah(v4.NIK, "NIK_TIDAK_SAH", cek.galat[0])
        d["nik"] = ""
    for tanda in cek.tanda:
        if tanda.kode == "TANGGAL_BEDA" and lahir is not None and _tertukar(d["nik"], lahir):
            t.lihat(
                v4.LAHIR,
                "TANGGAL_TERTUKAR",
                "Hari dan bulan mungkin tertukar: angka di NIK menyebut sebaliknya. Periksa KTP-el.",
            )
        else:
            kolom = {"TANGGAL_BEDA": v4.LAHIR, "KELAMIN_BEDA": v4.KELAMIN}.get(tanda.kode, v4.NIK)
            t.lihat(kolom, f"NIK_{tanda.kode}" if kolom == v4.NIK else tanda.kode, tanda.kalimat)


def _lurus(nik: str, lahir: date, jk: str) -> bool:
    """Does the number say just this birthday and sex, with nothing odd in the rest? What `check_nik` then has no word about."""
    hari = lahir.day + (identity.WOMAN_DAY_OFFSET if jk == "2" else 0)
    return (
        nik[6:12] == f"{hari:02d}{lahir.month:02d}{lahir.year % 100:02d}"
        and nik[:2] >= str(identity.LOWEST_PROVINCE)
        and nik[12:] != "0000"
        and nik[:2] != nik[2:4]  # neither one figure sixteen times nor 1111222233334444
        and nik not in identity.DUMMIES
    )


def _periksa_kk(t: Temuan, acuan: Acuan) -> None:
    if t.data["kk"] == acuan.kk_lurus:
        return
    cek = identity.check_kk(t.data["kk"])
    if not cek.galat and not cek.tanda:
        acuan.kk_lurus = t.data["kk"]
    if cek.galat:
        t.salah(v4.NOKK, "KK_TIDAK_SAH", cek.galat[0])
        t.data["kk"] = ""
    for tanda in cek.tanda:
        t.lihat(v4.NOKK, f"KK_{tanda.kode}", tanda.kalimat)


def _tertukar(nik: str, lahir: date) -> bool:
    """Do the digits of the NIK say the same day with day and month exchanged?"""
    hari = int(nik[6:8]) % 40
    return (hari, int(nik[8:10]), int(nik[10:12])) == (lahir.month, lahir.day, lahir.year % 100)


def _tanggal(t: Temuan, kolom: str, sel: Sel) -> date | None:
    if sel is None:
        return None
    if isinstance(sel, datetime):
        return sel.date()
    if isinstance(sel, date):
        return sel
    cocok = _TANGGAL.fullmatch(sel) if isinstance(sel, str) else None
    if cocok is None:
        t.salah(kolom, "TANGGAL_FORMAT", "Tanggal ditulis hari/bulan/tahun, misalnya 31/01/2000.")
        return None
    hari, bulan, tahun = int(cocok[1]), int(cocok[2]), int(cocok[3])
    try:
        return date(tahun, bulan, hari)
    except ValueError:
        pass
    if hari <= 12 < bulan <= 31:
        t.salah(
            kolom, "TANGGAL_TERTUKAR", "Hari dan bulan tertukar. Tulis hari dulu, lalu bulan: 31/01/2000."
        )
    else:
        t.salah(kolom, "TANGGAL_TIDAK_ADA", "Tanggal ini tidak ada di kalender. Tulis hari/bulan/tahun.")
    return None


def _kata(sel: Sel) -> str:
    if sel is None:
        return ""
    return _besar(sel if isinstance(sel, str) else sheets.sebagai_teks(sel))


@lru_cache(maxsize=4096)
def _besar(teks: str) -> str:
    """Upper case with single spaces. The same few words stand in every row."""
    return " ".join(teks.upper().split())


def _kode(t: Temuan, kolom: str, sel: Sel, daftar: dict[str, str], *, kode: str, pesan: str) -> str | None:
    if (hasil := daftar.get(sel)) is not None:  # type: ignore[arg-type]
        return hasil
    kata = _kata(sel)
    if not kata:
        return None
    if kata not in daftar:
        t.salah(kolom, kode, pesan)
        return None
    return daftar[kata]


def _program(t: Temuan, sel: Sel, acuan: Acuan) -> str:
    if sel in acuan.program:
        return sys.intern(str(sel))
    kata = _kata(sel)
    kode = _PROGRAM.get(kata, kata)
    if kata and kode not in acuan.program:
        t.salah(
            v4.PROGRAM,
            "PROGRAM_TIDAK_DIKENAL",
            "Program tidak dikenal. Tulis BPNT, PKH, PBI, NONBANSOS, atau DISABILITAS.",
        )
        return ""
    return kode


def _nama(t: Temuan, kolom: str, sel: Sel, panjang: int, *, tanda: bool = True) -> str:
    if sel is None:
        return ""
    if not isinstance(sel, str):
        t.salah(kolom, "BUKAN_TEKS", f"{_label(kolom)} harus berupa tulisan, bukan angka atau tanggal.")
        return ""
    biasa = len(sel) <= panjang and _NAMA_BIASA.fullmatch(sel) is not None
    if biasa:
        nama = sel
    else:
        try:
            nama = text.clean_name(sel, panjang)
        except ValueError as error:
            t.salah(kolom, "NAMA_TIDAK_SAH", str(error))
            return ""
    if tanda:
        if not biasa and _TANDA_BACA.search(nama):
            t.lihat(
                kolom, "NAMA_TANDA_BACA", "Nama memuat tanda baca. Biarkan bila KTP-el menulisnya begitu."
            )
        if nama.split(" ", 1)[0].rstrip(".").upper() in _GELAR and " " in nama:
            t.lihat(kolom, "GELAR_DEPAN", "Nama diawali gelar. Hapus, kecuali KTP-el menulisnya begitu.")
        if not biasa or len(nama) < 4:
            for satu in text.soft_flags_name(nama):
                t.lihat(kolom, f"NAMA_{satu.kode}", satu.kalimat)
    return nama


def _teks(t: Temuan, kolom: str, sel: Sel, panjang: int) -> str | None:
    if sel is None:
        return None
    isi = sel if isinstance(sel, str) else sheets.sebagai_teks(sel)
    if not (isi.isascii() and isi.isprintable() and len(isi) <= panjang):
        try:
            isi = " ".join(text.clean_text(isi, panjang).split())
        except ValueError as error:
            t.salah(kolom, "TEKS_TIDAK_SAH", str(error))
            return None
    return isi


def _rt(t: Temuan, kolom: str, sel: Sel) -> str:
    if type(sel) is str and len(sel) == 3 and sel.isascii() and sel.isdigit():
        return sel
    kata = _kata(sel)
    if kata and not (kata.isascii() and kata.isdigit() and len(kata) <= 3):
        t.salah(
            kolom, f"{kolom}_FORMAT", f"{kolom} ditulis dengan angka, paling banyak tiga angka, misalnya 005."
        )
        return ""
    return kata.zfill(3) if kata else ""


def _wilayah(t: Temuan, sel: Sequence[Sel], acuan: Acuan) -> str:
    ketikan = "\n".join(sel) if all(type(s) is str for s in sel) else ""  # type: ignore[arg-type]
    if kode := acuan.hafal.get(ketikan):
        return kode
    nama = [_kata(s) for s in sel]
    if not all(nama):
        return ""
    kode, salah = acuan.desa(*nama)
    if not kode:
        t.salah(
            salah,
            "WILAYAH_TIDAK_DIKENAL",
            f"{salah.capitalize()} ini tidak ada di daftar wilayah. Periksa ejaannya.",
        )
        return ""
    if not acuan.boleh(kode):
        t.salah(v4.KELURAHAN, "WILAYAH_BUKAN_TUGAS", "Desa/kelurahan ini bukan wilayah tugas Anda.")
        return ""
    if ketikan:
        acuan.hafal[ketikan] = kode
    return kode


def _ya(t: Temuan, kolom: str, sel: Sel) -> bool | None:
    if sel is None or isinstance(sel, bool):
        return sel
    if sel in _YA:
        return _YA[sel]  # type: ignore[index]
    kata = _kata(sel)
    if not kata:
        return None
    if kata not in _YA:
        t.salah(kolom, "YA_TIDAK", f"{_label(kolom)} ditulis YA atau TIDAK.")
        return None
    return _YA[kata]


def _disabilitas(t: Temuan, status: Sel, kode: Sel, acuan: Acuan) -> None:
    ya, jenis = _ya(t, v4.DISABILITAS, status), _kata(kode)
    t.data["disab"] = jenis if ya else "" if ya is False else None
    if jenis and not ya:
        t.salah(
            v4.KODE_DISABILITAS,
            "DISABILITAS_KODE",
            "Kode jenis disabilitas hanya diisi bila status disabilitas YA.",
        )
    elif ya and jenis not in acuan.disabilitas:
        t.salah(
            v4.KODE_DISABILITAS,
            "DISABILITAS_KODE",
            f"Isi kode jenis disabilitas: {', '.join(sorted(acuan.disabilitas))}.",
        )


def _kehamilan(t: Temuan, status: Sel, sejak: Sel, acuan: Acuan, lahir: date | None) -> None:
    ya = _ya(t, v4.HAMIL, status)
    t.data["hamil"], t.data["hamil_sejak"] = ya, None
    if sejak is not None and not ya:
        t.salah(v4.HAMIL_SEJAK, "HAMIL_TANGGAL", "Tanggal mulai hamil hanya diisi bila status hamil YA.")
        return
    if not ya:
        return
    if t.data["jk"] == "1":
        t.salah(v4.HAMIL, "HAMIL_LAKI_LAKI", "Status hamil YA, tetapi jenis kelaminnya laki-laki.")
    if sejak is None:
        t.salah(
            v4.HAMIL_SEJAK,
            "HAMIL_TANGGAL",
            "Isi tanggal mulai hamil (hari/bulan/tahun), karena status hamil YA.",
        )
        return
    mulai = _tanggal(t, v4.HAMIL_SEJAK, sejak)
    if mulai is None:
        return
    if not acuan.hari - timedelta(days=acuan.hamil_maks_hari) <= mulai <= acuan.hari:
        t.salah(
            v4.HAMIL_SEJAK,
            "HAMIL_TANGGAL",
            "Tanggal mulai hamil tidak masuk akal: belum terjadi atau sudah lebih dari sepuluh bulan.",
        )
        return
    t.data["hamil_sejak"] = mulai.isoformat()
    if lahir is not None and not 10 * 365 <= (mulai - lahir).days <= 56 * 365:
        t.lihat(v4.HAMIL, "HAMIL_UMUR", "Umur ibu hamil ini tidak lazim. Periksa tanggal lahirnya.")
