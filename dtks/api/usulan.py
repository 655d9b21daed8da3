"""`usulan/`: lists and detail of proposals, a new draft, and the steps that are open to the caller."""

import uuid
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core import workflow
from core.api import versi
from core.api.galat import Masalah
from core.api.keluaran import TeksBebas
from core.api.masukan import Bulat, Id, Masukan, Teks
from core.api.saring import Saring, pilihan, pola
from core.api.views import DaftarView, RincianView, TindakanView
from dtks.actions import meja
from dtks.actions.keluarga import NumberTaken
from dtks.api import draf
from dtks.api.langkah import LangkahSerializer, buka
from dtks.api.sinkron import Sinkron, saring_sinkron
from dtks.forms.usulan import LangkahForm
from dtks.models import Keluarga, RiwayatUsulan, Usulan
from dtks.policies import usulan as policies
from dtks.queries.meja import LANGKAH_MEJA
from dtks.views.langkah import AKSI, isian_langkah, pilihan_langkah
from dtks.workflow import ANTREAN, USULAN
from wilayah.api import saring_wilayah

KUASA = ("usulan.lihat", "usulan.ases")
STATUS = [kode for kode, _ in USULAN.choices()]


class UsulanSerializer(serializers.Serializer[Usulan]):
    id = serializers.UUIDField()
    tiket = serializers.CharField()
    keluarga = serializers.UUIDField(source="keluarga_id")
    nama_kepala = serializers.CharField(source="keluarga.nama_kepala")
    wilayah = serializers.CharField(source="wilayah_id")
    program = serializers.CharField()
    jalur = serializers.ChoiceField(Usulan.Jalur.choices)
    periode = serializers.CharField()
    status = serializers.ChoiceField(USULAN.choices())
    status_kata = serializers.CharField(source="get_status_display")
    status_sejak = serializers.DateTimeField()
    tenggat = serializers.DateField(allow_null=True)
    versi = serializers.IntegerField()
    dibuat = serializers.DateTimeField(source="created_at")
    diubah = serializers.DateTimeField(source="updated_at")


class RiwayatSerializer(serializers.Serializer[RiwayatUsulan]):
    urut = serializers.IntegerField()
    langkah = serializers.CharField()
    dari = serializers.CharField()
    ke = serializers.CharField()
    peran = serializers.CharField(help_text="Peran yang mengambil langkah; kosong bila portal sendiri.")
    alasan = serializers.CharField()
    alasan_kalimat = serializers.CharField()
    pada = serializers.DateTimeField()


class UsulanRincianSerializer(UsulanSerializer):
    alasan_usul = TeksBebas(help_text="Nomor NIK dan KK di dalamnya disamarkan.")
    langkah = serializers.SerializerMethodField(
        help_text="Langkah yang terbuka bagi pemanggil, dengan isiannya."
    )
    riwayat = RiwayatSerializer(many=True)

    @extend_schema_field(LangkahSerializer(many=True))
    def get_langkah(self, row: Usulan) -> Any:
        return LangkahSerializer(buka(row, self.context["request"].user), many=True).data


class UsulanBaruSerializer(UsulanRincianSerializer):
    pin = serializers.CharField(help_text="PIN warga untuk /lacak/; hanya ada di jawaban ini.")


def etag(usulan: Usulan) -> str:
    """An edit of a draft changes its row or its family; neither is a step, so the version of the case stays."""
    return versi.etag(usulan, usulan.keluarga.versi, int(usulan.updated_at.timestamp() * 1_000_000))


def kasus(request: Request) -> QuerySet[Usulan]:
    rows = Usulan.objects.visible_to(request.user)
    return rows.select_related("keluarga__wilayah", "wilayah", "petugas", "sptjm")


