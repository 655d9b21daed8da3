"""The register: family (KK), person, dwelling, assets, desil, PPKS. The unit is the KK."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now, Upper

from accounts.models import Pengguna
from core.identity import mask_nik
from core.privacy.fields import BlindIndexField, SealedField
from core.privacy.keys import blind_index
from wilayah.kode import dalam
from wilayah.models import Wilayah

VERSI_KODE = "DTSEN-2025"


class KeluargaQuerySet(models.QuerySet["Keluarga"]):
    def visible_to(self, user: Pengguna) -> "KeluargaQuerySet":
        """Families in the areas of this person; a frozen one is there for nobody (its request is, see portal.models.hak)."""
        return self.filter(dalam("wilayah_id", user.cakupan("keluarga.lihat")), dibekukan_at__isnull=True)

    def terdaftar(self) -> "KeluargaQuerySet":
        return self.filter(status=Keluarga.Status.TERDAFTAR)

    def dengan_kk(self, no_kk: str) -> "KeluargaQuerySet":
        return self.filter(no_kk_indeks=blind_index(no_kk, "kk"))


class Keluarga(models.Model):
    """A family card (KK) in the register, or a candidate that came with a proposal."""

    class Status(models.TextChoices):
        CALON = "calon", "Calon (dalam usulan)"
        TERDAFTAR = "terdaftar", "Terdaftar"
        NONAKTIF = "nonaktif", "Nonaktif"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    no_kk_indeks = BlindIndexField(source="no_kk")
    no_kk = SealedField("nomor KK", purpose="kk", mask=mask_nik)
    nama_kepala = models.CharField("nama kepala keluarga", max_length=100)
    wilayah = models.ForeignKey(
        Wilayah, on_delete=models.PROTECT, related_name="+", verbose_name="desa/kelurahan"
    )
    alamat = models.CharField("alamat tinggal sekarang", max_length=200)
    rt = models.CharField("RT", max_length=3)
    rw = models.CharField("RW", max_length=3)
    alamat_kk = models.CharField("alamat menurut KK", max_length=200, blank=True)
    telepon_indeks = BlindIndexField(source="telepon")
    telepon = SealedField(
        "nomor telepon", purpose="telepon", mask=lambda v: v[:5] + "•" * max(len(v) - 8, 0) + v[-3:]
    )
    lintang = models.DecimalField("lintang", max_digits=9, decimal_places=6, null=True, blank=True)
    bujur = models.DecimalField("bujur", max_digits=9, decimal_places=6, null=True, blank=True)
    akurasi_m = models.PositiveIntegerField("ketelitian titik (meter)", null=True, blank=True)
    patokan = models.CharField("patokan lokasi", max_length=200, blank=True)
    adat = models.BooleanField("keluarga komunitas adat", null=True, blank=True)
    nama_suku = models.CharField("nama suku", max_length=60, blank=True)
    bantuan = ArrayField(
        models.CharField(max_length=10), verbose_name="bantuan yang diterima", null=True, blank=True, size=12
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.CALON)
    tanda = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    versi = models.PositiveIntegerField(default=0)
    # Frozen at its people's request (UU 27/2022 Pasal 11): kept and nothing else. NULL: a new column changes no fingerprint.
    dibekukan_at = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = KeluargaQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "no_kk_indeks": "rahasia", "no_kk": "rahasia", "nama_kepala": "pribadi", "wilayah": "umum",
        "alamat": "pribadi", "rt": "pribadi", "rw": "pribadi", "alamat_kk": "pribadi", "telepon_indeks": "rahasia",
        "telepon": "rahasia", "lintang": "pribadi", "bujur": "pribadi", "akurasi_m": "pribadi", "patokan": "pribadi", "adat": "spesifik", "nama_suku": "spesifik",
        "bantuan": "pribadi", "status": "umum",
        "tanda": "teknis", "versi": "teknis", "dibekukan_at": "teknis", "created_by": "teknis", "created_at": "teknis", "updated_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "keluarga"
        constraints = [
            models.UniqueConstraint(
                fields=["no_kk_indeks"],
                name="keluarga_kk_unik",
                condition=~Q(status="nonaktif") & Q(no_kk_indeks__isnull=False),
            ),
            models.CheckConstraint(
                name="keluarga_rt_rw", condition=Q(rt__regex=r"^[0-9]{3}$", rw__regex=r"^[0-9]{3}$")
            ),
            models.CheckConstraint(
                name="keluarga_koordinat",
                condition=Q(lintang__isnull=True, bujur__isnull=True)
                | Q(lintang__gte=-11.5, lintang__lte=6.5, bujur__gte=94.5, bujur__lte=141.5),
            ),
        ]
        indexes = [
            models.Index(fields=["wilayah", "-updated_at", "id"], name="keluarga_wilayah"),
            models.Index("wilayah", Upper("nama_kepala"), name="keluarga_nama"),
            models.Index(fields=["id"], name="keluarga_beku", condition=Q(dibekukan_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.nama_kepala


class IndividuQuerySet(models.QuerySet["Individu"]):
    def visible_to(self, user: Pengguna) -> "IndividuQuerySet":
        luas = dalam("keluarga__wilayah_id", user.cakupan("keluarga.lihat"))
        return self.filter(luas, keluarga__dibekukan_at__isnull=True)

    def aktif(self) -> "IndividuQuerySet":
        return self.filter(aktif=True)

    def dengan_nik(self, nik: str) -> "IndividuQuerySet":
        return self.filter(nik_indeks=blind_index(nik, "nik"))


class Individu(models.Model):
    """A member of one family. A NIK is unique among active persons; a person may have none, with a reason."""

    class Padan(models.TextChoices):
        BELUM = "BELUM", "Belum dicek"
        MENUNGGU = "MENUNGGU", "Menunggu jawaban Dukcapil"
        PADAN = "PADAN", "Padan"
        PADAN_SEBAGIAN = "PADAN_SEBAGIAN", "Padan sebagian"
        TIDAK_PADAN_NAMA = "TIDAK_PADAN_NAMA", "Nama tidak padan"
        TIDAK_DITEMUKAN = "TIDAK_DITEMUKAN", "NIK tidak ditemukan"
        FORMAT_SALAH = "FORMAT_SALAH", "Bentuk NIK salah"
        MENINGGAL = "MENINGGAL", "Tercatat meninggal"
        GANDA = "GANDA", "Tercatat ganda"
        NONAKTIF = "NONAKTIF", "NIK nonaktif"
        PINDAH = "PINDAH", "Tercatat di wilayah lain"
        BELUM_REKAM = "BELUM_REKAM", "Belum rekam KTP-el"
        TANPA_DOKUMEN = "TANPA_DOKUMEN", "Tanpa dokumen kependudukan"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    keluarga = models.ForeignKey(Keluarga, on_delete=models.PROTECT, related_name="anggota")
    nik_indeks = BlindIndexField(source="nik")
    nik = SealedField("NIK", purpose="nik", mask=mask_nik)
    tanpa_nik_alasan = models.CharField("alasan belum punya NIK", max_length=200, blank=True)
    nama = models.CharField("nama lengkap", max_length=100)
    kunci_nama = models.CharField(max_length=120, blank=True, editable=False)
    tempat_lahir = models.CharField("tempat lahir", max_length=60, blank=True)
    tgl_lahir = models.DateField("tanggal lahir")
    jenis_kelamin = models.CharField("jenis kelamin", max_length=1)
    hubungan = models.CharField("hubungan dengan kepala keluarga", max_length=2)
    status_kawin = models.CharField("status perkawinan", max_length=2)
    ibu_kandung = models.CharField("nama ibu kandung", max_length=100)
    keberadaan = models.CharField("keberadaan", max_length=2, default="1")
    alamat_capil = models.CharField("alamat menurut Dukcapil", max_length=200, blank=True)
    identitas = ArrayField(
        models.CharField(max_length=2), verbose_name="kartu identitas", null=True, blank=True, size=6
    )
    partisipasi_sekolah = models.CharField("partisipasi sekolah", max_length=2, blank=True)
    jenjang = models.CharField("jenjang pendidikan", max_length=2, blank=True)
    kelas = models.CharField("kelas tertinggi", max_length=2, blank=True)
    ijazah = models.CharField("ijazah tertinggi", max_length=2, blank=True)
    bekerja = models.BooleanField("bekerja seminggu terakhir", null=True, blank=True)
    # As the KTP says it, from the SIKS-NG template. NULL and not '': a new column must not change old fingerprints.
    pekerjaan = models.CharField("pekerjaan menurut KTP", max_length=60, null=True, blank=True)  # noqa: DJ001
    lapangan_usaha = models.CharField("lapangan usaha", max_length=2, blank=True)
    status_kerja = models.CharField("status kedudukan kerja", max_length=2, blank=True)
    pendapatan = models.CharField("pendapatan sebulan", max_length=2, blank=True)
    keterampilan = models.BooleanField("punya keterampilan bersertifikat", null=True, blank=True)
    usaha_jumlah = models.PositiveSmallIntegerField("jumlah usaha sendiri", null=True, blank=True)
    usaha_lapangan = models.CharField("lapangan usaha milik sendiri", max_length=2, blank=True)
    usaha_izin = models.BooleanField("usaha punya izin", null=True, blank=True)
    usaha_omzet = models.CharField("omzet usaha sebulan", max_length=2, blank=True)
    disabilitas = models.CharField("jenis disabilitas", max_length=10, blank=True)
    punya_perawat = models.BooleanField("ada yang merawat", null=True, blank=True)
    jamkes = models.CharField("jaminan kesehatan", max_length=2, blank=True)
    hambatan = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name="hambatan fungsi", null=True, blank=True, size=10
    )
    penyakit_menahun = models.CharField("penyakit menahun", max_length=2, blank=True)
    gizi = models.CharField("gizi balita", max_length=2, blank=True)
    hamil = models.BooleanField("sedang hamil", null=True, blank=True)
    hamil_sejak = models.DateField("mulai hamil", null=True, blank=True)
    versi_kode = models.CharField(max_length=20, default=VERSI_KODE)
    aktif = models.BooleanField(default=True)
    nonaktif_alasan = models.CharField(max_length=40, blank=True)
    padan = models.CharField("hasil padan NIK", max_length=20, choices=Padan.choices, default=Padan.BELUM)
    padan_at = models.DateTimeField(null=True, blank=True)
    tanda = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(auto_now=True)

    objects = IndividuQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "keluarga": "pribadi", "nik_indeks": "rahasia", "nik": "rahasia", "tanpa_nik_alasan": "pribadi",
        "nama": "pribadi", "kunci_nama": "pribadi", "tempat_lahir": "pribadi", "tgl_lahir": "pribadi",
        "jenis_kelamin": "pribadi", "hubungan": "pribadi", "status_kawin": "pribadi", "ibu_kandung": "pribadi",
        "keberadaan": "pribadi", "alamat_capil": "pribadi", "identitas": "pribadi", "kelas": "pribadi",
        "keterampilan": "pribadi", "usaha_jumlah": "spesifik", "usaha_lapangan": "pribadi", "usaha_izin": "pribadi",
        "usaha_omzet": "spesifik", "punya_perawat": "spesifik", "jamkes": "spesifik", "partisipasi_sekolah": "pribadi", "jenjang": "pribadi", "ijazah": "pribadi",
        "bekerja": "pribadi", "pekerjaan": "pribadi", "lapangan_usaha": "pribadi", "status_kerja": "pribadi", "pendapatan": "spesifik",
        "disabilitas": "spesifik", "hambatan": "spesifik", "penyakit_menahun": "spesifik", "gizi": "spesifik",
        "hamil": "spesifik", "hamil_sejak": "spesifik", "versi_kode": "teknis", "aktif": "teknis",
        "nonaktif_alasan": "pribadi", "padan": "pribadi", "padan_at": "teknis", "tanda": "teknis",
        "created_at": "teknis", "updated_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "individu"
        ordering = ["hubungan", "tgl_lahir", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["nik_indeks"],
                name="individu_nik_aktif_unik",
                condition=Q(aktif=True, nik_indeks__isnull=False),
            ),
            models.CheckConstraint(
                name="individu_nik_atau_alasan",
                condition=Q(nik_indeks__isnull=False) | ~Q(tanpa_nik_alasan=""),
            ),
            models.UniqueConstraint(
                fields=["keluarga"], name="individu_satu_kepala", condition=Q(aktif=True, hubungan="1")
            ),
            models.CheckConstraint(
                name="individu_hamil_tanggal", condition=Q(hamil_sejak__isnull=True) | Q(hamil=True)
            ),
            models.CheckConstraint(
                name="individu_lahir_masuk_akal",
                condition=Q(tgl_lahir__gte="1890-01-01", tgl_lahir__lte="2100-01-01"),
            ),
        ]
        indexes = [
            models.Index(fields=["keluarga"], name="individu_keluarga"),
            models.Index(fields=["padan"], name="individu_padan"),
            models.Index(fields=["kunci_nama", "tgl_lahir"], name="individu_kunci_nama"),
        ]

    def __str__(self) -> str:
        return self.nama


class Rumah(models.Model):
    """The dwelling of a family (DTSEN family variables)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    keluarga = models.OneToOneField(Keluarga, on_delete=models.PROTECT, related_name="rumah")
    status_rumah = models.CharField("status kepemilikan rumah", max_length=2)
    luas_lantai = models.PositiveIntegerField("luas lantai (m²)", null=True, blank=True)
    jumlah_keluarga = models.PositiveSmallIntegerField("jumlah keluarga dalam rumah", null=True, blank=True)
    lantai = models.CharField("jenis lantai terluas", max_length=2)
    dinding = models.CharField("jenis dinding terluas", max_length=2)
    atap = models.CharField("jenis atap terluas", max_length=2)
    air_minum = models.CharField("sumber air minum utama", max_length=2)
    jarak_limbah = models.CharField("jarak air minum ke pembuangan limbah", max_length=2, blank=True)
    penerangan = models.CharField("sumber penerangan utama", max_length=2)
    id_pelanggan = models.CharField("nomor meter atau ID pelanggan PLN", max_length=20, blank=True)
    daya = models.CharField("daya listrik terpasang", max_length=5, blank=True)
    daya_2 = models.CharField("daya meteran kedua", max_length=5, blank=True)
    daya_3 = models.CharField("daya meteran ketiga", max_length=5, blank=True)
    memasak = models.CharField("bahan bakar utama memasak", max_length=2)
    bab = models.CharField("fasilitas buang air besar", max_length=2)
    kloset = models.CharField("jenis kloset", max_length=2, blank=True)
    tinja = models.CharField("pembuangan akhir tinja", max_length=2, blank=True)
    versi_kode = models.CharField(max_length=20, default=VERSI_KODE)
    updated_at = models.DateTimeField(auto_now=True)

    KLASIFIKASI = {
        "id": "teknis", "keluarga": "pribadi", "status_rumah": "pribadi", "luas_lantai": "pribadi", "jumlah_keluarga": "pribadi",
        "lantai": "pribadi", "dinding": "pribadi", "atap": "pribadi", "air_minum": "pribadi", "penerangan": "pribadi",
        "daya": "pribadi", "daya_2": "pribadi", "daya_3": "pribadi", "jarak_limbah": "pribadi",
        "id_pelanggan": "pribadi", "memasak": "pribadi", "bab": "pribadi", "kloset": "pribadi", "tinja": "pribadi",
        "versi_kode": "teknis", "updated_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "rumah"
        constraints = [
            models.CheckConstraint(
                name="rumah_luas",
                condition=Q(luas_lantai__isnull=True) | Q(luas_lantai__gte=1, luas_lantai__lte=10000),
            )
        ]


class Aset(models.Model):
    """What a family owns, as counts (DTSEN: never 'yes/no')."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    keluarga = models.ForeignKey(Keluarga, on_delete=models.PROTECT, related_name="aset")
    jenis = models.CharField(max_length=20)
    jumlah = models.PositiveIntegerField()

    KLASIFIKASI = {"id": "teknis", "keluarga": "pribadi", "jenis": "pribadi", "jumlah": "pribadi"}

    class Meta:
        verbose_name = verbose_name_plural = "aset"
        constraints = [
            models.UniqueConstraint(fields=["keluarga", "jenis"], name="aset_unik"),
            models.CheckConstraint(name="aset_jumlah", condition=Q(jumlah__lte=100000)),
        ]


class FotoKeluarga(models.Model):
    """A photo of the house or of a document, re-encoded and encrypted (core.files)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    keluarga = models.ForeignKey(Keluarga, on_delete=models.PROTECT, related_name="foto")
    jenis = models.CharField(max_length=20)
    berkas = models.ForeignKey("core.Berkas", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    KLASIFIKASI = {
        "id": "teknis",
        "keluarga": "pribadi",
        "jenis": "pribadi",
        "berkas": "pribadi",
        "created_at": "teknis",
    }

    class Meta:
        verbose_name = verbose_name_plural = "foto keluarga"
        ordering = ["created_at", "id"]


class Desil(models.Model):
    """Welfare decile of a family in one quarter: imported from BPS, never edited (Perban BPS 6/2025)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    keluarga = models.ForeignKey(Keluarga, on_delete=models.PROTECT, related_name="desil")
    tahun = models.PositiveSmallIntegerField()
    triwulan = models.PositiveSmallIntegerField()
    desil = models.PositiveSmallIntegerField()
    sumber = models.CharField(max_length=200)
    created_at = models.DateTimeField(db_default=Now())

    KLASIFIKASI = {
        "id": "teknis", "keluarga": "pribadi", "tahun": "umum", "triwulan": "umum", "desil": "spesifik", "sumber": "teknis",
        "created_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "desil"
        ordering = ["-tahun", "-triwulan"]
        constraints = [
            models.UniqueConstraint(fields=["keluarga", "tahun", "triwulan"], name="desil_unik"),
            models.CheckConstraint(
                name="desil_1_10", condition=Q(desil__gte=1, desil__lte=10, triwulan__gte=1, triwulan__lte=4)
            ),
        ]


class KategoriPPKS(models.Model):
    """The 26 official categories (Permensos 8/2012) plus local ones flagged `resmi=False`."""

    kode = models.CharField(max_length=30, primary_key=True)
    nama = models.CharField(max_length=120)
    urut = models.PositiveSmallIntegerField()
    resmi = models.BooleanField(default=True)
    sensitif = models.BooleanField(default=False)
    dasar_hukum = models.CharField(max_length=200)
    berlaku_sejak = models.DateField()
    berlaku_hingga = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "kategori PPKS"
        ordering = ["urut"]

    def __str__(self) -> str:
        return self.nama


class AnggotaPPKSQuerySet(models.QuerySet["AnggotaPPKS"]):
    def visible_to(self, user: Pengguna) -> "AnggotaPPKSQuerySet":
        """Sensitive categories only to holders of `ppks.sensitif` in the area; to others the row does not exist."""
        umum = Q(kategori__sensitif=False) & dalam(
            "individu__keluarga__wilayah_id", user.cakupan("keluarga.lihat")
        )
        khusus = dalam("individu__keluarga__wilayah_id", user.cakupan("ppks.sensitif"))
        return self.filter(umum | khusus)


class AnggotaPPKS(models.Model):
    """A person belongs to a PPKS category for a time; several at once are normal."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    individu = models.ForeignKey(Individu, on_delete=models.PROTECT, related_name="ppks")
    kategori = models.ForeignKey(KategoriPPKS, on_delete=models.PROTECT, related_name="+")
    sejak = models.DateField()
    hingga = models.DateField(null=True, blank=True)
    sumber = models.CharField(max_length=100)
    created_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AnggotaPPKSQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "individu": "rahasia", "kategori": "rahasia", "sejak": "rahasia", "hingga": "rahasia",
        "sumber": "rahasia", "created_by": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "anggota PPKS"
        constraints = [
            models.CheckConstraint(
                name="ppks_masa", condition=Q(hingga__isnull=True) | Q(hingga__gte=models.F("sejak"))
            ),
            models.UniqueConstraint(
                fields=["individu", "kategori"], name="ppks_satu_berjalan", condition=Q(hingga__isnull=True)
            ),
        ]
