"""A rule in sentences, and what one version says that another does not."""

from typing import Any

from bansos.models import AturanProgram
from bansos.queries.isi_aturan import syarat_kata
from bansos.queries.sebab import Kamus, kamus

PER_KATA = {"tahun": "setahun", "bulan": "sebulan", "sekali": "sekali"}
URUT_KATA = {"desil": "desil terendah", "skor": "kriteria fakir miskin terbanyak"}


def rupiah(nilai: int) -> str:
    return "Rp" + f"{nilai:,}".replace(",", ".")


def kalimat(isi: dict[str, Any], kata: Kamus | None = None) -> list[tuple[str, list[str]]]:
    """[(heading, sentences)] of a rule's content, in a fixed order; headings without a sentence are left out."""
    k = kata or kamus()
    umum = [f"Dihitung per {'orang' if isi['unit'] == 'individu' else 'keluarga'}."]
    if isi["manfaat"]["nilai"]:
        umum.append(f"Bantuan {rupiah(isi['manfaat']['nilai'])} {PER_KATA[isi['manfaat']['per']]}.")
    if isi.get("komponen_maks"):
        umum.append(f"Paling banyak {isi['komponen_maks']} komponen yang dibayar, dari yang tertinggi.")
    if isi.get("komponen_minimal"):
        umum.append(f"Paling sedikit {isi['komponen_minimal']} komponen.")
    if isi.get("maks_tahun"):
        umum.append(f"Diterima paling lama {isi['maks_tahun']} tahun.")
    urut = isi.get("urut") or list(URUT_KATA)
    bagian = [
        ("Umum", umum),
        ("Syarat", [f"{syarat_kata(p, k.label)}." for p in isi["syarat"]]),
        ("Komponen", [_komponen(satu, k) for satu in isi.get("komponen", [])]),
        ("Tidak dihitung bila tercatat di", [str(k.sumber.get(s, s)) for s in isi.get("pengecualian", [])]),
        ("Tidak boleh bersama", [k.program.get(p, p) for p in isi.get("tidak_bersama", [])]),
        ("Tanpa batas tahun bila ada komponen", list(isi.get("kecuali_lulus") or [])),
        ("Urutan peringkat", [", lalu ".join(URUT_KATA[u] for u in urut) + "."]),
    ]
    return [(judul, isian) for judul, isian in bagian if isian]


def _komponen(satu: dict[str, Any], k: Kamus) -> str:
    syarat = "; ".join(syarat_kata(p, k.label) for p in satu["syarat"]) or "belum ada syarat"
    maks = f", paling banyak {satu['maks']} orang" if satu.get("maks") else ""
    return f"{satu['nama']}: {rupiah(satu['nilai'])} {PER_KATA[satu['per']]}{maks} ({syarat})."


def beda(lama: AturanProgram | None, baru: AturanProgram) -> list[tuple[str, str, str]]:
    """[(heading, 'baru'|'hilang', sentence)]: what the newer version says and the older does not, and the other way round."""
    k = kamus()
    sebelum = {judul: list(isian) for judul, isian in kalimat(lama.isi, k)} if lama else {}
    sesudah = {judul: list(isian) for judul, isian in kalimat(baru.isi, k)}
    hasil = []
    for judul in dict.fromkeys([*sesudah, *sebelum]):
        dulu, kini = sebelum.get(judul, []), sesudah.get(judul, [])
        hasil += [(judul, "hilang", s) for s in dulu if s not in kini]
        hasil += [(judul, "baru", s) for s in kini if s not in dulu]
    return hasil
