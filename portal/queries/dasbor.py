"""What waits for one person: a handful of set-based questions, the same number however many rows there are."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet, Value
from django.utils import timezone

from accounts.models import PENGGANTI, IzinUnduh, KunciApi, Pemberitahuan, Pengguna
from bansos.models import (
    AturanProgram,
    BatchPengesahan,
    DaftarKelayakan,
    Graduasi,
    Keberatan,
    PermintaanData,
    PermohonanSurat,
    PerubahanKuota,
    Program,
    ReaktivasiPBI,
    SanggahButir,
    TinjauanPenerima,
)
from bansos.queries.batch import tiga_meja
from bansos.queries.kelayakan import belum_dinilai
from bansos.workflow_layanan import PERMOHONAN, REAKTIVASI, TINJAUAN
from core.models import Pekerjaan
from core.workflow import Alur
from dtks.models import CalonGanda, JedaTenggat, Musyawarah, PermintaanPindah, TemuanGanda, TiketPadan, Usulan
from dtks.queries import beku, eskalasi
from dtks.queries.periode import Spanduk, spanduk
from dtks.queries.tenggat import kata_sisa
from dtks.workflow import USULAN_TERBUKA
from pengaduan.models import Aduan, Kedaruratan, Usul
from portal.queries.pekerjaan import pekerjaan_terlihat
from wilayah.kode import dalam, kabupaten_dari, ringkas, tingkat_dari
from wilayah.models import Tingkat
from wilayah.queries.kerja import kalender
from wilayah.waktu import hari_wilayah

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
_BATCH = (
    ("diteruskan", "usulan.sahkan", "batch menunggu Anda sahkan"),
    ("diserahkan", "batch.periksa", "batch perlu Anda periksa"),
    ("disusun", "batch.susun", "batch belum diserahkan ke supervisor"),
)


@dataclass(frozen=True)
class Tugas:
    """One line 'n things wait for you'. `tertua` and `tenggat` are the earliest of the group, None when unknown."""

    kode: str
    jumlah: int
    kata: str
    url: str
    tertua: datetime | None = None
    tenggat: date | None = None
    sisa: str = ""  # the deadline in working days, as words


@dataclass(frozen=True)
class Dasbor:
    tugas: list[Tugas]
    pemberitahuan: list[Pemberitahuan]
    ada_lagi: bool
    parkir: int
    beku: int  # open proposals of frozen families where this person works: in no number above
    batas: list[Spanduk]


def dasbor(user: Pengguna, jumlah_pemberitahuan: int = 5) -> Dasbor:
    baru = list(
        Pemberitahuan.objects.visible_to(user)
        .filter(dibaca_at__isnull=True)
        .order_by("-created_at", "-pk")[: jumlah_pemberitahuan + 1]
    )
    sisa = _sisa(user)
    dibekukan = beku.kunci(kode for _, kuasa, _, _ in _LANGKAH for kode in user.cakupan(kuasa))
    return Dasbor(
        tugas=[
            t
            for t in (
                *_darurat(user),
                *_aduan(user),
                *_kunjungan(user, sisa),
                *_batch(user),
                *_keberatan(user, sisa),
                *_layanan(user),
                *_usul(user, sisa),
                *_usulan(user, sisa, dibekukan),
                *_lewat(user),
                *_musyawarah(user),
                *_padan(user),
                *_ganda(user),
                *_calon(user),
                *_pindah(user),
                *_kelayakan(user),
            )
            if t.jumlah
        ],
        pemberitahuan=baru[:jumlah_pemberitahuan],
        ada_lagi=len(baru) > jumlah_pemberitahuan,
        parkir=pekerjaan_terlihat(user).filter(status=Pekerjaan.Status.PARKIR).count(),
        beku=len(dibekukan),
        batas=spanduk(user),
    )


def _tetapkan(user: Pengguna) -> Q:
    """The head of the Dinas determines APBD programmes, the ministry APBN ones (policies.penetapan)."""
    peran = {p.peran_id for p in user.penugasan_aktif if "usulan.tetapkan" in p.peran.kuasa}
    kadis = {"KEPALA_DINAS", *PENGGANTI["KEPALA_DINAS"]}
    sumber = [s for s, p in (("APBD", kadis), ("APBN", {"PUSDATIN"})) if p & peran]
    return Q(program__in=Program.objects.filter(sumber__in=sumber).values("kode"))


def _usulan(user: Pengguna, sisa: Callable[[date | None], str], dibekukan: list[UUID]) -> list[Tugas]:
    """One query over the open proposals of the person's areas, by state (partial index usulan_antrean), without the frozen."""
    syarat, semua = Q(pk__in=[]), []
    for status, kuasa, _, _ in _LANGKAH:
        luas = user.cakupan(kuasa)
        if (
            status == "terverifikasi"
        ):  # where three desks endorse, the batch waits for the head and not the single case
            luas = [kode for kode in luas if not tiga_meja(kabupaten_dari(kode))]
        if luas:
            semua += luas
            satu = Q(status=status) & dalam("wilayah_id", luas)
            syarat |= satu & _tetapkan(user) if status == "dikirim" else satu
    # As a list: a question inside the aggregate would be asked again for each of a hundred thousand rows.
    jeda = JedaTenggat.objects.berjalan().filter(dalam("usulan__wilayah_id", ringkas(semua)))
    berhenti = list(jeda.order_by("pk").values_list("usulan_id", flat=True))
    hitung = {
        r["status"]: r
        for r in Usulan.objects.filter(syarat, status__in=USULAN_TERBUKA)
        .exclude(pk__in=dibekukan)
        .values("status")
        .annotate(n=Count("pk"), tertua=Min("status_sejak"), batas=Min("tenggat", filter=~Q(pk__in=berhenti)))
        .order_by("status")
    }
    return [
        Tugas(status, r["n"], kata, url, r["tertua"], r["batas"], sisa(r["batas"]))
        for status, _, kata, url in _LANGKAH
        if (r := hitung.get(status))
    ]


