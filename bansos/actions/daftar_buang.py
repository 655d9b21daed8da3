"""Throwing away what was computed and never used: replaced lists that nobody signed, trials of rules that are decided.

They name every family of a kabupaten with its decile; kept longer than they serve anybody they are only a risk. That they
were computed, with which numbers and hash, stays in the audit trail. The rule is `daftar.simpan_hari`, days after computing.
"""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from bansos.models import AturanProgram, DaftarKelayakan, PercobaanAturan
from core import audit, rules

JOB = "bansos.daftar_buang"


def buang() -> dict[str, int]:
    """What is due today; each list in a savepoint of its own. Returns how many lists and trials."""
    kini = timezone.now()
    batas: dict[str, int] = {}
    lama = DaftarKelayakan.objects.filter(
        status=DaftarKelayakan.Status.DIGANTIKAN, ditandatangani_at__isnull=True
    ).order_by("created_at", "pk")
    daftar = 0
    for satu in lama:
        hari = batas.setdefault(satu.wilayah_id, int(rules.value("daftar.simpan_hari", satu.wilayah_id)))
        if satu.created_at < kini - timedelta(days=hari):
            daftar += _buang(satu)
    return {"daftar": daftar, "percobaan": _percobaan()}


@transaction.atomic
def _buang(daftar: DaftarKelayakan) -> int:
    """One list with its rows. 0 when it counts again meanwhile: the same data gives the same list."""
    baris = DaftarKelayakan.objects.select_for_update(of=("self",)).filter(
        pk=daftar.pk, status=DaftarKelayakan.Status.DIGANTIKAN, ditandatangani_at__isnull=True
    ).first()  # fmt: skip
    if baris is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("delete from bansos_barisdaftar where daftar_id = %s", [baris.pk])
        n = cursor.rowcount
        cursor.execute("delete from bansos_sebabdaftar where daftar_id = %s", [baris.pk])
    audit.catat(
        aksi="buang_daftar", objek=baris, by=None, wilayah=baris.wilayah_id,
        rincian={"program": baris.program_id, "periode": baris.periode, "sidik": bytes(baris.sidik).hex(), "baris": n},
    )  # fmt: skip
    baris.delete()
    return 1


def _percobaan() -> int:
    """Trials of versions that are decided; one that is still written keeps its trials."""
    n = 0
    terbuka = (AturanProgram.Status.DRAF, AturanProgram.Status.DIAJUKAN)
    for satu in (
        PercobaanAturan.objects.exclude(aturan__status__in=terbuka).select_related("aturan").order_by("pk")
    ):
        wilayah = str(satu.aturan.wilayah_id or "")
        if satu.created_at < timezone.now() - timedelta(days=int(rules.value("daftar.simpan_hari", wilayah))):
            with transaction.atomic():
                audit.catat(
                    aksi="buang_percobaan",
                    objek=satu,
                    by=None,
                    wilayah=wilayah,
                    rincian={"aturan": str(satu.aturan)},
                )
                satu.delete()
            n += 1
    return n
