"""Telling the village that a citizen waits for its answer. The number only."""

from accounts.models import Pemberitahuan
from core.models import Pekerjaan
from pengaduan.models import RiwayatUsul, Usul
from pengaduan.queries.usul import pemegang

_KATA = {"alihkan": "dialihkan ke desa Anda", "mundur": "pengusulnya minta mundur"}


def kabar_usul(job: Pekerjaan) -> dict[str, int]:
    """Queue handler: a new one, one that was passed on, one whose proposer wants out; to those who answer."""
    if "usul" in job.argumen:
        usul, kata = Usul.objects.get(pk=job.argumen["usul"]), "menunggu jawaban desa"
        oleh = usul.created_by_id
    else:
        riwayat = RiwayatUsul.objects.select_related("usul").get(pk=job.argumen["riwayat"])
        usul, oleh = riwayat.usul, riwayat.oleh_id
        if riwayat.langkah not in _KATA:
            return {"kabar": 0}
        kata = _KATA[riwayat.langkah]
    orang = [pk for pk in pemegang(usul) if pk != oleh]
    Pemberitahuan.objects.bulk_create(
        Pemberitahuan(
            pengguna_id=pk, kalimat=f"Usul warga {usul.tiket}: {kata}.", tautan=f"/usul-warga/{usul.pk}/"
        )
        for pk in orang
    )
    return {"kabar": len(orang)}
