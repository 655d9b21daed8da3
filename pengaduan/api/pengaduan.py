"""`pengaduan/`: complaints, objections, reports of wrong data and usul of citizens, never with who brought them.

Each kind comes from its own table through its own `visible_to`, as on the screens. An objection appears as its case: one for each
family, without a ticket of its own; what objectors wrote, their tickets and their number stay at the Dinas. Sealed reports
(laporan rahasia) and emergencies are not here.
"""

import re
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api.saring import pilihan, pola
from core.api.views import DaftarView, RincianView
from core.identity import mask_numbers
from pengaduan.models import DINAS, Aduan, PerkaraSanggah, Sanggah, SanggahData, Usul
from pengaduan.queries.sanggah import kalimat_alasan
from pengaduan.workflow import ADUAN, SANGGAH, SANGGAH_DATA, USUL
from wilayah.api import saring_wilayah
from wilayah.kode import dalam

KUASA = ("aduan.lihat", "aduan.proses", "aduan.tangani", "aduan.catat", *DINAS, "usul.lihat", "usul.proses")
JENIS: dict[str, type[Model]] = {
    "aduan": Aduan,
    "sanggah": PerkaraSanggah,
    "sanggah_data": SanggahData,
    "usul": Usul,
}
STATUS = dict(pair for alur in (USUL, SANGGAH_DATA, SANGGAH, ADUAN) for pair in alur.choices())
TIKET = re.compile(r"[A-Z]{3}-[0-9]{6}-[0-9]{5,8}", re.ASCII)


class PengaduanSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    jenis = serializers.SerializerMethodField()
    tiket = serializers.SerializerMethodField(help_text="Nomor tiket; untuk `sanggah` id perkaranya.")
    wilayah = serializers.CharField(source="wilayah_id")
    keluarga = serializers.UUIDField(source="keluarga_id", default=None, allow_null=True)
    kanal = serializers.CharField(default="")
    kategori = serializers.SerializerMethodField(help_text="Kode kategori aduan, atau data apa yang salah.")
    kelas = serializers.CharField(default="")
    status = serializers.ChoiceField(sorted(STATUS.items()))
    status_kata = serializers.CharField(source="get_status_display")
    status_sejak = serializers.DateTimeField()
    tenggat = serializers.DateTimeField(source="tenggat_at", allow_null=True)
    dijawab = serializers.SerializerMethodField()
    nilai = serializers.IntegerField(default=None, allow_null=True)
    versi = serializers.IntegerField()
    dibuat = serializers.DateTimeField(source="created_at")
    diubah = serializers.DateTimeField(source="updated_at")

    @extend_schema_field(serializers.ChoiceField(list(JENIS)))
    def get_jenis(self, row: Any) -> str:
        return next(nama for nama, model in JENIS.items() if isinstance(row, model))

    def get_tiket(self, row: Any) -> str:
        return str(row.pk) if isinstance(row, PerkaraSanggah) else row.tiket

    def get_kategori(self, row: Any) -> str:
        return row.kategori_id if isinstance(row, Aduan) else getattr(row, "salah", "")

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_dijawab(self, row: Any) -> Any:
        return getattr(row, "diputus_at" if isinstance(row, PerkaraSanggah) else "dijawab_at", None)


