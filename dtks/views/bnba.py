"""`/usulan/bnba/`: the lists of one desa in the layout that SIKS-NG takes, one file per programme."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.actions import unduh as izin_unduh
from accounts.actions.unduh import Pokok
from core import ekspor
from core.web import act, refusal_status
from dtks.actions import ekspor as tindakan
from dtks.exports import bnba
from dtks.exports.daftar import Hasil
from dtks.exports.isi import nama_program
from dtks.forms.bnba import SaringBnbaForm, UnduhBnbaForm
from dtks.views.unduh_izin import halaman_minta
from wilayah.models import Wilayah


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def unduh(request: HttpRequest) -> HttpResponse:
    """The choice is the query string; a POST takes the file of what is shown."""
    if not request.user.punya(tindakan.KUASA_NOMOR):
        raise Http404
    saring = SaringBnbaForm(request.GET, by=request.user)
    desa = saring.terpilih
    isi = bnba.susun(saring.usulan(desa), desa) if desa else {}
    form = UnduhBnbaForm(request.POST if request.method == "POST" else None, program=list(isi))
    if request.method == "POST" and form.is_valid():
        if desa is None or not isi:
            form.add_error(None, "Tidak ada usulan untuk pilihan ini. Ubah pilihannya dulu.")
        elif minta := _minta(request, saring, desa, form):
            return redirect(minta)
        elif hasil := _berkas(request, saring, desa, form):
            return ekspor.jawaban(hasil.berkas, hasil.nama)
    return _halaman(request, saring, isi, form)


def _jumlah(isi: dict[str, bnba.Isi], form: UnduhBnbaForm) -> int:
    return sum(len(s.baris) for program, s in isi.items() if form.dipilih in ("", program))


def _pokok(request: HttpRequest, saring: SaringBnbaForm, desa: Wilayah, form: UnduhBnbaForm) -> Pokok:
    isi = repr((desa.pk, form.dipilih, form.cleaned_data["lengkap"], sorted(saring.saring.items())))
    return Pokok("bnba", f"BNBA {desa.nama}", isi, request.get_full_path(), True, (tindakan.KUASA_NOMOR,))


def _minta(request: HttpRequest, saring: SaringBnbaForm, desa: Wilayah, form: UnduhBnbaForm) -> str:
    isi = bnba.susun(saring.usulan(desa), desa, lengkap=form.cleaned_data["lengkap"])
    return halaman_minta(request, _pokok(request, saring, desa, form), _jumlah(isi, form))


def _berkas(request: HttpRequest, saring: SaringBnbaForm, desa: Wilayah, form: UnduhBnbaForm) -> Hasil | None:
    data = form.cleaned_data
    permohonan = bnba.Permohonan(desa, form.dipilih, data["alasan"], saring.saring)

    def do() -> Hasil:
        tindakan.izinkan(by=request.user, kuasa=(tindakan.KUASA_NOMOR,), penuh=True, alasan=data["alasan"])
        with transaction.atomic():
            isi = bnba.susun(saring.usulan(desa), desa, lengkap=data["lengkap"])
            n = _jumlah(isi, form)
            izin_unduh.pakai(by=request.user, pokok=_pokok(request, saring, desa, form), baris=n)
            tindakan.bukukan(by=request.user, kuasa=(tindakan.KUASA_NOMOR,), penuh=True, baris=n)
            return bnba.buat(isi, permohonan, by=request.user)

    return act(request, do, form=form)


def _halaman(
    request: HttpRequest, saring: SaringBnbaForm, isi: dict[str, bnba.Isi], form: UnduhBnbaForm
) -> HttpResponse:
    nama = nama_program()
    for kolom, nilai in saring.saring.items():
        saring.initial[kolom] = nilai
    konteks = {
        "saring": saring,
        "desa": saring.terpilih,
        "isi": [(nama.get(p, p), s) for p, s in isi.items()],
        "tanpa_nomor": sum(s.tanpa_nomor for s in isi.values()),
        "kurang": sum(s.kurang for s in isi.values()),
        "form": form,
    }
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(request, "dtks/bnba.html", konteks, status=status)
