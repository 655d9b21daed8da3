"""Who goes where: a field officer who asks to be replaced, and which visits of a month a published draw spares."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from accounts.models import Pengguna
from dtks.models.usulan import Usulan
from wilayah.kode import dalam, leluhur
from wilayah.models import Wilayah

BENTURAN = "ALIH_BENTURAN"  # the reason that no other officer of the same person may ever overrule


class PermintaanAlihQuerySet(models.QuerySet["PermintaanAlih"]):
    def terbuka(self) -> "PermintaanAlihQuerySet":
        """The officer is still the one who was sent."""
        return self.filter(
            usulan__status="ditugaskan",
            usulan__petugas=F("petugas"),
            created_at__gte=F("usulan__status_sejak"),
        )


class PermintaanAlih(models.Model):
    """An officer cannot make a visit. Never changed: that somebody declared a conflict stays known for this family."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, related_name="permintaan_alih")
    petugas = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    alasan = models.CharField(max_length=40)
    catatan = models.CharField(max_length=500)
    created_at = models.DateTimeField(db_default=Now())

    objects = PermintaanAlihQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "usulan": "teknis", "petugas": "umum", "alasan": "umum", "catatan": "pribadi", "created_at": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "permintaan diganti"
        indexes = [models.Index(fields=["usulan", "petugas"], name="permintaanalih_usulan")]


class KebijakanSampelQuerySet(models.QuerySet["KebijakanSampel"]):
    def visible_to(self, user: Pengguna) -> "KebijakanSampelQuerySet":
        """Those inside the reader's areas, and those of a wider area that rule his."""
        luas = user.cakupan("sampel.lihat")
        atas = [a for kode in luas for a in leluhur(kode)]
        return self.filter(dalam("wilayah_id", luas) | Q(wilayah_id__in=atas))


class KebijakanSampel(models.Model):
    """Not every family of this area and month is visited. The draw is fixed by a seed whose hash is published first.

    `sidik_benih` is known from the beginning, `benih` sealed until `tutup_at` has passed and the list was drawn up.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wilayah = models.ForeignKey(Wilayah, on_delete=models.PROTECT, related_name="+")
    periode = models.CharField(max_length=7)
    persen = models.PositiveSmallIntegerField("persen yang dikunjungi")
    kecuali_jalur = ArrayField(models.CharField(max_length=12), default=list)
    dasar_hukum = models.CharField("dasar hukum", max_length=300)
    tutup_at = models.DateTimeField("daftar ditutup")
    sidik_benih = models.CharField("sidik benih (SHA-256)", max_length=64)
    benih_segel = models.BinaryField()
    benih = models.CharField("benih", max_length=64, blank=True)
    dibuka_at = models.DateTimeField(null=True)
    dibuka_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    objects = KebijakanSampelQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "wilayah": "umum", "periode": "umum", "persen": "umum", "kecuali_jalur": "umum", "dasar_hukum": "umum",
        "tutup_at": "umum", "sidik_benih": "umum", "benih_segel": "rahasia", "benih": "umum", "dibuka_at": "umum",
        "dibuka_by": "umum", "created_by": "umum", "created_at": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "kebijakan sampel"
        ordering = ["-periode", "wilayah", "id"]
        constraints = [
            models.UniqueConstraint(fields=["wilayah", "periode"], name="kebijakansampel_satu"),
            models.CheckConstraint(name="kebijakansampel_persen", condition=Q(persen__gte=1, persen__lte=99)),
        ]


class SampelUsulan(models.Model):
    """One line of the closed list: the number that the seed gives this proposal, and whether it is visited."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kebijakan = models.ForeignKey(KebijakanSampel, on_delete=models.PROTECT, related_name="daftar")
    usulan = models.ForeignKey(Usulan, on_delete=models.PROTECT, related_name="sampel")
    angka = models.CharField("angka (SHA-256 dari benih dan nomor usulan)", max_length=64)
    dikunjungi = models.BooleanField()
    created_at = models.DateTimeField(db_default=Now())

    KLASIFIKASI = {
        "id": "teknis", "kebijakan": "umum", "usulan": "teknis", "angka": "umum", "dikunjungi": "umum", "created_at": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "daftar sampel"
        ordering = ["angka"]
        constraints = [models.UniqueConstraint(fields=["kebijakan", "usulan"], name="sampelusulan_satu")]
