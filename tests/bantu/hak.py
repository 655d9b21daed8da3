"""Requests about one's own data, as the counter of the tests writes them down."""

from core import limits
from dtks.models import Keluarga
from portal.actions import hak, retensi
from portal.models import PermohonanHak, TahanHukum
from tests.bantu.alur import orang, sampai
from tests.bantu.layanan import nik


def keluarga(n: int, status: str = "draf") -> Keluarga:
    return sampai(status, nomor=n, pengusul="operator").usulan.keluarga


def minta(n: int, jenis: str, *, daftar: str | None = "draf", by: str = "operator", **isi) -> PermohonanHak:
    """A request about the head of the n-th family; `daftar`: bring the family into the portal first, to this state."""
    if daftar:
        keluarga(n, daftar)
    limits.clear(f"cari_nik:{orang(by).pk}")
    isi = {"pemohon": "Ibu Aminah", "hubungan": "DIRI", "bukti": "KTP"} | isi
    return hak.ajukan(hak.Isi(nik=nik(n), jenis=jenis, **isi), by=orang(by))


def salinan(n: int, **isi) -> PermohonanHak:
    """A copy that the portal has made."""
    return hak.jawab(minta(n, "AKSES", **isi).pk)


def tahan(n: int, dasar: str = "Perkara 12/2026", *, baru: bool = True) -> TahanHukum:
    if baru:
        keluarga(n)
    return retensi.tahan(by=orang("pdp"), nik=nik(n), dasar=dasar, alasan="Diminta kejaksaan.")


def hapus(n: int, lingkup: str = "semua", **isi) -> PermohonanHak:
    """Decided by two persons; the job has not run."""
    satu = minta(n, "HAPUS", lingkup=lingkup, **isi)
    satu = hak.langkahkan(satu, "setujui", by=orang("pdp"))
    return hak.langkahkan(satu, "putuskan", by=orang("kadis"))
