"""Fields of what goes out."""

from typing import Any

from rest_framework import serializers

from core.identity import mask_numbers


class TeksBebas(serializers.CharField):
    """What somebody wrote in his own words: a NIK or KK in it leaves masked (docs/adr/0042)."""

    def to_representation(self, value: Any) -> str:
        return mask_numbers(super().to_representation(value))
