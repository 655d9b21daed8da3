"""Where a service of the counter stands, in words for the citizen: no desil, no illness, no name of an officer, no free text."""

from dataclasses import dataclass
from datetime import datetime

from bansos.models import PermohonanSurat, ReaktivasiPBI
from core.identity import mask_name
from core.templatetags.ui import tanggal
from pengaduan.queries.usulan import jalan_keluar_warga

# state -> (what it is now, what happens next)
PBI = {
    "draf": ("Permohonan sedang dilengkapi.", "Bawa surat keterangan berobat dari puskesmas atau rumah sakit ke tempat Anda mendaftar."),
    "diajukan": ("Permohonan sudah di Dinas Sosial.", "Dinas Sosial memeriksa suratnya."),
    "diverifikasi": ("Permohonan memenuhi syarat.", "Kepala Dinas menandatangani surat rekomendasi."),
    "direkomendasikan": ("Surat rekomendasi sudah terbit.", "Dinas Sosial mengajukannya ke Kementerian Sosial."),
    "dikirim_siks": ("Permohonan sudah diajukan ke Kementerian Sosial.", "Tunggu jawaban pusat. Sementara itu tanyakan bantuan biaya di faskes atau Dinas Sosial."),
    "disetujui": ("PBI sudah aktif kembali.", "Kartu bisa dipakai lagi."),
    "ditolak_pusat": ("PBI tidak diaktifkan lagi oleh pusat.", "Tanyakan ke Dinas Sosial pilihan lain, misalnya usulan baru atau bantuan biaya dari daerah."),
    "ditolak": ("Permohonan ini ditolak Dinas Sosial.", "Baca alasannya di atas."),
    "dibatalkan": ("Permohonan ini dibatalkan.", "Anda bisa meminta lagi di desa atau di loket Dinas Sosial."),
}  # fmt: skip
SURAT = {
    "diajukan": ("Permintaan surat sedang diperiksa.", "Bila lengkap, surat diteruskan ke Kepala Dinas."),
    "diperiksa": ("Surat menunggu tanda tangan.", "Kepala Dinas menandatanganinya."),
    "diterbitkan": ("Surat sudah terbit.", "Ambil suratnya di tempat Anda memintanya, dengan membawa KTP."),
    "ditolak": ("Surat tidak bisa diterbitkan.", "Baca alasannya di atas."),
    "dibatalkan": ("Permintaan surat ini dibatalkan.", "Anda bisa meminta lagi di desa atau di loket Dinas Sosial."),
}  # fmt: skip
_BERALASAN = ("kembalikan", "tolak", "tolak_pusat", "batalkan", "gugurkan")


@dataclass(frozen=True)
class Status:
    """What the citizen reads of one service. `surat_kode`: the code at /v/ of the letter that was signed."""

    tiket: str
    sebutan: str
    nama: str
    judul: str
    sejak: datetime
    berikutnya: str
    alasan: str = ""
    jalan_keluar: str = ""
    batas: str = ""
    surat_kode: str = ""


def status_layanan(satu: ReaktivasiPBI | PermohonanSurat) -> Status:
    pbi = isinstance(satu, ReaktivasiPBI)
    judul, berikutnya = (PBI if pbi else SURAT)[satu.status]
    alasan, jalan_keluar = _alasan(satu)
    return Status(
        tiket=satu.tiket or "", sebutan="reaktivasi PBI" if pbi else "surat", nama=mask_name(satu.nama), judul=judul,
        sejak=satu.status_sejak, berikutnya=berikutnya, alasan=alasan, jalan_keluar=jalan_keluar, batas=_batas(satu),
        surat_kode=satu.dokumen.kode if satu.dokumen else "",
    )  # fmt: skip


def _alasan(satu: ReaktivasiPBI | PermohonanSurat) -> tuple[str, str]:
    """The reason of the step that brought it here, as the list of reasons says it; what somebody typed stays inside."""
    akhir = satu.riwayat.order_by("-urut").first()
    if akhir is None or akhir.langkah not in _BERALASAN:
        return "", ""
    if (
        "desil" in akhir.alasan_kalimat.lower()
    ):  # the decile is told on paper or face to face, never to a ticket
        return (
            "Syarat untuk keperluan ini belum terpenuhi.",
            "Tanyakan alasannya di tempat Anda memintanya, dengan membawa KTP.",
        )
    return akhir.alasan_kalimat, jalan_keluar_warga(akhir.alasan)


def _batas(satu: ReaktivasiPBI | PermohonanSurat) -> str:
    """What has a last day: the answer of the Dinas while its clock runs, the duty to refresh the data after an approval."""
    if (
        isinstance(satu, ReaktivasiPBI)
        and satu.status == "disetujui"
        and satu.perbarui_batas
        and not satu.diperbarui_at
    ):
        return f"Datang ke kantor desa dengan KTP dan KK untuk memperbarui data keluarga, paling lambat {tanggal(satu.perbarui_batas)}. Bila lewat, PBI bisa nonaktif lagi."
    if satu.tenggat_at and satu.jam_selesai is None:
        return f"Diselesaikan paling lambat {tanggal(satu.tenggat_at)}."
    return ""
