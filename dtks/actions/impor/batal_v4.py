"""Taking an import back: its new rows go, its changed rows get every byte back. Only while nothing was built on them."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Q

from accounts.models import Pengguna
from core import bulk
from core.models import Jejak
from core.progress import Laju
from core.workflow import GateClosed, Halangan
from dtks.actions import versi
from dtks.models import BarisImpor, Impor, Individu, Keluarga, Usulan, VersiKeluarga
from dtks.policies.usulan import DI_DINAS

# An answer of the civil registry is the machine's, not somebody's work: it goes with its person.
_MESIN = ["hasil_padan", "minta_padan_batch", "tutup_tiket_padan", "minta_batal_impor", "batal_impor_ditolak"]
_IKUT = {"dtks_individu", "dtks_usulan", "dtks_hasilpadan", "dtks_tiketpadan"}
_KUNCI = """
select count(*) from (select k.id from dtks_keluarga k where k.id = any(%(asal)s) or k.id in
  (select keluarga from dtks_barisimpor where impor_id = %(impor)s and hasil = any(%(hasil)s)) order by k.id for update) x
"""
# (row, family that gets somebody or something back, its version then): may it still?
_LANJUT = """
select b.nomor from unnest(%(nomor)s::int[], %(keluarga)s::uuid[], %(versi)s::int[]) b(nomor, id, versi)
join dtks_keluarga k on k.id = b.id
where k.status = 'nonaktif'
   or exists (select 1 from dtks_permintaanpindah p where p.keluarga_id = k.id and p.status = 'diminta')
   or exists (select 1 from dtks_usulan u where u.keluarga_id = k.id and (u.status = any(%(dinas)s) or u.status = 'ditunda'
        and (select h.dari from dtks_riwayatusulan h where h.usulan_id = u.id and h.urut = u.versi) = any(%(dinas)s)))
   or exists (select 1 from dtks_versikeluarga v where v.keluarga_id = k.id
              and (v.versi > b.versi and v.aksi <> 'impor' or v.created_at > %(saat)s))
   or exists (select 1 from core_jejakbaris j where j.tabel = 'dtks_keluarga' and j.kunci = k.id::text and j.id > %(akhir)s
              and exists (select 1 from core_jejak a where a.tx = j.tx and a.aksi <> all(%(mesin)s) and a.id > %(aksi)s))
"""
_BERGERAK = """
select b.nomor from dtks_barisimpor b
cross join lateral (values ('dtks_keluarga', b.keluarga, 'keluarga'), ('dtks_individu', b.individu, 'individu'),
                           ('dtks_usulan', b.usulan, 'usulan')) v(tabel, id, apa)
where b.impor_id = %(impor)s and b.hasil = any(%(hasil)s) and (v.apa = any(b.dibuat) or (b.sebelum is not null and v.apa <> 'usulan'))
  and exists (select 1 from core_jejakbaris j where j.tabel = v.tabel and j.kunci = v.id::text and j.id > %(akhir)s
              and exists (select 1 from core_jejak a where a.tx = j.tx and a.aksi <> all(%(mesin)s) and a.id > %(aksi)s))
