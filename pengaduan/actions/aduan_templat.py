"""The words that answers start from, kept by the supervisor; and the table of who decides what."""

from django.db import transaction

from accounts.models import Pengguna
from core import audit, workflow
from core.workflow import Halangan, NotAllowed
from pengaduan.models import KategoriAduan, TemplatJawaban


@transaction.atomic
def ubah(templat: TemplatJawaban, *, by: Pengguna, judul: str, isi: str, aktif: bool) -> TemplatJawaban:
    """Change one. Answers that were sent keep the words that they were sent with."""
    if not by.punya("aduan.kelola"):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", "Templat jawaban diubah supervisor Dinas Sosial.")])
    baris: TemplatJawaban = workflow.lock(TemplatJawaban, templat.pk)
    baris.judul, baris.isi, baris.aktif = judul.strip(), isi.strip(), aktif
    baris.save(update_fields=["judul", "isi", "aktif"])
    audit.catat(aksi="ubah_templat_jawaban", objek=baris, by=by, wilayah=by.cakupan("aduan.kelola")[0])
    return baris


def wewenang() -> list[KategoriAduan]:
    """Each category with the institution whose matter it is."""
    return list(KategoriAduan.objects.filter(aktif=True).select_related("instansi").order_by("urut", "kode"))
