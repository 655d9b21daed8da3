"""Invented complaints in every state, by the same actions that the screens call."""

from collections.abc import Callable

from accounts.models import Pengguna
from pengaduan.actions import aduan
from pengaduan.models import Aduan, Instansi, KategoriAduan

# Category, story, place, name, how far it goes.
_CERITA = (
    ("SALAH_SASARAN", "Tetangga kami yang punya dua mobil menerima PKH, sedangkan Bu Icih yang sudah tua tidak menerima apa pun.", "RT 02", "Asep Rohman", "diterima"),
    ("SALAH_SASARAN", "Ada yang punya dua mobil menerima PKH di RT 02, sedangkan Bu Icih yang sudah tua tidak menerima.", "RT 02", "Neneng Kartika", "diterima"),
    ("PBI_NONAKTIF", "KIS anak saya tidak bisa dipakai di puskesmas sejak kemarin, padahal dia harus kontrol.", "", "Dadan Hidayat", "diverifikasi"),
    ("BELUM_TERDATA", "Pak Ujang tinggal sendiri di gubuk dekat sungai dan belum pernah didata.", "Kampung Babakan", "", "didisposisi"),
    ("PELAYANAN", "Saya tiga kali datang ke kantor dan selalu diminta kembali besok tanpa penjelasan.", "", "Yayah Rokayah", "ditangani"),
    ("DATA_SALAH", "Nama suami saya di data bantuan tertukar dengan nama ayahnya.", "RT 04", "Imas Masitoh", "tanya"),
    ("KKS", "Kartu KKS ibu saya tertelan mesin ATM dan belum diganti sampai sekarang.", "", "Rina Marlina", "diteruskan"),
    ("INFORMASI", "Apa syarat surat keterangan untuk beasiswa anak dan berapa lama jadinya?", "", "Cecep Supriadi", "selesai"),
    ("SARAN", "Sebaiknya jadwal pembagian bantuan ditempel di balai desa, bukan hanya lewat pesan.", "Balai desa", "Euis Komariah", "dinilai"),
    ("LAINNYA", "Lampu jalan di depan rumah saya mati sudah seminggu.", "RT 01", "", "ditolak"),
)  # fmt: skip


def mainkan(akun: dict[str, Pengguna], wilayah: str, segel: Callable[[], None]) -> int:
    """Bring them in and take each as far as the table says. Returns how many."""
    v, tksk = akun["verifikator"], akun["tksk"]
    for nomor, (kode, cerita, tempat, nama, akhir) in enumerate(_CERITA):
        isi = aduan.Isi(
            kategori=KategoriAduan.objects.get(pk=kode), wilayah=wilayah, cerita=cerita, tempat=tempat, nama=nama,
            telepon=f"0812000000{nomor:02d}" if nama else "",
        )  # fmt: skip
        satu, _ = aduan.catat(isi, by=v, kanal="loket") if nomor % 3 == 2 else aduan.kirim(isi)
        segel()
        _sampai(satu, akhir, v, tksk, segel)
    return len(_CERITA)


def _sampai(satu: Aduan, akhir: str, v: Pengguna, tksk: Pengguna, segel: Callable[[], None]) -> None:
    if akhir == "diterima":
        return
    if akhir == "ditolak":
        aduan.tolak(satu, by=v, alasan="ADUAN_BUKAN_SOSIAL")
    elif akhir == "tanya":
        aduan.tanya(satu, by=v, isi="Siapa nama yang tertulis di KTP suami Ibu?")
    else:
        satu = aduan.verifikasi(satu, by=v, kategori=satu.kategori, kelas=satu.kategori.kelas)
        segel()
        _lanjut(satu, akhir, v, tksk, segel)
    segel()


def _lanjut(satu: Aduan, akhir: str, v: Pengguna, tksk: Pengguna, segel: Callable[[], None]) -> None:
    if akhir == "diteruskan":
        aduan.teruskan(satu, by=v, instansi=Instansi.objects.get(pk="BANK_PENYALUR"))
    elif akhir in ("selesai", "dinilai"):
        jawaban = "Terima kasih. Syaratnya KTP dan KK asli, gratis, dan selesai paling lama tiga hari kerja."
        satu = aduan.selesaikan(satu, by=v, jawaban=jawaban)
        segel()
        if akhir == "dinilai":
            aduan.nilai(satu, nilai=5, catatan="Cepat dijawab.")
    elif akhir in ("didisposisi", "ditangani"):
        satu = aduan.disposisi(satu, by=v, petugas=tksk)
        segel()
        if akhir == "ditangani":
            aduan.tangani(satu, by=tksk)
