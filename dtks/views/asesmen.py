"""The field officer's day and the visit form, with a signal and without. The portal counts answers; the officer concludes."""

import uuid
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import files, rules
from core.forms import SendOnceForm
from core.templatetags.ui import tanggal
from core.web import act, refusal_status, send_once
from dtks.actions import asesmen as aksi
from dtks.actions import draf as aksi_draf
from dtks.actions import usulan as langkah
from dtks.forms.asesmen import JENIS_FOTO, AkhirForm, AsesmenForm, FotoKunjunganForm, MulaiForm, awal
from dtks.models import KRITERIA, Asesmen, FotoAsesmen, KodeAcuan, Usulan
from dtks.policies import usulan as policies
from dtks.queries.desa import sebutan_desa
from dtks.queries.kunjungan import SEHARI, Titik, Tugas, kunjungan_sia_sia, susun, telepon, tugas_petugas
from dtks.views.berkas import rusak
from dtks.views.isian import bandingkan, dengan_draf

SELESAI_TERAKHIR = 20
DARI = "kunjungan_dari"  # in the session
MESIN = ("versi", "ke", "dasar", "mulai_at", "kunjungan_lagi")  # of the page, not of the person's answers
DASAR_HUKUM = "Keputusan Menteri Sosial 262/HUK/2022"


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    """The day: by RW, most urgent first, in the order of the way; below it the finished visits."""
    if not request.user.punya("usulan.ases"):
        raise Http404
    return _daftar(request, MulaiForm(), 200)


def _daftar(request: HttpRequest, form: MulaiForm, status: int) -> HttpResponse:
    rows = tugas_petugas(request.user)
    selesai = (
        Asesmen.objects.visible_to(request.user)
        .filter(asesor=request.user, selesai_at__isnull=False)
        .select_related("usulan__keluarga", "usulan__wilayah")
        .order_by("-selesai_at", "-id")[:SELESAI_TERAKHIR]
    )
    isi = {
        "kelompok": susun(rows, _dari(request)),
        "menunggu": [satu.usulan for satu in rows],
        "jumlah": len(rows),
        "lebih": len(rows) == SEHARI,
        "dari": _dari(request),
        "selesai": selesai,
        "mulai": form,
        "boleh_telepon": request.user.punya("nik.buka"),
    }
    return render(request, "dtks/asesmen_daftar.html", isi, status=status)


def _dari(request: HttpRequest) -> Titik | None:
    titik = request.session.get(DARI)
    return (titik[0], titik[1]) if titik else None


@login_required
@require_POST
def mulai(request: HttpRequest) -> HttpResponse:
    """Where the officer starts today; kept in the session only, and not finer than about a hundred metres."""
    if not request.user.punya("usulan.ases"):
        raise Http404
    form = MulaiForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Titik awal (lintang dan bujur) tidak terbaca. Tekan tombolnya sekali lagi.")
        return _daftar(request, form, 422)
    if form.cleaned_data["lintang"] is not None and form.cleaned_data["bujur"] is not None:
        request.session[DARI] = [round(float(form.cleaned_data[k]), 3) for k in ("lintang", "bujur")]
        messages.success(request, "Urutan kunjungan disusun dari tempat Anda.")
    else:
        request.session.pop(DARI, None)
        messages.info(
            request,
            "HP tidak memberi titik awal. Urutan disusun dari kantor kecamatan atau yang paling mendesak.",
        )
    return redirect("asesmen_daftar")


@login_required
@require_safe
def hp(request: HttpRequest) -> HttpResponse:
    """The same empty page every time: the day and its form without a signal. What is in it lives sealed on the phone."""
    if not request.user.punya("usulan.ases"):
        raise Http404
    konteks = {
        "form": AsesmenForm(asesmen=None, initial={}),
        "jenis_foto": JENIS_FOTO,
        "dasar_hukum": DASAR_HUKUM,
        "akurasi_maks": rules.value("lokasi.akurasi_maks_m", request.user.cakupan("usulan.ases")[0]),
    }
    return render(request, "dtks/asesmen_hp.html", konteks)


@login_required
@require_POST
def bawa(request: HttpRequest) -> JsonResponse:
    """The officer's visits for his phone: what he needs at the door, nothing else."""
    if not request.user.punya("usulan.ases"):
        raise Http404
    rows = aksi.bawa(by=request.user)
    maks = rules.values("asesmen.kunjungan_maks", [t.usulan.wilayah_id for t in rows])
    isi = [
        {"nama": k.nama, "tugas": [_tugas_hp(t, maks[t.usulan.wilayah_id]) for t in k.tugas]}
        for k in susun(rows, _dari(request))
    ]
    return JsonResponse({"kelompok": isi})


