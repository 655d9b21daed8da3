"""Forms of exclusion lists: the filter over hits, a contest, its decision."""

import django_filters
from django import forms

from bansos.forms import SaringKetat
from bansos.forms_keberatan import BuktiField
from bansos.models import ButirPengecualian, SanggahButir, SumberPengecualian
from core.forms import PlainTextField, SendOnceForm


def _sumber() -> list[tuple[str, str]]:
    return list(SumberPengecualian.objects.order_by("urut").values_list("kode", "nama"))


class SaringPengecualian(SaringKetat):
    sumber = django_filters.ChoiceFilter(
        field_name="sumber", label="Daftar", empty_label="Semua daftar", choices=_sumber
    )
    status = django_filters.ChoiceFilter(
        field_name="status",
        label="Keadaan",
        empty_label="Semua",
        choices=ButirPengecualian.Status.choices[:3],
    )

    class Meta:
        model = ButirPengecualian
        fields: list[str] = []


class SaringSanggahButir(SaringKetat):
    status = django_filters.ChoiceFilter(
        field_name="status", label="Keadaan", empty_label="Semua", choices=SanggahButir.Status.choices
    )

    class Meta:
        model = SanggahButir
        fields: list[str] = []


class SanggahButirForm(SendOnceForm):
    alasan = PlainTextField(
        label="Mengapa data itu keliru", limit=1000, help_text="Tulis seperti yang disampaikan keluarga. Jangan tulis NIK atau nomor KK.",
        error_messages={"required": "Tuliskan mengapa data itu keliru."},
    )  # fmt: skip
    rujukan = PlainTextField(label="Nomor surat atau aduan", limit=60, rows=1, required=False)
    berkas = BuktiField(label="Bukti", required=False, help_text="PDF atau foto, boleh beberapa foto.")


class PutusSanggahButirForm(SendOnceForm):
    putusan = forms.ChoiceField(
        label="Putusan",
        choices=[("gugurkan", "Data itu keliru: tidak dihitung lagi"), ("teguhkan", "Data itu benar: tetap dihitung")],
        widget=forms.RadioSelect, error_messages={"required": "Pilih putusannya."},
    )  # fmt: skip
    alasan = PlainTextField(
        label="Alasan putusan", limit=1000, error_messages={"required": "Tuliskan alasan putusannya."}
    )
