"""Doors and small helpers of staff pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from core.workflow import StepRefused

View = Callable[..., HttpResponse]


def punya_kuasa(kuasa: str) -> Callable[[View], View]:
    """Only for holders of this power somewhere; others get 403, visitors the login page."""

    def pasang(view: View) -> View:
        @wraps(view)
        @login_required
        def dijaga(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.punya(kuasa):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return dijaga

    return pasang


def tampilkan(form: forms.Form, refused: StepRefused) -> None:
    """Put the sentences of a refusal at the top of the form."""
    for h in refused.halangan:
        form.add_error(None, f"{h.kalimat} {h.jalan_keluar}".strip())
