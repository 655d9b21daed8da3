"""Who may publish the list of a meeting, and take it back. None or a sentence."""

from accounts.models import Pengguna
from bansos.models import Pengumuman
from dtks.models import Musyawarah

BUKAN = "Daftar diumumkan operator desa atau lurah/kepala desa di desanya."


def umumkan(by: Pengguna, musyawarah: Musyawarah) -> str | None:
    if not by.boleh("pengumuman.kelola", musyawarah.wilayah_id):
        return BUKAN
    if musyawarah.status != "disetujui":
        return "Yang diumumkan hanya hasil musyawarah yang berita acaranya sudah disetujui."
    return None


def tarik(by: Pengguna, pengumuman: Pengumuman) -> str | None:
    if not by.boleh("pengumuman.kelola", pengumuman.wilayah_id):
        return BUKAN
    if pengumuman.ditarik_at:
        return "Pengumuman ini sudah ditarik."
    return None
