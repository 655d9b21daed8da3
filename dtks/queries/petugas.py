"""Field officers who may be sent to a family: those of its kecamatan first, then those of the kabupaten's others."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from accounts.models import Pengguna, Penugasan
from dtks.models import KERABAT, Bendera, Usulan
from dtks.queries.benturan import Pemeriksa
from wilayah.kode import dalam, kabupaten_dari, leluhur, mencakup, tingkat_dari
from wilayah.models import Tingkat

PERAN_LAPANGAN = ("TKSK", "PEKSOS", "PENDAMPING")


TETANGGA_DITAWARKAN = 10
KERABAT_LAIN = "Ada petugas di jalur usulan ini yang mungkin berkerabat; petugas kecamatan lain yang datang."


def bertugas(petugas: Pengguna, wilayah: str) -> str:
    """How he stands to a family's area: 'kecamatan' (he serves there), 'kabupaten' (he serves all of it), 'tetangga'
    (another kecamatan of the same kabupaten), '' (none of these).
    """
    if not any(p.peran_id in PERAN_LAPANGAN for p in petugas.penugasan_aktif):
        return ""
    luas = petugas.cakupan("usulan.ases")
    meliputi = [kode for kode in luas if mencakup(kode, wilayah)]
    if meliputi:
        return "kecamatan" if max(map(tingkat_dari, meliputi)) >= Tingkat.KECAMATAN else "kabupaten"
    return "tetangga" if any(kabupaten_dari(k) == kabupaten_dari(wilayah) for k in luas) else ""


def di_kabupaten(wilayah: str) -> list[Pengguna]:
    """Field officers of the kabupaten of this area with their assignments, each with `terbuka`, his unfinished visits."""
    kabupaten = kabupaten_dari(wilayah)
    area = Q(wilayah__isnull=True) | Q(wilayah_id__in=leluhur(kabupaten)) | dalam("wilayah_id", [kabupaten])
    tugas = Penugasan.objects.berlaku().select_related("peran", "wilayah").order_by("berlaku_sejak", "pk")
    ids = tugas.filter(area, peran__kuasa__contains=["usulan.ases"]).order_by().values("pengguna_id")
    rows: list[Pengguna] = list(
        Pengguna.objects.filter(pk__in=ids, is_active=True)
        .select_related("orang")
        .annotate(terbuka=Count("tugas_asesmen", filter=Q(tugas_asesmen__status="ditugaskan")))
        .order_by("nama", "pk")
    )
    milik: dict[object, list[Penugasan]] = {p.pk: [] for p in rows}
    for satu in tugas.filter(pengguna__in=rows):
        milik[satu.pengguna_id].append(satu)
    for p in rows:
        p.__dict__["penugasan_aktif"] = milik[
            p.pk
        ]  # what the cached property would ask for, in one query for all
    return rows


@dataclass
class Bagian:
    """One case of a division of work: who is proposed and why not somebody nearer, or why nobody is."""

    usulan: Usulan
    petugas: Pengguna | None = None
    letak: str = ""
    catatan: str = ""


class Pembagi:
    """Chooses officers for the cases of one kabupaten; counts what it has given to whom."""

    def __init__(self, wilayah: str):
        self.petugas = di_kabupaten(wilayah)
        self.beban: dict[object, int] = {p.pk: p.terbuka for p in self.petugas}  # type: ignore[attr-defined]
        self.periksa = Pemeriksa()
        self.periksa.siapkan_petugas(self.petugas)
        self.kerabat: dict[object, bool] = {}  # proposal -> flagged KERABAT_PETUGAS

    def _jauh(self, usulan: Usulan) -> bool:
        """Only an officer of another kecamatan goes: somebody of the line is tied to the family (ADR 0017)."""
        if usulan.pk not in self.kerabat:
            self.siapkan([usulan])
        return self.kerabat[usulan.pk]

    def siapkan(self, usulan: Iterable[Usulan]) -> None:
        """Read what is needed of many cases at once."""
        rows = list(usulan)
        self.periksa.siapkan(rows)
        kena = set(
            Bendera.objects.terbuka().filter(usulan__in=rows, kode=KERABAT).values_list("usulan", flat=True)
        )
        self.kerabat |= {u.pk: u.pk in kena for u in rows}

    def boleh(self, dia: Pengguna, di: str, usulan: Usulan) -> bool:
        if di == "kecamatan" and self._jauh(usulan):
            return False
        return self.periksa.periksa(dia, usulan) is None

    def urutan(self, usulan: Usulan) -> tuple[list[tuple[Pengguna, str]], str]:
        """Officers by preference, not yet looked at for a conflict, and why those of the own kecamatan come last.

        Where one officer of the kecamatan is tied to the family, his colleagues there do not judge it either if it can
        be helped: an officer of another kecamatan goes (reliability T1).
        """
        letak = [(p, di) for p in self.petugas if (di := bertugas(p, usulan.wilayah_id))]
        sini = [p for p, di in letak if di == "kecamatan"]
        kaitan = next((k for p in sini if (k := self.periksa.periksa(p, usulan))), "")
        jauh = ("tetangga", "kabupaten", "kecamatan") if kaitan else ("kecamatan", "tetangga")
        urut = {di: n for n, di in enumerate(jauh)}
        letak.sort(
            key=lambda x: (
                urut.get(x[1], 0),
                self.beban[x[0].pk],
                x[1] == "kabupaten",
                x[0].nama,
                str(x[0].pk),
            )
        )
        return letak, kaitan

    def pilih(self, usulan: Usulan) -> Bagian:
        letak, kaitan = self.urutan(usulan)
        for dia, di in letak:
            if self.boleh(dia, di, usulan):
                self.beban[dia.pk] += 1
                catatan = (
                    kaitan
                    or (KERABAT_LAIN if self._jauh(usulan) else "")
                    or ("Tidak ada petugas di kecamatan ini." if di == "tetangga" else "")
                )
                return Bagian(usulan, dia, di, catatan)
        catatan = kaitan or (KERABAT_LAIN if self._jauh(usulan) else "")
        return Bagian(usulan, catatan=catatan or "Belum ada petugas lapangan di kabupaten ini.")


def bagi(usulan: Iterable[Usulan]) -> list[Bagian]:
    """A proposal for many cases, in the order given: each to the officer who then has the fewest visits."""
    rows, hasil = list(usulan), []
    pembagi: dict[str, Pembagi] = {}
    for satu in rows:
        kabupaten = kabupaten_dari(satu.wilayah_id)
        if kabupaten not in pembagi:
            pembagi[kabupaten] = Pembagi(kabupaten)
            pembagi[kabupaten].siapkan(rows)
        hasil.append(pembagi[kabupaten].pilih(satu))
    return hasil


def calon(usulan: Usulan) -> list[tuple[Pengguna, str]]:
    """Who may be sent to this family, best first; of the other kecamatan only the least busy."""
    pembagi = Pembagi(usulan.wilayah_id)
    bebas = [
        (p, di)
        for p, di in pembagi.urutan(usulan)[0]
        if p.pk != usulan.petugas_id and pembagi.boleh(p, di, usulan)
    ]
    tetangga = [p.pk for p, di in bebas if di == "tetangga"][TETANGGA_DITAWARKAN:]
    return [(p, di) for p, di in bebas if p.pk not in tetangga]
