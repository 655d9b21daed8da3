"""The services at the counter (PBI reactivation, letters) found at /lacak/ by the ticket and PIN of their receipt."""

from bansos.models import PermohonanSurat, ReaktivasiPBI
from pengaduan.actions import lacak


def _pbi(tiket: str, pin_indeks: bytes) -> ReaktivasiPBI | None:
    rows = ReaktivasiPBI.objects.select_related("dokumen")
    return rows.filter(tiket=tiket, pin_indeks=pin_indeks).first()


def _surat(tiket: str, pin_indeks: bytes) -> PermohonanSurat | None:
    rows = PermohonanSurat.objects.select_related("dokumen")
    return rows.filter(tiket=tiket, pin_indeks=pin_indeks).first()


lacak.daftarkan("PBI", _pbi)
lacak.daftarkan("SRT", _surat)
