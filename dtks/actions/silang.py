"""Cross-checking very many NIK: joins over ranges of the index against the population table, the rest at the service.

A task is a range of at least `RENTANG` persons, never a person. The ranges are of the keyed index, whose values are spread
evenly, so equal steps are equal work, and both sides of the join are bounded by the same range. docs/adr/0030.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.actions import webhook
from accounts.models import Pengguna, Peristiwa
from core import audit, bulk, outbox, pause, rules, workflow
from core.identity import check_nik, normalise_sex
from core.integrations.dukcapil.verdict import Kategori
from core.names import similarity
from core.privacy import keys
from core.workflow import GateClosed, Halangan, NotAllowed
from dtks.actions import padan
from dtks.models import BarisSilang, Individu, Silang
from wilayah.kode import kabupaten_dari, rentang

JOB_RENTANG = "dtks.silang_rentang"
JOB_TANYA = "dtks.silang_tanya"
JOB_BUANG = "dtks.silang_buang"
RENTANG = 100_000  # persons in one task
MAKS_KIRIMAN = 100_000
TANYA = 200  # questions to the service in one task
# Not a verdict yet: the name or a date has to be weighed; not in the table, so the service is asked.
TIMBANG, TANYAKAN = "TIMBANG", ""

# What the table says about one person `s`; `p` is the row with the same NIK, or nothing. Names that are written alike are
# decided here; all others are weighed as everywhere in the portal (core.names).
PUTUSAN = """
case when p.nik_indeks is null then %(tak_ada)s
     when p.status = '11' then 'MENINGGAL' when p.status = '12' then 'GANDA' when p.status = '14' then 'NONAKTIF'
     when upper(s.nama) = p.nama and (s.tgl_lahir is null or s.tgl_lahir = p.tgl_lahir)
          and (s.jenis_kelamin = '' or s.jenis_kelamin = p.jenis_kelamin)
       then case when p.wilayah = %(kabupaten)s then 'PADAN' else 'PINDAH' end
     else 'TIMBANG' end"""
_HITUNG = """
select kategori, count(*), case when kategori = 'TIMBANG' then array_agg(id) end from hasil group by kategori"""
REGISTER = f"""
with hasil as (
  insert into dtks_barissilang(id, silang_id, individu, nama, jenis_kelamin, kategori)
  select gen_random_uuid(), %(silang)s, s.id, '', '', {PUTUSAN}
  from dtks_individu s
  join dtks_keluarga k on k.id = s.keluarga_id and k.wilayah_id >= %(awal)s and k.wilayah_id < %(akhir)s
  left join dtks_penduduk p on p.nik_indeks = s.nik_indeks and p.nik_indeks >= %(dari)s and p.nik_indeks < %(sampai)s
  where s.aktif and s.nik_indeks >= %(dari)s and s.nik_indeks < %(sampai)s
  returning id, kategori) {_HITUNG}"""  # noqa: S608 - texts of our own
KIRIMAN = f"""
with hasil as (
  update dtks_barissilang t set kategori = x.k, nik = null from (
    select s.id, {PUTUSAN} as k from dtks_barissilang s
    join dtks_penduduk p on p.nik_indeks = s.nik_indeks and p.nik_indeks >= %(dari)s and p.nik_indeks < %(sampai)s
    where s.silang_id = %(silang)s and s.nik_indeks >= %(dari)s and s.nik_indeks < %(sampai)s) x
  where x.id = t.id returning t.id, t.kategori) {_HITUNG}"""  # noqa: S608
_TIMBANG = """
select t.id, coalesce(i.nama, t.nama), coalesce(i.tgl_lahir, t.tgl_lahir), coalesce(i.jenis_kelamin, t.jenis_kelamin),
       p.nama, p.tgl_lahir, p.jenis_kelamin, p.wilayah
