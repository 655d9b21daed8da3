"""Invented V.4 files, always the same for the same seed, with a list of the errors that were put in."""

import io
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import xlsxwriter

from dtks.actions.impor import templat_v4 as v4

DESA = ("JAWA BARAT", "GARUT", "GARUT KOTA", "PAMINGGIR")  # replaced by `nama_desa`
_DEPAN = [
    "ASEP",
    "SITI",
    "DEDI",
    "EUIS",
    "UJANG",
    "NENG",
    "AGUS",
    "RINA",
    "COKI",
    "WATI",
    "JAJANG",
    "LILIS",
    "TATANG",
    "YANI",
    "MAMAN",
    "IMAS",
    "ENDANG",
    "NANI",
    "DADANG",
    "TITIN",
]
_BELAKANG = [
    "SURYANA",
    "ROHMAH",
    "HIDAYAT",
    "NURHAYATI",
    "SETIAWAN",
    "KOMALA",
    "PERMANA",
    "SUHERMAN",
    "RAHAYU",
    "GUNAWAN",
    "SOPIAN",
    "MULYANI",
]
Baris = dict[str, Any]


def nama_desa(kode: str) -> tuple[str, ...]:
    """The four names of the template for a desa of the database."""
    from wilayah.models import Wilayah

    return tuple(Wilayah.objects.get(pk=kode[:n]).nama.upper() for n in (2, 5, 8, 13))


def keluarga(n: int, acak: random.Random, desa: Sequence[str], anggota: int | None = None) -> list[Baris]:
    """The rows of the n-th invented family: mother BPNT, the others NONBANSOS."""
    kk = (
        f"320501{1 + n % 28:02d}{1 + n % 12:02d}15{n:04d}"
        if n < 10_000
        else f"3205{2 + n // 10_000:02d}{1 + n % 28:02d}{1 + n % 12:02d}15{n % 10_000:04d}"
    )
    alamat, rt, rw = f"KP SUKAMAJU {n % 50}", f"{1 + n % 9:03d}", f"{1 + n % 7:03d}"
    rows = []
    for i in range(anggota or acak.randint(2, 4)):
        perempuan = i == 0 or acak.random() < 0.5
        lahir = date(1955, 1, 1) + timedelta(days=acak.randrange(12_000)) + timedelta(days=9000 * (i > 0))
        if (hari := lahir.day + 40 * perempuan) and lahir > date(2026, 1, 1):
            lahir = lahir.replace(year=2020)
        urut = n * 4 + i
        nik = f"32{5 + urut // 8_000_000:02d}{1 + urut // 9000 % 80:02d}{hari:02d}{lahir:%m%y}{1 + urut % 9000:04d}"
        nik = f"3205{nik[4:]}"
        rows.append({
            v4.NIK: nik, v4.PROGRAM: "BPNT" if i == 0 else "NONBANSOS", v4.NOKK: kk,
            v4.NAMA: f"{acak.choice(_DEPAN)} {acak.choice(_BELAKANG)}", v4.TEMPAT: "GARUT", v4.LAHIR: f"{lahir:%d/%m/%Y}",
            v4.IBU: f"{acak.choice(_DEPAN)} {acak.choice(_BELAKANG)}", v4.KELAMIN: "P" if perempuan else "L",
            v4.KERJA: "MENGURUS RUMAH TANGGA" if perempuan else "BURUH HARIAN LEPAS", v4.KAWIN: "KAWIN" if i == 0 else "BELUM KAWIN",
            v4.ALAMAT: alamat, v4.RT: rt, v4.RW: rw, v4.PROVINSI: desa[0], v4.KABUPATEN: desa[1], v4.KECAMATAN: desa[2],
            v4.KELURAHAN: desa[3], v4.DISABILITAS: "TIDAK", v4.KODE_DISABILITAS: None, v4.HAMIL: "TIDAK", v4.HAMIL_SEJAK: None,
        })  # fmt: skip
    return rows


def berkas(jumlah: int, *, seed: int, desa: Sequence[str], awal: int = 0) -> list[Baris]:
    """About `jumlah` rows (whole families)."""
    acak, rows, n = random.Random(seed), [], awal
    while len(rows) < jumlah:
        rows += keluarga(n, acak, desa)
        n += 1
    return rows


