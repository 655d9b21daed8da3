"""/pengaduan/: the queue of complaints, one of them, its steps, the same thing twice, numbers, and words to answer with."""

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

from accounts.models import Peran
from core import files
from core.web import act, keyset, refusal_status, send_once
from pengaduan.actions import aduan as tindakan
from pengaduan.actions import aduan_templat
from pengaduan.forms_aduan import (
    FORM,
    TERBUKA_PILIH,
    AngkaForm,
    BukaPelaporForm,
    CatatanForm,
    CatatForm,
    GabungForm,
    PinBaruForm,
    SaringAduan,
    TemplatForm,
)
from pengaduan.models import Aduan, PesanAduan, TemplatJawaban
from pengaduan.policies import aduan as policies
from pengaduan.queries import aduan as baca
from pengaduan.queries import jam
from pengaduan.views.aduan import buka_tanda_terima, segel_tanda_terima
from pengaduan.workflow import ADUAN
from wilayah.waktu import waktu_wilayah

KUASA = ("aduan.lihat", "aduan.proses", "aduan.tangani", "aduan.catat")
FORM_METODE = ["GET", "HEAD", "POST"]


def _petugas(request: HttpRequest, *kuasa: str) -> None:
    if not any(request.user.punya(k) for k in kuasa or KUASA):
        raise PermissionDenied


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    """Nearest deadline first."""
    _petugas(request)
    rows = Aduan.objects.visible_to(request.user).select_related("kategori", "wilayah", "petugas")
    saring = SaringAduan(request, rows, awal={"status": TERBUKA_PILIH})
    halaman = keyset(request, saring.qs, ("tenggat_at", "id"))
    kal = jam.kalender_untuk(halaman.rows)
    for satu in halaman.rows:
        satu.jam = jam.jam(satu, kal)
        satu.keadaan = ADUAN.state(satu.status)
    return render(
        request,
        "pengaduan/daftar.html",
        {
            "saring": saring.form,
            "baris": halaman.rows,
            "berikutnya": halaman.next,
            "boleh_catat": request.user.punya("aduan.catat"),
            "boleh_kelola": request.user.punya("aduan.kelola"),
            "boleh_angka": any(request.user.punya(k) for k in ("aduan.lihat", "aduan.proses")),
        },
    )


@sensitive_post_parameters("cerita", "nama", "telepon", "nik")
@login_required
@require_http_methods(FORM_METODE)
def baru(request: HttpRequest) -> HttpResponse:
    """Take down what somebody says at the counter, on the telephone, in a letter."""
    _petugas(request, "aduan.catat")
    form = CatatForm(request.POST or None, request.FILES or None, luas=request.user.cakupan("aduan.catat"))

    def do() -> str:
        d = form.cleaned_data
        foto = tindakan.simpan_foto([b.read() for b in d["foto"]])
        isi = tindakan.Isi(
            kategori=d["kategori"], wilayah=d["wilayah"].pk, cerita=d["cerita"], tempat=d["tempat"], kejadian=d["kejadian"],
            privasi=d["privasi"], nama=d["nama"], telepon=d["telepon"], nik=d["nik"], foto=foto,
        )  # fmt: skip
        hasil, pin = tindakan.catat(isi, by=request.user, kanal=d["kanal"], no_lapor=d["no_lapor"])
        return f"{hasil.pk} {segel_tanda_terima(hasil, pin)}"

    if form.is_valid() and (tanda := act(request, lambda: send_once(request, form, do), form=form)):
        pk, _, segel = tanda.partition(" ")
        nomor, pin = buka_tanda_terima(segel)
        return render(request, "pengaduan/tercatat.html", {"pk": pk, "tiket": nomor, "pin": pin})
    return render(
        request,
        "pengaduan/baru.html",
        {"form": form},
        status=refusal_status(request, 422) if form.is_bound else 200,
    )


def _satu(request: HttpRequest, pk: UUID) -> Aduan:
    rows = Aduan.objects.visible_to(request.user).select_related(
        "kategori__instansi", "wilayah", "petugas", "instansi", "utama", "created_by"
    )
    return get_object_or_404(rows, pk=pk)


