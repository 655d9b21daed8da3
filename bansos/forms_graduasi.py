"""Forms and filters of graduation."""

from typing import Any

import django_filters
from django import forms

from bansos.forms import ProgramFilter, SaringKetat, WilayahFilter, program_choices
from bansos.models import Graduasi, PantauMandiri
from core.forms import PastDayField, PlainTextField, ScanField, SendOnceForm


class SaringGraduasi(SaringKetat):
    status = django_filters.ChoiceFilter(
        label="Keadaan", empty_label="Semua", field_name="status", choices=Graduasi.Status.choices
    )
    program = ProgramFilter(field_name="program_id")
    wilayah = WilayahFilter(field_name="wilayah_id")

    class Meta:
        model = Graduasi
        fields: list[str] = []


class SaringCalon(SaringKetat):
    """Which list, of which programme."""

    jenis = django_filters.ChoiceFilter(
        label="Daftar",
        empty_label=None,
        required=True,
        choices=[("alamiah", "Tidak memenuhi syarat lagi"), ("masa", "Masanya segera habis")],
    )
    program = django_filters.ChoiceFilter(  # one at a time: the page offers no "all of them"
        field_name="program_id", label="Program", empty_label=None, required=True, choices=program_choices
    )

    class Meta:
        model = Graduasi
        fields: list[str] = []


class AjukanGraduasiForm(SendOnceForm):
    sebab = forms.ChoiceField(
        label="Sebab graduasi",
        choices=Graduasi.Sebab.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih sebab graduasi."},
    )
    alasan = PlainTextField(
        label="Keadaan keluarga sekarang",
        help_text="Apa yang Anda lihat atau dengar dari keluarga. Jangan tulis NIK atau nomor KK.",
        limit=400,
        rows=4,
        error_messages={"required": "Tuliskan keadaan keluarga ini."},
    )
    surat = ScanField(
        label="Surat permintaan yang ditandatangani",
        required=False,
        help_text="Wajib bila keluarga sendiri yang meminta berhenti. PDF atau foto.",
    )


class PutusGraduasiForm(SendOnceForm):
    putusan = forms.ChoiceField(
        label="Putusan",
        choices=[("setujui", "Disetujui: desa boleh mengusulkan penghapusan"), ("tolak", "Tidak disetujui: keluarga tetap penerima")],
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih putusannya."},
    )  # fmt: skip
    alasan = PlainTextField(
        label="Alasan", help_text="Wajib bila tidak disetujui.", limit=500, rows=3, required=False
    )

    def clean(self) -> dict[str, Any]:
        isi = super().clean() or {}
        if isi.get("putusan") == "tolak" and not isi.get("alasan"):
            self.add_error("alasan", "Tuliskan mengapa tidak disetujui.")
        return isi


class PantauForm(SendOnceForm):
    tanggal = PastDayField(label="Tanggal dilihat")
    keadaan = forms.ChoiceField(
        label="Keadaan keluarga",
        choices=PantauMandiri.Keadaan.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih keadaannya."},
    )
    catatan = PlainTextField(label="Catatan", limit=500, rows=3, required=False)
