"""Who visits: many cases divided at once, another officer for a visit, an officer who asks to be replaced."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from accounts.models import Pengguna
from core import audit, outbox, rules, workflow
from core.workflow import GateClosed, Halangan, NotAllowed, StepRefused
from dtks.actions import meja
from dtks.actions import usulan as langkah
from dtks.models import BENTURAN, AlasanLangkah, PermintaanAlih, Usulan
from dtks.policies import usulan as policies

JOB = "dtks.beri_tahu_alih"


@dataclass(frozen=True)
class Pasangan:
    """What the person confirmed on the preview: this case, in the version seen, to this officer."""

    usulan: UUID
    petugas: UUID
    versi: int


@dataclass(frozen=True)
class Hasil:
    ditugaskan: int
    gagal: list[tuple[str, str]]  # ticket, sentence


def bagikan(pasangan: Iterable[Pasangan], *, by: Pengguna) -> Hasil:
    """Send officers to many families: each case a step of its own, so one that moved on meanwhile stops no other."""
    daftar = sorted(pasangan, key=lambda p: str(p.usulan))
    maks = rules.value("asesmen.bagi_maks")
    if len(daftar) > maks:
        raise GateClosed(
            [Halangan("TERLALU_BANYAK", f"Sekali bagi paling banyak {maks} usulan.", "Bagi dua kali.")]
        )
    usulan = Usulan.objects.visible_to(by).in_bulk([p.usulan for p in daftar])
    petugas = Pengguna.objects.in_bulk([p.petugas for p in daftar])
    jadi, gagal = 0, []
    for satu in daftar:
        baris, dia = usulan.get(satu.usulan), petugas.get(satu.petugas)
        if baris is None or dia is None:
            raise NotAllowed([Halangan("TIDAK_ADA", "Usulan atau petugas di daftar ini tidak ditemukan.")])
        try:
            meja.putuskan(baris, "tugaskan", by=by, versi=satu.versi, cara="bagikan", petugas=dia)
            jadi += 1
        except StepRefused as ditolak:
            gagal.append((baris.tiket, " ".join(h.kalimat for h in ditolak.halangan)))
    return Hasil(jadi, gagal)


@transaction.atomic
def alihkan(
    usulan: Usulan,
    *,
    by: Pengguna,
    petugas: Pengguna,
    alasan: str,
    versi: int | None = None,
    catatan: str = "",
) -> Usulan:
    """Another officer for a visit that was not made; the deadline stays as it was."""
    baris: Usulan = workflow.lock(Usulan, usulan.pk)
    lama = baris.petugas_id
    if baris.status == "ditugaskan":
        if lama == petugas.pk:
            raise GateClosed(
                [Halangan("PETUGAS_SAMA", f"{petugas.nama} sudah bertugas.", "Pilih petugas lain.")]
            )
        baris.petugas = petugas
        baris.save(update_fields=["petugas", "updated_at"])
    return langkah.langkahkan(
        baris,
        "alihkan",
        by=by,
        alasan=alasan,
        versi=versi,
        catatan=catatan,
        rincian={"dari_petugas": str(lama), "petugas": str(petugas.pk)},
    )


@transaction.atomic
def minta_alih(usulan: Usulan, *, by: Pengguna, alasan: str, catatan: str) -> PermintaanAlih:
    """The officer who was sent asks to be replaced. A declared conflict of interest closes the case to him at once."""
    baris: Usulan = workflow.lock(Usulan, usulan.pk)
    if kalimat := policies.ases(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], baris.status)
    if not AlasanLangkah.objects.filter(pk=alasan, langkah="alihkan", aktif=True).exists():
        raise GateClosed([Halangan("ALASAN_WAJIB", "Pilih alasannya dari daftar.")], baris.status)
    if alasan == BENTURAN and len(catatan.strip()) < 5:
        raise GateClosed(
            [
                Halangan(
                    "CATATAN_WAJIB",
                    "Tulis hubungan Anda dengan keluarga ini.",
                    "Contoh: kepala keluarga paman saya.",
                )
            ]
        )
    permintaan = PermintaanAlih.objects.create(
        usulan=baris, petugas=by, alasan=alasan, catatan=catatan.strip()[:500]
    )
    audit.catat(
        aksi="minta_alih",
        objek=baris,
        by=by,
        wilayah=baris.wilayah_id,
        peran=by.peran_untuk("usulan.ases", baris.wilayah_id),
        rincian={"alasan": alasan},
    )
    outbox.antre(JOB, {"permintaan": str(permintaan.pk)}, wilayah=baris.wilayah_id)
    return permintaan
