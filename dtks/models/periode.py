"""The month as data: windows per kabupaten, programme and route; what moved to the next period; who changed a window."""

import uuid
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import Pengguna
from dtks import workflow
from dtks.models.usulan import Usulan
from wilayah.kode import dalam, kabupaten_dari
from wilayah.models import Wilayah

BATAS = ("tutup_input", "tutup_musdes", "tutup_verifikasi", "tutup_pengesahan", "tarik_pusat")


class PeriodeQuerySet(models.QuerySet["Periode"]):
    def visible_to(self, user: Pengguna) -> "PeriodeQuerySet":
        """Windows are no secret, but a person with a role sees those of his own kabupaten (or province, or all) only."""
        areas = [p.wilayah_id for p in user.penugasan_aktif]
        if None in areas:
            return self.all()
        return self.filter(dalam("wilayah_id", [kabupaten_dari(kode) for kode in areas if kode]))

    def untuk(self, wilayah: Any, program: Any, jalur: Any) -> "PeriodeQuerySet":
        """Windows that hold for a proposal, the most particular first: programme and route before programme before all.

        Arguments are values or expressions; `wilayah` is the code of the kabupaten.
        """
        return self.filter(
            Q(program="") | Q(program=program), Q(jalur="") | Q(jalur=jalur), wilayah_id=wilayah
        ).order_by("periode", "-program", "-jalur")


class Periode(models.Model):
    """One window: a month of a kabupaten for one programme (or all) and one route (or all).

    A moment that closes is the last one inside: what happens at that second is in, what happens after it is out.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wilayah = models.ForeignKey(
        Wilayah, on_delete=models.PROTECT, related_name="+", verbose_name="kabupaten/kota"
    )
    program = models.CharField("program (kosong: semua)", max_length=20, blank=True)
    jalur = models.CharField(max_length=12, blank=True, choices=[("", "Semua jalur"), *Usulan.Jalur.choices])
    periode = models.CharField(max_length=7)
    buka = models.DateTimeField("dibuka")
    tutup_input = models.DateTimeField("batas mengajukan ke desa")
    tutup_musdes = models.DateTimeField("batas musyawarah dan kirim ke Dinsos")
    tutup_verifikasi = models.DateTimeField("batas verifikasi Dinsos")
    tutup_pengesahan = models.DateTimeField("batas pengesahan")
    tarik_pusat = models.DateTimeField("data ditarik pusat")
    dasar_hukum = models.CharField("dasar hukum", max_length=300)
    sumber = models.CharField(max_length=300, blank=True)
    status_verifikasi = models.CharField(max_length=20, default="perlu_cek")
    versi = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = PeriodeQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "wilayah": "umum", "program": "umum", "jalur": "umum", "periode": "umum", "buka": "umum",
        "tutup_input": "umum", "tutup_musdes": "umum", "tutup_verifikasi": "umum", "tutup_pengesahan": "umum",
        "tarik_pusat": "umum", "dasar_hukum": "umum", "sumber": "umum", "status_verifikasi": "umum", "versi": "teknis",
        "created_at": "teknis", "updated_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "periode"
        constraints = [
            models.UniqueConstraint(fields=["wilayah", "periode", "program", "jalur"], name="periode_unik"),
            models.CheckConstraint(
                name="periode_bentuk", condition=Q(periode__regex=r"^[0-9]{4}-(0[1-9]|1[0-2])$")
            ),
            models.CheckConstraint(
                name="periode_berurutan",
                condition=Q(buka__lt=F("tutup_input"))
                & Q(tutup_input__lte=F("tutup_musdes"))
                & Q(tutup_musdes__lte=F("tutup_verifikasi"))
                & Q(tutup_verifikasi__lte=F("tutup_pengesahan"))
                & Q(tutup_pengesahan__lte=F("tarik_pusat")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wilayah_id} {self.periode} {self.program or 'semua program'}"

    def batas(self, status: str) -> datetime | None:
        """Until when a proposal in this state must have gone on; None where the period asks nothing more."""
        kolom = workflow.BATAS_STATUS.get(status)
        return getattr(self, kolom) if kolom else None


class PerubahanPeriode(models.Model):
    """A window that was changed: what it was, what it is, why. Append-only (trigger)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    jendela = models.ForeignKey(Periode, on_delete=models.PROTECT, related_name="perubahan")
    sebelum = models.JSONField()
    sesudah = models.JSONField()
    alasan = models.CharField(max_length=300)
    oleh = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    pada = models.DateTimeField(db_default=Now())

    KLASIFIKASI = {
        "id": "teknis", "jendela": "umum", "sebelum": "umum", "sesudah": "umum", "alasan": "umum", "oleh": "umum",
        "pada": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "perubahan periode"
        ordering = ["-pada", "-id"]


class GuliranPeriode(models.Model):
    """A proposal that missed a deadline and went on to a later period. Append-only (trigger); once per period left."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, related_name="guliran")
    dari = models.CharField(max_length=7)
    ke = models.CharField(max_length=7)
    batas = models.DateTimeField()
    status = models.CharField(max_length=20)
    putaran = models.UUIDField(null=True)  # the job that moved it; NULL: moved by the step that came too late
    pada = models.DateTimeField()

    KLASIFIKASI = {
        "id": "teknis", "usulan": "teknis", "dari": "umum", "ke": "umum", "batas": "umum", "status": "umum",
        "putaran": "teknis", "pada": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "guliran periode"
        ordering = ["dari"]
        constraints = [
            models.UniqueConstraint(fields=["usulan", "dari"], name="guliran_sekali"),
            models.CheckConstraint(name="guliran_maju", condition=Q(ke__gt=F("dari"))),
        ]
        indexes = [models.Index(fields=["putaran"], name="guliran_putaran")]
