"""The answer of /cek/ in a citizen's words: what it means and what to do now. Never a desil, a reason, or a name in full."""

from dataclasses import dataclass
from datetime import date

from bansos.actions.cek import Baris, Jawaban
from bansos.models import CekBansos
from core.terbilang import periode_kata

K = CekBansos.Keadaan

# state -> (heading, what it means, what to do now)
KALIMAT: dict[str, tuple[str, str, str]] = {
    K.PENERIMA: (
        "Menerima",
        "Keluarga ini tercatat sebagai penerima.",
        "Tunggu jadwal penyaluran dari desa. Bawa KTP dan KK asli. Bantuan diterima utuh, tanpa potongan.",
    ),
    K.DIKELUARKAN: (
        "Tidak menerima lagi",
        "Keluarga ini sudah dikeluarkan dari daftar penerima.",
        "Merasa masih berhak? Tanyakan alasannya di kantor desa atau kelurahan, lalu ajukan keberatan.",
    ),
    K.DICABUT: (
        "Keputusannya dicabut",
        "Surat keputusan yang memuat keluarga ini dicabut.",
        "Tanyakan ke kantor desa atau Dinas Sosial. Bawa KTP dan KK.",
    ),
    K.DAFTAR_TUNGGU: (
        "Daftar tunggu",
        "Keluarga ini memenuhi syarat, tetapi tempatnya penuh.",
        "Tidak perlu mengusul lagi. Bila ada tempat kosong, urutannya diproses.",
    ),
    K.TIDAK_DITETAPKAN: (
        "Tidak ditetapkan",
        "Keluarga ini belum menjadi penerima.",
        "Tanyakan alasannya di kantor desa atau kelurahan. Anda boleh mengajukan keberatan atau diusulkan lagi.",
    ),
    K.PROSES_DESA: (
        "Sedang diproses di desa",
        "Usulan untuk keluarga ini sudah diterima desa.",
        "Tunggu musyawarah desa. Siapkan KTP dan KK.",
    ),
    K.PROSES_DINAS: (
        "Sedang diperiksa Dinas Sosial",
        "Usulan untuk keluarga ini sedang diperiksa.",
        "Petugas bisa datang ke rumah. Kunjungan gratis. Siapkan KTP dan KK.",
    ),
    K.MENUNGGU_SK: (
        "Menunggu penetapan",
        "Usulan untuk keluarga ini sudah dikirim dan belum diputuskan.",
        "Tunggu keputusannya. Hasilnya tampil di halaman ini.",
    ),
    K.DITUNDA: (
        "Ditunda",
        "Usulan untuk keluarga ini dihentikan sementara.",
        "Tanyakan ke kantor desa atau kelurahan apa yang masih kurang.",
    ),
    K.DITOLAK: (
        "Usulan ditolak",
        "Usulan untuk keluarga ini tidak diteruskan.",
        "Tanyakan alasannya di kantor desa atau kelurahan. Keluarga boleh diusulkan lagi.",
    ),
}
# group of a payment status -> (what it means, what to do now); never its cause: whoever asks need not be the person
SALUR: dict[str, tuple[str, str]] = {
    "proses": ("Bantuan sedang diproses untuk dibayar.", "Tunggu berita dari desa."),
    "gagal": (
        "Bantuan belum bisa dibayar ke rekening.",
        "Datang ke kantor desa atau kelurahan dengan KTP, KK, dan kartu KKS.",
    ),
    "dibayar": (
        "Bantuan sudah bisa diambil.",
        "Ambil sendiri dengan kartu KKS atau undangan Pos. Tidak ada potongan.",
    ),
    "tidak_transaksi": (
        "Bantuan sudah ada, tetapi belum diambil.",
        "Segera ambil. Kartu hilang atau PIN terblokir? Lapor ke kantor desa atau kelurahan.",
    ),
    "diambil": ("Bantuan sudah diambil.", "Bukan Anda yang mengambil? Laporkan lewat menu Aduan."),
    "dikeluarkan": (
        "Pembayaran ditahan.",
        "Tanyakan sebabnya di kantor desa atau kelurahan dengan KTP dan KK. Bila datanya keliru, Anda boleh menyanggahnya.",
    ),
}
LAIN: dict[str, tuple[str, str, str]] = {
    "kosong": (
        "Tidak ada catatan bantuan",
        "Kami tidak menemukan bantuan atau usulan untuk data yang Anda isi.",
        "Periksa lagi isian Anda. Kalau sudah benar dan keluarga perlu bantuan, minta diusulkan lewat desa atau kelurahan.",
    ),
    "kembar": (
        "Belum bisa dibedakan",
        "Ada lebih dari satu orang dengan nama itu di desa ini.",
        "Cek lagi memakai NIK dan tanggal lahir. NIK ada di KTP dan KK.",
    ),
    "sering": (
        "Belum bisa dijawab hari ini",
        "Data ini sudah terlalu sering dicek dalam sehari.",
        "Coba lagi besok, atau tanyakan ke kantor desa atau kelurahan dengan membawa KTP.",
    ),
}


@dataclass(frozen=True)
class Kartu:
    """One box of the answer."""

    program: str
    judul: str
    arti: str
    langkah: str
    periode: str = ""
    tanggal: date | None = None
    salur: tuple[str, str, str, date] | None = (
        None  # period, what the newest payment means, what to do, its day
    )


def kartu(jawaban: Jawaban) -> list[Kartu]:
    """The boxes of an answer, one at least: the page of nobody looks like the page of somebody."""
    if jawaban.hasil != "ada":
        return [Kartu("Bantuan sosial", *LAIN[jawaban.hasil])]
    return [_kartu(b) for b in jawaban.baris]


def _kartu(baris: Baris) -> Kartu:
    salur = None
    if baris.salur:
        kelompok, periode, pada = baris.salur
        salur = (periode_kata(periode), *SALUR[kelompok], pada)
    return Kartu(baris.program, *KALIMAT[baris.keadaan], periode_kata(baris.periode), baris.tanggal, salur)
