"""Fields of what comes in: a text is a text, a number a number. Unknown fields are refused, not ignored."""

from typing import Any

from rest_framework import serializers

TIDAK_DIKENAL = "Isian ini tidak dikenal."


class Masukan(serializers.Serializer[Any]):
    """Base of every body that the API accepts."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (asing := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError({str(k)[:60]: [TIDAK_DIKENAL] for k in asing[:20]})
        return super().to_internal_value(data)


class Teks(serializers.CharField):
    """A string; never a number that looks like one (a NIK written as a number has lost digits)."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("max_length", 200)
        kwargs.setdefault("trim_whitespace", False)
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            raise serializers.ValidationError("Tulis sebagai teks di antara tanda kutip.")
        return super().to_internal_value(data)


class Bulat(serializers.IntegerField):
    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            raise serializers.ValidationError("Tulis sebagai bilangan bulat.")
        return super().to_internal_value(data)


class YaTidak(serializers.BooleanField):
    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            raise serializers.ValidationError("Tulis true atau false.")
        return data


class Pilih(serializers.ChoiceField):
    default_error_messages = {"invalid_choice": "Pilihan ini tidak ada di daftar."}  # never what was sent

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            raise serializers.ValidationError("Tulis sebagai teks di antara tanda kutip.")
        return super().to_internal_value(data)


class Tanggal(serializers.DateField):
    """YYYY-MM-DD and nothing else."""

    def __init__(self, **kwargs: Any):
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str) or len(value) != 10:
            raise serializers.ValidationError("Tulis tanggal sebagai TTTT-BB-HH.")
        return super().to_internal_value(value)


class Id(serializers.UUIDField):
    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or len(data) != 36:
            raise serializers.ValidationError("Tulis id sebagai UUID.")
        return super().to_internal_value(data)
