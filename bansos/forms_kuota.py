"""Forms of quotas and their places."""

from collections.abc import Iterator
from typing import Any

import django_filters
from django import forms

from accounts.models import Pengguna
from bansos.forms import ProgramFilter, SaringKetat, program_choices
from bansos.models import Kuota, PengisianKuota, PerubahanKuota
from bansos.queries.kuota import triwulan_pilihan
from core.forms import PlainTextField, SendOnceForm, WholeField
from core.terbilang import periode_pilihan
from wilayah.kode import dalam
from wilayah.models import Tingkat, Wilayah
from wilayah.waktu import hari_wilayah


class SaringKuota(SaringKetat):
    program = ProgramFilter(field_name="program")
    periode = django_filters.ChoiceFilter(
        field_name="periode", label="Triwulan", empty_label="Semua triwulan", choices=[]
    )

    class Meta:
        model = Kuota
        fields: list[str] = []

    def siapkan(self, luas: Any, wilayah: str) -> None:
        super().siapkan(luas, wilayah)
        ada = Kuota.objects.order_by("-periode").values_list("periode", flat=True).distinct()
        self.filters["periode"].extra["choices"] = periode_pilihan(ada)


class SaringPerubahan(SaringKetat):
    program = ProgramFilter(field_name="kuota__program")
    status = django_filters.ChoiceFilter(
        field_name="status", label="Keadaan", empty_label="Semua", choices=PerubahanKuota.Status.choices
    )

    class Meta:
        model = PerubahanKuota
        fields: list[str] = []


class SaringTempat(SaringKetat):
    status = django_filters.ChoiceFilter(
        field_name="status", label="Keadaan", empty_label="Semua", choices=PengisianKuota.Status.choices
    )

    class Meta:
        model = PengisianKuota
        fields: list[str] = []


def _wilayah(luas: list[str]) -> Iterator[tuple[str, Any]]:
    """The kabupaten, then its kecamatan, each with its desa below it."""
    rows = Wilayah.objects.berlaku().filter(dalam("kode", luas), tingkat__in=(2, 3, 4)).order_by("kode")
    kecamatan: list[tuple[str, str]] = []
    nama = ""
    for w in rows:
        if w.tingkat == Tingkat.KABUPATEN:
            yield w.pk, w.sebutan
        elif w.tingkat == Tingkat.KECAMATAN:
            if kecamatan:
                yield nama, kecamatan
            nama, kecamatan = w.sebutan, [(w.pk, f"Seluruh {w.sebutan}")]
        else:
            kecamatan.append((w.pk, w.sebutan))
    if kecamatan:
        yield nama, kecamatan


class UsulKuotaForm(SendOnceForm):
    wilayah = forms.ChoiceField(
        label="Wilayah",
        help_text="Kuota kabupaten lebih dulu. Bagian kecamatan atau desa diambil dari kuota itu.",
    )
    program = forms.ChoiceField(label="Program")
    periode = forms.ChoiceField(label="Triwulan")
    jumlah = WholeField(
        label="Jumlah tempat", min_value=0, max_value=9_999_999, help_text="Berapa keluarga atau orang paling banyak.",
        error_messages={"required": "Isi jumlah tempatnya.", "invalid": "Jumlah ditulis dengan angka saja, misalnya 250."},
    )  # fmt: skip
    pagu = WholeField(
        label="Pagu setahun (rupiah)", required=False, min_value=0, max_value=999_999_999_999,
        help_text="Kosongkan bila tidak ada batas uangnya. Angka saja, tanpa titik.",
        error_messages={"invalid": "Pagu ditulis dengan angka saja, tanpa titik."},
    )  # fmt: skip
    alasan = PlainTextField(
        label="Alasan", limit=500, help_text="Dibaca umum. Jangan tulis nama atau NIK warga.",
        error_messages={"required": "Tuliskan alasannya."},
    )  # fmt: skip
    dasar_hukum = PlainTextField(
        label="Dasar hukum", limit=300, rows=1, help_text="Misalnya nomor Perda APBD atau surat Kementerian Sosial.",
        error_messages={"required": "Isi dasar hukumnya."},
    )  # fmt: skip
    sumber = PlainTextField(
        label="Sumber angka", limit=300, rows=1, required=False, help_text="Dokumen tempat angka ini diambil."
    )

    def __init__(self, *args: Any, by: Pengguna, **kwargs: Any):
        super().__init__(*args, **kwargs)
        luas = by.cakupan("kuota.usulkan")
        self.fields["wilayah"].choices = list(_wilayah(luas))
        self.fields["program"].choices = program_choices()
        self.fields["periode"].choices = periode_pilihan(triwulan_pilihan(hari_wilayah(luas[0])))


class PutusKuotaForm(SendOnceForm):
    putusan = forms.ChoiceField(
        label="Putusan", choices=[("setujui", "Setujui: berlaku sekarang"), ("tolak", "Tolak")], widget=forms.RadioSelect,
        error_messages={"required": "Pilih putusannya."},
    )  # fmt: skip
    alasan = PlainTextField(label="Alasan bila ditolak", limit=500, required=False, help_text="Dibaca umum.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (
            data.get("putusan") == "tolak"
            and len(data.get("alasan", "")) < 10
            and "alasan" not in self.errors
        ):
            self.add_error("alasan", "Tuliskan alasan penolakannya (paling sedikit 10 huruf).")
        return data


class LepasForm(SendOnceForm):
    sebab = PlainTextField(
        label="Sebab keluar", limit=250, help_text="Misalnya: pindah ke luar kabupaten, atau mundur sendiri dengan surat.",
        error_messages={"required": "Tuliskan sebab keluarnya."},
    )  # fmt: skip


class SekaliForm(SendOnceForm):
    """A button that is pressed once."""
