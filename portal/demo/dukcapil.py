"""Dukcapil inside this process: the demo's answers come from the same population and the same two pure functions."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from core import rules
from core.integrations.dukcapil.population import Family, Population
from core.integrations.dukcapil.verdict import Ambang, answer, parse
from core.models import Pekerjaan
from dtks import tasks
from dtks.actions import padan
from dtks.models import Individu


class Penduduk(Population):
    """A population over families that were dealt out already."""

    def __init__(self, families: list[Family]) -> None:
        self._families = families
        self._by_nik = {m.told.nik: m.record for f in families for m in f.members if m.record is not None}


def kerjakan(penduduk: Population, selesai: Callable[[], None]) -> int:
    """Do the waiting NIK checks with answers from `penduduk`, through the effect that the worker uses; returns how many.

    `selesai` is called after each. Notices stay in the queue for the worker.
    """
    jobs = list(
        Pekerjaan.objects.select_for_update().filter(jenis=padan.JOB, status=Pekerjaan.Status.MENUNGGU)
    )
    ids = [pk for job in jobs for pk in job.argumen["individu"]]
    orang = {
        str(o.pk): o
        for o in Individu.objects.select_related("keluarga__wilayah").filter(pk__in=ids, aktif=True)
    }
    nilai = rules.value("padan.ambang")
    for job in jobs:
        ada = [orang[pk] for pk in job.argumen["individu"] if pk in orang and orang[pk].nik]
        jawaban = {"jawaban": [_jawab(penduduk, o, nilai) for o in ada], "sisa": [], "sebab": ""}
        with transaction.atomic():
            job.hasil, job.status = tasks.record(job, jawaban), Pekerjaan.Status.SELESAI
            job.save()
        selesai()
    return len(jobs)


def _jawab(penduduk: Population, orang: Individu, nilai: dict[str, Any]) -> dict[str, Any]:
    ambang, query = Ambang(float(nilai["terima"]), float(nilai["tinjau"])), tasks.query_of(orang)
    raw = answer(penduduk, query.fields() | {"TRESHOLD": f"{ambang.tinjau:g}"})
    hasil = parse(raw, query, ambang, versi_layanan="simulator/1")
    return {
        "individu": str(orang.pk),
        "sidik": padan.identity_fingerprint(orang),
        "hasil": {
            "kategori": str(hasil.kategori),
            "kode_respon": hasil.kode_respon,
            "skor": hasil.skor,
            "ambang": nilai,
            "versi_layanan": hasil.versi_layanan,
            "pesan": hasil.pesan,
        },
    }
