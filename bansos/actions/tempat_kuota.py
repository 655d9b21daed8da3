"""Places of a quota: given in the order of the signed list, left with a reason, taken over by the next who waits.

Every act locks the row of the quota first, the quotas above it before it; a trigger counts the places, and the constraints of that
row refuse one too many even from raw SQL. Why somebody got a place is stored beside it. A family takes a place of the narrowest
quota in force where it lives, and holds one place of a programme and quarter, whichever quota it is of.
"""

from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Pengguna
from bansos.models import DaftarKelayakan, Kuota, PengisianKuota, Program
from bansos.policies import kuota as policies
from bansos.queries import kuota as baca
from core import audit, outbox, workflow
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.models import Keluarga
from wilayah.kode import dalam, kabupaten_dari, rentang

PENDEK = 10
NOTICE = "bansos.kabar_tempat"


def kunci(pk: UUID) -> Kuota:
    """The row, locked after those above it: everybody takes these locks from the top."""
    rantai = [pk]
    while (atas := Kuota.objects.filter(pk=rantai[-1]).values_list("induk", flat=True).get()) is not None:
        rantai.append(atas)
    terkunci: list[Kuota] = [workflow.lock(Kuota, satu) for satu in reversed(rantai)]
    return terkunci[-1]


@transaction.atomic
def isi(kuota: Kuota, *, by: Pengguna) -> int:
    """Give the free places to the first of the signed list. Returns how many; a second call finds nothing to do."""
    baris = kunci(kuota.pk)
    _boleh_isi(by, baris)
    daftar = daftar_sah(baris)
    if daftar is None:
        raise _tutup(
            "BELUM_DITANDATANGANI", "Daftar kelayakan triwulan ini belum ditandatangani.", "Hitung daftarnya, lalu minta Kepala Dinas menandatangani.",
        )  # fmt: skip
    n = ambil(baris, daftar, by=by)
    audit.catat(
        aksi="isi_kuota", objek=baris, by=by, wilayah=baris.wilayah_id, peran=by.peran_untuk("kuota.isi", baris.wilayah_id),
        rincian={"tempat": n, "daftar": str(daftar.pk), "jumlah": baris.jumlah},
    )  # fmt: skip
    return n


@transaction.atomic
def lepas(pengisian: PengisianKuota, *, by: Pengguna, sebab: str) -> PengisianKuota | None:
    """Somebody drops out, with the reason; the first who waits takes the place. Returns the new place, None when nobody waits."""
    kuota = kunci(pengisian.kuota_id)
    _boleh_isi(by, kuota)
    if len(sebab.strip()) < PENDEK:
        raise _tutup("SEBAB_KOSONG", "Tuliskan sebab keluarnya (paling sedikit 10 huruf).")
    return _lepas(kuota, pengisian, by, sebab.strip())


def _lepas(kuota: Kuota, pengisian: PengisianKuota, by: Pengguna, sebab: str) -> PengisianKuota | None:
    """In the caller's transaction, the quota locked."""
    lama: PengisianKuota = workflow.lock(PengisianKuota, pengisian.pk)
    if lama.status != PengisianKuota.Status.TERISI:
        raise NotOpen(
            [Halangan("SUDAH_LEPAS", "Tempat ini sudah dilepas.", "Muat ulang halaman.")], lama.status
        )
    lama.status, lama.sebab_lepas, lama.lepas_by, lama.lepas_at = "lepas", sebab[:300], by, timezone.now()
    lama.save(update_fields=["status", "sebab_lepas", "lepas_by", "lepas_at"])
    audit.catat(
        aksi="lepas_kuota", objek=lama, by=by, wilayah=kuota.wilayah_id, peran=by.peran_untuk("kuota.isi", kuota.wilayah_id),
        rincian={"kuota": str(kuota.pk)},
    )  # fmt: skip
    kuota.refresh_from_db(fields=["terisi", "terpakai"])
    daftar = daftar_sah(kuota)
    if daftar is None:
        return None
    nomor = f"peringkat {lama.peringkat}" if lama.peringkat else "penerima lama"
    alasan = f"Naik dari daftar tunggu: menggantikan {nomor}, {sebab[0].lower()}{sebab[1:]}"[:300]
    if not ambil(kuota, daftar, by=by, alasan=alasan, menggantikan=lama):
        outbox.antre(NOTICE, {"kuota": str(kuota.pk), "kosong": kuota.sisa}, wilayah=kuota.wilayah_id)
    return PengisianKuota.objects.filter(menggantikan=lama).first()


