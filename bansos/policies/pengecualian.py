"""Who may contest a hit on an exclusion list for a family, and who decides it. None or the sentence that the screen shows."""

from accounts.models import Pengguna
from bansos.models import ButirPengecualian, SanggahButir
from dtks.models import Individu


def sanggahkan(by: Pengguna | None, individu: Individu, butir: ButirPengecualian) -> str | None:
    """`by` is None when a citizen's complaint contests it (pengaduan)."""
    if butir.status == ButirPengecualian.Status.DISANGGAH:
        return "Data ini sudah disanggah dan menunggu putusan."
    if butir.status != ButirPengecualian.Status.BERLAKU:
        return f"Data ini tidak berlaku lagi: {butir.get_status_display().lower()}."
    if by is not None and not by.boleh("pengecualian.sanggah", individu.keluarga.wilayah_id):
        return "Sanggah data dicatat operator desa atau verifikator di wilayahnya."
    return None


def putus(by: Pengguna, sanggah: SanggahButir) -> str | None:
    if sanggah.status != SanggahButir.Status.DIAJUKAN:
        return f"Sanggah ini sudah diputus: {sanggah.get_status_display().lower()}."
    if not by.boleh("pengecualian.putus", sanggah.butir.wilayah_id):
        return "Sanggah data pengecualian diputus supervisor Dinas Sosial."
    if sanggah.created_by_id is None:
        return f"Sanggah ini dari warga ({sanggah.rujukan}). Putusannya lewat menu Sanggah."
    if sanggah.created_orang_id == by.orang_id:
        return "Anda yang mencatat sanggah ini. Yang memutus harus orang lain."
    if by.orang.nik_indeks is not None and sanggah.individu.keluarga.anggota.filter(
        nik_indeks=by.orang.nik_indeks, aktif=True
    ).exists():  # fmt: skip
        return "Anda tercatat sebagai anggota keluarga ini. Mintalah pejabat lain yang memutusnya."
    return None
