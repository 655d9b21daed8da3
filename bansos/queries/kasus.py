"""One case on one screen: what somebody at the desk of the Dinas has to see before deciding.

Everything is bound to the reader's sight, and the number of queries does not grow with the family.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q
from django.utils import timezone

from accounts.models import Pengguna
from bansos.queries.aturan import aturan
from bansos.queries.bantuan import bantuan
from core import dinding
from dtks.models import (
    VERSI_KODE,
    AlasanLangkah,
    AnggotaPPKS,
    Asesmen,
    CalonGanda,
    FotoAsesmen,
    FotoKeluarga,
    HasilPadan,
    Individu,
    Keluarga,
    KodeAcuan,
    PutusanMusyawarah,
    TemuanGanda,
    Usulan,
)
from dtks.policies import usulan as policies
from dtks.queries.bendera import JALAN
from dtks.queries.calon import KALIMAT, tampak
from dtks.queries.kelengkapan import umur
from dtks.queries.kunjungan import jarak_m
from dtks.queries.periode import nama_program
from dtks.queries.riwayat import riwayat as riwayat_keluarga
from dtks.queries.skor import ISIAN, kata_skor, sesuai
from dtks.queries.tempat import alamat
from dtks.workflow import USULAN

PERUBAHAN = 8  # newest changes of the family on this page; the whole history has a page of its own
JAUH_M = 200  # a visit recorded farther from the home than this is worth a question


@dataclass
class Anggota:
    """One member as the desk reads him; `isian`: (field, portal's words for Dukcapil's answer, does it agree)."""

    orang: Individu
    hubungan: str
    umur: int | None
    isian: list[tuple[str, str, bool]] = field(default_factory=list)
    dijawab: Any = None
    ppks: list[str] = field(default_factory=list)


def kasus(usulan: Usulan, user: Pengguna) -> dict[str, Any]:
    """Everything that `bansos/_kasus.html` draws."""
    terlihat = policies.lihat_keluarga(user, usulan)
    riwayat = list(usulan.riwayat.select_related("oleh").order_by("-urut"))
    jalan = dict(
        AlasanLangkah.objects.filter(pk__in={r.alasan for r in riwayat if r.alasan}).values_list(
            "pk", "jalan_keluar"
        )
    )
    program = nama_program()
    bendera = usulan.bendera.terbuka().order_by("created_at", "pk")
    hasil: dict[str, Any] = {
        "usulan": usulan,
        "keadaan": USULAN.state(usulan.status),
        "program": program.get(usulan.program, usulan.program),
        "terlihat": terlihat,
        "bendera": [(b, JALAN.get(b.kode, "")) for b in bendera],
        "asesmen": _asesmen(usulan, user),
        "putusan": list(
            PutusanMusyawarah.objects.filter(usulan=usulan)
            .select_related("musyawarah")
            .order_by("-musyawarah__waktu", "pk")
        ),
        "lihat_musyawarah": user.boleh("musyawarah.lihat", usulan.wilayah_id),
        "riwayat": [(r, USULAN.state(r.ke).label, jalan.get(r.alasan, "")) for r in riwayat],
    }
    return hasil | (_keluarga(usulan, user, program) if terlihat else {})


def _keluarga(usulan: Usulan, user: Pengguna, program: dict[str, str]) -> dict[str, Any]:
    keluarga, kode = usulan.keluarga, usulan.keluarga.wilayah_id
    acuan: dict[str, dict[str, str]] = defaultdict(dict)
    for daftar, k, label in KodeAcuan.objects.filter(
        daftar__in=["hubungan", "foto_keluarga", "bantuan"], versi=VERSI_KODE
    ).values_list("daftar", "kode", "label"):
        acuan[daftar][k] = label
    orang = list(
        Individu.objects.filter(keluarga=keluarga, aktif=True).order_by("hubungan", "tgl_lahir", "pk")
    )
    terima = bantuan(usulan, user, orang)
    lihat_riwayat = user.boleh("keluarga.lihat", kode)
    perubahan, lagi = riwayat_keluarga(keluarga, by=user, maks=PERUBAHAN) if lihat_riwayat else ([], None)
    return {
        "keluarga": keluarga,
        "alamat": alamat(keluarga),
        "anggota": _anggota(usulan, user, orang, acuan["hubungan"]),
        "buka_nomor": keluarga.dibekukan_at is None and user.boleh("nik.buka", kode) and lihat_riwayat,
        "foto": [
            (f, acuan["foto_keluarga"].get(f.jenis, f.jenis))
            for f in FotoKeluarga.objects.filter(keluarga=keluarga).order_by("created_at", "pk")
        ],
        "calon": _calon(orang, user),
        "temuan": list(
            TemuanGanda.objects.visible_to(user)
            .terbuka()
            .filter(Q(keluarga=keluarga) | Q(individu__in=orang))
            .order_by("created_at", "pk")
        ),
        "bantuan": terima,
        "bantuan_usulan": [(u, program.get(u.program, u.program)) for u in terima.usulan],
        "bantuan_isian": [acuan["bantuan"].get(k, k) for k in keluarga.bantuan or []],
        "aturan": aturan(usulan, user, orang, terima),
        "perubahan": perubahan,
        "perubahan_lagi": lagi is not None,
    }


def _anggota(
    usulan: Usulan, user: Pengguna, orang: list[Individu], hubungan: dict[str, str]
) -> list[Anggota]:
    kode, hari = usulan.keluarga.wilayah_id, timezone.localdate()
    jawaban: dict[UUID, HasilPadan] = {}
    if user.boleh("padan.lihat", kode):
        terakhir = HasilPadan.objects.filter(individu__in=orang).order_by("individu_id", "-pada", "-pk")
        jawaban = {h.individu_id: h for h in terakhir.distinct("individu_id")}
    ppks: dict[UUID, list[str]] = defaultdict(list)
    for p in (
        AnggotaPPKS.objects.visible_to(user)
        .filter(individu__in=orang, hingga__isnull=True)
        .select_related("kategori")
        .order_by("kategori__urut", "pk")
    ):
        ppks[p.individu_id].append(p.kategori.nama)
    hasil = []
    for o in orang:
        satu = Anggota(o, hubungan.get(o.hubungan, ""), umur(o.tgl_lahir, hari), ppks=ppks[o.pk])
        if h := jawaban.get(o.pk):
            satu.dijawab = h.pada
            satu.isian = [
                (label, kata_skor(label, h.skor[k], h.ambang), sesuai(h.skor[k], h.ambang))
                for k, label in ISIAN
                if k in h.skor
            ]
        hasil.append(satu)
    return hasil


def _asesmen(usulan: Usulan, user: Pengguna) -> list[dict[str, Any]]:
    """The visits this person may read, newest first, with their photos and how far from the home they were recorded."""
    rumah = _titik(usulan.keluarga)
    rows = (
        Asesmen.objects.visible_to(user)
        .filter(usulan=usulan)
        .select_related("asesor")
        .prefetch_related(Prefetch("foto", FotoAsesmen.objects.order_by("created_at", "pk")))
        .order_by("-ke")
    )
    hasil = []
    for a in rows:
        titik = _titik(a)
        jarak = round(jarak_m(titik, rumah)) if titik and rumah else None
        hasil.append(
            {"a": a, "foto": list(a.foto.all()), "jarak": jarak, "jauh": jarak is not None and jarak > JAUH_M}
        )
    return hasil


def _titik(baris: Asesmen | Keluarga) -> tuple[float, float] | None:
    if baris.lintang is None or baris.bujur is None:
        return None
    return float(baris.lintang), float(baris.bujur)


def _calon(orang: list[Individu], user: Pengguna) -> list[dict[str, Any]]:
    """Pairs that wait for a decision; the other one has a name only where this person sees him."""
    saya = {o.pk for o in orang}
    rows = (
        CalonGanda.objects.visible_to(user)
        .terbuka()
        .filter(Q(pertama__in=saya) | Q(kedua__in=saya))
        .select_related("pertama__keluarga", "kedua__keluarga")
        .order_by("-skor", "pk")
    )
    hasil = []
    for c in dinding.dua_sisi(rows):
        dia, lain = (c.pertama, c.kedua) if c.pertama_id in saya else (c.kedua, c.pertama)
        hasil.append(
            {
                "calon": c,
                "dia": dia.nama,
                "lain": lain.nama if tampak(user, lain) else "",
                "alasan": [KALIMAT[k] for k in c.alasan if k in KALIMAT],
            }
        )
    return hasil
