"""Downloading a list: what the form asks, and which list goes with which filter of which page."""

from typing import Any

from django import forms
from django.core.exceptions import SuspiciousOperation
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from core.forms import SendOnceForm
from dtks.exports import isi
from dtks.exports.daftar import Daftar, Permintaan, Tersaring, daftarkan, dengan_kepala, uraian
from dtks.forms.keluarga import CariNamaForm
from dtks.forms.musyawarah import SaringForm as SaringMusyawarah
from dtks.forms.padan import SaringForm as SaringPadan
from dtks.forms.pilihan import LineField, bersyarat
from dtks.forms.usulan import UsulanFilter
from dtks.models import Individu, Keluarga, Musyawarah, TiketPadan, Usulan

FORMAT = [
    ("xlsx", "Excel (.xlsx): NIK, KK, dan RT tetap utuh"),
    ("csv", "CSV: untuk program lain. Jangan dibuka langsung dengan Excel, angka NIK bisa berubah"),
]
NOMOR = [("samar", "Disamarkan"), ("lengkap", "Lengkap. Alasannya dicatat atas nama Anda")]


class UnduhForm(SendOnceForm):
    format = forms.ChoiceField(
        label="Bentuk berkas",
        choices=FORMAT,
        initial="xlsx",
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih bentuk berkasnya.", "invalid_choice": "Bentuk ini tidak ada."},
    )
    nomor = forms.ChoiceField(
        label="NIK dan nomor KK",
        choices=NOMOR,
        initial="samar",
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih salah satu.", "invalid_choice": "Pilihan ini tidak ada."},
    )
    alasan = bersyarat(
        LineField(
            label="Untuk apa nomor lengkap dipakai?",
            limit=200,
            required=False,
            help_text="Wajib bila memilih nomor lengkap. Contoh: diunggah ke SIKS-NG.",
        )
    )

    def __init__(self, *args: Any, bernomor: bool, **kwargs: Any):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        if not bernomor:
            del self.fields["nomor"], self.fields["alasan"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("nomor") == "lengkap" and len(data.get("alasan", "")) < 5 and "alasan" not in self.errors:
            self.add_error("alasan", "Tulis untuk apa nomor lengkap dipakai.")
        return data


def kenal(permintaan: Permintaan, dikenal: set[str]) -> None:
    if set(permintaan.GET) - dikenal - {"kursor"}:
        raise SuspiciousOperation("unknown filter")


def _usulan(permintaan: Permintaan) -> Tersaring:
    kenal(permintaan, set(UsulanFilter.base_filters))
    rows = Usulan.objects.visible_to(permintaan.user)
    saring = UsulanFilter(permintaan.GET, queryset=rows, request=permintaan)
    if not saring.is_valid():
        raise SuspiciousOperation("bad filter")
    hasil = uraian(saring.form, saring.form.cleaned_data)
    return Tersaring(dengan_kepala(saring.qs, "keluarga"), hasil.kata, hasil.catat)


def _keluarga(permintaan: Permintaan) -> Tersaring:
    """The page lists nothing until a name is typed; the file without a name is the whole register of the person's areas."""
    kenal(permintaan, {"nama"})
    form = CariNamaForm(permintaan.GET)
    if not form.is_valid():
        raise SuspiciousOperation("bad filter")
    rows = Keluarga.objects.visible_to(permintaan.user)
    if nama := form.cleaned_data["nama"]:
        rows = rows.filter(nama_kepala__istartswith=nama)
    anggota = Individu.objects.filter(keluarga=OuterRef("pk"), aktif=True).order_by()
    n = anggota.values("keluarga").annotate(n=Count("pk")).values("n")
    rows = dengan_kepala(rows, "").annotate(n_anggota=Coalesce(Subquery(n, output_field=IntegerField()), 0))
    hasil = uraian(form, form.cleaned_data)
    return Tersaring(rows, hasil.kata, hasil.catat)


def _padan(permintaan: Permintaan) -> Tersaring:
    form = SaringPadan(permintaan.GET, luas=permintaan.user.cakupan("padan.lihat"))
    kenal(permintaan, {"wilayah", "kategori", "status"})
    if not form.is_valid():
        raise SuspiciousOperation("bad filter")
    rows = form.saring(TiketPadan.objects.visible_to(permintaan.user))
    hasil = uraian(form, form.cleaned_data)
    return Tersaring(rows, hasil.kata, hasil.catat)


def _musyawarah(permintaan: Permintaan) -> Tersaring:
    form = SaringMusyawarah(permintaan.GET)
    kenal(permintaan, set(form.fields))
    if not form.is_valid():
        raise SuspiciousOperation("bad filter")
    rows = Musyawarah.objects.visible_to(permintaan.user)
    if status := form.cleaned_data["status"]:
        rows = rows.filter(status=status)
    sepakat = Q(putusan__putusan="disepakati")
    rows = rows.annotate(
        n_usulan=Count("putusan"),
        n_sepakat=Count("putusan", filter=sepakat),
        n_tolak=Count("putusan", filter=~sepakat & ~Q(putusan__putusan="")),
    )
    hasil = uraian(form, form.cleaned_data)
    return Tersaring(rows, hasil.kata, hasil.catat)


USULAN = daftarkan(
    Daftar(
        "usulan", "Daftar usulan", "dtks.Usulan", "usulan_daftar", ("usulan.lihat", "usulan.ases"),
        _usulan, isi.kolom_usulan, ("wilayah_id", "keluarga__nama_kepala", "pk"),
    )
)  # fmt: skip
KELUARGA = daftarkan(
    Daftar(
        "keluarga", "Daftar keluarga (BNBA)", "dtks.Keluarga", "keluarga_daftar", ("keluarga.lihat",),
        _keluarga, isi.kolom_keluarga, ("wilayah_id", "nama_kepala", "pk"),
    )
)  # fmt: skip
PADAN = daftarkan(
    Daftar(
        "padan", "NIK tidak padan", "dtks.TiketPadan", "padan_daftar", ("padan.lihat",),
        _padan, isi.kolom_padan, ("created_at", "pk"),
    )
)  # fmt: skip
MUSYAWARAH = daftarkan(
    Daftar(
        "musyawarah", "Daftar musyawarah", "dtks.Musyawarah", "musyawarah_daftar", ("musyawarah.lihat",),
        _musyawarah, isi.kolom_musyawarah, ("-waktu", "pk"), bernomor=False,
    )
)  # fmt: skip
