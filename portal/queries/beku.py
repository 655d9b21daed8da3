"""Whether an address that shows nothing names a frozen family of the reader's own area (docs/adr/0042)."""

from uuid import UUID

from accounts.models import Pengguna
from dtks.models import Individu, Keluarga, Usulan
from wilayah.kode import dalam

# Powers whose holders meet families and their proposals; for everybody else a frozen family is as one that does not exist.
KUASA = ("keluarga.lihat", "usulan.lihat")


def dibekukan(user: Pengguna, pk: UUID) -> bool:
    """Is `pk` (of a family, a member or a proposal) one of a frozen family that this person would see otherwise?"""
    luas = [kode for kuasa in KUASA for kode in user.cakupan(kuasa)]
    if not luas:
        return False
    ids = {pk}
    for model in (Usulan, Individu):
        ids |= set(model._base_manager.filter(pk=pk).values_list("keluarga_id", flat=True))
    beku = Keluarga._base_manager.filter(pk__in=ids, dibekukan_at__isnull=False)
    return beku.filter(dalam("wilayah_id", luas)).exists()
