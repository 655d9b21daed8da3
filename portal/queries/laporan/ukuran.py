"""The measures of the daily tables: one set-based query each, giving (wilayah, periode, rinci, n, m) per village.

Only what is too heavy to count while somebody waits is here. Each query reads the rows as they are now.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import models
from django.utils import timezone

from bansos.queries.aturan_program import semua_batas_desil
from core import rules
from dtks.models import Individu, Keluarga, Rumah
from dtks.workflow import USULAN_TERBUKA
from portal.queries.jejak import LONGGAR, id_sejak
from wilayah.models import Tingkat, Wilayah
from wilayah.waktu import hari_wilayah, zona

BULAN_AUDIT = 13  # months of the trail that the table reaches back
Query = tuple[str, list[Any]]


@dataclass(frozen=True)
class Ukuran:
    """`query()` yields one or more statements whose rows together are the measure. `tiap`: 'jam' or 'hari'."""

    kode: str
    query: Callable[[], Iterator[Query]]
    tiap: str = "hari"


def sql_zona(kolom: str) -> str:
    """SQL for the time zone of an area code: WIB unless its province says otherwise."""
    lain = [
        (w, zona(w).key)
        for w in Wilayah.objects.filter(tingkat=Tingkat.PROVINSI)
        .order_by("kode")
        .values_list("pk", flat=True)
        if zona(w).key != "Asia/Jakarta"
    ]
    cabang = " ".join(f"when '{w}' then '{tz}'" for w, tz in lain)
    return f"(case left({kolom}, 2) {cabang} else 'Asia/Jakarta' end)" if cabang else "'Asia/Jakarta'"


def _padan() -> Iterator[Query]:
    """Active members of families in the register, by the present verdict on their NIK."""
    yield (
        """select left(k.wilayah_id, 13), '', i.padan, count(*), 0
        from dtks_individu i join dtks_keluarga k on k.id = i.keluarga_id
        where i.aktif and k.status <> 'nonaktif' group by 1, 3""",
        [],
    )


def _umur() -> Iterator[Query]:
    """Open proposals by the day on which they came into their state, on the calendar of their area."""
    yield (
        f"""select left(wilayah_id, 13), '', (status_sejak at time zone {sql_zona("wilayah_id")})::date::text, count(*), 0
        from dtks_usulan where status = any(%s) group by 1, 3""",  # noqa: S608 - names and zones of our own data
        [list(USULAN_TERBUKA)],
    )


def _tenggat() -> Iterator[Query]:
    yield (
        """select left(wilayah_id, 13), '', tenggat::text, count(*), 0
        from dtks_usulan where status = any(%s) and tenggat is not null group by 1, 3""",
        [list(USULAN_TERBUKA)],
    )


def _langkah() -> Iterator[Query]:
    """The same for each step: 'umur|state|day' and 'tenggat|state|day'."""
    yield (
        f"""select left(wilayah_id, 13), '', x.jenis || '|' || status || '|' || x.hari, count(*), 0 from dtks_usulan
        cross join lateral (values ('umur', (status_sejak at time zone {sql_zona("wilayah_id")})::date), ('tenggat', tenggat)) x(jenis, hari)
        where status = any(%s) and x.hari is not null group by 1, 3""",  # noqa: S608 - names and zones of our own data
        [list(USULAN_TERBUKA)],
    )


# A return that was taken back at once was none.
_DIKEMBALIKAN = """r.langkah = 'kembalikan' and not exists (select 1 from dtks_riwayatusulan b
  where b.usulan_id = r.usulan_id and b.urut = r.urut + 1 and b.langkah = 'urungkan')"""


def _kembali() -> Iterator[Query]:
    """Per period: proposals that were ever submitted, those sent back (n) with all their returns (m), and the reasons."""
    yield (
        f"""with k as (select usulan_id, count(*) as kali from dtks_riwayatusulan r where {_DIKEMBALIKAN} group by 1)
        select left(u.wilayah_id, 13), u.periode, x.rinci, sum(x.n), sum(x.m)
        from dtks_usulan u left join k on k.usulan_id = u.id
        cross join lateral (values ('masuk', 1, 0), ('usulan', (k.kali > 0)::int, k.kali)) x(rinci, n, m)
        where u.pengusul_orang_id is not null and x.n = 1 group by 1, 2, 3""",  # noqa: S608 - our own text
        [],
    )
    yield (
        f"""select left(u.wilayah_id, 13), u.periode, 'alasan:' || r.alasan, count(*), 0
        from dtks_riwayatusulan r join dtks_usulan u on u.id = r.usulan_id
        where {_DIKEMBALIKAN} and u.pengusul_orang_id is not null group by 1, 2, 3""",  # noqa: S608 - our own text
        [],
    )


def _lengkap() -> Iterator[Query]:
    """Families, answers needed of everybody (rule 'formulir.wajib', without those that hang on other answers) and given,
    and families whose data was touched in the last months (rule 'laporan.segar_bulan')."""
    for kab in Wilayah.objects.filter(
        pk__in=Keluarga.objects.order_by().values(kab=models.functions.Left("wilayah_id", 5)).distinct()
    ).order_by("pk"):
        wajib = {
            bagian: [s["kolom"] for s in daftar if set(s) == {"kolom"}]
            for bagian, daftar in rules.value("formulir.wajib", kab.pk).items()
        }
        keluarga, rumah, orang = wajib.get("keluarga", []), wajib.get("rumah", []), wajib.get("anggota", [])
        sejak = segar_sejak(kab.pk)
        yield (
            f"""with k as (
              select k.id, k.wilayah_id, k.updated_at, {_terisi(Keluarga, keluarga, "k")} as ada from dtks_keluarga k
              where k.status <> 'nonaktif' and k.wilayah_id >= %s and k.wilayah_id < %s),
            r as (select r.keluarga_id, {_terisi(Rumah, rumah, "r")} as ada from dtks_rumah r),
            i as (select i.keluarga_id, count(*) as n, sum({_terisi(Individu, orang, "i")}) as ada
                  from dtks_individu i where i.aktif group by 1)
            select left(k.wilayah_id, 13), '', x.rinci, sum(x.n), 0
            from k left join r on r.keluarga_id = k.id left join i on i.keluarga_id = k.id
            cross join lateral (values ('keluarga', 1), ('butuh', {len(keluarga) + len(rumah)} + {len(orang)} * coalesce(i.n, 0)),
              ('terisi', k.ada + coalesce(r.ada, 0) + coalesce(i.ada, 0)), ('segar', (k.updated_at >= %s)::int)) x(rinci, n)
            group by 1, 3""",  # noqa: S608 - columns of our own models
            [kab.pk, kab.pk + "/", sejak],
        )


def _terisi(model: type[models.Model], kolom: list[str], alias: str) -> str:
    """SQL: how many of these columns hold an answer ('' and an empty list are none)."""
    bagian = []
    for nama in kolom:
        satu = model._meta.get_field(nama)
        assert isinstance(satu, models.Field)
        kol = f'{alias}."{satu.column}"'
        teks = isinstance(satu, models.CharField | models.TextField)
        bagian.append(f"({kol} is not null{f' and {kol} <> {chr(39) * 2}' if teks else ''})::int")
    return " + ".join(bagian) or "0"


def segar_sejak(wilayah: str) -> datetime:
    """From this moment on data is fresh: the first of a day, on the clock of the area."""
    hari = bulan_lalu(hari_wilayah(wilayah), int(rules.value("laporan.segar_bulan", wilayah)))
    return datetime(hari.year, hari.month, hari.day, tzinfo=zona(wilayah))


def bulan_lalu(hari: date, n: int) -> date:
    """The same day `n` months earlier, or the last day of that month."""
    bulan = hari.year * 12 + hari.month - 1 - n
    for mundur in range(4):
        try:
            return date(bulan // 12, bulan % 12 + 1, hari.day - mundur)
        except ValueError:
            continue
    raise AssertionError(hari)


# Families that receive, per programme: the newest row of a decree in force, unless it is a removal (as bansos.queries.penerima).
PENERIMA = """select z.keluarga_id, z.program from (
    select distinct on (u.keluarga_id, p.program_id) u.keluarga_id, p.program_id as program, u.jalur
    from bansos_barispenetapan b join bansos_penetapan p on p.id = b.penetapan_id join dtks_usulan u on u.id = b.usulan_id
    where b.hasil = 'ditetapkan' and p.status = 'berlaku'
    order by u.keluarga_id, p.program_id, p.created_at desc, b.id desc) z where z.jalur <> 'PENGHAPUSAN'"""
DESIL = "select distinct on (keluarga_id) keluarga_id, desil from dtks_desil order by keluarga_id, tahun desc, triwulan desc"
JAWABAN = """select distinct on (v.keluarga_id, v.program_id) v.keluarga_id, v.program_id as program, v.hasil
    from bansos_verifikasikelayakan v
    where not exists (select 1 from bansos_verifikasikelayakan g where g.menggantikan_id = v.id)
    order by v.keluarga_id, v.program_id, v.periode desc, v.created_at desc"""


def _sasaran() -> Iterator[Query]:
    """Families by newest decile and whether they receive anything; recipients, and those who should not be."""
    yield (
        f"""with d as ({DESIL}), p as (select distinct keluarga_id from ({PENERIMA}) s)
        select left(k.wilayah_id, 13), '', 'desil:' || coalesce(d.desil::text, '-') || case when p.keluarga_id is null then '|tidak' else '|terima' end,
               count(*), 0
        from dtks_keluarga k left join d on d.keluarga_id = k.id left join p on p.keluarga_id = k.id
        where k.status <> 'nonaktif' group by 1, 3""",  # noqa: S608 - our own text
        [],
    )
    batas = semua_batas_desil(timezone.localdate())
    yield (
        f"""with d as ({DESIL}), p as ({PENERIMA}), j as ({JAWABAN}), b as (
          select * from unnest(%s::text[], %s::text[], %s::int[]) as b(kab, program, maks))
        select left(k.wilayah_id, 13), '', 'penerima', count(distinct k.id),
               count(distinct k.id) filter (where d.desil > coalesce(lokal.maks, umum.maks) or j.hasil = 'tidak_layak')
        from p join dtks_keluarga k on k.id = p.keluarga_id left join d on d.keluarga_id = p.keluarga_id
        left join j on j.keluarga_id = p.keluarga_id and j.program = p.program
        left join b umum on umum.kab = '' and umum.program = p.program
        left join b lokal on lokal.kab = left(k.wilayah_id, 5) and lokal.program = p.program
        where k.status <> 'nonaktif' group by 1""",  # noqa: S608 - our own text
        [[b[0] for b in batas], [b[1] for b in batas], [b[2] for b in batas]],
    )


def _layak() -> Iterator[Query]:
    """Recipients by the standing answer of the village this month ('belum' without one)."""
    bulan = f"{timezone.localdate():%Y-%m}"
    yield (
        f"""with p as ({PENERIMA}), v as (
          select v.keluarga_id, v.program_id as program, max(v.hasil) as hasil from bansos_verifikasikelayakan v
          where v.periode = %s and not exists (select 1 from bansos_verifikasikelayakan g where g.menggantikan_id = v.id) group by 1, 2)
        select left(k.wilayah_id, 13), %s, coalesce(v.hasil, 'belum'), count(*), 0
        from p join dtks_keluarga k on k.id = p.keluarga_id
        left join v on v.keluarga_id = p.keluarga_id and v.program = p.program group by 1, 3""",  # noqa: S608 - our own text
        [bulan, bulan],
    )


def _audit() -> Iterator[Query]:
    """Numbers opened, lists downloaded and refused attempts of the last months, by the month on the clock of the area."""
    awal = datetime.combine(bulan_lalu(timezone.localdate().replace(day=1), BULAN_AUDIT - 1), time.min, UTC)
    yield (
        f"""select left(wilayah, 13), to_char(pada at time zone {sql_zona("wilayah")}, 'YYYY-MM'), aksi, count(*), 0 from core_jejak
        where id >= %s and aksi = any(%s) and wilayah <> '' group by 1, 2, 3""",  # noqa: S608 - zones of our own data
        [id_sejak(awal - timedelta(days=1)) - LONGGAR, ["buka_nomor", "ekspor", "penolakan"]],
    )


UKURAN = (
    Ukuran("umur", _umur, "jam"),
    Ukuran("tenggat", _tenggat, "jam"),
    Ukuran("langkah", _langkah, "jam"),
    Ukuran("layak", _layak, "jam"),
    Ukuran("audit", _audit),
    Ukuran("padan", _padan),
    Ukuran("kembali", _kembali),
    Ukuran("lengkap", _lengkap),
    Ukuran("sasaran", _sasaran),
)
