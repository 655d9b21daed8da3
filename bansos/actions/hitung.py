"""Compute the eligibility list of a programme, quarter and kabupaten: set-based, reproducible, stored once (ADR 0025)."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from accounts.models import Pengguna
from bansos.models import AturanProgram, DaftarKelayakan, Program
from bansos.policies.daftar import HITUNG
from bansos.queries import aturan_program, daftar, isi_aturan, kuota, sql_aturan
from bansos.queries import sebab as kata
from core import audit, rules
from core.workflow import GateClosed, Halangan
from wilayah.kode import rentang

TABEL = ("bahan", "orang", "kecuali", "calon", "sebab", "baris", "alasan")
# A list is one burst of large sorts and hashes: compiling its queries costs more than it saves, a second process less than PostgreSQL fears.
SETELAN = "set local jit = off; set local work_mem = '64MB'; set local parallel_tuple_cost = 0.001; set local parallel_setup_cost = 100"


@dataclass(frozen=True)
class Hasil:
    """`jumlah`: {"layak", "daftar_tunggu", "tidak_layak", "manfaat" rupiah a year of the layak}. `daftar` None in a dry run.

    While the transaction lasts its rows stand in the temporary table `hitung_baris` (columns of bansos_barisdaftar without the
    ids, and `urut`) and the reasons in `hitung_alasan` (nomor, isi, komponen). Of several lists only the last one's.
    """

    id: UUID
    program: str
    periode: str
    aturan: AturanProgram
    kuota: int | None
    snapshot: str
    sidik: bytes
    jumlah: dict[str, int]
    daftar: DaftarKelayakan | None = None
    baru: bool = field(default=False)


class TidakSama(RuntimeError):
    """SQL and sentences disagree about a combination of values: the list is refused."""


def hitung(
    *,
    program: str,
    periode: str,
    wilayah: str,
    by: Pengguna | None,
    aturan: AturanProgram | None = None,
    simpan: bool = True,
) -> Hasil:
    """One list. `aturan` other than the one in force only without `simpan` (a dry run). Raises GateClosed."""
    if aturan is not None and simpan:
        raise ValueError("a list is stored by the rule in force only")
    pakai = {program: aturan} if aturan is not None else None
    return hitung_semua(
        program=[program], periode=periode, wilayah=wilayah, by=by, aturan=pakai, simpan=simpan
    )[0]


@transaction.atomic
def hitung_semua(
    *,
    program: Iterable[str],
    periode: str,
    wilayah: str,
    by: Pengguna | None,
    aturan: dict[str, AturanProgram] | None = None,
    simpan: bool = True,
) -> list[Hasil]:
    """Lists of several programmes over one reading of the register; after it, the rows of the last one are in `hitung_baris`."""
    acuan = aturan_program.awal(periode)
    pilih = aturan or {}
    pakai = {p: pilih.get(p) or _aturan(p, wilayah, acuan) for p in dict.fromkeys(program)}
    dari, sampai = rentang(wilayah)
    nilai = {
        "acuan": acuan, "dari": dari, "sampai": sampai, "batas": int(periode[:4]) * 10 + int(periode[5]), "periode": periode,
        "induk": rules.areas_of(wilayah)[1:],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(SETELAN)
        for p in sorted(pakai):
            cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"daftar:{p}:{wilayah}:{periode}"])
        _bahan(cursor, [a.isi for a in pakai.values()], nilai)
        kamus = kata.kamus()
        return [
            _satu(cursor, a, nilai | {"program": p}, wilayah=wilayah, by=by, kamus=kamus, simpan=simpan)
            for p, a in pakai.items()
        ]


def _aturan(program: str, wilayah: str, acuan: Any) -> AturanProgram:
    try:
        return aturan_program.berlaku(program, wilayah, acuan)
    except aturan_program.TanpaAturan as error:
        raise GateClosed(
            [
                Halangan(
                    "TANPA_ATURAN", str(error), "Susun aturannya di halaman program, lalu minta disetujui."
                )
            ]
        ) from error


def _bahan(cursor: Any, isi: list[dict[str, Any]], nilai: dict[str, Any]) -> None:
    """What is read of the register, once for all rules."""
    for satu in isi:
        if salah := isi_aturan.periksa(satu):
            raise GateClosed([Halangan("ATURAN_SALAH", salah[0], "Perbaiki aturannya dengan versi baru.")])
    cursor.execute("drop table if exists " + ", ".join(f"hitung_{t}" for t in TABEL))
    ukuran = set().union(*(sql_aturan.ukuran_aturan(s) for s in isi))
    cursor.execute(sql_aturan.bahan(ukuran), nilai)
    if any(s["unit"] == "individu" or s.get("komponen") or s.get("pengecualian") for s in isi):
        cursor.execute(sql_aturan.orang(ukuran), nilai)
    if any(s.get("pengecualian") for s in isi):
        cursor.execute(sql_aturan.KECUALI, nilai)
        cursor.execute("analyze hitung_kecuali")
    cursor.execute("analyze hitung_bahan")


def _satu(
    cursor: Any,
    aturan: AturanProgram,
    nilai: dict[str, Any],
    *,
    wilayah: str,
    by: Pengguna | None,
    kamus: kata.Kamus,
    simpan: bool,
) -> Hasil:
    program, periode = nilai["program"], nilai["periode"]
    batas = kuota.berlaku(program, wilayah, periode)
    tempat = batas.jumlah if batas else None
    bagian = kuota.pembagian(batas) if batas else {}
    cursor.execute("drop table if exists hitung_calon, hitung_sebab, hitung_baris, hitung_alasan")
    rencana = sql_aturan.rencana(aturan.isi)
    cursor.execute(rencana.calon, nilai | rencana.nilai)
    _baris(cursor, aturan.isi, tempat, bagian)
    _alasan(cursor, aturan.isi, rencana, tempat, kamus, terbagi=bool(bagian))
    sidik = daftar.sidik_hitungan()
    snapshot = f"{_triwulan(cursor)}/{sidik.hex()[:16]}"
    bagi = [f"{kode}={n}" for kode, n in bagian.items()]
    pk = _id(aturan, [program, wilayah, periode, str(aturan.pk), str(tempat), sidik.hex(), *bagi])
    lama = DaftarKelayakan.objects.select_for_update(of=("self",)).filter(pk=pk).first() if simpan else None
    if lama is not None:
        return _sudah_ada(lama, aturan, by)
    hasil = Hasil(
        id=pk, program=program, periode=periode, aturan=aturan, kuota=tempat, snapshot=snapshot, sidik=sidik,
        jumlah=_jumlah(cursor),
    )  # fmt: skip
    return _simpan(cursor, hasil, wilayah, by) if simpan else hasil


def _triwulan(cursor: Any) -> str:
    """The newest quarter of a decile that was read: '2026-3', '-' where there was none."""
    cursor.execute("select max(pada) from hitung_bahan")
    (pada,) = cursor.fetchone()
    return f"{str(pada)[:4]}-{str(pada)[4:]}" if pada else "-"


def _id(aturan: AturanProgram, masukan: list[str]) -> UUID:
    """The list's id follows from everything that decides what it says."""
    isi = json.dumps(aturan.isi, sort_keys=True, ensure_ascii=False)
    return UUID(bytes=hashlib.sha256("\n".join([*masukan, isi]).encode()).digest()[:16])


