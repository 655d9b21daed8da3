"""API keys: asked for, approved by another person, taken once, rotated, revoked. All audited; the secret is nowhere."""

import hashlib
import ipaddress
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Cakupan, KunciApi, Orang, Pengguna, Penugasan, Peran
from accounts.policies import kunci as policy
from core import audit, rules
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from wilayah.models import Wilayah

PERAN = "KLIEN_API"
AWAL = "dtks_"
TENGGANG = timedelta(hours=24)


@dataclass(frozen=True)
class Isi:
    """What is asked for. `ip`: addresses or networks, none = from anywhere; `anggaran`: rows a day, None = the usual."""

    nama: str
    wilayah: Sequence[Wilayah]
    cakupan: Sequence[str]
    tujuan: str = ""
    ip: Sequence[str] = ()
    anggaran: int | None = None
    hingga: date | None = None


def minta(*, by: Pengguna, isi: Isi) -> KunciApi:
    """Ask for a key; it opens nothing until somebody else approves it. Raises NotAllowed, GateClosed."""
    with transaction.atomic():
        _boleh(policy.minta(by, [w.pk for w in isi.wilayah]))
        kunci = _buat(isi, by=by)
        _catat("minta_kunci_api", kunci, by, cakupan=sorted(kunci.cakupan))
    return kunci


def setujui(kunci: KunciApi, *, by: Pengguna) -> KunciApi:
    with transaction.atomic():
        baris = _kunci(kunci, KunciApi.Status.DIMINTA)
        _boleh(policy.putus(by, baris))
        _putuskan(baris, by, KunciApi.Status.DISETUJUI)
        Pengguna.objects.filter(pk=baris.akun_id).update(is_active=True)
        _catat("setujui_kunci_api", baris, by)
    return baris


def tolak(kunci: KunciApi, *, by: Pengguna, alasan: str) -> KunciApi:
    with transaction.atomic():
        baris = _kunci(kunci, KunciApi.Status.DIMINTA)
        _boleh(policy.putus(by, baris))
        baris.alasan = _beralasan(alasan)
        _putuskan(baris, by, KunciApi.Status.DITOLAK)
        _catat("tolak_kunci_api", baris, by)
    return baris


def ambil(kunci: KunciApi, *, by: Pengguna, tenggang: bool = False) -> str:
    """A new secret, returned once. The one before dies now, or after a day with `tenggang` (to change over)."""
    with transaction.atomic():
        baris = _kunci(kunci, KunciApi.Status.DISETUJUI)
        _boleh(policy.ambil(by, baris))
        aksi = "ambil_kunci_api" if baris.sidik is None else "putar_kunci_api"
        rahasia = _rahasia_baru(baris, tenggang=tenggang)
        _catat(aksi, baris, by, tenggang=tenggang)
    return rahasia


def cabut(kunci: KunciApi, *, by: Pengguna, alasan: str) -> KunciApi:
    """Dead with its next request, for good."""
    with transaction.atomic():
        baris = _kunci(kunci, KunciApi.Status.DISETUJUI, KunciApi.Status.DIMINTA)
        _boleh(policy.cabut(by, baris))
        baris.status, baris.alasan, baris.dicabut_at = (
            KunciApi.Status.DICABUT,
            _beralasan(alasan),
            timezone.now(),
        )
        baris.sidik = baris.sidik_lama = baris.lama_hingga = None
        baris.save()
        Pengguna.objects.filter(pk=baris.akun_id).update(is_active=False)
        _catat("cabut_kunci_api", baris, by)
    return baris


def buat_di_server(isi: Isi) -> tuple[KunciApi, str]:
    """For whoever runs the server (manage.py kunci_api): a key in force at once. The trail says that it came from there."""
    with transaction.atomic():
        kunci = _buat(isi, by=None)
        _putuskan(kunci, None, KunciApi.Status.DISETUJUI)
        Pengguna.objects.filter(pk=kunci.akun_id).update(is_active=True)
        rahasia = _rahasia_baru(kunci, tenggang=False)
        _catat("buat_kunci_api_di_server", kunci, None, cakupan=sorted(kunci.cakupan))
    return kunci, rahasia


def cabut_di_server(kunci: KunciApi) -> None:
    with transaction.atomic():
        baris = _kunci(kunci, KunciApi.Status.DISETUJUI, KunciApi.Status.DIMINTA)
        baris.status, baris.alasan, baris.dicabut_at = (
            KunciApi.Status.DICABUT,
            "Dicabut dari server.",
            timezone.now(),
        )
        baris.sidik = baris.sidik_lama = baris.lama_hingga = None
        baris.save()
        Pengguna.objects.filter(pk=baris.akun_id).update(is_active=False)
        _catat("cabut_kunci_api", baris, None)


