"""Marking notices as read."""

from django.utils import timezone

from accounts.models import Pemberitahuan, Pengguna


def tandai_dibaca(*, by: Pengguna, pk: int | None = None) -> int:
    """Mark one notice (or all) of `by` as read; returns how many changed. A notice of somebody else changes nothing."""
    rows = Pemberitahuan.objects.visible_to(by).filter(dibaca_at__isnull=True)
    if pk is not None:
        rows = rows.filter(pk=pk)
    return rows.update(dibaca_at=timezone.now())
