"""Papers about somebody's own data: the copy with who saw it, and the record of an erasure."""

from collections.abc import Iterable
from datetime import date, datetime

from reportlab.platypus import Flowable

from bansos.models import SerahData
from core import pdf
from core.templatetags.ui import waktu
from core.terbilang import tanggal_panjang
from dtks.surat.kop import jalur, kop_dinas
from portal.queries.hak import Lihat, Salinan
from wilayah.models import Wilayah

_HAK = (
    "Anda berhak meminta data yang salah dibetulkan, data dibekukan, atau data dihapus sejauh undang-undang mengizinkan "
    "(UU 27/2022 tentang Pelindungan Data Pribadi Pasal 5 sampai Pasal 13). Minta di kantor desa atau loket Dinas Sosial."
)
_TERCATAT = (
    "Yang tercatat: setiap perubahan, keputusan, nomor lengkap yang dibuka, surat, unduhan daftar, dan penyerahan data. "
    "Halaman yang hanya dilihat petugas berwenang dengan nomor disamarkan tidak dicatat satu per satu."
)
_PEKA = "Ada catatan layanan yang dirahasiakan undang-undang. Catatan itu hanya dijelaskan langsung oleh pekerja sosial yang menangani."


def salinan_data(s: Salinan, *, nomor: str, nama: str, wilayah: Wilayah, pada: datetime, kode: str) -> bytes:
    daerah = jalur(wilayah)[-1]
    isi: list[Flowable] = [
        *pdf.kop(kop_dinas(wilayah)),
        *pdf.judul("Salinan data pribadi", nomor=nomor),
        pdf.teks(
            f"Dibuat {waktu(pada)} atas permintaan pemilik data, {nama}. Isinya seluruh data tentang dia yang disimpan portal ini."
        ),
    ]
    for kepala, rows in s.bagian:
        isi += pdf.bagian(kepala)
        isi += [bagian for satu in rows for bagian in (pdf.rincian(satu, label=60), pdf.jarak(1.5))]
    isi += _lihat("Siapa yang melihat atau mengubah data ini", s.lihat, "Belum ada yang tercatat.")
    isi.append(pdf.teks(_TERCATAT, "kecil"))
    isi += _lihat("Instansi lain yang menerima data ini", s.serah, "Tidak ada.")
    isi += _lihat("Daftar wilayah yang pernah diunduh dan mungkin memuat data ini", s.daftar, "Tidak ada.")
    if s.peka:
        isi.append(pdf.teks(_PEKA))
    isi += [pdf.jarak(3), pdf.teks(_HAK)]
    return pdf.susun(isi, judul=f"Salinan data pribadi {nomor}", penerbit=f"Dinas Sosial {daerah}", kode=kode)


def _lihat(judul: str, rows: list[Lihat], kosong: str) -> list[Flowable]:
    isi: list[Flowable] = [*pdf.bagian(judul)]
    if not rows:
        return [*isi, pdf.teks(kosong)]
    return [
        *isi,
        pdf.tabel(["Waktu", "Siapa", "Apa"], [[waktu(r.pada), r.siapa, r.apa] for r in rows], (3, 5, 6)),
    ]


