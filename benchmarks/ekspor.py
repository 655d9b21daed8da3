"""Beside the ten goals: a filtered list of up to 50,000 rows as CSV and xlsx, against COPY of the same rows without opening a NIK.

Memory is what Python holds at the highest point above the start, in a run of its own (tracing costs time); a list that is built in memory
would show its size there.
"""

import tracemalloc
import uuid
from collections.abc import Callable
from datetime import date
from itertools import product

from benchmarks.alas import Hasil, jam, laju, rasio, selang, sql, tanpa_pemicu

PALING = 50_000
PALING_MB = 25
SALIN = """
copy (select u.tiket, k.nama_kepala, i.nik, k.no_kk, k.alamat, k.rt, k.rw, w.jalur, u.program, u.jalur, u.periode, u.status,
             u.status_sejak, u.tenggat
      from dtks_usulan u join dtks_keluarga k on k.id = u.keluarga_id join wilayah_wilayah w on w.kode = u.wilayah_id
      left join dtks_individu i on i.keluarga_id = k.id and i.aktif and i.hubungan = '1'
      order by u.wilayah_id, k.nama_kepala, u.id) to stdout (format csv)
"""


def ukur(n: int, putaran: int) -> list[Hasil]:
    from tests.bantu.pemain import DESA

    banyak = min(n, PALING)
    isi(banyak, DESA)
    cara = {"COPY": lambda _: jam(_copy)}
    for bentuk, penuh in product(("csv", "xlsx"), (False, True)):
        cara[f"{bentuk}, NIK {'whole' if penuh else 'masked'}"] = lambda _, b=bentuk, p=penuh: jam(
            lambda: _tulis(banyak, b, p)
        )
    hasil = selang(putaran, cara)
    copy = hasil.pop("COPY")
    baris = [
        rasio(
            0,
            f"download of a list ({nama}), seconds / COPY",
            n,
            atas=detik,
            bawah=copy,
            kami=laju(banyak, detik),
            batas=laju(banyak, copy),
        )
        for nama, detik in hasil.items()
    ]
    puncak = max(_puncak(lambda b=b: _tulis(banyak, b, True)) for b in ("csv", "xlsx"))
    return [
        *baris,
        Hasil(
            0,
            "memory of a download above the start, MB",
            n,
            puncak,
            "<=",
            PALING_MB,
            rinci=f"{banyak:,} rows",
        ),
    ]


def _tulis(banyak: int, bentuk: str, penuh: bool) -> None:
    from django.db import transaction
    from django.http import QueryDict

    from dtks.exports.daftar import PermintaanLatar, Pesanan, buat
    from dtks.forms.unduh import USULAN
    from tests.bantu.alur import orang

    with transaction.atomic():
        hasil = buat(
            USULAN, PermintaanLatar(orang("operator"), QueryDict("")), Pesanan(bentuk, penuh, "uji beban")
        )
    assert hasil.jumlah == banyak
    hasil.berkas.close()


def _copy() -> None:
    from django.db import connection

    with connection.cursor() as cursor, cursor.copy(SALIN) as aliran:
        for _ in aliran:
            pass


def _puncak(apa: Callable[[], None]) -> float:
    """Highest megabytes above the start."""
    tracemalloc.start()
    apa()
    puncak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return puncak


def isi(n: int, desa: str) -> None:
    """`n` families, each with a head and a proposal, straight into the tables with the triggers off."""
    from dtks.models import Individu, Keluarga, Usulan

    with tanpa_pemicu():
        for awal in range(0, n, 5000):
            keluarga, kepala, usulan = [], [], []
            for i in range(awal, min(awal + 5000, n)):
                k = Keluarga(
                    id=uuid.uuid4(),
                    nama_kepala=f"Kepala {i:06d}",
                    wilayah_id=desa,
                    alamat=f"Kp. Cikajang {i}",
                    rt="001",
                    rw="005",
                )
                k.no_kk = f"3205010101{i:06d}"
                o = Individu(
                    id=uuid.uuid4(), keluarga=k, nama=k.nama_kepala, tgl_lahir=date(1980, 1, 1), jenis_kelamin="1", hubungan="1",
                    status_kawin="2", ibu_kandung="Siti", tempat_lahir="Garut",
                )  # fmt: skip
                o.nik = f"3205010101{i:06d}"
                keluarga.append(k)
                kepala.append(o)
                usulan.append(
                    Usulan(
                        keluarga=k,
                        wilayah_id=desa,
                        program="PKH",
                        periode="2026-11",
                        tiket=f"BEBAN-{i:06d}",
                        pin_indeks=b"\0" * 32,
                    )
                )
            for model, rows in ((Keluarga, keluarga), (Individu, kepala), (Usulan, usulan)):
                model.objects.bulk_create(rows, batch_size=1000)
    sql("analyze dtks_keluarga, dtks_individu, dtks_usulan")