def _baris(cursor: Any, isi: dict[str, Any], tempat: int | None, bagian: dict[str, int]) -> None:
    """Rank, outcome, combination of reasons: one sort. Ties by a draw that changes each quarter and that nobody can steer.

    Where the quota is divided (`bagian`: places by area), who is in is counted among the families of the narrowest area that has
    a part; the rank stays the one of the whole kabupaten.

    The number of a combination is twice its place among the keys, and one more for those who wait.
    """
    cursor.execute(
        """create temp table hitung_sebab on commit drop as
          select kunci, lulus, 2 * row_number() over (order by kunci collate "C")::int as nomor
          from (select distinct kunci, lulus from hitung_calon) q"""
    )
    cursor.execute("analyze hitung_sebab")
    urutan = f"{sql_aturan.urutan(isi)}, c.undian"
    giliran, batas, di = "urut", "%(tempat)s::int", ""
    if bagian:
        _wilayah_kuota(cursor, bagian)
        giliran, batas = "giliran", "tempat"
        di = "join hitung_kuota q on q.wilayah_id = c.wilayah_id"
    pilih = (
        f", (row_number() over (partition by q.kode order by {urutan}))::int as giliran, q.tempat"
        if bagian
        else ""
    )
    hasil = f"case when not lulus then 'tidak_layak' when {batas} is null or {giliran} <= {batas} then 'layak' else 'daftar_tunggu' end"
    cursor.execute(
        f"""create temp table hitung_baris on commit drop as
          select urut, keluarga as keluarga_id, individu as individu_id, wilayah_id, nama_kepala, desil, skor,
            case when lulus then urut end as peringkat, {hasil} as hasil, case when lulus then manfaat else 0 end as manfaat,
            nomor + (lulus and {giliran} > {batas} is true)::int as sebab, data_per
          from (select c.keluarga, c.individu, c.wilayah_id, c.nama_kepala, c.desil, c.skor, c.data_per, c.lulus, c.manfaat, s.nomor,
                  (row_number() over (order by {urutan}))::int as urut{pilih}
                from hitung_calon c {di} join hitung_sebab s on s.kunci = c.kunci and s.lulus = c.lulus) q""",  # noqa: S608
        {"tempat": tempat},
    )


