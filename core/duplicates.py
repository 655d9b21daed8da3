"""Is this the same person, typed twice? Pure rules over names, birth date, mother and NIK; nothing here touches a database.

Two halves (docs/ganda.md has the measured precision and recall):

- `pairs_by_year` and `pairs_by_name` propose pairs inside one slice of a register (one birth year, one name), so that memory
  is bounded by the slice and never by the register.
- `compare` gives a pair 0..100 points and the reasons, as codes of `BOBOT`.

Points are evidence for and against. What two people may well share (a common name, 1 July as a birthday, neighbouring
numbers of the civil registry, a rhyming name in one family) must not reach the upper threshold alone.
"""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from core.names import normalise_name, sound

# Evidence -> points. Chosen on the design seed of the labelled set; the evaluation used other seeds.
BOBOT: dict[str, int] = {
    "nama_sama": 38, "nama_mirip_sekali": 31, "nama_bagian": 27, "nama_satu_kata": 19, "nama_mirip": 12, "nama_beda": -45,
    "lahir_sama": 26, "lahir_tertukar": 20, "lahir_satu_angka": 14, "lahir_tahun_dekat": 12, "lahir_baku": 7, "lahir_tahun_sama": -2, "lahir_beda": -30,
    "ibu_sama": 26, "ibu_mirip": 22, "ibu_bagian": 16, "ibu_satu_kata": 4, "ibu_kosong": 4, "ibu_beda": -32,
    "nik_sama": 45, "nik_satu_angka": 30, "nik_dua_angka": 16, "nik_seri": 12, "nik_daerah": 4, "nik_tanggal": 2, "nik_urut": 0,
    "nik_kosong": 4, "nik_beda": -4,
    "kelamin_beda": -12,
}  # fmt: skip
# Not points but limits: who lives in one family under names that sound different is a brother or sister, not a copy.
SEKELUARGA_MAKS = 49
# Consecutive NIK, same day, same mother: one name in another spelling is for somebody to look at, a name that sounds different
# or has one other vowel is a twin's.
KEMBAR_MAKS, KEMBAR_BEDA_MAKS = 65, 59
SATU_NIK_MIN = 60  # one NIK under two names: somebody has to look
KEMBAR_SERI = 3
BAKU = frozenset({(1, 1), (1, 7), (31, 12)})  # what is written when nobody knows the day: (day, month)
BUCKET = 300
SHORT = 8
TIDAK_TAHU = frozenset(
    {"TIDAK DIKETAHUI", "TIDAK TAHU", "TIDAK ADA", "BELUM DIKETAHUI", "TANPA NAMA", "XX", "XXX"}
)


class Person(NamedTuple):
    """What is compared. `nik` is plain text and lives only as long as its slice. `keluarga` names the family row."""

    id: Hashable
    nik: str
    nama: str  # normalised
    kunci: str
    lahir: date
    kelamin: str
    ibu: str  # normalised, '' when unknown
    kunci_ibu: str
    keluarga: Hashable


class Verdict(NamedTuple):
    skor: int
    alasan: tuple[str, ...]


BEDA = Verdict(0, ("nama_beda",))
# The most that two different names can be worth without one NIK.
BEDA_PALING = BOBOT["nama_beda"] + sum(
    max(v for k, v in BOBOT.items() if k.startswith(jenis) and k != "nik_sama")
    for jenis in ("lahir_", "ibu_", "nik_")
)


@lru_cache(maxsize=60_000)
def _forms(nama: str) -> tuple[str, str]:
    bentuk = normalise_name(nama)
    return bentuk, sound(bentuk)


def person(
    *, id: Hashable, nik: str, nama: str, lahir: date, kelamin: str, ibu: str, keluarga: Hashable
) -> Person:
    bentuk, kunci = _forms(nama)
    bentuk_ibu, kunci_ibu = _forms(ibu)
    if len(bentuk_ibu) < 2 or bentuk_ibu in TIDAK_TAHU:
        bentuk_ibu = kunci_ibu = ""
    return Person(id, nik, bentuk, kunci, lahir, kelamin, bentuk_ibu, kunci_ibu, keluarga)


# --- one pair ----------------------------------------------------------------------------------------


def compare(a: Person, b: Person, least: int = 0) -> Verdict:
    """Points 0..100 and the evidence, name first. Symmetric. Of a pair that cannot reach `least` not all evidence is looked at."""
    nama = _name(a.nama, a.kunci, b.nama, b.kunci)
    if nama == "beda" and least > BEDA_PALING and (a.nik != b.nik or not a.nik):
        return BEDA
    lahir = _born(a.lahir, b.lahir)
    ibu = _mother(a, b)
    nik = _nik(a.nik, b.nik, lahir == "sama")
    alasan = [f"nama_{nama}", f"lahir_{lahir}", f"ibu_{ibu}", f"nik_{nik}"]
    if a.kelamin != b.kelamin:
        alasan.append("kelamin_beda")
    skor = sum([BOBOT[kode] for kode in alasan])
    if nik == "sama":
        skor = max(skor, SATU_NIK_MIN)
    elif batas := _limit(a, b, nama, lahir, nik):
        skor = min(skor, batas[0])
        alasan.append(batas[1])
    return Verdict(max(0, min(100, skor)), tuple(alasan))


