"""Dukcapil inside this process: the demo's answers come from the same population and the same two pure functions."""

import contextlib
from collections.abc import Iterator
from typing import Any

from core import outbox, rules
from core.integrations.dukcapil.population import Family, Population
from core.integrations.dukcapil.verdict import Ambang, answer, parse
from dtks import tasks
from dtks.actions import padan
from dtks.models import Individu


class Penduduk(Population):
    """A population over families that were dealt out already."""

    def __init__(self, families: list[Family]) -> None:
        self._families = families
        self._by_nik = {m.told.nik: m.record for f in families for m in f.members if m.record is not None}


@contextlib.contextmanager
def menjawab(penduduk: Population) -> Iterator[None]:
    """While open, NIK checks of this process's queue are answered from `penduduk`, not over the network."""

    def ask(argumen: dict[str, Any]) -> dict[str, Any]:
        orang = Individu.objects.select_related("keluarga__wilayah").filter(
            pk__in=argumen["individu"], aktif=True
        )
        return {"jawaban": [_jawab(penduduk, o) for o in orang if o.nik], "sisa": [], "sebab": ""}

    outbox.register(padan.JOB, tasks.record, call=ask)
    try:
        yield
    finally:
        outbox.register(padan.JOB, tasks.record, call=tasks.ask)


def _jawab(penduduk: Population, orang: Individu) -> dict[str, Any]:
    nilai = rules.value("padan.ambang", orang.keluarga.wilayah_id)
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
