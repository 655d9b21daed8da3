"""Surat pernyataan tanggung jawab mutlak (SPTJM): printed blank, signed at the village, scanned back.

Where no meeting can be held it stands in for the berita acara (domain.md §1.5), so the village head signs as well.
"""

from reportlab.platypus import Flowable

from core import pdf
from core.terbilang import periode_kata
from dtks.models import Usulan
from dtks.surat.kop import alamat, kop_desa, label, nik_kepala, sebutan_kepala

ISI = (
    "Data dan keterangan tentang keluarga saya yang disampaikan untuk usulan ini adalah benar dan sesuai dengan keadaan sebenarnya.",
    "Saya bersedia rumah dan keadaan keluarga saya diperiksa oleh petugas.",
    "Bila keadaan keluarga saya berubah, saya akan melaporkannya kepada pemerintah desa/kelurahan.",
    "Bila di kemudian hari data ini terbukti tidak benar, saya bertanggung jawab sepenuhnya dan bersedia diproses menurut "
    "peraturan perundang-undangan, termasuk Pasal 42 Undang-Undang Nomor 13 Tahun 2011 tentang Penanganan Fakir Miskin.",
)
_TITIK = "." * 60


def sptjm(usulan: Usulan) -> bytes:
    """Form for one family. It holds no date and no code: both come with the signature and the upload."""
    keluarga, wilayah = usulan.keluarga, usulan.wilayah
    judul = "Surat Pernyataan Tanggung Jawab Mutlak"
    isi: list[Flowable] = [
        *pdf.kop(kop_desa(wilayah)),
        *pdf.judul(judul, "(SPTJM)"),
        pdf.teks("Yang bertanda tangan di bawah ini:"),
        pdf.rincian(
            [
                ("Nama", keluarga.nama_kepala),
                ("NIK", nik_kepala([usulan])[usulan.keluarga_id]),
                ("Nomor KK", keluarga.no_kk or "belum ada KK"),
                ("Alamat", alamat(usulan)),
                ("Nomor telepon", _TITIK),
            ]
        ),
        pdf.teks("selaku kepala keluarga (atau yang mewakili, bila kepala keluarga berhalangan):"),
        pdf.rincian([("Nama yang mewakili", _TITIK), ("Hubungan keluarga", _TITIK)]),
        pdf.teks("untuk usulan berikut:"),
        pdf.rincian(
            [
                ("Nomor tiket", usulan.tiket),
                ("Program", label("program_usulan").get(usulan.program, usulan.program)),
                ("Jenis usulan", usulan.get_jalur_display()),
                ("Periode", periode_kata(usulan.periode)),
            ]
        ),
        pdf.teks("menyatakan dengan sesungguhnya bahwa:"),
        *pdf.butir(ISI),
        pdf.teks("Surat pernyataan ini saya buat dengan sadar dan tanpa paksaan dari siapa pun."),
        pdf.jarak(3),
        pdf.tanda_tangan(
            pdf.Tertanda(("Mengetahui,", f"{sebutan_kepala(wilayah)},")),
            pdf.Tertanda(
                (f"{wilayah.nama}, ........................... 20....", "Yang menyatakan,", "(meterai)")
            ),
            ruang=22,
        ),
    ]
    return pdf.susun(isi, judul=f"{judul} - tiket {usulan.tiket}", penerbit=wilayah.jalur)
