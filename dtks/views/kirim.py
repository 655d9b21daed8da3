"""Sending a form of the register: once, and with the finding kept when the number is taken elsewhere."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest

from core.forms import SendOnceForm
from core.web import act, send_once
from dtks.actions import calon, ganda
from dtks.actions.keluarga import NumberTaken
from dtks.models import Individu


def kirim(
    request: HttpRequest,
    form: SendOnceForm,
    do: Callable[[], str],
    *,
    wilayah: str = "",
    nik: str = "",
    no_kk: str = "",
) -> str | None:
    """The address to go to, or None when refused (the sentences are on `form`)."""

    def run() -> str:
        try:
            return send_once(request, form, do)
        except NumberTaken as taken:
            nomor = {"nik": getattr(taken, "nik", nik)} if taken.kolom == "nik" else {"no_kk": no_kk}
            ganda.laporkan(by=request.user, wilayah=wilayah, **nomor)
            raise

    return act(request, run, form=form)


def kabari_mirip(request: HttpRequest, orang: Individu) -> None:
    """Say who of the officer's own area looks like the person just saved. A flag, never a refusal."""
    for lain in calon.periksa_orang(orang, by=request.user):
        messages.warning(
            request,
            f"{orang.nama} mirip {lain.nama} di keluarga {lain.keluarga.nama_kepala}. Tetap disimpan. "
            "Bila orangnya sama, bandingkan keduanya di menu Padan NIK, Data ganda.",
        )
