"""Review of recipients. A check puts doubts on a list with their evidence; a person decides each. Nothing here removes anybody:
the hardest decision opens a removal proposal, which the village hands in and which goes through the whole line.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Pengguna
from bansos.actions.pilihan import kalimat_alasan
from bansos.models import TinjauanPenerima
from bansos.policies import tinjauan as policies
from bansos.queries import tinjauan as baca
from bansos.workflow_layanan import TINJAUAN
from core import audit, workflow
from core.workflow import Gate, GateClosed, Halangan
from dtks.actions import usulan as langkah
from dtks.models import Usulan
from dtks.workflow import USULAN_TERBUKA
from wilayah.waktu import hari_wilayah

NOTICE = "bansos.kabar_tinjauan"
JOB = "bansos.tinjauan"
BERHENTI = ("ditarik", "ditolak", "tidak_ditetapkan")
PALING_PENDEK = 10


def cari_semua() -> dict[str, int]:
    """The nightly check of every kabupaten, each in a transaction of its own."""
    baru = gugur = 0
    for kabupaten in baca.kabupaten_penerima():
        b, g = cari(kabupaten)
        baru, gugur = baru + b, gugur + g
    return {"baru": baru, "gugur": gugur}


@transaction.atomic
def cari(kabupaten: str) -> tuple[int, int]:
    """(new, dropped) of one kabupaten. The act names the numbers; a row that comes has its fingerprint, one that goes its own act."""
    audit.catat(
        aksi="cari_tinjauan",
        jenis=TinjauanPenerima._meta.label,
        objek_id=kabupaten,
        by=None,
        wilayah=kabupaten,
    )
    return baca.cari(kabupaten, hari_wilayah(kabupaten))


def _hapus_berhenti(satu: TinjauanPenerima, by: object) -> Halangan | None:
    """A removal that is under way is ended where it stands, by its own people."""
    if satu.usulan is None or satu.status == "dipertahankan" or satu.usulan.status in BERHENTI:
        return None
    return Halangan(
        "USULAN_BERJALAN",
        f"Usulan penghapusan {satu.usulan.tiket} masih berjalan: {satu.usulan.get_status_display().lower()}.",
        "Minta desa menarik usulan itu, atau tolak di meja verifikasi, lalu tinjau ulang.",
    )


GERBANG: dict[str, Gate] = {"hapus_berhenti": _hapus_berhenti}


def langkahkan(
    satu: TinjauanPenerima,
    nama: str,
    *,
    by: Pengguna,
    alasan: str = "",
    catatan: str = "",
    versi: int | None = None,
) -> TinjauanPenerima:
    """One step: tanya_desa, jawab_desa, pertahankan, usulkan_hapus, buka_lagi. Raises StepRefused and then wrote nothing."""
    with transaction.atomic():
        baris: TinjauanPenerima = workflow.lock(TinjauanPenerima, satu.pk)
        arrow = TINJAUAN.find(nama, baris.status)
        if arrow and policies.BY_STEP[nama](by, baris) is None and versi in (None, baris.versi):
            _siapkan(baris, nama, by, catatan.strip())
        hasil: TinjauanPenerima = workflow.step(
            TINJAUAN, baris, nama, by=by, boleh=policies.BY_STEP[nama], gerbang=GERBANG, alasan=alasan,
            alasan_kalimat=kalimat_alasan(alasan, "pertahankan_tinjauan") if nama == "pertahankan" else "", catatan=catatan.strip(),
            versi=versi, peran=by.peran_untuk(arrow.kuasa, baris.wilayah_id) if arrow else "", notice=NOTICE,
        )  # fmt: skip
        return hasil


def _siapkan(baris: TinjauanPenerima, nama: str, by: Pengguna, catatan: str) -> None:
    """What a step writes beside its state, in the same transaction."""
    kolom = ["updated_at"]
    if nama in ("tanya_desa", "jawab_desa", "usulkan_hapus") and len(catatan) < PALING_PENDEK:
        raise GateClosed(
            [Halangan("CATATAN_WAJIB", "Tuliskan dengan jelas di catatan (paling sedikit 10 huruf).")]
        )
    if nama == "tanya_desa":
        baris.ditanya_at = timezone.now()
        kolom.append("ditanya_at")
    elif nama == "jawab_desa":
        baris.jawaban = catatan[:500]
        kolom.append("jawaban")
    elif nama == "usulkan_hapus":
        baris.usulan = _usulan_hapus(baris, by, catatan)
        kolom.append("usulan")
    baris.save(update_fields=kolom)


def _usulan_hapus(baris: TinjauanPenerima, by: Pengguna, catatan: str) -> Usulan:
    """The removal of this family and programme that is under way, or a draft that the village completes and hands in."""
    hapus: dict[str, Any] = {"program": baris.program_id, "jalur": Usulan.Jalur.PENGHAPUSAN}
    ada = Usulan.objects.filter(keluarga=baris.keluarga_id, status__in=USULAN_TERBUKA, **hapus).first()
    if ada is not None:
        return ada
    alasan = f"Tinjauan penerima: {baris.get_sebab_display()}. {catatan}"[:500]
    usulan, _ = langkah.buat(by=by, keluarga=baris.keluarga, alasan_usul=alasan, atas_tinjauan=True, **hapus)
    return usulan
