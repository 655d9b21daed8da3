"""Freezing the data of a family at its people's request: kept, and used for nothing, until they lift it (UU 27/2022 Pasal 11)."""

from django.db import transaction
from django.utils import timezone

from accounts.models import Pengguna
from core import audit
from core.workflow import Halangan, NotOpen
from dtks.actions import bendera
from dtks.models import Keluarga, Usulan
from dtks.queries.bendera import DI_DINAS
from dtks.workflow import USULAN_TERBUKA


@transaction.atomic
def bekukan(keluarga: Keluarga, *, by: Pengguna | None, peran: str = "") -> Keluarga:
    """From the commit on: proposals stop where they are, lists, files, keys and searches pass the family by."""
    return _ubah(keluarga, by, peran, beku=True)


@transaction.atomic
def cairkan(keluarga: Keluarga, *, by: Pengguna | None, peran: str = "") -> Keluarga:
    """Back to what it was; the flags of its proposals close by themselves."""
    return _ubah(keluarga, by, peran, beku=False)


def _ubah(keluarga: Keluarga, by: Pengguna | None, peran: str, *, beku: bool) -> Keluarga:
    # All open ones are locked, so that no step is half done; those at the Dinas get the flag.
    usulan = Usulan.objects.select_for_update(of=("self",)).filter(
        keluarga=keluarga, status__in=USULAN_TERBUKA
    )
    kena = [pk for pk, status in usulan.order_by("pk").values_list("pk", "status") if status in DI_DINAS]
    baris = Keluarga.objects.select_for_update(of=("self",)).get(pk=keluarga.pk)
    if bool(baris.dibekukan_at) == beku:
        kata = "sudah dibekukan" if beku else "tidak sedang dibekukan"
        raise NotOpen([Halangan("BEKU", f"Data keluarga ini {kata}.", "Muat ulang halaman.")])
    baris.dibekukan_at = timezone.now() if beku else None
    baris.save(update_fields=["dibekukan_at", "updated_at"])
    audit.catat(
        aksi="bekukan_data" if beku else "cairkan_data", objek=baris, by=by, wilayah=baris.wilayah_id, peran=peran
    )  # fmt: skip
    bendera.selaraskan(kena, by=by)
    return baris
