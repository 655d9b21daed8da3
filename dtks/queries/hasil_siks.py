"""What SIKS-NG answered about a proposal, in plain words with what to do next."""

from dataclasses import dataclass

from dtks.models import HasilSiks, Usulan

_BERHASIL = ("BERHASIL", "SUKSES", "DITERIMA", "VALID", "LOLOS")
_GAGAL = ("GAGAL", "DITOLAK", "TIDAK", "INVALID", "ERROR")


@dataclass(frozen=True)
class Jawaban:
    satu: HasilSiks
    nada: str
    arti: str
    langkah: str


def jawaban(usulan: Usulan) -> list[Jawaban]:
    """The latest answer for each person of the proposal that still counts."""
    rows = HasilSiks.objects.berlaku().filter(usulan=usulan).select_related("individu")
    akhir = rows.order_by("individu_id", "-created_at", "-pk").distinct("individu_id")
    return [_baca(satu) for satu in sorted(akhir, key=lambda h: (h.individu.hubungan, h.individu.nama))]


def _baca(satu: HasilSiks) -> Jawaban:
    if satu.padan == HasilSiks.Padan.TIDAK:
        return Jawaban(
            satu,
            "tunggu",
            "Data orang ini tidak cocok dengan Dukcapil.",
            "Buka halaman NIK tidak padan, perbaiki sesuai KK dan KTP-el, lalu usulkan lagi.",
        )
    kata = satu.hasil.upper()
    if kata.startswith(_GAGAL):
        return Jawaban(
            satu,
            "buruk",
            "SIKS-NG tidak menerima usulan ini.",
            "Baca keterangannya, perbaiki, lalu usulkan lagi di periode berikutnya.",
        )
    if kata.startswith(_BERHASIL):
        return Jawaban(
            satu,
            "baik",
            "SIKS-NG menerima usulan ini. Ini belum penetapan.",
            "Tunggu SK penetapan. Tidak ada yang perlu dikerjakan.",
        )
    return Jawaban(
        satu,
        "netral",
        "Jawaban SIKS-NG seperti tertulis.",
        "Baca keterangannya. Bila ragu, tanyakan ke Dinas Sosial.",
    )
