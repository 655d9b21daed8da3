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

from bansos.models import BarisPenetapan, Kelayakan, Penetapan, Pengesahan, Program
from bansos.queries.antrean import ANTREAN
from core.forms import PastDayField, PlainTextField, SendOnceForm
from dtks.models import AlasanLangkah, Usulan
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
        if "wilayah" in self.filters:
            self.filters["wilayah"].extra["choices"] = pilihan_wilayah(luas, data.get("wilayah", ""))
        if set(data) - set(self.filters) - {"kursor"} or not self.is_valid():
            raise BadRequest("unknown filter")

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


class SaringAntrean(SaringKetat):
    antrean = django_filters.ChoiceFilter(
        field_name="status", choices=[(k, v[0]) for k, v in ANTREAN.items()], widget=forms.HiddenInput
    )
    program = ProgramFilter(field_name="program")
    wilayah = WilayahFilter(field_name="wilayah_id")
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

    def menunggu(self, qs: QuerySet[Usulan], name: str, value: str) -> QuerySet[Usulan]:
        if value == "lewat":
            return qs.filter(tenggat__lt=timezone.localdate())
        return qs.filter(status_sejak__lt=timezone.now() - timedelta(days=int(value)))


DAFTAR = [("pengesahan", "Pengesahan"), ("sk", "Surat keputusan (SK)")]


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

    class Meta:
        model = Pengesahan
        fields: list[str] = []

    def sama(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return qs

    def pilih_keadaan(self, qs: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "belum":
            return qs.filter(dikirim_at__isnull=True)
        menunggu = Pengesahan.objects.filter(baris__usulan__status="dikirim").values("pk")
        qs = qs.filter(dikirim_at__isnull=False)
        return qs.filter(pk__in=menunggu) if value == "dikirim" else qs.exclude(pk__in=menunggu)


class SaringSK(SaringKetat):
    daftar = django_filters.ChoiceFilter(method="sama", choices=DAFTAR, widget=forms.HiddenInput)
    program = ProgramFilter(field_name="program_id")
    status = django_filters.ChoiceFilter(
        label="Status", empty_label="Semua", choices=Penetapan.Status.choices, field_name="status"
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
        if not re.fullmatch(r"[0-9]{4}-[1-4]", self.nilai["periode"], re.ASCII):
            raise BadRequest("bad period")
        kini = self.nilai["periode"]
        pilihan = sorted({kini, *periode}, reverse=True)
        self.form.fields["periode"].widget = forms.Select(
            choices=[(p, f"Triwulan {p[-1]} tahun {p[:4]}") for p in pilihan]
        )


class PilihUsulanField(forms.Field):
    """The ticked proposals of a queue, as UUIDs."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[Any]:
        satu = forms.UUIDField()
        if not value:
            raise ValidationError(
                "Belum ada usulan yang dicentang. Kembali ke antrean, lalu centang usulannya."
            )
        if len(value) > MAX_PILIH:
            raise ValidationError(f"Paling banyak {MAX_PILIH} usulan sekali pilih.")
        return list(dict.fromkeys(satu.clean(v) for v in value))


class SahkanForm(SendOnceForm):
    usulan = PilihUsulanField(label="Usulan")


class KirimForm(SendOnceForm):
    tanda_terima = PlainTextField(
        label="Nomor tanda terima",
        help_text="Nomor dari SIKS-NG atau agenda surat saat berkas diserahkan.",
        limit=80,
        rows=1,
        error_messages={"required": "Isi nomor tanda terima pengiriman."},
    )


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
