"""`webhook/`: subscriptions of the key that asks."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import webhook as tindakan
from accounts.api.kunci import Pemegang
from accounts.models import KirimanWebhook, Peristiwa, Webhook
from core.api.galat import Masalah
from core.api.masukan import Masukan, Teks
from core.api.views import DaftarView, RincianView, TindakanView

BERLANGGANAN = [p for p in Peristiwa.values if p != Peristiwa.UJI]


class WebhookSerializer(serializers.ModelSerializer[Webhook]):
    peristiwa = serializers.ListField(child=serializers.ChoiceField(BERLANGGANAN))

    class Meta:
        model = Webhook
        fields = ["id", "alamat", "peristiwa", "status", "sebab", "terkirim_at", "created_at"]


class WebhookBaruSerializer(WebhookSerializer):
    rahasia = serializers.CharField(help_text="Hanya di jawaban ini; simpan untuk memeriksa tanda tangan.")

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "rahasia"]


class LanggananMasukan(Masukan):
    alamat = Teks(max_length=200)
    peristiwa = serializers.ListField(
        child=serializers.ChoiceField(BERLANGGANAN), min_length=1, max_length=len(BERLANGGANAN)
    )


class KirimanSerializer(serializers.ModelSerializer[KirimanWebhook]):
    class Meta:
        model = KirimanWebhook
        fields = [
            "id",
            "peristiwa",
            "data",
            "status",
            "percobaan",
            "kode",
            "sebab",
            "created_at",
            "dicoba_at",
        ]


class _Milik:
    """Only by key: a person looks at the page of the key."""

    request: Request

    def rows(self) -> QuerySet[Webhook]:
        return Webhook.objects.ada().filter(kunci=self._kunci())

    def _kunci(self) -> Any:
        if not isinstance(self.request.auth, Pemegang):
            raise Masalah("tidak-berwenang")
        return self.request.auth.kunci

    def _satu(self, pk: Any) -> Webhook:
        satu = self.rows().filter(pk=pk).first()
        if satu is None:
            raise Http404
        return satu


class WebhookDaftar(_Milik, DaftarView, TindakanView):
    """Langganan milik kunci ini. POST membuat yang baru; rahasianya hanya ada di jawaban itu."""

    tags = ["webhook"]
    cakupan_tulis = ""
    serializer_class = WebhookSerializer

    @extend_schema(request=LanggananMasukan, responses={201: WebhookBaruSerializer})
    def post(self, request: Request) -> Response:
        isi = self.masukan(LanggananMasukan)
        kunci = self._kunci()

        def buat() -> tuple[int, dict[str, Any]]:
            satu, rahasia = tindakan.langganan(kunci=kunci, by=request.user, **isi)
            satu.refresh_from_db()
            return 201, {**WebhookSerializer(satu).data, "rahasia": rahasia}

        return self.sekali(buat)


class WebhookRincian(_Milik, RincianView, TindakanView):
    """Satu langganan; DELETE menghapusnya."""

    tags = ["webhook"]
    cakupan_tulis = ""
    serializer_class = WebhookSerializer

    @extend_schema(responses={200: WebhookSerializer})
    def delete(self, request: Request, pk: Any) -> Response:
        satu = self._satu(pk)

        def hapus() -> tuple[int, dict[str, Any]]:
            tindakan.hapus(satu, by=request.user)
            satu.refresh_from_db()
            return 200, dict(WebhookSerializer(satu).data)

        return self.sekali(hapus)


class WebhookUji(_Milik, TindakanView):
    """Mengirim pesan uji ke alamat langganan ini."""

    tags = ["webhook"]
    cakupan_tulis = ""

    @extend_schema(request=None, responses={202: KirimanSerializer})
    def post(self, request: Request, pk: Any) -> Response:
        satu = self._satu(pk)

        def uji() -> tuple[int, dict[str, Any]]:
            kiriman = tindakan.uji(satu, by=request.user)
            kiriman.refresh_from_db()
            return 202, dict(KirimanSerializer(kiriman).data)

        return self.sekali(uji)


class WebhookAktifkan(_Milik, TindakanView):
    """Menjalankan lagi langganan yang dihentikan; yang tertunda dikirim."""

    tags = ["webhook"]
    cakupan_tulis = ""

    @extend_schema(request=None, responses={200: WebhookSerializer})
    def post(self, request: Request, pk: Any) -> Response:
        satu = self._satu(pk)
        return self.sekali(
            lambda: (200, dict(WebhookSerializer(tindakan.aktifkan(satu, by=request.user)).data))
        )


class WebhookKiriman(_Milik, DaftarView):
    """Pesan dari satu langganan, yang terbaru di atas."""

    tags = ["webhook"]
    serializer_class = KirimanSerializer
    urutan = {"-created_at": ("-created_at", "-id")}

    def rows(self) -> QuerySet[KirimanWebhook]:  # type: ignore[override]
        satu = Webhook.objects.ada().filter(kunci=self._kunci(), pk=self.kwargs["pk"]).first()
        if satu is None:
            raise Http404
        return KirimanWebhook.objects.filter(webhook=satu)
