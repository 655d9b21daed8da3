"""The queues of the Dinas: which proposals wait for which step, with what an officer needs to choose one."""

from collections import namedtuple
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Left
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Pengguna, Penugasan
from core.keyset import beyond, daftar_id
from dtks.models import TANPA_TENGGAT, Bendera, Individu, PegangKasus, TiketPadan, Usulan
from dtks.models.usulan import UsulanQuerySet
from dtks.queries import hitungan
from wilayah.kode import dalam, mencakup, rentang, ringkas

# state -> (words of the tab, power of the step that it waits for; '' = it waits for somebody in the field)
ANTREAN = {
    "diinput": ("Perlu ditugaskan", "usulan.tugaskan"),
    "ditugaskan": ("Sedang dikunjungi", ""),
    "diases": ("Perlu diverifikasi", "usulan.verifikasi"),
    "terverifikasi": ("Perlu disahkan", "usulan.sahkan"),
}
KUASA = tuple(kuasa for _, kuasa in ANTREAN.values() if kuasa)
URUT = ("urut_tenggat", "status_sejak", "id")  # oldest due first; the index of the queue has the same order
# What a row of the page shows and its clock asks for. The page draws plain tuples: fifty rows as models cost more than the page.
KOLOM = (
    "id", "tiket", "program", "jalur", "status", "status_sejak", "tenggat", "tenggat_hari", "urut_tenggat",
    "keluarga_id", "keluarga__nama_kepala", "wilayah_id", "wilayah__jalur", "wilayah__tingkat", "petugas__nama",
)  # fmt: skip
_NADA = {"PADAN": "baik", "BELUM": "netral", "MENUNGGU": "jalan"}


def luas(user: Pengguna) -> list[str]:
    """Areas in which this person sees and works any of the queues; [] = none, so the page is not for him."""
    lihat = ringkas(user.cakupan("usulan.lihat"))
    return ringkas(
        kode for kuasa in KUASA for kode in user.cakupan(kuasa) if any(mencakup(a, kode) for a in lihat)
    )


def jumlah(wilayah: Iterable[str], **saring: Any) -> dict[str, int]:
    """How many wait in each queue of these areas, from the maintained counts."""
    return hitungan.per_status(wilayah, status=list(ANTREAN), **saring)


def antrean_awal(user: Pengguna) -> str:
    """The queue that waits for this person: the first with something in it, farthest along the line first."""
    bisa = [s for s in ("terverifikasi", "diases", "diinput") if user.punya(ANTREAN[s][1])]
    ada = jumlah(luas(user))
    return next((s for s in bisa if ada[s]), bisa[0] if bisa else "diinput")


def di_wilayah(kode: Iterable[str]) -> Q:
    """Inside any of these areas, spelled as the indexes of the queue know it."""
    kondisi = Q(pk__in=[])
    for nomor, satu in enumerate(ringkas(kode)):
        if len(satu) in (5, 8):
            bagian = Q(**{"kabupaten" if len(satu) == 5 else "kecamatan": satu})
        else:
            bagian = dalam("wilayah_id", [satu])
        kondisi = bagian if nomor == 0 else kondisi | bagian
    return kondisi


def antrean(user: Pengguna, di: list[str] | None = None) -> UsulanQuerySet:
    """Proposals in the areas where this person works on them; the caller names the one state, as the index wants it.

    `di`: his `luas`, where the caller has it already.
    """
    rows = Usulan.objects.alias(kabupaten=Left("wilayah_id", 5), kecamatan=Left("wilayah_id", 8)).annotate(
        urut_tenggat=Coalesce(F("tenggat"), TANPA_TENGGAT)
    )
    rows = rows.filter(di_wilayah(luas(user) if di is None else di), keluarga__dibekukan_at__isnull=True)
    return rows.select_related("keluarga", "wilayah", "petugas")


