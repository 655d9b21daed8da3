"""Care of the feed of changes: tell the webhooks that something changed, and throw away what nobody may ask for any more."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.actions import webhook
from accounts.models import Peristiwa, Webhook
from core import rules
from dtks.models import Perubahan
from dtks.queries import sinkron

JOB_BUANG, JOB_WEBHOOK = "dtks.perubahan_buang", "dtks.webhook_perubahan"
JENIS = {
    Peristiwa.KELUARGA: Perubahan.Jenis.KELUARGA,
    Peristiwa.INDIVIDU: Perubahan.Jenis.INDIVIDU,
    Peristiwa.USULAN: Perubahan.Jenis.USULAN,
}
SEKALI = 10_000


def kabarkan_webhook() -> int:
    """One message for each subscription and kind with changes since the last one. Returns how many.

    The message carries the position from which `diubah_sejak` tells what changed, and no object.
    """
    n = 0
    for pk in Webhook.objects.filter(status=Webhook.Status.AKTIF).order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            satu = (
                Webhook.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("kunci")
                .filter(pk=pk, status=Webhook.Status.AKTIF)
                .first()
            )
            if satu is not None and satu.kunci.berlaku():
                n += sum(_satu(satu, Peristiwa(p)) for p in satu.peristiwa if p in JENIS)
    return n


def _satu(langganan: Webhook, peristiwa: Peristiwa) -> bool:
    try:
        sejak = sinkron.posisi(langganan.posisi.get(peristiwa, sinkron.KINI))
    except sinkron.PosisiLewat:
        sejak = sinkron.posisi(sinkron.KINI)
    halaman = sinkron.halaman(JENIS[peristiwa], langganan.kunci.wilayah(), sejak, SEKALI)
    webhook.kabarkan_perubahan(
        langganan, peristiwa, jumlah=len(halaman.objek), sejak=str(sejak), posisi=str(halaman.posisi)
    )
    return bool(halaman.objek)


def buang() -> int:
    """Rows that are older than a reader's position may be (Ketentuan), and a day on top. Returns how many."""
    lama = timezone.now() - timedelta(days=rules.value("sinkron.simpan_hari") + 1)
    return Perubahan.objects.filter(pada__lt=lama).delete()[0]
