"""Data whose time of keeping is over, thrown away by class every day; and legal holds, which come before every class.

A class is a rule (`retensi.<kelas>_hari`: days, with legal basis) and a function here. Other data with a time of keeping
is thrown away where it belongs (docs/keamanan.md has the list).
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from axes.models import AccessAttempt, AccessLog
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from accounts.models import Pengguna
from core import audit, files
from core.models import Berkas
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen, StepRefused
from dtks.actions.cari import cari
from dtks.models import Asesmen, FotoKeluarga, Individu, Keluarga, Usulan
from dtks.workflow import USULAN_TERBUKA
from pengaduan.models import Aduan
from portal.actions import hapus
from portal.models import Pemusnahan, PermohonanHak, TahanHukum
from portal.queries import masa_simpan
from portal.queries.hak import penghalang
from portal.queries.hak_tabel import PERSETUJUAN

JOB = "portal.retensi"
SEKALI = 500  # families or complaints of one class in one run; the rest follows the next day
ADUAN_TUTUP = ("selesai", "ditolak", "diteruskan", "ditutup")
FOTO_IDENTITAS = ("kk", "ktp")
_DITAHAN = TahanHukum.objects.filter(dilepas_at__isnull=True).values("keluarga")


def jalankan(hari: date | None = None) -> dict[str, Any]:
    """Every class once, each family or complaint in a transaction of its own. `hari`: the day it is (today).

    Under 'berhenti' the classes whose rule is shorter than the one that ships; `periksa` tells of them every day.
    """
    hari = hari or timezone.localdate()
    hasil: dict[str, Any] = {"berhenti": []}
    for kelas, satu in KELAS.items():
        try:
            hasil[kelas] = satu(hari)
        except TerlaluSingkat:
            hasil["berhenti"].append(kelas)
    return hasil


def _sebelum(hari: date, lama: int) -> Any:
    saat = timezone.make_aware(datetime.combine(hari, time.min))
    return saat - timedelta(days=lama)


class TerlaluSingkat(Exception):
    """The rule in force is shorter than the one that ships: nothing of this class goes."""


def _lama(kelas: str) -> int:
    """Days of keeping. Raises TerlaluSingkat."""
    masa = masa_simpan.satu(kelas)
    if masa.singkat:
        raise TerlaluSingkat(kelas)
    return int(masa.aturan.nilai)


def usulan_ditolak(hari: date) -> int:
    """Families whose every proposal was refused or taken back so long ago: erased as a whole, unless the law keeps them."""
    rows = (
        Keluarga.objects.exclude(status=Keluarga.Status.TERDAFTAR)
        .exclude(nama_kepala=hapus.DIHAPUS)
        .exclude(pk__in=_DITAHAN)
        .annotate(akhir=Max("usulan__status_sejak"))
        .filter(akhir__lt=_sebelum(hari, _lama("usulan_ditolak")))
        .exclude(usulan__status__in=[*USULAN_TERBUKA, "ditetapkan", "daftar_tunggu"])
    )
    n = 0
    for satu in rows.order_by("pk")[:SEKALI].iterator():
        if not penghalang(satu):
            try:
                hapus.jalankan(satu.pk, lingkup=hapus.L.SEMUA, sebab=Pemusnahan.Sebab.RETENSI, by=None, kelas="usulan_ditolak")  # fmt: skip
            except StepRefused:
                continue
            n += 1
    return n


def foto_identitas(hari: date) -> int:
    """Pictures of KTP and KK, so long after the last decision about the family."""
    rows = (
        Keluarga.objects.filter(foto__jenis__in=FOTO_IDENTITAS)
        .exclude(pk__in=_DITAHAN)
        .annotate(akhir=Max("usulan__status_sejak"))
        .filter(akhir__lt=_sebelum(hari, _lama("foto_identitas")))
        .exclude(usulan__status__in=USULAN_TERBUKA)
        .order_by("pk")
    )
    return sum(_buang_foto(pk) for pk in rows.values_list("pk", flat=True).distinct()[:SEKALI])


@transaction.atomic
def _buang_foto(keluarga: UUID) -> int:
    baris = Keluarga.objects.select_for_update(of=("self",)).get(pk=keluarga)
    foto = FotoKeluarga.objects.filter(keluarga=keluarga, jenis__in=FOTO_IDENTITAS)
    ids = list(foto.order_by("pk").values_list("berkas_id", flat=True))
    run = hapus.mulai(sebab=Pemusnahan.Sebab.RETENSI, kelas="foto_identitas", wilayah=baris.wilayah_id)
    n, _ = foto.delete()
    for berkas in Berkas.objects.filter(pk__in=ids).order_by("pk"):
        files.remove(berkas)
    audit.catat(
        aksi="musnahkan_foto_identitas", objek=baris, by=None, wilayah=baris.wilayah_id, rincian={"jumlah": n}
    )
    hapus.selesai(run, {"dtks.FotoKeluarga": n, "core.Berkas": len(ids)})
    return n


def pelapor_aduan(hari: date) -> int:
    """Who complained, so long after the answer; what was complained about stays for the statistics."""
    batas = _sebelum(hari, _lama("pelapor_aduan"))
    bernama = Q(pelapor_nama__isnull=False) | Q(pelapor_telepon__isnull=False) | Q(pelapor_nik__isnull=False)
    rows = Aduan.objects.filter(bernama, status__in=ADUAN_TUTUP, status_sejak__lt=batas).order_by("pk")
    n = 0
    for pk in rows.values_list("pk", flat=True)[:SEKALI]:
        with transaction.atomic():
            satu = Aduan.objects.select_for_update(of=("self",)).get(pk=pk)
            run = hapus.mulai(sebab=Pemusnahan.Sebab.RETENSI, kelas="pelapor_aduan", wilayah=satu.wilayah_id)
            kosong = dict.fromkeys(
                (
                    "pelapor_nama",
                    "pelapor_telepon",
                    "pelapor_telepon_indeks",
                    "pelapor_nik",
                    "pelapor_nik_indeks",
                )
            )
            Aduan.objects.filter(pk=pk).update(**kosong)
            audit.catat(aksi="musnahkan_pelapor", objek=satu, by=None, wilayah=satu.wilayah_id)
            hapus.selesai(run, {"pengaduan.Aduan": 1})
        n += 1
    return n


def salinan_hak(hari: date) -> int:
    """Copies of somebody's data that were made for him and had their time to be fetched."""
    batas = _sebelum(hari, _lama("salinan_hak"))
    rows = PermohonanHak.objects.filter(
        jenis="AKSES", dokumen__isnull=False, dokumen__created_at__lt=batas
    ).order_by("pk")
    n = 0
    for pk in rows.values_list("pk", flat=True)[:SEKALI]:
        with transaction.atomic():
            satu = PermohonanHak.objects.select_for_update(of=("self",)).get(pk=pk)
            dokumen, satu.dokumen = satu.dokumen, None
            satu.save(update_fields=["dokumen", "updated_at"])
            if dokumen is not None:
                berkas = dokumen.berkas
                dokumen.delete()
                files.remove(berkas)
            audit.catat(aksi="musnahkan_salinan_hak", objek=satu, by=None, wilayah=satu.wilayah_id)
        n += 1
    return n


