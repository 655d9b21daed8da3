"""The register: search, the family page, PPKS; and the family part of a proposal's form."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import rules
from core.web import act, keyset, refusal_status
from dtks.actions import keluarga as actions
from dtks.forms.keluarga import CariNamaForm, CariNomorForm, KeluargaForm, PpksForm
from dtks.forms.pilihan import pilihan
from dtks.models import AnggotaPPKS, Individu, Keluarga, Peristiwa, PermintaanPindah, Rumah, Usulan
from dtks.queries.nik import cari_nomor as cari
from dtks.queries.tempat import alamat, desa
from dtks.views.isian import kasus, sunting
from dtks.views.kirim import kirim
from dtks.views.usulan import nada

KOLOM_RUMAH = (
    "status_rumah", "lantai", "dinding", "atap", "air_minum", "jarak_limbah", "penerangan", "daya", "memasak", "bab", "kloset", "tinja",
)  # fmt: skip


def _reader(request: HttpRequest) -> None:
    if not request.user.punya("keluarga.lihat"):
        raise PermissionDenied


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    """Families of my areas by the first letters of the head's name. Nothing typed: nothing listed."""
    _reader(request)
    if set(request.GET) - {"nama", "kursor"}:
        raise SuspiciousOperation("unknown filter")
    form = CariNamaForm(request.GET)
    halaman = None
    if form.is_valid() and (nama := form.cleaned_data["nama"]):
        rows = (
            Keluarga.objects.visible_to(request.user)
            .filter(nama_kepala__istartswith=nama)
            .select_related("wilayah")
        )
        halaman = keyset(request, rows, ("nama_kepala", "id"))
        hias(halaman.rows)
    status = 200 if form.is_valid() else 422
    konteks = {"form": form, "form_nomor": CariNomorForm(), "halaman": halaman}
    return render(request, "dtks/keluarga_daftar.html", konteks, status=status)


def hias(rows: list[Keluarga]) -> None:
    for row in rows:
        row.desa = desa(row)  # type: ignore[attr-defined]


@login_required
@require_POST
def cari_nomor(request: HttpRequest) -> HttpResponse:
    """Search by NIK or KK; the number travels in the body only."""
    _reader(request)
    form = CariNomorForm(request.POST)
    hasil = cari(form.cleaned_data["nomor"], by=request.user) if form.is_valid() else None
    hias(hasil or [])
    konteks = {"form": CariNamaForm(), "form_nomor": form, "hasil": hasil, "dicari": form.is_valid()}
    return render(request, "dtks/keluarga_daftar.html", konteks, status=200 if form.is_valid() else 422)


@login_required
@require_safe
def lihat(request: HttpRequest, pk: Any) -> HttpResponse:
    """The register page of one family."""
    keluarga = get_object_or_404(Keluarga.objects.visible_to(request.user).select_related("wilayah"), pk=pk)
    return render(request, "dtks/keluarga_lihat.html", _family(request, keluarga))


def _family(request: HttpRequest, keluarga: Keluarga) -> dict[str, Any]:
    user, kode = request.user, keluarga.wilayah_id
    acuan = {
        k: dict(v)
        for k, v in pilihan([*KOLOM_RUMAH, "aset", "hubungan", "foto_keluarga", "program_usulan"]).items()
    }
    ppks: dict[Any, list[AnggotaPPKS]] = {}
    for row in (
        AnggotaPPKS.objects.visible_to(user)
        .filter(individu__keluarga=keluarga)
        .select_related("kategori")
        .order_by("sejak", "pk")
    ):
        ppks.setdefault(row.individu_id, []).append(row)
    umum, sensitif = user.boleh("keluarga.ubah", kode), user.boleh("ppks.sensitif", kode)
    anggota = [
        {
            "orang": orang,
            "hubungan": acuan["hubungan"].get(orang.hubungan, ""),
            "umur": _age(orang),
            "ppks": [(p, sensitif if p.kategori.sensitif else umum) for p in ppks.get(orang.pk, [])],
        }
        for orang in keluarga.anggota.filter(aktif=True)
    ]
    warna = nada()
    aktif = keluarga.status != Keluarga.Status.NONAKTIF
    return {
        "keluarga": keluarga,
        "alamat": alamat(keluarga),
        "boleh_salur": user.boleh("penyaluran.lihat", kode),
        "akurasi_maks": rules.value("lokasi.akurasi_maks_m", kode),
        "anggota": anggota,
        "rumah": _dwelling(keluarga, acuan),
        "aset": [
            (acuan["aset"].get(a.jenis, a.jenis), a.jumlah)
            for a in keluarga.aset.exclude(jumlah=0).order_by("jenis")
        ],
        "aset_diisi": keluarga.aset.exists(),
        "desil": list(keluarga.desil.all()),
        "foto": [(f, acuan["foto_keluarga"].get(f.jenis, f.jenis)) for f in keluarga.foto.all()],
        "usulan": [
            (u, acuan["program_usulan"].get(u.program, u.program), warna[u.status])
            for u in Usulan.objects.visible_to(user).filter(keluarga=keluarga).order_by("-created_at", "pk")
        ],
        "boleh_ppks": umum or sensitif,
        "boleh_buka_nomor": user.boleh("nik.buka", kode),
        "boleh_buat": user.boleh("usulan.buat", kode) and aktif,
        "boleh_catat": umum,
        "boleh_kelayakan": user.boleh("kelayakan.lihat", kode),
        "orang_lama": list(keluarga.anggota.filter(aktif=False).order_by("-updated_at", "pk")),
        "permintaan": list(
            PermintaanPindah.objects.visible_to(user)
            .filter(keluarga=keluarga)
            .terbuka()
            .select_related("ke", "individu")
        ),
        "sebab": None if aktif else _why_ended(keluarga),
    }


