"""Reading eligibility lists: the one that counts, a family's place in it, the list as lines."""

import hashlib
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Case, F, IntegerField, Value, When

from accounts.models import Pengguna
from bansos.models import BarisDaftar, DaftarKelayakan, SebabDaftar
from bansos.queries.isi_aturan import setahun, syarat_kata
from bansos.queries.sebab import Kamus
from core.identity import mask_name
from dtks.models import Keluarga

# What `sidik` is the SHA-256 of: these columns in PostgreSQL's COPY text format, first all combinations by number, an empty line,
# then all rows in the order of the list. Ids are left out: the list's id follows from the hash.
_SEBAB = "nomor, isi, komponen"
_BARIS = "{urut}, keluarga_id, individu_id, wilayah_id, nama_kepala, desil, skor, peringkat, hasil, manfaat, sebab, data_per"

# A row as the contract has it, over `b`, its reasons `s` and its list `d`; one JSON object a line, keys in this order.
SQL_NDJSON = """select json_build_object('id', b.id, 'keluarga', b.keluarga_id, 'individu', b.individu_id, 'nama_kepala', b.nama_kepala,
    'wilayah', b.wilayah_id, 'desil', b.desil, 'skor', b.skor, 'peringkat', b.peringkat, 'hasil', b.hasil, 'manfaat', b.manfaat,
    'komponen', s.komponen, 'alasan', s.isi, 'versi_aturan', a.program_id || '/' || a.versi, 'snapshot', d.snapshot,
    'data_per', b.data_per)::text
  from bansos_barisdaftar b join bansos_daftarkelayakan d on d.id = b.daftar_id
  join bansos_sebabdaftar s on s.daftar_id = b.daftar_id and s.nomor = b.sebab
  join bansos_aturanprogram a on a.id = d.aturan_id
  where b.daftar_id = %s order by b.id"""


def terkini(program: str, periode: str, wilayah: str) -> DaftarKelayakan | None:
    """The list that counts for a kabupaten (or the one an area lies in): the signed one, else the newest computed."""
    utama = Case(When(status="ditandatangani", then=Value(0)), default=Value(1), output_field=IntegerField())
    return (
        DaftarKelayakan.objects.hidup()
        .filter(program=program, periode=periode, wilayah=wilayah[:5])
        .select_related("aturan", "program")
        .order_by(utama, "-created_at", "id")
        .first()
    )


def sidik(daftar: UUID) -> bytes:
    """SHA-256 of a stored list, for whoever wants to know that it is still what was computed. Memory stays flat."""
    milik = f"where daftar_id = '{UUID(str(daftar))}'"
    urut = "('x' || right(replace(id::text, '-', ''), 16))::bit(64)::bigint"
    return _sidik(
        f"select {_SEBAB} from bansos_sebabdaftar {milik} order by nomor",  # noqa: S608 - COPY takes no parameters; a UUID
        f"select {_BARIS.format(urut=urut)} from bansos_barisdaftar {milik} order by id",  # noqa: S608
    )


def sidik_hitungan() -> bytes:
    """The same of the list that was just computed in this transaction (`bansos.actions.hitung`)."""
    return _sidik(
        f"select {_SEBAB} from hitung_alasan order by nomor",  # noqa: S608
        f"select {_BARIS.format(urut='urut')} from hitung_baris order by urut",  # noqa: S608
    )


def _sidik(*query: str) -> bytes:
    h = hashlib.sha256()
    with connection.cursor() as cursor:
        for satu in query:
            with cursor.copy(f"copy ({satu}) to stdout") as keluar:
                for potong in keluar:
                    h.update(potong)
            h.update(b"\n")
    return h.digest()


