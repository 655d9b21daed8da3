"""Addresses of the public services, as promised in docs (`/cek/`, `/aduan/` …): address, name, one sentence.

Written as paths because the pages belong to other apps, and a front page must come up even while one
of them is switched off.
"""

CEK = "/cek/"
ADUAN = "/aduan/"

LAYANAN = (
    (
        "/usul/",
        "Usulkan keluarga",
        "Keluarga sendiri atau tetangga yang perlu dibantu. Usul dibahas di musyawarah desa.",
    ),
    (
        "/sanggah/",
        "Sanggah penerima",
        "Ada penerima yang menurut Anda sudah mampu. Nama Anda kami rahasiakan.",
    ),
    (
        ADUAN,
        "Sampaikan aduan",
        "Bantuan dipotong, kartu ditahan, uang tidak cair, atau ada keadaan darurat.",
    ),
    (
        "/lacak/",
        "Lacak laporan",
        "Masukkan nomor dan PIN yang Anda terima untuk melihat sudah sampai mana.",
    ),
    (
        "/pengumuman/",
        "Pengumuman",
        "Keputusan dan jadwal penyaluran. Nama keluarga tidak ditampilkan untuk umum.",
    ),
    (
        "/bantuan/",
        "Bantuan dan tanya jawab",
        "Siapa yang berhak, dokumen apa yang disiapkan, dan ke mana bertanya.",
    ),
)

TAUTAN_BAWAH = (
    ("/bantuan/", "Bantuan"),
    (ADUAN, "Aduan"),
    ("/lacak/", "Lacak laporan"),
    ("/pengumuman/", "Pengumuman"),
    ("/statistik/", "Statistik"),
)
