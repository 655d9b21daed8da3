"""Telling the next desk that a batch lies there. Numbers and places only, no name."""

from django.db.models import Q

from accounts.models import Pemberitahuan, Pengguna, Penugasan
from bansos.models import (
    AturanProgram,
    Graduasi,
    Keberatan,
    Kuota,
    PerubahanKuota,
    Program,
    RiwayatBatch,
    RiwayatKeberatan,
    SanggahButir,
)
from bansos.queries.penerima import periode_pilihan
from bansos.workflow import BATCH, KEBERATAN
from core.models import Pekerjaan
from core.templatetags.ui import tanggal
from core.terbilang import periode_kata
from wilayah.kode import leluhur

MAX_RECIPIENTS = 50
_MEJA = {"diserahkan": "batch.periksa", "diteruskan": "usulan.sahkan", "disahkan": "usulan.kirim"}


def _pemegang(kuasa: str, wilayah: str) -> list[Pengguna]:
    area = Q(wilayah__isnull=True) | Q(wilayah_id__in=[*leluhur(wilayah), wilayah])
    ids = Penugasan.objects.berlaku().filter(area, peran__kuasa__contains=[kuasa]).values("pengguna_id")
    return list(Pengguna.objects.filter(pk__in=ids, is_active=True).order_by("pk")[:MAX_RECIPIENTS])


def kabar_batch(job: Pekerjaan) -> None:
    """Queue handler: the desk that has the batch now; a verifier whose batch came back or was dissolved."""
    riwayat = RiwayatBatch.objects.select_related("batch__created_by", "batch__program").get(
        pk=job.argumen["riwayat"]
    )
    batch = riwayat.batch
    kuasa = _MEJA.get(riwayat.ke)
    penerima = _pemegang(kuasa, batch.wilayah_id) if kuasa else [batch.created_by]
    kalimat = f"Batch {batch.nomor} ({batch.program.nama}): {BATCH.state(riwayat.ke).label}."[:200]
    Pemberitahuan.objects.bulk_create(
        Pemberitahuan(pengguna=p, kalimat=kalimat, tautan=f"/penetapan/batch/{batch.pk}/")
        for p in penerima
        if p.pk != riwayat.oleh_id
    )


def kabar_keberatan(job: Pekerjaan) -> None:
    """Queue handler: a new one to those who decide, for its days run; a decision to who filed it; one that nobody answered
    in time to those who decide and to the inspectorate."""
    if "keberatan" in job.argumen:
        baru = Keberatan.objects.get(pk=job.argumen["keberatan"])
        lewat = bool(job.argumen.get("lewat"))
        orang = _pemegang("keberatan.putus", baru.wilayah_id)
        orang += _pemegang("keberatan.lihat", baru.wilayah_id) if lewat else []
        kata = "lewat batas jawaban" if lewat else "masuk. Batas jawaban"
        kalimat = f"Keberatan {baru.nomor} {kata} {tanggal(baru.batas_jawab)}."
        Pemberitahuan.objects.bulk_create(
            Pemberitahuan(pengguna=p, kalimat=kalimat, tautan=f"/keberatan/{baru.pk}/")
            for p in {p.pk: p for p in orang}.values()
            if p.pk != baru.created_by_id
        )
        return
    riwayat = RiwayatKeberatan.objects.select_related("keberatan__created_by").get(pk=job.argumen["riwayat"])
    keberatan = riwayat.keberatan
    penerima = [keberatan.created_by]
    if riwayat.ke == "dianggap_kabul":
        penerima += _pemegang("keberatan.putus", keberatan.wilayah_id)
        penerima += _pemegang("keberatan.lihat", keberatan.wilayah_id)
    kalimat = f"Keberatan {keberatan.nomor}: {KEBERATAN.state(riwayat.ke).label.lower()}."
    Pemberitahuan.objects.bulk_create(
        Pemberitahuan(pengguna=p, kalimat=kalimat, tautan=f"/keberatan/{keberatan.pk}/")
        for p in {p.pk: p for p in penerima}.values()
        if p.pk != riwayat.oleh_id
    )


def kabar_kuota(job: Pekerjaan) -> None:
    """Queue handler: a proposed quota to those who decide; what was decided to who proposed it."""
    satu = PerubahanKuota.objects.select_related("kuota__program", "diusulkan_by").get(
        pk=job.argumen["perubahan"]
    )
    baru = satu.status == PerubahanKuota.Status.DIUSULKAN
    penerima = _pemegang("kuota.putus", satu.kuota.wilayah_id) if baru else [satu.diusulkan_by]
    kalimat = (
        f"Kuota {satu.kuota.program.nama} triwulan {satu.kuota.periode}: {satu.get_status_display().lower()}."
    )
    Pemberitahuan.objects.bulk_create(
        Pemberitahuan(pengguna=p, kalimat=kalimat[:200], tautan=f"/kuota/{satu.kuota_id}/") for p in penerima
    )


