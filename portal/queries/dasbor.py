"""What waits for one person: a handful of set-based questions, the same number however many rows there are."""

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Count, Min, Q
from django.utils import timezone

from accounts.models import Pemberitahuan, Pengguna
from bansos.models import Program
from core.models import Pekerjaan
from dtks.models import Musyawarah, TemuanGanda, TiketPadan, Usulan
from dtks.workflow import USULAN_TERBUKA
from portal.queries.pekerjaan import pekerjaan_terlihat
from wilayah.kode import dalam

# state -> (power, '{n} usulan …', where to go). The order is the order on the page: farthest along the line first.
_LANGKAH = (
    ("dikirim", "usulan.tetapkan", "usulan menunggu Anda tetapkan", "/penetapan/?daftar=pengesahan&keadaan=dikirim"),
    ("disahkan", "usulan.kirim", "usulan sudah disahkan, perlu dikirim", "/penetapan/?daftar=pengesahan&keadaan=belum"),
    ("terverifikasi", "usulan.sahkan", "usulan perlu disahkan", "/verifikasi/?antrean=terverifikasi"),
    ("diases", "usulan.verifikasi", "usulan perlu diverifikasi", "/verifikasi/?antrean=diases"),
    ("diinput", "usulan.tugaskan", "usulan perlu ditugaskan ke petugas lapangan", "/verifikasi/?antrean=diinput"),
    ("disepakati", "usulan.input", "usulan perlu dilengkapi dan dikirim ke Dinsos", "/usulan/?status=disepakati"),
    ("dimusyawarahkan", "usulan.sepakati", "usulan menunggu hasil musyawarah dicatat", "/usulan/?status=dimusyawarahkan"),
    ("diajukan", "usulan.musyawarahkan", "usulan perlu dibawa ke musyawarah", "/usulan/?status=diajukan"),
    ("draf", "usulan.ajukan", "draf perlu diajukan ke desa", "/usulan/?status=draf"),
    ("ditunda", "usulan.lanjutkan", "usulan ditunda, periksa apakah bisa dilanjutkan", "/usulan/?status=ditunda"),
)  # fmt: skip


@dataclass(frozen=True)
class Tugas:
    """One line 'n things wait for you'. `tertua` and `tenggat` are the earliest of the group, None when unknown."""

    kode: str
    jumlah: int
    kata: str
    url: str
    tertua: datetime | None = None
    tenggat: date | None = None


@dataclass(frozen=True)
class Dasbor:
    tugas: list[Tugas]
    pemberitahuan: list[Pemberitahuan]
    ada_lagi: bool
    parkir: int


def dasbor(user: Pengguna, jumlah_pemberitahuan: int = 5) -> Dasbor:
    baru = list(
        Pemberitahuan.objects.visible_to(user)
        .filter(dibaca_at__isnull=True)
        .order_by("-created_at", "-pk")[: jumlah_pemberitahuan + 1]
    )
    return Dasbor(
        tugas=[
            t
            for t in (*_kunjungan(user), *_usulan(user), *_musyawarah(user), *_padan(user), *_ganda(user))
            if t.jumlah
        ],
        pemberitahuan=baru[:jumlah_pemberitahuan],
        ada_lagi=len(baru) > jumlah_pemberitahuan,
        parkir=pekerjaan_terlihat(user).filter(status=Pekerjaan.Status.PARKIR).count(),
    )


def _tetapkan(user: Pengguna) -> Q:
    """The head of the Dinas determines APBD programmes, the ministry APBN ones (policies.penetapan)."""
    peran = {p.peran_id for p in user.penugasan_aktif if "usulan.tetapkan" in p.peran.kuasa}
    sumber = [s for s, p in (("APBD", "KEPALA_DINAS"), ("APBN", "PUSDATIN")) if p in peran]
    return Q(program__in=Program.objects.filter(sumber__in=sumber).values("kode"))


def _usulan(user: Pengguna) -> list[Tugas]:
    """One query over the open proposals of the person's areas, by state (partial index usulan_antrean)."""
    syarat = Q(pk__in=[])
    for status, kuasa, _, _ in _LANGKAH:
        if luas := user.cakupan(kuasa):
            satu = Q(status=status) & dalam("wilayah_id", luas)
            syarat |= satu & _tetapkan(user) if status == "dikirim" else satu
    hitung = {
        r["status"]: r
        for r in Usulan.objects.filter(syarat, status__in=USULAN_TERBUKA)
        .values("status")
        .annotate(n=Count("pk"), tertua=Min("status_sejak"), batas=Min("tenggat"))
        .order_by("status")
    }
    return [
        Tugas(status, r["n"], kata, url, r["tertua"], r["batas"])
        for status, _, kata, url in _LANGKAH
        if (r := hitung.get(status))
    ]


