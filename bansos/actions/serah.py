"""Handing data to another office: request, a second person's approval, and each hand-over with its number, count and hash.

What leaves is the least: name of the head, village, place, amount. No NIK, no KK, no decile, no reasons. The last line names
the BAST and who got it, and every row bears a mark that only this copy has (`manage.py telusuri_serah` finds it).
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Pengguna
from bansos.models import BarisDaftar, DaftarKelayakan, PermintaanData, Program, SerahData
from bansos.models.serah import JENIS_BAST
from bansos.policies import serah as policies
from bansos.surat.serah import berita_acara_serah_data
from core import audit, documents, ekspor, files, numbering, rules, workflow
from core.models import Berkas, Dokumen
from core.privacy import keys
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from wilayah.models import Wilayah

JOB_BUANG = "bansos.serah_buang"
JUDUL = ("nomor", "nama_kepala", "kode_wilayah", "desa", "peringkat", "manfaat_setahun", "tanda")


@dataclass(frozen=True)
class IsiPermintaan:
    instansi: str
    penerima: str
    tujuan: str
    perjanjian_nomor: str
    perjanjian: bytes
    berlaku_hingga: date


@transaction.atomic
def minta(*, by: Pengguna, program: Program, wilayah: Wilayah, isi: IsiPermintaan) -> PermintaanData:
    """Write down what an office asks for. Raises NotAllowed, GateClosed, core.files.BadFile."""
    _boleh(policies.minta(by, wilayah.pk))
    if isi.berlaku_hingga < timezone.localdate():
        raise GateClosed(
            [Halangan("MASA_LEWAT", "Tanggal akhirnya sudah lewat.", "Isi tanggal yang belum lewat.")]
        )
    bersih, mime = files.clean_scan(isi.perjanjian)
    berkas = files.store(
        bersih, jenis="perjanjian_data", nama="perjanjian", mime=mime, wilayah=wilayah.pk, by_id=str(by.pk)
    )
    satu = PermintaanData.objects.create(
        wilayah=wilayah, program=program, instansi=isi.instansi, penerima=isi.penerima, tujuan=isi.tujuan,
        perjanjian_nomor=isi.perjanjian_nomor, perjanjian=berkas, berlaku_hingga=isi.berlaku_hingga, diminta_by=by, diminta_orang=by.orang,
    )  # fmt: skip
    audit.catat(
        aksi="minta_serah_data",
        objek=satu,
        by=by,
        wilayah=wilayah.pk,
        rincian={"program": program.pk, "instansi": isi.instansi},
    )
    return satu


@transaction.atomic
def putus(permintaan: PermintaanData, *, by: Pengguna, setuju: bool, alasan: str = "") -> PermintaanData:
    """The second person's word. Raises NotAllowed, NotOpen, GateClosed."""
    satu: PermintaanData = workflow.lock(PermintaanData, permintaan.pk)
    if satu.status != PermintaanData.Status.DIMINTA:
        raise NotOpen([Halangan("SUDAH_DIPUTUS", policies.putus(by, satu) or "", "Muat ulang halaman.")])
    _boleh(policies.putus(by, satu))
    if not setuju and not alasan.strip():
        raise GateClosed([Halangan("ALASAN_WAJIB", "Tuliskan alasan menolak.")])
    satu.status = PermintaanData.Status.DISETUJUI if setuju else PermintaanData.Status.DITOLAK
    satu.diputus_by, satu.diputus_orang, satu.diputus_at = by, by.orang, timezone.now()
    satu.alasan = "" if setuju else alasan.strip()[:300]
    satu.save()
    audit.catat(
        aksi="setujui_serah_data" if setuju else "tolak_serah_data",
        objek=satu,
        by=by,
        wilayah=satu.wilayah_id,
        rincian={},
    )
    return satu


@transaction.atomic
def serahkan(permintaan: PermintaanData, *, by: Pengguna, daftar: DaftarKelayakan) -> SerahData:
    """Make the file of one signed list and its BAST. Raises NotAllowed, GateClosed."""
    satu: PermintaanData = workflow.lock(PermintaanData, permintaan.pk)
    _boleh(policies.serahkan(by, satu))
    if (daftar.program_id, daftar.wilayah_id) != (
        satu.program_id,
        satu.wilayah_id,
    ) or daftar.status != "ditandatangani":
        raise GateClosed(
            [Halangan("DAFTAR", "Hanya daftar yang ditandatangani untuk program ini yang boleh diserahkan.")]
        )
    rows = _diserahkan(daftar)
    maks, n = rules.value("serah.baris_maks", satu.wilayah_id), rows.count()
    if not 0 < n <= maks:
        raise GateClosed(
            [Halangan("JUMLAH", f"Daftar ini berisi {n} baris; yang boleh diserahkan 1 sampai {maks}.")]
        )
    hari = timezone.localdate()
    urut, nomor = numbering.issue(
        "serah.nomor", seri=f"serah:{satu.wilayah_id}", hari=hari, wilayah=satu.wilayah_id
    )
    serah = SerahData(permintaan=satu, daftar=daftar, nomor=nomor, urut=urut, tanggal=hari, by=by)
    keluar = io.BytesIO()
    serah.jumlah = ekspor.tulis(keluar, "csv", _lembar(serah), _baris(serah.pk, daftar))
    isi = keluar.getvalue()
    serah.berkas = files.store(
        isi, jenis="serah_data", nama=ekspor.nama_berkas(f"{nomor} {satu.instansi}", "csv"), mime="text/csv",
        wilayah=satu.wilayah_id, by_id=str(by.pk),
    )  # fmt: skip
    serah.sha256 = bytes(serah.berkas.sha256)
    serah.hingga = timezone.now() + timedelta(hours=rules.value("serah.jam_ambil", satu.wilayah_id))
    serah.save(force_insert=True)
    surat = _terbitkan(serah, by)
    audit.catat(
        aksi="serahkan_data", objek=serah, by=by, wilayah=satu.wilayah_id,
        rincian={"nomor": nomor, "jumlah": serah.jumlah, "sha256": serah.sha256.hex(), "instansi": satu.instansi, "surat": surat.kode},
    )  # fmt: skip
    return serah


