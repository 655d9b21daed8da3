"""Throwing the data of a family away, and looking for it afterwards (docs/adr/0036).

One run (`Pemusnahan`) covers one family or many. Order of locks as everywhere: proposals, family, persons. What is still found
after a run undoes all of it: an erasure that left something behind is none.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, models, transaction
from django.utils import timezone

from accounts.models import Pengguna
from core import audit, files
from core.models import Berkas, Jejak
from core.privacy.fields import BlindIndexField
from core.workflow import GateClosed, Halangan
from dtks.actions import versi
from dtks.models import DrafIsian, Individu, Keluarga, Usulan
from portal.models import Pemusnahan, PermohonanHak
from portal.queries.hak import ditahan
from portal.queries.hak_tabel import DIHAPUS, FOTO, PER_LABEL, PERSETUJUAN, TABEL, VERSI

L = PermohonanHak.Lingkup
AKSI = "hapus_hak"


class MasihAda(RuntimeError):
    """After the erasure something of the family was still found: nothing is committed. Holds table names only."""


def mulai(*, sebab: str, kelas: str, wilayah: str, permohonan: PermohonanHak | None = None) -> Pemusnahan:
    """Open a run in the current transaction: only inside it the triggers let frozen rows go."""
    run = Pemusnahan.objects.create(
        sebab=sebab, kelas=kelas, permohonan=permohonan, wilayah=wilayah, hari=timezone.localdate()
    )
    with connection.cursor() as cursor:
        cursor.execute("select set_config('dtks.pemusnahan', %s, true)", [str(run.pk)])
    return run


def selesai(run: Pemusnahan, jumlah: dict[str, int]) -> Pemusnahan:
    run.jumlah, run.selesai_at = jumlah, timezone.now()
    run.save(update_fields=["jumlah", "selesai_at"])
    with connection.cursor() as cursor:
        cursor.execute("select set_config('dtks.pemusnahan', '', true)")
    return run


@transaction.atomic
def jalankan(
    keluarga: UUID, *, lingkup: str, sebab: str, by: Pengguna | None, kelas: str, permohonan: PermohonanHak | None = None
) -> Pemusnahan:  # fmt: skip
    """Erase one family as a run of its own. Raises GateClosed while a legal hold stands, MasihAda when something is left."""
    baris = _kunci(keluarga)
    if ditahan(keluarga):
        raise GateClosed([Halangan("DITAHAN", "Data keluarga ini sedang ditahan untuk perkara.", "Lepaskan dulu tahanannya.")])  # fmt: skip
    run = mulai(sebab=sebab, kelas=kelas, wilayah=baris.wilayah_id, permohonan=permohonan)
    jumlah = semua(baris) if lingkup == L.SEMUA else persetujuan(baris)
    audit.catat(
        aksi=AKSI, objek=baris, by=by, wilayah=baris.wilayah_id, rincian={"lingkup": lingkup, "pemusnahan": str(run.pk), "kelas": kelas},
    )  # fmt: skip
    return selesai(run, jumlah)


def _kunci(keluarga: UUID) -> Keluarga:
    list(
        Usulan.objects.select_for_update(of=("self",))
        .filter(keluarga=keluarga)
        .order_by("pk")
        .values_list("pk")
    )
    baris = Keluarga.objects.select_for_update(of=("self",)).get(pk=keluarga)
    list(
        Individu.objects.select_for_update(of=("self",))
        .filter(keluarga=keluarga)
        .order_by("pk")
        .values_list("pk")
    )
    return baris


def persetujuan(keluarga: Keluarga) -> dict[str, int]:
    """Photos, point on the map, telephone number; older versions of the family, which hold them too."""
    jumlah: Counter[str] = Counter()
    ids = _foto_lama(keluarga.pk)
    for label in (*FOTO, VERSI):
        tabel = PER_LABEL[label]
        ids |= _berkas(tabel.milik(keluarga.pk), tabel.berkas)
        jumlah[label] = _buang(tabel.milik(keluarga.pk))
    for label, isi in PERSETUJUAN.items():
        jumlah[label] = PER_LABEL[label].milik(keluarga.pk).update(**isi)
    jumlah["core.Berkas"] = _buang_berkas(ids)
    keluarga.refresh_from_db()
    versi.pastikan(keluarga)
    _pastikan_kosong(keluarga.pk, [PER_LABEL[k] for k in FOTO], ids)
    return dict(jumlah)


def semua(keluarga: Keluarga) -> dict[str, int]:
    """Everything: rows go or are overwritten as portal.queries.hak_tabel says."""
    tanda = _tanda(keluarga)
    jumlah: Counter[str] = Counter()
    ids = _foto_lama(keluarga.pk)
    for tabel in TABEL:
        rows = tabel.milik(keluarga.pk)
        if tabel.hapus in ("buang", "kosong"):
            ids |= _berkas(rows, tabel.berkas)
            jumlah[tabel.label] = _buang(rows) if tabel.hapus == "buang" else rows.update(**tabel.isi)
    jumlah["dtks.DrafIsian"] = _buang_draf(keluarga.pk)
    jumlah["core.Dokumen"], salinan = _salinan(keluarga.pk)
    jumlah["core.Berkas"] = _buang_berkas(ids | salinan)
    sisa = cari_sisa(keluarga.pk, tanda)
    if sisa:
        raise MasihAda(", ".join(sorted(sisa)))
    _pastikan_kosong(keluarga.pk, [t for t in TABEL if t.hapus == "buang"], ids)
    return dict(jumlah)


def _buang(rows: Any) -> int:
    n, _ = rows.delete()
    return n


def _berkas(rows: Any, kolom: Iterable[str]) -> set[UUID]:
    return {pk for k in kolom for pk in rows.values_list(f"{k}_id", flat=True) if pk is not None}


def _foto_lama(keluarga: UUID) -> set[UUID]:
    """Files of pictures that were taken away or replaced: only the trail still names them."""
    rows = Jejak.objects.filter(
        objek_jenis="dtks.Keluarga", objek_id=str(keluarga), aksi__in=("hapus_foto", "ganti_foto")
    )
    nama = {
        str(r["berkas"]) for r in rows.order_by("id").values_list("rincian", flat=True) if r.get("berkas")
    }
    return set(Berkas.objects.filter(pk__in=nama, jenis__startswith="foto_").values_list("pk", flat=True))


def _buang_berkas(ids: set[UUID]) -> int:
    rows = list(Berkas.objects.filter(pk__in=ids).order_by("pk"))
    for satu in rows:
        files.remove(satu)
    return len(rows)


def _buang_draf(keluarga: UUID) -> int:
    """Half-filled forms about this family or its proposals, whoever typed them."""
    syarat = models.Q(kunci__contains=str(keluarga))
    for pk in Usulan.objects.filter(keluarga=keluarga).order_by("pk").values_list("pk", flat=True):
        syarat |= models.Q(kunci__contains=str(pk))
    return _buang(DrafIsian.objects.filter(syarat))


def _salinan(keluarga: UUID) -> tuple[int, set[UUID]]:
    """Copies of the data that were made for its people."""
    rows = list(PermohonanHak.objects.filter(keluarga=keluarga, dokumen__isnull=False, jenis="AKSES").select_related("dokumen"))  # fmt: skip
    ids = {r.dokumen.berkas_id for r in rows if r.dokumen}
    for satu in rows:
        dokumen, satu.dokumen = satu.dokumen, None
        satu.save(update_fields=["dokumen", "updated_at"])
        assert dokumen is not None
        dokumen.delete()
    return len(rows), ids


# --- what is looked for afterwards ----------------------------------------------------------------------

Tanda = tuple[list[bytes], list[str]]


def _tanda(keluarga: Keluarga) -> Tanda:
    """What would give the family away: keyed hashes of its numbers, names and addresses in plain."""
    anggota = list(Individu.objects.filter(keluarga=keluarga).order_by("pk"))
    hash_ = [keluarga.no_kk_indeks, keluarga.telepon_indeks, *(a.nik_indeks for a in anggota)]
    kata = {keluarga.nama_kepala, keluarga.alamat, keluarga.alamat_kk, keluarga.patokan}
    kata |= {k for a in anggota for k in (a.nama, a.ibu_kandung, a.alamat_capil)}
    buka: list[Any] = [keluarga.no_kk, keluarga.telepon, *(a.nik for a in anggota)]
    kata |= {s.open() for s in buka if s}
    return [bytes(h) for h in hash_ if h], [k for k in kata if len(k) > 3 and k != DIHAPUS]


def cari_sisa(keluarga: UUID, tanda: Tanda) -> set[str]:
    """'table.column' of the family's own rows that still hold one of its names or numbers, and of any keyed column that does."""
    hash_, kata = tanda
    hasil = {
        f"{t.label}.{k.name}"
        for t in TABEL
        for k in t.model._meta.concrete_fields
        if isinstance(k, models.CharField | models.TextField | models.JSONField)
        and any(_memuat(t.milik(keluarga), k.name, satu) for satu in kata)
    }
    for tabel in TABEL:
        for kolom in tabel.model._meta.concrete_fields:
            terkunci = isinstance(kolom, BlindIndexField) and hash_
            if terkunci and tabel.milik(keluarga).filter(**{f"{kolom.name}__in": hash_}).exists():
                hasil.add(f"{tabel.label}.{kolom.name}")
    return hasil


def _memuat(rows: Any, kolom: str, kata: str) -> bool:
    return rows.annotate(cari_kata=models.functions.Cast(kolom, models.TextField())).filter(cari_kata__icontains=kata).exists()  # fmt: skip


def _pastikan_kosong(keluarga: UUID, tabel: Iterable[Any], berkas: set[UUID]) -> None:
    sisa = {t.label for t in tabel if t.milik(keluarga).exists()}
    if Berkas.objects.filter(pk__in=berkas).exists():
        sisa.add("core.Berkas")
    if sisa:
        raise MasihAda(", ".join(sorted(sisa)))


def ulang(keluarga: UUID, lingkup: str) -> bool:
    """After a restore: erase again what was erased before. False when the family is not there or is empty already."""
    baris = apps.get_model("dtks.Keluarga")._base_manager.filter(pk=keluarga).first()
    if baris is None or (lingkup == L.SEMUA and baris.nama_kepala == DIHAPUS):
        return False
    jalankan(keluarga, lingkup=lingkup, sebab=Pemusnahan.Sebab.PULIH, by=None, kelas="pemulihan")
    return True
