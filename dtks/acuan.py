"""Code lists, PPKS categories, reasons, rules and arrows of the portal (domain.md §1, §2.5, §2.7)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core import reference
from core.models import Ketentuan, Panah
from core.workflow import Alur
from dtks.models import AlasanLangkah, KategoriPPKS, KodeAcuan
from dtks.workflow import MUSYAWARAH, USULAN

DATA = Path(__file__).resolve().parent / "data"


def muat() -> list[reference.Loaded]:
    return [
        reference.load(KodeAcuan, baris_kode(), key=["daftar", "versi", "kode"]),
        reference.load(KategoriPPKS, reference.read(DATA / "kategori_ppks.json"), key=["kode"]),
        reference.load(AlasanLangkah, reference.read(DATA / "alasan_langkah.json"), key=["kode"]),
        reference.load(Ketentuan, baris_ketentuan(), key=["kunci", "wilayah", "berlaku_sejak"]),
        muat_panah(USULAN, MUSYAWARAH),
    ]


def baris_kode() -> Iterator[dict[str, Any]]:
    """The file groups answers by list; the table has one row for each answer."""
    for daftar in reference.read(DATA / "kode_acuan.json"):
        kepala = {"daftar": daftar["daftar"], "versi": daftar["versi"], "sumber": daftar["sumber"]}
        for urut, (kode, label) in enumerate(daftar["isi"], 1):
            yield {**kepala, "kode": kode, "label": label, "urut": urut}


def baris_ketentuan() -> Iterator[dict[str, Any]]:
    """National defaults: `wilayah` is empty. A Dinas changes one by a row of its area or of a later day."""
    for baris in reference.read(DATA / "ketentuan.json"):
        yield {"wilayah": "", **baris}


def muat_panah(*alur: Alur) -> reference.Loaded:
    """Make the trigger's arrows of these workflows equal to those in code: new ones in, others out."""
    rows = Panah.objects.select_for_update().filter(alur__in=[a.nama for a in alur])
    kini = {(p.alur, p.langkah, p.dari, p.ke): p.pk for p in rows}
    mau = {(a.nama, *arrow) for a in alur for arrow in a.arrows()}
    baru, lebih = sorted(mau - kini.keys()), sorted(kini.keys() - mau)
    Panah.objects.filter(pk__in=[kini[k] for k in lebih]).delete()
    Panah.objects.bulk_create(Panah(alur=a, langkah=b, dari=c, ke=d) for a, b, c, d in baru)
    return reference.Loaded("panah alur", len(baru), 0, len(mau) - len(baru), len(lebih))
