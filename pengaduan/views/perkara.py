"""The Dinas: cases of objections, who objected, the decision; the officer's visit; and wrong data that families report."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core import files
from core.web import act, keyset, refusal_status, send_once
from dtks.queries.tempat import alamat
from pengaduan.actions import perkara as aksi
from pengaduan.actions import sanggah as aksi_sanggah
from pengaduan.actions import sanggah_data as aksi_data
from pengaduan.forms_sanggah import (
    BukaForm,
    CatatanForm,
    DengarForm,
    LaporForm,
    NilaiForm,
    PutusDataForm,
    PutusForm,
    TeruskanForm,
    TugaskanForm,
    TutupForm,
)
from pengaduan.models import DINAS, HakJawab, PerkaraSanggah, Sanggah, SanggahData
from pengaduan.policies import sanggah as policies
from pengaduan.queries import jam as baca_jam
from pengaduan.queries import sanggah as baca
from pengaduan.workflow import SANGGAH, SANGGAH_DATA
from wilayah.waktu import hari_wilayah

FORM = ["GET", "HEAD", "POST"]
LAMA_KTP = 10 * 60  # seconds


def _dinas(request: HttpRequest) -> None:
    if not any(request.user.punya(k) for k in DINAS):
        raise PermissionDenied


@login_required
@require_safe
def daftar(request: HttpRequest) -> HttpResponse:
    """Nearest deadline first."""
    _dinas(request)
    status = request.GET.get("status", "terbuka")
    if set(request.GET) - {"status", "kursor"} or status not in {"terbuka", *dict(SANGGAH.choices())}:
        raise BadRequest("unknown filter")
    rows = PerkaraSanggah.objects.visible_to(request.user).select_related("keluarga", "wilayah")
    rows = rows.terbuka() if status == "terbuka" else rows.filter(status=status)
    halaman = keyset(request, rows, ("tenggat_at", "id"))
    kal = baca_jam.kalender_untuk(halaman.rows) if halaman.rows else None
    for satu in halaman.rows:
        satu.jam = baca_jam.jam(satu, kal)
        satu.keadaan = SANGGAH.state(satu.status)
    return render(
        request,
        "pengaduan/perkara_daftar.html",
        {
            "baris": halaman.rows,
            "berikutnya": halaman.next,
            "status": status,
            "pilihan": [("terbuka", "Belum selesai"), *SANGGAH.choices()],
        },
    )


def _satu(request: HttpRequest, pk: UUID) -> PerkaraSanggah:
    """Of the Dinas: the officer in the field has a page of his own."""
    rows = PerkaraSanggah.objects.visible_to(request.user).select_related(
        "keluarga__wilayah", "wilayah", "usulan", "petugas"
    )
    satu = get_object_or_404(rows, pk=pk)
    if not any(request.user.boleh(k, satu.wilayah_id) for k in DINAS):
        raise Http404
    return satu


@login_required
@require_safe
def lihat(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    user = request.user
    sanggah = list(
        Sanggah.objects.visible_to(user)
        .filter(perkara=satu)
        .select_related("alasan", "baris__penetapan__program")
    )
    return render(
        request,
        "pengaduan/perkara.html",
        {
            "p": satu,
            "keluarga": satu.keluarga,
            "alamat": alamat(satu.keluarga),
            "keadaan": SANGGAH.state(satu.status),
            "jam": baca_jam.jam(satu),
            "sanggah": sanggah,
            "hak": HakJawab.objects.visible_to(user).filter(perkara=satu).first(),
            "alasan": baca.kalimat_alasan(satu.alasan),
            "foto": list(satu.foto.all()),
            "hasil": list(satu.hasil.select_related("usulan")),
            "riwayat": _riwayat(satu),
            "lihat_identitas": user.boleh("sanggah.identitas", satu.wilayah_id),
            "bisa": _bisa(user, satu),
            "tertutup": policies.putus(user, satu) if satu.status == "menunggu_putusan" and user.boleh("sanggah.putus", satu.wilayah_id) else None,
        },
    )  # fmt: skip


def _riwayat(satu: PerkaraSanggah) -> list[dict[str, Any]]:
    """Newest first, in words."""
    return [
        {
            "label": f"{arrow.label}: {SANGGAH.state(r.ke).label}" if (arrow := SANGGAH.find(r.langkah, r.dari)) else r.langkah,
            "waktu": r.pada, "oleh": r.oleh.nama if r.oleh else "", "alasan": r.alasan_kalimat or r.catatan,
        }
        for r in satu.riwayat.select_related("oleh").order_by("-urut")
    ]  # fmt: skip


def _bisa(user: Any, satu: PerkaraSanggah) -> dict[str, bool]:
    nama = ("dengar", "tutup", "tugaskan", "alihkan", "periksa_ulang", "putus")
    return {n: getattr(policies, n)(user, satu) is None for n in nama}


def _kerjakan(
    request: HttpRequest, satu: Any, form: Any, do: Callable[[], Any], *, url: str, kabar: str
) -> HttpResponse | None:
    """Run a step once; None when the form must be shown again."""

    def sekali() -> str:
        do()
        return url

    if form.is_valid() and (tujuan := act(request, lambda: send_once(request, form, sekali), form=form)):
        messages.success(request, kabar)
        return redirect(tujuan)
    return None


def _isian(request: HttpRequest, satu: PerkaraSanggah, form: Any, judul: str, **lain: Any) -> HttpResponse:
    return render(
        request,
        "pengaduan/perkara_isian.html",
        {"p": satu, "keluarga": satu.keluarga, "form": form, "judul": judul, **lain},
        status=refusal_status(request, 422) if form.is_bound else 200,
    )


def _wajib(request: HttpRequest, kuasa: str, wilayah: str) -> None:
    if not request.user.boleh(kuasa, wilayah):
        raise PermissionDenied


def _tutup(request: HttpRequest, satu: PerkaraSanggah, kalimat: str | None) -> HttpResponse | None:
    """A page of a step that is not open: say why, on the page of the case."""
    if kalimat and request.method != "POST":
        messages.error(request, kalimat)
        return redirect("perkara_lihat", pk=satu.pk)
    return None


@login_required
@require_http_methods(FORM)
def dengar(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    _wajib(request, "sanggah.kelola", satu.wilayah_id)
    if jawab := _tutup(request, satu, policies.dengar(request.user, satu)):
        return jawab
    rows = Sanggah.objects.visible_to(request.user).hidup().filter(perkara=satu).select_related("alasan")
    pilihan = sorted({(s.alasan_id, s.alasan.kalimat) for s in rows})
    form = DengarForm(
        request.POST or None, alasan=pilihan, initial={"versi": satu.versi, "alasan": [k for k, _ in pilihan]}
    )

    def do() -> None:
        d = form.cleaned_data
        aksi.dengar(satu, by=request.user, alasan=d["alasan"], ringkasan=d["ringkasan"], versi=d["versi"])

    url = reverse("perkara_lihat", args=[satu.pk])
    return _kerjakan(request, satu, form, do, url=url, kabar="Keluarga diberi hak jawab. Suratnya diantar desa atau TKSK.") or _isian(request, satu, form, "Beri keluarga hak jawab")  # fmt: skip


@login_required
@require_http_methods(FORM)
def tutup(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    _wajib(request, "sanggah.kelola", satu.wilayah_id)
    if jawab := _tutup(request, satu, policies.tutup(request.user, satu)):
        return jawab
    form = TutupForm(request.POST or None, initial={"versi": satu.versi})

    def do() -> None:
        d = form.cleaned_data
        aksi.tutup(satu, by=request.user, alasan=d["alasan"], catatan=d["catatan"], versi=d["versi"])

    url = reverse("perkara_lihat", args=[satu.pk])
    return _kerjakan(request, satu, form, do, url=url, kabar="Perkara ditutup.") or _isian(request, satu, form, "Jangan dilanjutkan")  # fmt: skip


@login_required
@require_http_methods(FORM)
def tugaskan(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    _wajib(request, "sanggah.kelola", satu.wilayah_id)
    if jawab := _tutup(request, satu, policies.tugaskan(request.user, satu)):
        return jawab
    form = TugaskanForm(
        request.POST or None, petugas=baca.pilihan_petugas(satu), initial={"versi": satu.versi}
    )

    def do() -> None:
        d = form.cleaned_data
        aksi.tugaskan(satu, by=request.user, petugas=d["petugas"], versi=d["versi"])

    url = reverse("perkara_lihat", args=[satu.pk])
    return _kerjakan(request, satu, form, do, url=url, kabar="Petugas ditugaskan.") or _isian(request, satu, form, "Tugaskan petugas lapangan")  # fmt: skip


@login_required
@require_http_methods(FORM)
def alihkan(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    _wajib(request, "sanggah.kelola", satu.wilayah_id)
    if jawab := _tutup(request, satu, policies.alihkan(request.user, satu)):
        return jawab
    form = CatatanForm(request.POST or None, initial={"versi": satu.versi})

    def do() -> None:
        d = form.cleaned_data
        aksi.alihkan(satu, by=request.user, catatan=d["catatan"], versi=d["versi"])

    url = reverse("perkara_lihat", args=[satu.pk])
    return _kerjakan(request, satu, form, do, url=url, kabar="Petugas dilepas. Pilih petugas lain.") or _isian(request, satu, form, "Ganti petugas")  # fmt: skip


@login_required
@require_http_methods(FORM)
def periksa_ulang(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    _wajib(request, "sanggah.putus", satu.wilayah_id)
    if jawab := _tutup(request, satu, policies.periksa_ulang(request.user, satu)):
        return jawab
    form = CatatanForm(request.POST or None, initial={"versi": satu.versi})

    def do() -> None:
        d = form.cleaned_data
        aksi.periksa_ulang(satu, by=request.user, catatan=d["catatan"], versi=d["versi"])

    url = reverse("perkara_lihat", args=[satu.pk])
    return _kerjakan(request, satu, form, do, url=url, kabar="Diminta diperiksa ulang.") or _isian(request, satu, form, "Minta diperiksa ulang")  # fmt: skip


@login_required
@require_http_methods(FORM)
def putus(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _satu(request, pk)
    _wajib(request, "sanggah.putus", satu.wilayah_id)
    if jawab := _tutup(request, satu, policies.putus(request.user, satu)):
        return jawab
    terima = [
        (str(b.pk), f"{b.penetapan.program.nama}, {b.penetapan.nomor}") for b in baca.program_diterima(satu)
    ]
    form = PutusForm(
        request.POST or None, baris=terima, initial={"versi": satu.versi, "baris": [pk for pk, _ in terima]}
    )

    def do() -> None:
        d = form.cleaned_data
        if d["putusan"] == "kabulkan":
            hapus = [UUID(b) for b in d.get("baris", [])]
            aksi.kabulkan(satu, by=request.user, alasan=d["alasan"], baris=hapus, versi=d["versi"])
        else:
            aksi.tolak(satu, by=request.user, alasan=d["alasan"], versi=d["versi"])

    url = reverse("perkara_lihat", args=[satu.pk])
    return _kerjakan(request, satu, form, do, url=url, kabar="Putusan disimpan.") or _isian(request, satu, form, "Putus sanggahan", ringkas=True)  # fmt: skip


# --- who objected -----------------------------------------------------------------------------------------


@login_required
@require_http_methods(FORM)
def penyanggah(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One objector. Nothing of him is on the page until he is opened, with a reason that is logged; the answer is the POST's own page."""
    sanggah = _sanggah(request, pk)
    kirim = request.POST if request.method == "POST" else None
    menilai = kirim is not None and "nilai" in kirim
    buka, nilai = BukaForm(None if menilai else kirim), NilaiForm(kirim if menilai else None)
    terbuka = None
    if buka.is_bound and buka.is_valid():
        terbuka = act(
            request, lambda: aksi_sanggah.buka_penyanggah(sanggah, by=request.user, alasan=buka.cleaned_data["alasan"]), form=buka,
        )  # fmt: skip
    if nilai.is_bound:
        d = nilai.cleaned_data if nilai.is_valid() else {}
        jawab = _kerjakan(
            request, sanggah, nilai, lambda: aksi_sanggah.nilai_identitas(sanggah, by=request.user, hasil=d["hasil"], alasan=d["alasan"]),
            url=reverse("perkara_lihat", args=[sanggah.perkara_id]), kabar="Hasil pemeriksaan identitas disimpan.",
        )  # fmt: skip
        if jawab:
            return jawab
    salah = (buka.is_bound and terbuka is None) or nilai.is_bound
    return render(
        request,
        "pengaduan/penyanggah.html",
        {"s": sanggah, "buka": buka, "nilai": nilai, "penyanggah": terbuka, "izin": _izin(request, sanggah) if terbuka else "", "tertutup": policies.identitas(request.user, sanggah)},
        status=refusal_status(request, 422) if salah else 200,
    )  # fmt: skip