def _tugas_hp(satu: Tugas, maks: int) -> dict[str, Any]:
    usulan, keluarga, terbuka = satu.usulan, satu.keluarga, satu.terbuka
    form = AsesmenForm(asesmen=terbuka, initial={"patokan": keluarga.patokan})
    return {
        "id": str(usulan.pk), "versi": usulan.versi, "nama": keluarga.nama_kepala, "urut": satu.urut,
        "alamat": f"{keluarga.alamat}, RT {keluarga.rt}/RW {keluarga.rw}, {satu.desa}", "patokan": keluarga.patokan,
        "telepon": telepon(keluarga), "batas": tanggal(satu.batas) if satu.batas != date.max else "", "lewat": satu.lewat,
        "jarak": satu.jarak, "ke": satu.ke, "rencana": tanggal(satu.rencana) if satu.rencana else "",
        "habis": satu.sia_sia + 1 >= maks,
        "minta_diganti": satu.minta_diganti, "dasar": aksi.tanda(terbuka),
        "isi": {n: _nilai(v) for n, v in form.initial.items() if n not in MESIN} if terbuka else None,
        "foto": len(terbuka.foto.all()) if terbuka else 0,
        "kirim": reverse("asesmen_kirim", args=[usulan.pk]), "halaman": reverse("asesmen_isi", args=[usulan.pk]),
        "akhir": reverse("asesmen_akhir", args=[usulan.pk]),
    }  # fmt: skip


def _nilai(nilai: Any) -> str:
    """An answer as its field of the form spells it."""
    if nilai is True or nilai is False or nilai is None:
        return {True: "True", False: "False", None: ""}[nilai]
    return nilai.isoformat() if isinstance(nilai, date) else str(nilai)


