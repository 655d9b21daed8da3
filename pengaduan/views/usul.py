"""/usul/: a citizen proposes a family, in four short steps without an account; and the page of its ticket at /lacak/.

Nothing is kept between the steps: each page carries the answers so far in hidden fields, and nothing secret is in an address.
"""

import uuid
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from core.middleware import client_ip
from core.web import act, refusal_status
from pengaduan.actions import tiket
from pengaduan.actions import usul as tindakan
from pengaduan.forms_usul import JUMLAH, LANGKAH, UsulForm, UsulPublikForm
from pengaduan.models import Usul
from pengaduan.queries.usul import TAHAP, dilayani, status_usul
from pengaduan.queries.usulan import TAHAP as TAHAP_USULAN
from pengaduan.views.lacak import daftarkan

RAHASIA = ("nik", "pengusul_nik", "pengusul_nama", "telepon", "nama_kepala")
KADALUWARSA = "Halaman ini sudah terlalu lama terbuka. Isi lagi nomor tiket dan PIN."


@sensitive_post_parameters(*RAHASIA)
@require_http_methods(["GET", "HEAD", "POST"])
def usul(request: HttpRequest) -> HttpResponse:
    """The step that was sent, judged; then the next one, the receipt, or the same one with what is wrong."""
    luas = dilayani()
    if request.method != "POST":
        return _halaman(
            request, UsulForm(langkah=1, luas=luas, mulai=settings.KABUPATEN), 1, QueryDict(), 200
        )
    langkah = _angka(request.POST.get("langkah"))
    if "kembali_aksi" in request.POST and langkah > 1:
        return _buka(request, langkah - 1, luas)
    form = _terkirim(request, langkah, luas)
    if not form.is_valid():
        salah = next(
            (n for n in range(1, langkah + 1) if set(form.nama_langkah(n)) & set(form.errors)), langkah
        )
        return _halaman(request, form, salah, request.POST, getattr(form, "http_status", 422))
    if langkah < JUMLAH:
        return _buka(request, langkah + 1, luas, wilayah=form.cleaned_data["wilayah"].pk)
    hasil = act(request, lambda: _kirim(request, form), form=form)
    if hasil is None:
        return _halaman(request, form, langkah, request.POST, refusal_status(request, 422), baru=True)
    baris, pin = hasil
    return render(
        request, "pengaduan/usul_resi.html", {"usul": baris, "pin": pin, "dasar": "base_publik.html"}
    )


def _angka(teks: str | None) -> int:
    return int(teks) if teks in {str(n) for n in range(1, JUMLAH + 1)} else 1


def _terkirim(request: HttpRequest, langkah: int, luas: list[str]) -> UsulForm:
    opsi: dict[str, Any] = {"langkah": langkah, "luas": luas, "mulai": settings.KABUPATEN}
    if langkah < JUMLAH:
        return UsulForm(request.POST, **opsi)
    return UsulPublikForm(request.POST, request.FILES, alamat=client_ip(request), **opsi)


def _kirim(request: HttpRequest, form: UsulForm) -> tuple[Usul, str]:
    return tindakan.kirim_sekali(
        pemilik="warga", kunci=form.cleaned_data["kunci_kirim"], isi=form.content(), data=form.data_usul, foto=form.foto,
        alamat=client_ip(request),
    )  # fmt: skip


def _buka(request: HttpRequest, langkah: int, luas: list[str], *, wilayah: str = "") -> HttpResponse:
    """A step that is not judged yet, with what was typed there before. `wilayah`: maybe a code typed into the search box."""
    kelas = UsulForm if langkah < JUMLAH else UsulPublikForm
    data = request.POST.copy()
    if wilayah:
        data["wilayah"] = wilayah
    form = kelas(initial=data.dict(), langkah=langkah, luas=luas, mulai=settings.KABUPATEN)
    return _halaman(request, form, langkah, data, 200)


def _halaman(
    request: HttpRequest, form: UsulForm, langkah: int, data: QueryDict, status: int, *, baru: bool = False
) -> HttpResponse:  # fmt: skip
    """`data`: what was sent so far; what this step does not ask goes along hidden. `baru`: after a refusal it is a new sending."""
    tampil = form.nama_langkah(langkah)
    lewat = {nama for _, isi in LANGKAH for nama in isi} - set(tampil)
    tersembunyi = [(nama, nilai) for nama in sorted(lewat) for nilai in data.getlist(nama) if nilai]
    konteks = {
        "form": form,
        "bidang": [form[nama] for nama in tampil],
        "tersembunyi": tersembunyi,
        "kunci": _kunci("" if baru else data.get("kunci_kirim", "")),
        "langkah": langkah,
        "jumlah": JUMLAH,
        "judul": LANGKAH[langkah - 1][0],
        "terakhir": langkah == JUMLAH,
        "ulang_foto": langkah == JUMLAH and form.is_bound,
    }
    return render(request, "pengaduan/usul.html", konteks, status=status)


def _kunci(teks: str) -> str:
    """The key of this sending: one for all its steps."""
    try:
        return str(uuid.UUID(teks))
    except ValueError:
        return str(uuid.uuid4())


# --- /lacak/ ------------------------------------------------------------------------------------------


def _lacak(
    request: HttpRequest, baris: Usul, *, pesan: str = "", salah: str = "", status: int = 200
) -> HttpResponse:
    konteks = {
        "status": status_usul(baris, timezone.now()),
        "tahap": list(TAHAP),
        "tahap_usulan": list(TAHAP_USULAN),
        "pegangan": tiket.pegangan("UWG", baris.pk),
        "pesan": pesan,
        "salah": salah,
    }
    return render(request, "pengaduan/usul_lacak.html", konteks, status=status)


daftarkan("UWG", _lacak)


@require_POST
def mundur(request: HttpRequest) -> HttpResponse:
    """Withdraw: before the village answered it is done at once, afterwards the village is asked to."""
    pk = tiket.buka_pegangan("UWG", request.POST.get("pegangan", ""))
    baris = Usul.objects.select_related("wilayah", "usulan__keluarga").filter(pk=pk).first() if pk else None
    if baris is None:
        return redirect("lacak")
    if "yakin" not in request.POST:
        return _lacak(request, baris, salah="Centang dulu kotak “Saya yakin”.", status=422)
    aksi = tindakan.tarik if baris.status == "masuk" else tindakan.mundur
    hasil = act(request, lambda: aksi(baris))
    baris.refresh_from_db()
    if hasil is None:
        return _lacak(request, baris, status=refusal_status(request, 409))
    return _lacak(request, baris, pesan="Permintaan Anda sudah disimpan.")