union
select b.nomor from dtks_barisimpor b join dtks_tiketpadan t on t.individu_id = b.individu
where b.impor_id = %(impor)s and 'individu' = any(b.dibuat) and b.hasil = any(%(hasil)s) and t.status <> all('{buka,selesai}')
order by 1 limit 20
"""
_TULIS = ["baru", "berubah", "pindah"]
_TANPA_VERSI = 2**31 - 1


def batalkan(impor: Impor, by: Pengguna, laju: Laju) -> dict[str, int]:
    """Raises GateClosed naming the rows that moved on; then nothing was changed."""
    kembali = _penerima(impor)
    with connection.cursor() as cursor:
        cursor.execute(
            _KUNCI, {"impor": impor.pk, "hasil": _TULIS, "asal": [keluarga for _, keluarga, _ in kembali]}
        )
    if BarisImpor.objects.filter(impor=impor, hasil__in=_TULIS).exclude(ganti=[]).exists():
        raise GateClosed([Halangan("ADA_YANG_DIGANTI", "Impor ini menarik usulan lama, dan usulan yang ditarik tidak bisa dihidupkan lagi. Buat perbaikan satu per satu.")])  # fmt: skip
    _belum_bergerak(impor, kembali)
    laju(0, "Membatalkan")
    diubah = _kembalikan(impor)
    hitung = _hapus(impor, by)
    rumah = BarisImpor.objects.filter(impor=impor, hasil__in=_TULIS).values("keluarga")
    rumah_lama = [keluarga for _, keluarga, _ in kembali]
    dari_impor = VersiKeluarga.objects.filter(
        Q(keluarga__in=rumah) | Q(keluarga__in=rumah_lama), aksi="impor"
    )
    versi.naikkan(dari_impor.values("keluarga"), aksi="batal_impor", by=by)
    return {"dikembalikan": diubah, **hitung}


def _penerima(impor: Impor) -> list[tuple[int, str, int]]:
    """(row, family, version that the family may have at most) of every family that undoing writes to or fills again.

    A version that somebody kept since is not written over: the number given back would be taken by the next change.
    """
    hasil = []
    rows = BarisImpor.objects.filter(impor=impor, sebelum__isnull=False).order_by("nomor")
    for nomor, keluarga, segel in rows.values_list("nomor", "keluarga", "sebelum").iterator(1000):
        isi = BarisImpor.buka_segel(impor.pk, nomor, bytes(segel or b""))
        versi = int(isi["keluarga"]["versi"]) if "keluarga" in isi else _TANPA_VERSI
        hasil.append((nomor, str(keluarga), versi))
        if asal := isi.get("individu", {}).get("keluarga_id"):
            hasil.append((nomor, str(asal), _TANPA_VERSI))
    return hasil


def _belum_bergerak(impor: Impor, kembali: list[tuple[int, str, int]]) -> None:
    nomor: set[int] = set()
    nilai: dict[str, Any] = {
        "impor": impor.pk, "hasil": _TULIS, "akhir": impor.jejak_akhir or 0, "mesin": _MESIN, "aksi": _aksi_terakhir(impor),
        "dinas": list(DI_DINAS), "nomor": [n for n, _, _ in kembali], "keluarga": [k for _, k, _ in kembali],
        "versi": [v for _, _, v in kembali], "saat": impor.applied_at,
    }  # fmt: skip
    with connection.cursor() as cursor:
        for satu in (_BERGERAK, _LANJUT):
            cursor.execute(satu, nilai)
            nomor |= {r[0] for r in cursor.fetchall()}
        for apa, model in (("keluarga", Keluarga), ("individu", Individu), ("usulan", Usulan)):
            for tabel, kolom in _penunjuk(model):
                cursor.execute(_pertanyaan(apa, tabel, kolom), {"impor": impor.pk})
                nomor |= {r[0] for r in cursor.fetchall()}
    if nomor:
        daftar = ", ".join(str(n) for n in sorted(nomor)[:10]) + (" dan lainnya" if len(nomor) > 10 else "")
        raise GateClosed([Halangan("SUDAH_BERLANJUT", f"Impor ini tidak bisa dibatalkan: data dari baris {daftar} sudah diubah atau dilanjutkan sesudahnya.")])  # fmt: skip


def _aksi_terakhir(impor: Impor) -> int:
    """The act with which this import was applied: what came after it is somebody else's."""
    rows = Jejak.objects.filter(objek_jenis=Impor._meta.label, objek_id=str(impor.pk), aksi="terapkan_impor")
    return rows.order_by("-pk").values_list("pk", flat=True).first() or 0


def _penunjuk(model: type[Any]) -> Iterable[tuple[str, str]]:
    """Every table that points to this one, of any floor: what stands there was built on the row."""
    for lain in apps.get_models(include_auto_created=True):
        for f in lain._meta.local_fields:
            if f.is_relation and f.related_model is model:
                yield lain._meta.db_table, str(f.column)


