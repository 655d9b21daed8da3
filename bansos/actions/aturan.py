"""A new version of a programme's rule: written by a supervisor, tried out, submitted, approved by another person.

A draft is tried (`coba`) before it is submitted: the trial is kept in the audit trail with the hash of what was tried, and
`ajukan` asks for a trial of exactly this content. Approved, it follows the version before it: that one ends the day before.
"""

import hashlib
import json
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Pengguna
from bansos.actions import hitung
from bansos.models import AturanProgram, Program
from bansos.policies import aturan as policies
from bansos.queries import aturan_program, isi_aturan
from bansos.queries.banding import Banding, dari_coba
from core import audit, outbox, workflow
from core.models import Jejak
from core.workflow import GateClosed, Halangan, NotAllowed
from wilayah.waktu import hari_wilayah

NOTICE = "bansos.kabar_aturan"
PENDEK = 10
Status = AturanProgram.Status


@transaction.atomic
def susun(program: Program, *, by: Pengguna, wilayah: str) -> AturanProgram:
    """A draft for the kabupaten, beginning as the rule that holds there now. One draft of a person at a time is given back."""
    if kalimat := policies.susun(by, wilayah):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    Program.objects.select_for_update().get(pk=program.pk)  # versions are numbered one after the other
    hari = hari_wilayah(wilayah)
    ada = AturanProgram.objects.filter(
        program=program, wilayah=wilayah, status=Status.DRAF, created_by=by
    ).first()
    if ada is not None:
        return ada
    try:
        dasar = aturan_program.berlaku(program.pk, wilayah, hari)
    except aturan_program.TanpaAturan as error:
        raise _tutup("TANPA_ATURAN", str(error), "Muat aturan bawaan portal dulu (muat_acuan).") from error
    akhir = (
        AturanProgram.objects.filter(program=program)
        .order_by("-versi")
        .values_list("versi", flat=True)
        .first()
    )
    hasil = AturanProgram.objects.create(
        program=program, wilayah_id=wilayah, versi=(akhir or 0) + 1, isi=dasar.isi, berlaku_sejak=hari + timedelta(days=1),
        dasar_hukum=dasar.dasar_hukum, sumber=dasar.sumber, status_verifikasi=AturanProgram.Verifikasi.PERLU_CEK, created_by=by,
    )  # fmt: skip
    _catat("susun_aturan", hasil, by, "aturan.susun", dari=str(dasar))
    return hasil


@transaction.atomic
def ubah(aturan: AturanProgram, *, by: Pengguna, isi: dict[str, Any], **lain: Any) -> AturanProgram:
    """Write the draft. `lain`: berlaku_sejak, berlaku_hingga, dasar_hukum, sumber, catatan. Raises GateClosed with what is wrong."""
    baris = _draf(aturan, by)
    if salah := isi_aturan.periksa(isi):
        raise GateClosed([Halangan("ISI_SALAH", kata) for kata in salah[:5]])
    baris.isi = isi
    for kunci in ("berlaku_sejak", "berlaku_hingga", "dasar_hukum", "sumber", "catatan"):
        if kunci in lain:
            setattr(baris, kunci, lain[kunci])
    if baris.berlaku_hingga and baris.berlaku_hingga < baris.berlaku_sejak:
        raise _tutup("MASA", "Tanggal akhir harus sesudah tanggal mulai.", "Perbaiki tanggalnya.")
    baris.save()
    _catat("ubah_aturan", baris, by, "aturan.susun", isi=sidik(isi))
    return baris


def sidik(isi: dict[str, Any]) -> str:
    """SHA-256 of a rule's content in one spelling, hex."""
    return hashlib.sha256(
        json.dumps(isi, sort_keys=True, ensure_ascii=False, default=str).encode()
    ).hexdigest()


def boleh_coba(aturan: AturanProgram, by: Pengguna) -> None:
    """Who writes it or decides about it may try it out. Raises NotAllowed."""
    if policies.ubah(by, aturan) and policies.putus(by, aturan):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", policies.ubah(by, aturan) or "")], aturan.status)


@transaction.atomic
def coba(aturan: AturanProgram, *, by: Pengguna, periode: str) -> Banding:
    """Who enters, who leaves, what it costs, with the register of now; the act keeps that it was tried (`bansos.actions.percobaan`)."""
    wilayah = str(aturan.wilayah_id)
    boleh_coba(aturan, by)
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists coba_lama, coba_alasan")
        hitung.hitung(program=aturan.program_id, periode=periode, wilayah=wilayah, by=by, simpan=False)
        cursor.execute(
            "alter table hitung_baris rename to coba_lama; alter table hitung_alasan rename to coba_alasan"
        )
    hitung.hitung(
        program=aturan.program_id, periode=periode, wilayah=wilayah, by=by, aturan=aturan, simpan=False
    )
    hasil = dari_coba()
    _catat(
        "coba_aturan", aturan, by, "aturan.susun", isi=sidik(aturan.isi), periode=periode, masuk=hasil.masuk, keluar=hasil.keluar,
        biaya_lama=hasil.biaya_lama, biaya_baru=hasil.biaya_baru,
    )  # fmt: skip
    return hasil


def percobaan(aturan: AturanProgram) -> dict[str, Any] | None:
    """What the last trial of exactly this content said: {'periode', 'masuk', 'keluar', 'biaya_lama', 'biaya_baru', 'pada'}."""
    satu = Jejak.objects.filter(
        objek_jenis=AturanProgram._meta.label, objek_id=str(aturan.pk), aksi="coba_aturan", rincian__isi=sidik(aturan.isi)
    ).order_by("-pk").first()  # fmt: skip
    return None if satu is None else satu.rincian | {"pada": satu.pada}


