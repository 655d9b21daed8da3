"""Why a proposal should carry a flag now: each cause with its sentence, for many proposals at once.

Causes known here: kinship with the people of the line, an open finding of a number in two places, a strong candidate for
the same person, a match that was lost again, a required photo that is missing, a head of family who died. A higher floor
gives its own (bansos.queries.bendera); a flag of another code is not touched.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from core import rules
from dtks.models import (
    KERABAT,
    VERSI_KODE,
    CalonGanda,
    FotoKeluarga,
    Individu,
    Keluarga,
    KodeAcuan,
    TemuanGanda,
    TiketPadan,
    Usulan,
)
from dtks.queries.calon import ambang
from dtks.queries.kerabat import terkait

DI_DINAS = ("diinput", "ditugaskan", "diases", "terverifikasi", "disahkan", "dikirim", "ditunda")
SUDAH_LOLOS = ("terverifikasi", "disahkan", "dikirim")  # before that the gate `padan_semua` looks itself
PENGHAPUSAN = Usulan.Jalur.PENGHAPUSAN
KALIMAT_KERABAT = "Ada petugas di jalur usulan ini yang mungkin berkerabat dengan keluarga. Petugas lain yang mengunjungi dan memutus."
KALIMAT_BEKU = "Keluarga meminta datanya dibekukan. Usulan menunggu sampai dicairkan."

# code -> what to do about it, in words (the page of the flags and the gate say it)
JALAN: dict[str, str] = {
    KERABAT: "Kunjungan oleh petugas kecamatan lain. Lalu supervisor meminta catatan ini ditutup dan orang kedua menyetujuinya.",
    "DATA_GANDA": "Tengahi temuannya di menu Data ganda.",
    "CALON_GANDA": "Putuskan di menu Calon ganda: orang yang sama atau berbeda.",
    "TIDAK_PADAN": "Perbaiki di antrean Padan, atau minta pengecualian beralasan.",
    "FOTO_KURANG": "Kembalikan usulan ke desa untuk melengkapi foto.",
    "KEPALA_MENINGGAL": "Kembalikan usulan ke desa untuk mencatat kepala keluarga yang baru.",
    "KEBERATAN": "Putuskan keberatannya dulu.",
    "MUNDUR": "Operator desa menjawabnya di menu Usul warga: tarik usulan, atau catat bahwa keluarga tetap ingin.",
    "SANGGAH": "Tunggu putusan Dinas Sosial atas sanggahan warga.",
    "SANGGAH_KABUL": "Sanggahan warga terbukti. Tolak atau tarik usulan ini.",
    "PENGECUALIAN": "Lihat di menu Pengecualian. Bila datanya keliru, keluarga menyanggahnya; bila benar, tolak usulan ini.",
    "DIBEKUKAN": "Tunggu sampai keluarga mencairkan datanya di loket.",
    "BANTUAN_LAIN": "Tolak usulan ini, atau cabut bantuan yang lain lewat usulan penghapusan.",
}
OTOMATIS = ("DATA_GANDA", "CALON_GANDA", "TIDAK_PADAN", "FOTO_KURANG", "KEPALA_MENINGGAL", "DIBEKUKAN")


@dataclass(frozen=True)
class Sebab:
    """One cause. `sumber` names the row behind it, so that one cause is one flag."""

    kode: str
    sumber: str
    kalimat: str
    orang: tuple[UUID, ...] = ()


Hasil = dict[UUID, list[Sebab]]
Pencari = Callable[[list[Usulan]], Hasil]


def sebab(usulan: Iterable[Usulan]) -> Hasil:
    """proposal id -> causes. Proposals that are decided have none."""
    rows = [u for u in usulan if u.status in DI_DINAS]
    hasil: Hasil = defaultdict(list)
    if rows:
        for cari in (_kerabat, _temuan, _calon, _padan, _foto, _kepala, _beku):
            for pk, daftar in cari(rows).items():
                hasil[pk] += daftar
    return dict(hasil)


def _kerabat(rows: list[Usulan]) -> Hasil:
    return {
        pk: [Sebab(KERABAT, "kerabat", KALIMAT_KERABAT, tuple(sorted(orang, key=str)))]
        for pk, orang in terkait(rows).items()
    }


def _per_keluarga(rows: list[Usulan]) -> dict[UUID, list[UUID]]:
    hasil: dict[UUID, list[UUID]] = defaultdict(list)
    for u in rows:
        hasil[u.keluarga_id].append(u.pk)
    return hasil


def _temuan(rows: list[Usulan]) -> Hasil:
    milik, hasil = _per_keluarga(rows), defaultdict(list)
    for satu in (
        TemuanGanda.objects.filter(ditutup_at__isnull=True)
        .filter(Q(keluarga__in=milik) | Q(individu__keluarga__in=milik))
        .select_related("individu")
        .order_by("created_at", "pk")
    ):
        keluarga = {satu.keluarga_id, satu.individu.keluarga_id if satu.individu else None}
        for pk in {pk for k in keluarga if k for pk in milik.get(k, ())}:
            kalimat = "Nomor keluarga ini juga diusulkan di wilayah lain, dan belum ditengahi."
            hasil[pk].append(Sebab("DATA_GANDA", f"temuan:{satu.pk}", kalimat))
    return hasil


def _calon(rows: list[Usulan]) -> Hasil:
    milik, hasil = _per_keluarga(rows), defaultdict(list)
    calon = (
        CalonGanda.objects.terbuka()
        .filter(
            Q(pertama__keluarga__in=milik, pertama__aktif=True)
            | Q(kedua__keluarga__in=milik, kedua__aktif=True)
        )
        .select_related("pertama", "kedua")
        .order_by("-skor", "pk")
    )
    tempat = {u.pk: u.wilayah_id for u in rows}
    kuat = {w: ambang(w)[1] for w in {w[:5] for w in tempat.values()}}
    for satu in calon:
        for dia in (satu.pertama, satu.kedua):
            for pk in milik.get(dia.keluarga_id, ()):
                if satu.skor >= kuat[tempat[pk][:5]] and dia.aktif:
                    kalimat = f"{dia.nama} mungkin tercatat dua kali, dan belum diputus."
                    hasil[pk].append(Sebab("CALON_GANDA", f"calon:{satu.pk}:{dia.pk}", kalimat))
    return hasil


def _padan(rows: list[Usulan]) -> Hasil:
    lolos = [u for u in rows if u.status in SUDAH_LOLOS]
    milik, hasil = _per_keluarga(lolos), defaultdict(list)
    for satu in (
        TiketPadan.objects.terbuka()
        .filter(individu__keluarga__in=milik, individu__aktif=True)
        .select_related("individu")
        .order_by("created_at", "pk")
    ):
        for pk in milik[satu.individu.keluarga_id]:
            kalimat = f"NIK {satu.individu.nama} tidak padan lagi sesudah usulan lolos verifikasi."
            hasil[pk].append(Sebab("TIDAK_PADAN", f"padan:{satu.pk}", kalimat))
    return hasil


def _foto(rows: list[Usulan]) -> Hasil:
    """The emergency route may bring its papers later (`susulan_tuntas`); a removal needs no photo."""
    biasa = [u for u in rows if u.jalur not in (Usulan.Jalur.KEDARURATAN, PENGHAPUSAN)]
    wajib = rules.values("foto.wajib", {u.wilayah_id for u in biasa}) if biasa else {}
    ada: dict[UUID, set[str]] = defaultdict(set)
    for pk, jenis in FotoKeluarga.objects.filter(keluarga__in=[u.keluarga_id for u in biasa]).values_list(
        "keluarga_id", "jenis"
    ):
        ada[pk].add(jenis)
    kurang = {u.pk: [j for j in wajib[u.wilayah_id] if j not in ada[u.keluarga_id]] for u in biasa}
    if not any(kurang.values()):
        return {}
    kata = dict(
        KodeAcuan.objects.filter(daftar="foto_keluarga", versi=VERSI_KODE).values_list("kode", "label")
    )
    return {
        pk: [
            Sebab("FOTO_KURANG", f"foto:{j}", f"Foto wajib belum ada: {kata.get(j, j).lower()}.")
            for j in jenis
        ]
        for pk, jenis in kurang.items()
        if jenis
    }


def _kepala(rows: list[Usulan]) -> Hasil:
    milik, hasil = _per_keluarga([u for u in rows if u.jalur != PENGHAPUSAN]), defaultdict(list)
    mati = Individu.objects.aktif().filter(keluarga__in=milik, hubungan="1", padan=Individu.Padan.MENINGGAL)
    for satu in mati.order_by("pk"):
        for pk in milik[satu.keluarga_id]:
            kalimat = f"Kepala keluarga, {satu.nama}, tercatat meninggal di Dukcapil."
            hasil[pk].append(Sebab("KEPALA_MENINGGAL", f"kepala:{satu.pk}", kalimat))
    return hasil


def _beku(rows: list[Usulan]) -> Hasil:
    milik, hasil = _per_keluarga(rows), defaultdict(list)
    for satu in Keluarga.objects.filter(pk__in=milik, dibekukan_at__isnull=False).order_by("pk"):
        for pk in milik[satu.pk]:
            hasil[pk].append(Sebab("DIBEKUKAN", f"beku:{satu.pk}", KALIMAT_BEKU))
    return hasil
