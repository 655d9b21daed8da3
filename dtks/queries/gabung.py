"""What stands in the way of making two rows one, and which of the two should stay."""

from collections.abc import Collection
from typing import Any

from django.db.models import F, Q, QuerySet

from core.workflow import Halangan
from dtks.models import CalonGanda, Individu, Keluarga, Penggabungan, PermintaanPindah, Usulan
from dtks.workflow import USULAN_TERBUKA

DITETAPKAN = "ditetapkan"


def saran_utama(calon: CalonGanda) -> Individu:
    """The one with active aid history (domain.md §3.2 GANDA); then registered, matched, and recorded first."""
    return max((calon.pertama, calon.kedua), key=_bobot)


def _bobot(orang: Individu) -> tuple[Any, ...]:
    rumah = orang.keluarga
    return (
        rumah.usulan.filter(status=DITETAPKAN).exists(),
        bool(rumah.bantuan),
        rumah.status == Keluarga.Status.TERDAFTAR,
        orang.padan == Individu.Padan.PADAN,
        orang.nik_indeks is not None,
        -orang.created_at.timestamp(),
    )


def di_dinas(keluarga: Collection[Any], status: Collection[str]) -> QuerySet[Usulan]:
    """Proposals of these families that the Dinas holds (`status`), also when it has put them off."""
    ditunda = Q(status="ditunda", riwayat__urut=F("versi"), riwayat__dari__in=status)
    return Usulan.objects.filter(Q(status__in=status) | ditunda, keluarga_id__in=keluarga).distinct()


def halangan_gabung(utama: Individu, kalah: Individu, dinas: Collection[str]) -> list[Halangan]:
    """Why `kalah` cannot give way to `utama` now; [] when it can."""
    if not (utama.aktif and kalah.aktif):
        return [
            Halangan(
                "TIDAK_AKTIF", "Salah satu orang ini sudah tidak aktif di datanya.", "Muat ulang halaman."
            )
        ]
    hasil = []
    for usulan in di_dinas({utama.keluarga_id, kalah.keluarga_id}, dinas).select_related("keluarga")[:1]:
        hasil.append(
            Halangan(
                "DIPROSES_DINAS",
                f"Keluarga {usulan.keluarga.nama_kepala} sedang diperiksa Dinas Sosial (tiket {usulan.tiket}).",
                "Tunggu usulan itu selesai, atau minta dikembalikan dulu.",
            )
        )
    if pindah := _diminta_pindah(utama, kalah):
        hasil.append(
            Halangan(
                "SEDANG_PINDAH",
                f"{'Keluarga ' + pindah.keluarga.nama_kepala if pindah.individu is None else pindah.individu.nama}"
                " sedang diminta pindah ke desa lain.",
                "Tunggu permintaan itu dijawab, atau batalkan dulu.",
            )
        )
    lain = Individu.objects.filter(keluarga_id=kalah.keluarga_id, aktif=True).exclude(pk=kalah.pk)
    if lain.exists():
        if kalah.hubungan == "1":
            hasil.append(
                Halangan(
                    "KEPALA",
                    f"{kalah.nama} kepala keluarga dan masih punya anggota lain.",
                    "Gabungkan dulu anggota lainnya, tetapkan kepala yang baru, atau pertahankan orang ini.",
                )
            )
        return hasil
    usulan_kalah = Usulan.objects.filter(keluarga_id=kalah.keluarga_id)
    if buka := usulan_kalah.filter(status__in=USULAN_TERBUKA).order_by("pk").first():
        hasil.append(
            Halangan(
                "USULAN_TERBUKA",
                f"Keluarga {kalah.keluarga.nama_kepala} akan kosong, padahal usulan {buka.tiket} masih berjalan.",
                "Tarik atau tolak dulu usulan itu, lalu gabungkan.",
            )
        )
    if usulan_kalah.filter(status=DITETAPKAN).exists():
        hasil.append(
            Halangan(
                "PENERIMA",
                f"Keluarga {kalah.keluarga.nama_kepala} sudah ditetapkan sebagai penerima dan akan kosong.",
                "Pertahankan orang ini, dan gabungkan yang satunya ke sini.",
            )
        )
    return hasil


def _diminta_pindah(*orang: Individu) -> PermintaanPindah | None:
    """An open move of one of them, alone or with his family: who is gone by a merge could not be handed over."""
    sendiri = Q(individu__in=orang)
    serumah = Q(individu__isnull=True, keluarga__in=[o.keluarga_id for o in orang])
    rows = PermintaanPindah.objects.terbuka().filter(sendiri | serumah)
    return rows.select_related("keluarga", "individu").order_by("pk").first()


def digabung() -> QuerySet[Penggabungan]:
    """Merges that stand. Their `kalah` comes back by `pisahkan` only, or one person undoes what took two."""
    return Penggabungan.objects.filter(dibatalkan_at__isnull=True)


def berlaku(calon: CalonGanda) -> Penggabungan | None:
    return (
        calon.penggabungan.filter(dibatalkan_at__isnull=True)
        .select_related("utama__keluarga", "kalah__keluarga", "digabung_by")
        .first()
    )
