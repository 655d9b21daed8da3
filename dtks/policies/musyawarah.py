"""May this person act on this meeting? None or the sentence that the screen shows."""

from accounts.models import Pengguna
from dtks import workflow
from dtks.models import Musyawarah, Usulan


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


def bahas(by: Pengguna, usulan: Usulan) -> str | None:
    """May this person put the proposal on an agenda: the power of the step, and not his own family."""
    if not by.boleh("usulan.musyawarahkan", usulan.wilayah_id):
        return "Membawa usulan ke musyawarah bukan wewenang Anda."
    if usulan.keluarga.anggota.filter(nik_indeks=by.orang.nik_indeks, aktif=True).exists():
        return "Anda tercatat sebagai anggota keluarga ini. Mintalah petugas lain yang memprosesnya."
    return None


def perbaiki(by: Pengguna, rapat: Musyawarah) -> str | None:
    """May the approved minutes be corrected by second ones? `rapat` are the first."""
    if kalimat := jadwalkan(by, rapat.wilayah_id):
        return kalimat
    if rapat.perbaikan_dari_id:
        return "Perbaikan dibuat dari berita acara pertama, bukan dari berita acara perbaikan."
    if rapat.status != "disetujui":
        return "Berita acara ini belum disetujui, jadi belum perlu berita acara perbaikan."
    if rapat.perbaikan.perbaikan_berjalan().exists():
        return "Masih ada perbaikan yang belum selesai untuk berita acara ini. Selesaikan atau batalkan dulu."
    return None


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
