"""How I want to be told outside the portal."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Pesan, PilihanKabar
from core.forms import PhoneField

_JAM = {"invalid": "Tulis jamnya, misalnya 20:00."}


def _jam(label: str) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    return forms.TimeField(
        label=label, required=False, widget=widget, input_formats=["%H:%M", "%H.%M"], error_messages=_JAM
    )


class PilihanForm(forms.Form):
    surel_aktif = forms.BooleanField(label="Kirim juga ke surel", required=False)
    pesan_aktif = forms.BooleanField(label="Kirim juga ke WhatsApp/SMS", required=False)
    ritme = forms.ChoiceField(
        label="Kapan dikirim",
        choices=PilihanKabar.Ritme.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih kapan dikirim."},
    )
    tenang_mulai = _jam("Jam tenang mulai")
    tenang_selesai = _jam("Jam tenang selesai")

    def __init__(self, *args: Any, pilihan: PilihanKabar, kanal: list[str], **kwargs: Any):
        super().__init__(
            *args, initial={k: getattr(pilihan, k) for k in self.base_fields}, use_required_attribute=False, **kwargs
        )  # fmt: skip
        for nama in ("surel", "pesan"):
            if nama not in kanal:
                del self.fields[f"{nama}_aktif"]
        self.fields[
            "tenang_selesai"
        ].help_text = "Menurut jam daerah Anda. Kosongkan keduanya bila tidak perlu."

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if (data.get("tenang_mulai") is None) != (data.get("tenang_selesai") is None) and not self.errors:
            raise ValidationError("Isi kedua jam tenang, atau kosongkan keduanya.")
        return {"surel_aktif": False, "pesan_aktif": False, **data}


class NomorForm(forms.Form):
    telepon = PhoneField(
        label="Nomor HP", help_text="Contoh: 0812 3456 7890.", error_messages={"required": "Isi nomor HP Anda."}
    )  # fmt: skip


class KodeForm(forms.Form):
    kode = forms.RegexField(
        r"^[0-9]{6}$",
        label="Kode 6 angka",
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 6}
        ),
        error_messages={"required": "Isi kodenya.", "invalid": "Kode terdiri dari 6 angka."},
    )


class SaringPesan(forms.Form):
    status = forms.ChoiceField(
        label="Keadaan", required=False, choices=[("", "Semua"), *Pesan.Status.choices]
    )