@dataclass(frozen=True)
class Rusak:
    """One kind of seeded error: what is done to a row, where and how it must be named, and how it is mended."""

    kode: str
    kolom: str
    ubah: Callable[[Baris], None]


def _isi(kolom: str, nilai: Any) -> Callable[[Baris], None]:
    def ubah(b: Baris) -> None:
        b[kolom] = nilai(b) if callable(nilai) else nilai

    return ubah


def _beberapa(**isi: Any) -> Callable[[Baris], None]:
    def ubah(b: Baris) -> None:
        for nama, nilai in isi.items():
            b[getattr(v4, nama)] = nilai

    return ubah


JENIS_RUSAK = (
    Rusak("NIK_BUKAN_16", v4.NIK, _isi(v4.NIK, lambda b: b[v4.NIK][:15])),
    Rusak("NIK_BUKAN_16", v4.NIK, _isi(v4.NIK, lambda b: b[v4.NIK] + "1")),
    Rusak("NIK_BUKAN_ANGKA", v4.NIK, _isi(v4.NIK, lambda b: b[v4.NIK][:15] + "O")),
    Rusak("NIK_ANGKA_ILMIAH", v4.NIK, _isi(v4.NIK, "3,20501E+15")),
    Rusak("NIK_ANGKA_ILMIAH", v4.NIK, _isi(v4.NIK, lambda b: int(b[v4.NIK][:15] + "0"))),
    Rusak("NIK_BUKAN_TEKS", v4.NIK, _isi(v4.NIK, lambda b: int(b[v4.NIK][:15] + "7"))),
    Rusak("NIK_TIDAK_SAH", v4.NIK, _isi(v4.NIK, lambda b: b[v4.NIK][:8] + "13" + b[v4.NIK][10:])),
    Rusak("KOSONG", v4.NIK, _isi(v4.NIK, None)),
    Rusak("PROGRAM_TIDAK_DIKENAL", v4.PROGRAM, _isi(v4.PROGRAM, "BLT")),
    Rusak("KOSONG", v4.PROGRAM, _isi(v4.PROGRAM, None)),
    Rusak("KK_BUKAN_16", v4.NOKK, _isi(v4.NOKK, lambda b: b[v4.NOKK][:14])),
    Rusak("KK_ANGKA_ILMIAH", v4.NOKK, _isi(v4.NOKK, "3.20501E+15")),
    Rusak("KK_BUKAN_TEKS", v4.NOKK, _isi(v4.NOKK, lambda b: int(b[v4.NOKK][:15] + "3"))),
    Rusak("KOSONG", v4.NAMA, _isi(v4.NAMA, None)),
    Rusak("NAMA_TIDAK_SAH", v4.NAMA, _isi(v4.NAMA, "...")),
    Rusak("BUKAN_TEKS", v4.NAMA, _isi(v4.NAMA, 12345)),
    Rusak("KOSONG", v4.TEMPAT, _isi(v4.TEMPAT, None)),
    Rusak("TANGGAL_FORMAT", v4.LAHIR, _isi(v4.LAHIR, "1980-01-31")),
    Rusak("TANGGAL_FORMAT", v4.LAHIR, _isi(v4.LAHIR, "31 Januari 1980")),
    Rusak("TANGGAL_TERTUKAR", v4.LAHIR, _isi(v4.LAHIR, "12/31/1980")),
    Rusak("TANGGAL_TIDAK_ADA", v4.LAHIR, _isi(v4.LAHIR, "31/02/1980")),
    Rusak("TANGGAL_TIDAK_MASUK_AKAL", v4.LAHIR, _isi(v4.LAHIR, "01/01/2043")),
    Rusak("KOSONG", v4.IBU, _isi(v4.IBU, None)),
    Rusak("JK_TIDAK_DIKENAL", v4.KELAMIN, _isi(v4.KELAMIN, "X")),
    Rusak("STATUS_KAWIN_TIDAK_DIKENAL", v4.KAWIN, _isi(v4.KAWIN, "JANDA")),
    Rusak("KOSONG", v4.ALAMAT, _isi(v4.ALAMAT, None)),
    Rusak("RT_FORMAT", v4.RT, _isi(v4.RT, "RT 1A")),
    Rusak("RW_FORMAT", v4.RW, _isi(v4.RW, "0012")),
    Rusak("WILAYAH_TIDAK_DIKENAL", v4.PROVINSI, _isi(v4.PROVINSI, "JABAR")),
    Rusak("WILAYAH_TIDAK_DIKENAL", v4.KABUPATEN, _isi(v4.KABUPATEN, "GARUUT")),
    Rusak("WILAYAH_TIDAK_DIKENAL", v4.KECAMATAN, _isi(v4.KECAMATAN, "GARUT KTA")),
    Rusak("WILAYAH_TIDAK_DIKENAL", v4.KELURAHAN, _isi(v4.KELURAHAN, "TIDAK ADA")),
    Rusak("DISABILITAS_KODE", v4.KODE_DISABILITAS, _beberapa(DISABILITAS="YA", KODE_DISABILITAS=None)),
    Rusak("DISABILITAS_KODE", v4.KODE_DISABILITAS, _beberapa(DISABILITAS="YA", KODE_DISABILITAS="FISIK")),
    Rusak("DISABILITAS_KODE", v4.KODE_DISABILITAS, _beberapa(DISABILITAS="TIDAK", KODE_DISABILITAS="PDFSK")),
    Rusak("YA_TIDAK", v4.DISABILITAS, _isi(v4.DISABILITAS, "MUNGKIN")),
    Rusak("HAMIL_TANGGAL", v4.HAMIL_SEJAK, _beberapa(HAMIL="TIDAK", HAMIL_SEJAK="01/10/2026")),
    Rusak("YA_TIDAK", v4.HAMIL, _isi(v4.HAMIL, "BELUM TAHU")),
    Rusak("RUMUS", v4.NAMA, _isi(v4.NAMA, lambda b: Rumus('=UPPER("siti")', "SITI"))),
)  # fmt: skip