def _kunjungan(user: Pengguna) -> list[Tugas]:
    """What hangs on the person himself: visits given to him, and his own drafts that came back."""
    r = Usulan.objects.filter(
        Q(petugas=user, status="ditugaskan") | Q(created_by=user, status="draf", versi__gt=0)
    ).aggregate(
        kunjungan=Count("pk", filter=Q(status="ditugaskan")),
        k_tertua=Min("status_sejak", filter=Q(status="ditugaskan")),
        k_batas=Min("tenggat", filter=Q(status="ditugaskan")),
        kembali=Count("pk", filter=Q(status="draf")),
        d_tertua=Min("status_sejak", filter=Q(status="draf")),
        d_batas=Min("tenggat", filter=Q(status="draf")),
    )
    return [
        Tugas("ditugaskan", r["kunjungan"], "keluarga perlu Anda kunjungi", "/asesmen/", r["k_tertua"], r["k_batas"]),
        Tugas("dikembalikan", r["kembali"], "usulan Anda dikembalikan, perlu diperbaiki", "/usulan/?status=draf",
              r["d_tertua"], r["d_batas"]),
    ]  # fmt: skip


def _musyawarah(user: Pengguna) -> list[Tugas]:
    kelola, setujui = user.cakupan("musyawarah.kelola"), user.cakupan("musyawarah.setujui")
    if not kelola and not setujui:
        return []
    di_kelola, di_setujui = dalam("wilayah_id", kelola), dalam("wilayah_id", setujui)
    lewat = Q(status="dijadwalkan", waktu__lt=timezone.now()) & di_kelola
    tanda = Q(status="terlaksana") & di_kelola
    sah = Q(status="ditandatangani") & di_setujui
    r = Musyawarah.objects.filter(lewat | tanda | sah).aggregate(
        lewat=Count("pk", filter=lewat),
        tanda=Count("pk", filter=tanda),
        sah=Count("pk", filter=sah),
        lewat_tertua=Min("waktu", filter=lewat),
        tanda_tertua=Min("status_sejak", filter=tanda),
        sah_tertua=Min("status_sejak", filter=sah),
    )
    return [
        Tugas("musyawarah_setujui", r["sah"], "berita acara perlu Anda setujui", "/musyawarah/", r["sah_tertua"]),
        Tugas("musyawarah_tanda", r["tanda"], "berita acara perlu ditandatangani dan diunggah", "/musyawarah/", r["tanda_tertua"]),
        Tugas("musyawarah_tutup", r["lewat"], "musyawarah sudah lewat waktunya, perlu ditutup", "/musyawarah/", r["lewat_tertua"]),
    ]  # fmt: skip


def _padan(user: Pengguna) -> list[Tugas]:
    perbaiki, setujui = user.cakupan("padan.perbaiki"), user.cakupan("padan.setujui_kecuali")
    if not perbaiki and not setujui:
        return []
    rusak = Q(status="buka") & dalam("wilayah_id", perbaiki)
    minta = (
        Q(status="minta_pengecualian") & dalam("wilayah_id", setujui) & ~Q(pengecualian_orang=user.orang_id)
    )
    r = TiketPadan.objects.filter(rusak | minta).aggregate(
        rusak=Count("pk", filter=rusak),
        minta=Count("pk", filter=minta),
        rusak_tertua=Min("created_at", filter=rusak),
        minta_tertua=Min("created_at", filter=minta),
    )
    return [
        Tugas("padan_kecuali", r["minta"], "pengecualian NIK perlu Anda putuskan", _padan_url("minta_pengecualian"), r["minta_tertua"]),
        Tugas("padan_perbaiki", r["rusak"], "NIK tidak padan, perlu diperbaiki", _padan_url("buka"), r["rusak_tertua"]),
    ]  # fmt: skip


def _ganda(user: Pengguna) -> list[Tugas]:
    """Numbers proposed in two places: the Dinas settles them, the village compares its papers meanwhile."""
    dinsos = user.punya("padan.setujui_kecuali")
    if not dinsos and not user.punya("padan.perbaiki"):
        return []
    semua = TemuanGanda.objects
    rows = semua.untuk_ditengahi(user) if dinsos else semua.visible_to(user)
    r = rows.terbuka().aggregate(n=Count("pk"), tertua=Min("created_at"))
    kata = (
        "temuan data ganda perlu ditengahi" if dinsos else "temuan data ganda, cocokkan dengan KK dan KTP-el"
    )
    return [Tugas("ganda", r["n"], kata, "/padan/ganda/", r["tertua"])]


def _padan_url(status: str) -> str:
    return f"/padan/?{urlencode({'status': status})}"
