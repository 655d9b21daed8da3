"""Record of data handed to another office: which list, how many rows, the hash of the file, and what it may be used for."""

from reportlab.platypus import Flowable

from bansos.models import SerahData
from core import pdf
from core.terbilang import angka, periode_kata, tanggal_panjang
from dtks.surat.kop import jalur, kop_dinas

_KEWAJIBAN = (
    "Data hanya dipakai untuk tujuan di atas, tidak diteruskan ke pihak lain, dan dihapus bila perjanjian berakhir.",
    "Tiap baris bertanda khusus untuk penyerahan ini, sehingga asal data yang bocor bisa diketahui.",
    "Bila data bocor atau disalahgunakan, penerima memberi tahu Dinas Sosial paling lambat 3 x 24 jam.",
)


def berita_acara_serah_data(s: SerahData, *, kode: str) -> bytes:
    p = s.permintaan
    daerah = jalur(p.wilayah)[-1]
    isi: list[Flowable] = [
        *pdf.kop(kop_dinas(p.wilayah)),
        *pdf.judul("Berita Acara Serah Terima Data", nomor=s.nomor),
        pdf.paragraf(
            "Pada tanggal {t} Dinas Sosial {daerah} menyerahkan data berisi <b>{n}</b> baris kepada {instansi}.",
            t=tanggal_panjang(s.tanggal), daerah=daerah, n=angka(s.jumlah), instansi=p.instansi,
        ),
        pdf.rincian(
            [
                ("Isi data", f"Daftar penerima {p.program.nama}, {periode_kata(s.daftar.periode)}, {daerah}"),
                ("Kolom", "nama kepala keluarga, desa, peringkat, manfaat setahun; tanpa NIK, nomor KK, dan desil"),
                ("Untuk apa", p.tujuan),
                ("Perjanjian", f"{p.perjanjian_nomor}, berlaku sampai {tanggal_panjang(p.berlaku_hingga)}"),
                ("Sidik berkas", bytes(s.sha256).hex()),
                ("Yang menyerahkan", f"{s.by.nama}, Dinas Sosial {daerah}"),
                ("Yang menerima", f"{p.penerima}, {p.instansi}"),
            ]
        ),
        pdf.teks("Penerima menyatakan:"),
        *(pdf.teks(f"{n}. {kalimat}") for n, kalimat in enumerate(_KEWAJIBAN, 1)),
        pdf.jarak(5),
        pdf.tanda_tangan(
            pdf.Tertanda(("", "Yang menerima,", f"{p.instansi},"), p.penerima),
            pdf.Tertanda((f"{daerah}, {tanggal_panjang(s.tanggal)}", "Yang menyerahkan,", "Dinas Sosial,"), s.by.nama),
        ),
    ]  # fmt: skip
    return pdf.susun(
        isi, judul=f"Berita Acara Serah Terima Data {s.nomor}", penerbit=f"Dinas Sosial {daerah}", kode=kode
    )
