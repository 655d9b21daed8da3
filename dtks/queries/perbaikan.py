"""Corrected minutes: what is in force for each name, and which names may still be corrected."""

from uuid import UUID

from django.utils import timezone

from core.terbilang import tanggal_panjang
from core.workflow import Halangan
from dtks.models import BISA_DIPERBAIKI, Musyawarah, PutusanMusyawarah, Usulan
from dtks.queries.bendera import JALAN, KALIMAT_BEKU
from dtks.queries.tempat import tidak_di_sini
from dtks.workflow import USULAN

# Where a rejection or a pause of the village itself began; the others are the Dinas's.
_OLEH_DESA = {"ditolak": ("dimusyawarahkan",), "ditunda": ("dimusyawarahkan", "disepakati")}


def berlaku(
    asal: Musyawarah, *, sebelum: Musyawarah | None = None, dengan: Musyawarah | None = None
) -> dict[UUID, PutusanMusyawarah]:
    """Verdict in force per proposal: of the first minutes, then of each approved correction in turn.

    `sebelum`: as it was before that correction began; `dengan`: as it will be once that correction is approved.
    """
    rantai = asal.perbaikan.filter(status="disetujui").order_by("created_at")
    if sebelum is not None:
        rantai = rantai.filter(created_at__lt=sebelum.created_at)
    hasil: dict[UUID, PutusanMusyawarah] = {}
    for rapat in (asal, *rantai, *([dengan] if dengan is not None else [])):
        hasil |= {p.usulan_id: p for p in rapat.putusan.select_related("usulan__keluarga", "musyawarah")}
    return hasil


def lama(rapat: Musyawarah) -> dict[UUID, PutusanMusyawarah]:
    """What was in force before the correction `rapat`; empty for first minutes."""
    return berlaku(rapat.perbaikan_dari, sebelum=rapat) if rapat.perbaikan_dari else {}


def tertutup(usulan: Usulan, rapat: Musyawarah) -> Halangan | None:  # noqa: PLR0911
    """Why the correction `rapat` cannot touch this proposal any more; None when it can."""
    nama, label = usulan.keluarga.nama_kepala, USULAN.state(usulan.status).label
    if usulan.keluarga.dibekukan_at:
        return Halangan("DIBEKUKAN", KALIMAT_BEKU, JALAN["DIBEKUKAN"])
    if halangan := _di_tempat_lain(usulan, rapat):
        return halangan
    if usulan.status in ("ditolak", "ditunda"):
        langkah = "tolak" if usulan.status == "ditolak" else "tunda"
        terakhir = usulan.riwayat.filter(langkah=langkah).order_by("-urut").first()
        if terakhir is not None and terakhir.dari in _OLEH_DESA[usulan.status]:
            return None
        return Halangan(
            "DIPUTUS_DINAS",
            f"{nama}: usulan ini “{label}” oleh Dinas Sosial, bukan oleh musyawarah.",
            "Sampaikan keberatan ke Dinas Sosial; berita acara perbaikan tidak mengubahnya.",
        )
    if usulan.status in BISA_DIPERBAIKI:
        return None
    if usulan.status in ("draf", "ditarik"):
        return Halangan(
            "TIDAK_BERJALAN",
            f"{nama}: usulan ini sekarang “{label}”, jadi putusannya tidak bisa diperbaiki.",
            "Ajukan usulannya dulu bila memang perlu.",
        )
    return Halangan(
        "SUDAH_DI_DINAS",
        f"{nama}: usulan ini sudah di Dinas Sosial (sekarang “{label}”).",
        "Minta Dinas Sosial mengembalikannya ke desa dulu, baru berita acaranya bisa diperbaiki.",
    )


def _di_tempat_lain(usulan: Usulan, rapat: Musyawarah) -> Halangan | None:
    """A later meeting has heard the case, or the family is not here any more."""
    nama = usulan.keluarga.nama_kepala
    lain = (
        usulan.putusan.exclude(musyawarah__status="dibatalkan")
        .exclude(musyawarah=rapat.perbaikan_dari)
        .exclude(musyawarah__perbaikan_dari=rapat.perbaikan_dari)
        .filter(
            musyawarah__created_at__gt=rapat.perbaikan_dari.created_at
            if rapat.perbaikan_dari
            else rapat.created_at
        )
        .select_related("musyawarah")
        .first()
    )
    if lain is not None:
        hari = tanggal_panjang(timezone.localtime(lain.musyawarah.waktu).date())
        return Halangan(
            "DIBAHAS_LAGI",
            f"{nama}: usulan ini sudah dibahas lagi di musyawarah {hari}.",
            "Yang berlaku putusan musyawarah itu; perbaiki berita acara yang itu bila keliru.",
        )
    return tidak_di_sini(usulan)


def mungkin(rapat: Musyawarah, by: object) -> Halangan | None:
    """Gate: every name of a correction can still be corrected, and each correction changes something."""
    if rapat.perbaikan_dari is None:
        return None
    semula = lama(rapat)
    for row in rapat.putusan.tanpa_beku().select_related("usulan__keluarga"):
        if rapat.status != "dijadwalkan" and tidak_di_sini(row.usulan):
            continue  # moved after the minutes were closed: carrying them out skips the name, the others go on
        if halangan := tertutup(row.usulan, rapat):
            return halangan
        if row.usulan_id in semula and semula[row.usulan_id].putusan == row.putusan:
            return Halangan(
                "TIDAK_BERUBAH",
                f"{row.usulan.keluarga.nama_kepala}: putusannya sama dengan yang lama.",
                "Ubah putusannya, atau keluarkan nama itu dari perbaikan.",
            )
    return None
