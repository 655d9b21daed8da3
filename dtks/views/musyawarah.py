"""Pages of the meeting: list, schedule, overview, changes. Contents and signing are in musyawarah_isi and _sah."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import rules
from core.web import act, keyset, refusal_status, send_once
from dtks.actions import musyawarah as aksi
from dtks.actions.ekspor import KUASA_NOMOR
from dtks.forms import musyawarah as forms
from dtks.models import KodeAcuan, Musyawarah, PutusanMusyawarah
from dtks.policies import musyawarah as policies
from dtks.queries import agenda, undangan
from dtks.queries.kuorum import Kuorum, hitung
from dtks.workflow import MUSYAWARAH

SIAP, BELUM = "selesai", "belum"
NADA = {"proses": "jalan"}  # tone of a state on the line -> tone of the tag


def ambil(request: HttpRequest, pk: uuid.UUID) -> Musyawarah:
    """The meeting, if this person may see it; another desa's is the same as none."""
    rows = Musyawarah.objects.visible_to(request.user).select_related(
        "wilayah", "berita_acara", "daftar_hadir", "pindaian", "undangan", "bnba", "perbaikan_dari"
    )
    rapat: Musyawarah = get_object_or_404(rows, pk=pk)
    return rapat


def kerangka(request: HttpRequest, rapat: Musyawarah, judul: str = "") -> dict[str, Any]:
    """What every page of one meeting shows: status, whose turn it is, whether this person may edit."""
    return {
        "rapat": rapat,
        "keadaan": MUSYAWARAH.state(rapat.status),
        "nada": _nada(rapat),
        "bisa_kelola": policies.kelola(request.user, rapat) is None,
        "judul": judul,
        "beku": rapat.putusan.beku().count(),
    }


def _nada(rapat: Musyawarah) -> str:
    nada = MUSYAWARAH.state(rapat.status).nada
    return NADA.get(nada, nada)


def kiriman(request: HttpRequest) -> Any:
    """Data for a form that GET shows and POST sends; an empty POST is still a sending."""
    return request.POST if request.method == "POST" else None


def kalimat_kuorum(kuorum: Kuorum) -> str:
    """'Kuorum belum tercapai: hadir 4 dari paling sedikit 5 orang; belum ada wakil Babinsa.'"""
    hadir = f"hadir {kuorum.hadir} orang, paling sedikit {kuorum.minimal}"
    if kuorum.tercapai:
        return f"Kuorum tercapai: {hadir}, semua unsur wajib ada."
    kurang = f"; belum ada wakil {', '.join(kuorum.unsur_kurang)}" if kuorum.unsur_kurang else ""
    return f"Kuorum belum tercapai: {hadir}{kurang}."


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    if not request.user.punya("musyawarah.lihat"):
        raise Http404
    saring = forms.SaringForm(request.GET or None)
    rows = Musyawarah.objects.visible_to(request.user).select_related("wilayah")
    if saring.is_valid() and saring.cleaned_data["status"]:
        rows = rows.filter(status=saring.cleaned_data["status"])
    rows = rows.select_related("perbaikan_dari").annotate(jumlah=Count("putusan"))
    halaman = keyset(request, rows, ("-waktu", "-id"))
    for rapat in halaman.rows:
        rapat.keadaan, rapat.nada = MUSYAWARAH.state(rapat.status), _nada(rapat)
    isi = {
        "halaman": halaman,
        "saring": saring,
        "disaring": bool(request.GET.get("status")),
        "bisa_jadwalkan": request.user.punya("musyawarah.kelola"),
    }
    return render(request, "dtks/musyawarah_daftar.html", isi)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def baru(request: HttpRequest) -> HttpResponse:
    """Schedule, invite and fill the agenda in one go; everything that waits is proposed, what is unticked stays behind."""
    luas = request.user.cakupan("musyawarah.kelola")
    if not luas:
        raise Http404
    sendiri = forms.desa_tunggal(luas)
    if request.method != "POST":
        awal = {"waktu": forms.waktu_awal(), "agenda": "Usulan baru dan perubahan data"}
        form = forms.JadwalForm(luas=luas, initial=awal)
        return _form_baru(request, form, forms.peserta_formset(wilayah=sendiri), sendiri)
    form, peserta = forms.JadwalForm(request.POST, luas=luas), forms.peserta_formset(request.POST)
    # Both are checked, so that one sending shows every error.
    if all([form.is_valid(), peserta.is_valid()]):

        def jadwalkan() -> str:
            wilayah = form.cleaned_data["wilayah"].pk
            rapat = aksi.jadwalkan(by=request.user, wilayah=wilayah, data=form.acara(), peserta=peserta.isi())
            bawa_dan_kabari(request, rapat, request.POST.getlist("usulan"))
            return reverse("musyawarah_lihat", args=[rapat.pk])

        if alamat := act(request, lambda: send_once(request, form, jadwalkan), form=form):
            messages.success(request, "Musyawarah sudah dijadwalkan.")
            return redirect(alamat)
    return _form_baru(request, form, peserta, sendiri, refusal_status(request, 422))


