"""What an act of the trail says, in words. The trail keeps codes for ever; whoever reads it reads these."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps

from accounts.models import Pengguna, Peran
from bansos.models import Program
from bansos.workflow import BATCH, KEBERATAN
from bansos.workflow_layanan import LAYANAN
from core.models import Jejak
from core.templatetags.ui import kata, waktu
from dtks.models import AlasanLangkah, Individu
from dtks.workflow import MUSYAWARAH, USULAN
from portal.workflow import HAK
from wilayah.models import Wilayah

_ALUR = (
    HAK,
    *LAYANAN,
    KEBERATAN,
    BATCH,
    MUSYAWARAH,
    USULAN,
)  # the last one wins where two lines use one name
_LANGKAH = {langkah.nama: langkah.label for alur in _ALUR for langkah in alur.langkah}
_KEADAAN = {keadaan.kode: keadaan.label for alur in _ALUR for keadaan in alur.keadaan}
_PADAN = dict(Individu.Padan.choices)
_NAMA = {"ke": "menjadi", "sha256": "sidik berkas", "kolom": "isian yang diubah", "aksi": "kegiatan"}
_SAAT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def langkah(kode: str) -> str:
    """'kembalikan' -> 'Kembalikan'; an act that is no step of a line is its own name in words."""
    return _LANGKAH.get(kode) or kata(kode)


def jenis(kode: str) -> str:
    """'dtks.Usulan' -> 'Usulan': the model's own name; anything else in words."""
    try:
        nama = str(apps.get_model(kode)._meta.verbose_name)
    except (LookupError, ValueError):
        nama = kata(kode.rpartition(".")[2])
    return nama[:1].upper() + nama[1:]


@dataclass(frozen=True)
class Kata:
    """The codes of some acts with the words that are kept as rows; five queries, whatever the number of acts."""

    peran: dict[str, str]
    wilayah: dict[str, str]
    program: dict[str, str]
    alasan: dict[str, str]
    orang: dict[str, str]

    def rincian(self, satu: Jejak) -> list[tuple[str, str]]:
        return [
            (_NAMA.get(k, str(k).replace("_", " ")), self._nilai(k, v))
            for k, v in sorted(satu.rincian.items())
        ]

    def _nilai(self, kunci: str, nilai: Any) -> str:
        if isinstance(nilai, bool):
            return "ya" if nilai else "tidak"
        if isinstance(nilai, list):
            return ", ".join(self._nilai(kunci, v) for v in nilai) or "–"
        if isinstance(nilai, dict):
            return ", ".join(f"{k}: {self._nilai(k, v)}" for k, v in nilai.items()) or "–"
        teks = "–" if nilai in (None, "") else str(nilai)
        if cara := _CARA.get(kunci):
            return cara(teks)
        simpan = getattr(self, _SIMPAN.get(kunci, ""), {})
        return simpan.get(teks, teks) if simpan else _saat(teks)


def _saat(teks: str) -> str:
    try:
        return waktu(datetime.fromisoformat(teks)) if _SAAT.match(teks) else teks
    except ValueError:
        return teks


def _keadaan(teks: str) -> str:
    return _KEADAAN.get(teks) or _PADAN.get(teks) or teks


_CARA = {
    "langkah": langkah, "ke": _keadaan, "dari": _keadaan, "sebelum": _keadaan, "status": _keadaan, "tujuan": _keadaan,
    "kategori": _keadaan, "kolom": lambda teks: teks.replace("_", " "),
}  # fmt: skip
_SIMPAN = {
    "alasan": "alasan", "alasan_hasil": "alasan", "program": "program", "peran": "peran", "wilayah": "wilayah",
    "kabupaten": "wilayah", "petugas": "orang",
}  # fmt: skip


def baca(baris: Iterable[Jejak]) -> Kata:
    rows = list(baris)
    kode = {j.wilayah for j in rows} | {
        str(j.rincian.get(k, "")) for j in rows for k in ("wilayah", "kabupaten")
    }
    petugas = [p for j in rows if _uuid(p := str(j.rincian.get("petugas", "")))]
    return Kata(
        peran=dict(Peran.objects.order_by("kode").values_list("kode", "nama")),
        wilayah={w.kode: w.sebutan for w in Wilayah.objects.filter(kode__in=kode).order_by("kode")},
        program=dict(Program.objects.order_by("kode").values_list("kode", "nama")),
        alasan=dict(AlasanLangkah.objects.order_by("kode").values_list("kode", "kalimat")),
        orang={
            str(pk): nama
            for pk, nama in Pengguna.objects.filter(pk__in=petugas).order_by("pk").values_list("pk", "nama")
        },
    )


def _uuid(teks: str) -> bool:
    try:
        return str(UUID(teks)) == teks
    except ValueError:
        return False
