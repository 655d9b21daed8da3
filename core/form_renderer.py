"""Form templates of the project, with the empty field drawn once per process (docs/adr/0037).

A form of a family has about a hundred fields; nearly all of the time of its empty page went into drawing the same fields again for
everybody. What a person typed, and a field with an error, are always drawn anew.
"""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import get_language

MOST = 5_000
# What these draw depends on nothing but their attributes; a widget of somebody else may count or ask the time.
_WIDGETS = {
    forms.TextInput, forms.NumberInput, forms.EmailInput, forms.URLInput, forms.Textarea, forms.DateInput,
    forms.Select, forms.RadioSelect, forms.CheckboxSelectMultiple, forms.SelectMultiple,
}  # fmt: skip
_drawn: dict[tuple[Any, ...], str] = {}


class FormRenderer(TemplatesSetting):
    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        key = _key(context["field"]) if template_name == self.field_template_name else None
        if key is None:
            return super().render(template_name, context, request)
        if (drawn := _drawn.get(key)) is None:
            if len(_drawn) >= MOST:
                _drawn.clear()
            drawn = _drawn[key] = super().render(template_name, context, request)
        return drawn


def _key(bound: BoundField) -> tuple[Any, ...] | None:
    """Everything the field's HTML depends on; None where it is not the same for everybody: only words of the form's class are kept here.

    A field that a form adds or changes says `same_for_all` when its words come from a code list.
    """
    field, widget = bound.field, bound.field.widget
    if bound.form.is_bound or bound.name in bound.form.initial or type(widget) not in _WIDGETS:
        return None
    if not (getattr(field, "same_for_all", False) or _as_declared(bound)):
        return None
    try:
        return (
            type(bound.form), type(bound), bound.html_name, bound.auto_id, bound.id_for_label, get_language(), field.label, _plain(field.help_text),
            field.required, field.disabled, getattr(field, "bersyarat", False), bound.form.use_required_attribute, type(widget), _plain(vars(widget)),
            _plain(field.widget_attrs(widget)), repr(_plain(bound.value())),
        )  # fmt: skip
    except TypeError:
        return None


def _as_declared(bound: BoundField) -> bool:
    """Words, initial value and choices are those of the form's class. Choices that are asked from the database are not even looked at."""
    field, base = bound.field, getattr(type(bound.form), "base_fields", {}).get(bound.name)
    if base is None or not isinstance(getattr(field, "choices", []), list):
        return False
    return all(
        getattr(field, a, None) == getattr(base, a, None)
        for a in ("label", "help_text", "initial", "choices")
    )


def _plain(value: Any) -> Any:
    """For a key; `TypeError` where it is neither words nor a list of them."""
    if isinstance(value, str | int | float | None):
        return value
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, dict):
        return tuple((k, _plain(v)) for k, v in value.items())
    return tuple(map(_plain, value))
