"""Load the Kemendagri code list. One COPY into a temporary table, then set operations; safe to repeat."""

import csv
import datetime as dt
import gzip
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from core.audit import catat
from wilayah import kode as aturan
from wilayah.models import Tingkat

DATA = Path(__file__).resolve().parent.parent / "data"
BERKAS = DATA / "wilayah.csv.gz"
SUMBER = DATA / "SUMBER.json"
KODE_LAMA = DATA / "kode_lama.csv"
KUNCI = 320_500_001  # advisory lock: two loads at once take turns
BAGIAN_HILANG = 0.05  # a new decree changes far fewer codes; a cut-off file loses more


class DataWilayahSalah(Exception):
    """The file cannot be loaded; the message is an Indonesian sentence. Nothing was written."""


@dataclass(frozen=True)
class KodeLama:
    kode: str
    nama: str
    pengganti: str | None
    berlaku_hingga: dt.date
    dasar: str


@dataclass
class Hasil:
    """What one load did. `jumlah` counts the codes now in force, by level 1..4."""

    baru: int = 0
    berubah: int = 0
    berakhir: int = 0
    jumlah: dict[int, int] = field(default_factory=dict)
    dasar: str = ""
    tanggal_dasar: dt.date | None = None


def baca_sumber(berkas: Path = SUMBER) -> dict:
    """Origin, decree, date, licence and counts of the bundled data."""
    return json.loads(berkas.read_text(encoding="utf-8"))


def baca_wilayah(berkas: Path = BERKAS) -> list[tuple[str, str, int]]:
    """(kode, nama, tingkat 1..4) from a .csv or .csv.gz with these columns, every row checked."""
    try:
        isi = berkas.read_bytes()
        teks = (gzip.decompress(isi) if isi[:2] == b"\x1f\x8b" else isi).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as galat:
        raise DataWilayahSalah(f"Berkas {berkas} tidak dapat dibaca: {galat}.") from galat
    pembaca = csv.DictReader(io.StringIO(teks))
    if not {"kode", "nama"} <= set(pembaca.fieldnames or []):
        raise DataWilayahSalah("Baris pertama berkas harus memuat kolom kode dan nama.")
    hasil: dict[str, tuple[str, str, int]] = {}
    for nomor, baris in enumerate(pembaca, start=2):
        hasil_baris = _periksa(baris, nomor)
        if hasil_baris[0] in hasil:
            raise DataWilayahSalah(f"Baris {nomor}: kode {hasil_baris[0]} tertulis dua kali.")
        hasil[hasil_baris[0]] = hasil_baris
    for kode in hasil:
        induk = aturan.induk_dari(kode)
        if induk and induk not in hasil:
            raise DataWilayahSalah(f"Kode {kode} ada, tetapi induknya {induk} tidak ada di berkas.")
    return [hasil[kode] for kode in sorted(hasil)]


def baca_kode_lama(berkas: Path = KODE_LAMA) -> list[KodeLama]:
    """Known codes that are no longer in force, with their successor and the law that ended them."""
    with berkas.open(encoding="utf-8", newline="") as f:
        return [
            KodeLama(
                kode=satu["kode"],
                nama=satu["nama"],
                pengganti=satu["pengganti"] or None,
                berlaku_hingga=dt.date.fromisoformat(satu["berlaku_hingga"]),
                dasar=satu["dasar"],
            )
            for satu in csv.DictReader(f)
        ]


def impor_wilayah(
    *,
    baris: list[tuple[str, str, int]],
    kode_lama: Iterable[KodeLama],
    dasar: str,
    tanggal_dasar: dt.date,
    izinkan_banyak_berakhir: bool = False,
) -> Hasil:
    """Make the table say what `baris` says. Atomic; the second run with the same input changes no row.

    A code that is missing from `baris` is ended on `tanggal_dasar`, with its successor when `kode_lama` names
    one: it is never deleted, cases and NIK still point at it. RW and RT are the village's own and follow it.
    DataWilayahSalah when more than 5 % of the codes would end at once.
    """
    baru = {kode for kode, _, _ in baris}
    lama = [satu for satu in kode_lama if satu.kode not in baru]
    with transaction.atomic(), connection.cursor() as cur:
        cur.execute("SELECT pg_advisory_xact_lock(%s)", [KUNCI])
        _salin(cur, _siapkan(baris, lama, dasar, tanggal_dasar))
        _tolak_bila_terpotong(cur, izinkan_banyak_berakhir)
        hasil = Hasil(dasar=dasar, tanggal_dasar=tanggal_dasar)
        _hidupkan_rtrw(cur)
        hasil.baru, hasil.berubah = _gabung(cur)
        hasil.berakhir = _akhiri(cur, dasar, tanggal_dasar)
        _ikutkan_rtrw(cur)
        cur.execute(
            """SELECT tingkat, count(*) FROM wilayah_wilayah
               WHERE berlaku_hingga IS NULL AND tingkat <= 4 GROUP BY tingkat"""
        )
        hasil.jumlah = dict(cur.fetchall())
        cur.execute("DROP TABLE wilayah_muat")
        _catat(hasil)
    with connection.cursor() as cur:
        cur.execute("ANALYZE wilayah_wilayah")
    return hasil


