"""What the jobs of this floor share: is one under way, what refused it, and a notice to who asked."""

from typing import Any

from django.db.models import QuerySet

from accounts.models import Pengguna
from core import outbox
from core.models import Pekerjaan
from core.workflow import StepRefused

NOTICE = "bansos.kabar_selesai"


def berjalan(jenis: str, argumen: dict[str, Any]) -> QuerySet[Pekerjaan]:
    """Jobs of one kind with these arguments that are not done yet."""
    terbuka = (Pekerjaan.Status.MENUNGGU, Pekerjaan.Status.JALAN)
    return Pekerjaan.objects.filter(jenis=jenis, status__in=terbuka, argumen__contains=argumen)


def kalimat(tolak: StepRefused) -> str:
    return "; ".join(h.kalimat for h in tolak.halangan)


def kabari(by: Pengguna, isi: str, tautan: str) -> None:
    """Tell who asked that it is done. No name and no number of a citizen in the sentence."""
    outbox.antre(NOTICE, {"oleh": str(by.pk), "kalimat": isi[:200], "tautan": tautan})
