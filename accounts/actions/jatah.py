"""How many rows of lists a person may take out in a day, by role (rule 'ekspor.baris_sehari'), and booking them."""

from collections.abc import Sequence

from django.utils import timezone

from accounts.models import PemakaianUnduh, Pengguna
from core import rules
from wilayah.kode import kabupaten_dari, ringkas

KUNCI, BAWAAN = "ekspor.baris_sehari", "bawaan"
SAMAR, NOMOR = "samar", "nomor"  # files with masked NIK, with full NIK
API = "api"  # in the own session; where a role names no number for it, as for files with masked NIK


def batas(by: Pengguna, kuasa: Sequence[str], jenis: str) -> int:
    """The largest allowance among the roles that give one of these powers. `jenis`: SAMAR, NOMOR or API."""
    aturan = rules.value(KUNCI, wilayah_dari(by, kuasa))
    peran = {p.peran_id for p in by.penugasan_aktif if set(kuasa) & set(p.peran.kuasa)}
    nilai = [aturan.get(satu, aturan[BAWAAN]) for satu in peran]
    return max((satu.get(jenis, satu[SAMAR]) for satu in nilai), default=0)


def pakai(by: Pengguna, kuasa: Sequence[str], jenis: str, baris: int) -> bool:
    """Book rows that are about to leave; False when the allowance of today does not hold them. API and SAMAR are one account."""
    maks = batas(by, kuasa, jenis)
    return PemakaianUnduh.pakai(by.orang, timezone.localdate(), nomor=jenis == NOMOR, baris=baris, maks=maks)


def wilayah_dari(by: Pengguna, kuasa: Sequence[str]) -> str:
    """The one area in which the person may see the list, else its kabupaten, else '' (the whole country)."""
    luas = ringkas(kode for satu in kuasa for kode in by.cakupan(satu))
    kabupaten = {kabupaten_dari(kode) for kode in luas}
    if len(luas) == 1:
        return luas[0]
    return kabupaten.pop() if len(kabupaten) == 1 else ""
