"""Reading PBI: a person by NIK on the deactivation list, limits in months, the numbers of the page, who must refresh data."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from accounts.models import Pengguna
from bansos.models import KUASA_PBI, PbiNonaktif, ReaktivasiPBI
from core import rules
from core.privacy.keys import blind_index
from dtks.models import Individu, VersiKeluarga
from wilayah.kode import kabupaten_dari, ringkas
from wilayah.waktu import hari_wilayah, zona


def tambah_bulan(hari: date, n: int) -> date:
    """The same day n months later; the last of a shorter month."""
    bulan = hari.year * 12 + hari.month - 1 + n
    tahun, bulan = bulan // 12, bulan % 12 + 1
    return date(tahun, bulan, min(hari.day, monthrange(tahun, bulan)[1]))


def batas_aktivasi(nonaktif_sejak: date, wilayah: str) -> date:
    """Last day on which a person deactivated on that day may be asked for (Ketentuan `pbi.batas_bulan`)."""
    return tambah_bulan(nonaktif_sejak, int(rules.value("pbi.batas_bulan", kabupaten_dari(wilayah))))


def menurut_nik(nik: str, by: Pengguna) -> PbiNonaktif | None:
    """The newest deactivation of this NIK that `by` may see."""
    rows = PbiNonaktif.objects.visible_to(by).filter(nik_indeks=blind_index(nik, "nik"))
    return rows.select_related("individu__keluarga").order_by("-tanggal", "-pk").first()


def desil_kini(individu: Individu | None) -> tuple[int, str] | None:
    """(desil, '2026-4') of the newest quarter of the person's family."""
    baris = individu.keluarga.desil.first() if individu else None
    return (baris.desil, f"{baris.tahun}-{baris.triwulan}") if baris else None


def data_diperbarui(satu: ReaktivasiPBI) -> datetime | None:
    """When the family's data was last brought up to date after the ministry's answer; None = not since."""
    orang = satu.individu or satu.nonaktif.individu
    if orang is None or satu.hasil_tanggal is None:
        return None
    sejak = datetime.combine(satu.hasil_tanggal, time.min, zona(satu.wilayah_id))
    rows = VersiKeluarga.objects.filter(keluarga=orang.keluarga_id, created_at__gte=sejak)
    return rows.order_by("-versi").values_list("created_at", flat=True).first()


@dataclass(frozen=True)
class Angka:
    """The numbers above the list. `median_jam`: hours from record to answer of approved emergencies, None without any."""

    nonaktif: int
    diminta: int
    aktif: int
    menurut: dict[str, int]
    darurat: int
    lewat: int
    wajib: int
    wajib_lewat: int
    median_jam: float | None


def angka(user: Pengguna) -> Angka:
    """Of the areas that this person sees; four queries."""
    rows = ReaktivasiPBI.objects.visible_to(user)
    status = dict(rows.order_by().values_list("status").annotate(n=Count("pk")))
    luas = ringkas(k for kuasa in KUASA_PBI for k in user.cakupan(kuasa))
    hari = hari_wilayah(luas[0] if luas else "")
    r = rows.aggregate(
        darurat=Count("pk", filter=Q(kondisi="darurat", tenggat_at__isnull=False, jam_selesai__isnull=True)),
        lewat=Count("pk", filter=Q(jam_selesai__isnull=True, eskalasi__gte=100)),
        wajib=Count("pk", filter=Q(status="disetujui", diperbarui_at__isnull=True)),
        wajib_lewat=Count(
            "pk", filter=Q(status="disetujui", diperbarui_at__isnull=True, perbarui_batas__lt=hari)
        ),
    )
    return Angka(
        nonaktif=PbiNonaktif.objects.visible_to(user).count(),
        diminta=sum(n for s, n in status.items() if s not in ("draf", "dibatalkan")),
        aktif=status.get("disetujui", 0),
        menurut=status,
        median_jam=_median_jam(rows),
        **r,
    )


def _median_jam(rows: Any) -> float | None:
    sql, nilai = (
        rows.filter(kondisi="darurat", status="disetujui", jam_selesai__isnull=False, jam_mulai__isnull=False)
        .order_by()
        .values_list("jam_mulai", "jam_selesai")
        .query.sql_with_params()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "select percentile_cont(0.5) within group (order by extract(epoch from s.jam_selesai - s.jam_mulai)) / 3600 "  # noqa: S608 - the query is the ORM's own
            f"from ({sql}) s",
            nilai,
        )
        hasil = cursor.fetchone()[0]
    return None if hasil is None else round(float(hasil), 1)


def tautkan_sql(luas: str) -> tuple[str, list[str]]:
    """Statement that links rows of the list to persons who came into the register of that kabupaten since."""
    return (
        """update bansos_pbinonaktif n set individu_id = i.id
           from dtks_individu i join dtks_keluarga k on k.id = i.keluarga_id
           where n.individu_id is null and n.wilayah_id like %s and i.nik_indeks = n.nik_indeks and i.aktif
             and (k.wilayah_id = %s or k.wilayah_id like %s)""",
        [f"{luas}%", luas, f"{luas}.%"],
    )
