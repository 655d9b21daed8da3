"""Windows of the month: which one holds, what is late, where it goes, and the words for it. Reads only.

One rule of time for every reader and writer: `saat_ini` has whole seconds, and a closing moment is the last one inside.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Left
from django.utils import timezone

from accounts.models import Pengguna, Penugasan
from core import rules
from core.terbilang import periode_kata, tanggal_panjang
from dtks.models import BATAS, FotoKeluarga, GuliranPeriode, Periode, PutusanMusyawarah, Usulan
from dtks.queries.acuan import daftar_kode
from dtks.workflow import BATAS_STATUS, MAJU, USULAN, USULAN_TERBUKA
from wilayah.kode import dalam, kabupaten_dari, leluhur, ringkas
from wilayah.waktu import hari_wilayah, singkatan, waktu_wilayah

STATUS_DESA = tuple(s for s, kolom in BATAS_STATUS.items() if kolom in ("tutup_input", "tutup_musdes"))
# State -> power of the step that takes a proposal on, for every state that has a deadline and somebody who can meet it.
KUASA_STATUS = {
    status: arrow.kuasa for status in BATAS_STATUS for arrow in USULAN.open_from(status) if arrow.nama in MAJU
}
SETUJUI = "musyawarah.setujui"
_URUT = list(BATAS_STATUS)
_ALAMAT_SETUJUI = "/musyawarah/?status=ditandatangani"
_SISA = {
    "draf": "draf belum diajukan",
    **dict.fromkeys(("diajukan", "dimusyawarahkan", "disepakati"), "usulan belum dikirim ke Dinsos"),
    **dict.fromkeys(("diinput", "diases"), "usulan belum selesai diverifikasi"),
    "ditugaskan": "keluarga belum dikunjungi",
    "terverifikasi": "usulan belum disahkan",
    "disahkan": "usulan belum dikirim untuk penetapan",
}


def saat_ini() -> datetime:
    return timezone.now().replace(microsecond=0)


def lewat(batas: datetime | None, saat: datetime) -> bool:
    """Is it too late? At the closing second itself it is not."""
    return batas is not None and saat > batas


def bulan(kode: str, saat: datetime) -> str:
    """'2026-11': the month on the calendar of the area."""
    return f"{waktu_wilayah(kode, saat):%Y-%m}"


def berikut(periode: str) -> str:
    """'2026-12' -> '2027-01'."""
    tahun, ke = int(periode[:4]), int(periode[5:])
    return f"{tahun + ke // 12}-{ke % 12 + 1:02d}"


def sebelum(periode: str) -> str:
    """'2027-01' -> '2026-12'."""
    tahun, ke = int(periode[:4]), int(periode[5:])
    return f"{tahun - (ke == 1)}-{(ke - 2) % 12 + 1:02d}"


def nama_momen(kolom: str) -> str:
    """'Batas verifikasi Dinsos': the words of the model's column, as a sentence begins."""
    nama = str(Periode._meta.get_field(kolom).verbose_name)  # type: ignore[union-attr]
    return nama[0].upper() + nama[1:]


def batas_kata(batas: datetime, kode: str) -> str:
    """'17 November 2026 pukul 23.59 WIB', on the clock of the area."""
    setempat = waktu_wilayah(kode, batas)
    return f"{tanggal_panjang(setempat.date())} pukul {setempat:%H.%M} {singkatan(kode)}"


def momen_kata(teks: str, kode: str) -> str:
    """The same for a moment that was kept as ISO text."""
    return batas_kata(datetime.fromisoformat(teks), kode)


def sisa_kata(batas: datetime, kode: str, saat: datetime) -> str:
    """'hari ini pukul 23.59', 'besok', 'sisa 3 hari', on the calendar of the area."""
    if lewat(batas, saat):
        return "sudah lewat"
    hari = (hari_wilayah(kode, batas) - hari_wilayah(kode, saat)).days
    if hari == 0:
        return f"hari ini pukul {waktu_wilayah(kode, batas):%H.%M}"
    return "besok" if hari == 1 else f"sisa {hari} hari"


# --- the window of one proposal ------------------------------------------------------------------------


