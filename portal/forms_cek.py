"""The two doors of /cek/. In careful times (bansos.actions.cek.OneMore) each asks for one thing more."""

import re
from datetime import date
from typing import Any

from django import forms
from django.conf import settings

from bansos.actions import cek as aksi
from core.forms import BirthDateField, NameField, NikField
from core.tantangan import FormTantangan
from wilayah.forms import PilihWilayahField


class TanggalKetikField(BirthDateField):
    """A birth date typed as people say it: 31/01/1955, 31-1-1955, 31 01 1955, 31011955. A picker is hard for 1955."""

    input_formats = ["%d/%m/%Y", "%Y-%m-%d"]

    def __init__(self, **kwargs: Any):
        kwargs.setdefault(
            "widget", forms.DateInput(format="%d/%m/%Y", attrs={"autocomplete": "off", "class": "sempit"})
        )
        kwargs.setdefault("help_text", "Hari/bulan/tahun seperti di KTP, misalnya 31/01/1955.")
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str):
            value = value.strip()
            if re.fullmatch(r"[0-9]{8}", value, re.ASCII):
                value = f"{value[:2]}/{value[2:4]}/{value[4:]}"
            elif not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII):
                value = re.sub(r"[\s./-]+", "/", value)
        return super().to_python(value)


class CekNikForm(FormTantangan, forms.Form):
    """NIK and birth date; the name only in careful times."""

    nik = NikField(label="NIK", help_text="16 angka di KTP atau KK.")
    tgl_lahir = TanggalKetikField(label="Tanggal lahir")
    nama = NameField(
        label="Nama lengkap",
        help_text="Seperti di KTP. Ditanyakan karena sedang banyak yang bertanya.",
        required=False,
    )

    def __init__(self, *args: Any, hati: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not hati and not self._dikirim("nama"):
            self.fields.pop("nama")

    def lanjutan(self) -> aksi.Pertanyaan:
        isi = self.cleaned_data
        return aksi.lewat_nik(
            nik=isi["nik"], lahir=isi["tgl_lahir"], nama=isi.get("nama", ""), alamat=self.alamat
        )


class CekNamaForm(FormTantangan, forms.Form):
    """Village and full name; the birth date only in careful times."""

    wilayah = PilihWilayahField(label="Desa atau kelurahan", mulai=settings.KABUPATEN)
    nama = NameField(label="Nama lengkap", help_text="Seperti di KTP, tanpa gelar.")
    tgl_lahir = TanggalKetikField(
        label="Tanggal lahir",
        help_text="Hari/bulan/tahun seperti di KTP, misalnya 31/01/1955. Ditanyakan karena sedang banyak yang bertanya.",
        required=False,
    )

    def __init__(self, *args: Any, hati: bool = False, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if not hati and not self._dikirim("tgl_lahir"):
            self.fields.pop("tgl_lahir")

    def lanjutan(self) -> aksi.Pertanyaan:
        isi = self.cleaned_data
        return aksi.lewat_nama(
            desa=isi["wilayah"].pk, nama=isi["nama"], lahir=isi.get("tgl_lahir"), alamat=self.alamat
        )
