"""Webhooks: who wants to be told of what, and every message on its way."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from accounts.models.kunci import Cakupan, KunciApi
from accounts.models.pengguna import Pengguna
from core.privacy.fields import SealedField


class Peristiwa(models.TextChoices):
    KELUARGA = "keluarga.berubah", "Ada keluarga yang berubah"
    INDIVIDU = "individu.berubah", "Ada anggota keluarga yang berubah"
    USULAN = "usulan.berubah", "Ada usulan yang berubah"
    DAFTAR = "kelayakan.ditandatangani", "Daftar kelayakan ditandatangani"
    PADAN = "padan.selesai", "Kiriman cek NIK selesai"
    UJI = "uji", "Pesan uji"


# The scope of a key that an event asks for.
CAKUPAN = {
    Peristiwa.KELUARGA: Cakupan.REGISTER,
    Peristiwa.INDIVIDU: Cakupan.REGISTER,
    Peristiwa.USULAN: Cakupan.USULAN,
    Peristiwa.DAFTAR: Cakupan.KELAYAKAN,
    Peristiwa.PADAN: Cakupan.PADAN,
}


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def visible_to(self, user: Pengguna) -> "WebhookQuerySet":
        """Those of the caller's own key; and those of the keys that the person keeps or approves."""
        return self.filter(models.Q(kunci__akun=user) | models.Q(kunci__in=KunciApi.objects.visible_to(user)))

    def ada(self) -> "WebhookQuerySet":
        return self.exclude(status=Webhook.Status.DIHAPUS)


class Webhook(models.Model):
    """One subscription of one key. Paused by the portal when nothing arrives; taken up again by a person or the key."""

    class Status(models.TextChoices):
        AKTIF = "aktif", "Aktif"
        JEDA = "jeda", "Dihentikan sementara"
        DIHAPUS = "dihapus", "Dihapus"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kunci = models.ForeignKey(KunciApi, on_delete=models.PROTECT, related_name="webhook")
    alamat = models.CharField(max_length=200)
    peristiwa = ArrayField(models.CharField(max_length=30, choices=Peristiwa.choices))
    rahasia = SealedField(purpose="webhook")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.AKTIF)
    sebab = models.CharField("sebab dihentikan", max_length=200, blank=True)
    posisi = models.JSONField(default=dict)  # kind of change -> where its feed was read to
    terkirim_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = WebhookQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "kunci": "umum", "alamat": "umum", "peristiwa": "umum", "rahasia": "rahasia", "status": "umum",
        "sebab": "umum", "posisi": "teknis", "terkirim_at": "umum", "created_at": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "webhook"
        ordering = ["-created_at", "id"]


class KirimanWebhook(models.Model):
    """One message. Its id is the `webhook-id` of every attempt, so a receiver knows a repeat."""

    class Status(models.TextChoices):
        MENUNGGU = "menunggu", "Menunggu dikirim"
        TERKIRIM = "terkirim", "Terkirim"
        GAGAL = "gagal", "Gagal"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="kiriman")
    peristiwa = models.CharField(max_length=30, choices=Peristiwa.choices)
    data = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.MENUNGGU)
    percobaan = models.PositiveSmallIntegerField(default=0)
    kode = models.PositiveSmallIntegerField("kode HTTP terakhir", default=0)
    sebab = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    dicoba_at = models.DateTimeField(null=True)

    KLASIFIKASI = {
        "id": "teknis", "webhook": "umum", "peristiwa": "umum", "data": "umum", "status": "umum", "percobaan": "umum",
        "kode": "umum", "sebab": "umum", "created_at": "umum", "dicoba_at": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "kiriman webhook"
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["webhook", "-created_at", "-id"], name="kirimanwebhook_daftar")]