@dataclass(frozen=True)
class Rumus:
    teks: str
    nilai: Any


@dataclass
class Berkas:
    """A file with errors: `rows` as sent, `benar` the same rows mended, `salah` {(row in the sheet, heading): code}."""

    rows: list[Baris]
    benar: list[Baris]
    salah: dict[tuple[int, str], str] = field(default_factory=dict)


def rusak(rows: list[Baris], *, seed: int, tiap: int = 20) -> Berkas:
    """Every `tiap`-th row or so gets one error; every kind comes in turn; heads of families stay whole."""
    acak = random.Random(seed)
    hasil = Berkas([dict(b) for b in rows], rows)
    calon = [i for i, b in enumerate(rows) if b[v4.PROGRAM] != "BPNT"]
    acak.shuffle(calon)
    pilih = calon[: max(len(rows) // tiap, len(JENIS_RUSAK) + 2)]
    for n, i in enumerate(pilih[2:]):
        jenis = JENIS_RUSAK[n % len(JENIS_RUSAK)]
        jenis.ubah(hasil.rows[i])
        hasil.salah[i + 2, jenis.kolom] = jenis.kode
    return hasil


def xlsx(rows: Iterable[Baris], *, lembar: str = "USULAN", kepala: Sequence[str] = v4.JUDUL) -> bytes:
    keluar = io.BytesIO()
    buku = xlsxwriter.Workbook(keluar, {"constant_memory": True})
    teks = buku.add_format({"num_format": "@"})
    tanggal = buku.add_format({"num_format": "dd/mm/yyyy"})
    isi = buku.add_worksheet(lembar)
    for j, k in enumerate(kepala):
        isi.write_string(0, j, k)
    for i, b in enumerate(rows, start=1):
        for j, k in enumerate(v4.JUDUL):
            nilai = b.get(k)
            if isinstance(nilai, Rumus):
                isi.write_formula(i, j, nilai.teks, teks, nilai.nilai)
            elif isinstance(nilai, date):
                isi.write_datetime(i, j, nilai, tanggal)
            elif isinstance(nilai, int | float):
                isi.write_number(i, j, nilai)
            elif nilai is not None:
                isi.write_string(i, j, nilai, teks)
    buku.close()
    return keluar.getvalue()


def csv_v4(rows: Iterable[Baris], *, pemisah: str = ";", kode: str = "utf-8-sig") -> bytes:
    baris = [pemisah.join(v4.JUDUL), *(pemisah.join(str(b.get(k) or "") for k in v4.JUDUL) for b in rows)]
    return ("\r\n".join(baris) + "\r\n").encode(kode)
