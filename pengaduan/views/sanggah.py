"""Citizens: object to a published name, report wrong data about themselves, and follow both at /lacak/."""

import base64
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from bansos.queries import pengumuman
from core.idempotency import once
from core.middleware import client_ip
from core.privacy import keys
from core.web import act, refusal_status
from pengaduan.actions import perkara as aksi_perkara
from pengaduan.actions import sanggah as aksi
from pengaduan.actions import sanggah_data as aksi_data
from pengaduan.actions.tiket import buka_pegangan, pegangan
from pengaduan.forms_sanggah import JawabForm, KtpForm, PeganganForm, SanggahDataForm, SanggahForm
from pengaduan.models import HakJawab, Sanggah, SanggahData
from pengaduan.queries import sanggah as baca
from pengaduan.views.lacak import daftarkan

FORM = ["GET", "HEAD", "POST"]
JENIS = (pengumuman.PENERIMA, pengumuman.CALON)
HABIS = "Waktu halaman ini sudah habis. Masukkan nomor tiket dan PIN sekali lagi."


@require_safe
def awal(request: HttpRequest) -> HttpResponse:
    """Two doors: somebody else's aid, or one's own data."""
    return render(request, "pengaduan/sanggah.html")


def _sekali(form: Any, do: Callable[[], tuple[Any, str]]) -> tuple[str, str]:
    """(ticket, PIN): the same sending twice gets the same receipt. The PIN rests sealed with the key of the sending."""
    kunci = form.cleaned_data["kunci_kirim"]

    def simpan() -> str:
        satu, pin = do()
        return base64.b64encode(keys.seal(f"{satu.tiket} {pin}".encode(), f"kirim:{kunci}")).decode()

    hasil, _ = once(pemilik="publik", kunci=kunci, isi=f"sanggah|{form.content()}", do=simpan)
    tiket, pin = keys.unseal(base64.b64decode(hasil), f"kirim:{kunci}").decode().split(" ")
    return tiket, pin


@sensitive_post_parameters()
@require_http_methods(FORM)
def tulis(request: HttpRequest, jenis: str, pk: UUID) -> HttpResponse:
    """An objection against one line of the public list. The answer of the POST is the receipt: ticket and PIN, once."""
    baris = pengumuman.satu(jenis, pk) if jenis in JENIS else None
    if baris is None:
        raise Http404
    tampil = pengumuman.Pencatat(baris.usulan.wilayah_id[:13]).tampilkan(baris)
    if not tampil.jendela.boleh:
        return render(request, "pengaduan/sanggah_lewat.html", {"satu": tampil}, status=410)
    form = SanggahForm(
        request.POST or None, request.FILES or None, alamat=client_ip(request), alasan=baca.pilihan_alasan()
    )

    def do() -> tuple[Sanggah, str]:
        data = form.cleaned_data
        aksi.hitung_jaringan(client_ip(request), baris.usulan.wilayah_id)
        ktp = data["ktp"]
        return aksi.kirim(
            baris,
            isi=aksi.Isi(
                nik=data["nik"], nama=data["nama"], lahir=data["lahir"], alasan=data["alasan"], cerita=data["cerita"],
                nama_dimaksud=data["nama_dimaksud"], foto=data["foto"].read(), telepon=data["telepon"], lintang=data["lintang"],
                bujur=data["bujur"], patokan=data["patokan"], ktp=ktp.read() if ktp else b"", luar_jendela=not tampil.jendela.buka,
            ),
        )  # fmt: skip

    if form.is_valid() and (resi := act(request, lambda: _sekali(form, do), form=form)):
        return render(
            request, "pengaduan/sanggah_resi.html", {"tiket": resi[0], "pin": resi[1], "apa": "Sanggahan"}
        )
    return render(
        request,
        "pengaduan/sanggah_tulis.html",
        {"form": form, "satu": tampil, "wilayah": baris.usulan.wilayah},
        status=refusal_status(request, form.http_status) if form.is_bound else 200,
    )


@sensitive_post_parameters()
@require_http_methods(FORM)
def data(request: HttpRequest) -> HttpResponse:
    """'They say I am a civil servant': wrong data about one's own family, with evidence."""
    form = SanggahDataForm(request.POST or None, request.FILES or None, alamat=client_ip(request))

    def do() -> tuple[SanggahData, str]:
        d = form.cleaned_data
        aksi.hitung_jaringan(client_ip(request), d["wilayah"].pk)
        return aksi_data.kirim(
            isi=aksi_data.Isi(
                nik=d["nik"], nama=d["nama"], lahir=d["lahir"], wilayah=d["wilayah"], salah=d["salah"], cerita=d["cerita"],
                bukti=[b.read() for b in d["bukti"]], telepon=d["telepon"],
            )
        )  # fmt: skip

    if form.is_valid() and (resi := act(request, lambda: _sekali(form, do), form=form)):
        return render(
            request, "pengaduan/sanggah_resi.html", {"tiket": resi[0], "pin": resi[1], "apa": "Laporan"}
        )
    return render(
        request,
        "pengaduan/sanggah_data.html",
        {"form": form},
        status=refusal_status(request, form.http_status) if form.is_bound else 200,
    )


# --- /lacak/ ------------------------------------------------------------------------------------------------


def _punya(request: HttpRequest, model: type[Any]) -> Any | None:
    """The row that the pass in the form is for; None when the pass is old or forged."""
    pk = buka_pegangan("SGH", request.POST.get("pegangan", ""))
    return model.objects.filter(pk=pk).first() if pk else None