_HALAMAN = """
  select u.id, u.tiket, u.program, u.jalur, u.status, u.status_sejak, u.tenggat, u.tenggat_hari, coalesce(u.tenggat, %s::date),
         u.keluarga_id, k.nama_kepala, u.wilayah_id, w.jalur, w.tingkat, o.nama
    from dtks_usulan u join dtks_keluarga k on k.id = u.keluarga_id join wilayah_wilayah w on w.kode = u.wilayah_id
    left join accounts_pengguna o on o.id = u.petugas_id
   where u.status = %s and ({wilayah}) and k.dibekukan_at is null{lewat}
   order by coalesce(u.tenggat, %s::date), u.status_sejak, u.id limit %s"""
_LEWAT = " and (coalesce(u.tenggat, %s::date), u.status_sejak, u.id) > (%s, %s, %s)"
_Baris = namedtuple("_Baris", KOLOM)  # type: ignore[misc]


def halaman(kode: Iterable[str], status: str, setelah: list[Any], banyak: int) -> list[Any]:
    """`antrean` of these areas without a filter as rows of `KOLOM`, behind a key of `URUT`.

    Written out: it is the first page of every verifier's morning, and building it cost as much as drawing its rows.
    """
    wilayah, nilai = [], [date.max, status]
    for satu in ringkas(kode):
        if len(satu) in (5, 8):
            wilayah.append(f"left(u.wilayah_id, {len(satu)}) = %s")
            nilai.append(satu)
        else:
            wilayah.append("u.wilayah_id >= %s and u.wilayah_id < %s")
            nilai += rentang(satu)
    if setelah:
        nilai += [date.max, *setelah]
    sql = _HALAMAN.format(wilayah=" or ".join(wilayah) or "false", lewat=_LEWAT if setelah else "")
    return [_Baris._make(isi) for isi in _baca(sql, *nilai, date.max, banyak)]


def lewat(rows: QuerySet[Usulan], usulan: Usulan, *, mundur: bool = False) -> QuerySet[Usulan]:
    """The rows of a queue behind this one (`mundur`: before it), the nearest first. One comparison of the whole key."""
    kunci = (usulan.tenggat or date.max, usulan.status_sejak, usulan.pk)
    return rows.filter(beyond(URUT, kunci, descending=mundur)).order_by(
        *(f"-{k}" if mundur else k for k in URUT)
    )


def bebas(rows: QuerySet[Usulan], user: Pengguna) -> QuerySet[Usulan]:
    """Without those that somebody else has open."""
    orang_lain = PegangKasus.objects.berlaku().filter(usulan=OuterRef("pk")).exclude(pengguna=user)
    return rows.filter(~Exists(orang_lain))


def saring_padan(rows: QuerySet[Usulan], nilai: str) -> QuerySet[Usulan]:
    """By what the civil registry said of the members: 'padan' all, 'tidak' somebody not, 'belum' somebody not asked."""
    anggota = Individu.objects.filter(keluarga=OuterRef("keluarga"), aktif=True)
    menunggu = ["BELUM", "MENUNGGU"]
    if nilai == "padan":
        return rows.filter(~Exists(anggota.exclude(padan="PADAN")))
    if nilai == "belum":
        return rows.filter(Exists(anggota.filter(padan__in=menunggu)))
    return rows.filter(Exists(anggota.exclude(padan__in=["PADAN", *menunggu])))


def saring_bendera(rows: QuerySet[Usulan], nilai: str) -> QuerySet[Usulan]:
    terbuka = Bendera.objects.terbuka().filter(usulan=OuterRef("pk"))
    return rows.filter(Exists(terbuka) if nilai == "ada" else ~Exists(terbuka))


def petugas_lapangan(luas: Iterable[str]) -> list[tuple[str, str]]:
    """Field officers who serve in these areas."""
    rows = Penugasan.objects.berlaku().filter(
        dalam("wilayah_id", luas), peran__kuasa__contains=["usulan.ases"], pengguna__is_active=True
    )
    orang = dict(rows.order_by("pengguna__nama", "pengguna").values_list("pengguna", "pengguna__nama"))
    return [(str(pk), nama) for pk, nama in orang.items()]


