"""The public numbers, written anew. Derived data by the machine: no act of a person, nothing for the audit trail."""

from django.db import connection, transaction

from portal.models import StatistikUmum
from portal.queries import statistik

JOB = "portal.statistik"
_GEMBOK = 0x53544154  # 'STAT': one maker at a time


def segarkan() -> int:
    """Write every page anew, one kabupaten per transaction; pages of areas and months that are gone are dropped. Idempotent.

    Once a night, not with every change: who watches the page cannot see single families come and go.
    """
    ada = statistik.kabupaten_terisi()
    StatistikUmum.objects.exclude(wilayah__regex=f"^({'|'.join(ada) or '-'})").delete()
    return sum(_kabupaten(kode) for kode in ada)


@transaction.atomic
def _kabupaten(kode: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_GEMBOK])
    StatistikUmum.objects.filter(wilayah__startswith=kode).delete()
    jalur = [[kode], *([kode, kec] for kec in statistik.kecamatan_terisi(kode))]
    halaman = [
        StatistikUmum(wilayah=j[-1], periode=p, isi=statistik.susun(j, p))
        for j in jalur
        for p in ("", *statistik.periode_umum(kode))
    ]
    return len(StatistikUmum.objects.bulk_create(halaman))
