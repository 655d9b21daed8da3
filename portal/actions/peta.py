"""Take a GeoJSON of a kabupaten: checked point by point, codes matched to Kemendagri, simplified, stored as a Berkas."""

import json
import math
from typing import Any

from django.db import transaction

from accounts.models import Pengguna
from core import audit, files
from core.models import Berkas
from core.workflow import Halangan, NotAllowed
from portal.queries.laporan.peta import JENIS
from wilayah.kode import bakukan, bentuk_sah, dalam, mencakup
from wilayah.models import Wilayah

KUASA = "laporan.kelola"
MAKS_BITA, MAKS_BENTUK, MAKS_TITIK = 10_000_000, 2_000, 500_000
POTONG = 100  # points simplified together
LONGGAR = 0.0004  # degrees (about 45 m): finer than a pixel of the drawing
_KOLOM = (
    "kode",
    "kode_desa",
    "kode_kec",
    "kode_kd",
    "kdepum",
    "kdcpum",
    "kemendagri",
    "kode_kemendagri",
    "id_desa",
    "kddesa",
)
Cincin = list[list[float]]


def muat(*, by: Pengguna, kabupaten: str, isi: bytes, nama: str) -> tuple[Berkas, int, list[str]]:
    """Store the map; returns (file, shapes taken, codes that are not of this kabupaten). Raises BadFile or NotAllowed."""
    if not by.boleh(KUASA, kabupaten):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", "Anda tidak berwenang memuat peta untuk wilayah ini.")])
    bentuk, asing = baca(isi, kabupaten)
    polos = json.dumps({"kabupaten": kabupaten, "bentuk": bentuk}, separators=(",", ":")).encode()
    with transaction.atomic():
        berkas = files.store(
            polos, jenis=JENIS, nama=nama, mime="application/geo+json", wilayah=kabupaten, by_id=str(by.pk)
        )
        audit.catat(
            aksi="muat_peta", objek=berkas, by=by, wilayah=kabupaten, peran=by.peran_untuk(KUASA, kabupaten),
            rincian={"bentuk": len(bentuk), "asing": len(asing), "sha256": bytes(berkas.sha256).hex()},
        )  # fmt: skip
    return berkas, len(bentuk), asing


def baca(isi: bytes, kabupaten: str) -> tuple[dict[str, list[Cincin]], list[str]]:
    """(code -> simplified rings, codes left out). BadFile says what is wrong with the file."""
    if len(isi) > MAKS_BITA:
        raise files.BadFile("Berkas peta lebih besar dari 10 MB. Sederhanakan dulu petanya.")
    try:
        data = json.loads(isi)
    except (ValueError, RecursionError) as error:
        raise files.BadFile("Berkas ini bukan GeoJSON: isinya tidak terbaca.") from error
    fitur = data.get("features") if isinstance(data, dict) else None
    if not isinstance(fitur, list) or data.get("type") != "FeatureCollection" or not fitur:
        raise files.BadFile("GeoJSON harus berupa FeatureCollection yang berisi bentuk wilayah.")
    if len(fitur) > MAKS_BENTUK:
        raise files.BadFile(f"Terlalu banyak bentuk: paling banyak {MAKS_BENTUK}.")
    hasil: dict[str, list[Cincin]] = {}
    asing: list[str] = []
    titik = 0
    for satu in fitur:
        kode, cincin = _kode(satu), _cincin(satu)
        titik += sum(map(len, cincin))
        if titik > MAKS_TITIK:
            raise files.BadFile(
                f"Terlalu banyak titik: paling banyak {MAKS_TITIK}. Sederhanakan dulu petanya."
            )
        if not kode or not mencakup(kabupaten, kode):
            asing.append(kode or "tanpa kode")
            continue
        hasil.setdefault(kode, []).extend(s for c in cincin if len(s := sederhana(c)) > 3)
    ada = set(
        Wilayah.objects.filter(dalam("kode", [kabupaten]), pk__in=list(hasil)).values_list("pk", flat=True)
    )
    asing += sorted(set(hasil) - ada)
    hasil = {k: r for k, r in hasil.items() if k in ada and r}
    if not hasil:
        raise files.BadFile(
            "Tidak ada bentuk dengan kode Kemendagri wilayah ini. Isi kolom “kode” setiap bentuk, misalnya 32.05.01.2001."
        )
    return hasil, asing


def _kode(fitur: Any) -> str:
    sifat = fitur.get("properties") if isinstance(fitur, dict) else None
    if not isinstance(sifat, dict):
        return ""
    kecil = {str(k).lower(): v for k, v in sifat.items()}
    for kolom in _KOLOM:
        kode = bakukan(str(kecil.get(kolom) or ""))
        if kode and bentuk_sah(kode):
            return kode
    return ""


def _cincin(fitur: Any) -> list[Cincin]:
    """Outer and inner rings of a Polygon or MultiPolygon; every point must lie in Indonesia."""
    geo = fitur.get("geometry") if isinstance(fitur, dict) else None
    jenis, isi = (geo.get("type"), geo.get("coordinates")) if isinstance(geo, dict) else (None, None)
    if jenis not in ("Polygon", "MultiPolygon") or not isinstance(isi, list):
        raise files.BadFile("Setiap bentuk harus Polygon atau MultiPolygon.")
    hasil = []
    for cincin in (
        isi if jenis == "Polygon" else [c for poligon in isi if isinstance(poligon, list) for c in poligon]
    ):
        if not isinstance(cincin, list) or len(cincin) < 4:
            raise files.BadFile("Ada bentuk dengan kurang dari empat titik.")
        hasil.append([_titik(t) for t in cincin])
    return hasil


def _titik(t: Any) -> list[float]:
    angka = (
        isinstance(t, list)
        and len(t) >= 2
        and all(isinstance(v, int | float) and not isinstance(v, bool) for v in t[:2])
    )
    if not angka or not (94 <= t[0] <= 142 and -12 <= t[1] <= 7):  # neither nan nor inf
        raise files.BadFile(
            "Ada titik di luar Indonesia. Pakai bujur dan lintang (WGS 84), bujur lebih dulu."
        )
    return [float(t[0]), float(t[1])]


def sederhana(cincin: Cincin, longgar: float = LONGGAR) -> Cincin:
    """Douglas-Peucker without recursion: no point of the original is farther than `longgar` from the result.

    Piece by piece: over a whole ring a zigzag would cost the square of its points.
    """
    if len(cincin) < 3:
        return [[round(x, 5), round(y, 5)] for x, y in cincin]
    akhir = len(cincin) - 1
    tumpuk = [(a, min(a + POTONG, akhir)) for a in range(0, akhir, POTONG)]
    simpan = [False] * len(cincin)
    simpan[-1] = True
    for a, _ in tumpuk:
        simpan[a] = True
    while tumpuk:
        a, b = tumpuk.pop()
        jauh, di = 0.0, 0
        for i in range(a + 1, b):
            if (d := _jarak(cincin[i], cincin[a], cincin[b])) > jauh:
                jauh, di = d, i
        if jauh > longgar:
            simpan[di] = True
            tumpuk += [(a, di), (di, b)]
    return [[round(x, 5), round(y, 5)] for (x, y), ya in zip(cincin, simpan, strict=True) if ya]


def _jarak(p: list[float], a: list[float], b: list[float]) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    panjang = dx * dx + dy * dy
    t = 0.0 if not panjang else min(1.0, max(0.0, ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / panjang))
    return math.hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy)