def saringan(data: QueryDict, **ganti: str) -> str:
    """The filter as a query string for links between the cases and tabs of one queue."""
    isi = {nama: nilai for nama, nilai in data.lists() if nama not in ("kursor", "saring")}
    isi |= {nama: [nilai] for nama, nilai in ganti.items()}
    return urlencode([(nama, satu) for nama, nilai in isi.items() if nilai and nilai[-1] for satu in nilai])


def nama_program() -> dict[str, str]:
    return dict(_baca("select kode, nama from bansos_program"))


class BarisAntrean(NamedTuple):
    """One row of the page: the columns of `KOLOM` and what belongs to them."""

    u: Any
    padan: tuple[tuple[str, int, str], ...]  # (words, how many persons, tone)
    asesmen: tuple[str, date] | None  # (conclusion, day) of the latest visit, if that one is finished
    bendera: list[str]
    dipegang: tuple[str, datetime] | None
    program: str


def lengkapi(rows: list[Any], program: Mapping[str, str]) -> list[BarisAntrean]:
    """Rows of `KOLOM` with what an officer needs to choose one; four statements, whatever the number of rows."""
    ids = daftar_id(u.id for u in rows)
    padan = _padan(daftar_id(u.keluarga_id for u in rows))
    asesmen = {pk: (kata, hari) for pk, kata, hari, selesai in _baca(_ASESMEN, ids) if selesai}
    pegang = {pk: (nama, sejak) for pk, nama, sejak in _baca(_PEGANG, ids, timezone.now())}
    bendera: dict[UUID, list[str]] = {}
    for pk, kalimat in _baca(_BENDERA, ids):
        bendera.setdefault(pk, []).append(kalimat)
    return [
        BarisAntrean(
            u,
            padan.get(u.keluarga_id, ()),
            asesmen.get(u.id),
            bendera.get(u.id, []),
            pegang.get(u.id),
            program.get(u.program, u.program),
        )
        for u in rows
    ]


# Written out, not built: these run for every page of every queue, and building them cost more than running them.
_ASESMEN = """
  select distinct on (usulan_id) usulan_id, kesimpulan, tanggal, selesai_at is not null
    from dtks_asesmen where usulan_id = any(%s::uuid[]) order by usulan_id, ke desc"""
_PEGANG = """
  select p.usulan_id, o.nama, p.sejak from dtks_pegangkasus p join accounts_pengguna o on o.id = p.pengguna_id
   where p.usulan_id = any(%s::uuid[]) and p.hingga > %s and o.is_active"""
_BENDERA = """
  select usulan_id, kalimat from dtks_bendera
   where usulan_id = any(%s::uuid[]) and ditutup_at is null order by created_at, id"""


def _baca(sql: str, *nilai: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, nilai)
        return cursor.fetchall()


_BACA_PADAN = """
  select keluarga_id, case when kategori <> 'PADAN' and exists (
           select from dtks_tiketpadan t where t.individu_id = anggota.id and t.kategori = anggota.kategori and t.status = %s)
         then 'DIKECUALIKAN' else kategori end, count(*)
    from (select id, keluarga_id, case when octet_length(nik_indeks) > 0 then padan else 'TANPA_DOKUMEN' end as kategori
            from dtks_individu where aktif and keluarga_id = any(%s::uuid[])) anggota
   group by 1, 2"""
_KATA_PADAN = {**dict(Individu.Padan.choices), "DIKECUALIKAN": "Dikecualikan"}


def _padan(keluarga: str) -> dict[UUID, tuple[tuple[str, int, str], ...]]:
    """keluarga id -> (words, how many persons, tone) of each verdict; a person waived by two officers is counted as such."""
    jumlah: dict[UUID, list[tuple[bool, str, int]]] = {}
    for pk, kode, n in _baca(_BACA_PADAN, TiketPadan.Status.DIKECUALIKAN.value, keluarga):
        jumlah.setdefault(pk, []).append((kode != "PADAN", kode, n))
    return {
        pk: tuple(
            (_KATA_PADAN[kode], n, "baik" if kode == "DIKECUALIKAN" else _NADA.get(kode, "buruk"))
            for _, kode, n in sorted(isi)
        )
        for pk, isi in jumlah.items()
    }
