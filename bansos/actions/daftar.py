"""An eligibility list after it was computed: asked for as a job, signed and published, revoked."""

import zlib
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.actions import webhook
from accounts.models import Pengguna, Peristiwa
from bansos.actions import hitung as mesin
from bansos.actions.latar import berjalan, kabari, kalimat
from bansos.models import DaftarKelayakan, Program
from bansos.policies import daftar as policy
from bansos.queries import aturan_program
from bansos.queries import daftar as baca
from core import audit, files, outbox, workflow
from core.models import Berkas, Pekerjaan
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen, StepRefused

JOB = "bansos.hitung_kelayakan"
JOB_TANDATANGAN = "bansos.tandatangani_daftar"
MIME = "application/gzip"
_GZIP = (
    31  # zlib's window bits for a gzip file; its head carries no time, so the same list gives the same file
)


@transaction.atomic
def minta(*, program: Program, periode: str, wilayah: str, by: Pengguna) -> Pekerjaan:
    """Have a list computed in the background. Raises NotAllowed, GateClosed."""
    if tolak := policy.hitung(by, wilayah):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", tolak)])
    try:
        aturan_program.berlaku(program.pk, wilayah, aturan_program.awal(periode))
    except aturan_program.TanpaAturan as error:
        raise GateClosed(
            [Halangan("TANPA_ATURAN", str(error), "Susun aturannya dulu, lalu minta disetujui.")]
        ) from error
    job = outbox.antre(
        JOB,
        {"program": program.pk, "periode": periode, "wilayah": wilayah, "oleh": str(by.pk)},
        judul=f"Daftar kelayakan {program.pk} triwulan {periode[5:]} tahun {periode[:4]}",
        by=by,
        wilayah=wilayah,
    )
    assert job is not None  # no key, so it is always new
    return job


def kerjakan(job: Pekerjaan) -> dict[str, Any]:
    """Queue handler: one transaction, one list."""
    a = job.argumen
    hasil = mesin.hitung(
        program=a["program"],
        periode=a["periode"],
        wilayah=a["wilayah"],
        by=Pengguna.objects.get(pk=a["oleh"]),
    )
    assert hasil.daftar is not None
    return {"daftar": str(hasil.id), "baru": hasil.baru, **hasil.jumlah}


@transaction.atomic
def minta_tandatangan(daftar: DaftarKelayakan, *, by: Pengguna) -> Pekerjaan:
    """Sign in the background: hashing and publishing 200,000 rows takes longer than a browser waits. Raises NotAllowed, NotOpen.

    The signature is given when the job runs, by this person, who is asked for his power once more then.
    """
    baris = _kunci(daftar.pk)
    _boleh_tandatangan(baris, by)
    argumen = {"daftar": str(baris.pk)}
    if sudah := berjalan(JOB_TANDATANGAN, argumen).first():
        return sudah
    job = outbox.antre(
        JOB_TANDATANGAN, argumen | {"oleh": str(by.pk)}, judul=f"Tanda tangan daftar {baris.program_id} triwulan {baris.periode}",
        by=by, wilayah=baris.wilayah_id,
    )  # fmt: skip
    assert job is not None  # no key, so it is always new
    _catat("minta_tandatangan_daftar", baris, by, {})
    return job


def sedang_ditandatangani(daftar: DaftarKelayakan) -> bool:
    return berjalan(JOB_TANDATANGAN, {"daftar": str(daftar.pk)}).exists()


def kerjakan_tandatangan(job: Pekerjaan) -> dict[str, Any]:
    """Queue handler: the signature and the published file, or the sentence that refused them."""
    by = Pengguna.objects.get(pk=job.argumen["oleh"])
    daftar = DaftarKelayakan.objects.get(pk=job.argumen["daftar"])
    alamat = f"/program/{daftar.program_id}/daftar/{daftar.pk}/"
    try:
        tandatangani(daftar, by=by)
    except StepRefused as tolak:
        kabari(by, f"Daftar {daftar} tidak jadi ditandatangani: {kalimat(tolak)}", alamat)
        return {"gagal": kalimat(tolak), "tautan": alamat}
    kabari(by, f"Daftar {daftar} sudah ditandatangani dan berkasnya terbit.", alamat)
    return {"tautan": alamat}


