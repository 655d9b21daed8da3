"""May this person ask for, approve, take or end an API key? None, or the sentence that the screen shows."""

from accounts.models import KunciApi, Pengguna

KELOLA, SETUJUI = "kunci_api.kelola", "kunci_api.setujui"


def minta(by: Pengguna, wilayah: list[str]) -> str | None:
    if not by.punya(KELOLA):
        return "Hanya admin yang meminta kunci API."
    if not all(by.boleh(KELOLA, kode) for kode in wilayah):
        return "Ada wilayah di luar wilayah Anda. Minta admin wilayah tersebut."
    return None


def putus(by: Pengguna, kunci: KunciApi) -> str | None:
    """Approving and refusing: somebody else than who asked, with power over every area of the key."""
    if not _semua(by, SETUJUI, kunci):
        return "Hanya Kepala Dinas wilayah ini yang menyetujui kunci API."
    if by.orang_id == kunci.diminta_orang_id:
        return "Anda yang meminta kunci ini. Orang lain yang menyetujuinya."
    return None


def ambil(by: Pengguna, kunci: KunciApi) -> str | None:
    """The secret goes to the admin, once; a new one replaces it."""
    return None if _semua(by, KELOLA, kunci) else "Hanya admin wilayah ini yang mengambil kunci API."


def cabut(by: Pengguna, kunci: KunciApi) -> str | None:
    """Either side ends a key at once; that needs no second person."""
    if _semua(by, KELOLA, kunci) or _semua(by, SETUJUI, kunci):
        return None
    return "Hanya admin atau Kepala Dinas wilayah ini yang mencabut kunci API."


def _semua(by: Pengguna, kuasa: str, kunci: KunciApi) -> bool:
    return all(by.boleh(kuasa, kode) for kode in kunci.wilayah())
