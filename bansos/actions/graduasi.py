"""A family graduates: brought by the village, agreed by a second person where an old or disabled person lives there, and then a removal
proposal that goes through the whole line. Nothing here takes anybody off a list (ADR 0027).
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Pengguna
from bansos.models import BarisPenetapan, Graduasi, PantauMandiri, Program
from bansos.policies import graduasi as policies
from bansos.queries import graduasi as baca
from bansos.queries.kelayakan import penerima
from core import audit, files, outbox, workflow
from core.models import Berkas
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen, StepRefused
from dtks.actions import usulan as langkah
from dtks.models import Keluarga, Usulan
from dtks.workflow import USULAN_TERBUKA

NOTICE = "bansos.kabar_graduasi"
Status = Graduasi.Status


@dataclass(frozen=True)
class Isian:
    """What is brought. `surat`: raw bytes of the signed request, wanted when the family asks itself."""

    sebab: str
    alasan: str
    surat: bytes = b""


def ajukan(baris_id: UUID | str, *, by: Pengguna, isian: Isian) -> Graduasi:
    """Bring a graduation for one recipient. Raises NotAllowed, NotOpen (no recipient any more), GateClosed, core.files.BadFile."""
    with transaction.atomic():
        baris = _penerima(baris_id, by)
        keluarga, program = baris.usulan.keluarga, baris.penetapan.program
        _periksa(isian)
        rentan = baca.rentan(keluarga)
        usulan = None if rentan else _usulkan(by, keluarga, program, isian)
        try:
            with transaction.atomic():
                satu = Graduasi.objects.create(
                    keluarga=keluarga, program=program, wilayah_id=keluarga.wilayah_id, baris=baris, jenis=jenis(isian.sebab),
                    sebab=isian.sebab, alasan=isian.alasan.strip()[:500], berkas=_surat(isian.surat, keluarga, by), rentan=rentan,
                    status=Status.MENUNGGU if rentan else Status.DIUSULKAN, usulan=usulan, created_by=by, pengaju_orang=by.orang,
                )  # fmt: skip
        except IntegrityError as error:
            raise NotOpen(
                [Halangan("SUDAH_DIAJUKAN", "Graduasi keluarga ini sudah diajukan.", "Muat ulang daftar.")]
            ) from error
        _catat(satu, "ajukan_graduasi", by, policies.AJUKAN)
        if rentan:
            outbox.antre(NOTICE, {"graduasi": str(satu.pk)}, wilayah=satu.wilayah_id)
        return satu


def jenis(sebab: str) -> str:
    mandiri = sebab == Graduasi.Sebab.PERMINTAAN
    return Graduasi.Jenis.MANDIRI if mandiri else Graduasi.Jenis.ALAMIAH


def _periksa(isian: Isian) -> None:
    if isian.sebab not in Graduasi.Sebab.values:
        raise GateClosed([Halangan("SEBAB_KOSONG", "Pilih sebab graduasi.")])
    if not isian.alasan.strip():
        raise GateClosed([Halangan("ALASAN_WAJIB", "Tuliskan keadaan keluarga ini.")])
    if isian.sebab == Graduasi.Sebab.PERMINTAAN and not isian.surat:
        raise GateClosed([Halangan("SURAT_WAJIB", "Unggah surat permintaan yang ditandatangani keluarga.")])


def _penerima(baris_id: UUID | str, by: Pengguna) -> BarisPenetapan:
    """The recipient's row, the family locked; asked again inside the lock."""
    rows = BarisPenetapan.objects.select_related("usulan__keluarga", "penetapan__program")
    baris = rows.filter(pk=baris_id).first()
    bukan = NotOpen([Halangan("BUKAN_PENERIMA", "Keluarga ini bukan penerima program ini lagi.", "Muat ulang daftar.")])  # fmt: skip
    if baris is None:
        raise bukan
    hapus = Usulan.objects.filter(
        keluarga=baris.usulan.keluarga_id, jalur=Usulan.Jalur.PENGHAPUSAN, status__in=USULAN_TERBUKA
    )
    berjalan = list(
        hapus.select_for_update(of=("self",)).order_by("pk")
    )  # proposals before families, as everywhere
    keluarga: Keluarga = workflow.lock(Keluarga, baris.usulan.keluarga_id)
    if kalimat := policies.ajukan(by, keluarga):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    if not penerima([keluarga.wilayah_id]).filter(pk=baris.pk).exists():
        raise bukan
    if any(u.program == baris.penetapan.program_id for u in berjalan):
        raise NotOpen([Halangan("SUDAH_DIUSULKAN", "Penghapusan keluarga ini sudah diusulkan.", "Buka usulan yang berjalan itu.")])  # fmt: skip
    baris.usulan.keluarga = keluarga
    return baris


def _surat(isi: bytes, keluarga: Keluarga, by: Pengguna) -> Berkas | None:
    if not isi:
        return None
    bersih, mime = files.clean_scan(isi)
    nama = "permintaan.pdf" if mime == "application/pdf" else "permintaan.jpg"
    return files.store(
        bersih, jenis="surat_graduasi", nama=nama, mime=mime, wilayah=keluarga.wilayah_id, by_id=str(by.pk)
    )


