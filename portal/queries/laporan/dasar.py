"""What a report is made of: the area it is about, additive ingredients per part of it, and values made from them.

A report reads ingredients (counts that may be added up) for each part of an area, and makes its values from their sum,
so the line of the whole area is made by the same rule as the line of a village and never by averaging.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from math import ceil
from typing import Any

from django.db.models import QuerySet, Sum

from accounts.models import Pengguna
from core import rules
from portal.models import Ringkasan
from portal.queries.laporan.ukuran import UKURAN, bulan_lalu
from wilayah.kode import LENGTHS, dalam, mencakup, ringkas, tingkat_dari
from wilayah.models import Tingkat, Wilayah
from wilayah.waktu import hari_wilayah

Bahan = Counter[Hashable]
Nilai = dict[str, float | int | None]


@dataclass(frozen=True)
class Lingkup:
    """Area(s) of a report, cut into parts: the areas below a single one, else the areas themselves."""

    luas: tuple[str, ...]
    periode: str

    @property
    def satu(self) -> str:
        """The one area, '' when there are several."""
        return self.luas[0] if len(self.luas) == 1 else ""

    @property
    def panjang(self) -> int:
        """Length of the codes of the parts. A village has no parts but itself."""
        if not self.luas:
            return LENGTHS[3]
        if not self.satu:
            return min(max(len(kode) for kode in self.luas), LENGTHS[3])
        return LENGTHS[min(tingkat_dari(self.satu), 3)]

    @cached_property
    def hari(self) -> date:
        """Today where the area lies."""
        return hari_wilayah(self.luas[0] if self.luas else "")

    @cached_property
    def bagian(self) -> dict[str, str]:
        """Code -> name of every part that is in force, in code order."""
        rows = Wilayah.objects.berlaku().filter(tingkat=LENGTHS.index(self.panjang) + 1)
        rows = rows.filter(dalam("kode", self.luas)).order_by("kode")
        return {w.kode: w.sebutan for w in rows}

    @cached_property
    def _aturan(self) -> dict[str, Any]:
        return {}

    def aturan(self, kunci: str) -> Any:
        """The rule in force for the (first) area; read once for a page."""
        if kunci not in self._aturan:
            self._aturan[kunci] = rules.value(kunci, self.luas[0] if self.luas else "")
        return self._aturan[kunci]

    @cached_property
    def dihitung(self) -> dict[str, datetime]:
        """When each measure of the daily tables was made."""
        rows = Ringkasan.objects.filter(ukuran__in=[f"{u.kode}:0" for u in UKURAN]).order_by("ukuran")
        return {ukuran[:-2]: pada for ukuran, pada in rows.values_list("ukuran", "dihitung_at")}


def lingkup(user: Pengguna, wilayah: str, periode: str, kuasa: str = "laporan.lihat") -> Lingkup | None:
    """The asked area if it lies inside the person's, all of his areas for ''; None when it is not his."""
    luas = ringkas(user.cakupan(kuasa))
    if wilayah:
        return Lingkup((wilayah,), periode) if any(mencakup(a, wilayah) for a in luas) else None
    return Lingkup(tuple(luas), periode) if luas else None


@dataclass(frozen=True)
class Kolom:
    """A column: `jenis` n (count), persen, hari, kali. `baris` names the rows behind the number ('' = none).

    `dari`: the column of which this one is a part; `rahasia`: a count of people or families, hidden when small.
    """

    kode: str
    judul: str
    jenis: str = "n"
    baris: str = ""
    dari: str = ""
    rahasia: bool = False


Daftar = Callable[[Pengguna, Lingkup, str], QuerySet[Any]]


