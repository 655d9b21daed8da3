"""The visit form: one gate and eight criteria of Kepmensos 262/HUK/2022, answered Ya or Tidak, concluded by a person."""

from typing import Any

from django import forms
from django.utils import timezone

from core.files import MAX_BYTES
from core.forms import CoordinateField, PastDayField, PhotoField, PlainTextField, SendOnceForm, WholeField
from dtks.models import KRITERIA, Asesmen

YA_TIDAK = [("True", "Ya"), ("False", "Tidak")]
NILAI = {"True": True, "False": False}
JENIS_FOTO = [
    ("rumah_depan", "Rumah tampak depan"),
    ("rumah_dalam", "Bagian dalam rumah"),
    ("lain", "Lainnya"),
]
LOKASI = ("lintang", "bujur", "akurasi_m")
BUKAN_KOLOM = ("kunci_kirim", "versi", "patokan", "foto", "jenis_foto")


class LaterField(forms.TypedChoiceField):
    """An answer that is asked for, so not marked as optional, but may be left for the next saving."""

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:
            super().validate(value)


class YaTidakField(LaterField):
    def __init__(self, label: str):
        super().__init__(
            label=label,
            choices=YA_TIDAK,
            widget=forms.RadioSelect,
            coerce=NILAI.get,
            empty_value=None,
            error_messages={"invalid_choice": "Pilih Ya atau Tidak."},
        )


class AsesmenForm(SendOnceForm):
    """Everything may be left for later but the day and how the visit went."""

    tanggal = PastDayField(label="Tanggal kunjungan")
    kunjungan = forms.ChoiceField(
        label="Hasil kunjungan",
        choices=Asesmen.Kunjungan.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih hasil kunjungan."},
    )
    tanpa_tempat_tinggal = YaTidakField("Tidak punya tempat berteduh atau tempat tinggal?")
    izin_lokasi = forms.BooleanField(label="Keluarga mengizinkan titik lokasi dicatat", required=False)
    lintang = CoordinateField(label="Lintang", low=-11.5, high=6.5, required=False)
    bujur = CoordinateField(label="Bujur", low=94.5, high=141.5, required=False)
    akurasi_m = WholeField(
        label="Ketelitian (meter)",
        required=False,
        min_value=0,
        max_value=100_000,
        error_messages={
            "invalid": "Tulis angka bulat, misalnya 12.",
            "max_value": "Ketelitian terlalu besar.",
        },
    )
    patokan = PlainTextField(
        label="Patokan lokasi",
        limit=200,
        rows=1,
        required=False,
        help_text="Contoh: belakang masjid, cat hijau.",
    )
    jenis_foto = forms.ChoiceField(label="Foto apa", choices=JENIS_FOTO, required=False)
    foto = PhotoField(label="Tambah foto", required=False)
    kesimpulan = LaterField(
        label="Kesimpulan petugas",
        choices=Asesmen.Kesimpulan.choices,
        widget=forms.RadioSelect,
        empty_value="",
        help_text="Tidak ada jumlah jawaban “Ya” yang otomatis berarti layak. Anda yang menyimpulkan.",
    )
    catatan = PlainTextField(label="Catatan petugas", limit=4000, rows=4, required=False)
    versi = WholeField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)

    def __init__(self, *args: Any, asesmen: Asesmen | None, patokan: str, versi: int, **kwargs: Any):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, initial=awal(asesmen) | {"patokan": patokan, "versi": versi}, **kwargs)

    def clean_foto(self) -> Any:
        foto = self.cleaned_data.get("foto")
        if foto and foto.size > MAX_BYTES:
            raise forms.ValidationError("Foto lebih besar dari 10 MB. Perkecil dulu atau ambil ulang.")
        return foto

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        titik = [data.get(k) for k in ("lintang", "bujur")]
        if any(t is not None for t in titik) and not data.get("izin_lokasi"):
            self.add_error(
                "izin_lokasi",
                "Titik lokasi hanya boleh dicatat bila keluarga mengizinkan. Centang, atau kosongkan titiknya.",
            )
        salah = {"lintang", "bujur"} & set(self.errors)
        if not salah and (titik[0] is None) != (titik[1] is None):
            self.add_error(
                "lintang" if titik[0] is None else "bujur", "Isi lintang dan bujur, atau kosongkan keduanya."
            )
        return data

    def jawaban(self) -> dict[str, Any]:
        """Columns of Asesmen."""
        isi = {k: v for k, v in self.cleaned_data.items() if k not in BUKAN_KOLOM}
        return isi | {"tanpa_tempat_tinggal": bool(isi["tanpa_tempat_tinggal"])}

    @property
    def kriteria(self) -> list[forms.BoundField]:
        return [self[nama] for nama, _ in KRITERIA]


for _nama, _label in KRITERIA:
    AsesmenForm.base_fields[_nama] = YaTidakField(_label)


def awal(asesmen: Asesmen | None) -> dict[str, Any]:
    """What the form shows first: the visit that is not finished yet, or today's date."""
    if asesmen is None or asesmen.selesai_at:
        return {"tanggal": timezone.localdate()}
    kolom = [k for k in AsesmenForm.base_fields if k not in BUKAN_KOLOM]
    return {k: getattr(asesmen, k) for k in kolom}
