"""The family: card, address, location; searching the register; PPKS of a member."""

from typing import Any

from django import forms

from core import identity
from core.forms import AccuracyField, CoordinateField, KkField, NikField, PhoneField, SendOnceForm
from core.text import Tanda
from dtks.forms.anggota import kode_dikenal
from dtks.forms.pilihan import BanyakKode, IsianForm, LineField, RtRwField, YaTidakField
from dtks.models import KategoriPPKS, Keluarga

TANDA_KK = frozenset({"WILAYAH_TIDAK_DIKENAL", "TANGGAL_KK_JANGGAL"})


def rapikan_titik(form: forms.Form, data: dict[str, Any]) -> None:
    """A point has both numbers or none; an accuracy without a point says nothing and is left out."""
    titik = [data.get(k) for k in ("lintang", "bujur")]
    if (titik[0] is None) != (titik[1] is None) and not {"lintang", "bujur"} & set(form.errors):
        form.add_error("bujur", "Lintang dan bujur diisi berdua, atau dikosongkan berdua.")
    if titik == [None, None] and "akurasi_m" in data:
        data["akurasi_m"] = None


class KeluargaForm(IsianForm):
    """The card and the address of a family that is in a proposal."""

    no_kk = KkField(required=False, help_text="16 angka di Kartu Keluarga.")
    alamat = LineField(label="Alamat tinggal sekarang", limit=200, help_text="Nama jalan atau kampung.")
    rt = RtRwField(label="RT")
    rw = RtRwField(label="RW")
    alamat_kk = LineField(
        label="Alamat menurut KK",
        limit=200,
        required=False,
        help_text="Isi bila berbeda dengan alamat tinggal.",
    )
    telepon = PhoneField(label="Nomor HP", required=False, help_text="Contoh: 0812 3456 7890.")
    patokan = LineField(
        label="Patokan lokasi", limit=200, required=False, help_text="Contoh: belakang masjid Al-Ikhlas."
    )
    lintang = CoordinateField(label="Lintang", low=-11.5, high=6.5, required=False)
    bujur = CoordinateField(label="Bujur", low=94.5, high=141.5, required=False)
    akurasi_m = AccuracyField(help_text="Diisi HP bersama titiknya. Kosongkan bila titik diketik sendiri.")

    adat = YaTidakField(label="Keluarga komunitas adat")
    nama_suku = LineField(
        label="Nama suku", limit=60, required=False, help_text="Hanya untuk komunitas adat."
    )
    bantuan = BanyakKode("bantuan", label="Bantuan yang sedang diterima")

    def __init__(self, *args: Any, keluarga: Keluarga, **kwargs: Any):
        self.keluarga = keluarga
        self.tanda: list[Tanda] = []
        super().__init__(*args, **kwargs)
        for kolom, label in (("no_kk", "Nomor KK baru"), ("telepon", "Nomor HP baru")):
            if nilai := getattr(keluarga, kolom):
                self.fields[kolom].label = label
                self.fields[kolom].help_text = f"Sekarang {nilai}. Isi hanya bila ingin menggantinya."
        if keluarga.wilayah_id.count(".") > 3:  # an RW or RT: its number is part of the area
            self.fields["rw"].disabled = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        rapikan_titik(self, data)
        if data.get("no_kk"):
            self.tanda = identity.check_kk(data["no_kk"], kode_wilayah_dikenal=kode_dikenal).tanda
        return data

    @property
    def simpanan(self) -> dict[str, Any]:
        """Columns to store. Numbers left empty stay as they are: the form shows them masked."""
        data = {k: v for k, v in self.isi.items() if k not in ("no_kk", "telepon") or v}
        if "no_kk" in data:
            tetap = set(self.keluarga.tanda) - TANDA_KK
            data["tanda"] = sorted(tetap | {t.kode for t in self.tanda})
        return data


class CariNamaForm(forms.Form):
    """Search of the register by the first letters of the head's name, inside the own area."""

    nama = LineField(
        label="Nama kepala keluarga", limit=100, required=False, help_text="Huruf-huruf awal namanya."
    )


class NomorField(NikField):
    """Both numbers have 16 digits; the structure of a KK is the wider one."""

    def check(self, raw: str) -> tuple[str, list[str]]:
        result = identity.check_kk(raw)
        return result.kk, [g.replace("Nomor KK", "Nomor") for g in result.galat]


class CariNomorForm(forms.Form):
    """Search by NIK or KK; sent by POST so that the number is in no address and no log."""

    nomor = NomorField(
        label="NIK atau nomor KK", error_messages={"required": "Isi 16 angka NIK atau nomor KK."}
    )


class PpksForm(SendOnceForm):
    """Put a member in a category. Sensitive categories are offered only to those who may record them."""

    kategori = forms.ModelChoiceField(
        KategoriPPKS.objects.none(),
        label="Kategori PPKS",
        empty_label="Pilih kategori",
        error_messages={
            "required": "Pilih kategorinya.",
            "invalid_choice": "Kategori ini tidak ada di daftar.",
        },
    )
    sumber = LineField(
        label="Sumber keterangan",
        limit=100,
        help_text="Contoh: laporan RT, surat rumah sakit, hasil kunjungan.",
    )

    def __init__(self, *args: Any, umum: bool, sensitif: bool, **kwargs: Any):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        boleh = [b for b, ya in ((False, umum), (True, sensitif)) if ya]
        self.fields["kategori"].queryset = KategoriPPKS.objects.filter(sensitif__in=boleh)


class BukaNomorForm(forms.Form):
    alasan = LineField(
        label="Mengapa Anda perlu melihat nomor lengkap?",
        limit=200,
        error_messages={"required": "Tulis alasannya."},
        help_text="Contoh: mencocokkan dengan KTP asli. Alasan dan nama Anda dicatat.",
    )
