"""After a PBI is active again: the family's data must be refreshed within months; and the list keeps up with the register."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import connection, transaction

from accounts.models import Pengguna
from bansos.models import PbiNonaktif, ReaktivasiPBI
from bansos.policies import pbi as policies
from bansos.queries import pbi as baca
from core import audit, rules, workflow
from core.workflow import GateClosed, Halangan, NotAllowed
from wilayah.kode import kabupaten_dari
from wilayah.waktu import hari_wilayah


@transaction.atomic
def perbarui(satu: ReaktivasiPBI, *, by: Pengguna) -> ReaktivasiPBI:
    """The family's data was refreshed: the register must show a change since the ministry's answer."""
    baris: ReaktivasiPBI = workflow.lock(ReaktivasiPBI, satu.pk)
    if kalimat := policies.perbarui(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], baris.status)
    saat = baca.data_diperbarui(baris)
    if saat is None:
        raise _tutup(
            "DATA_BELUM_BERUBAH", "Data keluarga ini belum diperbarui sejak PBI aktif kembali.",
            "Perbarui dulu datanya lewat usulan jalur Perbaikan data atau Catat perubahan di halaman keluarga.",
        )  # fmt: skip
    baris.diperbarui_at = saat
    baris.save(update_fields=["diperbarui_at", "updated_at"])
    audit.catat(
        aksi="perbarui_data_pbi",
        objek=baris,
        by=by,
        wilayah=baris.wilayah_id,
        peran=by.peran_untuk("pbi.ajukan", baris.wilayah_id),
    )
    return baris


@transaction.atomic
def ingatkan() -> list[ReaktivasiPBI]:
    """Those whose reminder is due today, marked; each day of Ketentuan `pbi.pengingat_hari` once, then every seven days."""
    hasil = []
    rows = (
        ReaktivasiPBI.objects.wajib_diperbarui()
        .select_for_update(skip_locked=True, of=("self",))
        .order_by("pk")
    )
    hari_sebelum = rules.values("pbi.pengingat_hari", {kabupaten_dari(r.wilayah_id) for r in rows})
    for satu in rows:
        hari = hari_wilayah(satu.wilayah_id)
        if _jatuh(satu, hari, hari_sebelum[kabupaten_dari(satu.wilayah_id)]):
            satu.diingatkan = hari
            hasil.append(satu)
    ReaktivasiPBI.objects.bulk_update(hasil, ["diingatkan"], batch_size=500)
    for kab in sorted({kabupaten_dari(r.wilayah_id) for r in hasil}):
        n = sum(kabupaten_dari(r.wilayah_id) == kab for r in hasil)
        audit.catat(
            aksi="ingatkan_pbi",
            jenis=ReaktivasiPBI._meta.label,
            objek_id=kab,
            by=None,
            wilayah=kab,
            rincian={"jumlah": n},
        )
    return hasil


def _jatuh(satu: ReaktivasiPBI, hari: date, sebelum: Sequence[int]) -> bool:
    """Did a day of reminding come since the last reminder? One that was missed is made up for once."""
    assert satu.perbarui_batas is not None
    if hari > satu.perbarui_batas:
        return satu.diingatkan is None or hari - satu.diingatkan >= timedelta(days=7)
    tempo = [satu.perbarui_batas - timedelta(days=n) for n in sebelum]
    tempo = [t for t in tempo if t <= hari]
    return bool(tempo) and (satu.diingatkan is None or satu.diingatkan < max(tempo))


@transaction.atomic
def tautkan() -> int:
    """Rows of the list whose person came into the register since: linked, by kabupaten, in one statement each."""
    n = 0
    tanpa = PbiNonaktif.objects.filter(individu__isnull=True).order_by()
    for kab in sorted({kabupaten_dari(w) for w in tanpa.values_list("wilayah_id", flat=True).distinct()}):
        with connection.cursor() as cursor:
            cursor.execute(*baca.tautkan_sql(kab))
            baru = cursor.rowcount
        if baru:
            audit.catat(
                aksi="tautkan_pbi",
                jenis=PbiNonaktif._meta.label,
                objek_id=kab,
                by=None,
                wilayah=kab,
                rincian={"jumlah": baru},
            )
        n += baru
    return n


def _tutup(kode: str, kalimat: str, jalan_keluar: str) -> GateClosed:
    return GateClosed([Halangan(kode, kalimat, jalan_keluar)])