def _batch(user: Pengguna) -> list[Tugas]:
    """Batches on this person's desk; to the verifiers also what is in none yet, where endorsing goes over three desks."""
    meja = [
        (status, kata, Q(status=status) & dalam("wilayah_id", luas))
        for status, kuasa, kata in _BATCH
        if (luas := user.cakupan(kuasa))
    ]
    if not meja:
        return []
    hitung = {f"{s}_n": Count("pk", filter=q) for s, _, q in meja}
    tertua = {f"{s}_tertua": Min("status_sejak", filter=q) for s, _, q in meja}
    r = BatchPengesahan.objects.aggregate(**hitung, **tertua)
    isi = [
        Tugas(f"batch_{s}", r[f"{s}_n"], kata, f"/penetapan/?daftar=batch&status={s}", r[f"{s}_tertua"])
        for s, kata, _ in meja
    ]
    luas = [kode for kode in user.cakupan("batch.susun") if tiga_meja(kabupaten_dari(kode))]
    if luas:
        lepas = Usulan.objects.filter(dalam("wilayah_id", luas), status="terverifikasi").exclude(
            batch__aktif=True
        )
        u = lepas.aggregate(n=Count("pk"), tertua=Min("status_sejak"))
        kata = "usulan lolos verifikasi, perlu disusun menjadi batch"
        isi.append(Tugas("susun", u["n"], kata, "/verifikasi/?antrean=terverifikasi", u["tertua"]))
    return isi


