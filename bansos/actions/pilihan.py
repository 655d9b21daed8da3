"""A chosen list of proposals: locked in one order, judged as a list, stepped all or none."""

from collections.abc import Iterable

from accounts.models import Pengguna
from bansos.models import Program
from core import rules
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen, StepRefused
from dtks.actions import usulan as langkah
from dtks.models import AlasanLangkah, Usulan
from wilayah.kode import kabupaten_dari


def kunci_semua(ids: Iterable[object]) -> list[Usulan]:
    """All rows locked in key order before the first write, so that two lists cannot wait for each other."""
    return list(
        Usulan.objects.select_for_update(of=("self",))
        .select_related("keluarga", "wilayah")
        .filter(pk__in=list(ids))
        .order_by("pk")
    )


def satu_surat(rows: list[Usulan], ids: list[object]) -> tuple[Program, str]:
    """Programme and kabupaten of a list that fits in one letter; GateClosed says what does not fit."""
    if not rows or len(rows) != len(set(map(str, ids))):
        raise _tutup(
            "PILIHAN_KOSONG", "Pilih paling sedikit satu usulan yang masih ada.", "Muat ulang antrean."
        )
    program = {u.program for u in rows}
    if len(program) != 1:
        raise _tutup(
            "PROGRAM_CAMPUR",
            "Satu pengesahan hanya untuk satu program.",
            "Saring dulu antrean per program.",
        )
    kabupaten = kabupaten_dari(rows[0].wilayah_id)
    if any(kabupaten_dari(u.wilayah_id) != kabupaten for u in rows):
        raise _tutup("WILAYAH_CAMPUR", "Satu pengesahan hanya untuk satu kabupaten/kota.")
    batas = rules.value("batch.maks", kabupaten)
    if len(rows) > batas:
        raise _tutup(
            "BATCH_TERLALU_BESAR", f"Paling banyak {batas} usulan sekali sahkan.", "Kurangi pilihan."
        )
    tujuan = Program.objects.filter(pk=program.pop()).first()
    if tujuan is None:  # the form's list is wider than the programmes that someone determines (NONBANSOS)
        raise _tutup(
            "PROGRAM_TIDAK_DITETAPKAN",
            "Program usulan ini tidak ditetapkan lewat portal.",
            "Kembalikan usulan untuk memilih program yang tepat.",
        )
    return tujuan, kabupaten


def langkahkan_semua(
    rows: list[Usulan],
    nama: str,
    *,
    by: Pengguna,
    tujuan: str | None = None,
    alasan: str = "",
    catatan: str = "",
    kabari: str = "",
) -> None:
    """One step for every row. One refusal refuses the list, with the name of each family that stands in the way."""
    refused: list[Halangan] = []
    for satu in rows:
        try:
            langkah.langkahkan(
                satu, nama, by=by, tujuan=tujuan, alasan=alasan, catatan=catatan, kabari=kabari
            )
        except StepRefused as error:
            refused += [
                Halangan(h.kode, f"{satu.keluarga.nama_kepala}: {h.kalimat}", h.jalan_keluar)
                for h in error.halangan
            ]
            if isinstance(error, NotAllowed | NotOpen) and len(rows) == 1:
                raise
    if refused:
        raise GateClosed(refused)


def kalimat_alasan(kode: str, langkah: str) -> str:
    """The sentence of a reason from the list of that step."""
    row = AlasanLangkah.objects.filter(pk=kode, langkah=langkah, aktif=True).first()
    if row is None:
        raise _tutup("ALASAN_WAJIB", "Pilih alasannya dari daftar.")
    return row.kalimat


def _tutup(kode: str, kalimat: str, jalan_keluar: str = "") -> GateClosed:
    return GateClosed([Halangan(kode, kalimat, jalan_keluar)])
