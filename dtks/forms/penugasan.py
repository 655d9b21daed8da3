"""Dividing visits among field officers, and an officer's request to be replaced."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from core.forms import PlainTextField, SendOnceForm
from dtks.actions.penugasan import Pasangan
from dtks.models import AlasanLangkah


class PasanganField(forms.MultipleChoiceField):
    """Lines 'case:officer:version' as the preview offered them; whether each may be taken is the action's question."""

    def to_python(self, value: Any) -> list[Pasangan]:
        hasil = []
        for satu in value or []:
            bagian = str(satu).split(":")
            try:
                hasil.append(Pasangan(UUID(bagian[0]), UUID(bagian[1]), int(bagian[2][:9])))
            except (ValueError, IndexError) as error:
                raise ValidationError("Daftar ini tidak dikenal. Muat ulang halaman.") from error
        return hasil

    def validate(self, value: list[Pasangan]) -> None:
        if not value:
            raise ValidationError("Pilih paling sedikit satu usulan.")


class BagiForm(SendOnceForm):
    bagi = PasanganField()


class AlihForm(SendOnceForm):
    alasan = forms.ModelChoiceField(
        AlasanLangkah.objects.none(),
        label="Mengapa Anda minta diganti?",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih alasannya.", "invalid_choice": "Alasan ini tidak ada di daftar."},
    )
    catatan = PlainTextField(
        label="Keterangan",
        limit=500,
        help_text="Bila ada hubungan dengan keluarga ini, tulis hubungannya. Contoh: kepala keluarga paman saya.",
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.fields["alasan"].queryset = AlasanLangkah.objects.filter(langkah="alihkan", aktif=True).order_by(  # type: ignore[attr-defined]
            "urut"
        )
