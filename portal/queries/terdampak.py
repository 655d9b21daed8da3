"""Whose data an account saw or took along in a time: the list of affected people after a breach (UU 27/2022 Pasal 46).

From the audit trail: objects that an act names are certain; a list that left as a file says only from which area, so that every
family of the area is possible. Pages that were only looked at are not in the trail: `wilayah_akun` is the outer bound.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import ForeignKey, Model, QuerySet

from accounts.models import Pengguna
from core import bulk
from core.models import Jejak
from dtks.models import Individu, Keluarga, Usulan
from portal.queries import jejak
from wilayah.kode import dalam, ringkas

BERKAS_KELUAR = r"^(ekspor|unduh|serahkan_data|paket_audit)"
# How a row leads to its family, shortest first.
_JALAN: tuple[tuple[type[Model], str], ...] = ((Keluarga, "pk"), (Individu, "keluarga"), (Usulan, "keluarga"))


@dataclass
class Terdampak:
    """`pasti`, `mungkin`: ids of families. `wilayah`: areas of lists that left. `lain`: objects that lead to no family, by kind."""

    tindakan: int = 0
    pasti: set[UUID] = field(default_factory=set)
    mungkin: set[UUID] = field(default_factory=set)
    wilayah: list[str] = field(default_factory=list)
    lain: dict[str, int] = field(default_factory=dict)


def cari(akun: Pengguna | None, sejak: datetime, hingga: datetime) -> Terdampak:
    """What one account (None: any) did between two moments."""
    awal = max(jejak.id_sejak(sejak) - jejak.LONGGAR, 0)
    rows = Jejak.objects.filter(
        pk__gte=awal, pk__lte=jejak.id_sejak(hingga) + jejak.LONGGAR, pada__range=(sejak, hingga)
    )
    if akun is not None:
        rows = rows.filter(aktor_id=str(akun.pk))
    hasil = Terdampak(tindakan=rows.count())
    objek: dict[str, set[str]] = defaultdict(set)
    for jenis, kunci in rows.order_by().values_list("objek_jenis", "objek_id").distinct().iterator():
        objek[jenis].add(kunci)
    for jenis, semua in objek.items():
        keluarga = set(_keluarga(jenis, semua))
        hasil.pasti |= keluarga
        if not keluarga:
            hasil.lain[jenis] = len(semua)
    keluar = rows.filter(aksi__regex=BERKAS_KELUAR).order_by().values_list("wilayah", flat=True).distinct()
    hasil.wilayah = sorted(set(keluar))
    hasil.mungkin = set(_di(hasil.wilayah).values_list("pk", flat=True)) - hasil.pasti
    return hasil


def wilayah_akun(akun: Pengguna) -> QuerySet[Keluarga]:
    """Every family that the account could look at."""
    return Keluarga.objects.visible_to(akun)


def _di(kode: list[str]) -> QuerySet[Keluarga]:
    if not kode:
        return Keluarga.objects.none()
    return Keluarga.objects.all() if "" in kode else Keluarga.objects.filter(dalam("wilayah", ringkas(kode)))


def _keluarga(jenis: str, kunci: set[str]) -> Iterator[UUID]:
    try:
        model = apps.get_model(jenis)
    except (LookupError, ValueError):
        return
    jalan = _jalan(model)
    if jalan is None:
        return
    for potong in bulk.chunks(_kunci(model, kunci), 5000):
        yield from (
            k
            for k in model._base_manager.filter(pk__in=potong).values_list(jalan, flat=True)
            if k is not None
        )


def _jalan(model: type[Model]) -> str | None:
    for tujuan, sisa in _JALAN:
        if model is tujuan:
            return sisa
    for tujuan, sisa in _JALAN:
        for kolom in model._meta.concrete_fields:
            if isinstance(kolom, ForeignKey) and kolom.related_model is tujuan:
                return kolom.name if sisa == "pk" else f"{kolom.name}__{sisa}"
    return None


def _kunci(model: type[Model], kunci: Iterable[str]) -> Iterator[Any]:
    for satu in kunci:
        try:
            yield model._meta.pk.to_python(satu)
        except ValidationError:  # '-' and '*' stand for no row
            continue
