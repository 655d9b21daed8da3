"""Every fault of the list has a test that exists, or an honest "belum"; docs/keandalan.md is made from it and from kept runs.

`python -m tests.gangguan.test_keandalan` writes docs/keandalan.md anew.
"""

import re
from collections import Counter
from pathlib import Path

import yaml

AKAR = Path(__file__).resolve().parents[2]
DOKUMEN = AKAR / "docs" / "keandalan.md"
HASIL = Path(__file__).parent / "hasil.yaml"
KEADAAN = {"uji": "a test shows it", "sebagian": "a test shows a part", "belum": "no test"}
KEPALA = """# What the portal survives

Made from `tests/gangguan/keandalan.yaml` and `hasil.yaml` by `python -m tests.gangguan.test_keandalan`; do not edit. The default run
checks that every test named here exists; whether it passes is what CI says. Faults are real: processes are killed by pid, servers are
stopped, lines are cut. The ledger of each test lies outside the system, and each ends with the portal's own self-check (`periksa`).

`./test --faults` runs them in small counts; `./test --faults --keras` in the full ones (50,000 jobs, 10,000 writes, hours).
"""


def daftar() -> dict[str, list[str]]:
    return yaml.safe_load((Path(__file__).parent / "keandalan.yaml").read_text())


def dokumen() -> str:
    hitung = Counter(keadaan for _, _, keadaan, _ in daftar().values())
    baris = ["", *(f"- {hitung[k]} × {k}: {arti}" for k, arti in KEADAAN.items()), ""]
    baris += ["| | fault | what must hold | state | evidence |", "|---|---|---|---|---|"]
    for kode, (apa, harap, keadaan, bukti) in daftar().items():
        uji, _, kurang = bukti.partition("|") if keadaan != "belum" else ("", "", bukti)
        tulis = "<br>".join([*(f"`{b}`" for b in uji.split()), *([kurang.strip()] if kurang else [])])
        baris.append(f"| {kode} | {apa} | {harap} | {keadaan} | {tulis} |")
    isi = yaml.safe_load(HASIL.read_text())
    baris += [
        "",
        "## Kept outputs",
        "",
        isi["keadaan"].strip(),
        "",
        "| test | what it printed |",
        "|---|---|",
    ]
    baris += [f"| `{satu['uji']}` | {satu['cetak']} |" for satu in isi["jalan"]]
    baris += ["", "## Long runs", "", isi["panjang"]["keadaan"].strip(), ""]
    baris += ["| date (UTC) | command | counts | minutes | result |", "|---|---|---|---|---|"]
    baris += [
        f"| {satu['saat']} | `{satu['perintah']}` | {satu['jumlah']} | {satu['menit']} | {satu['hasil']} |"
        for satu in isi["panjang"]["jalan"]
    ]
    return KEPALA + "\n".join(baris) + "\n"


def _ada(satu: str) -> bool:
    berkas, _, nama = satu.partition("::")
    return (AKAR / berkas).is_file() and bool(re.search(rf"^def {nama}\(", (AKAR / berkas).read_text(), re.M))


def test_setiap_gangguan_ada_sekali_dengan_bukti_yang_ada():
    assert list(daftar()) == [f"F{n}" for n in range(1, 46)]
    assert {k for _, _, k, _ in daftar().values()} <= KEADAAN.keys()
    for kode, (_, _, keadaan, bukti) in daftar().items():
        uji = bukti.partition("|")[0].split() if keadaan != "belum" else []
        assert all(map(_ada, uji)) and (uji or keadaan == "belum"), (kode, [u for u in uji if not _ada(u)])
    assert all(_ada(satu["uji"]) for satu in yaml.safe_load(HASIL.read_text())["jalan"])


def test_dokumen_mutakhir():
    assert DOKUMEN.read_text() == dokumen(), "python -m tests.gangguan.test_keandalan"


if __name__ == "__main__":
    DOKUMEN.write_text(dokumen())
