"""Forms of requests about one's own data, and of legal holds."""

from typing import Any

import django_filters
from django import forms

from bansos.forms import SaringKetat, alasan_langkah
from bansos.forms_keberatan import BuktiField
from core.forms import NameField, NikField, PlainTextField, SendOnceForm
from portal.models import PermohonanHak
from portal.workflow import HAK

P = PermohonanHak


class SaringHak(SaringKetat):
    status = django_filters.ChoiceFilter(
        field_name="status", label="Keadaan", empty_label="Semua", choices=HAK.choices()
    )
    jenis = django_filters.ChoiceFilter(
        field_name="jenis", label="Permintaan", empty_label="Semua", choices=P.Jenis.choices
    )

    class Meta:
        model = P
        fields: list[str] = []


class MintaHakForm(SendOnceForm):
    nik = NikField(label="NIK pemilik data")
    jenis = forms.ChoiceField(
        label="Yang diminta",
        choices=P.Jenis.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih yang diminta."},
    )
    lingkup = forms.ChoiceField(
        label="Data mana yang dihapus",
        choices=[("", "Pilih bila minta dihapus"), *P.Lingkup.choices],
        required=False,
        help_text="Hanya untuk permintaan hapus. Data keluarga yang terdaftar wajib disimpan; foto, lokasi, dan telepon boleh dihapus.",
    )
    uraian = PlainTextField(
        label="Penjelasan",
        limit=500,
        rows=3,
        required=False,
        help_text="Wajib bila minta dibetulkan: data mana yang salah, dan bagaimana yang benar. Jangan tulis NIK.",
    )
    pemohon = NameField(label="Nama yang datang", error_messages={"required": "Tulis nama yang datang."})
    hubungan = forms.ChoiceField(
        label="Yang datang adalah",
        choices=P.Hubungan.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih hubungannya."},
    )
    bukti = forms.ChoiceField(
        label="Identitas yang Anda lihat",
        choices=P.Bukti.choices,
        widget=forms.RadioSelect,
        help_text="Tanpa identitas asli, permintaan tidak boleh dicatat.",
        error_messages={"required": "Pilih identitas yang Anda lihat."},
    )
    surat_kuasa = BuktiField(
        label="Surat kuasa", required=False, help_text="Wajib bila yang datang orang lain. PDF atau foto."
    )
    paham = forms.BooleanField(
        label="Pemohon sudah diberi tahu akibatnya",
        required=False,
        help_text="Wajib bila minta dibekukan atau dihapus. Bacakan akibat di atas.",
    )

    def clean(self) -> dict[str, Any]:
        isi = super().clean() or {}
        jenis = isi.get("jenis")
        if jenis in (P.Jenis.BEKU, P.Jenis.HAPUS) and not isi.get("paham"):
            self.add_error("paham", "Bacakan akibatnya kepada pemohon, lalu centang.")
        if jenis == P.Jenis.HAPUS and not isi.get("lingkup"):
            self.add_error("lingkup", "Pilih data mana yang dihapus.")
        if jenis and jenis != P.Jenis.HAPUS and isi.get("lingkup"):
            self.add_error("lingkup", "Kosongkan. Isian ini hanya untuk permintaan hapus.")
        return isi


class LangkahHakForm(SendOnceForm):
    versi = forms.IntegerField(widget=forms.HiddenInput)
    catatan = PlainTextField(
        label="Catatan", required=False, limit=500, help_text="Jangan tulis nama atau NIK."
    )

    def __init__(self, *args: Any, perlu_alasan: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if perlu_alasan:
            self.fields["alasan"] = forms.ChoiceField(
                label="Alasan",
                choices=alasan_langkah("tolak_hak"),
                error_messages={"required": "Pilih alasannya."},
            )
            self.order_fields(["kunci_kirim", "versi", "alasan", "catatan"])


class TahanForm(SendOnceForm):
    nik = NikField(label="NIK salah satu anggota keluarga")
    dasar = PlainTextField(
        label="Nomor perkara atau surat",
        limit=120,
        rows=1,
        error_messages={"required": "Tulis nomor perkara atau suratnya."},
    )
    alasan = PlainTextField(
        label="Mengapa datanya tidak boleh dibuang",
        limit=300,
        rows=3,
        error_messages={"required": "Tulis alasannya."},
    )


class LepasTahanForm(SendOnceForm):
    alasan = PlainTextField(
        label="Mengapa tahanannya dilepas", limit=300, rows=3, error_messages={"required": "Tulis alasannya."}
    )
