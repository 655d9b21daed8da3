"""Endorsing: a whole batch, or (where the area works so) ticked proposals. All rows or none, one numbered letter."""

import functools
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from accounts.models import Pengguna
from bansos.actions import batch as aksi_batch
from bansos.actions.batch import susun
from bansos.actions.pengiriman import kirim
from bansos.actions.pilihan import kunci_semua, langkahkan_semua, satu_surat
from bansos.models import BarisBatch, BatchPengesahan, Pengesahan, PengesahanUsulan, Program
from bansos.policies import batch as policies_batch
from bansos.queries.batch import sebutan_pejabat, tiga_meja
from bansos.surat.pengesahan import surat_pengesahan
from core import audit, documents, letters, numbering, workflow
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.actions import usulan as langkah
from dtks.models import Usulan
from dtks.policies import usulan as policies
from dtks.queries.gerbang import GERBANG
from wilayah.kode import kabupaten_dari
from wilayah.waktu import hari_wilayah

__all__ = ["Pratinjau", "kirim", "pratinjau", "sahkan", "sahkan_batch", "susun"]


@dataclass(frozen=True)
class Pratinjau:
    """What would happen: the proposals that pass, and those that do not with their sentence."""

    dapat: list[Usulan]
    tidak: list[tuple[Usulan, str]]


def pratinjau(usulan: Iterable[Usulan], *, by: Pengguna, nama: str = "sahkan") -> Pratinjau:
    """Dry run of step `nama` over proposals; writes nothing."""
    dapat: list[Usulan] = []
    tidak: list[tuple[Usulan, str]] = []
    lewat_batch = functools.cache(tiga_meja)
    for satu in usulan:
        arrow = langkah.USULAN.find(nama, satu.status)
        kalimat = policies.BY_STEP[nama](by, satu)
        if kalimat is None and nama == "sahkan" and lewat_batch(kabupaten_dari(satu.wilayah_id)):
            kalimat = "Di wilayah ini disahkan lewat batch. Buka Penetapan, lalu Batch."
        if kalimat is None and arrow is not None:
            kalimat = next((h.kalimat for g in arrow.gerbang if (h := GERBANG[g](satu, by))), None)
        if kalimat is None:
            dapat.append(satu)
        else:
            tidak.append((satu, kalimat))
    return Pratinjau(dapat, tidak)


@transaction.atomic
def sahkan(ids: Iterable[object], *, by: Pengguna) -> Pengesahan:
    """Endorse proposals of one programme straight from the queue, where the area works without three desks."""
    ids = list(ids)
    rows = kunci_semua(ids)
    program, kabupaten = satu_surat(rows, ids)
    if tiga_meja(kabupaten):
        raise GateClosed(
            [
                Halangan(
                    "TIGA_MEJA",
                    "Di wilayah ini pengesahan lewat batch: verifikator menyusun, supervisor memeriksa.",
                    "Buka Pengesahan, lalu sahkan batch yang diteruskan kepada Anda.",
                )
            ]
        )
    if di_batch := BarisBatch.objects.filter(usulan__in=rows, aktif=True).select_related("batch").first():
        raise GateClosed(
            [
                Halangan(
                    "SUDAH_DI_BATCH",
                    f"Ada usulan yang sedang di batch {di_batch.batch.nomor}.",
                    "Sahkan lewat batch itu.",
                )
            ]
        )
    langkahkan_semua(rows, "sahkan", by=by)
    return _letter(rows, program, kabupaten, by)


@transaction.atomic
def sahkan_batch(
    batch: BatchPengesahan, *, by: Pengguna, versi: int | None = None, catatan: str = ""
) -> Pengesahan:
    """The head's desk: the whole batch or nothing, and the numbered letter with it."""
    kini: BatchPengesahan = workflow.lock(BatchPengesahan, batch.pk)
    if kalimat := policies_batch.sahkan(by, kini):
        if kini.status != "diteruskan":
            raise NotOpen([Halangan("SUDAH_BERPINDAH", kalimat, "Muat ulang halaman.")], kini.status)
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], kini.status)
    ids: list[object] = list(kini.baris.filter(aktif=True).values_list("usulan_id", flat=True))
    rows = kunci_semua(ids)
    program, kabupaten = satu_surat(rows, ids)
    langkahkan_semua(rows, "sahkan", by=by)
    kini.pengesahan = _letter(rows, program, kabupaten, by)
    kini.save(update_fields=["pengesahan", "updated_at"])
    aksi_batch.langkahkan(
        kini, "sahkan", by=by, versi=versi, catatan=catatan, rincian={"nomor": kini.pengesahan.nomor}
    )
    kini.baris.filter(aktif=True).update(aktif=False)
    return kini.pengesahan


def _letter(rows: list[Usulan], program: Program, kabupaten: str, by: Pengguna) -> Pengesahan:
    hari = hari_wilayah(kabupaten)
    _, nomor = numbering.issue(
        "pengesahan.nomor", seri=f"PENGESAHAN-{kabupaten}", hari=hari, wilayah=kabupaten
    )
    kode, sebutan = documents.new_code(), sebutan_pejabat(by, kabupaten)
    templat = letters.berlaku("PENGESAHAN", kabupaten, hari)
    wilayah = type(rows[0].wilayah).objects.get(pk=kabupaten)
    rows = sorted(rows, key=lambda u: (u.wilayah_id, u.keluarga.nama_kepala))
    isi = surat_pengesahan(
        nomor=nomor,
        tanggal=hari,
        program=program,
        wilayah=wilayah,
        periode=f"{hari:%Y-%m}",
        usulan=rows,
        penandatangan=by,
        sebutan=sebutan,
        templat=templat,
        kode=kode,
    )
    dokumen = documents.issue(
        isi, kode=kode, jenis="PENGESAHAN", nomor=nomor, judul=f"Surat pengesahan usulan {program.nama}",
        penerbit=f"Dinas Sosial {wilayah.nama}", penandatangan=by.nama, tanggal=hari, wilayah=kabupaten,
        ringkas={
            "jumlah_keluarga": len(rows), "program": program.nama, "jabatan_penanda_tangan": f"{sebutan}Kepala Dinas Sosial",
        }, by_id=str(by.pk), nama="surat-pengesahan.pdf", templat=templat.pk,
    )  # fmt: skip
    pengesahan = Pengesahan.objects.create(
        wilayah=wilayah,
        program=program,
        periode=f"{hari:%Y-%m}",
        nomor=nomor,
        tanggal=hari,
        dokumen=dokumen,
        disahkan_by=by,
    )
    PengesahanUsulan.objects.bulk_create([PengesahanUsulan(pengesahan=pengesahan, usulan=u) for u in rows])
    audit.catat(
        aksi="terbitkan_pengesahan", objek=pengesahan, by=by, wilayah=kabupaten, peran=by.peran_untuk("usulan.sahkan", kabupaten),
        rincian={"nomor": nomor, "jumlah": len(rows)},
    )  # fmt: skip
    return pengesahan
