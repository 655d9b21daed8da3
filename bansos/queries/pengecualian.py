"""Hits: who of the register stands on an exclusion list. A list of one kabupaten speaks about families of that kabupaten."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.models import Pengguna
from bansos.models import ButirPengecualian, ButirPengecualianQuerySet
from bansos.models.pengecualian import HIDUP, KUASA_LIHAT
from dtks.models import Individu, Keluarga
from wilayah.kode import dalam


@dataclass(frozen=True)
class Kena:
    """A person and the row of a list that names him."""

    individu: Individu
    butir: ButirPengecualian

    @property
    def kalimat(self) -> str:
        b = self.butir
        return f"{self.individu.nama} {b.sumber.kalimat} (data {b.asal} per {b.tanggal_data:%d/%m/%Y})."


def kini() -> Q:
    """Rows that have not run out."""
    return Q(berlaku_hingga__isnull=True) | Q(berlaku_hingga__gte=timezone.localdate())


def temuan(user: Pengguna) -> ButirPengecualianQuerySet:
    """Rows of lists that name an active person in the areas where this user may see hits."""
    luas = [kode for kuasa in KUASA_LIHAT for kode in user.cakupan(kuasa)]
    orang = Individu.objects.filter(
        dalam("keluarga__wilayah_id", luas), aktif=True, nik_indeks=OuterRef("nik_indeks"),
        keluarga__wilayah__kode__startswith=OuterRef("wilayah_id"),
    ).exclude(keluarga__status=Keluarga.Status.NONAKTIF)  # fmt: skip
    rows: ButirPengecualianQuerySet = ButirPengecualian.objects.exclude(status="diganti")
    return rows.filter(Exists(orang))


def pasangkan(user: Pengguna, rows: Iterable[ButirPengecualian]) -> list[Kena]:
    """The persons behind these rows, in the order of the rows; one query. A person outside the user's areas is left out."""
    luas = [kode for kuasa in KUASA_LIHAT for kode in user.cakupan(kuasa)]
    rows = list(rows)
    orang: dict[bytes, Individu] = {
        bytes(o.nik_indeks): o
        for o in Individu.objects.aktif()
        .filter(dalam("keluarga__wilayah_id", luas), nik_indeks__in=[bytes(b.nik_indeks) for b in rows])
        .select_related("keluarga__wilayah")
    }
    return [Kena(o, b) for b in rows if (o := orang.get(bytes(b.nik_indeks)))]


def keluarga_kena(keluarga: Keluarga) -> list[Kena]:
    """Hits on the active members of a family, with what was contested and what was found wrong."""
    anggota = {bytes(o.nik_indeks): o for o in keluarga.anggota.filter(aktif=True, nik_indeks__isnull=False)}
    rows: QuerySet[ButirPengecualian] = (
        ButirPengecualian.objects.filter(
            kini(), nik_indeks__in=list(anggota), wilayah=keluarga.wilayah_id[:5]
        )
        .exclude(status="diganti")
        .select_related("sumber")
        .order_by("sumber__urut", "pk")
    )
    return [Kena(anggota[bytes(b.nik_indeks)], b) for b in rows]


def hitung(user: Pengguna) -> list[tuple[str, int]]:
    """(name of the source, hits that count) in the user's areas."""
    per: dict[str, int] = {}
    for nama in temuan(user).filter(kini(), status__in=HIDUP).values_list(F("sumber__nama"), flat=True):
        per[nama] = per.get(nama, 0) + 1
    return sorted(per.items())
