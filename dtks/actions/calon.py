"""Finding people who may be recorded twice, keeping the list alive, and the decisions that change no person.

A search goes slice by slice through the queue (one birth year, one range of names), so that memory does not grow with the
register; a NIK is plain text only while its slice is compared. A pair is one row for ever: it is refreshed, closed when the
two no longer resemble each other, and opened again only when the data changed since somebody decided.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import ExtractYear, Left
from django.utils import timezone

from accounts.models import Pengguna
from core import audit, bulk, duplicates, outbox, workflow
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.actions import bendera
from dtks.models import CalonGanda, Individu
from dtks.policies import calon as policies
from dtks.queries.calon import aliran, ambang, sidik, sosok
from wilayah.kode import dalam

JOB_IRIS = "dtks.cari_ganda"
JOB_SEGARKAN = "dtks.segarkan_ganda"
IRIS_MAKS = 20_000  # people in one slice, unless one birth year or one beginning of names alone has more
AWAL = 3  # letters of the name key that a job may carry: a whole key would be a name in the queue
S = CalonGanda.Status
Temuan = dict[tuple[Any, Any], tuple[int, tuple[str, ...], bytes]]


# --- looking for them ----------------------------------------------------------------------------------


@transaction.atomic
def rencanakan(*, wilayah: str, sejak: datetime | None = None) -> list[dict[str, Any]]:
    """Queue a search of the area in slices; with `sejak` only pairs that touch a person changed since. Returns the slices."""
    potong = iris(wilayah, sejak)
    for satu in potong:
        outbox.antre(JOB_IRIS, satu, judul="Mencari data ganda", wilayah=wilayah)
    outbox.antre(
        JOB_SEGARKAN, {"wilayah": wilayah}, judul="Memeriksa ulang daftar data ganda", wilayah=wilayah
    )
    return potong


def iris(wilayah: str, sejak: datetime | None = None) -> list[dict[str, Any]]:
    """The register of the area in slices of bounded size; with `sejak` only those in which somebody changed since."""
    warga = _warga(wilayah)
    dasar = {"wilayah": wilayah, "sejak": sejak.isoformat() if sejak else None}
    hasil = []
    for jenis, kolom in (("tahun", ExtractYear("tgl_lahir")), ("nama", Left("kunci_nama", AWAL))):
        rows = warga.annotate(iris=kolom)
        berubah = set(rows.filter(updated_at__gte=sejak).values_list("iris", flat=True)) if sejak else None
        hitung = rows.values_list("iris").annotate(n=Count("pk")).order_by("iris")
        hasil += [
            {**dasar, "jenis": jenis, "dari": isi[0], "hingga": isi[-1]}
            for isi in _kumpulkan(hitung)
            if berubah is None or berubah & set(isi)
        ]
    return hasil


def _kumpulkan(kelompok: Iterable[tuple[Any, int]]) -> Iterator[list[Any]]:
    """Neighbouring groups together until a slice is full."""
    isi: list[Any] = []
    jumlah = 0
    for nilai, n in kelompok:
        if isi and jumlah + n > IRIS_MAKS:
            yield isi
            isi, jumlah = [], 0
        isi.append(nilai)
        jumlah += n
    if isi:
        yield isi


def _warga(wilayah: str) -> QuerySet[Individu]:
    return Individu.objects.aktif().filter(dalam("keluarga__wilayah_id", [wilayah]))


def _isi_iris(satu: Mapping[str, Any]) -> QuerySet[Individu]:
    rows = _warga(satu["wilayah"]).order_by("pk")
    if satu["jenis"] == "tahun":
        return rows.filter(
            tgl_lahir__gte=date(satu["dari"], 1, 1), tgl_lahir__lte=date(satu["hingga"], 12, 31)
        )
    # The database compares as it sorted when the slices were cut.
    rows = rows.annotate(iris=Left("kunci_nama", AWAL))
    return rows.filter(iris__gte=satu["dari"], iris__lte=satu["hingga"])


@bulk.without_collector
@transaction.atomic
def cari(satu: Mapping[str, Any]) -> dict[str, int]:
    """Compare one slice and keep what reaches the lower threshold. `satu`: one element of `iris`."""
    rows = _isi_iris(satu)
    fokus = None
    if satu.get("sejak"):
        fokus = set(
            rows.filter(updated_at__gte=datetime.fromisoformat(satu["sejak"])).values_list("pk", flat=True)
        )
    pasangan = duplicates.pairs_by_year if satu["jenis"] == "tahun" else duplicates.pairs_by_name
    return simpan(
        bandingkan(pasangan(aliran(rows), fokus), ambang(satu["wilayah"])[0]), wilayah=satu["wilayah"]
    )


def bandingkan(pasangan: Iterable[tuple[duplicates.Person, duplicates.Person]], tinjau: int) -> Temuan:
    hasil: Temuan = {}
    for a, b in pasangan:
        putusan = duplicates.compare(a, b, tinjau)
        if putusan.skor >= tinjau:
            kunci: Any = (a.id, b.id) if str(a.id) < str(b.id) else (b.id, a.id)
            hasil[kunci] = (putusan.skor, putusan.alasan, sidik(a, b))
    return hasil


def simpan(temuan: Temuan, *, wilayah: str, by: Pengguna | None = None) -> dict[str, int]:
    """New pairs are added, open ones refreshed, decided ones opened again if their data changed. In the caller's transaction."""
    ada = {
        (c.pertama_id, c.kedua_id): c
        for c in CalonGanda.objects.select_for_update(of=("self",))
        .filter(pertama_id__in={a for a, _ in temuan}, kedua_id__in={b for _, b in temuan})
        .order_by("pk")
    }
    baru = [
        CalonGanda(pertama_id=a, kedua_id=b, skor=skor, alasan=list(alasan), sidik=tanda)
        for (a, b), (skor, alasan, tanda) in sorted(temuan.items(), key=lambda t: str(t[0]))
        if (a, b) not in ada
    ]
    CalonGanda.objects.bulk_create(baru, ignore_conflicts=True, batch_size=1000)
    berubah = [c for kunci, c in ada.items() if kunci in temuan and _segarkan(c, *temuan[kunci])]
    for c in berubah:
        c.save()
    hasil = {"baru": len(baru), "berubah": len(berubah)}
    if baru or berubah:
        audit.catat(aksi="cari_ganda", jenis=CalonGanda._meta.label, by=by, wilayah=wilayah, rincian=hasil)
        ids = {o for c in (*baru, *berubah) for o in (c.pertama_id, c.kedua_id)}
        bendera.segarkan(
            Individu.objects.filter(pk__in=ids).order_by("pk").values_list("keluarga_id", flat=True)
        )
    return hasil


