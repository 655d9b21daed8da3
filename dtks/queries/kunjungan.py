"""A field officer's day: whom he visits in which order, and which visits of a case were made in vain."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from accounts.models import Pengguna
from core import rules
from core.privacy.keys import SealBroken
from dtks.models import TIDAK_BERTEMU, Asesmen, Keluarga, Usulan
from dtks.queries.desa import sebutan_desa
from wilayah.waktu import hari_wilayah

SEHARI = 200  # more than anybody visits before the list is opened again
TITIK_AWAL = "asesmen.titik_awal"
Titik = tuple[float, float]


def kunjungan_sia_sia(usulan: Usulan) -> list[Asesmen]:
    """Finished visits at which nobody could be asked, since the case came to the field."""
    sejak = usulan.riwayat.filter(ke="ditugaskan").exclude(dari="ditugaskan").order_by("-urut").first()
    rows = usulan.asesmen.filter(kunjungan__in=TIDAK_BERTEMU, kesimpulan="", selesai_at__isnull=False)
    return list(rows.filter(selesai_at__gte=sejak.pada) if sejak else rows)


def kalimat_sia_sia(rows: list[Asesmen]) -> str:
    """'Sudah 2 kali dikunjungi tanpa hasil: 12/11/2026 tidak ada yang bisa ditemui; …', for the history."""
    isi = "; ".join(f"{a.tanggal:%d/%m/%Y} {a.get_kunjungan_display().lower()}" for a in rows)
    return f"Sudah {len(rows)} kali dikunjungi tanpa hasil: {isi}."


def jarak_m(a: Titik, b: Titik) -> float:
    """Metres between two points (latitude, longitude), near enough within a kabupaten."""
    x = math.radians(b[1] - a[1]) * math.cos(math.radians((a[0] + b[0]) / 2))
    return 6_371_000 * math.hypot(x, math.radians(b[0] - a[0]))


@dataclass
class Tugas:
    """One visit of the list. `ke` counts visits; `rencana` is the day that was agreed after one in vain."""

    usulan: Usulan
    desa: str
    ke: int
    rencana: date | None
    terbuka: Asesmen | None
    minta_diganti: bool
    sia_sia: int = 0
    urut: int = 0
    jarak: int | None = None  # from the stop before, as the crow flies

    @property
    def keluarga(self) -> Keluarga:
        return self.usulan.keluarga

    @property
    def batas(self) -> date:
        return self.rencana or self.usulan.tenggat or date.max

    @property
    def titik(self) -> Titik | None:
        rumah = self.keluarga
        if rumah.lintang is None or rumah.bujur is None:
            return None
        return float(rumah.lintang), float(rumah.bujur)

    @property
    def lewat(self) -> bool:
        return self.batas < hari_wilayah(self.usulan.wilayah_id)


@dataclass
class Kelompok:
    """The visits of one RW, one after the other."""

    nama: str
    tugas: list[Tugas]


def tugas_petugas(user: Pengguna) -> list[Tugas]:
    """The visits that wait for this officer, the oldest deadline first."""
    rows = list(
        Usulan.objects.visible_to(user)
        .filter(petugas=user, status="ditugaskan")
        .select_related("keluarga", "wilayah")
        .prefetch_related("asesmen__foto", "permintaan_alih", "riwayat")
        .order_by(F("tenggat").asc(nulls_last=True), "pk")[:SEHARI]
    )
    return [_tugas(u, user) for u in rows]


def _tugas(usulan: Usulan, user: Pengguna) -> Tugas:
    kunjungan = list(usulan.asesmen.all())
    akhir = kunjungan[-1] if kunjungan else None
    terbuka = akhir if akhir and not akhir.selesai_at else None
    return Tugas(
        usulan,
        sebutan_desa(usulan.wilayah),
        ke=(akhir.ke if terbuka else akhir.ke + 1) if akhir else 1,
        rencana=akhir.kunjungan_lagi if akhir and not terbuka else None,
        terbuka=terbuka,
        minta_diganti=any(p.petugas_id == user.pk for p in usulan.permintaan_alih.all()),
        sia_sia=_hitung_sia_sia(usulan, kunjungan),
    )


def _hitung_sia_sia(usulan: Usulan, kunjungan: list[Asesmen]) -> int:
    """`kunjungan_sia_sia` of rows that were read already."""
    tiba = [r.pada for r in usulan.riwayat.all() if r.ke == "ditugaskan" and r.dari != "ditugaskan"]
    return sum(
        1
        for a in kunjungan
        if a.tidak_bertemu and not a.kesimpulan and a.selesai_at and (not tiba or a.selesai_at >= tiba[-1])
    )


def titik_awal(rows: Iterable[Tugas], dari: Titik | None) -> Titik | None:
    """Where the day begins: where the officer says he is, else the office of the kecamatan that most visits are in."""
    if dari:
        return dari
    kecamatan = Counter(t.usulan.wilayah_id[:8] for t in rows).most_common(1)
    if not kecamatan:
        return None
    try:
        kantor = rules.value(TITIK_AWAL, kecamatan[0][0])
    except rules.RuleMissing:
        return None
    return float(kantor["lintang"]), float(kantor["bujur"])


def susun(rows: list[Tugas], dari: Titik | None) -> list[Kelompok]:
    """By RW, the one with the oldest deadline first; in each always the nearest next, then those without a point by RT."""
    per_rw: dict[tuple[str, str], list[Tugas]] = {}
    for satu in rows:
        per_rw.setdefault((satu.desa, satu.keluarga.rw), []).append(satu)
    kelompok = sorted(per_rw.items(), key=lambda k: (min(t.batas for t in k[1]), k[0]))
    posisi, hasil, urut = titik_awal(rows, dari), [], 0
    for (desa, rw), isi in kelompok:
        jalan, posisi = rute(isi, posisi)
        for satu in jalan:
            urut += 1
            satu.urut = urut
        hasil.append(Kelompok(f"{desa}, RW {rw}", jalan))
    return hasil


def rute(rows: list[Tugas], posisi: Titik | None) -> tuple[list[Tugas], Titik | None]:
    """Nearest neighbour from `posisi`; without one from the most urgent. And where the officer then stands."""
    sisa = sorted((t for t in rows if t.titik), key=lambda t: (t.batas, str(t.usulan.pk)))
    jalan = []
    while sisa:
        dekat = min(sisa, key=lambda t: jarak_m(posisi, t.titik)) if posisi else sisa[0]  # type: ignore[arg-type]
        dekat.jarak = round(jarak_m(posisi, dekat.titik)) if posisi else None  # type: ignore[arg-type]
        posisi = dekat.titik
        sisa.remove(dekat)
        jalan.append(dekat)
    tanpa = sorted(
        (t for t in rows if not t.titik), key=lambda t: (t.keluarga.rt, t.keluarga.alamat, str(t.usulan.pk))
    )
    return jalan + tanpa, posisi


def telepon(keluarga: Keluarga) -> str:
    """The full number; only for what leaves an audit row (actions.asesmen.bawa)."""
    try:
        return keluarga.telepon.open() if keluarga.telepon else ""  # type: ignore[union-attr]
    except SealBroken:
        return ""