@dataclass(frozen=True)
class Laporan:
    """One KPI. `bahan` gives ingredients per part, `nilai` makes the columns from them (and from their sum)."""

    kode: str
    judul: str
    kalimat: str
    pembilang: str
    penyebut: str
    sumber: str
    kolom: tuple[Kolom, ...]
    utama: str  # the column that stands for the report on the first page and in the chart
    bahan: Callable[[Lingkup], Mapping[str, Bahan]]
    nilai: Callable[[Bahan, Lingkup], Nilai]
    kuasa: str = "laporan.lihat"
    kuasa_baris: str = "usulan.lihat"  # power over the rows behind the numbers
    daftar: Daftar | None = None
    ukuran: tuple[str, ...] = ()  # measures of the daily tables; () = counted now
    berperiode: bool = False
    tumpuk: tuple[str, ...] = ()  # columns of the stacked chart
    rincian: Callable[[Lingkup], list[tuple[str, list[tuple[str, int]]]]] | None = (
        None  # further tables: title, (word, n)
    )
    baik_tinggi: bool = True

    def satu_kolom(self, kode: str) -> Kolom:
        return next(k for k in self.kolom if k.kode == kode)


@dataclass(frozen=True)
class Sel:
    """A number to print: None is '–', `samar` is hidden because it is about too few people, `belum` was never counted."""

    nilai: float | int | None
    jenis: str
    samar: bool = False
    belum: bool = False

    def __str__(self) -> str:
        if self.belum:
            return "belum dihitung"
        # One word for all: a larger number that is hidden to protect a small one is not "1–4".
        return "disamarkan" if self.samar else tulis(self.nilai, self.jenis)


def tulis(nilai: float | int | None, jenis: str) -> str:
    if nilai is None:
        return "–"
    if jenis == "n":
        return f"{int(nilai):,}".replace(",", ".")
    angka = f"{nilai:.1f}".replace(".", ",")
    return f"{angka}%" if jenis == "persen" else angka.removesuffix(",0")


@dataclass
class Baris:
    kode: str
    nama: str
    sel: dict[str, Sel] = field(default_factory=dict)


@dataclass
class Hasil:
    """A report on one area: a line for each part and one for the whole. `per`: when the counts were made (None: now)."""

    laporan: Laporan
    lingkup: Lingkup
    baris: list[Baris]
    total: Baris
    per: datetime | None

    @property
    def belum(self) -> bool:
        """A daily table behind it was never made."""
        return bool(self.laporan.ukuran) and self.per is None

    @property
    def utama(self) -> Sel:
        return self.total.sel[self.laporan.utama]


def hitung(laporan: Laporan, tempat: Lingkup, *, samar: bool = False, tutup: Iterable[str] = ()) -> Hasil:
    """Read one report. `samar`: hide what is about fewer people than rule 'laporan.sel_minimal', by subtraction too.

    `tutup`: columns whose number for this area is hidden on the page of a wider one.
    """
    bahan = laporan.bahan(tempat)
    per_bagian: dict[str, Bahan] = {kode: Counter() for kode in tempat.bagian}
    semua: Bahan = Counter()
    for kode, isi in bahan.items():
        semua.update(isi)
        if kode in per_bagian:
            per_bagian[kode].update(isi)
        elif isi:
            per_bagian[kode] = Counter(
                isi
            )  # a retired code that still has rows: shown, so that the sum is right
    nama = tempat.bagian | _nama_lama(set(per_bagian) - set(tempat.bagian))
    angka = {kode: laporan.nilai(isi, tempat) for kode, isi in sorted(per_bagian.items())}
    total = laporan.nilai(semua, tempat)
    minimal = int(tempat.aturan("laporan.sel_minimal"))
    hilang = _samarkan(laporan, angka, total, minimal, tutup) if samar else set()
    baris = [
        # What hangs on the area itself and on none of its parts (an act of the office): a line without a way down.
        Baris(k, nama.get(k, k)) if len(k) >= tempat.panjang else Baris("", f"{nama.get(k, k)}, tanpa bagian")
        for k in angka
    ]
    for satu, (k, n) in zip(baris, angka.items(), strict=True):
        satu.sel = _sel(laporan, n, {c for p, c in hilang if p == k})
    jumlah = Baris(tempat.satu, "Jumlah", _sel(laporan, total, {c for p, c in hilang if p == ""}))
    if not set(laporan.ukuran) <= set(tempat.dihitung):
        for satu in [*baris, jumlah]:
            satu.sel = {k.kode: Sel(None, k.jenis, belum=True) for k in laporan.kolom}
        return Hasil(laporan, tempat, baris, jumlah, None)
    return Hasil(
        laporan, tempat, baris, jumlah, min((tempat.dihitung[u] for u in laporan.ukuran), default=None)
    )


