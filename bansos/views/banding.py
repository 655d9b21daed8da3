"""Two lists of a programme compared, and families with more than one programme; both as a page and as a file."""

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.actions import unduh as izin_unduh
from accounts.actions.unduh import Pokok
from bansos.forms_kuota import SekaliForm
from bansos.models import DaftarKelayakan, Program
from bansos.queries import banding as baca
from bansos.queries import tumpang
from core import ekspor
from core.identity import mask_name
from core.web import act, keyset
from dtks.actions import ekspor as tindakan
from dtks.models import Keluarga
from dtks.views.unduh_izin import halaman_minta
from wilayah.models import Wilayah

KUASA = ("kelayakan.lihat",)
KUASA_TUMPANG = ("penetapan.lihat",)
_ARAH = {"masuk": "Masuk", "keluar": "Keluar"}


def _daftar(request: HttpRequest, program: Program) -> list[DaftarKelayakan]:
    """Lists of the programme that the person may see in full, newest quarter first."""
    if not request.user.punya("kelayakan.lihat"):
        raise PermissionDenied
    rows = (
        DaftarKelayakan.objects.visible_to(request.user)
        .filter(program=program)
        .select_related("aturan", "wilayah")
    )
    semua = rows.exclude(status="dicabut").order_by("-periode", "-created_at", "id")[:200]
    return [d for d in semua if request.user.boleh("kelayakan.lihat", d.wilayah_id)]


def _pasangan(
    request: HttpRequest, rows: list[DaftarKelayakan]
) -> tuple[DaftarKelayakan, DaftarKelayakan] | None:
    """The two that the address names; None when it names none. An unknown one is a 400."""
    data = request.GET if request.method != "POST" else request.POST
    if set(request.GET) - {"lama", "baru"}:
        raise BadRequest("unknown filter")
    if not data.get("lama") and not data.get("baru"):
        return None
    ada = {str(d.pk): d for d in rows}
    try:
        lama, baru = ada[data["lama"]], ada[data["baru"]]
    except KeyError as error:
        raise BadRequest("unknown list") from error
    if lama.wilayah_id != baru.wilayah_id:
        raise BadRequest("lists of two kabupaten")
    return lama, baru


@login_required
@require_safe
def banding(request: HttpRequest, kode: str) -> HttpResponse:
    """Who entered, who left, why, what it costs."""
    program = get_object_or_404(Program, pk=kode)
    rows = _daftar(request, program)
    pasangan = _pasangan(request, rows)
    isi: dict[str, Any] = {"program": program, "rows": rows, "kirim": SekaliForm(auto_id=False)}
    if pasangan:
        hasil = baca.banding(*pasangan)
        tampak = set(
            Keluarga.objects.visible_to(request.user).filter(pk__in={u.keluarga for u in hasil.contoh}).values_list("pk", flat=True)
        )  # fmt: skip
        contoh = [
            (u, u.nama_kepala if u.keluarga in tampak else mask_name(u.nama_kepala)) for u in hasil.contoh
        ]
        isi |= {"lama": pasangan[0], "baru": pasangan[1], "h": hasil, "contoh": contoh}
    return render(request, "bansos/banding.html", isi)


@login_required
@require_POST
def unduh(request: HttpRequest, kode: str) -> HttpResponse:
    """Every family that entered or left, as xlsx. Names and desa, no number of anybody."""
    program = get_object_or_404(Program, pk=kode)
    pasangan = _pasangan(request, _daftar(request, program))
    if pasangan is None:
        messages.error(request, "Pilih dua daftar dulu, lalu unduh perbandingannya.")
        return redirect("banding", kode=kode)
    lama, baru = pasangan
    tempat = dict(
        Wilayah.objects.filter(kode__startswith=lama.wilayah_id, tingkat=4).values_list("kode", "nama")
    )
    judul = (
        "Arah",
        "Kepala keluarga",
        "Kode desa",
        "Desa/kelurahan",
        "Peringkat lama",
        "Peringkat baru",
        "Alasan",
    )
    baris = (
        (_ARAH[u.arah], u.nama_kepala, u.wilayah, tempat.get(u.wilayah[:13], ""), str(u.peringkat_lama or ""), str(u.peringkat_baru or ""), " ".join(u.alasan))
        for u in baca.semua(lama, baru)
    )  # fmt: skip
    rinci = [
        ("Program", program.nama),
        ("Daftar lama", f"{lama.periode}, {lama.aturan}"),
        ("Daftar baru", f"{baru.periode}, {baru.aturan}"),
    ]
    nama = f"Perbandingan {program.pk} {lama.periode} dan {baru.periode}"
    kembali = f"{reverse('banding', args=[kode])}?lama={lama.pk}&baru={baru.pk}"
    return _berkas(
        request, nama, judul, baris, rinci, kuasa=KUASA, jenis="bansos.DaftarKelayakan", kembali=kembali
    )


