"""A second opinion on eligibility: one family at a time, plain Python over the ORM. Shares no code with the list.

`menilai(isi, keluarga, …) -> Putusan`; `mengurutkan(...)` gives ranks. Written from docs/adr/0025, not from the SQL.
"""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from bansos.models import BarisPenetapan, ButirPengecualian
from dtks.models import Asesmen, Individu, Keluarga

SETAHUN = {"tahun": 1, "bulan": 12, "sekali": 1}


@dataclass
class Putusan:
    keluarga: uuid.UUID
    individu: uuid.UUID | None
    lulus: bool
    desil: int | None
    skor: int
    manfaat: int
    gagal: set[str]  # codes of the reasons that keep it out


def usia(lahir: date, pada: date) -> int:
    ulang = (lahir.month, lahir.day) if (lahir.month, lahir.day) != (2, 29) else (3, 1)
    return pada.year - lahir.year - ((pada.month, pada.day) < ulang)


def anggota(keluarga: Keluarga) -> list[Individu]:
    return [i for i in keluarga.anggota.all() if i.aktif and i.keberadaan not in {"2", "3", "4", "6"}]


class Fakta:
    """What is known of a family on a day; every value None when unknown."""

    def __init__(self, keluarga: Keluarga, acuan: date, periode: str):
        self.keluarga, self.acuan = keluarga, acuan
        self.orang = anggota(keluarga)
        self.rumah = getattr(keluarga, "rumah", None)
        tahun, tri = map(int, periode.split("-"))
        lama = [d for d in keluarga.desil.all() if (d.tahun, d.triwulan) <= (tahun, tri)]
        self.desil = max(lama, key=lambda d: (d.tahun, d.triwulan)).desil if lama else None
        self.asesmen = (
            Asesmen.objects.filter(
                usulan__keluarga=keluarga, selesai_at__isnull=False, kunjungan__in=["1", "2"]
            )
            .order_by("-selesai_at")
            .first()
        )
        self.terima = self._terima()

    def _terima(self) -> list[str]:
        akhir: dict[str, Any] = {}
        for b in BarisPenetapan.objects.filter(
            usulan__keluarga=self.keluarga, hasil="ditetapkan", penetapan__status="berlaku"
        ).order_by("penetapan__created_at", "pk"):
            akhir[b.penetapan.program_id] = b.usulan.jalur
        return [p for p, jalur in akhir.items() if jalur != "PENGHAPUSAN"]

    def _buruk(self) -> tuple[bool, bool, bool]:
        r = self.rumah
        bambu = "6" if r.versi_kode == "REGSOSEK-2022" else "5"
        return r.lantai in {"7", "8"}, r.dinding in {"2", "3", "4", "5", "6"}, r.atap in {bambu, "7"}

    @property
    def skor(self) -> int:
        if self.asesmen is not None:
            return self.asesmen.jumlah_kriteria
        n = int(any(i.hubungan == "1" and i.bekerja is False for i in self.orang))
        if self.rumah is not None:
            lantai, dinding, _ = self._buruk()
            n += lantai + dinding + (self.rumah.bab != "1")
            n += self.rumah.penerangan == "4" or self.rumah.daya == "450"
        return n

    def nilai(self, kode: str, orang: Individu | None) -> Any:
        usia_semua = [usia(i.tgl_lahir, self.acuan) for i in self.orang]
        r, o = self.rumah, orang
        if kode == "desil":
            return self.desil
        if kode == "kriteria":
            return self.skor
        if kode == "anggota":
            return len(self.orang) or None
        if kode == "umur_tertua":
            return max(usia_semua, default=None)
        if kode == "terima":
            return self.terima
        if kode == "asesmen":
            return (self.asesmen.kesimpulan or None) if self.asesmen else None
        if kode == "milik_sendiri":
            return None if r is None else r.status_rumah == "1"
        if kode == "bagian_rumah_buruk":
            return None if r is None else sum(self._buruk())
        if kode == "luas_per_orang":
            return (
                None
                if r is None or r.luas_lantai is None or not self.orang
                else _bulat(r.luas_lantai, len(self.orang))
            )
        if kode == "pegawai_negara":
            return any(i.status_kerja == "5" for i in self.orang) if self.orang else None
        assert o is not None, kode
        if kode == "umur":
            return usia(o.tgl_lahir, self.acuan)
        if kode == "hamil":
            return o.hamil
        if kode == "nik_padan":
            return o.padan == "PADAN"
        if kode == "jamkes":
            return o.jamkes or None
        if kode == "hambatan_berat":
            return False if not o.disabilitas else (1 in o.hambatan[:9] if o.hambatan else None)
        if kode == "jenjang":
            if o.partisipasi_sekolah != "2" or not o.jenjang:
                return None
            nomor = int(o.jenjang)
            return "SD" if nomor < 6 else "SMP" if nomor < 11 else "SMA" if nomor < 18 else "PT"
        if kode == "ppks":
            return any(
                not p.kategori.sensitif
                and p.sejak <= self.acuan
                and (p.hingga is None or p.hingga >= self.acuan)
                for p in o.ppks.all()
            )
        raise KeyError(kode)

    def benar(self, p: dict[str, Any], orang: Individu | None = None) -> bool:
        if "salah_satu" in p:
            return any([self.benar(s, orang) for s in p["salah_satu"]])
        if "bukan" in p:
            return not self.benar(p["bukan"], orang)
        nilai, op, minta = self.nilai(p["ukuran"], orang), p["op"], p.get("nilai")
        if isinstance(nilai, list):
            ada = any(v in minta for v in nilai) if op == "in" else len(nilai) > 0
            return (not ada) if op == "tidak" else ada
        if nilai is None:
            return False
        match op:
            case "<=":
                return nilai <= Fraction(str(minta))
            case ">=":
                return nilai >= Fraction(str(minta))
            case "=":
                return nilai == (Fraction(str(minta)) if isinstance(nilai, int | Fraction) else minta)
            case "in":
                return nilai in minta
            case "ada":
                return nilai is True
            case "tidak":
                return nilai is False
        raise KeyError(op)


