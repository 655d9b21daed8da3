"""Programmes with their legal basis, and the eligibility list of one programme and quarter in the person's areas."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import Pengguna
from bansos.forms import SaringKelayakan
from bansos.models import AturanProgram, DaftarKelayakan, Kelayakan, Program
from bansos.queries import aturan_program
from bansos.queries.penetapan import triwulan
from core.identity import mask_name
from core.web import keyset
from wilayah.kode import dalam


@login_required
@require_safe
def program(request: HttpRequest) -> HttpResponse:
    isi = {
        "program": Program.objects.order_by("sumber", "kode"),
        "boleh_tumpang": request.user.punya("penetapan.lihat"),
        **_menunggu(request.user),
    }
    return render(request, "bansos/program.html", isi)


def _menunggu(user: Pengguna) -> dict[str, Any]:
    """What waits for this person: rules to decide, drafts of rules to finish, lists to sign."""
    putus, susun = user.cakupan("aturan.putus"), user.cakupan("aturan.susun")
    milik = Q(dalam("wilayah_id", putus), status="diajukan") | Q(dalam("wilayah_id", susun), status="draf")
    aturan = (
        AturanProgram.objects.filter(milik).select_related("program", "wilayah").order_by("program", "versi")
    )
    daftar = DaftarKelayakan.objects.filter(
        dalam("wilayah_id", user.cakupan("kelayakan.tandatangani")), status="dihitung"
    ).select_related("program", "wilayah")
    return {
        "aturan": list(aturan[:50]) if putus or susun else [],
        "daftar": list(daftar.order_by("-periode", "program", "pk")[:50])
        if user.punya("kelayakan.tandatangani")
        else [],
    }


@login_required
@require_safe
def program_detail(request: HttpRequest, kode: str) -> HttpResponse:
    satu = get_object_or_404(Program, pk=kode)
    return render(
        request,
        "bansos/program_detail.html",
        {
            "program": satu,
            "batas_desil": _batas_desil(satu),
            "boleh_kelayakan": request.user.punya("kelayakan.lihat"),
            "triwulan": triwulan(timezone.localdate())[0],
        },
    )


def _batas_desil(satu: Program) -> object:
    """{"nilai", "dasar_hukum"} of the national rule, None where no limit is in force."""
    batas = aturan_program.batas_desil(satu.kode, "", timezone.localdate())
    return {"nilai": batas[0], "dasar_hukum": batas[1].dasar_hukum} if batas else None


@login_required
@require_safe
def kelayakan(request: HttpRequest, kode: str) -> HttpResponse:
    """Who is eligible, waits or is not, with reasons. Names are masked for those who may not see the family."""
    satu = get_object_or_404(Program, pk=kode)
    luas = request.user.cakupan("kelayakan.lihat")
    if not luas:
        raise PermissionDenied
    periode = triwulan(timezone.localdate())
    saring = SaringKelayakan(
        request,
        Kelayakan.objects.visible_to(request.user)
        .filter(program=satu)
        .select_related("wilayah", "penetapan"),
        periode=periode,
        luas=luas,
        awal={"periode": periode[0]},
    )
    halaman = keyset(request, saring.qs, ("wilayah_id", "id"))
    return render(
        request,
        "bansos/kelayakan.html",
        {
            "program": satu,
            "saring": saring.form,
            "periode": saring.nilai["periode"],
            "baris": _samarkan(halaman.rows, request.user),
            "berikutnya": halaman.next,
        },
    )


def _samarkan(rows: list[Kelayakan], user: Pengguna) -> list[Kelayakan]:
    for k in rows:
        k.boleh_buka = user.boleh("keluarga.lihat", k.wilayah_id)
        k.nama_tampil = k.nama_kepala if k.boleh_buka else mask_name(k.nama_kepala)
        k.boleh_sk = k.penetapan is not None and user.boleh("penetapan.lihat", k.penetapan.wilayah_id)
    return rows
