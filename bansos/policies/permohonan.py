"""Who may take a step of a letter: the power in the area, two persons for check and signature, nobody for his own family."""

from collections.abc import Callable

from accounts.models import Pengguna
from bansos.models import PermohonanSurat
from bansos.workflow_layanan import PERMOHONAN

Policy = Callable[[Pengguna, PermohonanSurat], str | None]
KUASA_UNDUH = ("surat.ajukan", "surat.periksa", "surat.tanda_tangan")
DUA = ("periksa", "terbitkan")


def unduh(by: Pengguna, satu: PermohonanSurat) -> str | None:
    """The paper tells the desil: for the counter that hands it over and those who made it, not for who only watches."""
    if satu.dokumen_id is None:
        return "Suratnya belum terbit."
    if not any(by.boleh(k, satu.wilayah_id) for k in KUASA_UNDUH):
        return "Surat ini hanya diunduh loket yang menyerahkannya."
    return None


def _langkah(nama: str) -> Policy:
    def boleh(by: Pengguna, satu: PermohonanSurat) -> str | None:
        arrow = PERMOHONAN.find(nama, satu.status)
        if arrow is None:
            return f"Langkah ini tidak terbuka: permohonan sekarang “{satu.get_status_display()}”."
        if not by.boleh(arrow.kuasa, satu.wilayah_id):
            return f"Langkah “{arrow.label}” bukan wewenang Anda di wilayah ini."
        if nama == "terbitkan" and satu.pemeriksa_orang_id == by.orang_id:
            return "Anda sudah memeriksa permohonan ini. Tanda tangan harus dari orang lain."
        if (
            nama in DUA
            and satu.individu
            and satu.individu.keluarga.anggota.filter(nik_indeks=by.orang.nik_indeks, aktif=True).exists()
        ):
            return "Anda tercatat sebagai anggota keluarga ini. Mintalah petugas lain."
        return None

    return boleh


BY_STEP: dict[str, Policy] = {nama: _langkah(nama) for nama in PERMOHONAN.names() if nama != "gugurkan"}