def _segarkan(c: CalonGanda, skor: int, alasan: tuple[str, ...], tanda: bytes) -> bool:
    """Bring a pair up to date; True when something changed."""
    if bytes(c.sidik) == tanda:
        sama = (c.skor, tuple(c.alasan)) == (skor, tuple(alasan))
        if c.status != S.GUGUR and sama:
            return False
    elif c.status in (S.BUKAN_GANDA, S.KE_DUKCAPIL, S.USUL_GABUNG):
        c.dibuka_lagi = f"Data berubah sejak diputus “{c.get_status_display()}”."
    if c.status != S.DIGABUNG and (bytes(c.sidik) != tanda or c.status == S.GUGUR):
        _buka(c)
    c.skor, c.alasan, c.sidik = skor, list(alasan), tanda
    return True


def _buka(c: CalonGanda) -> None:
    c.status, c.utama, c.pilihan, c.usul_alasan = S.TERBUKA, None, [], ""
    c.diusulkan_by = c.diusulkan_orang = None


@transaction.atomic
def segarkan(wilayah: str) -> dict[str, int]:
    """Look at every open pair again: close those that are gone, refresh the points of the others."""
    tinjau = ambang(wilayah)[0]
    rows = (
        CalonGanda.objects.terbuka()
        .filter(dalam("pertama__keluarga__wilayah_id", [wilayah]))
        .select_related("pertama", "kedua")
        .select_for_update(of=("self",))
        .order_by("pk")
    )
    gugur = berubah = 0
    for c in rows.iterator(chunk_size=500):
        a, b = sosok(c.pertama), sosok(c.kedua)
        putusan = duplicates.compare(a, b)
        if not (c.pertama.aktif and c.kedua.aktif) or putusan.skor < tinjau:
            _buka(c)
            c.status, c.sidik = S.GUGUR, sidik(a, b)
            c.save()
            gugur += 1
        elif _segarkan(c, putusan.skor, putusan.alasan, sidik(a, b)):
            c.save()
            berubah += 1
    hasil = {"gugur": gugur, "berubah": berubah}
    if gugur or berubah:
        audit.catat(
            aksi="segarkan_ganda", jenis=CalonGanda._meta.label, by=None, wilayah=wilayah, rincian=hasil
        )
    return hasil


