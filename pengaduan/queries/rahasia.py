"""Reads of the sealed line for its pages. Bytes travel as base64 in the data that the inspector's browser works with."""

import base64
from typing import Any

from django.db.models import Count

from accounts.models import Pengguna
from core.privacy import envelope
from pengaduan.models import KunciInspektur, KunciKantor, LampiranRahasia, LaporanRahasia, SalinanKunci
from pengaduan.models.rahasia import KUASA
from wilayah.models import Tingkat, Wilayah


def b64(isi: bytes | memoryview) -> str:
    return base64.b64encode(bytes(isi)).decode()


def kantor_terbuka() -> list[tuple[str, str]]:
    """(code, words) of every inspectorate that has a key; those of a kabupaten first."""
    baris = (
        KunciKantor.objects.filter(sampai__isnull=True)
        .select_related("wilayah")
        .order_by("-wilayah__tingkat", "wilayah")
    )
    return [(k.wilayah_id, sebutan_kantor(k.wilayah)) for k in baris]


def sebutan_kantor(wilayah: Wilayah) -> str:
    if wilayah.tingkat != Tingkat.PROVINSI:
        return f"Inspektorat {wilayah.sebutan}"
    return f"Inspektorat Provinsi {wilayah.sebutan} (pilih ini bila yang dilaporkan orang inspektorat kabupaten atau kota)"


def kunci_saya(user: Pengguna) -> KunciInspektur | None:
    return KunciInspektur.objects.filter(pengguna=user, dicabut__isnull=True).first()


def kantor_aktif(wilayah: str) -> KunciKantor | None:
    return KunciKantor.objects.filter(wilayah=wilayah, sampai__isnull=True).select_related("wilayah").first()


def bekal(kunci: KunciInspektur, wilayah: str) -> dict[str, Any]:
    """All that the browser needs to open the keys with the passphrase: wrapped things only."""
    salinan = (
        SalinanKunci.objects.filter(inspektur=kunci, kantor__wilayah=wilayah)
        .select_related("kantor")
        .order_by("kantor__sejak", "pk")
    )
    return {
        "inspektur": {"id": str(kunci.pk), "publik": b64(kunci.publik), "bungkus": kunci.bungkus},
        "kantor": [
            {"id": str(s.kantor_id), "publik": b64(s.kantor.publik), "aktif": s.kantor.sampai is None, "salinan": b64(s.isi)}
            for s in salinan
        ],
    }  # fmt: skip


def rekan(user: Pengguna, wilayah: str) -> list[dict[str, Any]]:
    """Keys of the inspectors of this office, holders first, each with its fingerprint for comparing aloud."""
    baris = (
        KunciInspektur.objects.filter(
            dicabut__isnull=True,
            pengguna__penugasan__wilayah=wilayah,
            pengguna__penugasan__peran__kuasa__contains=[KUASA],
        )
        .select_related("pengguna")
        .distinct()
        .order_by("sejak", "pk")
    )
    pemegang = dict(
        SalinanKunci.objects.filter(kantor__wilayah=wilayah, kantor__sampai__isnull=True)
        .values_list("inspektur")
        .annotate(Count("pk"))
    )
    hasil = [
        {
            "id": str(k.pk), "nama": k.pengguna.nama, "publik": b64(k.publik), "sidik": envelope.fingerprint(bytes(k.publik)),
            "pegang": k.pk in pemegang, "saya": k.pengguna_id == user.pk, "sejak": k.sejak,
        }
        for k in baris
    ]  # fmt: skip
    return sorted(hasil, key=lambda k: not k["pegang"])


def pesan(laporan: LaporanRahasia) -> list[dict[str, Any]]:
    """The talk with its envelopes and the places that they are bound to."""
    foto: dict[Any, list[Any]] = {}
    for pk, induk in (
        LampiranRahasia.objects.filter(pesan__laporan=laporan).order_by("urut").values_list("pk", "pesan")
    ):
        foto.setdefault(induk, []).append(pk)
    hasil = []
    for satu in laporan.pesan.select_related("oleh").order_by("urut"):
        hasil.append(
            {
                "id": str(satu.pk), "dari_pelapor": satu.dari == satu.Dari.PELAPOR, "hari": satu.hari, "oleh": satu.oleh.nama if satu.oleh else "",
                "kantor": str(satu.kantor_id), "isi": b64(satu.isi_kantor), "tempat": f"{laporan.pk}:{satu.pk}:kantor",
                "lampiran": foto.get(satu.pk, []),
            }
        )  # fmt: skip
    return hasil
