"""Closing a flag of kinship, and a person's statement about his own tie to the family."""

from django import forms

from core.forms import PlainTextField, SendOnceForm


class UsulTutupForm(SendOnceForm):
    alasan = PlainTextField(
        label="Mengapa catatan ini bisa ditutup?",
        limit=200,
        help_text="Tulis apa yang sudah diperiksa. Contoh: dikunjungi TKSK kecamatan lain, hasilnya sesuai.",
    )
    bebas = forms.BooleanField(
        label="Saya menyatakan tidak punya hubungan keluarga dengan keluarga ini.",
        error_messages={"required": "Centang pernyataan ini dulu."},
    )


class TutupForm(SendOnceForm):
    putusan = forms.ChoiceField(
        label="Putusan",
        choices=[("setuju", "Setuju, tutup catatan ini"), ("tolak", "Tidak setuju, catatan tetap terbuka")],
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih putusannya."},
    )
    bebas = forms.BooleanField(
        label="Saya menyatakan tidak punya hubungan keluarga dengan keluarga ini.",
        error_messages={"required": "Centang pernyataan ini dulu."},
    )


class NyatakanForm(SendOnceForm):
    ada = forms.ChoiceField(
        label="Apakah Anda punya hubungan keluarga dengan keluarga ini?",
        choices=[("ya", "Ya"), ("tidak", "Tidak")],
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih ya atau tidak."},
    )
    hubungan = PlainTextField(
        label="Bila ya, hubungannya apa?",
        limit=200,
        required=False,
        help_text="Contoh: keponakan kepala keluarga.",
    )