def jendela(wilayah: str, program: str, jalur: str, periode: str) -> Periode | None:
    """The window that holds for such a proposal; None when the month has none (then nothing closes)."""
    if jalur == Usulan.Jalur.KEDARURATAN:
        return None
    return Periode.objects.untuk(kabupaten_dari(wilayah), program, jalur).filter(periode=periode).first()


def tujuan(wilayah: str, program: str, jalur: str, status: str, *, sejak: str, saat: datetime) -> str:
    """The first period from `sejak` on in which a proposal in this state is not too late."""
    kab = kabupaten_dari(wilayah)
    terbaik: dict[str, Periode] = {}
    if jalur != Usulan.Jalur.KEDARURATAN:
        for baris in Periode.objects.untuk(kab, program, jalur).filter(periode__gte=sejak):
            terbaik.setdefault(baris.periode, baris)
    kini, calon = bulan(kab, saat), sejak
    while True:
        satu = terbaik.get(calon)
        if (satu is None and calon >= kini) or (satu is not None and not lewat(satu.batas(status), saat)):
            return calon
        calon = berikut(calon)


def periode_baru(wilayah: str, program: str, jalur: str, saat: datetime, *, sesudahnya: bool = False) -> str:
    """The period of a draft made now: this month, or the next one when its window has closed; `sesudahnya` the one after."""
    pertama = tujuan(wilayah, program, jalur, "draf", sejak=bulan(wilayah, saat), saat=saat)
    if not sesudahnya:
        return pertama
    return tujuan(wilayah, program, jalur, "draf", sejak=berikut(pertama), saat=saat)


def kalimat_draf_baru(usulan: Usulan) -> str:
    """To which later month a draft made now belongs, and why if a window closed; '' when it belongs to this month."""
    saat = saat_ini()
    kini = bulan(usulan.wilayah_id, saat)
    if usulan.periode == kini:
        return ""
    baris = jendela(usulan.wilayah_id, usulan.program, usulan.jalur, kini)
    masuk = f"Usulan ini masuk periode {periode_kata(usulan.periode)}."
    if baris is None or not lewat(baris.tutup_input, saat):
        return masuk  # chosen so
    return f"Batas periode {periode_kata(kini)} sudah lewat ({batas_kata(baris.tutup_input, usulan.wilayah_id)}). {masuk}"


def kalimat_guliran(guliran: GuliranPeriode, kode: str) -> str:
    """'Dipindah ke periode Desember 2026 karena melewati batas 17 November 2026 pukul 23.59 WIB.'"""
    return f"Dipindah ke periode {periode_kata(guliran.ke)} karena melewati batas {batas_kata(guliran.batas, kode)}."


def dengan_batas(rows: QuerySet[Usulan]) -> QuerySet[Usulan]:
    """Each proposal with `batas`: the closing moment that it has to meet now (NULL: none)."""
    baris = Periode.objects.untuk(
        Left(OuterRef("wilayah_id"), 5), OuterRef("program"), OuterRef("jalur")
    ).filter(periode=OuterRef("periode"))
    per_kolom: dict[str, list[str]] = defaultdict(list)
    for status, kolom in BATAS_STATUS.items():
        per_kolom[kolom].append(status)
    pilih = (
        When(status__in=status, then=Subquery(baris.values(kolom)[:1])) for kolom, status in per_kolom.items()
    )
    darurat = When(jalur=Usulan.Jalur.KEDARURATAN, then=Value(None))
    return rows.annotate(batas=Case(darurat, *pilih, default=Value(None)))


def terlambat(rows: QuerySet[Usulan], saat: datetime) -> QuerySet[Usulan]:
    """Open proposals whose closing moment has passed."""
    return dengan_batas(rows.filter(status__in=USULAN_TERBUKA)).filter(Q(batas__lt=saat))


def terpakai() -> list[str]:
    """Codes of the kabupaten that work with the portal today: somebody there has a role."""
    kode = Penugasan.objects.berlaku().filter(wilayah__tingkat__gte=2)
    return sorted(set(kode.annotate(kab=Left("wilayah_id", 5)).values_list("kab", flat=True)))


# --- who has to do what ---------------------------------------------------------------------------------


