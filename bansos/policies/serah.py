"""Who may ask for data for another office, approve it, and hand it over. None or the sentence that the screen shows."""

from django.utils import timezone

from accounts.models import Pengguna
from bansos.models import PermintaanData
from bansos.models.serah import KUASA_MINTA, KUASA_SETUJU


def minta(by: Pengguna, wilayah: str) -> str | None:
    return (
        None
        if by.boleh(KUASA_MINTA, wilayah)
        else "Permintaan data dicatat supervisor Dinas Sosial di kabupaten/kotanya."
    )


def putus(by: Pengguna, permintaan: PermintaanData) -> str | None:
    if permintaan.status != PermintaanData.Status.DIMINTA:
        return f"Permintaan ini sudah diputus: {permintaan.get_status_display().lower()}."
    if not by.boleh(KUASA_SETUJU, permintaan.wilayah_id):
        return "Permintaan data diputus Kepala Dinas."
    if by.orang_id == permintaan.diminta_orang_id:
        return "Anda yang mencatat permintaan ini. Yang memutus harus orang lain."
    return None


def serahkan(by: Pengguna, permintaan: PermintaanData) -> str | None:
    if not by.boleh(KUASA_MINTA, permintaan.wilayah_id):
        return "Data diserahkan supervisor Dinas Sosial."
    if permintaan.status != PermintaanData.Status.DISETUJUI:
        return "Data diserahkan sesudah permintaannya disetujui."
    if permintaan.berlaku_hingga < timezone.localdate():
        return "Masa permintaan ini sudah lewat. Catat permintaan baru dengan perjanjian yang berlaku."
    return None
