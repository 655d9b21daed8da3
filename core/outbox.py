"""The queue. A job is a row written in the transaction that wants it; Celery is only rung (docs/adr/0003).

Two kinds of handler:
- `effect(job)`: database only. Runs in one transaction with the mark "selesai": one effect, or none.
- `call(args) -> answer` + `effect(job, answer)`: for the outside world. The call runs outside any transaction
  under a lease; the effect and the mark commit together and only while the lease is still ours.
A handler may raise `Later(seconds)`: not now, and it is not the job's fault (an outage, a quota).
Every time here is the database's: workers whose clocks disagree share one queue.
"""

import logging
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, models, transaction
from django.db.models.functions import Now

from core import audit, bulk
from core.models import Pekerjaan

log = logging.getLogger(__name__)

MAX_TRIES = 8
LEASE = timedelta(seconds=45)
RING = "core.kerjakan"


class Later(Exception):
    def __init__(self, seconds: int, why: str = ""):
        self.seconds, self.why = seconds, why
        super().__init__(why)


@dataclass(frozen=True)
class Handler:
    effect: Callable[..., dict[str, Any] | None]
    call: Callable[[dict[str, Any]], Any] | None = None


_handlers: dict[str, Handler] = {}
_ringers: list[Callable[[], None]] = []


def register(
    jenis: str, effect: Callable[..., Any], call: Callable[[dict[str, Any]], Any] | None = None
) -> None:
    """Name a handler. Called at import of an app's tasks module (Celery finds them by itself)."""
    _handlers[jenis] = Handler(effect, call)


def known() -> set[str]:
    return set(_handlers)


def antre(
    jenis: str,
    argumen: dict[str, Any] | None = None,
    *,
    kunci: str | None = None,
    judul: str = "",
    by: Any = None,
    wilayah: str = "",
    total: int = 0,
    tunda: int = 0,
) -> Pekerjaan | None:
    """Put a job in the queue with the current transaction. `kunci` makes it once-only: None when it is there already.

    `argumen` holds ids, never personal data.
    """
    values: dict[str, Any] = {
        "jenis": jenis,
        "argumen": argumen or {},
        "kunci": kunci,
        "judul": judul,
        "pemilik_id": str(by.pk) if by is not None else "",
        "wilayah": wilayah,
        "total_n": total,
    }
    if tunda:
        values["jalankan_setelah"] = Now() + timedelta(seconds=tunda)
    job = Pekerjaan(**values)
    if kunci is None:
        job.save(force_insert=True)
    else:
        Pekerjaan.objects.bulk_create([job], ignore_conflicts=True)
        if not Pekerjaan.objects.filter(pk=job.pk).exists():
            return None
    transaction.on_commit(ring, robust=True)
    return job


def antre_banyak(
    jenis: str, argumen: Iterable[dict[str, Any]], *, judul: str, by: Any, wilayah: str, total: int
) -> int:
    """Many jobs of one kind with the current transaction, as few statements. Returns how many."""
    jobs = (
        Pekerjaan(jenis=jenis, argumen=a, judul=judul, pemilik_id=str(by.pk), wilayah=wilayah, total_n=total)
        for a in argumen
    )
    n = 0
    for satu in bulk.chunks(jobs, 200):  # never all of them in memory
        n += len(Pekerjaan.objects.bulk_create(satu))
    transaction.on_commit(ring, robust=True)
    return n


def on_ring(ringer: Callable[[], None]) -> None:
    _ringers[:] = [ringer]


def ring() -> None:
    """Tell the workers that there is work. Failing costs nothing but the sweeper's few seconds."""
    for ringer in _ringers:
        try:
            ringer()
        except Exception:
            log.warning("doorbell unreachable; the sweeper will find the work")


def _due() -> models.QuerySet[Pekerjaan]:
    S = Pekerjaan.Status
    return Pekerjaan.objects.filter(
        models.Q(status=S.MENUNGGU, jalankan_setelah__lte=Now())
        | models.Q(status=S.JALAN, sewa_hingga__lt=Now()),
        jenis__in=known(),
    ).order_by("jalankan_setelah", "created_at", "pk")


