"""Reading usul warga: who answers, which areas are served, what the village sees of it, and what the citizen reads."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.db.models.functions import Upper

from accounts.models import Pengguna, Penugasan
from core.privacy.fields import plain
from dtks.models import Keluarga, Usulan
from dtks.queries.nik import cari_nik
from dtks.workflow import USULAN
from pengaduan.models import RiwayatUsul, Usul
from pengaduan.queries.jam import tenggat_kata
from pengaduan.queries.usulan import Status, jalan_keluar_warga, status_publik
from wilayah.kode import dalam, kabupaten_dari, leluhur, mencakup

KUASA = "usul.proses"
PALING_BANYAK = 50
# Reasons that say nothing about the family: a neighbour may read them too.
ALASAN_UMUM = ("USUL_BUKAN_WARGA", "USUL_TIDAK_DITEMUKAN", "USUL_KURANG_JELAS", "USUL_MAIN_MAIN", "USUL_SALAH_DESA")  # fmt: skip


def pemegang(usul: Usul) -> list[UUID]:
    """Who answers: the operators of the desa; where it has none, the Dinas."""
    berlaku = Penugasan.objects.berlaku().filter(peran__kuasa__contains=[KUASA], pengguna__is_active=True)
    for kode in (usul.wilayah_id, *reversed(leluhur(usul.wilayah_id))):
        ids = berlaku.filter(wilayah_id=kode).order_by("pengguna_id").values_list("pengguna_id", flat=True)
        if orang := list(ids.distinct()[:PALING_BANYAK]):
            return orang
    return []


def dilayani() -> list[str]:
    """Kabupaten whose Dinas answers what its villages leave lying: only there a citizen may propose."""
    tugas = Penugasan.objects.berlaku().filter(peran__kuasa__contains=[KUASA], wilayah__tingkat=2)
    kode = tugas.order_by("wilayah_id").values_list("wilayah_id", flat=True).distinct()
    return sorted({*kode, settings.KABUPATEN})


@dataclass(frozen=True)
class Kenal:
    """What the register knows of the family, as this reader may see it."""

    keadaan: str = ""  # of dtks.queries.nik.HasilCari; '' without a NIK
    keluarga: list[Keluarga] = field(default_factory=list)
    usulan: list[Usulan] = field(default_factory=list)  # open proposals of these families
    lain: list[Usul] = field(default_factory=list)  # other usul of the same person


def kenali(usul: Usul, by: Pengguna) -> Kenal:
    """By NIK, else by the same name in the desa. Outside the reader's areas nothing but one word."""
    keadaan, ids = "", set()
    if usul.nik is not None:
        hasil = cari_nik(plain(usul.nik), by=by)
        keadaan = hasil.keadaan
        ids = {hasil.keluarga.pk} if hasil.keluarga is not None else set()
    terlihat = (
        Keluarga.objects.visible_to(by).exclude(status=Keluarga.Status.NONAKTIF).select_related("wilayah")
    )
    desa = dalam("wilayah_id", [usul.wilayah_id])  # also a family that was put down under its RT
    senama = terlihat.annotate(besar=Upper("nama_kepala")).filter(desa, besar=usul.nama_kepala.upper())
    keluarga = [*terlihat.filter(pk__in=ids), *senama.exclude(pk__in=ids).order_by("pk")[:4]]
    for satu in keluarga:
        setattr(satu, "di_desa", mencakup(usul.wilayah_id, satu.wilayah_id))  # noqa: B010 - for the page only
    usulan = (
        Usulan.objects.visible_to(by).terbuka().filter(desa, keluarga__in=[k.pk for k in keluarga])
        .select_related("keluarga").order_by("-updated_at", "pk")
    )  # fmt: skip
    lain = Usul.objects.none()
    if usul.nik_indeks is not None:
        lain = Usul.objects.visible_to(by).filter(nik_indeks=usul.nik_indeks).exclude(pk=usul.pk)
    return Kenal(keadaan, keluarga, list(usulan), list(lain.order_by("-created_at", "pk")[:5]))


