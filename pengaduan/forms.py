"""Public forms. They take what people type from paper; they never save."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

_TIKET = re.compile(r"([A-Z]{3})(\d{6})(\d{5,9})", re.ASCII)


class TiketField(forms.CharField):
    """'usl 202611 00012' is the ticket USL-202611-00012: capitals, spaces, dots and dashes do not matter."""

    def clean(self, value: Any) -> str:
        raw = super().clean(value)
        cocok = _TIKET.fullmatch(re.sub(r"[\s.\-–—_/]", "", raw).upper())
        if not cocok:
            raise ValidationError(
                "Nomor seperti USL-202611-00012 atau ADU-202611-00012. Salin dari tanda terima Anda."
            )
        return "-".join(cocok.groups())


class LacakForm(forms.Form):
    tiket = TiketField(
        label="Nomor tiket",
        help_text="Ada di tanda terima, misalnya USL-202611-00012, ADU-202611-00012, atau PBI-202611-00012.",
        max_length=40,
        error_messages={"required": "Isi nomor tiket dari tanda terima."},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    pin = forms.CharField(
        label="PIN",
        help_text="6 angka di tanda terima.",
        max_length=20,
        error_messages={"required": "Isi PIN dari tanda terima."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "sempit"}),
    )

    def clean_pin(self) -> str:
        pin = re.sub(r"[\s.\-]", "", self.cleaned_data["pin"])
        if not re.fullmatch(r"\d{6}", pin, re.ASCII):
            raise ValidationError("PIN terdiri dari 6 angka. Salin dari tanda terima Anda.")
        return pin