def _limit(a: Person, b: Person, nama: str, lahir: str, nik: str) -> tuple[int, str] | None:
    """The most that two members of one family, or two neighbours in the civil registry, can be worth."""
    if a.keluarga == b.keluarga and nama not in ("sama", "bagian", "satu_kata") and nik != "satu_angka":
        return SEKELUARGA_MAKS, "sekeluarga"
    ejaan_beda = nama == "mirip" or (nama in ("sama", "mirip_sekali") and a.nama != b.nama)
    if nik == "urut" and lahir == "sama" and ejaan_beda and not _slip(a.nama, b.nama):
        ejaan = nama == "sama" and OSA.distance(a.nama, b.nama, score_cutoff=1) > 1
        return KEMBAR_MAKS if ejaan else KEMBAR_BEDA_MAKS, "mungkin_kembar"
    return None


def _name(a: str, key_a: str, b: str, key_b: str) -> str:
    if key_a == key_b:
        return "sama"
    kata_a, kata_b = a.split(), b.split()
    if sorted(kata_a) == sorted(kata_b):
        return "sama"
    if _near(kata_a, kata_b):
        return "mirip_sekali"
    pendek, panjang = sorted((kata_a, kata_b), key=len)
    if _part_of(pendek, panjang) or (len(pendek) == len(panjang) and _part_of(panjang, pendek)):
        return "bagian" if len(pendek) > 1 else "satu_kata"
    if min(len(key_a), len(key_b)) >= 6 and OSA.distance(key_a, key_b, score_cutoff=1) <= 1:
        return "mirip_sekali"
    return "mirip" if fuzz.ratio(a, b) >= 80 else "beda"


def _near(kata_a: list[str], kata_b: list[str]) -> bool:
    """A slip of the pen: one edit in a word (two in a long one, two in all); never in a word of one or two letters."""
    if len(kata_a) != len(kata_b):
        a, b = "".join(kata_a), "".join(kata_b)
        return min(len(a), len(b)) >= 4 and OSA.distance(a, b, score_cutoff=1) <= 1
    jumlah = 0
    for x, y in zip(kata_a, kata_b, strict=True):
        if x != y:
            pendek = min(len(x), len(y))
            boleh = 2 if pendek >= 8 else 1 if pendek >= 3 else 0
            jarak = OSA.distance(x, y, score_cutoff=boleh)
            if jarak > boleh:
                return False
            jumlah += jarak
    return jumlah <= 2 and min(sum(map(len, kata_a)), sum(map(len, kata_b))) >= 4


def _slip(a: str, b: str) -> bool:
    """One letter too many, too few, turned round, or another consonant: a typing slip. A changed vowel is how twins are named."""
    if OSA.distance(a, b, score_cutoff=1) > 1:
        return False
    beda = [i for i in range(min(len(a), len(b))) if a[i] != b[i]]
    return (
        len(a) != len(b) or len(beda) == 2 or not {a[i] for i in beda} | {b[i] for i in beda} <= set("AIUEO")
    )


def _part_of(pendek: list[str], panjang: list[str]) -> bool:
    """'SITI AMINAH' in 'SITI AMINAH HIDAYAT', 'SITI A' in 'SITI AMINAH': every word finds its own, one at least whole."""
    sisa, utuh = list(panjang), False
    for kata in pendek:
        cocok = next((p for p in sisa if p == kata or (len(kata) == 1 and p.startswith(kata))), None)
        if cocok is None:
            return False
        utuh |= len(kata) >= 3
        sisa.remove(cocok)
    return utuh


def _mother(a: Person, b: Person) -> str:
    if not (a.ibu and b.ibu):
        return "kosong"
    nama = _name(a.ibu, a.kunci_ibu, b.ibu, b.kunci_ibu)
    return {"mirip_sekali": "mirip", "mirip": "beda"}.get(nama, nama)


def _born(a: date, b: date) -> str:
    if a == b:
        return "sama"
    if a.year == b.year:
        return _born_in_one_year(a, b)
    if a.day != b.day or a.month != b.month:
        return "beda"
    if sum(map(operator.ne, str(a.year), str(b.year))) == 1:
        return "satu_angka"
    return "tahun_dekat" if abs(a.year - b.year) == 1 else "beda"


def _born_in_one_year(a: date, b: date) -> str:
    if a.day == b.month and a.month == b.day:
        return "tertukar"
    if (a.day, a.month) in BAKU or (b.day, b.month) in BAKU:
        return "baku"
    slip = (
        _one_figure(a.day, b.day) if a.month == b.month else a.day == b.day and _one_figure(a.month, b.month)
    )
    return "satu_angka" if slip else "tahun_sama"


