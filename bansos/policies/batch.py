"""May this person take this step of a batch? Three desks are three people, and none judges a case twice. None or a sentence."""

from collections.abc import Callable

from django.db.models import Q

from accounts.models import Pengguna
from bansos.models import TIGA_MEJA, BatchPengesahan
from bansos.workflow import BATCH

Policy = Callable[[Pengguna, BatchPengesahan], str | None]
_KATA = {
    "penyusun_orang": "menyusun",
    "pemeriksa_orang": "memeriksa",
    "pengesah_orang": "mengesahkan",
}


def _kuasa(nama: str, by: Pengguna, batch: BatchPengesahan) -> str | None:
    arrow = BATCH.find(nama, batch.status)
    if arrow is None:
        return f"Langkah ini tidak terbuka: batch sekarang “{batch.get_status_display()}”."
    if not by.boleh(arrow.kuasa, batch.wilayah_id):
        pemegang = BATCH.state(batch.status).pemegang or "petugas lain"
        return f"Langkah “{arrow.label}” bukan wewenang Anda di wilayah ini. Batch sekarang di tangan {pemegang}."
    return None


def _meja_lain(by: Pengguna, batch: BatchPengesahan, sendiri: str) -> str | None:
    """By person, not by account: an acting head or one who was promoted stays who he is."""
    for kolom in TIGA_MEJA:
        if kolom != sendiri and getattr(batch, f"{kolom}_id") == by.orang_id:
            return f"Anda sudah {_KATA[kolom]} batch ini. Meja ini harus orang lain."
    return None


def serahkan(by: Pengguna, batch: BatchPengesahan) -> str | None:
    # A list that was sent back may be put together again by whoever checked nothing in it.
    return _kuasa("serahkan", by, batch) or _meja_lain(by, batch, "penyusun_orang")


def teruskan(by: Pengguna, batch: BatchPengesahan) -> str | None:
    if kalimat := _kuasa("teruskan", by, batch) or _meja_lain(by, batch, "pemeriksa_orang"):
        return kalimat
    n = tersangkut(by, batch)
    if n:
        return f"Anda sudah menangani {n} usulan di batch ini. Keluarkan dulu, atau minta supervisor lain."
    return None


def tersangkut(by: Pengguna, batch: BatchPengesahan) -> int:
    """Cases of the batch that this person proposed, assessed or verified."""
    orang = by.orang_id
    return batch.baris.filter(
        Q(usulan__pengusul_orang=orang) | Q(usulan__asesor_orang=orang) | Q(usulan__verifikator_orang=orang),
        aktif=True,
    ).count()


def sahkan(by: Pengguna, batch: BatchPengesahan) -> str | None:
    return _kuasa("sahkan", by, batch) or _meja_lain(by, batch, "pengesah_orang")


def kembalikan(by: Pengguna, batch: BatchPengesahan) -> str | None:
    return _kuasa("kembalikan", by, batch)


def bubarkan(by: Pengguna, batch: BatchPengesahan) -> str | None:
    return _kuasa("bubarkan", by, batch)


def keluarkan(by: Pengguna, batch: BatchPengesahan) -> str | None:
    """The desk that has it: the verifier while it is put together, the supervisor while it is checked."""
    kuasa = {"disusun": "batch.susun", "diserahkan": "batch.periksa"}.get(batch.status)
    if kuasa and by.boleh(kuasa, batch.wilayah_id):
        return None
    return "Usulan hanya dikeluarkan verifikator waktu batch disusun, atau supervisor waktu batch diperiksa."


BY_STEP: dict[str, Policy] = {
    "serahkan": serahkan,
    "teruskan": teruskan,
    "sahkan": sahkan,
    "kembalikan": kembalikan,
    "bubarkan": bubarkan,
}