def _terbitkan(serah: SerahData, by: Pengguna) -> Dokumen:
    """The BAST as a signed paper that anyone can check at /v/<kode>/."""
    kode, area = documents.new_code(), serah.permintaan.wilayah
    return documents.issue(
        berita_acara_serah_data(serah, kode=kode), kode=kode, jenis=JENIS_BAST, nomor=serah.nomor,
        judul="Berita Acara Serah Terima Data", penerbit=f"Dinas Sosial {area.nama}", penandatangan=by.nama, tanggal=serah.tanggal,
        wilayah=area.pk, by_id=str(by.pk), nama=f"{ekspor.nama_berkas(serah.nomor, 'pdf')}",
        ringkas={"instansi": serah.permintaan.instansi, "jumlah_baris": serah.jumlah, "sidik_data": serah.sidik_hex},
    )  # fmt: skip


@transaction.atomic
def ambil(serah: SerahData, *, by: Pengguna) -> tuple[bytes, str]:
    """The file, once, by who handed it over, in time. Raises NotAllowed, NotOpen."""
    baris: SerahData = workflow.lock(SerahData, serah.pk)
    if baris.by_id != by.pk:
        raise NotAllowed([Halangan("BUKAN_ANDA", "Berkas ini hanya diambil petugas yang menyerahkannya.")])
    if baris.diambil_at or baris.berkas is None or baris.hingga < timezone.now():
        raise NotOpen(
            [
                Halangan(
                    "SUDAH_HABIS",
                    "Berkas ini sudah diambil atau waktunya habis.",
                    "Serahkan lagi dengan BAST baru.",
                )
            ]
        )
    isi, nama = files.read(baris.berkas), baris.berkas.nama_tampil
    baris.diambil_at = timezone.now()
    baris.save(update_fields=["diambil_at"])
    audit.catat(
        aksi="ambil_serah_data",
        objek=baris,
        by=by,
        wilayah=baris.permintaan.wilayah_id,
        rincian={"nomor": baris.nomor},
    )
    return isi, nama


@transaction.atomic
def buang() -> int:
    """Files whose hours are over."""
    rows = list(
        SerahData.objects.select_for_update(of=("self",))
        .filter(berkas__isnull=False, hingga__lt=timezone.now())
        .order_by("pk")
    )
    for serah in rows:
        berkas: Berkas = serah.berkas  # type: ignore[assignment]
        serah.berkas = None
        serah.save(update_fields=["berkas"])
        files.remove(berkas)
        audit.catat(
            aksi="buang_serah_data", objek=serah, by=None, wilayah=serah.permintaan.wilayah_id, rincian={}
        )
    return len(rows)


def tanda(serah: UUID, baris: UUID) -> str:
    """What this row bears in this copy and in no other."""
    return keys.blind_index(f"{serah}:{baris}", "serah")[:6].hex()


def _lembar(serah: SerahData) -> ekspor.Lembar:
    p = serah.permintaan
    kata = (
        ("BAST", serah.nomor), ("Untuk", f"{p.instansi} ({p.penerima})"), ("Tujuan", p.tujuan), ("Perjanjian", p.perjanjian_nomor),
        ("Tanggal", serah.tanggal.isoformat()), ("Diserahkan", str(serah.by)),
    )  # fmt: skip
    return ekspor.Lembar(JUDUL, keterangan=kata)


def _diserahkan(daftar: DaftarKelayakan) -> "QuerySet[BarisDaftar]":
    """Who is chosen, without the families whose data is frozen now (docs/adr/0042)."""
    rows = BarisDaftar.objects.filter(daftar=daftar, hasil="layak", keluarga__dibekukan_at__isnull=True)
    return rows.order_by("id")


def _baris(serah: UUID, daftar: DaftarKelayakan) -> Iterator[list[str]]:
    rows = _diserahkan(daftar)
    kolom = rows.values_list("id", "nama_kepala", "wilayah_id", "wilayah__jalur", "peringkat", "manfaat")
    for n, (pk, nama, kode, jalur, peringkat, manfaat) in enumerate(kolom.iterator(chunk_size=5000), 1):
        yield [str(n), nama, kode, jalur, str(peringkat or ""), str(manfaat), tanda(serah, pk)]


def _boleh(kalimat: str | None) -> None:
    if kalimat:
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
