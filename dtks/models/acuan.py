"""Code lists of the forms, versioned: a stored answer is code + version of its list (domain.md §2.5)."""

from django.db import models


class KodeAcuan(models.Model):
    """One answer of one code list in one version, e.g. ('atap', 'DTSEN-2025', 5, 'Bambu')."""

    daftar = models.CharField(max_length=30)
    versi = models.CharField(max_length=20)
    kode = models.CharField(max_length=20)
    label = models.CharField(max_length=150)
    urut = models.PositiveSmallIntegerField()
    berlaku_sejak = models.DateField(null=True, blank=True)
    berlaku_hingga = models.DateField(null=True, blank=True)
    sumber = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "kode acuan"
        ordering = ["daftar", "versi", "urut"]
        constraints = [models.UniqueConstraint(fields=["daftar", "versi", "kode"], name="kodeacuan_unik")]

    def __str__(self) -> str:
        return self.label


class AlasanLangkah(models.Model):
    """Why a step was refused or a case returned: a code, a sentence, and what to do next."""

    kode = models.CharField(max_length=40, primary_key=True)
    langkah = models.CharField(max_length=30)
    kalimat = models.CharField(max_length=200)
    jalan_keluar = models.CharField(max_length=300)
    dasar_hukum = models.CharField(max_length=200, blank=True)
    urut = models.PositiveSmallIntegerField(default=0)
    aktif = models.BooleanField(default=True)

    class Meta:
        verbose_name = verbose_name_plural = "alasan langkah"
        ordering = ["langkah", "urut", "kode"]

    def __str__(self) -> str:
        return self.kalimat
