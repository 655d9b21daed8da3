"""Who may report, answer and lead an emergency, keep the roster and the record of a disaster. None or a sentence."""

from accounts.models import Pengguna
from pengaduan.models import KUASA_PEKA, Kedaruratan, KejadianBencana
from pengaduan.queries.darurat import sedang_piket
from wilayah.kode import kabupaten_dari

TERBATAS = "Kasus ini hanya ditangani pekerja sosial yang berwenang."


def lapor(by: Pengguna, wilayah: str) -> str | None:
    """Whoever hears of it writes it down, for any place of his kabupaten: help does not wait for the right desk."""
    kab = kabupaten_dari(wilayah)
    if any(kabupaten_dari(kode) == kab or kab.startswith(kode) for kode in by.cakupan("darurat.lapor")):
        return None
    return "Laporan darurat dicatat petugas kabupaten itu. Hubungi 112 atau Dinas Sosial setempat."


def langkah(by: Pengguna, satu: Kedaruratan) -> str | None:
    """Every step: the power over the area, a shift that is running, or the case itself in hand."""
    if satu.peka and not by.boleh(KUASA_PEKA, satu.wilayah_id):
        return TERBATAS
    if (
        by.boleh("darurat.tanggapi", satu.wilayah_id)
        or satu.petugas_id == by.pk
        or sedang_piket(by, satu.wilayah_id)
    ):
        return None
    return "Laporan darurat ditangani petugas piket, TKSK, pekerja sosial, atau supervisor wilayah ini."


def alihkan(by: Pengguna, satu: Kedaruratan) -> str | None:
    if satu.peka and not by.boleh(KUASA_PEKA, satu.wilayah_id):
        return TERBATAS
    if satu.peka or by.boleh("darurat.pimpin", satu.wilayah_id) or satu.petugas_id == by.pk:
        return None
    return "Petugas dipilih supervisor, atau dioper petugas yang memegang laporan ini."


def usulkan(by: Pengguna, satu: Kedaruratan) -> str | None:
    if satu.peka and not by.boleh(KUASA_PEKA, satu.wilayah_id):
        return TERBATAS
    if by.boleh("darurat.usulkan", satu.wilayah_id):
        return None
    return "Usulan kedaruratan dibuat operator desa, TKSK, pekerja sosial, atau supervisor wilayah ini."


def susulkan(by: Pengguna, satu: Kedaruratan) -> str | None:
    """Bring a paper that is owed: also the village operator may."""
    return langkah(by, satu) and usulkan(by, satu)


def bebaskan(by: Pengguna, satu: Kedaruratan) -> str | None:
    """Let a debt off. For cases of the case team another member of it decides (the action sees to it)."""
    if by.boleh(KUASA_PEKA if satu.peka else "darurat.pimpin", satu.wilayah_id):
        return None
    return "Pembebasan syarat susulan diputus supervisor."


def atur_piket(by: Pengguna, wilayah: str) -> str | None:
    return None if by.boleh("piket.kelola", wilayah) else "Jadwal piket diatur supervisor Dinas Sosial."


def catat_bencana(by: Pengguna, wilayah: str) -> str | None:
    if by.boleh("bencana.catat", wilayah):
        return None
    return "Anda hanya bisa mencatat bencana dan korbannya di wilayah tugas Anda."


def serahkan(by: Pengguna, kejadian: KejadianBencana, wilayah: str) -> str | None:
    if kejadian.ditutup_at is not None:
        return "Kejadian ini sudah ditutup. Barang tidak bisa diserahkan lagi."
    if by.boleh("bencana.serahkan", wilayah):
        return None
    return "Barang diserahkan TKSK atau supervisor Dinas Sosial."