def salin(daftar: DaftarKelayakan) -> Iterator[bytes]:
    """The whole list as NDJSON, in order of rank, in pieces of a few thousand lines. Needs a transaction."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(SQL_NDJSON, [daftar.pk])
        while rows := cursor.fetchmany(2000):
            yield "".join(f"{baris}\n" for (baris,) in rows).encode()


def alasan(rows: list[BarisDaftar]) -> list[BarisDaftar]:
    """Attach `alasan` and `komponen` to the rows of one page; one query."""
    isi = {
        (s.daftar_id, s.nomor): s
        for s in SebabDaftar.objects.filter(
            daftar__in={b.daftar_id for b in rows}, nomor__in={b.sebab for b in rows}
        )
    }
    for b in rows:
        satu = isi[b.daftar_id, b.sebab]
        b.alasan, b.komponen = satu.isi, satu.komponen  # type: ignore[attr-defined]
    return rows


def milik_keluarga(keluarga: Keluarga, program: str = "") -> list[BarisDaftar]:
    """The family's rows in the lists that count now: one list a programme, of the newest quarter. One query; `untuk` adds the reasons."""
    semua = (
        BarisDaftar.objects.filter(
            keluarga=keluarga, daftar__wilayah=keluarga.wilayah_id[:5], daftar__status__in=("dihitung", "ditandatangani")
        )
        .select_related("daftar__program", "daftar__aturan", "individu")
        .order_by("daftar__program_id", "-daftar__periode", F("daftar__ditandatangani_at").desc(nulls_last=True), "-daftar__created_at", "id")
    )  # fmt: skip
    rows = semua.filter(daftar__program=program) if program else semua
    pilih: dict[str, UUID] = {}
    return [b for b in rows if pilih.setdefault(b.daftar.program_id, b.daftar_id) == b.daftar_id]


KESEHATAN = {"KOMPONEN", "HAMIL", "HAMBATAN_BERAT", "DISABILITAS", "PPKS", "BUKAN_HAMIL", "BUKAN_DISABILITAS"}


def untuk(rows: list[BarisDaftar], user: Pengguna) -> list[BarisDaftar]:
    """Rows as this person may see them: names masked, and health told only to those who write it or work with it."""
    for b in alasan(rows):
        b.boleh_buka = user.boleh("keluarga.lihat", b.wilayah_id)  # type: ignore[attr-defined]
        b.nama_tampil = b.nama_kepala if b.boleh_buka else mask_name(b.nama_kepala)  # type: ignore[attr-defined]
        if user.boleh("keluarga.ubah", b.wilayah_id) or user.boleh("ppks.sensitif", b.wilayah_id):
            continue
        b.komponen = []  # type: ignore[attr-defined]
        b.alasan = [_tertutup(a) if a["kode"] in KESEHATAN else a for a in b.alasan]  # type: ignore[attr-defined]
    return rows


def _tertutup(a: dict[str, object]) -> dict[str, object]:
    return {**a, "kalimat": kalimat_tertutup(cocok=bool(a["cocok"])), "saran": ""}


def kalimat_tertutup(*, cocok: bool) -> str:
    kata = "terpenuhi" if cocok else "tidak terpenuhi"
    return f"Syarat tentang anggota keluarga {kata}; rinciannya data kesehatan, hanya untuk petugas desa dan pekerja sosial."


def syarat(isi: dict[str, Any], kamus: Kamus) -> list[str]:
    """The conditions of a rule as sentences."""
    kata = [f"{syarat_kata(p, kamus.label)}." for p in isi["syarat"]]
    for k in isi.get("komponen") or []:
        batas = f", paling banyak {k['maks']} orang" if k.get("maks") else ""
        uang = f"{setahun(k):,}".replace(",", ".")
        kata.append(f"{k['nama']}: Rp{uang} setahun{batas}.")
    if isi.get("komponen_maks"):
        kata.append(
            f"Paling banyak {isi['komponen_maks']} komponen tiap keluarga; yang nilainya tertinggi yang dihitung."
        )
    if isi.get("pengecualian"):
        nama = [kamus.sumber[s].nama for s in isi["pengecualian"] if s in kamus.sumber]
        kata.append(f"Tidak tercatat di daftar pengecualian: {', '.join(nama)}.")
    for p in isi.get("tidak_bersama") or []:
        kata.append(f"Tidak sedang menerima {kamus.program.get(p, p)}.")
    if isi.get("maks_tahun"):
        kata.append(f"Paling lama {isi['maks_tahun']} tahun.")
    return kata
