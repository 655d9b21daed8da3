"""A backup of the portal, and what a restored portal must do before anybody comes in."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone

from accounts.actions import kabar, webhook
from bansos.actions import serah
from core import anchors, audit, files
from core.backup import make
from core.backup.manifest import Manifest
from core.models import Pekerjaan, Pemulihan
from core.templatetags.ui import waktu
from dtks.actions import draf, keluarga, silang
from dtks.actions.impor import inti
from dtks.models import Perubahan
from dtks.queries import unduhan
from pengaduan.actions import aduan, rahasia
from portal.actions import nisan

# Sessions belong to browsers of before; the feed of changes counts transactions of another server (docs/adr/0030).
TANPA_ISI = (Session._meta.db_table, Perubahan._meta.db_table)
# What these jobs do cannot be taken back by a restore: a message that went out would go out again.
KELUAR = (kabar.JOB, webhook.JOB)
PARKIR = "Menunggu saat data dipulihkan; mungkin sudah terkirim. Periksa dulu, lalu coba lagi."


def cadangkan(folder: Path, bilang: Callable[[str], object]) -> tuple[Manifest, list[str]]:
    """(manifest, ids of files that were already missing). The act stands in the trail after the backup is whole."""
    nisan.tulis()
    manifes, hilang = make.make(folder, without=TANPA_ISI, say=bilang)
    with transaction.atomic():
        audit.catat(
            aksi="cadangkan", jenis="cadangan", objek_id=manifes.id, by=None,
            rincian={"baris": manifes.rows(), "berkas": manifes.berkas, "sidik": manifes.sha256sums},
        )  # fmt: skip
    return manifes, hilang


def sesudah(
    cara: str,
    *,
    cadangan: str,
    data_pada: datetime,
    tempat_nisan: Iterable[Path],
    bilang: Callable[[str], object],
) -> list[str]:
    """Put a database that went back in time in order; sentences about what a person must look at. Running twice is harmless."""
    perlu = []
    with transaction.atomic():
        audit.catat(
            aksi="pulihkan", jenis="cadangan", objek_id=cadangan or "-", by=None,
            rincian={"cara": cara, "data_pada": data_pada.isoformat()},
        )  # fmt: skip
        Pemulihan.objects.create(cara=cara, cadangan=cadangan, data_pada=data_pada)
        with connection.cursor() as cursor:
            for tabel in TANPA_ISI:
                cursor.execute(f'truncate "{tabel}"')
        n = (
            Pekerjaan.objects.filter(jenis__in=KELUAR)
            .exclude(status__in=(Pekerjaan.Status.SELESAI, Pekerjaan.Status.PARKIR))
            .update(status=Pekerjaan.Status.PARKIR, galat=PARKIR, sewa_token=None, sewa_hingga=None)
        )
    if n:
        perlu.append(
            f"{n} pesan atau webhook ditahan karena mungkin sudah terkirim. Lihat di halaman Pekerjaan."
        )
    perlu += _jangkar_lebih_baru(data_pada)
    _musnahkan_yang_lewat()
    n, gagal = nisan.terapkan([nisan.folder(), *tempat_nisan])
    bilang(f"{n} baris yang pernah dihapus dengan sengaja dihapus lagi.")
    perlu += [
        f"{tabel} {kunci} pernah dihapus dengan sengaja, tetapi tidak bisa dihapus lagi."
        for tabel, kunci in gagal
    ]
    if cara == Pemulihan.Cara.CADANGAN:
        files.purge_orphans(older_than_seconds=0)
    return perlu


def _musnahkan_yang_lewat() -> None:
    """What the time of keeping had removed since the backup, removed before anybody sees it."""
    keluarga.musnahkan_foto()
    draf.bersihkan()
    inti.bersihkan()
    silang.buang()
    aduan.buang_foto()
    rahasia.musnahkan()
    with transaction.atomic():
        serah.buang()
        for berkas in list(unduhan.lewat()):
            files.remove(berkas)


def _jangkar_lebih_baru(data_pada: datetime) -> list[str]:
    """Anchors written after that moment name links that are lost. They are kept, apart: they prove a loss, not a tampering."""
    baru = [p for p in sorted(anchors.folder().glob(f"*{anchors.SUFFIX}")) if _ditulis(p) > data_pada]
    if not baru:
        return []
    tempat = anchors.folder() / f"sebelum-pulih-{timezone.now():%Y%m%dT%H%M%S}"
    tempat.mkdir(mode=0o700, exist_ok=True)
    for path in baru:
        path.rename(tempat / path.name)
    return [
        f"{len(baru)} jangkar dibuat sesudah {waktu(data_pada)}: pekerjaan sesudah itu hilang. Jangkarnya disimpan di {tempat}."
    ]


def _ditulis(jangkar: Path) -> datetime:
    with jangkar.open(encoding="utf-8", errors="replace") as baris:
        try:
            return datetime.fromisoformat(json.loads(baris.readline())["waktu"])
        except (ValueError, KeyError, TypeError):
            return datetime.fromtimestamp(0, tz=timezone.get_current_timezone())