def tempati(
    program: Program, wilayah: str, periode: str, keluarga: Keluarga, *, by: Pengguna, sk: str
) -> None:
    """A local decree gives aid: the family holds a place, or takes a free one. Raises GateClosed when there is none.

    Without a quota in force nothing is asked. In the caller's transaction.
    """
    akar = Kuota.objects.select_for_update(of=("self",)).filter(
        program=program, wilayah=wilayah, periode=periode, versi__gt=0
    ).first()  # fmt: skip
    if akar is None or _tempat_keluarga(akar, keluarga).exists():
        return
    sempit = baca.di_tempat(program.pk, keluarga.wilayah_id, periode)
    kuota = akar if sempit is None or sempit.pk == akar.pk else kunci(sempit.pk)
    baris = _baris_keluarga(kuota, keluarga)
    nilai = baris[2] if baris else 0
    if kuota.sisa < 1 or (kuota.sisa_pagu is not None and nilai > kuota.sisa_pagu):
        di = "" if kuota.pk == akar.pk else f" {kuota.wilayah.sebutan}"
        raise _tutup(
            "KUOTA_PENUH", f"{keluarga.nama_kepala}: kuota {kuota.program_id}{di} triwulan {periode} sudah penuh ({kuota.jumlah} tempat).",
            "Pilih hasil daftar tunggu, atau usulkan perubahan kuota.",
        )  # fmt: skip
    tempat = PengisianKuota.objects.create(
        kuota=kuota, keluarga=keluarga, baris_id=baris[0] if baris else None, peringkat=baris[1] if baris else None, nilai=nilai,
        asal=PengisianKuota.Asal.SK, alasan=f"Ditetapkan dengan SK {sk}.", diisi_by=by,
    )  # fmt: skip
    audit.catat(
        aksi="tempati_kuota", objek=tempat, by=by, wilayah=wilayah, rincian={"kuota": str(kuota.pk), "sk": sk}
    )


def keluarkan(
    program: Program, wilayah: str, periode: str, keluarga: Keluarga, *, by: Pengguna, sebab: str
) -> int:
    """A decree takes the family off: its places are free and the next come up. Returns how many places were left."""
    akar = Kuota.objects.select_for_update(of=("self",)).filter(
        program=program, wilayah=wilayah, periode=periode
    ).first()  # fmt: skip
    if akar is None:
        return 0
    rows = list(_tempat_keluarga(akar, keluarga).order_by("kuota__wilayah_id", "pk"))
    for satu in rows:
        _lepas(kunci(satu.kuota_id), satu, by, sebab)
    return len(rows)


def _tempat_keluarga(akar: Kuota, keluarga: Keluarga) -> QuerySet[PengisianKuota]:
    """Places that the family holds of this programme and quarter, in the quota of the kabupaten or of an area below."""
    return PengisianKuota.objects.terisi().filter(
        dalam("kuota__wilayah_id", [akar.wilayah_id]), kuota__program=akar.program_id, kuota__periode=akar.periode, keluarga=keluarga
    )  # fmt: skip


def _boleh_isi(by: Pengguna, kuota: Kuota) -> None:
    if kalimat := policies.isi(by, kuota):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])


def daftar_sah(kuota: Kuota) -> DaftarKelayakan | None:
    """The signed list of that quarter: only from it are places given."""
    return DaftarKelayakan.objects.filter(
        program=kuota.program_id, wilayah=kabupaten_dari(kuota.wilayah_id), periode=kuota.periode, status=DaftarKelayakan.Status.DITANDATANGANI
    ).first()  # fmt: skip


def _baris_keluarga(kuota: Kuota, keluarga: Keluarga) -> tuple[UUID, int | None, int] | None:
    """(row, rank, rupiah a year) of the family in the signed list."""
    daftar = daftar_sah(kuota)
    if daftar is None:
        return None
    return (
        daftar.baris.filter(keluarga=keluarga)
        .order_by("id")
        .values_list("pk", "peringkat", "manfaat")
        .first()
    )


