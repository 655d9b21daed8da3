"""The form of a rule, built from the catalogue of measures: nobody types a code, and what comes out is checked as data."""

import copy
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from bansos.models import AturanProgram
from bansos.queries.isi_aturan import RUPIAH_MAKS, syarat_kata
from bansos.queries.sebab import Kamus, kamus
from bansos.queries.ukuran import ANGKA, DAFTAR, INDIVIDU, KELUARGA, PILIHAN, SEMUA, UKURAN, YA, Ukuran
from core.forms import DayField, PlainTextField, SendOnceForm, WholeField
from core.terbilang import periode_pilihan

PER = [("tahun", "setahun"), ("bulan", "sebulan"), ("sekali", "sekali saja")]
URUT = [("desil,skor", "Desil terendah, lalu kriteria terbanyak"), ("skor,desil", "Kriteria terbanyak, lalu desil terendah"),
        ("desil", "Desil terendah saja"), ("skor", "Kriteria terbanyak saja")]  # fmt: skip
_CENTANG = forms.CheckboxSelectMultiple


def _rupiah(label: str) -> WholeField:
    return WholeField(
        label=label, min_value=0, max_value=RUPIAH_MAKS, help_text="Angka saja, tanpa titik.",
        error_messages={"required": "Isi besarnya (0 bila tidak berupa uang).", "invalid": "Tulis angka saja, tanpa titik."},
    )  # fmt: skip


def _bulat(label: str, maks: int = 50, bantu: str = "Kosongkan bila tidak dibatasi.") -> WholeField:
    return WholeField(label=label, required=False, min_value=1, max_value=maks, help_text=bantu)


def _nilai_field(u: Ukuran, kata: Kamus, label: str) -> forms.Field:
    """The field for the value of one measure."""
    if u.jenis == ANGKA:
        return forms.DecimalField(
            label=label, min_value=u.rentang[0], max_value=u.rentang[1], max_digits=8, decimal_places=2, localize=False,
            help_text=f"Angka {u.rentang[0]} sampai {u.rentang[1]}{u.satuan and ' (' + u.satuan.strip() + ')'}.",
            error_messages={"required": "Isi angkanya.", "invalid": "Tulis angka saja."},
        )  # fmt: skip
    if u.jenis == YA:
        return forms.ChoiceField(
            label=label, choices=[("ada", u.ya), ("tidak", u.tidak)], widget=forms.RadioSelect
        )
    pilihan = [(v, kalimat) for (kode, v), kalimat in kata.label.items() if kode == u.kode]
    return forms.MultipleChoiceField(
        label=label,
        choices=pilihan,
        widget=_CENTANG,
        error_messages={"required": "Centang paling sedikit satu."},
    )


def _op_field(u: Ukuran, label: str) -> forms.ChoiceField:
    kata = {"<=": u.batas[0], ">=": u.batas[1], "=": "tepat"}
    return forms.ChoiceField(label=label, choices=[(op, kata[op]) for op in u.operator])


def _pred(u: Ukuran, data: dict[str, Any], awalan: str) -> dict[str, Any]:
    """A condition from the cleaned values of `<awalan>_op` and `<awalan>_nilai`."""
    nilai = data[f"{awalan}_nilai"]
    if u.jenis == ANGKA:
        bulat = int(nilai)
        return {
            "ukuran": u.kode,
            "op": data[f"{awalan}_op"],
            "nilai": bulat if bulat == nilai else float(nilai),
        }
    if u.jenis == YA:
        return {"ukuran": u.kode, "op": nilai}
    if u.jenis == PILIHAN and len(nilai) == 1:
        return {"ukuran": u.kode, "op": "=", "nilai": nilai[0]}
    return {"ukuran": u.kode, "op": "in", "nilai": nilai}


def _awal(u: Ukuran, p: dict[str, Any]) -> Any:
    if u.jenis == YA:
        return p["op"]
    if u.jenis == ANGKA:
        return p["nilai"]
    return p["nilai"] if isinstance(p["nilai"], list) else [p["nilai"]]


def _tetap(p: dict[str, Any]) -> bool:
    """A condition that the form only shows: a choice between several, a denial, or 'any programme at all'."""
    return "ukuran" not in p or (UKURAN[p["ukuran"]].jenis == DAFTAR and p["op"] != "in")