def bawa_dan_kabari(request: HttpRequest, rapat: Musyawarah, dipilih: list[str]) -> None:
    """Bring the ticked proposals of those that wait; one that moved on meanwhile is told and holds nobody up."""
    calon = agenda.calon(request.user, rapat.wilayah_id) if dipilih else []
    masuk, ditolak = aksi.bawa(
        rapat, by=request.user, usulan=[u for u in calon if str(u.pk) in set(dipilih) and not u.halangan]
    )
    if masuk:
        messages.success(request, f"{masuk} usulan masuk agenda.")
    for usulan, halangan in ditolak:
        messages.error(
            request, f"{usulan.keluarga.nama_kepala}: {halangan.kalimat} {halangan.jalan_keluar}".strip()
        )


def nama_program() -> dict[str, str]:
    return dict(KodeAcuan.objects.filter(daftar="program_usulan").values_list("kode", "label"))


def konteks_calon(request: HttpRequest, wilayah: str) -> dict[str, Any]:
    """What the list of waiting proposals shows."""
    calon = agenda.calon(request.user, wilayah)
    program = nama_program()
    for usulan in calon:
        usulan.nama_program = program.get(usulan.program, usulan.program)
    return {"calon": calon[: agenda.CALON_MAKS], "lebih": len(calon) > agenda.CALON_MAKS}


def _form_baru(
    request: HttpRequest, form: Any, peserta: Any, sendiri: str, status: int = 200
) -> HttpResponse:
    isi = {"form": form, "peserta": peserta, "sendiri": sendiri}
    if sendiri:
        isi |= konteks_calon(request, sendiri) | {"dipilih": request.POST.getlist("usulan")}
    return render(request, "dtks/musyawarah_baru.html", isi, status=status)


