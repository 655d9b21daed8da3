"""Handlers of this field's jobs. Registered at import; Celery imports every app's tasks module."""

import json
import time
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from accounts.actions import unduh as izin_unduh
from accounts.models import Pengguna
from core import audit, files, outbox, rules, schedule
from core.integrations.dukcapil.client import ACCESS_FAILURES, Breaker, DukcapilClient
from core.integrations.dukcapil.verdict import PersonQuery
from core.models import Pekerjaan
from core.privacy import keys
from core.workflow import GateClosed
from dtks import notifications
from dtks.actions import (
    bendera,
    calon,
    draf,
    ekspor,
    eskalasi,
    ganda,
    hitungan,
    jam,
    padan,
    penugasan,
    periode,
    pindah,
    sampel,
    silang,
    sinkron,
)
from dtks.actions.impor import hasil_siks, inti, usulan_v4  # noqa: F401 - the kinds register themselves
from dtks.exports.daftar import Daftar, Permintaan, PermintaanLatar, Pesanan, ambil, buat
from dtks.forms.unduh import KELUARGA, MUSYAWARAH, PADAN, USULAN
from dtks.models import BATAS, BarisSilang, Individu, Periode, Silang, Usulan
from dtks.queries import periode as jendela
from dtks.queries import unduhan
from dtks.workflow import USULAN_TERBUKA
from wilayah.kode import dalam
from wilayah.waktu import hari_wilayah, waktu_wilayah

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
    """Ask again for every member of an open proposal who is not padan and about whom no question is waiting.

    Findings about people who left their family are closed here, whoever took them out.
    """
    orang = (
        Individu.objects.aktif()
        .filter(keluarga__in=Usulan.objects.filter(status__in=USULAN_TERBUKA).values("keluarga"))
        .filter(nik_indeks__isnull=False)
        .exclude(padan=Individu.Padan.PADAN)
        .exclude(pk__in=padan.sedang_ditanyakan())
        .select_related("keluarga")
        .order_by("keluarga__wilayah_id", "pk")
    )
    with transaction.atomic():
        ditutup = padan.tutup_yang_keluar()
        if ditutup:
            audit.catat(
                aksi="tutup_tiket_padan", jenis="dtks.TiketPadan", by=None, rincian={"jumlah": ditutup}
            )
        return {"jumlah": padan.minta(orang.iterator(chunk_size=1000), by=None), "ditutup": ditutup}


def bersihkan_draf(job: Pekerjaan) -> dict[str, Any]:
    """Half-filled forms that were forgotten are personal data without a purpose."""
    return {"dibuang": draf.bersihkan()}


def bersihkan_impor(job: Pekerjaan) -> dict[str, Any]:
    """Files that came in and were not taken over."""
    return {"dibuang": inti.bersihkan()}


UNDUHAN = (KELUARGA, MUSYAWARAH, PADAN, USULAN)  # lists that a job can write


def pesan_unduhan(
    daftar: Daftar, permintaan: Permintaan, pesanan: Pesanan, *, kunci: str, izin: UUID | None = None
) -> Pekerjaan | None:
    """Queue a long list. The filter may hold a name that somebody typed, so it travels sealed. `izin`: what a second person approved."""
    by: Pengguna = permintaan.user
    isi = {"saring": permintaan.GET.urlencode(), "alasan": pesanan.alasan}
    segel = keys.seal(json.dumps(isi).encode(), f"unduhan:{by.pk}")
    argumen = {"daftar": daftar.kode, "format": pesanan.format, "penuh": pesanan.penuh, "isi": segel.hex()}
    return outbox.antre(
        unduhan.JOB,
        {**argumen, **({"izin": str(izin)} if izin else {})},
        kunci=f"unduhan:{kunci}",
        judul=f"Unduhan {daftar.judul}",
        by=by,
    )


