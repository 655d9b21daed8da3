"""Forms of emergencies, the roster and disasters. They validate and render, they never save."""

from datetime import datetime, time, timedelta
from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts.models import Pengguna
from bansos.forms import SaringKetat
from core.forms import (
    BirthDateField,
    CoordinateField,
    DayField,
    MomentField,
    NameField,
    NikField,
    PhoneField,
    PlainTextField,
    ScanSheetsField,
    SendOnceForm,
    WholeField,
)
from core.tantangan import FormTantangan
from dtks.forms.keluarga import rapikan_titik
from dtks.forms.pilihan import CountField, LineField, PilihanKode, RtRwField, pilihan
from dtks.models import AlasanLangkah
from pengaduan.models import (
    BERJALAN,
    KEBUTUHAN,
    Kedaruratan,
    KejadianBencana,
    KorbanKeluarga,
    Piket,
    Rujukan,
)
from pengaduan.workflow import DARURAT
from wilayah.forms import PilihWilayahField
from wilayah.models import Tingkat
from wilayah.waktu import zona

PILIH = {"required": "Pilih salah satu.", "invalid_choice": "Pilihan ini tidak ada di daftar. Pilih lagi."}
BARIS_BARANG = 8


class _LaporForm(SendOnceForm):
    """What an emergency needs: what, where, what is seen. Nobody is asked who he is."""

    jenis = forms.ChoiceField(
        label="Apa yang terjadi?",
        choices=Kedaruratan.Jenis.choices,
        widget=forms.RadioSelect,
        error_messages=PILIH,
    )
    wilayah = PilihWilayahField(
        label="Di desa atau kelurahan mana?",
        tingkat=(Tingkat.KECAMATAN, Tingkat.DESA),
        mulai=settings.KABUPATEN,
    )
    lokasi = LineField(
        label="Letaknya",
        limit=200,
        help_text="Nama jalan dan patokan yang mudah dicari, misalnya depan Pasar Ciawitali.",
        error_messages={"required": "Tulis letaknya supaya petugas bisa menemukannya."},
    )
    cerita = PlainTextField(
        label="Apa yang Anda lihat?",
        limit=2000,
        rows=5,
        help_text="Keadaan orangnya, sejak kapan, bahaya apa yang ada. Jangan tulis NIK.",
        error_messages={"required": "Tulis apa yang Anda lihat."},
    )
    jumlah_orang = CountField(label="Kira-kira berapa orang?", most=100_000, least=1, required=False)
    lintang = CoordinateField(label="Lintang", low=-11.5, high=6.5, required=False)
    bujur = CoordinateField(label="Bujur", low=94.5, high=141.5, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        rapikan_titik(self, data)
        return data

    @property
    def isi(self) -> dict[str, Any]:
        return {**self.cleaned_data, "wilayah": self.cleaned_data["wilayah"].kode}


class LaporPublikForm(FormTantangan, _LaporForm):
    """From a citizen, without an account. Name and number only if he wants to be called back."""

    telepon = PhoneField(
        label="Nomor HP Anda",
        required=False,
        help_text="Hanya untuk bertanya letaknya. Tidak ditampilkan ke orang lain.",
    )
    field_order = (
        "kunci_kirim",
        "jenis",
        "wilayah",
        "lokasi",
        "cerita",
        "telepon",
        "jumlah_orang",
        "lintang",
        "bujur",
    )


class LaporPetugasForm(_LaporForm):
    """Taken down by staff from any channel."""

    kanal = forms.ChoiceField(
        label="Laporan masuk lewat",
        choices=[c for c in Kedaruratan.Kanal.choices if c[0] != Kedaruratan.Kanal.WEB],
        error_messages=PILIH,
    )
    peka = forms.BooleanField(
        label="Ada anak yang jadi korban, atau ada kekerasan",
        required=False,
        help_text="Kasusnya hanya dibuka pekerja sosial. Laporan tentang anak dan kekerasan selalu begitu.",
    )
    pelapor = NameField(label="Nama pelapor", required=False)
    telepon = PhoneField(label="Nomor HP pelapor", required=False)
    kejadian = forms.ModelChoiceField(
        KejadianBencana.objects.none(),
        label="Bagian dari bencana",
        required=False,
        empty_label="Bukan",
        error_messages=PILIH,
    )
    field_order = (
        "kunci_kirim", "kanal", "jenis", "peka", "wilayah", "lokasi", "cerita", "jumlah_orang", "pelapor", "telepon", "kejadian", "lintang",
        "bujur",
    )  # fmt: skip

    def __init__(
        self, *args: Any, kabupaten: list[str], mulai: str, kejadian: QuerySet[KejadianBencana], **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.fields["wilayah"] = PilihWilayahField(
            label="Di desa atau kelurahan mana?",
            tingkat=(Tingkat.KECAMATAN, Tingkat.DESA),
            dalam=kabupaten,
            mulai=mulai,
        )
        self.order_fields(self.field_order)
        self.fields["kejadian"].queryset = kejadian


class SaringDarurat(SaringKetat):
    status = django_filters.ChoiceFilter(
        label="Keadaan",
        empty_label="Yang berjalan",
        choices=[*((k, n) for k, n in DARURAT.choices()), ("semua", "Semua")],
        method="menurut",
    )

    class Meta:
        model = Kedaruratan
        fields: list[str] = []

    def menurut(self, rows: QuerySet[Kedaruratan], nama: str, nilai: str) -> QuerySet[Kedaruratan]:
        return rows if nilai == "semua" else rows.filter(status=nilai)

    @property
    def qs(self) -> QuerySet[Kedaruratan]:
        rows: QuerySet[Kedaruratan] = super().qs
        return rows if self.data.get("status") else rows.filter(status__in=BERJALAN)


class LangkahForm(SendOnceForm):
    """A step with its note; a reason where the step asks for one."""

    versi = WholeField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)
    alasan = forms.ModelChoiceField(
        AlasanLangkah.objects.none(),
        label="Alasan",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages=PILIH,
    )
    catatan = PlainTextField(label="Catatan", limit=2000, required=False)

    def __init__(self, *args: Any, nama: str, **kwargs: Any):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        if nama == "batalkan":
            self.fields["alasan"].queryset = AlasanLangkah.objects.filter(
                langkah="batalkan_darurat", aktif=True
            ).order_by("urut")
        else:
            del self.fields["alasan"]
        if nama in ("tangani", "selesaikan"):
            kolom = self.fields["catatan"]
            kolom.required = True
            kolom.label = "Apa yang sudah dilakukan?" if nama == "tangani" else "Bagaimana akhirnya?"
            kolom.help_text = "Jangan tulis NIK atau nomor KK."
            kolom.error_messages["required"] = "Tulis apa yang sudah dilakukan."


class AlihkanForm(SendOnceForm):
    petugas = forms.ChoiceField(label="Petugas", widget=forms.RadioSelect, error_messages=PILIH)

    def __init__(self, *args: Any, petugas: list[Pengguna], **kwargs: Any):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        self.orang = {str(p.pk): p for p in petugas}
        self.fields["petugas"].choices = [(pk, p.nama) for pk, p in self.orang.items()]


class RujukForm(SendOnceForm):
    versi = WholeField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)
    jenis = forms.ChoiceField(label="Jenis tempat", choices=Rujukan.Jenis.choices, widget=forms.RadioSelect, error_messages=PILIH)  # fmt: skip
    tempat = LineField(label="Nama tempat", limit=150, error_messages={"required": "Tulis nama tempatnya."})
    alasan = PlainTextField(
        label="Apa yang diminta dari tempat itu?",
        limit=500,
        help_text="Dicetak di surat rujukan. Jangan tulis nama, NIK, atau penyakitnya.",
        error_messages={"required": "Tulis apa yang diminta."},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)


