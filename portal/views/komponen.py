"""Gallery of the shared components, with live examples."""

from datetime import timedelta

from django import forms
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import engines
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from portal.contoh import CONTOH


class ContohForm(forms.Form):
    """One field of each kind; never saved."""

    nik = forms.CharField(
        label="NIK kepala keluarga",
        help_text="16 angka di KTP atau KK. Boleh pakai spasi.",
        validators=[RegexValidator(r"^(\d\s*){16}$", "NIK harus 16 angka.")],
        widget=forms.TextInput(attrs={"data-nik": "", "inputmode": "numeric", "autocomplete": "off"}),
    )
    lantai = forms.ChoiceField(
        label="Lantai rumah", choices=[("tanah", "Tanah"), ("semen", "Semen")], widget=forms.RadioSelect
    )
    aset = forms.MultipleChoiceField(
        label="Barang yang dimiliki",
        required=False,
        choices=[("motor", "Sepeda motor"), ("kulkas", "Kulkas")],
        widget=forms.CheckboxSelectMultiple,
    )
    catatan = forms.CharField(
        label="Catatan", required=False, widget=forms.Textarea(attrs={"data-hitung": "300", "rows": 3})
    )
    foto = forms.FileField(
        label="Foto rumah tampak depan",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment", "data-foto": "1600"}),
    )
    setuju = forms.BooleanField(label="Keluarga setuju datanya dicatat")


class SaringForm(forms.Form):
    """Filter bar of the example list."""

    cari = forms.CharField(label="Nama")
    status = forms.ChoiceField(label="Status", choices=[("", "Semua"), ("diajukan", "Diajukan")])


def _data() -> dict[str, object]:
    now = timezone.now()
    return {
        "isian": ContohForm(prefix="a", use_required_attribute=False),
        "salah": ContohForm({"b-nik": "32051"}, prefix="b", use_required_attribute=False),
        "saring": SaringForm(prefix="c", use_required_attribute=False),
        "sekarang": now,
        "batas": timezone.localdate() + timedelta(days=3),
        "spanduk_batas": [
            {
                "kalimat": "Batas usulan PKH bulan November 2026: 17 November 2026 pukul 23.59 WIB, sisa 3 hari.",
                "rincian": "42 draf belum diajukan, 3 foto rumah kurang.",
                "url": "#spanduk-batas",
                "dekat": True,
            },
            {
                "kalimat": "Batas usulan bulan Desember 2026: 17 Desember 2026 pukul 23.59 WIB, sisa 33 hari.",
                "rincian": "5 usulan belum dikirim ke Dinsos.",
                "url": "#spanduk-batas",
                "dekat": False,
            },
        ],
        "jumlah": 12345,
        "uang": 200000,
        "nik": "3205010101010001",
        "tahap": ["Draf", "Musdes", "Verifikasi Dinsos", "Pengesahan", "Kirim", "Ditetapkan"],
        "riwayat": [
            {
                "label": "Dikembalikan ke operator desa",
                "waktu": now,
                "oleh": "Tuti, verifikator",
                "alasan": "Foto rumah buram.",
            },
            {
                "label": "Diajukan",
                "waktu": now - timedelta(days=2),
                "oleh": "Asep, operator desa",
                "alasan": "",
            },
        ],
        "baris": [("Nama", "Siti Aminah", "#ringkasan-data"), ("Desa", "Sukamaju, Kec. Cilawu")],
        "tugas": [
            ("Data keluarga", "#daftar-tugas", "selesai"),
            ("Foto rumah", "#daftar-tugas", "sebagian"),
            ("Kirim", "", "belum_mulai"),
        ],
        "orang": [
            {"nama": "Siti Aminah", "nik": "3205014101800001", "status": "diajukan", "anggota": 4},
            {"nama": "Ujang Suparman", "nik": "3205010502750002", "status": "ditolak", "anggota": 2},
        ],
    }


@require_safe
def komponen(request: HttpRequest) -> HttpResponse:
    """Every component: when to use it, live, and the source to copy."""
    data = _data()
    contoh = [
        {
            "id": slugify(judul),
            "judul": judul,
            "kapan": kapan,
            "kode": kode,
            "hasil": engines["django"].from_string(kode).render(data, request),
        }
        for judul, kapan, kode in CONTOH
    ]
    return render(request, "portal/komponen.html", {"contoh": contoh})
