"""Forms of the review of recipients."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from bansos.forms import ProgramFilter, SaringKetat, alasan_langkah
from bansos.models import TinjauanPenerima
from bansos.workflow_layanan import TINJAUAN, TINJAUAN_TERBUKA
from core.forms import PlainTextField, SendOnceForm

CATATAN = {
    "tanya_desa": "Pertanyaan untuk desa",
    "jawab_desa": "Jawaban desa",
    "usulkan_hapus": "Mengapa diusulkan dihapus",
}


class SaringTinjauan(SaringKetat):
    status = django_filters.ChoiceFilter(
        label="Keadaan",
        empty_label="Semua",
        choices=[("buka", "Belum diputus"), *TINJAUAN.choices()],
        method="saring_status",
    )
    sebab = django_filters.ChoiceFilter(
        field_name="sebab", label="Sebab", empty_label="Semua", choices=TinjauanPenerima.Sebab.choices
    )
    program = ProgramFilter(field_name="program")

    class Meta:
        model = TinjauanPenerima
        fields: list[str] = []

    def saring_status(self, rows: QuerySet[Any], nama: str, nilai: str) -> QuerySet[Any]:
        return rows.filter(status__in=TINJAUAN_TERBUKA) if nilai == "buka" else rows.filter(status=nilai)


class LangkahTinjauanForm(SendOnceForm):
    """One step: the version that was read, a reason where one is kept, and words that the next reader needs."""

    versi = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, langkah: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if langkah == "pertahankan":
            self.fields["alasan"] = forms.ChoiceField(
                label="Alasan",
                choices=alasan_langkah("pertahankan_tinjauan"),
                error_messages={"required": "Pilih alasannya."},
            )
        self.fields["catatan"] = PlainTextField(
            label=CATATAN.get(langkah, "Catatan"),
            required=langkah in CATATAN,
            limit=500,
            help_text="Jangan tulis NIK atau nomor KK.",
            error_messages={"required": "Tuliskan di sini."},
        )