def _wilayah_kuota(cursor: Any, bagian: dict[str, int]) -> None:
    """Which part of the quota counts in each area that families live in: the narrowest."""
    cursor.execute("drop table if exists hitung_kuota")
    cursor.execute(
        """create temp table hitung_kuota on commit drop as
          select distinct on (w.wilayah_id) w.wilayah_id, b.kode, b.tempat
          from (select distinct wilayah_id from hitung_calon) w
          join unnest(%s::text[], %s::int[]) as b(kode, tempat) on w.wilayah_id = b.kode or starts_with(w.wilayah_id, b.kode || '.')
          order by w.wilayah_id, length(b.kode) desc""",
        [list(bagian), list(bagian.values())],
    )
    cursor.execute("analyze hitung_kuota")


def _alasan(
    cursor: Any,
    isi: dict[str, Any],
    rencana: sql_aturan.Rencana,
    tempat: int | None,
    kamus: kata.Kamus,
    *,
    terbagi: bool,
) -> None:
    """The sentences of each combination, once. Refuses a list whose SQL and sentences disagree."""
    cursor.execute("select nomor, kunci, lulus from hitung_sebab order by nomor")
    rows = cursor.fetchall()
    penulis = kata.Penulis(isi, kamus)
    cursor.execute("create temp table hitung_alasan (nomor int, isi jsonb, komponen jsonb) on commit drop")
    with cursor.copy("copy hitung_alasan (nomor, isi, komponen) from stdin") as masuk:
        for nomor, kunci, lulus in rows:
            terbaca = kata.baca(kunci, rencana.kolom)
            alasan = penulis.sebab(terbaca)
            if all(s["cocok"] for s in alasan) != lulus:
                raise TidakSama(kunci)
            bayar = json.dumps(kata.dibayar(isi, terbaca.komponen))
            for tambah, hasil in enumerate(("layak", "daftar_tunggu") if lulus else ("tidak_layak",)):
                masuk.write_row(
                    [nomor + tambah, penulis.teks(kata.tempat(hasil, tempat, terbagi=terbagi), alasan), bayar]
                )


def _jumlah(cursor: Any) -> dict[str, int]:
    cursor.execute(
        """select count(*) filter (where hasil = 'layak'), count(*) filter (where hasil = 'daftar_tunggu'),
             count(*) filter (where hasil = 'tidak_layak'), coalesce(sum(manfaat) filter (where hasil = 'layak'), 0)::bigint
           from hitung_baris"""
    )
    return dict(
        zip(
            ("layak", "daftar_tunggu", "tidak_layak", "manfaat"),
            (int(n) for n in cursor.fetchone()),
            strict=True,
        )
    )


