"""Base views: read-only lists and details over `visible_to`, and acts. An app says what, these say how."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.utils.cache import patch_vary_headers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from core.api import saring, sekali, versi
from core.api.galat import Masalah
from core.api.parser import JsonKetat
from core.api.saring import Saring


class ApiView(APIView):
    """Base of all. `cakupan`: the scope of a key for reading; `cakupan_tulis`: what unsafe methods ask besides."""

    cakupan: ClassVar[str] = ""
    cakupan_tulis: ClassVar[str] = "tulis"
    kuasa: ClassVar[
        tuple[str, ...]
    ] = ()  # any of these powers somewhere opens the address (people and keys alike)
    parser_classes = [JsonKetat]
    saring: ClassVar[list[Saring]] = []
    tags: ClassVar[list[str]] = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method not in ("GET", "HEAD"):
            _tanpa_parameter(request)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        jawaban = super().finalize_response(request, response, *args, **kwargs)
        patch_vary_headers(jawaban, ("Authorization", "Cookie", "Accept"))
        jawaban.headers["Cache-Control"] = "private, no-store"
        return jawaban

    def hitung_baris(self, jumlah: int) -> None:
        """Rows that leave count against the budget of the key or person, before they leave. Raises Masalah 429."""
        if self.request.auth is not None:
            self.request.auth.pakai_baris(jumlah, self.kuasa)

    def masukan(self, jenis: type[BaseSerializer[Any]]) -> dict[str, Any]:
        """The body, checked by `jenis`."""
        isi = jenis(data=self.request.data, context={"request": self.request})
        isi.is_valid(raise_exception=True)
        return dict(isi.validated_data)


def _tanpa_parameter(request: Request) -> None:
    if asing := sorted(request.GET):
        raise Masalah("parameter-salah", errors={k[:60]: ["Parameter ini tidak dikenal."] for k in asing})


class SatuJawaban(ApiView):
    """A GET that answers with one object: no query parameters but those declared."""

    nilai: dict[str, Any]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method in ("GET", "HEAD"):
            if dasar := sorted(set(request.GET) & set(saring.BAWAAN)):
                raise Masalah("parameter-salah", errors={k: ["Parameter ini tidak dikenal."] for k in dasar})
            self.nilai = saring.baca(request, self.saring, []).nilai


class DaftarView(ApiView):
    """GET: one page by cursor. Say `rows()`, `serializer_class`, `saring`, and `urutan` name -> columns (first = default).

    The columns of an order have one direction, are never null, and the last is unique.
    """

    serializer_class: ClassVar[type[BaseSerializer[Any]]]
    urutan: ClassVar[dict[str, tuple[str, ...]]] = {"id": ("id",)}
    ukuran_maks: ClassVar[int] = saring.UKURAN_MAKS
    nilai: dict[str, Any]

    def rows(self) -> QuerySet[Any]:
        """What this caller may see: `Model.objects.visible_to(self.request.user)` with its joins."""
        raise NotImplementedError

    def sumber(self) -> list[QuerySet[Any]]:
        """What the list is made of: one table, or several that share the columns of every order."""
        return [self.rows()]

    def tersaring(self) -> list[QuerySet[Any]]:
        """The sources with the filters of `self.nilai`."""
        hasil = self.sumber()
        for satu in self.saring:
            if satu.nama in self.nilai:
                hasil = [satu.terapkan(rows, self.nilai[satu.nama]) for rows in hasil]
        return hasil

    def siapkan(self, rows: list[Any]) -> None:
        """Hook: load what the serializer needs for the rows of a page, in a fixed number of queries."""

    def get(self, request: Request, **kwargs: Any) -> Response:
        terbaca = saring.baca(request, self.saring, list(self.urutan), self.ukuran_maks)
        self.nilai = terbaca.nilai
        halaman = saring.halaman(request, self.tersaring(), self.urutan[terbaca.urut], terbaca)
        self.hitung_baris(len(halaman.rows))
        self.siapkan(halaman.rows)
        isi = self.serializer_class(halaman.rows, many=True, context={"request": request, "view": self}).data
        return Response({"next": halaman.next, "previous": halaman.previous, "results": isi})


class RincianView(SatuJawaban):
    """GET: one object by `pk` in the address. Out of sight is the same 404 as not there."""

    serializer_class: ClassVar[type[BaseSerializer[Any]]]
    kolom: ClassVar[str] = "pk"

    def rows(self) -> QuerySet[Any]:
        raise NotImplementedError

    def ambil(self) -> Any:
        objek = self.rows().filter(**{self.kolom: self.kwargs[self.kolom]}).first()
        if objek is None:
            raise Http404
        return objek

    def siapkan(self, rows: list[Any]) -> None:
        """Hook, as in DaftarView."""

    def isi(self, objek: Any) -> Any:
        self.siapkan([objek])
        return self.serializer_class(objek, context={"request": self.request, "view": self}).data

    def get(self, request: Request, **kwargs: Any) -> Response:
        objek = self.ambil()
        self.hitung_baris(1)
        isi = self.isi(objek)
        return Response(isi, headers={"ETag": self.etag(objek, isi)})

    def etag(self, objek: Any, isi: Any) -> str:
        """Tag of the object for If-Match."""
        return versi.etag(objek) if hasattr(objek, "versi") else versi.sidik(isi)


class TindakanView(ApiView):
    """Base of unsafe methods: `sekali` runs an act once per Idempotency-Key and answers a repeat with the same body."""

    def sekali(self, do: Callable[[], tuple[int, dict[str, Any]]]) -> Response:
        """`do` performs the act and returns (status, body), both stored sealed in the act's own transaction."""
        return sekali.jawab(self.request, do)
