"""SK > order > paid > withdrawn, for one programme, period and stage of some areas: totals that must agree, and each difference
as a list of its rows (ADR 0027).

A family counts where its payment was reported, else where it lives now, so that the areas add up to the kabupaten.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from wilayah.kode import rentang, ringkas


def akhir_periode(periode: str) -> date:
    """The last day of '2026-4' (a quarter) or '2026-10' (a month)."""
    tahun, bagian = periode.split("-")
    bulan = int(bagian) if len(bagian) == 2 else int(bagian) * 3
    return date(int(tahun), bulan, monthrange(int(tahun), bulan)[1])


@dataclass(frozen=True)
class Lingkup:
    """What is reconciled. `periode`: '2026-4' or '2026-10'; `luas`: areas, [] reaches nothing."""

    program: str
    periode: str
    tahap: int
    luas: tuple[str, ...]

    @property
    def akhir(self) -> date:
        """The last day of the period: later decrees do not count for it."""
        return akhir_periode(self.periode)


# code -> (name, what to do, condition over `semua`, rupiah of the difference)
SELISIH: dict[str, tuple[str, str, str, str]] = {
    "tanpa_laporan": (
        "Ada di SK, belum ada laporan bayar",
        "Tanyakan ke bank atau Pusdatin: belum masuk SPM, atau berkasnya belum dimuat.",
        "bayar is null",
        "0",
    ),
    "tanpa_sk": (
        "Ada laporan bayar, tidak ada SK yang berlaku",
        "Periksa SK-nya: belum dicatat di portal, atau penerima sudah dikeluarkan tetapi masih dibayar.",
        "sk is null",
        "nominal",
    ),
    "belum_perintah": (
        "Belum ada perintah bayar",
        "Lihat statusnya: gagal rekening, dikeluarkan, atau masih diproses.",
        "bayar is not null and perintah is null",
        "nominal",
    ),
    "tidak_dibayar": (
        "Perintah keluar, dana belum masuk",
        "Tunggu bank, atau dana kembali karena gagal. Hubungi bank penyalur.",
        "perintah is not null and dibayar is null",
        "perintah",
    ),
    "beda_nominal": (
        "Yang dibayar tidak sama dengan perintah",
        "Minta penjelasan bank; jangan sampai ada potongan.",
        "dibayar is not null and dibayar <> perintah",
        "perintah - dibayar",
    ),
    "belum_diambil": (
        "Dana masuk, belum diambil",
        "Datangi penerima sebelum dana dikembalikan ke kas negara.",
        "dibayar is not null and diambil is null",
        "dibayar",
    ),
    "diambil_sebagian": (
        "Diambil sebagian",
        "Tanyakan ke penerima; bila bukan dia yang mengambil, catat sebagai aduan.",
        "diambil is not null and diambil < dibayar",
        "dibayar - diambil",
    ),
}

_SEMUA = """
with sk as (
  select distinct on (u.keluarga_id) u.keluarga_id, u.jalur
  from bansos_barispenetapan b join bansos_penetapan t on t.id = b.penetapan_id join dtks_usulan u on u.id = b.usulan_id
  where t.program_id = %(program)s and t.status = 'berlaku' and b.hasil = 'ditetapkan' and t.tanggal <= %(akhir)s
  order by u.keluarga_id, t.created_at desc, b.id desc)
, terima as (
  select s.keluarga_id, k.wilayah_id from sk s join dtks_keluarga k on k.id = s.keluarga_id where s.jalur <> 'PENGHAPUSAN')
, bayar as (
  select * from bansos_penyaluran where program_id = %(program)s and periode = %(periode)s and tahap = %(tahap)s and berlaku)
, semua as (
  select coalesce(b.wilayah_id, t.wilayah_id) as wilayah, coalesce(b.keluarga_id, t.keluarga_id) as keluarga, t.keluarga_id as sk, b.id as bayar,
    coalesce(b.id, t.keluarga_id) as kunci, b.status_id as status, b.nominal, b.nominal_perintah as perintah, b.nominal_dibayar as dibayar,
    b.nominal_diambil as diambil
  from terima t full join bayar b on b.keluarga_id = t.keluarga_id)
