"""Programmes of aid that ship with the portal (domain.md §5.3)."""

from pathlib import Path

from bansos.models import Program
from core import reference

DATA = Path(__file__).resolve().parent / "data"


def muat() -> list[reference.Loaded]:
    return [
        reference.load(Program, reference.read(DATA / "program.json"), key=["kode"], keep=["berlaku_sejak"])
    ]