def _usulkan(by: Pengguna, keluarga: Keluarga, program: Program, isian: Isian) -> Usulan:
    """The removal proposal, handed in to the village where its form is complete, else a draft."""
    kata = f"{Graduasi.Jenis(jenis(isian.sebab)).label}: {Graduasi.Sebab(isian.sebab).label}. {isian.alasan.strip()}"
    usulan, _ = langkah.buat(
        by=by, keluarga=keluarga, program=program.pk, jalur=Usulan.Jalur.PENGHAPUSAN, alasan_usul=kata[:500]
    )  # fmt: skip
    try:
        with transaction.atomic():
            return langkah.ajukan(usulan, by=by)
    except StepRefused:  # something is still missing on the form: it waits as a draft with its own sentence
        return usulan


def _kunci(graduasi: Graduasi, status: str) -> Graduasi:
    satu: Graduasi = workflow.lock(Graduasi, graduasi.pk)
    if satu.status != status:
        raise NotOpen(
            [Halangan("SUDAH_DIPUTUS", f"Graduasi ini sekarang “{satu.get_status_display()}”.", "Muat ulang halaman.")]
        )  # fmt: skip
    return satu


@transaction.atomic
def setujui(graduasi: Graduasi, *, by: Pengguna, alasan: str = "") -> Graduasi:
    """The second pair of eyes agrees; the village then makes the removal proposal. Raises NotAllowed, NotOpen."""
    return _putus(graduasi, by, Status.DISETUJUI, alasan)


@transaction.atomic
def tolak(graduasi: Graduasi, *, by: Pengguna, alasan: str) -> Graduasi:
    """The family stays. Raises NotAllowed, NotOpen, GateClosed without a reason."""
    if not alasan.strip():
        raise GateClosed([Halangan("ALASAN_WAJIB", "Tuliskan mengapa tidak disetujui.")])
    return _putus(graduasi, by, Status.DITOLAK, alasan)


def _putus(graduasi: Graduasi, by: Pengguna, status: str, alasan: str) -> Graduasi:
    satu = _kunci(graduasi, Status.MENUNGGU)
    if kalimat := policies.putus(by, satu):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    satu.status, satu.alasan_putus = status, alasan.strip()[:500]
    satu.diputus_by, satu.pemutus_orang, satu.diputus_at = by, by.orang, timezone.now()
    satu.save(update_fields=["status", "alasan_putus", "diputus_by", "pemutus_orang", "diputus_at"])
    outbox.antre(NOTICE, {"graduasi": str(satu.pk)}, wilayah=satu.wilayah_id)
    _catat(satu, "setujui_graduasi" if status == Status.DISETUJUI else "tolak_graduasi", by, policies.SETUJUI)
    return satu


@transaction.atomic
def usulkan(graduasi: Graduasi, *, by: Pengguna) -> Graduasi:
    """After the second person agreed: the village makes the removal proposal. Raises NotAllowed, NotOpen, GateClosed."""
    _penerima(graduasi.baris_id, by)  # locks in the order of the line, and asks the policy
    satu = _kunci(graduasi, Status.DISETUJUI)
    satu.usulan = _usulkan(by, satu.keluarga, satu.program, Isian(satu.sebab, satu.alasan))
    satu.status = Status.DIUSULKAN
    satu.save(update_fields=["status", "usulan"])
    _catat(satu, "usulkan_graduasi", by, policies.AJUKAN)
    return satu


@transaction.atomic
def pantau(
    keluarga: Keluarga, *, program: str, by: Pengguna, tanggal: date, keadaan: str, catatan: str
) -> PantauMandiri:
    """How a family fares that left or received PENA. Raises NotAllowed, NotOpen when it is not followed any more, GateClosed."""
    if kalimat := policies.pantau(by, keluarga):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    ada = baca.sesudah([keluarga.wilayah_id], [], 1, keluarga.pk, program)
    if not ada:
        raise NotOpen([Halangan("TIDAK_DIPANTAU", "Keluarga ini tidak dipantau lagi.", "Muat ulang daftar.")])
    if tanggal < ada[0].tanggal:
        raise GateClosed([Halangan("SEBELUM_KELUAR", "Tanggal dilihat harus sesudah tanggal SK.")])
    satu = PantauMandiri.objects.create(
        keluarga=keluarga, program_id=program, tanggal=tanggal, keadaan=keadaan, catatan=catatan.strip()[:500], by=by
    )  # fmt: skip
    audit.catat(
        aksi="pantau_mandiri", objek=satu, by=by, wilayah=keluarga.wilayah_id,
        peran=by.peran_untuk(policies.AJUKAN, keluarga.wilayah_id), rincian={"program": program, "keadaan": keadaan},
    )  # fmt: skip
    return satu


def _catat(satu: Graduasi, aksi: str, by: Pengguna, kuasa: str) -> None:
    usulan = {"usulan": str(satu.usulan_id)} if satu.usulan_id else {}
    audit.catat(
        aksi=aksi, objek=satu, by=by, wilayah=satu.wilayah_id, peran=by.peran_untuk(kuasa, satu.wilayah_id),
        rincian={"program": satu.program_id, "sebab": satu.sebab, "rentan": satu.rentan, **usulan},
    )  # fmt: skip
