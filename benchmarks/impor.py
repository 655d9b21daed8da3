"""Goals 1 and 2: a V.4 file into a register that holds n persons, for the first time and again, against raw COPY.

The file has up to 20,000 rows (a file holds 100,000 at most); the register of n persons stands in the way of every look-up.
A = the whole import: open the xlsx, every rule, the register, staging, confirm, write, trail: one job's transaction each.
U = the same file once more: nothing to do. R = next month's file: 1 % of the rows changed, 0.5 % new.
D = the engine's limit: COPY of A's register rows (families, persons, proposals) into the same tables with their indexes, from ready text, triggers off.
B = COPY of everything that A leaves behind (also acts, staging, jobs), triggers of the trail on: how much of A is Python and rules.
Each import runs in a child that has done a small one before, as a worker has; each starts from the same database, put back from a copy.
"""

from benchmarks.alas import Hasil, Salinan, Tumbuh, jam, laju, median, puncak_mb, rasio, sql, tanpa_pemicu

PALING = 20_000
HANGAT = 150_000  # families from this number on are the small file's
REGISTER = ("dtks_keluarga", "dtks_individu", "dtks_usulan")
LAIN = ("core_jejak", "dtks_barisimpor", "core_pekerjaan")
INDUK = ("core_berkas", "dtks_impor")


