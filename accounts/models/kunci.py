"""Keys of the REST API. A key is an account of its own: it sees and does what its role, areas and scopes let it."""

import uuid
from datetime import date, datetime

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from accounts.models.pengguna import Orang, Pengguna, Penugasan
from wilayah.kode import dalam


class Cakupan(models.TextChoices):
    REGISTER = "register", "Data keluarga dan anggota"
    USULAN = "usulan", "Usulan, musyawarah, asesmen, penetapan"
    KELAYAKAN = "kelayakan", "Daftar kelayakan dan penerima"
    PADAN = "padan", "Cek NIK"
    PENGADUAN = "pengaduan", "Aduan, sanggahan, dan usul warga"
    NIK = "nik", "NIK dan nomor KK lengkap"
    TULIS = "tulis", "Membuat dan mengubah"


# What a scope opens of the powers of the key's role. A power that no scope names is not for machines.
KUASA: dict[str, tuple[str, ...]] = {
    Cakupan.REGISTER: ("keluarga.lihat",),
    Cakupan.USULAN: ("usulan.lihat", "musyawarah.lihat", "asesmen.lihat", "penetapan.lihat"),
    Cakupan.KELAYAKAN: ("kelayakan.lihat", "penetapan.lihat", "penyaluran.lihat"),
    Cakupan.PADAN: ("padan.lihat", "padan.minta"),
    Cakupan.PENGADUAN: ("aduan.lihat", "sanggah.lihat", "usul.lihat"),
    Cakupan.NIK: ("nik.buka", "ekspor.nik"),
    Cakupan.TULIS: ("usulan.buat", "usulan.ajukan", "usulan.tarik"),
}


def kuasa_dari(cakupan: list[str]) -> set[str]:
    return {k for satu in cakupan for k in KUASA.get(satu, ())}


class KunciApiQuerySet(models.QuerySet["KunciApi"]):
    def visible_to(self, user: Pengguna) -> "KunciApiQuerySet":
        """Keys with an area inside those for which `user` keeps or approves keys."""
        return self.di(user.cakupan("kunci_api.kelola") + user.cakupan("kunci_api.setujui"))

    def di(self, luas: list[str]) -> "KunciApiQuerySet":
        """Keys with an area inside `luas`."""
        akun = Penugasan.objects.filter(dalam("wilayah_id", luas)).values("pengguna_id")
        return self.filter(akun__in=akun)


class KunciApi(models.Model):
    """One key. The secret is stored as a hash only; asked for by one person, approved by another one."""

    class Status(models.TextChoices):
        DIMINTA = "diminta", "Menunggu persetujuan"
        DISETUJUI = "disetujui", "Disetujui"
        DITOLAK = "ditolak", "Ditolak"
        DICABUT = "dicabut", "Dicabut"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    nama = models.CharField("nama aplikasi", max_length=80)
    tujuan = models.CharField("untuk apa", max_length=300, blank=True)
    awalan = models.CharField(max_length=12, unique=True)
    akun = models.OneToOneField(Pengguna, on_delete=models.PROTECT, related_name="kunci_api")
    cakupan = ArrayField(models.CharField(max_length=20, choices=Cakupan.choices))
    ip = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    anggaran_baris = models.PositiveIntegerField("jatah baris sehari")
    berlaku_hingga = models.DateField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DIMINTA)
    sidik = models.BinaryField(max_length=32, null=True, unique=True)
    sidik_lama = models.BinaryField(
        max_length=32, null=True, unique=True
    )  # after a rotation, until lama_hingga
    lama_hingga = models.DateTimeField(null=True)
    diminta_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    diminta_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    diputus_by = models.ForeignKey(Pengguna, on_delete=models.PROTECT, null=True, related_name="+")
    diputus_orang = models.ForeignKey(Orang, on_delete=models.PROTECT, null=True, related_name="+")
    diputus_at = models.DateTimeField(null=True)
    dicabut_at = models.DateTimeField(null=True)
    alasan = models.CharField("alasan ditolak atau dicabut", max_length=200, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = KunciApiQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "nama": "umum", "tujuan": "umum", "awalan": "umum", "akun": "teknis", "cakupan": "umum", "ip": "umum",
        "anggaran_baris": "umum", "berlaku_hingga": "umum", "status": "umum", "sidik": "rahasia", "sidik_lama": "rahasia",
        "lama_hingga": "teknis", "diminta_by": "umum", "diminta_orang": "teknis", "diputus_by": "umum", "diputus_orang": "teknis",
        "diputus_at": "umum", "dicabut_at": "umum", "alasan": "umum", "created_at": "umum",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "kunci API"
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="kunciapi_dua_orang",
                condition=Q(diminta_orang__isnull=True)
                | Q(diputus_orang__isnull=True)
                | Q(status="dicabut")
                | ~Q(diminta_orang=F("diputus_orang")),
            ),
            models.CheckConstraint(
                name="kunciapi_rahasia_sesudah_setuju",
                condition=Q(sidik__isnull=True) | Q(status__in=["disetujui", "dicabut"]),
            ),
        ]

    def __str__(self) -> str:
        return self.nama

    def wilayah(self) -> list[str]:
        """Codes of the areas of this key."""
        return list(
            Penugasan.objects.filter(pengguna=self.akun_id)
            .order_by("wilayah_id")
            .values_list("wilayah_id", flat=True)
        )

    def berlaku(self, kini: datetime | None = None) -> bool:
        hari: date = timezone.localdate(kini)
        return self.status == self.Status.DISETUJUI and hari <= self.berlaku_hingga

    def pakai_baris(self, jumlah: int) -> bool:
        """Book rows of today; False, and nothing booked, when the budget does not hold them. Exact under concurrency."""
        with connection.cursor() as cursor:
            cursor.execute(
                _PAKAI,
                [self.pk, timezone.localdate(), jumlah, jumlah, self.anggaran_baris, self.anggaran_baris],
            )
            return cursor.fetchone() is not None


class PemakaianKunci(models.Model):
    """Rows that left by a key in one day."""

    kunci = models.ForeignKey(KunciApi, on_delete=models.CASCADE, related_name="pemakaian")
    hari = models.DateField()
    baris = models.BigIntegerField()
    terakhir_at = models.DateTimeField()

    KLASIFIKASI = {"id": "teknis", "kunci": "teknis", "hari": "umum", "baris": "umum", "terakhir_at": "umum"}

    class Meta:
        verbose_name = verbose_name_plural = "pemakaian kunci API"
        ordering = ["-hari"]
        constraints = [models.UniqueConstraint(fields=["kunci", "hari"], name="pemakaiankunci_hari")]


_PAKAI = """
insert into accounts_pemakaiankunci as p (kunci_id, hari, baris, terakhir_at)
select %s, %s, %s, clock_timestamp() where %s <= %s
on conflict (kunci_id, hari) do update set baris = p.baris + excluded.baris, terakhir_at = excluded.terakhir_at
 where p.baris + excluded.baris <= %s
returning baris"""
