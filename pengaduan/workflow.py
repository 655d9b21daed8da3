"""The lines of what citizens bring, as data; one block for each kind. Diagram: docs/alur.md (generated).

Steps with the power `warga` are taken by whoever holds ticket and PIN at /lacak/: nobody's role has that power.
"""

from core.workflow import Alur, Keadaan, Langkah

WARGA = "warga"
MESIN = "mesin"  # taken by the portal itself when a time has run out

# --- usul warga ---------------------------------------------------------------------------------------
USUL = Alur(
    nama="usul",
    awal="masuk",
    keadaan=(
        Keadaan("masuk", "Menunggu desa", "Operator desa", "tunggu"),
        Keadaan("diusulkan", "Sudah jadi usulan", "", "baik"),
        Keadaan("minta_mundur", "Pengusul minta mundur", "Operator desa", "tunggu"),
        Keadaan("ditolak", "Tidak dilanjutkan", "", "buruk", akhir=True),
        Keadaan("ditarik", "Ditarik pengusul", "", "netral", akhir=True),
    ),
    langkah=(
        Langkah("ambil", ("masuk",), ("diusulkan",), "usul.proses", "Ambil alih dan buat usulan"),
        Langkah("tautkan", ("masuk",), ("diusulkan",), "usul.proses", "Hubungkan ke usulan yang sudah berjalan"),
        # Another desa of the same kabupaten: the citizen named the wrong one.
        Langkah("alihkan", ("masuk",), ("masuk",), "usul.proses", "Alihkan ke desa lain", perlu_alasan=True),
        Langkah("tolak", ("masuk",), ("ditolak",), "usul.proses", "Jangan dilanjutkan", perlu_alasan=True),
        Langkah("tarik", ("masuk",), ("ditarik",), WARGA, "Tarik usul saya"),
        # The proposal is a case of its own by now: the village takes it back, or notes that the family still wants it.
        Langkah("mundur", ("diusulkan",), ("minta_mundur",), WARGA, "Minta mundur"),
        Langkah("lepas", ("minta_mundur",), ("ditarik",), "usul.proses", "Tarik usulannya"),
        Langkah("tetap", ("minta_mundur",), ("diusulkan",), "usul.proses", "Keluarga tetap ingin diusulkan"),
    ),
)  # fmt: skip

# --- kedaruratan --------------------------------------------------------------------------------------
# Quick response (TRC): whoever is on duty answers, goes, arrives, acts. Hours run through nights and holidays.
DARURAT = Alur(
    nama="darurat",
    awal="diterima",
    keadaan=(
        Keadaan("diterima", "Belum ditanggapi", "Petugas piket", "buruk"),
        Keadaan("ditanggapi", "Ditanggapi petugas", "Petugas yang menanggapi", "tunggu"),
        Keadaan("berangkat", "Petugas dalam perjalanan", "Petugas yang menanggapi", "proses"),
        Keadaan("di_lokasi", "Petugas di lokasi", "Petugas yang menanggapi", "proses"),
        Keadaan("dirujuk", "Menunggu jawaban tempat rujukan", "Tempat rujukan", "tunggu"),
        Keadaan("ditangani", "Sudah tertolong, belum selesai", "Petugas yang menanggapi", "proses"),
        Keadaan("selesai", "Selesai", "", "baik", akhir=True),
        Keadaan("dibatalkan", "Bukan kedaruratan", "", "netral", akhir=True),
    ),
    langkah=(
        Langkah("tanggapi", ("diterima",), ("ditanggapi",), "darurat.tanggapi", "Tanggapi sekarang"),
        Langkah("berangkat", ("ditanggapi",), ("berangkat",), "darurat.tanggapi", "Berangkat"),
        Langkah("tiba", ("ditanggapi", "berangkat"), ("di_lokasi",), "darurat.tanggapi", "Tiba di lokasi"),
        Langkah("tangani", ("di_lokasi",), ("ditangani",), "darurat.tanggapi", "Sudah tertolong"),
        Langkah("rujuk", ("di_lokasi", "ditangani"), ("dirujuk",), "darurat.tanggapi", "Rujuk ke tempat lain"),
        Langkah("terima_rujukan", ("dirujuk",), ("ditangani",), "darurat.tanggapi", "Rujukan diterima"),
        Langkah("kembalikan_rujukan", ("dirujuk",), ("di_lokasi",), "darurat.tanggapi", "Rujukan dikembalikan"),
        Langkah("selesaikan", ("ditangani",), ("selesai",), "darurat.tanggapi", "Selesaikan", ("rujukan_tuntas",)),
        Langkah("batalkan", ("diterima", "ditanggapi", "berangkat", "di_lokasi"), ("dibatalkan",), "darurat.tanggapi",
                "Bukan kedaruratan", perlu_alasan=True),
    ),
)  # fmt: skip