def ukur(n: int, putaran: int) -> list[Hasil]:
    from tests.bantu import warga_acak
    from tests.bantu.anak import terpisah

    with tanpa_pemicu():
        warga_acak.isi(n * 2 // 7)  # 3.5 persons a family
    sql("vacuum analyze")
    baris = min(n, PALING)
    berkas = terpisah(lambda: _berkas(baris)), terpisah(lambda: _berkas(baris, lagi=True))
    hasil: dict[str, list[float]] = {k: [] for k in "AURBD"}
    rss = 0
    with Salinan() as asal:
        for i in range(putaran):
            if i:
                asal.kembali()
            detik, teks, puncak = _impor(*berkas)
            for k, v in detik.items():
                hasil[k].append(v)
            rss = max(rss, puncak)
            asal.kembali()
            hasil["B"].append(_salin(teks, (*REGISTER, *LAIN)))
            asal.kembali()
            hasil["D"].append(_salin(teks, REGISTER, pemicu=False))
            print("   ", i, "  ".join(f"{k} {v[-1]:.2f}" for k, v in hasil.items()), flush=True)
    a, d = laju(baris, hasil["A"]), laju(baris, hasil["D"])
    return [
        rasio(1, "import, rows/s / raw COPY of its register rows", n, atas=hasil["D"], bawah=hasil["A"], arah=">=", sasaran=0.9, kami=a, batas=d,
              rinci=f"file of {baris:,} rows; memory of the process at most {rss} MB"),
        rasio(1, "import, rows/s / COPY of everything it leaves, trail on", n, atas=hasil["B"], bawah=hasil["A"], kami=a, batas=laju(baris, hasil["B"])),
        rasio(2, "re-import, 1 % changed, rows/s / raw COPY", n, atas=hasil["D"], bawah=hasil["R"], arah=">=", sasaran=0.9, kami=laju(baris, hasil["R"]), batas=d),
        Hasil(2, "the same file again, seconds for 1,000 rows", n, 1000 * median(hasil["U"]) / baris, kami=laju(baris, hasil["U"]),
              tumbuh=Tumbuh("kali", median(hasil["U"]) / baris, 1.2)),
    ]  # fmt: skip


def _berkas(baris: int, *, lagi: bool = False, awal: int = 0) -> bytes:
    """The file; `lagi`: a month later, every hundredth person with another mother's name, and one more in two hundred."""
    from dtks.actions.impor import templat_v4 as v4
    from tests.bantu import berkas_v4
    from tests.bantu.pemain import DESA

    desa = berkas_v4.nama_desa(DESA)
    rows = berkas_v4.berkas(baris, seed=1, desa=desa, awal=awal)[:baris]
    if lagi:
        for b in rows[::100]:
            b[v4.IBU] = "NAMA YANG DIPERBAIKI"
        rows += berkas_v4.berkas(max(baris // 200, 1), seed=2, desa=desa, awal=HANGAT + 1000)
    return berkas_v4.xlsx(rows)


def _impor(isi: bytes, lagi: bytes) -> tuple[dict[str, float], dict[str, bytes], int]:
    """Seconds of A, U and R, the rows that A left as COPY text, and the megabytes of the process."""
    from tests.bantu.anak import terpisah

    pertama = terpisah(lambda: _anak([isi]).encode()).decode().split()
    if len(pertama) != 4:
        raise SystemExit("the import failed")
    a, impor, tanda, rss = float(pertama[0]), pertama[1], int(pertama[2]), int(pertama[3])
    teks = _baca(impor, tanda)
    kedua = terpisah(lambda: _anak([isi, lagi]).encode()).decode().split()
    if len(kedua) != 5:
        raise SystemExit("the second import failed")
    return {"A": a, "U": float(kedua[0]), "R": float(kedua[1])}, teks, max(rss, int(kedua[-1]))


def _anak(berkas: list[bytes]) -> str:
    """In a child: a small file first, then these; "seconds … import-id mark megabytes" of the last one."""
    from django.utils.crypto import get_random_string

    from tests.bantu.alur import orang

    by = orang("operator")
    _satu(by, _berkas(30, awal=HANGAT + 2000 * (len(berkas) - 1)), "hangat.xlsx")
    (tanda,) = sql("select coalesce(max(id), 0) from core_jejakbaris")[0]
    detik, impor = [], ""
    for isi in berkas:
        t, impor = _satu(by, isi, f"{get_random_string(8)}.xlsx")
        detik.append(str(t))
    return " ".join([*detik, impor, str(tanda), str(puncak_mb())])


def _satu(by: object, isi: bytes, nama: str) -> tuple[float, str]:
    """One file from upload to the end. A file without anything new ends with the preview."""
    from dtks.actions.impor import inti
    from dtks.actions.impor.usulan_v4 import JENIS
    from dtks.models import Impor

    hasil: list[Impor] = []

    def kerja() -> None:
        kasus = inti.unggah(by=by, jenis=JENIS, isi=isi, nama=nama, langsung=True)  # type: ignore[arg-type]
        if any(kasus.hitung.get(k) for k in ("baru", "berubah", "pindah")):
            kasus = inti.terapkan(kasus, by=by, langsung=True)  # type: ignore[arg-type]
        hasil.append(kasus)

    detik = jam(kerja)
    kasus = Impor.objects.get(pk=hasil[0].pk)
    salah = {k: v for k, v in kasus.hitung.items() if k in ("konflik", "galat") and v}
    if salah or kasus.status not in ("siap", "diterapkan"):
        raise SystemExit(f"{nama}: {kasus.status} {kasus.sebab} {kasus.hitung}")
    return detik, str(kasus.pk)


def _baca(impor: str, tanda: int) -> dict[str, bytes]:
    """The rows that this import made, as COPY text: the trail knows them."""
    from django.db import connection

    syarat = {
        t: f"id in (select kunci::uuid from core_jejakbaris where id > {tanda} and tabel = '{t}' and op = 'I')"
        for t in REGISTER
    }
    syarat |= {
        "core_jejak": f"tx in (select tx from core_jejakbaris where id > {tanda})",
        "dtks_barisimpor": f"impor_id = '{impor}'",
        "core_pekerjaan": f"created_at >= (select created_at from dtks_impor where id = '{impor}')",
        "core_berkas": f"id = (select berkas_id from dtks_impor where id = '{impor}')",
        "dtks_impor": f"id = '{impor}'",
    }
    teks = {}
    with connection.cursor() as cursor:
        for tabel, apa in syarat.items():
            with cursor.copy(f"copy (select * from {tabel} where {apa}) to stdout") as keluar:
                teks[tabel] = b"".join(bytes(x) for x in keluar)
    if not teks["dtks_individu"]:
        raise SystemExit("the import left no persons")
    return teks


def _salin(teks: dict[str, bytes], tabel: tuple[str, ...], *, pemicu: bool = True) -> float:
    """Seconds of one transaction that COPYs these rows back, seal at commit included."""
    from django.db import connection, transaction

    def masukkan(urutan: tuple[str, ...]) -> None:
        with connection.cursor() as cursor:
            for satu in urutan:
                with cursor.copy(f"copy {satu} from stdin") as masuk:
                    for i in range(0, len(teks[satu]), 1 << 16):
                        masuk.write(teks[satu][i : i + (1 << 16)])

    def kerja() -> None:
        if pemicu:
            with transaction.atomic():
                masukkan(tabel)
        else:
            with tanpa_pemicu():
                masukkan(tabel)

    with tanpa_pemicu():
        masukkan(INDUK)
    return jam(kerja)
