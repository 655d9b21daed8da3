"""National holidays that ship with the portal. A Dinas adds the days of its own area on screen; they are never touched here."""

from pathlib import Path

from core import reference
from wilayah.models import HariLibur

BERKAS = Path(__file__).resolve().parent / "data" / "hari_libur.json"


def muat() -> list[reference.Loaded]:
    """Make the national days equal to the file: a day that a later SKB took away goes."""
    baris = reference.read(BERKAS)
    lebih = HariLibur.objects.filter(wilayah__isnull=True).exclude(tanggal__in=[b["tanggal"] for b in baris])
    dihapus, _ = lebih.delete()
    hasil = reference.load(
        HariLibur, ({"wilayah_id": None, **b} for b in baris), key=["tanggal", "wilayah_id"]
    )
    return [reference.Loaded(hasil.nama, hasil.baru, hasil.berubah, hasil.tetap, dihapus)]
