"""`pengaduan/`: complaints for machines, never with who brought them."""

from django.db.models import QuerySet
from rest_framework import serializers

from core.api.saring import pilihan, pola
from core.api.views import DaftarView, RincianView
from pengaduan.models import Aduan
from pengaduan.workflow import ADUAN
from wilayah.api import saring_wilayah

KUASA = ("aduan.lihat", "aduan.proses", "aduan.tangani", "aduan.catat")


class AduanSerializer(serializers.Serializer[Aduan]):
    id = serializers.UUIDField()
    tiket = serializers.CharField()
    wilayah = serializers.CharField(source="wilayah_id")
    kanal = serializers.ChoiceField(Aduan.Kanal.choices)
    kategori = serializers.CharField(source="kategori_id")
    kelas = serializers.ChoiceField([("", "Belum digolongkan"), *Aduan.Kelas.choices])
    status = serializers.ChoiceField(ADUAN.choices())
    status_kata = serializers.CharField(source="get_status_display")
    status_sejak = serializers.DateTimeField()
    tenggat = serializers.DateTimeField(source="tenggat_at", allow_null=True)
    dijawab = serializers.DateTimeField(source="dijawab_at", allow_null=True)
    nilai = serializers.IntegerField(allow_null=True)
    versi = serializers.IntegerField()
    dibuat = serializers.DateTimeField(source="created_at")
    diubah = serializers.DateTimeField(source="updated_at")


class AduanRincianSerializer(AduanSerializer):
    cerita = serializers.CharField()
    tempat = serializers.CharField()
    kejadian = serializers.DateField(allow_null=True)
    jawaban = serializers.CharField()


class AduanDaftar(DaftarView):
    """Aduan, aspirasi, dan permintaan informasi warga, tanpa pelapornya."""

    tags = ["pengaduan"]
    cakupan = "pengaduan"
    kuasa = KUASA
    serializer_class = AduanSerializer
    urutan = {"-dibuat": ("-created_at", "-id"), "-diubah": ("-updated_at", "-id"), "id": ("id",)}
    saring = [
        saring_wilayah(),
        pilihan("status", "Keadaan; beberapa dipisah koma.", [k for k, _ in ADUAN.choices()], "status__in", banyak=True),
        pilihan("kelas", "Golongan.", list(Aduan.Kelas.values), "kelas"),
        pilihan("kanal", "Lewat mana masuknya.", list(Aduan.Kanal.values), "kanal"),
        pola("kategori", "Kode kategori.", r"[A-Za-z0-9_-]{1,20}", "Tulis kode kategori.", "kategori_id"),
    ]  # fmt: skip

    def rows(self) -> QuerySet[Aduan]:
        return Aduan.objects.visible_to(self.request.user)


class AduanRincian(RincianView):
    """Satu aduan menurut nomor tiketnya."""

    tags = ["pengaduan"]
    cakupan = "pengaduan"
    kuasa = KUASA
    serializer_class = AduanRincianSerializer
    kolom = "tiket"

    def rows(self) -> QuerySet[Aduan]:
        return Aduan.objects.visible_to(self.request.user)
