"""Who may bring a graduation, and who may agree: never the same person, never about the own family."""

from accounts.models import Pengguna
from bansos.models import Graduasi
from dtks.models import Keluarga

AJUKAN, SETUJUI = "graduasi.ajukan", "graduasi.setujui"
_SENDIRI = "Anda tercatat sebagai anggota keluarga ini. Mintalah petugas lain."


def _keluarga_sendiri(by: Pengguna, keluarga: Keluarga) -> bool:
    return keluarga.anggota.filter(nik_indeks=by.orang.nik_indeks, aktif=True).exists()


def ajukan(by: Pengguna, keluarga: Keluarga) -> str | None:
    if not by.boleh(AJUKAN, keluarga.wilayah_id):
        return "Graduasi dicatat operator desa tempat keluarga ini tinggal."
    return _SENDIRI if _keluarga_sendiri(by, keluarga) else None


def putus(by: Pengguna, graduasi: Graduasi) -> str | None:
    if not by.boleh(SETUJUI, graduasi.wilayah_id):
        return "Graduasi keluarga ini diputus supervisor atau Kepala Dinas."
    if by.orang_id == graduasi.pengaju_orang_id:
        return "Anda yang mengajukan graduasi ini, jadi orang lain yang memutusnya."
    return _SENDIRI if _keluarga_sendiri(by, graduasi.keluarga) else None


def pantau(by: Pengguna, keluarga: Keluarga) -> str | None:
    return (
        None
        if by.boleh(AJUKAN, keluarga.wilayah_id)
        else "Pemantauan dicatat operator desa tempat keluarga ini tinggal."
    )
