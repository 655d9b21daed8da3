"""An invented population with the faults a real register shows; deterministic: same seed, same families.

Real areas of Kabupaten Garut (32.05, Kemendagri codes), invented people. The simulator answers from it and
the demo command lets villages propose it, so both must agree on one shape (all are ``NamedTuple``:
immutable, comparable)::

    Family(kk, alamat, dusun, rt, rw, desa: Desa, members: tuple[Member, ...])
        .told -> tuple[Person, ...]        what the family and its card say: type THIS into the portal
    Member(told: Person, record: Record | None, kasus: str)
        record  what Dukcapil holds under ``told.nik``; None: Dukcapil has no such NIK
        kasus   one of CASES; KATEGORI[kasus] is the category that a check of ``told`` must give
    Person(nik, nama, jenis_kelamin 'L'|'P', tanggal_lahir: date, tempat_lahir, hubungan, status_kawin,
           pekerjaan, pendidikan, nama_ibu, nama_ayah)
    Record(person: Person, kk, alamat, dusun, rt, rw, desa: Desa, status)
        status  '' normal, or Dukcapil's code '11' meninggal, '12' ganda, '14' non-aktif
    Desa(kode '32.05.01.1001', nama, kecamatan, kabupaten, provinsi)

``members[0]`` is the head of the family. About nine persons in ten are ``padan``.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from core.names import similarity

REFERENCE_DATE = date(
    2026, 6, 30
)  # ages are counted here, so that the same seed gives the same bytes for ever

# Case of a person -> category of ``verdict.Kategori`` that checking the told data gives.
KATEGORI = {
    "padan": "PADAN",
    "nama_beda_sedikit": "PADAN_SEBAGIAN",
    "tanggal_beda": "PADAN_SEBAGIAN",
    "nama_beda_jauh": "TIDAK_PADAN_NAMA",
    "hilang": "TIDAK_DITEMUKAN",
    "meninggal": "MENINGGAL",
    "ganda": "GANDA",
    "nonaktif": "NONAKTIF",
    "pindah": "PINDAH",
}
CASES = tuple(KATEGORI)
# Upper bounds of one uniform draw; what is left (about 90 %) is 'padan'.
_CASE_BOUNDS = (
    (0.030, "nama_beda_sedikit"),
    (0.040, "tanggal_beda"),
    (0.050, "nama_beda_jauh"),
    (0.065, "hilang"),
    (0.073, "meninggal"),
    (0.080, "ganda"),
    (0.090, "nonaktif"),
    (0.098, "pindah"),
)
STATUS = {"meninggal": "11", "ganda": "12", "nonaktif": "14"}


class Desa(NamedTuple):
    kode: str
    nama: str
    kecamatan: str
    kabupaten: str = "KABUPATEN GARUT"
    provinsi: str = "JAWA BARAT"


class Person(NamedTuple):
    nik: str
    nama: str
    jenis_kelamin: str
    tanggal_lahir: date
    tempat_lahir: str
    hubungan: str
    status_kawin: str
    pekerjaan: str
    pendidikan: str
    nama_ibu: str
    nama_ayah: str


class Record(NamedTuple):
    person: Person
    kk: str
    alamat: str
    dusun: str
    rt: str
    rw: str
    desa: Desa
    status: str


class Member(NamedTuple):
    told: Person
    record: Record | None
    kasus: str

    @property
    def kategori(self) -> str:
        return KATEGORI[self.kasus]


class Family(NamedTuple):
    kk: str
    alamat: str
    dusun: str
    rt: str
    rw: str
    desa: Desa
    members: tuple[Member, ...]

    @property
    def told(self) -> tuple[Person, ...]:
        return tuple(member.told for member in self.members)


# Source: Kepmendagri 300.2.2-2430/2025 by way of idn-area-data 4.0.1 (data ODbL 1.0).
DEFAULT_DESA = (
    Desa("32.05.01.1001", "KOTA KULON", "GARUT KOTA"),
    Desa("32.05.01.1003", "MARGAWATI", "GARUT KOTA"),
    Desa("32.05.01.1010", "SUKANEGLA", "GARUT KOTA"),
    Desa("32.05.02.2004", "KARANGPAWITAN", "KARANGPAWITAN"),
    Desa("32.05.02.2010", "SITUSARI", "KARANGPAWITAN"),
    Desa("32.05.05.1002", "SUKAGALIH", "TAROGONG KIDUL"),
    Desa("32.05.05.2003", "JAYARAGA", "TAROGONG KIDUL"),
    Desa("32.05.05.2004", "HAURPANGGUNG", "TAROGONG KIDUL"),
    Desa("32.05.10.2001", "KADUNGORA", "KADUNGORA"),
    Desa("32.05.10.2008", "KARANGMULYA", "KADUNGORA"),
    Desa("32.05.12.2001", "CIBATU", "CIBATU"),
    Desa("32.05.12.2008", "KARYAMUKTI", "CIBATU"),
)
ELSEWHERE = (
    Desa("32.73.02.1002", "LEBAK GEDE", "COBLONG", "KOTA BANDUNG"),
    Desa("32.06.02.2001", "CIDADAP", "KARANGNUNGGAL", "KABUPATEN TASIKMALAYA"),
    Desa("32.04.05.2001", "CILEUNYI KULON", "CILEUNYI", "KABUPATEN BANDUNG"),
    Desa("31.74.01.1001", "TEBET TIMUR", "TEBET", "KOTA ADM. JAKARTA SELATAN", "DKI JAKARTA"),
)
_BIRTHPLACE = {
    "3205": "GARUT",
    "3273": "BANDUNG",
    "3206": "TASIKMALAYA",
    "3204": "BANDUNG",
    "3174": "JAKARTA",
}
_OTHER_KECAMATAN = ("320503", "320507", "320513", "320517", "320522", "320531")


def _list(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


_MEN = _list(
    "ASEP,DADANG,UJANG,CECEP,DEDI,ENDANG,AGUS,WAWAN,YAYAN,IWAN,RUDI,HENDRA,ADE,DEDE,NANANG,TATANG,OTONG,JAJANG,"
    "AHMAD,MUHAMMAD,ABDUL,RIZKI,FAJAR,ILHAM,DIMAS,GILANG,REZA,ANDI,YUSUF,SAEPUL,MAMAN,ENJANG,OMAN,EMAN"
)
_MEN_LAST = _list(
    "SURYANA,HIDAYAT,MULYANA,SUPRIATNA,SETIAWAN,KURNIAWAN,ROHMAN,SAPUTRA,RAMDANI,PERMANA,SOPIAN,NUGRAHA,SOMANTRI,"
    "GUNAWAN,SUTISNA,KOSASIH,WAHYUDIN,MAULANA,FAUZI,HERMAWAN,SUHERMAN,FIRMANSYAH,JUNAEDI,ISKANDAR,TARYANA"
)
_WOMEN = _list(
    "SITI,NENG,EUIS,IIS,AI,IMAS,ENUNG,YAYAH,LILIS,TETI,NINING,ELIS,NURUL,DEWI,RINA,SRI,"
    "RATNA,WIWIN,CUCU,ENOK,ROSITA,IDA,NANI,YANI,INTAN,PUTRI,AULIA,RISKA,DINI,TITIN,POPON,"
    "OOM,ENTIN"
)
_WOMEN_LAST = _list(
    "AMINAH,MARYAM,NURJANAH,ROHAYATI,KURNIASIH,MULYATI,SUMIATI,HALIMAH,SOLIHAT,FATIMAH,KOMALASARI,RAHMAWATI,"
    "LESTARI,SUHARTINI,HASANAH,PURNAMASARI,WULANDARI,KHODIJAH,JUARIAH,SAADAH,NURHAYATI,MARLINA,HERAWATI"
)
_KAMPUNG = _list(
    "SUKAMAJU,CIKONENG,PASIRJAMBU,BABAKAN,LEMBUR TENGAH,CIBODAS,SINDANGSARI,PANGAUBAN,"
    "NEGLASARI,RANCABOLANG,CIMANGGU,BOJONG,LEUWI DALEM,KEBON KALAPA,PASANGGRAHAN,TEGAL LAME"
)
_WORK = _list(
    "BURUH HARIAN LEPAS,BURUH TANI/PERKEBUNAN,PETANI/PEKEBUN,PEDAGANG,WIRASWASTA,SOPIR,"
    "KARYAWAN SWASTA,BELUM/TIDAK BEKERJA"
)
_SCHOOL = _list(
    "TIDAK/BELUM SEKOLAH,BELUM TAMAT SD/SEDERAJAT,TAMAT SD/SEDERAJAT,SLTP/SEDERAJAT,SLTA/SEDERAJAT"
)


class Population:
    """``Population(seed=3205, families=4000, desa=DEFAULT_DESA)``; built at once, read-only afterwards."""

    def __init__(self, seed: int = 3205, families: int = 4000, desa: Sequence[Desa] = DEFAULT_DESA) -> None:
        self._families = _Maker(seed, desa).families(families)
        self._by_nik = {
            member.told.nik: member.record
            for family in self._families
            for member in family.members
            if member.record is not None
        }

    def families(self) -> list[Family]:
        """All families, in a fixed order; desa are dealt round so that the first n families cover all
        desa."""
        return list(self._families)

    def lookup(self, nik: str) -> Record | None:
        """What Dukcapil holds under ``nik`` (16 digits), or None."""
        return self._by_nik.get(nik)

    def __len__(self) -> int:
        return len(self._families)


class _Maker:
    def __init__(self, seed: int, desa: Sequence[Desa]) -> None:
        if not desa:
            raise ValueError("at least one desa is needed")
        self._random = random.Random(seed).random  # noqa: S311 - invented people, not secrets
        self._desa = tuple(desa)
        self._serials: dict[str, int] = {}

    def families(self, count: int) -> list[Family]:
        desa = self._desa
        return [self._family(desa[index % len(desa)]) for index in range(count)]

    def _family(self, desa: Desa) -> Family:
        area = desa.kode.replace(".", "")[:6]
        kampung = self._pick(_KAMPUNG)
        card = self._date(1, 15)
        kk = self._serial(f"{area}{card.day:02d}{_month_year(card)}")
        rt, rw = f"{self._int(1, 6):03d}", f"{self._int(1, 12):03d}"
        place = (kk, f"KP. {kampung}", kampung, rt, rw, desa)
        people = self._people(area)
        return Family(*place, tuple(self._member(person, place) for person in people))

    def _people(self, area: str) -> list[Person]:
        """Head, and by chance spouse, children and a parent of the head."""
        chance = self._random
        head_is_woman = chance() < 0.14
        age = self._int(24, 78)
        married = not head_is_woman and chance() < 0.92
        status = "KAWIN" if married else "CERAI MATI"
        head = self._person(area, "P" if head_is_woman else "L", age, "KEPALA KELUARGA", status)
        people = [head]
        if married:
            people.append(self._person(area, "P", max(20, age - self._int(-2, 9)), "ISTRI", "KAWIN"))
        mother = people[-1] if married or head_is_woman else None
        mother_age = _age(mother.tanggal_lahir) if mother else age
        father_name = head.nama if not head_is_woman else self._man()
        for _ in range(min(int(chance() * 4.2), max(0, (mother_age - 17) // 3))):
            child_age = self._int(max(0, mother_age - 42), min(28, mother_age - 18))
            if child_age > 28:
                continue
            names = (mother.nama if mother else self._woman(), father_name)
            people.append(
                self._person(
                    area, "L" if chance() < 0.51 else "P", child_age, "ANAK", "BELUM KAWIN", parents=names
                )
            )
        if chance() < 0.13 and age < 62:
            people.append(
                self._person(area, "P", min(99, age + self._int(20, 34)), "ORANG TUA", "CERAI MATI")
            )
        return people

    def _person(
        self, area: str, sex: str, age: int, role: str, status: str, *, parents: tuple[str, str] | None = None
    ) -> Person:
        born = self._date(age, age)
        region = self._registered_in(area)
        day = born.day + (40 if sex == "P" else 0)
        nik = self._serial(f"{region}{day:02d}{_month_year(born)}")
        mother, father = parents or (self._woman(), self._man())
        return Person(
            nik,
            self._man() if sex == "L" else self._woman(),
            sex,
            born,
            _BIRTHPLACE.get(region[:4], "GARUT"),
            role,
            status,
            self._work(age, role),
            _SCHOOL[0] if age < 7 else _SCHOOL[1] if age < 13 else self._pick(_SCHOOL[2:]),
            mother,
            father,
        )

    def _registered_in(self, area: str) -> str:
        """PPKKCC of first registration: people who moved keep their old code for life."""
        draw = self._random()
        if draw < 0.90:
            return area
        if draw < 0.96:
            return self._pick(_OTHER_KECAMATAN)
        return self._pick(ELSEWHERE).kode.replace(".", "")[:6]

    def _member(self, true: Person, place: tuple[str, str, str, str, str, Desa]) -> Member:
        draw = self._random()
        case = next((case for bound, case in _CASE_BOUNDS if draw < bound), "padan")
        if case == "hilang":
            return Member(true, None, case)
        if case == "pindah":
            return Member(true, Record(true, *place[:5], self._pick(ELSEWHERE), ""), case)
        return Member(self._told(true, case), Record(true, *place, STATUS.get(case, "")), case)

    def _told(self, true: Person, case: str) -> Person:
        if case == "nama_beda_sedikit":
            return true._replace(nama=_near(true.nama, self._surnames(true)))
        if case == "nama_beda_jauh":
            return true._replace(nama=self._far(true))
        if case == "tanggal_beda":
            return true._replace(
                tanggal_lahir=true.tanggal_lahir + timedelta(days=self._int(1, 300)) - timedelta(days=365)
            )
        if case == "padan" and self._random() < 0.06:
            return true._replace(nama=_spelling(true))
        return true

    def _surnames(self, person: Person) -> tuple[str, ...]:
        return _MEN_LAST if person.jenis_kelamin == "L" else _WOMEN_LAST

    def _far(self, true: Person) -> str:
        make: Callable[[], str] = self._man if true.jenis_kelamin == "L" else self._woman
        while similarity(name := make(), true.nama) >= 55:
            pass
        return name

    def _work(self, age: int, role: str) -> str:
        if age < 7:
            return "BELUM/TIDAK BEKERJA"
        if role == "ANAK" and age < 19:
            return "PELAJAR/MAHASISWA"
        if role in ("ISTRI", "ORANG TUA"):
            return "MENGURUS RUMAH TANGGA"
        return self._pick(_WORK)

    def _man(self) -> str:
        first = self._pick(_MEN)
        return first if self._random() < 0.12 else f"{first} {self._pick(_MEN_LAST)}"

    def _woman(self) -> str:
        first = self._pick(_WOMEN)
        return first if self._random() < 0.12 else f"{first} {self._pick(_WOMEN_LAST)}"

    def _date(self, youngest: int, oldest: int) -> date:
        """A day on which a person is, at REFERENCE_DATE, between the two ages in full years."""
        days = int(self._random() * 365) + 365.25 * self._int(youngest, oldest)
        return REFERENCE_DATE - timedelta(days=int(days))

    def _serial(self, prefix: str) -> str:
        """``prefix`` and the next serial from 0001: no two numbers are equal."""
        number = self._serials[prefix] = self._serials.get(prefix, 0) + 1
        return f"{prefix}{number:04d}"

    def _int(self, low: int, high: int) -> int:
        return low + int(self._random() * (high - low + 1))

    def _pick(self, choices: Sequence[Any]) -> Any:
        return choices[int(self._random() * len(choices))]


def _month_year(day: date) -> str:
    return f"{day.month:02d}{day.year % 100:02d}"  # strftime is four times slower


def _age(born: date) -> int:
    before = (REFERENCE_DATE.month, REFERENCE_DATE.day) < (born.month, born.day)
    return REFERENCE_DATE.year - born.year - before


def _near(nama: str, surnames: tuple[str, ...]) -> str:
    """The first of a fixed row of slips that lands in the band of manual review (60 to 89)."""
    first, _, last = nama.partition(" ")
    slips = (
        first,
        f"{first} {last[:1]}",
        f"{first} {last[:3]}",
        *(f"{first} {surname}" for surname in surnames),
    )
    slips += tuple(f"{nama} {extra}" for extra in ("A", "AYU", "WATI", "SUTARDI"))
    return next(slip for slip in slips if 62 <= similarity(slip, nama) < 88)


def _spelling(person: Person) -> str:
    """A spelling that must still match: short form, title, old spelling."""
    if person.nama.startswith("MUHAMMAD "):
        return person.nama.replace("MUHAMMAD", "M.", 1)
    if person.nama.startswith("AHMAD "):
        return person.nama.replace("AHMAD", "ACHMAD", 1)
    if _age(person.tanggal_lahir) > 45:
        return f"{'H.' if person.jenis_kelamin == 'L' else 'HJ.'} {person.nama}"
    return person.nama.title()
