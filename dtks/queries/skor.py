"""Dukcapil's answer about one person, field by field, in words."""

from typing import Any

ISIAN = (
    ("NIK", "NIK"),
    ("NAMA_LGKP", "Nama"),
    ("TMPT_LHR", "Tempat lahir"),
    ("TGL_LHR", "Tanggal lahir"),
    ("JENIS_KLMIN", "Jenis kelamin"),
    ("ALAMAT", "Alamat"),
    ("KEL_NAME", "Desa/kelurahan"),
    ("KEC_NAME", "Kecamatan"),
    ("KAB_NAME", "Kabupaten/kota"),
    ("PROP_NAME", "Provinsi"),
)


def sesuai(skor: Any, ambang: dict[str, Any]) -> bool:
    return skor if isinstance(skor, bool) else skor >= ambang.get("terima", 100)


def kata_skor(label: str, skor: Any, ambang: dict[str, Any]) -> str:
    """'kemiripan 72 dari 100, paling sedikit 90', or 'sesuai' / 'tidak sesuai' for a field without a score."""
    if isinstance(skor, bool):
        return "Sesuai" if skor else "Tidak sesuai"
    batas = f", paling sedikit {ambang['terima']:g}" if label == "Nama" and "terima" in ambang else ""
    return f"Kemiripan {skor:g} dari 100{batas}"
