"""Fields and bases that the forms of the register share: coded answers, counts, RT/RW, the version that was seen."""

import re
import uuid
from collections.abc import Iterable
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError

from core.forms import PlainTextField, SendOnceForm, WholeField
from dtks.queries.acuan import daftar_kode

KOSONG = ("", "Pilih salah satu")
_F = TypeVar("_F", bound=forms.Field)


def bersyarat(field: _F) -> _F:
    """A field that another answer makes required: its label must not say that it may stay empty."""
    field.bersyarat = True  # type: ignore[attr-defined]
    return field


def pilihan(daftar: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """Answers (code, words) of each code list in the version in use, in the order of the form."""
    return {nama: daftar_kode(nama) for nama in daftar}


class PilihanKode(forms.ChoiceField):
    """One answer of a code list; the form fills in the choices (`KodeForm`)."""

    def __init__(self, daftar: str, **kwargs: Any):
        self.daftar = daftar
        kwargs.setdefault(
            "error_messages",
            {
                "required": "Pilih salah satu.",
                "invalid_choice": "Pilihan ini tidak ada di daftar. Pilih lagi.",
            },
        )
        super().__init__(**kwargs)


class BanyakKode(forms.MultipleChoiceField):
    """Several answers of one code list; none ticked is an answer too."""

    def __init__(self, daftar: str, **kwargs: Any):
        self.daftar = daftar
        kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        kwargs.setdefault("required", False)
        kwargs.setdefault(
            "error_messages", {"invalid_choice": "Pilihan ini tidak ada di daftar. Pilih lagi."}
        )
        super().__init__(**kwargs)


class KodeForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("use_required_attribute", False)  # a half-typed form must reach the server
        super().__init__(*args, **kwargs)
        berkode = {n: f for n, f in self.fields.items() if isinstance(f, PilihanKode | BanyakKode)}
        isi = pilihan({f.daftar for f in berkode.values()}) if berkode else {}
        for field in berkode.values():
            all_shown = isinstance(field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)
            # Pairs already: the setter would look through them again, for each of the ninety fields of a family.
            field._choices = isi[field.daftar] if all_shown else [KOSONG, *isi[field.daftar]]
            field.widget.choices = field._choices
            field.same_for_all = True  # type: ignore[attr-defined]


class IsianForm(SendOnceForm, KodeForm):
    """A form over rows that others may change meanwhile: it carries the version that the person saw."""

    versi = WholeField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)

    def renew(self, versi: int | None) -> None:
        """After a refusal: a fresh key, and the present version, so that saving again is a decision."""
        self.data = self.data.copy()
        self.data["kunci_kirim"] = str(uuid.uuid4())
        if versi is not None:
            self.data["versi"] = str(versi)

    @property
    def isi(self) -> dict[str, Any]:
        """The cleaned answers without the machinery."""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("kunci_kirim", "versi")}


class CountField(forms.IntegerField):
    """A whole number in ASCII digits; '1.000' is a thousand, as people here write it."""

    widget = forms.TextInput

    def __init__(self, *, most: int, least: int = 0, **kwargs: Any):
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={"inputmode": "numeric", "autocomplete": "off", "class": "sempit", "maxlength": 12}
            ),
        )
        kwargs.setdefault(
            "error_messages",
            {
                "required": "Isi angkanya. Tulis 0 bila tidak ada.",
                "invalid": "Isi angka bulat saja, misalnya 0 atau 2.",
                "min_value": f"Paling sedikit {least}.",
                "max_value": "Angkanya terlalu besar. Periksa lagi.",
            },
        )
        super().__init__(min_value=least, max_value=most, **kwargs)

    def to_python(self, value: Any) -> int | None:
        if value in self.empty_values:
            return None
        teks = str(value).strip()
        if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+", teks):
            teks = teks.replace(".", "")
        if not re.fullmatch(r"-?[0-9]{1,12}", teks):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return int(teks)


class RtRwField(forms.CharField):
    """RT or RW number: '5' becomes '005'."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={"inputmode": "numeric", "autocomplete": "off", "class": "sempit", "maxlength": 6}
            ),
        )
        kwargs.setdefault("error_messages", {"required": "Isi nomornya, misalnya 005."})
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        raw = super().clean(value)
        if not raw:
            return ""
        cocok = re.fullmatch(r"[0-9]{1,3}", raw.strip())
        if not cocok:
            raise ValidationError("Tulis 1 sampai 3 angka, misalnya 005.")
        return f"{int(raw):03d}"


class LineField(PlainTextField):
    """Free text on one line, such as an address."""

    def __init__(self, *, limit: int, **kwargs: Any):
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off", "maxlength": limit}))
        label = str(kwargs.get("label", "bagian ini"))
        kwargs.setdefault("error_messages", {"required": f"Isi {label[0].lower()}{label[1:].rstrip('?')}."})
        super().__init__(limit=limit, rows=1, **kwargs)

    def clean(self, value: Any) -> str:
        return " ".join(super().clean(value).split())


class YaTidakField(forms.TypedChoiceField):
    """Ya, tidak, or not answered yet (None)."""

    def __init__(self, **kwargs: Any):
        super().__init__(
            choices=[("", "Belum diisi"), ("ya", "Ya"), ("tidak", "Tidak")],
            coerce=lambda v: v == "ya",
            empty_value=None,
            required=False,
            error_messages={"invalid_choice": "Pilih ya atau tidak."},
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "ya", False: "tidak"}.get(value, value) if isinstance(value, bool) else value
