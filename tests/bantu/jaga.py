"""Guards that make a bad habit fail a test: a GET that writes, rows without an order, names that a template does not know."""

import random
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from django.core.handlers.base import BaseHandler
from django.db import connection
from django.db.models import QuerySet
from django.template.base import Node
from whitenoise.middleware import WhiteNoiseMiddleware

AKAR = Path(__file__).resolve().parents[2]
_MENULIS = re.compile(
    r"^\s*(INSERT|UPDATE|DELETE|MERGE|TRUNCATE)\b|\bFOR (NO KEY )?UPDATE\b|\bFOR SHARE\b", re.I
)
_BOLEH = re.compile(r'"?(django_session|axes_\w+)"?', re.I)
_API = re.compile(
    r"\b(core_pembatas|accounts_pemakaian\w+)\b", re.I
)  # the API counts who asks how often, and rows


class GetMenulis(AssertionError):
    """A GET or HEAD changed, or locked, a row."""


@contextmanager
def get_tidak_menulis() -> Iterator[None]:
    """Inside, an answer to GET or HEAD may write to the session table and to axes' tables only."""
    asli = BaseHandler.get_response

    def get_response(self: Any, request: Any) -> Any:
        if request.method not in ("GET", "HEAD"):
            return asli(self, request)
        with connection.execute_wrapper(_tolak(request.method, request.path)):
            return asli(self, request)

    with mock.patch.object(BaseHandler, "get_response", get_response):
        yield


def _tolak(metode: str, path: str) -> Any:
    def periksa(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        boleh = _BOLEH.search(sql) or (path.startswith("/api/") and _API.search(sql))
        if _MENULIS.search(sql) and not boleh:
            raise GetMenulis(f"{metode} {path} menulis: {sql[:200]}")
        return execute(sql, params, many, context)

    return periksa


@contextmanager
def urutan_acak(apps: tuple[str, ...]) -> Iterator[None]:
    """Rows of a queryset that says nothing of their order are shuffled, as PostgreSQL may do any day."""
    asli, acak = QuerySet._fetch_all, random.Random(3205)

    def _fetch_all(self: Any) -> None:
        baru = self._result_cache is None
        asli(self)
        if baru and len(self._result_cache) > 1 and self.model._meta.app_label in apps and not self.ordered:
            acak.shuffle(self._result_cache)

    with ExitStack() as tumpuk:
        tumpuk.enter_context(mock.patch.object(QuerySet, "_fetch_all", _fetch_all))
        yield


@contextmanager
def berkas_statis_sekali() -> Iterator[None]:
    """A test client builds the middleware anew; the static files are read once all the same, as a server does."""
    asli, dikenal = WhiteNoiseMiddleware.update_files_dictionary, {}

    def update_files_dictionary(self: Any, root: str, prefix: str) -> None:
        if (root, prefix) not in dikenal:
            sebelum, self.files = self.files, {}
            asli(self, root, prefix)
            dikenal[root, prefix], self.files = self.files, sebelum
        self.files.update(dikenal[root, prefix])

    with mock.patch.object(WhiteNoiseMiddleware, "update_files_dictionary", update_files_dictionary):
        yield


class TidakDikenal(AssertionError):
    """One of our templates asks for a name that its context does not have."""


class NamaTidakDikenal(str):
    """For `string_if_invalid`: fails for our own templates, and is the empty text for those of Django and allauth."""

    __slots__ = ()

    def __contains__(self, potongan: object) -> bool:
        return potongan == "%s" or super().__contains__(str(potongan))

    def __bool__(self) -> bool:
        return True

    def __mod__(self, nama: object) -> str:
        asal = _template()
        if asal and Path(asal).is_relative_to(AKAR) and ".venv" not in asal:
            raise TidakDikenal(f"{Path(asal).relative_to(AKAR)} memakai nama yang tidak ada: {nama}")
        return ""


def _template() -> str:
    """File of the template whose node is being drawn."""
    frame = sys._getframe(1)
    while frame is not None:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None) is not None:
            return node.origin.name
        frame = frame.f_back
    return ""