class JawabRujukanForm(SendOnceForm):
    versi = WholeField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)
    jawaban = forms.ChoiceField(
        label="Jawaban tempat rujukan",
        choices=[("terima", "Diterima"), ("kembali", "Dikembalikan")],
        widget=forms.RadioSelect,
        error_messages=PILIH,
    )
    penjawab = NameField(
        label="Siapa yang menjawab", error_messages={"required": "Tulis siapa yang menjawab."}
    )
    keterangan = PlainTextField(
        label="Keterangan", limit=500, required=False, help_text="Bila dikembalikan, tulis alasannya."
    )

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("jawaban") == "kembali" and len(data.get("keterangan") or "") < 10:
            self.add_error("keterangan", "Tulis alasan dikembalikan, paling sedikit 10 huruf.")
        return data


class UmpanBalikForm(SendOnceForm):
    isi = PlainTextField(
        label="Kabar dari tempat rujukan",
        limit=2000,
        help_text="Bagaimana keadaan orangnya sekarang?",
        error_messages={"required": "Tulis kabarnya."},
    )


class _Berkas(ScanSheetsField):
    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return super().clean(data, initial) if data else []


class SusulkanForm(SendOnceForm):
    berkas = _Berkas(label="Berkas", required=False, help_text="PDF atau foto, boleh beberapa foto.")
    catatan = PlainTextField(label="Keterangan", limit=500, required=False)
    bebas = forms.BooleanField(
        label="Tidak mungkin dipenuhi, bebaskan",
        required=False,
        help_text="Hanya atasan yang tidak menangani laporan ini. Tulis alasannya di Keterangan.",
    )

    def __init__(self, *args: Any, boleh_bebas: bool, **kwargs: Any):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        if not boleh_bebas:
            del self.fields["bebas"]


