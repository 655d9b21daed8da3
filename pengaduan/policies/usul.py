"""Who may answer an usul warga. One function per step, named as the step; the answer is None or a sentence."""

from collections.abc import Callable

from accounts.models import Pengguna
from dtks.policies import usulan as usulan_policies
from pengaduan.models import RiwayatUsul, Usul
from pengaduan.workflow import USUL
from wilayah.kode import kabupaten_dari

Policy = Callable[[Pengguna | None, Usul], str | None]


def proses(by: Pengguna | None, usul: Usul) -> str | None:
    if by is None or not by.boleh("usul.proses", usul.wilayah_id):
        return "Usul warga dijawab operator desanya, atau supervisor Dinas Sosial."
    return None


def _terbuka(nama: str, by: Pengguna | None, usul: Usul) -> str | None:
    if USUL.find(nama, usul.status) is None:
        return f"Langkah ini tidak terbuka: usul ini sekarang “{usul.get_status_display()}”."
    return proses(by, usul)


def ambil(by: Pengguna | None, usul: Usul) -> str | None:
    """To make a proposal of it is the village's work."""
    if kalimat := _terbuka("ambil", by, usul):
        return kalimat
    assert by is not None  # proses() saw to it
    if usulan_policies.buat(by, usul.wilayah_id):
        return "Usulan dibuat operator desa. Anda bisa mengalihkan, menghubungkan, atau menjawab usul ini."
    return None


def tautkan(by: Pengguna | None, usul: Usul) -> str | None:
    return _terbuka("tautkan", by, usul)


def tolak(by: Pengguna | None, usul: Usul) -> str | None:
    return _terbuka("tolak", by, usul)


def alihkan(by: Pengguna | None, usul: Usul) -> str | None:
    """A village passes it on once; after that only the Dinas, so that no citizen is sent round in circles."""
    if kalimat := _terbuka("alihkan", by, usul):
        return kalimat
    assert by is not None
    pernah = RiwayatUsul.objects.filter(usul=usul, langkah="alihkan").exists()
    if pernah and not by.boleh("usul.proses", kabupaten_dari(usul.wilayah_id)):
        return "Usul ini sudah pernah dialihkan. Bila salah lagi, mintalah supervisor Dinas Sosial mengalihkannya."
    return None


def lepas(by: Pengguna | None, usul: Usul) -> str | None:
    if kalimat := _terbuka("lepas", by, usul):
        return kalimat
    assert by is not None
    if not by.boleh("usulan.tarik", usul.wilayah_id):
        return "Usulan ditarik operator desanya."
    return None


def tetap(by: Pengguna | None, usul: Usul) -> str | None:
    return _terbuka("tetap", by, usul)


def warga(by: Pengguna | None, usul: Usul) -> str | None:
    """Steps of the citizen himself: that he holds ticket and PIN was proved before."""
    return None if by is None else "Langkah ini diambil pengusul sendiri di halaman Lacak."


def mundur(by: Pengguna | None, usul: Usul) -> str | None:
    if kalimat := warga(by, usul):
        return kalimat
    if usul.untuk == Usul.Untuk.TETANGGA:
        return "Usulan ini sekarang milik keluarga itu. Hanya keluarganya yang bisa minta mundur, lewat kantor desa."
    return None


BY_STEP: dict[str, Policy] = {
    "ambil": ambil, "tautkan": tautkan, "alihkan": alihkan, "tolak": tolak, "lepas": lepas, "tetap": tetap, "tarik": warga, "mundur": mundur,
}  # fmt: skip


def catat(by: Pengguna, wilayah: str) -> str | None:
    """At the counter, for the citizen in front of the officer."""
    if by.boleh("usul.catat", wilayah):
        return None
    return "Usul warga dicatat di loket desa itu, atau di loket Dinas Sosial."
