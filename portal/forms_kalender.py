"""A day off of an area, and taking it back."""

from typing import Any

from django import forms

from core.forms import DayField, PlainTextField, SendOnceForm
from wilayah.models import Wilayah


class LiburForm(SendOnceForm):
    wilayah = forms.ModelChoiceField(
        label="Berlaku di", queryset=Wilayah.objects.none(), empty_label=None, error_messages={"required": "Pilih wilayahnya."}
    )  # fmt: skip
    tanggal = DayField(label="Tanggal libur", low=2025, high=2100)
    nama = PlainTextField(
        label="Nama libur",
        limit=100,
        rows=1,
        help_text="Contoh: Hari Jadi Kabupaten Garut.",
        error_messages={"required": "Tulis nama liburnya."},
    )
    dasar_hukum = PlainTextField(
        label="Dasar hukum",
        limit=300,
        rows=2,
        help_text="Nomor keputusan atau surat edaran. Contoh: Keputusan Bupati Garut Nomor 12 Tahun 2026.",
        error_messages={"required": "Tulis nomor keputusan atau surat edarannya."},
    )
    field_order = ("wilayah", "tanggal", "nama", "dasar_hukum", "kunci_kirim")

    def __init__(self, *args: Any, luas: list[str], **kwargs: Any):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        pilihan = self.fields["wilayah"]
        assert isinstance(pilihan, forms.ModelChoiceField)
        pilihan.queryset = Wilayah.objects.filter(pk__in=[w for w in luas if len(w) <= 5]).order_by("kode")
        if len(luas) == 1:
            pilihan.initial = luas[0]


class HapusLiburForm(SendOnceForm):
    alasan = PlainTextField(
        label="Alasan menghapus", limit=300, rows=2, error_messages={"required": "Tulis alasannya."}
    )