class AturanForm(SendOnceForm):
    """Every part of a version. `isi()` gives the new content; a condition that is ticked off is left out of it."""

    berlaku_sejak = DayField(label="Mulai berlaku", error_messages={"required": "Isi tanggal mulainya."})
    berlaku_hingga = DayField(label="Sampai tanggal", required=False, help_text="Kosongkan bila tanpa batas.")
    dasar_hukum = PlainTextField(
        label="Dasar hukum", limit=300, rows=1, error_messages={"required": "Isi dasar hukumnya."}
    )
    sumber = PlainTextField(
        label="Dari mana nilainya", limit=2000, help_text="Sebut juga sumber yang menyebut angka lain.",
        error_messages={"required": "Isi dari mana nilainya."},
    )  # fmt: skip
    catatan = PlainTextField(label="Catatan", limit=2000, required=False)

    def __init__(self, *args: Any, aturan: AturanProgram, **kwargs: Any):
        awal = {
            k: getattr(aturan, k)
            for k in ("berlaku_sejak", "berlaku_hingga", "dasar_hukum", "sumber", "catatan")
        }
        super().__init__(*args, initial=awal, **kwargs)
        self._lama, self._kata = aturan.isi, kamus()
        isi = aturan.isi
        self._tambah("manfaat_nilai", _rupiah("Besar bantuan (rupiah)"), isi["manfaat"]["nilai"])
        self._tambah("manfaat_per", forms.ChoiceField(label="Dibayar", choices=PER), isi["manfaat"]["per"])
        for i, p in enumerate(isi["syarat"]):
            self._syarat(f"s{i}", p)
        for j, k in enumerate(isi.get("komponen", [])):
            self._komponen(f"k{j}", k)
        if isi.get("komponen"):
            self._tambah(
                "komponen_maks", _bulat("Komponen yang dibayar paling banyak"), isi.get("komponen_maks")
            )
            self._tambah("komponen_minimal", _bulat("Komponen paling sedikit", bantu="Kosongkan bila boleh tanpa komponen."), isi.get("komponen_minimal") or None)  # fmt: skip
        self._tambah("maks_tahun", _bulat("Paling lama diterima (tahun)"), isi.get("maks_tahun"))
        if isi.get("komponen"):
            kode = [(k["kode"], k["nama"]) for k in isi["komponen"]]
            self._tambah("kecuali_lulus", self._centang("Tanpa batas tahun bila ada komponen", kode), isi.get("kecuali_lulus") or [])  # fmt: skip
        sumber = [(s.pk, s.nama) for s in sorted(self._kata.sumber.values(), key=lambda s: s.urut) if s.aktif or s.pk in isi.get("pengecualian", [])]  # fmt: skip
        self._tambah(
            "pengecualian",
            self._centang("Tidak dihitung bila tercatat di daftar", sumber),
            isi.get("pengecualian", []),
        )
        lain = [(kode, nama) for kode, nama in self._kata.program.items() if kode != aturan.program_id]
        self._tambah(
            "tidak_bersama", self._centang("Tidak boleh bersama program", lain), isi.get("tidak_bersama", [])
        )
        self._tambah(
            "urut",
            forms.ChoiceField(label="Urutan peringkat", choices=URUT),
            ",".join(isi.get("urut") or ["desil", "skor"]),
        )

    def _tambah(self, nama: str, bidang: forms.Field, awal: Any) -> None:
        self.fields[nama] = bidang
        self.initial[nama] = awal

    @staticmethod
    def _centang(label: str, pilihan: list[tuple[str, str]]) -> forms.MultipleChoiceField:
        return forms.MultipleChoiceField(label=label, choices=pilihan, widget=_CENTANG, required=False)

    def _syarat(self, awalan: str, p: dict[str, Any], di: str = "") -> None:
        kata = syarat_kata(p, self._kata.label)
        if not _tetap(p):
            u = UKURAN[p["ukuran"]]
            if u.jenis == ANGKA:
                self._tambah(f"{awalan}_op", _op_field(u, f"{u.label}{di}: dibandingkan"), p["op"])
            self._tambah(f"{awalan}_nilai", _nilai_field(u, self._kata, f"{u.label}{di}"), _awal(u, p))
        self._tambah(
            f"{awalan}_hapus", forms.BooleanField(label=f"Buang syarat{di}: {kata}", required=False), False
        )

    def _komponen(self, awalan: str, k: dict[str, Any]) -> None:
        di = f" ({k['nama']})"
        self._tambah(f"{awalan}_uang", _rupiah(f"Bantuan komponen{di}"), k["nilai"])
        self._tambah(f"{awalan}_per", forms.ChoiceField(label=f"Dibayar{di}", choices=PER), k["per"])
        self._tambah(f"{awalan}_maks", _bulat(f"Paling banyak orang{di}"), k.get("maks"))
        for i, p in enumerate(k["syarat"]):
            self._syarat(f"{awalan}_s{i}", p, di)
        self._tambah(
            f"{awalan}_buang", forms.BooleanField(label=f"Buang komponen{di}", required=False), False
        )

    def isi(self) -> dict[str, Any]:
        """The new content, from the cleaned data."""
        data, lama = self.cleaned_data, self._lama
        hasil = copy.deepcopy(lama)
        hasil["manfaat"] = {"nilai": data["manfaat_nilai"], "per": data["manfaat_per"]}
        hasil["syarat"] = self._preds("s", lama["syarat"])
        hasil["komponen"] = [
            k | {"nilai": data[f"k{j}_uang"], "per": data[f"k{j}_per"], "maks": data[f"k{j}_maks"], "syarat": self._preds(f"k{j}_s", k["syarat"])}
            for j, k in enumerate(lama.get("komponen", []))
            if not data[f"k{j}_buang"]
        ]  # fmt: skip
        if lama.get("komponen"):
            ada = {k["kode"] for k in hasil["komponen"]}
            hasil["komponen_maks"], hasil["komponen_minimal"] = (
                data["komponen_maks"],
                data["komponen_minimal"] or 0,
            )
            hasil["kecuali_lulus"] = [k for k in data["kecuali_lulus"] if k in ada]
        hasil["maks_tahun"], hasil["urut"] = data["maks_tahun"], data["urut"].split(",")
        hasil["pengecualian"], hasil["tidak_bersama"] = data["pengecualian"], data["tidak_bersama"]
        return hasil

    def _preds(self, awalan: str, lama: list[dict[str, Any]]) -> list[dict[str, Any]]:
        hasil = []
        for i, p in enumerate(lama):
            nama = f"{awalan}{i}"
            if not self.cleaned_data[f"{nama}_hapus"]:
                hasil.append(p if _tetap(p) else _pred(UKURAN[p["ukuran"]], self.cleaned_data, nama))
        return hasil


