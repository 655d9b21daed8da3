"""A sampling policy for visits."""

from typing import Any

from django import forms
from django.utils import timezone

from core.forms import MomentField, PlainTextField, SendOnceForm, WholeField
from core.terbilang import periode_kata
from dtks.queries import periode as jendela
from wilayah.forms import PilihWilayahField
from wilayah.models import Tingkat
from wilayah.queries import ringkas

BULAN_KE_DEPAN = 2


class SampelForm(SendOnceForm):
    wilayah = PilihWilayahField(label="Wilayah", tingkat=(Tingkat.KABUPATEN, Tingkat.KECAMATAN, Tingkat.DESA))
    periode = forms.ChoiceField(
        label="Periode", error_messages={"invalid_choice": "Pilih periodenya dari daftar."}
    )
    persen = WholeField(
        label="Persen yang dikunjungi",
        min_value=1,
        max_value=99,
        help_text="1 sampai 99. Tanpa kebijakan, semua keluarga dikunjungi.",
        error_messages={
            "required": "Isi persennya.",
            "invalid": "Tulis angka bulat, misalnya 30.",
            "min_value": "Paling sedikit 1.",
            "max_value": "Paling banyak 99. Untuk mengunjungi semua, jangan buat kebijakan.",
        },
    )
    tutup_at = MomentField(
        label="Daftar ditutup", help_text="Sesudah saat ini benih dibuka dan undian dihitung."
    )
    dasar_hukum = PlainTextField(
        label="Dasar hukum",
        limit=300,
        rows=1,
        help_text="Nomor dan tanggal keputusan Kepala Dinas.",
        error_messages={"required": "Tulis dasar hukumnya."},
    )

    def __init__(self, *args: Any, luas: list[str], **kwargs: Any):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        luas = ringkas(luas)
        self.fields["wilayah"] = PilihWilayahField(
            label="Wilayah", tingkat=(Tingkat.KABUPATEN, Tingkat.KECAMATAN, Tingkat.DESA), dalam=luas
        )
        bulan = [jendela.bulan(luas[0] if luas else "", timezone.now())]
        for _ in range(BULAN_KE_DEPAN):
            bulan.append(jendela.berikut(bulan[-1]))
        self.fields["periode"].choices = [(b, periode_kata(b)) for b in bulan]  # type: ignore[attr-defined]