class UsulkanForm(SendOnceForm):
    """The person found, as far as he is known. Identity follows within its days."""

    nik = NikField(
        label="NIK",
        required=False,
        help_text="Bila NIK-nya sudah ada di data, keluarganya dipakai.",
    )
    tanpa_nik_alasan = PilihanKode(
        "alasan_tanpa_nik", label="Bila NIK belum diketahui, karena", required=False
    )
    nama = NameField(
        label="Nama",
        help_text="Bila belum diketahui, tulis ciri, misalnya: Kakek berbaju biru.",
        error_messages={"required": "Isi nama atau cirinya."},
    )
    jenis_kelamin = PilihanKode("jenis_kelamin", label="Jenis kelamin", widget=forms.RadioSelect)
    umur = CountField(label="Kira-kira umurnya (tahun)", most=120, required=False)
    tgl_lahir = BirthDateField(label="Tanggal lahir", required=False)
    wilayah = PilihWilayahField(label="Desa atau kelurahan")
    alamat = LineField(label="Alamat atau tempat ditemukan", limit=200)
    rt = RtRwField(label="RT", required=False)
    rw = RtRwField(label="RW", required=False)
    program = PilihanKode("program_usulan", label="Program yang diusulkan")
    alasan = PlainTextField(
        label="Mengapa mendesak?", limit=1500, error_messages={"required": "Tulis alasannya."}
    )

    def __init__(self, *args: Any, luas: list[str], mulai: str, **kwargs: Any):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        kode = [n for n, f in self.fields.items() if isinstance(f, PilihanKode)]
        isi = pilihan({self.fields[n].daftar for n in kode})
        for nama in kode:
            kolom = self.fields[nama]
            semua = isi[kolom.daftar]
            kolom.choices = semua if isinstance(kolom.widget, forms.RadioSelect) else [("", "Pilih salah satu"), *semua]  # fmt: skip
        urut = list(self.fields)
        self.fields["wilayah"] = PilihWilayahField(label="Desa atau kelurahan", dalam=luas, mulai=mulai)
        self.order_fields(urut)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("nik") and "nik" not in self.errors and not data.get("tanpa_nik_alasan"):
            self.add_error("tanpa_nik_alasan", "Isi NIK, atau pilih mengapa NIK belum diketahui.")
        if (
            data.get("umur") is None
            and not data.get("tgl_lahir")
            and not {"umur", "tgl_lahir"} & set(self.errors)
        ):
            self.add_error("umur", "Isi tanggal lahir, atau kira-kira umurnya.")
        return data

    @property
    def isi(self) -> dict[str, Any]:
        return {**self.cleaned_data, "wilayah": self.cleaned_data["wilayah"].kode}


