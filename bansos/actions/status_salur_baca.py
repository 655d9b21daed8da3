"""The columns of a file of payment statuses, and the rules of one row that need no register."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError

from bansos.models import Program, StatusSalur
from core import sheets
from core.forms import PastDayField
from core.identity import check_kk
from core.sheets import Kolom, Sel
from dtks.actions.impor.hasil_siks import baca_nik, baca_program
from dtks.actions.impor.inti import Baris, Pesan

NIK, KK, PROGRAM, PERIODE, TAHAP = "NIK PENGURUS", "NO KK", "PROGRAM", "PERIODE", "TAHAP"
NOMINAL, PENYALUR, STATUS, TANGGAL, KETERANGAN = (
    "NOMINAL",
    "PENYALUR",
    "STATUS",
    "TANGGAL STATUS",
    "KETERANGAN",
)
KOLOM = (
    Kolom(NIK, ("NIK", "NIK KPM"), lebar=20, penjelasan="16 angka, sel Teks.", contoh="3205010101800001"),
    Kolom(KK, ("NOMOR KK",), wajib=False, lebar=20, penjelasan="Boleh kosong. 16 angka, sel Teks.", contoh=""),
    Kolom(PROGRAM, ("PROGRAM BANSOS",), penjelasan="PKH, BPNT, dan seterusnya.", contoh="PKH"),
    Kolom(PERIODE, penjelasan="Triwulan 2026-4, atau bulan 2026-10. Sel Teks.", contoh="2026-4"),
    Kolom(TAHAP, wajib=False, penjelasan="Angka 1 sampai 12; kosong berarti 1.", contoh="1"),
    Kolom(NOMINAL, ("NOMINAL BANTUAN", "JUMLAH"), penjelasan="Rupiah, angka saja.", contoh="750000"),
    Kolom(PENYALUR, ("BANK", "LEMBAGA PENYALUR"), wajib=False, penjelasan="Bank atau PT Pos.", contoh="BNI"),
    Kolom(STATUS, ("STATUS PENYALURAN", "STATUS SALUR"), lebar=24, penjelasan="Seperti di SIKS-NG.", contoh="SP2D"),
    Kolom(TANGGAL, ("TANGGAL",), penjelasan="Hari/bulan/tahun.", contoh="05/10/2026"),
    Kolom(KETERANGAN, wajib=False, lebar=40, contoh=""),
)  # fmt: skip
MAKS_RUPIAH = 100_000_000
_PERIODE = re.compile(r"20[0-9]{2}-([1-4]|0[1-9]|1[0-2])", re.ASCII)
_HARI = PastDayField(required=False, low=2010)


@dataclass(frozen=True)
class Acuan:
    """What a row may name. `status`: every spelling in capitals -> code; `capai`: code -> how far the money has come."""

    program: frozenset[str]
    perorangan: dict[str, bool]
    status: dict[str, str]
    capai: dict[str, int]


def acuan() -> Acuan:
    program = dict(Program.objects.values_list("kode", "unit"))
    status: dict[str, str] = {}
    capai = {}
    for s in StatusSalur.objects.filter(aktif=True):
        capai[s.kode] = s.capai
        for kata in (s.kode, s.nama, *s.ejaan):
            status[" ".join(kata.upper().split())] = s.kode
    return Acuan(frozenset(program), {k: u == "individu" for k, u in program.items()}, status, capai)


def baris(nomor: int, sel: Sequence[Sel], acuan: Acuan, sudah: dict[Any, int]) -> Baris:
    """One row as found; `galat` stays empty when it can be used. `sudah`: keys of the rows before it."""
    teks = [_teks(satu) for satu in sel]
    hasil = Baris(nomor, "galat", {"m": teks})
    for satu, isi in zip(KOLOM, teks, strict=True):
        if sheets.tak_terlihat(isi):
            hasil.galat.append(Pesan(satu.judul, "TANDA_TAK_TERLIHAT", "Sel berisi tanda yang tidak terlihat. Ketik ulang."))  # fmt: skip
    d: dict[str, Any] = {
        "nik": _nik(sel[0], hasil), "kk": _kk(sel[1], teks[1], hasil), "program": baca_program(teks[2], acuan.program, hasil),
        "periode": _periode(teks[3], hasil), "tahap": _tahap(teks[4], hasil), "nominal": _nominal(sel[5], teks[5], hasil),
        "lembaga": _pendek(teks[6].upper(), PENYALUR, 40, hasil), "status": _status(teks[7], acuan, hasil),
        "tanggal": _tanggal(sel[8], teks[8], hasil), "keterangan": _pendek(teks[9], KETERANGAN, 200, hasil),
    }  # fmt: skip
    if not hasil.galat and not d["nominal"] and acuan.capai[d["status"]]:
        hasil.galat.append(Pesan(NOMINAL, "NOMINAL_NOL", "Status ini perlu nominal lebih dari nol."))
    kunci = (d["nik"], d["program"], d["periode"], d["tahap"])
    if not hasil.galat and (lama := sudah.setdefault(kunci, nomor)) != nomor:
        hasil.galat.append(Pesan(NIK, "BARIS_GANDA", f"Orang, program, periode, dan tahap ini sudah ada di baris {lama}."))  # fmt: skip
    hasil.program = d["program"]
    if not hasil.galat:
        hasil.isi["d"] = d
    return hasil


def _teks(sel: Sel) -> str:
    bersih = sheets.bersih(sel)
    return "" if bersih is None else " ".join(sheets.sebagai_teks(bersih).split())


def _nik(sel: Sel, hasil: Baris) -> str:
    """As `hasil_siks`, under this file's own heading."""
    bantu = Baris(hasil.nomor, "", {})
    nik = baca_nik(sel, bantu)
    hasil.galat += [Pesan(NIK, p.kode, p.pesan) for p in bantu.galat]
    return nik


