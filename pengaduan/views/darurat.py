"""/darurat/ for everybody, /kedaruratan/ for those who answer: reports, steps, referrals, owed papers, the proposal."""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Pengguna
from core import files, limits, rules
from core.idempotency import once
from core.middleware import client_ip
from core.privacy import keys
from core.privacy.keys import blind_index
from core.web import act, keyset, refusal_status, send_once
from dtks.models import AlasanLangkah, Usulan
from dtks.views.kirim import kirim
from dtks.views.usulan import keep_pin
from pengaduan.actions import darurat as aksi
from pengaduan.forms_aduan import BukaPelaporForm
from pengaduan.forms_darurat import (
    AlihkanForm,
    JawabRujukanForm,
    LangkahForm,
    LaporPetugasForm,
    LaporPublikForm,
    RujukForm,
    SaringDarurat,
    SusulkanForm,
    UmpanBalikForm,
    UsulkanForm,
)
from pengaduan.models import KUASA_PEKA, Kedaruratan, KejadianBencana, Rujukan, SusulanDarurat
from pengaduan.policies import darurat as policies
from pengaduan.queries import darurat as baca
from pengaduan.queries.jam import jam, tenggat_kata
from pengaduan.views import lacak as halaman_lacak
from pengaduan.workflow import DARURAT
from wilayah.kode import kabupaten_dari

FORM = ["GET", "HEAD", "POST"]
NADA = {
    k.kode: "jalan" if k.nada == "proses" else k.nada for k in DARURAT.keadaan
}  # tones of the style sheet
SENDIRI = ("rujuk", "terima_rujukan", "kembalikan_rujukan")  # steps with a page of their own
TERLALU_BANYAK = "Sedang terlalu banyak laporan dari jaringan ini. Bila mendesak, telepon 112 sekarang."


# --- everybody --------------------------------------------------------------------------------------------


@require_safe
def darurat(request: HttpRequest) -> HttpResponse:
    """Whom to call, what to do until help is there, and the way to report without a name."""
    konteks = {
        "nomor": rules.value("darurat.telepon"),
        "jam": rules.value("tenggat.darurat.diterima")["jam"],
        "petugas": request.user.is_authenticated and request.user.punya("darurat.lapor"),
    }
    return render(request, "pengaduan/darurat.html", konteks)


@sensitive_post_parameters("telepon", "cerita")
@require_http_methods(FORM)
def lapor(request: HttpRequest) -> HttpResponse:
    """A citizen reports. The answer is the receipt itself: the PIN is in no address."""
    form = LaporPublikForm(request.POST if request.method == "POST" else None, alamat=client_ip(request))
    if form.is_bound and form.is_valid():
        if not _boleh_kirim(request):
            form.add_error(None, TERLALU_BANYAK)
            return _lapor(request, form, 429)
        if hasil := act(request, lambda: _sekali("publik", request, form, None, form.isi), form=form):
            return _resi(request, hasil, petugas=False)
    status = form.http_status if form.is_bound else 200
    return _lapor(request, form, refusal_status(request, status) if form.is_bound else 200)


def _lapor(request: HttpRequest, form: LaporPublikForm, status: int) -> HttpResponse:
    konteks = {"form": form, "nomor": rules.value("darurat.telepon")[0]}
    return render(request, "pengaduan/darurat_lapor.html", konteks, status=status)


def _boleh_kirim(request: HttpRequest) -> bool:
    """Counted per network and in total, in PostgreSQL; generous, for one village may share one address."""
    batas = rules.value("darurat.batas_publik")
    jendela = timedelta(minutes=batas["menit"])
    jaringan = blind_index(limits.network(client_ip(request)), "darurat").hex()
    lolos = limits.hit(f"darurat:jaringan:{jaringan}", limit=batas["jaringan"], window=jendela)
    return lolos and limits.hit("darurat:semua", limit=batas["semua"], window=jendela)


def _sekali(
    pemilik: str, request: HttpRequest, form: Any, by: Pengguna | None, isi: dict[str, Any]
) -> tuple[str, str]:
    """One report for one form however often it is sent, and the same PIN each time: sealed beside the key of the form."""
    kunci = form.cleaned_data["kunci_kirim"]

    def do() -> str:
        satu, pin = aksi.lapor(by=by, data=isi)
        segel = base64.urlsafe_b64encode(keys.seal(pin.encode(), f"darurat:{kunci}")).decode()
        return f"{satu.tiket} {segel}"

    hasil, _ = once(pemilik=pemilik, kunci=kunci, isi=f"{request.path}|{form.content()}", do=do)
    nomor, segel = hasil.split(" ")
    return nomor, keys.unseal(base64.urlsafe_b64decode(segel), f"darurat:{kunci}").decode()