def buat_unduhan(job: Pekerjaan) -> dict[str, Any]:
    """Write the list as its owner may see it now, keep the file sealed for some hours, and tell him."""
    by = Pengguna.objects.get(pk=job.pemilik_id)
    daftar, penuh = ambil(job.argumen["daftar"]), job.argumen["penuh"]
    if not daftar.boleh(by) or (penuh and not by.punya(ekspor.KUASA_NOMOR)):
        return {"ditolak": "Peran Anda tidak lagi mencakup daftar ini."}
    isi = json.loads(keys.unseal(bytes.fromhex(job.argumen["isi"]), f"unduhan:{by.pk}"))
    pesanan = Pesanan(job.argumen["format"], penuh, isi["alasan"])
    izin = job.argumen.get("izin")
    try:
        with transaction.atomic():
            hasil = buat(daftar, PermintaanLatar(by, QueryDict(isi["saring"])), pesanan)
            izin_unduh.keluar(UUID(izin) if izin else None, by=by, kuasa=daftar.kuasa, baris=hasil.jumlah)
    except GateClosed as tolak:
        kalimat = tolak.halangan[0].kalimat
        notifications.unduhan_batal(by, kalimat)
        return {"ditolak": kalimat}
    hasil.berkas.seek(0)
    berkas = files.store(
        hasil.berkas.read(), jenis=f"{unduhan.JENIS}:{daftar.kode}:{'lengkap' if penuh else 'samar'}",
        nama=hasil.nama, mime="application/octet-stream", by_id=str(by.pk),
    )  # fmt: skip
    notifications.unduhan_siap(by, daftar.judul)
    rincian = {"berkas": str(berkas.pk), "baris": hasil.jumlah, "luas": daftar.luas(by, penuh=penuh)}
    return {**rincian, **({"izin": izin} if izin else {})}


def buang_unduhan(job: Pekerjaan) -> dict[str, Any]:
    """Files whose hours are over: row and disk copy."""
    rows = list(unduhan.lewat())
    for berkas in rows:
        files.remove(berkas)
    return {"dihapus": len(rows)}


outbox.register(unduhan.JOB, buat_unduhan)
outbox.register("dtks.buang_unduhan", buang_unduhan)
schedule.register("dtks.buang_unduhan", schedule.daily(5))


def cari_ganda_harian(job: Pekerjaan) -> dict[str, Any]:
    """Queue tonight's search for people who are recorded twice."""
    lalu = (
        Pekerjaan.objects.filter(jenis=job.jenis, status=Pekerjaan.Status.SELESAI)
        .order_by("-created_at")
        .values_list("created_at", flat=True)
        .first()
    )
    return {"iris": len(calon.harian(timezone.now(), lalu))}


def hourly(job: Pekerjaan) -> dict[str, Any]:
    """The month's care of every kabupaten: windows ahead, what is late, reminders. Each its own job, named so that it runs once."""
    saat, hasil = jendela.saat_ini(), {"jendela": 0, "gulir": 0, "ingatkan": 0}
    for kab in jendela.terpakai():
        hasil["jendela"] += periode.siapkan(kab, saat)
        if jendela.terlambat(Usulan.objects.filter(dalam("wilayah_id", [kab])), saat).exists():
            kunci = f"{periode.JOB_GULIR}:{kab}@{job.argumen['periode']}"
            hasil["gulir"] += (
                outbox.antre(periode.JOB_GULIR, {"kabupaten": kab}, kunci=kunci, wilayah=kab) is not None
            )
        hasil["ingatkan"] += _remind(kab, saat)
    return hasil


def tenggat_jam(job: Pekerjaan) -> dict[str, Any]:
    """Every hour: where the working day has begun, raise what ran through its time, once a day; a day missed is caught up."""
    saat, n = jendela.saat_ini(), 0
    for kab in jendela.terpakai():
        hari = waktu_wilayah(kab, saat)
        if hari.hour >= rules.value("eskalasi", kab)["jam"]:
            kunci = f"dtks.eskalasi:{kab}@{hari.date().isoformat()}"
            n += outbox.antre("dtks.eskalasi", {"kabupaten": kab}, kunci=kunci, wilayah=kab) is not None
    for keluarga in jam.keluarga_menunggu_surat():
        outbox.antre(jam.JOB_SURAT, {"keluarga": [str(k) for k in keluarga]})
    return {"kabupaten": n}


def _remind(kab: str, saat: datetime) -> int:
    """Reminders due today, one job for each closing moment and number of days; a moment that is moved is told anew."""
    if waktu_wilayah(kab, saat).hour < rules.value("pengingat.jam", kab):
        return 0
    hari, n = hari_wilayah(kab, saat), 0
    momen = {
        (baris.periode, getattr(baris, kolom))
        for baris in Periode.objects.filter(wilayah=kab, tarik_pusat__gte=saat).order_by("pk")
        for kolom in BATAS
    }
    for bulan, batas in sorted(momen):
        sisa = (hari_wilayah(kab, batas) - hari).days
        if sisa in rules.value("pengingat.hari", kab):
            isi = {"kabupaten": kab, "periode": bulan, "batas": batas.isoformat()}
            kunci = f"dtks.ingatkan:{kab}:{bulan}:{batas:%Y%m%dT%H%M%S%z}:{sisa}"
            n += outbox.antre("dtks.ingatkan", isi, kunci=kunci, wilayah=kab) is not None
    return n


