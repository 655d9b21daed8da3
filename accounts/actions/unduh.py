"""A long list leaves only with a second person's word: asked for, decided, used once and in time (docs/adr/0039)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actions.jatah import wilayah_dari
from accounts.models import Pemberitahuan, Pengguna, Penugasan
from accounts.models.unduh import SETUJUI, IzinUnduh
from accounts.policies import unduh as policies
from core import audit, rules, workflow
from core.privacy.keys import blind_index
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from wilayah.kode import leluhur

KABAR_MAKS = 50


@dataclass(frozen=True)
class Pokok:
    """What is asked for. `daftar` and `saring` name it; `alamat` is the page that gives it; `kuasa` open the list (any)."""

    daftar: str
    judul: str
    saring: str
    alamat: str
    nomor: bool
    kuasa: tuple[str, ...]

    @property
    def tanda(self) -> bytes:
        return blind_index(f"{self.daftar}\n{self.saring}\n{self.nomor}", "izin-unduh")


def aturan(by: Pengguna, kuasa: Sequence[str]) -> dict[str, int]:
    """Rule 'ekspor.persetujuan': rows without a second person, hours of an approval, per cent by which a list may have grown."""
    return dict(rules.value(policies.ATURAN, wilayah_dari(by, kuasa)))


def perlu(by: Pengguna, pokok: Pokok, baris: int) -> bool:
    return baris > aturan(by, pokok.kuasa)["baris"]


def siap(by: Pengguna, pokok: Pokok, baris: int) -> IzinUnduh | None:
    """The approval that `pakai` would take for so many rows."""
    return next((satu for satu, larangan in _disetujui(by, pokok, baris) if larangan is None), None)


def batal(by: Pengguna, pokok: Pokok, baris: int) -> str:
    """Why an approval that was given does not let so many rows out now; '' when none was given."""
    return next((larangan for _, larangan in _disetujui(by, pokok, baris) if larangan), "")


def _disetujui(by: Pengguna, pokok: Pokok, baris: int) -> Iterator[tuple[IzinUnduh, str | None]]:
    """Approvals in time, each with what stands against it. One of another kabupaten, from before a move of his, is none here."""
    rows = IzinUnduh.objects.siap().filter(
        diminta_by=by, tanda=pokok.tanda, wilayah=wilayah_dari(by, pokok.kuasa)
    )
    for satu in rows.select_related("diputus_by").order_by("hingga", "pk"):
        yield satu, policies.pakai(satu, baris)


@transaction.atomic
def minta(*, by: Pengguna, pokok: Pokok, baris: int, tujuan: str) -> IzinUnduh:
    """Ask for a list. The same list asked for twice is one request. Raises NotAllowed, GateClosed."""
    wilayah = wilayah_dari(by, pokok.kuasa)
    unit = policies.unit(by, pokok.kuasa, wilayah)
    if not unit:
        raise NotAllowed([Halangan("TIDAK_BERWENANG", "Anda tidak berwenang mengunduh daftar ini.")])
    if not wilayah:
        raise GateClosed(
            [
                Halangan(
                    "BANYAK_KABUPATEN",
                    "Daftar dari beberapa kabupaten tidak bisa disetujui satu orang.",
                    "Saring satu kabupaten dulu.",
                )
            ]
        )
    satu = IzinUnduh(
        daftar=pokok.daftar, judul=pokok.judul[:100], tanda=pokok.tanda, alamat=pokok.alamat, nomor=pokok.nomor, jumlah=baris,
        tujuan=tujuan.strip()[:200], wilayah=wilayah, diminta_by=by, diminta_orang=by.orang, unit_peminta=unit,
    )  # fmt: skip
    IzinUnduh.objects.bulk_create([satu], ignore_conflicts=True)
    ada = IzinUnduh.objects.get(diminta_by=by, tanda=pokok.tanda, status=IzinUnduh.Status.DIMINTA)
    if ada.pk != satu.pk:
        return ada
    _catat("minta_unduh", satu, by)
    _kabari_pemutus(satu)
    return satu


@transaction.atomic
def putus(izin: IzinUnduh, *, by: Pengguna, setuju: bool, alasan: str = "") -> IzinUnduh:
    """The second person's word. Raises NotAllowed, NotOpen, GateClosed."""
    satu: IzinUnduh = workflow.lock(IzinUnduh, izin.pk)
    larangan = policies.putus(by, satu)
    if satu.status != IzinUnduh.Status.DIMINTA:
        raise NotOpen([Halangan("SUDAH_DIPUTUS", larangan or "", "Muat ulang halaman.")])
    if larangan:
        raise NotAllowed([Halangan("TIDAK_BERWENANG", larangan)])
    if not setuju and not alasan.strip():
        raise GateClosed([Halangan("ALASAN_WAJIB", "Tuliskan alasan menolak.")])
    kini = timezone.now()
    satu.status = IzinUnduh.Status.DISETUJUI if setuju else IzinUnduh.Status.DITOLAK
    satu.diputus_by, satu.diputus_orang, satu.diputus_at = by, by.orang, kini
    satu.unit_pemutus = policies.unit(by, (SETUJUI,), satu.wilayah)
    satu.alasan = "" if setuju else alasan.strip()[:300]
    satu.hingga = (
        kini + timedelta(hours=rules.value(policies.ATURAN, satu.wilayah)["berlaku_jam"]) if setuju else None
    )
    satu.save()
    _catat("setujui_unduh" if setuju else "tolak_unduh", satu, by)
    kata = "disetujui. Unduh satu kali sebelum waktunya habis" if setuju else "ditolak"
    Pemberitahuan.objects.create(
        pengguna_id=satu.diminta_by_id,
        kalimat=f"Permintaan unduh {satu.judul} {kata}."[:200],
        tautan="/unduhan/",
    )
    return satu