from unnest(%s::uuid[]) x(id) join dtks_barissilang t on t.id = x.id left join dtks_individu i on i.id = t.individu
join dtks_penduduk p on p.nik_indeks = coalesce(i.nik_indeks, t.nik_indeks)"""


@dataclass(frozen=True)
class BarisMasuk:
    """A row as it was sent: texts, unchecked. Dates YYYY-MM-DD, sex L or P; everything but the NIK may be ''."""

    nik: str
    nama: str = ""
    tgl_lahir: str = ""
    jenis_kelamin: str = ""


def langkah(n: int) -> list[tuple[bytes, bytes]]:
    """Half-open ranges of the index, each of about `RENTANG` of the `n` persons. The last one has no upper end but 33 bytes."""
    banyak = max(1, round(n / RENTANG))
    batas = [(i * (1 << 32) // banyak).to_bytes(4, "big") for i in range(banyak)] + [b"\xff" * 33]
    return list(pairwise(batas))


@transaction.atomic
def mulai_register(*, by: Pengguna | None, wilayah: str, tujuan: str) -> Silang:
    """Cross-check everyone of an area who has a NIK. The findings stand beside the register until somebody takes them over."""
    pause.not_while_changing_keys()
    if by is not None and not by.boleh("padan.minta", wilayah):
        raise NotAllowed(
            [Halangan("TIDAK_BERWENANG", "Cek silang diminta operator atau verifikator wilayah itu.")]
        )
    awal, akhir = rentang(wilayah)
    n = Individu.objects.filter(
        aktif=True,
        nik_indeks__isnull=False,
        keluarga__wilayah_id__gte=awal,
        keluarga__wilayah_id__lt=akhir,
    ).count()
    silang = Silang.objects.create(
        asal=Silang.Asal.REGISTER, wilayah_id=wilayah, tujuan=tujuan[:200], jumlah=n, diminta_by=by
    )
    _antre_rentang(silang, n, by)
    audit.catat(aksi="cek_silang", objek=silang, by=by, wilayah=wilayah, rincian={"jumlah": n})
    return silang


def _antre_rentang(silang: Silang, n: int, by: Pengguna | None) -> None:
    bagian = langkah(n)
    silang.bagian = len(bagian)
    silang.save(update_fields=["bagian"])
    for dari, sampai in bagian:
        outbox.antre(
            JOB_RENTANG, {"silang": str(silang.pk), "dari": dari.hex(), "sampai": sampai.hex()},
            judul="Cek silang NIK", by=by, wilayah=silang.wilayah_id,
        )  # fmt: skip


@transaction.atomic
def kirim(*, by: Pengguna, wilayah: str, tujuan: str, baris: Sequence[BarisMasuk]) -> Silang:
    """Take in a batch that somebody sent; answered by jobs. Raises GateClosed when it is empty or too long."""
    pause.not_while_changing_keys()
    if not by.boleh("padan.minta", wilayah):
        raise NotAllowed(
            [Halangan("TIDAK_BERWENANG", "Anda tidak berwenang meminta cek NIK di wilayah ini.")]
        )
    if not 1 <= len(baris) <= MAKS_KIRIMAN:
        raise GateClosed(
            [
                Halangan(
                    "JUMLAH_BARIS", f"Kirim 1 sampai {MAKS_KIRIMAN} baris.", "Bagi menjadi beberapa kiriman."
                )
            ]
        )
    silang = Silang.objects.create(
        asal=Silang.Asal.KIRIMAN, wilayah_id=wilayah, tujuan=tujuan[:200], jumlah=len(baris), diminta_by=by
    )
    salah = 0

    def isi() -> Iterator[str]:
        nonlocal salah
        for nomor, satu in enumerate(baris, 1):
            rapi = _rapikan(satu)
            salah += rapi is None
            yield _baris(silang.pk, nomor, rapi)

    _salin(isi())
    silang.selesai = salah
    silang.per_kategori = {Kategori.FORMAT_SALAH: salah} if salah else {}
    silang.save(update_fields=["selesai", "per_kategori"])
    _antre_rentang(silang, len(baris), by)
    audit.catat(
        aksi="cek_silang_kiriman", objek=silang, by=by, wilayah=wilayah,
        rincian={"jumlah": len(baris), "tujuan": tujuan[:200]},
    )  # fmt: skip
    return silang


_KOLOM = ("id", "silang_id", "nomor", "nik_indeks", "nik", "nama", "tgl_lahir", "jenis_kelamin", "kategori")  # fmt: skip


@bulk.without_collector
def _salin(baris: Iterator[str]) -> None:
    bulk.copy("dtks_barissilang", _KOLOM, baris)


def _rapikan(satu: BarisMasuk) -> tuple[str, str, date | None, str] | None:
    """(nik, nama, tgl_lahir, '1'|'2'|''); None when the row cannot be asked about."""
    cek = check_nik(satu.nik)
    if not cek.ok:
        return None
    lahir = None
    if satu.tgl_lahir:
        try:
            lahir = date.fromisoformat(satu.tgl_lahir)
        except ValueError:
            return None
    kelamin = {"L": "1", "P": "2"}.get(normalise_sex(satu.jenis_kelamin) or "", "")
    if satu.jenis_kelamin and not kelamin:
        return None
    return cek.nik, " ".join(satu.nama.split())[:100], lahir, kelamin


def _baris(silang: uuid.UUID, nomor: int, rapi: tuple[str, str, date | None, str] | None) -> str:
    pk = uuid.uuid4()
    if rapi is None:
        return bulk.line([pk, silang, nomor, None, None, "", None, "", Kategori.FORMAT_SALAH.value])
    nik, nama, lahir, kelamin = rapi
    segel = keys.seal(nik.encode(), f"dtks_barissilang.nik:{pk}")
    return bulk.line([
        pk, silang, nomor, keys.blind_index(nik, "nik"), segel, nama, lahir, kelamin, TANYAKAN,
    ])  # fmt: skip


def cek_rentang(argumen: Mapping[str, str]) -> dict[str, int]:
    """One range of one cross-check: the join, then the few that have to be weighed. In the job's transaction."""
    silang = Silang.objects.get(pk=argumen["silang"])
    awal, akhir = rentang(silang.wilayah_id)
    register = silang.asal == Silang.Asal.REGISTER
    kabupaten = kabupaten_dari(silang.wilayah_id)
    isi: dict[str, Any] = {
        "silang": silang.pk, "dari": bytes.fromhex(argumen["dari"]), "sampai": bytes.fromhex(argumen["sampai"]),
        "kabupaten": kabupaten, "awal": awal, "akhir": akhir, "tak_ada": Kategori.TIDAK_DITEMUKAN.value,
    }  # fmt: skip
    putus: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(REGISTER if register else KIRIMAN, isi)
        for kategori, n, pks in cursor.fetchall():
            if kategori == TIMBANG:
                putus += _timbang(cursor, pks, kabupaten, rules.value("padan.ambang", silang.wilayah_id))
            else:
                putus[kategori] += n
    selesai_bagian(silang.pk, putus, bagian=1, tambah=0 if register else _antre_tanya(silang, isi))
    return {"putus": putus.total()}


