"""The steps that are open to a caller on a case, as data: what each needs and what still stands in its way."""

from dataclasses import dataclass, field
from typing import Any

from django import forms
from rest_framework import serializers

from accounts.models import Pengguna
from core.workflow import Halangan
from dtks.forms.usulan import LangkahForm
from dtks.models import Usulan
from dtks.policies.langkah import terbuka
from dtks.views.langkah import AKSI, pilihan_langkah

MESIN = ("kunci_kirim", "versi")


@dataclass(frozen=True)
class Isian:
    nama: str
    label: str
    wajib: bool
    pilihan: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Terbuka:
    nama: str
    label: str
    siap: bool
    halangan: list[Halangan]
    isian: list[Isian]


class HalanganSerializer(serializers.Serializer[Halangan]):
    kode = serializers.CharField()
    kalimat = serializers.CharField()
    jalan_keluar = serializers.CharField()


class PilihanSerializer(serializers.Serializer[Any]):
    nilai = serializers.CharField()
    label = serializers.CharField()


class IsianSerializer(serializers.Serializer[Isian]):
    nama = serializers.CharField()
    label = serializers.CharField()
    wajib = serializers.BooleanField()
    pilihan = PilihanSerializer(many=True)


class LangkahSerializer(serializers.Serializer[Terbuka]):
    nama = serializers.CharField()
    label = serializers.CharField()
    siap = serializers.BooleanField(help_text="Tidak ada syarat yang kurang.")
    halangan = HalanganSerializer(many=True)
    isian = IsianSerializer(many=True)


def buka(usulan: Usulan, by: Pengguna) -> list[Terbuka]:
    """Steps that the caller may take through the API, in the order of the line."""
    hasil = []
    for satu in terbuka(usulan, by):
        if satu.arrow.nama not in AKSI:
            continue
        form = LangkahForm(**pilihan_langkah(usulan, satu.arrow))
        isian = [_isian(nama, f) for nama, f in form.fields.items() if nama not in MESIN]
        hasil.append(Terbuka(satu.arrow.nama, satu.arrow.label, not satu.halangan, satu.halangan, isian))
    return hasil


def _isian(nama: str, kolom: forms.Field) -> Isian:
    if isinstance(kolom, forms.ModelChoiceField):
        pilihan = [{"nilai": str(r.pk), "label": str(r)} for r in kolom.queryset] if kolom.queryset else []
    elif isinstance(kolom, forms.ChoiceField):
        pilihan = [{"nilai": str(k), "label": str(v)} for k, v in kolom.choices]  # type: ignore[misc,has-type]
    else:
        pilihan = []
    return Isian(nama, str(kolom.label), bool(kolom.required), pilihan)
