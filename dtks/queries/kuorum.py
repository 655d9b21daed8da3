"""Quorum by unsur, from the rule in force (Ketentuan 'kuorum')."""

from dataclasses import dataclass

from django.utils import timezone

from core import rules
from core.models import Ketentuan
from core.terbilang import tanggal_panjang
from core.workflow import Gate, Halangan
from dtks.models import KodeAcuan, Musyawarah
from dtks.queries import perbaikan


@dataclass(frozen=True)
class Kuorum:
    hadir: int
    minimal: int
    unsur_kurang: list[str]
    dasar_hukum: str

    @property
    def tercapai(self) -> bool:
        return self.hadir >= self.minimal and not self.unsur_kurang


def kunci(perbaikan: bool) -> str:
    """A correction of the record needs who signs the minutes; a deliberation needs every unsur."""
    return "kuorum.perbaikan" if perbaikan else "kuorum"


def aturan(rapat: Musyawarah) -> Ketentuan:
    """The rule of the day of the meeting. Raises core.rules.RuleMissing."""
    hari = timezone.localtime(rapat.waktu).date()
    return rules.in_force(kunci(bool(rapat.perbaikan_dari_id)), rapat.wilayah_id, hari)


def unsur_wajib(rapat: Musyawarah) -> list[str]:
    """The required unsur in words."""
    label = _label()
    return [label.get(u, u) for u in aturan(rapat).nilai["unsur_wajib"]]


def _label() -> dict[str, str]:
    return dict(KodeAcuan.objects.filter(daftar="unsur").values_list("kode", "label"))


def hitung(rapat: Musyawarah) -> Kuorum:
    ketentuan = aturan(rapat)
    hadir = list(rapat.peserta.filter(hadir=True).values_list("unsur", flat=True))
    label = _label()
    kurang = [label.get(u, u) for u in ketentuan.nilai["unsur_wajib"] if u not in hadir]
    return Kuorum(len(hadir), ketentuan.nilai["minimal_hadir"], kurang, ketentuan.dasar_hukum)


def sudah_waktunya(rapat: Musyawarah, by: object) -> Halangan | None:
    """Minutes carry the date of the meeting, so they cannot be made before it."""
    hari = timezone.localtime(rapat.waktu).date()
    if hari <= timezone.localdate():
        return None
    return Halangan(
        "BELUM_WAKTUNYA",
        f"Musyawarah ini dijadwalkan {tanggal_panjang(hari)}, jadi berita acaranya belum bisa dibuat.",
        "Tutup sesudah musyawarah. Kalau dimajukan, ubah dulu tanggalnya di “Acara dan catatan”.",
    )


def kuorum(rapat: Musyawarah, by: object) -> Halangan | None:
    hasil = hitung(rapat)
    if hasil.tercapai:
        return None
    sebab = []
    if hasil.hadir < hasil.minimal:
        sebab.append(f"yang hadir {hasil.hadir} orang, paling sedikit {hasil.minimal}")
    if hasil.unsur_kurang:
        sebab.append("belum ada wakil " + ", ".join(hasil.unsur_kurang))
    return Halangan(
        "KUORUM",
        "Kuorum belum tercapai: " + "; ".join(sebab) + ".",
        "Catat kehadirannya, atau jadwalkan ulang.",
    )


def putusan_lengkap(rapat: Musyawarah, by: object) -> Halangan | None:
    putusan = rapat.putusan.tanpa_beku()  # frozen ones leave the agenda when the meeting is closed
    if not putusan.exists():
        return Halangan(
            "AGENDA_KOSONG", "Belum ada usulan yang dibahas.", "Bawa usulan ke musyawarah ini dulu."
        )
    belum = putusan.filter(putusan="").count()
    if belum:
        return Halangan(
            "PUTUSAN_BELUM_LENGKAP", f"{belum} usulan belum diputus.", "Isi putusan untuk setiap nama."
        )
    return None


def pindaian_ada(rapat: Musyawarah, by: object) -> Halangan | None:
    if rapat.pindaian_id:
        return None
    return Halangan(
        "PINDAIAN_KOSONG",
        "Berita acara bertanda tangan belum diunggah.",
        "Cetak, tanda tangani, pindai, lalu unggah.",
    )


def agenda_kosong(rapat: Musyawarah, by: object) -> Halangan | None:
    # The names of a correction's first minutes do not hang on its agenda.
    bawaan = rapat.putusan.filter(usulan__status="dimusyawarahkan")
    n = bawaan.exclude(usulan__putusan__musyawarah=rapat.perbaikan_dari_id).count()
    if not n:
        return None
    return Halangan(
        "AGENDA_TERISI",
        f"Masih ada {n} usulan di agenda.",
        "Kembalikan usulan itu dulu, baru batalkan musyawarah.",
    )


GERBANG: dict[str, Gate] = {
    "sudah_waktunya": sudah_waktunya,
    "perbaikan_mungkin": perbaikan.mungkin,
    "kuorum": kuorum,
    "putusan_lengkap": putusan_lengkap,
    "pindaian_ada": pindaian_ada,
    "agenda_kosong": agenda_kosong,
}
