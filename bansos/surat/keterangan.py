"""The letters of the counter: surat keterangan DTSEN (tells the desil and its quarter) and surat rekomendasi (does not)."""

from dataclasses import dataclass
from datetime import date

from reportlab.platypus import Flowable

from core import letters, pdf
from core.terbilang import periode_kata, tanggal_panjang
from dtks.surat.kop import jalur, kop_dinas
from wilayah.models import Wilayah


@dataclass(frozen=True)
class Keterangan:
    """What the letter says. `desil`: (decile, '2026-4'), None on a letter of recommendation; `nik` masked."""

    nomor: str
    tanggal: date
    wilayah: Wilayah
    judul: str
    nama: str
    nik: str
    lahir: date
    nama_kepala: str
    alamat: str
    desa: Wilayah
    keperluan: str
    desil: tuple[int, str] | None
    berlaku: date
    jabatan: str
    penandatangan: str


_TERDAFTAR = "Orang tersebut tercatat dalam Data Tunggal Sosial dan Ekonomi Nasional (DTSEN) dengan peringkat kesejahteraan keluarga:"
_REKOMENDASI = "Orang tersebut tercatat di data Dinas Sosial dan direkomendasikan untuk mendapat pelayanan sesuai keperluan di atas."
_PENUTUP = "Peringkat dihitung BPS tiap triwulan dan tidak diubah di daerah. Demikian surat ini dibuat untuk dipergunakan sebagaimana mestinya."
_PENUTUP_REKOMENDASI = "Demikian surat ini dibuat untuk dipergunakan sebagaimana mestinya."


def surat_keterangan(s: Keterangan, *, kode: str, templat: letters.Templat = letters.BAWAAN) -> bytes:
    daerah = jalur(s.wilayah)[-1]
    isian = {"daerah": daerah, "keperluan": s.keperluan}
    tempat = ", ".join([s.alamat, *jalur(s.desa)[:-1]])
    isi: list[Flowable] = [
        *pdf.kop(kop_dinas(s.wilayah)),
        *pdf.judul(s.judul, nomor=s.nomor),
        pdf.teks("Yang bertanda tangan di bawah ini menerangkan bahwa:"),
        pdf.rincian(
            [
                ("Nama", s.nama),
                ("NIK", s.nik),
                ("Tanggal lahir", tanggal_panjang(s.lahir)),
                ("Kepala keluarga", s.nama_kepala),
                ("Alamat", tempat),
                ("Keperluan", s.keperluan),
            ]
        ),
        pdf.teks(templat.teks("isi", _TERDAFTAR if s.desil else _REKOMENDASI, **isian)),
    ]
    if s.desil:
        isi.append(pdf.rincian([("Desil", str(s.desil[0])), ("Menurut data", periode_kata(s.desil[1]))]))
    isi += [
        pdf.teks(templat.teks("penutup", _PENUTUP if s.desil else _PENUTUP_REKOMENDASI, **isian)),
        pdf.teks(f"Surat ini berlaku sampai {tanggal_panjang(s.berlaku)}."),
        pdf.jarak(5),
        pdf.kanan(
            pdf.Tertanda((f"{daerah}, {tanggal_panjang(s.tanggal)}", f"{s.jabatan},"), s.penandatangan)
        ),
    ]
    return pdf.susun(isi, judul=f"{s.judul} Nomor {s.nomor}", penerbit=f"Dinas Sosial {daerah}", kode=kode)