def _sanggah(request: HttpRequest, pk: UUID) -> Sanggah:
    rows = Sanggah.objects.visible_to(request.user).select_related(
        "perkara__keluarga", "alasan", "penyanggah"
    )
    satu = get_object_or_404(rows, pk=pk, perkara__isnull=False)
    if not request.user.boleh("sanggah.identitas", satu.wilayah_id):
        raise Http404
    return satu


@login_required
@require_safe
def berkas(request: HttpRequest, pk: UUID, jenis: str) -> HttpResponse:
    """`rumah`: what the objector photographed, for the Dinas; `ktp`: his card, for a few minutes after the logged opening."""
    rows = Sanggah.objects.visible_to(request.user).select_related("foto", "penyanggah__ktp", "perkara")
    satu = get_object_or_404(rows, pk=pk)
    if jenis == "rumah":
        return _kirim_berkas(request, satu.foto, "foto-rumah")
    if jenis != "ktp" or satu.penyanggah.ktp is None or not _baru_dibuka(request, satu):
        raise Http404
    return _kirim_berkas(request, satu.penyanggah.ktp, "ktp")


def _izin(request: HttpRequest, satu: Sanggah) -> str:
    return signing.dumps([str(request.user.pk), str(satu.pk)], salt="sanggah.ktp")


