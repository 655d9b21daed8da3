"""Which families of a month are visited, where not all are: a draw whose seed is fixed before the list is known (ADR 0016)."""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Pengguna
from core import audit, outbox, rules, workflow
from core.privacy import keys
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen, StepRefused
from dtks.actions.usulan import langkahkan
from dtks.models import KebijakanSampel, SampelUsulan, Usulan
from dtks.queries.sampel import SELALU_DIKUNJUNGI, angka, calon_daftar, dikunjungi, sidik
from wilayah.kode import dalam, kabupaten_dari, leluhur
from wilayah.models import Wilayah

JOB = "dtks.terapkan_sampel"
SEKALI = 100  # proposals that one job takes on


@transaction.atomic
def tetapkan(
    *, by: Pengguna, wilayah: str, periode: str, persen: int, tutup_at: datetime, dasar_hukum: str
) -> KebijakanSampel:
    """Publish the policy and the hash of its seed. One for an area and month, for good: nobody draws twice."""
    _berwenang(by, wilayah)
    if tutup_at <= timezone.now():
        raise GateClosed(
            [
                Halangan(
                    "SUDAH_LEWAT",
                    "Daftar harus ditutup sesudah kebijakan ini terbit.",
                    "Pilih waktu yang akan datang.",
                )
            ]
        )
    # Two at once for areas that lie in each other: the second sees the first.
    Wilayah.objects.select_for_update(no_key=True).get(pk=kabupaten_dari(wilayah))
    sama = KebijakanSampel.objects.filter(periode=periode)
    if ada := (
        sama.filter(dalam("wilayah_id", [wilayah])) | sama.filter(wilayah_id__in=leluhur(wilayah))
    ).first():
        raise GateClosed(
            [
                Halangan(
                    "SUDAH_ADA",
                    f"Sudah ada kebijakan sampel untuk {ada.wilayah.sebutan} di periode ini.",
                    "Satu wilayah hanya diundi sekali tiap periode.",
                )
            ]
        )
    benih = secrets.token_hex(32)
    satu = KebijakanSampel(
        wilayah_id=wilayah, periode=periode, persen=persen, tutup_at=tutup_at, dasar_hukum=dasar_hukum, sidik_benih=sidik(benih),
        kecuali_jalur=sorted({*SELALU_DIKUNJUNGI, *rules.value("sampel.kecuali_jalur", wilayah)}), created_by=by,
    )  # fmt: skip
    satu.benih_segel = keys.seal(benih.encode(), _konteks(satu))
    satu.save(force_insert=True)
    _catat("tetapkan_sampel", satu, by, {"periode": periode, "persen": persen, "sidik": satu.sidik_benih})
    return satu


@transaction.atomic
def buka(kebijakan: KebijakanSampel, *, by: Pengguna) -> KebijakanSampel:
    """After closing time: draw up the list, reveal the seed, and send on what it spares."""
    satu: KebijakanSampel = workflow.lock(KebijakanSampel, kebijakan.pk)
    _berwenang(by, satu.wilayah_id)
    if satu.dibuka_at is not None:
        raise NotOpen([Halangan("SUDAH_DIBUKA", "Benih kebijakan ini sudah dibuka.")])
    if timezone.now() < satu.tutup_at:
        raise GateClosed(
            [Halangan("BELUM_DITUTUP", "Daftar ini belum ditutup.", "Buka benihnya sesudah waktu penutupan.")]
        )
    satu.benih = keys.unseal(bytes(satu.benih_segel), _konteks(satu)).decode()
    satu.dibuka_at, satu.dibuka_by = timezone.now(), by
    satu.save(update_fields=["benih", "dibuka_at", "dibuka_by"])
    rows = [
        SampelUsulan(kebijakan=satu, usulan_id=pk, angka=n, dikunjungi=dikunjungi(n, satu.persen))
        for pk in calon_daftar(satu).values_list("pk", flat=True)
        for n in (angka(satu.benih, pk),)
    ]
    SampelUsulan.objects.bulk_create(rows, batch_size=1000)
    lewat = sum(not r.dikunjungi for r in rows)
    _catat("buka_sampel", satu, by, {"daftar": len(rows), "tidak_dikunjungi": lewat})
    if lewat:
        outbox.antre(
            JOB, {"kebijakan": str(satu.pk), "oleh": str(by.pk), "sesudah": ""}, wilayah=satu.wilayah_id
        )
    return satu


def terapkan(kebijakan: UUID, *, by: Pengguna, sesudah: str = "") -> dict[str, Any]:
    """Take the proposals that the draw spares to the verifier, some at a time; what may not be spared any more stays."""
    satu = KebijakanSampel.objects.get(pk=kebijakan)
    rows = list(satu.daftar.filter(dikunjungi=False, angka__gt=sesudah).order_by("angka")[:SEKALI])
    kalimat = (
        f"Tidak terpilih untuk dikunjungi: undian {satu.persen}% dengan benih yang sidiknya {satu.sidik_benih[:12]}…. "
        f"Dasar: {satu.dasar_hukum}"
    )
    jadi = 0
    for baris in rows:
        try:
            lewati(Usulan.objects.get(pk=baris.usulan_id), by=by, catatan=kalimat)
            jadi += 1
        except StepRefused:
            continue  # withdrawn, visited or flagged meanwhile: it goes the ordinary way
    if len(rows) == SEKALI:
        outbox.antre(
            JOB,
            {"kebijakan": str(satu.pk), "oleh": str(by.pk), "sesudah": rows[-1].angka},
            wilayah=satu.wilayah_id,
        )
    return {"dilewati": jadi, "tetap": len(rows) - jadi}


def lewati(usulan: Usulan, *, by: Pengguna, catatan: str) -> Usulan:
    return langkahkan(usulan, "lewati_kunjungan", by=by, catatan=catatan[:2000], rincian={"cara": "sampel"})


def _berwenang(by: Pengguna, wilayah: str) -> None:
    if not by.boleh("sampel.kelola", wilayah):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", "Sampel kunjungan diatur supervisor Dinas Sosial.")])


def _konteks(satu: KebijakanSampel) -> str:
    return f"{satu._meta.db_table}.benih:{satu.pk}"


def _catat(aksi: str, satu: KebijakanSampel, by: Pengguna, rincian: dict[str, Any]) -> None:
    peran = by.peran_untuk("sampel.kelola", satu.wilayah_id)
    audit.catat(aksi=aksi, objek=satu, by=by, wilayah=satu.wilayah_id, peran=peran, rincian=rincian)
