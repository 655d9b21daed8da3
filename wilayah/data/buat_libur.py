"""Makes `hari_libur.json`: national holidays and cuti bersama of 2025-2027, frozen from the PyPI library `holidays`.

    python -m venv /tmp/v && /tmp/v/bin/pip install holidays==0.109 && /tmp/v/bin/python wilayah/data/buat_libur.py

The library is not needed at run time. The texts of the SKB were not read, hence `perkiraan` for every day of 2027 that
does not stand on the same date each year: the moon or a later SKB may move it.
"""

import json
from pathlib import Path

import holidays

BERKAS = Path(__file__).resolve().parent / "hari_libur.json"
KEPPRES = "Keppres 8/2024 tentang Hari-Hari Libur"
SKB = {
    2025: "SKB Menag, Menaker, dan Menpan RB 1017/2024, 2/2024, 2/2024 jo. 933/2025, 1/2025, 3/2025",
    2026: "SKB Menag, Menaker, dan Menpan RB 1497/2025, 2/2025, 5/2025",
    2027: "SKB tiga menteri tentang hari libur 2027 (nomor belum diperiksa)",
}
TETAP = {(1, 1), (5, 1), (6, 1), (8, 17), (12, 25)}
JENIS = {"public": "libur_nasional", "government": "cuti_bersama"}


def baris(tahun: int) -> list[dict[str, object]]:
    isi = []
    for bagian, jenis in JENIS.items():
        hari = holidays.country_holidays("ID", years=tahun, categories=(bagian,), language="id")
        for tanggal, nama in sorted(hari.items()):
            pasti = tahun < 2027 or (jenis == "libur_nasional" and (tanggal.month, tanggal.day) in TETAP)
            isi.append(
                {
                    "tanggal": tanggal.isoformat(),
                    "nama": nama.removesuffix(" (perkiraan)"),
                    "jenis": jenis,
                    "dasar_hukum": f"{KEPPRES}; {SKB[tahun]}" if jenis == "libur_nasional" else SKB[tahun],
                    "sumber": f"Pustaka PyPI holidays {holidays.__version__}; naskah SKB belum dibaca",
                    "perkiraan": not pasti or nama.endswith("(perkiraan)"),
                }
            )
    return sorted(isi, key=lambda b: str(b["tanggal"]))


if __name__ == "__main__":
    semua = [b for tahun in SKB for b in baris(tahun)]
    teks = ",\n".join("  " + json.dumps(b, ensure_ascii=False) for b in semua)
    BERKAS.write_text(f"[\n{teks}\n]\n", encoding="utf-8")
