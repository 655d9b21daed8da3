"""`program/`: programmes, the rules in force, and the quota of the caller's areas."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request

from bansos.models import AturanProgram, Kuota, Program
from bansos.queries.penerima import periode_kini
from core.api.saring import pilihan, pola
from core.api.views import DaftarView, RincianView
from wilayah.api import saring_wilayah
from wilayah.kode import dalam

KUOTA_MAKS = 200
_PERIODE = pola("periode", "Triwulan, misalnya 2026-4.", r"20[0-9]{2}-[1-4]", "Tulis TTTT-T, misalnya 2026-4.", "periode")  # fmt: skip


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
    sisa = serializers.IntegerField()
    pagu = serializers.IntegerField(allow_null=True, help_text="Rupiah setahun.")


class ProgramRincianSerializer(ProgramSerializer):
    aturan = AturanSerializer(source="aturan_berlaku", many=True)
    kuota = KuotaSerializer(
        source="kuota_tampak",
        many=True,
        help_text=f"Paling banyak {KUOTA_MAKS}; selengkapnya di `kuota/` program ini.",
    )
    kuota_masih_ada = serializers.BooleanField(help_text="Ada kuota lain yang tidak disebut di sini.")


class ProgramDaftar(DaftarView):
    """Program bantuan yang dikenal portal."""

    tags = ["program"]
    serializer_class = ProgramSerializer
    urutan = {"kode": ("kode",)}
    saring = [pilihan("sumber", "Yang membiayai dan menetapkan.", list(Program.Sumber.values), "sumber")]

    def rows(self) -> QuerySet[Program]:
        return Program.objects.all()


def _kuota(request: Request) -> QuerySet[Kuota]:
    """Quotas that somebody approved, in the areas of the caller."""
    return Kuota.objects.visible_to(request.user).filter(versi__gt=0)


class ProgramRincian(RincianView):
    """Satu program dengan aturan yang berlaku hari ini, dan kuota di wilayah pemanggil: triwulan ini dan sesudahnya, atau `periode`.

    Kuota tampak bagi kunci bercakupan `kelayakan`.
    """

    tags = ["program"]
    serializer_class = ProgramRincianSerializer
    kolom = "kode"
    saring = [saring_wilayah(), _PERIODE]

    def rows(self) -> QuerySet[Program]:
        hari: Any = timezone.localdate()
        aturan = AturanProgram.objects.filter(status="berlaku", berlaku_sejak__lte=hari).filter(
            Q(berlaku_hingga__isnull=True) | Q(berlaku_hingga__gte=hari)
        )
        berlaku = aturan.order_by("wilayah_id", "-versi")
        return Program.objects.prefetch_related(Prefetch("aturan", berlaku, to_attr="aturan_berlaku"))

    def siapkan(self, rows: list[Any]) -> None:
        for program in rows:
            kuota = _kuota(self.request).filter(program=program)
            if "periode" in self.nilai:
                kuota = kuota.filter(periode=self.nilai["periode"])
            else:
                kuota = kuota.filter(periode__gte=periode_kini())
            if "wilayah" in self.nilai:
                kuota = kuota.filter(dalam("wilayah_id", [self.nilai["wilayah"]]))
            isi = list(kuota.order_by("periode", "wilayah_id")[: KUOTA_MAKS + 1])
            program.kuota_masih_ada = len(isi) > KUOTA_MAKS
            program.kuota_tampak = isi[:KUOTA_MAKS]


class KuotaDaftar(DaftarView):
    """Kuota satu program di wilayah pemanggil, menurut wilayah dan triwulan."""

    tags = ["program"]
    serializer_class = KuotaSerializer
    urutan = {"-periode": ("-periode", "-wilayah_id", "-id"), "id": ("id",)}
    saring = [saring_wilayah(), _PERIODE]

    def rows(self) -> QuerySet[Kuota]:
        kode = self.kwargs["kode"]
        if not Program.objects.filter(pk=kode).exists():
            raise Http404
        return _kuota(self.request).filter(program=kode)
