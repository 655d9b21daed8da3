"""Forms and filters of the Dinas side. They parse and say what is wrong; they never save."""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import BadRequest, ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from bansos.models import (
    AlasanKelayakan,
    BarisPenetapan,
    BatchPengesahan,
    Kelayakan,
    Penetapan,
    Pengesahan,
    PengesahanUsulan,
    Program,
    VerifikasiKelayakan,
)
from bansos.queries.antrean import ANTREAN, di_wilayah, petugas_lapangan, saring_bendera, saring_padan
from bansos.queries.kelayakan import bulan_terakhir
from bansos.queries.penetapan import LEBIH_BARU
from bansos.workflow import BATCH
from core import letters
from core.forms import DayField, PastDayField, PhotoField, PlainTextField, SendOnceForm
from core.terbilang import periode_pilihan
from dtks.forms.pilihan import bersyarat
from dtks.models import AlasanLangkah, Individu, Usulan
from dtks.queries.tenggat import jam_jalan
from dtks.workflow import USULAN
from wilayah.kode import bentuk_sah, dalam, leluhur, mencakup, ringkas
from wilayah.models import Wilayah

_NIK = re.compile(r"(?:\d[\s.\-]*){16}")
MAX_PILIH = 200  # ticks taken from one page; the rule 'batch.maks' is narrower


def pilihan_wilayah(luas: Iterable[str], pilih: str) -> list[tuple[str, str]]:
    """Areas to offer in a filter without JavaScript: what is chosen, the way up to it, and one level below."""
    akar = ringkas(luas)
    ada = bentuk_sah(pilih) and any(mencakup(a, pilih) for a in akar)
    if ada:
        atas = [k for k in (*leluhur(pilih), pilih) if any(mencakup(a, k) for a in akar)]
        syarat = Q(kode__in=atas) | Q(induk=pilih)
    elif len(akar) == 1:
        syarat = Q(induk=akar[0])
    else:
        syarat = Q(kode__in=akar)
    rows = Wilayah.objects.berlaku().filter(syarat, tingkat__lte=4).order_by("kode")
    return [(w.kode, w.sebutan) for w in rows]


