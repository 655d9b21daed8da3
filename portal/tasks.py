"""Nightly care of the whole portal: self-check of the data, anchors of the audit chains."""

from typing import Any

from accounts.models import Pemberitahuan, Pengguna, Penugasan
from core import anchors, files, outbox, schedule
from core.models import Pekerjaan
from portal.queries import periksa

PERIKSA = "portal.periksa_harian"
JANGKAR = "portal.jangkar_harian"
_PENERIMA = ("ADMIN", "INSPEKTORAT")
_TERBANYAK = 50  # sentences kept on the row of the job; `manage.py periksa` prints all


def periksa_harian(job: Pekerjaan) -> dict[str, Any]:
    """Run the self-check. A breach is a result, not a failure of the job: it is written down and told."""
    laporan = periksa.jalankan()
    n = len(laporan.pelanggaran)
    if n:
        ids = Penugasan.objects.berlaku().filter(peran_id__in=_PENERIMA).values("pengguna_id")
        kalimat = (
            f"Pemeriksaan data menemukan {n} pelanggaran. Hubungi pengelola server untuk menjalankan periksa."
        )
        Pemberitahuan.objects.bulk_create(
            Pemberitahuan(pengguna=p, kalimat=kalimat, tautan="/pekerjaan/")
            for p in Pengguna.objects.filter(pk__in=ids, is_active=True).order_by("pk")
        )
    return {
        "pelanggaran": n,
        "kalimat": [str(p) for p in laporan.pelanggaran[:_TERBANYAK]],
        "perhatian": [p.kalimat for p in laporan.ingat],
        "hitung": laporan.hitung,
    }


def jangkar_harian(job: Pekerjaan) -> dict[str, Any]:
    path, jumlah = anchors.export()
    return {"berkas": path.name, "rantai": jumlah}


def bersihkan_berkas(job: Pekerjaan) -> dict[str, Any]:
    """Remove files whose row never committed (an upload cut off by a crash); a day old at least."""
    return {"dihapus": files.purge_orphans()}


outbox.register(PERIKSA, periksa_harian)
outbox.register("portal.bersihkan_berkas", bersihkan_berkas)
schedule.register("portal.bersihkan_berkas", schedule.daily(4))
outbox.register(JANGKAR, jangkar_harian)
schedule.register(JANGKAR, schedule.daily(2))
schedule.register(PERIKSA, schedule.daily(3))
