"""Form fields of the ground floor. They validate and normalise; they never save.

Every refusal is an Indonesian sentence that names the way out. Odd but possible input is accepted; flags are the
register's business.
"""

import hashlib
import re
import uuid
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import timezone

from core import identity, text

TANTANGAN = ("tantangan", "tantangan_jawab", "tantangan_situs")  # core.tantangan: how it was sent, not what
_ANGKA = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{0,30})?")  # ASCII: Python also reads digits of other scripts


class WholeField(forms.IntegerField):
    """A whole number in ASCII digits: '3.0', '1_000' and '٣' are not one."""

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str) and value and not re.fullmatch(r"\s*-?[0-9]{1,12}\s*", value):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(value)


class SendOnceForm(forms.Form):
    """A form whose second submission (double click, back and resend) finds the first one's result."""

    kunci_kirim = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def content(self) -> str:
        """What was sent, in one fixed spelling, to tell a repeat from a reuse of the key."""
        data = self.data
        assert isinstance(data, QueryDict)
        names = sorted(set(data) - {"csrfmiddlewaretoken", "kunci_kirim", *TANTANGAN})
        berkas = [
            (name, file.name, hashlib.sha256(file.read()).hexdigest(), file.seek(0))
            for name in sorted(self.files)
            for file in self.files.getlist(name)
            if isinstance(file, UploadedFile)
        ]
        return repr(([(name, data.getlist(name)) for name in names], berkas))


class NikField(forms.CharField):
    """A NIK as people type it; cleaned to 16 ASCII digits. Structure wrong = refused, meaning odd = accepted."""

    label_text = "NIK"

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("label", self.label_text)
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={"data-nik": "", "inputmode": "numeric", "autocomplete": "off", "maxlength": 40}
            ),
        )
        kwargs.setdefault("error_messages", {"required": f"Isi {self.label_text} 16 angka."})
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return "" if value in self.empty_values else str(value)

    def clean(self, value: Any) -> str:
        raw = super().clean(value)
        if not raw:
            return ""
        number, errors = self.check(raw)
        if errors:
            raise ValidationError(errors)
        return number

    def check(self, raw: str) -> tuple[str, list[str]]:
        result = identity.check_nik(raw)
        return result.nik, result.galat


class KkField(NikField):
    label_text = "Nomor KK"

    def check(self, raw: str) -> tuple[str, list[str]]:
        result = identity.check_kk(raw)
        return result.kk, result.galat


class PhoneField(forms.CharField):
    def __init__(self, **kwargs: Any):
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        raw = super().clean(value)
        if not raw:
            return ""
        result = identity.check_phone(raw)
        if result.galat:
            raise ValidationError(result.galat)
        return result.nomor


class NameField(forms.CharField):
    """A person's name: kept as written (NFC); control characters, emoji and invisible names are refused."""

    def __init__(self, *, max_length: int = 100, **kwargs: Any):
        self._limit = max_length
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "maxlength": max_length}))
        super().__init__(strip=True, **kwargs)

    def clean(self, value: Any) -> str:
        raw = super().clean(value)
        if not raw:
            return ""
        try:
            return text.clean_name(raw, self._limit)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class PlainTextField(forms.CharField):
    """Free text: new lines and emoji are fine, invisible control characters are not."""

    def __init__(self, *, limit: int = 2000, rows: int = 3, **kwargs: Any):
        self._limit = limit
        if rows > 1:
            kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows, "data-hitung": limit}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        raw = super().clean(value)
        if not raw:
            return ""
        try:
            return text.clean_text(raw, self._limit, required=self.required)
        except ValueError as error:
            raise ValidationError(str(error)) from error


class DayField(forms.DateField):
    """A date as dd/mm/yyyy or from the phone's picker (yyyy-mm-dd), its year from `low` to `high`."""

    input_formats = ["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y"]

    def __init__(self, *, low: int = 1000, high: int = 2200, **kwargs: Any):
        self._low, self._high = low, high
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        kwargs.setdefault(
            "error_messages",
            {
                "invalid": "Tanggal tidak dikenal. Tulis hari/bulan/tahun, misalnya 31/01/2000.",
                "required": "Isi tanggalnya.",
            },
        )
        super().__init__(input_formats=self.input_formats, **kwargs)

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str) and not value.isascii():
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        day = super().to_python(value)
        if day and not self._low <= day.year <= self._high:  # also: later checks add and subtract days
            raise ValidationError("Tahunnya tidak masuk akal. Periksa lagi.", code="tahun")
        return day


