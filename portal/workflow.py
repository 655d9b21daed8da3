"""The line of a request about one's own data (UU 27/2022 Pasal 6-11). Diagram: docs/alur.md."""

from core.workflow import Alur, Keadaan, Langkah

MESIN = "mesin"  # arrows that the portal itself takes; no role holds it

HAK = Alur(
    nama="hak",
    awal="diajukan",
    keadaan=(
        Keadaan("diajukan", "Menunggu jawaban", "Portal atau petugas pelindungan data", "tunggu"),
        Keadaan("disetujui", "Menunggu orang kedua", "Kepala Dinas", "tunggu"),
        Keadaan("dijalankan", "Sedang dihapus", "Portal", "jalan"),
        Keadaan("dibekukan", "Data dibekukan", "Pemohon", "jalan"),
        Keadaan("selesai", "Selesai", "", "baik", akhir=True),
        Keadaan("ditolak", "Ditolak dengan alasan", "", "buruk", akhir=True),
        Keadaan("dibatalkan", "Dibatalkan pemohon", "", "netral", akhir=True),
    ),
    langkah=(
        Langkah("jawab", ("diajukan",), ("selesai",), MESIN, "Salinan data dibuat"),
        Langkah("bekukan", ("diajukan",), ("dibekukan",), MESIN, "Data dibekukan"),
        Langkah("cairkan", ("dibekukan",), ("selesai",), "hak.catat", "Cairkan data"),
        Langkah("betulkan", ("diajukan",), ("selesai",), "hak.nilai", "Nyatakan sudah dibetulkan", ("sudah_dibetulkan",),
                peran_orang="penilai_orang_id"),
        Langkah("setujui", ("diajukan",), ("disetujui",), "hak.nilai", "Setujui penghapusan", ("boleh_dihapus",),
                peran_orang="penilai_orang_id"),
        Langkah("putuskan", ("disetujui",), ("dijalankan",), "hak.putus", "Putuskan penghapusan", ("boleh_dihapus",),
                peran_orang="pemutus_orang_id"),
        Langkah("laksanakan", ("dijalankan",), ("selesai",), MESIN, "Data dihapus"),
        Langkah("tolak", ("diajukan",), ("ditolak",), "hak.nilai", "Tolak dengan alasan", perlu_alasan=True),
        Langkah("tolak", ("disetujui",), ("ditolak",), "hak.putus", "Tolak dengan alasan", perlu_alasan=True),
        Langkah("batalkan", ("diajukan", "disetujui"), ("dibatalkan",), "hak.catat", "Batalkan atas permintaan pemohon"),
    ),
)  # fmt: skip
HAK_TERBUKA = ("diajukan", "disetujui", "dijalankan", "dibekukan")
