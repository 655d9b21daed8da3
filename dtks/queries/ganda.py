"""What each side of a finding may read: its own side, and nothing that tells who or where the other one is."""

from dataclasses import dataclass

from accounts.models import Pengguna, Penugasan
from core.templatetags.ui import tanggal
from dtks.models import TemuanGanda
from dtks.queries.desa import sebutan_desa
from wilayah.kode import LENGTHS, leluhur
from wilayah.models import Tingkat

K = TemuanGanda.Keputusan
# What the decision means: for the village where the family is recorded, and for the one that typed the number.
ARTI: dict[str, tuple[str, str]] = {
    K.TETAP_PERTAMA: (
        "Keluarga itu tetap tercatat di wilayah Anda.",
        "Keluarga itu tetap tercatat di wilayah lain. Jangan usulkan lagi.",
    ),
    K.PINDAH_KEDUA: (
        "Keluarga itu warga wilayah lain. Jangan teruskan usulannya di wilayah Anda.",
        "Keluarga itu warga wilayah Anda. Terima dulu pindahnya di Keluarga, Pindah antardesa.",
    ),
    K.ORANG_BERBEDA: (
        "Orangnya berbeda. Cocokkan lagi NIK dan nomor KK di portal dengan KTP-el dan KK.",
        "Orangnya berbeda. Cocokkan lagi nomor yang diketik dengan KTP-el dan KK.",
    ),
    K.KE_DUKCAPIL: (
        "Diteruskan ke Disdukcapil. Antar warga ke sana dengan KTP-el dan KK asli.",
        "Diteruskan ke Disdukcapil. Antar warga ke sana dengan KTP-el dan KK asli.",
    ),
}


@dataclass(frozen=True)
class Sisi:
    """One side as its own people read it. `keluarga` is the id for a link, '' where the family page is not theirs."""

    judul: str
    desa: str
    kalimat: str
    arti: str
    keluarga: str = ""


def sisi(by: Pengguna, temuan: TemuanGanda) -> list[Sisi]:
    """The sides in the areas of `by`, first village first; never empty for a row of `visible_to(by)`.

    `temuan.wilayah_pertama`, `wilayah_kedua` and `keluarga` must be loaded.
    """
    lihat = [by.boleh("padan.lihat", w) for w in (temuan.wilayah_pertama_id, temuan.wilayah_kedua_id)]
    arti = ARTI.get(temuan.keputusan, ("", ""))
    return [
        s
        for ada, s in zip(lihat, (_pertama(by, temuan, arti[0]), _kedua(temuan, arti[1])), strict=True)
        if ada
    ]


def _pertama(by: Pengguna, temuan: TemuanGanda, arti: str) -> Sisi:
    desa, keluarga = sebutan_desa(temuan.wilayah_pertama), temuan.keluarga
    nama = f"Keluarga {keluarga.nama_kepala}" if keluarga else "Keluarga"
    buka = keluarga is not None and by.boleh("keluarga.lihat", keluarga.wilayah_id)
    kalimat = f"{nama} di {desa} juga diusulkan di wilayah lain."
    return Sisi("Wilayah pertama", desa, kalimat, arti, str(keluarga.pk) if keluarga and buka else "")


def _kedua(temuan: TemuanGanda, arti: str) -> Sisi:
    desa = sebutan_desa(temuan.wilayah_kedua)
    nomor = f"{'NIK' if temuan.individu_id else 'Nomor KK'} {temuan.nomor_samar}".strip()
    pada = tanggal(temuan.created_at)
    kalimat = f"{nomor} yang diketik di {desa} pada {pada} sudah tercatat di wilayah lain."
    return Sisi("Wilayah kedua", desa, kalimat, arti)


def petugas_desa(wilayah: str) -> list[Pengguna]:
    """People of the village itself (not of the Dinas above it) who read the findings of this area."""
    luas = [k for k in (*leluhur(wilayah), wilayah) if len(k) >= LENGTHS[Tingkat.DESA - 1]]
    ids = Penugasan.objects.berlaku().filter(wilayah_id__in=luas, peran__kuasa__contains=["padan.lihat"])
    return list(Pengguna.objects.filter(pk__in=ids.values("pengguna_id"), is_active=True).order_by("pk"))
