"""Forms of usul warga: the public one in four short steps, the same on one page at the counter, and those of the desk."""

import uuid
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError

from bansos.forms import SaringKetat
from core import identity, rules, text
from core.forms import NameField, NikField, PhoneField, PhotoField, PlainTextField, SendOnceForm, WholeField
from core.tantangan import FormTantangan
from dtks.forms.anggota import kode_dikenal
from dtks.forms.pilihan import LineField, RtRwField
from dtks.forms.usulan import UsulanBaruForm, UsulkanForm
from dtks.models import AlasanLangkah
from pengaduan.forms import TiketField
from pengaduan.models import Usul
from pengaduan.workflow import USUL
from wilayah.forms import PilihWilayahField
from wilayah.kode import bentuk_sah
from wilayah.models import Tingkat

FOTO = {"rumah_depan": "foto_rumah", "ktp": "foto_ktp", "kk": "foto_kk"}
LANGKAH: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Untuk siapa", ("untuk", "wilayah")),
    ("Keluarga yang diusulkan", ("nama_kepala", "nik", "nik_begitu", "alamat", "rt", "rw", "patokan", "alasan")),
    ("Tentang Anda", ("pengusul_nama", "pengusul_nik", "pengusul_nik_begitu", "tanpa_nik", "telepon")),
    ("Foto dan kirim", ("foto_rumah", "foto_ktp", "foto_kk", "setuju")),
)  # fmt: skip
JUMLAH = len(LANGKAH)
BEGITU = {"nik": "nik_begitu", "pengusul_nik": "pengusul_nik_begitu"}
NIK_JANGGAL = "NIK_JANGGAL"  # kept as the card has it: a second look, never a refusal


class NikWargaField(NikField):
    """A NIK as the citizen's card has it. `begitu`: he has said that the odd number stands there indeed."""

    begitu = False

    def check(self, raw: str) -> tuple[str, list[str]]:
        nomor, galat = super().check(raw)
        if not galat or not self.begitu:
            return nomor, [
                *galat,
                "Bila di kartu memang tertulis begitu, centang kotak di bawahnya.",
            ] if galat else []
        try:
            return text.clean_text(raw, 40).strip(), []
        except ValueError as error:
            raise ValidationError(str(error)) from error


def _begitu() -> forms.BooleanField:
    return forms.BooleanField(label="Di kartu memang tertulis begitu", required=False)


def _foto(label: str, bantuan: str) -> PhotoField:
    return PhotoField(label=label, help_text=bantuan, required=False)


