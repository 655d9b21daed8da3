"""Filters and small forms of the cross-field pages."""

import re
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from bansos.forms import SaringKetat, WilayahFilter
from core.models import Jejak, Pekerjaan
from portal.queries.dokumen import bakukan_kode

MAX_PDF = 10_000_000


class KodeForm(forms.Form):
    kode = forms.CharField(
        label="Kode dokumen",
        help_text="12 huruf dan angka di bawah kode QR pada surat.",
        max_length=60,
        error_messages={"required": "Isi kode yang tertulis di surat."},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )

    def clean_kode(self) -> str:
        kode = bakukan_kode(self.cleaned_data["kode"])
        if not kode:
            raise ValidationError("Kode terdiri dari huruf dan angka. Salin dari surat.")
        return kode


class BandingForm(forms.Form):
    berkas = forms.FileField(
        label="Berkas PDF yang Anda terima",
        help_text="Paling besar 10 MB. Berkas hanya dibandingkan, tidak disimpan.",
        error_messages={
            "required": "Pilih berkas PDF-nya. Berkas di atas 10 MB tidak bisa dibandingkan di sini.",
            "empty": "Berkasnya kosong. Pilih berkas lain.",
        },
        widget=forms.FileInput(attrs={"accept": "application/pdf"}),
    )

    def clean_berkas(self) -> Any:
        berkas = self.cleaned_data["berkas"]
        if berkas.size > MAX_PDF:
            raise ValidationError("Berkas lebih besar dari 10 MB.")
        return berkas


class SaringJejak(SaringKetat):
    aksi = django_filters.CharFilter(field_name="aksi", label="Kegiatan", max_length=60)
    aktor = django_filters.CharFilter(field_name="aktor_nama", label="Nama pengguna", max_length=150)
    jenis = django_filters.CharFilter(field_name="objek_jenis", max_length=60, widget=forms.HiddenInput)
    objek = django_filters.CharFilter(field_name="objek_id", label="Nomor objek", max_length=60)
    wilayah = WilayahFilter(field_name="wilayah")

    class Meta:
        model = Jejak
        fields: list[str] = []


class SaringPekerjaan(SaringKetat):
    status = django_filters.ChoiceFilter(
        field_name="status", label="Keadaan", empty_label="Semua", choices=Pekerjaan.Status.choices
    )
    milik = django_filters.ChoiceFilter(
        label="Milik",
        empty_label="Semua yang boleh saya lihat",
        choices=[("saya", "Saya sendiri")],
        method="punya_saya",
    )

    class Meta:
        model = Pekerjaan
        fields: list[str] = []

    def punya_saya(self, qs: QuerySet[Pekerjaan], name: str, value: str) -> QuerySet[Pekerjaan]:
        return qs.filter(pemilik_id=str(self.request.user.pk))


def rapikan_nik(teks: str) -> str:
    """Defence in depth: sixteen digits never reach the audit page, whatever an action wrote."""
    return re.sub(r"\d{16}", "•" * 16, teks)
