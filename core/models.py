"""Ground-floor tables: the audit trail, the queue, effective-dated rules, numbers, files, documents.

Tamper evidence (docs/adr/0004): acts go to `Jejak`; triggers write a fingerprint of every changed
row of a protected table to `JejakBaris`; at commit one `Segel` per transaction binds both into a
hash chain per kabupaten, whose head row is locked for that instant only.
"""

import uuid

from django.db import models
from django.db.models.functions import Now


class Jejak(models.Model):
    """One act: who did what to which object. Append-only (trigger)."""

    tx = models.UUIDField(editable=False, db_default=models.Value(uuid.UUID(int=0)), db_index=True)
    rantai = models.CharField(max_length=16)
    aksi = models.CharField(max_length=60)
    objek_jenis = models.CharField(max_length=60)
    objek_id = models.CharField(max_length=60)
    aktor_id = models.CharField(max_length=60, blank=True)
    aktor_nama = models.CharField(max_length=150)
    peran = models.CharField(max_length=40, blank=True)
    wilayah = models.CharField(max_length=24, blank=True, db_collation="C")
    rincian = models.JSONField(default=dict)
    pada = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "jejak audit"
        ordering = ["id"]
        indexes = [
            models.Index(fields=["objek_jenis", "objek_id", "id"], name="jejak_objek"),
            models.Index(fields=["aktor_id", "-id"], name="jejak_aktor"),
        ]


class JejakBaris(models.Model):
    """Fingerprint of one row of a protected table after one statement. Written by triggers only."""

    tx = models.UUIDField()
    tabel = models.CharField(max_length=63)
    kunci = models.CharField(max_length=60)
    op = models.CharField(max_length=1)
    sidik = models.BinaryField(max_length=32, null=True)

    class Meta:
        verbose_name = verbose_name_plural = "jejak baris"
        indexes = [
            models.Index(fields=["tabel", "kunci", "-id"], name="jejakbaris_terakhir"),
            models.Index(fields=["tx"], name="jejakbaris_tx"),
        ]


class JejakTx(models.Model):
    """One row per audited transaction; its deferred trigger seals the transaction at commit."""

    tx = models.UUIDField(primary_key=True)

    class Meta:
        verbose_name = verbose_name_plural = "transaksi jejak"


class Segel(models.Model):
    """One link of the chain: everything one transaction did, in commit order."""

    rantai = models.CharField(max_length=16)
    urut = models.BigIntegerField()
    tx = models.UUIDField(unique=True)
    jumlah_aksi = models.IntegerField()
    jumlah_baris = models.IntegerField()
    isi = models.BinaryField(max_length=32)
    sebelum = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)
    pada = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "segel"
        constraints = [models.UniqueConstraint(fields=["rantai", "urut"], name="segel_urut")]


class KepalaRantai(models.Model):
    """Head of each chain, locked while a link is added so that order is commit order."""

    rantai = models.CharField(max_length=16, primary_key=True)
    urut = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        verbose_name = verbose_name_plural = "kepala rantai"


class Panah(models.Model):
    """The arrows of every workflow, for the trigger that keeps raw SQL on the line."""

    alur = models.CharField(max_length=30)
    langkah = models.CharField(max_length=30)
    dari = models.CharField(max_length=30)
    ke = models.CharField(max_length=30)

    class Meta:
        verbose_name = verbose_name_plural = "panah alur"
        constraints = [models.UniqueConstraint(fields=["alur", "langkah", "dari", "ke"], name="panah_unik")]


