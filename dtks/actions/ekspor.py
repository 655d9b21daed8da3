"""A list leaves the portal: may it, how often, and the audit row that tells what left."""

from datetime import timedelta
from typing import Any

from accounts.actions import jatah
from accounts.actions.jatah import wilayah_dari
from accounts.models import Pengguna
from core import audit, limits, rules
from core.workflow import GateClosed, Halangan, NotAllowed

KUASA_NOMOR = "ekspor.nik"
ALASAN_PENDEK = 5


def batas(by: Pengguna, kuasa: tuple[str, ...]) -> dict[str, int]:
    """Rule 'ekspor.batas' for this person: rows at once, rows at most, hours that a file is kept."""
    return dict(rules.value("ekspor.batas", wilayah_dari(by, kuasa)))


def izinkan(
    *, by: Pengguna, kuasa: tuple[str, ...], penuh: bool, alasan: str = "", baris: int | None = None
) -> None:
    """Count one file, and its rows when their number is known, against the day's limits. Raises NotAllowed without the power,
    GateClosed without reason or over a limit."""
    if penuh and not by.punya(KUASA_NOMOR):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", "Anda tidak berwenang mengunduh nomor lengkap.")])
    if penuh and len(alasan.strip()) < ALASAN_PENDEK:
        raise GateClosed(
            [
                Halangan(
                    "ALASAN_KOSONG", "Tulis untuk apa nomor lengkap dipakai.", "Contoh: diunggah ke SIKS-NG."
                )
            ]
        )
    jenis = "nomor" if penuh else "samar"
    sehari = rules.value("ekspor.batas_harian", wilayah_dari(by, kuasa))[jenis]
    if not limits.hit(f"ekspor:{jenis}:{by.pk}", limit=sehari, window=timedelta(days=1)):
        raise GateClosed(
            [
                Halangan(
                    "BATAS_HARIAN",
                    f"Batas mengunduh hari ini ({sehari} berkas) sudah habis.",
                    "Lanjutkan besok, atau hubungi supervisor.",
                )
            ]
        )
    if baris is not None:
        bukukan(by=by, kuasa=kuasa, penuh=penuh, baris=baris)


def bukukan(*, by: Pengguna, kuasa: tuple[str, ...], penuh: bool, baris: int) -> None:
    """Book the rows of a file before it leaves. Raises GateClosed over the day's allowance of the person's role."""
    dipakai = (KUASA_NOMOR,) if penuh else kuasa
    jenis = jatah.NOMOR if penuh else jatah.SAMAR
    if jatah.pakai(by, dipakai, jenis, baris):
        return
    maks = jatah.batas(by, dipakai, jenis)
    macam = "NIK lengkap" if penuh else "NIK disamarkan"
    if not maks:
        kalimat = "Peran Anda membaca angka dan laporan, tidak mengunduh daftar perorangan."
        jalan = "Minta daftarnya ke Dinas Sosial kabupaten/kota lewat Serah data."
    else:
        kalimat = f"Jatah unduh hari ini tidak cukup untuk {baris} baris. Peran Anda paling banyak {maks} baris sehari ({macam})."
        jalan = "Persempit saringannya, lanjutkan besok, atau minta supervisor yang mengunduh."
    raise GateClosed([Halangan("JATAH_BARIS", kalimat, jalan)])


def catat(
    *, by: Pengguna, kuasa: tuple[str, ...], jenis: str, penuh: bool, alasan: str, rincian: dict[str, Any]
) -> None:
    """The audit row of one file. `rincian`: list, format, count, filter in codes, hash."""
    wilayah = wilayah_dari(by, kuasa)
    audit.catat(
        aksi="ekspor", jenis=jenis, objek_id=str(rincian.get("daftar", "-")), by=by, wilayah=wilayah,
        peran=_peran(by, (KUASA_NOMOR,) if penuh else kuasa),
        rincian={**rincian, "nomor": "lengkap" if penuh else "samar", "alasan": alasan.strip()[:200]},
    )  # fmt: skip


def _peran(by: Pengguna, kuasa: tuple[str, ...]) -> str:
    return next((p.peran_id for p in by.penugasan_aktif if set(kuasa) & set(p.peran.kuasa)), "")
