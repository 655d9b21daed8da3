"""What each category means, what to do next and who does it, in words a village officer uses (domain.md
§3.2)."""

from __future__ import annotations

from typing import NamedTuple


class Langkah(NamedTuple):
    """One thing to do; ``siapa``: 'desa', 'disdukcapil' or 'warga'."""

    siapa: str
    kalimat: str


class Repair(NamedTuple):
    """``siapa``: who acts next, 'desa', 'disdukcapil' or 'warga'. ``urutan``: what to do, one after the other."""

    arti: str
    langkah: str
    siapa: str
    urutan: tuple[Langkah, ...] = ()


_CEK_ULANG = Langkah("desa", "Tekan “Cek ulang ke Dukcapil”, lalu lihat hasilnya di halaman ini.")
_BANDING = Langkah("desa", "Bandingkan data di portal dengan KTP-el dan Kartu Keluarga yang asli.")
_SURAT = Langkah("desa", "Masukkan orang ini ke surat untuk Disdukcapil, lalu antar suratnya.")
_BALAS = Langkah("disdukcapil", "Membetulkan datanya, lalu menandai “sudah diperbaiki” atau membalas surat.")
_TUNGGU_CEK = Langkah(
    "desa", "Lihat hasil cek ulang di halaman ini. Portal juga mengecek sendiri setiap malam."
)


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
        (
            _BANDING,
            Langkah(
                "desa",
                "Bila portal yang keliru: betulkan di “Perbaiki identitas”. Portal mengecek ulang sendiri.",
            ),
            Langkah("desa", "Bila KTP-el dan KK sama dengan portal: masukkan ke surat untuk Disdukcapil."),
            _BALAS,
            _TUNGGU_CEK,
        ),
    ),
    "TIDAK_PADAN_NAMA": Repair(
        "NIK ditemukan, tetapi nama pemiliknya berbeda jauh.",
        "Periksa apakah NIK tertukar dengan anggota lain, lalu betulkan NIK atau nama sesuai KTP-el. "
        "Jika data Dukcapil yang keliru, antar warga ke Disdukcapil.",
        "desa",
        (
            Langkah("desa", "Periksa apakah NIK tertukar dengan anggota keluarga lain."),
            _BANDING,
            Langkah("desa", "Betulkan NIK atau nama di “Perbaiki identitas”. Portal mengecek ulang sendiri."),
            Langkah("desa", "Bila portal sudah benar: masukkan ke surat untuk Disdukcapil."),
            _BALAS,
        ),
    ),
    "TIDAK_DITEMUKAN": Repair(
        "NIK tidak ada di data kependudukan.",
        "Cocokkan dulu 16 angka NIK dengan Kartu Keluarga. "
        "Jika sudah benar, minta Disdukcapil mengaktifkan atau mengonsolidasi NIK.",
        "disdukcapil",
        (
            Langkah(
                "desa", "Cocokkan 16 angka NIK dengan Kartu Keluarga. Bila salah ketik, betulkan di portal."
            ),
            _SURAT,
            Langkah("disdukcapil", "Mengaktifkan atau mengonsolidasi NIK, lalu menandai “sudah diperbaiki”."),
            _TUNGGU_CEK,
        ),
    ),
    "FORMAT_SALAH": Repair(
        "Susunan angka NIK tidak sesuai aturan Dukcapil.",
        "Ketik ulang 16 angka NIK dari KTP-el atau Kartu Keluarga.",
        "desa",
        (
            Langkah("desa", "Lihat 16 angka NIK di KTP-el atau Kartu Keluarga."),
            Langkah("desa", "Ketik ulang di “Perbaiki identitas”. Portal mengecek ulang sendiri."),
        ),
    ),
    "MENINGGAL": Repair(
        "Dukcapil mencatat orang ini sudah meninggal.",
        "Jika benar, unggah akta kematian dan ganti pengurus keluarga. Jika orangnya masih hidup, buat surat "
        "keterangan hidup dari desa lalu antar ke Disdukcapil.",
        "desa",
        (
            Langkah("desa", "Datangi keluarganya dan pastikan orangnya masih hidup atau sudah meninggal."),
            Langkah("desa", "Bila meninggal: catat kematiannya di data keluarga dan ganti pengurusnya."),
            Langkah(
                "desa",
                "Bila masih hidup: buat surat keterangan hidup, lalu masukkan ke surat untuk Disdukcapil.",
            ),
            Langkah("disdukcapil", "Membetulkan status hidup, lalu menandai “sudah diperbaiki”."),
            _TUNGGU_CEK,
        ),
    ),
    "GANDA": Repair(
        "Orang ini punya dua NIK, atau satu NIK dipakai dua orang.",
        "Antar warga ke Disdukcapil untuk menetapkan satu NIK. Jangan membuat data baru di portal.",
        "disdukcapil",
        (
            Langkah("desa", "Jangan membuat data baru di portal. Kumpulkan semua KTP-el dan KK orang ini."),
            _SURAT,
            Langkah("disdukcapil", "Menetapkan satu NIK, lalu membalas surat."),
            Langkah("desa", "Bila NIK yang dipakai berbeda, betulkan di “Perbaiki identitas”."),
        ),
    ),
    "NONAKTIF": Repair(
        "NIK dinonaktifkan, biasanya karena belum rekam KTP-el atau sudah lama pindah.",
        "Minta warga merekam KTP-el atau mengaktifkan NIK di Disdukcapil, lalu periksa ulang di portal.",
        "warga",
        (
            Langkah("warga", "Merekam KTP-el atau mengaktifkan NIK di Disdukcapil. Desa membantu mengantar."),
            Langkah(
                "desa", "Bila warga tidak mampu datang: masukkan ke surat untuk Disdukcapil (jemput bola)."
            ),
            Langkah("disdukcapil", "Mengaktifkan NIK, lalu menandai “sudah diperbaiki”."),
            _CEK_ULANG,
        ),
    ),
    "PINDAH": Repair(
        "NIK dan nama cocok, tetapi menurut Dukcapil tinggalnya di wilayah lain.",
        "Pastikan tempat tinggalnya sekarang. Jika tinggal di sini, minta warga mengurus surat pindah; "
        "jika tidak, serahkan usulan ke desa tempat tinggalnya.",
        "desa",
        (
            Langkah("desa", "Pastikan di mana orang ini tinggal sekarang."),
            Langkah("warga", "Bila tinggal di sini: mengurus surat pindah di Disdukcapil."),
            Langkah("desa", "Bila tidak tinggal di sini: serahkan ke desa tempat tinggalnya."),
            _CEK_ULANG,
        ),
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
        (
            Langkah("warga", "Merekam KTP-el. Desa membantu mengantar atau meminta jemput bola."),
            _SURAT,
            _CEK_ULANG,
        ),
    ),
    "TANPA_DOKUMEN": Repair(
        "Orang ini tidak punya NIK atau dokumen kependudukan.",
        "Usulan tetap diterima dengan nomor sementara. Minta Disdukcapil mencari datanya "
        "dengan sidik jari atau membuat dokumen baru.",
        "disdukcapil",
        (
            Langkah("desa", "Tanyakan ke keluarga dan RT apakah pernah punya KTP atau KK."),
            _SURAT,
            Langkah("disdukcapil", "Mencari datanya dengan sidik jari, atau membuat dokumen baru."),
            Langkah("desa", "Isi NIK-nya di “Perbaiki identitas”. Portal mengecek sendiri."),
        ),
    ),
}