def _resi(request: HttpRequest, hasil: tuple[str, str], *, petugas: bool) -> HttpResponse:
    nomor, pin = hasil
    satu = Kedaruratan.objects.filter(tiket=nomor).first()
    assert satu is not None
    terlihat = petugas and Kedaruratan.objects.visible_to(request.user).filter(pk=satu.pk).exists()
    konteks = {
        "tiket": nomor, "pin": pin, "petugas": petugas, "satu": satu if terlihat else None, "batas": tenggat_kata(satu),
        "nomor": rules.value("darurat.telepon", satu.wilayah_id)[0],
    }  # fmt: skip
    jawab = render(request, "pengaduan/darurat_resi.html", konteks)
    jawab["Cache-Control"] = "no-store"
    return jawab


def _hasil(request: HttpRequest, satu: Kedaruratan) -> HttpResponse:
    """What the reporter sees at /lacak/: how far help is. Nothing about the person that was found."""
    judul, sesudah = baca.PUBLIK[satu.status]
    riwayat = list(satu.riwayat.order_by("-urut"))
    alasan = jalan_keluar = ""
    if satu.status == "dibatalkan" and riwayat:
        alasan = riwayat[0].alasan_kalimat
        row = AlasanLangkah.objects.filter(pk=riwayat[0].alasan).first()
        jalan_keluar = row.jalan_keluar if row else ""
    garis = [{"label": baca.PUBLIK[r.ke][0], "waktu": r.pada} for r in riwayat]
    garis.append({"label": baca.PUBLIK["diterima"][0], "waktu": satu.created_at})
    konteks = {
        "satu": satu, "judul": judul, "sesudah": sesudah, "alasan": alasan, "jalan_keluar": jalan_keluar, "riwayat": garis,
        "batas": tenggat_kata(satu) if satu.status == "diterima" else "",
    }  # fmt: skip
    return render(request, "pengaduan/darurat_lacak.html", konteks)


halaman_lacak.daftarkan("ADU", _hasil, Kedaruratan)


# --- staff ------------------------------------------------------------------------------------------------


@login_required
@sensitive_post_parameters("telepon", "pelapor", "cerita")
@require_http_methods(FORM)
def catat(request: HttpRequest) -> HttpResponse:
    """Taken down from the telephone, the counter, the street."""
    if not request.user.punya("darurat.lapor"):
        raise PermissionDenied
    luas = request.user.cakupan("darurat.lapor")
    form = LaporPetugasForm(
        request.POST if request.method == "POST" else None,
        kabupaten=baca.kabupaten_pengguna(request.user, "darurat.lapor"),
        mulai=luas[0],
        kejadian=KejadianBencana.objects.visible_to(request.user)
        .filter(ditutup_at__isnull=True)
        .order_by("-waktu", "-pk"),
        initial={"kejadian": request.GET.get("kejadian", "")} if "kejadian" in request.GET else None,
    )
    if form.is_bound and form.is_valid():
        pemilik = str(request.user.pk)
        if hasil := act(request, lambda: _sekali(pemilik, request, form, request.user, form.isi), form=form):
            return _resi(request, hasil, petugas=True)
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(request, "pengaduan/kedaruratan_catat.html", {"form": form}, status=status)


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    """Open reports, newest first; what waits too long says so itself."""
    if not (request.user.punya("darurat.lihat") or request.user.punya("darurat.lapor")):
        raise PermissionDenied
    saring = SaringDarurat(
        request, Kedaruratan.objects.visible_to(request.user).select_related("wilayah", "petugas")
    )
    halaman = keyset(request, saring.qs, ("-created_at", "-id"))
    for satu in halaman.rows:
        satu.keadaan, satu.nada, satu.jam = DARURAT.state(satu.status), NADA[satu.status], jam(satu)
    kab = baca.kabupaten_pengguna(request.user, "darurat.lihat")
    utang, lewat = baca.terutang(request.user)
    konteks = {
        "saring": saring.form, "baris": halaman.rows, "berikutnya": halaman.next, "boleh_catat": request.user.punya("darurat.lapor"),
        "piket": baca.piket_kini(kab[0]) if len(kab) == 1 else [], "satu_kab": len(kab) == 1, "utang": utang, "utang_lewat": lewat,
        "terbatas_lewat": baca.terbatas_lewat(request.user), "boleh_bencana": request.user.punya("darurat.lihat"),
    }  # fmt: skip
    return render(request, "pengaduan/kedaruratan_daftar.html", konteks)