def _catat(hasil: Hasil) -> None:
    """One line in the audit trail, none when nothing changed: the portal loads the list at every start."""
    angka = {"baru": hasil.baru, "berubah": hasil.berubah, "berakhir": hasil.berakhir}
    if any(angka.values()):
        catat(aksi="impor_wilayah", jenis="wilayah.Wilayah", by=None, rincian={"dasar": hasil.dasar, **angka})


def sebutan(kode: str, nama: str) -> str:
    """'Kecamatan Garut Kota', 'Kelurahan Pataruman': the first digit of a village number says its kind.

    1 kelurahan, 2 desa, 3 desa adat (Kepmendagri on codes). Kabupaten and kota carry the word in their name.
    """
    tingkat = aturan.tingkat_dari(kode)
    if tingkat == Tingkat.KECAMATAN:
        return f"Kecamatan {nama}"
    if tingkat == Tingkat.DESA:
        jenis = {"1": "Kelurahan", "3": "Desa Adat"}.get(kode[9], "Desa")
        return f"{jenis} {nama}"
    return nama


def _periksa(baris: dict[str, str], nomor: int) -> tuple[str, str, int]:
    kode = aturan.bakukan(baris["kode"] or "")
    nama = " ".join((baris["nama"] or "").split())
    if not kode or not aturan.bentuk_sah(kode) or aturan.tingkat_dari(kode) > Tingkat.DESA:
        raise DataWilayahSalah(f"Baris {nomor}: {baris['kode']!r} bukan kode provinsi sampai desa/kelurahan.")
    if not nama or len(nama) > 100 or "\x00" in nama:
        raise DataWilayahSalah(f"Baris {nomor}: nama wilayah {kode} kosong atau lebih dari 100 huruf.")
    return kode, nama, aturan.tingkat_dari(kode)


def _siapkan(
    baris: list[tuple[str, str, int]], lama: list[KodeLama], dasar: str, tanggal: dt.date
) -> list[tuple[Any, ...]]:
    """Rows for COPY: kode, nama, tingkat, induk, jalur, pengganti, berlaku_hingga, dasar."""
    nama = {kode: teks for kode, teks, _ in baris} | {satu.kode: satu.nama for satu in lama}

    def jalur(kode: str) -> str:
        rantai = [kode, *reversed(aturan.leluhur(kode))]
        return ", ".join(sebutan(satu, nama[satu]) for satu in rantai)

    siap: list[tuple[Any, ...]] = [
        (kode, teks, tingkat, aturan.induk_dari(kode), jalur(kode), None, None, dasar)
        for kode, teks, tingkat in baris
    ]
    for satu in lama:
        if not all(induk in nama for induk in aturan.leluhur(satu.kode)):
            continue  # a list of one province needs no history of another
        siap.append(
            (
                satu.kode,
                satu.nama,
                aturan.tingkat_dari(satu.kode),
                aturan.induk_dari(satu.kode),
                jalur(satu.kode),
                satu.pengganti if satu.pengganti in nama else None,
                satu.berlaku_hingga,
                satu.dasar,
            )
        )
    return siap


def _salin(cur: Any, baris: list[tuple[Any, ...]]) -> None:
    cur.execute(
        """CREATE TEMPORARY TABLE wilayah_muat (
             kode varchar(24) COLLATE "C" PRIMARY KEY, nama text, tingkat smallint,
             induk_id varchar(24) COLLATE "C", jalur text, pengganti_id varchar(24) COLLATE "C",
             berlaku_hingga date, dasar text
           ) ON COMMIT DROP"""
    )
    with cur.copy("COPY wilayah_muat FROM STDIN") as salin:
        for satu in baris:
            salin.write_row(satu)
    cur.execute("ANALYZE wilayah_muat")


