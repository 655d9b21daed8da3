"""What aid the people of a family and their card receive now, wherever in the portal; elsewhere only that there is some."""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q

from accounts.models import Pengguna
from bansos.models import BarisPenetapan, Penetapan
from core import dinding
from dtks.models import Individu, Keluarga, Usulan
from dtks.queries.tempat import bagian_desa


@dataclass(frozen=True)
class Terima:
    """One programme that is received: by decree, for which period, on which card."""

    program: str
    kode: str
    periode: str
    nomor: str
    tanggal: date
    penetapan: UUID
    keluarga: str  # '' when it is the family itself
    siapa: list[str] = field(default_factory=list)  # members of the family who are or were on that card


@dataclass(frozen=True)
class Bantuan:
    terima: list[Terima]
    usulan: list[Usulan]  # other proposals under way
    di_lain: bool  # something is received or asked for where the reader has no sight


def sekeluarga(keluarga: Keluarga, anggota: list[Individu]) -> dict[UUID, list[str]]:
    """Every card on which somebody of this family is or was, and the cards with its number -> names of those people."""
    nik = {bytes(a.nik_indeks): a.nama for a in anggota if a.nik_indeks}
    syarat = Q(anggota__nik_indeks__in=list(nik))
    if keluarga.no_kk_indeks:
        syarat |= Q(no_kk_indeks=keluarga.no_kk_indeks)
    hasil: dict[UUID, list[str]] = {keluarga.pk: []}
    for pk, indeks in Keluarga.objects.filter(syarat).order_by("pk").values_list("pk", "anggota__nik_indeks"):
        siapa = hasil.setdefault(pk, [])
        if indeks and bytes(indeks) in nik and pk != keluarga.pk:
            siapa.append(nik[bytes(indeks)])
    return hasil


def terbaru(keluarga: list[UUID]) -> list[BarisPenetapan]:
    """The newest decision in force per family and programme, where it says that the family receives."""
    rows = (
        BarisPenetapan.objects.filter(
            usulan__keluarga__in=keluarga, penetapan__status=Penetapan.Status.BERLAKU, hasil="ditetapkan"
        )
        .select_related("penetapan__program", "usulan__keluarga__wilayah")
        .order_by("usulan__keluarga_id", "penetapan__program_id", "-penetapan__created_at", "-pk")
        .distinct("usulan__keluarga_id", "penetapan__program_id")
    )
    return [b for b in rows if b.usulan.jalur != Usulan.Jalur.PENGHAPUSAN]


@dinding.terbuka(
    "aid under another card, wherever: of what is elsewhere the reader learns only that there is some"
)
def bantuan(usulan: Usulan, user: Pengguna, anggota: list[Individu]) -> Bantuan:
    """For one proposal; three queries, however large the family."""
    kartu = sekeluarga(usulan.keluarga, anggota)
    di_lain, terima = False, []
    for b in terbaru(list(kartu)):
        rumah = b.usulan.keluarga
        if not (user.boleh("penetapan.lihat", b.usulan.wilayah_id) and _tampak(user, usulan, rumah)):
            di_lain = True
            continue
        lain = (
            "" if rumah.pk == usulan.keluarga_id else f"{rumah.nama_kepala}, {bagian_desa(rumah.wilayah)[0]}"
        )
        terima.append(
            Terima(
                b.penetapan.program.nama, b.penetapan.program_id, b.penetapan.periode, b.penetapan.nomor,
                b.penetapan.tanggal, b.penetapan_id, lain, sorted(set(kartu[rumah.pk])),
            )
        )  # fmt: skip
    jalan = (
        Usulan.objects.terbuka()
        .filter(keluarga__in=list(kartu))
        .exclude(pk=usulan.pk)
        .select_related("keluarga__wilayah")
    )
    lihat = []
    for u in jalan.order_by("created_at", "pk"):
        if user.boleh("usulan.lihat", u.wilayah_id) and _tampak(user, usulan, u.keluarga):
            lihat.append(u)
        else:
            di_lain = True
    return Bantuan(terima, lihat, di_lain)


def _tampak(user: Pengguna, usulan: Usulan, rumah: Keluarga) -> bool:
    """Its own family (the page shows it), or one that lives where this person sees families."""
    return rumah.pk == usulan.keluarga_id or user.boleh("keluarga.lihat", rumah.wilayah_id)
