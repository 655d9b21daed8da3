"""Who may propose a quota, approve it, and give its places. None or the sentence that the screen shows.

A unit is the desk under which a person acts: the role of the assignment that gives the power there, named by the rule
'kuota.unit'. Roles that the rule does not name are a unit of their own (docs/adr/0026).
"""

from accounts.models import Pengguna
from bansos.models import Kuota, PerubahanKuota
from core import rules
from wilayah.models import Wilayah


def unit(by: Pengguna, kuasa: str, wilayah: str) -> str:
    """Name of the unit for which this person acts with that power in that area; '' without the power."""
    peran = by.peran_untuk(kuasa, wilayah)
    return str(rules.value("kuota.unit", wilayah).get(peran, peran))


def usulkan(by: Pengguna, wilayah: str) -> str | None:
    if not Wilayah.objects.filter(pk=wilayah, tingkat__in=(2, 3, 4)).exists():
        return "Kuota ditetapkan untuk kabupaten/kota, lalu bisa dibagi ke kecamatan dan desa."
    if not by.boleh("kuota.usulkan", wilayah):
        return "Kuota diusulkan supervisor Dinas Sosial di kabupaten/kotanya."
    return None


def putus(by: Pengguna, perubahan: PerubahanKuota) -> str | None:
    wilayah = perubahan.kuota.wilayah_id
    if perubahan.status != PerubahanKuota.Status.DIUSULKAN:
        return f"Perubahan ini sudah diputus: {perubahan.get_status_display().lower()}."
    if not by.boleh("kuota.putus", wilayah):
        return "Perubahan kuota diputus Kepala Dinas."
    if by.orang_id == perubahan.diusulkan_orang_id:
        return "Anda yang mengusulkan perubahan ini. Yang memutus harus orang lain."
    if unit(by, "kuota.putus", wilayah) == perubahan.unit_pengusul:
        return f"Anda satu unit dengan pengusulnya ({perubahan.unit_pengusul}). Yang memutus harus dari unit lain."
    return None


def tarik(by: Pengguna, perubahan: PerubahanKuota) -> str | None:
    if perubahan.status != PerubahanKuota.Status.DIUSULKAN:
        return f"Perubahan ini sudah diputus: {perubahan.get_status_display().lower()}."
    if by.orang_id != perubahan.diusulkan_orang_id:
        return "Hanya pengusulnya yang boleh menarik usulan ini."
    return None


def isi(by: Pengguna, kuota: Kuota) -> str | None:
    if not by.boleh("kuota.isi", kuota.wilayah_id):
        return "Tempat kuota diisi dan dilepas supervisor Dinas Sosial."
    return None