class BirthDateField(DayField):
    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day and (errors := text.check_birth_date(day, timezone.localdate())):
            raise ValidationError(errors)
        return day


class PastDayField(DayField):
    """A day that already was: a visit, a decree."""

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day and day > timezone.localdate():
            raise ValidationError("Tanggal ini belum terjadi. Periksa lagi.")
        if day and day.year < 1900:
            raise ValidationError("Tahunnya terlalu lama. Periksa lagi.")
        return day


class MomentField(forms.DateTimeField):
    """Date and time of a meeting, in the portal's time zone."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault(
            "widget", forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        )
        kwargs.setdefault(
            "error_messages",
            {
                "invalid": "Tulis tanggal dan jam, misalnya 31/01/2026 09:00.",
                "required": "Isi tanggal dan jam.",
            },
        )
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M"], **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        if isinstance(value, str):
            if not value.isascii():
                raise ValidationError(self.error_messages["invalid"], code="invalid")
            if (tahun := re.search(r"[0-9]{4}", value)) and not 2000 <= int(tahun[0]) <= 2100:
                raise ValidationError("Tahunnya tidak masuk akal. Periksa lagi.", code="tahun")
        return super().to_python(value)


class CoordinateField(forms.DecimalField):
    """Latitude or longitude inside Indonesia, decimal degrees."""

    def __init__(self, *, low: float, high: float, **kwargs: Any):
        kwargs.setdefault(
            "error_messages",
            {
                "invalid": "Tulis angka desimal, misalnya -7,2279.",
                "min_value": "Titik ini di luar Indonesia. Periksa lagi.",
                "max_value": "Titik ini di luar Indonesia. Periksa lagi.",
            },
        )
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(min_value=low, max_value=high, max_digits=9, decimal_places=6, **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.strip().replace(",", ".")
            if value and not _ANGKA.fullmatch(value):
                raise ValidationError(self.error_messages["invalid"], code="invalid")
            if value.count(".") == 1:  # the phone gives fifteen decimals; ten centimetres are enough
                whole, _, fraction = value.partition(".")
                value = f"{whole}.{fraction[:6]}"
        return super().to_python(value)


class AccuracyField(WholeField):
    """How far off a point may be, as the phone says it; empty when it was typed from a map."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("label", "Ketelitian (meter)")
        kwargs.setdefault(
            "error_messages",
            {"invalid": "Tulis angka bulat, misalnya 12.", "max_value": "Ketelitian terlalu besar."},
        )
        super().__init__(required=False, min_value=0, max_value=100_000, **kwargs)


class PhotoField(forms.FileField):
    """Raw bytes of an upload; the action re-encodes and refuses (core.files)."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault(
            "widget",
            forms.ClearableFileInput(
                attrs={
                    "accept": "image/jpeg,image/png,image/webp",
                    "capture": "environment",
                    "data-foto": "1600",
                }
            ),
        )
        kwargs.setdefault(
            "error_messages",
            {"required": "Pilih atau ambil fotonya.", "empty": "Foto kosong. Ambil ulang fotonya."},
        )
        super().__init__(**kwargs)


class ScanField(forms.FileField):
    def __init__(self, **kwargs: Any):
        kwargs.setdefault(
            "widget", forms.ClearableFileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"})
        )
        kwargs.setdefault(
            "error_messages",
            {"required": "Pilih berkas hasil pindai.", "empty": "Berkas kosong. Pilih berkas lain."},
        )
        super().__init__(**kwargs)


class _Sheets(forms.ClearableFileInput):
    allow_multiple_selected = True


class ScanSheetsField(ScanField):
    """One scan, or the photos of its pages: cleaned to a list of files. Size and kind are judged where they are read."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault(
            "widget",
            _Sheets(
                attrs={
                    "accept": "application/pdf,image/jpeg,image/png",
                    "multiple": True,
                    "data-foto": "1600",
                }
            ),
        )
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        berkas = [b for b in data if b] if isinstance(data, list | tuple) else [data] if data else []
        if not berkas:
            raise ValidationError(self.error_messages["required"], code="required")
        return [super(ScanSheetsField, self).clean(satu, initial) for satu in berkas]
