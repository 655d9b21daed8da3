"""The letter that tells a family what is asked about it. Nothing in it comes from an objector but the reason chosen from a list."""

from dataclasses import dataclass
from datetime import date

from reportlab.platypus import Flowable

from core import pdf
from core.terbilang import tanggal_panjang
from dtks.surat.kop import jalur, kop_dinas
from wilayah.models import Wilayah


@dataclass(frozen=True)
class Surat:
    wilayah: Wilayah  # the desa of the family
    tanggal: date
    nama: str
    alamat: str
    alasan: list[str]
    ringkasan: str
    tiket: str
    pin: str
    hari: int
    alamat_lacak: str


def surat_hak_jawab(s: Surat) -> bytes:
    daerah = jalur(s.wilayah)[-1]
    isi: list[Flowable] = [
        *pdf.kop(kop_dinas(s.wilayah)),
        *pdf.judul("Permintaan Jawaban Keluarga"),
        pdf.rincian([("Kepada", s.nama), ("Alamat", s.alamat), ("Tanggal", tanggal_panjang(s.tanggal))]),
        pdf.teks(
            "Dinas Sosial menerima pertanyaan tentang kelayakan keluarga Saudara menerima bantuan sosial, yaitu:"
        ),
        *pdf.butir(s.alasan),
    ]
    if s.ringkasan:
        isi.append(pdf.teks(s.ringkasan))
    isi += [
        pdf.teks(
            f"Saudara berhak menjawab sebelum Dinas Sosial memutus. Waktunya {s.hari} hari kerja sejak surat ini diterima. "
            "Tidak menjawab tidak berarti mengaku; petugas tetap datang memeriksa."
        ),
        *pdf.bagian("Cara menjawab"),
        *pdf.butir(
            [
                f"Buka {s.alamat_lacak}, lalu isi nomor dan PIN di bawah ini; atau",
                "datang ke kantor desa atau kelurahan. Petugas menulis jawaban Saudara, lalu Saudara menandatanganinya.",
            ]
        ),
        pdf.rincian([("Nomor", s.tiket), ("PIN", s.pin)]),
        pdf.teks("Simpan PIN ini. Semua layanan gratis. Tidak seorang pun boleh memotong bantuan Saudara atau meminta uang."),
        pdf.jarak(5),
        pdf.kanan(pdf.Tertanda((f"{daerah}, {tanggal_panjang(s.tanggal)}", f"Dinas Sosial {daerah}"))),
    ]  # fmt: skip
    return pdf.susun(isi, judul=f"Permintaan jawaban {s.tiket}", penerbit=f"Dinas Sosial {daerah}", kode="")
