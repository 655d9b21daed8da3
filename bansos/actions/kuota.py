"""A quota is proposed by one unit and approved by another; every change is public. Each act locks the row of the quota first."""

from django.db import transaction
from django.utils import timezone

from accounts.models import Pengguna
from bansos.actions import tempat_kuota
from bansos.models import Kuota, PerubahanKuota, Program
from bansos.policies import kuota as policies
from core import audit, outbox, workflow
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from wilayah.waktu import hari_wilayah

NOTICE = "bansos.kabar_kuota"
PENDEK = 10
MAJU = 4  # quarters ahead for which a quota may be proposed
TERLALU_BESAR = 9_999_999


@transaction.atomic
def usulkan(
    *,
    by: Pengguna,
    program: Program,
    wilayah: str,
    periode: str,
    jumlah: int,
    pagu: int | None,
    alasan: str,
    dasar_hukum: str,
    sumber: str = "",
) -> PerubahanKuota:
    """Propose places and ceiling (rupiah a year) of a programme, kabupaten and quarter. Public from this moment."""
    if kalimat := policies.usulkan(by, wilayah):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    _periode(periode, wilayah)
    if not 0 <= jumlah <= TERLALU_BESAR or (pagu is not None and pagu < 0):
        raise _tutup(
            "JUMLAH", "Jumlah tempat 0 sampai 9.999.999, dan pagu tidak boleh negatif.", "Perbaiki angkanya."
        )
    if len(alasan.strip()) < PENDEK or not dasar_hukum.strip():
        raise _tutup("ALASAN_KOSONG", "Isi alasan (paling sedikit 10 huruf) dan dasar hukumnya.")
    Kuota.objects.bulk_create(
        [Kuota(program=program, wilayah_id=wilayah, periode=periode)], ignore_conflicts=True
    )
    kuota: Kuota = Kuota.objects.select_for_update(of=("self",)).get(
        program=program, wilayah=wilayah, periode=periode
    )
    if kuota.perubahan.filter(status=PerubahanKuota.Status.DIUSULKAN).exists():
        raise _tutup("MASIH_ADA", "Masih ada perubahan kuota ini yang menunggu persetujuan.", "Tunggu putusannya, atau minta pengusulnya menariknya.")  # fmt: skip
    if kuota.versi and (jumlah, pagu) == (kuota.jumlah, kuota.pagu):
        raise _tutup("SAMA", "Jumlah dan pagunya sama dengan yang berlaku.", "Ubah salah satunya.")
    _cukup(kuota, jumlah, pagu)
    akhir = kuota.perubahan.order_by("-nomor").values_list("nomor", flat=True).first() or 0
    hasil = PerubahanKuota.objects.create(
        kuota=kuota, nomor=akhir + 1, jumlah_lama=kuota.jumlah, jumlah=jumlah, pagu_lama=kuota.pagu, pagu=pagu, alasan=alasan.strip(),
        dasar_hukum=dasar_hukum.strip(), sumber=sumber.strip(), diusulkan_by=by, diusulkan_orang=by.orang,
        unit_pengusul=policies.unit(by, "kuota.usulkan", wilayah),
    )  # fmt: skip
    _catat("usulkan_kuota", hasil, by, "kuota.usulkan", jumlah=jumlah, pagu=pagu)
    outbox.antre(NOTICE, {"perubahan": str(hasil.pk)}, wilayah=wilayah)
    return hasil


def _periode(periode: str, wilayah: str) -> None:
    """The quarter of today up to a year ahead: a quarter that is over has been given."""
    hari = hari_wilayah(wilayah)
    kini = hari.year * 4 + (hari.month - 1) // 3
    tahun, _, urut = periode.partition("-")
    if len(tahun) != 4 or not tahun.isascii() or not tahun.isdigit() or urut not in ("1", "2", "3", "4"):
        raise _tutup("TRIWULAN", "Triwulan ditulis seperti 2026-4.", "Pilih dari daftar.")
    if not kini <= int(tahun) * 4 + int(urut) - 1 <= kini + MAJU:
        raise _tutup("TRIWULAN", "Triwulan itu sudah lewat atau terlalu jauh.", "Pilih triwulan ini sampai setahun ke depan.")  # fmt: skip


def _cukup(kuota: Kuota, jumlah: int, pagu: int | None) -> None:
    """Nobody loses a place because a number went down."""
    if jumlah < kuota.terisi:
        raise _tutup(
            "DI_BAWAH_ISI", f"{kuota.terisi} tempat sudah terisi; kuota tidak bisa kurang dari itu.",
            "Lepaskan tempatnya dulu, masing-masing dengan alasan.",
        )  # fmt: skip
    if pagu is not None and pagu < kuota.terpakai:
        raise _tutup(
            "PAGU_TERPAKAI", "Pagu lebih kecil dari nilai tempat yang sudah terisi.", "Naikkan pagunya, atau lepaskan tempat dulu.",
        )  # fmt: skip


