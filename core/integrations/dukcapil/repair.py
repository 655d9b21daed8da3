"""What each category means, what to do next and who does it, in words a village officer uses (domain.md
§3.2)."""

from __future__ import annotations

from typing import NamedTuple


class Repair(NamedTuple):
    """``siapa``: who acts next, 'desa', 'disdukcapil' or 'warga'."""

    arti: str
    langkah: str
    siapa: str


REPAIR: dict[str, Repair] = {
    "PADAN": Repair(
        "NIK ditemukan dan datanya cocok dengan Dukcapil.",
        "Tidak perlu tindakan. Lanjutkan usulan.",
        "desa",
    ),
    "PADAN_SEBAGIAN": Repair(
        "NIK ditemukan, tetapi sebagian data berbeda dengan Dukcapil.",
        "Bandingkan dengan KTP-el dan Kartu Keluarga lalu betulkan data di portal. "
        "Jika data Dukcapil yang keliru, antar warga ke Disdukcapil.",
        "desa",
    ),
    "TIDAK_PADAN_NAMA": Repair(
        "NIK ditemukan, tetapi nama pemiliknya berbeda jauh.",
        "Periksa apakah NIK tertukar dengan anggota lain, lalu betulkan NIK atau nama sesuai KTP-el. "
        "Jika data Dukcapil yang keliru, antar warga ke Disdukcapil.",
        "desa",
    ),
    "TIDAK_DITEMUKAN": Repair(
        "NIK tidak ada di data kependudukan.",
        "Cocokkan dulu 16 angka NIK dengan Kartu Keluarga. "
        "Jika sudah benar, minta Disdukcapil mengaktifkan atau mengonsolidasi NIK.",
        "disdukcapil",
    ),
    "FORMAT_SALAH": Repair(
        "Susunan angka NIK tidak sesuai aturan Dukcapil.",
        "Ketik ulang 16 angka NIK dari KTP-el atau Kartu Keluarga.",
        "desa",
    ),
    "MENINGGAL": Repair(
        "Dukcapil mencatat orang ini sudah meninggal.",
        "Jika benar, unggah akta kematian dan ganti pengurus keluarga. Jika orangnya masih hidup, buat surat "
        "keterangan hidup dari desa lalu antar ke Disdukcapil.",
        "desa",
    ),
    "GANDA": Repair(
        "Orang ini punya dua NIK, atau satu NIK dipakai dua orang.",
        "Antar warga ke Disdukcapil untuk menetapkan satu NIK. Jangan membuat data baru di portal.",
        "disdukcapil",
    ),
    "NONAKTIF": Repair(
        "NIK dinonaktifkan, biasanya karena belum rekam KTP-el atau sudah lama pindah.",
        "Minta warga merekam KTP-el atau mengaktifkan NIK di Disdukcapil, lalu periksa ulang di portal.",
        "warga",
    ),
    "PINDAH": Repair(
        "NIK dan nama cocok, tetapi menurut Dukcapil tinggalnya di wilayah lain.",
        "Pastikan tempat tinggalnya sekarang. Jika tinggal di sini, minta warga mengurus surat pindah; "
        "jika tidak, serahkan usulan ke desa tempat tinggalnya.",
        "desa",
    ),
    "GAGAL_LAYANAN": Repair(
        "Layanan Dukcapil sedang tidak bisa dihubungi. NIK belum diperiksa.",
        "Tidak perlu mengetik ulang. Portal akan mencoba lagi; usulan tetap tersimpan.",
        "desa",
    ),
    "BELUM_REKAM": Repair(
        "Orang ini belum pernah merekam KTP-el.",
        "Antar warga ke tempat perekaman KTP-el, atau minta layanan jemput bola Disdukcapil.",
        "warga",
    ),
    "TANPA_DOKUMEN": Repair(
        "Orang ini tidak punya NIK atau dokumen kependudukan.",
        "Usulan tetap diterima dengan nomor sementara. Minta Disdukcapil mencari datanya "
        "dengan sidik jari atau membuat dokumen baru.",
        "disdukcapil",
    ),
}
