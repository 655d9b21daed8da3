"""Forms of complaints: the three public steps, what a reporter does at /lacak/, and the steps of officers. They never save."""

from typing import Any

import django_filters
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Pengguna
from bansos.forms import SaringKetat
from core.forms import (
    DayField,
    NameField,
    NikField,
    PastDayField,
    PhoneField,
    PlainTextField,
    ScanSheetsField,
    SendOnceForm,
)
from core.tantangan import FormTantangan
from dtks.models import AlasanLangkah
from pengaduan.actions.aduan import ALASAN_TOLAK, FOTO_MAKS
from pengaduan.forms import TiketField
from pengaduan.models import Aduan, Instansi, KategoriAduan, TemplatJawaban
from pengaduan.models.aduan import TERBUKA
from pengaduan.queries.petugas import berkuasa, calon_petugas, meja
from pengaduan.workflow import ADUAN
from wilayah.forms import PilihWilayahField
from wilayah.models import Tingkat

TERBUKA_PILIH = "terbuka"


class FotoField(ScanSheetsField):
    """Up to three pictures, none demanded."""

    def __init__(self, **kwargs: Any):
        super().__init__(required=False, **kwargs)
        self.widget.attrs["accept"] = "image/jpeg,image/png,image/webp"

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        hasil = super().clean(data, initial) if data else []
        if len(hasil) > FOTO_MAKS:
            raise ValidationError(f"Paling banyak {FOTO_MAKS} foto. Pilih yang paling jelas.")
        return hasil


