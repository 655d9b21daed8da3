"""Addresses of the register and of the line, one module per noun. Included at the root of the portal."""

from importlib import import_module
from importlib.util import find_spec

_MODULES = ("usulan", "keluarga", "musyawarah", "padan", "asesmen")

urlpatterns = [
    pattern
    for name in _MODULES
    if find_spec(f"dtks.urls.{name}")
    for pattern in import_module(f"dtks.urls.{name}").urlpatterns
]
