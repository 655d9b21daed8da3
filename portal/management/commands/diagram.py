"""manage.py diagram: docs/alur.md, drawn from the workflows in code. --periksa says whether the file is up to date."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts import acuan
from bansos.workflow import BATCH, KEBERATAN
from bansos.workflow_layanan import LAYANAN
from core import reference
from core.workflow import Alur, diagram
from dtks.workflow import MUSYAWARAH, USULAN
from pengaduan.workflow import ALUR as ALUR_WARGA
from pengaduan.workflow import MESIN, WARGA
from portal.workflow import HAK

JUDUL = {
    "usulan": "Usulan",
    "musyawarah": "Musyawarah",
    "batch": "Batch pengesahan",
    "keberatan": "Keberatan",
    "reaktivasi": "Reaktivasi PBI",
    "tinjauan": "Tinjauan penerima",
    "surat": "Surat di loket",
    "sanggah": "Sanggah",
    "sanggah_data": "Sanggah data",
    "usul": "Usul warga",
    "darurat": "Kedaruratan",
    "aduan": "Aduan",
    "hak": "Hak atas data",
}
KEPALA = """# Alur usulan, musyawarah, batch pengesahan, dan yang dibawa warga

Berkas ini dibuat oleh `manage.py diagram` dari `dtks/workflow.py`, `bansos/workflow.py`, `pengaduan/workflow.py`, dan `portal/workflow.py`. Jangan diubah dengan tangan.
Siapa yang boleh mengambil langkah diambil dari peran di `accounts/data/peran.json`.
"""


def dokumen() -> str:
    peran = reference.read(acuan.DATA / "peran.json")
    return "\n".join(
        [
            KEPALA,
            *(
                _bagian(alur, peran)
                for alur in (USULAN, MUSYAWARAH, BATCH, KEBERATAN, *LAYANAN, *ALUR_WARGA, HAK)
            ),
        ]
    )


def _bagian(alur: Alur, peran: list[dict]) -> str:
    keadaan = [
        f"| `{k.kode}` | {k.label} | {k.pemegang or ('selesai' if k.akhir else '')} |" for k in alur.keadaan
    ]
    langkah = [
        f"| `{a.nama}` | {_daftar(a.sumber)} | {_daftar(a.tujuan)} | {_siapa(a.kuasa, peran)} "
        f"| {_daftar(a.gerbang) or ''} | {'ya' if a.perlu_alasan else ''} |"
        for a in alur.langkah
    ]
    return "\n".join(
        [
            f"## {JUDUL[alur.nama]}",
            "",
            "```mermaid",
            diagram(alur).rstrip(),
            "```",
            "",
            "| keadaan | nama di layar | pemegang |",
            "|---|---|---|",
            *keadaan,
            "",
            "| langkah | dari | ke | siapa | gerbang | perlu alasan |",
            "|---|---|---|---|---|---|",
            *langkah,
            "",
        ]
    )


def _daftar(isi: tuple[str, ...]) -> str:
    return ", ".join(f"`{satu}`" for satu in isi)


def _siapa(kuasa: str, peran: list[dict]) -> str:
    if kuasa == WARGA:
        return "warga (tiket dan PIN)"
    if kuasa in (MESIN, "mesin"):
        return "portal sendiri"
    return ", ".join(p["kode"] for p in peran if kuasa in p["kuasa"])


class Command(BaseCommand):
    help = "Menulis docs/alur.md dari alur di kode; --periksa hanya membandingkan."

    def add_arguments(self, parser):
        parser.add_argument(
            "--periksa", action="store_true", help="keluar dengan 1 bila docs/alur.md tidak sama"
        )
        parser.add_argument("--berkas", type=Path, default=Path(settings.BASE_DIR) / "docs" / "alur.md")

    def handle(self, *args, periksa, berkas, **options):
        baru = dokumen()
        lama = berkas.read_text(encoding="utf-8") if berkas.exists() else ""
        if baru == lama:
            self.stdout.write(f"{berkas.name} sudah sesuai.")
            return
        if periksa:
            self.stdout.write(f"{berkas.name} tidak sesuai dengan alur di kode. Jalankan: manage.py diagram")
            raise SystemExit(1)
        berkas.write_text(baru, encoding="utf-8")
        self.stdout.write(f"{berkas.name} ditulis.")
