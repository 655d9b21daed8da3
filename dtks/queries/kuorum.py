"""Quorum by unsur, from the rule in force (Ketentuan 'kuorum')."""

from dataclasses import dataclass

from django.utils import timezone

from core import rules
from core.workflow import Gate, Halangan
from dtks.models import KodeAcuan, Musyawarah


@dataclass(frozen=True)
class Kuorum:
    hadir: int
    minimal: int
    unsur_kurang: list[str]
    dasar_hukum: str

    @property
    def tercapai(self) -> bool:
        return self.hadir >= self.minimal and not self.unsur_kurang


def hitung(rapat: Musyawarah) -> Kuorum:
    aturan = rules.in_force("kuorum", rapat.wilayah_id, timezone.localtime(rapat.waktu).date())
    hadir = list(rapat.peserta.filter(hadir=True).values_list("unsur", flat=True))
    kurang = [u for u in aturan.nilai["unsur_wajib"] if u not in hadir]
    label = dict(KodeAcuan.objects.filter(daftar="unsur").values_list("kode", "label"))
    return Kuorum(
        len(hadir), aturan.nilai["minimal_hadir"], [label.get(u, u) for u in kurang], aturan.dasar_hukum
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
    if not rapat.putusan.exists():
        return Halangan(
            "AGENDA_KOSONG", "Belum ada usulan yang dibahas.", "Bawa usulan ke musyawarah ini dulu."
        )
    belum = rapat.putusan.filter(putusan="").count()
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
    n = rapat.putusan.filter(usulan__status="dimusyawarahkan").count()
    if not n:
        return None
    return Halangan(
        "AGENDA_TERISI",
        f"Masih ada {n} usulan di agenda.",
        "Kembalikan usulan itu dulu, baru batalkan musyawarah.",
    )


GERBANG: dict[str, Gate] = {
    "kuorum": kuorum,
    "putusan_lengkap": putusan_lengkap,
    "pindaian_ada": pindaian_ada,
    "agenda_kosong": agenda_kosong,
}