class WilayahFilter(django_filters.ChoiceFilter):
    """Everything inside one area. The choices are set for each request by `SaringKetat`."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, label="Wilayah", empty_label="Semua wilayah", choices=[], **kwargs)

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.filter(dalam(self.field_name, [value])) if value else qs


class SaringKetat(django_filters.FilterSet):
    """A filter bar that refuses what it does not know: an unknown name or value is a 400, never "all rows"."""

    def __init__(
        self,
        request: HttpRequest,
        queryset: QuerySet[Any],
        *,
        luas: Iterable[str] = (),
        awal: dict[str, str] | None = None,
    ):
        data = request.GET.copy()
        for nama, nilai in (awal or {}).items():
            data.setdefault(nama, nilai)
        super().__init__(data, queryset, request=request)
        self.siapkan(luas, data.get("wilayah", ""))
        if set(data) - set(self.filters) - {"kursor"} or not self.is_valid():
            raise BadRequest("unknown filter")

    def siapkan(self, luas: Iterable[str], wilayah: str) -> None:
        """Choices that depend on the reader; the form is made after this."""
        if "wilayah" in self.filters:
            self.filters["wilayah"].extra["choices"] = pilihan_wilayah(luas, wilayah)

    @property
    def nilai(self) -> dict[str, Any]:
        return self.form.cleaned_data


class ProgramFilter(django_filters.ChoiceFilter):
    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(
            *args, label="Program", empty_label="Semua program", choices=program_choices, **kwargs
        )


def program_choices() -> list[tuple[str, str]]:
    return list(Program.objects.order_by("kode").values_list("kode", "nama"))


class WilayahAntreanFilter(WilayahFilter):
    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        return qs.filter(di_wilayah([value])) if value else qs


class SaringAntrean(SaringKetat):
    antrean = django_filters.ChoiceFilter(
        field_name="status",
        choices=[(k, v[0]) for k, v in ANTREAN.items()],
        widget=forms.HiddenInput,
        required=True,  # one queue at a time; without it every proposal of the area would be in the list
    )
    program = ProgramFilter(field_name="program")
    wilayah = WilayahAntreanFilter(field_name="wilayah_id")
    jalur = django_filters.ChoiceFilter(
        label="Jalur", choices=Usulan.Jalur.choices, empty_label="Semua jalur"
    )
    padan = django_filters.ChoiceFilter(
        label="Cek NIK",
        empty_label="Semua",
        method="hasil_padan",
        choices=[
            ("padan", "Semua anggota padan"),
            ("tidak", "Ada yang tidak padan"),
            ("belum", "Ada yang belum dicek"),
        ],
    )
    bendera = django_filters.ChoiceFilter(
        label="Catatan penahan",
        empty_label="Semua",
        method="ada_bendera",
        choices=[("ada", "Ada"), ("tidak", "Tidak ada")],
    )
    petugas = django_filters.ChoiceFilter(
        label="Petugas lapangan", empty_label="Semua petugas", field_name="petugas_id", choices=[]
    )
    saring = django_filters.ChoiceFilter(
        choices=[("buka", "tampilkan saringan")], method="sama", widget=forms.HiddenInput
    )
    baris = django_filters.ChoiceFilter(
        choices=[(str(MAX_PILIH), "sebanyak-banyaknya")], method="sama", widget=forms.HiddenInput
    )
    cara = django_filters.ChoiceFilter(
        choices=[("massal", "beberapa sekaligus")], method="sama", widget=forms.HiddenInput
    )
    umur = django_filters.ChoiceFilter(
        label="Lama menunggu",
        empty_label="Semua",
        method="menunggu",
        choices=[
            ("lewat", "Lewat tenggat"),
            ("3", "Lebih dari 3 hari"),
            ("7", "Lebih dari 7 hari"),
            ("14", "Lebih dari 14 hari"),
        ],
    )

    class Meta:
        model = Usulan
        fields: list[str] = []

    def siapkan(self, luas: Iterable[str], wilayah: str) -> None:
        super().siapkan(luas, wilayah)
        self.filters["petugas"].extra["choices"] = petugas_lapangan(luas)

    def sama(self, qs: QuerySet[Usulan], name: str, value: str) -> QuerySet[Usulan]:
        return qs  # what the page shows of itself, not which rows

    def hasil_padan(self, qs: QuerySet[Usulan], name: str, value: str) -> QuerySet[Usulan]:
        return saring_padan(qs, value)

    def ada_bendera(self, qs: QuerySet[Usulan], name: str, value: str) -> QuerySet[Usulan]:
        return saring_bendera(qs, value)

    def menunggu(self, qs: QuerySet[Usulan], name: str, value: str) -> QuerySet[Usulan]:
        if value == "lewat":
            return qs.filter(jam_jalan(), tenggat__lt=timezone.localdate())
        return qs.filter(status_sejak__lt=timezone.now() - timedelta(days=int(value)))


def antrean_saja(request: HttpRequest, antrean: str) -> dict[str, Any] | None:
    """What the page was asked for where it was asked for a queue only, as it mostly is; None: take `SaringAntrean`.

    A form of nine fields costs more than the rows that nobody wanted filtered.
    """
    kini, baris = request.GET.get("antrean", antrean), request.GET.get("baris", "")
    cara = request.GET.get("cara", "")
    polos = set(request.GET) <= {"antrean", "baris", "cara", "kursor"}
    if not polos or kini not in ANTREAN or baris not in ("", str(MAX_PILIH)) or cara not in ("", "massal"):
        return None
    return {"antrean": kini, "baris": baris, "cara": cara}


DAFTAR = [("batch", "Batch"), ("pengesahan", "Pengesahan"), ("sk", "Surat keputusan (SK)")]


class SaringBatch(SaringKetat):
    daftar = django_filters.ChoiceFilter(method="sama", choices=DAFTAR, widget=forms.HiddenInput)
    program = ProgramFilter(field_name="program_id")
    status = django_filters.ChoiceFilter(
        label="Keadaan", empty_label="Semua", choices=BATCH.choices(), field_name="status"
    )

    class Meta:
        model = BatchPengesahan
        fields: list[str] = []

    def sama(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return qs


def _berisi(status: str) -> QuerySet[Any]:
    """Letters with a proposal in this state of which they are the newest letter."""
    rows = PengesahanUsulan.objects.filter(~LEBIH_BARU, usulan__status=status)
    return rows.values("pengesahan")


class SaringPengesahan(SaringKetat):
    daftar = django_filters.ChoiceFilter(method="sama", choices=DAFTAR, widget=forms.HiddenInput)
    program = ProgramFilter(field_name="program_id")
    keadaan = django_filters.ChoiceFilter(
        label="Keadaan",
        empty_label="Semua",
        method="pilih_keadaan",
        choices=[
            ("belum", "Belum dikirim"),
            ("dikirim", "Dikirim, menunggu penetapan"),
            ("selesai", "Sudah ditetapkan semua"),
        ],
    )
    nomor = django_filters.CharFilter(
        field_name="nomor", label="Nomor", max_length=80, widget=forms.HiddenInput
    )

    class Meta:
        model = Pengesahan
        fields: list[str] = []

    def sama(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return qs

    def pilih_keadaan(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "belum":  # or sent without a proposal that was postponed then
            tertinggal = _berisi("disahkan")
            return qs.filter(Q(dikirim_at__isnull=True) | Q(pk__in=tertinggal))
        menunggu = _berisi("dikirim")
        qs = qs.filter(dikirim_at__isnull=False)
        return qs.filter(pk__in=menunggu) if value == "dikirim" else qs.exclude(pk__in=menunggu)


class SaringSK(SaringKetat):
    daftar = django_filters.ChoiceFilter(method="sama", choices=DAFTAR, widget=forms.HiddenInput)
    program = ProgramFilter(field_name="program_id")
    status = django_filters.ChoiceFilter(
        label="Status", empty_label="Semua", choices=Penetapan.Status.choices, field_name="status"
    )
    nomor = django_filters.CharFilter(
        field_name="nomor", label="Nomor", max_length=80, widget=forms.HiddenInput
    )

    class Meta:
        model = Penetapan
        fields: list[str] = []

    def sama(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return qs


class SaringKelayakan(SaringKetat):
    periode = django_filters.CharFilter(field_name="periode", label="Periode (tahun-triwulan)")
    hasil = django_filters.ChoiceFilter(
        label="Hasil", empty_label="Semua", choices=Kelayakan.Hasil.choices, field_name="hasil"
    )
    wilayah = WilayahFilter(field_name="wilayah_id")

    class Meta:
        model = Kelayakan
        fields: list[str] = []

    def __init__(self, request: HttpRequest, queryset: QuerySet[Any], *, periode: list[str], **kwargs: Any):
        super().__init__(request, queryset, **kwargs)
        if not re.fullmatch(r"20[0-9]{2}-[1-4]", self.nilai["periode"], re.ASCII):
            raise BadRequest("bad period")
        kini = self.nilai["periode"]
        pilihan = sorted({kini, *periode}, reverse=True)
        self.form.fields["periode"].widget = forms.Select(choices=periode_pilihan(pilihan))


class PilihUsulanField(forms.Field):
    """The ticked proposals of a queue, as UUIDs."""

    widget = forms.MultipleHiddenInput
    kosong = "Belum ada usulan yang dicentang. Kembali ke antrean, lalu centang usulannya."

    def clean(self, value: Any) -> list[Any]:
        satu = forms.UUIDField()
        if not value:
            raise ValidationError(self.kosong)
        if len(value) > MAX_PILIH:
            raise ValidationError(f"Paling banyak {MAX_PILIH} nama sekali pilih.")
        return list(dict.fromkeys(satu.clean(v) for v in value))


class MassalForm(SendOnceForm):
    """Ticked cases of a queue and the step for them; the reason is asked beside the preview."""

    usulan = PilihUsulanField(label="Usulan")
    langkah = forms.ChoiceField(
        label="Langkah untuk yang dicentang",
        error_messages={
            "required": "Pilih langkahnya.",
            "invalid_choice": "Langkah ini tidak untuk antrean itu.",
        },
    )

    def __init__(self, *args: Any, langkah: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["langkah"].choices = langkah  # type: ignore[attr-defined]


class SahkanForm(SendOnceForm):
    usulan = PilihUsulanField(label="Usulan")


class SusunForm(SahkanForm):
    """Ticked proposals as a new batch, or into one that was sent back to the verifier."""

    batch = forms.ModelChoiceField(
        label="Masukkan ke",
        queryset=BatchPengesahan.objects.none(),
        required=False,
        empty_label="Batch baru",
        help_text="Batch yang dikembalikan kepada Anda bisa ditambah.",
    )
    catatan = PlainTextField(label="Catatan untuk supervisor", required=False, limit=500)

    def __init__(self, *args: Any, batch: Iterable[BatchPengesahan] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        pilihan = list(batch)
        if pilihan:
            self.fields["batch"].queryset = BatchPengesahan.objects.filter(pk__in=[b.pk for b in pilihan])
        else:
            del self.fields["batch"]


def alasan_langkah(langkah: str) -> list[tuple[str, str]]:
    rows = AlasanLangkah.objects.filter(langkah=langkah, aktif=True).order_by("urut", "kode")
    return [("", "Pilih alasan"), *rows.values_list("kode", "kalimat")]


class LangkahBatchForm(SendOnceForm):
    """One step of a batch: the version that was read, a reason where the step needs one, and a note."""

    versi = forms.IntegerField(widget=forms.HiddenInput)
    catatan = PlainTextField(label="Catatan", required=False, limit=500)

    def __init__(self, *args: Any, alasan: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        if alasan:
            self.fields["alasan"] = forms.ChoiceField(
                label="Alasan",
                choices=alasan_langkah(alasan),
                error_messages={"required": "Pilih alasannya."},
            )
            self.order_fields(["kunci_kirim", "versi", "alasan", "catatan"])


class KeluarkanForm(SendOnceForm):
    usulan = PilihUsulanField(label="Usulan")
    alasan = forms.ChoiceField(label="Alasan dikeluarkan", error_messages={"required": "Pilih alasannya."})
    catatan = PlainTextField(label="Catatan", required=False, limit=500)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["alasan"].choices = alasan_langkah("keluarkan_batch")
        self.fields["usulan"].kosong = "Centang usulan yang akan dikeluarkan."


class TemplatForm(SendOnceForm):
    """Parts of one kind of paper; what may stand in them is judged by the field that it stands in."""

    dasar_hukum = PlainTextField(
        label="Dasar hukum",
        help_text="Misalnya Perbup tentang tata naskah dinas.",
        limit=300,
        rows=2,
        error_messages={"required": "Tulis dasar hukum templat ini."},
    )
    berlaku_sejak = DayField(label="Berlaku sejak")

    def __init__(self, *args: Any, jenis: str, isi: dict[str, str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.jenis = jenis
        self.fields["berlaku_sejak"].initial = timezone.localdate()
        for kode, kata in letters.BAGIAN[jenis].items():
            self.fields[kode] = PlainTextField(
                label=kata, required=False, limit=4000, rows=6, initial=isi.get(kode, "")
            )
        self.order_fields(["kunci_kirim", *letters.BAGIAN[jenis]])

    def isi(self) -> dict[str, str]:
        return {kode: self.cleaned_data.get(kode, "") for kode in letters.BAGIAN[self.jenis]}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for kode, kalimat in letters.salah(self.jenis, self.isi()):
            self.add_error(kode, kalimat)
        return data


class KirimForm(SendOnceForm):
    tanda_terima = PlainTextField(
        label="Nomor tanda terima (bila sudah ada)",
        help_text="Nomor dari SIKS-NG atau agenda surat. Boleh dikosongkan dan dicatat sesudah berkas diterima.",
        limit=80,
        rows=1,
        required=False,
    )


class TandaTerimaForm(SendOnceForm):
    nomor = PlainTextField(
        label="Nomor tanda terima",
        help_text="Nomor dari SIKS-NG atau agenda surat saat berkas diserahkan.",
        limit=80,
        rows=1,
        error_messages={"required": "Isi nomor tanda terima pengiriman."},
    )
    tanggal = PastDayField(label="Tanggal tanda terima")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["tanggal"].initial = timezone.localdate()


class UnduhKirimanForm(forms.Form):
    alasan = PlainTextField(
        label="Untuk apa",
        help_text="Berkas memuat NIK lengkap. Setiap unduhan tercatat.",
        limit=200,
        rows=1,
        error_messages={"required": "Tulis untuk apa berkas ini diunduh lagi."},
    )


class KembalikanPusatForm(SendOnceForm):
    """Rows (or the whole list) that the ministry or the bupati sent back for repair."""

    usulan = PilihUsulanField(label="Usulan")
    tujuan = forms.ChoiceField(
        label="Diperbaiki di", error_messages={"required": "Pilih tempat perbaikannya."}
    )
    alasan = forms.ChoiceField(label="Alasan", error_messages={"required": "Pilih alasannya."})
    catatan = PlainTextField(
        label="Yang harus diperbaiki",
        help_text="Salin keterangan dari pusat atau bupati. Dibaca petugas yang memperbaiki.",
        limit=500,
        error_messages={"required": "Tulis apa yang harus diperbaiki."},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        arrow = USULAN.find("kembalikan", "dikirim")
        tujuan = arrow.tujuan if arrow else ()
        self.fields["tujuan"].choices = [("", "Pilih"), *((t, USULAN.state(t).label) for t in tujuan)]
        self.fields["alasan"].choices = alasan_langkah("kembalikan")
        self.fields["alasan"].initial = "DITOLAK_PUSAT"
        self.fields["usulan"].kosong = "Centang usulan yang dikembalikan."


class TetapkanForm(SendOnceForm):
    """One outcome (and reason) for each proposal of a sent batch, the day of the decree, and its number for APBN."""

    tanggal = PastDayField(label="Tanggal SK")

    def __init__(self, *args: Any, usulan: list[Usulan], program: Program, semua: str = "", **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.usulan = usulan
        self.fields["tanggal"].initial = timezone.localdate()
        if program.sumber == Program.Sumber.APBN:
            self.fields["nomor"] = PlainTextField(
                label="Nomor Keputusan Menteri Sosial",
                help_text="Salin dari SK yang diterima, misalnya 21/HUK/2026.",
                limit=80,
                rows=1,
                error_messages={"required": "Isi nomor Keputusan Menteri Sosial."},
            )
        alasan = alasan_choices()
        for u in usulan:
            nama = u.keluarga.nama_kepala
            self.fields[f"hasil_{u.pk.hex}"] = forms.ChoiceField(
                label=f"Hasil untuk {nama}",
                choices=[("", "Pilih hasil"), *BarisPenetapan.Hasil.choices],
                initial=semua,
                error_messages={"required": f"{nama}: pilih hasilnya."},
            )
            self.fields[f"alasan_{u.pk.hex}"] = forms.ChoiceField(
                label=f"Alasan untuk {nama}", choices=[("", "Tanpa alasan"), *alasan], required=False
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        langkah = dict(_alasan().values_list("kode", "langkah"))
        for u in self.usulan:
            hasil, alasan = data.get(f"hasil_{u.pk.hex}"), data.get(f"alasan_{u.pk.hex}") or ""
            if not hasil:
                continue
            nama = u.keluarga.nama_kepala
            if hasil == "ditetapkan" and alasan:
                self.add_error(
                    f"alasan_{u.pk.hex}", f"{nama}: hasil “Ditetapkan” tidak memakai alasan. Kosongkan."
                )
            elif hasil != "ditetapkan" and langkah.get(alasan) != hasil:
                self.add_error(f"alasan_{u.pk.hex}", f"{nama}: pilih alasan yang sesuai dengan hasilnya.")
        return data

    def baris(self) -> Iterator[tuple[Usulan, forms.BoundField, forms.BoundField]]:
        for u in self.usulan:
            yield u, self[f"hasil_{u.pk.hex}"], self[f"alasan_{u.pk.hex}"]

    def hasil(self) -> dict[str, tuple[str, str]]:
        """usulan id -> (outcome, reason code); only after `is_valid()`."""
        data = self.cleaned_data
        return {str(u.pk): (data[f"hasil_{u.pk.hex}"], data[f"alasan_{u.pk.hex}"]) for u in self.usulan}


def _alasan() -> QuerySet[AlasanLangkah]:
    return AlasanLangkah.objects.filter(langkah__in=["tidak_ditetapkan", "daftar_tunggu"], aktif=True)


def alasan_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    rows = list(_alasan().order_by("urut", "kode"))
    return [
        (judul, [(a.kode, a.kalimat) for a in rows if a.langkah == langkah])
        for langkah, judul in (("tidak_ditetapkan", "Tidak ditetapkan"), ("daftar_tunggu", "Daftar tunggu"))
    ]


class AlasanUmumField(PlainTextField):
    """A reason that the public reads on the verification page: no NIK or KK in it."""

    def __init__(self, **kwargs: Any):
        super().__init__(
            label="Alasan",
            help_text="Alasan ini dibaca umum di halaman cek dokumen. Jangan tulis nama warga, NIK, atau nomor KK.",
            limit=300,
            error_messages={"required": "Tuliskan alasannya."},
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        teks = super().clean(value)
        if len(teks.strip()) < 10:
            raise ValidationError("Tuliskan alasannya dengan jelas (paling sedikit 10 huruf).")
        if _NIK.search(teks):
            raise ValidationError("Alasan ini dibaca umum. Hapus NIK atau nomor KK dari tulisan.")
        return teks


class CabutForm(SendOnceForm):
    alasan = AlasanUmumField()


class GantiForm(CabutForm):
    def __init__(self, *args: Any, program: Program, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if program.sumber == Program.Sumber.APBN:
            self.fields["nomor"] = PlainTextField(
                label="Nomor Keputusan Menteri Sosial yang baru",
                limit=80,
                rows=1,
                error_messages={"required": "Isi nomor SK yang baru."},
            )


class SaringPenerima(SaringKetat):
    """This month's recipients: of one programme, answered or not."""

    program = ProgramFilter(field_name="penetapan__program_id")
    jawaban = django_filters.ChoiceFilter(
        label="Jawaban bulan ini",
        empty_label="Semua",
        method="pilih_jawaban",
        choices=[("belum", "Belum dijawab"), ("sudah", "Sudah dijawab"), *VerifikasiKelayakan.Hasil.choices],
    )

    class Meta:
        model = BarisPenetapan
        fields: list[str] = []

    def pilih_jawaban(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value in ("belum", "sudah"):
            return qs.filter(kini__isnull=value == "belum")
        return qs.filter(kini=value) if value else qs


def bulan_choices() -> list[tuple[str, str]]:
    return periode_pilihan(bulan_terakhir())


class SaringPantau(SaringKetat):
    periode = django_filters.ChoiceFilter(
        label="Bulan", method="sama", empty_label=None, choices=bulan_choices
    )
    program = ProgramFilter(method="sama")

    class Meta:
        model = BarisPenetapan
        fields: list[str] = []

    def __init__(self, request: HttpRequest, **kwargs: Any):
        super().__init__(request, BarisPenetapan.objects.none(), **kwargs)

    def sama(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return qs


class PilihPenerimaField(PilihUsulanField):
    kosong = "Belum ada nama yang dicentang. Kembali ke daftar, lalu centang namanya."


class PilihPenerimaForm(forms.Form):
    penerima = PilihPenerimaField(label="Penerima")


class LayakForm(PilihPenerimaForm, SendOnceForm):
    """The same names, sent from the page on which they were read again."""


class JawabForm(SendOnceForm):
    """One recipient's answer of this month. What only one result needs stands in a part of its own on the page."""

    hasil = forms.ChoiceField(
        label="Keadaan sekarang",
        choices=VerifikasiKelayakan.Hasil.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Pilih keadaannya."},
    )
    alasan = bersyarat(
        forms.MultipleChoiceField(
            label="Sebab tidak layak",
            required=False,
            widget=forms.CheckboxSelectMultiple,
            error_messages={"invalid_choice": "Sebab itu tidak ada di daftar. Muat ulang halaman."},
        )
    )
    meninggal = bersyarat(forms.ChoiceField(label="Siapa yang meninggal", required=False))
    pengurus = forms.ChoiceField(label="Pengurus baru", required=False)
    catatan = PlainTextField(label="Catatan", limit=500, rows=2, required=False)
    foto = PhotoField(label="Foto", required=False, help_text="Bila perlu, misalnya rumah yang sudah bagus.")
    sebelum = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, anggota: list[Individu], dewasa: list[Individu], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["alasan"].choices = alasan_kelayakan()
        self.fields["meninggal"].choices = [("", "Pilih orangnya"), *((str(a.pk), a.nama) for a in anggota)]
        self.fields["pengurus"].choices = [
            ("", "Tidak ada pengganti"),
            *((str(a.pk), a.nama) for a in dewasa),
        ]
        if self["sebelum"].value():
            catatan = bersyarat(self.fields["catatan"])
            catatan.help_text = "Wajib: tulis mengapa jawaban sebelumnya diperbaiki."

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        hasil = data.get("hasil")
        if hasil == "tidak_layak" and not data.get("alasan") and "alasan" not in self.errors:
            self.add_error("alasan", "Pilih paling sedikit satu sebab tidak layak.")
        if hasil == "meninggal" and not data.get("meninggal") and "meninggal" not in self.errors:
            self.add_error("meninggal", "Pilih siapa yang meninggal.")
        return data


def alasan_kelayakan() -> list[tuple[str, list[tuple[str, str]]]]:
    """Reasons by group: the national 15 first, then what a village sees by dimension."""
    rows = list(AlasanKelayakan.objects.filter(aktif=True).order_by("urut", "kode"))
    hasil = [("15 sebab pencoretan pusat", [(a.kode, a.kalimat) for a in rows if a.kelompok == "pusat"])]
    for kode, label in AlasanKelayakan.Dimensi.choices:
        if isi := [(a.kode, a.kalimat) for a in rows if a.kelompok == "desa" and a.dimensi == kode]:
            hasil.append((str(label), isi))
    return hasil
