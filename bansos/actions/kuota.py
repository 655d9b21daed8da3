"""A quota is proposed by one unit and approved by another; every change is public. Each act locks the rows of the quota first.

A part for a kecamatan or desa is proposed and approved in the same way, out of what the quota above has left.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Pengguna
from bansos.actions import tempat_kuota
from bansos.models import Kuota, PerubahanKuota, Program
from bansos.policies import kuota as policies
from bansos.queries import kuota as baca
from core import audit, outbox, workflow
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from wilayah.kode import dalam
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
    """Propose places and ceiling (rupiah a year) of a programme, area and quarter. Public from this moment."""
    if kalimat := policies.usulkan(by, wilayah):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    _periode(periode, wilayah)
    if not 0 <= jumlah <= TERLALU_BESAR or (pagu is not None and pagu < 0):
        raise _tutup(
            "JUMLAH", "Jumlah tempat 0 sampai 9.999.999, dan pagu tidak boleh negatif.", "Perbaiki angkanya."
        )
    if len(alasan.strip()) < PENDEK or not dasar_hukum.strip():
        raise _tutup("ALASAN_KOSONG", "Isi alasan (paling sedikit 10 huruf) dan dasar hukumnya.")
    kuota = _baris(program, wilayah, periode)
    if kuota.perubahan.filter(status=PerubahanKuota.Status.DIUSULKAN).exists():
        raise _tutup("MASIH_ADA", "Masih ada perubahan kuota ini yang menunggu persetujuan.", "Tunggu putusannya, atau minta pengusulnya menariknya.")  # fmt: skip
    if kuota.versi and (jumlah, pagu) == (kuota.jumlah, kuota.pagu):
        raise _tutup("SAMA", "Jumlah dan pagunya sama dengan yang berlaku.", "Ubah salah satunya.")
    _cukup(kuota, jumlah, pagu)
    _dari_induk(kuota, jumlah, pagu)
    akhir = kuota.perubahan.order_by("-nomor").values_list("nomor", flat=True).first() or 0
    hasil = PerubahanKuota.objects.create(
        kuota=kuota, nomor=akhir + 1, jumlah_lama=kuota.jumlah, jumlah=jumlah, pagu_lama=kuota.pagu, pagu=pagu, alasan=alasan.strip(),
        dasar_hukum=dasar_hukum.strip(), sumber=sumber.strip(), diusulkan_by=by, diusulkan_orang=by.orang,
        unit_pengusul=policies.unit(by, "kuota.usulkan", wilayah),
    )  # fmt: skip
    _catat("usulkan_kuota", hasil, by, "kuota.usulkan", jumlah=jumlah, pagu=pagu)
    outbox.antre(NOTICE, {"perubahan": str(hasil.pk)}, wilayah=wilayah)
    return hasil


def _baris(program: Program, wilayah: str, periode: str) -> Kuota:
    """The row of this quota, made when it is new, locked with those above it."""
    induk = None
    if len(wilayah) > 5:
        if (induk := _induk(program.pk, wilayah, periode)) is None:
            raise _tutup(
                "BELUM_ADA_INDUK", "Kuota kabupaten/kota untuk program dan triwulan ini belum berlaku.",
                "Usulkan dan minta setujui kuota kabupatennya dulu, baru dibagi.",
            )  # fmt: skip
        tempat_kuota.kunci(induk.pk)
        bawah = Kuota.objects.filter(
            dalam("wilayah_id", [wilayah]), program=program, periode=periode, induk=induk
        ).exclude(wilayah=wilayah)
        if bawah.filter(Q(versi__gt=0) | Q(perubahan__status=PerubahanKuota.Status.DIUSULKAN)).exists():
            raise _tutup(
                "BAGIAN_ADA", "Ada desa di kecamatan ini yang sudah mendapat kuota langsung dari kabupaten.",
                "Bagi ke desa saja, atau ke kecamatan saja.",
            )  # fmt: skip
    baru = Kuota(program=program, wilayah_id=wilayah, periode=periode, induk=induk)
    Kuota.objects.bulk_create([baru], ignore_conflicts=True)
    kuota: Kuota = Kuota.objects.select_for_update(of=("self",)).get(
        program=program, wilayah=wilayah, periode=periode
    )
    if kuota.versi == 0 and kuota.induk_id != (induk.pk if induk else None):
        kuota.induk = induk  # a kecamatan got its part since this desa was first proposed
        kuota.save(update_fields=["induk", "updated_at"])
    return kuota


def _induk(program: str, wilayah: str, periode: str) -> Kuota | None:
    """The nearest quota in force above an area."""
    return baca.di_tempat(program, wilayah.rpartition(".")[0], periode)


def _dari_induk(kuota: Kuota, jumlah: int, pagu: int | None) -> None:
    """A part comes out of what the quota above has neither filled nor given away."""
    if kuota.induk_id is None:
        return
    induk = Kuota.objects.select_related("wilayah").get(pk=kuota.induk_id)
    if jumlah - kuota.jumlah > induk.sisa:
        raise _tutup(
            "MELEBIHI_INDUK", f"Kuota {induk.wilayah.sebutan} tinggal {induk.sisa} tempat yang belum terisi atau dibagi.",
            "Kurangi jumlahnya, atau usulkan dulu penambahan kuota di atasnya.",
        )  # fmt: skip
    if induk.sisa_pagu is None:
        return
    if pagu is None:
        raise _tutup("PAGU_WAJIB", f"Kuota {induk.wilayah.sebutan} punya pagu.", "Isi pagu bagian ini.")
    if pagu - (kuota.pagu or 0) > induk.sisa_pagu:
        raise _tutup(
            "PAGU_INDUK", f"Pagu {induk.wilayah.sebutan} tidak cukup untuk bagian ini.",
            "Kurangi pagunya, atau usulkan dulu penambahan pagu di atasnya.",
        )  # fmt: skip


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
    if jumlah < kuota.terisi + kuota.dibagi:
        bagi = f" dan {kuota.dibagi} tempat sudah dibagi ke wilayah di bawahnya" if kuota.dibagi else ""
        raise _tutup(
            "DI_BAWAH_ISI", f"{kuota.terisi} tempat sudah terisi{bagi}; kuota tidak bisa kurang dari itu.",
            "Lepaskan tempatnya dulu, masing-masing dengan alasan." if not bagi else "Kurangi dulu bagian wilayah di bawahnya.",
        )  # fmt: skip
    if pagu is not None and kuota.bagian.filter(versi__gt=0, pagu__isnull=True).exists():
        raise _tutup(
            "PAGU_BAGIAN", "Ada bagian kuota ini yang belum punya pagu.", "Isi pagu tiap bagian dulu."
        )
    if pagu is not None and pagu < kuota.terpakai + kuota.pagu_dibagi:
        raise _tutup(
            "PAGU_TERPAKAI", "Pagu lebih kecil dari nilai tempat yang sudah terisi.", "Naikkan pagunya, atau lepaskan tempat dulu.",
        )  # fmt: skip


@transaction.atomic
def setujui(perubahan: PerubahanKuota, *, by: Pengguna) -> PerubahanKuota:
    """Put the change in force. Raised while places are being given: those who wait come up at once."""
    kuota, baris = _kunci(perubahan)
    _boleh_putus(by, baris)
    _cukup(kuota, baris.jumlah, baris.pagu)
    if kuota.induk_id and (induk := _induk(kuota.program_id, kuota.wilayah_id, kuota.periode)) is not None:
        if induk.pk != kuota.induk_id:
            raise _tutup(
                "INDUK_BERUBAH", f"Sesudah diusulkan, {induk.wilayah.sebutan} mendapat kuotanya sendiri.",
                "Tolak usulan ini dan minta diusulkan lagi.",
            )  # fmt: skip
        _dari_induk(kuota, baris.jumlah, baris.pagu)
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
    kuota = tempat_kuota.kunci(perubahan.kuota_id)
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
