"""Who may do what with a complaint. None or the sentence that the screen shows; `by` is None for the reporter himself."""

from accounts.models import Pengguna
from pengaduan.models import Aduan
from pengaduan.models.aduan import DIJAWAB
from pengaduan.workflow import ADUAN
from wilayah.kode import mencakup

RAHASIA = "Pungutan dan penyalahgunaan oleh petugas hanya diterima Inspektorat lewat jalur laporan rahasia."


def catat(by: Pengguna, wilayah: str) -> str | None:
    if not by.boleh("aduan.catat", wilayah):
        return "Aduan dicatat petugas di wilayah kerjanya. Wilayah ini di luar tugas Anda."
    return None


def proses(by: Pengguna | None, aduan: Aduan) -> str | None:
    if by is None or not by.boleh("aduan.proses", aduan.wilayah_id):
        return "Langkah ini untuk verifikator atau supervisor Dinas Sosial di wilayah ini."
    return None


def ditunjuk(by: Pengguna, aduan: Aduan) -> bool:
    """Was the matter given to this person or to a desk that he sits at?"""
    if not by.boleh("aduan.tangani", aduan.wilayah_id):
        return False
    if aduan.petugas_id is not None:
        return aduan.petugas_id == by.pk
    return bool(aduan.meja) and _duduk(by, aduan)


def _duduk(by: Pengguna, aduan: Aduan) -> bool:
    return any(
        p.peran_id == aduan.meja and (p.wilayah_id is None or mencakup(p.wilayah_id, aduan.wilayah_id))
        for p in by.penugasan_aktif
    )


def tangani(by: Pengguna | None, aduan: Aduan) -> str | None:
    if by is None or not ditunjuk(by, aduan):
        return "Aduan ini diserahkan kepada petugas lain. Minta verifikator menyerahkannya kepada Anda."
    return None


def jawabkan(by: Pengguna | None, aduan: Aduan) -> str | None:
    """Ask or answer the reporter: whoever it was given to, or who verifies."""
    if by is not None and aduan.status in ("ditangani", "klarifikasi") and ditunjuk(by, aduan):
        return None
    return proses(by, aduan)


def pelapor(by: Pengguna | None, aduan: Aduan) -> str | None:
    return "Langkah ini hanya untuk pelapor yang memegang nomor dan PIN." if by is not None else None


def buka_lagi(by: Pengguna | None, aduan: Aduan) -> str | None:
    if kalimat := pelapor(by, aduan):
        return kalimat
    if aduan.dibuka_lagi_at is not None:
        return "Aduan ini sudah pernah dibuka lagi. Bila masih ada masalah, kirim aduan baru."
    return None


def nilai(by: Pengguna | None, aduan: Aduan) -> str | None:
    if kalimat := pelapor(by, aduan):
        return kalimat
    if aduan.nilai is not None:
        return "Anda sudah memberi nilai. Terima kasih."
    if aduan.status not in (*DIJAWAB, "ditutup") or not aduan.dijawab_at:
        return "Nilai diberikan sesudah aduan dijawab."
    return None


def mesin(by: Pengguna | None, aduan: Aduan) -> str | None:
    return "Langkah ini diambil portal sendiri." if by is not None else None


def buka_pelapor(by: Pengguna, aduan: Aduan) -> str | None:
    """Read who brought it: appointed verifiers, and who handles it when the reporter agreed."""
    if by.boleh("aduan.proses", aduan.wilayah_id):
        return None
    if aduan.privasi == Aduan.Privasi.TERBUKA and ditunjuk(by, aduan):
        return None
    return "Nama pelapor hanya boleh dilihat verifikator Dinas Sosial."


BY_STEP = {
    "verifikasi": proses, "tanya": jawabkan, "jawab": pelapor, "catat_jawab": jawabkan, "diam": mesin, "disposisi": proses,
    "kembalikan": tangani, "tangani": tangani, "selesaikan": jawabkan, "tolak": proses, "teruskan": proses, "buka_lagi": buka_lagi,
    "nilai": nilai, "tutup": mesin, "gabung": proses, "pisahkan": proses,
}  # fmt: skip


def langkah_terbuka(by: Pengguna, aduan: Aduan) -> list[tuple[str, str]]:
    """(name, label) of the steps that this person may take now; those of the reporter and of time are not his."""
    lain = ("jawab", "nilai", "buka_lagi", "gabung", "pisahkan", "diam", "tutup")
    buka = [a for a in ADUAN.open_from(aduan.status) if a.nama not in lain]
    return [(a.nama, a.label) for a in buka if BY_STEP[a.nama](by, aduan) is None]
