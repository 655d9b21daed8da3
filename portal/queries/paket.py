"""Packs that auditors had made."""

from django.db.models import QuerySet

from accounts.models import Pengguna
from core.models import Berkas
from wilayah.kode import dalam

JENIS = "paket_audit"


def paket_terlihat(user: Pengguna) -> QuerySet[Berkas]:
    """Packs of the areas whose trail this person reads, newest first."""
    rows = Berkas.objects.filter(dalam("wilayah", user.cakupan("jejak.lihat")), jenis=JENIS)
    return rows.order_by("-created_at", "pk")