def desa_tujuan(wilayah: str) -> list[str]:
    """Where an usul may be passed on to: the kabupaten of its desa."""
    return [kabupaten_dari(wilayah)]


def terlihat_di(user: Pengguna) -> Q:
    """The desk's own rows: what the reader answers himself."""
    return dalam("wilayah_id", user.cakupan(KUASA))


# --- what the citizen reads ---------------------------------------------------------------------------

TAHAP = ("Diterima", "Diperiksa desa", "Jadi usulan")
_KALIMAT = {
    "masuk": (1, "Usul Anda sudah diterima dan menunggu jawaban desa.", "Petugas desa memeriksa usul ini, lalu mengambil alih atau menjawab dengan alasan."),
    "diusulkan": (3, "Desa sudah mengambil alih usul Anda.", "Usulan keluarga ini berjalan lewat musyawarah desa dan Dinas Sosial."),
    "minta_mundur": (3, "Permintaan mundur Anda sudah diterima.", "Petugas desa menghubungi keluarga, lalu menarik usulannya."),
    "ditolak": (None, "Desa tidak melanjutkan usul ini.", "Anda boleh mengirim usul lagi kapan saja."),
    "ditarik": (None, "Usul ini sudah ditarik.", "Anda boleh mengirim usul lagi kapan saja."),
}  # fmt: skip


@dataclass(frozen=True)
class StatusUsul:
    """One usul in plain words. `usulan` is the proposal that came of it; a neighbour reads no reason that tells of the family."""

    tiket: str
    untuk: str
    desa: str
    tahap: int | None
    judul: str
    sejak: datetime
    berikutnya: str
    alasan: str = ""
    jalan_keluar: str = ""
    batas: str = ""  # until when the village answers
    lewat: bool = False
    usulan: Status | None = None
    boleh_tarik: bool = False
    boleh_mundur: bool = False


def status_usul(usul: Usul, saat: datetime) -> StatusUsul:
    tahap, judul, berikutnya = _KALIMAT[usul.status]
    alasan, jalan_keluar = _alasan(usul)
    tetangga = usul.untuk == Usul.Untuk.TETANGGA
    usulan = status_publik(usul.usulan) if usul.usulan is not None else None
    if usulan is not None and tetangga:
        usulan = replace(usulan, alasan="", jalan_keluar="", sk_nomor="", sk_kode="", sk_status="")
    menunggu = usul.status in ("masuk", "minta_mundur")
    return StatusUsul(
        tiket=usul.tiket,
        untuk=usul.get_untuk_display().lower(),
        desa=usul.wilayah.sebutan,
        tahap=tahap,
        judul=judul,
        sejak=usul.status_sejak,
        berikutnya=berikutnya,
        alasan=alasan,
        jalan_keluar=jalan_keluar,
        batas=tenggat_kata(usul) if menunggu else "",
        lewat=menunggu and usul.tenggat_at is not None and saat > usul.tenggat_at,
        usulan=usulan,
        boleh_tarik=usul.status == "masuk",
        boleh_mundur=usul.status == "diusulkan" and not tetangga and masih_berjalan(usul),
    )


BISA_DITARIK = next(a.sumber for a in USULAN.langkah if a.nama == "tarik")


def masih_berjalan(usul: Usul) -> bool:
    """Its proposal is where the village can still take it back: not endorsed by the Dinas yet."""
    return (
        usul.usulan is not None and Usulan.objects.filter(pk=usul.usulan.pk, status__in=BISA_DITARIK).exists()
    )


def _alasan(usul: Usul) -> tuple[str, str]:
    """(sentence, way out) of the last answer. What a reason tells of the family is for the family."""
    akhir = RiwayatUsul.objects.filter(usul=usul).order_by("-urut").first()
    if akhir is None or not akhir.alasan:
        return "", ""
    if usul.untuk == Usul.Untuk.TETANGGA and akhir.alasan not in ALASAN_UMUM:
        return "Alasannya disampaikan desa kepada keluarga yang diusulkan.", ""
    return akhir.alasan_kalimat, jalan_keluar_warga(akhir.alasan)