def titik_kunjungan(hari: date) -> int:
    """Where an officer stood at a visit, so long after the last decision. The family's own point goes with the family."""
    batas = _sebelum(hari, _lama("titik_kunjungan"))
    rows = (
        Usulan.objects.filter(asesmen__lintang__isnull=False, status_sejak__lt=batas)
        .exclude(status__in=USULAN_TERBUKA)
        .exclude(keluarga__in=_DITAHAN)
    )
    return sum(_buang_titik(pk) for pk in rows.order_by("pk").values_list("pk", flat=True).distinct()[:SEKALI])  # fmt: skip


@transaction.atomic
def _buang_titik(usulan: UUID) -> int:
    baris = Usulan.objects.select_for_update(of=("self",)).get(pk=usulan)
    run = hapus.mulai(sebab=Pemusnahan.Sebab.RETENSI, kelas="titik_kunjungan", wilayah=baris.wilayah_id)
    n = Asesmen.objects.filter(usulan=usulan, lintang__isnull=False).update(**PERSETUJUAN["dtks.Asesmen"])
    audit.catat(
        aksi="musnahkan_titik_kunjungan",
        objek=baris,
        by=None,
        wilayah=baris.wilayah_id,
        rincian={"jumlah": n},
    )
    hapus.selesai(run, {"dtks.Asesmen": n})
    return n


