"""Invitation to a meeting: one letter with the list of the invited, or one sheet for each of them."""

from collections.abc import Sequence
from datetime import date

from reportlab.platypus import Flowable

from core import pdf
from core.terbilang import angka, hari, tanggal_panjang
from dtks.models import Musyawarah, PesertaMusyawarah
from dtks.queries import kuorum
from dtks.surat.kop import jalur, kop_desa, label, sebutan_kepala
from wilayah.waktu import hari_wilayah, jam_wilayah


def undangan(
    musyawarah: Musyawarah, *, kode: str, nomor: str, tanggal: date, per_orang: bool = False
) -> bytes:
    """`tanggal` is the day of the letter. Raises core.rules.RuleMissing without a quorum rule."""
    peserta, unsur = list(musyawarah.peserta.all()), label("unsur")
    isi: list[Flowable] = []
    if per_orang:
        for i, satu in enumerate(peserta):
            kepada = [satu.nama, satu.jabatan or unsur.get(satu.unsur, satu.unsur)]
            isi += [pdf.halaman_baru()] if i else []
            isi += _surat(musyawarah, nomor, tanggal, kepada, peserta)
    else:
        isi += _surat(musyawarah, nomor, tanggal, ["Bapak/Ibu (daftar terlampir)"], peserta)
        isi += [pdf.halaman_baru(), *_daftar(peserta, unsur, nomor)]
    judul = f"Undangan {musyawarah.get_jenis_display()} Nomor {nomor}"
    return pdf.susun(isi, judul=judul, penerbit=musyawarah.wilayah.jalur, kode=kode)


def _syarat(musyawarah: Musyawarah) -> str:
    """The quorum in words, so that who is invited knows why his coming matters."""
    aturan = kuorum.aturan(musyawarah)
    return (
        f"Musyawarah sah bila dihadiri paling sedikit {angka(aturan.nilai['minimal_hadir'])} orang, dengan wakil dari: "
        f"{', '.join(kuorum.unsur_wajib(musyawarah))} ({aturan.dasar_hukum}). Karena itu kehadiran Bapak/Ibu sangat diharapkan; "
        "bila berhalangan, mohon mengirim wakil."
    )


def _surat(
    musyawarah: Musyawarah,
    nomor: str,
    tanggal: date,
    kepada: Sequence[str],
    peserta: Sequence[PesertaMusyawarah],
) -> list[Flowable]:
    wilayah, hari_ = musyawarah.wilayah, hari_wilayah(musyawarah.wilayah_id, musyawarah.waktu)
    kepala = next((p.nama for p in peserta if p.unsur == "KADES_LURAH"), "")
    return [
        *pdf.kop(kop_desa(wilayah)),
        pdf.teks(f"{wilayah.nama}, {tanggal_panjang(tanggal)}"),
        pdf.rincian([("Nomor", nomor), ("Perihal", f"Undangan {musyawarah.get_jenis_display()}")]),
        pdf.teks("Yth.\n" + "\n".join(kepada) + "\ndi tempat"),
        pdf.jarak(2),
        pdf.paragraf(
            "Dengan hormat, bersama ini kami mengundang Bapak/Ibu untuk hadir dalam {jenis} tentang pengusulan penerima "
            "bantuan sosial, yang diadakan pada:",
            jenis=musyawarah.get_jenis_display(),
        ),
        pdf.rincian(
            [
                ("Hari, tanggal", f"{hari(hari_)}, {tanggal_panjang(hari_)}"),
                ("Pukul", jam_wilayah(musyawarah.wilayah_id, musyawarah.waktu)),
                ("Tempat", f"{musyawarah.tempat}, {', '.join(jalur(wilayah)[:2])}"),
                ("Acara", musyawarah.agenda),
                ("Pimpinan rapat", musyawarah.pimpinan),
            ]
        ),
        pdf.teks(_syarat(musyawarah)),
        pdf.teks(
            "Demikian undangan ini kami sampaikan. Atas perhatian dan kehadirannya kami ucapkan terima kasih."
        ),
        pdf.jarak(4),
        pdf.kanan(pdf.Tertanda((f"{sebutan_kepala(wilayah)},",), kepala)),
    ]


def _daftar(peserta: Sequence[PesertaMusyawarah], unsur: dict[str, str], nomor: str) -> list[Flowable]:
    urut = {kode: i for i, kode in enumerate(unsur)}
    rapi = sorted(peserta, key=lambda p: (urut.get(p.unsur, 99), p.nama))
    baris = [(i, p.nama, unsur.get(p.unsur, p.unsur), p.jabatan or "-") for i, p in enumerate(rapi, 1)]
    return [
        *pdf.judul("Daftar yang Diundang", nomor=nomor),
        pdf.tabel(("No.", "Nama", "Unsur", "Jabatan"), baris, (8, 50, 46, 40), rata="t"),
    ]