def kabar_graduasi(job: Pekerjaan) -> None:
    """Queue handler: a graduation that waits for the second person, to those who may be it; decided, to who brought it."""
    satu = Graduasi.objects.select_related("program", "created_by").get(pk=job.argumen["graduasi"])
    tunggu = satu.status == Graduasi.Status.MENUNGGU
    orang = _pemegang("graduasi.setujui", satu.wilayah_id) if tunggu else [satu.created_by]
    kata = "menunggu orang kedua" if tunggu else satu.get_status_display().lower()
    _tulis(
        [p for p in orang if not tunggu or p.orang_id != satu.pengaju_orang_id],
        f"Graduasi {satu.program.nama}: {kata}.",
        f"/graduasi/{satu.pk}/",
    )


def kabar_penyaluran(job: Pekerjaan) -> None:
    """Queue handler: payments that a village has to look after, one notice a programme. No name and no cause."""
    nama = dict(Program.objects.values_list("kode", "nama"))
    for satu in job.argumen["perlu"]:
        kalimat = f"{satu['n']} pembayaran {nama[satu['program']]} {periode_kata(satu['periode'])} di desa Anda perlu ditindaklanjuti."
        dikenal = satu["periode"] in periode_pilihan()
        tautan = f"/penyaluran/?program={satu['program']}" + (
            f"&periode={satu['periode']}" if dikenal else ""
        )
        _tulis(_pemegang("kelayakan.verifikasi", satu["desa"]), kalimat, tautan)


def kabar_tempat(job: Pekerjaan) -> None:
    """Queue handler: families came up from the waiting list, to their villages; a place is empty and nobody waits, to the Dinas."""
    kuota = Kuota.objects.select_related("program", "wilayah").get(pk=job.argumen["kuota"])
    sebutan = f"{kuota.program.nama} triwulan {kuota.periode}"
    if "desa" not in job.argumen:
        kalimat = f"Kuota {sebutan} di {kuota.wilayah.nama}: ada tempat kosong dan tidak ada yang menunggu."
        _tulis(_pemegang("kuota.isi", kuota.wilayah_id), kalimat, f"/kuota/{kuota.pk}/")
        return
    for desa in job.argumen["desa"]:
        kalimat = f"Ada keluarga di desa Anda yang naik dari daftar tunggu {sebutan}."
        _tulis(_pemegang("kelayakan.verifikasi", desa), kalimat, f"/program/{kuota.program_id}/")


def _tulis(penerima: list[Pengguna], kalimat: str, tautan: str) -> None:
    Pemberitahuan.objects.bulk_create(
        Pemberitahuan(pengguna=p, kalimat=kalimat[:200], tautan=tautan) for p in penerima
    )


def kabar_sanggah_data(job: Pekerjaan) -> None:
    """Queue handler: a contested hit to those who decide; the decision to who wrote it down."""
    satu = SanggahButir.objects.select_related("butir__sumber", "created_by").get(pk=job.argumen["sanggah"])
    if satu.status == SanggahButir.Status.DIAJUKAN:
        penerima = _pemegang("pengecualian.putus", satu.butir.wilayah_id)
        kalimat = f"Sanggah data {satu.butir.sumber.nama} masuk. Batas putusan {tanggal(satu.batas_jawab)}."
    else:
        penerima = [satu.created_by] if satu.created_by else []
        kalimat = f"Sanggah data {satu.butir.sumber.nama}: {satu.get_status_display().lower()}."
    Pemberitahuan.objects.bulk_create(
        Pemberitahuan(pengguna=p, kalimat=kalimat[:200], tautan=f"/pengecualian/sanggah/{satu.pk}/")
        for p in penerima
    )


def kabar_selesai(job: Pekerjaan) -> None:
    """Queue handler: background work is done; to who asked for it."""
    a = job.argumen
    Pemberitahuan.objects.create(pengguna_id=a["oleh"], kalimat=a["kalimat"], tautan=a["tautan"])


def kabar_aturan(job: Pekerjaan) -> None:
    """Queue handler: a submitted rule to those who decide; the decision to who wrote it."""
    satu = AturanProgram.objects.select_related("program", "created_by").get(pk=job.argumen["aturan"])
    baru = satu.status == AturanProgram.Status.DIAJUKAN
    orang = _pemegang("aturan.putus", str(satu.wilayah_id)) if baru else [satu.created_by]
    kalimat = f"Aturan {satu} ({satu.program.nama}): {satu.get_status_display().lower()}."[:200]
    Pemberitahuan.objects.bulk_create(
        Pemberitahuan(pengguna=p, kalimat=kalimat, tautan=f"/program/{satu.program_id}/aturan/{satu.pk}/")
        for p in orang
        if p is not None
    )
