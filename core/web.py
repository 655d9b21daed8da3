"""What every view needs: run an action and say what it refused; send a form once; pages by key, not by number."""

import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import SuspiciousOperation
from django.db import OperationalError
from django.db.models import QuerySet
from django.http import HttpRequest

from core import dinding, penolakan
from core.files import BadFile, NoRoom
from core.forms import SendOnceForm
from core.idempotency import KeyReused, once
from core.keyset import beyond
from core.workflow import NotAllowed, StepRefused

T = TypeVar("T")
PAGE_SIZE = 50
LOCKED = ("40P01", "55P03", "40001")  # deadlock, lock not available, serialisation: nothing was written


def act(request: HttpRequest, do: Callable[[], T], *, form: forms.Form | None = None) -> T | None:
    """Run an action. A refusal becomes errors of `form` (or messages) and None; `refusal_status` gives the HTTP status.

    What it acts on was fetched behind the wall; the act itself looks beyond (duplicates, moves, kin), under policies of its own.
    """
    try:
        with dinding.terbuka("actions look beyond the caller's area; policies and trail are theirs"):
            return do()
    except StepRefused as refused:
        request.refusal_status = refused.http_status  # type: ignore[attr-defined]
        if isinstance(refused, NotAllowed) and request.user.is_authenticated:
            penolakan.catat(request.user, refused)
        kolom = getattr(refused, "kolom", None)
        for h in refused.halangan:
            _say(request, form, kolom, f"{h.kalimat} {h.jalan_keluar}".strip())
    except OperationalError as busy:
        if getattr(busy.__cause__, "sqlstate", "") not in LOCKED:
            raise
        request.refusal_status = 503  # type: ignore[attr-defined]
        _say(request, form, None, "Data ini sedang disimpan orang lain. Tunggu sebentar, lalu kirim lagi.")
    except BadFile as bad:
        request.refusal_status = 503 if isinstance(bad, NoRoom) else 422  # type: ignore[attr-defined]
        _say(request, form, None, str(bad))
    except KeyReused:
        request.refusal_status = 409  # type: ignore[attr-defined]
        _say(
            request,
            form,
            None,
            "Formulir ini sudah pernah dikirim dengan isi lain. Muat ulang halaman, lalu isi lagi.",
        )
    return None


def _say(request: HttpRequest, form: forms.Form | None, kolom: str | None, kalimat: str) -> None:
    if form is None:
        messages.error(request, kalimat)
    else:
        form.add_error(kolom if kolom in form.fields else None, kalimat)


def refusal_status(request: HttpRequest, default: int = 200) -> int:
    """HTTP status for a page that shows a form again: 422 for invalid input, else what the action said."""
    return getattr(request, "refusal_status", default)


def send_once(request: HttpRequest, form: SendOnceForm, do: Callable[[], str]) -> str:
    """Run `do` (it returns the address to go to) once for this form; a repeat gets the same address."""
    with dinding.terbuka("as in act()"):
        result, _ = once(
            pemilik=str(request.user.pk),
            kunci=form.cleaned_data["kunci_kirim"],
            isi=f"{request.path}|{form.content()}",
            do=do,
        )
    return result


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    next: str  # cursor for `?kursor=`, '' on the last page


def keyset(
    request: HttpRequest,
    rows: QuerySet[Any] | Callable[[list[Any], int], list[Any]],
    order: tuple[str, ...],
    size: int = PAGE_SIZE,
    *,
    read: Callable[[QuerySet[Any]], list[Any]] = list,
) -> Page:
    """One page after the cursor of the request. `order`: columns of one direction ('-x' for all or none), the last unique.

    `rows`: what to page through, or a function that reads so many rows in that order behind a key ([] = from the start).
    `read` fetches the rows of a queryset (`core.dinding.dua_sisi`).
    The cursor is signed together with the user, so it cannot be forged or borrowed; a bad one is a 400.
    """
    desc = order[0].startswith("-")
    columns = [c.lstrip("-") for c in order]
    salt = f"kursor:{request.user.pk}:{request.path}"
    values: list[Any] = []
    if raw := request.GET.get("kursor"):
        try:
            values = json.loads(signing.loads(raw, salt=salt))
        except (signing.BadSignature, ValueError) as error:
            raise SuspiciousOperation("bad cursor") from error
        if len(values) != len(columns):
            raise SuspiciousOperation("bad cursor")
    if callable(rows):
        found = rows(values, size + 1)
    else:
        if values:
            rows = rows.filter(beyond(columns, values, descending=desc))
        found = read(rows.order_by(*order)[: size + 1])
    cursor = ""
    if len(found) > size:
        found = found[:size]
        cursor = signing.dumps(json.dumps([_value(found[-1], c) for c in columns]), salt=salt)
    return Page(found, cursor)


def _value(row: Any, column: str) -> Any:
    for part in column.split("__"):
        row = getattr(row, part)
    return (
        row.isoformat()
        if isinstance(row, datetime.datetime | datetime.date)
        else row
        if isinstance(row, int)
        else str(row)
    )