def _bulat(luas: int, orang: int) -> Fraction:
    """To one decimal, halves up, as everybody learned at school."""
    return Fraction((luas * 20 // orang + 1) // 2, 10)


def kode_gagal(p: dict[str, Any]) -> str:
    if "salah_satu" in p:
        return "SALAH_SATU"
    if "bukan" in p:
        return "BUKAN_" + p["bukan"]["ukuran"].upper()
    return p["ukuran"].upper()


def menilai(isi: dict[str, Any], keluarga: Keluarga, acuan: date, periode: str) -> list[Putusan]:
    fakta = Fakta(keluarga, acuan, periode)
    kena = [
        (b.sumber, i)
        for i in fakta.orang
        for b in ButirPengecualian.objects.filter(
            nik_indeks=bytes(i.nik_indeks),
            status="berlaku",
            sumber__in=isi["pengecualian"],
            sumber__aktif=True,
        )
        if b.berlaku_hingga is None or b.berlaku_hingga >= acuan
    ]
    if isi["unit"] == "individu":
        return [_satu(isi, fakta, o, kena) for o in fakta.orang]
    return [_satu(isi, fakta, None, kena)]


def _satu(isi: dict[str, Any], fakta: Fakta, orang: Individu | None, kena: list) -> Putusan:
    gagal = {kode_gagal(p) for p in isi["syarat"] if not fakta.benar(p, orang)}
    for sumber, siapa in kena:
        if sumber.mengenai == "keluarga" or (orang is not None and siapa == orang):
            gagal.add(f"KECUALI_{sumber.pk}")
    gagal |= {f"BERSAMA_{p}" for p in isi["tidak_bersama"] if p in fakta.terima}
    uang = isi["manfaat"]["nilai"] * SETAHUN[isi["manfaat"]["per"]]
    if isi["komponen"]:
        mati = {i.pk for s, i in kena if s.mengenai == "individu"}
        dapat = _komponen(isi, fakta, mati)
        uang += sum(dapat)
        if len(dapat) < isi["komponen_minimal"]:
            gagal.add("KOMPONEN")
    return Putusan(
        fakta.keluarga.pk, orang.pk if orang else None, not gagal, fakta.desil, fakta.skor, 0 if gagal else uang, gagal
    )  # fmt: skip


def _komponen(isi: dict[str, Any], fakta: Fakta, mati: set) -> list[int]:
    """Amounts a year of the components kept: each person at his dearest, each kind to its cap, the dearest of the family."""
    daftar: list[int] = []
    per_jenis: dict[str, int] = {}
    for o in fakta.orang:
        if o.pk in mati:
            continue
        cocok = [k for k in isi["komponen"] if all(fakta.benar(p, o) for p in k["syarat"])]
        if cocok:
            mahal = max(cocok, key=lambda k: k["nilai"] * SETAHUN[k["per"]])
            per_jenis[mahal["kode"]] = per_jenis.get(mahal["kode"], 0) + 1
    for k in isi["komponen"]:
        n = per_jenis.get(k["kode"], 0)
        daftar += [k["nilai"] * SETAHUN[k["per"]]] * (n if k["maks"] is None else min(n, k["maks"]))
    return sorted(daftar, reverse=True)[: isi["komponen_maks"]]


def mengurutkan(program: str, periode: str, putusan: list[Putusan]) -> dict[tuple, int]:
    """(family, person) -> rank among those who are in: lowest decile, highest score, then the draw of the quarter."""

    def undian(p: Putusan) -> str:
        return hashlib.md5(f"{program}|{periode}|{p.individu or p.keluarga}".encode()).hexdigest()

    masuk = sorted((p for p in putusan if p.lulus), key=lambda p: (p.desil or 11, -p.skor, undian(p)))
    return {(p.keluarga, p.individu): n for n, p in enumerate(masuk, 1)}
