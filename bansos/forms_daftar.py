"""Forms of eligibility lists: compute one, filter its rows, sign, revoke."""

from typing import Any

import django_filters
from django import forms

from bansos.forms import SaringKetat, WilayahFilter
from bansos.models import BarisDaftar, Kelayakan
from core.forms import SendOnceForm
from core.terbilang import periode_pilihan


class HitungForm(SendOnceForm):
    """Which quarter; `periode` are the quarters that may be computed, newest first."""

    periode = forms.ChoiceField(label="Triwulan")

    def __init__(self, *args: Any, periode: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["periode"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = periode_pilihan(periode)


class CabutDaftarForm(SendOnceForm):
    alasan = forms.CharField(
        label="Alasan pencabutan", max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class SaringBarisDaftar(SaringKetat):
    hasil = django_filters.ChoiceFilter(
        label="Hasil", empty_label="Semua", choices=Kelayakan.Hasil.choices, field_name="hasil"
    )
    wilayah = WilayahFilter(field_name="wilayah_id")

    class Meta:
        model = BarisDaftar
        fields: list[str] = []
