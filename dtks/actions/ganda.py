"""The finding that a NIK or KK is proposed in two places, and its settlement by the Dinas.

A form that is sent once runs in one transaction; a refusal takes that transaction back and a finding written in it as
well. So the callers of the register record the finding afterwards, on its own, and once per pair: pressing the button
ten times is one finding.
"""

from django.db import transaction
from django.utils import timezone

from accounts.models import Pengguna
from core import audit, dinding, outbox, workflow
from core.identity import mask_nik
from core.templatetags.ui import tanggal
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.actions import bendera, pindah
from dtks.models import Individu, Keluarga, TemuanGanda
from dtks.policies import ganda as policies
from wilayah.kode import kabupaten_dari

JOB = "dtks.beri_tahu_ganda"
CATATAN_MAKS = 2000


@dinding.terbuka("who holds this number, wherever: the asker is not told")
@transaction.atomic
def laporkan(*, by: Pengguna, wilayah: str, nik: str = "", no_kk: str = "") -> TemuanGanda | None:
    """Record where `nik` or `no_kk` is active outside the areas of `by`; None when it is not, or is noted already."""
    orang = Individu.objects.aktif().dengan_nik(nik).first() if nik else None
    keluarga: Keluarga | None = orang.keluarga if orang else None
    if keluarga is None and no_kk:
        keluarga = Keluarga.objects.dengan_kk(no_kk).exclude(status=Keluarga.Status.NONAKTIF).first()
    if keluarga is None or Keluarga.objects.visible_to(by).filter(pk=keluarga.pk).exists():
        return None
    workflow.lock(Keluarga, keluarga.pk)
    temuan, baru = TemuanGanda.objects.get_or_create(
        individu=orang,
        keluarga=keluarga,
        wilayah_kedua_id=wilayah,
        ditutup_at=None,
        defaults={
            "wilayah_pertama_id": keluarga.wilayah_id,
            "dilaporkan_by": by,
            "nomor_samar": mask_nik(nik if orang else no_kk),
        },
    )
    if not baru:
        return None
    audit.catat(aksi="temuan_ganda", objek=temuan, by=by, wilayah=wilayah)
    bendera.segarkan([keluarga.pk])
    return temuan


@transaction.atomic
def tengahi(temuan: TemuanGanda, *, by: Pengguna, keputusan: str, catatan: str) -> TemuanGanda:
    """Decide where the family belongs. `keputusan`: a value of TemuanGanda.Keputusan. Both villages are told by a job.

    Raises NotOpen when it is closed already, NotAllowed for the reporter or whoever does not hold both areas, GateClosed
    when the decision or the note is missing. The register itself is not changed; `pindah_kedua` opens a request to move that the
    second village answers.
    """
    baris = _terbuka(temuan)
    if kalimat := policies.tengahi(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    if keputusan not in TemuanGanda.Keputusan.values:
        raise GateClosed([Halangan("KEPUTUSAN_WAJIB", "Pilih keputusannya dari daftar.")])
    _tambah_catatan(baris, by, catatan)
    baris.keputusan, baris.ditutup_at, baris.ditutup_by = keputusan, timezone.now(), by
    baris.save(update_fields=["keputusan", "ditutup_at", "ditutup_by", "catatan"])
    if keputusan == TemuanGanda.Keputusan.PINDAH_KEDUA:
        pindah.minta_dari_temuan(baris, by=by)
    wilayah = kabupaten_dari(baris.wilayah_pertama_id)
    audit.catat(
        aksi="tengahi_ganda",
        objek=baris,
        by=by,
        wilayah=wilayah,
        peran=by.peran_untuk(policies.KUASA, baris.wilayah_pertama_id),
        rincian={"keputusan": keputusan},
    )
    if baris.keluarga_id:
        bendera.segarkan([baris.keluarga_id])
    outbox.antre(JOB, {"temuan": str(baris.pk)}, kunci=f"ganda:{baris.pk}", wilayah=wilayah)
    return baris


@transaction.atomic
def beri_catatan(temuan: TemuanGanda, *, by: Pengguna, catatan: str) -> TemuanGanda:
    """Add a note for the Dinas of the other side; decides nothing. Same refusals as `tengahi`, one area is enough."""
    baris = _terbuka(temuan)
    if kalimat := policies.catat(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    _tambah_catatan(baris, by, catatan)
    baris.save(update_fields=["catatan"])
    sisi = policies.sisi_dinsos(by, baris)
    audit.catat(
        aksi="catat_ganda",
        objek=baris,
        by=by,
        wilayah=kabupaten_dari(sisi.kode),
        peran=by.peran_untuk(policies.KUASA, sisi.kode),
    )
    return baris


def _terbuka(temuan: TemuanGanda) -> TemuanGanda:
    """The row, locked until commit, if nobody has closed it."""
    baris: TemuanGanda = workflow.lock(TemuanGanda, temuan.pk)
    if baris.ditutup_at is not None:
        raise NotOpen(
            [
                Halangan(
                    "SUDAH_DIPUTUS",
                    f"Temuan ini sudah diputus: {baris.get_keputusan_display()}.",
                    "Muat ulang halaman.",
                )
            ]
        )
    return baris


def _tambah_catatan(baris: TemuanGanda, by: Pengguna, catatan: str) -> None:
    """One line with the date and the kabupaten of the writer; older notes stay."""
    if not catatan.strip():
        raise GateClosed([Halangan("CATATAN_WAJIB", "Tuliskan catatannya.")])
    asal = policies.sebutan_kabupaten(policies.sisi_dinsos(by, baris))
    satu = f"{tanggal(timezone.localdate())}, Dinsos {asal}: {catatan.strip()}"
    semua = f"{baris.catatan}\n\n{satu}".strip()
    if len(semua) > CATATAN_MAKS:
        raise GateClosed(
            [Halangan("CATATAN_PENUH", "Catatan sudah terlalu panjang.", "Singkatkan catatannya.")]
        )
    baris.catatan = semua
