"""The standard refusals of Django's form fields as a village officer would say them.

Django's own Indonesian ("Pastikan nilai ini mengandung paling banyak 200 karakter", "Bidang ini tidak boleh kosong") is
stiff, and parts of it are English. A translation file would need gettext on every machine that builds the portal, so the
sentences are set on the classes once, when the app starts. A field's own `error_messages` still win.
"""

from typing import Any

from django import forms
from django.core import validators

ULANG = "Formulir ini tidak lengkap lagi. Muat ulang halaman, lalu isi lagi."
PILIH_LAGI = "Pilihan ini tidak ada di daftar. Pilih lagi."
TANGGAL = "Tanggal tidak dikenal. Tulis hari/bulan/tahun, misalnya 31/01/2000."

# Class -> its sentences. A class without an entry speaks those of its parents.
BIDANG: tuple[tuple[type[Any], dict[str, str]], ...] = (
    (forms.Field, {"required": "Bagian ini belum diisi."}),
    (forms.IntegerField, {"invalid": "Isi angka bulat saja, misalnya 0 atau 2."}),
    (forms.FloatField, {"invalid": "Isi angka saja, misalnya 12,5."}),
    (forms.DecimalField, {"invalid": "Isi angka saja, misalnya 12,5."}),
    (forms.DateField, {"invalid": TANGGAL}),
    (forms.TimeField, {"invalid": "Jam tidak dikenal. Tulis misalnya 09:00."}),
    (forms.DateTimeField, {"invalid": "Tulis tanggal dan jam, misalnya 31/01/2026 09:00."}),
    (forms.RegexField, {"invalid": "Isinya tidak sesuai contoh. Periksa lagi."}),
    (forms.UUIDField, {"invalid": ULANG}),
    (
        forms.FileField,
        {
            "invalid": "Berkas tidak ikut terkirim. Pilih lagi berkasnya.",
            "missing": "Berkas tidak ikut terkirim. Pilih lagi berkasnya.",
            "empty": "Berkas kosong. Pilih berkas lain.",
            "max_length": "Nama berkas terlalu panjang. Ganti namanya, lalu pilih lagi.",
            "contradiction": "Pilih berkas baru atau centang hapus, jangan keduanya.",
        },
    ),
    (forms.ImageField, {"invalid_image": "Berkas ini bukan foto yang utuh. Pilih foto lain."}),
    (forms.ChoiceField, {"invalid_choice": PILIH_LAGI}),
    (forms.MultipleChoiceField, {"invalid_choice": PILIH_LAGI, "invalid_list": PILIH_LAGI}),
    (forms.ModelChoiceField, {"invalid_choice": PILIH_LAGI}),
    (
        forms.ModelMultipleChoiceField,
        {"invalid_choice": PILIH_LAGI, "invalid_list": PILIH_LAGI, "invalid_pk_value": PILIH_LAGI},
    ),
    (
        forms.BaseFormSet,
        {
            "missing_management_form": ULANG,
            "too_many_forms": "Barisnya terlalu banyak, paling banyak %(num)d.",
            "too_few_forms": "Barisnya kurang, paling sedikit %(num)d.",
        },
    ),
)
PEMERIKSA: tuple[tuple[type[Any], str], ...] = (
    (validators.MinLengthValidator, "Terlalu pendek. Paling sedikit %(limit_value)d huruf."),
    (validators.MaxLengthValidator, "Terlalu panjang. Paling banyak %(limit_value)d huruf."),
    (validators.MinValueValidator, "Angkanya terlalu kecil. Paling sedikit %(limit_value)s."),
    (validators.MaxValueValidator, "Angkanya terlalu besar. Paling banyak %(limit_value)s."),
    (validators.ProhibitNullCharactersValidator, "Isinya memuat karakter rusak. Hapus lalu ketik ulang."),
    (validators.EmailValidator, "Alamat surel tidak dikenal. Tulis misalnya siti@contoh.id."),
    (validators.RegexValidator, "Isinya tidak sesuai contoh. Periksa lagi."),
)
DESIMAL = {
    "invalid": "Isi angka saja, misalnya 12,5.",
    "max_digits": "Angkanya terlalu panjang. Paling banyak %(max)s angka.",
    "max_decimal_places": "Angka di belakang koma paling banyak %(max)s.",
    "max_whole_digits": "Angkanya terlalu besar. Periksa lagi.",
}


def pasang() -> None:
    """Set the sentences; called once from `CoreConfig.ready`."""
    for kelas, kalimat in BIDANG:
        kelas.default_error_messages = {**kelas.__dict__.get("default_error_messages", {}), **kalimat}
    for pemeriksa, pesan in PEMERIKSA:
        pemeriksa.message = pesan
    validators.DecimalValidator.messages = DESIMAL
