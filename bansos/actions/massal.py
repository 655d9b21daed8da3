"""One step of the desk for many ticked cases: looked at first, confirmed once, then each case in a transaction of its own.

No side door: every case goes through `dtks.actions.meja.putuskan` like a single one, with its four eyes, gates, claim,
reading and version. The result of a case commits with its decision, so a worker that dies repeats nothing.
"""

import logging
import time
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import OperationalError, transaction
from django.utils import timezone

from accounts.models import Pemberitahuan, Pengguna
from bansos.models import BarisMassal, TindakanMassal
from core import audit, dinding, outbox, penolakan, rules, workflow
from core.models import Pekerjaan
from core.workflow import NotAllowed, StepRefused
from dtks.actions import ekspor, meja
from dtks.models import Usulan
from dtks.policies import usulan as policies
from dtks.policies.langkah import halangan
from dtks.queries.meja import bacaan, pegang_lain, sedang_dibuka
from dtks.workflow import USULAN

log = logging.getLogger(__name__)
JOB = "bansos.massal"
DETIK = 15.0  # of work in one go; well inside the lease of the queue
# queue -> the steps that may be taken for many at once
LANGKAH = {
    "diinput": ("tugaskan", "kembalikan", "tunda"),
    "diases": ("verifikasi", "kembalikan", "tunda"),
    "terverifikasi": ("kembalikan", "tunda"),
}
Hasil = BarisMassal.Hasil


def pilihan(user: Pengguna, dari: str) -> list[tuple[str, str]]:
    """Steps that this person may take for many cases of a queue at once, with their words."""
    panah = [a for nama in LANGKAH.get(dari, ()) if (a := USULAN.find(nama, dari))]
    return [(a.nama, a.label) for a in panah if user.punya(a.kuasa)]


def _halangan(usulan: Usulan, nama: str, dari: str, by: Pengguna) -> tuple[str, str]:
    """(code, sentence) why this case cannot take the step now; empty when it can."""
    arrow = USULAN.find(nama, usulan.status) if usulan.status == dari else None
    if arrow is None:
        return "SUDAH_BERPINDAH", f"Sekarang “{usulan.get_status_display()}”."
    if kalimat := policies.BY_STEP[nama](by, usulan):
        return "TIDAK_BERWENANG", kalimat
    if tertutup := halangan(usulan, arrow, by):
        return tertutup[0].kode, " ".join(f"{h.kalimat} {h.jalan_keluar}".strip() for h in tertutup)
    if lain := pegang_lain(usulan, by):
        return "SEDANG_DIBUKA", sedang_dibuka(lain, usulan.wilayah_id)
    if nama in rules.value("verifikasi.wajib_buka", usulan.wilayah_id) and not bacaan(usulan, by):
        return "BELUM_DIBUKA", "Halaman kasus ini belum Anda buka. Buka kasusnya, periksa, lalu putuskan."
    return "", ""


@transaction.atomic
def siapkan(usulan: Iterable[Usulan], *, by: Pengguna, langkah: str, dari: str) -> TindakanMassal:
    """Look at every ticked case and keep what was found: what is confirmed later is what was shown. Decides nothing."""
    massal = TindakanMassal.objects.create(oleh=by, langkah=langkah, dari=dari)
    baris = []
    for urut, satu in enumerate(usulan):
        kode, kalimat = _halangan(satu, langkah, dari, by)
        baris.append(
            BarisMassal(
                massal=massal, usulan=satu, urut=urut, versi=satu.versi, kode=kode, kalimat=kalimat[:500],
                hasil=Hasil.TIDAK if kode else Hasil.MENUNGGU,
            )
        )  # fmt: skip
    BarisMassal.objects.bulk_create(baris)
    return massal


@transaction.atomic
def setujui(massal: TindakanMassal, *, by: Pengguna, isian: dict[str, Any]) -> TindakanMassal:
    """Confirm once; a second confirmation finds the work begun. `isian`: what the step's own action takes."""
    kini: TindakanMassal = workflow.lock(TindakanMassal, massal.pk)
    n = kini.baris.filter(hasil=Hasil.MENUNGGU).count()
    if kini.status != TindakanMassal.Status.PRATINJAU or not n:
        return kini
    kini.status, kini.isian, kini.mulai_at = TindakanMassal.Status.JALAN, isian, timezone.now()
    kini.save(update_fields=["status", "isian", "mulai_at"])
    wilayah = kini.baris.values_list("usulan__wilayah_id", flat=True)[0][:5]
    audit.catat(
        aksi="massal", objek=kini, by=by, wilayah=wilayah, rincian={"langkah": kini.langkah, "jumlah": n}
    )
    judul = f"{USULAN.find(kini.langkah, kini.dari).label}: {n} usulan"  # type: ignore[union-attr]
    outbox.antre(JOB, {"massal": str(kini.pk)}, kunci=f"massal:{kini.pk}", judul=judul, by=by, wilayah=wilayah, total=n)  # fmt: skip
    return kini