def _buat(isi: Isi, *, by: Pengguna | None) -> KunciApi:
    _periksa(isi)
    peran, hari_ini = Peran.objects.get(pk=PERAN), timezone.localdate()
    awalan = secrets.token_hex(4)
    # A person of its own: in the four-eyes rules a key is nobody else.
    orang = Orang.objects.create(nama=f"Kunci API: {isi.nama}"[:100])
    akun = Pengguna(username=f"kunci-api-{awalan}", nama=orang.nama, orang=orang, is_active=False)
    akun.set_unusable_password()
    akun.save(force_insert=True)
    kunci = KunciApi.objects.create(
        nama=isi.nama,
        tujuan=isi.tujuan,
        awalan=awalan,
        akun=akun,
        cakupan=sorted(set(isi.cakupan)),
        ip=list(isi.ip),
        anggaran_baris=isi.anggaran or rules.value("api.baris_sehari")["bawaan"],
        berlaku_hingga=isi.hingga or hari_ini + timedelta(days=rules.value("api.kunci_maks_hari")),
        diminta_by=by,
        diminta_orang=by.orang if by is not None else None,
    )
    for wilayah in isi.wilayah:
        Penugasan.objects.create(
            pengguna=akun, peran=peran, wilayah=wilayah, berlaku_sejak=hari_ini, created_by=by
        )
    return kunci


def _periksa(isi: Isi) -> None:
    peran, hari_ini = Peran.objects.get(pk=PERAN), timezone.localdate()
    batas, baris = rules.value("api.kunci_maks_hari"), rules.value("api.baris_sehari")["maks"]
    if not isi.wilayah or any(w.tingkat not in peran.tingkat_wilayah for w in isi.wilayah):
        raise _salah("wilayah", "WILAYAH_SALAH", "Pilih wilayah dari provinsi sampai desa/kelurahan.")
    if not isi.cakupan or set(isi.cakupan) - set(Cakupan.values):
        raise _salah("cakupan", "CAKUPAN_SALAH", "Pilih paling sedikit satu cakupan.")
    if isi.hingga is not None and not hari_ini <= isi.hingga <= hari_ini + timedelta(days=batas):
        raise _salah("hingga", "MASA_SALAH", f"Kunci berlaku dari hari ini dan paling lama {batas} hari.")
    if isi.anggaran is not None and not 1 <= isi.anggaran <= baris:
        raise _salah("anggaran", "JATAH_SALAH", f"Jatah baris sehari antara 1 dan {baris}.")
    for satu in isi.ip:
        try:
            ipaddress.ip_network(satu, strict=False)
        except ValueError:
            raise _salah("ip", "IP_SALAH", f"“{satu[:50]}” bukan alamat IP.") from None


class _Salah(GateClosed):
    """A refusal that belongs to one field of the form."""

    def __init__(self, kolom: str, halangan: Halangan):
        super().__init__([halangan])
        self.kolom = kolom


def _salah(kolom: str, kode: str, kalimat: str) -> _Salah:
    return _Salah(kolom, Halangan(kode, kalimat))


def _rahasia_baru(baris: KunciApi, *, tenggang: bool) -> str:
    rahasia = f"{AWAL}{baris.awalan}_{secrets.token_urlsafe(32)}"
    baris.sidik_lama, baris.lama_hingga = (
        (baris.sidik, timezone.now() + TENGGANG) if tenggang and baris.sidik else (None, None)
    )
    baris.sidik = hashlib.sha256(rahasia.encode()).digest()
    baris.save(update_fields=["sidik", "sidik_lama", "lama_hingga"])
    return rahasia


def _putuskan(baris: KunciApi, by: Pengguna | None, status: str) -> None:
    baris.status, baris.diputus_by, baris.diputus_at = status, by, timezone.now()
    baris.diputus_orang = by.orang if by is not None else None
    baris.save(update_fields=["status", "alasan", "diputus_by", "diputus_orang", "diputus_at"])


def _kunci(kunci: KunciApi, *status: str) -> KunciApi:
    baris = KunciApi.objects.select_for_update(of=("self",)).get(pk=kunci.pk)
    if baris.status not in status:
        kalimat = f"Langkah ini tidak terbuka lagi: sekarang “{baris.get_status_display()}”."
        raise NotOpen([Halangan("SUDAH_BERPINDAH", kalimat)], baris.status)
    return baris


def _beralasan(alasan: str) -> str:
    if len(alasan.strip()) < 5:
        raise _salah("alasan", "ALASAN_KOSONG", "Tuliskan alasannya.")
    return alasan.strip()[:200]


def _boleh(kalimat: str | None) -> None:
    if kalimat:
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])


def _catat(aksi: str, kunci: KunciApi, by: Pengguna | None, **rincian: object) -> None:
    wilayah = kunci.wilayah()[0]
    peran = by.peran_untuk(policy.KELOLA, wilayah) or by.peran_untuk(policy.SETUJUI, wilayah) if by else ""
    audit.catat(
        aksi=aksi,
        objek=kunci,
        by=by,
        wilayah=wilayah,
        peran=peran,
        rincian={"awalan": kunci.awalan} | rincian,
    )
