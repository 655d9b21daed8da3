"""Who may speak about a flag of kinship, and who may close it. None, or the sentence that the screen shows."""

from collections.abc import Callable

from accounts.models import Pengguna
from dtks.models import KERABAT, Bendera, Usulan

USUL, SETUJU = "bendera.tutup", "bendera.setujui"
Policy = Callable[[Pengguna, Bendera], str | None]


def terkait(by: Pengguna, usulan: Usulan) -> str | None:
    """Nobody who was ever tied to the family decides about it, also after the flag was closed."""
    if (
        "terkait" not in usulan.__dict__
    ):  # asked for each step of a page; a step itself reads the locked row anew
        rows = (
            Bendera.objects.filter(usulan=usulan, kode=KERABAT).order_by("pk").values_list("orang", flat=True)
        )
        usulan.__dict__["terkait"] = {o for orang in rows for o in orang or ()}
    if by.orang_id in usulan.__dict__["terkait"]:
        return "Anda mungkin berkerabat dengan keluarga ini. Petugas lain yang memutus."
    return None


def nyatakan(by: Pengguna, bendera: Bendera) -> str | None:
    if bendera.kode != KERABAT:
        return "Pernyataan hanya untuk catatan kerabat."
    if not by.boleh("usulan.lihat", bendera.usulan.wilayah_id):
        return "Usulan ini di luar wilayah Anda."
    return None


def _boleh(by: Pengguna, bendera: Bendera, kuasa: str, kata: str) -> str | None:
    if bendera.kode != KERABAT:
        return "Catatan ini tertutup sendiri bila sebabnya sudah tidak ada."
    if not by.boleh(kuasa, bendera.usulan.wilayah_id):
        return kata
    if bendera.usulan.keluarga.anggota.filter(nik_indeks=by.orang.nik_indeks, aktif=True).exists():
        return "Anda tercatat sebagai anggota keluarga ini. Petugas lain yang memutus."
    return terkait(by, bendera.usulan)


def usul_tutup(by: Pengguna, bendera: Bendera) -> str | None:
    kata = "Penutupan catatan kerabat diminta supervisor Dinsos."
    if kalimat := _boleh(by, bendera, USUL, kata):
        return kalimat
    return "Penutupan sudah diminta." if bendera.usul_tutup_orang_id else None


def setujui_tutup(by: Pengguna, bendera: Bendera) -> str | None:
    kata = "Penutupan catatan kerabat disetujui supervisor lain atau Kepala Dinas."
    if kalimat := _boleh(by, bendera, SETUJU, kata):
        return kalimat
    if bendera.usul_tutup_orang_id is None:
        return "Belum ada yang meminta catatan ini ditutup."
    if bendera.usul_tutup_orang_id == by.orang_id:
        return "Anda yang memintanya. Persetujuan dari orang lain."
    return None
