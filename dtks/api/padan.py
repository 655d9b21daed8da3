"""`padan/`: a batch of NIK checks in, progress and categories out."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from core.api import sekali
from core.api.galat import Masalah
from core.api.parser import JsonKetat
from core.api.views import DaftarView, RincianView, SatuJawaban
from dtks.actions import silang
from dtks.actions.silang import BarisMasuk
from dtks.models import Silang

KOLOM = ("nik", "nama", "tgl_lahir", "jenis_kelamin")
BESAR_MAKS = 16_000_000  # bytes; a hundred thousand full rows weigh about twelve million
PANJANG_SEL = 200
_BENTUK = "isi dengan nik dan, bila ada, nama, tgl_lahir, jenis_kelamin."


class CsvPadan(BaseParser):
    """UTF-8 CSV with the columns `KOLOM` (nik, and any of the others) in the first line."""

    media_type = "text/csv"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        mentah = stream.read(BESAR_MAKS + 1)
        if len(mentah) > BESAR_MAKS:
            raise Masalah("terlalu-besar")
        try:
            teks = mentah.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Masalah("permintaan-salah", rinci="Isi permintaan bukan UTF-8.") from None
        if "\x00" in teks:
            raise Masalah("permintaan-salah", rinci="Ada huruf yang tidak bisa disimpan.")
        return {"baris": list(_dari_csv(teks))}


def _dari_csv(teks: str) -> Iterator[dict[str, str]]:
    baris = csv.reader(io.StringIO(teks), strict=True)
    try:
        kepala = [h.strip().lower() for h in next(baris, [])]
        if "nik" not in kepala or len(set(kepala)) != len(kepala) or set(kepala) - set(KOLOM):
            raise Masalah(
                "isian-salah", errors={"baris": [f"Baris pertama: nik, dan bila ada {', '.join(KOLOM[1:])}."]}
            )
        for nomor, satu in enumerate(baris, 1):
            if satu and len(satu) != len(kepala):
                raise Masalah(
                    "isian-salah",
                    errors={"baris": [f"Baris {nomor}: jumlah kolom berbeda dari baris pertama."]},
                )
            if satu:
                yield dict(zip(kepala, satu, strict=True))
    except csv.Error:
        raise Masalah("isian-salah", errors={"baris": ["CSV tidak bisa dibaca."]}) from None


class BarisPadanSerializer(serializers.Serializer[Any]):
    nik = serializers.CharField(max_length=PANJANG_SEL, allow_blank=True)
    nama = serializers.CharField(max_length=PANJANG_SEL, required=False, allow_blank=True)
    tgl_lahir = serializers.CharField(
        max_length=PANJANG_SEL, required=False, allow_blank=True, help_text="TTTT-BB-HH"
    )
    jenis_kelamin = serializers.CharField(
        max_length=PANJANG_SEL, required=False, allow_blank=True, help_text="L atau P"
    )


class KirimPadanSerializer(serializers.Serializer[Any]):
    tujuan = serializers.CharField(max_length=200, required=False, help_text="Untuk apa hasilnya dipakai.")
    baris = BarisPadanSerializer(many=True, min_length=1, max_length=silang.MAKS_KIRIMAN)


class SilangSerializer(serializers.ModelSerializer[Silang]):
    class Meta:
        model = Silang
        fields = [
            "id",
            "wilayah",
            "tujuan",
            "status",
            "jumlah",
            "selesai",
            "per_kategori",
            "created_at",
            "selesai_at",
        ]


def baris_masuk(isi: Any) -> list[BarisMasuk]:
    """The rows of a body, checked by hand: a serializer would make a hundred thousand objects. Raises Masalah."""
    if not isinstance(isi, list) or not 1 <= len(isi) <= silang.MAKS_KIRIMAN:
        raise Masalah("isian-salah", errors={"baris": [f"Kirim 1 sampai {silang.MAKS_KIRIMAN} baris."]})
    hasil, dikenal = [], set(KOLOM)
    for nomor, satu in enumerate(isi, 1):
        if not isinstance(satu, dict) or "nik" not in satu or satu.keys() - dikenal:
            raise Masalah("isian-salah", errors={"baris": [f"Baris {nomor}: {_BENTUK}"]})
        for nilai in satu.values():
            if type(nilai) is not str or len(nilai) > PANJANG_SEL:
                raise Masalah(
                    "isian-salah",
                    errors={"baris": [f"Baris {nomor}: tiap isian teks paling panjang {PANJANG_SEL} huruf."]},
                )
        hasil.append(BarisMasuk(**satu))
    return hasil


class PadanDaftar(DaftarView):
    """Kiriman cek NIK milik kunci ini; POST mengirim yang baru, paling banyak 100.000 baris JSON atau CSV."""

    tags = ["padan"]
    cakupan = "padan"
    cakupan_tulis = "padan"
    kuasa = ("padan.minta",)
    serializer_class = SilangSerializer
    parser_classes = [JsonKetat, CsvPadan]
    besar_maks = BESAR_MAKS
    urutan = {"-created_at": ("-created_at", "-id")}

    def rows(self) -> QuerySet[Silang]:
        return Silang.objects.visible_to(self.request.user)

    @extend_schema(
        request={"application/json": KirimPadanSerializer, "text/csv": OpenApiTypes.STR},
        responses={202: SilangSerializer},
    )
    def post(self, request: Request) -> Response:
        isi = request.data
        if set(isi) - {"tujuan", "baris"}:
            raise Masalah(
                "isian-salah",
                errors={k[:60]: ["Isian ini tidak dikenal."] for k in sorted(set(isi) - {"tujuan", "baris"})},
            )
        tujuan = isi.get("tujuan", "API")
        if not isinstance(tujuan, str) or not 0 < len(tujuan) <= 200:
            raise Masalah("isian-salah", errors={"tujuan": ["Tulis teks 1 sampai 200 huruf."]})
        baris = baris_masuk(isi.get("baris"))
        self.hitung_baris(len(baris))

        def kirim() -> tuple[int, dict[str, Any]]:
            luas = request.user.cakupan("padan.minta")
            satu = silang.kirim(by=request.user, wilayah=luas[0], tujuan=tujuan, baris=baris)
            satu.refresh_from_db()
            return 202, dict(SilangSerializer(satu).data)

        jawab = sekali.jawab(request, kirim)
        jawab.headers["Location"] = f"{request.path}{jawab.data['id']}/"
        return jawab


class PadanRincian(RincianView):
    """Kemajuan satu kiriman dan jumlah tiap kategori."""

    tags = ["padan"]
    cakupan = "padan"
    kuasa = ("padan.minta",)
    serializer_class = SilangSerializer

    def rows(self) -> QuerySet[Silang]:
        return Silang.objects.visible_to(self.request.user)


class TanpaPilih(DefaultContentNegotiation):
    """One form only, whatever `Accept` says."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class PadanHasil(SatuJawaban):
    """Hasil tiap baris sebagai CSV `nomor,kategori`; nomor = urutan baris yang dikirim, tanpa NIK. Kosong: belum dijawab."""

    tags = ["padan"]
    cakupan = "padan"
    kuasa = ("padan.minta",)
    content_negotiation_class = TanpaPilih

    @extend_schema(responses={(200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, "nomor,kategori")})
    def get(self, request: Request, pk: Any) -> StreamingHttpResponse:
        satu = Silang.objects.visible_to(request.user).filter(pk=pk).first()
        if satu is None:
            raise Http404
        return StreamingHttpResponse(_csv(satu), content_type="text/csv; charset=utf-8")


def _csv(satu: Silang) -> Iterator[bytes]:
    yield b"nomor,kategori\r\n"
    potong: list[str] = []
    for nomor, kategori in silang.hasil(satu):
        potong.append(f"{nomor},{kategori}\r\n")
        if len(potong) == 5000:
            yield "".join(potong).encode()
            potong = []
    yield "".join(potong).encode()
