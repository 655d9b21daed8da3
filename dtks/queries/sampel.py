"""The draw that says which families of a month are visited. Everybody who has the seed can do it again (docs/adr/0016)."""

import hashlib
from uuid import UUID

from django.db.models import QuerySet

from core.workflow import Halangan
from dtks.models import KebijakanSampel, SampelUsulan, Usulan
from wilayah.kode import dalam, leluhur

SELALU_DIKUNJUNGI = (Usulan.Jalur.PENGHAPUSAN.value, Usulan.Jalur.KEDARURATAN.value)
STATUS = ("diinput", "ditugaskan")


def sidik(benih: str) -> str:
    return hashlib.sha256(benih.encode()).hexdigest()


def angka(benih: str, usulan: UUID) -> str:
    return sidik(f"{benih}:{usulan}")


def dikunjungi(angka: str, persen: int) -> bool:
    """The first eight hex digits as a part of their whole: below the percentage means visited."""
    return int(angka[:8], 16) * 100 < persen * 0x1_0000_0000


def kebijakan(usulan: Usulan) -> KebijakanSampel | None:
    """The policy for this proposal's area and month, the narrowest area first; None = every family is visited."""
    atas = [*leluhur(usulan.wilayah_id), usulan.wilayah_id]
    rows = list(KebijakanSampel.objects.filter(wilayah__in=atas, periode=usulan.periode))
    return max(rows, key=lambda k: len(k.wilayah_id), default=None)


def calon_daftar(satu: KebijakanSampel) -> QuerySet[Usulan]:
    """What the list of this policy is drawn up from when it closes."""
    return (
        Usulan.objects.filter(dalam("wilayah_id", [satu.wilayah_id]), periode=satu.periode, status__in=STATUS)
        .exclude(jalur__in=satu.kecuali_jalur)
        .exclude(bendera__ditutup_at__isnull=True, bendera__isnull=False)
        .exclude(asesmen__isnull=False)
        .select_related("keluarga", "wilayah")
        .order_by("pk")
    )


def halangan(usulan: Usulan) -> Halangan | None:
    """Why this family must be visited all the same, or None when the draw spares it."""
    satu = kebijakan(usulan)
    baris = SampelUsulan.objects.filter(kebijakan=satu, usulan=usulan).first() if satu else None
    if satu is None or baris is None or satu.dibuka_at is None:
        return Halangan(
            "WAJIB_DIKUNJUNGI",
            "Usulan ini tidak ada di daftar sampel yang sudah dibuka.",
            "Tugaskan petugas lapangan.",
        )
    tepat = baris.angka == angka(satu.benih, usulan.pk) and sidik(satu.benih) == satu.sidik_benih
    if not tepat or dikunjungi(baris.angka, satu.persen) or baris.dikunjungi:
        return Halangan(
            "TERPILIH_SAMPEL", "Usulan ini terpilih untuk dikunjungi.", "Tugaskan petugas lapangan."
        )
    if usulan.jalur in satu.kecuali_jalur or usulan.jalur in SELALU_DIKUNJUNGI:
        return Halangan(
            "JALUR_DIKUNJUNGI",
            f"Jalur {usulan.get_jalur_display()} selalu dikunjungi.",
            "Tugaskan petugas lapangan.",
        )
    if usulan.asesmen.exists():
        return Halangan("SUDAH_DIKUNJUNGI", "Kunjungan keluarga ini sudah dicatat.", "Selesaikan asesmennya.")
    if usulan.bendera.terbuka().exists():
        return Halangan(
            "BERBENDERA",
            "Usulan ini punya catatan terbuka, jadi harus dikunjungi.",
            "Kembalikan, lalu tugaskan petugas lapangan.",
        )
    return None


def dilewati(usulan: Usulan) -> bool:
    """Did the case come to the verifier without a visit?"""
    tiba = usulan.riwayat.filter(langkah__in=("ases", "lewati_kunjungan")).order_by("-urut").first()
    return tiba is not None and tiba.langkah == "lewati_kunjungan"
