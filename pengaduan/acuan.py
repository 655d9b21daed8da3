"""The arrows of this floor's workflows, and the tables of complaints: categories, institutions, words to start an answer from."""

from pathlib import Path

from core import reference
from dtks.acuan import muat_panah
from pengaduan.models import Instansi, KategoriAduan, TemplatJawaban
from pengaduan.workflow import ALUR

DATA = Path(__file__).resolve().parent / "data"


def muat() -> list[reference.Loaded]:
    def isi(nama: str) -> list[dict[str, object]]:
        return reference.read(DATA / f"{nama}.json")

    return [
        muat_panah(*ALUR),
        reference.load(Instansi, isi("instansi"), key=["kode"], keep=["cara", "aktif"]),
        reference.load(KategoriAduan, isi("kategori_aduan"), key=["kode"], keep=["instansi_id", "aktif"]),
        reference.load(
            TemplatJawaban,
            isi("templat_jawaban"),
            key=["kode"],
            keep=["judul", "kategori_id", "isi", "aktif"],
        ),
    ]
