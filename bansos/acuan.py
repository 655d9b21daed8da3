"""Programmes of aid that ship with the portal (domain.md §5.3), and the arrows of this floor's workflows."""

from pathlib import Path

from bansos.models import AlasanKelayakan, AturanProgram, Program, StatusSalur, SumberPengecualian
from bansos.workflow import BATCH, KEBERATAN
from bansos.workflow_layanan import LAYANAN
from core import reference
from dtks.acuan import muat_panah

DATA = Path(__file__).resolve().parent / "data"


def muat() -> list[reference.Loaded]:
    return [
        reference.load(Program, reference.read(DATA / "program.json"), key=["kode"], keep=["berlaku_sejak"]),
        reference.load(
            AlasanKelayakan, reference.read(DATA / "alasan_kelayakan.json"), key=["kode"], keep=["aktif"]
        ),
        reference.load(StatusSalur, reference.read(DATA / "status_salur.json"), key=["kode"], keep=["aktif"]),
        reference.load(
            SumberPengecualian,
            reference.read(DATA / "sumber_pengecualian.json"),
            key=["kode"],
            keep=["aktif"],
        ),
        # What a version says is fixed: a correction of the shipped rules is a new version.
        reference.load(
            AturanProgram,
            reference.read(DATA / "aturan.json"),
            key=["program_id", "versi"],
            keep=["isi", "status", "berlaku_sejak", "dasar_hukum", "sumber", "status_verifikasi"],
        ),
        muat_panah(BATCH, KEBERATAN, *LAYANAN),
    ]
