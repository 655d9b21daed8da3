"""Sign-in forms of allauth with the words that stand on every other page of the portal."""

from typing import Any

from allauth.account import forms as akun
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from django import forms

KATA_SANDI = "Kata sandi"
KODE = "6 angka di aplikasi pengaman"


def _sebut(field: forms.Field, label: str) -> None:
    field.label = label
    field.widget.attrs.pop("placeholder", None)


class MasukForm(akun.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _sebut(self.fields["login"], "Nama pengguna")
        _sebut(self.fields["password"], KATA_SANDI)


class PastikanForm(akun.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _sebut(self.fields["password"], KATA_SANDI)


class KodeForm(mfa.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _sebut(self.fields["code"], f"{KODE}, atau kode cadangan")


class PastikanKodeForm(mfa.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _sebut(self.fields["code"], f"{KODE}, atau kode cadangan")


class PasangKodeForm(totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        _sebut(self.fields["code"], KODE)
