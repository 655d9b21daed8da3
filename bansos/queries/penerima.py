"""Who receives what in which period, with the status of the payment: the rows of `/api/v1/penerima/` and of the screens."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.utils import timezone

from accounts.models import Pengguna
from bansos.models import BarisPenetapan, Penetapan, Penyaluran, StatusSalur
from bansos.queries.rekonsiliasi import akhir_periode
from dtks.models import Usulan
from wilayah.kode import dalam

BELUM = "Belum ada pembayaran."
KUARTAL, BULAN = 8, 12  # how far back the filter of the screens reaches


def daftar(user: Pengguna) -> QuerySet[Penyaluran]:
    """Payments that count, in the areas of this person, with everything that a row shows."""
    rows = Penyaluran.objects.visible_to(user).berlaku()
    return rows.select_related("keluarga", "individu", "program", "status", "wilayah", "baris__penetapan")


def dibayar(user: Pengguna) -> QuerySet[Penyaluran]:
    """Payments that count, with the columns that `belum_dibayar` has too."""
    rows = Penyaluran.objects.visible_to(user).berlaku()
    return rows.annotate(
        nama=F("individu__nama"), status_kata=F("status__kalimat"), penetapan_id=F("baris__penetapan_id")
    )


def belum_dibayar(user: Pengguna, periode: str = "") -> QuerySet[BarisPenetapan]:
    """Recipients by the newest decree in force for whom no payment was reported: none at all, or none in `periode` (decrees up to its
    end). Seen where the family lives, by whoever sees payments there.
    """
    sk = BarisPenetapan.objects.filter(hasil="ditetapkan", penetapan__status=Penetapan.Status.BERLAKU)
    bayar = Penyaluran.objects.berlaku().filter(
        program=OuterRef("penetapan__program"), keluarga=OuterRef("usulan__keluarga")
    )
    if periode:
        sk = sk.filter(penetapan__tanggal__lte=akhir_periode(periode))
        bayar = bayar.filter(periode=periode)
    lebih_baru = sk.filter(
        usulan__keluarga=OuterRef("usulan__keluarga"), penetapan__program=OuterRef("penetapan__program")
    ).filter(
        Q(penetapan__created_at__gt=OuterRef("penetapan__created_at"))
        | Q(penetapan__created_at=OuterRef("penetapan__created_at"), pk__gt=OuterRef("pk"))
    )
    rows = sk.filter(dalam("usulan__keluarga__wilayah_id", user.cakupan("penyaluran.lihat")))
    rows = rows.exclude(usulan__jalur=Usulan.Jalur.PENGHAPUSAN).filter(~Exists(lebih_baru), ~Exists(bayar))
    return rows.annotate(
        program_id=F("penetapan__program_id"),
        periode=Value(periode) if periode else F("penetapan__periode"),
        keluarga_id=F("usulan__keluarga_id"),
        wilayah_id=F("usulan__keluarga__wilayah_id"),
        nama=F("usulan__keluarga__nama_kepala"),
        status_id=Value(""),
        status_kata=Value(BELUM),
        updated_at=F("penetapan__created_at"),
    )


def terakhir(keluarga: UUID, program: str) -> Penyaluran | None:
    """The newest payment of a family and programme."""
    rows = Penyaluran.objects.berlaku().filter(keluarga=keluarga, program=program).select_related("status")
    return rows.order_by("-status_tanggal", "-tahap", "pk").first()


def periode_kini() -> str:
    """The quarter of today, '2026-4'."""
    hari = timezone.localdate()
    return f"{hari.year}-{(hari.month + 2) // 3}"


def periode_pilihan() -> list[str]:
    """The last two years by quarter and the last year by month, newest first."""
    hari = timezone.localdate()
    kuartal = hari.year * 4 + (hari.month - 1) // 3
    bulan = hari.year * 12 + hari.month - 1
    return [f"{k // 4}-{k % 4 + 1}" for k in range(kuartal, kuartal - KUARTAL, -1)] + [
        f"{b // 12}-{b % 12 + 1:02d}" for b in range(bulan, bulan - BULAN, -1)
    ]


def angka(rows: QuerySet[Penyaluran]) -> list[dict[str, Any]]:
    """[{status, n, rupiah}] in the order of the money's way; one query over the filtered rows of one period."""
    hitung = (
        rows.select_related(None)
        .order_by()
        .values("status_id")
        .annotate(n=Count("pk"), rupiah=Sum("nominal"))
    )
    per_kode = {h["status_id"]: h for h in hitung.order_by("status_id")}
    status = StatusSalur.objects.filter(pk__in=list(per_kode)).order_by("urut", "pk")
    return [{"status": s, "n": per_kode[s.pk]["n"], "rupiah": per_kode[s.pk]["rupiah"]} for s in status]


def per_kelompok(hitung: list[dict[str, Any]]) -> dict[str, int]:
    """group of statuses -> number, from `angka`."""
    hasil: Counter[str] = Counter()
    for h in hitung:
        hasil[h["status"].kelompok] += h["n"]
    return dict(hasil)
