"""Forms of data for other offices."""

from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Pengguna
from bansos.forms import program_choices
from bansos.models import DaftarKelayakan, PermintaanData
from bansos.models.serah import KUASA_MINTA
from core.forms import DayField, PlainTextField, ScanField, SendOnceForm
from core.terbilang import periode_judul, tanggal_panjang
from dtks.forms.pilihan import LineField
from wilayah.models import Wilayah


class MintaDataForm(SendOnceForm):
    wilayah = forms.ChoiceField(label="Kabupaten/kota")
    program = forms.ChoiceField(label="Daftar program")
    instansi = LineField(
        label="Instansi penerima", limit=150, error_messages={"required": "Isi nama instansinya."}
    )
    penerima = LineField(
        label="Penanggung jawab di instansi itu", limit=150, help_text="Nama dan jabatan.",
        error_messages={"required": "Isi nama penanggung jawabnya."},
    )  # fmt: skip
    tujuan = PlainTextField(
        label="Untuk apa datanya dipakai", limit=500, error_messages={"required": "Tuliskan tujuannya."}
    )
    perjanjian_nomor = LineField(
        label="Nomor perjanjian kerahasiaan",
        limit=100,
        error_messages={"required": "Isi nomor perjanjiannya."},
    )
    perjanjian = ScanField(label="Berkas perjanjian", help_text="PDF atau foto, paling besar 10 MB.")
    berlaku_hingga = DayField(label="Berlaku sampai")

    def __init__(self, *args: Any, by: Pengguna, **kwargs: Any):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        areas = Wilayah.objects.filter(pk__in={k[:5] for k in by.cakupan(KUASA_MINTA)}, tingkat=2).order_by(
            "pk"
        )
        self.fields["wilayah"].choices = [(w.pk, w.nama) for w in areas]
        self.fields["program"].choices = program_choices()


class TolakDataForm(SendOnceForm):
    alasan = PlainTextField(
        label="Alasan menolak", limit=300, error_messages={"required": "Tuliskan alasannya."}
    )


class DaftarField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{periode_judul(obj.periode)}, ditandatangani {tanggal_panjang(timezone.localdate(obj.ditandatangani_at))}"


class SerahkanForm(SendOnceForm):
    daftar = DaftarField(
        DaftarKelayakan.objects.none(), label="Daftar yang ditandatangani", empty_label="Pilih daftarnya",
        error_messages={"required": "Pilih daftarnya.", "invalid_choice": "Daftar ini tidak ada lagi."},
    )  # fmt: skip

    def __init__(self, *args: Any, permintaan: PermintaanData, **kwargs: Any):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.fields["daftar"].queryset = DaftarKelayakan.objects.filter(
            program=permintaan.program_id, wilayah=permintaan.wilayah_id, status="ditandatangani"
        ).order_by("-periode")