def roll(job: Pekerjaan) -> dict[str, Any]:
    """Move one lot of late proposals; a full lot means that there may be more."""
    kab = job.argumen["kabupaten"]
    n = periode.gulirkan(kab, putaran=job.pk)
    if n == periode.SEKALI:
        outbox.antre(
            periode.JOB_GULIR, {"kabupaten": kab}, kunci=f"{periode.JOB_GULIR}:{kab}@{job.pk}", wilayah=kab
        )
    return {"pindah": n}


def hitung_ulang_tenggat(job: Pekerjaan) -> dict[str, Any]:
    """One lot of deadlines after a change of the calendar; a full lot means that there may be more."""
    kab = job.argumen["kabupaten"]
    n = jam.hitung_ulang(kab)
    if n:
        audit.catat(
            aksi="tenggat_dihitung_ulang",
            jenis="dtks.Usulan",
            objek_id=kab,
            by=None,
            wilayah=kab,
            rincian={"jumlah": n},
        )
    if n >= jam.SEKALI:
        outbox.antre(jam.JOB_ULANG, job.argumen, kunci=f"{jam.JOB_ULANG}@{job.pk}", wilayah=kab)
    eskalasi.sesuaikan(kab)
    return {"berubah": n}


def terapkan_sampel(job: Pekerjaan) -> dict[str, Any]:
    """The proposals that the draw spares go on to the verifier."""
    a = job.argumen
    return sampel.terapkan(a["kebijakan"], by=Pengguna.objects.get(pk=a["oleh"]), sesudah=a["sesudah"])


outbox.register("dtks.tenggat_jam", tenggat_jam)
outbox.register("dtks.eskalasi", notifications.kabar_eskalasi)
schedule.register("dtks.tenggat_jam", lambda now: f"{now:%Y-%m-%dT%H}")
outbox.register(jam.JOB_ULANG, hitung_ulang_tenggat)
outbox.register(
    jam.JOB_SURAT, lambda job: {"berubah": jam.selaraskan_surat(UUID(k) for k in job.argumen["keluarga"])}
)
outbox.register("dtks.periode_jam", hourly)
outbox.register(periode.JOB_GULIR, roll)
outbox.register(periode.JOB_KABAR_GULIR, notifications.kabar_guliran)
outbox.register(periode.JOB_KABAR_UBAH, notifications.kabar_periode)
outbox.register("dtks.ingatkan", notifications.ingatkan)
schedule.register("dtks.periode_jam", lambda now: f"{now:%Y-%m-%dT%H}")
outbox.register(padan.JOB, record, call=ask)
outbox.register("dtks.beri_tahu", notifications.beri_tahu)
outbox.register(penugasan.JOB, notifications.beri_tahu_alih)
outbox.register(sampel.JOB, terapkan_sampel)
outbox.register(ganda.JOB, notifications.beri_tahu_ganda)
for _job in (inti.JOB_PERIKSA, inti.JOB_TERAPKAN, inti.JOB_BATALKAN):
    outbox.register(_job, inti.jalankan)
outbox.register(pindah.JOB, notifications.beri_tahu_pindah)
outbox.register(pindah.JOB_LEWAT, notifications.beri_tahu_pindah_lewat)
outbox.register("dtks.pindah_lewat", lambda job: {"lewat": pindah.eskalasi()})
schedule.register("dtks.pindah_lewat", schedule.daily(5))


def bendera_malam(job: Pekerjaan) -> dict[str, Any]:
    """Every night the flags of all open proposals: a job for each kabupaten, lot after lot."""
    kab = job.argumen.get("kabupaten")
    if kab is None:
        for satu in jendela.terpakai():
            kunci = f"{bendera.JOB_MALAM}:{satu}@{job.argumen['periode']}"
            outbox.antre(bendera.JOB_MALAM, {"kabupaten": satu}, kunci=kunci, wilayah=satu)
        return {}
    lagi = bendera.malam(kab, job.argumen.get("setelah", ""))
    if lagi:
        outbox.antre(bendera.JOB_MALAM, {"kabupaten": kab, "setelah": lagi}, wilayah=kab)
    return {}


def bendera_usulan(job: Pekerjaan) -> dict[str, Any]:
    pasang, tutup = bendera.selaraskan(UUID(pk) for pk in job.argumen["usulan"])
    return {"dipasang": pasang, "ditutup": tutup}


