"""`penetapan/` and `penerima/`: decrees with their outcomes, and who receives what with the state of the payment."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from bansos.models import BarisPenetapan, Penetapan
from bansos.queries import penerima
from core.api.saring import id_, pilihan, pola
from core.api.views import DaftarView, RincianView
from dtks.api.sinkron import Sinkron, saring_sinkron
from dtks.models import Usulan
from wilayah.api import saring_wilayah

PROGRAM = ("Kode program.", r"[A-Z0-9_-]{1,20}", "Tulis kode program, misalnya PKH.")
PERIODE = (
    "Bulan (TTTT-BB) atau triwulan (TTTT-T).",
    r"20[0-9]{2}-([1-4]|0[1-9]|1[0-2])",
    "Tulis TTTT-BB atau TTTT-T.",
)


class BarisSerializer(serializers.Serializer[BarisPenetapan]):
    usulan = serializers.UUIDField(source="usulan_id")
    keluarga = serializers.UUIDField(source="usulan.keluarga_id")
    hasil = serializers.ChoiceField(BarisPenetapan.Hasil.choices)
    alasan = serializers.CharField()
    alasan_kalimat = serializers.CharField()


class PenetapanSerializer(serializers.Serializer[Penetapan]):
    id = serializers.UUIDField()
    wilayah = serializers.CharField(source="wilayah_id")
    jenis = serializers.ChoiceField(Penetapan.Jenis.choices)
    program = serializers.CharField(source="program_id")
    periode = serializers.CharField()
    nomor = serializers.CharField()
    tanggal = serializers.DateField()
    status = serializers.ChoiceField(Penetapan.Status.choices)
    menggantikan = serializers.UUIDField(source="menggantikan_id", allow_null=True)
    kode_dokumen = serializers.CharField(source="dokumen.kode", help_text="Untuk memeriksa di /v/<kode>/.")
    dibuat = serializers.DateTimeField(source="created_at")


class PenetapanRincianSerializer(PenetapanSerializer):
    baris = BarisSerializer(source="baris_terlihat", many=True)


class PenetapanDaftar(DaftarView):
    """Surat keputusan penetapan."""

    tags = ["penetapan"]
    cakupan = "usulan"
    kuasa = ("penetapan.lihat",)
    serializer_class = PenetapanSerializer
    urutan = {"-dibuat": ("-created_at", "-id"), "id": ("id",)}
    saring = [
        saring_wilayah(),
        pola("program", *PROGRAM, "program_id"),
        pola("periode", *PERIODE, "periode"),
        pilihan("status", "Keadaan surat keputusan.", list(Penetapan.Status.values), "status"),
    ]

    def rows(self) -> QuerySet[Penetapan]:
        return Penetapan.objects.visible_to(self.request.user).select_related("dokumen")


class PenetapanRincian(RincianView):
    """Satu surat keputusan dengan hasil tiap usulan yang terlihat oleh pemanggil."""

    tags = ["penetapan"]
    cakupan = "usulan"
    kuasa = ("penetapan.lihat",)
    serializer_class = PenetapanRincianSerializer

    def rows(self) -> QuerySet[Penetapan]:
        terlihat = Usulan.objects.visible_to(self.request.user).values("pk")
        baris = BarisPenetapan.objects.filter(usulan__in=terlihat).select_related("usulan").order_by("id")
        rows = Penetapan.objects.visible_to(self.request.user).select_related("dokumen")
        return rows.prefetch_related(Prefetch("baris", baris, to_attr="baris_terlihat"))

    def isi(self, objek: Any) -> Any:
        self.hitung_baris(len(objek.baris_terlihat))
        return super().isi(objek)


class PenerimaSerializer(serializers.Serializer[Any]):
    """A payment, or a recipient by decree for whom none was reported yet: then its columns are empty."""

    id = serializers.UUIDField()
    program = serializers.CharField(source="program_id")
    periode = serializers.CharField()
    tahap = serializers.IntegerField(default=None, allow_null=True)
    keluarga = serializers.UUIDField(source="keluarga_id")
    individu = serializers.UUIDField(source="individu_id", default=None, allow_null=True)
    nama = serializers.CharField()
    wilayah = serializers.CharField(source="wilayah_id")
    penetapan = serializers.UUIDField(source="penetapan_id", allow_null=True, help_text="Surat keputusannya, bila portal mengenalnya.")  # fmt: skip
    lembaga = serializers.CharField(default="")
    status = serializers.CharField(source="status_id", help_text="Kosong: belum ada pembayaran.")
    status_kata = serializers.CharField()
    status_tanggal = serializers.DateField(default=None, allow_null=True)
    nominal = serializers.IntegerField(default=None, allow_null=True, help_text="Rupiah.")
    nominal_dibayar = serializers.IntegerField(default=None, allow_null=True)
    nominal_diambil = serializers.IntegerField(default=None, allow_null=True)
    diubah = serializers.DateTimeField(source="updated_at")


class PenerimaDaftar(Sinkron, DaftarView):
    """Siapa menerima apa di periode mana, dan sampai di mana pembayarannya; juga yang sudah ditetapkan tetapi belum ada pembayarannya.

    Tanpa `periode`, yang belum dibayar adalah penerima tanpa pembayaran sama sekali; dengan `periode`, penerima menurut SK
    sampai akhir periode itu yang belum dibayar di periode itu.
    """

    tags = ["penerima"]
    cakupan = "kelayakan"
    kuasa = ("penyaluran.lihat",)
    jenis = "penerima"
    serializer_class = PenerimaSerializer
    urutan = {"id": ("id",), "-diubah": ("-updated_at", "-id")}
    saring = [
        saring_wilayah(),
        saring_sinkron(),
        pola("program", *PROGRAM, "program_id"),
        pola("periode", *PERIODE, "periode"),
        pola("status", "Kode status penyaluran.", r"[A-Za-z0-9_-]{1,20}", "Tulis kode status.", "status_id"),
        pilihan("pembayaran", "`belum`: hanya yang belum ada pembayaran; `ada`: hanya pembayaran.", ["ada", "belum"]),
        id_("keluarga", "Penerimaan keluarga ini.", "keluarga_id"),
    ]  # fmt: skip

    def sumber(self) -> list[QuerySet[Any]]:
        user, periode = self.request.user, self.nilai.get("periode", "")
        semua: dict[str, QuerySet[Any]] = {
            "ada": penerima.dibayar(user),
            "belum": penerima.belum_dibayar(user, periode),
        }
        return [rows for nama, rows in semua.items() if self.nilai.get("pembayaran", nama) == nama]
