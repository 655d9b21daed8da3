"""`kelayakan/{program}/`: the list that counts, page by page or whole, and what changed since another list."""

import re
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.core import signing
from django.db.models import Case, IntegerField, Value, When
from django.http import Http404, HttpResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.kunci import Pemegang
from bansos.models import DaftarKelayakan, Kelayakan, Program
from bansos.queries import aliran
from core.api import saring
from core.api.galat import Masalah
from core.api.saring import Terbaca, id_, pilihan, pola
from core.api.views import DaftarView
from wilayah.api import saring_wilayah
from wilayah.kode import mencakup, persempit

KUASA = "kelayakan.lihat"
PERIODE = r"20[0-9]{2}-Q?[1-4]"


class _Mentah(BaseRenderer):
    """Chosen by `Accept`; the bytes come from the view."""

    charset = None

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        return JSONRenderer().render(data)  # a refusal


class NdjsonRenderer(_Mentah):
    media_type, format = "application/x-ndjson", aliran.NDJSON


class CsvRenderer(_Mentah):
    media_type, format = "text/csv", aliran.CSV


class AlasanSerializer(serializers.Serializer[Any]):
    kode = serializers.CharField()
    kalimat = serializers.CharField()
    cocok = serializers.BooleanField()
    saran = serializers.CharField()


class KelayakanSerializer(serializers.Serializer[Any]):
    """A row of an eligibility list."""

    id = serializers.UUIDField()
    keluarga = serializers.UUIDField()
    individu = serializers.UUIDField(allow_null=True)
    nama_kepala = serializers.CharField()
    wilayah = serializers.CharField()
    desil = serializers.IntegerField(allow_null=True)
    skor = serializers.IntegerField()
    peringkat = serializers.IntegerField(allow_null=True)
    hasil = serializers.ChoiceField(Kelayakan.Hasil.choices)
    manfaat = serializers.IntegerField(help_text="Rupiah setahun.")
    komponen = serializers.ListField(child=serializers.DictField(), allow_null=True)
    alasan = AlasanSerializer(many=True)
    versi_aturan = serializers.CharField()
    snapshot = serializers.CharField()
    data_per = serializers.DateField(allow_null=True)


def _posisi(saringan: aliran.Saringan) -> str:
    """Names the lists that are read: the only one by its id, several by a key over all of them."""
    ids = [str(d.pk) for d in saringan.daftar]
    return ids[0] if len(ids) == 1 else str(uuid5(NAMESPACE_OID, ",".join(ids)))