@login_required
@require_safe
def lihat(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _halaman(request, _satu(request, pk))


def _nama_meja(kode: str) -> str:
    return Peran.objects.filter(pk=kode).values_list("nama", flat=True).first() or kode


def _halaman(request: HttpRequest, satu: Aduan, *, status: int = 200, **lain: Any) -> HttpResponse:
    """One complaint. Who brought it stays masked, or hidden from those who need not know."""
    pemroses = policies.proses(request.user, satu) is None
    terbuka = satu.status in ("diterima", "diverifikasi", "didisposisi", "ditangani")
    dalam = (
        pemroses
        or policies.ditunjuk(request.user, satu)
        or request.user.boleh("aduan.lihat", satu.wilayah_id)
    )
    pesan = satu.pesan.select_related("oleh").order_by("created_at", "id")
    isi = {
        "a": satu,
        "keadaan": ADUAN.state(satu.status),
        "jam": jam.jam(satu),
        "tenggat": jam.tenggat_kata(satu),
        "ditangani": satu.petugas.nama if satu.petugas else f"Meja {_nama_meja(satu.meja)}" if satu.meja else "",
        "kelas": "berkadar pengawasan" if satu.berkadar else "",
        "langkah": policies.langkah_terbuka(request.user, satu),
        "riwayat": [
            {
                "label": next((a.label for a in ADUAN.langkah if a.nama == r.langkah), r.langkah),
                "waktu": waktu_wilayah(satu.wilayah_id, r.pada),
                "oleh": r.oleh.nama if r.oleh else "Pelapor" if r.langkah in ("jawab", "nilai", "buka_lagi") else "Portal",
                "alasan": " ".join(filter(None, [r.alasan_kalimat, r.catatan])),
            }
            for r in satu.riwayat.select_related("oleh").order_by("-urut")
        ],
        "percakapan": pesan if dalam else pesan.exclude(dari=PesanAduan.Dari.INTERNAL),
        "foto": satu.foto.order_by("created_at", "id"),
        "boleh_pelapor": satu.bernama and policies.buka_pelapor(request.user, satu) is None,
        "boleh_catatan": pemroses or policies.ditunjuk(request.user, satu),
        "boleh_gabung": pemroses and terbuka,
        "mirip": baca.mirip(satu, request.user) if pemroses and terbuka else [],
        "salinan": Aduan.objects.visible_to(request.user).filter(utama=satu).order_by("created_at", "pk") if pemroses else [],
        "boleh_pisah": pemroses and satu.status == "digabung",
        "form_catatan": CatatanForm(),
        "form_gabung": GabungForm(),
        "form_pelapor": BukaPelaporForm(),
        "boleh_pin": pemroses and satu.bernama,
        "form_pin": PinBaruForm(),
    }  # fmt: skip
    return render(request, "pengaduan/lihat.html", isi | lain, status=status)


@login_required
@require_http_methods(FORM_METODE)
def langkah(request: HttpRequest, pk: UUID, nama: str) -> HttpResponse:
    """Any step of an officer: its form, then the act of the same name."""
    satu = _satu(request, pk)
    if nama not in FORM:
        raise Http404
    if kalimat := policies.BY_STEP[nama](request.user, satu):
        if request.method == "POST" and not policies.proses(request.user, satu):
            messages.error(request, kalimat)
            return redirect("pengaduan_lihat", pk=satu.pk)
        raise PermissionDenied
    form = FORM[nama](request.POST if request.method == "POST" else None, aduan=satu)
    terbuka = ADUAN.find(nama, satu.status) is not None

    def do() -> str:
        tindakan.LANGKAH[nama](satu, by=request.user, **form.argumen())
        return reverse("pengaduan_lihat", args=[satu.pk])

    if (
        form.is_bound
        and form.is_valid()
        and (url := act(request, lambda: send_once(request, form, do), form=form))
    ):
        messages.success(request, "Tersimpan.")
        return redirect(url)
    if not form.is_bound and not terbuka:
        messages.warning(
            request, f"Langkah ini tidak terbuka. Aduan sekarang: {ADUAN.state(satu.status).label}."
        )
        return redirect("pengaduan_lihat", pk=satu.pk)
    label = next(a.label for a in ADUAN.langkah if a.nama == nama)
    templat = (
        TemplatJawaban.objects.filter(aktif=True).order_by("urut", "kode") if nama == "selesaikan" else []
    )
    return render(
        request,
        "pengaduan/langkah.html",
        {
            "a": satu,
            "form": form,
            "label": label,
            "nama": nama,
            "templat": templat,
            "jam": jam.jam(satu),
            "waktu": baca.waktu_kata(satu.wilayah_id) if nama == "verifikasi" else "",
        },
        status=refusal_status(request, 422) if form.is_bound else 200,
    )


@login_required
@require_POST
def catatan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A note among officers."""
    satu = _satu(request, pk)
    if policies.proses(request.user, satu) and not policies.ditunjuk(request.user, satu):
        raise PermissionDenied
    form = CatatanForm(request.POST)

    def do() -> str:
        tindakan.catatan(satu, by=request.user, isi=form.cleaned_data["isi"])
        return reverse("pengaduan_lihat", args=[satu.pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        return redirect(url)
    return _halaman(request, satu, status=refusal_status(request, 422), form_catatan=form)


@login_required
@require_POST
def gabung(request: HttpRequest, pk: UUID) -> HttpResponse:
    """This one is the same matter as another: one answer for both."""
    satu = _satu(request, pk)
    if policies.proses(request.user, satu):
        raise PermissionDenied
    form = GabungForm(request.POST)
    nomor = form.cleaned_data.get("utama") if form.is_valid() else None
    utama = Aduan.objects.visible_to(request.user).filter(tiket=nomor).first() if nomor else None
    if nomor and utama is None:
        form.add_error("utama", "Nomor itu tidak ada di wilayah Anda. Periksa lagi.")

    def do() -> str:
        assert utama is not None
        tindakan.gabung(satu, by=request.user, utama=utama)
        return reverse("pengaduan_lihat", args=[satu.pk])

    if form.is_valid() and (url := act(request, lambda: send_once(request, form, do), form=form)):
        messages.success(request, "Digabung. Pelapor membaca jawaban aduan utama dengan nomornya sendiri.")
        return redirect(url)
    return _halaman(request, satu, status=refusal_status(request, 422), form_gabung=form)


@login_required
@require_POST
def pisahkan(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a merge back."""
    satu = _satu(request, pk)
    if policies.proses(request.user, satu):
        raise PermissionDenied
    if act(request, lambda: tindakan.pisahkan(satu, by=request.user)):
        messages.success(request, "Dipisahkan lagi, dengan tenggat semula.")
    return redirect("pengaduan_lihat", pk=satu.pk)


@login_required
@require_POST
def pelapor(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who brought it, for one look, with a reason that stays in the trail."""
    satu = _satu(request, pk)
    if policies.buka_pelapor(request.user, satu):
        raise PermissionDenied
    form = BukaPelaporForm(request.POST)
    isi = None
    if form.is_valid():
        isi = act(
            request,
            lambda: tindakan.buka_pelapor(satu, by=request.user, alasan=form.cleaned_data["alasan"]),
            form=form,
        )
    if isi is None:
        return _halaman(request, satu, status=refusal_status(request, 422), form_pelapor=form)
    return _halaman(request, satu, pelapor={k: v for k, v in isi.items() if v})


@login_required
@require_POST
def pin(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new PIN for a reporter who lost his and showed who he is."""
    satu = _satu(request, pk)
    if policies.proses(request.user, satu):
        raise PermissionDenied
    form = PinBaruForm(request.POST)
    baru = None
    if form.is_valid():
        alasan = form.cleaned_data["alasan"]
        baru = act(request, lambda: tindakan.pin_baru(satu, by=request.user, alasan=alasan), form=form)
    if baru is None:
        return _halaman(request, satu, status=refusal_status(request, 422), form_pin=form)
    return render(
        request, "pengaduan/tercatat.html", {"pk": satu.pk, "tiket": satu.tiket, "pin": baru, "ulang": True}
    )


@login_required
@require_safe
def foto(request: HttpRequest, pk: UUID, foto_pk: UUID) -> HttpResponse:
    satu = get_object_or_404(_satu(request, pk).foto.select_related("berkas"), pk=foto_pk)
    try:
        isi = files.read(satu.berkas)
    except files.BadFile as rusak:
        return render(request, "bansos/berkas_rusak.html", {"kalimat": str(rusak)}, status=503)
    jawab = HttpResponse(isi, content_type=satu.berkas.mime)
    jawab["Content-Disposition"] = 'inline; filename="foto-aduan.jpg"'
    return jawab


# --- numbers and words ------------------------------------------------------------------------------------


@login_required
@require_safe
def angka(request: HttpRequest) -> HttpResponse:
    """How many, how fast, how content: of the days asked for, this month without."""
    _petugas(request, "aduan.lihat", "aduan.proses")
    luas = [k for kuasa in ("aduan.lihat", "aduan.proses") for k in request.user.cakupan(kuasa)]
    awal, akhir = baca.bulan_ini(luas[0])
    form = AngkaForm(request.GET or None, initial={"sejak": awal, "hingga": akhir})
    sah = form.is_bound and form.is_valid()
    sejak = (form.cleaned_data.get("sejak") if sah else None) or awal
    hingga = (form.cleaned_data.get("hingga") if sah else None) or akhir
    a = baca.angka(request.user, sejak, hingga)
    nilai = (
        f"rata-rata {a.rata:.1f}".replace(".", ",") + f" dari 5, {a.dinilai} penilai"
        if a.rata
        else "belum ada yang menilai"
    )
    isi = [
        ("Masuk", a.masuk),
        ("Belum selesai", f"{a.terbuka}, {a.lewat} lewat tenggat"),
        ("Diperiksa tepat waktu", f"{a.diperiksa_tepat} dari {a.diperiksa}"),
        ("Dijawab tepat waktu", f"{a.dijawab_tepat} dari {a.dijawab}"),
        ("Diminta dibuka lagi", a.dibuka_lagi),
        ("Nilai pelapor", nilai),
    ]
    return render(
        request,
        "pengaduan/angka.html",
        {"angka": a, "isi": isi, "form": form},
        status=422 if form.is_bound and not sah else 200,
    )


@login_required
@require_safe
def templat(request: HttpRequest) -> HttpResponse:
    """Words to start an answer from, and whose matter each category is."""
    _petugas(request, "aduan.proses", "aduan.tangani", "aduan.kelola")
    return render(
        request,
        "pengaduan/templat.html",
        {
            "templat": TemplatJawaban.objects.select_related("kategori").order_by("urut", "kode"),
            "wewenang": aduan_templat.wewenang(),
            "boleh": request.user.punya("aduan.kelola"),
        },
    )


@login_required
@require_http_methods(FORM_METODE)
def templat_ubah(request: HttpRequest, kode: str) -> HttpResponse:
    """Change the words of one."""
    _petugas(request, "aduan.kelola")
    satu = get_object_or_404(TemplatJawaban, pk=kode)
    form = TemplatForm(request.POST if request.method == "POST" else None, templat=satu)

    def do() -> str:
        d = form.cleaned_data
        aduan_templat.ubah(satu, by=request.user, judul=d["judul"], isi=d["isi"], aktif=d["aktif"])
        return reverse("pengaduan_templat")

    if (
        form.is_bound
        and form.is_valid()
        and (url := act(request, lambda: send_once(request, form, do), form=form))
    ):
        messages.success(request, "Templat disimpan.")
        return redirect(url)
    return render(
        request,
        "pengaduan/templat_ubah.html",
        {"t": satu, "form": form},
        status=refusal_status(request, 422) if form.is_bound else 200,
    )
