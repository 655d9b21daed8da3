"""Who may take a step of a review: the power in the area, and nobody about his own family. None or a sentence."""

from collections.abc import Callable

from accounts.models import Pengguna
from bansos.models import TinjauanPenerima
from bansos.workflow_layanan import TINJAUAN

Policy = Callable[[Pengguna, TinjauanPenerima], str | None]


def _langkah(nama: str) -> Policy:
    def boleh(by: Pengguna, satu: TinjauanPenerima) -> str | None:
        arrow = TINJAUAN.find(nama, satu.status)
        if arrow is None:
            return f"Langkah ini tidak terbuka: tinjauan sekarang “{satu.get_status_display()}”."
        if not by.boleh(arrow.kuasa, satu.wilayah_id):
            return f"Langkah “{arrow.label}” bukan wewenang Anda di wilayah ini."
        if satu.keluarga.anggota.filter(nik_indeks=by.orang.nik_indeks, aktif=True).exists():
            return "Anda tercatat sebagai anggota keluarga ini. Mintalah petugas lain."
        if nama in ("pertahankan", "usulkan_hapus") and satu.penjawab_orang_id == by.orang_id:
            return "Anda yang menjawab pertanyaan tentang keluarga ini. Putusannya harus dari orang lain."
        return None

    return boleh


BY_STEP: dict[str, Policy] = {nama: _langkah(nama) for nama in TINJAUAN.names() if nama != "gugurkan"}
