"""Forms of objections: those of citizens, and those of the desk. They validate; the actions save."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from accounts.models import Pengguna
from core import identity
from core.forms import (
    AccuracyField,
    BirthDateField,
    CoordinateField,
    NameField,
    NikField,
    PastDayField,
    PhoneField,
    PhotoField,
    PlainTextField,
    ScanSheetsField,
    SendOnceForm,
)
from core.tantangan import FormTantangan
from pengaduan.actions.perkara import TUTUP
from pengaduan.actions.sanggah_data import TANPA
from pengaduan.models import HakJawab, PerkaraSanggah, Sanggah, SanggahData
from wilayah.forms import PilihWilayahField

BEGITU = "Di KTP saya memang tertulis begitu"


class NikKartuField(NikField):
    """The own NIK. Sixteen digits with a date that cannot be stand on real cards too: asked once more, then accepted as it is;
    whether it is his is checked by Dukcapil or by a person."""

    def check(self, raw: str) -> tuple[str, list[str]]:
        nomor, galat = super().check(raw)
        if galat:
            try:
                angka = identity.normalise_digits(raw)
            except ValueError:
                return nomor, galat
            if len(angka) == identity.NIK_LENGTH:
                return (angka, []) if self.begitu else (nomor, [*galat, f"Bila benar, centang “{BEGITU}”."])
        return nomor, galat

    begitu = False


class NikKartuMixin(forms.Form):
    """For forms with `nik` and `nik_begitu`; the tick is shown only where a number was refused or it is ticked."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["nik"].begitu = bool(self.data.get("nik_begitu"))

    @property
    def tanya_begitu(self) -> bool:
        return "nik" in self.errors or bool(self.data.get("nik_begitu"))


class TitikMixin(forms.Form):
    """A point on the map has two numbers or none."""

    lintang = CoordinateField(label="Lintang", low=-11.5, high=6.5, required=False)
    bujur = CoordinateField(label="Bujur", low=94.5, high=141.5, required=False)
    akurasi_m = AccuracyField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        titik = [data.get(k) for k in ("lintang", "bujur")]
        if (titik[0] is None) != (titik[1] is None) and not {"lintang", "bujur"} & set(self.errors):
            self.add_error("bujur", "Lintang dan bujur diisi berdua, atau dikosongkan berdua.")
        return data


