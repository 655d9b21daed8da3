"""/aduan/: three short steps for a citizen, without an account and without JavaScript; and his page at /lacak/."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.files import BadFile
from core.idempotency import once
from core.middleware import client_ip
from core.privacy import keys
from core.web import act, refusal_status
from pengaduan.actions import aduan as tindakan
from pengaduan.actions import tiket
from pengaduan.forms import LacakForm
from pengaduan.forms_aduan import BukaLagiForm, CeritaForm, JawabForm, KirimForm, NilaiForm, TentangForm
from pengaduan.models import Aduan, KategoriAduan
from pengaduan.queries.aduan import TAHAP, status_publik
from pengaduan.views import lacak

LANGKAH = ("Tentang apa", "Ceritanya", "Kontak Anda")
BAWAAN = {2: ("kategori",), 3: ("kategori", "wilayah", "tempat", "cerita", "berkas")}
_SALT = "pengaduan.aduan.foto"


@sensitive_post_parameters("cerita", "tempat", "nama", "telepon", "nik")
@require_http_methods(["GET", "HEAD", "POST"])
def aduan(request: HttpRequest) -> HttpResponse:  # noqa: PLR0911 - one return for each page that it can be
    """What was typed travels in hidden fields from step to step; only pictures are kept meanwhile, for a day."""
    if request.method != "POST":
        awal = {"kategori": request.GET.get("kategori", "")[:20]}
        return _halaman(request, 1, TentangForm(initial=awal))
    mulai = request.POST.get("langkah", "1")
    ke = int(mulai) if mulai in ("1", "2", "3") else 1
    if "kembali_aksi" in request.POST:
        return _kembali(request, ke)
    tentang = TentangForm(request.POST)
    if not tentang.is_valid():
        return _halaman(request, 1, tentang)
    kategori: KategoriAduan = tentang.cleaned_data["kategori"]
    if kategori.arahan == KategoriAduan.Arahan.RAHASIA:
        return render(request, "pengaduan/aduan_rahasia.html", {"kategori": kategori})
    if ke == 1:
        if kategori.arahan == KategoriAduan.Arahan.DARURAT and "lanjut" not in request.POST:
            return render(request, "pengaduan/aduan_darurat.html", {"kategori": kategori})
        return _halaman(request, 2, CeritaForm())
    cerita = CeritaForm(request.POST, request.FILES)
    if not cerita.is_valid():
        return _halaman(request, 2, cerita, berkas=_selamatkan(request, cerita))
    if ke == 2:
        foto = act(request, lambda: _foto(request, cerita.cleaned_data["foto"]), form=cerita)
        if foto is None:
            return _halaman(request, 2, cerita)
        wilayah = cerita.cleaned_data["wilayah"].pk  # maybe a code typed into the search box
        return _halaman(request, 3, KirimForm(), berkas=_bungkus(foto), wilayah=wilayah)
    return _kirim(request, kategori, cerita)


def _kembali(request: HttpRequest, ke: int) -> HttpResponse:
    """One step back, with everything that was typed."""
    if ke == 3:
        return _halaman(request, 2, CeritaForm(initial=_isian(request, BAWAAN[3])), tegur=False)
    return _halaman(request, 1, TentangForm(initial=_isian(request, BAWAAN[2])), tegur=False)


def _isian(request: HttpRequest, nama: tuple[str, ...]) -> dict[str, str]:
    return {n: request.POST.get(n, "") for n in nama}


def _foto(request: HttpRequest, berkas: list[Any]) -> list[UUID]:
    """Keep new pictures beside those of an earlier try of this step."""
    lama = _buka(request.POST.get("berkas", ""))
    if not berkas:
        return lama
    if len(lama) + len(berkas) > tindakan.FOTO_MAKS:
        raise BadFile(f"Paling banyak {tindakan.FOTO_MAKS} foto, sudah ada {len(lama)}.")
    tindakan.hitung(client_ip(request), "foto")
    return lama + tindakan.simpan_foto([b.read() for b in berkas])


def _selamatkan(request: HttpRequest, cerita: CeritaForm) -> str:
    """Something else on the page was wrong: good pictures need not be chosen again."""
    baru = cerita.cleaned_data.get("foto") or []
    foto = act(request, lambda: _foto(request, baru), form=cerita) if baru else None
    return request.POST.get("berkas", "") if foto is None else _bungkus(foto)


def _bungkus(foto: list[UUID]) -> str:
    return signing.dumps([str(pk) for pk in foto], salt=_SALT) if foto else ""


def _buka(isi: str) -> list[UUID]:
    """Pictures that this page was given; a forged or old list is none."""
    try:
        return [UUID(pk) for pk in signing.loads(isi, salt=_SALT, max_age=86_400)] if isi else []
    except (signing.BadSignature, ValueError, TypeError):
        return []


def _kirim(request: HttpRequest, kategori: KategoriAduan, cerita: CeritaForm) -> HttpResponse:
    form = KirimForm(request.POST, alamat=client_ip(request))
    if not form.is_valid():
        return _halaman(request, 3, form, status=form.http_status)
    orang, isi = form.cleaned_data, cerita.cleaned_data

    def do() -> str:
        hasil, pin = tindakan.kirim(
            tindakan.Isi(
                kategori=kategori, wilayah=isi["wilayah"].pk, cerita=isi["cerita"], tempat=isi["tempat"],
                privasi=orang["privasi"], nama=orang["nama"], telepon=orang["telepon"], nik=orang["nik"],
                foto=_buka(request.POST.get("berkas", "")),
            )
        )  # fmt: skip
        return segel_tanda_terima(hasil, pin)

    def sekali() -> str:
        tindakan.hitung(client_ip(request))
        hasil, _ = once(pemilik="aduan", kunci=orang["kunci_kirim"], isi=form.content(), do=do)
        return hasil

    tanda = act(request, sekali, form=form)
    if tanda is None:
        return _halaman(request, 3, form)
    nomor, pin = buka_tanda_terima(tanda)
    return render(request, "pengaduan/aduan_terkirim.html", {"tiket": nomor, "pin": pin})


def segel_tanda_terima(row: Aduan, pin: str) -> str:
    """Ticket and PIN for the page that shows them, also when the same form comes twice. Sealed: no PIN lies open in a table."""
    return urlsafe_b64encode(keys.seal(f"{row.tiket} {pin}".encode(), "pengaduan.tanda_terima")).decode()


def buka_tanda_terima(isi: str) -> tuple[str, str]:
    nomor, pin = keys.unseal(urlsafe_b64decode(isi), "pengaduan.tanda_terima").decode().split(" ")
    return nomor, pin


def _halaman(
    request: HttpRequest,
    langkah: int,
    form: forms.Form,
    *,
    berkas: str | None = None,
    wilayah: str = "",
    status: int = 422,
    tegur: bool = True,
) -> HttpResponse:
    """One step. What earlier steps said goes along."""
    nama = [n for n in BAWAAN.get(langkah, ()) if n not in form.fields]
    bawaan = _isian(request, tuple(nama)) if request.method == "POST" else {}
    if wilayah:
        bawaan["wilayah"] = wilayah
    if langkah == 2 or berkas is not None:
        bawaan["berkas"] = request.POST.get("berkas", "") if berkas is None else berkas
    return render(
        request,
        "pengaduan/aduan.html",
        {
            "form": form,
            "langkah": langkah,
            "daftar_langkah": LANGKAH,
            "kini": langkah - 1,
            "bawaan": bawaan.items(),
            "foto": len(_buka(bawaan.get("berkas", ""))),
        },
        status=refusal_status(request, status) if form.is_bound and tegur else 200,
    )


# --- /lacak/ ----------------------------------------------------------------------------------------------


def tampil(request: HttpRequest, row: Any, **form: forms.Form) -> HttpResponse:
    """The reporter's page: where it stands, the talk, and what he can do now."""
    status = status_publik(row)
    awal = {"pegangan": tiket.pegangan("ADU", row.pk)}
    return render(
        request,
        "pengaduan/aduan_lacak.html",
        {
            "status": status,
            "tahap": list(TAHAP),
            "jawab": form.get("jawab") or (JawabForm(initial=awal) if status.boleh_jawab else None),
            "nilai": form.get("nilai") or (NilaiForm(initial=awal) if status.boleh_nilai else None),
            "buka": form.get("buka") or (BukaLagiForm(initial=awal) if status.boleh_buka else None),
        },
        status=refusal_status(request, 422) if form else 200,
    )


