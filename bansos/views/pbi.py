"""PBI: the queue with its numbers, the list of the deactivated, the counter, one request, its steps and its papers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Pengguna
from bansos.actions import (
    impor_pbi,  # noqa: F401 - the kind registers itself
    impor_pbi_aktif,  # noqa: F401 - the kind registers itself
    pbi_wajib,
)
from bansos.actions import pbi as tindakan
from bansos.actions.tanda_terima import kuasa as kuasa_resi
from bansos.forms_pbi import (
    LangkahPbiForm,
    LengkapiPbiForm,
    MulaiPbiForm,
    PerbaruiPbiForm,
    SaringNonaktif,
    SaringReaktivasi,
)
from bansos.models import KUASA_BERKAS_PBI, KUASA_PBI, PbiNonaktif, ReaktivasiPBI
from bansos.policies import pbi as policies
from bansos.queries import pbi as baca
from bansos.templatetags.tempat import tempat
from bansos.views import langkah_layanan
from bansos.views.langkah_layanan import Layanan
from bansos.workflow_layanan import REAKTIVASI
from core import rules
from core.forms import SendOnceForm
from core.templatetags.ui import sisa_hari, tanggal, waktu
from core.web import act, keyset, refusal_status, send_once
from core.workflow import Langkah
from wilayah.kode import kabupaten_dari

FORM = ["GET", "HEAD", "POST"]
ARTI = {
    "ajukan": "Sesudah diajukan isinya tidak bisa diubah, kecuali dikembalikan verifikator.",
    "rekomendasikan": "Anda menandatangani satu surat rekomendasi bernomor dengan QR. Surat tidak bisa ditarik sendiri.",
    "kirim": "Ajukan dulu di SIKS-NG dengan surat rekomendasinya, lalu catat nomornya di sini.",
    "setujui": "Catat hanya bila BPJS atau Kemensos sudah menyatakan aktif. Keluarga wajib memperbarui data dalam beberapa bulan.",
}


def _pembaca(request: HttpRequest) -> None:
    if not any(request.user.punya(k) for k in KUASA_PBI):
        raise PermissionDenied


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    """Requests, newest first, with the numbers of the reader's areas above."""
    _pembaca(request)
    rows = ReaktivasiPBI.objects.visible_to(request.user).select_related("wilayah")
    saring = SaringReaktivasi(request, rows)
    halaman = keyset(request, saring.qs, ("-created_at", "-id"))
    for satu in halaman.rows:
        satu.keadaan, satu.jam = REAKTIVASI.state(satu.status), jam(satu)
    isi = {
        "saring": saring.form,
        "baris": halaman.rows,
        "berikutnya": halaman.next,
        "angka": baca.angka(request.user),
        "boleh_mulai": request.user.punya("pbi.ajukan"),
    }
    return render(request, "bansos/pbi_daftar.html", isi)


def jam(satu: Any, saat: datetime | None = None) -> dict[str, str] | None:
    """The clock in words while it runs: {'kata', 'nada'}; None when it does not."""
    if satu.tenggat_at is None or satu.jam_selesai is not None:
        return None
    sisa = satu.tenggat_at - (saat or timezone.now())
    detik = int(sisa.total_seconds())
    if detik < 0:
        return {"kata": f"lewat tenggat {waktu(satu.tenggat_at)}", "nada": "buruk"}
    if detik < 48 * 3600:
        return {
            "kata": f"sisa {detik // 3600} jam {detik % 3600 // 60} menit",
            "nada": "tunggu" if satu.eskalasi else "jalan",
        }
    return {"kata": f"{sisa_hari(satu.tenggat_at)}, {tanggal(satu.tenggat_at)}", "nada": "netral"}


@login_required
@require_safe
def nonaktif(request: HttpRequest) -> HttpResponse:
    """Who was deactivated, latest first, and how far each is."""
    _pembaca(request)
    rows = PbiNonaktif.objects.visible_to(request.user).dengan_keadaan()
    saring = SaringNonaktif(request, rows.select_related("individu__keluarga__wilayah", "wilayah"))
    halaman = keyset(request, saring.qs, ("-tanggal", "-id"))
    bulan = rules.values("pbi.batas_bulan", {kabupaten_dari(r.wilayah_id) for r in halaman.rows})
    for satu in halaman.rows:
        satu.tempat = tempat(satu.individu.keluarga.wilayah) if satu.individu else "Belum ada di register"
        satu.batas = baca.tambah_bulan(satu.tanggal, int(bulan[kabupaten_dari(satu.wilayah_id)]))
    isi = {
        "saring": saring.form,
        "baris": halaman.rows,
        "berikutnya": halaman.next,
        "hari": timezone.localdate(),
    }
    return render(request, "bansos/pbi_nonaktif.html", isi)