class Pekerjaan(models.Model):
    """The queue. PostgreSQL holds the truth; Celery is rung to come and look (docs/adr/0003)."""

    class Status(models.TextChoices):
        MENUNGGU = "menunggu", "Menunggu"
        JALAN = "jalan", "Sedang dikerjakan"
        SELESAI = "selesai", "Selesai"
        PARKIR = "parkir", "Berhenti, perlu diperiksa"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    jenis = models.CharField(max_length=60)
    argumen = models.JSONField(default=dict)
    kunci = models.CharField(max_length=120, null=True, unique=True)  # noqa: DJ001 - NULL = no dedup
    judul = models.CharField(max_length=200, blank=True)
    pemilik_id = models.CharField(max_length=60, blank=True)
    wilayah = models.CharField(max_length=24, blank=True, db_collation="C")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.MENUNGGU)
    percobaan = models.PositiveSmallIntegerField(default=0)
    jalankan_setelah = models.DateTimeField(db_default=Now())
    sewa_token = models.UUIDField(null=True)
    sewa_hingga = models.DateTimeField(null=True)
    selesai_n = models.PositiveIntegerField(default=0)
    total_n = models.PositiveIntegerField(default=0)
    hasil = models.JSONField(default=dict)
    galat = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "pekerjaan"
        ordering = ["-created_at", "id"]
        indexes = [
            models.Index(
                fields=["jalankan_setelah", "created_at"],
                name="pekerjaan_terbuka",
                condition=models.Q(status__in=["menunggu", "jalan"]),
            ),
            models.Index(fields=["wilayah"], name="pekerjaan_parkir", condition=models.Q(status="parkir")),
            models.Index(fields=["pemilik_id", "-created_at", "id"], name="pekerjaan_pemilik"),
        ]


class Ketentuan(models.Model):
    """An effective-dated rule with its legal basis. Limits and deadlines are rows here, never constants."""

    kunci = models.CharField(max_length=60)
    wilayah = models.CharField(max_length=24, blank=True, db_collation="C")
    nilai = models.JSONField()
    berlaku_sejak = models.DateField()
    berlaku_hingga = models.DateField(null=True, blank=True)
    dasar_hukum = models.CharField(max_length=300)
    sumber = models.CharField(max_length=300, blank=True)
    status_verifikasi = models.CharField(max_length=20, default="perlu_cek")

    class Meta:
        verbose_name = verbose_name_plural = "ketentuan"
        constraints = [
            models.UniqueConstraint(fields=["kunci", "wilayah", "berlaku_sejak"], name="ketentuan_unik"),
            models.CheckConstraint(
                name="ketentuan_masa",
                condition=models.Q(berlaku_hingga__isnull=True)
                | models.Q(berlaku_hingga__gte=models.F("berlaku_sejak")),
            ),
        ]


class KunciKirim(models.Model):
    """A submission that was already carried out: the same form or request twice is one effect."""

    pemilik = models.CharField(max_length=60)
    kunci = models.UUIDField()
    sidik_isi = models.BinaryField(max_length=32)
    hasil = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "kunci kirim"
        constraints = [models.UniqueConstraint(fields=["pemilik", "kunci"], name="kuncikirim_unik")]


