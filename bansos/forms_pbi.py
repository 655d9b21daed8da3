"""Forms of PBI reactivation: the person at the counter, the draft, one step."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from bansos.forms import SaringKetat, alasan_langkah
from bansos.forms_keberatan import BuktiField
from bansos.models import PbiNonaktif, ReaktivasiPBI
from bansos.workflow_layanan import REAKTIVASI
from core.forms import NameField, NikField, PastDayField, PlainTextField, SendOnceForm


class SaringReaktivasi(SaringKetat):
    status = django_filters.ChoiceFilter(
        field_name="status", label="Keadaan", empty_label="Semua", choices=REAKTIVASI.choices()
    )
    kondisi = django_filters.ChoiceFilter(
        field_name="kondisi", label="Jenis", empty_label="Semua", choices=ReaktivasiPBI.Kondisi.choices
    )
    daftar = django_filters.ChoiceFilter(
        label="Daftar",
        empty_label="Semua",
        choices=[("lewat", "Lewat tenggat"), ("perbarui", "Wajib memperbarui data")],
        method="saring_daftar",
    )

    class Meta:
        model = ReaktivasiPBI
        fields: list[str] = []

    def saring_daftar(self, rows: QuerySet[Any], nama: str, nilai: str) -> QuerySet[Any]:
        if nilai == "perbarui":
            return rows.filter(status="disetujui", diperbarui_at__isnull=True)
        return rows.filter(jam_selesai__isnull=True, eskalasi__gte=100)


class SaringNonaktif(SaringKetat):
    keadaan = django_filters.ChoiceFilter(
        label="Keadaan",
        empty_label="Semua",
        choices=[
            ("belum", "Belum diurus"),
            ("berjalan", "Sedang diurus"),
            ("aktif", "Aktif kembali"),
            ("luar", "Belum ada di register"),
        ],
        method="saring_keadaan",
    )

    class Meta:
        model = PbiNonaktif
        fields: list[str] = []

    def saring_keadaan(self, rows: QuerySet[Any], nama: str, nilai: str) -> QuerySet[Any]:
        if nilai == "luar":
            return rows.filter(individu__isnull=True)
        if nilai == "belum":
            return rows.filter(aktif_lagi=False, berjalan=False)
        return rows.filter(**{"berjalan" if nilai == "berjalan" else "aktif_lagi": True})


class MulaiPbiForm(SendOnceForm):
    """NIK first; the rest only for a person who is not on the list of the ministry."""

    nik = NikField(label="NIK peserta yang nonaktif")
    nama = NameField(
        label="Nama menurut KTP", required=False, help_text="Hanya bila NIK tidak ada di daftar PBI nonaktif."
    )
    tanggal = PastDayField(
        label="Nonaktif sejak",
        required=False,
        help_text="Menurut Mobile JKN atau petugas BPJS. Hanya bila NIK tidak ada di daftar.",
    )
    sebab = PlainTextField(label="Sebab nonaktif", limit=120, rows=1, required=False)


class LengkapiPbiForm(SendOnceForm):
    pemohon = NameField(
        label="Nama yang datang mengajukan", error_messages={"required": "Tulis nama yang mengajukan."}
    )
    kondisi = forms.ChoiceField(
        label="Jenis permohonan",
        choices=ReaktivasiPBI.Kondisi.choices,
        widget=forms.RadioSelect,
        help_text="Darurat medis: sedang dirawat atau harus segera ditangani. Jamnya 24 jam sejak Anda simpan.",
        error_messages={"required": "Pilih jenis permohonannya."},
    )
    keadaan_mendesak = PlainTextField(
        label="Keadaan darurat",
        limit=300,
        rows=2,
        required=False,
        help_text="Hanya untuk darurat. Contoh: dirawat di IGD sejak pagi. Jangan tulis nama penyakit.",
    )
    faskes = PlainTextField(
        label="Nama puskesmas, klinik, atau rumah sakit", limit=120, rows=1, required=False
    )
    faskes_tanggal = PastDayField(label="Tanggal surat faskes", required=False)
    surat_faskes = BuktiField(
        label="Surat keterangan berobat dari faskes",
        required=False,
        help_text="Wajib sebelum diajukan. PDF atau foto.",
    )
    sktm = BuktiField(label="SKTM", required=False, help_text="PDF atau foto. Tidak wajib.")


class LangkahPbiForm(SendOnceForm):
    """One step: the version that was read, a reason, a number or a day where the step needs one, and a note."""

    versi = forms.IntegerField(widget=forms.HiddenInput)
    catatan = PlainTextField(
        label="Catatan", required=False, limit=500, help_text="Jangan tulis NIK atau penyakit."
    )

    def __init__(self, *args: Any, langkah: str, perlu_alasan: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if perlu_alasan:
            self.fields["alasan"] = forms.ChoiceField(
                label="Alasan",
                choices=alasan_langkah(f"{langkah}_pbi"),
                error_messages={"required": "Pilih alasannya."},
            )
        if langkah == "kirim":
            self.fields["siks_nomor"] = PlainTextField(
                label="Nomor pengajuan di SIKS-NG",
                limit=60,
                rows=1,
                error_messages={"required": "Isi nomornya."},
            )
        if langkah in ("kirim", "setujui", "tolak_pusat"):
            label = "Tanggal diajukan di SIKS-NG" if langkah == "kirim" else "Tanggal jawaban pusat"
            self.fields["tanggal"] = PastDayField(label=label)
        self.order_fields(["kunci_kirim", "versi", "alasan", "siks_nomor", "tanggal", "catatan"])


class PerbaruiPbiForm(SendOnceForm):
    """Nothing to type: the register itself shows whether the data was refreshed."""
