"""Who may file an objection for a family, and who may decide it: nobody who had a part in the decision. None or a sentence."""

from accounts.models import Pengguna
from bansos.models import Keberatan
from bansos.workflow import KEBERATAN
from dtks.models import Usulan

BISA = ("ditolak", "tidak_ditetapkan")
PUTUSAN = (
    "ajukan",
    "ases",
    "verifikasi",
    "sahkan",
    "tetapkan",
    "tolak",
)  # steps whose person is part of the decision


def ajukan(by: Pengguna, usulan: Usulan) -> str | None:
    if usulan.status not in BISA:
        return "Keberatan hanya atas usulan yang ditolak atau tidak ditetapkan."
    if not by.boleh("keberatan.ajukan", usulan.wilayah_id):
        return "Keberatan dicatat operator desa atau verifikator Dinas Sosial di wilayahnya."
    return None


def putus(by: Pengguna, keberatan: Keberatan) -> str | None:
    if not any(a.nama in ("kabulkan", "tolak") for a in KEBERATAN.open_from(keberatan.status)):
        return f"Keberatan ini sudah diputus: {keberatan.get_status_display().lower()}."
    if not by.boleh("keberatan.putus", keberatan.wilayah_id):
        return "Keberatan diputus Kepala Dinas atau supervisor Dinas Sosial."
    ikut = keberatan.usulan.riwayat.filter(
        langkah__in=PUTUSAN, urut__lte=keberatan.urut_putusan, orang=by.orang_id
    )
    if ikut.exists():
        return "Anda ikut memproses usulan ini. Keberatannya harus diputus orang lain."
    if keberatan.created_by.orang_id == by.orang_id:
        return "Anda yang mencatat keberatan ini. Putusannya harus dari orang lain."
    if keberatan.usulan.keluarga.anggota.filter(nik_indeks=by.orang.nik_indeks, aktif=True).exists():
        return "Anda tercatat sebagai anggota keluarga ini. Mintalah pejabat lain yang memutusnya."
    return None
