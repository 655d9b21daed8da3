"""Webhooks: subscribed by a key, sent through the queue, tried again with growing pauses, paused when nothing arrives.

A message holds no personal data: what happened, ids, and the position from which `diubah_sejak` tells the rest.
"""

import base64
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import (
    CAKUPAN_PERISTIWA,
    KirimanWebhook,
    KunciApi,
    Pemberitahuan,
    Pengguna,
    Peristiwa,
    Webhook,
)
from core import audit, outbox, workflow
from core.integrations.webhook import AWAL_RAHASIA, AlamatDitolak, Aturan, Jawaban, periksa
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from wilayah.kode import mencakup

JOB, JOB_BUANG = "accounts.webhook", "accounts.webhook_buang"
PALING_BANYAK = 5  # subscriptions of one key
JEDA = (30, 120, 600, 3600, 4 * 3600, 12 * 3600)  # seconds before the second, third ... attempt
SIMPAN = timedelta(days=30)
HILANG = 410  # the receiver says that it is gone for good


def aturan() -> Aturan:
    return Aturan(tuple(settings.WEBHOOK_HOST), tuple(settings.WEBHOOK_JARINGAN))


@transaction.atomic
def langganan(*, kunci: KunciApi, by: Pengguna, alamat: str, peristiwa: Sequence[str]) -> tuple[Webhook, str]:
    """A new subscription and its secret, told once. Raises GateClosed when the address or an event is not for this key."""
    workflow.lock(KunciApi, kunci.pk)
    try:
        periksa(alamat, aturan())
    except AlamatDitolak as error:
        raise _tutup("ALAMAT", str(error)) from error
    for nama in peristiwa:
        if nama not in CAKUPAN_PERISTIWA or CAKUPAN_PERISTIWA[Peristiwa(nama)] not in kunci.cakupan:
            raise _tutup("PERISTIWA", f"Kunci ini tidak mencakup peristiwa {nama}.")
    if Webhook.objects.ada().filter(kunci=kunci).count() >= PALING_BANYAK:
        raise _tutup(
            "TERLALU_BANYAK",
            f"Satu kunci punya paling banyak {PALING_BANYAK} webhook.",
            "Hapus yang tidak dipakai.",
        )
    rahasia = AWAL_RAHASIA + base64.b64encode(secrets.token_bytes(32)).decode()
    satu = Webhook(kunci=kunci, alamat=alamat, peristiwa=sorted(set(peristiwa)))
    satu.rahasia = rahasia
    satu.save(force_insert=True)
    _catat("langganan_webhook", satu, by, alamat=alamat, peristiwa=satu.peristiwa)
    return satu, rahasia


@transaction.atomic
def hapus(webhook: Webhook, *, by: Pengguna) -> None:
    satu = _milik(webhook, by)
    satu.status = Webhook.Status.DIHAPUS
    satu.save(update_fields=["status"])
    KirimanWebhook.objects.filter(webhook=satu, status=KirimanWebhook.Status.MENUNGGU).update(
        status=KirimanWebhook.Status.GAGAL, sebab="Webhook dihapus."
    )
    _catat("hapus_webhook", satu, by)


@transaction.atomic
def aktifkan(webhook: Webhook, *, by: Pengguna) -> Webhook:
    """Take a paused one up again; what failed in the last days is sent after all."""
    satu = _milik(webhook, by)
    if satu.status != Webhook.Status.JEDA:
        raise NotOpen([Halangan("TIDAK_JEDA", "Webhook ini tidak sedang dihentikan.", "Muat ulang halaman.")])
    satu.status, satu.sebab = Webhook.Status.AKTIF, ""
    satu.save(update_fields=["status", "sebab"])
    tertunda = list(
        KirimanWebhook.objects.filter(webhook=satu)
        .exclude(status=KirimanWebhook.Status.TERKIRIM)
        .order_by("created_at", "id")
    )
    KirimanWebhook.objects.filter(pk__in=[k.pk for k in tertunda]).update(
        status=KirimanWebhook.Status.MENUNGGU, percobaan=0
    )
    for kiriman in tertunda:
        _antre(kiriman)
    _catat("aktifkan_webhook", satu, by, tertunda=len(tertunda))
    return satu


@transaction.atomic
def uji(webhook: Webhook, *, by: Pengguna) -> KirimanWebhook:
    """A message that says nothing, to try the receiver."""
    satu = _milik(webhook, by)
    if satu.status != Webhook.Status.AKTIF:
        raise NotOpen([Halangan("JEDA", "Webhook ini sedang dihentikan.", "Aktifkan dulu.")])
    kiriman = _buat(satu, Peristiwa.UJI, {})
    _catat("uji_webhook", satu, by)
    return kiriman