def _baru_dibuka(request: HttpRequest, satu: Sanggah) -> bool:
    try:
        siapa = signing.loads(request.GET.get("izin", ""), salt="sanggah.ktp", max_age=LAMA_KTP)
    except signing.BadSignature:
        return False
    boleh = request.user.boleh("sanggah.identitas", satu.wilayah_id)
    return siapa == [str(request.user.pk), str(satu.pk)] and boleh


@login_required
@require_safe
def foto(request: HttpRequest, pk: UUID, berkas: UUID) -> HttpResponse:
    """What the officer photographed; and what the family showed or signed with its answer."""
    satu = _satu(request, pk)
    if (row := satu.foto.select_related("berkas").filter(pk=berkas).first()) is not None:
        return _kirim_berkas(request, row.berkas, "pemeriksaan")
    rows = HakJawab.objects.visible_to(request.user).select_related("berkas")
    hak = get_object_or_404(rows, perkara=satu, berkas=berkas)
    return _kirim_berkas(request, hak.berkas, "jawaban-keluarga")


def _kirim_berkas(request: HttpRequest, row: Any, nama: str) -> HttpResponse:
    try:
        isi = files.read(row)
    except files.BadFile as rusak:
        return render(request, "bansos/berkas_rusak.html", {"kalimat": str(rusak)}, status=503)
    akhiran = "pdf" if row.mime == "application/pdf" else "jpg"
    cara = "attachment" if akhiran == "pdf" else "inline"
    return HttpResponse(
        isi,
        content_type=row.mime,
        headers={
            "Content-Disposition": f'{cara}; filename="{nama}.{akhiran}"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, no-store",
        },
    )