"""


@dataclass(frozen=True)
class Tingkat:
    """One level: how many, how much (None: a decree names no amount), and the level before less or plus its differences."""

    kode: str
    nama: str
    n: int
    rupiah: int | None
    hitung_n: int
    hitung_rupiah: int | None

    @property
    def cocok(self) -> bool:
        return self.n == self.hitung_n and self.rupiah == self.hitung_rupiah


@dataclass(frozen=True)
class Selisih:
    kode: str
    nama: str
    langkah: str
    n: int
    rupiah: int


@dataclass(frozen=True)
class Rekonsiliasi:
    tingkat: list[Tingkat]
    selisih: list[Selisih]
    serumah: int  # payments beyond the first of a family (programmes of persons)

    @property
    def cocok(self) -> bool:
        return all(t.cocok for t in self.tingkat)


def _luas(luas: Iterable[str]) -> tuple[str, dict[str, Any]]:
    """Condition that `wilayah` lies in any of the areas."""
    bagian, nilai = [], {}
    for n, kode in enumerate(ringkas(luas)):
        nilai[f"awal{n}"], nilai[f"akhir{n}"] = rentang(kode)
        bagian.append(f"(wilayah >= %(awal{n})s and wilayah < %(akhir{n})s)")
    return " or ".join(bagian) or "false", nilai


def _nilai(lingkup: Lingkup) -> tuple[str, dict[str, Any]]:
    syarat, nilai = _luas(lingkup.luas)
    return syarat, {
        "program": lingkup.program, "periode": lingkup.periode, "tahap": lingkup.tahap, "akhir": lingkup.akhir, **nilai,
    }  # fmt: skip


def rekonsiliasi(lingkup: Lingkup) -> Rekonsiliasi:
    """All levels and differences in one statement."""
    syarat, nilai = _nilai(lingkup)
    kolom = [
        "count(distinct sk)", "count(bayar)", "count(perintah)", "count(dibayar)", "count(diambil)", "coalesce(sum(perintah), 0)",
        "coalesce(sum(dibayar), 0)", "coalesce(sum(diambil), 0)", "count(sk) - count(distinct sk)",
    ]  # fmt: skip
    for _, _, bila, rupiah in SELISIH.values():
        kolom += [f"count(*) filter (where {bila})", f"coalesce(sum({rupiah}) filter (where {bila}), 0)"]
    with connection.cursor() as cursor:
        cursor.execute(f"{_SEMUA} select {', '.join(kolom)} from semua where {syarat}", nilai)  # noqa: S608 - words of code
        isi = [int(n) for n in cursor.fetchone()]
    return _susun(isi[:9], isi[9:])


def _susun(jumlah: list[int], beda: list[int]) -> Rekonsiliasi:
    sk, bayar, perintah, dibayar, diambil, rp_perintah, rp_dibayar, rp_diambil, serumah = jumlah
    selisih = {
        kode: Selisih(kode, nama, langkah, beda[2 * i], beda[2 * i + 1])
        for i, (kode, (nama, langkah, _, _)) in enumerate(SELISIH.items())
    }
    s = {kode: (x.n, x.rupiah) for kode, x in selisih.items()}
    return Rekonsiliasi(
        [
            Tingkat("sk", "Ditetapkan di SK", sk, None, sk, None),
            Tingkat("laporan", "Ada laporan bayar", bayar, None, sk - s["tanpa_laporan"][0] + s["tanpa_sk"][0] + serumah, None),
            Tingkat("perintah", "Perintah bayar keluar", perintah, rp_perintah, bayar - s["belum_perintah"][0], rp_perintah),
            Tingkat(
                "dibayar", "Dana masuk", dibayar, rp_dibayar, perintah - s["tidak_dibayar"][0],
                rp_perintah - s["tidak_dibayar"][1] - s["beda_nominal"][1],
            ),
            Tingkat(
                "diambil", "Dana diambil", diambil, rp_diambil, dibayar - s["belum_diambil"][0],
                rp_dibayar - s["belum_diambil"][1] - s["diambil_sebagian"][1],
            ),
        ],
        list(selisih.values()),
        serumah,
    )  # fmt: skip


@dataclass(frozen=True)
class BarisSelisih:
    """A row of one difference: the family, and its payment where there is one."""

    keluarga: Any
    nama: str
    wilayah: str
    jalur: str
    tingkat: int
    kunci: Any
    status: str
    nominal: int | None
    perintah: int | None
    dibayar: int | None
    diambil: int | None


def baris(lingkup: Lingkup, kode: str, sesudah: list[Any], maks: int) -> list[BarisSelisih]:
    """Rows of one difference in the order (area, key) behind `sesudah` ([] = from the start). KeyError: no such difference."""
    bila = SELISIH[kode][2]
    syarat, nilai = _nilai(lingkup)
    if sesudah:
        bila += " and (wilayah, kunci) > (%(w)s, %(k)s::uuid)"
        nilai |= {"w": sesudah[0], "k": sesudah[1]}
    query = f"""{_SEMUA} select s.keluarga, k.nama_kepala, s.wilayah, w.jalur, w.tingkat, s.kunci, coalesce(t.nama, ''), s.nominal, s.perintah,
      s.dibayar, s.diambil
    from (select * from semua where ({syarat}) and {bila} order by wilayah, kunci limit %(maks)s) s
    join dtks_keluarga k on k.id = s.keluarga join wilayah_wilayah w on w.kode = s.wilayah left join bansos_statussalur t on t.kode = s.status
    order by s.wilayah, s.kunci"""  # noqa: S608 - words of code
    with connection.cursor() as cursor:
        cursor.execute(query, nilai | {"maks": maks})
        return [BarisSelisih(*r) for r in cursor.fetchall()]
