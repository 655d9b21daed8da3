"""Reading emergencies: who is on duty now, when nobody is, what is owed, and what a reporter may know."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from accounts.models import Pengguna, Penugasan, PilihanKabar
from core import rules
from pengaduan.models import KUASA_PEKA, Kedaruratan, Piket, Rujukan, SusulanDarurat
from wilayah.kode import dalam, kabupaten_dari, leluhur, mencakup
from wilayah.waktu import hari_wilayah

BISA_PIKET = "darurat.tanggapi"


def sedang_piket(user: Pengguna, wilayah: str, saat: datetime | None = None) -> bool:
    """Is his shift over this area running? A shift opens the door only to roles that deal with emergencies."""
    if not user.punya("darurat.lihat"):
        return False
    tugas = Piket.objects.pada(saat).filter(pengguna=user).values_list("wilayah_id", flat=True)
    return any(mencakup(kode, wilayah) for kode in tugas)


def piket_kini(wilayah: str, saat: datetime | None = None, *, peka: bool = False) -> list[Piket]:
    """Shifts that cover this area now, first line before reserve. For a restricted case only people of the case team."""
    rows = (
        Piket.objects.pada(saat)
        .filter(wilayah_id__in=[*leluhur(wilayah), wilayah], pengguna__is_active=True)
        .select_related("pengguna", "wilayah")
        .order_by("cadangan", "mulai", "pk")
    )
    return [
        p
        for p in rows
        if p.pengguna.punya(BISA_PIKET) and (not peka or p.pengguna.boleh(KUASA_PEKA, wilayah))
    ]


def bisa_piket(kabupaten: str) -> list[Pengguna]:
    """People whose role answers emergencies somewhere in the kabupaten."""
    tugas = Penugasan.objects.berlaku().filter(
        dalam("wilayah_id", [kabupaten]), peran__kuasa__contains=[BISA_PIKET], pengguna__is_active=True
    )
    return list(Pengguna.objects.filter(pk__in=tugas.values("pengguna_id")).order_by("nama", "pk"))


def tim_kasus(wilayah: str) -> set[UUID]:
    """Ids of the case team of the area."""
    area = Q(wilayah_id__in=[*leluhur(wilayah), wilayah])
    tugas = Penugasan.objects.berlaku().filter(
        area, peran__kuasa__contains=[KUASA_PEKA], pengguna__is_active=True
    )
    return set(tugas.values_list("pengguna_id", flat=True))


def tanpa_hp(pengguna: Iterable[UUID]) -> set[UUID]:
    """Those whom no message reaches outside the portal: no verified number and no mail switched on."""
    ids = set(pengguna)
    hidup = PilihanKabar.objects.filter(pengguna__in=ids).filter(
        Q(pesan_aktif=True, telepon_at__isnull=False) | (Q(surel_aktif=True) & ~Q(pengguna__email=""))
    )
    return ids - set(hidup.values_list("pengguna_id", flat=True))


@dataclass(frozen=True)
class Celah:
    """A time in which nobody is on duty."""

    mulai: datetime
    selesai: datetime


def celah(piket: Iterable[Piket], dari: datetime, sampai: datetime) -> list[Celah]:
    """Holes between `dari` and `sampai` that these shifts leave open; reserves fill nothing."""
    hasil, terisi = [], dari
    for p in sorted((p for p in piket if not p.cadangan), key=lambda p: p.mulai):
        if p.selesai <= terisi or p.mulai >= sampai:
            continue
        if p.mulai > terisi:
            hasil.append(Celah(terisi, p.mulai))
        terisi = max(terisi, p.selesai)
    if terisi < sampai:
        hasil.append(Celah(terisi, sampai))
    return hasil


@dataclass(frozen=True)
class Roster:
    """The roster of one kabupaten: shifts from now on, holes of the first line and of the case team."""

    piket: list[Piket]
    kini: list[Piket]
    celah: list[Celah]
    celah_peka: list[Celah]
    sampai: datetime


def roster(kabupaten: str, saat: datetime | None = None) -> Roster:
    """Everything /piket/ shows, in a fixed number of queries. Only shifts of the whole kabupaten close a hole."""
    saat = saat or timezone.now()
    sampai = saat + timedelta(days=rules.value("piket.hari_depan", kabupaten))
    rows = list(
        Piket.objects.berlaku()
        .filter(dalam("wilayah_id", [kabupaten]), selesai__gt=saat)
        .select_related("pengguna", "wilayah")
        .order_by("mulai", "cadangan", "pk")[:500]
    )
    penuh = [p for p in rows if p.wilayah_id == kabupaten]
    tim = tim_kasus(kabupaten)
    return Roster(
        piket=rows,
        kini=[p for p in rows if p.mulai <= saat],
        celah=celah(penuh, saat, sampai),
        celah_peka=celah([p for p in penuh if p.pengguna_id in tim], saat, sampai),
        sampai=sampai,
    )


def utang(satu: Kedaruratan) -> list[SusulanDarurat]:
    return list(satu.susulan.filter(selesai_at__isnull=True).order_by("tenggat", "jenis"))


def terutang(user: Pengguna) -> tuple[int, int]:
    """(papers owed, of them past their day) on the emergencies that this user may see."""
    rows = SusulanDarurat.objects.filter(
        selesai_at__isnull=True,
        kedaruratan__in=Kedaruratan.objects.visible_to(user).exclude(status="dibatalkan").values("pk"),
    )
    kode = next((k for k in user.cakupan("darurat.lihat")), "")
    return rows.count(), rows.filter(tenggat__lt=hari_wilayah(kode)).count()


def rujukan_terbuka(satu: Kedaruratan) -> list[Rujukan]:
    """Sent on and not finished: no answer yet, or accepted and nobody said how it went."""
    rows = satu.rujukan.filter(Q(status="menunggu") | Q(status="diterima", umpan_at__isnull=True))
    return list(rows.order_by("created_at", "pk"))


def serupa(satu: Kedaruratan, user: Pengguna) -> list[Kedaruratan]:
    """Other open reports of the same kecamatan within a day: perhaps the same person called twice."""
    sehari = timedelta(days=1)
    rows = Kedaruratan.objects.visible_to(user).berjalan().exclude(pk=satu.pk)
    rows = rows.filter(
        dalam("wilayah_id", [satu.wilayah_id[:8]]),
        created_at__range=(satu.created_at - sehari, satu.created_at + sehari),
    )
    return list(rows.select_related("wilayah").order_by("-created_at", "-pk")[:5])


def terbatas_lewat(user: Pengguna) -> int:
    """For leaders who may not see them: how many restricted cases of their area wait beyond their time."""
    luas = user.cakupan("darurat.pimpin")
    if not luas:
        return 0
    rows = Kedaruratan.objects.berjalan().filter(
        dalam("wilayah_id", luas), peka=True, tenggat_at__lt=timezone.now()
    )
    return rows.exclude(pk__in=Kedaruratan.objects.visible_to(user).values("pk")).count()


# What the one who reported reads: state -> (what it is now, what happens next). No place, no name, no category.
PUBLIK = {
    "diterima": ("Laporan Anda sudah masuk.", "Petugas piket menanggapinya. Bila keadaan memburuk, telepon 112."),
    "ditanggapi": ("Petugas sudah menanggapi laporan Anda.", "Petugas bersiap berangkat."),
    "berangkat": ("Petugas sedang menuju tempat itu.", "Bila bisa, tunggu di dekat sana untuk menunjukkan tempatnya."),
    "di_lokasi": ("Petugas sudah sampai di tempat itu.", "Petugas menolong dan mencari tahu apa yang diperlukan."),
    "dirujuk": ("Orangnya sudah ditolong dan dicarikan tempat.", "Petugas menunggu jawaban tempat itu."),
    "ditangani": ("Orangnya sudah ditolong.", "Petugas menyelesaikan urusan yang tersisa."),
    "selesai": ("Laporan ini sudah selesai ditangani.", "Terima kasih sudah peduli."),
    "dibatalkan": ("Laporan ini ditutup.", "Baca alasannya di bawah. Bila keadaannya lain, laporkan lagi."),
}  # fmt: skip


def kabupaten_pengguna(user: Pengguna, kuasa: str) -> list[str]:
    """Kabupaten in which he holds the power, narrower areas as their kabupaten."""
    return sorted({kabupaten_dari(kode) for kode in user.cakupan(kuasa) if len(kode) >= 5})
