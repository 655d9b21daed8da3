"""Making two rows of one person into one, by two people, and taking it back exactly.

Nothing is removed: the row that gives way becomes inactive and points to the other through `Penggabungan`; its checks,
tickets, categories and proposals stay where they are. What is overwritten is kept sealed, so that `pisahkan` can put it back.
Lock order: proposals, families, persons, pair (as in dtks.actions.keluarga and padan).
"""

import json
from collections.abc import Collection
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from accounts.models import Pengguna
from core.names import name_key
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.actions import calon as aksi
from dtks.actions import padan, versi
from dtks.models import AnggotaPPKS, CalonGanda, Individu, Keluarga, Penggabungan, TiketPadan, Usulan
from dtks.policies import calon as policies
from dtks.policies.usulan import DI_DINAS
from dtks.queries.calon import KOLOM_PILIH, potret, sidik, sidik_sesudah, sosok
from dtks.queries.gabung import DITETAPKAN, berlaku, halangan_gabung
from dtks.workflow import USULAN_TERBUKA

S = CalonGanda.Status
ALASAN_NONAKTIF = "GANDA"
IDENTITAS = {"nama", "nik", "tgl_lahir", "jenis_kelamin"}
ISI_TIKET = ("status", "catatan", "kategori", "sidik", "keterangan")


