"""Nightly care of the whole portal: self-check of the data, anchors of the audit chains."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models.functions import Now
from django.utils import timezone

from accounts.models import Pemberitahuan, Pengguna, Penugasan
from bansos.queries.pemegang import pemegang
from core import anchors, audit, disks, files, outbox, schedule
from core.models import Pekerjaan
from core.templatetags.ui import waktu
from dtks.actions import keluarga
from portal.actions import (
    hak,
    impor_desil,  # noqa: F401 - the kind registers itself
    nisan,
    retensi,
    ringkasan,
    statistik,
)
from portal.exports import paket
from portal.models import PermohonanHak
from portal.queries import periksa
from portal.queries.laporan.dasar import Lingkup
from portal.queries.paket import JENIS as PAKET_JENIS

PERIKSA = "portal.periksa_harian"
JANGKAR = "portal.jangkar_harian"
NISAN = "portal.nisan"
DISK = "portal.disk_jam"
PAKET = "portal.paket_audit"
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


def disk_jam(job: Pekerjaan) -> dict[str, Any]:
    """A disk that fills up is told to the administrators once a day, while there is still room to act."""
    penuh = disks.full()
    ids = Penugasan.objects.berlaku().filter(peran_id="ADMIN").values("pengguna_id")
    admin = list(Pengguna.objects.filter(pk__in=ids, is_active=True).order_by("pk"))
    for nama, persen in penuh.items():
        awal = f"Disk {nama} di server hampir penuh"[:130]
        sudah = Pemberitahuan.objects.filter(
            pengguna__in=admin, kalimat__startswith=awal, created_at__gt=Now() - timedelta(days=1)
        ).values_list("pengguna_id", flat=True)
        kalimat = f"{awal}: terisi {persen} persen. Hubungi pengelola server untuk menambah ruang."
        Pemberitahuan.objects.bulk_create(
            Pemberitahuan(pengguna=p, kalimat=kalimat, tautan="/pekerjaan/")
            for p in admin
            if p.pk not in set(sudah)
        )
    return {"penuh": penuh}


def jangkar_harian(job: Pekerjaan) -> dict[str, Any]:
    path, jumlah = anchors.export()
    return {"berkas": path.name, "rantai": jumlah}


def bersihkan_berkas(job: Pekerjaan) -> dict[str, Any]:
    """Drop photos that were taken away long ago, and files whose row never committed (an upload cut off by a crash)."""
    return {"foto": keluarga.musnahkan_foto(), "dihapus": files.purge_orphans()}


def minta_ringkasan(*, by: Pengguna) -> bool:
    """Queue the daily tables now; False when that was done within these ten minutes."""
    sekarang = timezone.localtime()
    kunci = f"{ringkasan.JOB_HARI}@{sekarang:%Y-%m-%dT%H:%M}"[:-1]
    return outbox.antre(ringkasan.JOB_HARI, kunci=kunci, judul="Hitung ulang laporan", by=by) is not None


def minta_paket(*, by: Pengguna, wilayah: str, periode: str) -> bool:
    """Queue the auditor's pack of one kabupaten and month; False when one is on its way."""
    sekarang = timezone.localtime()
    kunci = f"{PAKET}:{by.pk}:{wilayah}:{periode}@{sekarang:%Y-%m-%dT%H:%M}"
    isi = {"wilayah": wilayah, "periode": periode}
    job = outbox.antre(PAKET, isi, kunci=kunci, judul=f"Paket auditor {periode}", by=by, wilayah=wilayah)
    return job is not None


def buat_paket(job: Pekerjaan) -> dict[str, Any]:
    """Write the pack as its owner may see it now, record its hash and tell him."""
    by = Pengguna.objects.get(pk=job.pemilik_id)
    wilayah, periode = job.argumen["wilayah"], job.argumen["periode"]
    if not by.boleh("jejak.lihat", wilayah):
        return {"ditolak": "Peran Anda tidak lagi mencakup wilayah ini."}
    isi = paket.buat(Lingkup((wilayah,), periode), waktu(timezone.now()))
    berkas = files.store(
        isi, jenis=PAKET_JENIS, nama=f"paket-auditor-{wilayah}-{periode}.zip", mime="application/zip", wilayah=wilayah, by_id=str(by.pk)
    )  # fmt: skip
    audit.catat(
        aksi="paket_audit", objek=berkas, by=by, wilayah=wilayah, peran=by.peran_untuk("jejak.lihat", wilayah),
        rincian={"periode": periode, "sha256": bytes(berkas.sha256).hex(), "ukuran": berkas.ukuran},
    )  # fmt: skip
    Pemberitahuan.objects.create(
        pengguna=by, kalimat=f"Paket auditor periode {periode} sudah siap.", tautan="/laporan/kendali/"
    )
    return {"berkas": str(berkas.pk)}


