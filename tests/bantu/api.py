"""A client of the API for tests: `klien("register", "nik")` is a key with these scopes, made by the real action."""

from typing import Any

from django.test import Client

from accounts.actions import kunci as tindakan
from wilayah.models import Wilayah

SEMUA = ("register", "usulan", "kelayakan", "padan", "pengaduan", "nik", "tulis")


def kunci(*cakupan: str, wilayah: str = "32.05", **isi: Any) -> str:
    """The secret of a new key in force."""
    satu = tindakan.Isi(
        nama="Uji", wilayah=[Wilayah.objects.get(pk=wilayah)], cakupan=cakupan or SEMUA, **isi
    )
    return tindakan.buat_di_server(satu)[1]


def klien(*cakupan: str, wilayah: str = "32.05", **isi: Any) -> Client:
    """A test client that sends the key with every request and no cookie."""
    return Client(
        headers={"Authorization": f"Bearer {kunci(*cakupan, wilayah=wilayah, **isi)}"},
        enforce_csrf_checks=True,
    )
