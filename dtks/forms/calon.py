"""Forms of a pair that may be one person."""

from typing import Any

from django import forms

from core.forms import PlainTextField, SendOnceForm
from dtks.queries.calon import KOLOM_PILIH

LABEL_PILIH = {
    "nama": "Nama", "nik": "NIK", "tempat_lahir": "Tempat lahir", "tgl_lahir": "Tanggal lahir",
    "jenis_kelamin": "Jenis kelamin", "ibu_kandung": "Nama ibu kandung",
}  # fmt: skip


class AlasanForm(SendOnceForm):
    """A decision that needs its reason: different persons, ask the registry, refuse or take back a merge."""

    alasan = PlainTextField(
        label="Alasan",
        limit=300,
        rows=2,
        help_text="Contoh: kedua orang sudah ditemui, KTP-el dan KK asli dilihat.",
        error_messages={"required": "Tuliskan alasannya."},
    )


class GabungForm(AlasanForm):
    utama = forms.ChoiceField(
        label="Data yang dipertahankan",
        widget=forms.RadioSelect,
        help_text="Data yang lain dinonaktifkan. Riwayatnya tetap tersimpan.",
        error_messages={"required": "Pilih data yang dipertahankan."},
    )
    ambil = forms.MultipleChoiceField(
        label="Ambil dari data yang lain (bila lebih benar)",
        choices=[(k, LABEL_PILIH[k]) for k in KOLOM_PILIH],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Cocokkan dengan KTP-el dan KK asli. Yang tidak dicentang tetap seperti data yang dipertahankan.",
    )

    def __init__(self, *args: Any, pilihan: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["utama"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = pilihan
        self.order_fields(["utama", "ambil", "alasan"])


class SetujuForm(SendOnceForm):
    """The second person's yes."""
