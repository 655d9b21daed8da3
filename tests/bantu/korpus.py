"""The bad input as data: `tests/masukan/korpus/*.yaml`, each value with the kinds of field that it is for."""

import random
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FOLDER = Path(__file__).resolve().parent.parent / "masukan" / "korpus"
SEMUA = "semua"
NOMOR = re.compile(r"[0-9a-f-]{36}|\d+")
# A kind that has no corpus of its own is tried with that of its nearest relative.
SAUDARA = {"akun": "tiket", "sandi": "semua", "tersembunyi": "semua", "centang": "semua", "berkas": "semua"}


@dataclass(frozen=True)
class Nilai:
    butir: int  # row of reliability.md §4
    isi: str
    harap: str  # terima | tolak | tolak_bila_wajib | luar | bebas
    sebab: str

    def __str__(self) -> str:
        return f"§4.{self.butir} {self.sebab}"


@cache
def semua() -> dict[str, tuple[Nilai, ...]]:
    """Values by kind."""
    hasil: dict[str, list[Nilai]] = {}
    for berkas in sorted(FOLDER.glob("*.yaml")):
        data = yaml.safe_load(berkas.read_text(encoding="utf-8"))
        for baris in data["isi"]:
            nilai = Nilai(
                baris["butir"], baris["nilai"] * baris.get("ulang", 1), baris["harap"], baris["sebab"]
            )
            for jenis in data["jenis"]:
                hasil.setdefault(jenis, []).append(nilai)
    return {jenis: tuple(isi) for jenis, isi in hasil.items()}


def untuk(jenis: str) -> tuple[Nilai, ...]:
    """What a field of this kind is tried with: its own corpus and the values for every field."""
    khusus = SAUDARA.get(jenis, jenis)
    return (*(semua()[khusus] if khusus != SEMUA else ()), *semua()[SEMUA])


def contoh(kasus: list[tuple[str, Nilai]], sedikitnya: int | None, benih: str) -> list[tuple[str, Nilai]]:
    """All of them (None), or one value for each field and more until there are `sedikitnya`; the same for the same seed."""
    if sedikitnya is None:
        return kasus
    acak = random.Random(benih).sample(kasus, len(kasus))
    satu = {NOMOR.sub("0", kolom): (kolom, nilai) for kolom, nilai in acak}  # rows of a table are one field
    lain = [k for k in acak if k not in satu.values()]
    return [*satu.values(), *lain[: max(sedikitnya - len(satu), 0)]]
