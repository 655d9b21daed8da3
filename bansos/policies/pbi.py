"""Who may take a step of a reactivation: the power in the area, three different persons, and nobody for his own family."""

from collections.abc import Callable

from accounts.models import Pengguna
from bansos.models import PbiNonaktif, ReaktivasiPBI
from bansos.workflow_layanan import REAKTIVASI
from dtks.models import Individu

_KOLOM = {
    "pengaju_orang": "mengajukan",
    "verifikator_orang": "memeriksa",
    "penandatangan_orang": "menandatangani",
}
_SENDIRI = {
    "ajukan": "pengaju_orang",
    "verifikasi": "verifikator_orang",
    "rekomendasikan": "penandatangan_orang",
}
Policy = Callable[[Pengguna, ReaktivasiPBI], str | None]


def wilayah_dari(nonaktif: PbiNonaktif) -> str:
    """Where a request for this person belongs: the family's area, else that of the list."""
    return nonaktif.individu.keluarga.wilayah_id if nonaktif.individu else nonaktif.wilayah_id


def buat(by: Pengguna, nonaktif: PbiNonaktif) -> str | None:
    if not by.boleh("pbi.ajukan", wilayah_dari(nonaktif)):
        return "Permohonan dicatat operator desa tempat keluarga tinggal atau loket Dinas Sosial."
    return _bukan_sendiri(by, bytes(nonaktif.nik_indeks), nonaktif.individu)


def ubah(by: Pengguna, satu: ReaktivasiPBI) -> str | None:
    if satu.status != "draf":
        return "Permohonan yang sudah diajukan tidak bisa diubah."
    return None if by.boleh("pbi.ajukan", satu.wilayah_id) else "Permohonan ini bukan di wilayah Anda."


def perbarui(by: Pengguna, satu: ReaktivasiPBI) -> str | None:
    if satu.status != "disetujui" or satu.diperbarui_at is not None:
        return "Pembaruan data sudah dicatat atau belum diperlukan."
    return None if by.boleh("pbi.ajukan", satu.wilayah_id) else "Permohonan ini bukan di wilayah Anda."


def _bukan_sendiri(by: Pengguna, nik_indeks: bytes, individu: Individu | None) -> str | None:
    sendiri = bytes(by.orang.nik_indeks or b"")
    if sendiri == nik_indeks:
        return "Ini permohonan untuk diri Anda sendiri. Mintalah petugas lain."
    if individu is not None and individu.keluarga.anggota.filter(nik_indeks=sendiri, aktif=True).exists():
        return "Anda tercatat sebagai anggota keluarga ini. Mintalah petugas lain."
    return None


def _langkah(nama: str) -> Policy:
    def boleh(by: Pengguna, satu: ReaktivasiPBI) -> str | None:
        arrow = REAKTIVASI.find(nama, satu.status)
        if arrow is None:
            return f"Langkah ini tidak terbuka: permohonan sekarang “{satu.get_status_display()}”."
        if not by.boleh(arrow.kuasa, satu.wilayah_id):
            return f"Langkah “{arrow.label}” bukan wewenang Anda di wilayah ini."
        for kolom, kata in _KOLOM.items():
            if nama in _SENDIRI and kolom != _SENDIRI[nama] and getattr(satu, f"{kolom}_id") == by.orang_id:
                return f"Anda sudah {kata} permohonan ini. Langkah ini harus dilakukan orang lain."
        return _bukan_sendiri(by, bytes(satu.nik_indeks), satu.individu) if nama in _SENDIRI else None

    return boleh


BY_STEP: dict[str, Policy] = {nama: _langkah(nama) for nama in REAKTIVASI.names()}
