"""Goal 3: everybody of a register of n persons against the population table, by Celery, beside one SQL join in the same run.

A = one `INSERT .. SELECT .. LEFT JOIN` on one connection, the result stored. B = the portal's own cross-check: ranges of 100,000
persons, two Celery workers, with its counts, its queue rows, and the names that have to be weighed in Python. What B found is checked.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.alas import Hasil, Tumbuh, laju, median, rasio, selang, sql, tanpa_pemicu

BEDA = 200  # every so many-th person is missing, dead, or has another name
SEPULUH_JUTA = 10_000_000


def ukur(n: int, putaran: int) -> list[Hasil]:
    from celery import Celery

    from config import local_services
    from core import outbox
    from tests.bantu.pemain import DESA, KABUPATEN
    from tests.bantu.proses import Panggung

    isi(n, DESA, KABUPATEN)
    terakhir: list[Any] = []
    with tempfile.TemporaryDirectory(prefix="dtksb") as tmp, Panggung(Path(tmp), simulator=False) as panggung:
        app = Celery(broker=local_services.as_celery_url(panggung.env["REDIS_URL"]))

        def dering() -> None:
            for _ in range(2):
                app.send_task(outbox.RING, queue="dtks", ignore_result=True)

        def b(_: int) -> float:
            _bersih()
            detik, silang = _portal(dering, KABUPATEN)
            terakhir.append(silang)
            return detik

        hasil = selang(putaran, {"A": lambda _: _satu_join(KABUPATEN), "B": b})
    _periksa(n, terakhir[-1])
    return [
        rasio(3, "NIK cross-check by Celery, persons/s / ONE SQL join", n, atas=hasil["A"], bawah=hasil["B"], arah=">=",
              sasaran=2.0 if n >= SEPULUH_JUTA else 1.0, kami=laju(n, hasil["B"], "persons"), batas=laju(n, hasil["A"], "persons"),
              tumbuh=Tumbuh("pangkat", median(hasil["B"]), 1.10)),
    ]  # fmt: skip


def isi(n: int, desa: str, kabupaten: str) -> None:
    """`n` persons in families of four, and their rows of the civil registry."""
    with tanpa_pemicu():
        sql(
            """insert into dtks_keluarga (id, nama_kepala, wilayah_id, alamat, rt, rw, alamat_kk, patokan, nama_suku, status, tanda, versi, updated_at)
               select md5('k' || g)::uuid, 'Kepala ' || g, %s, 'Kp. Uji', '001', '001', '', '', '', 'terdaftar', '{}', 0, now()
               from generate_series(0, %s / 4) g""",
            desa, n,
        )  # fmt: skip
        sql(
            """insert into dtks_individu (id, keluarga_id, nik_indeks, tanpa_nik_alasan, nama, kunci_nama, tempat_lahir, tgl_lahir, jenis_kelamin,
                 hubungan, status_kawin, ibu_kandung, keberadaan, alamat_capil, partisipasi_sekolah, jenjang, kelas, ijazah, lapangan_usaha,
                 status_kerja, pendapatan, usaha_lapangan, usaha_omzet, disabilitas, jamkes, penyakit_menahun, gizi, versi_kode, aktif,
                 nonaktif_alasan, padan, tanda, updated_at)
               select md5('i' || g)::uuid, md5('k' || g / 4)::uuid, sha256(convert_to('n' || g, 'UTF8')), '', 'Warga Uji ' || g, '', '',
                 date '1960-01-01' + g %% 18000, (1 + g %% 2)::text, case g %% 4 when 0 then '1' else '3' end, '1', 'Siti', '1', '', '', '',
                 '', '', '', '', '', '', '', '', '', '', '', 'DTSEN-2025', true, '', 'PADAN', '{}', now()
               from generate_series(0, %s - 1) g""",
            n,
        )
        sql(
            """insert into dtks_penduduk (nik_indeks, nama, tgl_lahir, jenis_kelamin, wilayah, status, per_tanggal)
               select sha256(convert_to('n' || g, 'UTF8')), upper(case when g %% %s = 2 then 'Orang Lain' else 'Warga Uji ' || g end),
                 date '1960-01-01' + g %% 18000, (1 + g %% 2)::text, %s, case when g %% %s = 1 then '11' else '' end, current_date
               from generate_series(0, %s - 1) g where g %% %s <> 0""",
            BEDA, kabupaten, BEDA, n, BEDA,
        )  # fmt: skip
    sql("vacuum analyze dtks_keluarga, dtks_individu, dtks_penduduk")


def _bersih() -> None:
    sql("truncate dtks_barissilang")
    sql("checkpoint")


def _satu_join(kabupaten: str) -> float:
    from django.db import connection, transaction

    from dtks.actions import silang
    from dtks.models import Silang

    _bersih()
    mulai = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        s = Silang.objects.create(asal="register", wilayah_id=kabupaten, tujuan="A", status="selesai")
        cursor.execute(
            f"""insert into dtks_barissilang(id, silang_id, individu, nama, jenis_kelamin, kategori)
            select gen_random_uuid(), %(silang)s, s.id, '', '', {silang.PUTUSAN}
            from dtks_individu s join dtks_keluarga k on k.id = s.keluarga_id and k.wilayah_id >= %(kabupaten)s and k.wilayah_id < %(kabupaten)s || '/'
            left join dtks_penduduk p on p.nik_indeks = s.nik_indeks where s.aktif and s.nik_indeks is not null""",
            {"silang": s.pk, "tak_ada": "TIDAK_DITEMUKAN", "kabupaten": kabupaten},
        )
    return time.perf_counter() - mulai


def _portal(dering: Callable[[], None], kabupaten: str) -> tuple[float, Any]:
    from dtks.actions import silang
    from tests.bantu.alur import orang

    mulai = time.perf_counter()
    s = silang.mulai_register(by=orang("verifikator"), wilayah=kabupaten, tujuan="B")
    dering()
    while s.status != "selesai":
        time.sleep(0.02)
        s.refresh_from_db()
        if time.perf_counter() - mulai > 3600:
            raise SystemExit("the cross-check does not end")
    return time.perf_counter() - mulai, s


def _periksa(n: int, s: Any) -> None:
    """Nobody forgotten, every verdict right, and never a task per person."""
    from core.models import Pekerjaan
    from dtks.actions import silang
    from dtks.models import BarisSilang

    salah = [len(range(k, n, BEDA)) for k in range(3)]
    harus = {
        "PADAN": n - sum(salah), "TIDAK_DITEMUKAN": salah[0], "MENINGGAL": salah[1], "TIDAK_PADAN_NAMA": salah[2],
    }  # fmt: skip
    tugas = Pekerjaan.objects.filter(jenis=silang.JOB_RENTANG, argumen__silang=str(s.pk)).count()
    assert s.jumlah == s.selesai == n == BarisSilang.objects.filter(silang=s).count()
    assert s.per_kategori == harus, s.per_kategori
    assert tugas == len(silang.langkah(n))
