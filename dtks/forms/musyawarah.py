"""Forms of the meeting: schedule, agenda, attendance, verdicts, signed scan."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from core import rules
from core.forms import (
    MomentField,
    NameField,
    PlainTextField,
    ScanSheetsField,
    SendOnceForm,
    WholeField,
)
from dtks.models import AlasanLangkah, KodeAcuan, Musyawarah, PutusanMusyawarah, Usulan
from wilayah.forms import PilihWilayahField

BARIS_KOSONG = 3
MAKS_PESERTA = 60
MAKS_SUARA = 9999
# What a village may hold against a name at a meeting; the other reasons are found by the Dinas or by Dukcapil.
ALASAN_TOLAK = (
    "MAMPU", "TIDAK_LAYAK_MUSYAWARAH", "GANDA", "TIDAK_DIKENAL", "ALAMAT_TIDAK_DITEMUKAN", "ASN_TNI_POLRI", "ANGGOTA_ASN_TNI_POLRI",
    "PENSIUNAN", "PERANGKAT_DESA", "SUDAH_BANTUAN_LAIN", "MENOLAK_BANSOS",
)  # fmt: skip
ALASAN_TUNDA = (
    "TUNGGU_MUSYAWARAH",
    "TUNGGU_DOKUMEN",
    "TUNGGU_DUKCAPIL",
    "KELUARGA_TIDAK_DI_TEMPAT",
    "SANGGAHAN",
)
# Why lurah/kades may send the minutes back, and why a proposal leaves the agenda: a part of the 'kembalikan' list.
ALASAN_BERITA_ACARA = ("BA_KURANG", "KUORUM_KURANG")
ALASAN_AGENDA = (
    "DATA_KURANG",
    "ANGGOTA_KURANG",
    "NIK_TIDAK_PADAN",
    "FOTO_TIDAK_JELAS",
    "LOKASI_SALAH",
    "PROGRAM_SALAH",
    "SALAH_DESA",
)


def jenis_bawaan(kode: str) -> str:
    """MUSKEL for a kelurahan, MUSDES for a desa: the first digit of the village's own four (domain.md §3.1)."""
    bagian = kode.split(".")
    return Musyawarah.Jenis.MUSKEL if len(bagian) >= 4 and bagian[3][:1] == "1" else Musyawarah.Jenis.MUSDES


def desa_tunggal(luas: list[str]) -> str:
    """The code of the one desa/kelurahan that `luas` is, else ''."""
    return luas[0] if len(luas) == 1 and luas[0].count(".") == 3 else ""


def pilihan_unsur() -> list[tuple[str, str]]:
    return list(KodeAcuan.objects.filter(daftar="unsur").order_by("urut").values_list("kode", "label"))


def pilihan_alasan(langkah: str, kode: Iterable[str] = ()) -> list[tuple[str, str]]:
    rows = AlasanLangkah.objects.filter(langkah=langkah, aktif=True)
    if kode:
        rows = rows.filter(pk__in=list(kode))
    return [("", "Pilih alasan"), *rows.values_list("kode", "kalimat")]


def unsur_wajib(wilayah: str) -> list[str]:
    return list(rules.value("kuorum", wilayah)["unsur_wajib"])


def wajar(waktu: datetime) -> datetime:
    """A year either way: the rules of the quorum and the period hang on this date."""
    if abs(waktu - timezone.now()) > timedelta(days=366):
        raise forms.ValidationError("Tanggalnya lebih dari setahun dari sekarang. Periksa lagi.")
    return waktu


class AcaraForm(forms.Form):
    """When, where, who leads, about what."""

    waktu = MomentField(label="Hari, tanggal, dan jam")
    tempat = PlainTextField(label="Tempat", limit=150, rows=1, help_text="Contoh: Balai desa")
    pimpinan = NameField(label="Pimpinan rapat", help_text="Biasanya kepala desa/lurah atau ketua BPD/LPM.")
    notulis = NameField(label="Notulis")
    agenda = PlainTextField(label="Agenda", limit=300, rows=2)

    def clean_waktu(self) -> datetime:
        waktu: datetime = self.cleaned_data["waktu"]
        return wajar(waktu)


