"""The rows behind the numbers: the same question as the KPI, asked of the rows that this person may see."""

from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Left
from django.utils import timezone

from accounts.models import Pengguna
from bansos.models import BarisPenetapan
from bansos.queries.aturan_program import semua_batas_desil
from bansos.queries.kelayakan import dengan_jawaban, penerima
from dtks.models import Desil, Individu, Keluarga, Musyawarah, RiwayatUsulan, Usulan
from dtks.queries.hitungan import baris as hitungan
from dtks.workflow import USULAN_TERBUKA
from portal.queries.jejak import LONGGAR, batas_bulan, id_sejak, jejak_terlihat
from portal.queries.laporan.dasar import Lingkup, periode_diam
from portal.queries.laporan.ukuran import DESIL, JAWABAN, PENERIMA, segar_sejak
from wilayah.kode import LENGTHS, dalam
from wilayah.models import Tingkat, Wilayah

_STATUS: dict[str, Q] = {
    "semua": Q(),
    "jalan": Q(status__in=USULAN_TERBUKA),
    "terima": Q(status="ditetapkan"),
    "tunggu": Q(status="daftar_tunggu"),
    "tolak": Q(status__in=("ditolak", "tidak_ditetapkan")),
    "tarik": Q(status="ditarik"),
}


def _usulan(user: Pengguna, tempat: Lingkup) -> QuerySet[Usulan]:
    return Usulan.objects.visible_to(user).filter(dalam("wilayah_id", tempat.luas)).select_related("wilayah")


def _keluarga(user: Pengguna, tempat: Lingkup) -> QuerySet[Keluarga]:
    rows = Keluarga.objects.visible_to(user).filter(dalam("wilayah_id", tempat.luas))
    return rows.exclude(status="nonaktif").select_related("wilayah")


def usulan(user: Pengguna, tempat: Lingkup, kolom: str) -> QuerySet[Any]:
    return _usulan(user, tempat).filter(_STATUS[kolom], periode=tempat.periode)


def umur(user: Pengguna, tempat: Lingkup, kolom: str) -> QuerySet[Any]:
    rows = _usulan(user, tempat).filter(status__in=USULAN_TERBUKA)
    return rows.filter(tenggat__lt=tempat.hari) if kolom == "lewat" else rows


def kembali(user: Pengguna, tempat: Lingkup, kolom: str) -> QuerySet[Any]:
    rows = _usulan(user, tempat).filter(periode=tempat.periode, pengusul_orang__isnull=False)
    if kolom == "masuk":
        return rows
    balik = RiwayatUsulan.objects.filter(
        usulan=OuterRef("usulan"), urut=OuterRef("urut") + 1, langkah="urungkan"
    )
    kali = RiwayatUsulan.objects.filter(usulan=OuterRef("pk"), langkah="kembalikan").filter(~Exists(balik))
    return rows.filter(Exists(kali))


def musyawarah(user: Pengguna, tempat: Lingkup, kolom: str) -> QuerySet[Any]:
    """One line per village, as the number counts villages: its newest meeting of that kind."""
    status = ("disetujui",) if kolom == "ba" else ("terlaksana", "ditandatangani", "disetujui")
    rows = Musyawarah.objects.filter(periode=tempat.periode, status__in=status)
    terbaru = rows.annotate(desa=Left("wilayah_id", LENGTHS[3], output_field=CharField())).filter(
        desa=Left(OuterRef("wilayah_id"), LENGTHS[3])
    )
    lihat = Musyawarah.objects.visible_to(user).filter(dalam("wilayah_id", tempat.luas))
    return lihat.filter(pk=Subquery(terbaru.order_by("-waktu", "pk").values("pk")[:1])).select_related(
        "wilayah"
    )


def individu(user: Pengguna, tempat: Lingkup, kolom: str) -> QuerySet[Any]:
    rows = Individu.objects.visible_to(user).aktif().filter(dalam("keluarga__wilayah_id", tempat.luas))
    rows = rows.exclude(keluarga__status="nonaktif").exclude(padan__in=("BELUM", "MENUNGGU", "TANPA_DOKUMEN"))
    rows = rows.select_related("keluarga__wilayah")
    if kolom == "dicek":
        return rows
    return rows.filter(padan="PADAN") if kolom == "padan" else rows.exclude(padan="PADAN")


