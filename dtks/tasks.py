"""Handlers of this field's jobs. Registered at import; Celery imports every app's tasks module."""

import time
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.models import Pengguna
from core import outbox, rules, schedule
from core.integrations.dukcapil.client import ACCESS_FAILURES, Breaker, DukcapilClient
from core.integrations.dukcapil.verdict import PersonQuery
from core.models import Pekerjaan
from dtks import notifications
from dtks.actions import ganda, padan
from dtks.models import Individu
from dtks.workflow import USULAN_TERBUKA

CALL_SECONDS = 20.0  # well inside the lease of the queue
OUTAGE_PAUSE = 20
ACCESS_PAUSE = 900  # a spent quota or a refused login does not mend itself in seconds
# Of one person's answer, not of the service: the others go on, this one is asked again later.
PER_PERSON = frozenset({"nik_lain", "kode_tidak_dikenal", "jawaban_tidak_lengkap"})
_breaker = Breaker(after=5, seconds=15)


def _client() -> DukcapilClient:
    return DukcapilClient(
        settings.DUKCAPIL_URL, settings.DUKCAPIL_USER, settings.DUKCAPIL_PASSWORD, settings.DUKCAPIL_IP,
        settings.DUKCAPIL_TIMEOUT, breaker=_breaker,
    )  # fmt: skip


def query_of(orang: Individu) -> PersonQuery:
    """What Dukcapil is asked about one person: identity and the area where the family lives now."""
    bagian = orang.keluarga.wilayah.jalur.split(", ")
    kabupaten, provinsi = (bagian[-2], bagian[-1]) if len(bagian) >= 2 else ("", "")
    return PersonQuery(
        nik=orang.nik.open(),
        nama=orang.nama,
        tanggal_lahir=orang.tgl_lahir,
        jenis_kelamin={"1": "L", "2": "P"}.get(orang.jenis_kelamin, ""),
        tempat_lahir=orang.tempat_lahir,
        kabupaten=kabupaten.removeprefix("Kabupaten ").upper(),
        provinsi=provinsi.upper(),
    )


def ask(argumen: dict[str, Any]) -> dict[str, Any]:
    """Outside any transaction: ask for each person; stop at the first sign of an outage. Verdicts only, no NIK."""
    client, end = _client(), time.monotonic() + CALL_SECONDS
    jawaban, sisa, sulit, sebab, hilang = [], [], [], "", 0
    orang = {
        str(o.pk): o
        for o in Individu.objects.select_related("keluarga__wilayah").filter(
            pk__in=argumen["individu"], aktif=True
        )
    }
    for pk in argumen["individu"]:
        satu = orang.get(pk)
        if satu is None or not satu.nik:
            hilang += 1  # left the form, or lost the NIK, since the check was asked for
            continue
        if sebab or time.monotonic() > end:
            sisa.append(pk)
            continue
        sidik = padan.identity_fingerprint(satu)
        ambang = rules.value("padan.ambang", satu.keluarga.wilayah_id)
        hasil = client.verify(query_of(satu), threshold=ambang["terima"], review=ambang["tinjau"])
        if not hasil.ada_putusan and hasil.sebab in PER_PERSON:
            sulit.append(pk)
            continue
        if not hasil.ada_putusan:
            sebab = hasil.sebab
            sisa.append(pk)
            continue
        jawaban.append({
            "individu": pk, "sidik": sidik,
            "hasil": {
                "kategori": str(hasil.kategori), "kode_respon": hasil.kode_respon, "skor": hasil.skor, "ambang": ambang,
                "versi_layanan": hasil.versi_layanan, "pesan": hasil.pesan,
            },
        })  # fmt: skip
    if sebab and not jawaban and not hilang:
        raise outbox.Later(
            ACCESS_PAUSE if sebab in ACCESS_FAILURES else OUTAGE_PAUSE, f"Dukcapil belum menjawab ({sebab})"
        )
    if sulit and not jawaban and not sisa and not hilang:
        raise outbox.Later(ACCESS_PAUSE, "Jawaban Dukcapil untuk orang ini tidak terbaca")
    return {"jawaban": jawaban, "sulit": sulit, "sisa": sisa, "sebab": sebab, "hilang": hilang}


def record(job: Pekerjaan, answer: dict[str, Any]) -> dict[str, Any]:
    """Apply the verdicts and queue what is left, in the transaction that marks the job done."""
    by = Pengguna.objects.filter(pk=job.pemilik_id).first() if job.pemilik_id else None
    for satu in sorted(answer["jawaban"], key=lambda s: s["individu"]):
        padan.catat_hasil(
            satu["individu"],
            hasil=satu["hasil"],
            sidik=satu["sidik"],
            pekerjaan=job.pk,
            batch_id=job.argumen.get("batch"),
            by=by,
        )
    if answer.get("hilang") and job.argumen.get("batch"):
        padan.hitung_batch(job.argumen["batch"], "TIDAK_DICEK", answer["hilang"])
    if answer.get("sulit"):
        outbox.antre(
            padan.JOB,
            {**job.argumen, "individu": answer["sulit"]},
            judul=job.judul,
            by=by,
            wilayah=job.wilayah,
            total=len(answer["sulit"]),
            tunda=ACCESS_PAUSE,
        )
    if answer["sisa"]:
        pause = ACCESS_PAUSE if answer["sebab"] in ACCESS_FAILURES else OUTAGE_PAUSE if answer["sebab"] else 0
        outbox.antre(
            padan.JOB,
            {**job.argumen, "individu": answer["sisa"]},
            judul=job.judul,
            by=by,
            wilayah=job.wilayah,
            total=len(answer["sisa"]),
            tunda=pause,
        )
    job.selesai_n = len(answer["jawaban"])
    return {"dijawab": len(answer["jawaban"]), "dilanjutkan": len(answer["sisa"])}


def nightly(job: Pekerjaan) -> dict[str, Any]:
    """Ask again for every member of an open proposal who is not padan yet."""
    orang = (
        Individu.objects.aktif()
        .filter(keluarga__usulan__status__in=USULAN_TERBUKA, nik_indeks__isnull=False)
        .exclude(padan=Individu.Padan.PADAN)
        .select_related("keluarga")
        .distinct()
        .order_by("pk")
    )
    with transaction.atomic():
        return {"jumlah": padan.minta(orang.iterator(chunk_size=1000), by=None)}


outbox.register(padan.JOB, record, call=ask)
outbox.register("dtks.beri_tahu", notifications.beri_tahu)
outbox.register(ganda.JOB, notifications.beri_tahu_ganda)
outbox.register("dtks.padan_harian", nightly)
schedule.register("dtks.padan_harian", schedule.daily(1))
