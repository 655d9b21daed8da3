"""The visit form: one gate and eight criteria of Kepmensos 262/HUK/2022, answered Ya or Tidak, concluded by a person."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone

from core.files import MAX_BYTES
from core.forms import (
    AccuracyField,
    CoordinateField,
    DayField,
    PastDayField,
    PhotoField,
    PlainTextField,
    SendOnceForm,
    WholeField,
)
from dtks.models import KRITERIA, Asesmen

YA_TIDAK = [("True", "Ya"), ("False", "Tidak")]
NILAI = {"True": True, "False": False}
JENIS_FOTO = [
    ("rumah_depan", "Rumah tampak depan"),
    ("rumah_dalam", "Bagian dalam rumah"),
    ("lain", "Lainnya"),
]
JAM_HP_CEPAT, JAM_HP_LAMA = timedelta(minutes=10), timedelta(days=60)
LOKASI = ("lintang", "bujur", "akurasi_m")
BUKAN_KOLOM = (
    "kunci_kirim", "versi", "patokan", "foto", "jenis_foto", "tanpa_benturan", "ke", "dasar", "kunjungan_lagi",
)  # fmt: skip


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


class PhoneClockField(forms.CharField):
    """The moment that the officer's phone told. A clock that is plainly wrong is no reason to lose a visit."""

    def clean(self, value: Any) -> datetime | None:
        try:
            saat = datetime.fromisoformat(super().clean(value))
        except (ValueError, forms.ValidationError):
            return None
        if saat.tzinfo is None:
            return None
        kini = timezone.now()
        return saat if kini - JAM_HP_LAMA <= saat <= kini + JAM_HP_CEPAT else None


class AsesmenForm(SendOnceForm):
    """Everything may be left for later but the day and how the visit went."""

    tanpa_benturan = forms.BooleanField(
        label="Saya bukan pengusul, bukan keluarga, dan tidak punya kepentingan dengan keluarga ini",
        required=False,
    )
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
    akurasi_m = AccuracyField()
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
    kunjungan_lagi = DayField(
        label="Kunjungan berikutnya",
        required=False,
        help_text="Diisi bila kali ini tidak ada yang bisa ditemui, menolak, atau pindah.",
    )
    versi = WholeField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)
    ke = WholeField(widget=forms.HiddenInput, required=False, min_value=1, max_value=32_000)
    dasar = forms.RegexField(r"^[0-9T:.+-]*$", widget=forms.HiddenInput, required=False, max_length=40)
    mulai_at = PhoneClockField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, asesmen: Asesmen | None, initial: dict[str, Any], **kwargs: Any):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, initial=awal(asesmen) | initial, **kwargs)

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
        """Columns of Asesmen, and the declaration."""
        isi = {k: v for k, v in self.cleaned_data.items() if k not in BUKAN_KOLOM or k == "tanpa_benturan"}
        if isi["mulai_at"] is None:
            del isi["mulai_at"]
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
    return {k: getattr(asesmen, k) for k in kolom} | {"tanpa_benturan": asesmen.tanpa_benturan_at is not None}


class FotoKunjunganForm(SendOnceForm):
    """One photo from the phone's queue."""

    jenis = forms.ChoiceField(choices=JENIS_FOTO, error_messages={"required": "Pilih foto apa."})
    foto = PhotoField()

    clean_foto = AsesmenForm.clean_foto


class AkhirForm(SendOnceForm):
    """The last word of a visit that was sent from the phone's queue, after its photos."""

    aksi = forms.ChoiceField(choices=[("selesai", "selesai"), ("lagi", "lagi")])
    versi = WholeField(required=False, min_value=0, max_value=2_000_000_000)
    kunjungan_lagi = DayField(required=False)


class MulaiForm(forms.Form):
    """Where the officer's day begins."""

    lintang = CoordinateField(label="Lintang", low=-11.5, high=6.5, required=False)
    bujur = CoordinateField(label="Bujur", low=94.5, high=141.5, required=False)
