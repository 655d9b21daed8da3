"""Forms of objections."""

from typing import Any

import django_filters
from django import forms

from bansos.forms import SaringKetat
from bansos.models import Keberatan
from bansos.workflow import KEBERATAN
from core.forms import NameField, PastDayField, PlainTextField, ScanSheetsField, SendOnceForm


class SaringKeberatan(SaringKetat):
    status = django_filters.ChoiceFilter(
        field_name="status", label="Keadaan", empty_label="Semua", choices=KEBERATAN.choices()
    )

    class Meta:
        model = Keberatan
        fields: list[str] = []


class BuktiField(ScanSheetsField):
    """Papers are welcome and not demanded."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return super().clean(data, initial) if data else []


class KeberatanForm(SendOnceForm):
    pemohon = NameField(label="Nama yang mengajukan")
    diterima = PastDayField(label="Tanggal keberatan diterima")
    alasan = PlainTextField(
        label="Alasan keberatan",
        help_text="Tulis seperti yang disampaikan keluarga. Jangan tulis NIK atau nomor KK.",
        limit=2000,
        rows=5,
        error_messages={"required": "Tuliskan alasan keberatannya."},
    )
    berkas = BuktiField(label="Bukti", required=False, help_text="PDF atau foto, boleh beberapa foto.")
    alasan_terlambat = PlainTextField(
        label="Sebab terlambat",
        help_text="Hanya bila batas mengajukan sudah lewat. Keberatan tetap diterima dan ditandai terlambat.",
        limit=500,
        required=False,
    )


class PutusKeberatanForm(SendOnceForm):
    versi = forms.IntegerField(widget=forms.HiddenInput)
    putusan = forms.ChoiceField(
        label="Putusan",
        choices=[("kabulkan", "Dikabulkan: usulan dibuka kembali"), ("tolak", "Ditolak")],
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih putusannya."},
    )
    alasan = PlainTextField(
        label="Alasan putusan",
        help_text="Dicetak di surat jawaban yang dibaca keluarga.",
        limit=2000,
        rows=5,
        error_messages={"required": "Tuliskan alasan putusannya."},
    )

    def __init__(self, *args: Any, lewat: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if lewat:  # the law has decided already; what is left is to follow it up
            self.fields["putusan"].choices = [("kabulkan", "Tindak lanjuti: usulan dibuka kembali")]