def _why_ended(keluarga: Keluarga) -> Peristiwa | None:
    """The record that ended the family."""
    rows = Peristiwa.objects.filter(keluarga=keluarga, rincian__nonaktif=True).select_related("tujuan")
    return rows.order_by("-created_at", "-pk").first()


def _age(orang: Individu) -> int:
    hari = timezone.localdate()
    lahir = orang.tgl_lahir
    return hari.year - lahir.year - ((hari.month, hari.day) < (lahir.month, lahir.day))


def _dwelling(keluarga: Keluarga, acuan: dict[str, dict[str, str]]) -> list[tuple[str, str]]:
    rumah = Rumah.objects.filter(keluarga=keluarga).first()
    if rumah is None:
        return []
    baris = [
        (str(Rumah._meta.get_field(k).verbose_name).capitalize(), acuan[k].get(getattr(rumah, k), ""))
        for k in KOLOM_RUMAH
        if getattr(rumah, k)
    ]
    return [("Luas lantai", f"{rumah.luas_lantai} m²" if rumah.luas_lantai else "belum diisi"), *baris]


@login_required
@require_http_methods(["GET", "POST"])
def ubah(request: HttpRequest, pk: Any) -> HttpResponse:
    """The family part of the form: card, address, telephone, location."""
    usulan = kasus(request, pk)
    keluarga = usulan.keluarga

    def awal() -> dict[str, Any]:
        return {
            k: getattr(keluarga, k)
            for k in (
                "alamat",
                "rt",
                "rw",
                "alamat_kk",
                "patokan",
                "lintang",
                "bujur",
                "akurasi_m",
                "adat",
                "nama_suku",
                "bantuan",
            )
        }

    def simpan(form: KeluargaForm) -> str:
        actions.simpan_keluarga(usulan, by=request.user, data=form.simpanan, versi=form.cleaned_data["versi"])
        return reverse("usulan_lihat", args=[usulan.pk])

    return sunting(
        request, usulan, judul="Keluarga", buat=lambda *a, **kw: KeluargaForm(*a, keluarga=keluarga, **kw), awal=awal,
        simpan=simpan, template="dtks/usulan_keluarga.html",
        akurasi_maks=rules.value("lokasi.akurasi_maks_m", usulan.wilayah_id),
    )  # fmt: skip


def _member(request: HttpRequest, pk: Any) -> Individu:
    return get_object_or_404(
        Individu.objects.visible_to(request.user).select_related("keluarga__wilayah"), pk=pk, aktif=True
    )


@login_required
@require_http_methods(["GET", "POST"])
def catat_ppks(request: HttpRequest, pk: Any) -> HttpResponse:
    """Put a member in a PPKS category (Permensos 8/2012)."""
    individu = _member(request, pk)
    kode = individu.keluarga.wilayah_id
    umum, sensitif = request.user.boleh("keluarga.ubah", kode), request.user.boleh("ppks.sensitif", kode)
    if not (umum or sensitif):
        raise Http404
    form = PpksForm(request.POST or None, umum=umum, sensitif=sensitif)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def do() -> str:
            actions.catat_ppks(individu, by=request.user, kategori=data["kategori"], sumber=data["sumber"])
            return reverse("keluarga_lihat", args=[individu.keluarga_id])

        if tujuan := kirim(request, form, do):
            messages.success(request, f"Kategori PPKS {individu.nama} tersimpan.")
            return redirect(tujuan)
    status = refusal_status(request, 422) if request.method == "POST" else 200
    return render(request, "dtks/keluarga_ppks.html", {"individu": individu, "form": form}, status=status)


@login_required
@require_POST
def akhiri_ppks(request: HttpRequest, pk: Any) -> HttpResponse:
    anggota = get_object_or_404(
        AnggotaPPKS.objects.visible_to(request.user).select_related("individu__keluarga", "kategori"), pk=pk
    )
    if act(request, lambda: actions.akhiri_ppks(anggota, by=request.user)) is not None:
        messages.success(request, "Kategori PPKS diakhiri. Riwayatnya tetap tersimpan.")
    return redirect("keluarga_lihat", pk=anggota.individu.keluarga_id)
