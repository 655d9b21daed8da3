"""Publishing the list of a meeting, with its time for objections, and taking it back."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Pengguna
from bansos.models import Pengumuman
from bansos.policies import pengumuman as policies
from bansos.queries import pengumuman as baca
from core import audit, workflow
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.models import Musyawarah
from wilayah.waktu import hari_wilayah


@transaction.atomic
def umumkan(musyawarah: Musyawarah, *, by: Pengguna) -> Pengumuman:
    """From today on neighbours may read the masked names and object, for as many days as the rule says."""
    rapat: Musyawarah = workflow.lock(Musyawarah, musyawarah.pk)
    if kalimat := policies.umumkan(by, rapat):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], rapat.status)
    if Pengumuman.objects.filter(musyawarah=rapat).exists():
        raise NotOpen([Halangan("SUDAH_DIUMUMKAN", "Hasil musyawarah ini sudah diumumkan.")], rapat.status)
    if not rapat.putusan.filter(putusan="disepakati").exists():
        raise GateClosed([Halangan("KOSONG", "Tidak ada usulan yang disepakati di musyawarah ini.")])
    hari = hari_wilayah(rapat.wilayah_id)
    hasil = Pengumuman.objects.create(
        wilayah_id=rapat.wilayah_id, musyawarah=rapat, periode=rapat.periode, mulai=hari,
        sampai=hari + timedelta(days=baca.lama(rapat.wilayah_id, hari)), created_by=by,
    )  # fmt: skip
    audit.catat(
        aksi="umumkan", objek=hasil, by=by, wilayah=hasil.wilayah_id, peran=by.peran_untuk("pengumuman.kelola", hasil.wilayah_id),
        rincian={"musyawarah": str(rapat.pk), "sampai": hasil.sampai.isoformat()},
    )  # fmt: skip
    return hasil


@transaction.atomic
def tarik(pengumuman: Pengumuman, *, by: Pengguna, alasan: str) -> Pengumuman:
    baris: Pengumuman = workflow.lock(Pengumuman, pengumuman.pk)
    if kalimat := policies.tarik(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    if len(alasan.strip()) < 10:
        raise GateClosed([Halangan("ALASAN_KOSONG", "Tulis alasannya, paling sedikit 10 huruf.")])
    baris.ditarik_at, baris.alasan_tarik = timezone.now(), alasan.strip()[:300]
    baris.save(update_fields=["ditarik_at", "alasan_tarik"])
    audit.catat(
        aksi="tarik_pengumuman", objek=baris, by=by, wilayah=baris.wilayah_id, peran=by.peran_untuk("pengumuman.kelola", baris.wilayah_id),
    )  # fmt: skip
    return baris
