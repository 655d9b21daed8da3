"""The line of a batch for endorsement over three desks, and of an objection (keberatan), as data. Diagram: docs/alur.md."""

from core.workflow import Alur, Keadaan, Langkah

BATCH = Alur(
    nama="batch",
    awal="disusun",
    keadaan=(
        Keadaan("disusun", "Disusun verifikator", "Verifikator Dinsos", "netral"),
        Keadaan("diserahkan", "Diperiksa supervisor", "Supervisor Dinsos", "tunggu"),
        Keadaan("diteruskan", "Menunggu pengesahan", "Kepala Dinas", "tunggu"),
        Keadaan("disahkan", "Disahkan", "", "baik", akhir=True),
        Keadaan("dibubarkan", "Dibubarkan", "", "netral", akhir=True),
    ),
    langkah=(
        Langkah("serahkan", ("disusun",), ("diserahkan",), "batch.susun", "Serahkan ke supervisor",
                ("batch_berisi", "batch_siap"), peran_orang="penyusun_orang_id"),
        Langkah("teruskan", ("diserahkan",), ("diteruskan",), "batch.periksa", "Teruskan ke Kepala Dinas",
                ("batch_berisi", "batch_siap"), peran_orang="pemeriksa_orang_id"),
        Langkah("sahkan", ("diteruskan",), ("disahkan",), "usulan.sahkan", "Sahkan seluruh batch",
                ("batch_berisi", "batch_sama"), peran_orang="pengesah_orang_id"),
        Langkah("kembalikan", ("diserahkan",), ("disusun",), "batch.periksa", "Kembalikan ke verifikator", perlu_alasan=True),
        Langkah("kembalikan", ("diteruskan",), ("diserahkan",), "usulan.sahkan", "Kembalikan ke supervisor", perlu_alasan=True),
        Langkah("bubarkan", ("disusun",), ("dibubarkan",), "batch.susun", "Bubarkan batch", perlu_alasan=True),
        Langkah("bubarkan", ("diserahkan",), ("dibubarkan",), "batch.periksa", "Bubarkan batch", perlu_alasan=True),
    ),
)  # fmt: skip

# UU 30/2014 Pasal 77: answered within its time, or deemed granted (Ketentuan `keberatan.lewat`).
KEBERATAN = Alur(
    nama="keberatan",
    awal="diajukan",
    keadaan=(
        Keadaan("diajukan", "Menunggu putusan", "Pejabat Dinas yang tidak memutus usulannya", "tunggu"),
        Keadaan("dikabulkan", "Dikabulkan", "", "baik", akhir=True),
        Keadaan("ditolak", "Ditolak", "", "buruk", akhir=True),
        Keadaan("dianggap_kabul", "Dianggap dikabulkan, lewat waktu", "Pejabat Dinas yang menindaklanjuti", "tunggu"),
    ),
    langkah=(
        Langkah("kabulkan", ("diajukan", "dianggap_kabul"), ("dikabulkan",), "keberatan.putus", "Kabulkan", peran_orang="pemutus_orang_id"),
        Langkah("tolak", ("diajukan",), ("ditolak",), "keberatan.putus", "Tolak keberatan", peran_orang="pemutus_orang_id"),
        Langkah("lewatkan", ("diajukan",), ("dianggap_kabul",), "keberatan.putus", "Lewat waktu"),
    ),
)  # fmt: skip

BATCH_TERBUKA = ("disusun", "diserahkan", "diteruskan")