@transaction.atomic
def setujui(perubahan: PerubahanKuota, *, by: Pengguna) -> PerubahanKuota:
    """Put the change in force. Raised while places are being given: those who wait come up at once."""
    kuota, baris = _kunci(perubahan)
    _boleh_putus(by, baris)
    _cukup(kuota, baris.jumlah, baris.pagu)
    _putus(baris, PerubahanKuota.Status.DISETUJUI, by)
    kuota.jumlah, kuota.pagu, kuota.versi = baris.jumlah, baris.pagu, baris.nomor
    kuota.save(update_fields=["jumlah", "pagu", "versi", "updated_at"])
    _catat(
        "setujui_kuota",
        baris,
        by,
        "kuota.putus",
        jumlah=baris.jumlah,
        pagu=baris.pagu,
        unit=baris.unit_pemutus,
    )
    if kuota.terisi and (daftar := tempat_kuota.daftar_sah(kuota)):
        alasan = f"Naik dari daftar tunggu: kuota berubah dari {baris.jumlah_lama} menjadi {baris.jumlah} (perubahan ke-{baris.nomor})."
        tempat_kuota.ambil(kuota, daftar, by=by, alasan=alasan)
    return baris


@transaction.atomic
def tolak(perubahan: PerubahanKuota, *, by: Pengguna, alasan: str) -> PerubahanKuota:
    _, baris = _kunci(perubahan)
    _boleh_putus(by, baris)
    if len(alasan.strip()) < PENDEK:
        raise _tutup("ALASAN_KOSONG", "Tuliskan alasan penolakannya (paling sedikit 10 huruf).")
    _putus(baris, PerubahanKuota.Status.DITOLAK, by, alasan.strip())
    _catat("tolak_kuota", baris, by, "kuota.putus")
    return baris


@transaction.atomic
def tarik(perubahan: PerubahanKuota, *, by: Pengguna) -> PerubahanKuota:
    _, baris = _kunci(perubahan)
    if kalimat := policies.tarik(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], baris.status)
    baris.status = PerubahanKuota.Status.DITARIK
    baris.save(update_fields=["status"])
    _catat("tarik_kuota", baris, by, "kuota.usulkan")
    return baris


def _kunci(perubahan: PerubahanKuota) -> tuple[Kuota, PerubahanKuota]:
    """Both rows, locked, always the quota first. Raises NotOpen when the change was decided meanwhile."""
    kuota: Kuota = workflow.lock(Kuota, perubahan.kuota_id)
    baris: PerubahanKuota = workflow.lock(PerubahanKuota, perubahan.pk)
    baris.kuota = kuota
    if baris.status != PerubahanKuota.Status.DIUSULKAN:
        raise NotOpen(
            [Halangan("SUDAH_DIPUTUS", f"Perubahan ini sudah {baris.get_status_display().lower()}.", "Muat ulang halaman.")], baris.status
        )  # fmt: skip
    return kuota, baris


def _boleh_putus(by: Pengguna, baris: PerubahanKuota) -> None:
    if kalimat := policies.putus(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], baris.status)


def _putus(baris: PerubahanKuota, status: str, by: Pengguna, alasan: str = "") -> None:
    baris.status, baris.diputus_by, baris.diputus_orang = status, by, by.orang
    baris.unit_pemutus = policies.unit(by, "kuota.putus", baris.kuota.wilayah_id)
    baris.diputus_at, baris.alasan_putusan = timezone.now(), alasan
    baris.save(
        update_fields=[
            "status",
            "diputus_by",
            "diputus_orang",
            "unit_pemutus",
            "diputus_at",
            "alasan_putusan",
        ]
    )
    outbox.antre(NOTICE, {"perubahan": str(baris.pk)}, wilayah=baris.kuota.wilayah_id)


def _catat(aksi: str, baris: PerubahanKuota, by: Pengguna, kuasa: str, **rincian: object) -> None:
    wilayah = baris.kuota.wilayah_id
    audit.catat(
        aksi=aksi, objek=baris, by=by, wilayah=wilayah, peran=by.peran_untuk(kuasa, wilayah),
        rincian={"program": baris.kuota.program_id, "periode": baris.kuota.periode, "nomor": baris.nomor, **rincian},
    )  # fmt: skip


def _tutup(kode: str, kalimat: str, jalan_keluar: str = "") -> GateClosed:
    return GateClosed([Halangan(kode, kalimat, jalan_keluar)])