@login_required
@require_safe
def lihat(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return halaman_rapat(request, ambil(request, pk))


def halaman_rapat(
    request: HttpRequest, rapat: Musyawarah, *, status: int = 200, **tambahan: Any
) -> HttpResponse:
    """The overview; a refused form of it comes back inside (`pindaian`, `batal`)."""
    hitungan = rapat.putusan.tanpa_beku().aggregate(
        semua=Count("pk"),
        diputus=Count("pk", filter=~Q(putusan="")),
    )
    hitungan["sisa"] = rapat.putusan.belum_diterapkan().count()
    isi = kerangka(request, rapat) | {
        "hitungan": hitungan,
        "riwayat": _riwayat(rapat),
        "boleh_setujui": policies.setujui(request.user, rapat) is None,
        "boleh_unggah": policies.tandatangani(request.user, rapat) is None,
        "boleh_terapkan": rapat.status == "disetujui"
        and request.user.boleh("usulan.sepakati", rapat.wilayah_id),
        "boleh_bnba": request.user.boleh(KUASA_NOMOR, rapat.wilayah_id),
        "boleh_perbaiki": policies.perbaiki(request.user, rapat) is None,
        "perbaikan": rapat.perbaikan.exclude(status="dibatalkan").order_by("created_at"),
        "peristiwa": _peristiwa(rapat),
        "bisa_catat_peristiwa": request.user.boleh("usulan.sepakati", rapat.wilayah_id),
    }
    isi |= _tugas(rapat, hitungan) | _formulir(request, rapat)
    return render(request, "dtks/musyawarah_lihat.html", isi | tambahan, status=status)


def _peristiwa(rapat: Musyawarah) -> list[PutusanMusyawarah]:
    """Families that the meeting knows to have died or moved: the register must be told as well."""
    if rapat.status != "disetujui":
        return []
    rows = rapat.putusan.tanpa_beku().filter(putusan__in=("meninggal", "pindah"))
    return list(rows.select_related("usulan__keluarga"))


def _tugas(rapat: Musyawarah, hitungan: dict[str, int]) -> dict[str, Any]:
    try:
        kuorum = hitung(rapat)
    except rules.RuleMissing:
        return {
            "tugas": [],
            "kuorum": None,
            "kalimat_kuorum": "Aturan kuorum belum diisi. Hubungi admin Dinsos.",
        }
    semua, diputus = hitungan["semua"], hitungan["diputus"]
    terbuka = rapat.status == "dijadwalkan"
    url = {
        n: reverse(f"musyawarah_{n}", args=[rapat.pk])
        for n in ("acara", "agenda", "undangan", "hadir", "putusan", "tutup")
    }
    lengkap = bool(semua) and diputus == semua and kuorum.tercapai
    nama_agenda = "Nama yang diperbaiki" if rapat.perbaikan_dari_id else "Agenda"
    tugas = [(f"{nama_agenda}: {semua} usulan", url["agenda"], SIAP if semua else BELUM)]
    if not rapat.perbaikan_dari_id and (rapat.undangan_id or undangan.terhalang(rapat) is None):
        tugas.append(("Undangan", url["undangan"], SIAP if rapat.undangan_id else BELUM))
    tugas += [
        (f"Kehadiran: {kuorum.hadir} orang", url["hadir"], SIAP if kuorum.tercapai else BELUM),
        (f"Putusan: {diputus} dari {semua}", url["putusan"], SIAP if semua and diputus == semua else BELUM),
        ("Acara dan catatan", url["acara"], SIAP if rapat.catatan or not terbuka else BELUM),
    ]
    if terbuka:
        tugas.append(("Tutup musyawarah", url["tutup"], "siap" if lengkap else BELUM))
    tugas = [(f"{i}. {label}", alamat, keadaan) for i, (label, alamat, keadaan) in enumerate(tugas, 1)]
    return {"tugas": tugas, "kuorum": kuorum, "kalimat_kuorum": kalimat_kuorum(kuorum)}


def _formulir(request: HttpRequest, rapat: Musyawarah) -> dict[str, Any]:
    hasil: dict[str, Any] = {}
    if policies.tandatangani(request.user, rapat) is None:
        hasil["pindaian"] = forms.PindaianForm(initial={"versi": rapat.versi})
    if policies.batalkan(request.user, rapat) is None:
        hasil["batal"] = forms.AlasanForm(
            pilihan=forms.pilihan_alasan("batalkan"), initial={"versi": rapat.versi}
        )
    return hasil


def _riwayat(rapat: Musyawarah) -> list[dict[str, Any]]:
    """Newest first, in the shape of the timeline component."""
    hasil = []
    for r in rapat.riwayat.select_related("oleh").order_by("-urut"):
        arrow = MUSYAWARAH.find(r.langkah, r.dari)
        hasil.append(
            {
                "label": arrow.label if arrow else r.langkah,
                "waktu": r.pada,
                "oleh": r.oleh.nama if r.oleh else "",
                "alasan": " ".join(filter(None, (r.alasan_kalimat, r.catatan))),
            }
        )
    awal = "Perbaikan dimulai" if rapat.perbaikan_dari_id else "Dijadwalkan"
    hasil.append({"label": awal, "waktu": rapat.created_at, "oleh": "", "alasan": ""})
    return hasil


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def acara(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    rapat = ambil(request, pk)
    kolom = list(forms.UbahForm.base_fields)
    form = forms.UbahForm(kiriman(request), initial={k: getattr(rapat, k) for k in kolom})
    if form.is_valid() and act(
        request, lambda: aksi.ubah(rapat, by=request.user, data=form.cleaned_data), form=form
    ):
        messages.success(request, "Acara dan catatan sudah disimpan.")
        return redirect("musyawarah_lihat", pk=pk)
    status = refusal_status(request, 422) if request.method == "POST" else 200
    isi = kerangka(request, rapat, "Acara dan catatan") | {"form": form}
    return render(request, "dtks/musyawarah_acara.html", isi, status=status)


@login_required
@require_POST
def batalkan(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    rapat = ambil(request, pk)
    form = forms.AlasanForm(request.POST, pilihan=forms.pilihan_alasan("batalkan"))
    if form.is_valid() and act(
        request, lambda: aksi.batalkan(rapat, by=request.user, **form.cleaned_data), form=form
    ):
        messages.success(request, "Musyawarah dibatalkan.")
        return redirect("musyawarah_lihat", pk=pk)
    return halaman_rapat(request, rapat, status=refusal_status(request, 422), batal=form)
