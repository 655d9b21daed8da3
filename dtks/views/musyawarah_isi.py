"""Contents of a meeting: agenda, attendance by unsur, verdict per name. One task to a screen."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from core.web import act, keyset, refusal_status
from dtks.actions import musyawarah as aksi
from dtks.forms import musyawarah as forms
from dtks.models import KodeAcuan, Musyawarah, PutusanMusyawarah, Usulan
from dtks.queries.kuorum import hitung
from dtks.views.musyawarah import ambil, kalimat_kuorum, kerangka, kiriman
from wilayah.kode import dalam

CALON_MAKS = 100
PUTUSAN_SEHALAMAN = 20


def _program() -> dict[str, str]:
    return dict(KodeAcuan.objects.filter(daftar="program_usulan").values_list("kode", "label"))


def _calon(request: HttpRequest, rapat: Musyawarah) -> list[Usulan]:
    """Proposals of this desa that wait for a meeting, oldest first; `halangan` says why one cannot come in."""
    rows = list(
        Usulan.objects.visible_to(request.user)
        .filter(dalam("wilayah_id", [rapat.wilayah_id]), status="diajukan")
        .select_related("keluarga")
        .order_by("status_sejak", "id")[: CALON_MAKS + 1]
    )
    sendiri = set(
        Usulan.objects.filter(
            pk__in=[u.pk for u in rows],
            keluarga__anggota__nik_indeks=request.user.orang.nik_indeks,
            keluarga__anggota__aktif=True,
        ).values_list("pk", flat=True)
    )
    boleh = request.user.boleh("usulan.musyawarahkan", rapat.wilayah_id)
    for usulan in rows:
        usulan.halangan = ""
        if usulan.pk in sendiri:
            usulan.halangan = "Ini keluarga Anda sendiri. Mintalah petugas lain yang membawanya."
        elif not boleh:
            usulan.halangan = "Membawa usulan ke musyawarah bukan wewenang Anda."
    return rows


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def agenda(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    rapat = ambil(request, pk)
    if request.method != "POST":
        return _halaman_agenda(request, rapat)
    calon = _calon(request, rapat)
    form = forms.AgendaForm(request.POST, calon=calon)
    if not form.is_valid():
        return _halaman_agenda(request, rapat, form, 422)
    dipilih = [u for u in calon if str(u.pk) in form.cleaned_data["usulan"]]
    hasil = act(request, lambda: aksi.bawa(rapat, by=request.user, usulan=dipilih), form=form)
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


def _halaman_agenda(
    request: HttpRequest, rapat: Musyawarah, form: Any = None, status: int = 200
) -> HttpResponse:
    isi = kerangka(request, rapat, "Agenda")
    calon = _calon(request, rapat) if isi["bisa_kelola"] else []
    isi |= {
        "form": form or forms.AgendaForm(calon=calon),
        "dipilih": form.data.getlist("usulan") if form is not None else [],
        "calon": calon[:CALON_MAKS],
        "lebih": len(calon) > CALON_MAKS,
        "baris": rapat.putusan.select_related("usulan__keluarga"),
        "program": _program(),
    }
    for row in (*isi["calon"], *(p.usulan for p in isi["baris"])):
        row.nama_program = isi["program"].get(row.program, row.program)
    return render(request, "dtks/musyawarah_agenda.html", isi, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def keluarkan(request: HttpRequest, pk: uuid.UUID, putusan: uuid.UUID) -> HttpResponse:
    rapat = ambil(request, pk)
    row = get_object_or_404(rapat.putusan.select_related("usulan__keluarga"), pk=putusan)
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
    """A page of verdicts; 'semua disepakati' saves the page and then fills what is still undecided."""
    rapat = ambil(request, pk)
    rows = rapat.putusan.select_related("usulan__keluarga")
    halaman = keyset(request, rows, ("usulan__keluarga__nama_kepala", "id"), PUTUSAN_SEHALAMAN)
    data = request.POST if request.method == "POST" else None
    for row in halaman.rows:
        # A name that came on the page since it was opened is not in the data: it keeps what it has.
        terkirim = data if data is not None and f"{row.pk}-alasan" in data else None
        awal = {"putusan": row.putusan, "alasan": row.alasan, "keberatan": row.keberatan}
        row.form = forms.PutusanForm(terkirim, prefix=str(row.pk), initial=awal)
    if data is not None:
        terikat = [row for row in halaman.rows if row.form.is_bound]
        if all([row.form.is_valid() for row in terikat]) and _simpan_putusan(request, rapat, terikat):
            kursor = halaman.next if data.get("aksi") == "lanjut" else ""
            if kursor:
                return redirect(f"{reverse('musyawarah_putusan', args=[pk])}?kursor={kursor}")
            return redirect("musyawarah_lihat", pk=pk)
    isi = kerangka(request, rapat, "Putusan") | {
        "halaman": halaman,
        "salah": [row for row in halaman.rows if row.form.is_bound and row.form.errors],
        "belum": rapat.putusan.filter(putusan="").count(),
    }
    program = _program()
    for row in halaman.rows:
        row.nama_program = program.get(row.usulan.program, row.usulan.program)
    status = refusal_status(request, 422) if data is not None else 200
    return render(request, "dtks/musyawarah_putusan.html", isi, status=status)


def _simpan_putusan(request: HttpRequest, rapat: Musyawarah, terikat: list[PutusanMusyawarah]) -> bool:
    isi = {str(row.pk): row.form.cleaned_data for row in terikat}
    semua = request.POST.get("aksi") == "semua"

    def lakukan() -> int:
        if semua:
            for pk, nilai in rapat.putusan.values_list("pk", "putusan"):
                if not isi.get(str(pk), {"putusan": nilai})["putusan"]:
                    isi[str(pk)] = isi.get(str(pk), {}) | {"putusan": "disepakati"}
        aksi.putuskan(rapat, by=request.user, putusan=isi)
        return len(isi) + 1

    if not act(request, lakukan):
        return False
    messages.success(
        request, "Semua yang belum diputus menjadi disepakati." if semua else "Putusan sudah disimpan."
    )
    return True