# --- the officer in the field -----------------------------------------------------------------------------


@login_required
@require_safe
def tugas(request: HttpRequest) -> HttpResponse:
    """Families that this officer was sent to. Reason and address, nothing of who objected."""
    if not request.user.punya("usulan.ases"):
        raise PermissionDenied
    rows = PerkaraSanggah.objects.visible_to(request.user).filter(petugas=request.user, status="diperiksa")
    halaman = keyset(request, rows.select_related("keluarga", "wilayah"), ("tenggat_at", "id"))
    return render(request, "pengaduan/tugas_daftar.html", {"baris": halaman.rows, "berikutnya": halaman.next})


@login_required
@require_http_methods(FORM)
def laporkan(request: HttpRequest, pk: UUID) -> HttpResponse:
    rows = PerkaraSanggah.objects.visible_to(request.user).select_related("keluarga__wilayah", "wilayah")
    satu = get_object_or_404(rows, pk=pk, petugas=request.user, status="diperiksa")
    form = LaporForm(
        request.POST or None, request.FILES or None, initial={"versi": satu.versi, "tanggal": hari_wilayah(satu.wilayah_id)}
    )  # fmt: skip

    def do() -> None:
        d = form.cleaned_data
        laporan = aksi.Laporan(
            temuan=d["temuan"], uraian=d["uraian"], tanggal=d["tanggal"], foto=[f.read() for f in d["foto"]], lintang=d["lintang"], bujur=d["bujur"],
        )  # fmt: skip
        aksi.laporkan(satu, by=request.user, laporan=laporan, versi=d["versi"])

    if jawab := _kerjakan(
        request, satu, form, do, url=reverse("tugas_sanggah"), kabar="Hasil pemeriksaan dikirim."
    ):
        return jawab
    hak = getattr(satu, "hak_jawab", None)
    return render(
        request,
        "pengaduan/tugas_lapor.html",
        {"p": satu, "keluarga": satu.keluarga, "alamat": alamat(satu.keluarga), "alasan": baca.kalimat_alasan(satu.alasan), "hak": hak, "form": form},
        status=refusal_status(request, 422) if form.is_bound else 200,
    )  # fmt: skip