def _aduan(user: Pengguna) -> list[Tugas]:
    """Complaints that wait for whoever verifies them, and those given to this person or his desk. One query."""
    proses, tangani = user.cakupan("aduan.proses"), user.cakupan("aduan.tangani")
    if not proses and not tangani:
        return []
    meja = [p.peran_id for p in user.penugasan_aktif]
    milik = dalam("wilayah_id", tangani) & (Q(petugas=user) | Q(petugas__isnull=True, meja__in=meja))
    isi = (
        ("aduan_baru", "aduan warga perlu diperiksa", "/pengaduan/?status=diterima", dalam("wilayah_id", proses) & Q(status="diterima")),
        ("aduan_bagi", "aduan warga perlu diserahkan atau dijawab", "/pengaduan/?status=diverifikasi", dalam("wilayah_id", proses) & Q(status="diverifikasi")),
        ("aduan_saya", "aduan warga diserahkan kepada Anda", "/pengaduan/?milik=saya", milik & Q(status__in=("didisposisi", "ditangani"))),
    )  # fmt: skip
    hitung = {
        f"{kode}_{k}": f
        for kode, _, _, q in isi
        for k, f in (("n", Count("pk", filter=q)), ("t", Min("status_sejak", filter=q)))
    }
    r = Aduan.objects.filter(status__in=("diterima", "diverifikasi", "didisposisi", "ditangani")).aggregate(
        **hitung
    )
    return [Tugas(kode, r[f"{kode}_n"], kata, url, r[f"{kode}_t"]) for kode, kata, url, _ in isi]


def _darurat(user: Pengguna) -> list[Tugas]:
    """Somebody waits for help: before everything else."""
    if not user.punya("darurat.tanggapi"):
        return []
    r = (
        Kedaruratan.objects.visible_to(user)
        .filter(status="diterima")
        .aggregate(n=Count("pk"), tertua=Min("created_at"))
    )
    kata, url = "laporan darurat belum ditanggapi", "/kedaruratan/?status=diterima"
    return [Tugas("darurat", r["n"], kata, url, r["tertua"])]


def _keberatan(user: Pengguna, sisa: Callable[[date | None], str]) -> list[Tugas]:
    """Objections with a legal time to answer; who had a part in the decision sees them too, and sees to it that another answers."""
    luas = user.cakupan("keberatan.putus")
    if not luas:
        return []
    r = Keberatan.objects.filter(
        dalam("wilayah_id", luas), status__in=("diajukan", "dianggap_kabul")
    ).aggregate(n=Count("pk"), tertua=Min("created_at"), batas=Min("batas_jawab"))
    return [
        Tugas(
            "keberatan",
            r["n"],
            "keberatan belum diputus",
            "/keberatan/",
            r["tertua"],
            r["batas"],
            sisa(r["batas"]),
        )
    ]


_LAYANAN: tuple[tuple[str, type[Any], Alur, str], ...] = (
    ("pbi", ReaktivasiPBI, REAKTIVASI, "permohonan PBI menunggu Anda"),
    ("surat", PermohonanSurat, PERMOHONAN, "permintaan surat menunggu Anda"),
    ("tinjauan", TinjauanPenerima, TINJAUAN, "tinjauan penerima menunggu Anda"),
)


