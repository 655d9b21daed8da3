"""Showing a masked number in full: one at a time, with a reason, and an audit row in the transaction of the read."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from accounts.models import Pengguna
from core import audit, limits, rules
from core.workflow import GateClosed, Halangan, NotAllowed
from dtks.models import Individu, Keluarga

KOLOM = {"nik": Individu, "no_kk": Keluarga, "telepon": Keluarga}


def buka(objek: Individu | Keluarga, *, kolom: str, by: Pengguna, alasan: str) -> str:
    """The plain value of `kolom` ('nik' of Individu; 'no_kk' or 'telepon' of Keluarga).

    Raises NotAllowed without the power `nik.buka` in the area, GateClosed without a reason or over the daily limit.
    """
    keluarga = objek.keluarga if isinstance(objek, Individu) else objek
    if KOLOM.get(kolom) is not type(objek) or not by.boleh("nik.buka", keluarga.wilayah_id):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", "Anda tidak berwenang melihat nomor lengkap.")])
    if len(alasan.strip()) < 5:
        raise GateClosed(
            [
                Halangan(
                    "ALASAN_KOSONG",
                    "Tuliskan alasan melihat nomor lengkap.",
                    "Contoh: mencocokkan dengan KTP asli.",
                )
            ]
        )
    batas = rules.value("reveal.batas_harian", keluarga.wilayah_id)
    if not limits.hit(f"buka:{by.pk}", limit=batas, window=timedelta(days=1)):
        raise GateClosed(
            [
                Halangan(
                    "BATAS_HARIAN",
                    f"Batas melihat nomor lengkap hari ini ({batas}) sudah habis.",
                    "Hubungi supervisor.",
                )
            ]
        )
    with transaction.atomic():
        audit.catat(
            aksi="buka_nomor", objek=objek, by=by, wilayah=keluarga.wilayah_id,
            peran=by.peran_untuk("nik.buka", keluarga.wilayah_id), rincian={"kolom": kolom, "alasan": alasan.strip()[:200]},
        )  # fmt: skip
        nilai = getattr(objek, kolom)
        return nilai.open() if nilai else ""


def catat_bacaan(rows: list[Any], *, by: Pengguna) -> None:
    """An audit row for each number that leaves in full by a key. Call it in the transaction of the read."""
    for objek in rows:
        kolom = "nik" if isinstance(objek, Individu) else "no_kk"
        if getattr(objek, kolom):
            wilayah = (objek.keluarga if isinstance(objek, Individu) else objek).wilayah_id
            audit.catat(
                aksi="baca_nomor_api", objek=objek, by=by, wilayah=wilayah,
                peran=by.peran_untuk("nik.buka", wilayah), rincian={"kolom": kolom},
            )  # fmt: skip
