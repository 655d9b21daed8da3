"""`keluarga/` and `individu/{id}/`: the register, as far as the caller sees it."""

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import boleh_nik
from core.api.saring import Saring, bilangan, pilihan
from core.api.views import DaftarView, RincianView
from core.privacy.fields import plain
from dtks.actions.reveal import catat_bacaan
from dtks.api.sinkron import Sinkron, saring_sinkron
from dtks.models import AnggotaPPKS, Desil, Individu, Keluarga
from wilayah.api import saring_wilayah


class DesilSerializer(serializers.ModelSerializer[Desil]):
    class Meta:
        model = Desil
        fields = ["desil", "tahun", "triwulan", "sumber"]


class KeluargaSerializer(serializers.Serializer[Keluarga]):
    id = serializers.UUIDField()
    no_kk = serializers.SerializerMethodField(help_text="Disamarkan, kecuali kunci bercakupan `nik`.")
    nama_kepala = serializers.CharField()
    wilayah = serializers.CharField(source="wilayah_id")
    desa = serializers.CharField(source="wilayah.jalur")
    alamat = serializers.CharField()
    rt = serializers.CharField()
    rw = serializers.CharField()
    status = serializers.ChoiceField(Keluarga.Status.choices)
    desil = serializers.SerializerMethodField()
    versi = serializers.IntegerField()
    diubah = serializers.DateTimeField(source="updated_at")

    def get_no_kk(self, row: Keluarga) -> str:
        return nomor(row.no_kk, self.context["request"])

    @extend_schema_field(DesilSerializer(allow_null=True))
    def get_desil(self, row: Keluarga) -> Any:
        terbaru = row.desil_terbaru  # type: ignore[attr-defined]
        return DesilSerializer(terbaru[0]).data if terbaru else None


class PPKSSerializer(serializers.Serializer[AnggotaPPKS]):
    kategori = serializers.CharField(source="kategori_id")
    nama = serializers.CharField(source="kategori.nama")
    sejak = serializers.DateField()


class AnggotaSerializer(serializers.Serializer[Individu]):
    id = serializers.UUIDField()
    nik = serializers.SerializerMethodField(help_text="Disamarkan, kecuali kunci bercakupan `nik`.")
    nama = serializers.CharField()
    tgl_lahir = serializers.DateField()
    jenis_kelamin = serializers.CharField()
    hubungan = serializers.CharField()
    aktif = serializers.BooleanField()
    padan = serializers.ChoiceField(Individu.Padan.choices)
    padan_pada = serializers.DateTimeField(source="padan_at", allow_null=True)
    ppks = PPKSSerializer(source="ppks_terlihat", many=True)
    diubah = serializers.DateTimeField(source="updated_at")

    def get_nik(self, row: Individu) -> str:
        return nomor(row.nik, self.context["request"])


class IndividuSerializer(AnggotaSerializer):
    keluarga = serializers.UUIDField(source="keluarga_id")
    wilayah = serializers.CharField(source="keluarga.wilayah_id")
    tempat_lahir = serializers.CharField()
    status_kawin = serializers.CharField()
    nonaktif_alasan = serializers.CharField()


class KeluargaRincianSerializer(KeluargaSerializer):
    alamat_kk = serializers.CharField()
    bantuan = serializers.ListField(child=serializers.CharField(), allow_null=True)
    anggota = AnggotaSerializer(many=True)


def nomor(tersegel: Any, request: Request) -> str:
    """Full for a key with the scope `nik` (the view writes the trail), masked for everybody else, '' when there is none."""
    if boleh_nik(request):
        return plain(tersegel)
    return str(tersegel) if tersegel else ""


def anggota_terlihat(request: Request) -> Prefetch:
    """Members with the PPKS categories that this caller sees."""
    rows = Individu.objects.prefetch_related(ppks_terlihat(request))
    return Prefetch("anggota", rows.order_by("hubungan", "tgl_lahir", "id"))


def ppks_terlihat(request: Request) -> Prefetch:
    jalan = AnggotaPPKS.objects.visible_to(request.user).filter(hingga__isnull=True)
    return Prefetch("ppks", jalan.select_related("kategori").order_by("sejak", "id"), to_attr="ppks_terlihat")


