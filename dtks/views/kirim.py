"""Sending a form of the register: once, and with the finding kept when the number is taken elsewhere."""

from collections.abc import Callable

from django.http import HttpRequest

from core.forms import SendOnceForm
from core.web import act, send_once
from dtks.actions import ganda
from dtks.actions.keluarga import NumberTaken


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
            nomor = {"nik": nik} if taken.kolom == "nik" else {"no_kk": no_kk}
            ganda.laporkan(by=request.user, wilayah=wilayah, **nomor)
            raise

    return act(request, run, form=form)