class JawabanApi(models.Model):
    """The answer to an unsafe request of the API, sealed, by the caller's Idempotency-Key (core/api/sekali.py)."""

    pemilik = models.CharField(max_length=60)
    kunci = models.UUIDField()
    sidik_isi = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField()
    isi = models.BinaryField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    KLASIFIKASI = {
        "id": "teknis", "pemilik": "teknis", "kunci": "teknis", "sidik_isi": "rahasia", "status": "teknis", "isi": "rahasia",
        "created_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "jawaban API"
        constraints = [models.UniqueConstraint(fields=["pemilik", "kunci"], name="jawabanapi_unik")]


class NomorSeri(models.Model):
    """Counter of a numbered series per year; locked while a number is taken, so no gap and no double."""

    seri = models.CharField(max_length=60)
    tahun = models.PositiveSmallIntegerField()
    terakhir = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "nomor seri"
        constraints = [models.UniqueConstraint(fields=["seri", "tahun"], name="nomorseri_unik")]


class Pembatas(models.Model):
    """Attempt counter in PostgreSQL: a broker flush must not reset a PIN limiter."""

    kunci = models.CharField(max_length=120, primary_key=True)
    mulai = models.DateTimeField()
    jumlah = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = "pembatas"


class Tantangan(models.Model):
    """A challenge of a public form that was used up, with the fingerprint of what was sent (core/tantangan.py)."""

    acak = models.UUIDField(primary_key=True, editable=False)
    isi = models.BinaryField(max_length=32)
    hingga = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "tantangan terpakai"


class Berkas(models.Model):
    """A stored file: encrypted on disk under a random name; the row carries its hash."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    jenis = models.CharField(max_length=40)
    nama_tampil = models.CharField(max_length=120)
    mime = models.CharField(max_length=60)
    ukuran = models.PositiveIntegerField()
    sha256 = models.BinaryField(max_length=32)
    wilayah = models.CharField(max_length=24, blank=True, db_collation="C")
    pengunggah_id = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "berkas"


class TemplatSurat(models.Model):
    """One version of the words of a kind of paper. Who approves it is not who wrote it (constraint); approved = frozen (trigger)."""

    class Status(models.TextChoices):
        DRAF = "draf", "Menunggu persetujuan"
        DISETUJUI = "disetujui", "Disetujui"
        DIBUANG = "dibuang", "Tidak dipakai"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    jenis = models.CharField(max_length=20)
    wilayah = models.CharField(max_length=24, db_collation="C")
    versi = models.PositiveIntegerField()
    isi = models.JSONField(default=dict)
    dasar_hukum = models.CharField(max_length=300)
    berlaku_sejak = models.DateField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAF)
    dibuat_orang = models.CharField(max_length=60)
    dibuat_nama = models.CharField(max_length=150)
    diputus_orang = models.CharField(max_length=60, blank=True)
    diputus_nama = models.CharField(max_length=150, blank=True)
    diputus_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "templat surat"
        ordering = ["jenis", "-versi", "id"]
        constraints = [
            models.UniqueConstraint(fields=["jenis", "wilayah", "versi"], name="templatsurat_versi"),
            models.CheckConstraint(
                name="templatsurat_dua_orang",
                condition=~models.Q(status="disetujui")
                | (~models.Q(diputus_orang="") & ~models.Q(diputus_orang=models.F("dibuat_orang"))),
            ),
        ]


class Dokumen(models.Model):
    """An issued document that anyone can check at /v/<kode>/ by the code in its QR."""

    class Status(models.TextChoices):
        BERLAKU = "berlaku", "Berlaku"
        DIGANTI = "diganti", "Sudah diganti"
        DICABUT = "dicabut", "Dicabut"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kode = models.CharField(max_length=16, unique=True)
    jenis = models.CharField(max_length=40)
    nomor = models.CharField(max_length=80, blank=True)
    judul = models.CharField(max_length=200)
    penerbit = models.CharField(max_length=200)
    penandatangan = models.CharField(max_length=200, blank=True)
    tanggal = models.DateField()
    wilayah = models.CharField(max_length=24, db_collation="C")
    ringkas = models.JSONField(default=dict)
    berkas = models.ForeignKey(Berkas, on_delete=models.PROTECT, related_name="dokumen")
    sha256 = models.BinaryField(max_length=32)
    tanda_tangan = models.BinaryField(max_length=64)
    penyedia_tte = models.CharField(max_length=20, null=True)  # noqa: DJ001 - NULL: the local key, before there was a choice
    templat = models.ForeignKey(TemplatSurat, on_delete=models.PROTECT, null=True, related_name="dokumen")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.BERLAKU)
    pengganti = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="menggantikan"
    )
    alasan_status = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "dokumen"
        indexes = [models.Index(fields=["jenis", "nomor"], name="dokumen_nomor")]


class Pemulihan(models.Model):
    """One return of the database to an earlier moment, from a backup or from the log (docs/adr/0033)."""

    class Cara(models.TextChoices):
        CADANGAN = "cadangan", "Cadangan"
        WAL = "wal", "Arsip WAL"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cara = models.CharField(max_length=10, choices=Cara.choices)
    cadangan = models.CharField(max_length=36, blank=True)
    data_pada = models.DateTimeField()
    pada = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = verbose_name_plural = "pemulihan"


class KunciIndeks(models.Model):
    """One change of INDEX_KEY: how far it is (column -> last key that was read). `tanda` names the new key (core.privacy.rotate)."""

    tanda = models.CharField(max_length=16, primary_key=True)
    posisi = models.JSONField(default=dict)
    jumlah = models.BigIntegerField("nomor yang diganti", default=0)
    mulai_at = models.DateTimeField(db_default=Now())
    selesai_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "pergantian kunci indeks"
