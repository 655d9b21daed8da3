"""NIK first: what the portal may tell an officer about a number before anything else is typed."""

from dataclasses import dataclass, field

from django.db.models import Q

from accounts.models import Pengguna
from core import dinding
from dtks.models import Individu, Keluarga, Usulan


@dataclass(frozen=True)
class HasilCari:
    """`keadaan`: 'baru', 'sendiri' (with the person, the family and its open proposals), 'nonaktif' (known here, a member no
    more) or 'lain' (and nothing else)."""

    keadaan: str
    keluarga: Keluarga | None = None
    usulan: list[Usulan] = field(default_factory=list)
    orang: Individu | None = None


@dinding.terbuka("is this number known anywhere: elsewhere the answer is one word")
def cari_nik(nik: str, *, by: Pengguna) -> HasilCari:
    """Look a NIK up among active persons. Outside the asker's areas the answer is one word: no name, no place."""
    orang = Individu.objects.aktif().dengan_nik(nik).first()
    if orang is None:
        return _pernah(nik, by)
    keluarga = Keluarga.objects.visible_to(by).select_related("wilayah").filter(pk=orang.keluarga_id).first()
    if keluarga is None:
        return HasilCari("lain")
    terbuka = list(
        Usulan.objects.visible_to(by)
        .filter(keluarga=keluarga)
        .select_related("wilayah", "created_by")
        .terbuka()
        .order_by("-updated_at", "pk")
    )
    return HasilCari("sendiri", keluarga, terbuka, orang)


def _pernah(nik: str, by: Pengguna) -> HasilCari:
    """Somebody who left a family of my area is not new: what is known of him is shown, or filled in."""
    rows = Individu.objects.visible_to(by).dengan_nik(nik).select_related("keluarga__wilayah")
    lama = rows.order_by("-updated_at", "pk").first()
    return HasilCari("baru") if lama is None else HasilCari("nonaktif", lama.keluarga, [], lama)


def cari_nomor(nomor: str, *, by: Pengguna) -> list[Keluarga]:
    """Families of the asker's areas with this KK number or with an active member of this NIK."""
    terlihat = Keluarga.objects.visible_to(by).select_related("wilayah")
    orang = Individu.objects.aktif().dengan_nik(nomor).values_list("keluarga_id", flat=True)
    ids = {*orang, *terlihat.dengan_kk(nomor).values_list("pk", flat=True)}
    return list(terlihat.filter(pk__in=ids).order_by("nama_kepala", "pk"))


def usulan_nomor(nomor: str, *, by: Pengguna) -> list[Usulan]:
    """Proposals that the asker may see, of the family with this KK number or with an active member of this NIK."""
    orang = Individu.objects.aktif().dengan_nik(nomor).values("keluarga_id")
    keluarga = Keluarga.objects.dengan_kk(nomor).values("pk")
    rows = Usulan.objects.visible_to(by).select_related("keluarga", "wilayah")
    return list(
        rows.filter(Q(keluarga__in=orang) | Q(keluarga__in=keluarga)).order_by("-updated_at", "-pk")[:50]
    )
