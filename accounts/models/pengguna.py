"""Users, roles and assignments. A role is data; what someone may do is role x area x period."""

import uuid
from datetime import date
from functools import cache, cached_property
from typing import Any

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models.functions import Now
from django.utils import timezone

from core.identity import mask_nik
from core.privacy.fields import BlindIndexField, SealedField
from wilayah.kode import dalam, mencakup
from wilayah.models import Wilayah


class Orang(models.Model):
    """The human behind one or more accounts. Four-eyes rules compare people, not accounts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    nik_indeks = BlindIndexField(source="nik", unique=True)
    nik = SealedField(purpose="nik", mask=mask_nik)
    nama = models.CharField(max_length=100)

    KLASIFIKASI = {"id": "teknis", "nik_indeks": "rahasia", "nik": "rahasia", "nama": "pribadi"}

    class Meta:
        verbose_name = verbose_name_plural = "orang"

    def __str__(self) -> str:
        return self.nama


class PenggunaManager(BaseUserManager["Pengguna"]):
    def create_user(self, username: str, password: str | None = None, **extra: Any) -> "Pengguna":
        user = self.model(username=username.strip().lower(), **extra)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "Pengguna":
        return self.get(username=(username or "").strip().lower())

    def visible_to(self, user: "Pengguna") -> models.QuerySet["Pengguna"]:
        """Accounts that `user` administers: those with an assignment inside the area of the power. Those of API keys are no people."""
        areas = user.cakupan("pengguna.kelola")
        if not areas:
            return self.filter(pk=user.pk)
        inside = Penugasan.objects.visible_to(user).values("pengguna_id")
        return (
            self.filter(kunci_api__isnull=True)
            .filter(models.Q(pk__in=inside) | models.Q(penugasan__isnull=True) | models.Q(pk=user.pk))
            .distinct()
        )


class Pengguna(AbstractBaseUser):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField("nama pengguna", max_length=60, unique=True)
    nama = models.CharField("nama lengkap", max_length=100)
    email = models.EmailField("surel", blank=True)
    orang = models.ForeignKey(Orang, on_delete=models.PROTECT, related_name="akun")
    is_active = models.BooleanField("aktif", default=True)
    created_at = models.DateTimeField(db_default=Now())

    last_login = None  # the trail knows it; a row that changes by itself could not be watched
    objects = PenggunaManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    KLASIFIKASI = {
        "id": "teknis", "password": "rahasia", "username": "pribadi", "nama": "pribadi",
        "email": "pribadi", "orang": "pribadi", "is_active": "teknis", "created_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "pengguna"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.nama

    def get_full_name(self) -> str:
        return self.nama

    def check_password(self, raw_password: str) -> bool:
        """Compare only: a silent re-hash at login would change a watched row outside any act."""
        return check_password(raw_password, self.password)

    @cached_property
    def penugasan_aktif(self) -> list["Penugasan"]:
        """Assignments in force today. Read anew for every request, so a revoked role is gone with the next click."""
        if not self.is_active:
            return []
        return _penugasan_aktif(self, timezone.localdate())

    def cakupan(self, kuasa: str) -> list[str]:
        """Area codes in which this user holds the power `kuasa`; [] = nowhere."""
        areas: list[str] = []
        for p in self.penugasan_aktif:
            if kuasa in p.peran.kuasa:
                areas += [p.wilayah_id] if p.wilayah_id else self._seluruh_indonesia
        return areas

    @cached_property
    def _seluruh_indonesia(self) -> list[str]:
        return list(Wilayah.objects.filter(tingkat=1).values_list("kode", flat=True))

    def boleh(self, kuasa: str, wilayah: str) -> bool:
        return self.peran_untuk(kuasa, wilayah) != ""

    def punya(self, kuasa: str) -> bool:
        return bool(self.cakupan(kuasa))

    def peran_untuk(self, kuasa: str, wilayah: str) -> str:
        """Role under which the power is used there, for history and audit; '' when none."""
        for p in self.penugasan_aktif:
            if kuasa in p.peran.kuasa and (p.wilayah_id is None or mencakup(p.wilayah_id, wilayah)):
                return p.peran_id
        return ""

    @property
    def wajib_mfa(self) -> bool:
        return any(p.peran.data_pribadi for p in self.penugasan_aktif)


# Roles that act for another one for a time (Plt., Plh.): the same powers, always with a last day, named on the paper.
PENGGANTI = {"KEPALA_DINAS": ("PLT_KADIS", "PLH_KADIS")}


class Peran(models.Model):
    """A role: name, powers, and a paragraph that tells its holder what it is for."""

    kode = models.CharField(max_length=20, primary_key=True)
    nama = models.CharField(max_length=80)
    paragraf = models.TextField()
    kuasa = ArrayField(models.CharField(max_length=40))
    tingkat_wilayah = ArrayField(models.PositiveSmallIntegerField())
    data_pribadi = models.BooleanField("melihat data pribadi", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "peran"
        ordering = ["kode"]

    def __str__(self) -> str:
        return self.nama


class PenugasanQuerySet(models.QuerySet["Penugasan"]):
    def berlaku(self, pada: date | None = None) -> "PenugasanQuerySet":
        hari = pada or timezone.localdate()
        return self.filter(berlaku_sejak__lte=hari).filter(
            models.Q(berlaku_hingga__isnull=True) | models.Q(berlaku_hingga__gte=hari)
        )

    def di_wilayah(self, luas: list[str]) -> "PenugasanQuerySet":
        return self.berlaku().filter(dalam("wilayah_id", luas))

    def visible_to(self, user: Pengguna) -> "PenugasanQuerySet":
        """Own ones, and those in the areas that `user` administers; nationwide ones only for a nationwide admin."""
        rule = dalam("wilayah_id", user.cakupan("pengguna.kelola")) | models.Q(pengguna=user)
        if any(p.wilayah_id is None and "pengguna.kelola" in p.peran.kuasa for p in user.penugasan_aktif):
            rule |= models.Q(wilayah__isnull=True)
        return self.filter(rule)


class Penugasan(models.Model):
    """Role x area x period. Ending one is a date, never a deletion."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pengguna = models.ForeignKey(Pengguna, on_delete=models.PROTECT, related_name="penugasan")
    peran = models.ForeignKey(Peran, on_delete=models.PROTECT, related_name="penugasan")
    wilayah = models.ForeignKey(  # NULL: the whole of Indonesia
        Wilayah, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    berlaku_sejak = models.DateField()
    berlaku_hingga = models.DateField(null=True, blank=True)
    created_by = models.ForeignKey(
        Pengguna, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())

    objects = PenugasanQuerySet.as_manager()

    KLASIFIKASI = {
        "id": "teknis", "pengguna": "umum", "peran": "umum", "wilayah": "umum", "berlaku_sejak": "umum",
        "berlaku_hingga": "umum", "created_by": "teknis", "created_at": "teknis",
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "penugasan"
        constraints = [
            models.CheckConstraint(
                name="penugasan_masa",
                condition=models.Q(berlaku_hingga__isnull=True)
                | models.Q(berlaku_hingga__gte=models.F("berlaku_sejak") - 1),
            ),
            models.UniqueConstraint(
                fields=["pengguna", "peran", "wilayah", "berlaku_sejak"],
                name="penugasan_unik",
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(fields=["peran", "wilayah"], name="penugasan_peran_wilayah")]

    def __str__(self) -> str:
        return f"{self.peran_id} {self.wilayah_id or 'Indonesia'}"


_AKTIF = """
  select {} from accounts_penugasan p join accounts_peran r on r.kode = p.peran_id
    left join wilayah_wilayah w on w.kode = p.wilayah_id
   where p.pengguna_id = %s and p.berlaku_sejak <= %s and (p.berlaku_hingga is null or p.berlaku_hingga >= %s)
   order by p.berlaku_sejak, p.id"""


@cache
def _baca_aktif() -> tuple[str, list[str], list[str], list[str]]:
    """`penugasan.berlaku()` with role and area as one statement, and the columns of each of the three.

    Written out: every request of every logged-in person asks it, and building it cost ten times what running it does.
    """
    kolom = [[str(f.column) for f in model._meta.concrete_fields] for model in (Penugasan, Peran, Wilayah)]
    pilih = [f"{alias}.{nama}" for alias, isi in zip("prw", kolom, strict=True) for nama in isi]
    return _AKTIF.format(", ".join(pilih)), kolom[0], kolom[1], kolom[2]


def _penugasan_aktif(user: Pengguna, hari: date) -> list[Penugasan]:
    sql, satu, dua, tiga = _baca_aktif()
    a, b = len(satu), len(satu) + len(dua)
    hasil = []
    with connection.cursor() as cursor:
        cursor.execute(sql, [user.pk, hari, hari])
        for isi in cursor.fetchall():
            p = Penugasan.from_db(connection.alias, satu, isi[:a])
            p.pengguna, p.peran = user, Peran.from_db(connection.alias, dua, isi[a:b])
            p.wilayah = Wilayah.from_db(connection.alias, tiga, isi[b:]) if p.wilayah_id else None
            hasil.append(p)
    return hasil