class UsulForm(SendOnceForm):
    """All questions. `langkah` keeps those up to this step; None keeps all (counter)."""

    untuk = forms.ChoiceField(
        label="Siapa yang diusulkan?", choices=Usul.Untuk.choices, widget=forms.RadioSelect,
        error_messages={"required": "Pilih siapa yang diusulkan.", "invalid_choice": "Pilih salah satu dari daftar."},
    )  # fmt: skip
    wilayah = PilihWilayahField(label="Desa atau kelurahan tempat tinggalnya")
    nama_kepala = NameField(
        label="Nama kepala keluarga", help_text="Seperti di KTP atau KK. Tidak tahu? Tulis nama panggilannya.",
        error_messages={"required": "Isi namanya."},
    )  # fmt: skip
    nik = NikWargaField(
        label="NIK kepala keluarga", required=False, help_text="16 angka di KTP. Kosongkan bila tidak tahu."
    )
    nik_begitu = _begitu()
    alamat = LineField(
        label="Alamat tinggal sekarang", limit=200, help_text="Nama jalan, gang, atau kampung."
    )
    rt = RtRwField(label="RT", required=False)
    rw = RtRwField(label="RW", required=False)
    patokan = LineField(
        label="Patokan", limit=200, required=False, help_text="Contoh: sebelah musala Al-Ikhlas."
    )
    alasan = PlainTextField(
        label="Ceritakan keadaannya", limit=2000, rows=4, help_text="Contoh: suami sakit, tidak bekerja sejak lebaran, anak tiga.",
        error_messages={"required": "Ceritakan keadaannya dengan kata-kata sendiri."},
    )  # fmt: skip
    pengusul_nama = NameField(
        label="Nama Anda", help_text="Seperti di KTP.", error_messages={"required": "Isi nama Anda."}
    )
    pengusul_nik = NikWargaField(
        label="NIK Anda", help_text="16 angka di KTP.",
        error_messages={"required": "Isi NIK Anda, atau centang “Saya tidak punya NIK”."},
    )  # fmt: skip
    pengusul_nik_begitu = _begitu()
    tanpa_nik = forms.BooleanField(label="Saya tidak punya NIK, atau tidak hafal", required=False)
    telepon = PhoneField(
        label="Nomor HP Anda", required=False, help_text="Supaya petugas desa bisa bertanya. Contoh: 0812 3456 7890.",
    )  # fmt: skip
    foto_rumah = _foto("Foto rumah dari depan", "Siang hari, seluruh rumah terlihat.")
    foto_ktp = _foto("Foto KTP yang diusulkan", "Boleh menyusul di kantor desa.")
    foto_kk = _foto("Foto KK", "Boleh menyusul di kantor desa.")
    setuju = forms.BooleanField(
        label="Isi usul ini benar, dan boleh dipakai desa dan Dinas Sosial untuk memeriksa bantuan.",
        error_messages={"required": "Centang bila isi usul ini benar."},
    )  # fmt: skip

    def __init__(
        self, *args: Any, luas: list[str], mulai: str = "", langkah: int | None = None, loket: bool = False, **kwargs: Any
    ):  # fmt: skip
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.langkah, self.loket = langkah, loket
        label = (
            "Desa atau kelurahan Anda"
            if loket and len(luas) == 1
            else "Desa atau kelurahan tempat tinggalnya"
        )
        self.fields["wilayah"] = PilihWilayahField(label=label, dalam=luas, mulai=mulai)
        for nik, begitu in BEGITU.items():
            self.fields[nik].begitu = bool(self.data.get(begitu))
        if self.data.get("tanpa_nik"):
            self.fields["pengusul_nik"].required = False
        if loket:
            self._untuk_loket()
        elif self._untuk() == Usul.Untuk.SENDIRI:
            self._tentang_sendiri()
        if langkah is not None:
            buang = {nama for _, isi in LANGKAH[langkah:] for nama in isi}
            for nama in buang & set(self.fields):
                del self.fields[nama]
        self._foto_wajib()

    def _untuk(self) -> str:
        return str(self.data.get("untuk") or self.initial.get("untuk") or "")

    def _tentang_sendiri(self) -> None:
        """Who proposes himself says his name and NIK once."""
        for nama in ("nama_kepala", "nik", "nik_begitu"):
            del self.fields[nama]

    def _foto_wajib(self) -> None:
        kode = str(self.data.get("wilayah") or self.initial.get("wilayah") or "")
        wajib = rules.value("usul.foto", kode if bentuk_sah(kode) else "")
        for jenis, nama in FOTO.items():
            if nama in self.fields and wajib.get(jenis) and not self.loket:
                self.fields[nama].required = True
                self.fields[nama].error_messages["required"] = "Pilih atau ambil foto rumah dari depan."

    def _untuk_loket(self) -> None:
        """One page with everything, in words for the officer who asks."""
        self.fields["nama_kepala"].required = False
        self.fields[
            "nama_kepala"
        ].help_text = "Seperti di KTP atau KK. Kosongkan bila warga mengusulkan dirinya sendiri."
        kata = {
            "pengusul_nama": "Nama warga yang mengusulkan", "pengusul_nik": "NIK warga itu", "telepon": "Nomor HP warga itu",
            "tanpa_nik": "Tidak punya NIK, atau tidak hafal", "setuju": "Warga sudah mendengar isinya dibacakan, dan menyatakan benar.",
        }  # fmt: skip
        for nama, label in kata.items():
            self.fields[nama].label = label

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("tanpa_nik") and data.get("pengusul_nik"):
            data["tanpa_nik"] = False  # the number that was typed counts
        lain = data.get("untuk") in (Usul.Untuk.KELUARGA, Usul.Untuk.TETANGGA)
        if self.loket and lain and "nama_kepala" not in self.errors and not data.get("nama_kepala"):
            self.add_error("nama_kepala", "Isi nama keluarga yang diusulkan.")
        return data

    def perbarui(self) -> None:
        """After a refusal: sending again is a new sending."""
        self.data = self.data.copy()
        self.data["kunci_kirim"] = str(uuid.uuid4())

    def nama_langkah(self, n: int) -> list[str]:
        """Fields of step `n` that this usul asks for. 'Memang begitu' only where a number was refused or it is ticked."""
        hasil = [nama for nama in LANGKAH[n - 1][1] if nama in self.fields]
        for nik, begitu in BEGITU.items():
            if begitu in hasil and not (nik in self.errors or self.data.get(begitu)):
                hasil.remove(begitu)
        return hasil

    @property
    def data_usul(self) -> dict[str, Any]:
        """Columns of the usul, as `pengaduan.actions.usul.DATA` names them."""
        isi = self.cleaned_data
        sendiri = isi["untuk"] == Usul.Untuk.SENDIRI
        nik_pengusul = isi["pengusul_nik"] or ""
        nama, nik = isi.get("nama_kepala") or "", isi.get("nik") or ""
        if sendiri and not nama:
            nama, nik = isi["pengusul_nama"], nik or nik_pengusul
        return {
            "wilayah_id": isi["wilayah"].kode, "untuk": isi["untuk"], "nama_kepala": nama, "nik": nik, "alamat": isi["alamat"], "rt": isi["rt"],
            "rw": isi["rw"], "patokan": isi["patokan"], "alasan": isi["alasan"], "pengusul_nama": isi["pengusul_nama"],
            "pengusul_nik": nik_pengusul, "telepon": isi["telepon"], "tanda": self._tanda(nama, nik, nik_pengusul),
        }  # fmt: skip

    def _tanda(self, nama: str, *nik: str) -> list[str]:
        """Odd but taken: codes for the officer who looks again."""
        kode = {t.kode for t in text.soft_flags_name(nama)}
        for satu in nik:
            hasil = identity.check_nik(satu, kode_wilayah_dikenal=kode_dikenal) if satu else None
            if hasil is not None:
                kode |= {t.kode for t in hasil.tanda} | ({NIK_JANGGAL} if hasil.galat else set())
        return sorted(kode)

    @property
    def foto(self) -> dict[str, bytes]:
        return {
            jenis: berkas.read() for jenis, nama in FOTO.items() if (berkas := self.cleaned_data.get(nama))
        }


