"""A hit on an exclusion list is contested by the family, and decided by another person than the one who wrote it down.

`sanggahkan` is what the counter and a citizen's complaint (pengaduan) call; `gugurkan` and `teguhkan` decide.
"""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from accounts.models import Pengguna
from bansos.models import ButirPengecualian, SanggahButir
from bansos.policies import pengecualian as policies
from bansos.queries import pengecualian as baca
from core import audit, files, outbox, rules, workflow
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.actions.bendera import dari_atas
from dtks.models import Individu, Usulan
from dtks.queries.bendera import DI_DINAS
from wilayah.kode import kabupaten_dari
from wilayah.queries.kerja import tambah_hari_kerja
from wilayah.waktu import hari_wilayah

NOTICE = "bansos.kabar_sanggah_data"
PENDEK = 10


@transaction.atomic
def sanggahkan(
    butir: ButirPengecualian,
    *,
    by: Pengguna | None,
    individu: Individu,
    alasan: str,
    rujukan: str = "",
    berkas: list[bytes] | None = None,
) -> SanggahButir:
    """Contest a hit with evidence. `rujukan` names the complaint or letter; `by` None for a complaint without an officer."""
    baris: ButirPengecualian = workflow.lock(ButirPengecualian, butir.pk)
    orang = Individu.objects.select_related("keluarga").get(pk=individu.pk)
    if kalimat := policies.sanggahkan(by, orang, baris):
        galat = NotAllowed if baris.status == ButirPengecualian.Status.BERLAKU else NotOpen
        raise galat([Halangan("TIDAK_BISA_DISANGGAH", kalimat)], baris.status)
    if not orang.aktif or orang.nik_indeks is None or bytes(orang.nik_indeks) != bytes(baris.nik_indeks):
        raise GateClosed([Halangan("BUKAN_ORANGNYA", "Data ini bukan tentang orang itu.", "Muat ulang halaman keluarganya.")])  # fmt: skip
    if len(alasan.strip()) < PENDEK:
        raise GateClosed(
            [Halangan("ALASAN_KOSONG", "Tuliskan mengapa data itu keliru (paling sedikit 10 huruf).")]
        )
    wilayah = orang.keluarga.wilayah_id
    simpan = None
    if berkas:
        bersih, mime = files.clean_scans(berkas)
        simpan = files.store(
            bersih, jenis="sanggah_data", nama="sanggah-data", mime=mime, wilayah=wilayah, by_id=str(by.pk) if by else ""
        )  # fmt: skip
    kabupaten, hari = kabupaten_dari(wilayah), hari_wilayah(wilayah)
    hasil = SanggahButir.objects.create(
        butir=baris, individu=orang, alasan=alasan.strip(), rujukan=rujukan.strip(), berkas=simpan, created_by=by,
        created_orang=by.orang if by else None,
        batas_jawab=tambah_hari_kerja(kabupaten, hari, int(rules.value("pengecualian.jawab_hari_kerja", kabupaten, hari))),
    )  # fmt: skip
    _ubah(baris, ButirPengecualian.Status.DISANGGAH)
    audit.catat(
        aksi="sanggahkan_pengecualian", objek=hasil, by=by, wilayah=wilayah,
        peran=by.peran_untuk("pengecualian.sanggah", wilayah) if by else "", rincian={"butir": str(baris.pk), "sumber": baris.sumber_id},
    )  # fmt: skip
    outbox.antre(NOTICE, {"sanggah": str(hasil.pk)}, wilayah=wilayah)
    return hasil


def gugurkan(sanggah: SanggahButir, *, by: Pengguna, alasan: str) -> SanggahButir:
    """The list is wrong about this person: the hit counts no more."""
    return _putus(sanggah, SanggahButir.Status.DIKABULKAN, ButirPengecualian.Status.GUGUR, by, alasan)


def teguhkan(sanggah: SanggahButir, *, by: Pengguna, alasan: str) -> SanggahButir:
    """The list is right: the hit counts again, and the family is told why."""
    return _putus(sanggah, SanggahButir.Status.DITOLAK, ButirPengecualian.Status.BERLAKU, by, alasan)


@transaction.atomic
def sanggah_warga(
    individu: Individu, *, sumber: Sequence[str], sekeluarga: bool, alasan: str, rujukan: str
) -> int:
    """A citizen's 'sanggah data' (pengaduan) contests what these sources say of the person, or of the whole family.

    Returns how many hits it touches; one that is contested already stays with its first contest.
    """
    n = 0
    for kena in baca.keluarga_kena(individu.keluarga):
        milik = sekeluarga or kena.individu.pk == individu.pk
        if milik and kena.butir.sumber_id in sumber and kena.butir.status == ButirPengecualian.Status.BERLAKU:
            sanggahkan(kena.butir, by=None, individu=kena.individu, alasan=alasan, rujukan=rujukan)
            n += 1
    return n