def _one_figure(a: int, b: int) -> bool:
    """Two different numbers of two figures, of which one is the same."""
    return a // 10 == b // 10 or a % 10 == b % 10


def _nik(a: str, b: str, lahir_sama: bool) -> str:
    """How near two numbers are. Region and birth date are shared by many, so a difference there says little by itself."""
    if not a or not b or a == b:
        return "sama" if a and b else "kosong"
    beda = [i for i in range(min(len(a), len(b))) if a[i] != b[i]]
    satu = len(beda) == 1 or _swapped(a, b, beda)
    if beda[0] >= 12:
        urut = abs(int(a[12:]) - int(b[12:])) <= KEMBAR_SERI
        return "urut" if urut else "seri" if satu else "beda"
    if beda[-1] < 6:
        return "daerah" if len(beda) <= 2 else "beda"
    if not lahir_sama:  # each number follows its own birth date
        return "tanggal" if beda[0] >= 6 and beda[-1] < 12 else "beda"
    di_tanggal = any(6 <= i < 12 for i in beda) and len(beda) <= 2
    return "beda" if not di_tanggal else "satu_angka" if satu else "dua_angka"


def _swapped(a: str, b: str, beda: list[int]) -> bool:
    return len(beda) == 2 and beda[1] == beda[0] + 1 and a[beda[0]] == b[beda[1]] and a[beda[1]] == b[beda[0]]


# --- pairs of a slice --------------------------------------------------------------------------------


def pairs_by_year(orang: Iterable[Person], fokus: set[Any] | None = None) -> Iterator[tuple[Person, Person]]:
    """Pairs worth comparing among people of one birth year. `fokus`: only pairs that touch one of these ids."""
    return _pairs(orang, _year_keys, fokus)


def pairs_by_name(orang: Iterable[Person], fokus: set[Any] | None = None) -> Iterator[tuple[Person, Person]]:
    """Pairs of one name key whatever their birth dates: same mother, or a number that is nearly the same."""
    return _pairs(orang, _name_keys, fokus)


def _year_keys(p: Person) -> list[Hashable]:
    """What a pair must share to be compared. A key that many share without being one person is made narrower (docs/ganda.md)."""
    kunci, ibu, lahir = p.kunci, p.kunci_ibu, p.lahir
    tahun, bulan, hari = lahir.year, lahir.month, lahir.day
    tanggal = tahun * 10_000 + bulan * 100 + hari
    tukar = tanggal if bulan < hari else tahun * 10_000 + hari * 100 + bulan  # day and month swapped share it
    isi: list[Hashable] = [
        ("nama", kunci, tukar),
        ("awal", kunci[:4], tanggal),
        ("akhir", kunci[-4:], tanggal, ibu[:1]),
    ]
    if ibu:
        isi += (("ibu", ibu, tukar), ("ibu_tahun", ibu, tahun, kunci[:1]))
    if p.nik:
        isi += (p.nik, (p.nik[:12], kunci[:1]))
        if len(kunci) < SHORT:  # one slip can be in its first and in its last four sounds
            isi.append(("daerah", p.nik[6:], kunci[:1]))
    return isi


def _name_keys(p: Person) -> list[Hashable]:
    isi: list[Hashable] = [("ibu", p.kunci, p.kunci_ibu)] if p.kunci_ibu else []
    if p.nik:
        isi.append(("nik", p.kunci, p.nik[:6], p.nik[12:], p.lahir.day, p.lahir.month))
    return isi


def _pairs(
    orang: Iterable[Person], kunci: Callable[[Person], list[Hashable]], fokus: set[Any] | None
) -> Iterator[tuple[Person, Person]]:
    semua: list[Person] = []
    pertama: dict[Hashable, int] = {}  # most keys have one person only
    ember: dict[Hashable, list[int]] = {}
    for i, p in enumerate(orang):
        semua.append(p)
        for k in kunci(p):
            if (ke := pertama.setdefault(k, i)) != i:
                if (isi := ember.get(k)) is None:
                    ember[k] = [ke, i]
                else:
                    isi.append(i)
    sudah: set[tuple[int, int]] = set()
    for isi in ember.values():
        for kelompok in [isi] if len(isi) <= BUCKET else _split(isi, semua):
            for n, i in enumerate(kelompok, 1):
                a = semua[i]
                for j in kelompok[n:]:
                    b = semua[j]
                    if fokus is not None and a.id not in fokus and b.id not in fokus:
                        continue
                    if (i, j) not in sudah and a.id != b.id:
                        sudah.add((i, j))
                        yield a, b


def _split(isi: list[int], semua: list[Person]) -> list[list[int]]:
    """A crowd under one key (a very common name on 1 January): compared inside the same mother only."""
    menurut: dict[str, list[int]] = defaultdict(list)
    for i in isi:
        menurut[semua[i].kunci_ibu].append(i)
    return [g[i : i + BUCKET] for g in menurut.values() for i in range(0, len(g), BUCKET)]