def giliran(user: Pengguna) -> Q:
    """Proposals that wait for a step of this person and that a period can leave behind."""
    syarat = Q(pk__in=())
    for status, kuasa in KUASA_STATUS.items():
        if status == "ditugaskan":
            syarat |= Q(status=status, petugas=user) if user.punya(kuasa) else Q(pk__in=())
        elif luas := user.cakupan(kuasa):
            syarat |= Q(status=status) & dalam("wilayah_id", luas)
    return syarat & ~Q(jalur=Usulan.Jalur.KEDARURATAN)


def kuasa_kolom(kolom: str) -> set[str]:
    """Powers of the steps that a closing moment is about."""
    return {kuasa for status, kuasa in KUASA_STATUS.items() if BATAS_STATUS[status] == kolom}


def kolom_saya(user: Pengguna, kode: str) -> set[str]:
    """Closing moments that are this person's own in a kabupaten."""
    punya = {k for p in user.penugasan_aktif for k in p.peran.kuasa
             if p.wilayah_id is None or p.wilayah_id[:5] == kode[: len(p.wilayah_id[:5])]}  # fmt: skip
    kolom = {k for k in BATAS if kuasa_kolom(k) & punya}
    return kolom | ({"tutup_musdes"} if SETUJUI in punya else set())


def hitung_pemegang(baris: Iterable[tuple[str, str, UUID | None]]) -> dict[UUID, int]:
    """How many of these (state, area, officer) wait for each user. Two queries however many there are."""
    per_kuasa: dict[str, Counter[str | None]] = defaultdict(Counter)
    hasil: Counter[UUID] = Counter()
    for status, wilayah, petugas in baris:
        if status == "ditugaskan":
            hasil.update([petugas] if petugas else [])
        elif kuasa := KUASA_STATUS.get(status):
            per_kuasa[kuasa].update([None, *leluhur(wilayah), wilayah])
    luas: dict[tuple[UUID, str], list[str]] = defaultdict(list)
    tugas = Penugasan.objects.berlaku().filter(
        peran__kuasa__overlap=list(per_kuasa), pengguna__is_active=True, wilayah__isnull=False
    )
    for pengguna, area, daftar in tugas.values_list("pengguna_id", "wilayah_id", "peran__kuasa"):
        for satu in per_kuasa.keys() & set(daftar):
            luas[pengguna, satu].append(area)
    for (pengguna, satu), kode in luas.items():
        hasil[pengguna] += sum(per_kuasa[satu][k] for k in ringkas(kode))
    return {pengguna: n for pengguna, n in hasil.items() if n}


# --- the banner -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Spanduk:
    """One deadline with what this person has not sent yet, and the list of exactly those."""

    kalimat: str
    rincian: str
    url: str
    jumlah: int
    dekat: bool


def alamat_giliran(periode: str, batas: datetime | None = None) -> str:
    isi = {"periode": periode, "giliran": "saya"}
    if batas is not None:
        isi["batas"] = f"{batas.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return f"/usulan/?{urlencode(isi)}"


