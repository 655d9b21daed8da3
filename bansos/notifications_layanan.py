"""Telling people about PBI reactivation, reviews and counter letters. Numbers and kinds only: no name, no health."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from accounts.actions import kabar
from accounts.models import Pemberitahuan
from bansos.actions import impor_pbi_aktif, jam_layanan, pbi_wajib
from bansos.models import PermohonanSurat, ReaktivasiPBI, RiwayatReaktivasi, RiwayatSurat, RiwayatTinjauan
from bansos.queries.pemegang import pemegang
from bansos.workflow_layanan import MESIN, PERMOHONAN, REAKTIVASI, TINJAUAN
from core.models import Pekerjaan
from core.templatetags.ui import tanggal
from core.workflow import Alur
from dtks.models import Impor

PANGGILAN = "/pbi/darurat/"  # a patient does not wait for the summary of the morning
kabar.segerakan(PANGGILAN)
_ALUR: dict[type[Any], tuple[Alur, str, str]] = {
    ReaktivasiPBI: (REAKTIVASI, "Reaktivasi PBI", "/pbi/"),
    PermohonanSurat: (PERMOHONAN, "Surat", "/surat/"),
}


def _meja(alur: Alur, status: str, wilayah: str) -> set[UUID]:
    """Who may take the next step from this state."""
    kuasa = {a.kuasa for a in alur.open_from(status)} - {MESIN}
    return {pk for k in kuasa for pk in pemegang(k, wilayah)}


def _kirim(penerima: Iterable[UUID], kalimat: str, tautan: str, kecuali: UUID | None) -> None:
    Pemberitahuan.objects.bulk_create(
        Pemberitahuan(pengguna_id=pk, kalimat=kalimat[:200], tautan=tautan)
        for pk in sorted(set(penerima), key=str)
        if pk != kecuali
    )


def _kabar(riwayat: Any, satu: Any) -> None:
    """The desk that has it now, and who recorded it."""
    alur, sebutan, tautan = _ALUR[type(satu)]
    darurat = " DARURAT" if getattr(satu, "kondisi", "") == "darurat" else ""
    kalimat = f"{sebutan}{darurat} {satu.nomor}: {alur.state(riwayat.ke).label.lower()}."
    penerima = _meja(alur, riwayat.ke, satu.wilayah_id) | {satu.created_by_id}
    _kirim(penerima, kalimat, f"{PANGGILAN if darurat else tautan}{satu.pk}/", riwayat.oleh_id)


def kabar_pbi(job: Pekerjaan) -> None:
    riwayat = RiwayatReaktivasi.objects.select_related("reaktivasi").get(pk=job.argumen["riwayat"])
    _kabar(riwayat, riwayat.reaktivasi)


def kabar_pbi_aktif(job: Pekerjaan) -> dict[str, int]:
    """Queue handler: the desk of each open request whose card works again by the ministry's own list."""
    impor = Impor.objects.get(pk=job.argumen["impor"])
    rows = impor_pbi_aktif.terbuka(impor)
    for satu in rows:
        kalimat = f"Reaktivasi PBI {satu.nomor}: menurut berkas pusat sudah aktif kembali. Periksa, lalu selesaikan permohonannya."
        _kirim(
            _meja(REAKTIVASI, satu.status, satu.wilayah_id) | {satu.created_by_id},
            kalimat,
            f"/pbi/{satu.pk}/",
            None,
        )
    return {"permohonan": len(rows)}


def kabar_surat(job: Pekerjaan) -> None:
    riwayat = RiwayatSurat.objects.select_related("permohonan").get(pk=job.argumen["riwayat"])
    _kabar(riwayat, riwayat.permohonan)


def kabar_tinjauan(job: Pekerjaan) -> None:
    """The village that is asked; the desk of the Dinas when it answered."""
    riwayat = RiwayatTinjauan.objects.select_related("tinjauan").get(pk=job.argumen["riwayat"])
    satu = riwayat.tinjauan
    if riwayat.ke not in ("ditanya", "dijawab"):
        return
    kuasa = "tinjauan.jawab" if riwayat.ke == "ditanya" else "tinjauan.putus"
    kalimat = f"Tinjauan penerima: {TINJAUAN.state(riwayat.ke).label.lower()}."
    _kirim(pemegang(kuasa, satu.wilayah_id), kalimat, f"/tinjauan/{satu.pk}/", riwayat.oleh_id)


def kabar_jam(job: Pekerjaan) -> dict[str, int]:
    """Queue handler: raise what ran through its time and tell each desk, in the same transaction."""
    naik = jam_layanan.naikkan()
    for satu in naik:
        baris = satu.baris
        alur, sebutan, tautan = _ALUR[type(baris)]
        kata = "lewat tenggat" if satu.persen >= 100 else f"sudah memakai {satu.persen}% waktunya"
        penerima = _meja(alur, baris.status, baris.wilayah_id)
        penerima |= {pk for k in satu.kepada for pk in pemegang(k, baris.wilayah_id)}
        awal = PANGGILAN if getattr(baris, "kondisi", "") == "darurat" else tautan
        _kirim(penerima, f"{sebutan} {baris.nomor} {kata}.", f"{awal}{baris.pk}/", None)
    return {"naik": len(naik)}


def kabar_perbarui(job: Pekerjaan) -> dict[str, int]:
    """Queue handler, daily: one notice for each village whose duty to refresh data comes near, however many families."""
    desa: dict[str, list[ReaktivasiPBI]] = defaultdict(list)
    for satu in pbi_wajib.ingatkan():
        desa[satu.wilayah_id].append(satu)
    for wilayah, rows in desa.items():
        dekat = min(r.perbarui_batas for r in rows if r.perbarui_batas)
        kalimat = f"{len(rows)} penerima PBI yang aktif kembali wajib diperbarui datanya. Paling dekat {tanggal(dekat)}."
        _kirim(pemegang("pbi.ajukan", wilayah), kalimat, "/pbi/?daftar=perbarui", None)
    return {"permohonan": sum(map(len, desa.values())), "ditautkan": pbi_wajib.tautkan()}