class KelayakanDaftar(DaftarView):
    """Daftar kelayakan satu program yang berlaku: yang ditandatangani, kalau belum ada yang terakhir dihitung.

    `Accept: application/x-ndjson` atau `text/csv` mengirim seluruh daftar sekaligus dari satu keadaan data. Bila terputus,
    minta lagi dengan `sesudah=` id baris terakhir yang utuh. Daftar yang sudah diganti dijawab 409: mulai dari awal.
    """

    tags = ["kelayakan"]
    cakupan = "kelayakan"
    kuasa = (KUASA,)
    serializer_class = KelayakanSerializer
    urutan = {}
    sinkron = True
    renderer_classes = [JSONRenderer, NdjsonRenderer, CsvRenderer]
    saring = [
        pola("periode", "Triwulan, `2026-4` atau `2026-Q4`; tanpa ini yang terbaru.", PERIODE, "Tulis tahun dan triwulan, misalnya 2026-4."),
        saring_wilayah(),
        pilihan("hasil", "Satu atau lebih, dipisah koma.", list(Kelayakan.Hasil.values), banyak=True),
        id_("sesudah", "Lanjutkan sesudah baris ini (hanya untuk NDJSON dan CSV)."),
        pola("diubah_sejak", "`kini` atau `posisi` dari jawaban sebelumnya: kosong selama daftarnya sama, 410 bila ada daftar baru.", r"kini|[0-9a-f-]{36}", "Tulis `kini` atau posisi dari jawaban sebelumnya."),
        id_("daftar", "Hanya daftar ini; 409 bila sudah diganti."),
    ]  # fmt: skip

    @extend_schema(
        responses={
            (200, "application/json"): KelayakanSerializer(many=True),
            (200, "application/x-ndjson"): OpenApiResponse(OpenApiTypes.STR, "Satu baris satu objek."),
            (200, "text/csv"): OpenApiResponse(OpenApiTypes.STR, "Kolom yang sama; alasan sebagai JSON."),
        }
    )
    def get(self, request: Request, **kwargs: Any) -> Any:
        terbaca = saring.baca(request, self.saring, [])
        self.nilai = terbaca.nilai
        saringan = self._saringan()
        if "diubah_sejak" in self.nilai:
            return self._berubah(saringan)
        bentuk = request.accepted_renderer.format
        if bentuk == "json":
            if "sesudah" in self.nilai:
                raise Masalah("parameter-salah", errors={"sesudah": ["Hanya untuk NDJSON dan CSV."]})
            return self._halaman(request, saringan, terbaca)
        if terbaca.kursor or "ukuran" in request.GET:
            raise Masalah("parameter-salah", errors={"kursor": ["Hanya untuk JSON per halaman."]})
        self.hitung_baris(saringan.jumlah())
        try:
            isi = aliran.alirkan(saringan, bentuk, self.nilai.get("sesudah"))
        except aliran.BarisLain:
            raise Masalah("bentrok", rinci="Daftar ini sudah diganti. Mulai lagi dari awal.") from None
        jawab = StreamingHttpResponse(
            isi, content_type=f"{request.accepted_renderer.media_type}; charset=utf-8"
        )
        jawab.headers["X-Accel-Buffering"] = "no"
        for nama, nilai in self._kepala(saringan).items():
            jawab.headers[nama] = nilai
        return jawab

    def _berubah(self, saringan: aliran.Saringan) -> Response:
        """A list is frozen: it changes by being replaced. The position is the list; another one is pulled whole."""
        kini = _posisi(saringan)
        if self.nilai["diubah_sejak"] not in ("kini", kini):
            raise Masalah(
                "posisi-lewat",
                rinci="Ada daftar yang lebih baru. Tarik seluruhnya.",
                tambahan={"posisi": kini},
            )
        return Response({"next": None, "previous": None, "results": [], "posisi": kini})

    def _kepala(self, saringan: aliran.Saringan) -> dict[str, str]:
        """Which lists these are, so that a reader can insist on them and know when they are others."""
        satu = saringan.daftar[0] if len(saringan.daftar) == 1 else None
        return {"X-Daftar": str(satu.pk), "X-Daftar-Sidik": bytes(satu.sidik).hex()} if satu else {}

    def _halaman(self, request: Request, saringan: aliran.Saringan, terbaca: Terbaca) -> HttpResponse:
        """A page: the lines of PostgreSQL put into the envelope as they are."""
        garam = f"kelayakan:{request.user.pk}:{self.kwargs['program']}:" + ":".join(
            f"{k}={v}" for k, v in sorted(terbaca.nilai.items())
        )
        sisa = self._sisa(saringan, terbaca.kursor, garam)
        isi: list[bytes] = []
        butuh, akhir = terbaca.ukuran, None
        for daftar, mulai in sisa:
            potong = saringan.potong(daftar, mulai, butuh)
            if potong is not None:
                isi.append(potong.isi)
                butuh, akhir = butuh - potong.n, potong.akhir
            if not butuh:
                break
        self.hitung_baris(terbaca.ukuran - butuh)
        lanjut = "null"
        if akhir is not None and not butuh:
            alamat = request.GET.copy()
            alamat["kursor"] = signing.dumps(str(akhir), salt=garam)
            lanjut = f'"{request.build_absolute_uri(f"{request.path}?{alamat.urlencode()}")}"'
        baris = b",".join(b"".join(isi).splitlines())
        badan = f'{{"next": {lanjut}, "previous": null, "results": ['.encode() + baris + b"]}"
        return HttpResponse(badan, content_type="application/json", headers=self._kepala(saringan))

    def _sisa(
        self, saringan: aliran.Saringan, kursor: str, garam: str
    ) -> list[tuple[DaftarKelayakan, UUID | None]]:
        try:
            return saringan.sisa(UUID(signing.loads(kursor, salt=garam)) if kursor else None)
        except (signing.BadSignature, ValueError, TypeError) as error:
            raise Masalah("parameter-salah", errors={"kursor": ["Kursor ini tidak berlaku."]}) from error
        except aliran.BarisLain:
            raise Masalah("bentrok", rinci="Daftar ini sudah diganti. Mulai lagi dari awal.") from None

    def _saringan(self) -> aliran.Saringan:
        program: str = self.kwargs["program"]
        if not re.fullmatch(r"[A-Z0-9-]{1,20}", program) or not Program.objects.filter(pk=program).exists():
            raise Http404
        luas = persempit(self.request.user.cakupan(KUASA), self.nilai.get("wilayah"))
        daftar = self._daftar(program, luas)
        if diminta := self.nilai.get("daftar"):
            daftar = [d for d in daftar if d.pk == diminta]
            if not daftar:
                raise Masalah("bentrok", rinci="Daftar ini sudah diganti. Mulai lagi dari awal.")
        user = self.request.user
        kesehatan = all(user.boleh("keluarga.ubah", k) or user.boleh("ppks.sensitif", k) for k in luas)
        # A key with this scope was approved for the names of its lists; a person sees them where he sees the families.
        samar = not isinstance(self.request.auth, Pemegang) and not all(
            user.boleh("keluarga.lihat", k) for k in luas
        )
        return aliran.Saringan(daftar, luas, self.nilai.get("hasil", ()), kesehatan, samar)

    def _daftar(self, program: str, luas: list[str]) -> list[DaftarKelayakan]:
        """Of each kabupaten the list that counts in the quarter asked for (or its newest quarter), by area."""
        utama = Case(
            When(status="ditandatangani", then=Value(0)), default=Value(1), output_field=IntegerField()
        )
        rows = (
            DaftarKelayakan.objects.visible_to(self.request.user)
            .hidup()
            .filter(program=program)
            .select_related("aturan")
        )
        if periode := self.nilai.get("periode"):
            rows = rows.filter(periode=periode.replace("Q", ""))
        kab: dict[str, DaftarKelayakan] = {}
        for satu in rows.order_by("wilayah", "-periode", utama, "-created_at", "id"):
            if any(mencakup(satu.wilayah_id, kode) or mencakup(kode, satu.wilayah_id) for kode in luas):
                kab.setdefault(satu.wilayah_id, satu)
        return list(kab.values())
