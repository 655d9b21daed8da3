"""`./bench` works: every goal in the table, every check inside a benchmark true, the hand-written part of the page kept. No time is judged."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import semua
from benchmarks.alas import Hasil, Tumbuh

AKAR = Path(__file__).resolve().parents[2]


def jalankan(*pilihan: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.semua", *pilihan], cwd=AKAR, capture_output=True, text=True, check=False, timeout=540
    )  # fmt: skip


SASARAN = {
    "impor": {1, 2}, "padan": {3}, "ganda": {4}, "antrean": {5, 0}, "daftar": {6, 0}, "cek": {7}, "rls": {8, 0}, "jejak": {9}, "kelayakan": {10},
    "ekspor": {0},
}  # fmt: skip


def baris(teks: str) -> list[list[str]]:
    """Of the table; the same lines are shown before it, as they are measured."""
    tabel = teks.partition("| goal |")[2]
    return [b.strip("| ").split(" | ") for b in tabel.splitlines() if b.startswith("| ")][1:]


def test_every_goal_has_its_benchmark():
    assert tuple(SASARAN) == semua.SEMUA
    assert set.union(*SASARAN.values()) == set(range(11))


@pytest.mark.parametrize("nama", semua.SEMUA)
def test_it_runs_on_a_tiny_register(nama):
    """A benchmark also checks what it measured: verdicts, rows, words of the answer. Those checks are what is asked here."""
    jalan = jalankan("--ukuran", "300", "--putaran", "1", "--hanya", nama)
    assert jalan.returncode == 0, jalan.stdout[-4000:] + jalan.stderr[-4000:]
    assert {int(b[0].replace("-", "0")) for b in baris(jalan.stdout)} == SASARAN[nama]


def test_the_page_is_written_between_its_marks(tmp_path):
    halaman = tmp_path / "kinerja.md"
    halaman.write_text(f"# Kata depan\n\n{semua.AWAL}\nlama\n{semua.AKHIR}\n\nWhat was tried: this stays.\n")
    jalan = jalankan("--ukuran", "300", "--putaran", "1", "--hanya", "rls", "jejak", "--tulis", str(halaman))
    assert jalan.returncode == 0, jalan.stdout[-4000:] + jalan.stderr[-4000:]
    teks = halaman.read_text()
    assert teks.startswith("# Kata depan") and teks.endswith("What was tried: this stays.\n")
    assert "lama" not in teks.split(semua.AWAL)[1].splitlines()
    (bocor,) = [b for b in baris(teks) if "rows of another kabupaten" in b[1]]
    assert bocor[-1] == "met"
    (ketemu,) = [b for b in baris(teks) if "one altered row is found" in b[1]]
    assert ketemu[-1] == "met"


def test_a_page_without_marks_is_left_alone(tmp_path):
    halaman = tmp_path / "kinerja.md"
    halaman.write_text("# Milik orang\n")
    with pytest.raises(SystemExit, match="no marks"):
        semua.tulis(halaman, "isi")
    assert halaman.read_text() == "# Milik orang\n"


def test_growth_is_judged_between_the_smallest_and_the_largest_size():
    def hasil(n: int, biaya: float, jenis: str, sasaran: float) -> Hasil:
        return Hasil(3, f"kerja, {jenis}", n, 1.0, tumbuh=Tumbuh(jenis, biaya, sasaran))

    baris = [hasil(1000, 2.0, "pangkat", 1.1), hasil(10_000, 200.0, "pangkat", 1.1), hasil(1000, 2.0, "kali", 1.2), hasil(10_000, 2.2, "kali", 1.2)]  # fmt: skip
    tumbuh = {h.nama: h for h in semua._tumbuh(baris)}
    assert len(tumbuh) == 2
    (pangkat,) = [h for n, h in tumbuh.items() if "exponent" in n]
    (kali,) = [h for n, h in tumbuh.items() if "times" in n]
    assert pangkat.nilai == pytest.approx(2.0) and pangkat.kena is False
    assert kali.nilai == pytest.approx(1.1) and kali.kena is True


def test_a_missed_goal_is_said_and_a_failed_benchmark_is_an_error(monkeypatch, capsys):
    hasil = Hasil(1, "import", 300, 0.5, ">=", 0.9)
    anak = {"impor": {"hasil": [hasil.sebagai_json()], "server": {}}, "padan": None}
    monkeypatch.setattr(semua, "_anak", lambda nama, n, putaran: anak[nama])
    pilih = semua._argumen(["--ukuran", "300", "--hanya", "impor", "padan"])
    assert semua._jalankan(pilih) == 1
    teks = capsys.readouterr().out
    assert "**missed**" in teks and "Not measured: padan, n = 300 failed" in teks


@pytest.mark.parametrize("pilihan", [("--cepat",), ("--ukuran", "300"), ("--hanya", "rls")])
def test_a_trial_does_not_replace_the_figures_of_the_page(pilihan, tmp_path, monkeypatch):
    monkeypatch.setattr(semua, "HALAMAN", tmp_path / "kinerja.md")
    monkeypatch.setattr(semua, "_anak", lambda nama, n, putaran: {"hasil": [], "server": {}})
    assert semua._jalankan(semua._argumen(pilihan)) == 0
    assert not semua.HALAMAN.exists()
    semua._jalankan(semua._argumen([]))
    assert semua.HALAMAN.exists()


@pytest.mark.load
@pytest.mark.timeout(3600)
def test_a_large_list_goes_out_in_flat_memory():
    jalan = jalankan("--ukuran", "50000", "--putaran", "1", "--hanya", "ekspor", "daftar", "padan")
    assert jalan.returncode == 0, jalan.stdout[-4000:] + jalan.stderr[-4000:]
    memori = [b for b in jalan.stdout.splitlines() if b.startswith("| ") and "memory" in b]
    assert len(memori) == 2
    assert all(b.endswith("| met |") for b in memori), memori
