"""Why a proposal should carry a flag that only this floor knows: aid that excludes the programme, a hit of an exclusion list."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from django.utils import timezone

from bansos.models import BarisPenetapan, ButirPengecualian, Penetapan
from bansos.models.pengecualian import HIDUP
from bansos.queries import aturan_program, pengecualian
from core import rules
from dtks.models import Individu, Usulan
from dtks.queries.bendera import DI_DINAS, Sebab
from dtks.queries.satu_program import JALUR

KODE = "BANTUAN_LAIN"
KODE_KECUALI = "PENGECUALIAN"


def sebab(usulan: list[Usulan]) -> dict[UUID, list[Sebab]]:
    """The family, or somebody of it on another card, receives a programme that the rule 'bantuan.tidak_bersama' excludes."""
    rows = [u for u in usulan if u.status in DI_DINAS and u.jalur in JALUR]
    if not rows:
        return {}
    aturan = rules.values("bantuan.tidak_bersama", {u.wilayah_id for u in rows})
    rows = [u for u in rows if aturan[u.wilayah_id].get(u.program)]
    kartu = _kartu(rows)
    terima: dict[UUID, set[str]] = defaultdict(set)
    # The newest decision in force of a family and programme tells; a removal ends the aid.
    for keluarga, program, jalur in (
        BarisPenetapan.objects.filter(
            usulan__keluarga__in={k for satu in kartu.values() for k in satu},
            penetapan__status=Penetapan.Status.BERLAKU,
            hasil="ditetapkan",
        )
        .order_by("usulan__keluarga_id", "penetapan__program_id", "-penetapan__created_at", "-pk")
        .distinct("usulan__keluarga_id", "penetapan__program_id")
        .values_list("usulan__keluarga_id", "penetapan__program_id", "usulan__jalur")
    ):
        if jalur != Usulan.Jalur.PENGHAPUSAN:
            terima[keluarga].add(program)
    hasil: dict[UUID, list[Sebab]] = {}
    for u in rows:
        sudah = {p for k in kartu[u.keluarga_id] for p in terima[k]}
        if kena := sorted(sudah & set(aturan[u.wilayah_id][u.program])):
            kalimat = f"Keluarga ini sudah menerima {', '.join(kena)}, yang tidak boleh bersama {u.program}."
            hasil[u.pk] = [Sebab(KODE, "bantuan", kalimat)]
    return hasil


def sebab_kecuali(usulan: list[Usulan]) -> dict[UUID, list[Sebab]]:
    """A member stands on a list that leaves out the whole family by the programme's rule. Names nobody; contested hits hold too."""
    rows = [u for u in usulan if u.status in DI_DINAS and u.jalur in JALUR]
    orang = [
        (bytes(n), k)
        for n, k in Individu.objects.aktif()
        .filter(keluarga__in={u.keluarga_id for u in rows}, nik_indeks__isnull=False)
        .values_list("nik_indeks", "keluarga_id")
    ]
    if not orang:
        return {}
    kena: dict[bytes, list[ButirPengecualian]] = defaultdict(list)
    for b in (
        ButirPengecualian.objects.filter(
            pengecualian.kini(), nik_indeks__in=[n for n, _ in orang], status__in=HIDUP,
            sumber__aktif=True, sumber__mengenai="keluarga",
        )
        .select_related("sumber")
        .order_by("sumber__urut", "pk")
    ):  # fmt: skip
        kena[bytes(b.nik_indeks)].append(b)
    milik: dict[UUID, list[ButirPengecualian]] = defaultdict(list)
    for n, k in orang:
        milik[k] += kena[n]
    hari, aturan = timezone.localdate(), _Aturan()
    return {
        u.pk: [
            Sebab(
                KODE_KECUALI,
                f"butir:{b.pk}",
                f"Ada anggota keluarga di daftar pengecualian: {b.sumber.nama} (data per {b.tanggal_data:%d/%m/%Y}).",
            )
            for b in milik[u.keluarga_id]
            if u.wilayah_id.startswith(b.wilayah_id)
            and b.sumber_id in aturan(u.program, u.wilayah_id[:5], hari)
        ]
        for u in rows
        if milik[u.keluarga_id]
    }


class _Aturan:
    """The exclusion lists that a programme's rule names; each rule is read once."""

    def __init__(self) -> None:
        self.isi: dict[tuple[str, str], set[str]] = {}

    def __call__(self, program: str, wilayah: str, hari: date) -> set[str]:
        if (program, wilayah) not in self.isi:
            try:
                isi = aturan_program.berlaku(program, wilayah, hari).isi
            except aturan_program.TanpaAturan:
                isi = {}
            self.isi[program, wilayah] = set(isi.get("pengecualian") or ())
        return self.isi[program, wilayah]


def _kartu(rows: list[Usulan]) -> dict[UUID, set[UUID]]:
    """family -> every card on which somebody of it is or was."""
    milik = {u.keluarga_id: {u.keluarga_id} for u in rows}
    nik: dict[bytes, UUID] = {
        bytes(n): k
        for n, k in Individu.objects.aktif()
        .filter(keluarga__in=milik, nik_indeks__isnull=False)
        .order_by("pk")
        .values_list("nik_indeks", "keluarga_id")
    }
    for n, k in (
        Individu.objects.filter(nik_indeks__in=list(nik))
        .order_by("pk")
        .values_list("nik_indeks", "keluarga_id")
    ):
        milik[nik[bytes(n)]].add(k)
    return milik
