"""The lines of three services of the Dinas as data: PBI reactivation, review of recipients, letters at the counter.

Arrows that only the portal itself takes carry the power `MESIN`, which no role holds. Diagram: docs/alur.md.
"""

from core.workflow import Alur, Keadaan, Langkah

MESIN = "mesin"

# domain.md §2.6c and §6.7: village or counter, verifier, the head's letter, SIKS-NG, the ministry's answer.
REAKTIVASI = Alur(
    nama="reaktivasi",
    awal="draf",
    keadaan=(
        Keadaan("draf", "Draf", "Operator desa atau loket Dinas", "netral"),
        Keadaan("diajukan", "Menunggu pemeriksaan", "Verifikator Dinsos", "tunggu"),
        Keadaan("diverifikasi", "Menunggu surat rekomendasi", "Kepala Dinas", "tunggu"),
        Keadaan("direkomendasikan", "Surat terbit, belum dikirim", "Supervisor Dinsos", "tunggu"),
        Keadaan("dikirim_siks", "Menunggu jawaban pusat", "Kemensos dan BPJS", "jalan"),
        Keadaan("disetujui", "Aktif kembali", "", "baik", akhir=True),
        Keadaan("ditolak_pusat", "Tidak disetujui pusat", "", "buruk", akhir=True),
        Keadaan("ditolak", "Ditolak Dinas", "", "buruk", akhir=True),
        Keadaan("dibatalkan", "Dibatalkan", "", "netral", akhir=True),
    ),
    langkah=(
        Langkah("ajukan", ("draf",), ("diajukan",), "pbi.ajukan", "Ajukan ke Dinas",
                ("surat_faskes", "batas_nonaktif"), peran_orang="pengaju_orang_id"),
        Langkah("batalkan", ("draf",), ("dibatalkan",), "pbi.ajukan", "Batalkan", perlu_alasan=True),
        Langkah("verifikasi", ("diajukan",), ("diverifikasi",), "pbi.verifikasi", "Nyatakan memenuhi syarat",
                ("surat_faskes", "batas_nonaktif"), peran_orang="verifikator_orang_id"),
        Langkah("kembalikan", ("diajukan",), ("draf",), "pbi.verifikasi", "Kembalikan untuk dilengkapi", perlu_alasan=True),
        Langkah("tolak", ("diajukan",), ("ditolak",), "pbi.verifikasi", "Tolak permohonan", perlu_alasan=True),
        Langkah("rekomendasikan", ("diverifikasi",), ("direkomendasikan",), "pbi.rekomendasi", "Terbitkan surat rekomendasi",
                peran_orang="penandatangan_orang_id"),
        Langkah("kembalikan", ("diverifikasi",), ("diajukan",), "pbi.rekomendasi", "Kembalikan ke verifikator", perlu_alasan=True),
        Langkah("kirim", ("direkomendasikan",), ("dikirim_siks",), "pbi.kirim", "Catat sudah diajukan di SIKS-NG", ("nomor_siks",)),
        Langkah("setujui", ("dikirim_siks",), ("disetujui",), "pbi.hasil", "Catat aktif kembali"),
        Langkah("tolak_pusat", ("dikirim_siks",), ("ditolak_pusat",), "pbi.hasil", "Catat tidak disetujui pusat", perlu_alasan=True),
    ),
)  # fmt: skip

# Opened by the nightly check with its evidence; decided by a person; `gugurkan` when the evidence is gone.
TINJAUAN = Alur(
    nama="tinjauan",
    awal="terbuka",
    keadaan=(
        Keadaan("terbuka", "Perlu diputus", "Verifikator Dinsos", "tunggu"),
        Keadaan("ditanya", "Ditanyakan ke desa", "Operator desa", "tunggu"),
        Keadaan("dijawab", "Dijawab desa, perlu diputus", "Verifikator Dinsos", "tunggu"),
        Keadaan("dipertahankan", "Tetap menerima", "", "baik"),
        Keadaan("diusulkan_hapus", "Diusulkan dihapus", "Musyawarah dan Dinsos", "buruk"),
        Keadaan("gugur", "Gugur, sebabnya sudah tidak ada", "", "netral", akhir=True),
    ),
    langkah=(
        Langkah("tanya_desa", ("terbuka", "dijawab"), ("ditanya",), "tinjauan.putus", "Tanyakan ke desa"),
        Langkah("jawab_desa", ("ditanya",), ("dijawab",), "tinjauan.jawab", "Jawab pertanyaan Dinas", peran_orang="penjawab_orang_id"),
        Langkah("pertahankan", ("terbuka", "dijawab"), ("dipertahankan",), "tinjauan.putus", "Tetap menerima",
                perlu_alasan=True, peran_orang="pemutus_orang_id"),
        Langkah("usulkan_hapus", ("terbuka", "dijawab"), ("diusulkan_hapus",), "tinjauan.putus", "Usulkan dihapus",
                peran_orang="pemutus_orang_id"),
        Langkah("buka_lagi", ("dipertahankan", "diusulkan_hapus"), ("terbuka",), "tinjauan.putus", "Tinjau ulang", ("hapus_berhenti",)),
        Langkah("gugurkan", ("terbuka", "ditanya", "dijawab"), ("gugur",), MESIN, "Sebabnya sudah tidak ada"),
    ),
)  # fmt: skip

PERMOHONAN = Alur(
    nama="surat",
    awal="diajukan",
    keadaan=(
        Keadaan("diajukan", "Diperiksa", "Verifikator Dinsos", "tunggu"),
        Keadaan("diperiksa", "Menunggu tanda tangan", "Kepala Dinas", "tunggu"),
        Keadaan("diterbitkan", "Surat terbit", "", "baik", akhir=True),
        Keadaan("ditolak", "Tidak bisa diterbitkan", "", "buruk", akhir=True),
        Keadaan("dibatalkan", "Dibatalkan pemohon", "", "netral", akhir=True),
    ),
    langkah=(
        Langkah("periksa", ("diajukan",), ("diperiksa",), "surat.periksa", "Sudah diperiksa, teruskan ke Kepala Dinas",
                ("terdaftar", "desil_ada", "desil_cukup"), peran_orang="pemeriksa_orang_id"),
        Langkah("tolak", ("diajukan",), ("ditolak",), "surat.periksa", "Tidak bisa diterbitkan", perlu_alasan=True),
        Langkah("batalkan", ("diajukan",), ("dibatalkan",), "surat.ajukan", "Batalkan atas permintaan pemohon"),
        Langkah("terbitkan", ("diperiksa",), ("diterbitkan",), "surat.tanda_tangan", "Tanda tangani dan terbitkan",
                ("terdaftar", "desil_ada", "desil_cukup"), peran_orang="penandatangan_orang_id"),
        Langkah("kembalikan", ("diperiksa",), ("diajukan",), "surat.tanda_tangan", "Kembalikan ke pemeriksa", perlu_alasan=True),
        Langkah("gugurkan", ("diajukan",), ("ditolak",), MESIN, "Tidak ada di register"),
    ),
)  # fmt: skip

LAYANAN = (REAKTIVASI, TINJAUAN, PERMOHONAN)
REAKTIVASI_TERBUKA = ("draf", "diajukan", "diverifikasi", "direkomendasikan", "dikirim_siks")
TINJAUAN_TERBUKA = ("terbuka", "ditanya", "dijawab")
