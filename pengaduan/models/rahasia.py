"""The sealed line: reports of misconduct that only the inspectorate named by the reporter can read (docs/adr/0019).

Nothing here has a time of day, an address, an agent or a name in the clear. Texts and photos are envelopes to a public key
(core/privacy/envelope.py). The tables are not under the audit trail's watch on purpose: its seals carry the time of day.
"""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import Pengguna, Penugasan
from wilayah.models import Wilayah

KUASA = "rahasia.baca"


def rangkap(user: Pengguna) -> bool:
    """Does this person, by any account, also serve in a line that the reports may be about?"""
    lain = Penugasan.objects.berlaku().filter(pengguna__orang=user.orang_id)
    return lain.exclude(peran__kuasa__contains=[KUASA]).exists()


def kantor_dari(user: Pengguna) -> list[str]:
    """Codes of the offices whose line this user serves: exactly those, never the areas below them."""
    kode = [p.wilayah_id for p in user.penugasan_aktif if KUASA in p.peran.kuasa and p.wilayah_id]
    return [] if not kode or rangkap(user) else kode


class KunciKantor(models.Model):
    """Public key of one inspectorate. Its private half exists only in the copies below."""

    id = models.UUIDField(primary_key=True, editable=False)
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    publik = models.BinaryField(max_length=65)
    sejak = models.DateField()
    sampai = models.DateField(null=True)
    dibuat_oleh = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")

    KLASIFIKASI = {
        "id": "teknis", "wilayah": "umum", "publik": "umum", "sejak": "umum", "sampai": "umum", "dibuat_oleh": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "kunci kantor"
        constraints = [
            models.UniqueConstraint(
                fields=["wilayah"], condition=Q(sampai__isnull=True), name="kuncikantor_satu_aktif"
            )
        ]

    def __str__(self) -> str:
        return str(self.wilayah_id)


class KunciInspektur(models.Model):
    """Key pair of one inspector, made in his browser: the public half, and the private half wrapped with his passphrase."""

    id = models.UUIDField(primary_key=True, editable=False)
    pengguna = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    publik = models.BinaryField(max_length=65)
    bungkus = models.JSONField()
    sejak = models.DateField()
    dicabut = models.DateField(null=True)

    KLASIFIKASI = {
        "id": "teknis", "pengguna": "umum", "publik": "umum", "bungkus": "rahasia", "sejak": "umum", "dicabut": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "kunci inspektur"
        constraints = [
            models.UniqueConstraint(
                fields=["pengguna"], condition=Q(dicabut__isnull=True), name="kunciinspektur_satu_aktif"
            )
        ]

    def __str__(self) -> str:
        return str(self.pengguna_id)


class SalinanKunci(models.Model):
    """The private key of an office in an envelope to one inspector. Who has none, reads nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kantor = models.ForeignKey(KunciKantor, on_delete=models.PROTECT, related_name="salinan")
    inspektur = models.ForeignKey(KunciInspektur, on_delete=models.PROTECT, related_name="salinan")
    isi = models.BinaryField()

    KLASIFIKASI = {"id": "teknis", "kantor": "teknis", "inspektur": "teknis", "isi": "rahasia"}

    class Meta:
        verbose_name = verbose_name_plural = "salinan kunci"
        constraints = [models.UniqueConstraint(fields=["kantor", "inspektur"], name="salinankunci_satu")]

    def __str__(self) -> str:
        return str(self.pk)


class LaporanRahasiaQuerySet(models.QuerySet["LaporanRahasia"]):
    def visible_to(self, user: Any) -> "LaporanRahasiaQuerySet":
        """Reports to an office of which this inspector holds a key. A role alone shows nothing, not even that there is one."""
        kode = kantor_dari(user)
        if not kode:
            return self.none()
        punya = SalinanKunci.objects.filter(
            inspektur__pengguna=user, inspektur__dicabut__isnull=True, kantor__wilayah__in=kode
        )
        return self.filter(wilayah__in=punya.values("kantor__wilayah"))


class LaporanRahasia(models.Model):
    """One report and the talk about it. `tanda` is what the receipt hashes to; `publik` the key that the receipt opens."""

    class Giliran(models.TextChoices):
        INSPEKTORAT = "inspektorat", "Menunggu inspektorat"
        PELAPOR = "pelapor", "Sudah dijawab"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    tanda = models.BinaryField(max_length=32, unique=True)
    publik = models.BinaryField(max_length=65)
    hari = models.DateField()
    terakhir = models.DateField()
    giliran = models.CharField(max_length=12, choices=Giliran.choices, default=Giliran.INSPEKTORAT)
    ditutup = models.DateField(null=True)
    ditutup_oleh = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")

    objects = LaporanRahasiaQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "wilayah": "rahasia", "tanda": "rahasia", "publik": "teknis", "hari": "rahasia", "terakhir": "rahasia",
        "giliran": "rahasia", "ditutup": "rahasia", "ditutup_oleh": "rahasia",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "laporan rahasia"
        indexes = [models.Index(fields=["wilayah", "-terakhir", "-id"], name="laporanrahasia_meja")]

    def __str__(self) -> str:
        return self.sebutan

    @property
    def sebutan(self) -> str:
        """What inspectors call it among themselves; says nothing by itself."""
        return self.pk.hex[:6].upper()

    @property
    def dari_pelapor(self) -> bool:
        return self.giliran == self.Giliran.INSPEKTORAT


class PesanRahasia(models.Model):
    """One message. `isi_kantor` opens with the office key; an answer is also sealed to the reporter (`isi_pelapor`)."""

    class Dari(models.TextChoices):
        PELAPOR = "pelapor", "Pelapor"
        INSPEKTORAT = "inspektorat", "Inspektorat"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    laporan = models.ForeignKey(LaporanRahasia, on_delete=models.CASCADE, related_name="pesan")
    urut = models.PositiveSmallIntegerField()
    dari = models.CharField(max_length=12, choices=Dari.choices)
    oleh = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")  # the inspector
    kantor = models.ForeignKey(KunciKantor, on_delete=models.PROTECT, related_name="+")
    hari = models.DateField()
    isi_kantor = models.BinaryField()
    isi_pelapor = models.BinaryField(null=True)
    sidik = models.BinaryField(
        max_length=32
    )  # keyed with what only the sender's page holds: the same send is one message

    KLASIFIKASI = {
        "id": "teknis", "laporan": "rahasia", "urut": "teknis", "dari": "rahasia", "oleh": "rahasia", "kantor": "teknis", "hari": "rahasia",
        "isi_kantor": "rahasia", "isi_pelapor": "rahasia", "sidik": "rahasia",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "pesan rahasia"
        ordering = ["urut"]
        constraints = [
            models.UniqueConstraint(fields=["laporan", "urut"], name="pesanrahasia_urut"),
            models.UniqueConstraint(fields=["laporan", "sidik"], name="pesanrahasia_sekali"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class LampiranRahasia(models.Model):
    """A photo, cleaned and sealed. In the database: a file on disk would carry the time of day."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pesan = models.ForeignKey(PesanRahasia, on_delete=models.CASCADE, related_name="lampiran")
    urut = models.PositiveSmallIntegerField()
    isi = models.BinaryField()

    KLASIFIKASI = {"id": "teknis", "pesan": "rahasia", "urut": "teknis", "isi": "rahasia"}

    class Meta:
        verbose_name = verbose_name_plural = "lampiran rahasia"
        ordering = ["urut"]
        constraints = [models.UniqueConstraint(fields=["pesan", "urut"], name="lampiranrahasia_urut")]

    def __str__(self) -> str:
        return str(self.pk)


class GangguanRahasia(models.Model):
    """How often in a day a send failed through our own fault: the line has no log that would say so."""

    hari = models.DateField(primary_key=True)
    jumlah = models.PositiveIntegerField(default=0)

    KLASIFIKASI = {"hari": "teknis", "jumlah": "teknis"}

    class Meta:
        verbose_name = verbose_name_plural = "gangguan rahasia"

    def __str__(self) -> str:
        return f"{self.hari}"
