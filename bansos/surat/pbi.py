"""Letter of recommendation for PBI reactivation. It names the person, the faskes and the request; no illness and no desil."""

from dataclasses import dataclass
from datetime import date

from reportlab.platypus import Flowable

from core import letters, pdf
from core.terbilang import tanggal_panjang
from dtks.surat.kop import jalur, kop_dinas
from wilayah.models import Wilayah


@dataclass(frozen=True)
class Rekomendasi:
    """What the letter says; `nik` masked, `desa` where the family lives, `lahir` and `alamat` empty when not in the register."""

    nomor: str
    tanggal: date
    wilayah: Wilayah
    nama: str
    nik: str
    alamat: str
    desa: Wilayah
    nomor_permohonan: str
    nonaktif_sejak: date
    faskes: str
    faskes_tanggal: date | None
    darurat: bool
    jabatan: str
    penandatangan: str
    lahir: date | None = None


_ISI = (
    "Orang tersebut sebelumnya tercatat sebagai peserta Penerima Bantuan Iuran Jaminan Kesehatan (PBI JK) dan membutuhkan "
    "pelayanan kesehatan. Berdasarkan pemeriksaan Dinas Sosial, yang bersangkutan direkomendasikan untuk diaktifkan kembali."
)
_PENUTUP = "Data keluarga wajib diperbarui paling lama 6 (enam) bulan sesudah aktif kembali. Demikian untuk dipergunakan sebagaimana mestinya."


def surat_rekomendasi(r: Rekomendasi, *, kode: str, templat: letters.Templat = letters.BAWAAN) -> bytes:
    daerah = jalur(r.wilayah)[-1]
    isian = {"daerah": daerah, "nomor_permohonan": r.nomor_permohonan}
    tempat = ", ".join(filter(None, [r.alamat, *jalur(r.desa)[: max(len(jalur(r.desa)) - 1, 1)]]))
    orang = [("Nama", r.nama), ("NIK", r.nik)]
    if r.lahir:
        orang.append(("Tanggal lahir", tanggal_panjang(r.lahir)))
    surat = f"{r.faskes}, {tanggal_panjang(r.faskes_tanggal)}" if r.faskes_tanggal else r.faskes
    isi: list[Flowable] = [
        *pdf.kop(kop_dinas(r.wilayah)),
        *pdf.judul("Surat Rekomendasi", "Reaktivasi Peserta PBI Jaminan Kesehatan", nomor=r.nomor),
        pdf.teks("Dinas Sosial menerangkan bahwa:"),
        pdf.rincian(
            [
                *orang,
                ("Alamat", tempat),
                ("Nonaktif sejak", tanggal_panjang(r.nonaktif_sejak)),
                ("Surat faskes", surat),
                ("Nomor permohonan", r.nomor_permohonan),
                ("Sifat", "Darurat medis, mohon diaktifkan dalam 24 jam" if r.darurat else "Biasa"),
            ]
        ),
        pdf.teks(templat.teks("isi", _ISI, **isian)),
        pdf.teks(templat.teks("penutup", _PENUTUP, **isian)),
        pdf.jarak(5),
        pdf.kanan(
            pdf.Tertanda((f"{daerah}, {tanggal_panjang(r.tanggal)}", f"{r.jabatan},"), r.penandatangan)
        ),
    ]
    return pdf.susun(
        isi, judul=f"Surat Rekomendasi Nomor {r.nomor}", penerbit=f"Dinas Sosial {daerah}", kode=kode
    )