class UsulanDaftar(Sinkron, DaftarView, TindakanView):
    """Usulan yang terlihat oleh pemanggil."""

    tags = ["usulan"]
    cakupan = "usulan"
    kuasa = KUASA
    jenis = "usulan"
    serializer_class = UsulanSerializer
    urutan = {"-diubah": ("-updated_at", "-id"), "id": ("id",)}
    saring = [
        saring_wilayah(),
        saring_sinkron(),
        pilihan("status", "Keadaan; beberapa dipisah koma.", STATUS, "status__in", banyak=True),
        pilihan("jalur", "Jalur usulan.", list(Usulan.Jalur.values), "jalur"),
        pola("program", "Kode program.", r"[A-Z0-9_-]{1,20}", "Tulis kode program, misalnya PKH.", "program"),
        pola("periode", "Bulan usulan.", r"20[0-9]{2}-(0[1-9]|1[0-2])", "Tulis periode sebagai TTTT-BB.", "periode"),
        Saring("tiket", "Nomor tiket.", draf.tiket_sah, "tiket", {"type": "string", "maxLength": 20}),
    ]  # fmt: skip

    def rows(self) -> QuerySet[Usulan]:
        rows = Usulan.objects.visible_to(self.request.user)
        return rows.select_related("keluarga")

    @extend_schema(request=draf.UsulanBaru, responses={201: UsulanBaruSerializer})
    def post(self, request: Request, **kwargs: Any) -> Response:
        """Membuat usulan sebagai draf: untuk keluarga yang sudah ada di register, atau dengan keluarga dan anggotanya."""
        isi = self.masukan(draf.UsulanBaru)

        def do() -> tuple[int, dict[str, Any]]:
            usulan, pin = draf.buat(request.user, isi)
            baris = kasus(request).prefetch_related(_riwayat()).get(pk=usulan.pk)
            baris.pin = pin  # type: ignore[attr-defined]
            return 201, dict(UsulanBaruSerializer(baris, context={"request": request}).data)

        try:
            jawaban = self.sekali(do)
        except NumberTaken as taken:
            draf.laporkan(request.user, isi, isi["keluarga"].get("wilayah", ""))
            raise Masalah("bentrok", errors={taken.kolom: [h.kalimat for h in taken.halangan]}) from taken
        jawaban.headers["Location"] = f"{request.path}{jawaban.data['id']}/"
        return jawaban


class UsulanRincian(RincianView, TindakanView):
    """Satu usulan: keadaannya, langkah yang terbuka bagi pemanggil, dan riwayatnya."""

    tags = ["usulan"]
    cakupan = "usulan"
    kuasa = KUASA
    if_match = True
    serializer_class = UsulanRincianSerializer

    def rows(self) -> QuerySet[Usulan]:
        return kasus(self.request).prefetch_related(_riwayat())

    def etag(self, objek: Any, isi: Any) -> str:
        return etag(objek)

    @extend_schema(request=draf.UsulanUbah, responses={200: UsulanRincianSerializer})
    def patch(self, request: Request, pk: uuid.UUID) -> Response:
        """Memperbaiki draf: hanya yang disebut yang berubah. Anggota yang ada disebut dengan `id`; tanpa `id` ia anggota baru."""
        usulan = kasus(request).filter(pk=pk).first()
        if usulan is None:
            raise Http404
        versi.wajib(request)
        isi = self.masukan(draf.UsulanUbah)
        try:
            jawaban = self.sekali(lambda: (200, self._ubah(request, pk, isi)))
        except NumberTaken as taken:
            draf.laporkan(request.user, isi, usulan.wilayah_id)
            raise Masalah("bentrok", errors={taken.kolom: [h.kalimat for h in taken.halangan]}) from taken
        if "Idempotent-Replayed" not in jawaban.headers:
            jawaban.headers["ETag"] = etag(kasus(request).get(pk=pk))
        return jawaban

    def _ubah(self, request: Request, pk: uuid.UUID, isi: dict[str, Any]) -> dict[str, Any]:
        workflow.lock(Usulan, pk)
        usulan = kasus(request).get(pk=pk)
        workflow.lock(Keluarga, usulan.keluarga_id)
        usulan.keluarga.refresh_from_db()
        versi.cocokkan(request, etag(usulan))
        if usulan.status != USULAN.awal:
            kalimat = f"Hanya draf yang bisa diubah: usulan sekarang “{usulan.get_status_display()}”."
            raise Masalah("bentrok", rinci=kalimat, tambahan={"keadaan": usulan.status})
        if policies.ubah(request.user, usulan):
            raise Masalah("tidak-berwenang")
        draf.ubah(request.user, usulan, isi)
        baris = self.rows().get(pk=pk)
        return dict(UsulanRincianSerializer(baris, context={"request": request}).data)


