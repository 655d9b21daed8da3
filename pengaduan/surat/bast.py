"""Record of goods handed over after a disaster, signed by both sides (domain.md §6.5: kades or camat signs)."""

from collections.abc import Sequence
from datetime import date

from reportlab.platypus import Flowable

from core import pdf
from core.terbilang import angka, tanggal_panjang
from dtks.surat.kop import jalur, kop_dinas
from pengaduan.models import KejadianBencana
from wilayah.models import Wilayah
from wilayah.waktu import waktu_wilayah


def berita_acara_serah_terima(
    *,
    nomor: str,
    tanggal: date,
    wilayah: Wilayah,
    tujuan: Wilayah,
    kejadian: KejadianBencana,
    penyerah: str,
    penerima: str,
    jabatan: str,
    keluarga: int,
    barang: Sequence[tuple[str, int, str]],
    kode: str,
) -> bytes:
    daerah = jalur(wilayah)[-1]
    tempat = ", ".join(jalur(tujuan))
    hari_kejadian = waktu_wilayah(kejadian.wilayah_id, kejadian.waktu).date()
    isi: list[Flowable] = [
        *pdf.kop(kop_dinas(wilayah)),
        *pdf.judul("Berita Acara Serah Terima Barang", nomor=nomor),
        pdf.paragraf(
            "Pada tanggal {t} telah diserahkan barang bantuan bencana untuk <b>{n}</b> keluarga di {tempat}.",
            t=tanggal_panjang(tanggal), n=angka(keluarga), tempat=tempat,
        ),
        pdf.rincian(
            [
                ("Kejadian", f"{kejadian.get_jenis_display()}, {tanggal_panjang(hari_kejadian)}, nomor {kejadian.nomor}"),
                ("Yang menyerahkan", f"{penyerah}, Dinas Sosial"),
                ("Yang menerima", f"{penerima}, {jabatan}"),
            ]
        ),
        pdf.tabel(
            ("No.", "Nama barang", "Jumlah", "Satuan"),
            [(i, nama, jumlah, satuan) for i, (nama, jumlah, satuan) in enumerate(barang, 1)],
            (1, 8, 2, 2), rata="tknk",
        ),
        pdf.teks(
            "Barang diterima dalam keadaan baik dan cukup, dan dibagikan kepada keluarga korban tanpa pungutan apa pun. "
            "Penerima melaporkan pembagiannya kepada Dinas Sosial."
        ),
        pdf.jarak(5),
        pdf.tanda_tangan(
            pdf.Tertanda(("", "Yang menerima,", f"{jabatan},"), penerima),
            pdf.Tertanda((f"{daerah}, {tanggal_panjang(tanggal)}", "Yang menyerahkan,", "Dinas Sosial,"), penyerah),
        ),
    ]  # fmt: skip
    return pdf.susun(
        isi, judul=f"Berita Acara Serah Terima {nomor}", penerbit=f"Dinas Sosial {daerah}", kode=kode
    )
