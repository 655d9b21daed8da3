"""A batch over three desks: put together and handed over by a verifier, checked by a supervisor. The head's step is in `pengesahan`.

Locks: the batch first, then its proposals in key order.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Pengguna
from bansos.actions.pilihan import kalimat_alasan, kunci_semua, satu_surat
from bansos.models import BarisBatch, BatchPengesahan
from bansos.policies import batch as policies
from bansos.workflow import BATCH
from core import audit, numbering, rules, workflow
from core.workflow import Gate, GateClosed, Halangan, NotAllowed, NotOpen
from dtks.models import RiwayatUsulan, Usulan
from dtks.queries.gerbang import GERBANG as GERBANG_USULAN
from dtks.workflow import USULAN
from wilayah.models import Wilayah
from wilayah.waktu import hari_wilayah

NOTICE = "bansos.kabar_batch"


def _berisi(batch: BatchPengesahan, by: object) -> Halangan | None:
    if batch.baris.filter(aktif=True).exists():
        return None
    return Halangan("BATCH_KOSONG", "Batch ini tidak berisi usulan lagi.", "Bubarkan batch ini.")


def _siap(batch: BatchPengesahan, by: object) -> Halangan | None:
    """Every case in it could be endorsed now, as far as the case itself goes."""
    arrow = USULAN.find("sahkan", "terverifikasi")
    assert arrow is not None
    masalah = []
    for baris in batch.baris.filter(aktif=True).select_related("usulan__keluarga"):
        u = baris.usulan
        if u.status != "terverifikasi":
            masalah.append(f"{u.keluarga.nama_kepala}: sekarang “{u.get_status_display()}”.")
        else:
            masalah += [
                f"{u.keluarga.nama_kepala}: {h.kalimat}"
                for g in arrow.gerbang
                if (h := GERBANG_USULAN[g](u, by))
            ]
    if not masalah:
        return None
    return Halangan("BATCH_BELUM_SIAP", " ".join(masalah), "Keluarkan usulan itu dari batch dengan alasan.")


def _sama(batch: BatchPengesahan, by: object) -> Halangan | None:
    """The head endorses what the supervisor checked, not what was sent back and verified again behind his back."""
    periksa = batch.riwayat.filter(langkah="teruskan").order_by("-urut").first()
    isi = batch.baris.filter(aktif=True).values("usulan")
    if periksa is None or not RiwayatUsulan.objects.filter(usulan__in=isi, langkah="verifikasi", pada__gt=periksa.pada).exists():  # fmt: skip
        return None
    return Halangan(
        "BERUBAH_SESUDAH_DIPERIKSA",
        "Ada usulan di batch ini yang diverifikasi lagi sesudah diperiksa supervisor.",
        "Kembalikan batch ke supervisor supaya diperiksa lagi.",
    )


GERBANG: dict[str, Gate] = {"batch_berisi": _berisi, "batch_siap": _siap, "batch_sama": _sama}


def langkahkan(
    batch: BatchPengesahan,
    nama: str,
    *,
    by: Pengguna,
    alasan: str = "",
    catatan: str = "",
    versi: int | None = None,
    rincian: dict[str, Any] | None = None,
) -> BatchPengesahan:
    """One step of the batch: history, audit and notice in one transaction."""
    arrow = BATCH.find(nama, batch.status)
    perlu = arrow is not None and arrow.perlu_alasan
    hasil: BatchPengesahan = workflow.step(
        BATCH,
        batch,
        nama,
        by=by,
        boleh=policies.BY_STEP[nama],
        gerbang=GERBANG,
        alasan=alasan,
        alasan_kalimat=kalimat_alasan(alasan, f"{nama}_batch") if perlu else "",
        catatan=catatan.strip(),
        versi=versi,
        peran=by.peran_untuk(arrow.kuasa, batch.wilayah_id) if arrow else "",
        rincian=rincian,
        notice=NOTICE,
    )
    return hasil


def pratinjau(usulan: Iterable[Usulan], *, by: Pengguna) -> tuple[list[Usulan], list[tuple[Usulan, str]]]:
    """Dry run of `susun`: those that can go into a batch, and those that cannot with their sentence. Writes nothing."""
    rows = list(usulan)
    di_batch = dict(
        BarisBatch.objects.filter(usulan__in=rows, aktif=True).values_list("usulan_id", "batch__nomor")
    )
    arrow = USULAN.find("sahkan", "terverifikasi")
    assert arrow is not None
    dapat: list[Usulan] = []
    tidak: list[tuple[Usulan, str]] = []
    for u in rows:
        kalimat: str | None = None
        if not by.boleh("batch.susun", u.wilayah_id):
            kalimat = "Di luar wilayah tugas Anda."
        elif u.status != "terverifikasi":
            kalimat = f"Sekarang “{u.get_status_display()}”. Batch hanya berisi usulan yang lolos verifikasi."
        elif u.pk in di_batch:
            kalimat = f"Sudah di batch {di_batch[u.pk]}."
        else:
            kalimat = next((h.kalimat for g in arrow.gerbang if (h := GERBANG_USULAN[g](u, by))), None)
        if kalimat is None:
            dapat.append(u)
        else:
            tidak.append((u, kalimat))
    return dapat, tidak


@transaction.atomic
def susun(
    ids: Iterable[object], *, by: Pengguna, batch: BatchPengesahan | None = None, catatan: str = ""
) -> BatchPengesahan:
    """Verified proposals of one programme become a batch that waits for the supervisor.

    With `batch` they join one that was sent back to the verifier, which then has to be handed over again.
    """
    pilihan = list(ids)
    kini: BatchPengesahan | None = workflow.lock(BatchPengesahan, batch.pk) if batch else None
    rows = kunci_semua(pilihan)
    program, kabupaten = satu_surat(rows, pilihan)
    if not by.boleh("batch.susun", kabupaten):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", "Batch disusun oleh verifikator Dinas Sosial.")])
    tidak = [u for u in rows if u.status != "terverifikasi"]
    if tidak:
        raise GateClosed(
            [
                Halangan(
                    "BELUM_LOLOS",
                    f"{u.keluarga.nama_kepala}: sekarang “{u.get_status_display()}”.",
                    "Batch hanya berisi usulan yang lolos verifikasi.",
                )
                for u in tidak
            ]
        )
    if kini is not None:
        _menerima(kini, program.pk, kabupaten, len(rows))
    else:
        hari = hari_wilayah(kabupaten)
        urut = numbering.take(f"BATCH-{kabupaten}", hari.year)
        kini = BatchPengesahan.objects.create(
            nomor=f"B-{urut:03d}/{hari.year}",
            wilayah=Wilayah.objects.get(pk=kabupaten),
            program=program,
            created_by=by,
        )
    _masukkan(kini, rows)
    audit.catat(
        aksi="susun_batch", objek=kini, by=by, wilayah=kabupaten, peran=by.peran_untuk("batch.susun", kabupaten),
        rincian={"nomor": kini.nomor, "jumlah": len(rows), "tambahan": batch is not None},
    )  # fmt: skip
    kini.refresh_from_db()
    if batch is not None:
        return kini
    return langkahkan(kini, "serahkan", by=by, catatan=catatan)


def _menerima(batch: BatchPengesahan, program: str, kabupaten: str, tambah: int) -> None:
    if batch.status != "disusun" or (batch.program_id, batch.wilayah_id) != (program, kabupaten):
        raise NotOpen(
            [
                Halangan(
                    "BATCH_TERTUTUP",
                    f"Batch {batch.nomor} tidak sedang disusun atau untuk program lain.",
                    "Susun batch baru.",
                )
            ],
            batch.status,
        )
    batas = rules.value("batch.maks", kabupaten)
    if batch.baris.filter(aktif=True).count() + tambah > batas:
        raise GateClosed(
            [
                Halangan(
                    "BATCH_TERLALU_BESAR", f"Paling banyak {batas} usulan satu batch.", "Susun batch baru."
                )
            ]
        )


def _masukkan(batch: BatchPengesahan, rows: list[Usulan]) -> None:
    lain = list(
        BarisBatch.objects.filter(usulan__in=rows, aktif=True).select_related("batch", "usulan__keluarga")
    )
    try:
        if lain:
            raise IntegrityError
        with transaction.atomic():
            BarisBatch.objects.bulk_create([BarisBatch(batch=batch, usulan=u) for u in rows])
    except IntegrityError as error:
        raise GateClosed(
            [
                Halangan(
                    "SUDAH_DI_BATCH",
                    f"{b.usulan.keluarga.nama_kepala}: sudah di batch {b.batch.nomor}.",
                    "Hapus centangnya.",
                )
                for b in lain
            ]
            or [
                Halangan(
                    "SUDAH_DI_BATCH", "Sebagian usulan baru saja masuk batch lain.", "Muat ulang antrean."
                )
            ]
        ) from error


@transaction.atomic
def keluarkan(
    batch: BatchPengesahan,
    ids: Iterable[UUID],
    *,
    by: Pengguna,
    alasan: str,
    catatan: str = "",
) -> int:
    """Take cases out, with the reason; they are verified still and can join another batch. Returns how many."""
    kini: BatchPengesahan = workflow.lock(BatchPengesahan, batch.pk)
    if kalimat := policies.keluarkan(by, kini):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], kini.status)
    kalimat = kalimat_alasan(alasan, "keluarkan_batch")
    dipilih = set(ids)
    n = kini.baris.filter(usulan_id__in=dipilih, aktif=True).update(
        aktif=False,
        keluar_by=by,
        keluar_at=timezone.now(),
        keluar_alasan=alasan,
        keluar_kalimat=kalimat,
        keluar_catatan=catatan.strip()[:500],
    )
    if not dipilih or n != len(dipilih):
        raise NotOpen(
            [Halangan("SUDAH_KELUAR", "Pilih usulan yang masih di batch ini.", "Muat ulang halaman ini.")],
            kini.status,
        )
    kuasa = "batch.susun" if kini.status == "disusun" else "batch.periksa"
    audit.catat(
        aksi="keluarkan_dari_batch", objek=kini, by=by, wilayah=kini.wilayah_id, peran=by.peran_untuk(kuasa, kini.wilayah_id),
        rincian={"usulan": sorted(map(str, dipilih)), "alasan": alasan},
    )  # fmt: skip
    return n


def serahkan(
    batch: BatchPengesahan, *, by: Pengguna, versi: int | None = None, catatan: str = ""
) -> BatchPengesahan:
    return langkahkan(batch, "serahkan", by=by, versi=versi, catatan=catatan)


def teruskan(
    batch: BatchPengesahan, *, by: Pengguna, versi: int | None = None, catatan: str = ""
) -> BatchPengesahan:
    return langkahkan(batch, "teruskan", by=by, versi=versi, catatan=catatan)


def kembalikan(
    batch: BatchPengesahan, *, by: Pengguna, alasan: str, versi: int | None = None, catatan: str = ""
) -> BatchPengesahan:
    """One desk back, for repair."""
    return langkahkan(batch, "kembalikan", by=by, alasan=alasan, versi=versi, catatan=catatan)


@transaction.atomic
def bubarkan(
    batch: BatchPengesahan, *, by: Pengguna, alasan: str, versi: int | None = None, catatan: str = ""
) -> BatchPengesahan:
    """Give the batch up: its cases are free for another one."""
    hasil = langkahkan(batch, "bubarkan", by=by, alasan=alasan, versi=versi, catatan=catatan)
    hasil.baris.filter(aktif=True).update(aktif=False)
    return hasil
