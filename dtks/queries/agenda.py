"""What a meeting of a desa has to talk about: everything that is ready, also what an earlier meeting left over."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from accounts.models import Pengguna
from dtks.models import (
    MUSYAWARAH_BERJALAN,
    Individu,
    PutusanMusyawarah,
    RiwayatUsulan,
    Usulan,
)
from dtks.models.usulan import UsulanQuerySet
from dtks.queries import kelengkapan
from dtks.queries.kelengkapan import Kelengkapan
from wilayah.kode import dalam

CALON_MAKS = 100


def menunggu(by: Pengguna, wilayah: str) -> UsulanQuerySet:
    """Proposals of this desa that wait for a meeting, oldest first.

    Handed in (`diajukan`); postponed while they were deliberated; sent back into deliberation with no meeting to go to.
    """
    baris = PutusanMusyawarah.objects.filter(usulan=OuterRef("pk"))
    tunda = RiwayatUsulan.objects.filter(usulan=OuterRef("pk"), langkah="tunda").order_by("-urut")
    rows: UsulanQuerySet = Usulan.objects.visible_to(by).filter(dalam("wilayah_id", [wilayah]))
    return (
        rows.annotate(
            ditunda_dari=Subquery(tunda.values("dari")[:1]),
            sebab_tunda=Subquery(tunda.values("alasan_kalimat")[:1]),
            di_rapat=Exists(baris.filter(musyawarah__status__in=MUSYAWARAH_BERJALAN)),
            belum_terap=Exists(
                baris.filter(
                    musyawarah__status="disetujui", musyawarah__status_sejak__gte=OuterRef("status_sejak")
                )
            ),
        )
        .filter(
            Q(status="diajukan")
            | Q(status="ditunda", ditunda_dari="dimusyawarahkan", di_rapat=False)
            | Q(status="dimusyawarahkan", sptjm__isnull=True, di_rapat=False, belum_terap=False)
        )
        .select_related("keluarga")
        .order_by("status_sejak", "id")
    )


def calon(by: Pengguna, wilayah: str, maks: int = CALON_MAKS) -> list[Any]:
    """The first `maks` + 1 of them (Usulan), each with `halangan` (why it cannot be brought), `asal` and `keadaan_isi` in words."""
    rows: list[Any] = list(
        menunggu(by, wilayah).annotate(
            keluarga_sendiri=Exists(
                Individu.objects.filter(
                    keluarga=OuterRef("keluarga"), aktif=True, nik_indeks=by.orang.nik_indeks
                )
            ),
        )[: maks + 1]
    )
    boleh = by.boleh("usulan.musyawarahkan", wilayah)
    nik = _nik([u.keluarga_id for u in rows])
    lengkap = kelengkapan.hitung_banyak(u.keluarga for u in rows)
    for usulan in rows:
        usulan.halangan = _halangan(usulan, boleh)
        usulan.asal = _asal(usulan)
        usulan.keadaan_isi = [_isian(lengkap[usulan.keluarga_id]), *nik.get(usulan.keluarga_id, [])]
    return rows


def _halangan(usulan: Any, boleh: bool) -> str:
    if usulan.keluarga_sendiri:
        return "Ini keluarga Anda sendiri. Mintalah petugas lain yang membawanya."
    return "" if boleh else "Membawa usulan ke musyawarah bukan wewenang Anda."


def _asal(usulan: Any) -> str:
    if usulan.status == "ditunda":
        sebab = usulan.sebab_tunda or ""
        return f"Ditunda pada musyawarah yang lalu. {sebab}".strip()
    return "Perlu dibahas lagi." if usulan.status == "dimusyawarahkan" else ""


def _isian(nilai: Kelengkapan) -> str:
    """How far the form is, by the same measure as the list of proposals; the exact gaps are on the page of the case."""
    if not nilai.kurang:
        return "isian lengkap"
    return f"isian {nilai.persen}%, kurang {len(nilai.kurang)}"


def _nik(keluarga: list[Any]) -> dict[Any, list[str]]:
    """In words per family: members without NIK, not asked yet, not matching. One query."""
    tanpa, belum = Q(nik_indeks__isnull=True), Q(padan__in=("BELUM", "MENUNGGU"))
    rows: Any = (
        Individu.objects.filter(keluarga_id__in=keluarga, aktif=True)
        .values("keluarga_id")
        .annotate(
            tanpa=Count("pk", filter=tanpa),
            belum=Count("pk", filter=~tanpa & belum),
            beda=Count("pk", filter=~tanpa & ~belum & ~Q(padan=Individu.Padan.PADAN)),
        )
    )
    hasil = {}
    for r in rows:
        kata = [
            f"{r[k]} {label}"
            for k, label in (
                ("tanpa", "orang tanpa NIK"),
                ("belum", "NIK belum dicek"),
                ("beda", "NIK belum padan"),
            )
            if r[k]
        ]
        hasil[r["keluarga_id"]] = kata or ["semua NIK padan"]
    return hasil
