"""May this admin do that to this account? None, or the sentence that the screen shows.

An admin rules inside his area only, and never over himself: the person counts (`Orang`), not the account.
"""

from datetime import date

from django.db.models import Q
from django.utils import timezone

from accounts.models import Pengguna, Penugasan, Peran
from wilayah.models import Wilayah

KUASA = "pengguna.kelola"
_BUKAN_ADMIN = "Hanya admin yang mengurus akun petugas."
_KUNCI = "Ini akun kunci API. Urus di halaman Kunci API."
_DIRI = "Ini akun Anda sendiri. Minta admin lain yang melakukannya."


def nasional(by: Pengguna) -> bool:
    return any(p.wilayah_id is None and KUASA in p.peran.kuasa for p in by.penugasan_aktif)


def buat_pengguna(by: Pengguna) -> str | None:
    return None if by.punya(KUASA) else _BUKAN_ADMIN


def beri_peran(by: Pengguna, pengguna: Pengguna, peran: Peran, wilayah: Wilayah | None) -> str | None:
    if kalimat := buat_pengguna(by) or _bukan_diri(by, pengguna):
        return kalimat
    if peran.pk == "KLIEN_API" or hasattr(pengguna, "kunci_api"):
        return "Peran itu hanya untuk kunci API. Minta kuncinya di halaman Kunci API."
    if not pengguna.is_active:
        return "Akun ini tidak aktif. Aktifkan dulu."
    tingkat = wilayah.tingkat if wilayah else 0
    if tingkat not in peran.tingkat_wilayah:
        return f"Peran {peran.nama} diberikan untuk tingkat {sebutan_tingkat(peran)}."
    if not _di_dalam(by, wilayah.pk if wilayah else None):
        return "Wilayah itu di luar wilayah Anda. Minta admin wilayah tersebut."
    return None


def akhiri_peran(by: Pengguna, penugasan: Penugasan) -> str | None:
    if kalimat := buat_pengguna(by) or _bukan_diri(by, penugasan.pengguna):
        return kalimat
    if hasattr(penugasan.pengguna, "kunci_api"):
        return _KUNCI
    if not _di_dalam(by, penugasan.wilayah_id):
        return "Peran itu di luar wilayah Anda. Minta admin wilayah tersebut."
    if sudah_berakhir(penugasan):
        return "Peran ini sudah berakhir."
    return None


def nonaktifkan(by: Pengguna, pengguna: Pengguna) -> str | None:
    return _menguasai(by, pengguna) or (None if pengguna.is_active else "Akun ini sudah tidak aktif.")


def aktifkan(by: Pengguna, pengguna: Pengguna) -> str | None:
    return _menguasai(by, pengguna) or ("Akun ini sudah aktif." if pengguna.is_active else None)


def setel_ulang(by: Pengguna, pengguna: Pengguna) -> str | None:
    """Whoever sets a password can become that person, so every role of the account must lie in his area."""
    return _menguasai(by, pengguna) or (
        None if pengguna.is_active else "Akun ini tidak aktif. Aktifkan dulu."
    )


def sudah_berakhir(penugasan: Penugasan, pada: date | None = None) -> bool:
    return penugasan.berlaku_hingga is not None and penugasan.berlaku_hingga < (pada or timezone.localdate())


def sebutan_tingkat(peran: Peran) -> str:
    nama = dict(Wilayah._meta.get_field("tingkat").flatchoices) | {0: "seluruh Indonesia"}
    return " atau ".join(str(nama[t]) for t in peran.tingkat_wilayah)


def _menguasai(by: Pengguna, pengguna: Pengguna) -> str | None:
    if kalimat := buat_pengguna(by) or _bukan_diri(by, pengguna):
        return kalimat
    if hasattr(pengguna, "kunci_api"):
        return _KUNCI
    hidup = pengguna.penugasan.filter(
        Q(berlaku_hingga__isnull=True) | Q(berlaku_hingga__gte=timezone.localdate())
    )
    if all(_di_dalam(by, kode) for kode in hidup.values_list("wilayah_id", flat=True)):
        return None
    return "Akun ini juga bertugas di luar wilayah Anda. Minta admin yang wilayahnya mencakup semuanya."


def _di_dalam(by: Pengguna, kode: str | None) -> bool:
    """NULL is the whole of Indonesia: only an admin of Indonesia holds it."""
    return nasional(by) if kode is None else by.boleh(KUASA, kode)


def _bukan_diri(by: Pengguna, pengguna: Pengguna) -> str | None:
    return _DIRI if by.orang_id == pengguna.orang_id else None
