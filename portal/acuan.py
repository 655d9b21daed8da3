"""The arrows of this floor's workflow."""

from core import reference
from dtks.acuan import muat_panah
from portal.workflow import HAK


def muat() -> list[reference.Loaded]:
    return [muat_panah(HAK)]
