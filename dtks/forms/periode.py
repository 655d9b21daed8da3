"""Changing a window of the month, on the clock of its own area."""

from datetime import datetime
from typing import Any

from django import forms

from core.forms import MomentField, PlainTextField, SendOnceForm, WholeField
from dtks.models import BATAS, Periode
from dtks.queries import periode as baca

MOMEN = ("buka", *BATAS)


class PeriodeForm(SendOnceForm):
    """Moments that have passed are shown and cannot be changed. A closing minute counts to its last second."""

    versi = WholeField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)
    dasar_hukum = PlainTextField(label="Dasar hukum", limit=300, rows=2)
    alasan = PlainTextField(
        label="Alasan perubahan",
        limit=300,
        rows=2,
        help_text="Contoh: surat Kemensos memperpanjang batas usulan.",
        error_messages={"required": "Tulis alasan perubahan jadwal."},
    )
    field_order = (*MOMEN, "dasar_hukum", "alasan", "versi", "kunci_kirim")

    def __init__(self, *args: Any, jendela: Periode, **kwargs: Any):
        awal = {k: getattr(jendela, k) for k in (*MOMEN, "dasar_hukum", "versi")}
        super().__init__(*args, initial=awal, use_required_attribute=False, **kwargs)
        saat = baca.saat_ini()
        for kolom in MOMEN:
            sudah = baca.lewat(getattr(jendela, kolom), saat)
            bantuan = "Sudah lewat, tidak bisa diubah." if sudah else ""
            self.fields[kolom] = MomentField(label=baca.nama_momen(kolom), help_text=bantuan, disabled=sudah)
        self.order_fields(self.field_order)

    @property
    def momen(self) -> dict[str, datetime]:
        return {
            k: self.cleaned_data[k].replace(second=59 if k.startswith("tutup") else 0, microsecond=0)
            for k in MOMEN
        }
