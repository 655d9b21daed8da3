"""Answer to an objection: what was decided, why, and what the family may do next. Its own words come from a version."""

from dataclasses import dataclass
from datetime import date

from reportlab.platypus import Flowable

from core import letters, pdf
from core.terbilang import tanggal_panjang
from dtks.surat.kop import jalur, kop_dinas
from wilayah.models import Wilayah

_LANJUT = {
    True: "Usulan keluarga dibuka kembali dan diproses ulang oleh petugas yang berbeda.",
    False: (
        "Bila tidak menerima putusan ini, Saudara dapat mengajukan banding kepada atasan pejabat yang memutus paling lama "
        "10 (sepuluh) hari kerja sejak surat ini diterima (UU 30/2014 Pasal 78)."
    ),
}


@dataclass(frozen=True)
class Jawaban:
    """What the letter says; `sebutan` and `jabatan` are the words before the name of who decides."""

    nomor: str
    tanggal: date
    wilayah: Wilayah
    nomor_keberatan: str
    diterima: date
    pemohon: str
    nomor_usulan: str
    program: str
    dikabulkan: bool
    alasan: str
    jabatan: str
    penandatangan: str


def jawaban_keberatan(j: Jawaban, *, kode: str, templat: letters.Templat = letters.BAWAAN) -> bytes:
    daerah = jalur(j.wilayah)[-1]
    putusan = "dikabulkan" if j.dikabulkan else "ditolak"
    isian = {"program": j.program, "daerah": daerah, "nomor_usulan": j.nomor_usulan, "putusan": putusan}
    judul = f"Jawaban Keberatan Nomor {j.nomor}"
    isi: list[Flowable] = [
        *pdf.kop(kop_dinas(j.wilayah)),
        *pdf.judul("Jawaban atas Keberatan", nomor=j.nomor),
        pdf.rincian(
            [
                ("Nomor keberatan", j.nomor_keberatan),
                ("Diterima", tanggal_panjang(j.diterima)),
                ("Pemohon", j.pemohon),
                ("Nomor usulan", j.nomor_usulan),
                ("Program", j.program),
            ]
        ),
        pdf.paragraf("Keberatan tersebut <b>{putusan}</b> dengan alasan:", putusan=putusan.upper()),
        pdf.teks(j.alasan),
        pdf.teks(templat.teks("isi", _LANJUT[j.dikabulkan], **isian)),
        pdf.teks(templat.teks("penutup", "Demikian untuk diketahui.", **isian)),
        pdf.jarak(5),
        pdf.kanan(
            pdf.Tertanda((f"{daerah}, {tanggal_panjang(j.tanggal)}", f"{j.jabatan},"), j.penandatangan)
        ),
    ]
    return pdf.susun(isi, judul=judul, penerbit=f"Dinas Sosial {daerah}", kode=kode)
