"""Hooks of allauth and django-axes: accounts are made by an admin, never by sign-up; signing in leaves a trail, and no more than that."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from axes.handlers.database import AxesDatabaseHandler
from django.db import transaction
from django.http import HttpRequest, QueryDict

from accounts.models import Pengguna
from accounts.passwords import periksa
from core import audit
from core.privacy.keys import blind_index


def nama_tercatat(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """The name under which django-axes counts a wrong password: an account's, or the keyed hash of what was typed.

    People type their NIK, their telephone or their password where the name belongs; none of it may be kept.
    """
    isi: Any = credentials if credentials else request.POST
    nama = str(isi.get("login") or isi.get("username") or "").strip().lower()
    if "\0" not in nama and Pengguna.objects.filter(username=nama).exists():
        return nama
    return f"lain-{blind_index(nama, 'masuk').hex()[:32]}"


class PenghitungSalah(AxesDatabaseHandler):
    """Counts wrong passwords as django-axes does, without keeping the address line and the form that came with them."""

    def user_login_failed(self, sender: Any, credentials: dict, request: Any = None, **lain: Any) -> Any:
        if request is None:
            return super().user_login_failed(sender, credentials, request, **lain)
        isi = request.GET, request.POST
        request.GET, request.POST = QueryDict(), QueryDict()
        try:
            return super().user_login_failed(sender, credentials, request, **lain)
        finally:
            request.GET, request.POST = isi


class PortalAccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "enter_current_password": "Kata sandi saat ini salah. Ketik lagi.",
        "password_min_length": "Kata sandi terlalu pendek. Paling sedikit {0} huruf.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def clean_username(self, username: str, shallow: bool = False) -> str:
        return username.strip().lower()

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Case and spaces of the name do not count, neither for the account nor for the lock.

        django-axes reads the name from the key of our form field ("login") while Django's credentials call it
        "username": given under both keys, the lock is on this name from this address and not on the address.
        """
        if "username" in credentials:
            credentials["username"] = credentials["username"].strip().lower()
            credentials["login"] = credentials["username"]
        return super().authenticate(request, **credentials)

    def clean_password(self, password: str, user: Pengguna | None = None) -> str:
        periksa(password, user or Pengguna())
        return password

    def login(self, request: HttpRequest, user: Pengguna) -> None:
        with transaction.atomic():
            super().login(request, user)
            tempat = (p.wilayah_id for p in user.penugasan_aktif if p.wilayah_id)
            audit.catat(aksi="masuk", objek=user, by=user, wilayah=next(tempat, ""))

    def set_password(self, user: Pengguna, password: str) -> None:
        with transaction.atomic():
            super().set_password(user, password)
            audit.catat(aksi="ganti_sandi", objek=user, by=user)
