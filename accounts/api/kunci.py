"""`Authorization: Bearer dtks_...`: a key acts as its account, with the powers of its role that its scopes open."""

import hashlib
import ipaddress
from collections.abc import Sequence
from copy import copy
from typing import Any

from django.db.models import Q
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.actions import jatah
from accounts.models import Cakupan, KunciApi, Pengguna
from accounts.models.kunci import kuasa_dari
from core import dinding
from core.api.galat import Masalah
from core.middleware import client_ip

AWAL = "dtks_"
PANJANG_MAKS = 120


class Pemegang:
    """`request.auth` of a request by key."""

    def __init__(self, kunci: KunciApi):
        self.kunci = kunci
        self.cakupan = frozenset(kunci.cakupan)

    def pakai_baris(self, jumlah: int, kuasa: Sequence[str]) -> None:
        """Book rows that are about to leave. Raises Masalah 429 when the day's budget does not hold them."""
        if not self.kunci.pakai_baris(jumlah):
            raise Masalah("anggaran-habis", headers={"Retry-After": str(_sampai_besok())})


class KunciAuth(BaseAuthentication):
    """Unknown, ended, revoked and from a wrong address are one and the same 401."""

    def authenticate(self, request: Request) -> tuple[Pengguna, Pemegang] | None:
        tertulis = request.META.get("HTTP_AUTHORIZATION", "")
        if not tertulis:
            return None
        skema, _, rahasia = tertulis.partition(" ")
        if skema.lower() != "bearer" or not rahasia.startswith(AWAL) or len(rahasia) > PANJANG_MAKS:
            raise Masalah("belum-masuk")
        kunci = cari(rahasia)
        if kunci is None or not _alamat_sah(kunci, request):
            raise Masalah("belum-masuk")
        akun = sebagai(kunci)
        dinding.pasang(p.wilayah_id for p in akun.penugasan_aktif)
        return akun, Pemegang(kunci)

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class Sesi:
    """`request.auth` of a request in the session of a person: the allowance of the role for downloads holds here too."""

    def __init__(self, pengguna: Pengguna):
        self.pengguna = pengguna

    def pakai_baris(self, jumlah: int, kuasa: Sequence[str]) -> None:
        """Raises Masalah 429 when the day's allowance does not hold the rows."""
        if kuasa and not jatah.pakai(self.pengguna, kuasa, jatah.API, jumlah):
            raise Masalah("anggaran-habis", headers={"Retry-After": str(_sampai_besok())})


class SesiAuth(SessionAuthentication):
    """The browser session of a logged-in person, with the CSRF token on unsafe methods."""

    def authenticate(self, request: Request) -> tuple[Pengguna, Sesi] | None:
        hasil = super().authenticate(request)
        return (hasil[0], Sesi(hasil[0])) if hasil else None


class PerluCakupan(BasePermission):
    """Scopes of the key, then powers of the role somewhere. Default deny: without a caller there is no answer."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user or not request.user.is_authenticated:
            raise Masalah("belum-masuk")
        if isinstance(request.auth, Pemegang):
            perlu = {view.cakupan} | (set() if request.method in SAFE_METHODS else {view.cakupan_tulis})
            if not (perlu - {""}) <= request.auth.cakupan:
                raise Masalah("tidak-berwenang")
        if view.kuasa and not any(request.user.punya(k) for k in view.kuasa):
            raise Masalah("tidak-berwenang")
        return True


def sidik(rahasia: str) -> bytes:
    """SHA-256 is enough here: the secret is 256 random bits, there is nothing to guess."""
    return hashlib.sha256(rahasia.encode()).digest()


def cari(rahasia: str) -> KunciApi | None:
    """The key in force with this secret. Read anew for every request: revoked is dead with the next one."""
    tanda = sidik(rahasia)
    kunci = (
        KunciApi.objects.select_related("akun")
        .filter(Q(sidik=tanda) | Q(sidik_lama=tanda, lama_hingga__gt=timezone.now()))
        .first()
    )
    return kunci if kunci is not None and kunci.berlaku() and kunci.akun.is_active else None


def sebagai(kunci: KunciApi) -> Pengguna:
    """The account of the key, with the powers that its scopes leave."""
    akun, terbuka = kunci.akun, kuasa_dari(kunci.cakupan)
    sempit = []
    for tugas in akun.penugasan_aktif:
        peran = copy(tugas.peran)
        peran.kuasa = [k for k in peran.kuasa if k in terbuka]
        tugas.peran = peran
        sempit.append(tugas)
    akun.penugasan_aktif = sempit
    return akun


def boleh_nik(request: Request) -> bool:
    """Full NIK and KK go to keys with the scope `nik` only; a person opens them one by one on the screen."""
    return isinstance(request.auth, Pemegang) and Cakupan.NIK in request.auth.cakupan


def _alamat_sah(kunci: KunciApi, request: Request) -> bool:
    if not kunci.ip:
        return True
    try:
        alamat = ipaddress.ip_address(client_ip(request._request))
    except ValueError:
        return False
    alamat = getattr(alamat, "ipv4_mapped", None) or alamat
    return any(alamat in ipaddress.ip_network(satu, strict=False) for satu in kunci.ip)


def _sampai_besok() -> int:
    kini = timezone.localtime()
    return 86400 - (kini.hour * 3600 + kini.minute * 60 + kini.second)