class SanggahForm(NikKartuMixin, FormTantangan, TitikMixin, SendOnceForm):
    """A neighbour objects: about whom, why, where, and who he is."""

    nama_dimaksud = NameField(
        label="Nama kepala keluarga yang Anda maksud",
        help_text="Tulis nama lengkapnya, supaya tidak tertukar dengan nama yang mirip.",
        error_messages={"required": "Tuliskan nama kepala keluarga itu."},
    )
    alasan = forms.ChoiceField(
        label="Mengapa tidak layak?", error_messages={"required": "Pilih satu alasan."}
    )
    cerita = PlainTextField(
        label="Ceritakan yang Anda ketahui",
        help_text="Cerita ini hanya dibaca Dinas Sosial. Keluarga itu hanya diberi tahu alasannya.",
        limit=2000,
        rows=5,
        error_messages={"required": "Ceritakan yang Anda ketahui."},
    )
    foto = PhotoField(label="Foto rumah keluarga itu", help_text="Dari jalan saja, jangan masuk ke halaman.")
    patokan = PlainTextField(
        label="Letak rumahnya",
        help_text="Contoh: sebelah kiri masjid Al-Ikhlas. Boleh kosong bila titik di bawah diisi.",
        limit=200,
        rows=1,
        required=False,
    )
    nik = NikKartuField(label="NIK Anda", help_text="16 angka di KTP.")
    nik_begitu = forms.BooleanField(label=BEGITU, required=False)
    nama = NameField(label="Nama Anda", help_text="Seperti di KTP.", error_messages={"required": "Isi nama Anda."})  # fmt: skip
    lahir = BirthDateField(label="Tanggal lahir Anda")
    telepon = PhoneField(label="Nomor HP Anda", required=False, help_text="Contoh: 0812 3456 7890.")
    ktp = PhotoField(
        label="Foto KTP Anda",
        required=False,
        help_text="Boleh kosong. Dinas Sosial memintanya bila data Anda belum cocok.",
    )
    benar = forms.BooleanField(
        label="Yang saya tulis ini benar dan saya tahu sendiri.",
        error_messages={"required": "Centang bila yang Anda tulis benar."},
    )

    field_order = [
        "nama_dimaksud", "alasan", "cerita", "foto", "patokan", "lintang", "bujur", "akurasi_m", "nik", "nik_begitu", "nama", "lahir", "telepon", "ktp", "benar",
    ]  # fmt: skip

    def __init__(self, *args: Any, alasan: list[tuple[str, list[tuple[str, str]]]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["alasan"].choices = [("", "Pilih alasannya"), *alasan]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        tanpa = data.get("lintang") is None and not data.get("patokan")
        if tanpa and not {"lintang", "bujur", "patokan"} & set(self.errors):
            self.add_error("patokan", "Tuliskan letak rumahnya, atau isi titik lokasinya.")
        return data


class SanggahDataForm(NikKartuMixin, FormTantangan, SendOnceForm):
    """A family shows that a datum about it is wrong."""

    salah = forms.ChoiceField(
        label="Data apa yang salah?",
        choices=SanggahData.Salah.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih data yang salah."},
    )
    cerita = PlainTextField(
        label="Ceritakan keadaan yang benar",
        limit=2000,
        rows=5,
        error_messages={"required": "Ceritakan keadaan yang benar."},
    )
    bukti = ScanSheetsField(
        label="Bukti",
        help_text="Foto atau PDF. Contoh: surat keterangan dari kantor, KTP, kartu pensiun, surat dari desa.",
        error_messages={"required": "Unggah paling sedikit satu bukti."},
    )
    nik = NikKartuField(label="NIK Anda", help_text="16 angka di KTP.")
    nik_begitu = forms.BooleanField(label=BEGITU, required=False)
    nama = NameField(label="Nama Anda", help_text="Seperti di KTP.", error_messages={"required": "Isi nama Anda."})  # fmt: skip
    lahir = BirthDateField(label="Tanggal lahir Anda")
    telepon = PhoneField(label="Nomor HP Anda", required=False, help_text="Contoh: 0812 3456 7890.")
    wilayah = PilihWilayahField(label="Desa atau kelurahan Anda", mulai=settings.KABUPATEN)


class PeganganForm(SendOnceForm):
    """A step at /lacak/, by whoever showed ticket and PIN a moment ago."""

    pegangan = forms.CharField(widget=forms.HiddenInput, max_length=300)


class KtpForm(PeganganForm):
    ktp = PhotoField(label="Foto KTP Anda", help_text="Seluruh KTP terlihat dan tulisannya terbaca.")


class JawabForm(PeganganForm):
    jawaban = PlainTextField(
        label="Jawaban Anda",
        help_text="Ceritakan keadaan keluarga Anda yang sebenarnya.",
        limit=2000,
        rows=6,
        error_messages={"required": "Tuliskan jawaban Anda."},
    )
    bukti = PhotoField(label="Foto pendukung", required=False, help_text="Boleh kosong. Contoh: foto rumah.")


class VersiForm(SendOnceForm):
    versi = forms.IntegerField(widget=forms.HiddenInput)


class DengarForm(VersiForm):
    alasan = forms.MultipleChoiceField(
        label="Alasan yang ditanyakan ke keluarga",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Pilih paling sedikit satu alasan."},
    )
    ringkasan = PlainTextField(
        label="Keterangan untuk keluarga",
        help_text="Boleh kosong. Jangan menyalin cerita penyanggah: kata-katanya bisa membuka siapa dia.",
        limit=500,
        required=False,
    )

    def __init__(self, *args: Any, alasan: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["alasan"].choices = alasan


class TutupForm(VersiForm):
    alasan = forms.ChoiceField(
        label="Alasan tidak dilanjutkan",
        choices=list(TUTUP.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih alasannya."},
    )
    catatan = PlainTextField(label="Catatan untuk Dinas", limit=500, required=False)


class TugaskanForm(VersiForm):
    petugas = forms.ModelChoiceField(
        Pengguna.objects.none(),
        label="Petugas lapangan",
        help_text="Hanya petugas yang tidak punya hubungan dengan keluarga ini dan dulu tidak memproses usulannya.",
        empty_label="Pilih petugas",
        error_messages={"required": "Pilih petugasnya."},
    )

    def __init__(self, *args: Any, petugas: list[Pengguna], **kwargs: Any):
        super().__init__(*args, **kwargs)
        ids = [p.pk for p in petugas]
        self.fields["petugas"].queryset = Pengguna.objects.filter(pk__in=ids).order_by("nama", "pk")


class CatatanForm(VersiForm):
    catatan = PlainTextField(label="Catatan", limit=500, error_messages={"required": "Tuliskan catatannya."})


class LaporForm(TitikMixin, VersiForm):
    temuan = forms.ChoiceField(
        label="Kesimpulan",
        choices=PerkaraSanggah.Temuan.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih kesimpulannya."},
    )
    uraian = PlainTextField(
        label="Yang ditemukan", limit=2000, rows=6, error_messages={"required": "Tuliskan yang ditemukan."}
    )
    tanggal = PastDayField(label="Tanggal pemeriksaan")
    foto = ScanSheetsField(label="Foto", help_text="Paling banyak 5 foto.")

    def clean_foto(self) -> list[Any]:
        foto = self.cleaned_data["foto"]
        if len(foto) > 5:
            raise ValidationError("Paling banyak 5 foto.")
        return foto


class PutusForm(VersiForm):
    putusan = forms.ChoiceField(
        label="Putusan",
        choices=[
            ("kabulkan", "Sanggahan terbukti"),
            ("tolak", "Sanggahan tidak terbukti, keluarga tetap menerima"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih putusannya."},
    )
    baris = forms.MultipleChoiceField(
        label="Bila terbukti, bantuan yang diusulkan dihapus",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    alasan = PlainTextField(
        label="Alasan putusan",
        help_text="Dibaca keluarga itu. Jangan menulis apa pun tentang penyanggah.",
        limit=2000,
        rows=5,
        error_messages={"required": "Tuliskan alasan putusannya."},
    )

    def __init__(self, *args: Any, baris: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["baris"].choices = baris
        if not baris:
            del self.fields["baris"]


class BukaForm(SendOnceForm):
    alasan = PlainTextField(
        label="Alasan membuka identitas",
        limit=200,
        rows=1,
        help_text="Dicatat di jejak audit bersama nama Anda.",
        error_messages={"required": "Tuliskan alasannya."},
    )


class NilaiForm(SendOnceForm):
    hasil = forms.ChoiceField(
        label="Hasil pemeriksaan identitas",
        choices=[
            (Sanggah.Identitas.SAH, "Benar, warga desa ini"),
            (Sanggah.Identitas.DIMINTA_KTP, "Minta foto KTP"),
            (Sanggah.Identitas.TIDAK_TERBUKTI, "Tidak terbukti"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih hasilnya."},
    )
    alasan = PlainTextField(
        label="Dasar penilaian",
        limit=300,
        rows=2,
        help_text="Bila tidak terbukti, kalimat ini dibaca penyanggah.",
        error_messages={"required": "Tuliskan dasarnya."},
    )


# --- the village and the counter --------------------------------------------------------------------------


class SuratForm(SendOnceForm):
    pass


class SampaikanForm(SendOnceForm):
    tanggal = PastDayField(label="Tanggal surat diantar")
    cara = forms.ChoiceField(
        label="Bagaimana suratnya sampai?",
        choices=HakJawab.Cara.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih salah satu."},
    )


class LoketForm(SendOnceForm):
    jawaban = PlainTextField(
        label="Jawaban keluarga",
        help_text="Tulis seperti yang disampaikan keluarga.",
        limit=2000,
        rows=6,
        error_messages={"required": "Tuliskan jawabannya."},
    )
    berkas = ScanSheetsField(label="Jawaban yang ditandatangani", help_text="Foto atau PDF.")


# --- sanggah data at the Dinas ----------------------------------------------------------------------------


class TeruskanForm(VersiForm):
    ke = NameField(label="Instansi yang ditanya", help_text="Contoh: Disdukcapil, BKN, Pusdatin Kemensos.")


class PutusDataForm(VersiForm):
    putusan = forms.ChoiceField(
        label="Putusan",
        choices=[("kabulkan", "Data itu memang salah"), ("tolak", "Data itu sudah benar")],
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih putusannya."},
    )
    tindak = forms.ChoiceField(label="Bila salah, tindak lanjutnya", widget=forms.RadioSelect)
    alasan = PlainTextField(
        label="Alasan putusan",
        help_text="Dibaca keluarga.",
        limit=2000,
        rows=5,
        error_messages={"required": "Tuliskan alasan putusannya."},
    )

    def __init__(self, *args: Any, tindak: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["tindak"].choices = tindak
        self.fields["tindak"].initial = tindak[0][0] if tindak else TANPA
