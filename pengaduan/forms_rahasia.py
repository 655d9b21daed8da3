"""Forms of the sealed line. The reporter's page has no JavaScript, so everything is plain HTML."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from core import files
from core.forms import PlainTextField
from pengaduan.actions.rahasia import PANJANG_NOMOR

JENIS = (
    ("pungli", "Ada yang meminta uang atau imbalan"),
    ("potong", "Bantuan dipotong atau ditahan"),
    ("data", "Data dibuat-buat, atau orang yang tidak berhak dimasukkan"),
    ("kekerasan", "Ancaman, kekerasan, atau pelecehan oleh petugas"),
    ("lain", "Pelanggaran lain"),
)
MAKS_FOTO = 3
HURUF = 8000


class _Foto(forms.ClearableFileInput):
    allow_multiple_selected = True


class FotoRahasiaField(forms.FileField):
    """Up to three pictures, cleaned here: nothing of the upload but its pixels leaves this field."""

    def __init__(self, **kwargs: Any):
        kwargs["widget"] = _Foto(attrs={"accept": "image/jpeg,image/png,image/webp", "multiple": True})
        super().__init__(required=False, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[bytes]:
        unggahan: list[UploadedFile] = [b for b in (data if isinstance(data, list | tuple) else [data]) if b]
        if len(unggahan) > MAKS_FOTO:
            raise ValidationError(
                f"Paling banyak {MAKS_FOTO} foto. Kirim sisanya sesudah laporan ini diterima."
            )
        try:
            return [files.clean_photo(b.read()) for b in unggahan]
        except files.BadFile as bad:
            raise ValidationError(str(bad)) from bad


class _Cerita(forms.Form):
    cerita = PlainTextField(
        label="Ceritakan apa yang terjadi",
        help_text="Siapa yang melakukan, di mana, tanggal berapa, berapa uangnya, siapa lagi yang tahu. Tulis yang Anda lihat sendiri.",
        limit=HURUF,
        widget=forms.Textarea(attrs={"rows": 9, "autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": "Tuliskan ceritanya."},
    )
    foto = FotoRahasiaField(
        label="Foto bukti",
        help_text="Paling banyak 3 foto JPEG atau PNG. Nama berkas, tempat, dan jam pengambilan kami buang.",
    )


class LaporForm(_Cerita):
    kunci = forms.RegexField(r"\A[A-Za-z0-9_=-]*\Z", widget=forms.HiddenInput, max_length=80, required=False)
    tujuan = forms.ChoiceField(
        label="Siapa yang boleh membacanya",
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih satu.", "invalid_choice": "Pilih satu dari daftar."},
    )
    jenis = forms.ChoiceField(
        label="Tentang apa",
        widget=forms.RadioSelect,
        choices=JENIS,
        error_messages={"required": "Pilih satu.", "invalid_choice": "Pilih satu dari daftar."},
    )
    field_order = ("kunci", "tujuan", "jenis", "cerita", "foto")

    def __init__(self, *args: Any, kantor: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["tujuan"].choices = kantor  # type: ignore[attr-defined]
        if len(kantor) == 1:
            self.fields["tujuan"].initial = kantor[0][0]


class BalasForm(_Cerita):
    pegangan = forms.RegexField(
        r"\A[A-Za-z0-9_:.=-]*\Z", widget=forms.HiddenInput, max_length=300, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["cerita"].label = "Pesan tambahan untuk inspektorat"
        self.fields["cerita"].help_text = "Jawab pertanyaan mereka, atau tambahkan yang baru."
        self.fields["cerita"].widget.attrs["rows"] = 5


class NomorForm(forms.Form):
    nomor = forms.CharField(
        label="Nomor rahasia",
        help_text="16 angka di tanda terima. Spasi boleh ditulis, boleh tidak.",
        max_length=60,
        error_messages={"required": "Isi nomor rahasianya."},
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false", "class": "nik"}
        ),
    )

    def clean_nomor(self) -> str:
        nomor = re.sub(r"[\s.\-–—]", "", self.cleaned_data["nomor"])
        if not re.fullmatch(rf"\d{{{PANJANG_NOMOR}}}", nomor, re.ASCII):
            raise ValidationError("Nomor rahasia terdiri dari 16 angka. Salin dari catatan Anda.")
        return nomor
