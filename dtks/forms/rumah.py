"""Dwelling, assets and photos of a family."""

from typing import Any

from django import forms

from core.forms import PhotoField
from dtks.forms.pilihan import CountField, IsianForm, LineField, PilihanKode, pilihan

ASET_MAKS = 100_000  # the same bound as the constraint of the table


class RumahForm(IsianForm):
    """Lists and their order as in the DTSEN family form (domain.md §2.5)."""

    status_rumah = PilihanKode("status_rumah", label="Status kepemilikan rumah")
    luas_lantai = CountField(label="Luas lantai (m²)", least=1, most=10_000)
    jumlah_keluarga = CountField(label="Jumlah keluarga dalam rumah", least=1, most=99, required=False)
    lantai = PilihanKode("lantai", label="Jenis lantai terluas")
    dinding = PilihanKode("dinding", label="Jenis dinding terluas")
    atap = PilihanKode("atap", label="Jenis atap terluas")
    air_minum = PilihanKode("air_minum", label="Sumber air minum utama")
    jarak_limbah = PilihanKode(
        "jarak_limbah",
        label="Jarak sumber air ke pembuangan limbah",
        required=False,
        help_text="Untuk sumur atau mata air.",
    )
    penerangan = PilihanKode("penerangan", label="Sumber penerangan utama")
    daya = PilihanKode(
        "daya",
        label="Daya listrik terpasang",
        required=False,
        help_text="Hanya bila listrik PLN dengan meteran.",
    )
    daya_2 = PilihanKode("daya", label="Daya meteran kedua", required=False)
    daya_3 = PilihanKode("daya", label="Daya meteran ketiga", required=False)
    id_pelanggan = LineField(label="Nomor meter atau ID pelanggan PLN", limit=20, required=False)
    memasak = PilihanKode("memasak", label="Bahan bakar utama memasak")
    bab = PilihanKode("bab", label="Fasilitas buang air besar")
    kloset = PilihanKode("kloset", label="Jenis kloset", required=False)
    tinja = PilihanKode("tinja", label="Pembuangan akhir tinja", required=False)


class AsetForm(IsianForm):
    """One count for each kind; 0 is an answer."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for kode, label in pilihan(["aset"])["aset"]:
            self.fields[kode] = CountField(label=label, most=ASET_MAKS, initial=0)
            self.fields[kode].same_for_all = True  # type: ignore[attr-defined]


class FotoForm(IsianForm):
    jenis = PilihanKode("foto_keluarga", label="Foto apa?", widget=forms.RadioSelect)
    foto = PhotoField(
        label="Foto",
        help_text="Ambil siang hari, seluruhnya terlihat. JPEG, PNG, atau WebP, paling besar 10 MB.",
    )


class GantiFotoForm(IsianForm):
    """A better picture of the same thing."""

    foto = PhotoField(label="Foto pengganti", help_text="JPEG, PNG, atau WebP, paling besar 10 MB.")


class HapusFotoForm(IsianForm):
    alasan = forms.ChoiceField(
        label="Mengapa foto ini dihapus?",
        choices=[
            ("salah_keluarga", "Foto keluarga atau rumah lain"),
            ("buram", "Buram atau tidak jelas"),
            ("orang_lain", "Ada orang yang tidak mau difoto"),
            ("ganda", "Foto yang sama sudah ada"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih alasannya.", "invalid_choice": "Pilih alasan dari daftar."},
    )
