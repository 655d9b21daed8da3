"""OWASP ASVS 5.0.0, level 1 and 2: every item has evidence that exists, or an honest "belum"; docs/asvs.md is made from it.

`python -m tests.keamanan.test_asvs` writes docs/asvs.md anew.
"""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

AKAR = Path(__file__).resolve().parents[2]
DOKUMEN = AKAR / "docs" / "asvs.md"
KEADAAN = {
    "uji": "a test proves it",
    "rancang": "true by how it is built",
    "luar": "the technique is not used here",
    "pasang": "the installation decides",
    "belum": "not yet, or not wholly",
}
KEPALA = """# OWASP ASVS 5.0.0, level 1 and 2

Made from `tests/keamanan/asvs.yaml` by `python -m tests.keamanan.test_asvs`; do not edit. The wording is ours and short; the standard
itself is at https://github.com/OWASP/ASVS (CC BY-SA 4.0). The default run checks that no item is missing and that every test named
here exists; whether the tests pass is what CI says. Nobody outside has reviewed this yet.

| state | meaning | level 1 | level 2 |
|---|---|---:|---:|
"""


def bab() -> dict[str, dict[str, list]]:
    return yaml.safe_load((Path(__file__).parent / "asvs.yaml").read_text())


def butir() -> list[tuple[str, int, str, str, str]]:
    return [(kode, *isi) for satu in bab().values() for kode, isi in satu.items()]


def dokumen() -> str:
    hitung = Counter((keadaan, tingkat) for _, tingkat, _, keadaan, _ in butir())
    baris = [f"| {k} | {arti} | {hitung[k, 1]} | {hitung[k, 2]} |" for k, arti in KEADAAN.items()]
    for nama, isi in bab().items():
        baris += [
            "",
            f"## {nama}",
            "",
            "| item | level | what it asks | state | evidence |",
            "|---|---|---|---|---|",
        ]
        for kode, (tingkat, apa, keadaan, bukti) in isi.items():
            tulis = (
                "<br>".join(f"`{b}`" for b in bukti.split())
                if keadaan in ("uji", "rancang", "pasang")
                else bukti
            )
            baris.append(f"| {kode} | {tingkat} | {apa} | {keadaan} | {tulis} |")
    return KEPALA + "\n".join(baris) + "\n"


def test_setiap_butir_tingkat_satu_dan_dua_ada_sekali():
    semua = butir()
    assert len({b[0] for b in semua}) == len(semua)
    assert Counter(b[1] for b in semua) == {1: 70, 2: 183}  # counted from the standard's own table
    assert {b[3] for b in semua} <= KEADAAN.keys()


@pytest.mark.parametrize("keadaan", ["uji", "rancang", "pasang"])
def test_bukti_yang_disebut_ada(keadaan):
    for kode, _, _, kini, bukti in butir():
        for satu in bukti.split() if kini == keadaan else ():
            berkas, _, nama = satu.partition("::")
            assert (AKAR / berkas).is_file(), (kode, satu)
            assert (keadaan == "uji") == bool(nama), (kode, satu)
            if nama:
                assert re.search(rf"^def {nama}\(", (AKAR / berkas).read_text(), re.M), (kode, satu)


def test_dokumen_mutakhir():
    assert DOKUMEN.read_text() == dokumen(), "python -m tests.keamanan.test_asvs"


if __name__ == "__main__":
    DOKUMEN.write_text(dokumen())
