"""What a worker must know of this field: Celery imports every app's tasks module."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from bansos import notifications, notifications_layanan
from bansos.actions import (
    aturan,
    batch,
    bendera,
    cek,
    daftar,
    daftar_buang,
    graduasi,
    hasil_penetapan,  # noqa: F401 - the kind registers itself
    impor_pbi,  # noqa: F401 - the kind registers itself
    impor_pbi_aktif,
    impor_pengecualian,  # noqa: F401 - the kind registers itself
    jam_layanan,
    keberatan,
    kuota,
    latar,
    massal,
    pbi,
    pengecualian,
    percobaan,
    permohonan,
    serah,
    status_salur,
    tempat_kuota,
    tinjauan,
)
from bansos.forms_unduh import ANTREAN, PENGESAHAN, SK
from bansos.forms_unduh_salur import PENYALURAN
from core import outbox, schedule

UNDUHAN = (ANTREAN, PENGESAHAN, SK, PENYALURAN)  # lists that a job can write

outbox.register(daftar.JOB, daftar.kerjakan)
outbox.register(daftar_buang.JOB, lambda job: daftar_buang.buang())
schedule.register(daftar_buang.JOB, schedule.daily(4))
outbox.register(daftar.JOB_TANDATANGAN, daftar.kerjakan_tandatangan)
outbox.register(percobaan.JOB, percobaan.kerjakan)
outbox.register(latar.NOTICE, notifications.kabar_selesai)
outbox.register(batch.NOTICE, notifications.kabar_batch)
outbox.register(massal.JOB, massal.selesai, call=massal.kerjakan)
outbox.register(keberatan.NOTICE, notifications.kabar_keberatan)
outbox.register(kuota.NOTICE, notifications.kabar_kuota)
outbox.register(graduasi.NOTICE, notifications.kabar_graduasi)
outbox.register(status_salur.NOTICE, notifications.kabar_penyaluran)
outbox.register(tempat_kuota.NOTICE, notifications.kabar_tempat)
outbox.register(pengecualian.NOTICE, notifications.kabar_sanggah_data)
outbox.register(aturan.NOTICE, notifications.kabar_aturan)
outbox.register("bansos.keberatan_lewat", lambda job: {"lewat": keberatan.lewatkan()})
schedule.register("bansos.keberatan_lewat", schedule.daily(1))
outbox.register(
    "bansos.cek_segarkan",
    lambda job: {"baris": cek.segarkan_semua(), "hitungan": cek.buang_hitungan(timezone.now())},
)
schedule.register("bansos.cek_segarkan", schedule.daily(4))
outbox.register(
    bendera.JOB,
    lambda job: dict(
        zip(("dipasang", "ditutup"), bendera.selaraskan(map(UUID, job.argumen["usulan"])), strict=True)
    ),
)


# --- PBI, reviews of recipients, counter letters ---
def _menit_layanan(now: datetime) -> str | None:
    """Every minute in which a clock reaches a threshold, by night too: a patient does not wait for the morning."""
    return now.strftime("%Y-%m-%dT%H:%M") if jam_layanan.ada_yang_naik() else None


outbox.register(pbi.NOTICE, notifications_layanan.kabar_pbi)
outbox.register(impor_pbi_aktif.NOTICE, notifications_layanan.kabar_pbi_aktif)
outbox.register(jam_layanan.JOB, notifications_layanan.kabar_jam)
schedule.register(jam_layanan.JOB, _menit_layanan)
outbox.register("bansos.pbi_perbarui", notifications_layanan.kabar_perbarui)
schedule.register("bansos.pbi_perbarui", schedule.daily(6))
outbox.register(tinjauan.NOTICE, notifications_layanan.kabar_tinjauan)
outbox.register(tinjauan.JOB, lambda job: tinjauan.cari_semua())
schedule.register(tinjauan.JOB, schedule.daily(3))
outbox.register(permohonan.NOTICE, notifications_layanan.kabar_surat)
outbox.register(serah.JOB_BUANG, lambda job: {"dihapus": serah.buang()})
schedule.register(serah.JOB_BUANG, lambda now: f"{now:%Y-%m-%dT%H}")
