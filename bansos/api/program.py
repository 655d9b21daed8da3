"""`program/`: programmes, the rules in force, and the quota of the caller's areas."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from rest_framework import serializers

from bansos.models import AturanProgram, Kuota, Program
from core.api.saring import pilihan
from core.api.views import DaftarView, RincianView


class ProgramSerializer(serializers.Serializer[Program]):
    kode = serializers.CharField()
    nama = serializers.CharField()
    keterangan = serializers.CharField()
    sumber = serializers.ChoiceField(Program.Sumber.choices)
    unit = serializers.CharField(help_text="`keluarga` atau `individu`.")
    dasar_hukum = serializers.CharField()
    berlaku_sejak = serializers.DateField()
    berlaku_hingga = serializers.DateField(allow_null=True)


class AturanSerializer(serializers.Serializer[AturanProgram]):
    versi = serializers.CharField(source="__str__", help_text="Seperti `versi_aturan` di daftar kelayakan.")
    wilayah = serializers.CharField(
        source="wilayah_id", allow_null=True, help_text="Kosong: seluruh Indonesia."
    )
    berlaku_sejak = serializers.DateField()
    berlaku_hingga = serializers.DateField(allow_null=True)
    dasar_hukum = serializers.CharField()
    sumber = serializers.CharField()
    status_verifikasi = serializers.ChoiceField(AturanProgram.Verifikasi.choices)
    isi = serializers.DictField(help_text="Syarat, pengecualian, komponen dan manfaat (docs/adr/0025).")


class KuotaSerializer(serializers.Serializer[Kuota]):
    wilayah = serializers.CharField(source="wilayah_id")
    periode = serializers.CharField()
    jumlah = serializers.IntegerField()
    terisi = serializers.IntegerField()
    pagu = serializers.IntegerField(allow_null=True, help_text="Rupiah setahun.")


class ProgramRincianSerializer(ProgramSerializer):
    aturan = AturanSerializer(source="aturan_berlaku", many=True)
    kuota = KuotaSerializer(source="kuota_terlihat", many=True)


class ProgramDaftar(DaftarView):
    """Program bantuan yang dikenal portal."""

    tags = ["program"]
    serializer_class = ProgramSerializer
    urutan = {"kode": ("kode",)}
    saring = [pilihan("sumber", "Yang membiayai dan menetapkan.", list(Program.Sumber.values), "sumber")]

    def rows(self) -> QuerySet[Program]:
        return Program.objects.all()


class ProgramRincian(RincianView):
    """Satu program dengan aturan yang berlaku hari ini dan kuota di wilayah pemanggil."""

    tags = ["program"]
    serializer_class = ProgramRincianSerializer
    kolom = "kode"

    def rows(self) -> QuerySet[Program]:
        hari: Any = timezone.localdate()
        aturan = AturanProgram.objects.filter(status="berlaku", berlaku_sejak__lte=hari).filter(
            Q(berlaku_hingga__isnull=True) | Q(berlaku_hingga__gte=hari)
        )
        kuota = Kuota.objects.visible_to(self.request.user).order_by("-periode", "wilayah_id")
        return Program.objects.prefetch_related(
            Prefetch("aturan", aturan.order_by("wilayah_id", "-versi"), to_attr="aturan_berlaku"),
            Prefetch("kuota", kuota, to_attr="kuota_terlihat"),
        )
