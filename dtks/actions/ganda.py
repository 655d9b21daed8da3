"""The finding that a NIK or KK is proposed in two places, kept when the submission itself was refused.

A form that is sent once runs in one transaction; a refusal takes that transaction back and the finding with it. So the
finding is written afterwards, on its own, and once per pair: pressing the button ten times is one finding.
"""

from django.db import transaction

from accounts.models import Pengguna
from core import audit, workflow
from dtks.models import Individu, Keluarga, TemuanGanda


@transaction.atomic
def laporkan(*, by: Pengguna, wilayah: str, nik: str = "", no_kk: str = "") -> TemuanGanda | None:
    """Record where `nik` or `no_kk` is active outside the areas of `by`; None when it is not, or is noted already."""
    orang = Individu.objects.aktif().dengan_nik(nik).first() if nik else None
    keluarga: Keluarga | None = orang.keluarga if orang else None
    if keluarga is None and no_kk:
        keluarga = Keluarga.objects.dengan_kk(no_kk).exclude(status=Keluarga.Status.NONAKTIF).first()
    if keluarga is None or Keluarga.objects.visible_to(by).filter(pk=keluarga.pk).exists():
        return None
    workflow.lock(Keluarga, keluarga.pk)
    temuan, baru = TemuanGanda.objects.get_or_create(
        individu=orang,
        keluarga=keluarga,
        wilayah_pertama_id=keluarga.wilayah_id,
        wilayah_kedua_id=wilayah,
        ditutup_at=None,
        defaults={"dilaporkan_by": by},
    )
    if not baru:
        return None
    audit.catat(aksi="temuan_ganda", objek=temuan, by=by, wilayah=wilayah)
    return temuan