# --- sanggah and sanggah data ---------------------------------------------------------------------------
# One case for each family: heard, looked at in the field, decided by somebody without a part. Past its days it is raised, never lapsed.
SANGGAH = Alur(
    nama="sanggah",
    awal="diterima",
    keadaan=(
        Keadaan("diterima", "Identitas dan isi diperiksa", "Verifikator Dinsos", "tunggu"),
        Keadaan("hak_jawab", "Keluarga diberi waktu menjawab", "Operator desa atau TKSK yang mengantar surat", "tunggu"),
        Keadaan("menunggu_petugas", "Menunggu petugas lapangan", "Verifikator Dinsos", "tunggu"),
        Keadaan("diperiksa", "Diperiksa di lapangan", "Petugas lapangan", "proses"),
        Keadaan("menunggu_putusan", "Menunggu putusan", "Pejabat Dinas yang tidak ikut memeriksa", "tunggu"),
        Keadaan("dikabulkan", "Sanggahan terbukti", "", "baik", akhir=True),
        Keadaan("ditolak", "Keluarga tetap, sanggahan tidak terbukti", "", "netral", akhir=True),
        Keadaan("ditutup", "Tidak dilanjutkan", "", "netral", akhir=True),
        Keadaan("ditarik", "Ditarik penyanggah", "", "netral", akhir=True),
    ),
    langkah=(
        Langkah("dengar", ("diterima",), ("hak_jawab",), "sanggah.kelola", "Beri keluarga hak jawab",
                ("identitas_terbukti",), peran_orang="penyaring_orang_id"),
        Langkah("tutup", ("diterima",), ("ditutup",), "sanggah.kelola", "Jangan dilanjutkan", perlu_alasan=True),
        Langkah("jawab", ("hak_jawab",), ("menunggu_petugas",), WARGA, "Keluarga menjawab"),
        Langkah("catat_jawaban", ("hak_jawab",), ("menunggu_petugas",), "sanggah.sampaikan", "Catat jawaban keluarga"),
        Langkah("lewatkan_jawaban", ("hak_jawab",), ("menunggu_petugas",), "sanggah.kelola", "Batas menjawab lewat"),
        Langkah("tugaskan", ("menunggu_petugas",), ("diperiksa",), "sanggah.kelola", "Tugaskan petugas lapangan",
                ("petugas_sah",)),
        Langkah("alihkan", ("diperiksa",), ("menunggu_petugas",), "sanggah.kelola", "Ganti petugas"),
        Langkah("laporkan", ("diperiksa",), ("menunggu_putusan",), "usulan.ases", "Laporkan hasil pemeriksaan",
                peran_orang="pemeriksa_orang_id"),
        Langkah("periksa_ulang", ("menunggu_putusan",), ("menunggu_petugas",), "sanggah.putus", "Minta diperiksa ulang"),
        Langkah("kabulkan", ("menunggu_putusan",), ("dikabulkan",), "sanggah.putus", "Sanggahan terbukti", peran_orang="pemutus_orang_id"),
        Langkah("tolak", ("menunggu_putusan",), ("ditolak",), "sanggah.putus", "Keluarga tetap", peran_orang="pemutus_orang_id"),
        Langkah("tarik", ("diterima", "hak_jawab", "menunggu_petugas"), ("ditarik",), WARGA, "Semua penyanggah menarik"),
    ),
)  # fmt: skip
SANGGAH_TERBUKA = ("diterima", "hak_jawab", "menunggu_petugas", "diperiksa", "menunggu_putusan")
SANGGAH_MENAHAN = SANGGAH_TERBUKA[1:]  # from here on the open proposals of the family carry a flag

