"""The second wall (docs/adr/0034): while a signed-in person is served, PostgreSQL itself shows rows of his kabupaten only.

`visible_to(user)` decides what a page shows, area by area and power by power. Should a view forget it, the tables with people
answer under the roles below, whose policies know nothing but the code of the kabupaten (or the provinces). `core.database`
writes role and codes in front of statements, for one transaction, so no connection of the pool keeps them. What crosses
areas by its nature says so with `terbuka(...)`: actions, which have their policies and their trail.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, TypeVar

from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import FileResponse
from django.http.response import HttpResponseBase

T = TypeVar("T")
M = TypeVar("M", bound=Model)
SATU, LUAS = "dtks_layar", "dtks_layar_luas"  # roles of core/sql/dinding.sql
_HURUF = frozenset("0123456789.,")


@dataclass(frozen=True)
class Pandangan:
    """What the wall lets through: one kabupaten, or some provinces. No code, no rows."""

    peran: str
    kode: str

    @cached_property
    def sql(self) -> tuple[str, ...]:
        """Statements that put it up until the end of the transaction. Only digits, dots and commas get into them."""
        if not _HURUF.issuperset(self.kode):
            raise ValueError(f"bukan kode wilayah: {self.kode!r}")
        setelan = "dtks.kab" if self.peran == SATU else "dtks.prov"
        return f"set local role {self.peran}", f"set local {setelan} = '{self.kode}'"


TURUN = ("set local role none",)
_kini: ContextVar[Pandangan | None] = ContextVar("dinding", default=None)


def kini() -> Pandangan | None:
    """The wall that stands now; None: the login's own sight."""
    return _kini.get()


def menurut(wilayah: Iterable[str | None]) -> Pandangan | None:
    """The narrowest wall around these areas. None where one of them is all of Indonesia: there is nothing to keep out."""
    kode = list(wilayah)
    if None in kode or not settings.DINDING:
        return None
    kabupaten = {k[:5] for k in kode if k}
    if len(kabupaten) <= 1 and not any(len(k) == 2 for k in kabupaten):
        return Pandangan(SATU, "".join(kabupaten))
    return Pandangan(LUAS, ",".join(sorted({k[:2] for k in kabupaten})))


def pasang(wilayah: Iterable[str | None]) -> None:
    """Put it up for the rest of this request (`core.middleware.RequestContextMiddleware` takes it down)."""
    _kini.set(menurut(wilayah))


@contextmanager
def di_balik(pandangan: Pandangan | None) -> Iterator[None]:
    """Behind this wall (None: behind none), whatever stood before."""
    tanda = _kini.set(pandangan)
    try:
        yield
    finally:
        _kini.reset(tanda)


@contextmanager
def terbuka(sebab: str) -> Iterator[None]:
    """Without the wall. `sebab` says to the reader of the code why these reads may cross areas."""
    assert sebab
    with di_balik(None):
        yield


def publik(view: Callable[..., T]) -> Callable[..., T]:
    """A page that everybody may open reads the same for somebody who happens to be signed in."""

    @wraps(view)
    def lihat(*args: Any, **kwargs: Any) -> T:
        with terbuka("halaman publik"):
            return view(*args, **kwargs)

    return lihat


def dua_sisi(rows: QuerySet[M]) -> list[M]:
    """Rows that have a side on either side of the wall (a pair of two people who may be one), with what belongs to them on both.

    Read without the wall, for a join would lose them; then those stay that their own table shows behind it.
    """
    with terbuka("the other side of a two-sided row"):
        semua = list(rows)
    if not semua or kini() is None:
        return semua
    boleh = set(rows.model._base_manager.filter(pk__in=[r.pk for r in semua]).values_list("pk", flat=True))
    return [r for r in semua if r.pk in boleh]


def layani(do: Callable[[], T]) -> T:
    """Answer one request: it begins without a wall; what it streams later stays behind the one that it put up."""
    tanda = _kini.set(None)
    try:
        jawab = do()
        pandangan = _kini.get()
    finally:
        _kini.reset(tanda)
    if pandangan and isinstance(jawab, HttpResponseBase) and jawab.streaming:
        _tutup_aliran(jawab, pandangan)
    return jawab


def _tutup_aliran(jawab: HttpResponseBase, pandangan: Pandangan) -> None:
    if not isinstance(jawab, FileResponse):
        jawab.streaming_content = _alir(jawab.streaming_content, pandangan)  # type: ignore[attr-defined]


def _alir(isi: Iterable[bytes], pandangan: Pandangan) -> Iterator[bytes]:
    sisa = iter(isi)
    while True:
        with di_balik(pandangan):
            potong = next(sisa, None)
        if potong is None:
            return
        yield potong