def work(limit: int = 200, seconds: float = 20.0) -> int:
    """Do due jobs until none is left, `limit` or `seconds` are reached. Returns how many were attempted."""
    end = time.monotonic() + seconds
    done = 0
    while done < limit and time.monotonic() < end:
        if not _one():
            break
        done += 1
    return done


def _one() -> bool:
    with transaction.atomic():
        job = _due().select_for_update(skip_locked=True).first()
        if job is None:
            return False
        handler = _handlers[job.jenis]
        if handler.call is None:
            _finish(job, lambda: handler.effect(job))
            return True
        job.status, job.sewa_token, job.sewa_hingga = (
            Pekerjaan.Status.JALAN,
            uuid.uuid4(),
            Now() + LEASE,
        )
        job.save(update_fields=["status", "sewa_token", "sewa_hingga", "updated_at"])
    try:
        answer = handler.call(job.argumen)
    except Later as error:
        later = error  # `error` is gone after the clause
        _release(job, lambda mine: _postpone(mine, later))
    except Exception as error:  # a job's failure is data: it is counted, shown and retried
        failure = error
        _release(job, lambda mine: _fail(mine, failure))
    else:
        _release(job, lambda mine: _finish(mine, lambda: handler.effect(mine, answer)))
    return True


def _release(job: Pekerjaan, then: Callable[[Pekerjaan], None]) -> None:
    """Run `then` on the locked row if the lease is still ours; a late worker's answer is dropped."""
    with transaction.atomic():
        mine = Pekerjaan.objects.select_for_update().filter(pk=job.pk, sewa_token=job.sewa_token).first()
        if mine is not None and mine.status == Pekerjaan.Status.JALAN:
            then(mine)


def _finish(job: Pekerjaan, effect: Callable[[], dict[str, Any] | None]) -> None:
    try:
        with transaction.atomic():
            result = effect()
            job.status, job.hasil, job.galat = Pekerjaan.Status.SELESAI, result or {}, ""
            job.sewa_token = job.sewa_hingga = None
            if job.total_n and job.selesai_n < job.total_n and not result:
                job.selesai_n = job.total_n
            job.save()
    except Later as later:
        _postpone(job, later)
    except (Exception, DatabaseError) as error:
        _fail(job, error)


def _postpone(job: Pekerjaan, later: Later) -> None:
    job.status, job.sewa_token, job.sewa_hingga = Pekerjaan.Status.MENUNGGU, None, None
    job.jalankan_setelah = Now() + timedelta(seconds=later.seconds)
    job.galat = later.why[:500]
    job.save()


def _fail(job: Pekerjaan, error: Exception) -> None:
    log.error("job %s %s failed: %s", job.jenis, job.pk, type(error).__name__, exc_info=error)
    job.percobaan += 1
    job.sewa_token = job.sewa_hingga = None
    job.galat = f"{type(error).__name__}: percobaan ke-{job.percobaan} gagal"
    job.status = Pekerjaan.Status.PARKIR if job.percobaan >= MAX_TRIES else Pekerjaan.Status.MENUNGGU
    job.jalankan_setelah = Now() + timedelta(seconds=min(2**job.percobaan, 120))
    job.save()


def retry(job: Pekerjaan, *, by: Any) -> bool:
    """Put a parked job back in the queue with all its tries. False when it is not parked (any more)."""
    with transaction.atomic():
        mine = Pekerjaan.objects.select_for_update().get(pk=job.pk)
        if mine.status != Pekerjaan.Status.PARKIR:
            return False
        mine.status, mine.percobaan, mine.jalankan_setelah = Pekerjaan.Status.MENUNGGU, 0, Now()
        mine.save(update_fields=["status", "percobaan", "jalankan_setelah", "updated_at"])
        audit.catat(
            aksi="coba_lagi_pekerjaan", objek=mine, by=by, wilayah=mine.wilayah, rincian={"jenis": mine.jenis}
        )
        transaction.on_commit(ring, robust=True)
        return True