class JadwalForm(SendOnceForm, AcaraForm):
    wilayah = PilihWilayahField(label="Desa/kelurahan")
    jenis = forms.ChoiceField(
        label="Jenis musyawarah",
        required=False,
        choices=[("", "Sesuai wilayah (desa atau kelurahan)"), *Musyawarah.Jenis.choices],
    )
    field_order = ("wilayah", "jenis")

    def __init__(self, *args: Any, luas: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["wilayah"].batasi(luas)
        if sendiri := desa_tunggal(luas):
            self._jenis_dari_kode(jenis_bawaan(sendiri))

    def _jenis_dari_kode(self, jenis: str) -> None:
        """One village: a kelurahan has one kind of meeting, so nothing is asked; a desa may hold a special one."""
        self.initial.setdefault("jenis", jenis)
        if jenis == Musyawarah.Jenis.MUSKEL:
            self.fields["jenis"].widget = forms.HiddenInput()
            return
        pilihan = (Musyawarah.Jenis.MUSDES, Musyawarah.Jenis.MUSDESUS)
        self.fields["jenis"].widget.choices = [(j.value, j.label) for j in pilihan]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if wilayah := data.get("wilayah"):
            sesuai = jenis_bawaan(wilayah.pk)
            data["jenis"] = data.get("jenis") or sesuai
            kelurahan = sesuai == Musyawarah.Jenis.MUSKEL
            if kelurahan != (data["jenis"] == Musyawarah.Jenis.MUSKEL):
                self.add_error(
                    "jenis",
                    f"{wilayah.sebutan} adalah {'kelurahan' if kelurahan else 'desa'}. "
                    f"Pilih {Musyawarah.Jenis(sesuai).label}.",
                )
        return data

    def acara(self) -> dict[str, Any]:
        return {k: self.cleaned_data[k] for k in ("jenis", *AcaraForm.base_fields)}


class UbahForm(AcaraForm):
    catatan = PlainTextField(
        label="Catatan jalannya musyawarah",
        limit=4000,
        rows=6,
        required=False,
        help_text="Tulis hal penting: tanya jawab, keberatan, kesepakatan.",
    )


class PesertaForm(forms.Form):
    """One invited person. A row without a name is left out."""

    nama = NameField(label="Nama", required=False)
    unsur = forms.ChoiceField(label="Mewakili", required=False)
    jabatan = PlainTextField(label="Jabatan", limit=80, rows=1, required=False)

    def __init__(self, *args: Any, unsur: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["unsur"].choices = [("", "Pilih unsur"), *unsur]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("nama") and not data.get("unsur") and "unsur" not in self.errors:
            self.add_error("unsur", "Pilih orang ini mewakili siapa.")
        return data


_PesertaDasar = forms.formset_factory(
    PesertaForm, extra=0, max_num=MAKS_PESERTA, absolute_max=MAKS_PESERTA, validate_max=True
)


class PesertaFormSet(_PesertaDasar):  # type: ignore[misc,valid-type]
    def isi(self) -> list[dict[str, Any]]:
        return [
            {k: f.cleaned_data.get(k) or "" for k in ("nama", "unsur", "jabatan")}
            for f in self.forms
            if f.cleaned_data.get("nama")
        ]


def peserta_formset(data: Any = None, *, wilayah: str = "") -> PesertaFormSet:
    """Rows as invited to the last meeting of this desa, else one empty row per required unsur, then a few empty ones."""
    baris: list[dict[str, str]] = []
    if data is None:
        lama = (
            Musyawarah.objects.filter(wilayah_id=wilayah).order_by("-waktu", "-id").first()
            if wilayah
            else None
        )
        if lama is not None:
            baris = list(lama.peserta.values("nama", "unsur", "jabatan")[: MAKS_PESERTA - BARIS_KOSONG])
        else:
            baris = [{"nama": "", "unsur": u, "jabatan": ""} for u in unsur_wajib(wilayah)]
        baris += [{"nama": "", "unsur": "", "jabatan": ""}] * BARIS_KOSONG
    return PesertaFormSet(
        data, prefix="peserta", initial=baris or None, form_kwargs={"unsur": pilihan_unsur()}
    )


class TambahPesertaForm(PesertaForm):
    nama = NameField(label="Nama")
    hadir = forms.BooleanField(label="Orang ini hadir", required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["unsur"].required = True
        self.fields["unsur"].error_messages["required"] = "Pilih orang ini mewakili siapa."


class AgendaForm(forms.Form):
    """Proposals to bring in, by id; only those that were offered count."""

    usulan = forms.MultipleChoiceField(
        label="Usulan", error_messages={"required": "Centang paling sedikit satu usulan."}
    )

    def __init__(self, *args: Any, calon: Iterable[Usulan], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["usulan"].choices = [(str(u.pk), u.keluarga.nama_kepala) for u in calon]
        self.fields["usulan"].error_messages["invalid_choice"] = (
            "Satu usulan yang dicentang sudah berpindah. Muat ulang halaman, lalu centang lagi."
        )


class KeluarkanForm(forms.Form):
    alasan = forms.ChoiceField(
        label="Alasan dikeluarkan dari agenda", error_messages={"required": "Pilih alasannya."}
    )
    catatan = PlainTextField(label="Catatan", limit=500, rows=2, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["alasan"].choices = pilihan_alasan("kembalikan", ALASAN_AGENDA)


class HadirForm(forms.Form):
    hadir = forms.MultipleChoiceField(label="Hadir", required=False)

    def __init__(self, *args: Any, peserta: Iterable[Any], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["hadir"].choices = [(str(p.pk), p.nama) for p in peserta]


class PutusanField(forms.ChoiceField):
    """Asked for, so not marked as optional; empty is an answer until the meeting is closed, or where no reason is needed."""

    def validate(self, value: Any) -> None:
        if value not in self.empty_values:
            super().validate(value)


def alasan_putusan() -> dict[str, list[tuple[str, str]]]:
    """Reasons that fit a verdict of the meeting, by verdict, in one query."""
    rows = AlasanLangkah.objects.filter(aktif=True).filter(
        Q(langkah="tolak", pk__in=ALASAN_TOLAK) | Q(langkah="tunda", pk__in=ALASAN_TUNDA)
    )
    hasil: dict[str, list[tuple[str, str]]] = {"ditolak": [], "ditunda": []}
    for row in rows:
        hasil["ditolak" if row.langkah == "tolak" else "ditunda"].append((row.pk, row.kalimat))
    return hasil


class PutusanForm(forms.Form):
    """The verdict on one name. A rejection or a postponement needs a reason: from the list, in words, or both."""

    putusan = PutusanField(
        label="Putusan", widget=forms.RadioSelect, choices=PutusanMusyawarah.Putusan.choices
    )
    use_required_attribute = False
    alasan_kode = PutusanField(label="Alasan")
    alasan = PlainTextField(label="Keterangan alasan", limit=300, rows=1, required=False)
    keberatan = PlainTextField(label="Keberatan peserta", limit=300, rows=1, required=False)
    suara_setuju = WholeField(label="Suara setuju", required=False, min_value=0, max_value=MAKS_SUARA)
    suara_tidak = WholeField(label="Suara tidak setuju", required=False, min_value=0, max_value=MAKS_SUARA)
    versi = WholeField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2_000_000_000)

    def __init__(
        self,
        data: Any,
        *,
        row: PutusanMusyawarah,
        alasan: dict[str, list[tuple[str, str]]],
        koreksi: bool = False,
    ):
        kolom = ("putusan", "alasan_kode", "alasan", "keberatan", "suara_setuju", "suara_tidak", "versi")
        super().__init__(data, prefix=str(row.pk), initial={k: getattr(row, k) for k in kolom})
        self._alasan = alasan
        hapus = row.usulan.jalur == Usulan.Jalur.PENGHAPUSAN
        buang = {"meninggal", "pindah"} if hapus else set()
        buang |= set() if koreksi else {"keluar"}
        self.fields["putusan"].choices = [
            (k, v) for k, v in PutusanMusyawarah.Putusan.choices if k not in buang
        ]
        grup = [] if hapus else [("Untuk “Ditolak”", alasan["ditolak"])]
        self.fields["alasan_kode"].choices = [
            ("", "Pilih alasan"), *grup, ("Untuk “Ditunda”", alasan["ditunda"]), *self._lama(row)
        ]  # fmt: skip

    def _lama(self, row: PutusanMusyawarah) -> list[tuple[str, str]]:
        """A reason that was put there for him (died, moved) is no choice of the list but stays valid."""
        dikenal = {kode for daftar in self._alasan.values() for kode, _ in daftar}
        if not row.alasan_kode or row.alasan_kode in dikenal:
            return []
        return [(row.alasan_kode, "Alasan umum")]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        putusan = data.get("putusan")
        if putusan not in ("ditolak", "ditunda"):
            return data | {"alasan_kode": ""}
        cocok = {kode for kode, _ in self._alasan[putusan]}
        if data.get("alasan_kode") not in cocok:  # the verdict was changed under its reason
            data["alasan_kode"] = ""
        if not data["alasan_kode"] and not data.get("alasan") and not self.errors:
            self.add_error("alasan_kode", "Putusan ini perlu alasan. Pilih dari daftar, atau tulis singkat.")
        return data

    @property
    def nama_kolom(self) -> str:
        """Names of the fields of this one card, so that a press sends no other card."""
        return ",".join(["csrfmiddlewaretoken", *(self.add_prefix(n) for n in self.fields)])


class UndanganForm(forms.Form):
    bentuk = forms.ChoiceField(
        label="Bentuk surat",
        widget=forms.RadioSelect,
        initial="satu",
        choices=[
            ("satu", "Satu surat dengan daftar yang diundang"),
            ("orang", "Satu lembar untuk setiap orang yang diundang"),
        ],
    )


class PerbaikanForm(forms.Form):
    """Second minutes that correct the first: what was wrong, and when and by whom it is put right."""

    alasan_perbaikan = PlainTextField(
        label="Apa yang keliru, dan sebabnya",
        limit=300,
        rows=3,
        help_text="Contoh: nama Ibu Enok tertulis ditolak, padahal disepakati. Salah catat notulis.",
        error_messages={"required": "Tulis apa yang keliru dan sebabnya."},
    )
    waktu = MomentField(label="Hari, tanggal, dan jam perbaikan")
    tempat = PlainTextField(label="Tempat", limit=150, rows=1)
    pimpinan = NameField(label="Pimpinan")
    notulis = NameField(label="Notulis")

    def clean_waktu(self) -> datetime:
        waktu: datetime = self.cleaned_data["waktu"]
        return wajar(waktu)


class PindaianForm(forms.Form):
    pindaian = ScanSheetsField(
        label="Berita acara bertanda tangan",
        help_text="Satu PDF hasil pindai, atau foto setiap halaman (boleh beberapa sekaligus, urut halaman).",
    )
    versi = WholeField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)


class LangkahForm(forms.Form):
    """A step that only needs the version that the person saw."""

    versi = WholeField(widget=forms.HiddenInput, min_value=0, max_value=2_000_000_000)


class AlasanForm(LangkahForm):
    alasan = forms.ChoiceField(label="Alasan", error_messages={"required": "Pilih alasannya."})

    def __init__(self, *args: Any, pilihan: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["alasan"].choices = pilihan


class KembalikanForm(AlasanForm):
    catatan = PlainTextField(
        label="Apa yang harus dibetulkan",
        limit=1000,
        rows=3,
        error_messages={"required": "Tulis apa yang harus dibetulkan."},
    )


class SaringForm(forms.Form):
    status = forms.ChoiceField(
        label="Status", required=False, choices=[("", "Semua"), *Musyawarah._meta.get_field("status").choices]
    )


def waktu_awal() -> Any:
    """Tomorrow at nine: a likely time, easy to change."""
    besok = timezone.localtime() + timedelta(days=1)
    return besok.replace(hour=9, minute=0, second=0, microsecond=0)