def desil_terbaru() -> Prefetch:
    rows = Desil.objects.order_by("keluarga", "-tahun", "-triwulan").distinct("keluarga")
    return Prefetch("desil", rows, to_attr="desil_terbaru")


def _berdesil(rows: QuerySet[Keluarga], nilai: int) -> QuerySet[Keluarga]:
    """The newest decile of the family is this one."""
    baru = Desil.objects.filter(keluarga=OuterRef("pk")).order_by("-tahun", "-triwulan").values("desil")[:1]
    return rows.annotate(desil_kini=baru).filter(desil_kini=nilai)


class Tercatat:
    """Mixed into views that may show full numbers: the trail is written in the transaction of the read."""

    request: Request

    def get(self, request: Request, **kwargs: Any) -> Response:
        if not boleh_nik(request):
            return super().get(request, **kwargs)  # type: ignore[misc]
        with transaction.atomic():
            return super().get(request, **kwargs)  # type: ignore[misc]

    def siapkan(self, rows: list[Any]) -> None:
        if boleh_nik(self.request):
            catat_bacaan(rows, by=self.request.user)


class KeluargaDaftar(Tercatat, Sinkron, DaftarView):
    """Keluarga di wilayah pemanggil."""

    tags = ["register"]
    cakupan = "register"
    kuasa = ("keluarga.lihat",)
    jenis = "keluarga"
    serializer_class = KeluargaSerializer
    urutan = {"-diubah": ("-updated_at", "-id"), "id": ("id",)}

    @property
    def saring(self) -> list[Saring]:  # type: ignore[override]
        return [
            saring_wilayah(),
            saring_sinkron(),
            bilangan("desil", "Desil terbaru keluarga.", 1, 10, _berdesil),
            pilihan("status", "Keadaan di register.", list(Keluarga.Status.values), "status"),
            Saring("ppks", "Kode kategori PPKS yang masih berjalan pada seorang anggotanya.", str, self._ber_ppks, {"type": "string", "maxLength": 30}),
        ]  # fmt: skip

    def _ber_ppks(self, rows: QuerySet[Keluarga], nilai: str) -> QuerySet[Keluarga]:
        ada = AnggotaPPKS.objects.visible_to(self.request.user).filter(
            individu__keluarga=OuterRef("pk"), kategori=nilai, hingga__isnull=True
        )
        return rows.filter(Exists(ada))

    def rows(self) -> QuerySet[Keluarga]:
        rows = Keluarga.objects.visible_to(self.request.user)
        return rows.select_related("wilayah").prefetch_related(desil_terbaru())


class KeluargaRincian(Tercatat, RincianView):
    """Satu keluarga dengan anggotanya."""

    tags = ["register"]
    cakupan = "register"
    kuasa = ("keluarga.lihat",)
    serializer_class = KeluargaRincianSerializer

    def rows(self) -> QuerySet[Keluarga]:
        rows = Keluarga.objects.visible_to(self.request.user).select_related("wilayah")
        return rows.prefetch_related(desil_terbaru(), anggota_terlihat(self.request))

    def siapkan(self, rows: list[Any]) -> None:
        super().siapkan([*rows, *(a for k in rows for a in k.anggota.all())])


class IndividuDaftar(Tercatat, Sinkron, DaftarView):
    """Orang di register, di wilayah pemanggil."""

    tags = ["register"]
    cakupan = "register"
    kuasa = ("keluarga.lihat",)
    jenis = "individu"
    serializer_class = IndividuSerializer
    urutan = {"id": ("id",)}
    saring = [saring_wilayah("keluarga__wilayah_id"), saring_sinkron()]

    def rows(self) -> QuerySet[Individu]:
        rows = Individu.objects.visible_to(self.request.user).select_related("keluarga")
        return rows.prefetch_related(ppks_terlihat(self.request))


class IndividuRincian(Tercatat, RincianView):
    """Satu orang di register."""

    tags = ["register"]
    cakupan = "register"
    kuasa = ("keluarga.lihat",)
    serializer_class = IndividuSerializer

    def rows(self) -> QuerySet[Individu]:
        rows = Individu.objects.visible_to(self.request.user).select_related("keluarga")
        return rows.prefetch_related(ppks_terlihat(self.request))
