"""A list leaves the portal: may it, how often, and the audit row that tells what left."""

from datetime import timedelta
from typing import Any

from accounts.models import Pengguna
from core import audit, limits, rules
from core.workflow import GateClosed, Halangan, NotAllowed
from wilayah.kode import kabupaten_dari, ringkas

KUASA_NOMOR = "ekspor.nik"
ALASAN_PENDEK = 5


def batas(by: Pengguna, kuasa: tuple[str, ...]) -> dict[str, int]:
    """Rule 'ekspor.batas' for this person: rows at once, rows at most, hours that a file is kept."""
    return dict(rules.value("ekspor.batas", wilayah_dari(by, kuasa)))


def izinkan(*, by: Pengguna, kuasa: tuple[str, ...], penuh: bool, alasan: str = "") -> None:
    """Count one file against the day's limit. Raises NotAllowed without the power, GateClosed without reason or over the limit."""
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


def wilayah_dari(by: Pengguna, kuasa: tuple[str, ...]) -> str:
    """The one area in which the person may see the list, else its kabupaten, else '' (the whole country)."""
    luas = ringkas(kode for satu in kuasa for kode in by.cakupan(satu))
    kabupaten = {kabupaten_dari(kode) for kode in luas}
    if len(luas) == 1:
        return luas[0]
    return kabupaten.pop() if len(kabupaten) == 1 else ""


def _peran(by: Pengguna, kuasa: tuple[str, ...]) -> str:
    return next((p.peran_id for p in by.penugasan_aktif if set(kuasa) & set(p.peran.kuasa)), "")
