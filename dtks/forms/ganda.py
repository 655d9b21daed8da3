"""Forms of the Dinas for a number that two villages propose."""

from django import forms

from core.forms import PlainTextField, SendOnceForm
from dtks.models import TemuanGanda


class TengahiForm(SendOnceForm):
    keputusan = forms.ChoiceField(
        label="Keputusan",
        choices=TemuanGanda.Keputusan.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih keputusannya."},
    )
    catatan = PlainTextField(
        label="Alasan keputusan",
        limit=500,
        rows=3,
        help_text="Hanya dibaca Dinsos. Contoh: KK asli dilihat di kedua desa, keluarga tinggal di desa pertama.",
        error_messages={"required": "Tuliskan alasan keputusan."},
    )


class CatatanForm(SendOnceForm):
    catatan = PlainTextField(
        label="Catatan untuk Dinsos kabupaten lain",
        limit=500,
        rows=3,
        help_text="Dibaca Dinsos kedua kabupaten. Jangan menulis nama, NIK, atau alamat warga.",
        error_messages={"required": "Tuliskan catatannya."},
    )
