"""Texts of issued papers as versions that an office edits: plain paragraphs with a closed list of placeholders, no code.

A paper without an approved version uses the words that ship with the portal. A version is frozen once approved, and every
issued paper names the version that made it (`Dokumen.templat`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from core.models import TemplatSurat
from core.rules import areas_of

# kind -> part -> words on the form. One paragraph per line; an empty part keeps the portal's own words.
BAGIAN: dict[str, dict[str, str]] = {
    "SK_BUPATI": {"menimbang": "Menimbang", "mengingat": "Mengingat", "diktum": "Diktum (KESATU dan seterusnya)"},
    "PENGESAHAN": {"pembuka": "Kalimat pembuka", "isi": "Keterangan pemeriksaan", "penutup": "Kalimat penutup"},
    "BERITA_ACARA": {"dasar": "Dasar", "penutup": "Kalimat penutup"},
    "KEBERATAN": {"isi": "Penjelasan putusan", "penutup": "Kalimat penutup"},
    "REKOMENDASI_PBI": {"isi": "Isi rekomendasi", "penutup": "Kalimat penutup"},
    "KETERANGAN_DTSEN": {"isi": "Isi keterangan", "penutup": "Kalimat penutup"},
    "REKOMENDASI": {"isi": "Isi rekomendasi", "penutup": "Kalimat penutup"},
}  # fmt: skip
NAMA = {
    "SK_BUPATI": "Keputusan bupati/wali kota (SK)",
    "PENGESAHAN": "Surat pengesahan",
    "BERITA_ACARA": "Berita acara musyawarah",
    "KEBERATAN": "Jawaban keberatan",
    "REKOMENDASI_PBI": "Rekomendasi reaktivasi PBI",
    "KETERANGAN_DTSEN": "Surat keterangan DTSEN",
    "REKOMENDASI": "Surat rekomendasi",
}
# kind -> placeholder -> sample value of the preview.
ISIAN: dict[str, dict[str, str]] = {
    "SK_BUPATI": {
        "program": "Bantuan Lansia Daerah", "daerah": "Kabupaten Contoh", "pejabat": "Bupati Contoh", "periode": "triwulan IV tahun 2026",
        "hasil": "ditetapkan 2 (dua) usulan",
    },
    "PENGESAHAN": {
        "program": "Bantuan Lansia Daerah", "daerah": "Kabupaten Contoh", "periode": "Oktober 2026", "jumlah": "2 (dua)",
    },
    "BERITA_ACARA": {"desa": "Desa Contoh", "periode": "Oktober 2026"},
    "KEBERATAN": {"program": "Bantuan Lansia Daerah", "daerah": "Kabupaten Contoh", "nomor_usulan": "USL-202610-00001", "putusan": "dikabulkan"},
    "REKOMENDASI_PBI": {"daerah": "Kabupaten Contoh", "nomor_permohonan": "PBI-0001/2026"},
    "KETERANGAN_DTSEN": {"daerah": "Kabupaten Contoh", "keperluan": "Program Indonesia Pintar"},
    "REKOMENDASI": {"daerah": "Kabupaten Contoh", "keperluan": "Rehabilitasi atau rujukan ke lembaga"},
}  # fmt: skip
PALING_BANYAK = 9  # paragraphs of a part: a decree that replaces another one adds one more
_ISIAN = re.compile(r"\{([^{}]*)\}")


def salah(jenis: str, isi: Mapping[str, str]) -> list[tuple[str, str]]:
    """(part, sentence) for everything that may not stand in a version of this kind."""
    boleh = ISIAN[jenis]
    daftar = ", ".join(f"{{{nama}}}" for nama in boleh)
    hasil = []
    for bagian, teks in isi.items():
        if bagian not in BAGIAN[jenis]:
            hasil.append((bagian, "Bagian ini tidak dikenal."))
            continue
        banyak = len([satu for satu in teks.splitlines() if satu.strip()])
        if banyak > PALING_BANYAK:
            hasil.append((bagian, f"Paling banyak {PALING_BANYAK} paragraf. Sekarang {banyak}."))
        for nama in _ISIAN.findall(teks):
            if nama not in boleh:
                hasil.append((bagian, f"Isian {{{nama}}} tidak dikenal. Yang boleh: {daftar}."))
        if "{" in (sisa := _ISIAN.sub("", teks)) or "}" in sisa:
            hasil.append(
                (bagian, "Kurung kurawal harus berpasangan dan berisi nama isian, misalnya {program}.")
            )
    return hasil


@dataclass(frozen=True)
class Templat:
    """The version in force for one paper; without one every part is empty."""

    pk: UUID | None = None
    isi: Mapping[str, str] = field(default_factory=dict)

    def baris(self, bagian: str, /, **data: object) -> list[str]:
        """Paragraphs of a part with the placeholders filled; [] = use the portal's own words."""
        teks = self.isi.get(bagian, "").strip()
        terisi = _ISIAN.sub(lambda m: str(data.get(m[1], m[0])), teks)
        return [satu.strip() for satu in terisi.splitlines() if satu.strip()]

    def teks(self, bagian: str, bawaan: str, /, **data: object) -> str:
        return " ".join(self.baris(bagian, **data)) or bawaan


BAWAAN = Templat()


def berlaku(jenis: str, wilayah: str, hari: date) -> Templat:
    """The approved version of the narrowest area on that day, the newest first."""
    rows = TemplatSurat.objects.filter(
        jenis=jenis, wilayah__in=areas_of(wilayah), status=TemplatSurat.Status.DISETUJUI, berlaku_sejak__lte=hari
    )  # fmt: skip
    satu = max(rows, key=lambda t: (len(t.wilayah), t.berlaku_sejak, t.versi), default=None)
    return Templat(satu.pk, satu.isi) if satu else BAWAAN