def _ambil(request: HttpRequest, pk: uuid.UUID) -> Usulan:
    rows = Usulan.objects.visible_to(request.user).select_related("keluarga", "wilayah", "petugas")
    usulan: Usulan = get_object_or_404(rows, pk=pk)
    if not (usulan.petugas_id == request.user.pk or request.user.boleh("asesmen.lihat", usulan.wilayah_id)):
        raise Http404
    return usulan


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def isi(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One visit. 'simpan' keeps what is there so far; 'selesai' hands the case on; 'lagi' closes a visit in vain."""
    usulan = _ambil(request, pk)
    kunjungan = _kunjungan(usulan)
    if request.method != "POST":
        return _halaman(request, usulan, kunjungan)
    form = AsesmenForm(
        request.POST, request.FILES, asesmen=_akhir(kunjungan), initial=_awal(usulan, kunjungan)
    )
    if form.is_valid() and (
        alamat := act(request, lambda: send_once(request, form, _simpan(request, usulan, form)), form=form)
    ):
        aksi_draf.buang(by=request.user, kunci=request.path)
        if request.POST.get("aksi") in ("selesai", "lagi"):
            return _selesaikan(request, usulan, form)
        messages.success(request, "Asesmen tersimpan.")
        return redirect(alamat)
    return _halaman(request, usulan, _kunjungan(usulan), form, refusal_status(request, 422))


def _simpan(request: HttpRequest, usulan: Usulan, form: AsesmenForm) -> Callable[[], str]:
    def simpan() -> str:
        data = form.cleaned_data
        aksi.simpan(
            usulan, by=request.user, data=form.jawaban(), patokan=data["patokan"], ke=data["ke"],
            dasar=data["dasar"] if "dasar" in form.data else None,
        )  # fmt: skip
        if foto := data["foto"]:
            jenis = data["jenis_foto"] or "rumah_depan"
            aksi.tambah_foto(usulan, by=request.user, isi=foto.read(), jenis=jenis)
        return reverse("asesmen_isi", args=[usulan.pk])

    return simpan


def _akhiri(request: HttpRequest, usulan: Usulan, data: dict[str, Any], cara: str) -> str:
    """Hand the case on, or plan the next visit; the sentence to say."""
    if cara == "selesai":
        langkah.ases(usulan, by=request.user, versi=data["versi"])
        return "Asesmen selesai dan sudah dikirim ke verifikator Dinsos."
    hasil = aksi.belum_bertemu(usulan, by=request.user, lagi=data["kunjungan_lagi"], versi=data["versi"])
    if hasil.status != "ditugaskan":
        return "Kunjungan dicatat. Usulan kembali ke verifikator karena keluarga tidak bisa dikunjungi."
    return f"Kunjungan dicatat. Kunjungan berikutnya {tanggal(data['kunjungan_lagi'])}."


def _selesaikan(request: HttpRequest, usulan: Usulan, form: AsesmenForm) -> HttpResponse:
    """When something is missing the answers stay saved and the page says what."""
    cara = request.POST["aksi"]
    if kalimat := act(request, lambda: _akhiri(request, usulan, form.cleaned_data, cara)):
        messages.success(request, kalimat)
        return redirect("asesmen_daftar")
    return _halaman(request, usulan, _kunjungan(usulan), status=refusal_status(request, 422))


def _kunjungan(usulan: Usulan) -> list[Asesmen]:
    return list(usulan.asesmen.select_related("asesor").prefetch_related("foto"))


def _akhir(kunjungan: list[Asesmen]) -> Asesmen | None:
    return kunjungan[-1] if kunjungan else None


def _awal(usulan: Usulan, kunjungan: list[Asesmen]) -> dict[str, Any]:
    """What the form brings beside the answers: the case and the visit as they were read."""
    akhir = _akhir(kunjungan)
    terbuka = akhir is not None and not akhir.selesai_at
    return {
        "patokan": usulan.keluarga.patokan,
        "versi": usulan.versi,
        "ke": (akhir.ke if terbuka else akhir.ke + 1) if akhir else 1,
        "dasar": aksi.tanda(akhir),
    }


def _bentrok(form: AsesmenForm, asesmen: Asesmen | None) -> list[tuple[str, str, str]]:
    """(answer, as it is stored, as it was typed) where a visit was changed elsewhere meanwhile."""
    if asesmen is None or asesmen.selesai_at:
        return []
    lewati = {"mulai_at", "tanpa_benturan"}
    if bool(form.cleaned_data.get("tanpa_tempat_tinggal")) == asesmen.tanpa_tempat_tinggal:
        lewati.add("tanpa_tempat_tinggal")  # not answered is stored as no
    return bandingkan(form, {k: v for k, v in awal(asesmen).items() if k not in lewati})


def _halaman(
    request: HttpRequest,
    usulan: Usulan,
    kunjungan: list[Asesmen],
    form: AsesmenForm | None = None,
    status: int = 200,
) -> HttpResponse:
    halangan = policies.ases(request.user, usulan)
    akhir = _akhir(kunjungan)
    terbuka = akhir if akhir and not akhir.selesai_at else None
    program = KodeAcuan.objects.filter(daftar="program_usulan", kode=usulan.program).first()
    mula, kunci = _awal(usulan, kunjungan), reverse("asesmen_isi", args=[usulan.pk])
    konteks: dict[str, Any] = {"bentrok": [], "draf": None}
    if form is not None and status == 409:
        konteks["bentrok"] = _bentrok(form, terbuka)
        form.data = form.data.copy()
        form.data.update({"dasar": mula["dasar"]})  # seen now: saved again, what was typed stands
    elif form is None and not halangan:
        buat = partial(AsesmenForm, asesmen=akhir)
        konteks |= dengan_draf(request, lambda initial: buat(initial=initial), mula, kunci)
    konteks |= {
        "usulan": usulan,
        "keluarga": usulan.keluarga,
        "terlihat": policies.lihat_keluarga(request.user, usulan),
        "program": program.label if program else usulan.program,
        "jumlah_anggota": usulan.keluarga.anggota.filter(aktif=True).count(),
        "desa": sebutan_desa(usulan.wilayah),
        "halangan": halangan if usulan.status == "ditugaskan" else None,
        "form": None if halangan else form or konteks.get("form"),
        "kunci_draf": kunci,
        "terbuka": terbuka,
        "ke": mula["ke"],
        "kunjungan_maks": rules.value("asesmen.kunjungan_maks", usulan.wilayah_id),
        "sia_sia": kunjungan_sia_sia(usulan) if usulan.status == "ditugaskan" else [],
        "lama": [k for k in kunjungan if k.selesai_at],
        "dikembalikan": _catatan_kembali(usulan) if not halangan else "",
        "jumlah_kriteria": len(KRITERIA),
        "dasar_hukum": DASAR_HUKUM,
        "akurasi_maks": rules.value("lokasi.akurasi_maks_m", usulan.wilayah_id),
    }
    return render(request, "dtks/asesmen_isi.html", konteks, status=status)


# --- the phone's queue: JSON, because the one who asks is a script, maybe hours after the visit -------------------


def _ditolak(request: HttpRequest, form: SendOnceForm, **lain: Any) -> JsonResponse:
    galat = {n if n != "__all__" else "": [str(k) for k in v] for n, v in form.errors.items()}
    return JsonResponse({"galat": galat, **lain}, status=refusal_status(request, 422))


@login_required
@require_POST
def kirim(request: HttpRequest, pk: uuid.UUID) -> JsonResponse:
    """The answers of one visit. Sent twice is one record; changed elsewhere meanwhile, both versions come back."""
    usulan = _ambil(request, pk)
    form = AsesmenForm(request.POST, asesmen=None, initial={})
    if form.is_valid() and act(
        request, lambda: send_once(request, form, _simpan(request, usulan, form)), form=form
    ):
        aksi_draf.buang(
            by=request.user,
            kunci=reverse("asesmen_isi", args=[pk]),
            kunci_kirim=str(form.cleaned_data["kunci_kirim"]),
        )
        return JsonResponse({"foto": reverse("asesmen_kirim_foto", args=[pk])})
    kunjungan = _kunjungan(usulan)
    lain: dict[str, Any] = {}
    if refusal_status(request) == 409 and (beda := _bentrok(form, _akhir(kunjungan))):
        lain = {"banding": beda, "dasar": _awal(usulan, kunjungan)["dasar"]}
    return _ditolak(request, form, **lain)


@login_required
@require_POST
def kirim_foto(request: HttpRequest, pk: uuid.UUID) -> JsonResponse:
    usulan = _ambil(request, pk)
    form = FotoKunjunganForm(request.POST, request.FILES)

    def simpan() -> str:
        data = form.cleaned_data
        return str(aksi.tambah_foto(usulan, by=request.user, isi=data["foto"].read(), jenis=data["jenis"]).pk)

    if form.is_valid() and (foto := act(request, lambda: send_once(request, form, simpan), form=form)):
        return JsonResponse({"foto": foto})
    return _ditolak(request, form)


@login_required
@require_POST
def akhir(request: HttpRequest, pk: uuid.UUID) -> JsonResponse:
    """The end of a visit, after its answers and photos arrived."""
    usulan = _ambil(request, pk)
    form = AkhirForm(request.POST)

    def simpan() -> str:
        return _akhiri(request, usulan, form.cleaned_data, form.cleaned_data["aksi"])

    if form.is_valid() and (kalimat := act(request, lambda: send_once(request, form, simpan), form=form)):
        return JsonResponse({"kabar": kalimat})
    return _ditolak(request, form)


def _catatan_kembali(usulan: Usulan) -> str:
    """Why the case came back for another visit, if it did."""
    terakhir = usulan.riwayat.order_by("-urut").first()
    if terakhir is None or terakhir.langkah != "kembalikan":
        return ""
    return " ".join(filter(None, (terakhir.alasan_kalimat, terakhir.catatan)))


def _foto(usulan: Usulan, pk: uuid.UUID) -> FotoAsesmen:
    foto: FotoAsesmen = get_object_or_404(
        FotoAsesmen.objects.select_related("berkas"), pk=pk, asesmen__usulan=usulan
    )
    return foto


@login_required
@require_safe
def foto(request: HttpRequest, pk: uuid.UUID, foto: uuid.UUID) -> HttpResponse:
    berkas = _foto(_ambil(request, pk), foto).berkas
    try:
        isi = files.read(berkas)
    except files.BadFile as error:
        return rusak(request, error)
    return HttpResponse(isi, content_type=berkas.mime)


@login_required
@require_POST
def hapus_foto(request: HttpRequest, pk: uuid.UUID, foto: uuid.UUID) -> HttpResponse:
    usulan = _ambil(request, pk)
    row = _foto(usulan, foto)

    def lakukan() -> bool:
        aksi.hapus_foto(usulan, by=request.user, foto=row)
        return True

    if act(request, lakukan):
        messages.success(request, "Foto dihapus.")
        return redirect("asesmen_isi", pk=pk)
    return _halaman(request, usulan, _kunjungan(usulan), status=refusal_status(request, 422))
