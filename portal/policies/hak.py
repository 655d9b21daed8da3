"""Who may take a step of a request about somebody's data: two persons of two units for an erasure, nobody for his own family."""

from collections.abc import Callable

from accounts.models import Pengguna
from bansos.policies.kuota import unit
from portal.models import PermohonanHak
from portal.workflow import HAK, MESIN

Policy = Callable[[Pengguna, PermohonanHak], str | None]
J = PermohonanHak.Jenis
# Which kinds a step is about; a step that is not named here is about all of them.
_UNTUK = {"cairkan": (J.BEKU,), "betulkan": (J.PERBAIKAN,), "setujui": (J.HAPUS,), "putuskan": (J.HAPUS,)}
_SENDIRI = ("setujui", "putuskan", "betulkan", "tolak")


def unduh(by: Pengguna, satu: PermohonanHak) -> str | None:
    if satu.dokumen_id is None:
        return "Suratnya tidak ada atau masa simpannya sudah habis."
    if not by.boleh("hak.catat", satu.wilayah_id):
        return "Salinan data hanya diunduh loket yang menyerahkannya kepada pemohon."
    return None


def _langkah(nama: str) -> Policy:
    def boleh(by: Pengguna, satu: PermohonanHak) -> str | None:
        arrow = HAK.find(nama, satu.status)
        if arrow is None or satu.jenis not in _UNTUK.get(nama, (satu.jenis,)):
            return f"Langkah ini tidak terbuka: permintaan sekarang “{satu.get_status_display()}”."
        if not by.boleh(arrow.kuasa, satu.wilayah_id):
            return f"Langkah “{arrow.label}” bukan wewenang Anda di wilayah ini."
        if nama in _SENDIRI and _keluarga_sendiri(by, satu):
            return "Anda tercatat sebagai anggota keluarga ini. Mintalah petugas lain."
        return _orang_kedua(by, satu) if arrow.kuasa == "hak.putus" else None

    return boleh


def _keluarga_sendiri(by: Pengguna, satu: PermohonanHak) -> bool:
    return satu.keluarga.anggota.filter(nik_indeks=by.orang.nik_indeks, aktif=True).exists()


def _orang_kedua(by: Pengguna, satu: PermohonanHak) -> str | None:
    if by.orang_id == satu.penilai_orang_id:
        return "Anda sudah menilai permintaan ini. Yang memutus harus orang lain."
    if unit(by, "hak.putus", satu.wilayah_id) == satu.unit_penilai:
        return f"Anda satu unit dengan penilainya ({satu.unit_penilai}). Yang memutus harus dari unit lain."
    return None


BY_STEP: dict[str, Policy] = {a.nama: _langkah(a.nama) for a in HAK.langkah if a.kuasa != MESIN}