class PengaduanRincianSerializer(PengaduanSerializer):
    cerita = serializers.SerializerMethodField(
        help_text="Aduan: ceritanya. Sanggah: ringkasan yang dibaca keluarga. Usul: keadaan keluarga."
    )
    tempat = serializers.CharField(default="")
    kejadian = serializers.DateField(default=None, allow_null=True)
    jawaban = serializers.SerializerMethodField(help_text="Jawaban atau alasan putusan.")
    alasan = serializers.SerializerMethodField(help_text="Sanggah: alasan yang disampaikan kepada keluarga.")
    temuan = serializers.CharField(default="", help_text="Sanggah: hasil pemeriksaan lapangan.")
    untuk = serializers.CharField(default="", help_text="Usul: untuk siapa.")
    usulan = serializers.UUIDField(source="usulan_id", default=None, allow_null=True)

    def get_cerita(self, row: Any) -> str:
        if isinstance(row, SanggahData):  # the reporter's own words about himself
            return ""
        kolom = {PerkaraSanggah: "ringkasan", Usul: "alasan"}.get(type(row), "cerita")
        return mask_numbers(getattr(row, kolom))

    def get_jawaban(self, row: Any) -> str:
        return mask_numbers(row.jawaban if isinstance(row, Aduan) else getattr(row, "alasan_putusan", ""))

    def get_alasan(self, row: Any) -> list[str]:
        return kalimat_alasan(row.alasan) if isinstance(row, PerkaraSanggah) else []


def terlihat(user: Any, jenis: str) -> QuerySet[Any]:
    """Rows of one kind for this caller."""
    rows: Any = JENIS[jenis]._default_manager
    if jenis == "sanggah":  # the officer in the field has a page of his own
        luas = [kode for kuasa in DINAS for kode in user.cakupan(kuasa)]
        return rows.visible_to(user).filter(dalam("wilayah_id", luas))
    return rows.visible_to(user)


def _hanya_aduan(kolom: str) -> Any:
    def pakai(rows: QuerySet[Any], nilai: Any) -> QuerySet[Any]:
        return rows.filter(**{kolom: nilai}) if rows.model is Aduan else rows.none()

    return pakai


class PengaduanDaftar(DaftarView):
    """Aduan, sanggah, sanggah data, dan usul warga, tanpa pelapornya."""

    tags = ["pengaduan"]
    cakupan = "pengaduan"
    kuasa = KUASA
    serializer_class = PengaduanSerializer
    urutan = {"-dibuat": ("-created_at", "-id"), "-diubah": ("-updated_at", "-id"), "id": ("id",)}
    saring = [
        saring_wilayah(),
        pilihan("jenis", "Satu atau lebih, dipisah koma.", list(JENIS), banyak=True),
        pilihan("status", "Keadaan; beberapa dipisah koma.", sorted(STATUS), "status__in", banyak=True),
        pilihan("kelas", "Golongan aduan.", list(Aduan.Kelas.values), _hanya_aduan("kelas")),
        pilihan("kanal", "Lewat mana aduan masuk.", list(Aduan.Kanal.values), _hanya_aduan("kanal")),
        pola("kategori", "Kode kategori aduan.", r"[A-Za-z0-9_-]{1,20}", "Tulis kode kategori.", _hanya_aduan("kategori_id")),
    ]  # fmt: skip

    def sumber(self) -> list[QuerySet[Any]]:
        return [terlihat(self.request.user, jenis) for jenis in self.nilai.get("jenis", JENIS)]


class PengaduanRincian(RincianView):
    """Satu aduan, sanggah data, atau usul menurut nomor tiketnya; satu perkara sanggah menurut id-nya."""

    tags = ["pengaduan"]
    cakupan = "pengaduan"
    kuasa = KUASA
    serializer_class = PengaduanRincianSerializer

    def ambil(self) -> Any:
        tiket, user = self.kwargs["tiket"], self.request.user
        if TIKET.fullmatch(tiket):
            for jenis in ("aduan", "sanggah_data", "usul"):
                if satu := terlihat(user, jenis).filter(tiket=tiket).first():
                    return satu
            sanggah = Sanggah.objects.visible_to(user).filter(tiket=tiket, perkara__isnull=False)
            rows = terlihat(user, "sanggah").filter(pk__in=sanggah.values("perkara"))
        else:
            rows = terlihat(user, "sanggah").filter(pk=_id(tiket))
        if (perkara := rows.first()) is None:
            raise Http404
        return perkara


def _id(teks: str) -> UUID | None:
    try:
        return UUID(teks)
    except ValueError:
        return None