# The first who may have a place and have none, in the order of the list, while places and money last: of the villages of this
# quota that no narrower one has. Who once left does not come back in the same quarter by himself.
_ISI = """
with bagian as materialized (
  select q.id, q.wilayah_id as kode, q.versi from bansos_kuota q
  where q.program_id = %(program)s and q.periode = %(periode)s and q.wilayah_id >= %(kabupaten)s and q.wilayah_id < %(kabupaten)s || '/'),
desa as materialized (
  select w from (select distinct wilayah_id as w from bansos_barisdaftar where daftar_id = %(daftar)s) x
  where w >= %(dari)s and w < %(sampai)s and not exists (
    select 1 from bagian c where c.versi > 0 and length(c.kode) > length(%(dari)s) and w >= c.kode and w < c.kode || '/')),
calon as (
  select b.id, b.keluarga_id, b.individu_id, b.peringkat, b.manfaat, b.hasil,
         row_number() over urut as n, sum(b.manfaat) over urut as nilai
  from bansos_barisdaftar b
  where b.daftar_id = %(daftar)s and b.hasil in ('layak', 'daftar_tunggu') and b.peringkat is not null
    and b.wilayah_id in (select w from desa)
    and not exists (select 1 from bansos_pengisiankuota p where p.kuota_id in (select id from bagian) and p.keluarga_id = b.keluarga_id
                      and p.individu_id is not distinct from b.individu_id)
  window urut as (order by b.peringkat, b.id)),
masuk as (
insert into bansos_pengisiankuota(id, kuota_id, keluarga_id, individu_id, baris_id, peringkat, nilai, status, asal, alasan, menggantikan_id,
                                  diisi_by_id, diisi_at, sebab_lepas)
select gen_random_uuid(), %(kuota)s, keluarga_id, individu_id, id, peringkat, manfaat, 'terisi',
       case when %(alasan)s <> '' or hasil = 'daftar_tunggu' then 'promosi' else 'daftar' end,
       case when %(alasan)s <> '' then %(alasan)s
            when hasil = 'daftar_tunggu' then 'Naik dari daftar tunggu: peringkat ' || peringkat || ', masih ada tempat.'
            else 'Peringkat ' || peringkat || ' di daftar kelayakan.' end,
       %(menggantikan)s, %(oleh)s, now(), ''
from calon where n <= %(tempat)s and (%(sisa)s::bigint is null or nilai <= %(sisa)s::bigint)
returning baris_id)
select count(*), coalesce(array_agg(distinct left(b.wilayah_id, 13)), '{}') from masuk m join bansos_barisdaftar b on b.id = m.baris_id
"""


def ambil(
    kuota: Kuota, daftar: DaftarKelayakan, *, by: Pengguna, alasan: str = "", menggantikan: PengisianKuota | None = None
) -> int:  # fmt: skip
    """Fill free places in one statement (one place, when somebody left it); the quota is locked by the caller. Returns how many."""
    tempat = min(kuota.sisa, 1) if menggantikan else kuota.sisa
    dari, sampai = rentang(kuota.wilayah_id)
    if tempat <= 0:
        return 0
    isian: dict[str, Any] = {
        "daftar": daftar.pk, "kuota": kuota.pk, "alasan": alasan, "oleh": by.pk, "tempat": tempat,
        "menggantikan": menggantikan.pk if menggantikan else None,
        "sisa": kuota.sisa_pagu, "program": kuota.program_id, "periode": kuota.periode, "kabupaten": kabupaten_dari(kuota.wilayah_id),
        "dari": dari, "sampai": sampai,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_ISI, isian)
        n, desa = cursor.fetchone()
    kuota.refresh_from_db(fields=["terisi", "terpakai", "dibagi", "pagu_dibagi"])
    if n and alasan:
        outbox.antre(NOTICE, {"kuota": str(kuota.pk), "desa": desa}, wilayah=kuota.wilayah_id)
    return int(n)


def _tutup(kode: str, kalimat: str, jalan_keluar: str = "") -> GateClosed:
    return GateClosed([Halangan(kode, kalimat, jalan_keluar)])
