"""When and where a user may be told outside the portal. No secrets leave here: addresses are opened by the sender only."""

import re
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from uuid import UUID

from django.conf import settings

from accounts.models import Penugasan, Pesan, PilihanKabar
from wilayah.waktu import waktu_wilayah

# A NIK, a KK or an account number in whatever spelling. Tickets and letter numbers are shorter or have letters in them.
_NOMOR = re.compile(r"(?:[0-9][ .\-]?){12,}")
UMUM = "Ada pemberitahuan baru untuk Anda."


def kanal_hidup() -> list[str]:
    """Channels that this portal is set up for (.env.example: KABAR_SUREL, PESAN_URL)."""
    hidup = [(Pesan.Kanal.SUREL, settings.KABAR_SUREL), (Pesan.Kanal.PESAN, bool(settings.PESAN_URL))]
    return [str(kanal) for kanal, ada in hidup if ada]


def wilayah_pengguna(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The area on whose clock each of them lives: that of his first assignment; '' for the whole country."""
    tugas = Penugasan.objects.berlaku().filter(pengguna__in=list(ids)).order_by("berlaku_sejak", "pk")
    hasil: dict[UUID, str] = {}
    for pengguna, wilayah in tugas.values_list("pengguna_id", "wilayah_id"):
        hasil.setdefault(pengguna, wilayah or "")
    return hasil


def detik_tenang(pilihan: PilihanKabar, wilayah: str, saat: datetime | None = None) -> int:
    """Seconds until the quiet hours of this user end; 0 outside them. They may go over midnight."""
    mulai, selesai = pilihan.tenang_mulai, pilihan.tenang_selesai
    if mulai is None or selesai is None or mulai == selesai:
        return 0
    kini = waktu_wilayah(wilayah, saat)
    if not _di_antara(kini.time(), mulai, selesai):
        return 0
    akhir = kini.replace(hour=selesai.hour, minute=selesai.minute, second=0, microsecond=0)
    if akhir <= kini:
        akhir += timedelta(days=1)
    return int((akhir - kini).total_seconds()) + 1


def _di_antara(jam: time, mulai: time, selesai: time) -> bool:
    return mulai <= jam < selesai if mulai < selesai else jam >= mulai or jam < selesai


def teks(kalimat: str, tautan: str) -> str:
    """What leaves the portal: ticket, desa, what to do, and the address of the page. A long number never does."""
    aman = UMUM if _NOMOR.search(kalimat) else kalimat
    return f"{settings.PORTAL_NAMA}: {aman} {settings.PUBLIC_URL.rstrip('/')}{tautan}"[:400]
