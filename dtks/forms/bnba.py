"""BNBA per desa: which desa, period and proposals; then which programme, and why."""

from typing import Any

from django import forms
from django.core.exceptions import SuspiciousOperation
from django.db.models import QuerySet
from django.db.models.functions import Left
from django.http import Http404

from accounts.models import Pengguna
from core.forms import SendOnceForm
from core.terbilang import periode_kata
from dtks.actions.ekspor import KUASA_NOMOR
from dtks.exports.isi import nama_program
from dtks.forms.pilihan import LineField
from dtks.models import Musyawarah, Usulan
from dtks.queries import perbaikan
from dtks.workflow import USULAN_TERBUKA
from wilayah.kode import LENGTHS, dalam
from wilayah.models import Tingkat, Wilayah

SEMUA = "semua"
PANJANG_DESA = LENGTHS[Tingkat.DESA - 1]
TAHAP = {
    "sepakat": (
        "Sudah disepakati musyawarah",
        ("disepakati", "diinput", "ditugaskan", "diases", "terverifikasi", "disahkan", "dikirim"),
    ),
    "agenda": ("Sedang dibahas musyawarah", ("dimusyawarahkan",)),
    "desa": ("Masih di desa, belum dimusyawarahkan", ("draf", "diajukan")),
    "semua": ("Semua yang masih berjalan", tuple(USULAN_TERBUKA)),
}


def dapat_diunduh(by: Pengguna) -> QuerySet[Usulan]:
    """Proposals whose full numbers this person may take along. Removals are no proposals of SIKS-NG."""
    rows = Usulan.objects.visible_to(by).exclude(jalur=Usulan.Jalur.PENGHAPUSAN)
    return rows.filter(dalam("wilayah_id", by.cakupan(KUASA_NOMOR)))


class SaringBnbaForm(forms.Form):
    """Only what there is can be chosen: desa and periods that have proposals."""

    desa = forms.ChoiceField(label="Desa/kelurahan", required=False)
    periode = forms.ChoiceField(label="Periode", required=False)
    tahap = forms.ChoiceField(
        label="Usulan", required=False, choices=[(kode, label) for kode, (label, _) in TAHAP.items()]
    )

    musyawarah = forms.UUIDField(required=False, widget=forms.HiddenInput())

    def __init__(self, data: Any, *, by: Pengguna):
        super().__init__(data)
        self._rows = dapat_diunduh(by).filter(status__in=USULAN_TERBUKA)
        self.rapat = self._rapat(by) if "musyawarah" in data else None
        if self.rapat:  # what a meeting agreed on has its desa, and no other choice
            del self.fields["periode"], self.fields["tahap"], self.fields["desa"]
        kode = self._rows.order_by().annotate(kode_desa=Left("wilayah_id", PANJANG_DESA))
        desa = Wilayah.objects.filter(pk__in=kode.values_list("kode_desa", flat=True).distinct())
        self.semua_desa = {w.pk: w for w in desa.order_by("nama", "kode")}
        if self.rapat:
            self._baku(data)
            return
        periode = self._rows.order_by("-periode").values_list("periode", flat=True).distinct()
        self.fields["desa"].choices = [(k, w.sebutan) for k, w in self.semua_desa.items()]
        self.fields["periode"].choices = [(p, periode_kata(p)) for p in periode]
        if len(self.semua_desa) == 1:
            self.fields["desa"].widget = forms.HiddenInput()
        self._baku(data)

    def _baku(self, data: Any) -> None:
        if set(data) - set(self.fields) or not self.is_valid():
            raise SuspiciousOperation("bad filter")

    def _rapat(self, by: Pengguna) -> Musyawarah:
        """The meeting that is asked for; one that this person cannot see does not exist."""
        try:
            pk = self.fields["musyawarah"].clean(self.data["musyawarah"])
        except forms.ValidationError as error:
            raise SuspiciousOperation("bad filter") from error
        if pk is None:
            raise SuspiciousOperation("bad filter")
        rapat = Musyawarah.objects.visible_to(by).select_related("perbaikan_dari").filter(pk=pk).first()
        if rapat is None:
            raise Http404
        return rapat

    @property
    def terpilih(self) -> Wilayah | None:
        """The chosen desa; the only one there is needs no choice."""
        if self.rapat:
            return self.semua_desa.get(self.rapat.wilayah_id[:PANJANG_DESA])
        kode = self.cleaned_data["desa"] or (next(iter(self.semua_desa)) if len(self.semua_desa) == 1 else "")
        return self.semua_desa.get(kode)

    @property
    def saring(self) -> dict[str, str]:
        if self.rapat:
            return {"musyawarah": str(self.rapat.pk)}
        pilihan = self.fields["periode"].choices
        return {
            "periode": self.cleaned_data["periode"] or (pilihan[0][0] if pilihan else ""),
            "tahap": self.cleaned_data["tahap"] or "sepakat",
        }

    def usulan(self, desa: Wilayah) -> QuerySet[Usulan]:
        if self.rapat:
            putusan = perbaikan.berlaku(self.rapat.perbaikan_dari or self.rapat)
            sepakat = [pk for pk, p in putusan.items() if p.putusan == "disepakati"]
            return self._rows.filter(dalam("wilayah_id", [desa.pk]), pk__in=sepakat)
        rows = self._rows.filter(dalam("wilayah_id", [desa.pk]), periode=self.saring["periode"])
        return rows.filter(status__in=TAHAP[self.saring["tahap"]][1])


class UnduhBnbaForm(SendOnceForm):
    program = forms.ChoiceField(
        label="Berkas",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Pilih berkasnya.",
            "invalid_choice": "Program ini tidak ada di daftar. Muat ulang halaman.",
        },
    )
    lengkap = forms.BooleanField(
        label="Sertakan anggota lain dari keluarga baru di berkas NONBANSOS",
        required=False,
        help_text="Petunjuk templat V.4: keluarga yang belum ada di DTSEN diusulkan dengan semua anggotanya.",
    )
    alasan = LineField(
        label="Untuk apa berkas ini dipakai?",
        limit=200,
        help_text="Contoh: diunggah ke SIKS-NG. Berkas memuat NIK lengkap, jadi alasan dan nama Anda dicatat.",
        error_messages={"required": "Tulis untuk apa berkas ini dipakai."},
    )

    def __init__(self, *args: Any, program: list[str], **kwargs: Any):
        super().__init__(*args, use_required_attribute=False, **kwargs)
        nama = nama_program()
        semua = [(SEMUA, "Semua program dalam satu berkas ZIP")] if len(program) > 1 else []
        self.fields["program"].choices = [*semua, *((p, nama.get(p, p)) for p in program)]
        self.fields["program"].initial = program[0] if len(program) == 1 else SEMUA

    @property
    def dipilih(self) -> str:
        """The programme, '' for all of them."""
        kode = self.cleaned_data["program"]
        return "" if kode == SEMUA else kode
