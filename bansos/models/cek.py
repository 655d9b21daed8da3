"""What the public may ask (`/cek/`): one row per person and programme, kept by triggers (bansos/sql/cek.sql), written by nothing else.

Asked by keyed hashes only: NIK with birth date, or village with name. No NIK, no full name, no address below the village.
"""

import uuid

from django.db import models


class CekBansos(models.Model):
    """What a citizen may know of one person and one programme. Derived: `cek_benar()` in SQL says what must stand here."""

    class Keadaan(models.TextChoices):
        PENERIMA = "penerima", "Penerima"
        DIKELUARKAN = "dikeluarkan", "Tidak menerima lagi"
        DICABUT = "dicabut", "Keputusan dicabut"
        DAFTAR_TUNGGU = "daftar_tunggu", "Daftar tunggu"
        TIDAK_DITETAPKAN = "tidak_ditetapkan", "Tidak ditetapkan"
        PROSES_DESA = "proses_desa", "Diproses di desa"
        PROSES_DINAS = "proses_dinas", "Diproses Dinas Sosial"
        MENUNGGU_SK = "menunggu_sk", "Menunggu penetapan"
        DITUNDA = "ditunda", "Ditunda"
        DITOLAK = "ditolak", "Usulan ditolak"

    id = models.UUIDField(
        primary_key=True,
        default=uuid.uuid4,
        db_default=models.Func(function="gen_random_uuid"),
        editable=False,
    )
    individu_id = models.UUIDField()  # no foreign key: the public table knows the register by number only
    program = models.CharField(max_length=20)
    kunci_nik = models.BinaryField(max_length=32, null=True)
    kunci_nama = models.BinaryField(max_length=32, null=True)
    kunci_lahir = models.BinaryField(max_length=32, null=True)
    kembar = models.BooleanField(default=False, db_default=False)
    nama_samar = models.CharField(max_length=100)
    wilayah = models.CharField(max_length=13, db_collation="C")
    keadaan = models.CharField(max_length=20, choices=Keadaan.choices)
    periode = models.CharField(max_length=7)
    tanggal = models.DateField(null=True)

    KLASIFIKASI = {
        "id": "teknis", "individu_id": "teknis", "program": "pribadi", "kunci_nik": "rahasia", "kunci_nama": "rahasia",
        "kunci_lahir": "rahasia", "kembar": "pribadi", "nama_samar": "pribadi", "wilayah": "umum", "keadaan": "pribadi",
        "periode": "pribadi", "tanggal": "pribadi",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "cek bansos"
        constraints = [models.UniqueConstraint(fields=["individu_id", "program"], name="cekbansos_unik")]
        indexes = [
            models.Index(fields=["kunci_nik"], name="cekbansos_nik"),
            models.Index(fields=["kunci_nama"], name="cekbansos_nama"),
        ]


class CekGaram(models.Model):
    """The random key of the name hashes, made by the migration: names are few, so without it the table could be read back."""

    garam = models.BinaryField(max_length=32)

    KLASIFIKASI = {"id": "teknis", "garam": "rahasia"}

    class Meta:
        verbose_name = verbose_name_plural = "garam cek bansos"