class UsulPublikForm(FormTantangan, UsulForm):
    """The last step of the public page: what is sent, with its proof of work."""


# --- the desk -----------------------------------------------------------------------------------------


class SaringUsul(SaringKetat):
    status = django_filters.ChoiceFilter(
        field_name="status", label="Keadaan", empty_label="Semua", choices=USUL.choices()
    )

    class Meta:
        model = Usul
        fields: list[str] = []


class _VersiForm(SendOnceForm):
    versi = WholeField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)


class AmbilBaruForm(UsulanBaruForm):
    """A family that the register does not have: the head, the card, the address, the programme. The route is MANDIRI."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, operator=True, **kwargs)
        del self.fields["jalur"]


class AmbilKeluargaForm(UsulkanForm):
    """A family of the register: the programme and why."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, operator=True, **kwargs)
        del self.fields["jalur"]


class TautkanForm(_VersiForm):
    nomor = TiketField(
        label="Nomor usulan yang sudah berjalan", max_length=40, help_text="Misalnya USL-202611-00012.",
        error_messages={"required": "Isi nomor usulannya."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )  # fmt: skip


class TolakUsulForm(_VersiForm):
    alasan = forms.ModelChoiceField(
        AlasanLangkah.objects.none(), label="Alasan yang dibaca pengusul", empty_label=None, widget=forms.RadioSelect,
        error_messages={"required": "Pilih alasannya.", "invalid_choice": "Alasan ini tidak ada di daftar."},
    )  # fmt: skip
    catatan = PlainTextField(label="Catatan untuk kantor", required=False, limit=1000)

    def __init__(self, *args: Any, daftar: str, **kwargs: Any):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.fields["alasan"].queryset = AlasanLangkah.objects.filter(langkah=daftar, aktif=True).order_by(
            "urut", "kode"
        )


class LepasForm(TolakUsulForm):
    catatan = None  # type: ignore[assignment]  # the reason is that of the proposal's own step

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, daftar="tarik", **kwargs)
        self.fields["alasan"].label = "Alasan usulan ditarik"


class AlihkanForm(_VersiForm):
    ke = PilihWilayahField(label="Desa atau kelurahan yang benar", tingkat=Tingkat.DESA)
    catatan = PlainTextField(label="Catatan untuk kantor", required=False, limit=1000)

    def __init__(self, *args: Any, luas: list[str], **kwargs: Any):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        self.fields["ke"].batasi(luas)


class TetapForm(_VersiForm):
    catatan = PlainTextField(
        label="Siapa yang ditanya, dan kapan", limit=1000, help_text="Contoh: ditemui di rumah 3 November, istrinya tetap ingin diusulkan.",
        error_messages={"required": "Tulis siapa yang ditanya dan kapan."},
    )  # fmt: skip


class BukaPengusulForm(forms.Form):
    alasan = PlainTextField(
        label="Untuk apa?", limit=200, rows=2, help_text="Contoh: menelepon untuk menanyakan alamat. Alasan ini tersimpan.",
        error_messages={"required": "Tuliskan alasannya."},
    )  # fmt: skip