def _berkas(
    request: HttpRequest, nama: str, judul: Sequence[str], baris: Iterable[Sequence[str]], rinci: list[tuple[str, str]], *,
    kuasa: tuple[str, ...], jenis: str, kembali: str,
) -> HttpResponse:  # fmt: skip
    """An xlsx within the day's limit, audited with its count and hash."""

    berkas = ekspor.berkas_baru()
    saring = repr(sorted((k, v) for k, v in request.POST.items() if k in ("lama", "baru", "jenis")))
    pokok = Pokok(f"{jenis}:banding"[:40], nama, saring, kembali, False, kuasa)

    def do() -> HttpResponse:
        tindakan.izinkan(by=request.user, kuasa=kuasa, penuh=False)
        pada = f"{timezone.localtime():%d/%m/%Y %H.%M}"
        lembar = ekspor.Lembar(
            judul=judul, lebar=[22] * len(judul), nama="Data", keterangan=[*rinci, ("Diunduh oleh", request.user.nama), ("Pada", pada)]
        )  # fmt: skip
        n = ekspor.tulis(berkas, "xlsx", lembar, baris)
        if minta := halaman_minta(request, pokok, n):
            return redirect(minta)
        with transaction.atomic():
            izin_unduh.pakai(by=request.user, pokok=pokok, baris=n)
            tindakan.bukukan(by=request.user, kuasa=kuasa, penuh=False, baris=n)
            tindakan.catat(
                by=request.user, kuasa=kuasa, jenis=jenis, penuh=False, alasan="",
                rincian={"daftar": nama, "format": "xlsx", "jumlah": n, "sha256": ekspor.sidik(berkas)},
            )  # fmt: skip
        return ekspor.jawaban(berkas, ekspor.nama_berkas(nama, "xlsx"))

    return act(request, do) or redirect(kembali)


def _jenis(request: HttpRequest) -> str:
    data = request.GET if request.method != "POST" else request.POST
    jenis = data.get("jenis", "")
    if jenis not in tumpang.JENIS or set(request.GET) - {"jenis", "kursor"}:
        raise BadRequest("unknown filter")
    return jenis


@login_required
@require_safe
def tumpang_tindih(request: HttpRequest) -> HttpResponse:
    """Families of the person's areas that receive more than one programme."""
    luas = request.user.cakupan("penetapan.lihat")
    if not luas:
        raise PermissionDenied
    jenis = _jenis(request)

    def ambil(kunci: list[Any], n: int) -> list[tumpang.Tumpang]:
        return tumpang.daftar(luas, jenis=jenis, dari=UUID(kunci[0]) if kunci else None, n=n)

    halaman = keyset(request, ambil, ("keluarga",))
    tampak = set(
        Keluarga.objects.visible_to(request.user).filter(pk__in=[t.keluarga for t in halaman.rows]).values_list("pk", flat=True)
    )  # fmt: skip
    baris = [(t, t.keluarga in tampak, t.nama_kepala if t.keluarga in tampak else mask_name(t.nama_kepala)) for t in halaman.rows]  # fmt: skip
    isi = {
        "baris": baris,
        "berikutnya": halaman.next,
        "jenis": jenis,
        "pilihan": tumpang.JENIS.items(),
        "kirim": SekaliForm(auto_id=False),
    }
    return render(request, "bansos/tumpang.html", isi)


@login_required
@require_POST
def tumpang_unduh(request: HttpRequest) -> HttpResponse:
    luas = request.user.cakupan("penetapan.lihat")
    if not luas:
        raise PermissionDenied
    jenis = _jenis(request)
    maks = tindakan.batas(request.user, KUASA_TUMPANG)["maks"]
    rows = tumpang.daftar(luas, jenis=jenis, n=maks + 1)
    terpotong = len(rows) > maks
    rows = rows[:maks]
    tampak = set(
        Keluarga.objects.visible_to(request.user)
        .filter(pk__in=[t.keluarga for t in rows])
        .values_list("pk", flat=True)
    )
    henti = (
        f"Berhenti di {maks} baris; masih ada keluarga lain. Unduh dengan saringan, atau mintakan tiap desa."
    )
    isi = (
        (t.nama_kepala if t.keluarga in tampak else mask_name(t.nama_kepala), t.wilayah, t.tempat, ", ".join(k for k, *_ in t.program),
         ", ".join(sorted({s for _, _, s, _ in t.program})), "; ".join(f"{a} dan {b}" for a, b in t.dilarang))
        for t in rows
    )  # fmt: skip
    judul = ("Kepala keluarga", "Kode desa", "Tempat", "Program", "Sumber dana", "Tidak boleh bersama")
    baris = chain(isi, [(henti, "", "", "", "", "")] if terpotong else [])
    rinci = [("Saringan", tumpang.JENIS[jenis]), *([("Belum lengkap", henti)] if terpotong else [])]
    nama = "Penerima lebih dari satu program" + (" (belum lengkap)" if terpotong else "")
    return _berkas(
        request, nama, judul, baris, rinci, kuasa=KUASA_TUMPANG,
        jenis="bansos.Penetapan", kembali=reverse("tumpang_tindih"),
    )  # fmt: skip