@transaction.atomic
def pakai(*, by: Pengguna, pokok: Pokok, baris: int) -> IzinUnduh | None:
    """Use up the approval of a long list, in the transaction that makes the file; None for a short one. Raises GateClosed."""
    if not perlu(by, pokok, baris):
        return None
    satu = siap(by, pokok, baris)
    satu = IzinUnduh.objects.siap().select_for_update().filter(pk=satu.pk).first() if satu else None
    if satu is None:
        raise _tertahan(batal(by, pokok, baris) or _perlu_kalimat(by, pokok.kuasa))
    satu.status, satu.dipakai_at, satu.jumlah_keluar = IzinUnduh.Status.DIPAKAI, timezone.now(), baris
    satu.save(update_fields=["status", "dipakai_at", "jumlah_keluar"])
    _catat("pakai_izin_unduh", satu, by)
    return satu


def _perlu_kalimat(by: Pengguna, kuasa: Sequence[str]) -> str:
    return f"Lebih dari {aturan(by, kuasa)['baris']} baris perlu persetujuan orang kedua dari unit lain."


def _tertahan(kalimat: str) -> GateClosed:
    return GateClosed(
        [Halangan("PERLU_PERSETUJUAN", kalimat, "Minta persetujuan, atau persempit saringannya.")]
    )


@transaction.atomic
def keluar(izin: UUID | None, *, by: Pengguna, kuasa: Sequence[str], baris: int) -> None:
    """The file is written and has so many rows: no more than may leave, and who approved it still may. `izin`: None for a short
    list. Raises GateClosed."""
    if izin is None:
        if baris > aturan(by, kuasa)["baris"]:
            raise _tertahan(_perlu_kalimat(by, kuasa))
        return
    satu: IzinUnduh = workflow.lock(IzinUnduh, izin)
    if larangan := policies.pakai(satu, baris):
        raise _tertahan(larangan)
    satu.jumlah_keluar = baris
    satu.save(update_fields=["jumlah_keluar"])


@transaction.atomic
def ambil(izin: UUID, *, by: Pengguna) -> None:
    """The file that the queue made for an approval is fetched once. Raises NotOpen."""
    satu: IzinUnduh = workflow.lock(IzinUnduh, izin)
    if satu.diambil_at or satu.diminta_by_id != by.pk or satu.hingga is None or satu.hingga < timezone.now():
        raise NotOpen(
            [
                Halangan(
                    "SUDAH_HABIS", "Berkas ini sudah diambil atau waktunya habis.", "Minta persetujuan lagi."
                )
            ]
        )
    if larangan := policies.pemberi(satu):
        raise NotOpen([Halangan("PERSETUJUAN_BATAL", larangan, "Minta persetujuan lagi.")])
    satu.diambil_at = timezone.now()
    satu.save(update_fields=["diambil_at"])
    _catat("ambil_unduhan", satu, by)


def _catat(aksi: str, izin: IzinUnduh, by: Pengguna) -> None:
    rincian = {"daftar": izin.daftar, "jumlah": izin.jumlah, "nomor": "lengkap" if izin.nomor else "samar"}
    audit.catat(aksi=aksi, objek=izin, by=by, wilayah=izin.wilayah, rincian=rincian)


def _kabari_pemutus(izin: IzinUnduh) -> None:
    """Those who may decide: another person, another unit."""
    area = Q(wilayah__isnull=True) | Q(wilayah_id__in=[*leluhur(izin.wilayah), izin.wilayah])
    ids = Penugasan.objects.berlaku().filter(area, peran__kuasa__contains=[SETUJUI]).values("pengguna_id")
    siapa = Pengguna.objects.filter(pk__in=ids, is_active=True).order_by("pk")[:KABAR_MAKS]
    Pemberitahuan.objects.bulk_create(
        Pemberitahuan(
            pengguna=satu, kalimat="Ada unduhan besar yang menunggu persetujuan Anda.", tautan=f"/unduhan/izin/{izin.pk}/"
        )
        for satu in siapa
        if policies.putus(satu, izin) is None
    )  # fmt: skip