def hak_akses(job: Pekerjaan) -> dict[str, Any]:
    """The copy of somebody's data; its counter hears when it is there."""
    satu = hak.jawab(UUID(job.argumen["permohonan"]))
    _kabari_hak([satu], f"Salinan data untuk permintaan {satu.nomor} sudah siap diunduh.", "hak.catat")
    return {"status": satu.status}


def hak_hapus(job: Pekerjaan) -> dict[str, Any]:
    satu = hak.laksanakan(UUID(job.argumen["permohonan"]))
    _kabari_hak(
        [satu], f"Penghapusan untuk permintaan {satu.nomor} selesai. Bukti siap diunduh.", "hak.catat"
    )
    return {"status": satu.status, "dihapus": satu.hasil.get("dihapus", {})}


def hak_kabar(job: Pekerjaan) -> dict[str, Any]:
    """A correction was decided: who recorded the request, and who handed the old data to another office."""
    satu, kabar = hak.kabari(UUID(job.argumen["permohonan"]))
    Pemberitahuan.objects.bulk_create(
        Pemberitahuan(pengguna=p, kalimat=kalimat, tautan=f"/hak/{satu.pk}/") for p, kalimat in kabar
    )
    return {"status": satu.status, "dikabari": len(kabar), "penyerahan": satu.hasil.get("diberitahu", [])}


def hak_ingatkan(job: Pekerjaan) -> dict[str, Any]:
    """Deadlines of requests that come near: told to who has the next step."""
    rows = hak.ingatkan()
    for satu in rows:
        kuasa = "hak.nilai" if satu.status == "diajukan" else "hak.putus"
        _kabari_hak([satu], f"Permintaan {satu.nomor} harus dijawab sebelum {waktu(satu.tenggat_at)}.", kuasa)
    return {"diingatkan": len(rows)}


def _kabari_hak(rows: list[PermohonanHak], kalimat: str, kuasa: str) -> None:
    Pemberitahuan.objects.bulk_create(
        Pemberitahuan(pengguna_id=pk, kalimat=kalimat, tautan=f"/hak/{satu.pk}/")
        for satu in rows
        for pk in ([satu.created_by_id] if kuasa == "hak.catat" else pemegang(kuasa, satu.wilayah_id))
    )


outbox.register(hak.JOB_AKSES, hak_akses)
outbox.register(hak.JOB_HAPUS, hak_hapus)
outbox.register(hak.JOB_KABAR, hak_kabar)
outbox.register("portal.hak_ingatkan", hak_ingatkan)
schedule.register("portal.hak_ingatkan", lambda now: f"{now:%Y-%m-%dT%H}")
outbox.register(retensi.JOB, lambda job: retensi.jalankan())
schedule.register(retensi.JOB, schedule.daily(4))
outbox.register(PAKET, buat_paket)
outbox.register(PERIKSA, periksa_harian)
outbox.register(DISK, disk_jam)
schedule.register(DISK, lambda now: f"{now:%Y-%m-%dT%H}")
outbox.register(ringkasan.JOB_JAM, lambda job: ringkasan.segarkan(ringkasan.per("jam")))
outbox.register(ringkasan.JOB_HARI, lambda job: ringkasan.segarkan())
schedule.register(ringkasan.JOB_JAM, lambda now: f"{now:%Y-%m-%dT%H}")
schedule.register(ringkasan.JOB_HARI, schedule.daily(1))
outbox.register(statistik.JOB, lambda job: {"halaman": statistik.segarkan()})
schedule.register(statistik.JOB, schedule.daily(5))
outbox.register("portal.bersihkan_berkas", bersihkan_berkas)
schedule.register("portal.bersihkan_berkas", schedule.daily(4))
outbox.register(JANGKAR, jangkar_harian)
outbox.register(NISAN, lambda job: {"baris": nisan.tulis()})
schedule.register(NISAN, lambda now: f"{now:%Y-%m-%dT%H}")
schedule.register(JANGKAR, schedule.daily(2))
schedule.register(PERIKSA, schedule.daily(3))
