"""Reading batches and decrees: rows with their outcome, who waits for what."""

from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import Pengguna
from bansos.models import BarisPenetapan, Penetapan, Pengesahan, PengesahanQuerySet, PengesahanUsulan
from bansos.models import PenetapanQuerySet as SKQuerySet
from dtks.models import Usulan

# A proposal that was sent back and endorsed again belongs to its newest letter; the older one only remembers it.
LEBIH_BARU = Exists(
    PengesahanUsulan.objects.filter(
        usulan=OuterRef("usulan"), pengesahan__created_at__gt=OuterRef("pengesahan__created_at")
    )
)


def milik(pengesahan: Pengesahan) -> "QuerySet[PengesahanUsulan]":
    """Rows of which this is the newest letter."""
    return pengesahan.baris.filter(~LEBIH_BARU)


# Rows of a decree that take a family off the list.
DIHAPUS = Q(hasil=BarisPenetapan.Hasil.DITETAPKAN, usulan__jalur=Usulan.Jalur.PENGHAPUSAN)


def daftar_pengesahan(user: Pengguna) -> PengesahanQuerySet:
    return Pengesahan.objects.visible_to(user).select_related("program", "wilayah")


def hitung_pengesahan(rows: list[Pengesahan]) -> list[Pengesahan]:
    """Attach `jumlah`, `menunggu` (sent, not decided) and `tertinggal` (left behind when the batch went) to the batches of one page; one query."""
    hitung = {
        r["pengesahan"]: r
        for r in PengesahanUsulan.objects.filter(pengesahan__in=rows)
        .annotate(lama=LEBIH_BARU)
        .values("pengesahan")
        .annotate(
            n=Count("pk"),
            tunggu=Count("pk", filter=Q(usulan__status="dikirim", lama=False)),
            tinggal=Count("pk", filter=Q(usulan__status="disahkan", lama=False)),
        )
        .order_by("pengesahan")
    }
    for p in rows:
        satu = hitung.get(p.pk, {"n": 0, "tunggu": 0, "tinggal": 0})
        p.jumlah, p.menunggu = satu["n"], satu["tunggu"]  # type: ignore[attr-defined]
        p.tertinggal = satu["tinggal"] if p.dikirim_at else 0  # type: ignore[attr-defined]
    return rows


def daftar_sk(user: Pengguna) -> SKQuerySet:
    return Penetapan.objects.visible_to(user).select_related("program", "wilayah")


def hitung_sk(rows: list[Penetapan]) -> list[Penetapan]:
    """Attach `per_hasil` ({'ditetapkan': n, …, 'dihapus': n}) to the decrees of one page; one query. A removal is counted apart."""
    hitung: dict[object, dict[str, int]] = {}
    for r in (
        BarisPenetapan.objects.filter(penetapan__in=rows)
        .values("penetapan", "hasil")
        .annotate(n=Count("pk"), hapus=Count("pk", filter=DIHAPUS))
        .order_by("penetapan", "hasil")
    ):
        satu = hitung.setdefault(r["penetapan"], {})
        satu[r["hasil"]] = r["n"] - r["hapus"]
        satu["dihapus"] = satu.get("dihapus", 0) + r["hapus"]
    for p in rows:
        satu = hitung.get(p.pk, {})
        p.per_hasil = {h: satu.get(h, 0) for h in (*BarisPenetapan.Hasil.values, "dihapus")}  # type: ignore[attr-defined]
    return rows


def baris_pengesahan(pengesahan: Pengesahan) -> list[PengesahanUsulan]:
    return list(
        pengesahan.baris.annotate(lebih_baru=LEBIH_BARU)
        .select_related("usulan__keluarga", "usulan__wilayah")
        .order_by("usulan__wilayah_id", "usulan__keluarga__nama_kepala", "pk")
    )


def siap_tetap(pengesahan: Pengesahan) -> list[Usulan]:
    """Proposals of the batch that were sent and wait for a decision."""
    return list(
        Usulan.objects.filter(pk__in=milik(pengesahan).values("usulan_id"), status="dikirim")
        .select_related("keluarga", "wilayah")
        .order_by("wilayah_id", "keluarga__nama_kepala", "pk")
    )


def baris_sk(penetapan: Penetapan) -> list[BarisPenetapan]:
    return list(
        penetapan.baris.select_related("usulan__keluarga", "usulan__wilayah").order_by(
            "usulan__wilayah_id", "usulan__keluarga__nama_kepala", "pk"
        )
    )


def triwulan(hari: date, n: int = 8) -> list[str]:
    """The quarter of `hari` and the ones before it, newest first: ['2026-4', '2026-3', …]."""
    nomor = hari.year * 4 + (hari.month - 1) // 3
    return [f"{i // 4}-{i % 4 + 1}" for i in range(nomor, nomor - n, -1)]
