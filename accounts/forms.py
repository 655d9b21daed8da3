"""Forms about accounts: they parse and validate, they never save."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone

from accounts.actions.pengguna import Masa
from accounts.models import Pengguna, Peran
from accounts.passwords import periksa
from accounts.policies import pengguna as policy
from core.forms import DayField, NameField, NikField
from wilayah.forms import PilihWilayahField
from wilayah.models import Tingkat, Wilayah
from wilayah.queries import periksa_kode

_NAMA_PENGGUNA = RegexValidator(
    r"\A[a-z0-9][a-z0-9._-]{2,59}\Z",
    "Pakai huruf kecil, angka, titik, atau garis; paling sedikit 3 huruf.",
)


def nama_pengguna_baru(ketikan: str) -> str:
    """A user name that is well formed and free; ValidationError with a sentence otherwise."""
    username = ketikan.strip().lower()
    _NAMA_PENGGUNA(username)
    if re.search(r"[0-9]{9}", username):
        raise ValidationError(
            "Jangan memakai NIK atau nomor HP sebagai nama pengguna. Nama pengguna terlihat di banyak tempat."
        )
    if Pengguna.objects.filter(username=username).exists():
        raise ValidationError("Nama pengguna itu sudah dipakai. Pilih yang lain.")
    return username


class BeriPeranForm(forms.Form):
    peran = forms.ModelChoiceField(
        Peran.objects.exclude(pk="KLIEN_API").order_by("nama"), label="Peran", empty_label="Pilih peran"
    )
    wilayah = PilihWilayahField(tingkat=Tingkat.values, label="Wilayah kerja", required=False)
    berlaku_sejak = DayField(label="Mulai berlaku", low=2000, high=2100)
    berlaku_hingga = DayField(
        label="Hari terakhir berlaku",
        low=2000,
        high=2100,
        required=False,
        help_text="Kosongkan bila sampai diakhiri.",
    )

    def __init__(self, *args: Any, by: Pengguna, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["wilayah"].batasi(by.cakupan(policy.KUASA))
        self.fields["wilayah"].required = not policy.nasional(by)
        self.fields["wilayah"].help_text = (
            "Kosongkan untuk seluruh Indonesia." if policy.nasional(by) else "Hanya wilayah Anda."
        )
        self.fields["berlaku_sejak"].initial = timezone.localdate

    def isi(self) -> dict[str, Any]:
        """Arguments of the action."""
        data = self.cleaned_data
        masa = Masa(data["berlaku_sejak"], data["berlaku_hingga"])
        return {"peran": data["peran"], "wilayah": data["wilayah"], "masa": masa}


class BuatPenggunaForm(BeriPeranForm):
    nama = NameField(label="Nama lengkap", help_text="Sesuai KTP, tanpa gelar.")
    nik = NikField(
        help_text="16 angka. Dipakai untuk memastikan satu orang tidak memeriksa pekerjaannya sendiri."
    )
    username = forms.CharField(
        label="Nama pengguna",
        max_length=60,
        help_text="Untuk masuk, misalnya siti.sukamaju.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )
    email = forms.EmailField(label="Surel", required=False)
    field_order = ("nama", "nik", "username", "email", "peran", "wilayah", "berlaku_sejak", "berlaku_hingga")

    def clean_username(self) -> str:
        return nama_pengguna_baru(self.cleaned_data["username"])

    def isi(self) -> dict[str, Any]:
        sendiri = {nama: self.cleaned_data[nama] for nama in ("nama", "nik", "username", "email")}
        return super().isi() | sendiri


class AdminPertamaForm(forms.Form):
    """What `manage.py buat_admin` is given."""

    username = forms.CharField(max_length=60)
    nama = NameField()
    nik = NikField()
    wilayah = forms.CharField(required=False, max_length=24)

    def clean_username(self) -> str:
        return nama_pengguna_baru(self.cleaned_data["username"])

    def clean_wilayah(self) -> Wilayah | None:
        kode = self.cleaned_data["wilayah"]
        return periksa_kode(kode, tingkat=(Tingkat.PROVINSI, Tingkat.KABUPATEN)) if kode else None


class AkhiriPeranForm(forms.Form):
    hari_terakhir = DayField(
        label="Hari terakhir berlaku",
        required=False,
        low=2000,
        high=2100,
        help_text="Kosongkan untuk mengakhiri sekarang juga.",
    )


class SetelUlangForm(forms.Form):
    lepas_dua_langkah = forms.BooleanField(
        label="HP atau kunci sandinya hilang: lepas juga verifikasi dua langkah",
        required=False,
        help_text="Pastikan dulu bahwa yang meminta benar orangnya.",
    )


class CariPenggunaForm(forms.Form):
    cari = forms.CharField(label="Nama atau nama pengguna", required=False, max_length=100)
    peran = forms.ModelChoiceField(
        Peran.objects.exclude(pk="KLIEN_API").order_by("nama"),
        label="Peran",
        required=False,
        empty_label="Semua peran",
    )


class PakaiKodeForm(forms.Form):
    username = forms.CharField(
        label="Nama pengguna",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    kode = forms.CharField(
        label="Kode dari admin",
        max_length=40,
        help_text="Contoh: K7QM-2PXA-9RTB.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )
    sandi = forms.CharField(
        label="Kata sandi baru",
        max_length=200,
        strip=False,
        help_text="Paling sedikit 15 huruf. Tiga atau empat kata yang tidak berhubungan mudah diingat.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    ulangi = forms.CharField(
        label="Ketik lagi kata sandi baru",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_username(self) -> str:
        nama = self.cleaned_data["username"].strip().lower()
        if not re.fullmatch(r"[a-z0-9._@+-]+", nama):
            raise ValidationError("Nama pengguna hanya berisi huruf, angka, titik, dan tanda hubung.")
        return nama

    def clean_kode(self) -> str:
        kode = self.cleaned_data["kode"].strip()
        if not re.fullmatch(r"[A-Za-z0-9 -]+", kode):
            raise ValidationError("Kode hanya berisi huruf dan angka, misalnya K7QM-2PXA-9RTB.")
        return kode

    def clean_sandi(self) -> str:
        sandi = self.cleaned_data["sandi"]
        calon = Pengguna(username=self.cleaned_data.get("username", ""))  # only what was typed: tells nothing
        periksa(sandi, calon)
        return sandi

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "sandi" in data and data.get("ulangi") != data["sandi"]:
            self.add_error("ulangi", "Tidak sama dengan kata sandi baru.")
        return data


class KeluarSemuaForm(forms.Form):
    sandi = forms.CharField(
        label="Kata sandi Anda",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