def _tindak(
    request: HttpRequest, nama: str, form: forms.Form, do: Callable[[Aduan, dict[str, Any]], Any], kata: str
) -> HttpResponse:
    """One act of the reporter, who shows the pass that his page gave him."""
    pk = tiket.buka_pegangan("ADU", request.POST.get("pegangan", "")[:300])
    rows = Aduan.objects.select_related("kategori", "wilayah", "instansi", "utama")
    row = rows.filter(pk=pk).first() if pk else None
    if row is None:
        messages.error(request, "Halaman ini sudah terlalu lama terbuka. Masukkan lagi nomor dan PIN Anda.")
        return render(request, "pengaduan/lacak.html", {"form": LacakForm()}, status=422)
    if form.is_valid() and act(request, lambda: do(row, form.cleaned_data) or row, form=form):
        messages.success(request, kata)
        return tampil(request, rows.get(pk=row.pk))
    row = rows.get(pk=row.pk)
    status = status_publik(row)
    masih = {"jawab": status.boleh_jawab, "nilai": status.boleh_nilai, "buka": status.boleh_buka}[nama]
    if not masih:  # the second press of a button, or somebody else was faster: what stands is what is shown
        for satu in form.non_field_errors():
            messages.warning(request, satu)
        return tampil(request, row)
    return tampil(request, row, **{nama: form})


@sensitive_post_parameters("isi", "pegangan")
@require_POST
def jawab(request: HttpRequest) -> HttpResponse:
    """Answer what the officer asked."""

    def do(row: Aduan, isi: dict[str, Any]) -> None:
        tindakan.hitung(client_ip(request), "jawab")
        foto = tindakan.simpan_foto([b.read() for b in isi["foto"]])
        tindakan.jawab(row, by=None, isi=isi["isi"], foto=foto)

    return _tindak(
        request, "jawab", JawabForm(request.POST, request.FILES), do, "Jawaban Anda sudah kami terima."
    )


@sensitive_post_parameters("catatan", "pegangan")
@require_POST
def nilai(request: HttpRequest) -> HttpResponse:
    """Judge the answer."""
    return _tindak(
        request, "nilai", NilaiForm(request.POST), lambda row, isi: tindakan.nilai(row, nilai=isi["nilai"], catatan=isi["catatan"]),
        "Terima kasih. Nilai Anda sudah kami simpan.",
    )  # fmt: skip


@sensitive_post_parameters("alasan", "pegangan")
@require_POST
def buka_lagi(request: HttpRequest) -> HttpResponse:
    """Not content: open it once more."""
    return _tindak(
        request, "buka", BukaLagiForm(request.POST), lambda row, isi: tindakan.buka_lagi(row, alasan=isi["alasan"]),
        "Aduan dibuka lagi. Petugas memeriksanya kembali.",
    )  # fmt: skip


lacak.daftarkan("ADU", tampil, Aduan)
