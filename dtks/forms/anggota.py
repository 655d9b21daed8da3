"""A member of a family, in the words of the DTSEN form. Structure is refused, odd meaning is flagged (`tanda`)."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from core import identity, text
from core.forms import BirthDateField, DayField, NameField, NikField
from core.text import Tanda
from dtks.forms.pilihan import (
    BanyakKode,
    CountField,
    IsianForm,
    LineField,
    PilihanKode,
    YaTidakField,
    pilihan,
)
from dtks.models import Individu
from wilayah.models import Wilayah

BUTIR_HAMBATAN = 10  # nine functions and depression
LAMA_HAMIL = 330  # days; a later start is a slip of the year
JUDUL_HAMBATAN = "Hambatan fungsi (boleh kosong semua)"
BAGIAN = (
    ("diri", "Identitas", ("nik", "tanpa_nik_alasan", "nama", "hubungan", "keberadaan", "jenis_kelamin", "tempat_lahir", "tgl_lahir",
                           "status_kawin", "ibu_kandung", "identitas", "alamat_capil")),
    ("sekolah", "Sekolah", ("partisipasi_sekolah", "jenjang", "kelas", "ijazah")),
    ("kerja", "Pekerjaan", ("bekerja", "lapangan_usaha", "status_kerja", "pendapatan", "keterampilan", "usaha_jumlah",
                            "usaha_lapangan", "usaha_izin", "usaha_omzet")),
    ("sehat", "Kesehatan", ("disabilitas", "punya_perawat", "penyakit_menahun", "gizi", "hamil", "hamil_sejak", "jamkes")),
)  # fmt: skip
KELAMIN = {"1": "L", "2": "P"}
# Flags that this form computes anew at every save; others (PETUGAS) belong to the action and stay.
TANDA_ISIAN = frozenset({
    "HURUF_MIRIP", "SATU_HURUF", "ADA_ANGKA", "TIDAK_LAZIM", "ISIAN_COBA", "SIMBOL", "SERI_NOL", "NIK_SAMA_KK",
    "TANGGAL_TIDAK_ADA", "TANGGAL_BEDA", "KELAMIN_BEDA", "WILAYAH_TIDAK_DIKENAL",
})  # fmt: skip


def kode_dikenal(enam: str) -> bool:
    """Are the first six digits of a NIK a kecamatan, of today or of before a split?"""
    return Wilayah.objects.filter(pk=f"{enam[:2]}.{enam[2:4]}.{enam[4:6]}").exists()


def periksa_tanda(
    *, nik: str, nama: str, tgl_lahir: date | None, jenis_kelamin: str, kk: str = ""
) -> list[Tanda]:
    """Odd but possible: what a second look is asked for. Empty is the normal case."""
    tanda = text.soft_flags_name(nama)
    if nik:
        tanda += identity.check_nik(
            nik,
            tanggal_lahir=tgl_lahir,
            jenis_kelamin=KELAMIN.get(jenis_kelamin),
            kk=kk or None,
            kode_wilayah_dikenal=kode_dikenal,
        ).tanda
    return tanda


class IdentitasForm(IsianForm):
    """Who it is. The head's form adds the family; the member's form adds school, work and health."""

    nik = NikField(
        help_text="16 angka di KTP atau KK. Boleh pakai spasi.",
        error_messages={"required": "Isi NIK, atau pilih alasan mengapa belum punya NIK."},
    )
    tanpa_nik_alasan = PilihanKode(
        "alasan_tanpa_nik",
        label="Belum punya NIK, karena",
        required=False,
        help_text="Isi hanya bila NIK belum ada. Warga tanpa NIK tetap bisa diusulkan.",
    )
    nama = NameField(
        label="Nama lengkap", help_text="Seperti di KTP atau KK.", error_messages={"required": "Isi namanya."}
    )
    jenis_kelamin = PilihanKode("jenis_kelamin", label="Jenis kelamin", widget=forms.RadioSelect)
    tempat_lahir = LineField(label="Tempat lahir", limit=60, required=False)
    tgl_lahir = BirthDateField(label="Tanggal lahir")
    status_kawin = PilihanKode("status_kawin", label="Status perkawinan")
    ibu_kandung = NameField(label="Nama ibu kandung", error_messages={"required": "Isi nama ibu kandung."})

    def __init__(self, *args: Any, individu: Individu | None = None, no_kk: str = "", **kwargs: Any):
        self.individu, self._kk = individu, no_kk
        self.tanda: list[Tanda] = []
        super().__init__(*args, **kwargs)
        if self.data.get("tanpa_nik_alasan"):
            self.fields["nik"].required = False
        if individu is not None and individu.nik:
            del self.fields["tanpa_nik_alasan"]
            self.fields["nik"].required = False
            self.fields["nik"].label = "NIK baru"
            self.fields["nik"].help_text = f"Sekarang {individu.nik}. Isi hanya bila ingin menggantinya."

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "nik" in self.errors:
            return data
        nik, lama = data.get("nik", ""), self._nik_lama()
        if nik or lama:
            data["tanpa_nik_alasan"] = ""
        self.tanda = periksa_tanda(
            nik=nik or lama,
            nama=data.get("nama") or "",
            tgl_lahir=data.get("tgl_lahir"),
            jenis_kelamin=data.get("jenis_kelamin") or "",
            kk=data.get("no_kk") or self._kk,
        )
        return data

    def _nik_lama(self) -> str:
        return self.individu.nik.open() if self.individu is not None and self.individu.nik else ""

    @property
    def kode_tanda(self) -> list[str]:
        tetap = set(self.individu.tanda) - TANDA_ISIAN if self.individu is not None else set()
        return sorted(tetap | {t.kode for t in self.tanda})


class AnggotaForm(IdentitasForm):
    hubungan = PilihanKode("hubungan", label="Hubungan dengan kepala keluarga")
    keberadaan = PilihanKode("keberadaan", label="Keberadaan")
    partisipasi_sekolah = PilihanKode("partisipasi_sekolah", label="Partisipasi sekolah", required=False)
    jenjang = PilihanKode("jenjang", label="Jenjang yang diikuti", required=False)
    kelas = PilihanKode("kelas", label="Kelas tertinggi yang diikuti", required=False)
    ijazah = PilihanKode("ijazah", label="Ijazah tertinggi", required=False)
    bekerja = YaTidakField(label="Bekerja dalam seminggu terakhir", help_text="Untuk umur 10 tahun ke atas.")
    lapangan_usaha = PilihanKode("lapangan_usaha", label="Lapangan usaha", required=False)
    status_kerja = PilihanKode("status_kerja", label="Status kedudukan kerja", required=False)
    pendapatan = PilihanKode("pendapatan", label="Pendapatan sebulan", required=False)
    keterampilan = YaTidakField(label="Punya keterampilan bersertifikat")
    usaha_jumlah = CountField(label="Jumlah usaha sendiri", most=99, required=False)
    usaha_lapangan = PilihanKode("lapangan_usaha", label="Lapangan usaha milik sendiri", required=False)
    usaha_izin = YaTidakField(label="Usaha punya izin")
    usaha_omzet = PilihanKode("usaha_omzet", label="Omzet usaha sebulan", required=False)
    disabilitas = PilihanKode(
        "disabilitas", label="Jenis disabilitas", required=False, help_text="Kosongkan bila tidak ada."
    )
    punya_perawat = YaTidakField(label="Ada yang merawat", help_text="Bila tidak bisa mengurus diri sendiri.")
    penyakit_menahun = PilihanKode("penyakit_menahun", label="Penyakit menahun", required=False)
    gizi = PilihanKode(
        "gizi", label="Gizi balita", required=False, help_text="Hanya untuk anak di bawah 5 tahun."
    )
    hamil = YaTidakField(label="Sedang hamil")
    hamil_sejak = DayField(label="Mulai hamil", required=False)
    jamkes = PilihanKode("jamkes", label="Jaminan kesehatan", required=False)
    identitas = BanyakKode("identitas", label="Kartu identitas yang dimiliki")
    alamat_capil = LineField(
        label="Alamat menurut Dukcapil",
        limit=200,
        required=False,
        help_text="Bila berbeda dengan tempat tinggal sekarang.",
    )

    field_order = ("kunci_kirim", "versi", "nik", "tanpa_nik_alasan", "nama", "hubungan", "keberadaan")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        isi = pilihan(["hambatan_butir", "hambatan", "depresi"])
        for kode, label in isi["hambatan_butir"]:
            jawaban = isi["depresi" if int(kode) == BUTIR_HAMBATAN else "hambatan"]
            self.fields[f"hambatan_{kode}"] = forms.ChoiceField(
                label=label,
                required=False,
                choices=[("", "Belum diisi"), *jawaban],
                error_messages={"invalid_choice": "Pilihan ini tidak ada di daftar. Pilih lagi."},
            )
            self.fields[f"hambatan_{kode}"].same_for_all = True  # type: ignore[attr-defined]

    @property
    def bagian(self) -> list[tuple[str, str, list[forms.BoundField]]]:
        """(key, heading, fields) of the parts of the page."""
        hambatan = tuple(n for n in self.fields if n.startswith("hambatan_"))
        return [
            (k, judul, [self[n] for n in nama if n in self.fields])
            for k, judul, nama in (*BAGIAN, ("hambatan", JUDUL_HAMBATAN, hambatan))
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("usaha_jumlah") and (data.get("usaha_lapangan") or data.get("usaha_omzet")):
            self.add_error("usaha_jumlah", "Isi jumlah usahanya, atau kosongkan isian usaha yang lain.")
        if data.get("hamil_sejak") and not data.get("hamil"):
            self.add_error("hamil", "Pilih “Ya” bila tanggal mulai hamil diisi.")
        if data.get("hamil") and data.get("jenis_kelamin") == "1":
            self.add_error("hamil", "Jenis kelamin laki-laki tidak bisa hamil. Periksa lagi.")
        sejak = data.get("hamil_sejak")
        if sejak and not 0 <= (timezone.localdate() - sejak).days <= LAMA_HAMIL:
            self.add_error(
                "hamil_sejak", "Paling lama 11 bulan yang lalu, dan tidak di masa depan. Periksa lagi."
            )
        self._gather_hambatan(data)
        return data

    def _gather_hambatan(self, data: dict[str, Any]) -> None:
        """Ten answers make one column; some without the others would be read as another question's answer."""
        nama = [f"hambatan_{n}" for n in range(1, BUTIR_HAMBATAN + 1)]
        jawaban = [data.pop(n, "") for n in nama]
        data["hambatan"] = [int(j) for j in jawaban] if all(jawaban) else None
        if any(jawaban) and not all(jawaban):
            for n, j in zip(nama, jawaban, strict=True):
                if not j and n not in self.errors:
                    self.add_error(n, "Isi juga yang ini, atau kosongkan semua bagian hambatan.")