def _timbang(
    cursor: Any, pks: Sequence[uuid.UUID], kabupaten: str, ambang: Mapping[str, float]
) -> Counter[str]:
    """Names that are not written alike: weighed in Python, for these few only. Returns how many of each category."""
    cursor.execute(_TIMBANG, [list(pks)])
    hasil: dict[str, list[uuid.UUID]] = {}
    for pk, nama, lahir, kelamin, nama_p, lahir_p, kelamin_p, kab in cursor.fetchall():
        skor = similarity(nama, nama_p) if nama else 100.0
        if skor < ambang["tinjau"]:
            k = Kategori.TIDAK_PADAN_NAMA
        elif skor < ambang["terima"] or (lahir and lahir != lahir_p) or (kelamin and kelamin != kelamin_p):
            k = Kategori.PADAN_SEBAGIAN
        else:
            k = Kategori.PADAN if kab == kabupaten else Kategori.PINDAH
        hasil.setdefault(k.value, []).append(pk)
    for kategori, satu in hasil.items():
        cursor.execute("update dtks_barissilang set kategori = %s where id = any(%s)", [kategori, satu])
    return Counter({k: len(v) for k, v in hasil.items()})


def _antre_tanya(silang: Silang, isi: Mapping[str, Any]) -> int:
    """Jobs that ask the service about the rows of this range which the table does not know. Returns how many jobs."""
    pks = list(
        BarisSilang.objects.filter(
            silang=silang, kategori=TANYAKAN, nik_indeks__gte=isi["dari"], nik_indeks__lt=isi["sampai"]
        )
        .order_by("id")
        .values_list("pk", flat=True)
    )
    bagian = [pks[i : i + TANYA] for i in range(0, len(pks), TANYA)]
    for satu in bagian:
        outbox.antre(
            JOB_TANYA, {"silang": str(silang.pk), "baris": [str(pk) for pk in satu]},
            judul="Cek NIK kiriman ke Dukcapil", by=silang.diminta_by, wilayah=silang.wilayah_id,
        )  # fmt: skip
    return len(bagian)


