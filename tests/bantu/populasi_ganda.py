"""A labelled set for duplicate finding: an invented register in which some people were typed twice.

Written before and apart from the rules of `core.duplicates`: what goes wrong is taken from domain.md (one person with two
NIK, old spelling, titles, births set to 1 January or 1 July, cards read by eye, a wife under her husband's name), and so are
the people who look alike and are not the same: twins, brothers and sisters with rhyming names, father and son of one name,
namesakes with the same default birthday, neighbours on one page of the civil registry with consecutive numbers.

`buat(n, benih)` is deterministic. `BENIH_RANCANG` was used while the rules were written. The evaluation takes other seeds and
adds the kinds of `JENIS_BARU`, which the rules never saw.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

BENIH_RANCANG = (3205, 4444)
BENIH_NILAI = (77001, 77002)

_L = [
    "ASEP",
    "DADANG",
    "UJANG",
    "CECEP",
    "DEDI",
    "ENDANG",
    "AGUS",
    "WAWAN",
    "YAYAN",
    "IWAN",
    "RUDI",
    "HENDRA",
    "ADE",
    "DEDE",
    "NANANG",
    "TATANG",
    "OTONG",
    "JAJANG",
    "AHMAD",
    "MUHAMMAD",
    "ABDUL",
    "RIZKI",
    "FAJAR",
    "ILHAM",
    "DIMAS",
    "GILANG",
    "REZA",
    "ANDI",
    "YUSUF",
    "SAEPUL",
    "MAMAN",
    "ENJANG",
    "OMAN",
    "EMAN",
    "SLAMET",
    "SUGENG",
    "BAMBANG",
    "JOKO",
    "HADI",
    "WAHYU",
    "EKO",
    "DWI",
    "TRI",
    "BUDI",
    "SUHARTO",
    "SUKARNO",
    "SUWANDI",
    "TARYONO",
    "KASMAN",
    "SARIP",
    "DUDUNG",
    "NANA",
    "OJA",
    "OPIK",
    "DENI",
    "DONI",
    "RONI",
    "RANDI",
    "RIFKI",
    "RAFI",
    "HASAN",
    "HUSEN",
    "YANTO",
    "YANTI",
    "IMRON",
    "SYARIF",
    "SYAMSUDIN",
    "ZAENAL",
    "LUTFI",
    "FAHMI",
    "FIRMAN",
    "GUNTUR",
    "HARIS",
    "IRFAN",
    "KOMAR",
    "LALAN",
    "MISBAH",
    "NURDIN",
    "PEPEN",
    "SOLEH",
    "TOTO",
    "USEP",
    "WILDAN",
]
_L2 = [
    "SURYANA",
    "HIDAYAT",
    "MULYANA",
    "SUPRIATNA",
    "SETIAWAN",
    "KURNIAWAN",
    "ROHMAN",
    "SAPUTRA",
    "RAMDANI",
    "PERMANA",
    "SOPIAN",
    "NUGRAHA",
    "SOMANTRI",
    "GUNAWAN",
    "SUTISNA",
    "KOSASIH",
    "WAHYUDIN",
    "MAULANA",
    "FAUZI",
    "HERMAWAN",
    "SUHERMAN",
    "FIRMANSYAH",
    "JUNAEDI",
    "ISKANDAR",
    "TARYANA",
    "PRATAMA",
    "WIJAYA",
    "SANTOSO",
    "SUSANTO",
    "HAKIM",
    "ALAMSYAH",
    "ANWAR",
    "BASRI",
    "CAHYADI",
    "DARMAWAN",
    "EFENDI",
    "FADILAH",
    "GANI",
    "HAMDANI",
    "IBRAHIM",
    "JAELANI",
    "LESMANA",
    "MUBAROK",
    "NURJAMAN",
    "PRIYATNA",
    "RAHMAT",
    "SAEFULLOH",
    "TAUFIK",
    "USMAN",
    "YULIANTO",
    "ZAKARIA",
]
_P = [
    "SITI",
    "NENG",
    "EUIS",
    "IIS",
    "AI",
    "IMAS",
    "ENUNG",
    "YAYAH",
    "LILIS",
    "TETI",
    "NINING",
    "ELIS",
    "NURUL",
    "DEWI",
    "RINA",
    "SRI",
    "RATNA",
    "WIWIN",
    "CUCU",
    "ENOK",
    "ROSITA",
    "IDA",
    "NANI",
    "YANI",
    "INTAN",
    "PUTRI",
    "AULIA",
    "RISKA",
    "DINI",
    "TITIN",
    "POPON",
    "OOM",
    "ENTIN",
    "AMINAH",
    "MARYAM",
    "FATIMAH",
    "HALIMAH",
    "KHODIJAH",
    "AISYAH",
    "SARAH",
    "NABILA",
    "ZAHRA",
    "SALSA",
    "TUTI",
    "MIMIN",
    "ICIH",
    "UCIH",
    "ONIH",
    "ETI",
    "EROH",
    "ENI",
    "ANI",
    "TINI",
    "DIAH",
    "INDAH",
    "MEGA",
    "AYU",
    "WATI",
    "SUMIATI",
    "KARTINI",
    "RUKMINI",
    "PAINEM",
    "SUTINI",
    "WAGIYEM",
    "RINI",
    "DINA",
    "YUNI",
]
_P2 = [
    "AMINAH",
    "MARYAM",
    "NURJANAH",
    "ROHAYATI",
    "KURNIASIH",
    "MULYATI",
    "SUMIATI",
    "HALIMAH",
    "SOLIHAT",
    "FATIMAH",
    "KOMALASARI",
    "RAHMAWATI",
    "LESTARI",
    "SUHARTINI",
    "HASANAH",
    "PURNAMASARI",
    "WULANDARI",
    "KHODIJAH",
    "JUARIAH",
    "SAADAH",
    "NURHAYATI",
    "MARLINA",
    "HERAWATI",
    "AISYAH",
    "ROHMAH",
    "MASITOH",
    "JUBAEDAH",
    "SARIFAH",
    "KOMARIAH",
    "SUTARSIH",
    "APRILIANI",
    "ANGGRAENI",
    "MAHARANI",
    "OKTAVIA",
    "RAMADHANI",
    "SAFITRI",
    "UTAMI",
    "YULIANTI",
    "ZULAIKHA",
]
_KEC = [f"3205{k:02d}" for k in range(1, 43)]
_LUAR = ["327302", "320612", "320405", "317401", "330704", "351502", "320807", "167105"]


@dataclass(frozen=True)
class Baris:
    """One row as somebody typed it. `tgl` None never happens; `nik` '' means: has none yet."""

    id: int
    nik: str
    nama: str
    tgl: date
    jk: str  # '1' laki-laki, '2' perempuan
    ibu: str
    kk: int
    wilayah: str


@dataclass
class Himpunan:
    baris: list[Baris] = field(default_factory=list)
    ganda: dict[tuple[int, int], str] = field(
        default_factory=dict
    )  # (smaller id, larger id) -> kind of error


class _Pembuat:
    def __init__(self, benih: int):
        self.r = random.Random(benih)
        self.seri: dict[str, int] = {}
        self.h = Himpunan()
        self.kk = 0

    # --- people --------------------------------------------------------------------------------------

    def zipf(self, daftar: list[str]) -> str:
        """Few names are very common."""
        return daftar[min(int(len(daftar) * self.r.random() ** 1.9), len(daftar) - 1)]

    def nama(self, jk: str, ayah: str = "") -> str:
        depan, belakang = (_L, _L2) if jk == "1" else (_P, _P2)
        undi = self.r.random()
        if undi < 0.10:
            return self.zipf(depan)
        if undi < 0.22 and ayah:
            return f"{self.zipf(depan)} {ayah.rsplit(maxsplit=1)[-1]}"
        if undi < 0.75:
            return f"{self.zipf(depan)} {self.zipf(belakang)}"
        return f"{self.zipf(depan)} {self.zipf(depan)} {self.zipf(belakang)}"

    def lahir(self, umur: int) -> date:
        if (umur > 45 and self.r.random() < 0.18) or self.r.random() < 0.03:
            return date(2026 - umur, *self.r.choice([(1, 1), (7, 1), (12, 31), (1, 1)]))
        return date(2026, 6, 30) - timedelta(days=int(365.25 * umur) + self.r.randrange(365))

    def nik(self, kec: str, tgl: date, jk: str) -> str:
        awal = f"{kec}{tgl.day + (40 if jk == '2' else 0):02d}{tgl.month:02d}{tgl.year % 100:02d}"
        # The registry counts up; a page of one day holds consecutive numbers of people who are not related.
        self.seri[awal] = self.seri.get(awal, 0) + 1
        return f"{awal}{self.seri[awal]:04d}"

    def tempat(self, kec: str) -> str:
        undi = self.r.random()
        return kec if undi < 0.9 else self.r.choice(_KEC) if undi < 0.96 else self.r.choice(_LUAR)

    def tambah(self, nama: str, tgl: date, jk: str, ibu: str, kk: int, desa: str, kec: str = "") -> Baris:
        nik = self.nik(kec or self.tempat(desa[:6]), tgl, jk)
        satu = Baris(len(self.h.baris), nik, nama, tgl, jk, ibu, kk, desa)
        self.h.baris.append(satu)
        return satu

    def keluarga(self) -> None:
        self.kk += 1
        kk, r = self.kk, self.r
        desa = f"{r.choice(_KEC)}20{r.randrange(1, 11):02d}"
        umur = r.randrange(24, 80)
        ayah = self.tambah(self.nama("1"), self.lahir(umur), "1", self.nama("2"), kk, desa)
        ibu = self.nama("2")
        umur_ibu = max(20, umur - r.randrange(-2, 9))
        self.tambah(ibu, self.lahir(umur_ibu), "2", self.nama("2"), kk, desa)
        anak: list[Baris] = []
        for _ in range(min(r.choice([0, 1, 1, 2, 2, 3, 4]), max(0, umur_ibu - 19))):
            self.anak(anak, ayah, ibu, umur_ibu, kk, desa)

    def anak(self, saudara: list[Baris], ayah: Baris, ibu: str, umur_ibu: int, kk: int, desa: str) -> None:
        r, jk = self.r, self.r.choice("12")
        # Two births of one mother are at least two calendar years apart here (twins below are the exception).
        bisa = [
            u
            for u in range(max(0, umur_ibu - 42), umur_ibu - 18)
            if all(abs(2026 - u - s.tgl.year) > 1 for s in saudara)
        ]
        if not bisa:
            return
        umur = r.choice(bisa)
        nama = ayah.nama if jk == "1" and r.random() < 0.02 else self.nama(jk, ayah.nama)  # a "junior"
        if saudara and r.random() < 0.15:  # rhyming names of brothers and sisters
            kakak = r.choice(saudara)
            jk, nama = kakak.jk, self.bersajak(kakak.nama)
        tgl = self.lahir(umur)
        if umur > 24 and r.random() < 0.6:  # married out: a family card of his own, mother's name unchanged
            self.kk += 1
            kk, desa = self.kk, f"{r.choice([desa[:6], r.choice(_KEC)])}20{r.randrange(1, 11):02d}"
        satu = self.tambah(nama, tgl, jk, ibu, kk, desa)
        saudara.append(satu)
        if r.random() < 0.012:  # a twin; grown-up twins often live in two families
            if umur > 24 and r.random() < 0.5:
                self.kk += 1
                kk = self.kk
            jk2 = jk if r.random() < 0.7 else "1" if jk == "2" else "2"
            kembar = self.bersajak(nama) if jk2 == jk and r.random() < 0.7 else self.nama(jk2, ayah.nama)
            saudara.append(self.tambah(kembar, tgl, jk2, ibu, kk, desa, satu.nik[:6]))

    def bersajak(self, nama: str) -> str:
        """'RINA SARI' -> 'RINI SARI', 'HASAN BASRI' -> 'HUSEN BASRI': one vowel of the first word, or another first word."""
        depan, *lain = nama.split()
        huruf = [i for i, c in enumerate(depan) if c in "AIUEO" and i]
        if huruf and self.r.random() < 0.7:
            i = self.r.choice(huruf)
            depan = depan[:i] + self.r.choice([v for v in "AIUEO" if v != depan[i]]) + depan[i + 1 :]
        else:
            depan = self.r.choice(_L + _P)
        return " ".join([depan, *lain])

    # --- the second typing ---------------------------------------------------------------------------

    def gandakan(self, asal: Baris, jenis: str) -> None:
        baru = JENIS[jenis](self, asal) if jenis in JENIS else JENIS_BARU[jenis](self, asal)
        self.kk += 1
        desa = (
            asal.wilayah if self.r.random() < 0.5 else f"{self.r.choice(_KEC)}20{self.r.randrange(1, 11):02d}"
        )
        baru = replace(baru, id=len(self.h.baris), kk=self.kk, wilayah=desa)
        self.h.baris.append(baru)
        self.h.ganda[(asal.id, baru.id)] = jenis

    def angka_lain(self, teks: str, di: int) -> str:
        return teks[:di] + self.r.choice([c for c in "0123456789" if c != teks[di]]) + teks[di + 1 :]

    def salah_nik(self, b: Baris) -> str:
        return self.angka_lain(b.nik, self.r.randrange(2, 16))

    def salah_huruf(self, nama: str) -> str:
        i = self.r.randrange(1, len(nama))
        cara = self.r.randrange(4)
        if cara == 0:
            return nama[:i] + nama[i + 1 :] if len(nama) > 4 else nama + nama[-1]
        if cara == 1:
            return nama[:i] + self.r.choice("AEIOUNRTS") + nama[i:]
        if cara == 2 and i + 1 < len(nama):
            return nama[:i] + nama[i + 1] + nama[i] + nama[i + 2 :]
        return nama[:i] + self.r.choice("AEIOUNRTS") + nama[i + 1 :]

    def ejaan(self, nama: str) -> str:
        tukar = [("MUHAMMAD", "MUH."), ("MUHAMMAD", "MOCH."), ("AHMAD", "ACHMAD"), ("SU", "SOE"), ("C", "TJ"), ("J", "DJ"), ("Y", "J"),
                 ("FA", "PA"), ("Z", "J"), ("KH", "H"), ("SY", "S"), ("TT", "T"), ("SITI", "ST."), ("ABDUL", "ABD."), ("IYA", "IA"),
                 ("DI", "DHI"), ("V", "F")]  # fmt: skip
        bisa = [(a, b) for a, b in tukar if a in nama]
        if bisa and self.r.random() < 0.8:
            return nama.replace(*self.r.choice(bisa), 1)
        return self.r.choice(["H. {}", "HJ. {}", "{}, S.PD", "ALM. {}"]).format(nama)

    def lahir_tukar(self, b: Baris) -> date:
        """Day and month swapped where that is a date; else one figure of the day misread."""
        if b.tgl.day <= 12 and b.tgl.day != b.tgl.month:
            return date(b.tgl.year, b.tgl.day, b.tgl.month)
        puluh, satuan = divmod(b.tgl.day, 10)
        bisa = [d for d in range(1, 29) if (d // 10 == puluh) != (d % 10 == satuan)]
        return b.tgl.replace(day=self.r.choice(bisa))

    def nik_baru(self, b: Baris, tgl: date) -> str:
        return self.nik(self.tempat(b.wilayah[:6]), tgl, b.jk)


def _swap(p: _Pembuat, nik: str) -> str:
    di = [i for i in range(2, 15) if nik[i] != nik[i + 1]]
    i = p.r.choice(di)
    return nik[:i] + nik[i + 1] + nik[i] + nik[i + 2 :]


def _nama_suami(p: _Pembuat, b: Baris) -> Baris:
    suami = p.nama("1").split()[-1]
    nama = f"{b.nama} {suami}"  # added behind; some take it, women mostly
    return replace(b, nik=p.nik_baru(b, b.tgl), nama=nama)


def _potong(nama: str) -> str:
    kata = nama.split()
    return (
        " ".join(kata[:-1]) if len(kata) > 2 else f"{kata[0]} {kata[1][0]}" if len(kata) == 2 else nama + "."
    )


def _tukar(p: _Pembuat, b: Baris) -> Baris:
    tgl = p.lahir_tukar(b)
    return replace(b, tgl=tgl, nik=p.nik_baru(b, tgl))


def _tanggal_baku(p: _Pembuat, b: Baris) -> Baris:
    """Nobody knows the day: the second card says 1 January or 1 July of the same year."""
    tgl = date(b.tgl.year, p.r.choice([1, 7]), 1)
    return replace(b, tgl=tgl, nik=p.nik_baru(b, tgl))


def _tahun(p: _Pembuat, b: Baris) -> Baris:
    tgl = b.tgl.replace(year=b.tgl.year + p.r.choice([-1, 1]), day=min(b.tgl.day, 28))
    return replace(b, tgl=tgl, nik=p.nik_baru(b, tgl))


JENIS: dict[str, Callable[[_Pembuat, Baris], Baris]] = {
    "nik_sama": lambda p, b: b,
    "nik_satu_angka": lambda p, b: replace(b, nik=p.salah_nik(b)),
    "nik_dua_tertukar": lambda p, b: replace(b, nik=_swap(p, b.nik)),
    "nik_satu_angka_nama_salah": lambda p, b: replace(b, nik=p.salah_nik(b), nama=p.salah_huruf(b.nama)),
    "nik_satu_angka_ibu_salah": lambda p, b: replace(b, nik=p.salah_nik(b), ibu=p.salah_huruf(b.ibu)),
    "nik_satu_angka_ejaan": lambda p, b: replace(b, nik=p.salah_nik(b), nama=p.ejaan(b.nama), ibu=p.ejaan(b.ibu)),
    "nik_baru": lambda p, b: replace(b, nik=p.nik_baru(b, b.tgl)),
    "nik_baru_ejaan": lambda p, b: replace(b, nik=p.nik_baru(b, b.tgl), nama=p.ejaan(b.nama)),
    "nik_baru_nama_salah": lambda p, b: replace(b, nik=p.nik_baru(b, b.tgl), nama=p.salah_huruf(b.nama)),
    "nik_baru_ibu_salah": lambda p, b: replace(b, nik=p.nik_baru(b, b.tgl), ibu=p.salah_huruf(b.ibu)),
    "nik_baru_tanggal_salah": _tukar,
    "nik_baru_tanggal_dan_nama_salah": lambda p, b: replace(_tukar(p, b), nama=p.salah_huruf(b.nama)),
    "nik_baru_nama_pasangan": _nama_suami,
    "tanpa_nik": lambda p, b: replace(b, nik=""),
    "tanpa_nik_nama_dipotong": lambda p, b: replace(b, nik="", nama=_potong(b.nama)),
}  # fmt: skip

# Only in the evaluation: the rules were written without looking at these.
JENIS_BARU: dict[str, Callable[[_Pembuat, Baris], Baris]] = {
    "baru_nik_dua_angka": lambda p, b: replace(b, nik=p.angka_lain(p.angka_lain(b.nik, p.r.randrange(2, 9)), p.r.randrange(9, 16))),
    "baru_tahun_meleset": _tahun,
    "baru_tanggal_baku": _tanggal_baku,
    "baru_urutan_kata": lambda p, b: replace(b, nik=p.nik_baru(b, b.tgl), nama=" ".join(reversed(b.nama.split()))),
    "baru_tanpa_nik_ibu_kosong": lambda p, b: replace(b, nik="", ibu="-"),
    "baru_jenis_kelamin_salah": lambda p, b: replace(b, jk="1" if b.jk == "2" else "2", nik=p.salah_nik(b)),
}  # fmt: skip


def buat(n: int, benih: int, *, bagian_ganda: float = 0.03, baru: bool = False) -> Himpunan:
    """About `n` rows, of which `bagian_ganda` are second typings, dealt evenly over the kinds."""
    p = _Pembuat(benih)
    asal = int(n * (1 - bagian_ganda))
    while len(p.h.baris) < asal:
        p.keluarga()
    jenis = [*JENIS, *(JENIS_BARU if baru else ())]
    korban = p.r.sample(range(len(p.h.baris)), int(n * bagian_ganda))
    for i, k in enumerate(korban):
        p.gandakan(p.h.baris[k], jenis[i % len(jenis)])
    return p.h