def _simpan(cursor: Any, hasil: Hasil, wilayah: str, by: Pengguna | None) -> Hasil:
    """Head, reasons, rows, fingerprint; lists computed before that nobody signed step back."""
    for lama in DaftarKelayakan.objects.select_for_update(of=("self",)).filter(
        program=hasil.program, wilayah=wilayah, periode=hasil.periode, status="dihitung"
    ):
        lama.status, lama.alasan_status = "digantikan", "Dihitung lagi dengan data yang lebih baru."
        lama.save(update_fields=["status", "alasan_status"])
    kepala = DaftarKelayakan.objects.create(
        id=hasil.id, program=Program(pk=hasil.program), wilayah_id=wilayah, periode=hasil.periode, aturan=hasil.aturan,
        kuota=hasil.kuota, snapshot=hasil.snapshot, sidik=b"", created_by=by,
    )  # fmt: skip
    cursor.execute(
        "insert into bansos_sebabdaftar (id, daftar_id, nomor, isi, komponen) "
        "select md5(%(pk)s::text || nomor)::uuid, %(pk)s, nomor, isi, komponen from hitung_alasan order by nomor",
        {"pk": hasil.id},
    )
    kolom = "keluarga_id, individu_id, wilayah_id, nama_kepala, desil, skor, peringkat, hasil, manfaat, sebab, data_per"
    cursor.execute(
        f"insert into bansos_barisdaftar (id, daftar_id, {kolom}) "  # noqa: S608
        f"select (%(kepala)s || lpad(to_hex(urut), 16, '0'))::uuid, %(pk)s, {kolom} from hitung_baris order by urut",
        {"kepala": hasil.id.hex[:16], "pk": hasil.id},
    )
    kepala.sidik, kepala.jumlah = hasil.sidik, hasil.jumlah
    kepala.save(update_fields=["sidik", "jumlah"])
    audit.catat(
        aksi="hitung_kelayakan", objek=kepala, by=by, wilayah=wilayah, peran=by.peran_untuk(HITUNG, wilayah) if by else "",
        rincian={
            "program": hasil.program, "periode": hasil.periode, "aturan": str(hasil.aturan), "snapshot": hasil.snapshot,
            "sidik": hasil.sidik.hex(), **hasil.jumlah,
        },
    )  # fmt: skip
    return Hasil(**{**hasil.__dict__, "daftar": kepala, "baru": True})


def _sudah_ada(lama: DaftarKelayakan, aturan: AturanProgram, by: Pengguna | None) -> Hasil:
    """The same inputs: the same list. One that had stepped back counts again when no signed one stands in its place."""
    if lama.status == "digantikan" and lama.ditandatangani_at is None:
        lain = DaftarKelayakan.objects.select_for_update(of=("self",)).filter(
            program=lama.program_id, wilayah=lama.wilayah_id, periode=lama.periode, status="dihitung"
        )
        for satu in lain:
            satu.status, satu.alasan_status = (
                "digantikan",
                "Dihitung lagi; datanya kembali seperti sebelumnya.",
            )
            satu.save(update_fields=["status", "alasan_status"])
        lama.status, lama.alasan_status = "dihitung", ""
        lama.save(update_fields=["status", "alasan_status"])
        audit.catat(
            aksi="hitung_kelayakan", objek=lama, by=by, wilayah=lama.wilayah_id,
            peran=by.peran_untuk(HITUNG, lama.wilayah_id) if by else "", rincian={"sama": True},
        )  # fmt: skip
    return Hasil(
        id=lama.pk, program=lama.program_id, periode=lama.periode, aturan=aturan, kuota=lama.kuota, snapshot=lama.snapshot,
        sidik=bytes(lama.sidik), jumlah=lama.jumlah, daftar=lama,
    )  # fmt: skip