def spanduk(user: Pengguna) -> list[Spanduk]:
    """Open deadlines that this person still has work for, the nearest first. One query where no window is open."""
    saat = saat_ini()
    if not any(user.punya(kuasa) for kuasa in (*KUASA_STATUS.values(), SETUJUI)):
        return []
    jendela_kab = _jendela(user, saat)
    if not jendela_kab:
        return []
    kelompok: dict[tuple[datetime, str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for r in (*_belum_dikirim(user), *_belum_disetujui(user)):
        baris = _terbaik(jendela_kab[r["kab"], r["periode"]], r["program"], r["jalur"])
        batas = baris.batas(r["status"]) if baris else None
        if batas is not None and not lewat(batas, saat):
            kelompok[batas, r["kab"], r["periode"], r.get("url", "")].append(r)
    nama = nama_program() if kelompok else {}
    return [_satu_spanduk(kunci, kelompok[kunci], nama) for kunci in sorted(kelompok)]


def _belum_dikirim(user: Pengguna) -> Iterable[dict[str, Any]]:
    tanpa_foto = Q(pk__in=())
    for jenis in rules.value("foto.wajib"):
        tanpa_foto |= Q(~Exists(FotoKeluarga.objects.filter(keluarga=OuterRef("keluarga"), jenis=jenis)))
    rows: QuerySet[Any, Any] = (
        Usulan.objects.filter(giliran(user), status__in=BATAS_STATUS)
        .annotate(kab=Left("wilayah_id", 5))
        .values("kab", "periode", "program", "jalur", "status")
        .annotate(n=Count("pk"), foto=Count("pk", filter=Q(status__in=STATUS_DESA) & tanpa_foto))
        .order_by("kab", "periode", "program", "jalur", "status")
    )
    return rows


def _belum_disetujui(user: Pengguna) -> list[dict[str, Any]]:
    """The same for the lurah: proposals whose signed minutes wait for his approval."""
    luas = user.cakupan(SETUJUI)
    if not luas:
        return []
    ba = PutusanMusyawarah.objects.filter(usulan=OuterRef("pk"), musyawarah__status="ditandatangani")
    rows = (
        Usulan.objects.filter(dalam("wilayah_id", luas), Exists(ba), status="dimusyawarahkan")
        .exclude(jalur=Usulan.Jalur.KEDARURATAN)
        .annotate(kab=Left("wilayah_id", 5))
        .values("kab", "periode", "program", "jalur", "status")
        .annotate(n=Count("pk"))
        .order_by("kab", "periode", "program", "jalur")
    )
    return [{**r, "foto": 0, "url": _ALAMAT_SETUJUI} for r in rows]


def _jendela(user: Pengguna, saat: datetime) -> dict[tuple[str, str], list[Periode]]:
    """Windows of the person's kabupaten that are not over, the most particular first."""
    hasil: dict[tuple[str, str], list[Periode]] = defaultdict(list)
    rows = Periode.objects.visible_to(user).filter(tarik_pusat__gte=saat)
    for baris in rows.order_by("-program", "-jalur"):
        hasil[baris.wilayah_id, baris.periode].append(baris)
    return hasil


def _terbaik(rows: list[Periode], program: str, jalur: str) -> Periode | None:
    return next((b for b in rows if b.program in ("", program) and b.jalur in ("", jalur)), None)


def nama_program() -> dict[str, str]:
    """Code -> the short name that people use: 'PKH', 'Bantuan lanjut usia (APBD)'."""
    return {kode: kode if f"({kode})" in label else label for kode, label in daftar_kode("program_usulan")}


def _satu_spanduk(
    kunci: tuple[datetime, str, str, str], isi: list[dict[str, Any]], nama: dict[str, str]
) -> Spanduk:
    batas, kab, periode, url = kunci
    saat = saat_ini()
    program = sorted({r["program"] for r in isi})
    apa = f" {nama.get(program[0], program[0])}" if len(program) == 1 else ""
    sisa: Counter[str] = Counter()
    for r in sorted(isi, key=lambda r: _URUT.index(r["status"])):
        sisa["usulan menunggu berita acara Anda setujui" if url else _SISA[r["status"]]] += r["n"]
    foto = sum(r["foto"] for r in isi)
    rincian = [f"{_angka(n)} {kata}" for kata, n in sisa.items()] + (
        [f"{_angka(foto)} foto rumah kurang"] if foto else []
    )
    hari = (hari_wilayah(kab, batas) - hari_wilayah(kab, saat)).days
    return Spanduk(
        kalimat=f"Batas usulan{apa} bulan {periode_kata(periode)}: {batas_kata(batas, kab)}, {sisa_kata(batas, kab, saat)}.",
        rincian=f"{', '.join(rincian)}.",
        url=url or alamat_giliran(periode, batas),
        jumlah=sum(sisa.values()),
        dekat=hari <= max(rules.value("pengingat.hari", kab)),
    )


def _angka(n: int) -> str:
    return f"{n:,}".replace(",", ".")


def belum_dikirim_pada(kab: str, periode: str, batas: datetime) -> list[tuple[str, str, UUID | None]]:
    """(state, area, officer) of the proposals of a kabupaten and period that have to meet this closing moment."""
    rows = dengan_batas(
        Usulan.objects.filter(dalam("wilayah_id", [kab]), periode=periode, status__in=BATAS_STATUS)
    )
    return list(rows.filter(Q(batas=batas)).values_list("status", "wilayah_id", "petugas_id"))