class PilihUkuranForm(forms.Form):
    """First half of a new condition: what it is about, and where it stands."""

    ke = forms.ChoiceField(label="Untuk")
    ukuran = forms.ChoiceField(label="Yang dilihat")

    def __init__(self, *args: Any, aturan: AturanProgram, **kwargs: Any):
        super().__init__(*args, **kwargs)
        komponen = [(k["kode"], f"Komponen {k['nama']}") for k in aturan.isi.get("komponen", [])]
        self.fields["ke"].choices = [("", "Seluruh aturan"), *komponen]
        self.fields["ke"].required = False
        self._unit = aturan.isi["unit"]
        self.fields["ukuran"].choices = [
            (u.kode, f"{u.label} ({'orang' if u.level == INDIVIDU else 'keluarga'})") for u in SEMUA
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        u = UKURAN.get(data.get("ukuran", ""))
        per_orang = bool(data.get("ke")) or self._unit == INDIVIDU
        if u is not None and u.level == INDIVIDU and not per_orang:
            raise ValidationError("Itu tentang satu orang. Pilih komponennya, atau pilih ukuran keluarga.")
        if u is not None and u.level == KELUARGA and data.get("ke"):
            raise ValidationError("Syarat komponen dilihat per orang. Pilih ukuran tentang orang.")
        return data


class SyaratForm(SendOnceForm):
    """Second half: how it is compared. `pred()` gives the condition."""

    def __init__(self, *args: Any, ukuran: Ukuran, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self._u = ukuran
        if ukuran.jenis == ANGKA:
            self.fields["n_op"] = _op_field(ukuran, "Dibandingkan")
        self.fields["n_nilai"] = _nilai_field(ukuran, kamus(), ukuran.label)
        if ukuran.jenis in (DAFTAR, PILIHAN):
            self.fields["n_bukan"] = forms.BooleanField(
                label="Kebalikannya: tidak boleh salah satu dari itu", required=False
            )

    def pred(self) -> dict[str, Any]:
        satu = _pred(self._u, self.cleaned_data, "n")
        return {"bukan": satu} if self.cleaned_data.get("n_bukan") else satu


class KomponenForm(SendOnceForm):
    kode = forms.RegexField(
        r"^[a-z][a-z0-9_]{1,28}$", label="Kode komponen", help_text="Huruf kecil dan garis bawah, misalnya anak_sd.",
        error_messages={"required": "Isi kodenya.", "invalid": "Kode memakai huruf kecil, angka, dan garis bawah."},
    )  # fmt: skip
    nama = PlainTextField(
        label="Nama komponen", limit=80, rows=1, error_messages={"required": "Isi namanya."}
    )
    uang = _rupiah("Besar bantuan (rupiah)")
    per = forms.ChoiceField(label="Dibayar", choices=PER)
    maks = _bulat("Paling banyak orang")


class TriwulanForm(SendOnceForm):
    """Which quarter a trial looks at."""

    periode = forms.ChoiceField(label="Triwulan yang dicoba")

    def __init__(self, *args: Any, pilihan: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["periode"].choices = periode_pilihan(pilihan)


class PutusAturanForm(SendOnceForm):
    putusan = forms.ChoiceField(
        label="Putusan", choices=[("setujui", "Setujui: berlaku mulai tanggalnya"), ("tolak", "Tolak")], widget=forms.RadioSelect,
        error_messages={"required": "Pilih putusannya."},
    )  # fmt: skip
    alasan = PlainTextField(label="Alasan bila ditolak", limit=500, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (
            data.get("putusan") == "tolak"
            and len(data.get("alasan", "")) < 10
            and "alasan" not in self.errors
        ):
            self.add_error("alasan", "Tuliskan alasan penolakannya (paling sedikit 10 huruf).")
        return data
