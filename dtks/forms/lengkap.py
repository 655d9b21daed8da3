"""A whole new proposal in one sending: family, members, dwelling, assets. The forms are those of the single pages."""

import re
from typing import Any

from django.http import QueryDict

from dtks.forms.anggota import AnggotaForm
from dtks.forms.keluarga import KeluargaForm, rapikan_titik
from dtks.forms.rumah import AsetForm, FotoForm, RumahForm
from dtks.forms.usulan import UsulanBaruForm

ANGGOTA_TERBANYAK = 30
KEPALA = "1"
# Nothing of this is asked of everybody; on the phone it is folded away, so that a family of five is quick.
LAIN = frozenset({
    "identitas", "alamat_capil", "kelas", "ijazah", "keterampilan", "usaha_jumlah", "usaha_lapangan", "usaha_izin", "usaha_omzet",
    "disabilitas", "punya_perawat", "penyakit_menahun", "jamkes",
})  # fmt: skip
TEMPAT = ("patokan", "lintang", "bujur", "akurasi_m", "adat", "nama_suku", "bantuan")


class UsulanLengkapForm(UsulanBaruForm):
    """The family and the proposal; who the head is comes from the first member."""

    patokan = KeluargaForm.base_fields["patokan"]
    lintang = KeluargaForm.base_fields["lintang"]
    bujur = KeluargaForm.base_fields["bujur"]
    akurasi_m = KeluargaForm.base_fields["akurasi_m"]
    adat = KeluargaForm.base_fields["adat"]
    nama_suku = KeluargaForm.base_fields["nama_suku"]
    bantuan = KeluargaForm.base_fields["bantuan"]

    USULAN = ("program", "jalur", "alasan_usul")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for nama in UsulanBaruForm.KEPALA:
            self.fields.pop(nama, None)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        rapikan_titik(self, data)
        return data

    @property
    def keluarga(self) -> dict[str, Any]:
        return {**super().keluarga, **{n: self.cleaned_data.get(n) for n in TEMPAT}}

    @property
    def bidang_usulan(self) -> list[Any]:
        return [self[n] for n in self.USULAN if not self[n].is_hidden]

    @property
    def bidang_keluarga(self) -> list[Any]:
        return [f for f in self.visible_fields() if f.name not in self.USULAN]


class AnggotaLengkapForm(AnggotaForm):
    kunci_kirim = None
    versi = None

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.data.get(self.add_prefix("tanpa_nik_alasan")):
            self.fields["nik"].required = False

    @property
    def pokok(self) -> list[tuple[str, str, list[Any]]]:
        """The parts of the page without what is folded away."""
        return [
            (k, judul, [f for f in isi if f.name not in LAIN])
            for k, judul, isi in self.bagian
            if k != "hambatan"
        ]

    @property
    def lain(self) -> list[Any]:
        """Answers that most people have none of, in the order of the page."""
        return [f for k, _, isi in self.bagian for f in isi if f.name in LAIN or k == "hambatan"]


class RumahLengkapForm(RumahForm):
    kunci_kirim = None
    versi = None


class AsetLengkapForm(AsetForm):
    kunci_kirim = None
    versi = None


class FotoKirimForm(FotoForm):
    """One photo from the phone's queue: added to what is there, so no version is asked."""

    versi = None


class IsianLengkap:
    """All forms of one sending. `data=None` gives the empty page.

    Its fields say `required`: without a signal the script must tell what is missing while the family is still there.
    """

    def __init__(self, data: QueryDict | None, *, luas: list[str], operator: bool):
        self.utama = UsulanLengkapForm(data, luas=luas, operator=operator, use_required_attribute=True)
        self.contoh_anggota = (
            AnggotaLengkapForm(prefix="anggota-__n__", use_required_attribute=True) if data is None else None
        )
        self.anggota = [
            AnggotaLengkapForm(data, prefix=f"anggota-{n}", no_kk=self._kk(data)) for n in range(self._banyak(data))
        ]  # fmt: skip
        self.rumah = RumahLengkapForm(data, prefix="rumah", use_required_attribute=True)
        self.aset = AsetLengkapForm(data, prefix="aset", use_required_attribute=True)

    @staticmethod
    def _banyak(data: QueryDict | None) -> int:
        if data is None:
            return 0
        ada = (re.match(r"anggota-([0-9]{1,2})-", n) for n in data)
        return max((int(m[1]) + 1 for m in ada if m), default=1)

    @staticmethod
    def _kk(data: QueryDict | None) -> str:
        return re.sub(r"[^0-9]", "", data.get("no_kk", "")) if data is not None else ""

    @property
    def ada_rumah(self) -> bool:
        """A dwelling that nobody began to describe can be filled in later."""
        return any(v for n, v in self.rumah.data.items() if n.startswith("rumah-"))

    def _semua(self) -> list[Any]:
        return [self.utama, *self.anggota, *([self.rumah] if self.ada_rumah else []), self.aset]

    def is_valid(self) -> bool:
        if len(self.anggota) > ANGGOTA_TERBANYAK:
            self.utama.full_clean()
            self.utama.add_error(
                None,
                f"Satu formulir paling banyak {ANGGOTA_TERBANYAK} anggota. Kirim dulu sebagian, sisanya tambahkan di halaman keluarga.",
            )
            return False
        sah = all([form.is_valid() for form in self._semua()])  # a list: every form says what it found
        return self._rapi() and sah

    def _rapi(self) -> bool:
        """What no single member's form can see: one head, and no number twice."""
        baik, dikenal = True, set()
        for n, form in enumerate(self.anggota):
            hubungan, nik = (form.cleaned_data.get(k) for k in ("hubungan", "nik"))
            if n == 0 and hubungan and hubungan != KEPALA:
                form.add_error("hubungan", "Orang pertama adalah kepala keluarga.")
                baik = False
            if n and hubungan == KEPALA:
                form.add_error("hubungan", "Kepala keluarga hanya satu. Pilih hubungan yang lain.")
                baik = False
            if nik and nik in dikenal:
                form.add_error(
                    "nik", "NIK ini sudah dipakai anggota lain di formulir ini. Cocokkan dengan KTP."
                )
                baik = False
            dikenal.add(nik)
        return baik

    def galat(self) -> dict[str, list[str]]:
        """Sentences by the name of the field as it stands on the page; '' holds those of no field."""
        hasil: dict[str, list[str]] = {}
        for form in self._semua():
            for nama, kalimat in form.errors.items():
                kunci = "" if nama == "__all__" else form.add_prefix(nama)
                hasil.setdefault(kunci, []).extend(str(k) for k in kalimat)
        return hasil

    @property
    def tanda(self) -> list[Any]:
        return [t for form in self.anggota for t in form.tanda]

    @property
    def orang(self) -> list[dict[str, Any]]:
        return [{**f.isi, "tanda": f.kode_tanda} for f in self.anggota]
