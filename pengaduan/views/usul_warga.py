"""/usul-warga/: the village's inbox of what citizens propose, its answers, and the counter."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from core import files
from core.forms import SendOnceForm
from core.identity import mask_name
from core.web import act, keyset, refusal_status, send_once
from dtks.models import Keluarga, KodeAcuan
from dtks.policies import usulan as usulan_policies
from dtks.queries.tempat import alamat
from dtks.views.kirim import kabari_mirip, kirim
from pengaduan.actions import usul as tindakan
from pengaduan.forms_usul import (
    JUMLAH,
    AlihkanForm,
    AmbilBaruForm,
    AmbilKeluargaForm,
    BukaPengusulForm,
    LepasForm,
    SaringUsul,
    TautkanForm,
    TetapForm,
    TolakUsulForm,
    UsulForm,
)
from pengaduan.models import FotoUsul, Usul
from pengaduan.models.usul import KUASA_LIHAT
from pengaduan.policies import usul as policies
from pengaduan.queries import jam
from pengaduan.queries.usul import desa_tujuan, kenali
from pengaduan.workflow import USUL
from wilayah.kode import dalam, ringkas

FORM = ["GET", "HEAD", "POST"]
URUT = ("tenggat_at", "id")
LANGKAH = ("ambil", "tautkan", "alihkan", "tolak", "lepas", "tetap")
KATA_TANDA = {
    "NIK_JANGGAL": "NIK tidak seperti NIK biasa. Warga menyatakan kartunya memang begitu.", "SERI_NOL": "Empat angka terakhir NIK 0000.",
    "TANGGAL_TIDAK_ADA": "Tanggal di NIK tidak ada di kalender.", "WILAYAH_TIDAK_DIKENAL": "Enam angka awal NIK bukan kode kecamatan yang dikenal.",
}  # fmt: skip


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, nearest deadline first; with a filter also what was answered."""
    if not any(request.user.punya(k) for k in (*KUASA_LIHAT, "usul.catat")):
        raise PermissionDenied
    rows = Usul.objects.visible_to(request.user).select_related("wilayah")
    saring = SaringUsul(request, rows)
    qs = saring.qs if request.GET.get("status") else saring.qs.menunggu()
    halaman = keyset(request, qs, URUT)
    kal = jam.kalender_untuk(halaman.rows) if halaman.rows else None
    for satu in halaman.rows:
        satu.jam = jam.jam(satu, kal)
        satu.nada = USUL.state(satu.status).nada
    return render(
        request,
        "pengaduan/usul_daftar.html",
        {
            "saring": saring.form,
            "baris": halaman.rows,
            "berikutnya": halaman.next,
            "boleh_catat": request.user.punya("usul.catat"),
        },
    )


def _satu(request: HttpRequest, pk: UUID) -> Usul:
    rows = Usul.objects.visible_to(request.user).select_related("wilayah", "usulan", "created_by")
    return get_object_or_404(rows, pk=pk)


def _yang_menjawab(request: HttpRequest, pk: UUID) -> Usul:
    satu = _satu(request, pk)
    if policies.proses(request.user, satu):
        raise PermissionDenied
    return satu