def _habis(request: HttpRequest) -> HttpResponse:
    return render(request, "pengaduan/sanggah_habis.html", {"kalimat": HABIS}, status=422)


def _awal(satu: Any) -> dict[str, Any]:
    return {"pegangan": pegangan("SGH", satu.pk)}


def lacak_sanggah(
    request: HttpRequest, satu: Sanggah, form: Any = None, *, kabar: str = "", status: int = 200
) -> HttpResponse:
    """The objector's page. `form` is the one that was refused, if any."""
    perkara = satu.perkara
    bisa_tarik = satu.ditarik_at is None and (perkara is None or perkara.status in aksi.BISA_DITARIK)
    minta = satu.identitas == Sanggah.Identitas.DIMINTA_KTP and satu.ditarik_at is None
    return render(
        request,
        "pengaduan/sanggah_lacak.html",
        {
            "status": baca.status_penyanggah(satu),
            "tahap": list(baca.TAHAP),
            "ktp": (form if isinstance(form, KtpForm) else KtpForm(initial=_awal(satu))) if minta else None,
            "alasan_ktp": satu.identitas_alasan if minta else "",
            "tarik": (form if type(form) is PeganganForm else PeganganForm(initial=_awal(satu)))
            if bisa_tarik
            else None,
            "aksi_tarik": "sanggah_tarik",
            "kabar": kabar,
        },
        status=status,
    )


def lacak_keluarga(
    request: HttpRequest, hak: HakJawab, form: Any = None, *, kabar: str = "", status: int = 200
) -> HttpResponse:
    """The family's page: what is asked about it, and its answer. Nothing about who asked."""
    perkara = hak.perkara
    boleh = perkara.status == "hak_jawab" and not hak.kanal
    return render(
        request,
        "pengaduan/hak_jawab_lacak.html",
        {
            "hak": hak,
            "nama": baca.nama_samar(perkara),
            "alasan": baca.kalimat_alasan(perkara.alasan),
            "status": baca.status_keluarga(hak),
            "tahap": list(baca.TAHAP),
            "form": (form or JawabForm(initial=_awal(hak))) if boleh else None,
            "kabar": kabar,
        },
        status=status,
    )


def lacak_data(
    request: HttpRequest, satu: SanggahData, form: Any = None, *, kabar: str = "", status: int = 200
) -> HttpResponse:
    return render(
        request,
        "pengaduan/sanggah_lacak.html",
        {
            "status": baca.status_data(satu),
            "tahap": list(baca.TAHAP_DATA),
            "tarik": (form or PeganganForm(initial=_awal(satu)))
            if satu.status in ("diterima", "diteruskan")
            else None,
            "aksi_tarik": "sanggah_data_tarik",
            "ktp": None,
            "alasan_ktp": "",
            "kabar": kabar,
        },
        status=status,
    )


Halaman = Callable[..., HttpResponse]


def _jalankan(
    request: HttpRequest, satu: Any, form: Any, do: Callable[[], Any], *, halaman: Halaman, kabar: str
) -> HttpResponse:
    """Run a step of the holder once, then show his page as it stands now."""

    def sekali() -> str:
        once(
            pemilik="publik", kunci=form.cleaned_data["kunci_kirim"], isi=f"{request.path}|{form.content()}", do=lambda: (do(), "ok")[1]
        )  # fmt: skip
        return "ok"

    if form.is_valid() and act(request, sekali, form=form):
        return halaman(request, type(satu).objects.get(pk=satu.pk), kabar=kabar)
    return halaman(request, type(satu).objects.get(pk=satu.pk), form, status=refusal_status(request, 422))


@require_POST
def tarik(request: HttpRequest) -> HttpResponse:
    if (satu := _punya(request, Sanggah)) is None:
        return _habis(request)
    form = PeganganForm(request.POST)
    return _jalankan(request, satu, form, lambda: aksi.tarik(satu), halaman=lacak_sanggah, kabar="Sanggahan Anda ditarik.")  # fmt: skip


@require_POST
def ktp(request: HttpRequest) -> HttpResponse:
    if (satu := _punya(request, Sanggah)) is None:
        return _habis(request)
    form = KtpForm(request.POST, request.FILES)
    return _jalankan(
        request, satu, form, lambda: aksi.tambah_ktp(satu, isi=form.cleaned_data["ktp"].read()), halaman=lacak_sanggah,
        kabar="Foto KTP sudah diterima.",
    )  # fmt: skip


@require_POST
def jawab(request: HttpRequest) -> HttpResponse:
    if (satu := _punya(request, HakJawab)) is None:
        return _habis(request)
    form = JawabForm(request.POST, request.FILES)

    def do() -> None:
        foto = form.cleaned_data["bukti"]
        aksi_perkara.jawab(satu, isi=form.cleaned_data["jawaban"], bukti=foto.read() if foto else b"")

    return _jalankan(request, satu, form, do, halaman=lacak_keluarga, kabar="Jawaban Anda sudah diterima.")


@require_POST
def tarik_data(request: HttpRequest) -> HttpResponse:
    if (satu := _punya(request, SanggahData)) is None:
        return _habis(request)
    form = PeganganForm(request.POST)
    return _jalankan(request, satu, form, lambda: aksi_data.tarik(satu), halaman=lacak_data, kabar="Laporan Anda ditarik.")  # fmt: skip


daftarkan("SGH", lacak_sanggah, Sanggah)
daftarkan("SGH", lacak_keluarga, HakJawab)
daftarkan("SGH", lacak_data, SanggahData)