def _nama_lama(kode: set[str]) -> dict[str, str]:
    if not kode:
        return {}
    return {w.kode: w.sebutan for w in Wilayah.objects.filter(pk__in=kode).order_by("pk")}


def _sel(laporan: Laporan, nilai: Nilai, hilang: set[str]) -> dict[str, Sel]:
    return {k.kode: Sel(nilai[k.kode], k.jenis, k.kode in hilang) for k in laporan.kolom}


def _samarkan(
    laporan: Laporan, angka: dict[str, Nilai], total: Nilai, minimal: int, tutup: Iterable[str] = ()
) -> set[tuple[str, str]]:
    """(part, column) to hide; part '' is the total.

    Primary: a count from 1 to minimal-1, or one that leaves so few of the column it is a part of (`dari`).
    Secondary: hidden counts of one column may not be worked out from the total, so at least two are hidden and
    each of them may still be `minimal` or more; where no other line can be hidden, the total is, and with it the whole column, 0 too.
    Percentages made from a hidden count are hidden with it. `tutup`: columns whose total is hidden on a wider page.
    """
    rahasia = [k for k in laporan.kolom if k.rahasia and k.jenis == "n"]
    hilang = {("", k.kode) for k in rahasia if k.kode in tutup}
    baris = angka | {"": total}

    def kecil(n: Any) -> bool:
        return n is not None and 0 < n < minimal

    for kode, nilai in baris.items():
        for kolom in rahasia:
            n, dari = nilai[kolom.kode], nilai.get(kolom.dari) if kolom.dari else None
            if kecil(n) or (n is not None and dari is not None and kecil(dari - n)):
                hilang.add((kode, kolom.kode))
    while True:  # each hidden cell can lay open another one of its line or column
        lama = len(hilang)
        for kolom in rahasia:
            _tutup_kolom(hilang, kolom.kode, angka, minimal)
            if ("", kolom.kode) in hilang:  # how many lines are hidden would bound the total from below
                hilang |= {(kode, kolom.kode) for kode in angka}
        for kode, nilai in baris.items():
            _tutup_baris(hilang, kode, nilai, rahasia, minimal)
        if len(hilang) == lama:
            break
    return hilang | {
        (kode, k.kode)
        for kode in baris
        if any((kode, r.kode) in hilang for r in rahasia)
        for k in laporan.kolom
        if k.jenis != "n"
    }


def _tutup_kolom(hilang: set[tuple[str, str]], kolom: str, angka: dict[str, Nilai], minimal: int) -> None:
    """The total minus the shown lines must not tell a hidden one, nor that few are behind all of them."""
    terbuka = sorted(
        (k for k in angka if (k, kolom) not in hilang and angka[k][kolom]), key=lambda k: (angka[k][kolom], k)
    )
    while True:
        tutup = [n for k in angka if (k, kolom) in hilang and (n := angka[k][kolom])]
        if ("", kolom) in hilang:
            if sum(tutup) >= minimal or not terbuka:  # a hidden total is not the sum of what is shown
                return
        elif not tutup or _cukup(tutup, minimal):
            return
        hilang.add((terbuka.pop(0), kolom) if terbuka else ("", kolom))


def _cukup(tutup: list[Any], minimal: int) -> bool:
    """Hidden numbers are at least 1, so each is at most their sum less the others: that must not be a small number itself
    (five hidden ones with the sum 5 are five times 1)."""
    return len(tutup) > 1 and sum(tutup) - (len(tutup) - 1) >= minimal


