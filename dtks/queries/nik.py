"""NIK first: what the portal may tell an officer about a number before anything else is typed."""

from dataclasses import dataclass, field

from accounts.models import Pengguna
from dtks.models import Individu, Keluarga, Usulan


@dataclass(frozen=True)
class HasilCari:
    """`keadaan`: 'baru', 'sendiri' (with the family and its open proposals) or 'lain' (and nothing else)."""

    keadaan: str
    keluarga: Keluarga | None = None
    usulan: list[Usulan] = field(default_factory=list)


def cari_nik(nik: str, *, by: Pengguna) -> HasilCari:
    """Look a NIK up among active persons. Outside the asker's areas the answer is one word: no name, no place."""
    orang = Individu.objects.aktif().dengan_nik(nik).first()
    if orang is None:
        return HasilCari("baru")
    keluarga = Keluarga.objects.visible_to(by).select_related("wilayah").filter(pk=orang.keluarga_id).first()
    if keluarga is None:
        return HasilCari("lain")
    terbuka = list(
        Usulan.objects.visible_to(by)
        .filter(keluarga=keluarga)
        .select_related("wilayah")
        .terbuka()
        .order_by("-updated_at", "pk")
    )
    return HasilCari("sendiri", keluarga, terbuka)


def cari_nomor(nomor: str, *, by: Pengguna) -> list[Keluarga]:
    """Families of the asker's areas with this KK number or with an active member of this NIK."""
    terlihat = Keluarga.objects.visible_to(by).select_related("wilayah")
    orang = Individu.objects.aktif().dengan_nik(nomor).values_list("keluarga_id", flat=True)
    ids = {*orang, *terlihat.dengan_kk(nomor).values_list("pk", flat=True)}
    return list(terlihat.filter(pk__in=ids).order_by("nama_kepala", "pk"))
