"""The public list of a desa and a month: who receives by decree, and who was agreed to at a published meeting.

Rows carry no more than a masked name, programme and month. A family that was taken out later, that is no more in the register,
or whose programme says what ails it (rule 'pengumuman.tanpa_program') is not on it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Left, Upper

from bansos.models import BarisPenetapan, Penetapan, Pengumuman
from core import rules
from core.identity import mask_name
from dtks.models import Keluarga, Musyawarah, PutusanMusyawarah, Usulan
from dtks.queries.periode import nama_program
from wilayah.kode import bentuk_sah, dalam, kabupaten_dari
from wilayah.models import Wilayah
from wilayah.waktu import hari_wilayah, waktu_wilayah

PENERIMA, CALON = "penerima", "calon"
CALON_STATUS = (
    "disepakati", "diinput", "ditugaskan", "diases", "terverifikasi", "disahkan", "dikirim", "daftar_tunggu",
)  # fmt: skip
PENGHAPUSAN = Usulan.Jalur.PENGHAPUSAN
URUT = ("huruf", "id")  # by the one letter that the mask shows anyway: the order says nothing more


@dataclass(frozen=True)
class Jendela:
    """Days in which neighbours are asked to object. `boleh`: may they today; after the last day as the rule says."""

    mulai: date
    sampai: date
    buka: bool
    boleh: bool


def lama(wilayah: str, pada: date) -> int:
    return int(rules.value("pengumuman.jendela", kabupaten_dari(wilayah), pada)["hari"])


class Pencatat:
    """Windows of the rows of one page of one desa: the rule of each day is read once."""

    def __init__(self, wilayah: str):
        self.wilayah, self.hari = wilayah, hari_wilayah(wilayah)
        aturan = rules.value("pengumuman.jendela", kabupaten_dari(wilayah), self.hari)
        self.setelah, self._lama = bool(aturan["setelah_tutup"]), {self.hari: int(aturan["hari"])}
        self._program = nama_program()

    def jendela(self, mulai: date, sampai: date | None = None) -> Jendela:
        if sampai is None:
            if mulai not in self._lama:
                self._lama[mulai] = lama(self.wilayah, mulai)
            sampai = mulai + timedelta(days=self._lama[mulai])
        buka = mulai <= self.hari <= sampai
        return Jendela(mulai, sampai, buka, buka or self.setelah)

    def tampilkan(self, satu: BarisPenetapan | PutusanMusyawarah) -> "Nama":
        """`satu` comes from `baris` or `satu`."""
        usulan, nama = satu.usulan, mask_name(satu.usulan.keluarga.nama_kepala)
        if isinstance(satu, BarisPenetapan):
            sk = satu.penetapan
            mulai = waktu_wilayah(usulan.wilayah_id, sk.created_at).date()
            return Nama(PENERIMA, satu.pk, nama, sk.program.nama, sk.periode, self.jendela(mulai))
        terbit = satu.musyawarah.pengumuman
        program = self._program.get(usulan.program, usulan.program)
        return Nama(CALON, satu.pk, nama, program, terbit.periode, self.jendela(terbit.mulai, terbit.sampai))


def penerima(desa: str) -> QuerySet[BarisPenetapan]:
    dicabut = BarisPenetapan.objects.filter(
        usulan__keluarga=OuterRef("usulan__keluarga"), usulan__jalur=PENGHAPUSAN, hasil="ditetapkan",
        penetapan__program=OuterRef("penetapan__program"), penetapan__status=Penetapan.Status.BERLAKU,
        penetapan__created_at__gt=OuterRef("penetapan__created_at"),
    )  # fmt: skip
    return (
        BarisPenetapan.objects.filter(
            dalam("usulan__wilayah_id", [desa]), ~Exists(dicabut), penetapan__status=Penetapan.Status.BERLAKU, hasil="ditetapkan"
        )
        .exclude(usulan__jalur=PENGHAPUSAN)
        .exclude(penetapan__program__in=_tertutup(desa))
        .exclude(usulan__keluarga__status=Keluarga.Status.NONAKTIF)
        .filter(usulan__keluarga__dibekukan_at__isnull=True)
        .select_related("penetapan__program", "usulan__keluarga")
        .annotate(huruf=Upper(Left("usulan__keluarga__nama_kepala", 1)))
    )  # fmt: skip


def calon(desa: str) -> QuerySet[PutusanMusyawarah]:
    return (
        PutusanMusyawarah.objects.filter(
            dalam("musyawarah__wilayah_id", [desa]), musyawarah__pengumuman__isnull=False,
            musyawarah__pengumuman__ditarik_at__isnull=True, putusan="disepakati", usulan__status__in=CALON_STATUS,
        )
        .exclude(usulan__jalur=PENGHAPUSAN)
        .exclude(usulan__program__in=_tertutup(desa))
        .exclude(usulan__keluarga__status=Keluarga.Status.NONAKTIF)
        .filter(usulan__keluarga__dibekukan_at__isnull=True)
        .select_related("musyawarah__pengumuman", "usulan__keluarga")
        .annotate(huruf=Upper(Left("usulan__keluarga__nama_kepala", 1)))
    )  # fmt: skip


def _tertutup(desa: str) -> list[str]:
    return list(rules.value("pengumuman.tanpa_program", kabupaten_dari(desa)))


def periode(jenis: str, desa: str) -> list[str]:
    """Months (of meetings) or quarters (of decrees) of which there is a list, newest first."""
    rows: QuerySet[Any] = penerima(desa) if jenis == PENERIMA else calon(desa)
    kolom = "penetapan__periode" if jenis == PENERIMA else "musyawarah__periode"
    ada = rows.order_by().values_list(kolom, flat=True).distinct()
    return sorted(ada, key=lambda p: [int(x) for x in p.split("-")], reverse=True)


def baris(jenis: str, desa: str, bulan: str, program: str = "") -> QuerySet[Any]:
    if jenis == CALON:
        rows: QuerySet[Any] = calon(desa).filter(musyawarah__periode=bulan)
        return rows.filter(usulan__program=program) if program else rows
    rows = penerima(desa).filter(penetapan__periode=bulan)
    return rows.filter(penetapan__program=program) if program else rows


@dataclass(frozen=True)
class Nama:
    """One line of the list. `jenis` and `id` lead to the form of an objection."""

    jenis: str
    id: Any
    nama: str
    program: str
    bulan: str
    jendela: Jendela


def satu(jenis: str, pk: Any) -> BarisPenetapan | PutusanMusyawarah | None:
    """The line that the public list shows now, by its id; None for anything that it does not show."""
    if jenis == PENERIMA:
        wilayah = BarisPenetapan.objects.filter(pk=pk).values_list("usulan__wilayah_id", flat=True).first()
        return penerima(wilayah[:13]).filter(pk=pk).first() if wilayah else None
    wilayah = PutusanMusyawarah.objects.filter(pk=pk).values_list("usulan__wilayah_id", flat=True).first()
    return calon(wilayah[:13]).filter(pk=pk).first() if wilayah else None


def belum_diumumkan(user: Any) -> QuerySet[Musyawarah]:
    """Approved meetings of the reader's desa with agreed proposals and no publication yet."""
    return (
        Musyawarah.objects.filter(
            dalam("wilayah_id", user.cakupan("pengumuman.kelola")), status="disetujui", pengumuman__isnull=True, putusan__putusan="disepakati"
        )
        .distinct()
        .select_related("wilayah")
    )  # fmt: skip


def terbit(user: Any) -> QuerySet[Pengumuman]:
    return Pengumuman.objects.visible_to(user).select_related("wilayah", "musyawarah").order_by(F("created_at").desc(), "pk")  # fmt: skip


def desa_ada(kode: str) -> Wilayah | None:
    return Wilayah.objects.filter(Q(pk=kode), tingkat=4).first() if bentuk_sah(kode) else None
