"""Keeping every version of a family: its rows as they stand, sealed, written in the transaction of the change."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Max

from accounts.models import Pengguna
from dtks.models import Individu, Keluarga, Rumah, VersiKeluarga

# What a person fills in or an act changes; results of the NIK check have a history of their own (HasilPadan).
_BUKAN_ISI = {"id", "versi", "created_by", "created_at", "updated_at", "keluarga", "kunci_nama", "padan", "padan_at", "tanda"}  # fmt: skip


def isi_kolom(model: type[models.Model]) -> list[str]:
    """Columns of a version, in the order of the model."""
    nama = [f.name for f in model._meta.concrete_fields]
    return [n for n in nama if n not in _BUKAN_ISI and not n.endswith("_indeks")]


def pastikan(keluarga: Keluarga) -> None:
    """Before a change: the present state is kept too, for families that are older than their first version."""
    if not VersiKeluarga.objects.filter(keluarga=keluarga, versi=keluarga.versi).exists():
        _tulis(keluarga, "awal", None)


def catat(keluarga: Keluarga, *, aksi: str, by: Pengguna | None) -> None:
    """After a change: `keluarga.versi` was raised and every row saved. Once per version."""
    _tulis(keluarga, aksi, by)


def naikkan(keluarga: Any, *, aksi: str, by: Pengguna | None) -> None:
    """After changes written past the model (imports): the next free number and its version, for each of these ids."""
    for baris in Keluarga.objects.filter(pk__in=keluarga).order_by("pk"):
        akhir = VersiKeluarga.objects.filter(keluarga=baris).aggregate(n=Max("versi"))["n"] or 0
        if baris.versi <= akhir:
            baris.versi = akhir + 1
            baris.save(update_fields=["versi", "updated_at"])
        _tulis(baris, aksi, by)


def _tulis(keluarga: Keluarga, aksi: str, by: Pengguna | None) -> None:
    baris = VersiKeluarga(keluarga=keluarga, versi=keluarga.versi, aksi=aksi[:40], oleh=by)
    baris.seal(potret(keluarga))
    baris.save(force_insert=True)


def potret(keluarga: Keluarga) -> dict[str, Any]:
    """The family as plain data: its own row, every member ever, dwelling, assets, photos."""
    anggota = Individu.objects.filter(keluarga=keluarga).order_by("hubungan", "tgl_lahir", "pk")
    rumah = Rumah.objects.filter(keluarga=keluarga).first()
    return {
        "keluarga": _baris(keluarga),
        "anggota": {str(a.pk): _baris(a) for a in anggota},
        "rumah": _baris(rumah) if rumah else {},
        "aset": dict(keluarga.aset.order_by("jenis").values_list("jenis", "jumlah")),
        "foto": {str(f.berkas_id): f.jenis for f in keluarga.foto.order_by("created_at", "pk")},
    }


def _baris(row: models.Model) -> dict[str, Any]:
    """Columns that hold something; an empty one is left out."""
    isi = {}
    for kolom in isi_kolom(type(row)):
        attname = row._meta.get_field(kolom).attname  # type: ignore[union-attr]
        nilai = _polos(getattr(row, kolom if kolom in ("nik", "no_kk", "telepon") else attname))
        if nilai not in (None, "", []):
            isi[kolom] = nilai
    return isi


def _polos(nilai: Any) -> Any:
    if hasattr(nilai, "open") and hasattr(nilai, "raw"):
        return nilai.open()
    if isinstance(nilai, date | datetime):
        return nilai.isoformat()
    return str(nilai) if isinstance(nilai, Decimal) else nilai
