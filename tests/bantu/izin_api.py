"""What a key may: operations of the schema x scope x area of the key, and docs/izin-api.md made from it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from portal.queries import api

DOKUMEN = Path(__file__).resolve().parents[2] / "docs" / "izin-api.md"
CAKUPAN = ("register", "usulan", "kelayakan", "padan", "pengaduan", "nik", "tulis")
# Where the key's area lies, seen from the object's (a family of the first desa of Garut).
HUBUNGAN = {
    "desa itu": "32.05.01.1001", "kecamatannya": "32.05.01", "kabupatennya": "32.05", "provinsinya": "32",
    "desa sebelah": "32.05.01.1003", "kecamatan lain": "32.05.02", "kabupaten lain": "32.06", "provinsi lain": "33",
}  # fmt: skip
MENCAKUP = ("desa itu", "kecamatannya", "kabupatennya", "provinsinya")


@dataclass(frozen=True)
class Operasi:
    cara: str
    alamat: str
    cakupan: tuple[str, ...]

    @property
    def nama(self) -> str:
        return f"{self.cara} {self.alamat}"

    def boleh(self, cakupan: tuple[str, ...]) -> bool:
        return set(self.cakupan) <= set(cakupan)


def operasi() -> list[Operasi]:
    hasil = []
    for alamat, cara in api.skema()["paths"].items():
        for nama, isi in cara.items():
            hasil.append(Operasi(nama.upper(), alamat, tuple(isi["x-cakupan"])))
    return hasil


def dokumen() -> str:
    baris = ["| operasi | " + " | ".join(CAKUPAN) + " |", "|" + "---|" * (len(CAKUPAN) + 1)]
    for o in operasi():
        sel = ["perlu" if c in o.cakupan else "·" for c in CAKUPAN]
        baris.append(f"| `{o.nama}` | " + " | ".join(sel) + " |")
    area = ["| wilayah kunci terhadap data | melihat |", "|---|---|"]
    area += [
        f"| {nama} | {'ya' if nama in MENCAKUP else 'tidak: sama dengan tidak ada'} |" for nama in HUBUNGAN
    ]
    return "\n".join([PENGANTAR, "## Cakupan", "", *baris, "", "## Wilayah", "", *area, ""])


PENGANTAR = """# Apa yang boleh bagi sebuah kunci API

Dibuat dari skema (`/api/schema/`) oleh `tests/bantu/izin_api.py`; jangan disunting. `tests/api/test_izin_api.py` menjalankan setiap
operasi dengan kunci tiap cakupan dan kunci tiap hubungan wilayah. Tanpa satu saja dari yang “perlu”, jawabannya 403; tanpa kunci 401.
Kunci berperan KLIEN_API: ia tidak pernah memutus, dan tidak melihat kategori PPKS yang peka walau semua cakupannya ada.
"""


def contoh(p: Any, alamat: str) -> str | None:
    """The address with the objects of a journey; None when the journey holds no such object."""
    u = p.usulan
    pengganti = {
        "/keluarga/{id}/": u.keluarga_id, "/individu/{id}/": u.keluarga.anggota.first().pk, "/usulan/{id}/": u.pk,
        "/usulan/{id}/langkah/{nama}/": u.pk, "/musyawarah/{id}/": u.putusan.get().musyawarah_id,
        "/asesmen/{id}/": u.asesmen.get().pk, "/penetapan/{id}/": p.penetapan.pk,
    }  # fmt: skip
    for akhir, pk in pengganti.items():
        if alamat == f"/api/v1{akhir}":
            return alamat.replace("{id}", str(pk)).replace("{nama}", "tarik")
    return None
