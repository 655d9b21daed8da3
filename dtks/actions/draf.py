"""Keeping and dropping half-filled forms. A draft is nobody's act, so none of this is in the audit trail."""

import json
from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from accounts.models import Pengguna
from core import limits, rules
from core.privacy import keys
from core.workflow import GateClosed, Halangan
from dtks.models import DrafIsian

BATAS = "draf.batas"


def simpan(*, by: Pengguna, kunci: str, isi: Mapping[str, list[str]]) -> DrafIsian:
    """Put the draft of this form in place of the last one. Raises GateClosed when it is too big, too many or too often."""
    batas = rules.value(BATAS)
    if not limits.hit(f"draf:{by.pk}", limit=batas["per_menit"], window=timedelta(minutes=1)):
        raise _ditolak("TERLALU_SERING", "Terlalu sering menyimpan.", "Tunggu semenit, lalu simpan lagi.")
    if len(json.dumps(dict(isi), ensure_ascii=False).encode()) > batas["kilobita"] * 1024:
        raise _ditolak(
            "TERLALU_BESAR", "Isian ini terlalu panjang untuk disimpan sementara.", "Kirim dulu sebagian."
        )
    milik = DrafIsian.objects.visible_to(by)
    if milik.exclude(kunci=kunci).count() >= batas["paling_banyak"]:
        raise _ditolak(
            "TERLALU_BANYAK", "Isian yang belum dikirim sudah terlalu banyak.", "Kirim atau buang yang lama."
        )
    baris = DrafIsian(pengguna=by, kunci=kunci)
    baris.segel(dict(isi))
    # Two windows of one person may come first together: the later one wins, as on one screen.
    DrafIsian.objects.bulk_create(
        [baris],
        update_conflicts=True,
        unique_fields=["pengguna", "kunci"],
        update_fields=["isi", "updated_at"],
    )
    return DrafIsian.objects.visible_to(by).get(kunci=kunci)


def buang(*, by: Pengguna, kunci: str, kunci_kirim: str = "") -> None:
    """Drop the draft; with `kunci_kirim` only when it is the draft of that very sending."""
    baris = DrafIsian.objects.visible_to(by).filter(kunci=kunci).first()
    if baris is None:
        return
    try:
        lain = bool(kunci_kirim) and baris.buka().get("kunci_kirim") != [kunci_kirim]
    except keys.SealBroken:  # its data key was dropped: nobody can use it any more
        lain = False
    if not lain:
        baris.delete()


def bersihkan() -> int:
    """Drafts that nobody touched for a while hold personal data for nothing."""
    lama = timezone.now() - timedelta(days=rules.value(BATAS)["simpan_hari"])
    return DrafIsian.objects.filter(updated_at__lt=lama).delete()[0]


def _ditolak(kode: str, kalimat: str, jalan_keluar: str) -> GateClosed:
    return GateClosed([Halangan(kode, kalimat, jalan_keluar)])
