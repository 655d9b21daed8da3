"""What a user is told: notices in the portal, and what goes out to his mailbox or phone if he wants that."""

import uuid
from datetime import time

from django.db import models
from django.db.models.functions import Now

from accounts.models.pengguna import Pengguna, Penugasan
from core.privacy.fields import SealedField


def mask_phone(nomor: str) -> str:
    """'+6281234567890' -> '+628••••••7890'"""
    return f"{nomor[:4]}{'•' * max(0, len(nomor) - 8)}{nomor[-4:]}"


class PemberitahuanQuerySet(models.QuerySet["Pemberitahuan"]):
    def visible_to(self, user: Pengguna) -> "PemberitahuanQuerySet":
        return self.filter(pengguna=user)

    def baru(self) -> "PemberitahuanQuerySet":
        return self.filter(dibaca_at__isnull=True)


class Pemberitahuan(models.Model):
    """A notice to one user: a sentence without personal data and a link."""

    pengguna = models.ForeignKey(Pengguna, on_delete=models.CASCADE, related_name="pemberitahuan")
    kalimat = models.CharField(max_length=200)
    tautan = models.CharField(max_length=200)
    dibaca_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = PemberitahuanQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "pengguna": "umum", "kalimat": "umum", "tautan": "umum", "dibaca_at": "teknis", "created_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "pemberitahuan"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["pengguna", "-created_at"], name="pemberitahuan_kotak"),
            models.Index(
                fields=["pengguna"], name="pemberitahuan_baru", condition=models.Q(dibaca_at__isnull=True)
            ),
            models.Index(fields=["created_at"], name="pemberitahuan_urut"),
        ]


class PilihanKabar(models.Model):
    """How one user wants to be told outside the portal. The portal itself always tells. No row: only the portal."""

    class Ritme(models.TextChoices):
        LANGSUNG = "langsung", "Langsung"
        HARIAN = "harian", "Satu ringkasan tiap pagi"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pengguna = models.OneToOneField(Pengguna, on_delete=models.CASCADE, related_name="pilihan_kabar")
    surel_aktif = models.BooleanField(default=False)
    pesan_aktif = models.BooleanField(default=False)
    ritme = models.CharField(max_length=10, choices=Ritme.choices, default=Ritme.HARIAN)
    tenang_mulai = models.TimeField(null=True, blank=True, default=time(20))
    tenang_selesai = models.TimeField(null=True, blank=True, default=time(6))
    aktif_sejak = models.DateTimeField(db_default=Now())  # older notices are not sent after all
    telepon = SealedField(purpose="telepon", mask=mask_phone)
    telepon_at = models.DateTimeField(null=True)  # the number answered the code
    kode = SealedField(purpose="kode_telepon")
    kode_hingga = models.DateTimeField(null=True)

    KLASIFIKASI = {
        "id": "teknis", "pengguna": "teknis", "surel_aktif": "umum", "pesan_aktif": "umum", "ritme": "umum", "tenang_mulai": "umum",
        "tenang_selesai": "umum", "aktif_sejak": "teknis", "telepon": "rahasia", "telepon_at": "teknis", "kode": "rahasia",
        "kode_hingga": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "pilihan kabar"


class PesanQuerySet(models.QuerySet["Pesan"]):
    def visible_to(self, user: Pengguna) -> "PesanQuerySet":
        """Own ones; and those to people of the areas whose jobs the user watches."""
        from_area = Penugasan.objects.di_wilayah(user.cakupan("pekerjaan.lihat")).values("pengguna_id")
        return self.filter(models.Q(pengguna=user) | models.Q(pengguna__in=from_area))


class Pesan(models.Model):
    """One message to a mailbox or phone. Its id is the key by which the carrier knows a repeat."""

    class Kanal(models.TextChoices):
        SUREL = "surel", "Surel"
        PESAN = "pesan", "WhatsApp/SMS"

    class Status(models.TextChoices):
        MENUNGGU = "menunggu", "Menunggu dikirim"
        TERKIRIM = "terkirim", "Terkirim"
        GAGAL = "gagal", "Gagal"
        DIGABUNG = "digabung", "Digabung ke pesan lain"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pengguna = models.ForeignKey(Pengguna, on_delete=models.CASCADE, related_name="pesan")
    kanal = models.CharField(max_length=10, choices=Kanal.choices)
    # NULL: a summary of the day `ringkasan`, or a code for a new number when both are NULL.
    pemberitahuan = models.ForeignKey(
        Pemberitahuan, on_delete=models.CASCADE, null=True, related_name="pesan"
    )
    ringkasan = models.DateField(null=True)
    isi = models.CharField(max_length=400)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.MENUNGGU)
    sebab = models.CharField(max_length=200, blank=True)
    nomor_luar = models.CharField(max_length=200, blank=True)
    dikirim_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = PesanQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "pengguna": "umum", "kanal": "umum", "pemberitahuan": "teknis", "ringkasan": "teknis", "isi": "umum",
        "status": "umum", "sebab": "umum", "nomor_luar": "teknis", "dikirim_at": "umum", "created_at": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "pesan"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["pemberitahuan", "kanal"], name="pesan_sekali"),
            models.UniqueConstraint(fields=["pengguna", "kanal", "ringkasan"], name="pesan_ringkasan_sekali"),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="pesan_urut")]
