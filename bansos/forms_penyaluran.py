"""Filters of payments and of their reconciliation."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest

from bansos.forms import ProgramFilter, SaringKetat, WilayahFilter, program_choices
from bansos.models import Penyaluran, StatusSalur
from bansos.queries.penerima import periode_kini, periode_pilihan
from core import terbilang

TAHAP = [(str(n), f"Tahap {n}") for n in range(1, 13)]


def _periode() -> list[tuple[str, str]]:
    return terbilang.periode_pilihan(periode_pilihan())


def _status() -> list[tuple[str, str]]:
    return [(s.pk, s.nama) for s in StatusSalur.objects.order_by("urut", "pk")]


class PeriodeFilter(django_filters.ChoiceFilter):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, label="Periode", empty_label=None, required=True, choices=_periode, **kwargs)


class SaringPenyaluran(SaringKetat):
    periode = PeriodeFilter(field_name="periode")
    program = ProgramFilter(field_name="program_id")
    kelompok = django_filters.ChoiceFilter(
        label="Keadaan", empty_label="Semua", field_name="status__kelompok", choices=StatusSalur.Kelompok.choices
    )  # fmt: skip
    status = django_filters.ChoiceFilter(
        label="Status", empty_label="Semua status", field_name="status_id", choices=_status
    )
    sk = django_filters.ChoiceFilter(
        label="SK di portal", empty_label="Semua", method="ber_sk", choices=[("ada", "Ada"), ("tidak", "Tidak ada")]
    )  # fmt: skip
    wilayah = WilayahFilter(field_name="wilayah_id")

    class Meta:
        model = Penyaluran
        fields: list[str] = []

    def __init__(self, request: HttpRequest, queryset: QuerySet[Any], **kwargs: Any):
        super().__init__(request, queryset, awal={"periode": periode_kini()}, **kwargs)

    def ber_sk(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return qs.filter(baris__isnull=value == "tidak")


class SaringRekonsiliasi(SaringKetat):
    """One programme, period and stage; the rows come from `bansos.queries.rekonsiliasi`, not from a queryset."""

    program = django_filters.ChoiceFilter(
        label="Program", empty_label=None, required=True, choices=program_choices
    )
    periode = PeriodeFilter(field_name="periode")
    tahap = django_filters.ChoiceFilter(label="Tahap", empty_label=None, required=True, choices=TAHAP)
    wilayah = WilayahFilter(field_name="wilayah_id")

    class Meta:
        model = Penyaluran
        fields: list[str] = []

    def __init__(self, request: HttpRequest, **kwargs: Any):
        awal = {"program": "PKH", "periode": periode_kini(), "tahap": "1"}
        super().__init__(request, Penyaluran.objects.none(), awal=awal, **kwargs)