def _tolak_bila_terpotong(cur: Any, izinkan: bool) -> None:
    cur.execute(
        """SELECT count(*), count(*) FILTER (WHERE m.kode IS NULL)
           FROM wilayah_wilayah w LEFT JOIN wilayah_muat m USING (kode)
           WHERE w.tingkat <= 4 AND w.berlaku_hingga IS NULL"""
    )
    semua, hilang = cur.fetchone()
    if izinkan or hilang <= semua * BAGIAN_HILANG:
        return
    raise DataWilayahSalah(
        f"Berkas ini akan mengakhiri {hilang} dari {semua} kode yang berlaku. Mungkin berkas terpotong. "
        "Bila memang benar, ulangi dengan --izinkan-banyak-berakhir."
    )


def _gabung(cur: Any) -> tuple[int, int]:
    """Upsert; a row that already says the same is left alone. Foreign keys are checked at commit."""
    cur.execute(
        """INSERT INTO wilayah_wilayah AS w
             (kode, nama, tingkat, induk_id, jalur, pengganti_id, berlaku_hingga, dasar)
           SELECT kode, nama, tingkat, induk_id, jalur, pengganti_id, berlaku_hingga, dasar
             FROM wilayah_muat ORDER BY kode
           ON CONFLICT (kode) DO UPDATE SET nama = excluded.nama, jalur = excluded.jalur,
             pengganti_id = excluded.pengganti_id, berlaku_hingga = excluded.berlaku_hingga,
             dasar = excluded.dasar
           WHERE (w.nama, w.jalur, w.pengganti_id, w.berlaku_hingga, w.dasar) IS DISTINCT FROM
             (excluded.nama, excluded.jalur, excluded.pengganti_id, excluded.berlaku_hingga, excluded.dasar)
           RETURNING (xmax = 0)"""
    )
    tulis = [satu[0] for satu in cur.fetchall()]
    return sum(tulis), len(tulis) - sum(tulis)


def _akhiri(cur: Any, dasar: str, tanggal: dt.date) -> int:
    cur.execute(
        """UPDATE wilayah_wilayah w SET berlaku_hingga = %s, dasar = %s
           WHERE w.tingkat <= 4 AND w.berlaku_hingga IS NULL
             AND NOT EXISTS (SELECT FROM wilayah_muat m WHERE m.kode = w.kode)""",
        [tanggal, dasar],
    )
    return cur.rowcount


def _hidupkan_rtrw(cur: Any) -> None:
    """RW and RT that ended with their village come back with it, after a wrong file the right one."""
    cur.execute(
        """UPDATE wilayah_wilayah r SET berlaku_hingga = NULL, dasar = ''
           FROM wilayah_wilayah d JOIN wilayah_muat m USING (kode)
           WHERE r.tingkat > 4 AND d.tingkat = 4 AND d.kode = left(r.kode, 13)
             AND d.berlaku_hingga IS NOT NULL AND m.berlaku_hingga IS NULL
             AND r.berlaku_hingga = d.berlaku_hingga"""
    )


def _ikutkan_rtrw(cur: Any) -> None:
    """RW and RT take their village's end and its new name."""
    cur.execute(
        """UPDATE wilayah_wilayah r SET berlaku_hingga = d.berlaku_hingga, dasar = d.dasar
           FROM wilayah_wilayah d
           WHERE r.tingkat > 4 AND d.tingkat = 4 AND d.kode = left(r.kode, 13)
             AND d.berlaku_hingga IS NOT NULL AND r.berlaku_hingga IS NULL"""
    )
    cur.execute(
        """UPDATE wilayah_wilayah r
           SET jalur = CASE r.tingkat WHEN 5 THEN r.nama || ', ' || d.jalur
                       ELSE r.nama || ', RW ' || substr(r.kode, 15, 3) || ', ' || d.jalur END
           FROM wilayah_wilayah d
           WHERE r.tingkat > 4 AND d.tingkat = 4 AND d.kode = left(r.kode, 13)
             AND right(r.jalur, length(d.jalur)) <> d.jalur"""
    )
