"""How many rows of lists a person may take out in a day, by role (rule 'ekspor.baris_sehari'), and booking them."""

from collections.abc import Sequence

from django.utils import timezone

from accounts.models import PemakaianUnduh, Pengguna
from core import rules
from wilayah.kode import kabupaten_dari, ringkas

KUNCI, BAWAAN = "ekspor.baris_sehari", "bawaan"


def batas(by: Pengguna, kuasa: Sequence[str], *, nomor: bool) -> int:
    """The largest allowance among the roles that give one of these powers."""
    aturan = rules.value(KUNCI, wilayah_dari(by, kuasa))
    peran = {p.peran_id for p in by.penugasan_aktif if set(kuasa) & set(p.peran.kuasa)}
    jenis = "nomor" if nomor else "samar"
    return max((aturan.get(satu, aturan[BAWAAN])[jenis] for satu in peran), default=0)


def pakai(by: Pengguna, kuasa: Sequence[str], *, nomor: bool, baris: int) -> bool:
    """Book rows that are about to leave; False when the allowance of today does not hold them."""
    maks = batas(by, kuasa, nomor=nomor)
    return PemakaianUnduh.pakai(by.orang, timezone.localdate(), nomor=nomor, baris=baris, maks=maks)


def wilayah_dari(by: Pengguna, kuasa: Sequence[str]) -> str:
    """The one area in which the person may see the list, else its kabupaten, else '' (the whole country)."""
    luas = ringkas(kode for satu in kuasa for kode in by.cakupan(satu))
    kabupaten = {kabupaten_dari(kode) for kode in luas}
    if len(luas) == 1:
        return luas[0]
    return kabupaten.pop() if len(kabupaten) == 1 else ""