def _tutup_baris(
    hilang: set[tuple[str, str]], kode: str, nilai: Nilai, rahasia: list[Kolom], minimal: int
) -> None:
    """The whole minus the shown parts of it must not tell a hidden part, nor may lines and columns together: of a line with
    a hidden part all parts are hidden, 0 too; of the total no more than needed, or one rare outcome would empty the page."""
    for induk in sorted({k.dari for k in rahasia if k.dari}):
        anak = [k.kode for k in rahasia if k.dari == induk]
        if len(anak) < 2:
            continue
        if kode and any((kode, a) in hilang for a in (induk, *anak)):
            hilang.update((kode, a) for a in anak)
            continue
        if (kode, induk) in hilang and not any((kode, a) in hilang for a in anak):
            hilang.update((kode, a) for a in anak)  # their sum is the hidden whole
        while (kode, induk) not in hilang:
            tutup = [nilai[a] or 0 for a in anak if (kode, a) in hilang]
            if not tutup or _cukup(tutup, minimal):
                break
            sisa = sorted(
                (a for a in anak if (kode, a) not in hilang and nilai[a]), key=lambda a: (nilai[a], a)
            )
            hilang.add((kode, sisa[0] if sisa else induk))


# --- ingredients ------------------------------------------------------------------------------------


def kumpulkan(rows: Iterable[Sequence[Any]]) -> dict[str, Bahan]:
    """Rows (part, key, n) as ingredients per part."""
    hasil: dict[str, Bahan] = {}
    for kode, kunci, n in rows:
        hasil.setdefault(kode, Counter())[kunci] += n
    return hasil


def dari_ringkasan(tempat: Lingkup, ukuran: str, **saring: Any) -> dict[str, Bahan]:
    """Counts `n` of a measure under its `rinci`, and `m` under (rinci, 'm')."""
    rows = (
        Ringkasan.objects.filter(dalam("wilayah", tempat.luas), ukuran=f"{ukuran}:{tempat.panjang}", **saring)
        .order_by()
        .values_list("wilayah", "rinci", "n", "m")
    )
    hasil: dict[str, Bahan] = {}
    for kode, rinci, n, m in rows.iterator(chunk_size=5000):
        isi = hasil.setdefault(kode, Counter())
        isi[rinci] += n
        if m:
            isi[rinci, "m"] += m
    return hasil


def jumlah_rinci(tempat: Lingkup, ukuran: str) -> Bahan:
    """Counts of the whole area by `rinci`, from the rows of its own level."""
    panjang = min(len(tempat.satu), LENGTHS[3]) or tempat.panjang
    rows = (
        Ringkasan.objects.filter(dalam("wilayah", tempat.luas), ukuran=f"{ukuran}:{panjang}")
        .order_by()
        .values_list("rinci")
        .annotate(jumlah=Sum("n"))
    )
    return Counter({rinci: int(n) for rinci, n in rows})


def bagi(atas: float, bawah: float) -> float | None:
    """Percentage; None without a denominator."""
    return 100 * atas / bawah if bawah else None


def persentil(umur: Mapping[int, int], p: float) -> int | None:
    """Nearest-rank percentile of a histogram (value -> count): the smallest value that p percent do not exceed."""
    n = sum(umur.values())
    if not n:
        return None
    urut, jumlah = ceil(p / 100 * n), 0
    for nilai in sorted(umur):
        jumlah += umur[nilai]
        if jumlah >= max(urut, 1):
            return nilai
    raise AssertionError


def periode_lalu(periode: str, n: int) -> list[str]:
    """`periode` and the n-1 months before it, newest first."""
    hari = date(int(periode[:4]), int(periode[5:]), 1)
    return [f"{bulan_lalu(hari, i):%Y-%m}" for i in range(n)]


def periode_diam(tempat: Lingkup) -> list[str]:
    """The periods without a proposal after which a village is called idle (rule 'laporan.bulan_diam')."""
    return periode_lalu(tempat.periode, int(tempat.aturan("laporan.bulan_diam")))


def melihat_baris(user: Pengguna, wilayah: Iterable[str]) -> bool:
    """May this person see single families (or audit them) everywhere in these areas? If not, small numbers are hidden."""
    luas = [*user.cakupan("keluarga.lihat"), *user.cakupan("jejak.lihat")]
    daftar = list(wilayah)
    return bool(daftar) and all(any(mencakup(a, w) for a in luas) for w in daftar)


def tingkat_anak(tempat: Lingkup) -> str:
    return str(Tingkat(LENGTHS.index(tempat.panjang) + 1).label)
