"""INDEX_KEY is changed: what must rest meanwhile, the change itself, and what has to stay of the old key (docs/adr/0039)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from core import audit
from core.models import KunciIndeks
from core.privacy import keys, rotate
from dtks.actions import padan
from dtks.models import Impor, Silang

_MENUNGGU = (Impor.Status.DIUNGGAH, Impor.Status.SIAP, Impor.Status.MENERAPKAN, Impor.Status.MEMBATALKAN)


@dataclass(frozen=True)
class Hasil:
    """`sisa`: copies that nothing can be made new from, by column. `baris`: INDEX_KEY as it must be written from now on, '' unless done."""

    diganti: int
    selesai: bool
    sisa: dict[str, int]
    baris: str


def halangan() -> str:
    """Why it cannot begin, in one sentence; '' when it can."""
    if len(keys.index_ring(settings.INDEX_KEY).keys) != 2:
        return "INDEX_KEY harus berisi dua kunci: yang baru, koma, lalu yang lama."
    if n := Impor.objects.filter(status__in=_MENUNGGU).count():
        return f"{n} berkas impor belum selesai. Simpan atau batalkan dulu."
    if n := Silang.objects.filter(status=Silang.Status.JALAN).count():
        return f"{n} cek silang masih berjalan. Tunggu sampai selesai."
    return ""


def putar(
    *,
    laju: Callable[[str, int], None] = lambda kolom, n: None,
    sampai: int | None = None,
    potong: int = rotate.BATCH,
) -> Hasil:
    """Change every index, or go on where it stopped. `sampai`: stop after so many batches of `potong` rows. `halangan` must be ''."""
    satu = _mulai()
    if satu.selesai_at is None:
        rotate.run(satu, follow=partial(_ikut, satu), progress=laju, stop_after=sampai, batch=potong)
        if sampai is None:
            _selesai(satu)
    satu.refresh_from_db()
    selesai = satu.selesai_at is not None
    return Hasil(satu.jumlah, selesai, rotate.orphans(), _baris() if selesai else "")


def _ikut(satu: KunciIndeks, pasangan: rotate.Pairs) -> None:
    """In the transaction of each batch: what was made of the indexes, and the act that its fingerprints belong to."""
    padan.putar_sidik(pasangan)
    audit.catat(aksi="putar_indeks", objek=satu, by=None, rincian={"jumlah": len(pasangan)})


@transaction.atomic
def _mulai() -> KunciIndeks:
    satu, baru = KunciIndeks.objects.get_or_create(tanda=rotate.mark())
    if baru:
        audit.catat(aksi="mulai_putar_indeks", objek=satu, by=None)
    return satu


@transaction.atomic
def _selesai(satu: KunciIndeks) -> None:
    satu.selesai_at = timezone.now()
    satu.save(update_fields=["selesai_at"])
    audit.catat(aksi="selesai_putar_indeks", objek=satu, by=None, rincian={"jumlah": satu.jumlah})


def _baris() -> str:
    baru = settings.INDEX_KEY.split(",")[0].strip()
    return f"{baru},{keys.derived_keys(settings.INDEX_KEY)}"