@transaction.atomic
def putus_warga(rujukan: str, *, by: Pengguna, keliru: bool, alasan: str) -> int:
    """What was decided about the citizen's case holds for the hits that it contests. Who may decide it was asked there."""
    rows = _warga(rujukan)
    for satu in rows:
        putusan, jadi = (
            (SanggahButir.Status.DIKABULKAN, ButirPengecualian.Status.GUGUR)
            if keliru
            else (SanggahButir.Status.DITOLAK, ButirPengecualian.Status.BERLAKU)
        )
        _simpan(satu, putusan, jadi, by, alasan)
    return len(rows)


@transaction.atomic
def tarik_warga(rujukan: str) -> int:
    """The citizen withdrew: the hits count again."""
    rows = _warga(rujukan)
    for satu in rows:
        satu.status = SanggahButir.Status.DITARIK
        satu.save(update_fields=["status"])
        _ubah(satu.butir, ButirPengecualian.Status.BERLAKU)
        audit.catat(
            aksi="tarik_sanggah_pengecualian", objek=satu, by=None, wilayah=satu.butir.wilayah_id, rincian={"butir": str(satu.butir_id)}
        )  # fmt: skip
    return len(rows)


def _warga(rujukan: str) -> list[SanggahButir]:
    """Open contests of one citizen's case, hit and contest locked, hits first."""
    milik = SanggahButir.objects.filter(
        rujukan=rujukan, created_by__isnull=True, status=SanggahButir.Status.DIAJUKAN
    )
    butir = {
        b.pk: b
        for b in ButirPengecualian.objects.select_for_update(of=("self",))
        .filter(pk__in=milik.values("butir"))
        .order_by("pk")
    }
    rows = list(milik.select_for_update(of=("self",)).order_by("butir_id"))
    for satu in rows:
        satu.butir = butir[satu.butir_id]
    return rows


@transaction.atomic
def _putus(sanggah: SanggahButir, putusan: str, jadi: str, by: Pengguna, alasan: str) -> SanggahButir:
    butir: ButirPengecualian = workflow.lock(ButirPengecualian, sanggah.butir_id)
    baris: SanggahButir = workflow.lock(SanggahButir, sanggah.pk)
    baris.butir = butir
    if baris.status != SanggahButir.Status.DIAJUKAN:
        kalimat = f"Sanggah ini sudah diputus: {baris.get_status_display().lower()}."
        raise NotOpen([Halangan("SUDAH_DIPUTUS", kalimat, "Muat ulang halaman.")], baris.status)
    if kalimat_tolak := policies.putus(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat_tolak)], baris.status)
    if len(alasan.strip()) < PENDEK:
        raise GateClosed([Halangan("ALASAN_KOSONG", "Tuliskan alasan putusannya (paling sedikit 10 huruf).")])
    _simpan(baris, putusan, jadi, by, alasan)
    outbox.antre(NOTICE, {"sanggah": str(baris.pk)}, wilayah=butir.wilayah_id)
    return baris


def _simpan(baris: SanggahButir, putusan: str, jadi: str, by: Pengguna, alasan: str) -> None:
    baris.status, baris.alasan_putusan = putusan, alasan.strip()[:1000]
    baris.diputus_by, baris.diputus_orang, baris.diputus_at = by, by.orang, timezone.now()
    baris.save(update_fields=["status", "alasan_putusan", "diputus_by", "diputus_orang", "diputus_at"])
    _ubah(baris.butir, jadi)
    wilayah = baris.butir.wilayah_id
    audit.catat(
        aksi="gugurkan_pengecualian" if jadi == ButirPengecualian.Status.GUGUR else "teguhkan_pengecualian", objek=baris, by=by,
        wilayah=wilayah, peran=by.peran_untuk("pengecualian.putus", wilayah), rincian={"butir": str(baris.butir_id)},
    )  # fmt: skip


def _ubah(butir: ButirPengecualian, status: str) -> None:
    butir.status = status
    butir.save(update_fields=["status", "updated_at"])
    dari_atas(
        Usulan.objects.filter(
            keluarga__anggota__nik_indeks=butir.nik_indeks, keluarga__anggota__aktif=True, status__in=DI_DINAS
        )
        .order_by("pk")
        .values_list("pk", flat=True)
    )
