"""Corrected minutes: a berita acara of its own that refers to the first and says what changes, name by name."""

from reportlab.platypus import Flowable

from core import pdf
from core.models import Dokumen
from core.terbilang import tanggal_panjang
from dtks.models import Musyawarah
from dtks.queries import perbaikan
from dtks.surat.kop import alamat_pendek, kop_desa, label
from dtks.surat.musyawarah import (
    catatan,
    kata_alasan,
    kehadiran,
    nama_program,
    pembukaan,
    penutup,
    templat_ba,
)
from wilayah.waktu import hari_wilayah

TIDAK_TERCATAT = "tidak tercatat"


def berita_acara(
    musyawarah: Musyawarah, *, kode: str, lampiran: Dokumen | None = None, dilewati: int = 0
) -> bytes:
    """`musyawarah` is the correction. Raises core.rules.RuleMissing without a quorum rule for corrections."""
    asal = musyawarah.perbaikan_dari
    assert asal is not None
    hari = tanggal_panjang(hari_wilayah(asal.wilayah_id, asal.waktu))
    peserta, unsur, program = list(musyawarah.peserta.all()), label("unsur"), label("program_usulan")
    lama = perbaikan.lama(musyawarah)
    baris = [
        (
            i,
            p.usulan.keluarga.nama_kepala,
            alamat_pendek(p.usulan),
            nama_program(p.usulan, program),
            lama[p.usulan_id].get_putusan_display() if p.usulan_id in lama else TIDAK_TERCATAT,
            p.get_putusan_display(),
            kata_alasan(p),
        )
        for i, p in enumerate(musyawarah.putusan.select_related("usulan__keluarga"), 1)
    ]
    isi: list[Flowable] = [
        *pdf.kop(kop_desa(musyawarah.wilayah)),
        *pdf.judul("Berita Acara Perbaikan", musyawarah.get_jenis_display(), nomor=musyawarah.nomor),
        *pembukaan(musyawarah, templat_ba(musyawarah)),
        pdf.rincian(
            [
                ("Yang diperbaiki", f"Berita acara nomor {asal.nomor} tanggal {hari}"),
                ("Yang keliru dan sebabnya", musyawarah.alasan_perbaikan),
            ]
        ),
        *kehadiran(musyawarah, peserta, unsur),
        *pdf.bagian("C. Yang diperbaiki"),
        pdf.tabel(
            ("No.", "Nama kepala keluarga", "Alamat", "Program", "Semula", "Menjadi", "Alasan"),
            baris,
            (8, 30, 32, 26, 20, 22, 30),
            rata="t",
        ),
        pdf.teks(f"Selain yang disebut di atas, isi berita acara nomor {asal.nomor} tetap berlaku."),
        *pdf.bagian("D. Catatan"),
        *catatan(musyawarah, dilewati),
        *penutup(musyawarah, peserta, unsur, lampiran, templat_ba(musyawarah)),
    ]
    judul = f"Berita Acara Perbaikan Nomor {musyawarah.nomor}"
    return pdf.susun(isi, judul=judul, penerbit=musyawarah.wilayah.jalur, kode=kode)
