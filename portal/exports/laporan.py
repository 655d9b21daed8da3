"""A report as a file: xlsx through core.ekspor, PDF through core.pdf, and the audit row that names its hash."""

from typing import IO, Any

from django.http import HttpResponse
from django.utils.safestring import SafeString

from accounts.models import Pengguna
from core import ekspor, pdf
from core.templatetags.ui import periode
from dtks.actions import ekspor as tindakan
from portal.queries.laporan import halaman, peta
from portal.queries.laporan.dasar import Hasil

FORMAT = ("pdf", "xlsx")
KUASA = ("laporan.lihat",)
_SAMAR = "Angka 1 sampai 4 disembunyikan, juga yang bisa dihitung dari selisihnya."


def tulis(hasil: Hasil, format: str, *, by: Pengguna, kini: str, samar: bool) -> tuple[IO[bytes], str]:
    """The file and its name. Needs the transaction in which the act is recorded."""
    isi = buat_pdf(hasil, kini, samar) if format == "pdf" else buat_xlsx(hasil, kini, samar, by)
    isi.seek(0)
    tindakan.catat(
        by=by, kuasa=KUASA, jenis="portal.Laporan", penuh=False, alasan="",
        rincian={"daftar": f"laporan.{hasil.laporan.kode}", "format": format, "jumlah": len(hasil.baris), "tersamar": samar,
                 "saring": {"wilayah": ",".join(hasil.lingkup.luas[:5]), "periode": hasil.lingkup.periode},
                 "sha256": ekspor.sidik(isi)},
    )  # fmt: skip
    return isi, nama(hasil, format)


def nama(hasil: Hasil, format: str) -> str:
    return ekspor.nama_berkas(
        f"Laporan {hasil.laporan.judul} {hasil.lingkup.satu} {hasil.lingkup.periode}", format
    )


def _keterangan(hasil: Hasil, kini: str, samar: bool) -> list[tuple[str, str]]:
    isi = [("Wilayah", halaman.sebutan(hasil.lingkup))]
    if hasil.laporan.berperiode:
        isi.append(("Periode", periode(hasil.lingkup.periode)))
    return [*isi, *halaman.keterangan(hasil, kini), *([("Catatan", _SAMAR)] if samar else [])]


def buat_xlsx(hasil: Hasil, kini: str, samar: bool, by: Pengguna | None = None) -> IO[bytes]:
    judul, isi = halaman.lembar(hasil)
    oleh = [("Diunduh oleh", f"{by.nama} ({by.get_username()})")] if by else []
    keluar = ekspor.berkas_baru()
    lembar = ekspor.Lembar(
        judul=judul, lebar=[16, 30], nama=hasil.laporan.judul[:31], keterangan=[("Isi", hasil.laporan.judul), *_keterangan(hasil, kini, samar), *oleh]
    )  # fmt: skip
    ekspor.tulis(keluar, "xlsx", lembar, isi)
    return keluar


def buat_pdf(hasil: Hasil, kini: str, samar: bool) -> IO[bytes]:
    judul, isi = halaman.lembar(hasil)
    kolom = len(judul) - 2
    bagian: list[Any] = [
        *pdf.judul("Laporan", hasil.laporan.judul),
        pdf.teks(hasil.laporan.kalimat),
        pdf.rincian(_keterangan(hasil, kini, samar), lebar=pdf.LEBAR_MENDATAR),
        pdf.tabel(
            judul, isi, [14, 30, *[12] * kolom], rata="kk" + "n" * kolom, total=True, penuh=pdf.LEBAR_MENDATAR
        ),
    ]
    for kata, rows in halaman.rincian(hasil, samar):
        bagian += [*pdf.bagian(kata), pdf.tabel(["Rincian", "Jumlah"], rows, [60, 20], rata="kn")]
    keluar = ekspor.berkas_baru()
    keluar.write(pdf.susun(bagian, judul=f"Laporan {hasil.laporan.judul}", mendatar=True))
    return keluar


def jawaban_pdf(berkas: IO[bytes], nama: str) -> HttpResponse:
    berkas.seek(0)
    jawab = HttpResponse(berkas.read(), content_type="application/pdf")
    jawab["Content-Disposition"] = ekspor.lampiran(nama)
    jawab["X-Content-Type-Options"] = "nosniff"
    jawab["Cache-Control"] = "private, no-store"
    return jawab


def peta_dari(hasil: Hasil) -> SafeString | None:
    """The choropleth of a report where a map of its parts was loaded."""
    return peta.gambar(hasil.laporan.judul, hasil.lingkup, halaman.titik_per_kode(hasil))
