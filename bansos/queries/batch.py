"""Batches on their way over the three desks: the list, one batch with its rows, and who signs for the head."""

from django.db.models import Count, Q

from accounts.models import Pengguna
from bansos.models import BarisBatch, BatchPengesahan, BatchQuerySet
from core import rules
from wilayah.kode import kabupaten_dari, mencakup

_SEBUTAN = {"PLT_KADIS": "Plt. ", "PLH_KADIS": "Plh. "}


def tiga_meja(kabupaten: str) -> bool:
    """Does endorsing go over three desks here? Where no rule is entered it does."""
    try:
        return bool(rules.value("pengesahan.tiga_meja", kabupaten))
    except rules.RuleMissing:
        return True


def langsung(user: Pengguna) -> bool:
    """May this person endorse straight from the queue in any of his areas?"""
    kabupaten = {kabupaten_dari(kode) for kode in user.cakupan("usulan.sahkan")}
    return any(not tiga_meja(kode) for kode in sorted(kabupaten))


def daftar_batch(user: Pengguna) -> BatchQuerySet:
    return BatchPengesahan.objects.visible_to(user).select_related("program", "wilayah")


def hitung_batch(rows: list[BatchPengesahan]) -> list[BatchPengesahan]:
    """Attach `jumlah` (in it) and `keluar` (taken out) to the batches of one page; one query."""
    hitung = {
        r["batch"]: r
        for r in BarisBatch.objects.filter(batch__in=rows)
        .values("batch")
        .annotate(
            n=Count("pk", filter=Q(keluar_at__isnull=True)), k=Count("pk", filter=Q(keluar_at__isnull=False))
        )
        .order_by("batch")
    }
    for b in rows:
        satu = hitung.get(b.pk, {"n": 0, "k": 0})
        b.jumlah, b.keluar = satu["n"], satu["k"]  # type: ignore[attr-defined]
    return rows


def baris_batch(batch: BatchPengesahan) -> list[BarisBatch]:
    """All rows, also those taken out, in the order of the letter's annex."""
    return list(
        batch.baris.select_related("usulan__keluarga", "usulan__wilayah", "keluar_by").order_by(
            "usulan__wilayah_id", "usulan__keluarga__nama_kepala", "pk"
        )
    )


def sedang_disusun(user: Pengguna, kabupaten: str, program: str) -> list[BatchPengesahan]:
    """Batches that were sent back to the verifier and may take more cases in."""
    return list(
        BatchPengesahan.objects.visible_to(user)
        .filter(wilayah=kabupaten, program=program, status="disusun")
        .order_by("-created_at", "pk")
    )


def sebutan_pejabat(by: Pengguna, wilayah: str) -> str:
    """'' for the head in office, 'Plt. ' or 'Plh. ' for who acts for him: the words before the office on the paper."""
    peran = [
        p.peran_id
        for p in by.penugasan_aktif
        if "usulan.sahkan" in p.peran.kuasa and (p.wilayah_id is None or mencakup(p.wilayah_id, wilayah))
    ]
    if any(p not in _SEBUTAN for p in peran):
        return ""
    return next((_SEBUTAN[p] for p in peran), "")
