"""The desk of the Dinas: open a case, take it over, decide. Every door to a decision at the desk leads through `putuskan`."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Pengguna
from core import audit, rules, workflow
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.actions import usulan as langkah
from dtks.models import BukaKasus, PegangKasus, Usulan
from dtks.policies import meja as policies
from dtks.queries.meja import bacaan, pegang_lain, sedang_dibuka
from dtks.workflow import USULAN

AKSI: dict[str, Callable[..., Usulan]] = {
    "tugaskan": langkah.tugaskan,
    "verifikasi": langkah.verifikasi,
    "kembalikan": langkah.kembalikan,
    "tolak": langkah.tolak,
    "tunda": langkah.tunda,
}


@transaction.atomic
def buka(usulan: Usulan, *, by: Pengguna, versi: int, ambil_alih: bool = False) -> PegangKasus:
    """This person has this version on the screen: claim the case (or keep the claim) and note the reading.

    Also the heartbeat. While somebody else has it open it is refused, unless the person takes it over.
    """
    baris: Usulan = workflow.lock(Usulan, usulan.pk)
    if kalimat := policies.buka(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], baris.status)
    if versi != baris.versi:
        raise NotOpen(
            [Halangan("SUDAH_BERPINDAH", "Kasus ini sudah berubah.", "Muat ulang halaman.")], baris.status
        )
    lain = pegang_lain(baris, by)
    if lain is not None and not ambil_alih:
        raise _dibuka(lain, baris)
    if lain is not None:
        audit.catat(
            aksi="ambil_alih_kasus", objek=baris, by=by, wilayah=baris.wilayah_id, rincian={"dari": str(lain.pengguna_id)}
        )  # fmt: skip
    kini = timezone.now()
    umur = timedelta(minutes=rules.value("verifikasi.pegang_menit", baris.wilayah_id))
    satu = PegangKasus.objects.filter(usulan=baris).first()
    milik = satu is not None and satu.pengguna_id == by.pk and satu.hingga > kini
    pegang, _ = PegangKasus.objects.update_or_create(
        usulan=baris,
        defaults={"pengguna": by, "hingga": kini + umur, **({} if milik else {"sejak": kini})},
        create_defaults={"pengguna": by, "hingga": kini + umur, "sejak": kini},
    )
    _baca(baris, by, kini, umur)
    return pegang


def _dibuka(lain: PegangKasus, usulan: Usulan) -> NotOpen:
    kalimat = sedang_dibuka(lain, usulan.wilayah_id)
    return NotOpen([Halangan("SEDANG_DIBUKA", kalimat, "Ambil alih dulu bila perlu.")], usulan.status)


def _baca(usulan: Usulan, by: Pengguna, kini: datetime, umur: timedelta) -> None:
    satu, baru = BukaKasus.objects.get_or_create(usulan=usulan, pengguna=by, versi=usulan.versi)
    if baru:
        audit.catat(
            aksi="buka_kasus", objek=usulan, by=by, wilayah=usulan.wilayah_id, rincian={"versi": usulan.versi}
        )
        return
    satu.detik, satu.terakhir = _detik(satu, kini, umur), kini
    satu.save(update_fields=["detik", "terakhir"])


def _detik(satu: BukaKasus, kini: datetime, umur: timedelta) -> int:
    """Seconds on the screen so far; a gap longer than a claim lasts counts as one claim."""
    return satu.detik + int(max(timedelta(), min(kini - satu.terakhir, umur)).total_seconds())


@transaction.atomic
def lepas(usulan: Usulan, *, by: Pengguna) -> None:
    """The page was left: others may go on at once."""
    workflow.lock(Usulan, usulan.pk)
    PegangKasus.objects.filter(usulan=usulan, pengguna=by).delete()


@transaction.atomic
def putuskan(
    usulan: Usulan, nama: str, *, by: Pengguna, versi: int, cara: str = "meja", massal: str = "", **isi: Any
) -> Usulan:
    """Take one step of the desk: nobody else has the case open, and this person read the version that is decided.

    How it was read stays with the history row and in the trail: {"cara", "buka": {"pada", "detik"}, "massal"}.
    """
    baris: Usulan = workflow.lock(Usulan, usulan.pk)
    rincian: dict[str, Any] = {"cara": cara, **({"massal": massal} if massal else {})}
    if (
        USULAN.find(nama, baris.status) is not None and versi == baris.versi
    ):  # else the step itself says what is
        if lain := pegang_lain(baris, by):
            raise _dibuka(lain, baris)
        if satu := bacaan(baris, by):
            umur = timedelta(minutes=rules.value("verifikasi.pegang_menit", baris.wilayah_id))
            detik = _detik(satu, timezone.now(), umur) if cara == "meja" else satu.detik
            rincian["buka"] = {"pada": satu.pada.isoformat(), "detik": detik}
        elif nama in rules.value("verifikasi.wajib_buka", baris.wilayah_id):
            raise GateClosed(
                [
                    Halangan(
                        "BELUM_DIBUKA",
                        "Halaman kasus ini belum Anda buka.",
                        "Buka kasusnya, periksa, lalu putuskan.",
                    )
                ],
                baris.status,
            )
    hasil: Usulan = AKSI[nama](baris, by=by, versi=versi, rincian=rincian, **isi)
    PegangKasus.objects.filter(usulan=baris).delete()
    return hasil
