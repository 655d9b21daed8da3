"""Contents of a meeting: agenda, attendance by unsur, verdict per name. One task to a screen."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from core.web import Page, act, keyset, refusal_status
from dtks.actions import musyawarah as aksi
from dtks.forms import musyawarah as forms
from dtks.models import Musyawarah, PutusanMusyawarah, Usulan
from dtks.policies import musyawarah as policies
from dtks.queries import agenda as queries
from dtks.queries import perbaikan
from dtks.queries.kuorum import hitung
from dtks.views.musyawarah import ambil, kalimat_kuorum, kerangka, kiriman, konteks_calon, nama_program

PUTUSAN_SEHALAMAN = 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def agenda(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What waits, ticked; of a correction, the names of the first minutes and those that were left out."""
    rapat = ambil(request, pk)
    if request.method != "POST":
        return _halaman_agenda(request, rapat)
    calon = [*_lama(rapat), *queries.calon(request.user, rapat.wilayah_id)]
    form = forms.AgendaForm(request.POST, calon=calon)
    if not form.is_valid():
        return _halaman_agenda(request, rapat, form, 422)
    dipilih = {str(u.pk): u for u in calon if str(u.pk) in form.cleaned_data["usulan"]}
    hasil = act(request, lambda: aksi.bawa(rapat, by=request.user, usulan=dipilih.values()), form=form)
    if hasil is None:
        return _halaman_agenda(request, rapat, form, refusal_status(request, 422))
    masuk, ditolak = hasil
    if masuk:
        messages.success(request, f"{masuk} usulan masuk agenda.")
    for usulan, halangan in ditolak:
        messages.error(
            request, f"{usulan.keluarga.nama_kepala}: {halangan.kalimat} {halangan.jalan_keluar}".strip()
        )
    return redirect("musyawarah_agenda", pk=pk)


def _lama(rapat: Musyawarah) -> list[Usulan]:
    """Names of the first minutes with their verdict in force, as choices of a correction; without those it has already."""
    ada = set(rapat.putusan.values_list("usulan_id", flat=True)) if rapat.perbaikan_dari_id else set()
    hasil = []
    for putusan in perbaikan.lama(rapat).values():
        if putusan.usulan_id not in ada and putusan.usulan.keluarga.dibekukan_at is None:
            putusan.usulan.putusan_lama = putusan.get_putusan_display()
            hasil.append(putusan.usulan)
    return sorted(hasil, key=lambda u: (u.keluarga.nama_kepala, str(u.pk)))