def _pertanyaan(apa: str, tabel: str, kolom: str) -> str:
    """Rows of `tabel` that point to what the import made, but for those that it made itself and machine answers."""
    sendiri = ""
    if tabel in ("dtks_individu", "dtks_usulan"):
        nama = tabel.removeprefix("dtks_")
        sendiri = (
            f" and not exists (select 1 from dtks_barisimpor y where y.impor_id = b.impor_id and y.{nama} = x.id"  # noqa: S608 - names from models
            f" and ('{nama}' = any(y.dibuat) or y.hasil = 'pindah'))"
        )
    elif tabel in _IKUT:
        return "select nomor from dtks_barisimpor where impor_id = %(impor)s and false"
    return (
        f"select b.nomor from dtks_barisimpor b join {tabel} x on x.{kolom} = b.{apa}"  # noqa: S608 - names from models
        f" where b.impor_id = %(impor)s and '{apa}' = any(b.dibuat) and b.hasil in ('baru', 'berubah', 'pindah'){sendiri} limit 20"
    )


def _kembalikan(impor: Impor) -> int:
    """Columns of changed rows as they were, last change first."""
    n = 0
    rows = BarisImpor.objects.filter(impor=impor, sebelum__isnull=False).order_by("-nomor")
    with connection.cursor() as cursor:
        for b in rows.iterator(1000):
            isi = BarisImpor.buka_segel(impor.pk, b.nomor, bytes(b.sebelum or b""))
            for apa, pk in (("keluarga", b.keluarga), ("individu", b.individu)):
                if kolom := isi.get(apa):
                    setel = ", ".join(f"{k} = r.{k}" for k in kolom)
                    cursor.execute(
                        f"update dtks_{apa} x set {setel} from jsonb_populate_record(null::dtks_{apa}, %s) r where x.id = %s",  # noqa: S608
                        [bulk.json_text(kolom), pk],
                    )
                    n += 1
    return n


_HAPUS_JEJAK = """
insert into core_jejak(rantai, aksi, objek_jenis, objek_id, aktor_id, aktor_nama, peran, wilayah, rincian)
select left(k.wilayah_id, 5), %(aksi)s, %(jenis)s, k.id::text, %(aktor)s, %(nama)s, %(peran)s, k.wilayah_id, jsonb_build_object('impor', %(impor)s::text)
from {tabel} k join dtks_barisimpor b on b.{apa} = k.id and '{apa}' = any(b.dibuat) where b.impor_id = %(impor)s and b.hasil = any(%(hasil)s)
"""


def _hapus(impor: Impor, by: Pengguna) -> dict[str, int]:
    nilai: dict[str, Any] = {
        "impor": impor.pk, "hasil": _TULIS, "aktor": str(by.pk), "nama": by.get_username(),
        "peran": by.peran_untuk(impor.kuasa, impor.wilayah_id),
    }  # fmt: skip
    hitung = {}
    with connection.cursor() as cursor:
        for apa, jenis in (("usulan", "dtks.Usulan"), ("keluarga", "dtks.Keluarga")):
            cursor.execute(
                _HAPUS_JEJAK.format(tabel=f"dtks_{apa}", apa=apa),
                nilai | {"aksi": f"hapus_{apa}", "jenis": jenis},
            )
        for tabel, kolom, apa in (
            ("dtks_hasilpadan", "individu_id", "individu"), ("dtks_tiketpadan", "individu_id", "individu"), ("dtks_usulan", "id", "usulan"),
            ("dtks_individu", "id", "individu"), ("dtks_keluarga", "id", "keluarga"),
        ):  # fmt: skip
            cursor.execute(
                f"delete from {tabel} x using dtks_barisimpor b where b.impor_id = %(impor)s and b.hasil = any(%(hasil)s)"  # noqa: S608
                f" and '{apa}' = any(b.dibuat) and x.{kolom} = b.{apa}",
                nilai,
            )
            hitung[f"hapus_{tabel.removeprefix('dtks_')}"] = cursor.rowcount
    return hitung