# --- wrong data -------------------------------------------------------------------------------------------


@login_required
@require_safe
def data_daftar(request: HttpRequest) -> HttpResponse:
    _dinas(request)
    status = request.GET.get("status", "terbuka")
    if set(request.GET) - {"status", "kursor"} or status not in {"terbuka", *dict(SANGGAH_DATA.choices())}:
        raise BadRequest("unknown filter")
    rows = SanggahData.objects.visible_to(request.user).select_related("wilayah")
    rows = (
        rows.filter(status__in=("diterima", "diteruskan"))
        if status == "terbuka"
        else rows.filter(status=status)
    )
    halaman = keyset(request, rows, ("tenggat_at", "id"))
    kal = baca_jam.kalender_untuk(halaman.rows) if halaman.rows else None
    for satu in halaman.rows:
        satu.jam = baca_jam.jam(satu, kal)
        satu.keadaan = SANGGAH_DATA.state(satu.status)
    return render(
        request,
        "pengaduan/data_daftar.html",
        {
            "baris": halaman.rows,
            "berikutnya": halaman.next,
            "status": status,
            "pilihan": [("terbuka", "Belum selesai"), *SANGGAH_DATA.choices()],
        },
    )


def _data(request: HttpRequest, pk: UUID) -> SanggahData:
    rows = SanggahData.objects.visible_to(request.user).select_related(
        "wilayah", "keluarga__wilayah", "bukti", "usulan"
    )
    return get_object_or_404(rows, pk=pk)


@login_required
@require_safe
def data_lihat(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _data(request, pk)
    return render(
        request,
        "pengaduan/data.html",
        {
            "d": satu,
            "keadaan": SANGGAH_DATA.state(satu.status),
            "jam": baca_jam.jam(satu),
            "boleh_putus": policies.putus_data(request.user, satu) is None,
            "boleh_teruskan": policies.teruskan_data(request.user, satu) is None,
        },
    )


@login_required
@require_safe
def data_bukti(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _kirim_berkas(request, _data(request, pk).bukti, "bukti")


@login_required
@require_http_methods(FORM)
def data_teruskan(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _data(request, pk)
    _wajib(request, "sanggah.kelola", satu.wilayah_id)
    form = TeruskanForm(request.POST or None, initial={"versi": satu.versi})

    def do() -> None:
        d = form.cleaned_data
        aksi_data.teruskan(satu, by=request.user, ke=d["ke"], versi=d["versi"])

    url = reverse("data_lihat", args=[satu.pk])
    return _kerjakan(request, satu, form, do, url=url, kabar="Dicatat. Jamnya berhenti sampai ada jawaban.") or _isian_data(request, satu, form, "Tanyakan ke pemilik data")  # fmt: skip


@login_required
@require_http_methods(FORM)
def data_putus(request: HttpRequest, pk: UUID) -> HttpResponse:
    satu = _data(request, pk)
    _wajib(request, "sanggah.putus", satu.wilayah_id)
    form = PutusDataForm(request.POST or None, tindak=aksi_data.pilihan(satu), initial={"versi": satu.versi})

    def do() -> None:
        d = form.cleaned_data
        if d["putusan"] == "kabulkan":
            aksi_data.kabulkan(
                satu, by=request.user, alasan=d["alasan"], tindak=d["tindak"], versi=d["versi"]
            )
        else:
            aksi_data.tolak(satu, by=request.user, alasan=d["alasan"], versi=d["versi"])

    url = reverse("data_lihat", args=[satu.pk])
    return _kerjakan(request, satu, form, do, url=url, kabar="Putusan disimpan.") or _isian_data(request, satu, form, "Putus laporan data")  # fmt: skip


def _isian_data(request: HttpRequest, satu: SanggahData, form: Any, judul: str) -> HttpResponse:
    return render(
        request,
        "pengaduan/data_isian.html",
        {"d": satu, "form": form, "judul": judul},
        status=refusal_status(request, 422) if form.is_bound else 200,
    )