def _halaman_agenda(
    request: HttpRequest, rapat: Musyawarah, form: Any = None, status: int = 200
) -> HttpResponse:
    judul = "Nama yang diperbaiki" if rapat.perbaikan_dari_id else "Agenda"
    isi = kerangka(request, rapat, judul)
    isi |= konteks_calon(request, rapat.wilayah_id) if isi["bisa_kelola"] else {"calon": []}
    isi["lama"] = _lama(rapat) if isi["bisa_kelola"] else []
    semua = [*isi["lama"], *isi["calon"]]
    isi |= {
        "form": form or forms.AgendaForm(calon=semua),
        "dipilih": form.data.getlist("usulan") if form is not None else [],
        "baris": _baris(rapat),
    }
    program = nama_program()
    for row in (*isi["lama"], *(p.usulan for p in isi["baris"])):
        row.nama_program = program.get(row.program, row.program)
    return render(request, "dtks/musyawarah_agenda.html", isi, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def keluarkan(request: HttpRequest, pk: uuid.UUID, putusan: uuid.UUID) -> HttpResponse:
    rapat = ambil(request, pk)
    row = get_object_or_404(_baris(rapat), pk=putusan)
    form = forms.KeluarkanForm(kiriman(request))
    if form.is_valid():

        def lakukan() -> bool:
            aksi.keluarkan(rapat, by=request.user, putusan=row, **form.cleaned_data)
            return True

        if act(request, lakukan, form=form):
            messages.success(request, f"{row.usulan.keluarga.nama_kepala} dikeluarkan dari agenda.")
            return redirect("musyawarah_agenda", pk=pk)
    status = refusal_status(request, 422) if request.method == "POST" else 200
    isi = kerangka(request, rapat, "Keluarkan dari agenda") | {"form": form, "row": row}
    return render(request, "dtks/musyawarah_keluarkan.html", isi, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def hadir(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The check-list. With htmx every tick is saved and the quorum sentence comes back; without, a button does it."""
    rapat = ambil(request, pk)
    if request.method != "POST":
        return _halaman_hadir(request, rapat)
    form = forms.HadirForm(request.POST, peserta=rapat.peserta.all())
    if not form.is_valid():
        messages.error(request, "Daftar peserta sudah berubah. Periksa lagi, lalu simpan.")
        return _halaman_hadir(request, rapat, status=422)
    if (
        act(request, lambda: aksi.catat_hadir(rapat, by=request.user, hadir=form.cleaned_data["hadir"]))
        is None
    ):
        return _halaman_hadir(request, rapat, status=refusal_status(request, 422))
    if request.htmx:
        return render(request, "dtks/musyawarah_kuorum.html", _kuorum(rapat))
    messages.success(request, "Kehadiran sudah disimpan.")
    return redirect("musyawarah_hadir", pk=pk)


@login_required
@require_POST
def hadir_satu(request: HttpRequest, pk: uuid.UUID, peserta: uuid.UUID) -> HttpResponse:
    """One tick; the quorum sentence comes back."""
    rapat = ambil(request, pk)
    row = get_object_or_404(rapat.peserta, pk=peserta)
    datang = str(row.pk) in request.POST.getlist("hadir")
    if act(request, lambda: aksi.catat_satu(rapat, by=request.user, peserta=row, hadir=datang)) is None:
        return _halaman_hadir(request, rapat, status=refusal_status(request, 422))
    if request.htmx:
        return render(request, "dtks/musyawarah_kuorum.html", _kuorum(rapat))
    return redirect("musyawarah_hadir", pk=pk)


def _kuorum(rapat: Musyawarah) -> dict[str, Any]:
    kuorum = hitung(rapat)
    return {"kuorum": kuorum, "kalimat_kuorum": kalimat_kuorum(kuorum)}


def _halaman_hadir(
    request: HttpRequest, rapat: Musyawarah, *, tambah: Any = None, status: int = 200
) -> HttpResponse:
    unsur = dict(forms.pilihan_unsur())
    kelompok: dict[str, list[Any]] = {label: [] for label in unsur.values()}
    for peserta in rapat.peserta.all():
        kelompok.setdefault(unsur.get(peserta.unsur, peserta.unsur), []).append(peserta)
    isi = kerangka(request, rapat, "Kehadiran") | _kuorum(rapat)
    isi |= {
        "kelompok": [(label, daftar) for label, daftar in kelompok.items() if daftar],
        "tambah": tambah or forms.TambahPesertaForm(unsur=list(unsur.items())),
    }
    return render(request, "dtks/musyawarah_hadir.html", isi, status=status)


@login_required
@require_POST
def tambah_peserta(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    rapat = ambil(request, pk)
    form = forms.TambahPesertaForm(request.POST, unsur=forms.pilihan_unsur())
    if form.is_valid() and act(
        request, lambda: aksi.simpan_peserta(rapat, by=request.user, data=form.cleaned_data), form=form
    ):
        messages.success(request, f"{form.cleaned_data['nama']} ditambahkan ke daftar hadir.")
        return redirect("musyawarah_hadir", pk=pk)
    return _halaman_hadir(request, rapat, tambah=form, status=refusal_status(request, 422))


@login_required
@require_POST
def hapus_peserta(request: HttpRequest, pk: uuid.UUID, peserta: uuid.UUID) -> HttpResponse:
    rapat = ambil(request, pk)
    row = get_object_or_404(rapat.peserta, pk=peserta)

    def lakukan() -> bool:
        aksi.hapus_peserta(rapat, by=request.user, peserta=row)
        return True

    if act(request, lakukan):
        messages.success(request, f"{row.nama} dihapus dari daftar hadir.")
        return redirect("musyawarah_hadir", pk=pk)
    return _halaman_hadir(request, rapat, status=refusal_status(request, 422))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def putusan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The meeting on one screen. With htmx each press saves its name (`putuskan`); without, one button saves the page."""
    rapat = ambil(request, pk)
    halaman = keyset(request, _baris(rapat), ("usulan__keluarga__nama_kepala", "id"), PUTUSAN_SEHALAMAN)
    data = request.POST if request.method == "POST" else None
    _pasang_form(rapat, halaman.rows, data)
    if data is not None:
        terikat = [row for row in halaman.rows if row.form.is_bound]
        if all([row.form.is_valid() for row in terikat]):
            bentrok = _simpan_putusan(request, rapat, terikat)
            if bentrok == []:
                kursor = halaman.next if data.get("aksi") == "lanjut" else ""
                if kursor:
                    return redirect(f"{reverse('musyawarah_putusan', args=[pk])}?kursor={kursor}")
                return redirect("musyawarah_lihat", pk=pk)
            if bentrok:
                return redirect(request.get_full_path())
    isi = kerangka(request, rapat, "Putusan") | _kemajuan(rapat)
    isi |= {
        "halaman": halaman,
        "salah": [row for row in halaman.rows if row.form.is_bound and row.form.errors],
    }
    status = refusal_status(request, 422) if data is not None else 200
    return render(request, "dtks/musyawarah_putusan.html", isi, status=status)


@login_required
@require_POST
def putuskan(request: HttpRequest, pk: uuid.UUID, putusan: uuid.UUID) -> HttpResponse:
    """One press on one name: its card comes back, saved, or with what is still missing."""
    rapat = ambil(request, pk)
    row = get_object_or_404(_baris(rapat), pk=putusan)
    _pasang_form(rapat, [row], request.POST)
    if row.form.is_bound and row.form.is_valid():
        bentrok = act(
            request,
            lambda: aksi.putuskan(rapat, by=request.user, putusan={str(row.pk): row.form.cleaned_data}),
            form=row.form,
        )
        if bentrok is not None:
            row = _baris(rapat).get(pk=row.pk)
            _pasang_form(rapat, [row], None)
            row.bentrok, row.tersimpan = bool(bentrok), not bentrok
    if not request.htmx:
        if row.form.is_bound:
            messages.error(request, " ".join(e for daftar in row.form.errors.values() for e in daftar))
            isi = kerangka(request, rapat, "Putusan") | _kemajuan(rapat)
            isi |= {"halaman": Page([row], ""), "salah": []}
            return render(request, "dtks/musyawarah_putusan.html", isi, status=refusal_status(request, 422))
        return redirect(f"{reverse('musyawarah_putusan', args=[pk])}#kartu-{row.pk}")
    if policies.kelola(request.user, rapat) is not None:
        return HttpResponse(headers={"HX-Redirect": reverse("musyawarah_lihat", args=[pk])})
    return render(
        request,
        "dtks/musyawarah_kartu.html",
        {"row": row, "rapat": rapat, "potongan": True} | _kemajuan(rapat),
    )


def _baris(rapat: Musyawarah) -> Any:
    return rapat.putusan.tanpa_beku().select_related("usulan__keluarga")


def _kemajuan(rapat: Musyawarah) -> dict[str, int]:
    return rapat.putusan.tanpa_beku().aggregate(
        semua=Count("pk"), diputus=Count("pk", filter=~Q(putusan="")), belum=Count("pk", filter=Q(putusan=""))
    )


def _pasang_form(rapat: Musyawarah, rows: list[PutusanMusyawarah], data: Any) -> None:
    """A form on each row. A name that came on the page since it was opened is not in the data: it keeps what it has."""
    alasan, program, semula = forms.alasan_putusan(), nama_program(), perbaikan.lama(rapat)
    for row in rows:
        terkirim = (
            data if data is not None and {f"{row.pk}-putusan", f"{row.pk}-alasan"} & set(data) else None
        )
        row.form = forms.PutusanForm(terkirim, row=row, alasan=alasan, koreksi=row.usulan_id in semula)
        row.nama_program = program.get(row.usulan.program, row.usulan.program)
        row.bentrok = row.tersimpan = False
        row.semula = semula[row.usulan_id].get_putusan_display() if row.usulan_id in semula else ""


def _simpan_putusan(
    request: HttpRequest, rapat: Musyawarah, terikat: list[PutusanMusyawarah]
) -> list[PutusanMusyawarah] | None:
    """Rows that another phone decided meanwhile; None when the whole sending was refused.

    A name that was not answered here says nothing: what another phone said of it meanwhile stands.
    """
    isi = {
        str(row.pk): row.form.cleaned_data
        for row in terikat
        if row.form.cleaned_data["putusan"] or row.form.cleaned_data["versi"] in (None, row.versi)
    }
    semua = request.POST.get("aksi") == "semua"

    def lakukan() -> list[PutusanMusyawarah]:
        if semua:
            for row in rapat.putusan.tanpa_beku().filter(putusan=""):
                nilai = isi.get(str(row.pk)) or {
                    k: getattr(row, k) for k in ("keberatan", "suara_setuju", "suara_tidak")
                }
                if not nilai.get("putusan"):
                    isi[str(row.pk)] = nilai | {"putusan": "disepakati"}
        return aksi.putuskan(rapat, by=request.user, putusan=isi)

    bentrok = act(request, lakukan)
    for row in bentrok or []:
        messages.warning(
            request,
            f"{row.usulan.keluarga.nama_kepala}: baru saja diputus “{row.get_putusan_display()}” dari perangkat lain. "
            "Pilihan Anda untuk nama ini tidak disimpan. Periksa lagi.",
        )
    if bentrok == []:
        messages.success(
            request, "Semua yang belum diputus menjadi disepakati." if semua else "Putusan sudah disimpan."
        )
    return bentrok