def _satu(request: HttpRequest, pk: UUID) -> Kedaruratan:
    rows = Kedaruratan.objects.visible_to(request.user).select_related(
        "wilayah", "petugas", "created_by", "usulan", "kejadian"
    )
    return get_object_or_404(rows, pk=pk)


@login_required
@require_safe
def lihat(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _halaman(request, _satu(request, pk))


def _halaman(request: HttpRequest, satu: Kedaruratan, status: int = 200, **lain: Any) -> HttpResponse:
    user = request.user
    boleh = policies.langkah(user, satu)
    langkah = [] if boleh else [a for a in DARURAT.open_from(satu.status) if a.nama not in SENDIRI]
    rujukan = list(satu.rujukan.select_related("dokumen", "created_by").order_by("-created_at", "-pk"))
    riwayat = [
        {"label": DARURAT.state(r.ke).label, "waktu": r.pada, "oleh": r.oleh.nama if r.oleh else "", "alasan": r.alasan_kalimat or r.catatan}
        for r in satu.riwayat.select_related("oleh").order_by("-urut")
    ]  # fmt: skip
    dicatat = satu.created_by.nama if satu.created_by else ""
    riwayat.append({"label": "Laporan masuk", "waktu": satu.created_at, "oleh": dicatat, "alasan": ""})
    konteks = {
        "k": satu,
        "keadaan": DARURAT.state(satu.status),
        "nada": NADA[satu.status],
        "jam": jam(satu),
        "batas": tenggat_kata(satu),
        "langkah": langkah,
        "boleh_rujuk": not boleh and DARURAT.find("rujuk", satu.status) is not None,
        "boleh_jawab": not boleh and satu.status == "dirujuk",
        "boleh_alihkan": not DARURAT.state(satu.status).akhir and policies.alihkan(user, satu) is None,
        "boleh_usulkan": satu.usulan_id is None and satu.status != "dibatalkan" and policies.usulkan(user, satu) is None,
        "lihat_usulan": satu.usulan_id and Usulan.objects.visible_to(user).filter(pk=satu.usulan_id).exists(),
        "rujukan": rujukan,
        "boleh_kabar": not boleh,
        "susulan": list(satu.susulan.select_related("selesai_by", "berkas").order_by("tenggat", "jenis")),
        "boleh_susulkan": policies.susulkan(user, satu) is None or policies.bebaskan(user, satu) is None,
        "riwayat": riwayat,
        "serupa": baca.serupa(satu, user),
        "boleh_pelapor": not boleh and bool(satu.pelapor or satu.telepon),
        "form_pelapor": BukaPelaporForm(initial={"alasan": "Menelepon pelapor untuk memastikan letak dan keadaannya."}),
    }  # fmt: skip
    return render(request, "pengaduan/kedaruratan.html", konteks | lain, status=status)


@login_required
@require_POST
def pelapor(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Whom to call back, for one look: the answer of the POST, with its row in the trail."""
    satu = _satu(request, pk)
    if policies.langkah(request.user, satu):
        raise PermissionDenied
    form = BukaPelaporForm(request.POST)
    isi = None
    if form.is_valid():
        alasan = form.cleaned_data["alasan"]
        isi = act(request, lambda: aksi.buka_pelapor(satu, by=request.user, alasan=alasan), form=form)
    if isi is None:
        return _halaman(request, satu, status=refusal_status(request, 422), form_pelapor=form)
    jawab = _halaman(request, satu, pelapor={k: v for k, v in isi.items() if v})
    jawab["Cache-Control"] = "private, no-store"
    return jawab


Do = Callable[[], str]


def _kirim(request: HttpRequest, form: Any, do: Do, kata: str, konteks: dict[str, Any]) -> HttpResponse:
    """The usual five sentences of a form page."""
    if (
        form.is_bound
        and form.is_valid()
        and (url := act(request, lambda: send_once(request, form, do), form=form))
    ):
        messages.success(request, kata)
        return redirect(url)
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(request, "pengaduan/kedaruratan_langkah.html", {"form": form, **konteks}, status=status)


def _post(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _alamat(satu: Kedaruratan) -> str:
    return reverse("kedaruratan_lihat", args=[satu.pk])


@login_required
@require_http_methods(FORM)
def langkah(request: HttpRequest, pk: UUID, nama: str) -> HttpResponse:
    """One step with its note."""
    satu = _satu(request, pk)
    arrow = next((a for a in DARURAT.langkah if a.nama == nama), None)
    if arrow is None or nama in SENDIRI:
        raise Http404
    if policies.langkah(request.user, satu):
        raise PermissionDenied
    form = LangkahForm(_post(request), nama=nama, initial={"versi": satu.versi})

    def do() -> str:
        data = form.cleaned_data
        alasan = data["alasan"].pk if data.get("alasan") else ""
        hasil = aksi.langkah(
            satu, nama, by=request.user, versi=data["versi"], catatan=data["catatan"], alasan=alasan
        )
        return _alamat(hasil)

    tertutup = (
        ""
        if DARURAT.find(nama, satu.status)
        else f"Laporan ini sekarang “{satu.get_status_display().lower()}”."
    )
    return _kirim(
        request, form, do, f"{arrow.label}: dicatat.",
        {"k": satu, "judul": arrow.label, "tombol": arrow.label, "tertutup": "" if form.is_bound else tertutup},
    )  # fmt: skip


@login_required
@require_http_methods(FORM)
def alihkan(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    if policies.alihkan(request.user, satu):
        raise PermissionDenied
    orang = [
        p for p in baca.bisa_piket(kabupaten_dari(satu.wilayah_id))
        if p.pk != satu.petugas_id and (not satu.peka or p.boleh(KUASA_PEKA, satu.wilayah_id))
    ]  # fmt: skip
    form = AlihkanForm(_post(request), petugas=orang)

    def do() -> str:
        return _alamat(aksi.alihkan(satu, by=request.user, petugas=form.orang[form.cleaned_data["petugas"]]))

    konteks = {"k": satu, "judul": "Pilih petugas", "tombol": "Serahkan ke petugas ini", "tertutup": "" if orang else "Tidak ada petugas lain."}  # fmt: skip
    if (
        form.is_bound
        and form.is_valid()
        and (url := act(request, lambda: send_once(request, form, do), form=form))
    ):
        messages.success(request, "Petugas dikabari.")
        masih = Kedaruratan.objects.visible_to(request.user).filter(pk=satu.pk).exists()
        return redirect(url if masih else "kedaruratan")
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(request, "pengaduan/kedaruratan_langkah.html", {"form": form, **konteks}, status=status)


@login_required
@require_http_methods(FORM)
def rujuk(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    if policies.langkah(request.user, satu):
        raise PermissionDenied
    form = RujukForm(_post(request), initial={"versi": satu.versi})

    def do() -> str:
        data = form.cleaned_data
        return _alamat(aksi.rujuk(satu, by=request.user, data=data, versi=data["versi"]))

    tertutup = (
        ""
        if form.is_bound or DARURAT.find("rujuk", satu.status)
        else "Merujuk bisa sesudah petugas tiba di lokasi."
    )
    return _kirim(
        request, form, do, "Surat rujukan siap diunduh dan dibawa.",
        {"k": satu, "judul": "Rujuk ke tempat lain", "tombol": "Buat surat rujukan", "tertutup": tertutup},
    )  # fmt: skip


@login_required
@require_http_methods(FORM)
def jawab_rujukan(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    if policies.langkah(request.user, satu):
        raise PermissionDenied
    form = JawabRujukanForm(_post(request), initial={"versi": satu.versi})

    def do() -> str:
        data = form.cleaned_data
        return _alamat(
            aksi.jawab_rujukan(
                satu, by=request.user, diterima=data["jawaban"] == "terima", penjawab=data["penjawab"], jawaban=data["keterangan"],
                versi=data["versi"],
            )
        )  # fmt: skip

    tertutup = "" if form.is_bound or satu.status == "dirujuk" else "Tidak ada rujukan yang menunggu jawaban."
    return _kirim(
        request, form, do, "Jawaban tempat rujukan dicatat.",
        {"k": satu, "judul": "Catat jawaban tempat rujukan", "tombol": "Simpan jawaban", "tertutup": tertutup},
    )  # fmt: skip


@login_required
@require_http_methods(FORM)
def umpan_balik(request: HttpRequest, pk: UUID, rujukan: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    row = get_object_or_404(Rujukan, pk=rujukan, kedaruratan=satu)
    if policies.langkah(request.user, satu):
        raise PermissionDenied
    form = UmpanBalikForm(_post(request), use_required_attribute=False)

    def do() -> str:
        aksi.umpan_balik(row, by=request.user, isi=form.cleaned_data["isi"])
        return _alamat(satu)

    terbuka = row.status == Rujukan.Status.DITERIMA and row.umpan_at is None
    return _kirim(
        request, form, do, "Kabar dari tempat rujukan dicatat.",
        {"k": satu, "judul": f"Kabar dari {row.tempat}", "tombol": "Simpan kabar",
         "tertutup": "" if form.is_bound or terbuka else "Rujukan ini tidak menunggu kabar."},
    )  # fmt: skip


@login_required
@require_http_methods(FORM)
def susulkan(request: HttpRequest, pk: UUID, susulan: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    row = get_object_or_404(SusulanDarurat, pk=susulan, kedaruratan=satu)
    bebas = policies.bebaskan(request.user, satu) is None
    if policies.susulkan(request.user, satu) and not bebas:
        raise PermissionDenied
    form = SusulkanForm(_post(request), request.FILES or None, boleh_bebas=bebas)

    def do() -> str:
        data = form.cleaned_data
        aksi.susulkan(
            row, by=request.user, catatan=data["catatan"], berkas=[b.read() for b in data["berkas"]], bebas=bool(data.get("bebas"))
        )  # fmt: skip
        return _alamat(satu)

    return _kirim(
        request, form, do, "Syarat susulan dicatat.",
        {"k": satu, "judul": row.get_jenis_display(), "tombol": "Simpan",
         "tertutup": "Syarat ini sudah dipenuhi." if row.selesai_at and not form.is_bound else ""},
    )  # fmt: skip


@login_required
@sensitive_post_parameters("nik")
@require_http_methods(FORM)
def usulkan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The proposal on the emergency route: what is known now, the rest within its days."""
    satu = _satu(request, pk)
    if policies.usulkan(request.user, satu):
        raise PermissionDenied
    luas = [k for k in request.user.cakupan("darurat.usulkan") if k[:5] == kabupaten_dari(satu.wilayah_id)]
    awal: dict[str, Any] = {"alamat": satu.lokasi, "alasan": satu.cerita[:1500]}
    if satu.wilayah_id.count(".") >= 3:
        awal["wilayah"] = satu.wilayah_id
    form = UsulkanForm(_post(request), luas=luas, mulai=satu.wilayah_id, initial=awal)

    def do() -> str:
        usulan, pin = aksi.usulkan(satu, by=request.user, data=form.isi)
        keep_pin(request, usulan, pin)
        boleh = Usulan.objects.visible_to(request.user).filter(pk=usulan.pk).exists()
        return reverse("usulan_resi", args=[usulan.pk]) if boleh else _alamat(satu)

    if form.is_bound and form.is_valid():
        isi = form.isi
        if url := kirim(request, form, do, wilayah=isi["wilayah"], nik=isi.get("nik") or ""):
            messages.success(
                request,
                "Usulan kedaruratan dibuat. Operator desa melanjutkannya; identitas dan surat disusulkan.",
            )
            return redirect(url)
    konteks = {
        "k": satu, "judul": "Buat usulan kedaruratan", "tombol": "Buat usulan", "form": form,
        "tertutup": "Usulannya sudah dibuat." if satu.usulan_id and not form.is_bound else "",
    }  # fmt: skip
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(request, "pengaduan/kedaruratan_langkah.html", konteks, status=status)


@login_required
@require_safe
def surat_rujukan(request: HttpRequest, pk: UUID, rujukan: UUID) -> HttpResponse:
    """The letter of a referral."""
    satu = _satu(request, pk)
    row = get_object_or_404(Rujukan.objects.select_related("dokumen__berkas"), pk=rujukan, kedaruratan=satu)
    return unduh(request, row.dokumen.berkas, f"rujukan-{satu.tiket}")


@login_required
@require_safe
def berkas_susulan(request: HttpRequest, pk: UUID, susulan: UUID) -> HttpResponse:
    """A paper that was brought later."""
    satu = _satu(request, pk)
    row = get_object_or_404(SusulanDarurat.objects.select_related("berkas"), pk=susulan, kedaruratan=satu)
    if row.berkas is None:
        raise Http404
    return unduh(request, row.berkas, f"susulan-{satu.tiket}")


def unduh(request: HttpRequest, row: Any, nama: str) -> HttpResponse:
    try:
        isi = files.read(row)
    except files.BadFile as rusak:
        return render(request, "bansos/berkas_rusak.html", {"kalimat": str(rusak)}, status=503)
    jawab = HttpResponse(isi, content_type=row.mime)
    akhiran = "pdf" if row.mime == "application/pdf" else "jpg"
    jawab["Content-Disposition"] = f'attachment; filename="{nama}.{akhiran}"'
    jawab["Cache-Control"] = "no-store"
    return jawab