def umumkan(peristiwa: Peristiwa, *, wilayah: str, data: Mapping[str, Any], akun: UUID | None = None) -> int:
    """Tell every key whose areas hold `wilayah` (or only that of `akun`), with the current transaction. Returns how many."""
    rows = Webhook.objects.filter(
        status=Webhook.Status.AKTIF, peristiwa__contains=[peristiwa]
    ).select_related("kunci")
    if akun is not None:
        rows = rows.filter(kunci__akun=akun)
    n = 0
    for satu in rows.order_by("id"):
        if satu.kunci.berlaku() and (akun or any(mencakup(kode, wilayah) for kode in satu.kunci.wilayah())):
            _buat(satu, peristiwa, data)
            n += 1
    return n


def _buat(webhook: Webhook, peristiwa: Peristiwa, data: Mapping[str, Any]) -> KirimanWebhook:
    kiriman = KirimanWebhook.objects.create(webhook=webhook, peristiwa=peristiwa, data=dict(data))
    _antre(kiriman)
    return kiriman


def _antre(kiriman: KirimanWebhook, tunda: int = 0) -> None:
    outbox.antre(JOB, {"kiriman": str(kiriman.pk)}, judul="Kirim webhook", tunda=tunda)


def kabarkan_perubahan(
    webhook: Webhook, peristiwa: Peristiwa, *, jumlah: int, sejak: str, posisi: str
) -> None:
    """Something of one kind changed between two positions of its feed; `webhook` is locked by the caller."""
    webhook.posisi = webhook.posisi | {peristiwa: posisi}
    webhook.save(update_fields=["posisi"])
    if jumlah:
        _buat(webhook, peristiwa, {"jumlah": jumlah, "diubah_sejak": sejak})


def badan(kiriman: KirimanWebhook) -> bytes:
    """The same bytes for every attempt."""
    isi = {
        "id": str(kiriman.pk), "peristiwa": kiriman.peristiwa, "pada": kiriman.created_at.isoformat(), "data": kiriman.data,
    }  # fmt: skip
    return json.dumps(isi, sort_keys=True).encode()


def catat_jawaban(kiriman_id: str, jawab: Jawaban) -> None:
    """What came of one attempt: done, again after a pause, or given up and the subscription paused."""
    kiriman: KirimanWebhook = workflow.lock(KirimanWebhook, kiriman_id)
    webhook: Webhook = workflow.lock(Webhook, kiriman.webhook_id)
    if kiriman.status != KirimanWebhook.Status.MENUNGGU:
        return
    kiriman.percobaan += 1
    kiriman.kode, kiriman.sebab, kiriman.dicoba_at = jawab.kode, jawab.sebab[:200], timezone.now()
    if not jawab.sebab:
        kiriman.status = KirimanWebhook.Status.TERKIRIM
        Webhook.objects.filter(pk=webhook.pk).update(terkirim_at=timezone.now())
    elif kiriman.percobaan > len(JEDA) or jawab.kode == HILANG:
        kiriman.status = KirimanWebhook.Status.GAGAL
        _jeda(webhook, jawab.sebab)
    else:
        _antre(kiriman, JEDA[kiriman.percobaan - 1])
    kiriman.save()


def _jeda(webhook: Webhook, sebab: str) -> None:
    if webhook.status != Webhook.Status.AKTIF:
        return
    Webhook.objects.filter(pk=webhook.pk).update(status=Webhook.Status.JEDA, sebab=sebab[:200])
    if webhook.kunci.diminta_by_id:
        Pemberitahuan.objects.create(
            pengguna_id=webhook.kunci.diminta_by_id, kalimat=f"Webhook {webhook.kunci.nama} dihentikan: tidak ada yang sampai.", tautan=f"/kunci-api/{webhook.kunci_id}/",
        )  # fmt: skip
    _catat("jeda_webhook", webhook, None, sebab=sebab[:200])


def buang() -> int:
    return KirimanWebhook.objects.filter(created_at__lt=timezone.now() - SIMPAN).delete()[0]


def _milik(webhook: Webhook, by: Pengguna) -> Webhook:
    satu: Webhook = workflow.lock(Webhook, webhook.pk)
    boleh = satu.kunci.akun_id == by.pk or all(by.boleh("kunci_api.kelola", w) for w in satu.kunci.wilayah())
    if not boleh:
        raise NotAllowed([Halangan("TIDAK_BERWENANG", "Webhook ini milik kunci lain.")])
    if satu.status == Webhook.Status.DIHAPUS:
        raise NotOpen([Halangan("DIHAPUS", "Webhook ini sudah dihapus.")])
    return satu


def _tutup(kode: str, kalimat: str, jalan: str = "") -> GateClosed:
    return GateClosed([Halangan(kode, kalimat, jalan)])


def _catat(aksi: str, webhook: Webhook, by: Pengguna | None, **rincian: Any) -> None:
    wilayah = next(iter(webhook.kunci.wilayah()), "")
    audit.catat(
        aksi=aksi, objek=webhook, by=by, wilayah=wilayah, rincian={"kunci": webhook.kunci.awalan, **rincian}
    )
