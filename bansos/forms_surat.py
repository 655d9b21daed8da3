"""Forms of letters at the counter."""

from typing import Any

import django_filters
from django import forms

from bansos.forms import SaringKetat, alasan_langkah
from bansos.forms_keberatan import BuktiField
from bansos.models import PermohonanSurat
from bansos.workflow_layanan import PERMOHONAN
from core.forms import NameField, NikField, PlainTextField, SendOnceForm


class SaringSurat(SaringKetat):
    status = django_filters.ChoiceFilter(
        field_name="status", label="Keadaan", empty_label="Semua", choices=PERMOHONAN.choices()
    )
    jenis = django_filters.ChoiceFilter(
        field_name="jenis", label="Surat", empty_label="Semua", choices=PermohonanSurat.Jenis.choices
    )

    class Meta:
        model = PermohonanSurat
        fields: list[str] = []


class MintaSuratForm(SendOnceForm):
    nik = NikField(label="NIK orang yang diterangkan")
    nama = NameField(
        label="Nama menurut KTP", required=False, help_text="Hanya bila NIK tidak ada di register."
    )
    jenis = forms.ChoiceField(
        label="Surat yang diminta",
        choices=PermohonanSurat.Jenis.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih suratnya."},
    )
    keperluan = forms.ChoiceField(
        label="Keperluan",
        choices=[("", "Pilih keperluan"), *PermohonanSurat.Keperluan.choices],
        error_messages={"required": "Pilih keperluannya."},
    )
    keterangan = PlainTextField(
        label="Untuk apa",
        limit=200,
        rows=1,
        required=False,
        help_text="Dicetak di surat. Wajib bila keperluannya Lainnya. Jangan tulis NIK atau penyakit.",
    )
    pemohon = NameField(label="Nama yang meminta", error_messages={"required": "Tulis nama yang meminta."})
    hubungan = forms.ChoiceField(
        label="Yang meminta adalah",
        choices=PermohonanSurat.Hubungan.choices,
        widget=forms.RadioSelect,
        help_text="Surat ini menyebut keadaan keluarga. Selain keluarganya, hanya orang dengan surat kuasa.",
        error_messages={"required": "Pilih hubungannya."},
    )
    surat_kuasa = BuktiField(
        label="Surat kuasa", required=False, help_text="Wajib bila yang meminta orang lain. PDF atau foto."
    )


class LangkahSuratForm(SendOnceForm):
    versi = forms.IntegerField(widget=forms.HiddenInput)
    catatan = PlainTextField(
        label="Catatan", required=False, limit=500, help_text="Jangan tulis NIK atau desil."
    )

    def __init__(self, *args: Any, langkah: str, perlu_alasan: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if perlu_alasan:
            self.fields["alasan"] = forms.ChoiceField(
                label="Alasan",
                choices=alasan_langkah(f"{langkah}_surat"),
                error_messages={"required": "Pilih alasannya."},
            )
            self.order_fields(["kunci_kirim", "versi", "alasan", "catatan"])
