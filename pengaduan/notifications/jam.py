"""One notice for each person and kind of row that ran through its time, however many there are."""

from collections import defaultdict
from uuid import UUID

from accounts.models import Pemberitahuan
from core.models import Pekerjaan
from pengaduan.actions import jam
from pengaduan.queries.petugas import berkuasa, berperan

__all__ = ["berkuasa", "berperan", "kabar_eskalasi"]


def kabar_eskalasi(job: Pekerjaan) -> dict[str, int]:
    """Queue handler: raise what ran through its time and tell each desk once, in the same transaction."""
    naik = jam.naikkan()
    meja: dict[tuple[str, str], list[UUID]] = {}
    isi: dict[tuple[UUID, str], list[jam.Naik]] = defaultdict(list)
    for satu in naik:
        orang: set[UUID] = set()
        for siapa in satu.kepada:
            if siapa == "pemegang":
                orang.update(satu.antrean.pemegang(satu.baris))
                continue
            kunci = (siapa, satu.baris.wilayah_id)
            if kunci not in meja:
                meja[kunci] = berperan(*kunci)
            orang.update(meja[kunci])
        for pk in orang:
            isi[pk, satu.antrean.model._meta.label].append(satu)
    Pemberitahuan.objects.bulk_create(_kabar(pk, rows) for (pk, _), rows in isi.items())
    return {"naik": len(naik), "kabar": len(isi)}


def _kabar(pengguna: UUID, rows: list[jam.Naik]) -> Pemberitahuan:
    antrean = rows[0].antrean
    lewat = sum(r.ambang >= 100 for r in rows)
    bagian = [f"{lewat} lewat tenggat"] if lewat else []
    hampir = sorted({r.ambang for r in rows if r.ambang < 100}, reverse=True)
    bagian += [f"{sum(r.ambang == a for r in rows)} sudah memakai {a}% waktunya" for a in hampir]
    tautan = antrean.satu(rows[0].baris) if len(rows) == 1 else antrean.daftar
    kalimat = f"Tenggat {antrean.sebutan}: {', '.join(bagian)}."
    return Pemberitahuan(pengguna_id=pengguna, kalimat=kalimat[:200], tautan=tautan)
