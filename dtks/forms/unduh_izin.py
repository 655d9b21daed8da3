"""Asking for a long list, and the second person's refusal."""

from core.forms import PlainTextField, SendOnceForm
from dtks.forms.pilihan import LineField


class MintaIzinForm(SendOnceForm):
    tujuan = LineField(
        label="Untuk apa daftar ini dipakai?",
        limit=200,
        min_length=5,
        help_text="Dibaca orang yang memutus. Contoh: bahan rapat koordinasi kecamatan tanggal 3.",
        error_messages={
            "required": "Tulis untuk apa daftar ini dipakai.",
            "min_length": "Tulis lebih jelas untuk apa daftar ini dipakai.",
        },
    )


class TolakIzinForm(SendOnceForm):
    alasan = PlainTextField(
        label="Alasan menolak", limit=300, error_messages={"required": "Tuliskan alasannya."}
    )
