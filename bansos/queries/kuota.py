"""Which quota counts, who has a place in it, and every change for everybody to read."""

from datetime import date

from django.db.models import QuerySet

from bansos.models import Kuota, PengisianKuota, PerubahanKuota
from wilayah.kode import dalam


def berlaku(program: str, wilayah: str, periode: str) -> Kuota | None:
    """The quota of a programme (code), kabupaten (code) and quarter ('2026-4'); None while no change was ever approved.

    `.jumlah` places, `.pagu` rupiah a year or None. A quota of 0 places that somebody approved is a quota.
    """
    return Kuota.objects.filter(program=program, wilayah=wilayah, periode=periode, versi__gt=0).first()


def di_tempat(program: str, wilayah: str, periode: str) -> Kuota | None:
    """The narrowest quota in force for an area: of its desa, else its kecamatan, else its kabupaten."""
    kode = [wilayah[:n] for n in (5, 8, 13) if len(wilayah) >= n]
    rows = Kuota.objects.filter(program=program, wilayah__in=kode, periode=periode, versi__gt=0)
    return max(rows, key=lambda k: len(k.wilayah_id), default=None)


def pembagian(kabupaten: Kuota) -> dict[str, int]:
    """How many places each area may fill itself, by code; the kabupaten stands for what nobody below has. {} when undivided."""
    rows = Kuota.objects.filter(
        dalam("wilayah_id", [kabupaten.wilayah_id]), program=kabupaten.program_id, periode=kabupaten.periode, versi__gt=0
    )  # fmt: skip
    hasil = {k.wilayah_id: k.jumlah - k.dibagi for k in rows.order_by("wilayah_id")}
    return hasil if len(hasil) > 1 else {}


def triwulan_pilihan(hari: date, maju: int = 4) -> list[str]:
    """Quarters from the one of this day: '2026-4', '2027-1', …"""
    kini = hari.year * 4 + (hari.month - 1) // 3
    return [f"{n // 4}-{n % 4 + 1}" for n in range(kini, kini + maju + 1)]


def catatan() -> "QuerySet[PerubahanKuota]":
    """All changes of all quotas, whatever became of them: the public log."""
    return PerubahanKuota.objects.select_related("kuota__program", "kuota__wilayah")


def tempat(kuota: Kuota) -> "QuerySet[PengisianKuota]":
    """Places of a quota, held and left, with who held them."""
    return kuota.pengisian.select_related("keluarga__wilayah", "individu", "menggantikan", "lepas_by")