class JamField(forms.CharField):
    """An hour of the day: 7, 7.30, 07:30."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"autocomplete": "off", "class": "sempit", "maxlength": 5})
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> time:
        raw = super().clean(value).strip().replace(".", ":")
        bagian = raw.split(":")
        if not raw.isascii() or len(bagian) > 2 or not all(b.isdigit() and len(b) <= 2 for b in bagian):
            raise ValidationError("Tulis jam seperti 7.30 atau 19.00.")
        jam, menit = int(bagian[0]), int(bagian[1]) if len(bagian) == 2 else 0
        if jam > 23 or menit > 59:
            raise ValidationError("Jam dari 0.00 sampai 23.59.")
        return time(jam, menit)


class PiketForm(SendOnceForm):
    pengguna = forms.ChoiceField(label="Petugas", error_messages=PILIH)
    wilayah = forms.ChoiceField(label="Untuk wilayah", error_messages=PILIH)
    tanggal = DayField(label="Mulai tanggal", low=2020, high=2100)
    jam_mulai = JamField(label="Dari jam", initial="07.00", error_messages={"required": "Isi jamnya."})
    jam_selesai = JamField(
        label="Sampai jam",
        initial="19.00",
        help_text="Bila lebih kecil dari jam mulai, artinya besoknya.",
        error_messages={"required": "Isi jamnya."},
    )
    hari = CountField(label="Diulang berapa hari", least=1, most=31, initial=1)
    cadangan = forms.BooleanField(label="Petugas cadangan", required=False)

    def __init__(self, *args: Any, petugas: list[Pengguna], wilayah: list[tuple[str, str]], **kwargs: Any):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        self.orang = {str(p.pk): p for p in petugas}
        self.fields["pengguna"].choices = [
            ("", "Pilih petugas"),
            *((pk, p.nama) for pk, p in self.orang.items()),
        ]
        self.fields["wilayah"].choices = wilayah

    @property
    def isi(self) -> dict[str, Any]:
        """Arguments of actions.piket.pasang; the hours are those of the area's clock."""
        data = self.cleaned_data
        tz = zona(data["wilayah"])
        mulai = datetime.combine(data["tanggal"], data["jam_mulai"], tz)
        selesai = datetime.combine(data["tanggal"], data["jam_selesai"], tz)
        if selesai <= mulai:
            selesai += timedelta(days=1)
        return {
            "pengguna": self.orang[data["pengguna"]], "wilayah": data["wilayah"], "mulai": mulai, "selesai": selesai,
            "hari": data["hari"], "cadangan": data["cadangan"],
        }  # fmt: skip


class BatalPiketForm(SendOnceForm):
    piket = forms.ModelChoiceField(Piket.objects.none(), widget=forms.HiddenInput, error_messages=PILIH)


class BencanaForm(SendOnceForm):
    jenis = forms.ChoiceField(
        label="Jenis bencana", choices=KejadianBencana.Jenis.choices, error_messages=PILIH
    )
    wilayah = PilihWilayahField(label="Wilayah yang terkena")
    lokasi = LineField(label="Letaknya", limit=200, help_text="Kampung, jalan, atau patokan.")
    waktu = MomentField(label="Waktu kejadian")
    sumber = LineField(
        label="Dari siapa kabarnya", limit=100, help_text="Misalnya: Kepala Desa, BPBD, Tagana."
    )
    uraian = PlainTextField(
        label="Apa yang terjadi", limit=2000, rows=4, error_messages={"required": "Tulis apa yang terjadi."}
    )
    sk_darurat = LineField(label="Nomor SK tanggap darurat", limit=100, required=False)
    lintang = CoordinateField(label="Lintang", low=-11.5, high=6.5, required=False)
    bujur = CoordinateField(label="Bujur", low=94.5, high=141.5, required=False)

    def __init__(self, *args: Any, luas: list[str], **kwargs: Any):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        urut = list(self.fields)
        self.fields["wilayah"] = PilihWilayahField(
            label="Wilayah yang terkena",
            dalam=luas,
            tingkat=(Tingkat.KABUPATEN, Tingkat.KECAMATAN, Tingkat.DESA),
        )
        self.order_fields(urut)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        rapikan_titik(self, data)
        return data

    @property
    def isi(self) -> dict[str, Any]:
        return {**self.cleaned_data, "wilayah": self.cleaned_data["wilayah"].kode}


