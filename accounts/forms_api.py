"""Forms about API keys."""

from typing import Any

from django import forms

from accounts.actions.kunci import Isi
from accounts.models import Cakupan, Pengguna
from accounts.policies import kunci as policy
from core.forms import DayField, PlainTextField, SendOnceForm, WholeField
from wilayah.forms import PilihWilayahField
from wilayah.models import Tingkat

ANGKA = {"invalid": "Isi angka bulat saja, misalnya 50000.", "min_value": "Paling sedikit 1.", "max_value": "Angkanya terlalu besar."}  # fmt: skip


class MintaKunciForm(SendOnceForm):
    nama = PlainTextField(
        label="Nama aplikasi",
        limit=80,
        rows=1,
        help_text="Misalnya: Aplikasi Puskesos Garut.",
        error_messages={"required": "Isi nama aplikasinya."},
    )
    tujuan = PlainTextField(
        label="Untuk apa datanya dipakai",
        limit=300,
        help_text="Ditulis juga siapa yang bertanggung jawab dan nomor perjanjiannya.",
        error_messages={"required": "Tulis untuk apa datanya dipakai."},
    )
    wilayah = PilihWilayahField(
        tingkat=(Tingkat.PROVINSI, Tingkat.KABUPATEN, Tingkat.KECAMATAN, Tingkat.DESA), label="Wilayah data"
    )
    cakupan = forms.MultipleChoiceField(
        label="Yang boleh dibaca dan ditulis",
        choices=Cakupan.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Pilih seperlunya. NIK lengkap hanya bila tujuannya tidak tercapai tanpa itu.",
        error_messages={
            "required": "Pilih paling sedikit satu.",
            "invalid_choice": "Pilihan ini tidak ada di daftar. Pilih lagi.",
        },
    )
    ip = PlainTextField(
        label="Hanya dari alamat IP",
        limit=400,
        required=False,
        help_text="Satu alamat atau jaringan tiap baris, misalnya 103.10.20.30. Kosong: dari mana saja.",
    )
    anggaran = WholeField(
        label="Jatah baris sehari",
        required=False,
        min_value=1,
        max_value=2_000_000_000,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": 12}),
        help_text="Kosong: jatah biasa.",
        error_messages=ANGKA,
    )
    hingga = DayField(
        label="Hari terakhir berlaku",
        low=2000,
        high=2100,
        required=False,
        help_text="Kosong: paling lama yang boleh.",
    )

    def __init__(self, *args: Any, by: Pengguna, **kwargs: Any):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.fields["wilayah"].batasi(by.cakupan(policy.KELOLA))

    def isi(self) -> Isi:
        data = self.cleaned_data
        return Isi(
            nama=data["nama"],
            tujuan=data["tujuan"],
            wilayah=[data["wilayah"]],
            cakupan=data["cakupan"],
            ip=data["ip"].replace(",", " ").split(),
            anggaran=data["anggaran"],
            hingga=data["hingga"],
        )


class AlasanKunciForm(SendOnceForm):
    alasan = PlainTextField(label="Alasan", limit=200, error_messages={"required": "Tuliskan alasannya."})


class AmbilKunciForm(SendOnceForm):
    tenggang = forms.BooleanField(
        label="Kunci lama tetap berlaku 24 jam",
        required=False,
        help_text="Centang bila aplikasinya perlu waktu untuk berganti. Bila kuncinya bocor, jangan dicentang.",
    )

    def __init__(self, *args: Any, baru: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if baru:
            del self.fields["tenggang"]