def sesi(hari: date) -> int:
    """Sessions that ran out: their content is worth nothing to anybody but an attacker."""
    n, _ = Session.objects.filter(expire_date__lt=_sebelum(hari, _lama("sesi"))).delete()  # fmt: skip
    return n


def masuk(hari: date) -> int:
    """Failed and past logins with address and browser. The act itself ("masuk") is in the trail, without them."""
    batas = _sebelum(hari, _lama("masuk"))
    return sum(m.objects.filter(attempt_time__lt=batas).delete()[0] for m in (AccessAttempt, AccessLog))


KELAS: dict[str, Callable[[date], int]] = {
    "usulan_ditolak": usulan_ditolak,
    "foto_identitas": foto_identitas,
    "pelapor_aduan": pelapor_aduan,
    "salinan_hak": salinan_hak,
    "titik_kunjungan": titik_kunjungan,
    "sesi": sesi,
    "masuk": masuk,
}


# --- legal hold -----------------------------------------------------------------------------------------


@transaction.atomic
def tahan(*, by: Pengguna, nik: str, dasar: str, alasan: str) -> TahanHukum:
    """From now on nothing of this family is thrown away. Raises NotAllowed, GateClosed."""
    cari(nik, by=by)  # counted like every search of a number
    rows = Individu.objects.dengan_nik(nik).select_related("keluarga").order_by("-aktif", "pk")
    orang = next((o for o in rows if by.boleh("retensi.tahan", o.keluarga.wilayah_id)), None)
    if orang is None:
        raise GateClosed([Halangan("TIDAK_ADA", "NIK ini tidak tercatat di wilayah Anda.")])
    keluarga = Keluarga.objects.select_for_update(of=("self",)).get(pk=orang.keluarga_id)
    if TahanHukum.objects.berlaku().filter(keluarga=keluarga, dasar=dasar).exists():
        raise NotOpen([Halangan("SUDAH_DITAHAN", "Data ini sudah ditahan untuk perkara itu.")])
    satu = TahanHukum.objects.create(keluarga=keluarga, dasar=dasar, alasan=alasan, dipasang_by=by)
    _catat("tahan_data", satu, by)
    return satu


@transaction.atomic
def lepas(tahan: TahanHukum, *, by: Pengguna, alasan: str) -> TahanHukum:
    satu = TahanHukum.objects.select_for_update(of=("self",)).select_related("keluarga").get(pk=tahan.pk)
    if not by.boleh("retensi.tahan", satu.keluarga.wilayah_id):
        raise NotAllowed(
            [Halangan("TIDAK_BERWENANG", "Tahanan dilepas petugas pelindungan data di wilayahnya.")]
        )
    if satu.dilepas_at is not None:
        raise NotOpen([Halangan("SUDAH_DILEPAS", "Tahanan ini sudah dilepas.", "Muat ulang halaman.")])
    satu.dilepas_at, satu.dilepas_by, satu.alasan_lepas = timezone.now(), by, alasan
    satu.save(update_fields=["dilepas_at", "dilepas_by", "alasan_lepas"])
    _catat("lepas_tahan_data", satu, by)
    return satu


def _catat(aksi: str, satu: TahanHukum, by: Pengguna) -> None:
    wilayah = satu.keluarga.wilayah_id
    audit.catat(aksi=aksi, objek=satu, by=by, wilayah=wilayah, peran=by.peran_untuk("retensi.tahan", wilayah))
