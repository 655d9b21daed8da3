"""Who may say that two rows are one person: the village inside itself, the Dinas across villages, and always two to merge."""

from accounts.models import Pengguna
from dtks.models import CalonGanda, Individu

KUASA_DINAS = "padan.setujui_kecuali"
KUASA_DESA = "padan.kecualikan"


def dinas(by: Pengguna, calon: CalonGanda) -> bool:
    """The Dinas of both sides."""
    return all(by.boleh(KUASA_DINAS, w) for w in wilayah(calon))


def wilayah(calon: CalonGanda) -> tuple[str, str]:
    return calon.pertama.keluarga.wilayah_id, calon.kedua.keluarga.wilayah_id


def kuasa(by: Pengguna, calon: CalonGanda) -> str:
    return KUASA_DINAS if dinas(by, calon) else KUASA_DESA


def putuskan(by: Pengguna, calon: CalonGanda) -> str | None:
    """May this person say 'different persons' or ask the registry? None, or a sentence why not."""
    if not dinas(by, calon) and not all(by.boleh(KUASA_DESA, w) for w in wilayah(calon)):
        if any(by.boleh(KUASA_DESA, w) or by.boleh(KUASA_DINAS, w) for w in wilayah(calon)):
            return "Salah satu orang ini warga wilayah lain. Yang memutuskan Dinsos yang membawahi keduanya."
        return "Data ganda diperiksa operator desa dan diputus verifikator atau supervisor Dinsos."
    return _bukan_keluarga_sendiri(by, calon)


usulkan_gabung = putuskan


def setujui_gabung(by: Pengguna, calon: CalonGanda) -> str | None:
    if not dinas(by, calon):
        return "Penggabungan disetujui verifikator atau supervisor Dinsos."
    if calon.diusulkan_orang_id == by.orang_id:
        return "Anda yang mengusulkan penggabungan ini. Persetujuan harus dari orang lain."
    return _bukan_keluarga_sendiri(by, calon)


def pisahkan(by: Pengguna, calon: CalonGanda) -> str | None:
    if not dinas(by, calon):
        return "Penggabungan dibatalkan verifikator atau supervisor Dinsos."
    return _bukan_keluarga_sendiri(by, calon)


def _bukan_keluarga_sendiri(by: Pengguna, calon: CalonGanda) -> str | None:
    sendiri = by.orang.nik_indeks
    rumah = (calon.pertama.keluarga_id, calon.kedua.keluarga_id)
    if sendiri and Individu.objects.filter(keluarga_id__in=rumah, nik_indeks=sendiri).exists():
        return "Anda tercatat di salah satu keluarga ini. Mintalah petugas lain."
    return None
