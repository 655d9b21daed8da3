"""The signed record (BAST) of hand-overs, found by its number, which is unique."""

from collections.abc import Iterable

from bansos.models import SerahData
from bansos.models.serah import JENIS_BAST
from core.models import Dokumen


def surat(serah: SerahData) -> Dokumen | None:
    """None for a hand-over from before there was a paper."""
    return Dokumen.objects.filter(jenis=JENIS_BAST, nomor=serah.nomor).select_related("berkas").first()


def bersurat(rows: Iterable[SerahData]) -> set[str]:
    """Numbers of those that have a paper."""
    nomor = [satu.nomor for satu in rows]
    ada = Dokumen.objects.filter(jenis=JENIS_BAST, nomor__in=nomor).order_by("nomor")
    return set(ada.values_list("nomor", flat=True))