def _riwayat() -> Prefetch:
    return Prefetch("riwayat", RiwayatUsulan.objects.order_by("urut"))


class LangkahMasukan(Masukan):
    """Isian langkah; yang perlu disebut di `langkah[].isian` pada rincian usulan."""

    versi = Bulat(
        required=False,
        min_value=0,
        max_value=2_000_000_000,
        help_text="Versi yang dibaca; bisa juga lewat If-Match.",
    )
    tujuan = Teks(required=False, max_length=30)
    alasan = Teks(required=False, max_length=40)
    musyawarah = Id(required=False)
    petugas = Id(required=False)
    catatan = Teks(required=False, allow_blank=True, max_length=2000)


class UsulanLangkah(TindakanView):
    """Mengambil satu langkah pada usulan."""

    tags = ["usulan"]
    cakupan = "usulan"
    kuasa = KUASA
    if_match = True

    @extend_schema(request=LangkahMasukan, responses={200: UsulanRincianSerializer})
    def post(self, request: Request, pk: uuid.UUID, nama: str) -> Response:
        """409 dengan keadaan sekarang bila langkah itu tidak terbuka lagi."""
        if nama not in AKSI or not kasus(request).filter(pk=pk).exists():
            raise Http404
        isi = self.masukan(LangkahMasukan)
        return self.sekali(lambda: (200, self._ambil(request, kasus(request).get(pk=pk), nama, isi)))

    def _ambil(self, request: Request, usulan: Usulan, nama: str, isi: dict[str, Any]) -> dict[str, Any]:
        versi.cocokkan(request, etag(usulan))
        arrow = USULAN.find(nama, usulan.status)
        if arrow is None:
            kalimat = f"Langkah ini tidak terbuka: usulan sekarang “{usulan.get_status_display()}”."
            raise Masalah("bentrok", rinci=kalimat, tambahan={"keadaan": usulan.status})
        if policies.BY_STEP[nama](request.user, usulan):
            raise Masalah("tidak-berwenang")
        data = {k: str(v) for k, v in isi.items()} | {"kunci_kirim": str(uuid.uuid4())}
        form = LangkahForm({"versi": str(usulan.versi)} | data, **pilihan_langkah(usulan, arrow))
        if not form.is_valid():
            raise Masalah("isian-salah", errors=dict(form.errors))
        if asing := sorted(set(isi) - set(form.fields)):
            raise Masalah("isian-salah", errors={k: ["Langkah ini tidak meminta isian ini."] for k in asing})
        self._putuskan(request, usulan, nama, form.cleaned_data)
        baris = kasus(request).prefetch_related(_riwayat()).filter(pk=usulan.pk).first()
        if baris is None:  # the step took it out of sight
            return {"id": str(usulan.pk)}
        return dict(UsulanRincianSerializer(baris, context={"request": request}).data)

    def _putuskan(self, request: Request, usulan: Usulan, nama: str, data: dict[str, Any]) -> None:
        isian = isian_langkah(usulan, nama, data)
        if usulan.status in ANTREAN and nama in LANGKAH_MEJA:
            meja.putuskan(usulan, nama, by=request.user, **isian)
        else:
            AKSI[nama](usulan, by=request.user, **isian)
