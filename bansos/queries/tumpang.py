"""Families that receive more than one programme by decrees in force: APBN and APBD side by side, and pairs that a rule forbids."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from bansos.models import AturanProgram
from core import rules
from wilayah.kode import rentang, ringkas

JENIS = {
    "": "Semua yang lebih dari satu",
    "sumber": "APBN dan APBD sekaligus",
    "larangan": "Yang menurut aturan tidak boleh bersama",
}


@dataclass(frozen=True)
class Tumpang:
    """`program`: [(code, name, source, decree number)], by code. `dilarang`: pairs of codes that a rule forbids."""

    keluarga: UUID
    nama_kepala: str
    wilayah: str
    tempat: str
    program: list[tuple[str, str, str, str]]
    dilarang: list[tuple[str, str]]


# The newest decision in force of a family and programme tells; a removal ends the aid (bansos.queries.bantuan.terbaru).
_SQL = """
with terima as (
  select distinct on (u.keluarga_id, p.program_id) u.keluarga_id, p.program_id, p.nomor, u.jalur
  from bansos_barispenetapan b join bansos_penetapan p on p.id = b.penetapan_id and p.status = 'berlaku'
  join dtks_usulan u on u.id = b.usulan_id
  where b.hasil = 'ditetapkan' and ({luas})
  order by u.keluarga_id, p.program_id, p.created_at desc, b.id desc),
kumpul as (
  select t.keluarga_id, array_agg(t.program_id order by t.program_id) as kode, array_agg(g.nama order by t.program_id) as nama,
         array_agg(g.sumber order by t.program_id) as sumber, array_agg(t.nomor order by t.program_id) as nomor
  from terima t join bansos_program g on g.kode = t.program_id where t.jalur <> 'PENGHAPUSAN'
  group by 1 having count(*) > 1)
select k.id, k.nama_kepala, k.wilayah_id, w.jalur, c.kode, c.nama, c.sumber, c.nomor
from kumpul c join dtks_keluarga k on k.id = c.keluarga_id join wilayah_wilayah w on w.kode = k.wilayah_id
where k.status <> 'nonaktif' and ({tempat}) and (%(dari)s::uuid is null or k.id > %(dari)s::uuid)
  and (%(jenis)s <> 'sumber' or ('APBN' = any(c.sumber) and 'APBD' = any(c.sumber)))
  and (%(jenis)s <> 'larangan' or exists (
    select 1 from unnest(%(satu)s::text[], %(dua)s::text[]) as l(a, b) where l.a = any(c.kode) and l.b = any(c.kode)))
order by k.id limit %(n)s
"""


def larangan(wilayah: str) -> set[tuple[str, str]]:
    """Pairs (smaller code first) that the rules of the programmes, or 'bantuan.tidak_bersama', forbid there."""
    pasang: set[tuple[str, str]] = set()
    umum = rules.value("bantuan.tidak_bersama", wilayah)
    for satu, lain in umum.items():
        pasang |= {_urut(satu, p) for p in lain if p != satu}
    for aturan in AturanProgram.objects.filter(
        status=AturanProgram.Status.BERLAKU, berlaku_hingga__isnull=True
    ):
        if aturan.wilayah_id is None or wilayah.startswith(aturan.wilayah_id):
            pasang |= {_urut(aturan.program_id, p) for p in aturan.isi.get("tidak_bersama", [])}
    return pasang


def _urut(a: str, b: str) -> tuple[str, str]:
    return (a, b) if a < b else (b, a)


def daftar(luas: Iterable[str], *, jenis: str = "", dari: UUID | None = None, n: int = 51) -> list[Tumpang]:
    """Families of these areas behind the key `dari`, at most `n`."""
    kode = ringkas(luas)
    if not kode:
        return []
    nilai: dict[str, Any] = {"dari": dari, "jenis": jenis, "n": n}
    kalimat = []
    for i, satu in enumerate(kode):
        nilai[f"d{i}"], nilai[f"s{i}"] = rentang(satu)
        kalimat.append(f"{{kolom}} >= %(d{i})s and {{kolom}} < %(s{i})s")
    batas = " or ".join(kalimat)
    dilarang = larangan(kode[0][:5])
    nilai["satu"], nilai["dua"] = [a for a, _ in dilarang], [b for _, b in dilarang]
    with connection.cursor() as cursor:
        query = _SQL.format(
            luas=batas.format(kolom="u.wilayah_id"), tempat=batas.format(kolom="k.wilayah_id")
        )
        cursor.execute(query, nilai)
        return [_satu(r, dilarang) for r in cursor.fetchall()]


def _satu(r: tuple[Any, ...], dilarang: set[tuple[str, str]]) -> Tumpang:
    pk, nama, wilayah, tempat, kode, *lain = r
    kena = [(a, b) for a, b in sorted(dilarang) if a in kode and b in kode]
    return Tumpang(pk, nama, wilayah, tempat, list(zip(kode, *lain, strict=True)), kena)
