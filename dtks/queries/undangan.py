"""The invitation of a meeting: may it be made, and does the one that was made still say what is planned?"""

from typing import Any

from django.utils import timezone

from core.terbilang import tanggal_panjang
from core.workflow import Halangan
from dtks.models import Musyawarah
from wilayah.waktu import hari_wilayah, jam_wilayah


def terhalang(rapat: Musyawarah) -> Halangan | None:
    if rapat.waktu <= timezone.now():
        return Halangan(
            "SUDAH_LEWAT",
            "Waktu musyawarah ini sudah lewat, jadi undangannya tidak dibuat lagi.",
            "Kalau musyawarahnya belum diadakan, ubah dulu tanggalnya di “Acara dan catatan”.",
        )
    if not rapat.peserta.exists():
        return Halangan(
            "UNDANGAN_KOSONG", "Belum ada yang diundang.", "Tambahkan peserta di halaman “Kehadiran”."
        )
    return None


def ringkas(rapat: Musyawarah) -> dict[str, Any]:
    """What the letter says in short, as the public check shows it: no person."""
    hari = hari_wilayah(rapat.wilayah_id, rapat.waktu)
    return {
        "waktu": f"{tanggal_panjang(hari)}, pukul {jam_wilayah(rapat.wilayah_id, rapat.waktu)}",
        "tempat": rapat.tempat,
        "acara": rapat.agenda,
        "jumlah_undangan": rapat.peserta.count(),
    }


def usang(rapat: Musyawarah) -> bool:
    """The plan changed after the letter was made."""
    return rapat.undangan is not None and rapat.undangan.ringkas != ringkas(rapat)
