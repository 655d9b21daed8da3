"""Model fields for NIK, KK, phone and the like.

    nik = SealedField(purpose="nik", mask=mask_nik)
    nik_indeks = BlindIndexField(source="nik")

`person.nik` is a `Sealed`: printing it shows the mask; the plain text needs an explicit `.open()`.
Assigning a string seals it at once, bound to the row's primary key, so keys must be UUIDs made by Django.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import FieldError
from django.db import models
from django.db.models.lookups import Exact, In
from django.db.models.query_utils import DeferredAttribute

from core.privacy import keys, rotate


def mask_all(value: str) -> str:
    return "•" * len(value)


class Sealed:
    """An encrypted value that remembers where it belongs."""

    __slots__ = ("_context", "_field", "raw")

    def __init__(self, raw: bytes, context: str, field: "SealedField"):
        self.raw, self._context, self._field = bytes(raw), context, field

    def open(self) -> str:
        """Plain text. Callers that show it to a person must leave an audit row (see dtks.actions.reveal)."""
        return keys.unseal(self.raw, self._context).decode()

    def __str__(self) -> str:
        return self._field.mask(self.open())

    def __repr__(self) -> str:
        return "<Sealed>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sealed) and other.open() == self.open()

    def __hash__(self) -> int:
        return hash(self.raw)


def plain(sealed: Any) -> str:
    """Text of a column that may be empty. What `Sealed.open` asks for, this asks for too."""
    return sealed.open() if sealed else ""


class SealedAttribute(DeferredAttribute):
    field: "SealedField"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        raw = super().__get__(instance, cls)
        if not raw:
            return None
        return Sealed(raw, self.field.context(instance), self.field)

    def __set__(self, instance: Any, value: Any) -> None:
        field = self.field
        if isinstance(value, str) and value:
            value = keys.seal(value.encode(), field.context(instance))
        elif isinstance(value, Sealed):
            if value._context != field.context(instance):
                value = keys.seal(value.open().encode(), field.context(instance))
            else:
                value = value.raw
        elif isinstance(value, memoryview):
            value = bytes(value)
        instance.__dict__[field.attname] = value or None


class SealedField(models.BinaryField):
    descriptor_class = SealedAttribute

    def __init__(self, *args: Any, purpose: str = "", mask: Callable[[str], str] = mask_all, **kwargs: Any):
        self.purpose, self.mask = purpose, mask
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["purpose"] = self.purpose
        return name, path, args, kwargs

    def context(self, instance: models.Model) -> str:
        if instance.pk is None:
            raise FieldError(f"{self.attname}: the row needs its UUID before a value can be sealed")
        return f"{instance._meta.db_table}.{self.column}:{instance.pk}"

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        return model_instance.__dict__.get(self.attname)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            raise FieldError(f"{self.attname}: assign on the instance; update()/filter() cannot seal")
        if isinstance(value, Sealed):
            value = value.raw
        return super().get_db_prep_value(value, connection, prepared)


class BlindIndexField(models.BinaryField):
    """Keyed hash of a sibling SealedField, for equality lookups and uniqueness."""

    def __init__(self, *args: Any, source: str = "", **kwargs: Any):
        self.source = source
        kwargs.setdefault("null", True)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("editable", False)
        kwargs.setdefault("max_length", 32)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs["source"] = self.source
        return name, path, args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        sealed = getattr(model_instance, self.source)
        source = model_instance._meta.get_field(self.source)
        assert isinstance(source, SealedField)
        value = rotate.pilih(keys.blind_index(sealed.open(), source.purpose)) if sealed else None
        setattr(model_instance, self.attname, value)
        return value


@models.BinaryField.register_lookup
class _SamaIndeks(Exact):
    """`column = index` in whichever form the row has while INDEX_KEY is being changed."""

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        if isinstance(self.rhs, keys.Indeks):
            return In(self.lhs, list(self.rhs.bentuk)).as_sql(compiler, connection)
        return super().as_sql(compiler, connection)


@models.BinaryField.register_lookup
class _SalahSatuIndeks(In):
    def __init__(self, lhs: Any, rhs: Any):
        if isinstance(rhs, list | tuple | set | frozenset):
            rhs = [b for i in rhs for b in (i.bentuk if isinstance(i, keys.Indeks) else (i,))]
        super().__init__(lhs, rhs)