@transaction.atomic
def usulkan_gabung(
    calon: CalonGanda, *, by: Pengguna, utama: Individu, ambil: Collection[str], alasan: str
) -> CalonGanda:
    """Propose that the two are one person. `ambil`: columns of KOLOM_PILIH to take from the row that gives way."""
    _lock(calon)
    baris = aksi.kunci(calon)
    if kalimat := policies.usulkan_gabung(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    if baris.status == S.USUL_GABUNG:
        raise NotOpen(
            [Halangan("SUDAH_DIUSULKAN", "Penggabungan ini sudah diusulkan.", "Muat ulang halaman.")]
        )
    if utama.pk not in (baris.pertama_id, baris.kedua_id) or set(ambil) - set(KOLOM_PILIH):
        raise GateClosed([Halangan("UTAMA_WAJIB", "Pilih orang yang datanya dipertahankan.")])
    baris.usul_alasan = aksi.wajib(alasan)
    baris.status, baris.utama, baris.pilihan = S.USUL_GABUNG, utama, sorted(ambil)
    baris.diusulkan_by, baris.diusulkan_orang, baris.dibuka_lagi = by, by.orang, ""
    _tanpa_halangan(baris)
    baris.sidik = sidik(sosok(baris.pertama), sosok(baris.kedua))
    baris.save()
    aksi.catat("usulkan_gabung", baris, by, kolom=baris.pilihan, utama=str(utama.pk))
    return baris


@transaction.atomic
def tolak_gabung(calon: CalonGanda, *, by: Pengguna, alasan: str) -> CalonGanda:
    """The second person says no: the pair is open again."""
    baris = _diusulkan(calon)
    if kalimat := policies.setujui_gabung(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    baris.dibuka_lagi = f"Usul gabung ditolak Dinsos: {aksi.wajib(alasan)}"[:200]
    baris.status, baris.utama, baris.pilihan = S.TERBUKA, None, []
    baris.diusulkan_by = baris.diusulkan_orang = None
    baris.save()
    aksi.catat("tolak_gabung", baris, by)
    return baris


@transaction.atomic
def setujui_gabung(calon: CalonGanda, *, by: Pengguna) -> Penggabungan:
    """The second person agrees and the rows become one. Refused when anything changed since it was proposed."""
    _lock(calon)
    baris = _diusulkan(calon)
    if kalimat := policies.setujui_gabung(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    if bytes(baris.sidik) != sidik(sosok(baris.pertama), sosok(baris.kedua)):
        raise NotOpen(
            [
                Halangan(
                    "SUDAH_DIUBAH",
                    "Data salah satu orang berubah sejak penggabungan diusulkan.",
                    "Tolak usul ini, lalu periksa lagi.",
                )
            ]
        )
    _tanpa_halangan(baris)
    utama, kalah = _pasangan(baris)
    gabung = Penggabungan(calon=baris, utama=utama, kalah=kalah, kolom=baris.pilihan, digabung_by=by)
    sebelum = _sebelum(utama, kalah)
    sebelum["ppks_baru"] = _satukan(utama, kalah, baris.pilihan, by)
    gabung.sebelum = json.dumps(sebelum, cls=DjangoJSONEncoder)
    gabung.sidik_sesudah = sidik_sesudah(_orang(utama.pk, kalah.pk))
    gabung.save(force_insert=True)
    baris.status, baris.putusan_alasan = S.DIGABUNG, baris.usul_alasan
    baris.diputus_by, baris.diputus_orang, baris.diputus_at = by, by.orang, timezone.now()
    baris.save()
    aksi.catat("gabungkan", baris, by, kolom=baris.pilihan, utama=str(utama.pk), kalah=str(kalah.pk))
    return gabung


@transaction.atomic
def pisahkan(calon: CalonGanda, *, by: Pengguna, alasan: str) -> Penggabungan:
    """Take a merge back: both persons as they were. Refused with a sentence when something was built on it since."""
    _lock(calon)
    CalonGanda.objects.select_for_update(of=("self",)).get(pk=calon.pk)
    baris = CalonGanda.objects.select_related("pertama__keluarga", "kedua__keluarga").get(pk=calon.pk)
    gabung = berlaku(baris)
    if baris.status != S.DIGABUNG or gabung is None:
        raise NotOpen(
            [Halangan("TIDAK_DIGABUNG", "Pasangan ini tidak sedang digabung.", "Muat ulang halaman.")]
        )
    if kalimat := policies.pisahkan(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    alasan = aksi.wajib(alasan)
    if sulit := dibangun_di_atasnya(gabung):
        raise GateClosed([Halangan("SUDAH_DIPAKAI", sulit, "Selesaikan itu dulu, lalu batalkan.")])
    sealed: Any = gabung.sebelum
    try:
        with transaction.atomic():
            _pulihkan(gabung, json.loads(sealed.open()), by)
    except IntegrityError as error:
        raise GateClosed(
            [
                Halangan(
                    "NOMOR_TERPAKAI",
                    "NIK, nomor KK, atau tempat kepala keluarga yang lama sudah dipakai orang lain.",
                    "Perbaiki data itu dulu.",
                )
            ]
        ) from error
    gabung.dibatalkan_by, gabung.dibatalkan_at, gabung.batal_alasan = by, timezone.now(), alasan
    gabung.save(update_fields=["dibatalkan_by", "dibatalkan_at", "batal_alasan"])
    baris.status, baris.utama, baris.pilihan, baris.usul_alasan = S.TERBUKA, None, [], ""
    baris.diusulkan_by = baris.diusulkan_orang = None
    baris.dibuka_lagi = "Penggabungan dibatalkan. Periksa lagi, lalu putuskan."
    baris.save()
    aksi.catat("pisahkan", baris, by, penggabungan=str(gabung.pk))
    return gabung


def dibangun_di_atasnya(gabung: Penggabungan) -> str:
    """A sentence when the merge cannot be taken back any more, else ''."""
    ids = (gabung.utama_id, gabung.kalah_id)
    lain = Penggabungan.objects.filter(dibatalkan_at__isnull=True).exclude(pk=gabung.pk)
    if (
        lain.filter(utama_id__in=ids, created_at__gt=gabung.created_at).exists()
        or lain.filter(kalah_id__in=ids).exists()
    ):
        return "Orang ini sudah digabung lagi dengan orang lain. Batalkan penggabungan yang lebih baru dulu."
    if bytes(gabung.sidik_sesudah) != sidik_sesudah(_orang(*ids)):
        return "Data orang ini sudah diubah sejak digabung."
    maju = Usulan.objects.filter(
        keluarga__anggota__in=ids,
        status__in=(*DI_DINAS, DITETAPKAN),
        status_sejak__gt=gabung.created_at,
    )
    if maju.exists():
        return "Usulan keluarganya sudah diproses Dinas Sosial sejak digabung."
    return ""


# --- inside ----------------------------------------------------------------------------------------------


def _lock(calon: CalonGanda) -> None:
    ids = CalonGanda.objects.values_list("pertama_id", "kedua_id").get(pk=calon.pk)
    rumah = sorted(set(Individu.objects.filter(pk__in=ids).values_list("keluarga_id", flat=True)))
    usulan = Usulan.objects.filter(keluarga_id__in=rumah, status__in=USULAN_TERBUKA)
    for rows in (usulan, Keluarga.objects.filter(pk__in=rumah), Individu.objects.filter(pk__in=ids)):
        list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def _diusulkan(calon: CalonGanda) -> CalonGanda:
    baris = aksi.kunci(calon)
    if baris.status != S.USUL_GABUNG:
        raise NotOpen(
            [Halangan("BELUM_DIUSULKAN", "Penggabungan ini belum diusulkan.", "Muat ulang halaman.")]
        )
    return baris


def _pasangan(baris: CalonGanda) -> tuple[Individu, Individu]:
    kalah = baris.kalah
    return (baris.pertama if kalah.pk == baris.kedua_id else baris.kedua), kalah


def _tanpa_halangan(baris: CalonGanda) -> None:
    if halangan := halangan_gabung(*_pasangan(baris), DI_DINAS):
        raise GateClosed(halangan)


def _orang(*ids: Any) -> list[Individu]:
    return list(Individu.objects.filter(pk__in=ids).order_by("pk"))


def _sebelum(utama: Individu, kalah: Individu) -> dict[str, Any]:
    tiket = TiketPadan.objects.filter(individu__in=(utama, kalah)).order_by("pk")
    return {
        "utama": potret(utama),
        "kalah": potret(kalah),
        "rumah": {
            str(r.pk): {"status": r.status, "nama_kepala": r.nama_kepala}
            for r in (utama.keluarga, kalah.keluarga)
        },
        "tiket": {str(t.pk): _isi_tiket(t) for t in tiket},
        "ppks": [str(pk) for pk in _berjalan(kalah).values_list("pk", flat=True)],
    }


def _isi_tiket(tiket: TiketPadan) -> dict[str, Any]:
    tutup = (
        tiket.ditutup_at.isoformat() if tiket.ditutup_at else None
    )  # the JSON encoder would cut it to milliseconds
    return {**{k: getattr(tiket, k) for k in ISI_TIKET}, "ditutup_at": tutup}


def _berjalan(orang: Individu) -> Any:
    return AnggotaPPKS.objects.filter(individu=orang, hingga__isnull=True).order_by("pk")


def _satukan(utama: Individu, kalah: Individu, ambil: Collection[str], by: Pengguna) -> list[str]:
    """Do it. Returns the ids of the categories that `utama` took over."""
    for rumah in _keluarga(utama, kalah):
        versi.pastikan(rumah)
    nilai = {k: getattr(kalah, k) for k in ambil}
    if "nik" in nilai:
        sealed: Any = nilai["nik"]
        nilai["nik"] = sealed.open() if sealed else ""
    kalah.aktif, kalah.nonaktif_alasan = False, ALASAN_NONAKTIF
    kalah.save(update_fields=["aktif", "nonaktif_alasan", "updated_at"])
    TiketPadan.objects.filter(individu=kalah).terbuka().update(
        status=TiketPadan.Status.DITUTUP,
        keterangan="Ditutup: digabung dengan data lain.",
        ditutup_at=timezone.now(),
        updated_at=timezone.now(),
    )
    identitas_lama = _identitas(utama)
    for kolom, isi in nilai.items():
        if isi:
            setattr(utama, kolom, isi)
    berubah = _identitas(utama) != identitas_lama
    if berubah:
        padan.gugurkan_pengecualian(utama)
        utama.kunci_nama, utama.padan, utama.padan_at = name_key(utama.nama), Individu.Padan.BELUM, None
    utama.save()
    if berubah:
        padan.minta([utama], by=by)
    baru = _ambil_ppks(utama, kalah, by)
    _rumah(utama, kalah, by)
    return baru


def _identitas(orang: Individu) -> tuple[Any, ...]:
    sealed: Any = orang.nik
    return (sealed.open() if sealed else "", orang.nama, orang.tgl_lahir, orang.jenis_kelamin)


def _ambil_ppks(utama: Individu, kalah: Individu, by: Pengguna) -> list[str]:
    """Running categories go on under the row that stays, or the person would lose them; the old rows end today."""
    punya = set(_berjalan(utama).values_list("kategori_id", flat=True))
    baru = []
    for lama in _berjalan(kalah):
        if lama.kategori_id not in punya:
            satu = AnggotaPPKS.objects.create(
                individu=utama,
                kategori_id=lama.kategori_id,
                sejak=lama.sejak,
                sumber=lama.sumber,
                created_by=by,
            )
            baru.append(str(satu.pk))
        lama.hingga = max(timezone.localdate(), lama.sejak)
        lama.save(update_fields=["hingga"])
    return baru


def _keluarga(utama: Individu, kalah: Individu) -> list[Keluarga]:
    return list(Keluarga.objects.filter(pk__in={utama.keluarga_id, kalah.keluarga_id}).order_by("pk"))


def _rumah(utama: Individu, kalah: Individu, by: Pengguna) -> None:
    """Families change with their people: open forms are out of date, an empty family is closed, a version is kept."""
    for rumah in _keluarga(utama, kalah):
        rumah.versi += 1
        if rumah.pk == utama.keluarga_id and utama.hubungan == "1":
            rumah.nama_kepala = utama.nama
        if not rumah.anggota.filter(aktif=True).exists():
            rumah.status = Keluarga.Status.NONAKTIF
        rumah.save()
        versi.catat(rumah, aksi="gabungkan", by=by)


def _pulihkan(gabung: Penggabungan, lama: dict[str, Any], by: Pengguna) -> None:
    utama, kalah = Individu.objects.get(pk=gabung.utama_id), Individu.objects.get(pk=gabung.kalah_id)
    for pk in sorted(lama["rumah"]):
        versi.pastikan(Keluarga.objects.get(pk=pk))
    # The registry may have answered anew about an identity that the merge did not change: that answer stays.
    berubah = bool(set(gabung.kolom) & IDENTITAS)
    _isi(utama, {k: v for k, v in lama["utama"].items() if berubah or k not in ("padan", "padan_at")})
    _isi(kalah, lama["kalah"])
    for pk in lama["ppks_baru"]:
        AnggotaPPKS.objects.filter(pk=pk).delete()
    AnggotaPPKS.objects.filter(pk__in=lama["ppks"]).update(hingga=None)
    milik = (utama, kalah) if berubah else (kalah,)
    for pk, isi in lama["tiket"].items():
        TiketPadan.objects.filter(pk=pk, individu__in=milik).update(**isi, updated_at=timezone.now())
    if berubah:  # tickets that came from the mixed identity have nobody any more
        TiketPadan.objects.filter(individu=utama).exclude(pk__in=lama["tiket"]).terbuka().update(
            status=TiketPadan.Status.DITUTUP,
            keterangan="Ditutup: penggabungan dengan data lain dibatalkan.",
            ditutup_at=timezone.now(),
            updated_at=timezone.now(),
        )
    for pk, isi in sorted(lama["rumah"].items()):
        rumah = Keluarga.objects.get(pk=pk)
        if rumah.status == Keluarga.Status.NONAKTIF:  # all that the merge changes of it: it was left empty
            rumah.status = isi["status"]
        kepala = rumah.anggota.filter(aktif=True, hubungan="1").first()
        rumah.nama_kepala, rumah.versi = kepala.nama if kepala else isi["nama_kepala"], rumah.versi + 1
        rumah.save()
        versi.catat(rumah, aksi="pisahkan", by=by)


def _isi(orang: Individu, isi: dict[str, Any]) -> None:
    for kolom in Individu._meta.concrete_fields:
        if kolom.attname in isi and kolom.attname not in ("id", "keluarga_id", "created_at", "updated_at"):
            setattr(orang, kolom.attname, _nilai(kolom.get_internal_type(), isi[kolom.attname]))
    orang.save()


def _nilai(jenis: str, nilai: Any) -> Any:
    if isinstance(nilai, str) and jenis == "DateField":
        return parse_date(nilai) or date.min
    if isinstance(nilai, str) and jenis == "DateTimeField":
        return parse_datetime(nilai)
    return nilai
