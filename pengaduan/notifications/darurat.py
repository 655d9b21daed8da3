"""Telling people of an emergency at once. Ticket, kecamatan and hour; no name, no story, no category (`core.outbox` handlers)."""

from typing import Any
from uuid import UUID

from accounts.actions import kabar
from accounts.models import Pemberitahuan
from core.models import Pekerjaan
from core.templatetags.ui import tanggal
from pengaduan.actions import darurat as aksi
from pengaduan.models import Kedaruratan, Piket, RiwayatDarurat
from pengaduan.notifications.jam import berkuasa, berperan
from pengaduan.queries import darurat as baca
from pengaduan.queries.jam import tenggat_kata
from pengaduan.workflow import DARURAT
from wilayah.waktu import singkatan, waktu_wilayah

PANGGILAN = "/kedaruratan/"
kabar.segerakan(PANGGILAN)


def _kirim(penerima: set[Any], kalimat: str, tautan: str) -> dict[str, int]:
    Pemberitahuan.objects.bulk_create(
        Pemberitahuan(pengguna_id=pk, kalimat=kalimat[:200], tautan=tautan)
        for pk in sorted(penerima, key=str)
    )
    kabar.antar()  # now, not with the next minute
    return {"kabar": len(penerima)}


def _kecamatan(satu: Kedaruratan) -> str:
    bagian = satu.wilayah.jalur.split(", ")
    return ", ".join(bagian[:-1][-2:]) if len(bagian) > 1 else satu.wilayah.nama


def kabar_darurat(job: Pekerjaan) -> dict[str, int]:
    """A new report to those on duty; without anybody on duty to all who answer emergencies there and their supervisor.
    One that was handed over to its new officer; a step to who reported it and still sees it."""
    if "riwayat" in job.argumen:
        return _langkah(job)
    satu = Kedaruratan.objects.select_related("wilayah").get(pk=job.argumen["kedaruratan"])
    tautan = f"{PANGGILAN}{satu.pk}/"
    batas = f"{tenggat_kata(satu)} {singkatan(satu.wilayah_id)}"
    if petugas := job.argumen.get("petugas"):
        kalimat = f"Laporan darurat {satu.tiket} sekarang Anda pegang. Batas langkah berikutnya {batas}."
        return _kirim({UUID(petugas)}, kalimat, tautan)
    if satu.status != "diterima":
        return {"kabar": 0}
    siapa = {p.pengguna_id for p in baca.piket_kini(satu.wilayah_id, peka=satu.peka)}
    kata = "terbatas " if satu.peka else ""
    tempat = "" if satu.peka else f" ({_kecamatan(satu)})"
    kalimat = f"Laporan darurat {kata}{satu.tiket}{tempat} masuk. Tanggapi sebelum {batas}."
    if siapa:
        return _kirim(siapa, kalimat, tautan)
    tim = baca.tim_kasus(satu.wilayah_id) if satu.peka else set(berkuasa("darurat.tanggapi", satu.wilayah_id))
    hasil = _kirim(tim, f"Tidak ada yang piket. {kalimat}", tautan)
    atasan = set(berperan("SUPERVISOR", satu.wilayah_id)) - tim
    if atasan:  # they may not see a restricted case, but must know that somebody has to be called
        kalimat = f"Tidak ada petugas piket untuk laporan darurat {kata}{satu.tiket}. Hubungi petugasnya."
        hasil["kabar"] += _kirim(atasan, kalimat, "/piket/" if satu.peka else tautan)["kabar"]
    return hasil


def _langkah(job: Pekerjaan) -> dict[str, int]:
    riwayat = RiwayatDarurat.objects.select_related("kedaruratan__created_by", "kedaruratan__petugas").get(
        pk=job.argumen["riwayat"]
    )
    satu = riwayat.kedaruratan
    siapa = {p.pk: p for p in (satu.created_by, satu.petugas) if p is not None and p.pk != riwayat.oleh_id}
    melihat = {pk for pk, p in siapa.items() if Kedaruratan.objects.visible_to(p).filter(pk=satu.pk).exists()}
    if not melihat:
        return {"kabar": 0}
    kalimat = f"Laporan darurat {satu.tiket}: {DARURAT.state(riwayat.ke).label.lower()}."
    Pemberitahuan.objects.bulk_create(
        Pemberitahuan(pengguna_id=pk, kalimat=kalimat, tautan=f"{PANGGILAN}{satu.pk}/")
        for pk in sorted(melihat, key=str)
    )
    return {"kabar": len(melihat)}


def kabar_piket(job: Pekerjaan) -> dict[str, int]:
    """The one who is put on duty, or off it."""
    satu = Piket.objects.select_related("pengguna").get(pk=job.argumen["piket"])
    mulai = waktu_wilayah(satu.wilayah_id, satu.mulai)
    saat = f"{tanggal(mulai.date())} pukul {mulai:%H.%M} {singkatan(satu.wilayah_id)}"
    if job.argumen.get("batal"):
        kalimat = f"Piket Anda yang mulai {saat} dibatalkan atau diakhiri."
    else:
        n = job.argumen.get("hari", 1)
        kalimat = f"Anda piket kedaruratan mulai {saat}{f', {n} hari berturut-turut' if n > 1 else ''}."
    Pemberitahuan.objects.create(pengguna_id=satu.pengguna_id, kalimat=kalimat, tautan="/piket/")
    return {"kabar": 1}


def kabar_tagih(job: Pekerjaan) -> dict[str, int]:
    """Papers past their day: to the officer and to the supervisor; of a restricted case to the officer and the case team."""
    n = 0
    for satu, jumlah in aksi.tagih():
        siapa = {satu.petugas_id} if satu.petugas_id else set()
        siapa |= (
            baca.tim_kasus(satu.wilayah_id) if satu.peka else set(berperan("SUPERVISOR", satu.wilayah_id))
        )
        kalimat = f"Laporan darurat {satu.tiket}: {jumlah} syarat susulan lewat tenggat."
        Pemberitahuan.objects.bulk_create(
            Pemberitahuan(pengguna_id=pk, kalimat=kalimat, tautan=f"{PANGGILAN}{satu.pk}/")
            for pk in sorted(siapa, key=str)
        )
        n += len(siapa)
    return {"kabar": n}
