"""Endorsing a batch and sending it on. All rows or none: a batch with one refusal is refused with its list."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import Pengguna
from bansos.models import Pengesahan, PengesahanUsulan, Program
from bansos.surat.pengesahan import surat_pengesahan
from core import audit, documents, numbering, rules, workflow
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen, StepRefused
from dtks.actions import usulan as langkah
from dtks.models import Usulan
from dtks.policies import usulan as policies
from dtks.queries.gerbang import GERBANG
from wilayah.kode import kabupaten_dari


@dataclass(frozen=True)
class Pratinjau:
    """What would happen: the proposals that pass, and those that do not with their sentence."""

    dapat: list[Usulan]
    tidak: list[tuple[Usulan, str]]


def pratinjau(usulan: Iterable[Usulan], *, by: Pengguna, nama: str = "sahkan") -> Pratinjau:
    """Dry run of step `nama` over proposals; writes nothing."""
    dapat: list[Usulan] = []
    tidak: list[tuple[Usulan, str]] = []
    for satu in usulan:
        arrow = langkah.USULAN.find(nama, satu.status)
        kalimat = policies.BY_STEP[nama](by, satu)
        if kalimat is None and arrow is not None:
            kalimat = next((h.kalimat for g in arrow.gerbang if (h := GERBANG[g](satu, by))), None)
        if kalimat is None:
            dapat.append(satu)
        else:
            tidak.append((satu, kalimat))
    return Pratinjau(dapat, tidak)


def _lock_all(ids: Iterable[object]) -> list[Usulan]:
    """All rows locked in key order before the first write, so that two batches cannot wait for each other."""
    return list(
        Usulan.objects.select_for_update(of=("self",))
        .select_related("keluarga", "wilayah")
        .filter(pk__in=list(ids))
        .order_by("pk")
    )


@transaction.atomic
def sahkan(ids: Iterable[object], *, by: Pengguna) -> Pengesahan:
    """Endorse proposals of one programme as one numbered surat pengesahan."""
    ids = list(ids)
    rows = _lock_all(ids)
    if not rows or len(rows) != len(set(map(str, ids))):
        raise GateClosed(
            [
                Halangan(
                    "PILIHAN_KOSONG",
                    "Pilih paling sedikit satu usulan yang masih ada.",
                    "Muat ulang antrean.",
                )
            ]
        )
    program = {u.program for u in rows}
    if len(program) != 1:
        raise GateClosed(
            [
                Halangan(
                    "PROGRAM_CAMPUR",
                    "Satu pengesahan hanya untuk satu program.",
                    "Saring dulu antrean per program.",
                )
            ]
        )
    kabupaten = kabupaten_dari(rows[0].wilayah_id)
    if any(kabupaten_dari(u.wilayah_id) != kabupaten for u in rows):
        raise GateClosed([Halangan("WILAYAH_CAMPUR", "Satu pengesahan hanya untuk satu kabupaten/kota.")])
    batas = rules.value("batch.maks", kabupaten)
    if len(rows) > batas:
        raise GateClosed(
            [
                Halangan(
                    "BATCH_TERLALU_BESAR", f"Paling banyak {batas} usulan sekali sahkan.", "Kurangi pilihan."
                )
            ]
        )
    tujuan = Program.objects.filter(pk=program.pop()).first()
    if tujuan is None:  # the form's list is wider than the programmes that someone determines (NONBANSOS)
        raise GateClosed(
            [
                Halangan(
                    "PROGRAM_TIDAK_DITETAPKAN",
                    "Program usulan ini tidak ditetapkan lewat portal.",
                    "Kembalikan usulan untuk memilih program yang tepat.",
                )
            ]
        )
    _step_all(rows, "sahkan", by=by)
    return _letter(rows, tujuan, kabupaten, by)


def _step_all(rows: list[Usulan], nama: str, *, by: Pengguna, catatan: str = "") -> None:
    refused: list[Halangan] = []
    for satu in rows:
        try:
            langkah.langkahkan(satu, nama, by=by, catatan=catatan)
        except StepRefused as error:
            refused += [
                Halangan(h.kode, f"{satu.keluarga.nama_kepala}: {h.kalimat}", h.jalan_keluar)
                for h in error.halangan
            ]
            if isinstance(error, NotAllowed | NotOpen) and len(rows) == 1:
                raise
    if refused:
        raise GateClosed(refused)


def _letter(rows: list[Usulan], program: Program, kabupaten: str, by: Pengguna) -> Pengesahan:
    hari = timezone.localdate()
    _, nomor = numbering.issue(
        "pengesahan.nomor", seri=f"PENGESAHAN-{kabupaten}", hari=hari, wilayah=kabupaten
    )
    kode = documents.new_code()
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
        kode=kode,
    )
    dokumen = documents.issue(
        isi, kode=kode, jenis="PENGESAHAN", nomor=nomor, judul=f"Surat pengesahan usulan {program.nama}",
        penerbit=f"Dinas Sosial {wilayah.nama}", penandatangan=by.nama, tanggal=hari, wilayah=kabupaten,
        ringkas={"jumlah_keluarga": len(rows), "program": program.nama}, by_id=str(by.pk), nama="surat-pengesahan.pdf",
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


@transaction.atomic
def kirim(pengesahan: Pengesahan, *, by: Pengguna, tanda_terima: str) -> Pengesahan:
    """Send an endorsed batch on (SIKS-NG/province/bupati); the receipt number proves it."""
    baris: Pengesahan = workflow.lock(Pengesahan, pengesahan.pk)
    if baris.dikirim_at:
        raise NotOpen(
            [Halangan("SUDAH_DIKIRIM", f"Batch ini sudah dikirim dengan tanda terima {baris.tanda_terima}.")]
        )
    if not tanda_terima.strip():
        raise GateClosed(
            [
                Halangan(
                    "TANDA_TERIMA_KOSONG",
                    "Isi nomor tanda terima pengiriman.",
                    "Salin dari SIKS-NG atau agenda surat.",
                )
            ]
        )
    rows = _lock_all(baris.baris.values_list("usulan_id", flat=True))
    berangkat = [u for u in rows if u.status == "disahkan"]
    if not berangkat:
        raise GateClosed([Halangan("TIDAK_ADA_USULAN", "Tidak ada usulan berstatus disahkan di batch ini.")])
    _step_all(berangkat, "kirim", by=by, catatan=f"Tanda terima {tanda_terima.strip()}")
    baris.dikirim_at, baris.dikirim_by, baris.tanda_terima = timezone.now(), by, tanda_terima.strip()[:80]
    baris.save(update_fields=["dikirim_at", "dikirim_by", "tanda_terima"])
    audit.catat(
        aksi="kirim_pengesahan", objek=baris, by=by, wilayah=baris.wilayah_id, peran=by.peran_untuk("usulan.kirim", baris.wilayah_id),
        rincian={"jumlah": len(berangkat)},
    )  # fmt: skip
    return baris
