"""Versions of the words of papers that a person may read: those of his kabupaten, by kind."""

from django.db.models import QuerySet

from accounts.models import Pengguna
from core import letters
from core.models import TemplatSurat
from wilayah.kode import dalam

KUASA = ("templat.kelola", "templat.setujui")


def terlihat(user: Pengguna) -> QuerySet[TemplatSurat]:
    luas = [kode for kuasa in KUASA for kode in user.cakupan(kuasa)]
    return TemplatSurat.objects.filter(dalam("wilayah", luas))


def per_jenis(user: Pengguna) -> list[tuple[str, str, list[TemplatSurat]]]:
    """(kind, its name, versions newest first) of every kind of paper."""
    rows = list(terlihat(user).order_by("jenis", "-versi", "pk"))
    return [(jenis, nama, [t for t in rows if t.jenis == jenis]) for jenis, nama in letters.NAMA.items()]
