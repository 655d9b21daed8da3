"""The map that a Dinas loaded: GeoJSON checked, simplified and stored as a Berkas; the newest of a kabupaten counts."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.safestring import SafeString

from core import files
from core.models import Berkas
from portal import grafik
from portal.queries.laporan.dasar import Lingkup
from wilayah.kode import mencakup

JENIS = "peta"
LEBAR = 360.0


def terbaru(kabupaten: str) -> Berkas | None:
    return Berkas.objects.filter(jenis=JENIS, wilayah=kabupaten).order_by("-created_at", "pk").first()


def bentuk(kabupaten: str) -> dict[str, list[list[list[float]]]]:
    """Code -> rings of [longitude, latitude]; {} without a map, or when its file cannot be opened."""
    berkas = terbaru(kabupaten)
    if berkas is None:
        return {}
    try:
        isi: dict[str, Any] = json.loads(files.read(berkas))
    except (files.BadFile, ValueError):
        return {}
    return isi["bentuk"]


def gambar(judul: str, tempat: Lingkup, titik: Mapping[str, grafik.Titik]) -> SafeString | None:
    """The parts of `tempat` drawn as the map has them; None when no map shows any of them."""
    if not tempat.satu or len(tempat.satu) < 5:
        return None
    ada = {k: r for k, r in bentuk(tempat.satu[:5]).items() if k in titik and mencakup(tempat.satu, k)}
    if not ada:
        return None
    x = [p[0] for rings in ada.values() for ring in rings for p in ring]
    y = [p[1] for rings in ada.values() for ring in rings for p in ring]
    skala = LEBAR / max(max(x) - min(x), 1e-6)
    tinggi = min(max((max(y) - min(y)) * skala, 60.0), 700.0)
    skala_y = tinggi / max(max(y) - min(y), 1e-6)
    jalur = [
        "".join(
            "M"
            + "L".join(f"{(p[0] - min(x)) * skala:.1f} {(max(y) - p[1]) * skala_y:.1f}" for p in ring)
            + "Z"
            for ring in rings
        )
        for rings in ada.values()
    ]
    return grafik.peta(f"Peta {judul.lower()}", [titik[k] for k in ada], jalur, (LEBAR, tinggi))
