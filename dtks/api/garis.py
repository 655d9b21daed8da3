"""`musyawarah/` and `asesmen/`: what meetings decided and what visits found."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.saring import id_, pilihan, pola, tanggal
from core.api.views import DaftarView, RincianView
from dtks.models import Asesmen, Musyawarah, PutusanMusyawarah, Usulan
from dtks.workflow import MUSYAWARAH
from wilayah.api import saring_wilayah


class PutusanSerializer(serializers.Serializer[PutusanMusyawarah]):
    usulan = serializers.UUIDField(source="usulan_id")
    putusan = serializers.ChoiceField(PutusanMusyawarah.Putusan.choices)
    alasan = serializers.CharField()


class MusyawarahSerializer(serializers.Serializer[Musyawarah]):
    id = serializers.UUIDField()
    wilayah = serializers.CharField(source="wilayah_id")
    jenis = serializers.ChoiceField(Musyawarah.Jenis.choices)
    nomor = serializers.CharField()
    waktu = serializers.DateTimeField()
    tempat = serializers.CharField()
    agenda = serializers.CharField()
    periode = serializers.CharField()
    status = serializers.ChoiceField(MUSYAWARAH.choices())
    status_sejak = serializers.DateTimeField()
    perbaikan_dari = serializers.UUIDField(source="perbaikan_dari_id", allow_null=True)
    versi = serializers.IntegerField()
    diubah = serializers.DateTimeField(source="updated_at")


class MusyawarahRincianSerializer(MusyawarahSerializer):
    putusan = PutusanSerializer(source="putusan_terlihat", many=True)


class MusyawarahDaftar(DaftarView):
    """Musyawarah desa dan kelurahan, yang terakhir dulu."""

    tags = ["musyawarah"]
    cakupan = "usulan"
    kuasa = ("musyawarah.lihat",)
    serializer_class = MusyawarahSerializer
    urutan = {"-waktu": ("-waktu", "-id"), "-diubah": ("-updated_at", "-id"), "id": ("id",)}
    saring = [
        saring_wilayah(),
        pilihan("status", "Keadaan; beberapa dipisah koma.", [k for k, _ in MUSYAWARAH.choices()], "status__in", banyak=True),
        pola("periode", "Bulan musyawarah.", r"20[0-9]{2}-(0[1-9]|1[0-2])", "Tulis periode sebagai TTTT-BB.", "periode"),
    ]  # fmt: skip

    def rows(self) -> QuerySet[Musyawarah]:
        return Musyawarah.objects.visible_to(self.request.user)


class MusyawarahRincian(RincianView):
    """Satu musyawarah dengan putusan atas tiap usulan yang terlihat oleh pemanggil."""

    tags = ["musyawarah"]
    cakupan = "usulan"
    kuasa = ("musyawarah.lihat",)
    serializer_class = MusyawarahRincianSerializer

    def rows(self) -> QuerySet[Musyawarah]:
        terlihat = Usulan.objects.visible_to(self.request.user).values("pk")
        putusan = PutusanMusyawarah.objects.filter(usulan__in=terlihat).order_by("usulan_id")
        rows = Musyawarah.objects.visible_to(self.request.user)
        return rows.prefetch_related(Prefetch("putusan", putusan, to_attr="putusan_terlihat"))


class KriteriaSerializer(serializers.Serializer[Any]):
    kode = serializers.CharField()
    kalimat = serializers.CharField()
    jawaban = serializers.BooleanField(allow_null=True)


class AsesmenSerializer(serializers.Serializer[Asesmen]):
    id = serializers.UUIDField()
    usulan = serializers.UUIDField(source="usulan_id")
    wilayah = serializers.CharField(source="usulan.wilayah_id")
    ke = serializers.IntegerField()
    tanggal = serializers.DateField()
    kunjungan = serializers.ChoiceField(Asesmen.Kunjungan.choices)
    kesimpulan = serializers.ChoiceField([("", "Belum disimpulkan"), *Asesmen.Kesimpulan.choices])
    selesai = serializers.DateTimeField(source="selesai_at", allow_null=True)
    diubah = serializers.DateTimeField(source="updated_at")


class AsesmenRincianSerializer(AsesmenSerializer):
    kriteria = serializers.SerializerMethodField()

    @extend_schema_field(KriteriaSerializer(many=True))
    def get_kriteria(self, row: Asesmen) -> list[dict[str, Any]]:
        return [{"kode": k, "kalimat": kalimat, "jawaban": j} for k, kalimat, j in row.kriteria]


class AsesmenDaftar(DaftarView):
    """Kunjungan petugas lapangan."""

    tags = ["asesmen"]
    cakupan = "usulan"
    kuasa = ("asesmen.lihat", "usulan.ases")
    serializer_class = AsesmenSerializer
    urutan = {"-diubah": ("-updated_at", "-id"), "id": ("id",)}
    saring = [
        saring_wilayah("usulan__wilayah_id"),
        id_("usulan", "Kunjungan untuk usulan ini.", "usulan_id"),
        pilihan("kesimpulan", "Kesimpulan petugas.", list(Asesmen.Kesimpulan.values), "kesimpulan"),
        tanggal("sejak", "Kunjungan pada atau sesudah tanggal ini.", "tanggal__gte"),
    ]

    def rows(self) -> QuerySet[Asesmen]:
        return Asesmen.objects.visible_to(self.request.user).select_related("usulan")


class AsesmenRincian(RincianView):
    """Satu kunjungan dengan jawaban kriterianya."""

    tags = ["asesmen"]
    cakupan = "usulan"
    kuasa = ("asesmen.lihat", "usulan.ases")
    serializer_class = AsesmenRincianSerializer

    def rows(self) -> QuerySet[Asesmen]:
        return Asesmen.objects.visible_to(self.request.user).select_related("usulan")