class KategoriField(forms.ModelChoiceField):
    """One category, as radio buttons with a sentence each."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("widget", forms.RadioSelect)
        kwargs.setdefault(
            "error_messages", {"required": "Pilih satu.", "invalid_choice": "Pilih satu dari daftar."}
        )
        super().__init__(KategoriAduan.objects.none(), empty_label=None, label="Tentang apa?", **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.nama}. {obj.penjelasan}"


class _DenganKategori(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["kategori"].queryset = KategoriAduan.objects.filter(aktif=True)  # type: ignore[attr-defined]


# --- /aduan/ ----------------------------------------------------------------------------------------------


class TentangForm(_DenganKategori):
    """Step 1."""

    kategori = KategoriField()


class CeritaForm(forms.Form):
    """Step 2."""

    wilayah = PilihWilayahField(label="Di desa atau kelurahan mana?", mulai=settings.KABUPATEN)
    tempat = PlainTextField(
        label="Di sebelah mana?",
        help_text="Misalnya dekat masjid, RT berapa.",
        limit=200,
        rows=1,
        required=False,
    )
    cerita = PlainTextField(
        label="Ceritakan apa yang terjadi",
        help_text="Apa yang terjadi dan apa yang Anda harapkan. Jangan tulis NIK atau nomor KK orang lain.",
        limit=4000,
        rows=6,
        error_messages={"required": "Tuliskan ceritanya, walau singkat."},
    )
    foto = FotoField(
        label="Foto", help_text="Paling banyak tiga. Tempat dan waktu pengambilan dihapus dari foto."
    )

    def clean_wilayah(self) -> Any:
        """Nobody there would ever read it: say where else to go, rather than keep it in a drawer."""
        area = self.cleaned_data["wilayah"]
        if not berkuasa("aduan.proses", area.pk):
            raise ValidationError(
                "Portal ini belum dipakai Dinas Sosial di wilayah itu. Sampaikan lewat telepon 171 atau lapor.go.id."
            )
        return area

    def clean_cerita(self) -> str:
        cerita: str = self.cleaned_data["cerita"]
        if len(cerita.strip()) < 10:
            raise ValidationError("Ceritanya terlalu pendek. Tambah sedikit supaya kami paham.")
        return cerita


class _Pelapor(forms.Form):
    """Contact of who brings it. Nobody has to give a name."""

    privasi = forms.ChoiceField(
        label="Boleh kami tahu nama Anda?",
        choices=Aduan.Privasi.choices,
        initial=Aduan.Privasi.RAHASIA,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih satu."},
    )
    nama = NameField(label="Nama Anda", required=False)
    telepon = PhoneField(label="Nomor HP", required=False)
    nik = NikField(label="NIK Anda", required=False)

    def clean(self) -> dict[str, Any]:
        isi = super().clean() or self.cleaned_data
        if isi.get("privasi") == Aduan.Privasi.ANONIM:
            isi |= {"nama": "", "telepon": "", "nik": ""}
        elif (
            isi.get("privasi") == Aduan.Privasi.TERBUKA and not isi.get("nama") and "nama" not in self.errors
        ):
            self.add_error("nama", "Tulis nama Anda, atau pilih tidak menyebut nama.")
        return isi


class KirimForm(FormTantangan, SendOnceForm, _Pelapor):
    """Step 3."""

    field_order = ("privasi", "nama", "telepon", "nik")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["nik"].help_text = "Hanya bila aduan ini tentang bantuan Anda sendiri."
        self.fields["telepon"].help_text = "Supaya petugas bisa bertanya. Tidak diberikan ke orang lain."


# --- at /lacak/ -------------------------------------------------------------------------------------------


class _Pegangan(forms.Form):
    pegangan = forms.CharField(widget=forms.HiddenInput, max_length=300)


class JawabForm(_Pegangan):
    isi = PlainTextField(
        label="Jawaban Anda", limit=2000, rows=4, error_messages={"required": "Tuliskan jawaban Anda."}
    )
    foto = FotoField(label="Foto")


class NilaiForm(_Pegangan):
    nilai = forms.TypedChoiceField(
        label="Seberapa puas Anda dengan jawaban ini?",
        choices=[
            (5, "5, sangat puas"),
            (4, "4, puas"),
            (3, "3, cukup"),
            (2, "2, kurang puas"),
            (1, "1, tidak puas"),
        ],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih satu nilai.", "invalid_choice": "Pilih satu nilai."},
    )
    catatan = PlainTextField(label="Pesan untuk kami", limit=500, rows=2, required=False)


class BukaLagiForm(_Pegangan):
    alasan = PlainTextField(
        label="Apa yang belum selesai?",
        limit=2000,
        rows=4,
        error_messages={"required": "Tuliskan apa yang belum selesai."},
    )


# --- officers ---------------------------------------------------------------------------------------------


class CatatForm(SendOnceForm, _DenganKategori, _Pelapor):
    """One form for every channel."""

    kanal = forms.ChoiceField(
        label="Lewat mana?",
        choices=[k for k in Aduan.Kanal.choices if k[0] != Aduan.Kanal.WEB],
        error_messages={"required": "Pilih salurannya.", "invalid_choice": "Pilih salurannya."},
    )
    no_lapor = forms.RegexField(
        r"^[0-9A-Za-z][0-9A-Za-z./-]{2,29}$",
        label="Nomor SP4N-LAPOR!",
        required=False,
        max_length=30,
        error_messages={
            "invalid": "Tulis nomornya saja, misalnya 1234567.",
            "max_length": "Nomornya terlalu panjang.",
        },
        help_text="Wajib bila aduan datang dari SP4N-LAPOR!.",
    )
    kategori = KategoriField(widget=forms.Select)
    wilayah = PilihWilayahField(
        label="Wilayah kejadian", tingkat=(Tingkat.KABUPATEN, Tingkat.KECAMATAN, Tingkat.DESA)
    )
    tempat = PlainTextField(label="Tempat kejadian", limit=200, rows=1, required=False)
    kejadian = PastDayField(label="Tanggal kejadian", required=False)
    cerita = PlainTextField(
        label="Isi aduan",
        help_text="Tulis seperti yang disampaikan pelapor.",
        limit=4000,
        rows=6,
        error_messages={"required": "Tuliskan isi aduannya."},
    )
    foto = FotoField(label="Foto")

    field_order = (
        "kanal", "no_lapor", "kategori", "wilayah", "tempat", "kejadian", "cerita", "foto", "privasi", "nama", "telepon", "nik",
    )  # fmt: skip

    def __init__(self, *args: Any, luas: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["wilayah"].batasi(luas)  # type: ignore[attr-defined]
        self.fields["privasi"].label = "Nama pelapor"
        self.fields["privasi"].choices = [  # type: ignore[attr-defined]
            ("rahasia", "Dirahasiakan"), ("terbuka", "Boleh diketahui petugas yang menangani"), ("anonim", "Tidak disebutkan"),
        ]  # fmt: skip
        self.fields["nama"].label, self.fields["telepon"].label, self.fields["nik"].label = (
            "Nama", "Nomor HP pelapor", "NIK pelapor",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        isi = super().clean()
        if isi.get("kanal") == Aduan.Kanal.SP4N and not isi.get("no_lapor") and "no_lapor" not in self.errors:
            self.add_error("no_lapor", "Isi nomor SP4N-LAPOR!.")
        return isi


class LangkahForm(SendOnceForm):
    """A step without more to say."""

    versi = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, aduan: Aduan, **kwargs: Any):
        kwargs.setdefault("initial", {}).setdefault("versi", aduan.versi)
        super().__init__(*args, **kwargs)
        self.aduan = aduan

    def argumen(self) -> dict[str, Any]:
        return {k: v for k, v in self.cleaned_data.items() if k != "kunci_kirim"}


class VerifikasiForm(LangkahForm, _DenganKategori):
    kategori = KategoriField(widget=forms.Select)
    kelas = forms.ChoiceField(
        label="Golongan",
        choices=Aduan.Kelas.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih golongannya."},
    )
    berkadar = forms.BooleanField(
        label="Berkadar pengawasan",
        help_text="Ada dugaan pelanggaran yang harus diperiksa. Waktunya lebih panjang.",
        required=False,
    )
    catatan = PlainTextField(label="Catatan petugas", limit=500, rows=2, required=False)

    def __init__(self, *args: Any, aduan: Aduan, **kwargs: Any):
        awal = {
            "kategori": aduan.kategori_id,
            "kelas": aduan.kelas or aduan.kategori.kelas,
            "versi": aduan.versi,
        }
        super().__init__(*args, aduan=aduan, initial=awal, **kwargs)


class TanyaForm(LangkahForm):
    isi = PlainTextField(
        label="Pertanyaan untuk pelapor",
        limit=2000,
        rows=4,
        error_messages={"required": "Tuliskan pertanyaannya."},
    )


class CatatJawabForm(SendOnceForm):
    isi = PlainTextField(
        label="Jawaban pelapor",
        help_text="Misalnya yang disampaikan lewat telepon.",
        limit=2000,
        rows=4,
        error_messages={"required": "Tuliskan jawabannya."},
    )

    def __init__(self, *args: Any, aduan: Aduan, **kwargs: Any):
        super().__init__(*args, **kwargs)

    def argumen(self) -> dict[str, Any]:
        return {"isi": self.cleaned_data["isi"]}


class DisposisiForm(LangkahForm):
    tujuan = forms.ChoiceField(label="Serahkan kepada", choices=[], error_messages={"required": "Pilih petugas atau mejanya.", "invalid_choice": "Pilih petugas atau meja dari daftar."})  # fmt: skip
    catatan = PlainTextField(label="Pesan untuk petugas", limit=500, rows=3, required=False)

    def __init__(self, *args: Any, aduan: Aduan, **kwargs: Any):
        super().__init__(*args, aduan=aduan, **kwargs)
        self.petugas = {str(p.pk): p for p in calon_petugas("aduan.tangani", aduan.wilayah_id)[:200]}
        self.fields["tujuan"].choices = [  # type: ignore[attr-defined]
            ("", "Pilih"),
            (
                "Meja",
                [(f"meja:{kode}", f"Meja {nama}") for kode, nama in meja("aduan.tangani", aduan.wilayah_id)],
            ),
            ("Orang", [(f"orang:{pk}", p.nama) for pk, p in self.petugas.items()]),
        ]

    def argumen(self) -> dict[str, Any]:
        isi = super().argumen()
        jenis, _, siapa = isi.pop("tujuan").partition(":")
        return isi | ({"ke_meja": siapa} if jenis == "meja" else {"petugas": self.petugas[siapa]})


class KembalikanForm(LangkahForm):
    catatan = PlainTextField(
        label="Mengapa dikembalikan?", limit=500, rows=3, error_messages={"required": "Tuliskan alasannya."}
    )


class SelesaikanForm(LangkahForm):
    jawaban = PlainTextField(
        label="Jawaban untuk pelapor",
        help_text="Dibaca pelapor. Jangan tulis nama atau NIK orang lain. Lengkapi bagian dalam kurung siku.",
        limit=4000,
        rows=8,
        error_messages={"required": "Tuliskan jawabannya."},
    )

    def clean_jawaban(self) -> str:
        teks: str = self.cleaned_data["jawaban"]
        if "[" in teks and "]" in teks[teks.index("[") :]:
            raise ValidationError("Masih ada bagian dalam kurung siku. Isi atau hapus dulu.")
        return teks


class TolakForm(LangkahForm):
    alasan = forms.ModelChoiceField(
        AlasanLangkah.objects.none(), label="Alasan", empty_label=None, widget=forms.RadioSelect,
        error_messages={"required": "Pilih alasannya.", "invalid_choice": "Pilih alasan dari daftar."},
    )  # fmt: skip
    catatan = PlainTextField(label="Tambahan untuk pelapor", limit=500, rows=3, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["alasan"].queryset = AlasanLangkah.objects.filter(langkah=ALASAN_TOLAK, aktif=True)  # type: ignore[attr-defined]

    def argumen(self) -> dict[str, Any]:
        isi = super().argumen()
        return isi | {"alasan": isi["alasan"].pk}


class TeruskanForm(LangkahForm):
    instansi = forms.ModelChoiceField(
        Instansi.objects.none(), label="Diteruskan ke", empty_label="Pilih",
        error_messages={"required": "Pilih instansinya.", "invalid_choice": "Pilih instansi dari daftar."},
    )  # fmt: skip
    nomor = PlainTextField(label="Nomor surat penerusan", limit=60, rows=1, required=False)
    catatan = PlainTextField(label="Tambahan untuk pelapor", limit=500, rows=3, required=False)

    def __init__(self, *args: Any, aduan: Aduan, **kwargs: Any):
        super().__init__(
            *args,
            aduan=aduan,
            initial={"versi": aduan.versi, "instansi": aduan.kategori.instansi_id},
            **kwargs,
        )
        self.fields["instansi"].queryset = Instansi.objects.filter(aktif=True)  # type: ignore[attr-defined]


class CatatanForm(SendOnceForm):
    isi = PlainTextField(
        label="Catatan petugas",
        help_text="Tidak dibaca pelapor.",
        limit=2000,
        rows=3,
        error_messages={"required": "Tuliskan catatannya."},
    )


class GabungForm(SendOnceForm):
    utama = TiketField(
        label="Nomor aduan utama", max_length=40, error_messages={"required": "Isi nomor aduan utamanya."}
    )


class BukaPelaporForm(forms.Form):
    alasan = PlainTextField(
        label="Alasan melihat nama pelapor",
        limit=200,
        rows=2,
        error_messages={"required": "Tuliskan alasannya."},
    )


class PinBaruForm(forms.Form):
    alasan = PlainTextField(
        label="Bagaimana Anda memastikan orangnya?",
        help_text="Misalnya: datang membawa KTP dengan nama yang sama.",
        limit=200,
        rows=2,
        error_messages={"required": "Tuliskan cara memastikannya."},
    )


class TemplatForm(SendOnceForm):
    judul = PlainTextField(label="Judul", limit=100, rows=1, error_messages={"required": "Isi judulnya."})
    isi = PlainTextField(
        label="Isi",
        help_text="Bagian yang harus dilengkapi petugas ditulis dalam kurung siku.",
        limit=2000,
        rows=8,
        error_messages={"required": "Tuliskan isinya."},
    )
    aktif = forms.BooleanField(label="Dipakai", required=False)

    def __init__(self, *args: Any, templat: TemplatJawaban | None = None, **kwargs: Any):
        awal = (
            {"judul": templat.judul, "isi": templat.isi, "aktif": templat.aktif}
            if templat
            else {"aktif": True}
        )
        super().__init__(*args, initial=awal, **kwargs)


class AngkaForm(forms.Form):
    """Days of a report."""

    sejak = DayField(label="Sejak", required=False, low=2000, high=2100)
    hingga = DayField(label="Sampai", required=False, low=2000, high=2100)

    def clean(self) -> dict[str, Any]:
        isi = super().clean() or self.cleaned_data
        if isi.get("sejak") and isi.get("hingga") and isi["sejak"] > isi["hingga"]:
            self.add_error("hingga", "Tanggal akhir harus sesudah tanggal mulai.")
        return isi


FORM = {
    "verifikasi": VerifikasiForm, "tanya": TanyaForm, "catat_jawab": CatatJawabForm, "disposisi": DisposisiForm, "kembalikan": KembalikanForm,
    "tangani": LangkahForm, "selesaikan": SelesaikanForm, "tolak": TolakForm, "teruskan": TeruskanForm,
}  # fmt: skip


class SaringAduan(SaringKetat):
    status = django_filters.ChoiceFilter(
        label="Keadaan", empty_label=None, method="menurut_status",
        choices=[(TERBUKA_PILIH, "Belum selesai"), ("lewat", "Lewat tenggat"), ("semua", "Semua"), *ADUAN.choices()],
    )  # fmt: skip
    kategori = django_filters.ModelChoiceFilter(
        queryset=KategoriAduan.objects.all(), label="Tentang", empty_label="Semua"
    )
    kanal = django_filters.ChoiceFilter(label="Saluran", empty_label="Semua", choices=Aduan.Kanal.choices)
    milik = django_filters.ChoiceFilter(
        label="Tugas", empty_label="Semua", choices=[("saya", "Diserahkan kepada saya")], method="milik_saya"
    )
    cari = django_filters.CharFilter(label="Nomor tiket atau LAPOR", method="menurut_nomor")

    class Meta:
        model = Aduan
        fields: list[str] = []

    def menurut_status(self, rows: QuerySet[Aduan], name: str, value: str) -> QuerySet[Aduan]:
        if value == TERBUKA_PILIH:
            return rows.filter(status__in=TERBUKA)
        if value == "lewat":
            return rows.filter(status__in=TERBUKA, jeda_sejak__isnull=True, tenggat_at__lt=timezone.now())
        return rows if value == "semua" else rows.filter(status=value)

    def milik_saya(self, rows: QuerySet[Aduan], name: str, value: str) -> QuerySet[Aduan]:
        user: Pengguna = self.request.user  # type: ignore[union-attr, assignment]
        peran = [p.peran_id for p in user.penugasan_aktif]
        return rows.filter(Q(petugas=user) | Q(petugas__isnull=True, meja__in=peran))

    def menurut_nomor(self, rows: QuerySet[Aduan], name: str, value: str) -> QuerySet[Aduan]:
        kata = value.strip()[:40]
        return rows.filter(Q(tiket__iexact=kata) | Q(no_lapor__iexact=kata)) if kata else rows
