"""Recorded changes of a family: who, what, when, and by which paper; and moves to another desa."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from core.forms import KkField, PastDayField, ScanField, SendOnceForm
from dtks.actions.peristiwa import Catatan, Pengganti
from dtks.forms.anggota import IdentitasForm
from dtks.forms.pilihan import IsianForm, LineField, PilihanKode, RtRwField, bersyarat, pilihan
from dtks.models import Individu, Keluarga, Peristiwa
from wilayah.forms import PilihWilayahField
from wilayah.models import Tingkat

KEPALA = "1"
PANJANG_KECAMATAN = 8  # "32.05.01"
D = Peristiwa.Dasar
SALAH_PILIH = {"invalid_choice": "Pilihan ini tidak ada di daftar. Pilih lagi."}
DASAR = {
    "MASUK": (D.KK_BARU, D.AKTA_LAHIR, D.BUKU_NIKAH, D.SKPWNI, D.SURAT_DESA, D.LAIN),
    "KELUAR": (D.KK_BARU, D.AKTA_CERAI, D.SURAT_DESA, D.LAIN),
    "MENINGGAL": (D.AKTA_KEMATIAN, D.SURAT_KEMATIAN, D.SURAT_DESA, D.LAIN),
    "PINDAH": (D.SKPWNI, D.KK_BARU, D.SURAT_DESA, D.LAIN),
    "PECAH_KK": (D.KK_BARU, D.AKTA_CERAI, D.LAIN),
    "GABUNG": (D.KK_BARU, D.BUKU_NIKAH, D.LAIN),
    "GANTI_KEPALA": (D.KK_BARU, D.AKTA_KEMATIAN, D.AKTA_CERAI, D.LAIN),
    "KOREKSI": (D.SURAT_DESA, D.KK_BARU, D.LAIN),
}


class DasarMixin(forms.Form):
    """The day and the paper; every record has them."""

    tanggal = PastDayField(label="Tanggal kejadian", help_text="Seperti di dokumennya.")
    dasar_jenis = forms.ChoiceField(
        label="Dasar pencatatan", error_messages={"required": "Pilih dasarnya.", **SALAH_PILIH}
    )
    dasar_nomor = LineField(label="Nomor dokumen", limit=60, required=False)
    keterangan = LineField(label="Keterangan", limit=300, required=False)
    berkas = ScanField(label="Foto atau pindaian dokumen", required=False)

    def limit_dasar(self, jenis: str) -> None:
        self.fields["dasar_jenis"].choices = [
            ("", "Pilih dasarnya"),
            *((d.value, d.label) for d in DASAR[jenis]),
        ]

    @property
    def catatan(self) -> Catatan:
        data = self.cleaned_data
        berkas = data.get("berkas")
        return Catatan(
            data["tanggal"],
            data["dasar_jenis"],
            data["dasar_nomor"],
            data["keterangan"],
            berkas.read() if berkas else b"",
        )


class PeristiwaForm(DasarMixin, IsianForm):
    """Base of the records about a family that exists. `anggota`: its active members."""

    JENIS = ""

    def __init__(self, *args: Any, keluarga: Keluarga, anggota: list[Individu], **kwargs: Any):
        self.keluarga, self.anggota = keluarga, anggota
        super().__init__(*args, **kwargs)
        self.limit_dasar(self.JENIS)
        self.siapkan()

    def siapkan(self) -> None:
        """Fields that depend on who is in the family."""

    def _pilih_orang(self, nama: str, orang: Iterable[Individu], *, wajib: bool = True) -> None:
        isi = [(str(a.pk), a.nama) for a in orang]
        self.fields[nama].choices = isi if wajib else [("", "Tidak berganti"), *isi]

    @property
    def orang(self) -> Individu:
        return next(a for a in self.anggota if str(a.pk) == self.cleaned_data["individu"])


def _pilih(label: str, **kwargs: Any) -> forms.ChoiceField:
    galat = {"required": "Pilih orangnya.", **SALAH_PILIH}
    return forms.ChoiceField(label=label, error_messages=galat, **kwargs)


class PenggantiMixin(forms.Form):
    """Who leads the family afterwards, and how the others are related to him."""

    kepala_baru = bersyarat(
        _pilih(
            "Kepala keluarga yang baru", required=False, help_text="Wajib bila yang pergi kepala keluarga."
        )
    )

    def tambah_hubungan(self, anggota: Iterable[Individu]) -> None:
        isi = [k for k in pilihan(["hubungan"])["hubungan"] if k[0] != KEPALA]
        for a in anggota:
            self.fields[f"hubungan_{a.pk}"] = bersyarat(
                forms.ChoiceField(
                    label=f"{a.nama}: hubungan dengan kepala yang baru",
                    choices=[("", "Tidak berubah"), *isi],
                    required=False,
                    error_messages=SALAH_PILIH,
                )
            )

    @property
    def ganti(self) -> Pengganti:
        data = self.cleaned_data
        kepala = data.get("kepala_baru")
        hubungan = {
            k.removeprefix("hubungan_"): v for k, v in data.items() if k.startswith("hubungan_") and v
        }
        return Pengganti(UUID(kepala) if kepala else None, hubungan, bool(data.get("tarik")))


def _tarik() -> forms.BooleanField:
    return forms.BooleanField(
        label="Tarik usulan yang masih berjalan",
        required=False,
        help_text="Centang bila tidak ada lagi anggota yang tersisa.",
    )


class MasukForm(DasarMixin, IdentitasForm):
    """A new member: who it is; school, work and health follow in the form of a proposal."""

    JENIS = "MASUK"
    hubungan = PilihanKode("hubungan", label="Hubungan dengan kepala keluarga")
    field_order = ("kunci_kirim", "versi", "nik", "tanpa_nik_alasan", "nama", "hubungan")
    LUAR = ("tanggal", "dasar_jenis", "dasar_nomor", "keterangan", "berkas")

    def __init__(self, *args: Any, keluarga: Keluarga, anggota: list[Individu], **kwargs: Any):
        kk = keluarga.no_kk
        super().__init__(*args, no_kk=kk.open() if kk else "", **kwargs)
        self.limit_dasar(self.JENIS)
        hubungan = self.fields["hubungan"]
        if any(a.hubungan == KEPALA for a in anggota):
            hubungan.choices = [k for k in hubungan.choices if k[0] != KEPALA]

    @property
    def data_orang(self) -> dict[str, Any]:
        """Columns of Individu."""
        isi = {k: v for k, v in self.isi.items() if k not in self.LUAR}
        return {**isi, "keberadaan": "1", "tanda": self.kode_tanda}


class KeluarForm(PenggantiMixin, PeristiwaForm):
    JENIS = "KELUAR"
    individu = _pilih("Siapa yang keluar?", widget=forms.RadioSelect)
    tarik = _tarik()
    field_order = ("kunci_kirim", "versi", "individu", "tanggal", "dasar_jenis", "dasar_nomor", "keterangan", "berkas",
                   "kepala_baru")  # fmt: skip

    def siapkan(self) -> None:
        self._pilih_orang("individu", self.anggota)
        self._pilih_orang("kepala_baru", [a for a in self.anggota if a.hubungan != KEPALA], wajib=False)
        self.tambah_hubungan(a for a in self.anggota if a.hubungan != KEPALA)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("individu") and data["individu"] == data.get("kepala_baru"):
            self.add_error("kepala_baru", "Orang ini yang pergi. Pilih anggota lain.")
        return data


class MeninggalForm(KeluarForm):
    JENIS = "MENINGGAL"
    individu = _pilih("Siapa yang meninggal?", widget=forms.RadioSelect)


class GabungForm(KeluarForm):
    """Into another family of the same village, found by its KK number."""

    JENIS = "GABUNG"
    individu = _pilih("Siapa yang bergabung ke KK lain?", widget=forms.RadioSelect)
    no_kk = KkField(
        label="Nomor KK tujuan", help_text="Keluarga di wilayah Anda. 16 angka di Kartu Keluarga."
    )
    hubungan = PilihanKode("hubungan", label="Hubungan dengan kepala keluarga tujuan")
    field_order = ("kunci_kirim", "versi", "individu", "no_kk", "hubungan", *KeluarForm.field_order[3:])

    @property
    def ganti(self) -> Pengganti:
        return super().ganti


class GantiKepalaForm(PenggantiMixin, PeristiwaForm):
    JENIS = "GANTI_KEPALA"
    kepala_baru = _pilih("Siapa kepala keluarga yang baru?", widget=forms.RadioSelect)
    field_order = ("kunci_kirim", "versi", "kepala_baru")

    def siapkan(self) -> None:
        self._pilih_orang("kepala_baru", [a for a in self.anggota if a.hubungan != KEPALA])
        self.tambah_hubungan(self.anggota)


class PecahForm(PenggantiMixin, PeristiwaForm):
    """Each member stays, or goes along with a relation in the new family."""

    JENIS = "PECAH_KK"
    no_kk = KkField(label="Nomor KK baru", help_text="16 angka di Kartu Keluarga yang baru.")
    alamat = LineField(label="Alamat tinggal keluarga baru", limit=200, help_text="Ubah bila pindah rumah.")
    rt = RtRwField(label="RT")
    rw = RtRwField(label="RW")

    def siapkan(self) -> None:
        if self.keluarga.wilayah_id.count(".") > 3:
            self.fields["rw"].disabled = True
        isi = pilihan(["hubungan"])["hubungan"]
        for a in self.anggota:
            self.fields[f"ikut_{a.pk}"] = bersyarat(
                forms.ChoiceField(
                    label=a.nama,
                    choices=[("", "Tetap di KK lama"), *((k, f"Ikut KK baru: {label}") for k, label in isi)],
                    required=False,
                    error_messages=SALAH_PILIH,
                )
            )
        self._pilih_orang("kepala_baru", [a for a in self.anggota if a.hubungan != KEPALA], wajib=False)
        self.fields["kepala_baru"].label = "Kepala keluarga lama diganti"
        self.fields["kepala_baru"].help_text = "Wajib bila kepala keluarga lama ikut KK baru."
        self.order_fields(
            ["kunci_kirim", "versi", *(f"ikut_{a.pk}" for a in self.anggota), "kepala_baru", "no_kk"]
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        ikut = self.ikut
        pertama = f"ikut_{self.anggota[0].pk}" if self.anggota else None
        if not ikut:
            self.add_error(pertama, "Pilih sedikitnya satu anggota yang ikut KK baru.")
        elif sum(1 for h in ikut.values() if h == KEPALA) != 1:
            self.add_error(pertama, "Pilih tepat satu kepala keluarga untuk KK baru.")
        if data.get("kepala_baru") in ikut:
            self.add_error("kepala_baru", "Orang ini ikut KK baru. Pilih yang tetap di KK lama.")
        return data

    @property
    def ikut(self) -> dict[str, str]:
        """id -> relation in the new family."""
        return {
            k.removeprefix("ikut_"): v for k, v in self.cleaned_data.items() if k.startswith("ikut_") and v
        }

    @property
    def data_keluarga(self) -> dict[str, Any]:
        return {k: self.cleaned_data[k] for k in ("no_kk", "alamat", "rt", "rw")}


class KoreksiForm(PeristiwaForm):
    """A member who was written off by mistake. `anggota` are those who are not active."""

    JENIS = "KOREKSI"
    individu = _pilih("Siapa yang tercatat kembali?", widget=forms.RadioSelect)
    hubungan = PilihanKode("hubungan", label="Hubungan dengan kepala keluarga")
    keterangan = LineField(
        label="Apa yang keliru?", limit=300, error_messages={"required": "Tuliskan apa yang keliru."}
    )
    field_order = ("kunci_kirim", "versi", "individu", "hubungan", "keterangan")

    def siapkan(self) -> None:
        self.fields["individu"].choices = [
            (str(a.pk), f"{a.nama} ({a.nonaktif_alasan.replace('_', ' ')})") for a in self.anggota
        ]


class PindahForm(PenggantiMixin, PeristiwaForm):
    """To another desa: a request inside the kabupaten, a record when it is farther away."""

    JENIS = "PINDAH"
    individu = _pilih("Siapa yang pindah?", widget=forms.RadioSelect)
    ke = PilihWilayahField(label="Desa/kelurahan tujuan")
    keterangan = LineField(
        label="Alasan pindah", limit=300, error_messages={"required": "Tuliskan alasannya."}
    )
    tarik = _tarik()
    SEMUA = "keluarga"
    field_order = ("kunci_kirim", "versi", "individu", "ke", "tanggal", "keterangan")

    def siapkan(self) -> None:
        self.fields["ke"] = PilihWilayahField(
            label="Desa/kelurahan tujuan",
            tingkat=Tingkat.DESA,
            mulai=self.keluarga.wilayah_id[:PANJANG_KECAMATAN],
        )
        self.fields["individu"].choices = [
            (self.SEMUA, "Seluruh keluarga"),
            *((str(a.pk), f"Hanya {a.nama}") for a in self.anggota),
        ]
        self._pilih_orang("kepala_baru", [a for a in self.anggota if a.hubungan != KEPALA], wajib=False)
        self.order_fields(self.field_order)

    @property
    def orang(self) -> Individu | None:  # type: ignore[override]
        return next((a for a in self.anggota if str(a.pk) == self.cleaned_data["individu"]), None)


FORMULIR: dict[str, type[IsianForm]] = {
    "masuk": MasukForm,
    "keluar": KeluarForm,
    "meninggal": MeninggalForm,
    "gabung": GabungForm,
    "ganti-kepala": GantiKepalaForm,
    "pecah-kk": PecahForm,
    "koreksi": KoreksiForm,
    "pindah": PindahForm,
}


class TerimaKeluargaForm(SendOnceForm):
    """Where the family lives now; the number of its KK usually changes with a move."""

    no_kk = KkField(
        label="Nomor KK baru", required=False, help_text="Kosongkan bila nomor KK tidak berganti."
    )
    alamat = LineField(label="Alamat tinggal sekarang", limit=200, help_text="Nama jalan atau kampung.")
    rt = RtRwField(label="RT")
    rw = RtRwField(label="RW")


class TerimaOrangForm(SendOnceForm):
    """Into a family of this desa, or into a new one."""

    no_kk = KkField(label="Nomor KK tujuan", help_text="KK di desa Anda, atau KK baru atas nama orang ini.")
    hubungan = forms.ChoiceField(
        label="Hubungan dengan kepala keluarga", required=False, error_messages=SALAH_PILIH,
        help_text="Isi bila bergabung ke KK yang sudah ada.",
    )  # fmt: skip
    alamat = LineField(label="Alamat tinggal", limit=200, required=False, help_text="Isi bila KK-nya baru.")
    rt = RtRwField(label="RT", required=False)
    rw = RtRwField(label="RW", required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        isi = [k for k in pilihan(["hubungan"])["hubungan"] if k[0] != KEPALA]
        self.fields["hubungan"].choices = [("", "KK baru, ia kepala keluarga"), *isi]


class AlasanForm(SendOnceForm):
    alasan = LineField(label="Alasan", limit=300, error_messages={"required": "Tuliskan alasannya."})
