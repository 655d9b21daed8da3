"""Background jobs that a person may see: his own, and all of the areas where he watches over jobs."""

from django.db.models import Q, QuerySet

from accounts.models import Pengguna
from core.models import Pekerjaan
from wilayah.kode import dalam


def pekerjaan_terlihat(user: Pengguna) -> QuerySet[Pekerjaan]:
    """Notices and other small jobs without a title are left out until one of them is parked."""
    luas = user.cakupan("pekerjaan.lihat")
    syarat = Q(pemilik_id=str(user.pk)) | dalam("wilayah", luas)
    if any("pekerjaan.lihat" in p.peran.kuasa and p.wilayah_id is None for p in user.penugasan_aktif):
        syarat |= Q(wilayah="")  # jobs of the whole portal: only whoever watches over all of Indonesia
    return Pekerjaan.objects.filter(syarat).filter(~Q(judul="") | Q(status=Pekerjaan.Status.PARKIR))
