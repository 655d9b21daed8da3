"""May this person compute, sign or revoke an eligibility list? None or the sentence that the screen shows."""

from accounts.models import Pengguna
from bansos.models import DaftarKelayakan

HITUNG, TANDATANGAN = "kelayakan.hitung", "kelayakan.tandatangani"


def hitung(by: Pengguna, wilayah: str) -> str | None:
    return (
        None
        if by.boleh(HITUNG, wilayah)
        else "Menghitung daftar kelayakan bukan wewenang Anda di wilayah ini."
    )


def tandatangani(by: Pengguna, daftar: DaftarKelayakan) -> str | None:
    """The head of the Dinas, and never who had it computed: by person, not by account."""
    if not by.boleh(TANDATANGAN, daftar.wilayah_id):
        return "Daftar kelayakan ditandatangani Kepala Dinas atau penggantinya."
    if daftar.created_by is not None and daftar.created_by.orang_id == by.orang_id:
        return "Anda yang menghitung daftar ini. Tanda tangan harus dari orang lain."
    return None


def cabut(by: Pengguna, daftar: DaftarKelayakan) -> str | None:
    if not by.boleh(TANDATANGAN, daftar.wilayah_id):
        return "Daftar kelayakan dicabut Kepala Dinas atau penggantinya."
    return None
