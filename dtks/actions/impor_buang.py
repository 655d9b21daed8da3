"""A file that was looked at and is not wanted: gone at once, instead of by the nightly sweep (dtks.actions.impor.inti)."""

from django.db import transaction

from accounts.models import Pengguna
from core import audit, files, workflow
from core.workflow import Halangan, NotAllowed, NotOpen
from dtks.models import BarisImpor, Impor

BISA_DIBUANG = (Impor.Status.SIAP, Impor.Status.GAGAL)


@transaction.atomic
def buang(impor: Impor, *, by: Pengguna) -> None:
    """Nothing of the file was saved, so nothing of it is kept but the act."""
    baris: Impor = workflow.lock(Impor, impor.pk)
    if not by.boleh(baris.kuasa, baris.wilayah_id):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", "Berkas ini bukan wewenang Anda di wilayah ini.")])
    if baris.status not in BISA_DIBUANG:
        raise NotOpen(
            [
                Halangan(
                    "TIDAK_BISA_DIBUANG",
                    f"Berkas ini sekarang “{baris.get_status_display()}”, jadi tidak bisa dibuang.",
                    "Muat ulang halaman.",
                )
            ]
        )
    audit.catat(
        aksi="buang_impor", objek=baris, by=by, wilayah=baris.wilayah_id, peran=by.peran_untuk(baris.kuasa, baris.wilayah_id),
        rincian={"status": baris.status, "sha256": bytes(baris.sha256).hex()},
    )  # fmt: skip
    BarisImpor.objects.filter(impor=baris).delete()
    berkas = baris.berkas
    baris.delete()
    files.remove(berkas)
