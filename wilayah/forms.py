"""Choosing one area of 83,000 without JavaScript: a search box inside the form, results as radio buttons.

The search button submits the form itself. The field then says "pick one" and the form comes back with the
results and everything typed so far, so any view with the usual `if form.is_valid()` works unchanged.
`static/js/wilayah.js` adds selects that fill each other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from wilayah.models import HASIL_CARI, Tingkat, Wilayah
from wilayah.queries import (
    akar_bersama,
    bakukan,
    bentuk_sah,
    dalam,
    kabupaten_dari,
    periksa_kode,
    tingkat_dari,
)


@dataclass(frozen=True)
class Isian:
    """What the browser sent: the chosen code, the words searched for, whether the search button was used."""

    kode: str = ""
    cari: str = ""
    mencari: bool = False


class PilihWilayahWidget(forms.Widget):
    template_name = "wilayah/widget_pilih.html"
    use_fieldset = True

    def __init__(self, tingkat: tuple[int, ...], luas: list[str] | None, attrs: dict | None = None):
        super().__init__(attrs)
        self.tingkat = tingkat
        self.luas = luas
        self.mulai = ""

    @property
    def terkunci(self) -> str | None:
        """The one code that can be chosen, when the person works in exactly one area of this level."""
        if self.luas is None or len(self.luas) != 1 or tingkat_dari(self.luas[0]) != max(self.tingkat):
            return None
        return self.luas[0]

    def use_required_attribute(self, initial: Any) -> bool:
        return False  # the search box may be empty when a result is ticked

    def value_omitted_from_data(self, data, files, name) -> bool:
        return name not in data and f"{name}_cari" not in data

    def value_from_datadict(self, data, files, name) -> Isian:
        if self.terkunci:
            return Isian(kode=str(data.get(name) or self.terkunci))
        return Isian(
            kode=str(data.get(name) or "").strip(),
            cari=str(data.get(f"{name}_cari") or "").strip(),
            mencari=f"{name}_aksi" in data,
        )

    def hasil(self, isian: Isian) -> list[Wilayah]:
        """Rows to offer, at most HASIL_CARI + 1 (one more tells that the list was cut)."""
        terpakai = Wilayah.objects.berlaku().filter(tingkat__in=self.tingkat)
        if self.luas is not None:
            terpakai = terpakai.filter(dalam("kode", self.luas))
        if isian.cari and (isian.mencari or not isian.kode):
            return list(terpakai.cari(isian.cari, HASIL_CARI + 1, dekat=kabupaten_dari(self.mulai)))
        kode = bakukan(isian.kode)
        return list(terpakai.filter(pk=kode)) if kode else []

    def format_value(self, value: Any) -> Isian:
        if isinstance(value, Isian):
            return value
        return Isian(kode=value.pk if isinstance(value, Wilayah) else str(value or ""))

    def _terpilih(self, isian: Isian, hasil: list[Wilayah]) -> str:
        """The ticked row: the one sent, or the only one found."""
        if len(hasil) == 1:
            return hasil[0].pk
        kode = bakukan(isian.kode)
        return kode if any(satu.pk == kode for satu in hasil) else ""

    def get_context(self, name: str, value: Any, attrs: dict | None) -> dict:
        context = super().get_context(name, value, attrs)
        isian = self.format_value(value)
        context["terkunci"] = Wilayah.objects.filter(pk=self.terkunci).first() if self.terkunci else None
        hasil = [] if self.terkunci else self.hasil(isian)
        return context | {
            "isian": isian,
            "hasil": hasil[:HASIL_CARI],
            "terpotong": len(hasil) > HASIL_CARI,
            "terpilih": self._terpilih(isian, hasil),
            "sebutan_tingkat": " atau ".join(Tingkat(satu).label for satu in self.tingkat),
            "tingkat_csv": ",".join(str(int(satu)) for satu in self.tingkat),
            "akar": akar_bersama(self.luas or []),
            "mulai": self.mulai,
            "luas_csv": ",".join(self.luas or []),
            "alamat_json": reverse("wilayah:json", args=["indonesia"]).removesuffix("indonesia.json"),
            "tidak_ada_luas": self.luas == [],
            "tidak_sah": context["widget"]["attrs"].get("aria-invalid") == "true",
        }


class PilihWilayahField(forms.Field):
    """Form field for one area; `cleaned_data` holds a Wilayah (None when optional and empty).

    `tingkat`: level or levels that may be chosen (default: desa/kelurahan).
    `mulai`: code of the area that the lists open in, where the answer is likely; its kabupaten comes first in a search.
    `dalam`: codes of the areas allowed; None allows all, an empty list allows nothing. Set it per user with
    `form.fields["wilayah"].batasi(codes)`. With a single allowed area of the wanted level the field is plain
    text and a hidden input.
    """

    widget: PilihWilayahWidget

    def __init__(
        self,
        *,
        tingkat: int | Iterable[int] = Tingkat.DESA,
        dalam: Iterable[str] | None = None,
        mulai: str = "",
        **opsi,
    ):
        daftar = (tingkat,) if isinstance(tingkat, int) else tuple(sorted(tingkat))
        widget = PilihWilayahWidget(daftar, None)
        widget.mulai = mulai
        super().__init__(widget=widget, **opsi)
        self.batasi(dalam)

    def batasi(self, luas: Iterable[str] | None) -> None:
        """Allow only areas inside these codes (None: everywhere)."""
        self.widget.luas = None if luas is None else sorted(set(luas))

    def prepare_value(self, value: Any) -> Any:
        return value.pk if isinstance(value, Wilayah) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        awal, akhir = self.widget.format_value(initial).kode, self.widget.format_value(data).kode
        return (bakukan(awal) or "") != (bakukan(akhir) or "")

    def clean(self, value: Any) -> Wilayah | None:
        isian = self.widget.format_value(value)
        if isian.mencari and isian.kode:
            self._tahan(isian)
        if isian.cari and (isian.mencari or not isian.kode):
            return self._dari_pencarian(isian)
        if isian.kode:
            return self._periksa(isian.kode)
        if self.required or isian.mencari:
            raise ValidationError(f"Pilih {self._sebutan()} dahulu.", code="required")
        return None

    def _tahan(self, isian: Isian) -> None:
        """Enter in any field presses the first button, maybe the search: that must never send the form."""
        pilihan = self._periksa(isian.kode)
        if not isian.cari or pilihan in self.widget.hasil(isian):
            raise ValidationError(
                "Wilayah sudah dipilih: %(jalur)s. Periksa isian lain, lalu kirim.",
                params={"jalur": pilihan.jalur},
                code="belum_dikirim",
            )

    def _dari_pencarian(self, isian: Isian) -> Wilayah:
        """A full code typed in the search box is an answer; words are a question."""
        kode = bakukan(isian.cari)
        if kode and bentuk_sah(kode) and tingkat_dari(kode) in self.widget.tingkat:
            pilihan = self._periksa(kode)
            if not isian.mencari:
                return pilihan
        jumlah = len(self.widget.hasil(isian))
        if jumlah == 0 and kode:
            return self._periksa(kode)
        if jumlah == 0:
            raise ValidationError(
                "Tidak ada %(tingkat)s yang cocok dengan “%(cari)s”. Coba sebagian nama saja.",
                params={"tingkat": self._sebutan(), "cari": isian.cari[:80]},
                code="tidak_ditemukan",
            )
        raise ValidationError(f"Pilih satu {self._sebutan()} dari hasil pencarian.", code="pilih_hasil")

    def _periksa(self, kode: str) -> Wilayah:
        return periksa_kode(kode, tingkat=self.widget.tingkat, luas=self.widget.luas)

    def _sebutan(self) -> str:
        return " atau ".join(Tingkat(satu).label for satu in self.widget.tingkat)
