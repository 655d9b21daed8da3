"""The clock of a proposal in words, for one or for a page of them; and how long a state may take."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from core import rules
from core.keyset import daftar_id
from core.templatetags.ui import tanggal
from dtks.models import BarisSuratPadan, JedaTenggat, TiketPadan, Usulan
from dtks.workflow import USULAN
from wilayah.queries.kerja import Kalender, kalender
from wilayah.waktu import hari_wilayah


@dataclass(frozen=True)
class Lama:
    """How long a state may take: working days, or calendar days where an older rule (a bare number) is in force."""

    hari: int
    kerja: bool


def lama(status: str, wilayah: str, pada: date | None = None) -> Lama | None:
    """The rule `tenggat.<status>` of the area on that day; None: a state without a clock."""
    try:
        nilai = rules.value(f"tenggat.{status}", wilayah, pada)
    except rules.RuleMissing:
        return None
    return Lama(nilai["hari_kerja"], True) if isinstance(nilai, dict) else Lama(nilai, False)


def geser(kal: Kalender, wilayah: str, dari: date, n: int, *, kerja: bool) -> date:
    """`n` days after `dari`, working or calendar ones."""
    return kal.tambah(wilayah, dari, n) if kerja else dari + timedelta(days=n)


def jarak(kal: Kalender, wilayah: str, dari: date, sampai: date, *, kerja: bool) -> int:
    """Days after `dari` up to `sampai`, working or calendar ones; negative when it lies before."""
    return kal.selisih(wilayah, dari, sampai) if kerja else (sampai - dari).days


@dataclass(frozen=True)
class Jam:
    """What the screen says of one clock.

    `kata`: 'sisa 2 hari kerja', or why it stands still. `lain`: clocks of states that the proposal will come back to.
    """

    tenggat: date
    kata: str
    nada: str = "netral"
    berhenti: bool = False
    lain: tuple[str, ...] = ()

    @property
    def lewat(self) -> bool:
        return self.nada == "buruk"


def kata_sisa(kal: Kalender, wilayah: str, tenggat: date, hari_ini: date, *, kerja: bool) -> str:
    """`sisa 2 hari kerja`, `hari ini`, `lewat 3 hari kerja`; a weekend just after the day is `baru lewat`."""
    satuan = "hari kerja" if kerja else "hari"
    if tenggat == hari_ini:
        return "hari ini"
    n = jarak(kal, wilayah, hari_ini, tenggat, kerja=kerja)
    if tenggat > hari_ini:
        return f"sisa {n} {satuan}"
    return f"lewat {-n} {satuan}" if n else "baru lewat"


def jeda_kata(jeda: JedaTenggat) -> str:
    """`Jam berhenti sejak 3 Nov 2026: menunggu Operator desa`."""
    sebab = f"menunggu {jeda.menunggu}"
    if jeda.jenis == JedaTenggat.Jenis.TUNDA and not jeda.alasan.startswith("Menunggu "):
        sebab = f"ditunda, {jeda.menunggu[:1].lower()}{jeda.menunggu[1:]}"
    return f"Jam berhenti sejak {tanggal(jeda.sejak)}: {sebab}"


def jam(
    usulan: Usulan, jeda: Iterable[JedaTenggat], kal: Kalender, hari_ini: date | None = None
) -> Jam | None:
    """The clock of one proposal from its open pauses and a calendar; None when its state has none."""
    w, kerja = usulan.wilayah_id, usulan.tenggat_hari is not None
    if usulan.tenggat is None:
        return None
    kini, lain = hari_ini or hari_wilayah(w), []
    sisa = kata_sisa(kal, w, usulan.tenggat, kini, kerja=kerja)
    for satu in jeda:
        if satu.status == usulan.status:
            return Jam(usulan.tenggat, jeda_kata(satu), berhenti=True)
        if usulan.status == "ditunda" and satu.jenis == JedaTenggat.Jenis.TUNDA:
            kata = f"{jeda_kata(satu)}. Ditinjau lagi paling lambat {tanggal(usulan.tenggat)} ({sisa})"
            return Jam(usulan.tenggat, kata, "buruk" if usulan.tenggat < kini else "netral", berhenti=True)
        lain.append(f"{USULAN.state(satu.status).label}: {jeda_kata(satu)[:1].lower()}{jeda_kata(satu)[1:]}")
    n = jarak(kal, w, kini, usulan.tenggat, kerja=kerja)
    nada = "buruk" if usulan.tenggat < kini else "tunggu" if n <= 1 else "netral"
    return Jam(usulan.tenggat, sisa, nada, lain=tuple(lain))


# Written out: a page of a queue asks it every time, and building it cost more than running it.
_KOLOM_JEDA = [str(f.column) for f in JedaTenggat._meta.concrete_fields]
_JEDA = """
  select {} from dtks_jedatenggat
   where sampai is null and usulan_id = any(%s::uuid[]) order by sejak, id""".format(", ".join(_KOLOM_JEDA))  # noqa: S608 - the names of our own columns


def semua_jam(usulan: Iterable[Usulan]) -> dict[UUID, Jam | None]:
    """The clocks of a page of proposals, or of rows with their columns, in two queries."""
    daftar, jeda = list(usulan), defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_JEDA, [daftar_id(u.id for u in daftar)])
        for isi in cursor.fetchall():
            satu = JedaTenggat.from_db(connection.alias, _KOLOM_JEDA, isi)
            jeda[satu.usulan_id].append(satu)
    kabupaten = {u.wilayah_id[:5] for u in daftar}
    kal, kini = kalender(kabupaten), {kab: hari_wilayah(kab) for kab in kabupaten}
    sama: dict[tuple[Any, ...], Jam | None] = {}  # without a pause the clock depends on these only
    hasil = {}
    for u in daftar:
        kunci = (u.wilayah_id[:5], u.tenggat, u.tenggat_hari is None, u.id if u.id in jeda else None)
        if kunci not in sama:
            sama[kunci] = jam(u, jeda.get(u.id, ()), kal, kini[kunci[0]])
        hasil[u.id] = sama[kunci]
    return hasil


def jam_jalan() -> Q:
    """Proposals whose clock does not stand still: what is late counts only among these."""
    berhenti = JedaTenggat.objects.terbuka().filter(usulan=OuterRef("pk"), status=OuterRef("status"))
    return ~Q(Exists(berhenti))


def surat_ditunggu(usulan: Usulan) -> tuple[str, date] | None:
    """The oldest letter to Disdukcapil about this family that has no answer yet: number and day it was handed over."""
    baris = (
        BarisSuratPadan.objects.filter(
            surat__dikirim_tanggal__isnull=False,
            surat__dibatalkan_at__isnull=True,
            surat__balasan__isnull=True,
            tiket__in=TiketPadan.objects.terbuka().filter(
                individu__keluarga=usulan.keluarga_id, individu__aktif=True
            ),
        )
        .select_related("surat")
        .order_by("surat__dikirim_tanggal", "surat_id")
        .first()
    )
    if baris is None or baris.surat.dikirim_tanggal is None:
        return None
    return baris.surat.nomor, baris.surat.dikirim_tanggal