outbox.register(bendera.JOB, bendera_usulan)
outbox.register(bendera.JOB_MALAM, bendera_malam)
schedule.register(bendera.JOB_MALAM, schedule.daily(3))
outbox.register(hitungan.JOB, lambda job: {"baris": hitungan.lipat()})
schedule.register(hitungan.JOB, lambda now: f"{now:%Y-%m-%dT%H:%M}"[:-1])  # every ten minutes
outbox.register("dtks.padan_harian", nightly)
schedule.register("dtks.padan_harian", schedule.daily(1))
outbox.register("dtks.bersihkan_impor", bersihkan_impor)
schedule.register("dtks.bersihkan_impor", schedule.daily(4))
outbox.register("dtks.bersihkan_draf", bersihkan_draf)
schedule.register("dtks.bersihkan_draf", schedule.daily(4))
outbox.register(calon.JOB_IRIS, lambda job: calon.cari(job.argumen))
outbox.register(calon.JOB_SEGARKAN, lambda job: calon.segarkan(job.argumen["wilayah"]))
outbox.register("dtks.cari_ganda_harian", cari_ganda_harian)
schedule.register("dtks.cari_ganda_harian", schedule.daily(2))


def tanya_kiriman(argumen: dict[str, Any]) -> dict[str, Any]:
    """Outside any transaction: the service's category for rows that were sent in; stops at the first sign of an outage."""
    client, end = _client(), time.monotonic() + CALL_SECONDS
    rows = BarisSilang.objects.filter(pk__in=argumen["baris"], kategori=silang.TANYAKAN, nik__isnull=False)
    ambang = rules.value("padan.ambang", Silang.objects.get(pk=argumen["silang"]).wilayah_id)
    jawaban: dict[str, str] = {}
    sebab = ""
    for satu in rows.order_by("pk"):
        if time.monotonic() > end:
            break
        tanya = PersonQuery(
            nik=satu.nik.open(), nama=satu.nama, tanggal_lahir=satu.tgl_lahir,
            jenis_kelamin={"1": "L", "2": "P"}.get(satu.jenis_kelamin, ""),
        )  # fmt: skip
        hasil = client.verify(tanya, threshold=ambang["terima"], review=ambang["tinjau"])
        if hasil.ada_putusan:
            jawaban[str(satu.pk)] = str(hasil.kategori)
        elif hasil.sebab not in PER_PERSON:
            sebab = hasil.sebab
            break
    if sebab and not jawaban:
        raise outbox.Later(
            ACCESS_PAUSE if sebab in ACCESS_FAILURES else OUTAGE_PAUSE, f"Dukcapil belum menjawab ({sebab})"
        )
    return {"jawaban": jawaban, "sebab": sebab}


def catat_kiriman(job: Pekerjaan, answer: dict[str, Any]) -> dict[str, Any]:
    """Write the categories; what is left is asked again by a job of its own."""
    sisa = [pk for pk in job.argumen["baris"] if pk not in answer["jawaban"]]
    sisa = [
        str(pk)
        for pk in BarisSilang.objects.filter(pk__in=sisa, kategori=silang.TANYAKAN)
        .order_by("pk")
        .values_list("pk", flat=True)
    ]
    if sisa and not answer["jawaban"]:
        raise outbox.Later(ACCESS_PAUSE, "Jawaban Dukcapil untuk baris ini tidak terbaca")
    if sisa:
        pause = ACCESS_PAUSE if answer["sebab"] in ACCESS_FAILURES else OUTAGE_PAUSE if answer["sebab"] else 0
        outbox.antre(
            silang.JOB_TANYA, {**job.argumen, "baris": sisa}, judul=job.judul,
            by=Pengguna.objects.filter(pk=job.pemilik_id or None).first(), wilayah=job.wilayah, tunda=pause,
        )  # fmt: skip
    silang.catat_jawaban(UUID(job.argumen["silang"]), answer["jawaban"], bagian=0 if sisa else 1)
    return {"dijawab": len(answer["jawaban"]), "dilanjutkan": len(sisa)}


outbox.register(silang.JOB_RENTANG, lambda job: silang.cek_rentang(job.argumen))
outbox.register(silang.JOB_TANYA, catat_kiriman, call=tanya_kiriman)
outbox.register(silang.JOB_BUANG, lambda job: {"dibuang": silang.buang()})
schedule.register(silang.JOB_BUANG, schedule.daily(4))
outbox.register(sinkron.JOB_BUANG, lambda job: {"dibuang": sinkron.buang()})
schedule.register(sinkron.JOB_BUANG, schedule.daily(4))
outbox.register(sinkron.JOB_WEBHOOK, lambda job: {"dikabarkan": sinkron.kabarkan_webhook()})
schedule.register(sinkron.JOB_WEBHOOK, lambda now: f"{now:%Y-%m-%dT%H:%M}")
