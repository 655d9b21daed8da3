"""Forms of incoming files: upload, confirm, undo, filter of the preview."""

from typing import Any

from django import forms

from core.forms import SendOnceForm
from dtks.actions.impor.inti import JenisImpor
from dtks.models import BarisImpor


class UnggahForm(SendOnceForm):
    jenis = forms.ChoiceField(label="Isi berkas", widget=forms.RadioSelect)
    berkas = forms.FileField(
        label="Berkas Excel atau CSV",
        help_text="Paling besar 20 MB. Anda bisa menyeret berkas ke kotak ini. Belum ada yang disimpan sebelum Anda setujui.",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv", "data-seret": ""}),
        error_messages={"required": "Pilih berkasnya dulu.", "empty": "Berkas kosong. Pilih berkas lain."},
    )

    def __init__(self, *args: Any, jenis: list[JenisImpor], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["jenis"].choices = [(j.kode, j.judul) for j in jenis]  # type: ignore[attr-defined]
        if len(jenis) == 1:
            self.fields["jenis"].initial = jenis[0].kode
            self.fields["jenis"].widget = forms.HiddenInput()


class TerapkanForm(SendOnceForm):
    """The confirmation; a tick for each thing that must not happen by accident."""

    def __init__(self, *args: Any, pilihan: dict[str, str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        for kode, label in pilihan.items():
            self.fields[kode] = forms.BooleanField(label=label, required=False)

    def dipilih(self) -> list[str]:
        return [k for k, v in self.cleaned_data.items() if k != "kunci_kirim" and v]


class SaringBarisForm(forms.Form):
    hasil = forms.ChoiceField(
        label="Tampilkan",
        required=False,
        choices=[("", "Semua baris"), *BarisImpor.Hasil.choices, ("tanda", "Perlu dilihat lagi")],
    )