class KorbanForm(SendOnceForm):
    nama_kepala = NameField(label="Nama kepala keluarga", error_messages={"required": "Isi namanya."})
    nik = NikField(label="NIK", required=False, help_text="Boleh kosong bila KTP hilang atau rusak.")
    wilayah = PilihWilayahField(label="Desa atau kelurahan")
    alamat = LineField(label="Alamat", limit=200)
    jiwa = CountField(label="Jumlah jiwa", least=1, most=50)
    rentan = CountField(
        label="Di antaranya balita, lansia, ibu hamil, penyandang disabilitas", most=50, initial=0
    )
    meninggal = CountField(label="Meninggal", most=50, initial=0)
    luka = CountField(label="Luka atau sakit", most=50, initial=0)
    rumah = forms.ChoiceField(label="Keadaan rumah", choices=KorbanKeluarga.Rumah.choices, widget=forms.RadioSelect, error_messages=PILIH)  # fmt: skip
    mengungsi = forms.BooleanField(label="Sedang mengungsi", required=False)
    kebutuhan = forms.MultipleChoiceField(
        label="Yang paling dibutuhkan", choices=KEBUTUHAN, widget=forms.CheckboxSelectMultiple, required=False, error_messages=PILIH
    )  # fmt: skip

    def __init__(self, *args: Any, luas: list[str], mulai: str, **kwargs: Any):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        urut = list(self.fields)
        self.fields["wilayah"] = PilihWilayahField(label="Desa atau kelurahan", dalam=luas, mulai=mulai)
        self.order_fields(urut)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if (data.get("rentan") or 0) > (data.get("jiwa") or 50):
            self.add_error("rentan", "Tidak bisa lebih banyak dari jumlah jiwa.")
        return data

    @property
    def isi(self) -> dict[str, Any]:
        return {**self.cleaned_data, "wilayah": self.cleaned_data["wilayah"].kode}


class SerahForm(SendOnceForm):
    """Goods for one desa or kecamatan: up to BARIS_BARANG lines, empty ones are left out."""

    wilayah = PilihWilayahField(label="Untuk desa atau kecamatan")
    penerima = NameField(label="Nama penerima", error_messages={"required": "Isi nama penerima."})
    jabatan = LineField(label="Jabatan penerima", limit=100, help_text="Misalnya: Kepala Desa Sukamaju.")
    keluarga_n = CountField(label="Untuk berapa keluarga", least=1, most=100_000)

    def __init__(self, *args: Any, luas: list[str], mulai: str, **kwargs: Any):
        kwargs.setdefault("use_required_attribute", False)
        super().__init__(*args, **kwargs)
        self.fields["wilayah"] = PilihWilayahField(
            label="Untuk desa atau kecamatan",
            dalam=luas,
            mulai=mulai,
            tingkat=(Tingkat.KECAMATAN, Tingkat.DESA),
        )
        for n in range(1, BARIS_BARANG + 1):
            wajib = n == 1
            self.fields[f"barang_{n}"] = LineField(label=f"Barang {n}", limit=80, required=wajib)
            self.fields[f"jumlah_{n}"] = CountField(
                label=f"Jumlah {n}", least=1, most=1_000_000, required=wajib
            )
            self.fields[f"satuan_{n}"] = LineField(label=f"Satuan {n}", limit=20, required=wajib)
        self.order_fields(["kunci_kirim", "wilayah", "penerima", "jabatan", "keluarga_n"])

    @property
    def baris(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        return [
            (self[f"barang_{n}"], self[f"jumlah_{n}"], self[f"satuan_{n}"])
            for n in range(1, BARIS_BARANG + 1)
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for n in range(2, BARIS_BARANG + 1):
            isi = [data.get(f"{k}_{n}") for k in ("barang", "jumlah", "satuan")]
            kolom = {f"{k}_{n}" for k in ("barang", "jumlah", "satuan")}
            if any(isi) and not all(isi) and not kolom & set(self.errors):
                self.add_error(
                    f"barang_{n}", f"Lengkapi nama, jumlah, dan satuan barang {n}, atau kosongkan ketiganya."
                )
        return data

    @property
    def barang(self) -> list[tuple[str, int, str]]:
        data = self.cleaned_data
        return [
            (data[f"barang_{n}"], data[f"jumlah_{n}"], data[f"satuan_{n}"])
            for n in range(1, BARIS_BARANG + 1)
            if data.get(f"barang_{n}")
        ]


class BastForm(SendOnceForm):
    berkas = ScanSheetsField(
        label="Berita acara bertanda tangan", help_text="PDF atau foto, boleh beberapa foto."
    )


class TutupForm(SendOnceForm):
    pass
