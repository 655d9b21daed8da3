"""The duplicate rules beside Splink (Fellegi-Sunter with EM, on DuckDB), on the labelled sets of benchmarks/ganda.py. Prints one table.

    python -m venv /tmp/splink && /tmp/splink/bin/pip install -r benchmarks/requirements-splink.txt
    echo "$PWD/.venv/lib/python3.11/site-packages" > /tmp/splink/lib/python3.11/site-packages/portal.pth
    /tmp/splink/bin/python -m benchmarks.ganda_splink [N]
    /tmp/splink/bin/python -m benchmarks.ganda_splink --spark benchmarks/ganda_spark.json     the same linkage for Splink's Spark engine

Splink is treated as our rules were: its threshold is chosen on the seeds of the design (best F1), then frozen, and the evaluation uses
other seeds with kinds of error that neither saw. Its settings are those of its tutorial for persons (Jaro-Winkler on names with term
frequencies, date of birth by parts, mother's name, sex, Damerau-Levenshtein on the NIK), u by random sampling, m by EM over two
blockings, and blocking rules that find what ours find: NIK parts, name and date, mother and date. An expert could tune it further.
"""

import contextlib
import io
import json
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.ganda import AMBANG, Hasil, jalankan
from tests.bantu.populasi_ganda import BENIH_NILAI, BENIH_RANCANG, Himpunan, buat


def spesifikasi() -> Any:
    """The linkage, for any engine of Splink: comparisons and blocking rules, nothing of DuckDB."""
    import splink.comparison_library as cl
    from splink import SettingsCreator, block_on

    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("nama", [0.95, 0.9, 0.8]).configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("lahir", input_is_string=True),
            cl.JaroWinklerAtThresholds("ibu", [0.95, 0.85]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("jk"),
            cl.DamerauLevenshteinAtThresholds("nik", [1, 2, 4]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("nik"),
            block_on("substr(nik, 1, 12)"),
            block_on("substr(nik, 7, 10)"),
            block_on("nama", "tahun"),
            block_on("depan", "lahir"),
            block_on("ibu", "lahir"),
            block_on("ibu", "tahun", "depan"),
            block_on("nama", "ibu"),
        ],
    )


def splink(himpunan: Himpunan) -> tuple[dict[tuple[int, int], float], float]:
    """Match weight of every pair that it compared, and CPU seconds of everything (training included)."""
    import pyarrow
    from splink import Linker, block_on
    from splink.internals.duckdb.database_api import DuckDBAPI

    baris = himpunan.baris
    tabel = pyarrow.table(
        {
            "unique_id": [b.id for b in baris],
            "nik": [b.nik or None for b in baris],
            "nama": [b.nama for b in baris],
            "depan": [b.nama.split()[0] for b in baris],
            "lahir": [b.tgl.isoformat() for b in baris],
            "tahun": [b.tgl.year for b in baris],
            "jk": [b.jk for b in baris],
            "ibu": [b.ibu or None for b in baris],
        }
    )
    settings = spesifikasi()
    mulai = time.process_time()
    with contextlib.redirect_stdout(io.StringIO()):
        db: Any = DuckDBAPI()
        linker = Linker(db.register(tabel), settings, log_level=40)
        linker.training.estimate_probability_two_random_records_match(
            [block_on("nik"), block_on("nama", "lahir")], recall=0.6
        )
        linker.training.estimate_u_using_random_sampling(max_pairs=1_000_000)
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("nama", "ibu"))
        linker.training.estimate_parameters_using_expectation_maximisation(block_on("lahir", "jk"))
        hasil = linker.inference.predict(threshold_match_weight=-5).as_record_list()
    detik = time.process_time() - mulai
    return {tuple(sorted((r["unique_id_l"], r["unique_id_r"]))): r["match_weight"] for r in hasil}, detik  # type: ignore[misc]


def mutu(kena: set[tuple[int, int]], himpunan: Himpunan) -> tuple[float, float]:
    benar = set(himpunan.ganda)
    tepat = len(kena & benar)
    return tepat / len(benar), tepat / max(len(kena), 1)


def ambang(n: int) -> float:
    """The weight with the best F1 on the seeds of the design."""
    kumpulan = [(h, splink(h)[0]) for h in (buat(n, b, baru=False) for b in BENIH_RANCANG)]

    def f1(w: float) -> float:
        nilai = [mutu({k for k, v in skor.items() if v >= w}, h) for h, skor in kumpulan]
        return sum(2 * r * p / ((r + p) or 1) for r, p in nilai)

    return max((w / 2 for w in range(-10, 61)), key=f1)


def main(n: int) -> None:
    w = ambang(min(n, 20_000))
    print(f"Splink 5.0.0 on DuckDB 2.0.0, match weight >= {w} chosen on seeds {BENIH_RANCANG}.\n")
    print("| seed | rows | injected | who | recall | precision | pairs compared | CPU seconds |")
    print("|---|---|---|---|---|---|---|---|")
    for benih in BENIH_NILAI:
        himpunan = buat(n, benih, baru=True)
        kami: Hasil = jalankan(himpunan, persis=False)
        skor, detik = splink(himpunan)
        rows = f"| {benih} | {len(himpunan.baris):,} | {len(himpunan.ganda):,} |"
        recall, presisi, _ = kami.ukur(AMBANG["tinjau"])
        print(f"{rows} our rules | {recall:.3f} | {presisi:.3f} | {kami.pasangan:,} | {kami.detik:.1f} |")
        recall, presisi = mutu({k for k, v in skor.items() if v >= w}, himpunan)
        print(f"{rows} Splink | {recall:.3f} | {presisi:.3f} | {len(skor):,} above weight -5 | {detik:.1f} |")


def spark(berkas: Path) -> None:
    """Settings of the same linkage as Splink's Spark engine reads them, validated by Splink in that dialect. Weights are learned there."""
    from splink import SettingsCreator

    isi = spesifikasi().create_settings_dict(sql_dialect_str="spark")
    berkas.write_text(json.dumps(isi, indent=1) + "\n")
    lagi = SettingsCreator.from_path_or_dict(str(berkas)).get_settings("spark")
    duckdb = spesifikasi().get_settings("duckdb")
    for a, b in zip(lagi.comparisons, duckdb.comparisons, strict=True):
        assert [s.comparison_vector_value for s in a.comparison_levels] == [
            s.comparison_vector_value for s in b.comparison_levels
        ]
        print(
            f"{a.output_column_name}: {len(a.comparison_levels)} levels, e.g. {a.comparison_levels[2].sql_condition}"
        )


if __name__ == "__main__":
    if "--spark" in sys.argv:
        sys.exit(spark(Path(sys.argv[-1])))
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
