"""Recorded changes of a family on the screen: choose what happened, say who and when; and the history to read."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.web import refusal_status
from core.workflow import GateClosed, Halangan
from dtks.actions import peristiwa as aksi
from dtks.actions import pindah
from dtks.forms import peristiwa as formulir
from dtks.models import Keluarga, PermintaanPindah
from dtks.policies import peristiwa as policies
from dtks.queries.gabung import digabung
from dtks.queries.riwayat import riwayat as baca_riwayat
from dtks.views.kirim import kirim
from wilayah.kode import kabupaten_dari

# What happened, as the page asks it: address, heading, a word of help.
MENU = (
    ("masuk", "Anggota masuk", "Lahir, menikah ke keluarga ini, atau datang dari tempat lain."),
    ("meninggal", "Anggota meninggal", "Bila kepala keluarga, kepala yang baru dipilih sekalian."),
    ("pindah", "Pindah", "Seluruh keluarga atau satu orang, ke desa lain atau ke luar kabupaten."),
    ("pecah-kk", "Pecah KK", "Sebagian anggota mendapat kartu keluarga sendiri."),
    ("gabung", "Gabung ke KK lain", "Seorang anggota masuk ke keluarga lain di wilayah Anda."),
    ("ganti-kepala", "Ganti kepala keluarga", "Kepala yang lama tetap anggota."),
    ("keluar", "Anggota keluar", "Tidak tinggal di sini lagi, tujuannya tidak diketahui, atau salah catat."),
    ("koreksi", "Koreksi", "Anggota yang keliru dicatat meninggal, pindah, atau keluar kembali tercatat."),
)
JUDUL = {kode: judul for kode, judul, _ in MENU}


def _keluarga(request: HttpRequest, pk: Any) -> Keluarga:
    """The family, for those who record its changes; to others the page does not exist."""
    keluarga = get_object_or_404(Keluarga.objects.visible_to(request.user).select_related("wilayah"), pk=pk)
    if not request.user.boleh(policies.KUASA, keluarga.wilayah_id):
        raise Http404
    return keluarga


def _halangan(request: HttpRequest, keluarga: Keluarga) -> str | None:
    return policies.catat(request.user, keluarga, aksi.usulan_terbuka([keluarga.pk]))


@login_required
@require_safe
def menu(request: HttpRequest, pk: Any) -> HttpResponse:
    keluarga = _keluarga(request, pk)
    konteks = {
        "keluarga": keluarga,
        "peristiwa": _terbuka(keluarga),
        "halangan": _halangan(request, keluarga),
        "orang": _orang_disebut(request, keluarga),
    }
    return render(request, "dtks/peristiwa_menu.html", konteks)


def _orang_disebut(request: HttpRequest, keluarga: Keluarga) -> Any:
    """The member from whose form the person came; chosen already on the next page."""
    return next(
        (a for a in keluarga.anggota.filter(aktif=True) if str(a.pk) == request.GET.get("orang")), None
    )


def _terbuka(keluarga: Keluarga) -> list[tuple[str, str, str]]:
    """A family that ended knows one way only: back."""
    nonaktif = keluarga.status == Keluarga.Status.NONAKTIF
    return [m for m in MENU if m[0] == "koreksi" or not nonaktif]


@login_required
@require_http_methods(["GET", "POST"])
def catat(request: HttpRequest, pk: Any, jenis: str) -> HttpResponse:
    keluarga = _keluarga(request, pk)
    if jenis not in JUDUL:
        raise Http404
    konteks: dict[str, Any] = {"keluarga": keluarga, "judul": JUDUL[jenis], "jenis": jenis}
    if kalimat := _halangan(request, keluarga):
        return render(
            request, "dtks/peristiwa_menu.html", {**konteks, "peristiwa": [], "halangan": kalimat}, status=403
        )
    orang = keluarga.anggota.filter(aktif=jenis != "koreksi").exclude(pk__in=digabung().values("kalah"))
    anggota = list(orang.order_by("hubungan", "tgl_lahir", "pk"))
    awal = {"versi": keluarga.versi, "individu": request.GET.get("orang", "")}
    if jenis == "pecah-kk":
        awal |= {k: getattr(keluarga, k) for k in ("alamat", "rt", "rw")}
    buat = formulir.FORMULIR[jenis]
    opsi = {"keluarga": keluarga, "anggota": anggota, "initial": awal}
    if request.method == "GET":
        return render(request, "dtks/peristiwa_isian.html", {**konteks, "form": buat(**opsi)})
    form = buat(request.POST, request.FILES, **opsi)
    if form.is_valid():
        nomor = {k: form.cleaned_data.get(k) or "" for k in ("nik", "no_kk")}
        tujuan = kirim(
            request,
            form,
            lambda: SIMPAN[jenis](request, keluarga, form),
            wilayah=keluarga.wilayah_id,
            **nomor,
        )
        if tujuan:
            messages.success(request, f"{JUDUL[jenis]}: tersimpan.")
            return redirect(tujuan)
        keluarga.refresh_from_db()
        form.renew(keluarga.versi)
    status = refusal_status(request, 422)
    return render(request, "dtks/peristiwa_isian.html", {**konteks, "form": form}, status=status)


def _halaman(keluarga: Keluarga) -> str:
    return reverse("keluarga_lihat", args=[keluarga.pk])


def _umum(request: HttpRequest, form: Any) -> dict[str, Any]:
    return {"by": request.user, "catatan": form.catatan, "versi_dilihat": form.cleaned_data["versi"]}


def _masuk(request: HttpRequest, keluarga: Keluarga, form: formulir.MasukForm) -> str:
    aksi.masuk(keluarga, data=form.data_orang, **_umum(request, form))
    return _halaman(keluarga)


def _keluar(request: HttpRequest, keluarga: Keluarga, form: formulir.KeluarForm) -> str:
    aksi.keluar(form.orang, ganti=form.ganti, **_umum(request, form))
    return _halaman(keluarga)


def _meninggal(request: HttpRequest, keluarga: Keluarga, form: formulir.MeninggalForm) -> str:
    aksi.meninggal(form.orang, ganti=form.ganti, **_umum(request, form))
    return _halaman(keluarga)


def _gabung(request: HttpRequest, keluarga: Keluarga, form: formulir.GabungForm) -> str:
    data = form.cleaned_data
    terlihat = Keluarga.objects.visible_to(request.user)
    tujuan = terlihat.dengan_kk(data["no_kk"]).exclude(status=Keluarga.Status.NONAKTIF).first()
    if tujuan is None:
        raise GateClosed(
            [
                Halangan(
                    "KK_TIDAK_ADA",
                    "Nomor KK ini tidak tercatat di wilayah Anda.",
                    "Periksa lagi angkanya. Ke desa lain, pakai “Pindah”.",
                )
            ]
        )
    aksi.gabung(
        form.orang, tujuan=tujuan, hubungan=data["hubungan"], ganti=form.ganti, **_umum(request, form)
    )
    return _halaman(tujuan)


def _ganti_kepala(request: HttpRequest, keluarga: Keluarga, form: formulir.GantiKepalaForm) -> str:
    aksi.ganti_kepala(keluarga, ganti=form.ganti, **_umum(request, form))
    return _halaman(keluarga)


def _pecah(request: HttpRequest, keluarga: Keluarga, form: formulir.PecahForm) -> str:
    baru = aksi.pecah_kk(
        keluarga, data=form.data_keluarga, anggota=form.ikut, ganti=form.ganti, **_umum(request, form)
    )
    return _halaman(baru)


def _koreksi(request: HttpRequest, keluarga: Keluarga, form: formulir.KoreksiForm) -> str:
    aksi.kembali(form.orang, hubungan=form.cleaned_data["hubungan"], **_umum(request, form))
    return _halaman(keluarga)


def _pindah(request: HttpRequest, keluarga: Keluarga, form: formulir.PindahForm) -> str:
    """Inside the kabupaten the other desa answers; beyond it the record closes the case here."""
    ke = form.cleaned_data["ke"]
    umum = {"individu": form.orang, "ke": ke.kode, **_umum(request, form)}
    if kabupaten_dari(ke.kode) == kabupaten_dari(keluarga.wilayah_id):
        permintaan = pindah.minta(keluarga, **umum)
        return reverse("pindah_lihat", args=[permintaan.pk])
    aksi.pindah_keluar(keluarga, ganti=form.ganti, **umum)
    return _halaman(keluarga)


SIMPAN: dict[str, Callable[[HttpRequest, Keluarga, Any], str]] = {
    "masuk": _masuk,
    "keluar": _keluar,
    "meninggal": _meninggal,
    "gabung": _gabung,
    "ganti-kepala": _ganti_kepala,
    "pecah-kk": _pecah,
    "koreksi": _koreksi,
    "pindah": _pindah,
}


@login_required
@require_safe
def riwayat(request: HttpRequest, pk: Any) -> HttpResponse:
    """Every recorded change of a family, newest first, with what was different before."""
    keluarga = get_object_or_404(Keluarga.objects.visible_to(request.user).select_related("wilayah"), pk=pk)
    if set(request.GET) - {"sebelum"}:
        raise SuspiciousOperation("unknown parameter")
    mulai = request.GET.get("sebelum", "")
    if mulai and not (mulai.isascii() and mulai.isdigit() and len(mulai) < 10):
        raise SuspiciousOperation("bad page")
    kejadian, lanjut = baca_riwayat(keluarga, by=request.user, sebelum=int(mulai) if mulai else None)
    konteks = {"keluarga": keluarga, "kejadian": kejadian, "lanjut": lanjut}
    return render(request, "dtks/keluarga_riwayat.html", konteks)


# --- moves between desa -------------------------------------------------------------------------------------------


@login_required
@require_safe
def daftar_pindah(request: HttpRequest) -> HttpResponse:
    """Requests of my desa and to my desa, the open ones first."""
    if not request.user.punya("keluarga.lihat"):
        raise PermissionDenied
    if set(request.GET):
        raise SuspiciousOperation("unknown filter")
    rows = (
        PermintaanPindah.objects.visible_to(request.user)
        .select_related("dari", "ke", "keluarga", "individu")
        .order_by("-created_at", "-pk")
    )
    terbuka = list(rows.filter(status=PermintaanPindah.Status.DIMINTA)[:100])
    selesai = list(rows.exclude(status=PermintaanPindah.Status.DIMINTA)[:50])
    return render(request, "dtks/pindah_daftar.html", {"terbuka": terbuka, "selesai": selesai})


def _permintaan(request: HttpRequest, pk: Any) -> PermintaanPindah:
    rows = PermintaanPindah.objects.visible_to(request.user)
    return get_object_or_404(
        rows.select_related("dari", "ke", "keluarga", "individu", "diminta_by", "diputus_by"), pk=pk
    )


def _isian_terima(permintaan: PermintaanPindah, *args: Any) -> Any:
    buat = formulir.TerimaOrangForm if permintaan.individu_id else formulir.TerimaKeluargaForm
    return buat(*args, use_required_attribute=False)


def _konteks(request: HttpRequest, permintaan: PermintaanPindah) -> dict[str, Any]:
    """What the receiving desa needs to answer: who, how many, from where, why. The rest comes with the family."""
    terbuka = permintaan.status == PermintaanPindah.Status.DIMINTA
    putus = terbuka and policies.putuskan_pindah(request.user, permintaan) is None
    batal = terbuka and policies.batalkan_pindah(request.user, permintaan) is None
    return {
        "permintaan": permintaan,
        "jumlah": permintaan.keluarga.anggota.filter(aktif=True).count(),
        "bisa_buka": Keluarga.objects.visible_to(request.user).filter(pk=permintaan.keluarga_id).exists(),
        "ganti_desa": putus and not request.user.boleh(policies.KUASA, permintaan.ke_id),
        "form_terima": _isian_terima(permintaan) if putus else None,
        "form_tolak": formulir.AlasanForm(use_required_attribute=False, auto_id="id_tolak_%s")
        if putus
        else None,
        "form_batal": formulir.AlasanForm(use_required_attribute=False, auto_id="id_batal_%s")
        if batal
        else None,
    }


@login_required
@require_safe
def lihat_pindah(request: HttpRequest, pk: Any) -> HttpResponse:
    return render(request, "dtks/pindah_lihat.html", _konteks(request, _permintaan(request, pk)))


def _sisi_penjawab(request: HttpRequest, permintaan: PermintaanPindah) -> bool:
    """The receiving desa, and the Dinas once its time is over; to others the address does not exist."""
    tujuan = request.user.boleh(policies.KUASA, permintaan.ke_id)
    return tujuan or (policies.lewat(permintaan) and policies.membawahi(request.user, permintaan))


@login_required
@require_http_methods(["POST"])
def terima(request: HttpRequest, pk: Any) -> HttpResponse:
    permintaan = _permintaan(request, pk)
    if not _sisi_penjawab(request, permintaan):
        raise Http404
    form = _isian_terima(permintaan, request.POST)
    if form.is_valid():
        data = form.cleaned_data

        def do() -> str:
            keluarga = pindah.terima(permintaan, by=request.user, data=data)
            return _halaman(keluarga)

        if tujuan := kirim(request, form, do, wilayah=permintaan.ke_id, no_kk=data.get("no_kk") or ""):
            messages.success(request, f"Diterima. Sekarang tercatat di {permintaan.ke.nama}.")
            return redirect(tujuan)
    permintaan.refresh_from_db()
    konteks = _konteks(request, permintaan) | {"form_terima": form, "gagal": form}
    return render(request, "dtks/pindah_lihat.html", konteks, status=refusal_status(request, 422))


def _tutup(request: HttpRequest, pk: Any, nama: str) -> HttpResponse:
    permintaan = _permintaan(request, pk)
    asal = request.user.boleh(policies.KUASA, permintaan.dari_id)
    if not (_sisi_penjawab(request, permintaan) if nama == "tolak" else asal):
        raise Http404
    form = formulir.AlasanForm(request.POST, use_required_attribute=False, auto_id=f"id_{nama}_%s")
    if form.is_valid():
        tutup = pindah.tolak if nama == "tolak" else pindah.batalkan

        def do() -> str:
            tutup(permintaan, by=request.user, alasan=form.cleaned_data["alasan"])
            return reverse("pindah_lihat", args=[permintaan.pk])

        if tujuan := kirim(request, form, do):
            messages.success(request, "Permintaan pindah ditutup. Keluarga tetap di desa asal.")
            return redirect(tujuan)
    permintaan.refresh_from_db()
    konteks = _konteks(request, permintaan) | {f"form_{nama}": form, "gagal": form}
    return render(request, "dtks/pindah_lihat.html", konteks, status=refusal_status(request, 422))


@login_required
@require_http_methods(["POST"])
def tolak(request: HttpRequest, pk: Any) -> HttpResponse:
    return _tutup(request, pk, "tolak")


@login_required
@require_http_methods(["POST"])
def batalkan(request: HttpRequest, pk: Any) -> HttpResponse:
    return _tutup(request, pk, "batal")
