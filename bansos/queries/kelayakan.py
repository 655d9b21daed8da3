"""Who receives aid now, what the village answered about them this month, and how far each village is."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Left
from django.utils import timezone

from bansos.models import BarisPenetapan, Penetapan, VerifikasiKelayakan
from core import rules
from dtks.models import Periode, Usulan
from dtks.queries.periode import batas_kata, lewat, saat_ini
from wilayah.kode import dalam, kabupaten_dari
from wilayah.models import Tingkat, Wilayah
from wilayah.waktu import zona

PANJANG_DESA = len("32.05.01.1001")


def penerima(luas: list[str], program: str = "") -> QuerySet[BarisPenetapan]:
    """Families that receive: their newest row in a decree in force says 'ditetapkan' and is no removal.

    The area is where the family lives now, so a family that moved is answered for by its new village.
    """
    berlaku = BarisPenetapan.objects.filter(hasil="ditetapkan", penetapan__status=Penetapan.Status.BERLAKU)
    terbaru = berlaku.filter(
        usulan__keluarga=OuterRef("usulan__keluarga"), penetapan__program=OuterRef("penetapan__program")
    ).order_by("-penetapan__created_at", "-pk")
    rows = berlaku.filter(dalam("usulan__keluarga__wilayah_id", luas), pk=Subquery(terbaru.values("pk")[:1]))
    rows = rows.exclude(usulan__jalur=Usulan.Jalur.PENGHAPUSAN)
    return rows.filter(penetapan__program=program) if program else rows


def _jawaban(periode: str) -> QuerySet[VerifikasiKelayakan]:
    """The standing answer of the outer recipient in that month."""
    return VerifikasiKelayakan.objects.terakhir().filter(
        periode=periode, program=OuterRef("penetapan__program"), keluarga=OuterRef("usulan__keluarga")
    )


def dengan_jawaban(rows: QuerySet[BarisPenetapan], periode: str) -> QuerySet[BarisPenetapan]:
    """Each recipient with `kini` and `lalu`: result of this month and of the month before, None when not answered."""
    return rows.annotate(
        kini=Subquery(_jawaban(periode).values("hasil")[:1]),
        lalu=Subquery(_jawaban(bulan_lalu(periode)).values("hasil")[:1]),
    )


def bulan_kini(hari: date | None = None) -> str:
    return f"{hari or timezone.localdate():%Y-%m}"


def bulan_lalu(periode: str) -> str:
    return f"{date(int(periode[:4]), int(periode[5:]), 1) - timedelta(days=1):%Y-%m}"


def bulan_terakhir(n: int = 12) -> list[str]:
    """This month and the ones before it, newest first."""
    hasil = [bulan_kini()]
    while len(hasil) < n:
        hasil.append(bulan_lalu(hasil[-1]))
    return hasil


def penutupan(wilayah: str, program: Iterable[str]) -> dict[str, datetime]:
    """When this month closes for each programme: 'batas verifikasi' of its window, else the day in the Ketentuan.

    A removal may follow from an answer, so the window is the one of removals. One query.
    """
    bulan = bulan_kini()
    windows = list(
        Periode.objects.filter(
            wilayah_id=kabupaten_dari(wilayah), periode=bulan, jalur__in=("", Usulan.Jalur.PENGHAPUSAN)
        ).order_by("-program", "-jalur")
    )
    umum = _tanggal_tutup(wilayah, bulan)
    return {
        kode: next((w.tutup_verifikasi for w in windows if w.program in ("", kode)), umum) for kode in program
    }


def _tanggal_tutup(wilayah: str, bulan: str) -> datetime:
    """The last second of the day that the Ketentuan names, on the clock of the area; at the latest of the month."""
    awal = date(int(bulan[:4]), int(bulan[5:]), 1)
    hari = min(int(rules.value("kelayakan.tutup_tanggal", wilayah)), monthrange(awal.year, awal.month)[1])
    besok = awal + timedelta(days=hari)
    return datetime(besok.year, besok.month, besok.day, tzinfo=zona(wilayah)) - timedelta(seconds=1)


def tertutup(wilayah: str, batas: datetime) -> str | None:
    """The sentence why nothing can be answered now, None while the month is open."""
    if not lewat(batas, saat_ini()):
        return None
    return f"Verifikasi bulan ini sudah ditutup {batas_kata(batas, wilayah)}. Yang belum dijawab dijawab bulan depan."


def belum_dinilai(luas: list[str]) -> tuple[int, datetime | None]:
    """Recipients without an answer this month whose month is still open, and the first closing moment. At most three queries."""
    sisa = {k["kode"]: k["m"] - k["n"] for k in per_program(dengan_jawaban(penerima(luas), bulan_kini()))}
    terbuka = [kode for kode, n in sisa.items() if n]
    batas = penutupan(luas[0], terbuka) if terbuka else {}
    buka = {kode: saat for kode, saat in batas.items() if not lewat(saat, saat_ini())}
    return sum(sisa[kode] for kode in buka), min(buka.values(), default=None)


def per_program(rows: QuerySet[BarisPenetapan]) -> list[dict[str, Any]]:
    """[{kode, nama, n (answered), m}]; `rows` from `dengan_jawaban`. One query."""
    hitung = (
        rows.order_by()
        .values(kode=F("penetapan__program_id"), nama=F("penetapan__program__nama"))
        .annotate(m=Count("pk"), n=Count("pk", filter=Q(kini__isnull=False)))
        .order_by("kode")
    )
    return [dict(r) for r in hitung]


@dataclass
class Desa:
    """Progress of one village: recipients, answers by result, and the day of the last answer."""

    kode: str
    nama: str
    jumlah: int = 0
    hasil: dict[str, int] = field(default_factory=lambda: dict.fromkeys(VerifikasiKelayakan.Hasil.values, 0))
    terakhir: Any = None

    @property
    def terjawab(self) -> int:
        return sum(self.hasil.values())

    @property
    def persen(self) -> int:
        return 100 * self.terjawab // self.jumlah if self.jumlah else 100

    @property
    def diam(self) -> bool:
        """Recipients, and not one answer."""
        return bool(self.jumlah) and not self.terjawab


def per_desa(luas: list[str], periode: str, program: str = "") -> list[Desa]:
    """Every village that has recipients, the idle ones first, then by how little is done. Three queries."""
    rows = dengan_jawaban(penerima(luas, program), periode).annotate(
        desa=Left("usulan__keluarga__wilayah_id", PANJANG_DESA)
    )
    desa: dict[str, Desa] = {}
    for r in rows.order_by().values("desa", "kini").annotate(n=Count("pk")).order_by("desa", "kini"):
        satu = desa.setdefault(r["desa"], Desa(r["desa"], r["desa"]))
        satu.jumlah += r["n"]
        if r["kini"]:
            satu.hasil[r["kini"]] = r["n"]
    for w in Wilayah.objects.filter(pk__in=list(desa), tingkat=Tingkat.DESA):
        desa[w.pk].nama = ", ".join(w.jalur.split(", ")[:2])
    akhir = (
        VerifikasiKelayakan.objects.filter(dalam("wilayah_id", luas), periode=periode)
        .annotate(desa=Left("wilayah_id", PANJANG_DESA))
        .order_by()
        .values("desa")
        .annotate(pada=Max("created_at"))
        .order_by("desa")
    )
    for a in akhir.filter(program=program) if program else akhir:
        if a["desa"] in desa:
            desa[a["desa"]].terakhir = a["pada"]
    return sorted(desa.values(), key=lambda d: (not d.diam, d.persen, d.kode))
