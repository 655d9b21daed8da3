"""Telling officers of complaints: what came in, what was given to them, what a reporter said. Ticket numbers only."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count
from django.db.models.functions import Left
from django.utils import timezone

from accounts.models import Pemberitahuan
from core.models import Pekerjaan
from pengaduan.actions.aduan import pemegang
from pengaduan.models import Aduan, RiwayatAduan
from pengaduan.queries.petugas import berkuasa

_KATA = {
    "disposisi": "diserahkan kepada Anda",
    "kembalikan": "dikembalikan petugas, perlu diserahkan lagi",
    "jawab": "sudah dijawab pelapor",
    "buka_lagi": "diminta dibuka lagi oleh pelapor",
}
JENDELA = timedelta(minutes=10)


def kabar_aduan(job: Pekerjaan) -> None:
    """Queue handler: one step, told to who has the complaint now."""
    riwayat = RiwayatAduan.objects.select_related("aduan").get(pk=job.argumen["riwayat"])
    kata = _KATA[riwayat.langkah]
    Pemberitahuan.objects.bulk_create(
        Pemberitahuan(
            pengguna_id=pk,
            kalimat=f"Aduan {riwayat.aduan.tiket} {kata}.",
            tautan=f"/pengaduan/{riwayat.aduan_id}/",
        )
        for pk in pemegang(riwayat.aduan)
        if pk != riwayat.oleh_id
    )


def ada_yang_baru() -> bool:
    """Did anything come in since the last two windows? Cheap: asked every minute."""
    return Aduan.objects.filter(status="diterima", jam_mulai__gte=timezone.now() - 2 * JENDELA).exists()


def kabar_baru(job: Pekerjaan) -> dict[str, Any]:
    """Queue handler, every ten minutes: how many came in since, one notice for each verifier however many there are."""
    akhir = datetime.fromisoformat(job.argumen["periode"])
    baru = Aduan.objects.filter(
        status="diterima", jam_mulai__gte=akhir - JENDELA, jam_mulai__lt=akhir, created_by__isnull=True
    )
    per_kab = baru.values(kab=Left("wilayah_id", 5)).annotate(n=Count("pk")).order_by("kab")
    kabar = [
        Pemberitahuan(
            pengguna_id=pk,
            kalimat=f"{r['n']} aduan baru menunggu diperiksa.",
            tautan="/pengaduan/?status=diterima",
        )
        for r in per_kab
        for pk in berkuasa("aduan.proses", r["kab"])
    ]
    Pemberitahuan.objects.bulk_create(kabar)
    return {"kabar": len(kabar)}