@transaction.atomic
def periksa_orang(orang: Individu, *, by: Pengguna) -> list[Individu]:
    """At entry: who in the areas of `by` may be the same person, most alike first. Keeps the pairs; refuses nothing."""
    dekat = (
        Individu.objects.visible_to(by)
        .aktif()
        .exclude(pk=orang.pk)
        .filter(Q(kunci_nama=orang.kunci_nama) | Q(tgl_lahir=orang.tgl_lahir))
        .order_by("pk")[: duplicates.BUCKET]
    )
    wilayah = orang.keluarga.wilayah_id
    saya = sosok(orang)
    temuan = bandingkan(((saya, o) for o in aliran(dekat)), ambang(wilayah)[0])
    simpan(temuan, wilayah=wilayah, by=by)
    pasangan = (
        CalonGanda.objects.terbuka()
        .filter(Q(pertama=orang) | Q(kedua=orang))
        .select_related("pertama__keluarga", "kedua__keluarga")
        .order_by("-skor", "pk")
    )
    mirip = [c.kedua if c.pertama_id == orang.pk else c.pertama for c in pasangan]
    boleh = {a if b == orang.pk else b for a, b in temuan}
    return [o for o in mirip if o.pk in boleh][:3]


def harian(sekarang: datetime, terakhir: datetime | None) -> list[dict[str, Any]]:
    """Every night what changed since the last one; on Sundays, and the first time, everything."""
    minggu = timezone.localtime(sekarang).isoweekday() == 7
    return rencanakan(wilayah=settings.KABUPATEN, sejak=None if minggu else terakhir)


# --- deciding ------------------------------------------------------------------------------------------


def kunci(calon: CalonGanda) -> CalonGanda:
    """The pair, locked until commit, with persons and families loaded; NotOpen when it is settled already."""
    workflow.lock(CalonGanda, calon.pk)
    baris = CalonGanda.objects.select_related("pertama__keluarga", "kedua__keluarga").get(pk=calon.pk)
    if baris.status not in CalonGanda.TERBUKA:
        raise NotOpen(
            [
                Halangan(
                    "SUDAH_DIPUTUS",
                    f"Pasangan ini sudah diputus: {baris.get_status_display()}.",
                    "Muat ulang halaman.",
                )
            ]
        )
    return baris


def wajib(alasan: str) -> str:
    if not alasan.strip():
        raise GateClosed([Halangan("ALASAN_WAJIB", "Tuliskan alasannya.")])
    return alasan.strip()[:300]


@transaction.atomic
def nyatakan_berbeda(calon: CalonGanda, *, by: Pengguna, alasan: str) -> CalonGanda:
    """Two persons who look alike. Stays decided until the data of one of them changes."""
    return _putus(calon, by, S.BUKAN_GANDA, alasan, "nyatakan_berbeda")


@transaction.atomic
def tanya_dukcapil(calon: CalonGanda, *, by: Pengguna, alasan: str) -> CalonGanda:
    """Only Disdukcapil can say which NIK is the right one; the pair waits for its answer."""
    return _putus(calon, by, S.KE_DUKCAPIL, alasan, "tanya_dukcapil")


def _putus(calon: CalonGanda, by: Pengguna, status: str, alasan: str, aksi: str) -> CalonGanda:
    baris = kunci(calon)
    if kalimat := policies.putuskan(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    alasan = wajib(alasan)
    if baris.status == status:
        raise NotOpen([Halangan("SUDAH_DIPUTUS", f"Sudah tercatat: {baris.get_status_display()}.")])
    _buka(baris)
    baris.status, baris.putusan_alasan, baris.dibuka_lagi = status, alasan, ""
    baris.sidik = sidik(sosok(baris.pertama), sosok(baris.kedua))
    baris.diputus_by, baris.diputus_orang, baris.diputus_at = by, by.orang, timezone.now()
    baris.save()
    catat(aksi, baris, by)
    return baris


def catat(aksi: str, calon: CalonGanda, by: Pengguna, **rincian: Any) -> None:
    wilayah = policies.wilayah(calon)[0]
    audit.catat(
        aksi=aksi,
        objek=calon,
        by=by,
        wilayah=wilayah,
        peran=by.peran_untuk(policies.kuasa(by, calon), wilayah),
        rincian=rincian,
    )
    bendera.segarkan([calon.pertama.keluarga_id, calon.kedua.keluarga_id])