# What a second person decides, and what comes after a yes: code, power, rows by the areas of that power, since when, in words, where to go.
_PUTUSAN: tuple[tuple[str, str, Callable[[list[str]], QuerySet[Any]], str, str, str], ...] = (
    ("aturan", "aturan.putus", lambda luas: AturanProgram.objects.filter(dalam("wilayah_id", luas), status="diajukan"), "diajukan_at",
     "aturan program menunggu putusan Anda", "/program/"),
    ("kuota", "kuota.putus", lambda luas: PerubahanKuota.objects.filter(dalam("kuota__wilayah_id", luas), status="diusulkan"), "diusulkan_at",
     "perubahan kuota menunggu putusan Anda", "/kuota/"),
    ("daftar", "kelayakan.tandatangani", lambda luas: DaftarKelayakan.objects.filter(dalam("wilayah_id", luas), status="dihitung"), "created_at",
     "daftar kelayakan belum ditandatangani", "/program/"),
    ("graduasi", "graduasi.setujui", lambda luas: Graduasi.objects.filter(dalam("wilayah_id", luas), status="menunggu"), "created_at",
     "graduasi menunggu persetujuan orang kedua", "/graduasi/?status=menunggu"),
    ("graduasi_disetujui", "graduasi.ajukan", lambda luas: Graduasi.objects.filter(dalam("wilayah_id", luas), status="disetujui"), "created_at",
     "graduasi sudah disetujui, usulan penghapusan belum dibuat", "/graduasi/?status=disetujui"),
    ("sanggah_butir", "pengecualian.putus", lambda luas: SanggahButir.objects.filter(dalam("butir__wilayah_id", luas), status="diajukan"),
     "created_at", "sanggah data pengecualian belum diputus", "/pengecualian/sanggah/?status=diajukan"),
    ("serah", "serah.setujui", lambda luas: PermintaanData.objects.filter(dalam("wilayah_id", luas), status="diminta"), "created_at",
     "permintaan data instansi lain menunggu putusan Anda", "/serah/"),
    ("izin_unduh", "ekspor.setujui", lambda luas: IzinUnduh.objects.menunggu().filter(dalam("wilayah", luas)), "created_at",
     "permintaan unduhan besar menunggu putusan orang kedua", "/unduhan/izin/"),
    ("kunci", "kunci_api.setujui", lambda luas: KunciApi.objects.di(luas).filter(status="diminta"), "created_at",
     "permintaan kunci API menunggu putusan Anda", "/kunci-api/"),
)  # fmt: skip


def _layanan(user: Pengguna) -> list[Tugas]:
    """PBI requests, letters and reviews in a state from which this person's powers lead on, and what waits for his decision
    as the second person; one query for all of them."""
    kata = {kode: (kalimat, f"/{kode}/") for kode, _, _, kalimat in _LAYANAN}
    kata |= {kode: (kalimat, url) for kode, *_, kalimat, url in _PUTUSAN}
    rows = [
        q for kode, model, alur, _ in _LAYANAN if (q := _yang_menunggu(user, kode, model, alur)) is not None
    ]
    rows += [
        _hitung(isi(luas), kode, sejak)
        for kode, kuasa, isi, sejak, *_ in _PUTUSAN
        if (luas := user.cakupan(kuasa))
    ]
    if not rows:
        return []
    ada = {r["kode"]: r for r in (rows[0].union(*rows[1:], all=True) if len(rows) > 1 else rows[0])}
    return [
        Tugas(kode, ada[kode]["n"], kalimat, url, ada[kode]["tertua"])
        for kode, (kalimat, url) in kata.items()
        if kode in ada
    ]


def _yang_menunggu(user: Pengguna, kode: str, model: type[Any], alur: Alur) -> Any:
    """{kode, n, tertua} of one line as a query; None where he has no power of it. What was decided does not wait,
    nor what he could only call off."""
    milik = Q(pk__in=())
    for kuasa in dict.fromkeys(a.kuasa for a in alur.langkah):
        status = {
            s
            for a in alur.langkah
            if a.kuasa == kuasa and a.nama not in ("buka_lagi", "batalkan")
            for s in a.sumber
        }
        if (luas := user.cakupan(kuasa)) and status:
            milik |= Q(dalam("wilayah_id", luas), status__in=sorted(status))
    if milik == Q(pk__in=()):
        return None
    return _hitung(model.objects.filter(milik), kode, "created_at")


def _hitung(rows: QuerySet[Any], kode: str, sejak: str) -> Any:
    """{kode, n, tertua} as a query for a union."""
    rows = rows.order_by().annotate(kode=Value(kode)).values("kode")
    return rows.annotate(n=Count("pk"), tertua=Min(sejak))


def _usul(user: Pengguna, sisa: Callable[[date | None], str]) -> list[Tugas]:
    """What citizens proposed: all of it for its desa, for the Dinas what a desa left lying beyond its time."""
    luas = user.cakupan("usul.proses")
    if not luas:
        return []
    desa = [kode for kode in luas if tingkat_dari(kode) >= Tingkat.DESA]
    milik = dalam("wilayah_id", desa) | (dalam("wilayah_id", luas) & Q(tenggat_at__lt=timezone.now()))
    r = (
        Usul.objects.menunggu()
        .filter(milik)
        .aggregate(n=Count("pk"), tertua=Min("created_at"), batas=Min("tenggat_at"))
    )
    batas = timezone.localdate(r["batas"]) if r["batas"] else None
    kata = "usul warga menunggu jawaban" if desa else "usul warga lewat batas jawaban desanya"
    return [Tugas("usul", r["n"], kata, "/usul-warga/", r["tertua"], batas, sisa(batas))]


