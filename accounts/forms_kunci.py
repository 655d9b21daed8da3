"""Passkey forms of allauth whose JSON comes from anybody: whatever is sent, the answer is a sentence and not a fault.

`json.loads` gives up on 5,000 digits with ValueError and on deep nesting with RecursionError, and fido2 on a wrong shape with
KeyError or TypeError; neither Django's JSONField nor allauth catches them all.
"""

from typing import Any

from allauth.mfa.webauthn import forms as dasar
from django import forms
from django.core.exceptions import ValidationError

TERPANJANG = 20_000  # characters; a real answer of an authenticator has some 2,000
TIDAK_TERBACA = "Kunci sandi tidak terbaca. Coba lagi, atau pakai cara lain."
RUSAK = (ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError)


class KunciSandiField(forms.JSONField):
    def __init__(self) -> None:
        super().__init__(
            widget=forms.HiddenInput, error_messages={"required": TIDAK_TERBACA, "invalid": TIDAK_TERBACA}
        )

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str) and len(value) > TERPANJANG:
            raise ValidationError(TIDAK_TERBACA)
        try:
            isi = super().to_python(value)
        except RUSAK as error:
            raise ValidationError(TIDAK_TERBACA) from error
        if isi is not None and not isinstance(isi, dict):
            raise ValidationError(TIDAK_TERBACA)
        return isi


class _Masuk(dasar.AuthenticateWebAuthnForm):
    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()
        except RUSAK as error:
            raise ValidationError(TIDAK_TERBACA) from error


class MasukForm(_Masuk, dasar.LoginWebAuthnForm):
    credential = KunciSandiField()


class LangkahKeduaForm(_Masuk):
    credential = KunciSandiField()


class PastikanForm(_Masuk, dasar.ReauthenticateWebAuthnForm):
    credential = KunciSandiField()


class TambahForm(dasar.AddWebAuthnForm):
    credential = KunciSandiField()

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except RUSAK as error:
            raise ValidationError(TIDAK_TERBACA) from error
