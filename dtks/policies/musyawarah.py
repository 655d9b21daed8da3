"""May this person act on this meeting? None or the sentence that the screen shows."""

from accounts.models import Pengguna
from dtks import workflow
from dtks.models import Musyawarah


def _kuasa(nama: str, by: Pengguna, rapat: Musyawarah) -> str | None:
    arrow = workflow.MUSYAWARAH.find(nama, rapat.status)
    if arrow is None:
        return f"Langkah ini tidak terbuka: musyawarah sekarang “{rapat.get_status_display()}”."
    if not by.boleh(arrow.kuasa, rapat.wilayah_id):
        return f"Langkah “{arrow.label}” bukan wewenang Anda."
    return None


def jadwalkan(by: Pengguna, wilayah: str) -> str | None:
    return (
        None
        if by.boleh("musyawarah.kelola", wilayah)
        else "Musyawarah dijadwalkan oleh operator desa setempat."
    )


def kelola(by: Pengguna, rapat: Musyawarah) -> str | None:
    if rapat.status != "dijadwalkan":
        return f"Isi musyawarah tidak bisa diubah lagi: sekarang “{rapat.get_status_display()}”."
    return jadwalkan(by, rapat.wilayah_id)


def selenggarakan(by: Pengguna, rapat: Musyawarah) -> str | None:
    return _kuasa("selenggarakan", by, rapat)


def tandatangani(by: Pengguna, rapat: Musyawarah) -> str | None:
    return _kuasa("tandatangani", by, rapat)


def setujui(by: Pengguna, rapat: Musyawarah) -> str | None:
    """The lurah/kades approves; whoever uploaded the scan cannot."""
    if kalimat := _kuasa("setujui", by, rapat):
        return kalimat
    unggah = rapat.riwayat.filter(langkah="tandatangani").order_by("-urut").first()
    if unggah is not None and unggah.orang_id == by.orang_id:
        return "Anda yang mengunggah berita acara ini. Persetujuan harus dari orang lain."
    return None


def kembalikan(by: Pengguna, rapat: Musyawarah) -> str | None:
    return _kuasa("kembalikan", by, rapat)


def batalkan(by: Pengguna, rapat: Musyawarah) -> str | None:
    return _kuasa("batalkan", by, rapat)


BY_STEP = {
    "selenggarakan": selenggarakan,
    "tandatangani": tandatangani,
    "setujui": setujui,
    "kembalikan": kembalikan,
    "batalkan": batalkan,
}