@transaction.atomic
def ajukan(aturan: AturanProgram, *, by: Pengguna) -> AturanProgram:
    baris = _draf(aturan, by)
    if salah := isi_aturan.periksa(baris.isi):
        raise GateClosed([Halangan("ISI_SALAH", kata) for kata in salah[:5]])
    if percobaan(baris) is None:
        raise _tutup(
            "BELUM_DICOBA", "Aturan ini belum dicoba sejak terakhir diubah.", "Tekan “Coba aturan ini” dulu."
        )
    _masa(baris)
    baris.status, baris.diajukan_by, baris.diajukan_at = Status.DIAJUKAN, by, timezone.now()
    baris.save(update_fields=["status", "diajukan_by", "diajukan_at"])
    _catat("ajukan_aturan", baris, by, "aturan.susun", isi=sidik(baris.isi))
    outbox.antre(NOTICE, {"aturan": str(baris.pk)}, wilayah=str(baris.wilayah_id))
    return baris


@transaction.atomic
def buang(aturan: AturanProgram, *, by: Pengguna) -> None:
    baris = _draf(aturan, by)
    baris.status = Status.DICABUT
    baris.save(update_fields=["status"])
    _catat("buang_aturan", baris, by, "aturan.susun")


@transaction.atomic
def setujui(aturan: AturanProgram, *, by: Pengguna) -> AturanProgram:
    """In force from its day; the version before it ends the day before."""
    baris = _diajukan(aturan, by)
    lama = _masa(baris)
    if lama is not None:
        lama.berlaku_hingga = baris.berlaku_sejak - timedelta(days=1)
        lama.save(update_fields=["berlaku_hingga"])
        _catat(
            "akhiri_aturan", lama, by, "aturan.putus", oleh=str(baris), hingga=lama.berlaku_hingga.isoformat()
        )
    baris.status, baris.diputus_by, baris.diputus_at = Status.BERLAKU, by, timezone.now()
    baris.save(update_fields=["status", "diputus_by", "diputus_at"])
    _catat("setujui_aturan", baris, by, "aturan.putus", isi=sidik(baris.isi))
    outbox.antre(NOTICE, {"aturan": str(baris.pk)}, wilayah=str(baris.wilayah_id))
    return baris


@transaction.atomic
def tolak(aturan: AturanProgram, *, by: Pengguna, alasan: str) -> AturanProgram:
    baris = _diajukan(aturan, by)
    if len(alasan.strip()) < PENDEK:
        raise _tutup("ALASAN_KOSONG", "Tuliskan alasan penolakannya (paling sedikit 10 huruf).")
    baris.status, baris.diputus_by, baris.diputus_at = Status.DITOLAK, by, timezone.now()
    baris.alasan_putus = alasan.strip()[:500]
    baris.save(update_fields=["status", "diputus_by", "diputus_at", "alasan_putus"])
    _catat("tolak_aturan", baris, by, "aturan.putus")
    outbox.antre(NOTICE, {"aturan": str(baris.pk)}, wilayah=str(baris.wilayah_id))
    return baris


def _masa(baris: AturanProgram) -> AturanProgram | None:
    """The version that this one follows, locked. Raises GateClosed when their days would overlap or lie in the past."""
    hari = hari_wilayah(str(baris.wilayah_id))
    if baris.berlaku_sejak < hari:
        raise _tutup("MASA", "Aturan tidak boleh mulai berlaku di masa lalu.", "Ubah tanggal mulainya.")
    Program.objects.select_for_update().get(pk=baris.program_id)
    lain = AturanProgram.objects.select_for_update(of=("self",)).filter(
        program=baris.program_id, wilayah=baris.wilayah_id, status=Status.BERLAKU
    )
    dekat = None
    for satu in lain.order_by("berlaku_sejak"):
        if (
            satu.berlaku_sejak >= baris.berlaku_sejak
            and (baris.berlaku_hingga or date.max) >= satu.berlaku_sejak
        ):
            raise _tutup("MASA", f"Versi {satu} sudah mulai berlaku {satu.berlaku_sejak:%d/%m/%Y}.", "Pilih tanggal mulai sesudahnya.")  # fmt: skip
        if satu.berlaku_sejak < baris.berlaku_sejak <= (satu.berlaku_hingga or date.max):
            dekat = satu
    return dekat


def _draf(aturan: AturanProgram, by: Pengguna) -> AturanProgram:
    baris: AturanProgram = workflow.lock(AturanProgram, aturan.pk)
    if kalimat := policies.ubah(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], baris.status)
    return baris


def _diajukan(aturan: AturanProgram, by: Pengguna) -> AturanProgram:
    baris: AturanProgram = workflow.lock(AturanProgram, aturan.pk)
    if kalimat := policies.putus(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], baris.status)
    return baris


def _catat(aksi: str, baris: AturanProgram, by: Pengguna, kuasa: str, **rincian: Any) -> None:
    wilayah = str(baris.wilayah_id or "")
    audit.catat(
        aksi=aksi, objek=baris, by=by, wilayah=wilayah, peran=by.peran_untuk(kuasa, wilayah) if wilayah else "",
        rincian={"aturan": str(baris), **rincian},
    )  # fmt: skip


def _tutup(kode: str, kalimat: str, jalan_keluar: str = "") -> GateClosed:
    return GateClosed([Halangan(kode, kalimat, jalan_keluar)])