def _kk(sel: Sel, teks: str, hasil: Baris) -> str:
    if not teks:
        return ""
    if not isinstance(sel, str):
        hasil.galat.append(Pesan(KK, "KK_BUKAN_TEKS", "Nomor KK tersimpan sebagai angka. Ubah format sel menjadi Teks, lalu ketik ulang."))  # fmt: skip
        return ""
    cek = check_kk(teks)
    if cek.galat:
        hasil.galat.append(Pesan(KK, "KK_TIDAK_SAH", cek.galat[0]))
    return cek.kk


def _periode(teks: str, hasil: Baris) -> str:
    if not _PERIODE.fullmatch(teks):
        hasil.galat.append(Pesan(PERIODE, "PERIODE", "Tulis triwulan seperti 2026-4 atau bulan seperti 2026-10, sel Teks."))  # fmt: skip
    return teks


def _tahap(teks: str, hasil: Baris) -> int:
    if not teks:
        return 1
    if not (teks.isascii() and teks.isdigit() and 1 <= int(teks) <= 12):
        hasil.galat.append(Pesan(TAHAP, "TAHAP", "Tahap berupa angka 1 sampai 12."))
        return 0
    return int(teks)


def _nominal(sel: Sel, teks: str, hasil: Baris) -> int:
    """Rupiah. '750000', '750.000', 'Rp 750.000,00'; no fractions, nothing below zero."""
    nilai = _angka(sel, teks)
    if nilai is None or not 0 <= nilai <= MAKS_RUPIAH or nilai != int(nilai):
        hasil.galat.append(Pesan(NOMINAL, "NOMINAL", "Nominal berupa rupiah penuh, misalnya 750000, paling besar 100 juta."))  # fmt: skip
        return 0
    return int(nilai)


def _angka(sel: Sel, teks: str) -> Decimal | None:
    if isinstance(sel, int | float):
        teks = str(sel)
    else:
        teks = re.sub(r"^rp\.?\s*", "", teks, flags=re.IGNORECASE)
        teks = re.sub(r",(00|-)$", "", teks)
        if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+", teks, re.ASCII):
            teks = teks.replace(".", "")
        elif not re.fullmatch(r"[0-9]{1,12}", teks, re.ASCII):
            return None
    try:
        nilai = Decimal(teks)
    except InvalidOperation:
        return None
    return nilai if nilai.is_finite() else None


def _status(teks: str, acuan: Acuan, hasil: Baris) -> str:
    kode = acuan.status.get(teks.upper(), "")
    if not kode:
        hasil.galat.append(
            Pesan(STATUS, "STATUS_TIDAK_DIKENAL", "Status tidak dikenal. Tulis seperti di daftar status pada halaman Penyaluran.")
            if teks
            else Pesan(STATUS, "KOSONG", "Status belum diisi.")
        )  # fmt: skip
    return kode


def _tanggal(sel: Sel, teks: str, hasil: Baris) -> str:
    hari = sel if isinstance(sel, date) else None
    try:
        hari = _HARI.clean(hari or teks)
    except ValidationError:
        hari = None
    if hari is None:
        hasil.galat.append(
            Pesan(TANGGAL, "TANGGAL", "Tulis tanggal status yang sudah terjadi, misalnya 05/10/2026.")
        )
        return ""
    return f"{hari:%Y-%m-%d}"


def _pendek(teks: str, kolom: str, batas: int, hasil: Baris) -> str:
    if len(teks) > batas:
        hasil.galat.append(Pesan(kolom, "TERLALU_PANJANG", f"Paling banyak {batas} huruf."))
    return teks
