"""Telling the desks of an objection. No name, no family, no number of objectors; the village hears only that a letter waits."""

from typing import Any
from uuid import UUID

from accounts.models import Pemberitahuan
from core.models import Pekerjaan
from pengaduan.actions import jam
from pengaduan.models import HakJawab, PerkaraSanggah, SanggahData
from pengaduan.notifications.jam import berkuasa

_KATA = {
    "masuk": "Sanggahan warga masuk dan menunggu diperiksa.",
    "menunggu_petugas": "Keluarga yang disanggah sudah menjawab atau batasnya lewat. Pilih petugas lapangan.",
    "menunggu_putusan": "Sanggahan warga sudah diperiksa dan menunggu putusan.",
    "dikabulkan": "Sanggahan warga diputus: terbukti.",
    "ditolak": "Sanggahan warga diputus: keluarga tetap menerima.",
}


def kabar_sanggah(job: Pekerjaan) -> None:
    """Queue handler: the desk whose turn it is."""
    if "data" in job.argumen:
        data = SanggahData.objects.get(pk=job.argumen["data"])
        _kirim(
            {*berkuasa("sanggah.kelola", data.wilayah_id), *berkuasa("sanggah.putus", data.wilayah_id)},
            "Ada laporan data yang salah dari warga.",
            f"/sanggah/data/{data.pk}/",
        )
        return
    perkara = PerkaraSanggah.objects.get(pk=job.argumen["perkara"])
    apa, wilayah = job.argumen["apa"], perkara.wilayah_id
    if apa == "hak_jawab":
        hak = HakJawab.objects.get(perkara=perkara)
        kata = "Ada surat hak jawab yang harus diantar ke keluarga."
        _kirim(set(berkuasa("sanggah.sampaikan", wilayah)), kata, f"/sanggah/surat/{hak.pk}/")
    elif apa == "diperiksa" and perkara.petugas_id:
        _kirim(
            {perkara.petugas_id}, "Anda ditugaskan memeriksa satu keluarga.", f"/sanggah/tugas/{perkara.pk}/"
        )
    elif apa in _KATA:
        kuasa = "sanggah.putus" if apa == "menunggu_putusan" else "sanggah.kelola"
        _kirim(set(berkuasa(kuasa, wilayah)), _KATA[apa], f"/sanggah/perkara/{perkara.pk}/")


def _kirim(orang: set[UUID], kalimat: str, tautan: str) -> None:
    Pemberitahuan.objects.bulk_create(
        Pemberitahuan(pengguna_id=pk, kalimat=kalimat, tautan=tautan) for pk in sorted(orang, key=str)
    )


def _pemegang(perkara: Any) -> list[UUID]:
    kuasa = "sanggah.putus" if perkara.status == "menunggu_putusan" else "sanggah.kelola"
    return berkuasa(kuasa, perkara.wilayah_id)


jam.daftarkan(
    PerkaraSanggah, sebutan="sanggah", daftar="/sanggah/perkara/", satu=lambda p: f"/sanggah/perkara/{p.pk}/", pemegang=_pemegang,
)  # fmt: skip
jam.daftarkan(
    SanggahData, sebutan="data yang salah", daftar="/sanggah/data/daftar/", satu=lambda d: f"/sanggah/data/{d.pk}/",
    pemegang=lambda d: berkuasa("sanggah.putus", d.wilayah_id),
)  # fmt: skip