@login_required
@require_safe
def lihat(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _lihat(request, _satu(request, pk))


def _lihat(
    request: HttpRequest, satu: Usul, *, buka: BukaPengusulForm | None = None, pengusul: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:  # fmt: skip
    menjawab = policies.proses(request.user, satu) is None
    foto_kata = dict(KodeAcuan.objects.filter(daftar="foto_keluarga").values_list("kode", "label"))
    foto = FotoUsul.objects.visible_to(request.user).filter(usul=satu)
    langkah = [
        (arrow, policies.BY_STEP[nama](request.user, satu))
        for nama in LANGKAH
        if menjawab and (arrow := USUL.find(nama, satu.status)) is not None
    ]
    konteks = {
        "u": satu,
        "keadaan": USUL.state(satu.status),
        "jam": jam.jam(satu),
        "tenggat": jam.tenggat_kata(satu),
        "menjawab": menjawab,
        "nama": satu.nama_kepala if menjawab else mask_name(satu.nama_kepala),
        "foto": [(f.pk, foto_kata.get(f.jenis, f.jenis)) for f in foto],
        "kenal": kenali(satu, request.user) if menjawab and satu.status == "masuk" else None,
        "langkah": [
            (reverse(f"usul_{a.nama}", args=[satu.pk]), a.label, a.nama in ("ambil", "lepas"))
            for a, k in langkah
            if not k
        ],
        "tertutup": [f"{a.label}: {k}" for a, k in langkah if k],
        "boleh_ambil": policies.ambil(request.user, satu) is None,
        "riwayat": _riwayat(satu),
        "tanda": [KATA_TANDA.get(kode, "Namanya perlu dilihat lagi.") for kode in satu.tanda],
        "form_buka": buka or (BukaPengusulForm() if menjawab else None),
        "pengusul": pengusul,
        "lihat_usulan": satu.usulan_id and request.user.boleh("usulan.lihat", satu.wilayah_id),
    }
    return render(request, "pengaduan/usul_lihat.html", konteks, status=status)


def _riwayat(satu: Usul) -> list[dict[str, Any]]:
    nama = {a.nama: a.label for a in USUL.langkah}
    rows = satu.riwayat.select_related("oleh").order_by("-urut")
    isi = [
        {"label": nama[r.langkah], "waktu": r.pada, "oleh": r.oleh.nama if r.oleh else "Pengusul", "alasan": r.alasan_kalimat or r.catatan}
        for r in rows
    ]  # fmt: skip
    awal = {
        "label": "Usul diterima",
        "waktu": satu.created_at,
        "oleh": satu.created_by.nama if satu.created_by else "Pengusul",
        "alasan": "",
    }
    return [*isi, awal]


@login_required
@require_http_methods(FORM)
def pengusul(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who proposes, in full: once, with a reason that is kept."""
    satu = _yang_menjawab(request, pk)
    if request.method != "POST":
        return redirect("usul_lihat", pk=satu.pk)
    form = BukaPengusulForm(request.POST)
    isi = None
    if form.is_valid():
        isi = act(
            request, lambda: tindakan.buka_pengusul(satu, by=request.user, alasan=form.cleaned_data["alasan"]), form=form
        )  # fmt: skip
    return _lihat(
        request,
        satu,
        buka=form if isi is None else None,
        pengusul=isi,
        status=200 if isi else refusal_status(request, 422),
    )


@login_required
@require_safe
def foto(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = get_object_or_404(FotoUsul.objects.visible_to(request.user).select_related("berkas"), pk=pk)
    try:
        isi = files.read(satu.berkas)
    except files.BadFile as rusak:
        return render(request, "bansos/berkas_rusak.html", {"kalimat": str(rusak)}, status=503)
    return HttpResponse(
        isi,
        content_type="image/jpeg",
        headers={
            "Content-Disposition": f'inline; filename="{satu.jenis}.jpg"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, no-store",
        },
    )


# --- answering ----------------------------------------------------------------------------------------


@login_required
@require_http_methods(FORM)
def ambil(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make a proposal of it: for the family in `?keluarga=`, or for one that is typed in here."""
    satu = _yang_menjawab(request, pk)
    if usulan_policies.buat(request.user, satu.wilayah_id):
        raise PermissionDenied
    if kalimat := policies.ambil(request.user, satu):
        messages.error(request, kalimat)
        return redirect("usul_lihat", pk=satu.pk)
    keluarga = _keluarga(request, satu)
    awal = {"alasan_usul": satu.alasan}
    if keluarga is not None:
        form: Any = AmbilKeluargaForm(request.POST or None, initial=awal)
    else:
        form = AmbilBaruForm(request.POST or None, initial={**awal, **_isian(satu)}, luas=[satu.wilayah_id])

    def do() -> str:
        data = form.cleaned_data
        baru = {} if keluarga is not None else {"data": form.keluarga, "kepala": form.kepala}
        usulan = tindakan.ambil(
            satu, by=request.user, program=data["program"], alasan_usul=data["alasan_usul"], keluarga=keluarga,
            bulan_berikutnya=data.get("bulan_berikutnya", False), **baru,
        )  # fmt: skip
        if keluarga is None:
            kabari_mirip(request, usulan.keluarga.anggota.select_related("keluarga").get(hubungan="1"))
        return reverse("usulan_lihat", args=[usulan.pk])

    if form.is_bound and form.is_valid():
        nomor = {k: form.cleaned_data.get(k) or "" for k in ("nik", "no_kk")}
        if tujuan := kirim(request, form, do, wilayah=satu.wilayah_id, **nomor):
            messages.success(
                request, "Usulan dibuat dari usul warga. Lengkapi isiannya, lalu ajukan ke desa."
            )
            return redirect(tujuan)
        form.renew(None)
    konteks = {
        "u": satu,
        "form": form,
        "keluarga": keluarga,
        "alamat": alamat(keluarga) if keluarga is not None else "",
    }
    return render(
        request,
        "pengaduan/usul_ambil.html",
        konteks,
        status=refusal_status(request, 422) if form.is_bound else 200,
    )


def _keluarga(request: HttpRequest, satu: Usul) -> Keluarga | None:
    teks = request.POST.get("keluarga") or request.GET.get("keluarga")
    if not teks:
        return None
    try:
        pk = UUID(teks)
    except ValueError as error:
        raise Http404 from error
    rows = (
        Keluarga.objects.visible_to(request.user)
        .filter(dalam("wilayah_id", [satu.wilayah_id]))
        .select_related("wilayah")
    )
    return get_object_or_404(rows, pk=pk)


def _isian(satu: Usul) -> dict[str, str]:
    """What the citizen said, so that nobody types it again."""
    nik = satu.nik.open() if satu.nik is not None and "NIK_JANGGAL" not in satu.tanda else ""
    return {"nik": nik, "nama": satu.nama_kepala, "alamat": satu.alamat, "rt": satu.rt, "rw": satu.rw}


def _jawab(  # noqa: PLR0917
    request: HttpRequest, pk: UUID, nama: str, buat: Callable[[Usul, dict[str, Any]], SendOnceForm],
    aksi: Callable[[Usul, dict[str, Any]], Any], selesai: str,
) -> HttpResponse:  # fmt: skip
    """One answer: its form, its action, back to the page of the usul."""
    satu = _yang_menjawab(request, pk)
    if nama == "lepas" and not request.user.boleh("usulan.tarik", satu.wilayah_id):
        raise PermissionDenied
    if kalimat := policies.BY_STEP[nama](request.user, satu):
        messages.error(request, kalimat)
        return redirect("usul_lihat", pk=satu.pk)
    form = buat(
        satu, {"data": request.POST if request.method == "POST" else None, "initial": {"versi": satu.versi}}
    )

    def do() -> str:
        aksi(satu, form.cleaned_data)
        return reverse("usul_daftar") if nama == "alihkan" else reverse("usul_lihat", args=[satu.pk])

    if (
        form.is_bound
        and form.is_valid()
        and (url := act(request, lambda: send_once(request, form, do), form=form))
    ):
        messages.success(request, selesai)
        return redirect(url)
    arrow = USUL.find(nama, satu.status)
    konteks = {"u": satu, "form": form, "judul": arrow.label if arrow else "", "nama": nama}
    return render(
        request,
        "pengaduan/usul_jawab.html",
        konteks,
        status=refusal_status(request, 422) if form.is_bound else 200,
    )


@login_required
@require_http_methods(FORM)
def tautkan(request: HttpRequest, pk: UUID) -> HttpResponse:
    def buat(satu: Usul, opsi: dict[str, Any]) -> SendOnceForm:
        usulan = kenali(satu, request.user).usulan
        opsi["initial"]["nomor"] = usulan[0].tiket if usulan else ""
        return TautkanForm(**opsi)

    return _jawab(
        request, pk, "tautkan", buat,
        lambda satu, data: tindakan.tautkan(satu, by=request.user, nomor=data["nomor"], versi=data["versi"]),
        "Usul dihubungkan. Pengusul sekarang bisa mengikuti usulan itu.",
    )  # fmt: skip


@login_required
@require_http_methods(FORM)
def tolak(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _jawab(
        request, pk, "tolak", lambda satu, opsi: TolakUsulForm(daftar=tindakan.JENIS_ALASAN["tolak"], **opsi),
        lambda satu, data: tindakan.tolak(
            satu, by=request.user, alasan=data["alasan"].pk, catatan=data["catatan"], versi=data["versi"]
        ),
        "Jawaban disimpan. Pengusul membacanya di halaman Lacak.",
    )  # fmt: skip


@login_required
@require_http_methods(FORM)
def alihkan(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _jawab(
        request, pk, "alihkan", lambda satu, opsi: AlihkanForm(luas=desa_tujuan(satu.wilayah_id), **opsi),
        lambda satu, data: tindakan.alihkan(
            satu, by=request.user, ke=data["ke"], catatan=data["catatan"], versi=data["versi"]
        ),
        "Usul dialihkan. Desa yang baru sudah diberi tahu.",
    )  # fmt: skip


@login_required
@require_http_methods(FORM)
def lepas(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _jawab(
        request, pk, "lepas", lambda satu, opsi: LepasForm(**opsi),
        lambda satu, data: tindakan.lepas(satu, by=request.user, alasan=data["alasan"].pk, versi=data["versi"]),
        "Usulan ditarik atas permintaan pengusul.",
    )  # fmt: skip


@login_required
@require_http_methods(FORM)
def tetap(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _jawab(
        request, pk, "tetap", lambda satu, opsi: TetapForm(**opsi),
        lambda satu, data: tindakan.tetap(satu, by=request.user, catatan=data["catatan"], versi=data["versi"]),
        "Dicatat. Usulan keluarga ini berjalan terus.",
    )  # fmt: skip


# --- the counter --------------------------------------------------------------------------------------


@sensitive_post_parameters("nik", "pengusul_nik", "pengusul_nama", "telepon", "nama_kepala")
@login_required
@require_http_methods(FORM)
def catat(request: HttpRequest) -> HttpResponse:
    """For the citizen in front of the officer; the receipt with ticket and PIN is printed at once."""
    luas = ringkas(request.user.cakupan("usul.catat"))
    if not luas:
        raise PermissionDenied
    form = UsulForm(request.POST or None, request.FILES or None, luas=luas, mulai=luas[0], loket=True)
    if form.is_bound and form.is_valid():
        hasil = act(
            request,
            lambda: tindakan.kirim_sekali(
                pemilik=str(request.user.pk), kunci=form.cleaned_data["kunci_kirim"], isi=form.content(), data=form.data_usul,
                foto=form.foto, by=request.user,
            ),
            form=form,
        )  # fmt: skip
        if hasil is not None:
            usul, pin = hasil
            return render(
                request, "pengaduan/usul_resi.html", {"usul": usul, "pin": pin, "dasar": "base.html"}
            )
        form.perbarui()
    return render(
        request,
        "pengaduan/usul_catat.html",
        {"form": form, "bidang": [form[nama] for n in range(1, JUMLAH + 1) for nama in form.nama_langkah(n)]},
        status=refusal_status(request, 422) if form.is_bound else 200,
    )
