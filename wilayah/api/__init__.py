"""Areas for machines: `wilayah/` and `wilayah/{kode}/`."""

import re
from typing import Any

from django.db.models import QuerySet
from rest_framework import serializers

from core.api.saring import Salah, Saring, bilangan
from core.api.views import DaftarView, RincianView
from wilayah import kode as aturan
from wilayah.kode import dalam
from wilayah.models import Wilayah

KODE = {
    "type": "string",
    "pattern": r"^[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4}(\.[0-9]{3}(\.[0-9]{3})?)?)?)?)?$",
}


def kode_sah(teks: str) -> str:
    if not aturan.bentuk_sah(teks):
        raise Salah("Tulis kode Kemendagri bertitik, misalnya 32.05.01.")
    return teks


def saring_wilayah(kolom: str = "wilayah_id") -> Saring:
    """`wilayah=`: the area and everything in it. `kolom`: the column that holds the code."""

    def pakai(rows: QuerySet[Any], nilai: str) -> QuerySet[Any]:
        return rows.filter(dalam(kolom, [nilai]))

    return Saring("wilayah", "Kode wilayah; semua yang ada di dalamnya ikut.", kode_sah, pakai, KODE)


class WilayahSerializer(serializers.ModelSerializer[Wilayah]):
    induk = serializers.CharField(source="induk_id", allow_null=True)
    pengganti = serializers.CharField(source="pengganti_id", allow_null=True)

    class Meta:
        model = Wilayah
        fields = ["kode", "nama", "tingkat", "induk", "jalur", "berlaku_sejak", "berlaku_hingga", "pengganti"]


def _cari(teks: str) -> str:
    if len(re.sub(r"\W", "", teks)) < 2:
        raise Salah("Tulis paling sedikit dua huruf.")
    return teks


class WilayahDaftar(DaftarView):
    """Wilayah administrasi menurut kode Kemendagri; yang tidak berlaku lagi ikut, dengan penggantinya."""

    tags = ["wilayah"]
    serializer_class = WilayahSerializer
    urutan = {"kode": ("kode",)}
    saring = [
        Saring("induk", "Kode satu tingkat di atasnya.", kode_sah, "induk_id", KODE),
        bilangan("tingkat", "1 provinsi sampai 6 RT.", 1, 6, "tingkat"),
        Saring("cari", "Kata dari nama wilayah atau jalurnya.", _cari, lambda rows, v: rows.memuat(v)),
    ]

    def rows(self) -> QuerySet[Wilayah]:
        return Wilayah.objects.visible_to(self.request.user)


class WilayahRincian(RincianView):
    """Satu wilayah."""

    tags = ["wilayah"]
    serializer_class = WilayahSerializer
    kolom = "kode"

    def rows(self) -> QuerySet[Wilayah]:
        return Wilayah.objects.visible_to(self.request.user)