def _boleh_tandatangan(baris: DaftarKelayakan, by: Pengguna) -> None:
    if tolak := policy.tandatangani(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", tolak)])
    if baris.status != DaftarKelayakan.Status.DIHITUNG:
        raise NotOpen([Halangan("BUKAN_DRAF", _keadaan(baris))], baris.status)


@transaction.atomic
def tandatangani(daftar: DaftarKelayakan, *, by: Pengguna) -> DaftarKelayakan:
    """Sign: from now on immutable, published as a file. An older signed list of the same quarter steps back."""
    baris = _kunci(daftar.pk)
    _boleh_tandatangan(baris, by)
    if baca.sidik(baris.pk) != bytes(baris.sidik):
        raise GateClosed(
            [
                Halangan(
                    "SIDIK_LAIN",
                    "Isi daftar tidak sama lagi dengan yang dihitung.",
                    "Laporkan ke admin, lalu hitung ulang.",
                )
            ]
        )
    lama = DaftarKelayakan.objects.select_for_update(of=("self",)).filter(
        program=baris.program_id, wilayah=baris.wilayah_id, periode=baris.periode, status="ditandatangani"
    )
    for satu in lama:
        satu.status, satu.alasan_status = "digantikan", "Digantikan daftar yang ditandatangani kemudian."
        satu.save(update_fields=["status", "alasan_status"])
    baris.berkas = _terbitkan(baris, by)
    baris.status, baris.ditandatangani_by, baris.ditandatangani_at = "ditandatangani", by, timezone.now()
    baris.save(update_fields=["berkas", "status", "ditandatangani_by", "ditandatangani_at"])
    _catat("tandatangani_daftar", baris, by, {"sha256": bytes(baris.berkas.sha256).hex()})
    kabar = {
        "daftar": str(baris.pk),
        "program": baris.program_id,
        "periode": baris.periode,
        "wilayah": baris.wilayah_id,
    }
    webhook.umumkan(Peristiwa.DAFTAR, wilayah=baris.wilayah_id, data=kabar)
    return baris


@transaction.atomic
def cabut(daftar: DaftarKelayakan, *, by: Pengguna, alasan: str) -> DaftarKelayakan:
    """The list counts no more; it stays readable, with the reason."""
    baris = _kunci(daftar.pk)
    if tolak := policy.cabut(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", tolak)])
    if baris.status not in ("dihitung", "ditandatangani"):
        raise NotOpen([Halangan("SUDAH_SELESAI", _keadaan(baris))], baris.status)
    if not alasan.strip():
        raise GateClosed([Halangan("TANPA_ALASAN", "Tulis alasan pencabutan.")])
    baris.status, baris.alasan_status = "dicabut", alasan.strip()[:300]
    baris.save(update_fields=["status", "alasan_status"])
    _catat("cabut_daftar", baris, by, {})
    return baris


def _kunci(pk: UUID) -> DaftarKelayakan:
    baris: DaftarKelayakan = workflow.lock(DaftarKelayakan, pk)
    return baris


def _keadaan(baris: DaftarKelayakan) -> str:
    return f"Daftar ini sudah lain keadaannya: {baris.get_status_display().lower()}."


def _terbitkan(baris: DaftarKelayakan, by: Pengguna) -> Berkas:
    """The list as compressed NDJSON; only the compressed form is ever whole in memory."""
    pemampat = zlib.compressobj(6, wbits=_GZIP)
    isi = b"".join([*(pemampat.compress(potong) for potong in baca.salin(baris)), pemampat.flush()])
    nama = f"Daftar {baris.program_id} {baris.periode} {baris.wilayah_id}.ndjson.gz"
    return files.store(
        isi, jenis="daftar_kelayakan", nama=nama, mime=MIME, wilayah=baris.wilayah_id, by_id=str(by.pk)
    )


def _catat(aksi: str, baris: DaftarKelayakan, by: Pengguna, rincian: dict[str, Any]) -> None:
    audit.catat(
        aksi=aksi, objek=baris, by=by, wilayah=baris.wilayah_id, peran=by.peran_untuk(policy.TANDATANGAN, baris.wilayah_id),
        rincian={"program": baris.program_id, "periode": baris.periode, "sidik": bytes(baris.sidik).hex(), **rincian},
    )  # fmt: skip
