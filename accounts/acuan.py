"""Roles that ship with the portal (contract.md, domain.md §7.3)."""

from pathlib import Path

from accounts.models import Peran
from core import reference

DATA = Path(__file__).resolve().parent / "data"


def muat() -> list[reference.Loaded]:
    """Load the roles; a changed power is in force with the next click of everyone who holds the role."""
    return [reference.load(Peran, reference.read(DATA / "peran.json"), key=["kode"])]
