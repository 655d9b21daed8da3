"""Who may write a version of a programme's rule, and who approves it. None or the sentence that the screen shows.

A supervisor writes for his kabupaten; the rule for the whole country is reference data of the portal.
"""

from accounts.models import Pengguna
from bansos.models import AturanProgram
from wilayah.models import Wilayah


def susun(by: Pengguna, wilayah: str) -> str | None:
    if not Wilayah.objects.filter(pk=wilayah, tingkat=2).exists() or not by.boleh("aturan.susun", wilayah):
        return "Aturan program disusun supervisor Dinas Sosial untuk kabupaten/kotanya."
    return None


def ubah(by: Pengguna, aturan: AturanProgram) -> str | None:
    if aturan.status != AturanProgram.Status.DRAF:
        return f"Hanya draf yang bisa diubah. Versi ini: {aturan.get_status_display().lower()}."
    if not aturan.wilayah_id or not by.boleh("aturan.susun", aturan.wilayah_id):
        return "Aturan program disusun supervisor Dinas Sosial di wilayahnya."
    return None


def putus(by: Pengguna, aturan: AturanProgram) -> str | None:
    if aturan.status != AturanProgram.Status.DIAJUKAN:
        return f"Versi ini tidak menunggu persetujuan: {aturan.get_status_display().lower()}."
    if not aturan.wilayah_id or not by.boleh("aturan.putus", aturan.wilayah_id):
        return "Perubahan aturan program diputus Kepala Dinas."
    penyusun = {p.orang_id for p in (aturan.created_by, aturan.diajukan_by) if p is not None}
    if by.orang_id in penyusun:
        return "Anda ikut menyusun versi ini. Yang memutus harus orang lain."
    return None