def lengkap(user: Pengguna, tempat: Lingkup, kolom: str) -> QuerySet[Any]:
    rows = _keluarga(user, tempat)
    if kolom == "keluarga":
        return rows
    segar = Q(pk__in=())
    for kab in sorted({w[:5] for w in tempat.luas}):
        segar |= dalam("wilayah_id", [kab]) & Q(updated_at__gte=segar_sejak(kab))
    return rows.filter(segar) if kolom == "segar" else rows.exclude(segar)


def cakupan(user: Pengguna, tempat: Lingkup, kolom: str) -> QuerySet[Any]:
    terakhir = Desil.objects.filter(keluarga=OuterRef("pk")).order_by("-tahun", "-triwulan")
    rows = _keluarga(user, tempat).annotate(desil_kini=Subquery(terakhir.values("desil")[:1]))
    rows = rows.filter(desil_kini__lte=int(tempat.aturan("laporan.desil_sasaran")))
    if kolom == "sasaran":
        return rows
    terima = Q(pk__in=RawSQL(f"select s.keluarga_id from ({PENERIMA}) s", []))  # noqa: S611, S608 - our own text
    return rows.filter(terima) if kolom == "terima" else rows.exclude(terima)


def salah(user: Pengguna, tempat: Lingkup, kolom: str) -> QuerySet[Any]:
    rows = _keluarga(user, tempat)
    if kolom == "penerima":
        return rows.filter(pk__in=RawSQL(f"select s.keluarga_id from ({PENERIMA}) s", []))  # noqa: S611, S608 - our own text
    batas = semua_batas_desil(timezone.localdate())
    return rows.filter(
        pk__in=RawSQL(  # noqa: S611 - our own text
            f"""with d as ({DESIL}), p as ({PENERIMA}), j as ({JAWABAN}), b as (
              select * from unnest(%s::text[], %s::text[], %s::int[]) as b(kab, program, maks))
            select p.keluarga_id from p join dtks_keluarga k on k.id = p.keluarga_id
            left join d on d.keluarga_id = p.keluarga_id
            left join j on j.keluarga_id = p.keluarga_id and j.program = p.program
            left join b umum on umum.kab = '' and umum.program = p.program
            left join b lokal on lokal.kab = left(k.wilayah_id, 5) and lokal.program = p.program
            where d.desil > coalesce(lokal.maks, umum.maks) or j.hasil = 'tidak_layak'""",  # noqa: S608 - our own text
            [[b[0] for b in batas], [b[1] for b in batas], [b[2] for b in batas]],
        )
    )


def layak(user: Pengguna, tempat: Lingkup, kolom: str) -> QuerySet[Any]:
    rows: QuerySet[BarisPenetapan] = dengan_jawaban(penerima(list(tempat.luas)), f"{tempat.hari:%Y-%m}")
    rows = rows.filter(dalam("usulan__keluarga__wilayah_id", user.cakupan("kelayakan.lihat")))
    rows = rows.annotate(desa=F("usulan__keluarga__wilayah__jalur")).select_related(
        "usulan", "penetapan__program"
    )
    if kolom == "penerima":
        return rows
    if kolom == "tidak_layak":
        return rows.filter(kini="tidak_layak")  # type: ignore[misc]
    return rows.filter(kini__isnull=kolom == "belum")


AKSI_AUDIT = {"buka": "buka_nomor", "ekspor": "ekspor", "tolak": "penolakan"}


def audit(user: Pengguna, tempat: Lingkup, kolom: str) -> QuerySet[Any]:
    awal, akhir = batas_bulan(tempat.periode, tempat.luas[0] if tempat.luas else "")
    rows = jejak_terlihat(user).filter(dalam("wilayah", tempat.luas), aksi=AKSI_AUDIT[kolom])
    rows = rows.filter(pk__gte=id_sejak(awal) - LONGGAR, pk__lt=id_sejak(akhir) + LONGGAR)
    return rows.filter(pada__gte=awal, pada__lt=akhir)


def diam(user: Pengguna, tempat: Lingkup, kolom: str) -> QuerySet[Any]:
    giat = hitungan(tempat.luas, periode=periode_diam(tempat)).values_list("wilayah", "n")
    n: dict[str, int] = {}
    for kode, satu in giat:
        n[kode] = n.get(kode, 0) + satu
    rows = Wilayah.objects.berlaku().filter(dalam("kode", tempat.luas), tingkat=Tingkat.DESA)
    return rows.exclude(pk__in=[kode for kode, jumlah in n.items() if jumlah > 0])
