"""Goal 10: eligibility lists of five programmes with quota and ranks, for a register of n persons, against one ORDER BY of their rows.

A = `bansos.actions.hitung.hitung_semua` for five programmes per family with quota, stored: reading the register, every condition,
    components, exclusion lists, rank, quota, sentences, rows with their indexes and guards, fingerprint, trail, commit.
D = the same as a dry run (nothing stored).
S = one ORDER BY (list, outcome, rank, decile, score, id) over all the rows that A left behind, every column, result thrown away.
T = the same ORDER BY into a temporary table.
The register has the shape of a real kabupaten (3.5 persons a family, 3 quarters of deciles). Every round of A reads changed data, else it
would find its own list. That the result is the same as by a second method is tested, not measured (tests/bantu/penilai_kelayakan.py).
"""

from benchmarks.alas import Hasil, jam, laju, rasio, selang, sql, tanpa_pemicu

PROGRAM = ("PKH", "BPNT", "RST", "BLT-DESA", "APBD-LANSIA")
KAB, PERIODE = "32.05", "2026-4"
BARIS = "select b.* from bansos_barisdaftar b where b.daftar_id = any(%s) order by b.daftar_id, b.hasil, b.peringkat, b.desil, b.skor desc, b.id"


def ukur(n: int, putaran: int) -> list[Hasil]:
    keluarga = max(n * 2 // 7, 10)
    isi(keluarga)
    hasil = selang(
        putaran,
        {
            "D": lambda p: _hitung(p, simpan=False),
            "A": lambda p: _hitung(p, simpan=True),
            "S": _urut,
            "T": _salin,
        },
        hangat=False,  # a round is minutes, and D reads what A reads
    )
    baris = keluarga * len(PROGRAM)
    a, s = laju(baris, hasil["A"]), laju(baris, hasil["S"])
    return [
        rasio(10, "eligibility lists stored, seconds / ONE ORDER BY of their rows", n, atas=hasil["A"], bawah=hasil["S"], arah="<=", sasaran=2,
              kami=a, batas=s, rinci=f"{keluarga:,} families, {len(PROGRAM)} programmes"),
        rasio(10, "the same as a dry run", n, atas=hasil["D"], bawah=hasil["S"], kami=laju(baris, hasil["D"]), batas=s),
        rasio(10, "stored / the ORDER BY into a table", n, atas=hasil["A"], bawah=hasil["T"], kami=a, batas=laju(baris, hasil["T"])),
    ]  # fmt: skip


def isi(keluarga: int) -> None:
    """The register, hits of exclusion lists on 2 % of the persons, and a quota for each programme that does not suffice."""
    from tests.bantu import warga_acak

    with tanpa_pemicu():
        warga_acak.isi(keluarga)
        for n, p in enumerate(PROGRAM):
            sql(
                "insert into bansos_kuota (id, program_id, wilayah_id, periode, jumlah, versi, terisi, terpakai, updated_at) "
                "values (gen_random_uuid(), %s, %s, %s, %s, 1, 0, 0, now())",
                p, KAB, PERIODE, keluarga // (8 + 4 * n),
            )  # fmt: skip
        sql(
            "insert into bansos_butirpengecualian (id, sumber_id, wilayah_id, nik_indeks, asal, tanggal_data, keterangan, status, "
            "impor_id, nomor, updated_at) select gen_random_uuid(), (array['ASN', 'UPAH', 'AHU', 'MENINGGAL'])[1 + row_number() over () %% 4], %s, "
            "nik_indeks, 'UJI', '2026-08-01', '', 'berlaku', gen_random_uuid(), row_number() over (), now() from dtks_individu "
            "where get_byte(nik_indeks, 0) < 5",
            KAB,
        )
    sql("vacuum analyze")


def _hitung(putaran: int, *, simpan: bool) -> float:
    from bansos.actions.hitung import hitung_semua

    if not simpan:  # once a round, before its dry run
        with tanpa_pemicu():
            sql(
                "update dtks_keluarga set updated_at = updated_at + interval '1 day' where rt = '001' and left(id::text, 1) = %s",
                f"{putaran % 16:x}",
            )
    return jam(lambda: hitung_semua(program=PROGRAM, periode=PERIODE, wilayah=KAB, by=None, simpan=simpan))


def _terbaru() -> list[object]:
    from bansos.models import DaftarKelayakan

    baru = list(DaftarKelayakan.objects.filter(status="dihitung").values_list("pk", flat=True))
    assert len(baru) == len(PROGRAM)
    return baru


def _urut(_: int) -> float:
    baru = _terbaru()
    return jam(lambda: sql(f"select count(*) from ({BARIS} offset 0) q", baru))


def _salin(putaran: int) -> float:
    baru = _terbaru()
    detik = jam(lambda: sql(f"create temp table t_{putaran} as {BARIS}", baru))
    sql(f"drop table t_{putaran}")
    return detik
