"""Forms of the NIK desk: filters, repair of an identity, the waiver by two persons, a check of a whole area."""

from typing import Any

from django import forms

from core.forms import (
    BirthDateField,
    NameField,
    NikField,
    PastDayField,
    PlainTextField,
    ScanField,
    SendOnceForm,
)
from dtks.models import Individu, KodeAcuan, TiketPadan
from wilayah.forms import PilihWilayahField
from wilayah.kode import bentuk_sah, dalam, mencakup
from wilayah.models import Tingkat, Wilayah

TANPA_TIKET = ("BELUM", "MENUNGGU", "PADAN")
KATEGORI = [(k, v) for k, v in Individu.Padan.choices if k not in TANPA_TIKET]
IDENTITAS = ("nama", "nik", "tempat_lahir", "tgl_lahir", "jenis_kelamin", "ibu_kandung")


def pilihan_wilayah(luas: list[str], dipilih: str) -> list[tuple[str, str]]:
    """Areas to narrow the queue by: those inside the chosen one (or the own area), one level down, and the way back."""
    asal = dipilih or (luas[0] if len(luas) == 1 else "")
    if asal and asal.count(".") >= 3 and not dipilih:
        return []
    rows = Wilayah.objects.berlaku().filter(tingkat__lte=Tingkat.DESA)
    if not asal:
        rows = rows.filter(pk__in=luas)
    elif asal.count(".") >= 3:
        rows = rows.filter(pk=asal)
    else:
        rows = rows.filter(induk=asal)
    hasil = [(w.pk, w.sebutan) for w in rows.order_by("nama", "kode")]
    if dipilih and dipilih.count(".") < 3:
        hasil.insert(0, (dipilih, f"Semua di {Wilayah.objects.get(pk=dipilih).sebutan}"))
    return [("", "Semua wilayah saya"), *hasil]


class SaringForm(forms.Form):
    kategori = forms.ChoiceField(label="Masalah", required=False, choices=[("", "Semua masalah"), *KATEGORI])
    status = forms.ChoiceField(
        label="Status",
        required=False,
        choices=[("", "Belum selesai"), *TiketPadan.Status.choices],
    )

    def __init__(self, data: Any, *, luas: list[str]):
        super().__init__(data)
        kode = str((data or {}).get("wilayah") or "")
        sah = bentuk_sah(kode) and any(mencakup(satu, kode) for satu in luas)
        if sah and Wilayah.objects.filter(pk=kode).exists():
            pilihan = pilihan_wilayah(luas, kode)
        else:
            pilihan = pilihan_wilayah(luas, "")
        if pilihan:
            self.fields["wilayah"] = forms.ChoiceField(label="Wilayah", required=False, choices=pilihan)
            self.order_fields(["wilayah", "kategori", "status"])

    def saring(self, rows: Any) -> Any:
        """The queue, narrowed. A value that is not on the list narrows nothing (the error stands beside the field)."""
        isi = self.cleaned_data if self.is_valid() else {}
        if kode := isi.get("wilayah"):
            rows = rows.filter(dalam("wilayah_id", [kode]))
        if kategori := isi.get("kategori"):
            rows = rows.filter(kategori=kategori)
        return rows.filter(status=isi["status"]) if isi.get("status") else rows.terbuka()


class PerbaikiForm(SendOnceForm):
    """The identity as on KK/KTP. The NIK is never shown: an empty one means 'as it is'."""

    nama = NameField(label="Nama sesuai KTP-el/KK")
    nik = NikField(required=False, help_text="Kosongkan bila NIK tidak diubah.")
    tempat_lahir = NameField(label="Tempat lahir", max_length=60, required=False)
    tgl_lahir = BirthDateField(label="Tanggal lahir")
    jenis_kelamin = forms.ChoiceField(label="Jenis kelamin", widget=forms.RadioSelect)
    ibu_kandung = NameField(label="Nama ibu kandung", required=False)
    catatan = PlainTextField(
        label="Dokumen yang dilihat", limit=500, rows=2, required=False, help_text="Contoh: KK terbitan 2025."
    )

    def __init__(self, *args: Any, orang: Individu, **kwargs: Any):
        awal = {k: getattr(orang, k) for k in IDENTITAS if k != "nik"}
        super().__init__(*args, initial=awal, **kwargs)
        self.fields["jenis_kelamin"].choices = list(
            KodeAcuan.objects.filter(daftar="jenis_kelamin").order_by("urut").values_list("kode", "label")
        )

    def isi(self) -> dict[str, Any]:
        return {k: v for k, v in self.cleaned_data.items() if k in IDENTITAS and (k != "nik" or v)}


class KecualiForm(forms.Form):
    alasan = PlainTextField(
        label="Mengapa orang ini harus tetap dilayani",
        limit=300,
        rows=3,
        help_text="Contoh: orangnya ada, KTP asli dilihat, perbaikan di Disdukcapil sedang diurus.",
        error_messages={"required": "Tuliskan alasan pengecualian."},
    )


class TolakForm(forms.Form):
    catatan = PlainTextField(
        label="Alasan ditolak", limit=500, rows=2, error_messages={"required": "Tuliskan alasan menolak."}
    )


class DukcapilForm(forms.Form):
    catatan = PlainTextField(
        label="Apa yang sudah diperbaiki di Dukcapil",
        limit=500,
        rows=2,
        help_text="Contoh: NIK sudah diaktifkan. Jangan menulis NIK atau nomor KK.",
        error_messages={"required": "Tuliskan apa yang diperbaiki di Dukcapil."},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(
            *args, auto_id="id_dukcapil_%s", **kwargs
        )  # "catatan" is in another form of the page too


class SuratForm(SendOnceForm):
    """The ticked people of a letter. The choices are the open tickets that this person may write about."""

    tiket = forms.ModelMultipleChoiceField(
        queryset=TiketPadan.objects.none(),
        error_messages={
            "required": "Centang paling sedikit satu orang.",
            "invalid_choice": "Sebagian orang yang dicentang sudah selesai. Muat ulang daftar, lalu centang lagi.",
            "invalid_pk_value": "Pilihan tidak dikenal. Muat ulang daftar.",
        },
    )

    def __init__(self, *args: Any, rows: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["tiket"].queryset = rows


class KirimSuratForm(forms.Form):
    tanggal = PastDayField(label="Tanggal surat diantar")


class BatalSuratForm(forms.Form):
    alasan = PlainTextField(
        label="Mengapa surat ini dibatalkan",
        limit=300,
        rows=2,
        help_text="Contoh: orangnya keliru dicentang. Jangan menulis NIK atau nomor KK.",
        error_messages={"required": "Tuliskan mengapa surat ini dibatalkan."},
    )


class BalasSuratForm(forms.Form):
    tanggal = PastDayField(label="Tanggal balasan")
    berkas = ScanField(
        label="Balasan Disdukcapil", help_text="Hasil pindai (PDF) atau foto yang jelas, paling besar 10 MB."
    )
    catatan = PlainTextField(label="Catatan", limit=500, rows=2, required=False)


class BatchForm(SendOnceForm):
    wilayah = PilihWilayahField(
        label="Desa/kelurahan atau kecamatan", tingkat=(Tingkat.KECAMATAN, Tingkat.DESA)
    )

    def __init__(self, *args: Any, luas: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["wilayah"].batasi(luas)
