"""A new proposal (NIK first), the list's filter, and the steps of the line."""

import re
from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from core import identity
from core.forms import KkField, NikField, PhoneField, PlainTextField, ScanField, SendOnceForm, WholeField
from dtks.forms.anggota import IdentitasForm, kode_dikenal
from dtks.forms.pilihan import IsianForm, LineField, PilihanKode, RtRwField, pilihan
from dtks.models import AlasanLangkah, Musyawarah, Usulan
from dtks.queries import periode as jendela
from dtks.workflow import BATAS_STATUS, USULAN
from wilayah.forms import PilihWilayahField
from wilayah.models import Tingkat
from wilayah.queries import dalam, ringkas, tingkat_dari

POKOK = ("program", "jalur", "alasan_usul")
JALUR_DESA = (
    Usulan.Jalur.REGULER,
    Usulan.Jalur.KEDARURATAN,
    Usulan.Jalur.PERBAIKAN,
    Usulan.Jalur.PENGHAPUSAN,
)


class NikKepalaForm(forms.Form):
    """Step one: only the NIK. It decides what the second page asks."""

    nik = NikField(
        label="NIK kepala keluarga",
        help_text="16 angka di KTP atau KK. Boleh pakai spasi.",
        error_messages={"required": "Isi NIK 16 angka, atau centang “belum punya NIK”."},
    )
    tanpa_nik = forms.BooleanField(label="Kepala keluarga belum punya NIK", required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        if self.data.get("tanpa_nik"):
            self.fields["nik"].required = False


class _ProgramMixin(forms.Form):
    program = PilihanKode("program_usulan", label="Program yang diusulkan")
    jalur = forms.ChoiceField(
        label="Jalur",
        choices=Usulan.Jalur.choices,
        initial=Usulan.Jalur.REGULER,
        error_messages={"required": "Pilih jalurnya.", "invalid_choice": "Jalur ini tidak ada di daftar."},
    )
    alasan_usul = PlainTextField(
        label="Alasan diusulkan",
        limit=2000,
        help_text="Keadaan keluarga dengan kata-kata sendiri.",
        error_messages={"required": "Tulis alasannya."},
    )

    def limit_jalur(self, operator: bool) -> None:
        """RT/RW propose the regular way; the special routes are the operator's."""
        boleh = JALUR_DESA if operator else (Usulan.Jalur.REGULER,)
        field = self.fields["jalur"]
        field.choices = [(j.value, j.label) for j in boleh]
        if not operator:
            field.widget = forms.HiddenInput()


class UsulkanForm(IsianForm, _ProgramMixin):
    """A proposal for a family that is in the register already."""

    versi = None  # nothing there yet that could have changed
    bulan_berikutnya = forms.BooleanField(
        label="Masukkan ke bulan berikutnya",
        required=False,
        help_text="Bila bulan ini keluarga sudah diusulkan untuk program lain. Satu keluarga satu program tiap bulan.",
    )

    def __init__(self, *args: Any, operator: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.limit_jalur(operator)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("bulan_berikutnya") and data.get("jalur") == Usulan.Jalur.KEDARURATAN:
            self.add_error(
                "bulan_berikutnya", "Jalur kedaruratan tidak menunggu bulan berikutnya. Hilangkan centangnya."
            )
        return data


class UbahUsulanForm(IsianForm, _ProgramMixin):
    """Some of the answers of a draft; `hanya`: which."""

    versi = None

    def __init__(self, *args: Any, operator: bool, hanya: set[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.limit_jalur(operator)
        for nama in set(POKOK) - hanya:
            del self.fields[nama]


class UbahDrafForm(UbahUsulanForm):
    """All of them, on the screen. `dilihat`: when the draft was last changed as the person saw it."""

    dilihat = forms.CharField(
        widget=forms.HiddenInput, max_length=40, error_messages={"required": "Muat ulang halaman."}
    )

    def clean_dilihat(self) -> datetime:
        try:
            return datetime.fromisoformat(self.cleaned_data["dilihat"])
        except ValueError as error:
            raise forms.ValidationError("Muat ulang halaman.") from error


class UsulanBaruForm(IdentitasForm, _ProgramMixin):
    """Step two: the head, the card, the address, the programme."""

    versi = None  # nothing there yet that could have changed
    no_kk = KkField(required=False, help_text="16 angka di Kartu Keluarga. Boleh dilengkapi nanti.")
    wilayah = PilihWilayahField(label="Desa/kelurahan")
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

    field_order = (
        "kunci_kirim", "versi", "nik", "tanpa_nik_alasan", "no_kk", "nama", "tempat_lahir", "tgl_lahir", "jenis_kelamin",
        "status_kawin", "ibu_kandung", "wilayah", "alamat", "rt", "rw", "alamat_kk", "telepon", "program", "jalur", "alasan_usul",
    )  # fmt: skip
    KELUARGA = ("no_kk", "alamat", "rt", "rw", "alamat_kk", "telepon")
    KEPALA = (
        "nik",
        "tanpa_nik_alasan",
        "nama",
        "tempat_lahir",
        "tgl_lahir",
        "jenis_kelamin",
        "status_kawin",
        "ibu_kandung",
    )

    def __init__(self, *args: Any, luas: list[str], operator: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.limit_jalur(operator)
        self._own_area(ringkas(luas))

    def _own_area(self, luas: list[str]) -> None:
        """The user's own area is chosen already; its RW and RT are not asked again (contract: only my area)."""
        tingkat = sorted({max(int(Tingkat.DESA), tingkat_dari(kode)) for kode in luas})
        self.fields["wilayah"] = PilihWilayahField(
            label="Wilayah tugas Anda" if len(luas) == 1 else "Desa/kelurahan",
            tingkat=tingkat or Tingkat.DESA,
            dalam=luas,
        )
        if len(luas) != 1:
            return
        for kolom, bagian in (("rw", luas[0].split(".")[4:5]), ("rt", luas[0].split(".")[5:6])):
            if bagian:
                self.initial[kolom] = bagian[0]
                self.fields[kolom].disabled = True
                self.fields[kolom].help_text = "Sesuai wilayah tugas Anda."

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        wilayah = data.get("wilayah")
        if wilayah is not None:
            for kolom, bagian in zip(("rw", "rt"), wilayah.kode.split(".")[4:6], strict=False):
                data[kolom] = bagian
        return data

    @property
    def keluarga(self) -> dict[str, Any]:
        data = {k: self.cleaned_data.get(k) or "" for k in self.KELUARGA}
        kk = data["no_kk"]
        tanda = identity.check_kk(kk, kode_wilayah_dikenal=kode_dikenal).tanda if kk else []
        return {**data, "tanda": sorted(t.kode for t in tanda)}

    @property
    def kepala(self) -> dict[str, Any]:
        return {**{k: self.cleaned_data.get(k) or "" for k in self.KEPALA}, "tanda": self.kode_tanda}


class BulanFilter(django_filters.CharFilter):
    """A month as 'YYYY-MM'; telephones offer a month picker."""

    field_class = forms.RegexField


class UsulanFilter(django_filters.FilterSet):
    """Filter of the list; every field is named, an unknown one is a 400 (see the view)."""

    nama = django_filters.CharFilter(label="Nama kepala", max_length=100, method="berawalan")
    status = django_filters.ChoiceFilter(label="Status", choices=USULAN.choices, empty_label="Semua")
    program = django_filters.ChoiceFilter(
        label="Program", choices=lambda: pilihan(["program_usulan"])["program_usulan"], empty_label="Semua"
    )
    jalur = django_filters.ChoiceFilter(label="Jalur", choices=Usulan.Jalur.choices, empty_label="Semua")
    desa = django_filters.CharFilter(
        label="Desa", field_name="wilayah__jalur", lookup_expr="icontains", max_length=100
    )
    periode = BulanFilter(
        label="Periode",
        regex=re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])\Z", re.ASCII),
        max_length=7,
        widget=forms.TextInput(attrs={"type": "month"}),
    )
    giliran = django_filters.ChoiceFilter(
        label="Belum dikirim", choices=[("saya", "Giliran saya")], empty_label="Semua", method="milik_saya"
    )
    batas = django_filters.IsoDateTimeFilter(method="pada_batas", widget=forms.HiddenInput)

    class Meta:
        model = Usulan
        fields: list[str] = []

    def berawalan(self, rows: QuerySet[Usulan], nama: str, nilai: str) -> QuerySet[Usulan]:
        """By the first letters, as in the register; the families' area makes its index (keluarga_nama) serve."""
        rows = rows.filter(keluarga__nama_kepala__istartswith=nilai)
        luas = self.request.user.cakupan("usulan.lihat")
        return rows.filter(dalam("keluarga__wilayah_id", luas)) if luas else rows

    def milik_saya(self, rows: QuerySet[Usulan], nama: str, nilai: str) -> QuerySet[Usulan]:
        """What waits for the reader and can still miss its period: the rows that the banner counts."""
        return rows.filter(jendela.giliran(self.request.user), status__in=BATAS_STATUS)

    def pada_batas(self, rows: QuerySet[Usulan], nama: str, nilai: datetime) -> QuerySet[Usulan]:
        """Rows that have to meet this closing moment."""
        return jendela.dengan_batas(rows).filter(batas=nilai)


class LangkahForm(SendOnceForm):
    """What one step needs besides the click: reason, target, meeting or officer, note."""

    versi = WholeField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)
    tujuan = forms.ChoiceField(
        label="Kembalikan ke",
        error_messages={
            "required": "Pilih tujuannya.",
            "invalid_choice": "Tujuan ini tidak terbuka dari keadaan sekarang.",
        },
    )
    alasan = forms.ModelChoiceField(
        AlasanLangkah.objects.none(),
        label="Alasan",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih alasannya.", "invalid_choice": "Alasan ini tidak ada di daftar."},
    )
    musyawarah = forms.ModelChoiceField(
        Musyawarah.objects.none(),
        label="Musyawarah yang membahas",
        required=False,
        empty_label="Tanpa musyawarah (pakai SPTJM)",
        error_messages={"invalid_choice": "Musyawarah ini sudah ditutup atau bukan untuk desa ini."},
    )
    petugas = forms.ChoiceField(
        label="Petugas lapangan",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Pilih petugasnya.",
            "invalid_choice": "Petugas ini tidak bertugas di wilayah ini.",
        },
    )
    catatan = PlainTextField(label="Catatan", required=False, limit=2000)

    def __init__(
        self,
        *args: Any,
        tujuan: list[tuple[str, str]] = (),  # type: ignore[assignment]
        alasan: QuerySet[AlasanLangkah] | None = None,
        musyawarah: QuerySet[Musyawarah] | None = None,
        petugas: list[tuple[str, str]] | None = None,
        **kwargs: Any,
    ):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        self._keep("tujuan", tujuan if len(tujuan) > 1 else None, radio=True)
        self._keep("alasan", alasan)
        self._keep("musyawarah", musyawarah)
        self._keep("petugas", petugas)

    def _keep(self, nama: str, isi: Any, *, radio: bool = False) -> None:
        """Fill the choices of a field, or drop it when the step does not ask for it."""
        if isi is None:
            del self.fields[nama]
            return
        field = self.fields[nama]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = isi
        else:
            field.choices = isi
        if radio:
            field.widget = forms.RadioSelect(choices=isi)


class SptjmForm(SendOnceForm):
    """The signed letter that stands in for the meeting."""

    berkas = ScanField(label="SPTJM bertanda tangan", help_text="PDF atau foto, paling besar 10 MB.")