def selesai_bagian(silang_id: Any, putus: Mapping[str, int], *, bagian: int, tambah: int = 0) -> None:
    """Add what one task decided; the last one closes the cross-check and forgets the NIK."""
    silang: Silang = workflow.lock(Silang, silang_id)
    hitung = Counter(silang.per_kategori)
    hitung.update(putus)
    silang.per_kategori, silang.selesai = dict(+hitung), silang.selesai + sum(putus.values())
    silang.bagian += tambah - bagian
    if silang.bagian <= 0 and silang.status == Silang.Status.JALAN:
        silang.status, silang.selesai_at = Silang.Status.SELESAI, timezone.now()
        BarisSilang.objects.filter(silang=silang, nik__isnull=False).update(nik=None)
        if silang.asal == Silang.Asal.KIRIMAN and silang.diminta_by_id:
            webhook.umumkan(
                Peristiwa.PADAN,
                wilayah=silang.wilayah_id,
                data={"padan": str(silang.pk)},
                akun=silang.diminta_by_id,
            )
    silang.save()


def catat_jawaban(silang: uuid.UUID, jawaban: Mapping[str, str], *, bagian: int) -> None:
    """Verdicts of the service, {row: category}; rows that were answered before stay. `bagian`: 1 when the task is done."""
    putus: Counter[str] = Counter()
    for kategori in sorted(set(jawaban.values())):
        pks = [pk for pk, k in jawaban.items() if k == kategori]
        putus[kategori] = BarisSilang.objects.filter(silang=silang, pk__in=pks, kategori=TANYAKAN).update(
            kategori=kategori, nik=None
        )
    selesai_bagian(silang, putus, bagian=bagian)


def beda(silang: Silang) -> Any:
    """Persons of the register for whom the table says something else than the portal: [(category, n)]. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select b.kategori, count(*) from dtks_barissilang b join dtks_individu i on i.id = b.individu
               where b.silang_id = %s and b.kategori <> i.padan group by 1 order by 2 desc""",
            [silang.pk],
        )
        return cursor.fetchall()


@transaction.atomic
def tanyakan_beda(silang: Silang, *, by: Pengguna) -> int:
    """Ask Dukcapil about everybody for whom the table and the portal disagree. The answer, not the table, changes a verdict."""
    baris: Silang = workflow.lock(Silang, silang.pk)
    if not by.boleh("padan.minta", baris.wilayah_id):
        raise NotAllowed(
            [Halangan("TIDAK_BERWENANG", "Cek NIK diminta operator atau verifikator wilayah itu.")]
        )
    if baris.asal != Silang.Asal.REGISTER or baris.status != Silang.Status.SELESAI:
        raise GateClosed([Halangan("BELUM_SELESAI", "Cek silang ini belum selesai.", "Tunggu sebentar.")])
    with connection.cursor() as cursor:
        cursor.execute(
            """select i.id from dtks_barissilang b join dtks_individu i on i.id = b.individu
               where b.silang_id = %s and b.kategori <> i.padan and i.aktif and i.padan <> 'MENUNGGU' order by i.id""",
            [baris.pk],
        )
        pks = [pk for (pk,) in cursor.fetchall()]
    if not pks:
        raise GateClosed([Halangan("TIDAK_ADA_BEDA", "Tidak ada orang yang hasilnya berbeda.")])
    Individu.objects.filter(pk__in=pks, padan=Individu.Padan.BELUM).update(padan=Individu.Padan.MENUNGGU)
    padan.minta_massal(pks, by=by, wilayah=baris.wilayah_id, asal="cek silang")
    return len(pks)


def buang() -> int:
    """Rows of cross-checks that are older than the Ketentuan allows; the counts on the cross-check stay."""
    n = 0
    for silang in Silang.objects.filter(status=Silang.Status.SELESAI).order_by("created_at"):
        umur = timedelta(days=rules.value("padan.kiriman_hari", silang.wilayah_id))
        if silang.selesai_at and timezone.now() - silang.selesai_at > umur:
            n += BarisSilang.objects.filter(silang=silang).delete()[0]
    return n


def hasil(silang: Silang) -> Iterable[tuple[int | None, str]]:
    """(row, category) of a batch that was sent in, in its order; '' is not answered yet."""
    return (
        BarisSilang.objects.filter(silang=silang, nomor__isnull=False)
        .order_by("nomor")
        .values_list("nomor", "kategori")
        .iterator(chunk_size=20_000)
    )
