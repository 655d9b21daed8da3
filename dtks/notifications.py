"""Telling the people who hold a case that it is theirs now. Runs from the queue, in one transaction with its mark."""

from django.db.models import Q

from accounts.models import Pemberitahuan, Pengguna, Penugasan
from core.models import Pekerjaan
from dtks.models import RiwayatUsulan, TemuanGanda
from dtks.queries import ganda
from dtks.workflow import USULAN
from wilayah.kode import leluhur

_MAJU = (
    "ajukan",
    "musyawarahkan",
    "sepakati",
    "input",
    "tugaskan",
    "ases",
    "verifikasi",
    "sahkan",
    "kirim",
    "tetapkan",
)
MAX_RECIPIENTS = 50


def pemegang(status: str, wilayah: str) -> list[Pengguna]:
    """Users who may take the next forward step on a case in this state and area."""
    kuasa = next((s.kuasa for s in USULAN.open_from(status) if s.nama in _MAJU), "")
    if not kuasa:
        return []
    area = Q(wilayah__isnull=True) | Q(wilayah_id__in=[*leluhur(wilayah), wilayah])
    ids = Penugasan.objects.berlaku().filter(area, peran__kuasa__contains=[kuasa]).values("pengguna_id")
    return list(Pengguna.objects.filter(pk__in=ids, is_active=True).order_by("pk")[:MAX_RECIPIENTS])


def beri_tahu(job: Pekerjaan) -> None:
    """Queue handler: one notice to each holder (or the assigned officer, or the maker of a returned draft)."""
    riwayat = RiwayatUsulan.objects.select_related(
        "usulan__created_by", "usulan__petugas", "usulan__wilayah"
    ).get(pk=job.argumen["riwayat"])
    usulan = riwayat.usulan
    if riwayat.ke == "ditugaskan":
        penerima = [usulan.petugas] if usulan.petugas else []
    elif riwayat.ke in ("draf", "ditolak", "ditetapkan", "tidak_ditetapkan", "daftar_tunggu", "ditunda"):
        penerima = [usulan.created_by] if usulan.created_by else []
    else:
        penerima = pemegang(riwayat.ke, usulan.wilayah_id)
    kalimat = f"Usulan {usulan.tiket} ({usulan.wilayah.nama}): {USULAN.state(riwayat.ke).label}."
    Pemberitahuan.objects.bulk_create(
        [
            Pemberitahuan(pengguna=p, kalimat=kalimat, tautan=f"/usulan/{usulan.pk}/")
            for p in penerima
            if p.pk != riwayat.oleh_id
        ]
    )


def beri_tahu_ganda(job: Pekerjaan) -> None:
    """Queue handler: what was decided about a number of two villages, to the people of both, each in words of his side."""
    temuan = TemuanGanda.objects.get(pk=job.argumen["temuan"])
    kata: dict[Pengguna, str] = {}
    for wilayah, arti in zip(
        (temuan.wilayah_pertama_id, temuan.wilayah_kedua_id), ganda.ARTI[temuan.keputusan], strict=True
    ):
        for p in ganda.petugas_desa(wilayah):
            # Both sides are his (two RW of one desa): the decision itself says it.
            kata[p] = arti if p not in kata else f"{temuan.get_keputusan_display()}."
    Pemberitahuan.objects.bulk_create(
        [
            Pemberitahuan(
                pengguna=p,
                kalimat=f"Data ganda sudah diputus Dinsos. {arti}",
                tautan=f"/padan/ganda/{temuan.pk}/",
            )
            for p, arti in kata.items()
        ]
    )