@login_required
@require_http_methods(FORM)
def catat(request: HttpRequest) -> HttpResponse:
    """At the counter: the NIK, and a draft is there."""
    if not request.user.punya("pbi.ajukan"):
        raise PermissionDenied
    form = MulaiPbiForm(request.POST or None)

    def do() -> str:
        d = form.cleaned_data
        satu = tindakan.mulai(
            by=request.user, nik=d["nik"], nama=d["nama"], tanggal=d["tanggal"], sebab=d["sebab"]
        )
        return reverse("pbi_lengkapi", args=[satu.pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Permohonan dibuat. Lengkapi dan unggah surat faskesnya.")
        return redirect(url)
    return render(
        request,
        "bansos/pbi_catat.html",
        {"form": form},
        status=refusal_status(request, 422) if form.is_bound else 200,
    )


def _satu(request: HttpRequest, pk: UUID) -> ReaktivasiPBI:
    rows = ReaktivasiPBI.objects.visible_to(request.user).select_related(
        "wilayah",
        "nonaktif__individu__keluarga",
        "nonaktif__otomatis",
        "individu__keluarga",
        "created_by",
        "surat_faskes",
        "sktm",
        "dokumen__berkas",
    )
    return get_object_or_404(rows, pk=pk)


def boleh_berkas(user: Pengguna, satu: ReaktivasiPBI) -> bool:
    """Health papers are for who works on the request, not for who watches."""
    return any(user.boleh(k, satu.wilayah_id) for k in KUASA_BERKAS_PBI)


@login_required
@require_safe
def lihat(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _tampil(request, _satu(request, pk))


def _tampil(request: HttpRequest, satu: ReaktivasiPBI, status: int = 200) -> HttpResponse:
    berkas = boleh_berkas(request.user, satu)
    keluarga = satu.individu.keluarga_id if satu.individu else None
    isi = {
        "p": satu,
        "keadaan": REAKTIVASI.state(satu.status),
        "jam": jam(satu),
        "ringkas": _ringkas(satu, berkas),
        "boleh_berkas": berkas,
        "keluarga": keluarga if keluarga and request.user.boleh("keluarga.lihat", satu.wilayah_id) else None,
        "langkah": langkah_layanan.terbuka(request, LAYANAN, satu),
        "boleh_resi": request.user.boleh(kuasa_resi(satu), satu.wilayah_id),
        "boleh_ubah": policies.ubah(request.user, satu) is None,
        "boleh_perbarui": policies.perbarui(request.user, satu) is None,
        "form_perbarui": PerbaruiPbiForm(),
        "wajib": satu.status == "disetujui" and satu.diperbarui_at is None,
        "riwayat": langkah_layanan.riwayat(satu, REAKTIVASI),
    }
    return render(request, "bansos/pbi.html", isi, status=status)


def _ringkas(satu: ReaktivasiPBI, berkas: bool) -> list[tuple[str, object]]:
    """The facts of the request; what tells about health only for who works on it."""
    isi: list[tuple[str, object]] = [
        ("Peserta", f"{satu.nama}, NIK {satu.nonaktif.nik}"),
        ("Tempat tinggal", tempat(satu.wilayah)),
        ("Nonaktif sejak", f"{tanggal(satu.nonaktif_sejak)} ({satu.nonaktif.sebab})"),
        ("Sumber catatan nonaktif", satu.nonaktif.get_asal_display()),
        ("Batas reaktivasi", tanggal(baca.batas_aktivasi(satu.nonaktif_sejak, satu.wilayah_id))),
        ("Yang mengajukan", f"{satu.pemohon}, dicatat {satu.created_by.nama} {waktu(satu.created_at)}"),
    ]
    if berkas:
        isi.append(("Jenis", satu.get_kondisi_display()))
        if satu.keadaan_mendesak:
            isi.append(("Keadaan darurat", satu.keadaan_mendesak))
        isi.append(
            (
                "Surat faskes",
                f"{satu.faskes}, {tanggal(satu.faskes_tanggal)}" if satu.faskes_tanggal else "belum diisi",
            )
        )
        isi.append(("Desil saat diajukan", satu.desil or "belum ada"))
    if otomatis := getattr(satu.nonaktif, "otomatis", None):
        isi.append(("Menurut berkas pusat", f"sudah aktif kembali sejak {tanggal(otomatis.tanggal)}"))
    if satu.siks_nomor:
        isi.append(("Nomor di SIKS-NG", f"{satu.siks_nomor}, {tanggal(satu.siks_tanggal)}"))
    if satu.hasil_tanggal:
        isi.append(("Jawaban pusat", tanggal(satu.hasil_tanggal)))
    if satu.perbarui_batas:
        kata = (
            f"sudah, {tanggal(satu.diperbarui_at)}"
            if satu.diperbarui_at
            else f"paling lambat {tanggal(satu.perbarui_batas)}"
        )
        isi.append(("Pembaruan data keluarga", kata))
    return isi


@login_required
@require_http_methods(FORM)
def lengkapi(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    if not request.user.boleh("pbi.ajukan", satu.wilayah_id):
        raise PermissionDenied
    if kalimat := policies.ubah(request.user, satu):
        messages.error(request, kalimat)
        return redirect("pbi_lihat", pk=satu.pk)
    awal = {nama: getattr(satu, nama) for nama in tindakan.ISIAN}
    form = LengkapiPbiForm(request.POST or None, request.FILES or None, initial=awal)

    def do() -> str:
        data = form.cleaned_data
        tindakan.lengkapi(
            satu, by=request.user, data=data, surat_faskes=[b.read() for b in data["surat_faskes"]],
            sktm=[b.read() for b in data["sktm"]],
        )  # fmt: skip
        return reverse("pbi_lihat", args=[satu.pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Isian disimpan.")
        return redirect(url)
    status = refusal_status(request, 422) if form.is_bound else 200
    return render(request, "bansos/pbi_lengkapi.html", {"p": satu, "form": form}, status=status)


@login_required
@require_POST
def tanda_terima(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    return langkah_layanan.tanda_terima(
        request, satu, alamat=_alamat(satu), judul="reaktivasi PBI", untuk=satu.nama
    )


@login_required
@require_POST
def perbarui(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The duty is done: the register shows a change since."""
    satu = _satu(request, pk)
    if not request.user.boleh("pbi.ajukan", satu.wilayah_id):
        raise PermissionDenied
    form = PerbaruiPbiForm(request.POST)

    def do() -> str:
        pbi_wajib.perbarui(satu, by=request.user)
        return reverse("pbi_lihat", args=[satu.pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do))):
        messages.success(request, "Pembaruan data dicatat.")
        return redirect(url)
    return _tampil(request, _satu(request, pk), refusal_status(request, 422))


@login_required
@require_http_methods(FORM)
def langkah(request: HttpRequest, pk: UUID, nama: str) -> HttpResponse:
    return langkah_layanan.langkah(request, LAYANAN, _satu(request, pk), nama)


@login_required
@require_safe
def berkas(request: HttpRequest, pk: UUID, jenis: str) -> HttpResponse:
    """The papers of the family (`faskes`, `sktm`) for who works on it; the letter (`surat`)."""
    satu = _satu(request, pk)
    if jenis == "surat":
        return langkah_layanan.kirim_berkas(
            request, satu.dokumen.berkas if satu.dokumen else None, f"rekomendasi-{satu.pk}"
        )
    if not boleh_berkas(request.user, satu):
        raise Http404
    return langkah_layanan.kirim_berkas(
        request, {"faskes": satu.surat_faskes, "sktm": satu.sktm}.get(jenis), f"pbi-{jenis}"
    )


def _formulir(satu: ReaktivasiPBI, arrow: Langkah, *args: Any, **kwargs: Any) -> SendOnceForm:
    return LangkahPbiForm(*args, langkah=arrow.nama, perlu_alasan=arrow.perlu_alasan, **kwargs)


def _lakukan(satu: ReaktivasiPBI, nama: str, by: Pengguna, data: dict[str, Any]) -> str:
    lain = {k: data[k] for k in ("alasan", "siks_nomor", "tanggal") if k in data}
    tindakan.langkahkan(satu, nama, by=by, versi=data["versi"], catatan=data["catatan"], **lain)
    return _alamat(satu)


def _alamat(satu: ReaktivasiPBI) -> str:
    return reverse("pbi_lihat", args=[satu.pk])


LAYANAN = Layanan(
    alur=REAKTIVASI,
    policies=policies.BY_STEP,
    gerbang=tindakan.GERBANG,
    formulir=_formulir,
    lakukan=_lakukan,
    alamat=_alamat,
    alamat_langkah=lambda satu, nama: reverse("pbi_langkah", args=[satu.pk, nama]),
    judul=lambda satu: f"Reaktivasi PBI {satu.nomor}, {satu.nama}",
    arti=ARTI,
    bahaya=("tolak", "batalkan", "tolak_pusat"),
)