def kerjakan(argumen: dict[str, Any]) -> dict[str, Any]:
    """Outside any transaction: case after case until all are done or the time of one go is over."""
    massal = TindakanMassal.objects.get(pk=argumen["massal"])
    akhir = time.monotonic() + DETIK
    for pk in massal.baris.filter(hasil=Hasil.MENUNGGU).order_by("urut").values_list("pk", flat=True):
        _satu(pk, massal)
        if time.monotonic() > akhir:
            break
    return {}


def _satu(pk: UUID, massal: TindakanMassal) -> None:
    """Decide one case and write down what came of it, in one transaction. Whoever comes second finds it done."""
    with transaction.atomic():
        baris: BarisMassal = workflow.lock(BarisMassal, pk)
        if baris.hasil != Hasil.MENUNGGU:
            return
        try:
            with transaction.atomic():
                _putuskan(baris, massal)
        except StepRefused as refused:
            baris.hasil, baris.kode = Hasil.GAGAL, refused.halangan[0].kode
            baris.kalimat = " ".join(f"{h.kalimat} {h.jalan_keluar}".strip() for h in refused.halangan)[:500]
            if isinstance(refused, NotAllowed):
                penolakan.catat(Pengguna.objects.get(pk=massal.oleh_id), refused)
        except OperationalError:
            raise  # the database, not the case: the queue tries again
        except Exception as error:  # one case that breaks must not hold up the others
            log.error("bulk step failed for one case: %s", type(error).__name__, exc_info=error)
            baris.hasil, baris.kode = Hasil.GAGAL, "GANGGUAN"
            baris.kalimat = "Ada gangguan di portal. Buka kasusnya, lalu coba dari sana."
        else:
            baris.hasil = Hasil.BERHASIL
        baris.save(update_fields=["hasil", "kode", "kalimat"])


def _putuskan(baris: BarisMassal, massal: TindakanMassal) -> None:
    by = Pengguna.objects.get(pk=massal.oleh_id)  # anew for each case: a role may end meanwhile
    isian = dict(massal.isian)
    if "petugas" in isian:
        isian["petugas"] = Pengguna.objects.get(pk=isian["petugas"])
    usulan = Usulan.objects.get(pk=baris.usulan_id)
    meja.putuskan(
        usulan, massal.langkah, by=by, versi=baris.versi, cara="massal", massal=str(massal.pk), **isian
    )


def selesai(job: Pekerjaan, jawaban: dict[str, Any]) -> dict[str, Any]:
    """With the mark of the job: all done and told, or there is more to do."""
    massal: TindakanMassal = workflow.lock(TindakanMassal, job.argumen["massal"])
    n = {h: massal.baris.filter(hasil=h).count() for h in (Hasil.MENUNGGU, Hasil.BERHASIL, Hasil.GAGAL)}
    job.selesai_n = n[Hasil.BERHASIL] + n[Hasil.GAGAL]
    if n[Hasil.MENUNGGU]:
        raise outbox.Later(0, "masih ada yang menunggu")
    massal.status, massal.selesai_at = TindakanMassal.Status.SELESAI, timezone.now()
    massal.save(update_fields=["status", "selesai_at"])
    gagal = f", {n[Hasil.GAGAL]} gagal" if n[Hasil.GAGAL] else ""
    Pemberitahuan.objects.create(
        pengguna_id=massal.oleh_id, kalimat=f"{job.judul}. {n[Hasil.BERHASIL]} berhasil{gagal}.",
        tautan=f"/verifikasi/massal/{massal.pk}/",
    )  # fmt: skip
    return {"berhasil": n[Hasil.BERHASIL], "gagal": n[Hasil.GAGAL]}


@transaction.atomic
def catat_unduh(massal: TindakanMassal, *, by: Pengguna, jumlah: int) -> None:
    """The list of what did not work leaves the portal as a file: on the trail of the kabupaten that the proposals belong to, and
    on the day's allowance of rows like every list. Raises GateClosed."""
    ekspor.bukukan(by=by, kuasa=("usulan.lihat",), penuh=False, baris=jumlah)
    with dinding.terbuka("jejak daftar yang dibuat sebelum orangnya pindah tugas"):
        wilayah = massal.baris.values_list("usulan__wilayah_id", flat=True)[0][:5]
    audit.catat(aksi="unduh_massal", objek=massal, by=by, wilayah=wilayah, rincian={"jumlah": jumlah})
