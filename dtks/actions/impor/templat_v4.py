"""The SIKS-NG bulk template V.4 (2022): 21 columns, exactly as in domain.md §2.4."""

from core.sheets import Kolom

NIK, PROGRAM, NOKK, NAMA = "NIK", "PROGRAM BANSOS", "NOKK", "NAMA"
TEMPAT, LAHIR, IBU, KELAMIN = "TEMPAT LAHIR", "TANGGAL LAHIR (31/01/2000)", "IBU KANDUNG", "JENIS KELAMIN"
KERJA, KAWIN, ALAMAT, RT, RW = "JENIS PEKERJAAN", "STATUS KAWIN", "ALAMAT", "RT", "RW"
PROVINSI, KABUPATEN, KECAMATAN, KELURAHAN = "PROVINSI", "KABUPATEN", "KECAMATAN", "KELURAHAN"
DISABILITAS, KODE_DISABILITAS = "STATUS DISABILITAS", "KODE JENIS DISABILITAS"
HAMIL, HAMIL_SEJAK = "STATUS HAMIL", "TGL MULAI HAMIL (31/12/2021)"

KOLOM = (
    Kolom(NIK, lebar=20, penjelasan="16 angka dari KTP-el atau KK. Sel harus Teks, supaya angkanya tidak berubah.", contoh="3205010101800001"),
    Kolom(PROGRAM, ("PROGRAM", "PROGRAM BANTUAN"), lebar=14, penjelasan="BPNT, PKH, PBI, NONBANSOS, atau DISABILITAS. PKH dan BPNT satu orang tiap KK (pengurus). PBI tiap orang.", contoh="BPNT"),
    Kolom(NOKK, ("NO KK", "NOMOR KK", "NO. KK"), lebar=20, penjelasan="16 angka nomor Kartu Keluarga. Sel harus Teks.", contoh="3205010101150002"),
    Kolom(NAMA, ("NAMA LENGKAP",), lebar=28, penjelasan="Seperti di KTP-el. Tanpa gelar dan tanda baca, kecuali memang tertulis di KTP. Kepala keluarga ditulis di baris pertama tiap KK.", contoh="SITI AMINAH"),
    Kolom(TEMPAT, lebar=16, penjelasan="Seperti di KTP-el.", contoh="GARUT"),
    Kolom(LAHIR, lebar=16, penjelasan="hari/bulan/tahun.", contoh="31/01/2000"),
    Kolom(IBU, ("NAMA IBU KANDUNG",), lebar=24, penjelasan="Nama ibu kandung, tanpa gelar.", contoh="EUIS"),
    Kolom(KELAMIN, lebar=12, penjelasan="L atau P.", contoh="P"),
    Kolom(KERJA, ("PEKERJAAN",), wajib=False, lebar=22, penjelasan="Pekerjaan seperti di KTP-el.", contoh="MENGURUS RUMAH TANGGA"),
    Kolom(KAWIN, ("STATUS PERKAWINAN",), lebar=14, penjelasan="BELUM KAWIN, KAWIN, CERAI HIDUP, atau CERAI MATI.", contoh="KAWIN"),
    Kolom(ALAMAT, lebar=28, penjelasan="Alamat tempat tinggal sekarang, tanpa RT/RW.", contoh="KP CIMANUK"),
    Kolom(RT, lebar=6, penjelasan="Angka.", contoh="001"),
    Kolom(RW, lebar=6, penjelasan="Angka.", contoh="005"),
    Kolom(PROVINSI, lebar=14, penjelasan="Nama provinsi.", contoh="JAWA BARAT"),
    Kolom(KABUPATEN, ("KABUPATEN/KOTA", "KAB/KOTA"), lebar=14, penjelasan="Nama kabupaten atau kota.", contoh="GARUT"),
    Kolom(KECAMATAN, lebar=16, penjelasan="Nama kecamatan.", contoh="GARUT KOTA"),
    Kolom(KELURAHAN, ("DESA", "DESA/KELURAHAN", "KELURAHAN/DESA"), lebar=16, penjelasan="Nama desa atau kelurahan di wilayah tugas Anda.", contoh="PAMINGGIR"),
    Kolom(DISABILITAS, wajib=False, lebar=12, penjelasan="YA atau TIDAK.", contoh="TIDAK"),
    Kolom(KODE_DISABILITAS, wajib=False, lebar=14, penjelasan="Hanya bila YA: PDFSK (fisik), PDINT (intelektual), PDMTL (mental), PDSNS (sensorik).", contoh=""),
    Kolom(HAMIL, wajib=False, lebar=12, penjelasan="YA atau TIDAK.", contoh="TIDAK"),
    Kolom(HAMIL_SEJAK, ("TANGGAL MULAI HAMIL",), wajib=False, lebar=18, penjelasan="Hanya bila YA: hari/bulan/tahun.", contoh=""),
)  # fmt: skip
JUDUL = tuple(k.judul for k in KOLOM)
PETUNJUK = (
    "Templat usulan SIKS-NG V.4. Isi lembar pertama; satu baris untuk satu orang.",
    "Keluarga baru: tulis SEMUA anggotanya. Menambah anggota: tulis anggota tambahannya saja.",
    "Keluarga yang sudah ada dan diusulkan PKH/BPNT: tulis pengurusnya saja.",
    "Satu orang hanya boleh diusulkan untuk satu program tiap bulan.",
    "Menyalin dari berkas lain: tempel sebagai nilai (Paste Special, Values), supaya sel tetap Teks dan tanpa rumus.",
)