SANGGAH_DATA = Alur(
    nama="sanggah_data",
    awal="diterima",
    keadaan=(
        Keadaan("diterima", "Bukti diperiksa", "Pejabat Dinas Sosial", "tunggu"),
        Keadaan("diteruskan", "Ditanyakan ke pemilik data", "Instansi pemilik data", "proses"),
        Keadaan("dikabulkan", "Data diakui salah", "", "baik", akhir=True),
        Keadaan("ditolak", "Data dinyatakan benar", "", "buruk", akhir=True),
        Keadaan("ditarik", "Ditarik", "", "netral", akhir=True),
    ),
    langkah=(
        Langkah("teruskan", ("diterima",), ("diteruskan",), "sanggah.kelola", "Tanyakan ke pemilik data"),
        Langkah("kabulkan", ("diterima", "diteruskan"), ("dikabulkan",), "sanggah.putus", "Data diakui salah", peran_orang="pemutus_orang_id"),
        Langkah("tolak", ("diterima", "diteruskan"), ("ditolak",), "sanggah.putus", "Data sudah benar", peran_orang="pemutus_orang_id"),
        Langkah("tarik", ("diterima", "diteruskan"), ("ditarik",), WARGA, "Tarik"),
    ),
)  # fmt: skip

# --- aduan --------------------------------------------------------------------------------------------
ADUAN = Alur(
    nama="aduan",
    awal="diterima",
    keadaan=(
        Keadaan("diterima", "Diterima", "Verifikator Dinsos", "tunggu"),
        Keadaan("klarifikasi", "Menunggu jawaban pelapor", "Pelapor", "tunggu"),
        Keadaan("diverifikasi", "Sudah diperiksa", "Verifikator Dinsos", "proses"),
        Keadaan("didisposisi", "Diserahkan ke petugas", "Petugas yang ditunjuk", "proses"),
        Keadaan("ditangani", "Sedang ditangani", "Petugas yang ditunjuk", "proses"),
        Keadaan("selesai", "Sudah dijawab", "Pelapor", "baik"),
        Keadaan("ditolak", "Tidak bisa diproses", "Pelapor", "buruk"),
        Keadaan("diteruskan", "Diteruskan ke instansi lain", "Pelapor", "netral"),
        Keadaan("digabung", "Digabung dengan aduan yang sama", "", "netral"),
        Keadaan("ditutup", "Ditutup", "", "netral", akhir=True),
    ),
    langkah=(
        Langkah("verifikasi", ("diterima",), ("diverifikasi",), "aduan.proses", "Terima dan golongkan"),
        Langkah("tanya", ("diterima", "ditangani"), ("klarifikasi",), "aduan.tangani", "Tanya pelapor"),
        Langkah("jawab", ("klarifikasi",), ("diterima", "ditangani"), WARGA, "Pelapor menjawab"),
        Langkah("catat_jawab", ("klarifikasi",), ("diterima", "ditangani"), "aduan.tangani", "Catat jawaban pelapor"),
        Langkah("diam", ("klarifikasi",), ("ditutup",), MESIN, "Ditutup karena pelapor tidak menjawab"),
        Langkah("disposisi", ("diverifikasi", "didisposisi", "ditangani"), ("didisposisi",), "aduan.proses", "Serahkan ke petugas"),
        Langkah("kembalikan", ("didisposisi",), ("diverifikasi",), "aduan.tangani", "Kembalikan: bukan bagian saya"),
        Langkah("tangani", ("didisposisi",), ("ditangani",), "aduan.tangani", "Mulai tangani"),
        Langkah("selesaikan", ("diverifikasi", "ditangani"), ("selesai",), "aduan.tangani", "Kirim jawaban"),
        Langkah("tolak", ("diterima", "diverifikasi"), ("ditolak",), "aduan.proses", "Tidak bisa diproses", perlu_alasan=True),
        Langkah("teruskan", ("diterima", "diverifikasi"), ("diteruskan",), "aduan.proses", "Teruskan ke instansi lain"),
        Langkah("buka_lagi", ("selesai", "ditolak", "diteruskan"), ("diverifikasi",), WARGA, "Minta dibuka lagi"),
        Langkah("nilai", ("selesai", "ditolak", "diteruskan"), ("ditutup",), WARGA, "Beri nilai"),
        Langkah("tutup", ("selesai", "ditolak", "diteruskan"), ("ditutup",), MESIN, "Ditutup karena tidak ada tanggapan"),
        Langkah("gabung", ("diterima", "diverifikasi", "didisposisi", "ditangani"), ("digabung",), "aduan.proses", "Gabungkan"),
        Langkah("pisahkan", ("digabung",), ("diterima", "diverifikasi", "didisposisi", "ditangani"), "aduan.proses", "Pisahkan lagi"),
    ),
)  # fmt: skip

ALUR: tuple[Alur, ...] = (USUL, DARURAT, SANGGAH, SANGGAH_DATA, ADUAN)
