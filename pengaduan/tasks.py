"""What a worker must know of this field: Celery imports every app's tasks module."""

import re
from datetime import date, datetime
from typing import Any

from django.conf import settings

from core import outbox, rules, schedule
from core.integrations.dukcapil.client import ACCESS_FAILURES, Breaker, DukcapilClient
from core.integrations.dukcapil.verdict import Kategori, PersonQuery
from core.models import Pekerjaan
from dtks.queries.tempat import bagian_desa
from pengaduan.actions import (
    aduan,
    aduan_lapor,  # noqa: F401 - the kind of file registers itself
    darurat,
    jam,
    perkara,
    piket,
    rahasia,
    sanggah,
    usul,
)
from pengaduan.forms_aduan_unduh import DAFTAR_ADUAN
from pengaduan.models import Sanggah
from pengaduan.notifications import aduan as kabar_aduan
from pengaduan.notifications.darurat import kabar_darurat, kabar_piket, kabar_tagih
from pengaduan.notifications.jam import kabar_eskalasi
from pengaduan.notifications.sanggah import kabar_sanggah
from pengaduan.notifications.usul import kabar_usul


def _menit_bila_ada(now: datetime) -> str | None:
    """Every minute in which a clock reaches a threshold, by night too: an emergency does not wait for the morning."""
    return now.strftime("%Y-%m-%dT%H:%M") if jam.ada_yang_naik() else None


outbox.register(jam.JOB, kabar_eskalasi)
schedule.register(jam.JOB, _menit_bila_ada)
outbox.register(usul.NOTICE, kabar_usul)


# The sealed line: what was closed long ago goes. The job says nothing about how many.
def _musnahkan_rahasia(job: Pekerjaan) -> dict[str, Any]:
    rahasia.musnahkan()
    return {}


outbox.register("pengaduan.rahasia_musnah", _musnahkan_rahasia)
schedule.register("pengaduan.rahasia_musnah", schedule.daily(2))
# --- kedaruratan ---
outbox.register(darurat.NOTICE, kabar_darurat)
outbox.register(piket.NOTICE, kabar_piket)
outbox.register(darurat.TAGIH, kabar_tagih)
schedule.register(darurat.TAGIH, schedule.daily(7))


# --- sanggah --------------------------------------------------------------------------------------------

_pemutus = Breaker(after=5, seconds=15)


def _tanya_penyanggah(argumen: dict[str, Any]) -> dict[str, Any]:
    """Outside any transaction: is this person, living in this desa, known to Dukcapil? Only yes or 'a person must look'."""
    satu = Sanggah.objects.select_related("wilayah", "penyanggah").get(pk=argumen["sanggah"])
    if satu.identitas != Sanggah.Identitas.MENUNGGU:
        return {"lewat": True}
    siapa, ambang = satu.penyanggah, rules.value("padan.ambang", satu.wilayah_id)
    bagian = [
        re.sub(r"^(Kabupaten|Kecamatan|Kelurahan|Desa) ", "", b).upper() for b in bagian_desa(satu.wilayah)
    ]
    klien = DukcapilClient(
        settings.DUKCAPIL_URL, settings.DUKCAPIL_USER, settings.DUKCAPIL_PASSWORD, settings.DUKCAPIL_IP,
        settings.DUKCAPIL_TIMEOUT, breaker=_pemutus,
    )  # fmt: skip
    tanya = PersonQuery(
        nik=siapa.nik.open(), nama=siapa.nama.open(), tanggal_lahir=date.fromisoformat(siapa.lahir.open()), desa=bagian[0],
        kecamatan=bagian[1], kabupaten=bagian[2], provinsi=bagian[3],
    )  # fmt: skip
    hasil = klien.verify(tanya, threshold=ambang["terima"], review=ambang["tinjau"])
    if not hasil.ada_putusan and hasil.sebab not in TIDAK_TERBACA:
        raise outbox.Later(
            900 if hasil.sebab in ACCESS_FAILURES else 20, f"Dukcapil belum menjawab ({hasil.sebab})"
        )
    return {"padan": hasil.kategori == Kategori.PADAN}


def _catat_penyanggah(job: Pekerjaan, jawab: dict[str, Any]) -> None:
    if "padan" in jawab:
        sanggah.catat_cek(job.argumen["sanggah"], padan=jawab["padan"])


TIDAK_TERBACA = frozenset({"nik_lain", "kode_tidak_dikenal", "jawaban_tidak_lengkap"})
outbox.register(sanggah.JOB_CEK, _catat_penyanggah, call=_tanya_penyanggah)
outbox.register(sanggah.JOB_KABAR, kabar_sanggah)
outbox.register(
    "pengaduan.sanggah_harian",
    lambda job: {"didiamkan": perkara.lewatkan_jawaban(), "bergabung": sanggah.gabungkan_tertahan()},
)
schedule.register("pengaduan.sanggah_harian", schedule.daily(1))


# --- aduan ---
UNDUHAN_ADUAN = (DAFTAR_ADUAN,)  # lists that a job can write


def _sepuluh_menit(now: datetime) -> str | None:
    """The ten minutes that are just over, when something came in."""
    slot = now.replace(minute=now.minute - now.minute % 10, second=0, microsecond=0)
    return slot.isoformat() if kabar_aduan.ada_yang_baru() else None


outbox.register(aduan.NOTICE, kabar_aduan.kabar_aduan)
outbox.register("pengaduan.aduan_baru", kabar_aduan.kabar_baru)
schedule.register("pengaduan.aduan_baru", _sepuluh_menit)
outbox.register("pengaduan.aduan_tutup", lambda job: {"ditutup": aduan.tutup_yang_diam()})
schedule.register("pengaduan.aduan_tutup", schedule.daily(2))
outbox.register("pengaduan.buang_foto", lambda job: {"foto": aduan.buang_foto()})
schedule.register("pengaduan.buang_foto", schedule.daily(3))