def _sisa(user: Pengguna) -> Callable[[date | None], str]:
    """Says how many working days of the user's area are left; the calendar is read once."""
    kode = next((p.wilayah_id for p in user.penugasan_aktif if p.wilayah_id), "")
    kal, kini = kalender(kode), hari_wilayah(kode)
    return lambda batas: kata_sisa(kal, kode, batas, kini, kerja=True) if batas else ""


def _lewat(user: Pengguna) -> list[Tugas]:
    """What is late in the whole area, for those who see to the others' work."""
    if not (user.punya("usulan.kirim") or user.punya("usulan.sahkan")):
        return []
    n = eskalasi.naik(user, 100).count()
    return [Tugas("lewat", n, "usulan lewat tenggat di wilayah Anda", "/tenggat/?ambang=100")]


def _kunjungan(user: Pengguna, sisa: Callable[[date | None], str]) -> list[Tugas]:
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
        Tugas("ditugaskan", r["kunjungan"], "keluarga perlu Anda kunjungi", "/asesmen/", r["k_tertua"], r["k_batas"], sisa(r["k_batas"])),
        Tugas("dikembalikan", r["kembali"], "usulan Anda dikembalikan, perlu diperbaiki", "/usulan/?status=draf",
              r["d_tertua"], r["d_batas"], sisa(r["d_batas"])),
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


def _calon(user: Pengguna) -> list[Tugas]:
    """Pairs of people who may be one: those this person can settle; a merge that he proposed himself waits for another."""
    if not user.punya("padan.kecualikan") and not user.punya("padan.setujui_kecuali"):
        return []
    rows = CalonGanda.objects.untuk_diputus(user).exclude(status="ke_dukcapil")
    r = rows.exclude(diusulkan_orang=user.orang_id).aggregate(n=Count("pk"), tertua=Min("created_at"))
    return [
        Tugas(
            "calon_ganda", r["n"], "pasangan data mirip perlu diperiksa", "/padan/ganda/calon/", r["tertua"]
        )
    ]


def _pindah(user: Pengguna) -> list[Tugas]:
    """Families that another desa asks mine to take over; to the Dinas, the ones that nobody answered in time."""
    luas, dinas = user.cakupan("keluarga.ubah"), user.cakupan("pindah.putuskan")
    if not (luas or dinas):
        return []
    lewat = dalam("ke_id", dinas) & dalam("dari_id", dinas) & Q(tenggat__lt=timezone.localdate())
    r = (
        PermintaanPindah.objects.terbuka()
        .filter(dalam("ke_id", luas) | lewat)
        .aggregate(n=Count("pk"), tertua=Min("created_at"), batas=Min("tenggat"))
    )
    return [
        Tugas(
            "pindah",
            r["n"],
            "permintaan pindah ke desa Anda perlu dijawab" if luas else "permintaan pindah lewat batas waktu",
            "/pindah/",
            r["tertua"],
            r["batas"],
        )
    ]


def _kelayakan(user: Pengguna) -> list[Tugas]:
    """Recipients of the own villages that nobody has answered for this month, while it is open."""
    luas = user.cakupan("kelayakan.verifikasi")
    if not luas:
        return []
    n, batas = belum_dinilai(luas)
    tenggat = hari_wilayah(luas[0], batas) if batas else None
    kata = "penerima bantuan belum dinilai bulan ini"
    return [Tugas("kelayakan", n, kata, "/kelayakan/?jawaban=belum", None, tenggat)]


def _padan_url(status: str) -> str:
    return f"/padan/?{urlencode({'status': status})}"
