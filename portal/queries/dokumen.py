"""An issued document by the code on its paper, in the words of the public page. No person's data."""

import re
from dataclasses import dataclass

from django.db.models import Q

from core import documents
from core.models import Dokumen
from dtks.models import Musyawarah

_JENIS = {
    "PENGESAHAN": "Surat pengesahan usulan",
    "KEPMENSOS": "Keputusan Menteri Sosial",
    "SK_BUPATI": "Keputusan Bupati/Wali Kota",
    "BERITA_ACARA": "Berita acara musyawarah",
    "BA_PERBAIKAN": "Berita acara perbaikan",
    "BNBA": "Daftar usulan menurut nama dan alamat",
    "UNDANGAN": "Undangan musyawarah",
    "DAFTAR_HADIR": "Daftar hadir musyawarah",
    "SPTJM": "Surat pernyataan tanggung jawab mutlak",
    "KEBERATAN": "Jawaban atas keberatan",
    "REKOMENDASI_PBI": "Surat rekomendasi reaktivasi PBI",
    "KETERANGAN_DTSEN": "Surat keterangan DTSEN",
    "REKOMENDASI": "Surat rekomendasi",
    "BAST_DATA": "Berita acara serah terima data",
    "RUJUKAN": "Surat rujukan",
    "BAST": "Berita acara serah terima barang",
}
_BISA_DIPERBAIKI = ("BERITA_ACARA", "BNBA")
_BUKAN_KODE = re.compile(r"[^A-Z0-9]")


@dataclass(frozen=True)
class Cek:
    """What anyone may know of a paper. `tanda_sah` False means that the stored facts were altered: trust nothing."""

    dokumen: Dokumen
    jenis: str
    ringkas: list[tuple[str, object]]
    sha256: str
    tanda_sah: bool
    jenis_tanda: str  # what kind of electronic signature it is, in words
    menggantikan: list[Dokumen]
    perbaikan: list[Dokumen]  # corrected minutes in force about what this paper says, oldest first


def bakukan_kode(raw: str) -> str:
    """'abcd efgh-jklm' -> 'ABCDEFGHJKLM'; anything goes in, at most 16 characters come out."""
    return _BUKAN_KODE.sub("", raw.upper())[:16]


def cari_dokumen(kode: str) -> Cek | None:
    doc = Dokumen.objects.select_related("pengganti", "templat").filter(kode=bakukan_kode(kode)).first()
    if doc is None:
        return None
    return Cek(
        dokumen=doc,
        jenis=_JENIS.get(doc.jenis.upper(), doc.jenis.replace("_", " ").capitalize()),
        ringkas=[
            (k.replace("_", " ").capitalize(), v) for k, v in doc.ringkas.items() if isinstance(v, str | int)
        ],
        sha256=bytes(doc.sha256).hex(),
        tanda_sah=documents.signature_valid(doc),
        jenis_tanda=documents.signer_of(doc).kata,
        menggantikan=list(doc.menggantikan.order_by("created_at", "pk")),
        perbaikan=_perbaikan(doc),
    )


def _perbaikan(doc: Dokumen) -> list[Dokumen]:
    """Approved corrections of the minutes (or the list of names) that this paper is; codes and numbers, no names."""
    if doc.jenis not in _BISA_DIPERBAIKI:
        return []
    rows = Musyawarah.objects.filter(
        Q(perbaikan_dari__berita_acara=doc) | Q(perbaikan_dari__bnba=doc), status="disetujui"
    )
    rapat = (
        rows.filter(berita_acara__isnull=False).select_related("berita_acara").order_by("created_at", "pk")
    )
    return [m.berita_acara for m in rapat if m.berita_acara]