def bukti_hapus(
    *, nomor: str, wilayah: Wilayah, tanggal: date, lingkup: str, jumlah: Iterable[tuple[str, int]],
    disimpan: list[tuple[str, str, str]], arsip: list[str], kode: str,
) -> bytes:  # fmt: skip
    """Names nobody: who holds the receipt knows whose data it was."""
    daerah = jalur(wilayah)[-1]
    isi: list[Flowable] = [
        *pdf.kop(kop_dinas(wilayah)),
        *pdf.judul("Berita acara penghapusan data pribadi", nomor=nomor),
        pdf.teks(
            f"Pada tanggal {tanggal_panjang(tanggal)} data berikut dihapus atas permintaan pemiliknya dan putusan dua pejabat dari unit berbeda."
        ),
        pdf.rincian([("Nomor permintaan", nomor), ("Yang dihapus", lingkup)]),
        pdf.tabel(["Tabel", "Baris dihapus atau dikosongkan"], [[a, str(n)] for a, n in jumlah], (4, 2)),
        pdf.jarak(3),
        pdf.teks(
            "Sesudah dihapus, portal mencari lagi nama dan nomor keluarga di semua catatannya. Ditemukan: 0."
        ),
    ]
    isi += _disimpan(disimpan)
    if arsip:
        isi += [
            pdf.teks("Arsip yang tidak memuat lagi data keluarga ini sebagai catatan portal:"),
            *pdf.butir(arsip),
        ]
    isi.append(
        pdf.teks(
            "Cadangan lama dihapus menurut masa simpannya. Bila portal dipulihkan dari cadangan, penghapusan ini dijalankan lagi sebelum portal dibuka."
        )
    )
    return pdf.susun(
        isi, judul=f"Berita acara penghapusan {nomor}", penerbit=f"Dinas Sosial {daerah}", kode=kode
    )


def kabar_perbaikan(
    *, nomor: str, wilayah: Wilayah, tanggal: date, serah: Iterable[SerahData], kode: str
) -> bytes:
    """Names nobody: who asked holds its number, and an office finds the row in its own list by the next hand-over."""
    daerah = jalur(wilayah)[-1]
    isi: list[Flowable] = [
        *pdf.kop(kop_dinas(wilayah)),
        *pdf.judul("Pemberitahuan perbaikan data pribadi", nomor=nomor),
        pdf.teks(
            f"Pada tanggal {tanggal_panjang(tanggal)} data pada permintaan ini dinyatakan sudah dibetulkan atas permintaan pemiliknya "
            "(UU 27/2022 tentang Pelindungan Data Pribadi Pasal 6 dan Pasal 30)."
        ),
        *pdf.bagian("Instansi yang pernah menerima data lama"),
    ]
    baris = [[s.nomor, tanggal_panjang(s.tanggal), s.permintaan.instansi] for s in serah]
    if baris:
        isi += [
            pdf.tabel(["Nomor BAST", "Tanggal", "Instansi"], baris, (4, 4, 6)),
            pdf.jarak(3),
            pdf.teks(
                "Instansi di atas diminta berhenti memakai daftar lamanya dan meminta penyerahan yang baru."
            ),
        ]
    else:
        isi.append(pdf.teks("Tidak ada."))
    return pdf.susun(isi, judul=f"Perbaikan data {nomor}", penerbit=f"Dinas Sosial {daerah}", kode=kode)


def tolak_hapus(
    *,
    nomor: str,
    wilayah: Wilayah,
    tanggal: date,
    alasan: str,
    disimpan: list[tuple[str, str, str]],
    kode: str,
) -> bytes:
    """The answer to who asked for an erasure that the law does not allow: what stays, why, until when."""
    daerah = jalur(wilayah)[-1]
    isi: list[Flowable] = [
        *pdf.kop(kop_dinas(wilayah)),
        *pdf.judul("Jawaban atas permintaan penghapusan data", nomor=nomor),
        pdf.teks(f"Pada tanggal {tanggal_panjang(tanggal)} permintaan ini ditolak. {alasan}"),
        *_disimpan(disimpan),
        pdf.jarak(3),
        pdf.teks(
            "Foto, titik lokasi, dan nomor telepon boleh diminta dihapus kapan saja. Data juga boleh diminta dibekukan. "
            "Bila tidak setuju, Anda boleh mengadu di portal ini atau kepada lembaga pelindungan data pribadi (UU 27/2022 Pasal 58)."
        ),
    ]
    return pdf.susun(isi, judul=f"Jawaban {nomor}", penerbit=f"Dinas Sosial {daerah}", kode=kode)


def _disimpan(rows: list[tuple[str, str, str]]) -> list[Flowable]:
    if not rows:
        return []
    return [
        *pdf.bagian("Yang tetap disimpan karena undang-undang"),
        pdf.tabel(["Yang disimpan", "Sebab", "Sampai kapan"], [list(r) for r in rows], (4, 5, 4)),
        pdf.jarak(3),
    ]
