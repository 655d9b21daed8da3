"""An issued document by the code on its paper, in the words of the public page. No person's data."""

import re
from dataclasses import dataclass

from core import documents
from core.models import Dokumen

_JENIS = {
    "PENGESAHAN": "Surat pengesahan usulan",
    "KEPMENSOS": "Keputusan Menteri Sosial",
    "SK_BUPATI": "Keputusan Bupati/Wali Kota",
    "BERITA_ACARA": "Berita acara musyawarah",
    "DAFTAR_HADIR": "Daftar hadir musyawarah",
    "SPTJM": "Surat pernyataan tanggung jawab mutlak",
}
_BUKAN_KODE = re.compile(r"[^A-Z0-9]")


@dataclass(frozen=True)
class Cek:
    """What anyone may know of a paper. `tanda_sah` False means that the stored facts were altered: trust nothing."""

    dokumen: Dokumen
    jenis: str
    ringkas: list[tuple[str, object]]
    sha256: str
    tanda_sah: bool


def bakukan_kode(raw: str) -> str:
    """'abcd efgh-jklm' -> 'ABCDEFGHJKLM'; anything goes in, at most 16 characters come out."""
    return _BUKAN_KODE.sub("", raw.upper())[:16]


def cari_dokumen(kode: str) -> Cek | None:
    doc = Dokumen.objects.select_related("pengganti").filter(kode=bakukan_kode(kode)).first()
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
    )
