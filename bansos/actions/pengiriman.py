"""Sending an endorsed list on: the file in the layout of SIKS-NG, its hash, the receipt that comes back, and who took it again.

The file names every person with full numbers, so handing it out is counted and recorded as every such download.
"""

import hashlib
import io
import zipfile
from collections import Counter
from collections.abc import Iterable
from datetime import date
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Pengguna
from bansos.actions.pilihan import kunci_semua, langkahkan_semua
from bansos.models import Pengesahan, Pengiriman
from bansos.policies.penetapan import penetap
from bansos.queries.penetapan import milik
from core import audit, ekspor, files, workflow
from core.identity import mask_numbers
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.actions import ekspor as catatan_ekspor
from dtks.actions import usulan as langkah
from dtks.exports import bnba
from dtks.models import Usulan
from wilayah.models import Wilayah
from wilayah.waktu import hari_wilayah

KUASA = "usulan.kirim"
ALASAN = "Pengiriman usulan yang sudah disahkan"
_JUDUL_HAPUS = ("NOMOR USULAN", "NO KK", "NAMA KEPALA KELUARGA", "DESA/KELURAHAN", "ALASAN")


@transaction.atomic
def kirim(pengesahan: Pengesahan, *, by: Pengguna, tanda_terima: str = "") -> Pengesahan:
    """Send an endorsed list on (SIKS-NG/province/bupati): makes the file; the receipt may follow later.

    A proposal that was postponed when its list went and is endorsed still is sent after it, as a send-off of its own.
    """
    baris: Pengesahan = workflow.lock(Pengesahan, pengesahan.pk)
    rows = kunci_semua(milik(baris).values_list("usulan_id", flat=True))
    berangkat = [u for u in rows if u.status == "disahkan"]
    if baris.dikirim_at and not berangkat:
        raise NotOpen([Halangan("SUDAH_DIKIRIM", "Semua usulan di surat ini sudah dikirim.")])
    if not berangkat:
        raise GateClosed([Halangan("TIDAK_ADA_USULAN", "Tidak ada usulan berstatus disahkan di surat ini.")])
    nomor = tanda_terima.strip()[:80]
    langkahkan_semua(
        berangkat, "kirim", by=by, catatan=f"Tanda terima {nomor}" if nomor else "", kabari=penetap(baris.program)
    )  # fmt: skip
    pengiriman = _berkas(baris, berangkat, by)
    susulan = baris.dikirim_at is not None
    if not susulan:
        baris.dikirim_at, baris.dikirim_by = timezone.now(), by
        baris.save(update_fields=["dikirim_at", "dikirim_by"])
    audit.catat(
        aksi="kirim_susulan" if susulan else "kirim_pengesahan", objek=baris, by=by, wilayah=baris.wilayah_id,
        peran=by.peran_untuk(KUASA, baris.wilayah_id),
        rincian={
            "jumlah": len(berangkat), "pengiriman": str(pengiriman.pk), "sha256": bytes(pengiriman.sha256).hex(), "berkas": pengiriman.nama_berkas,
            **({"tanda_terima": nomor} if nomor else {}),
        },
    )  # fmt: skip
    if nomor:
        _terima(pengiriman, baris, nomor, hari_wilayah(baris.wilayah_id), by)
    return baris


def _berkas(pengesahan: Pengesahan, rows: list[Usulan], by: Pengguna) -> Pengiriman:
    """One V.4 file per desa and programme, removals in a list of their own; several files go as one zip."""
    bagian: list[tuple[bytes, str, str]] = []
    jumlah = tanpa_nomor = 0
    urut = sorted(rows, key=lambda u: u.wilayah_id)
    tempat = {w.pk: w for w in Wilayah.objects.filter(pk__in={_desa(u) for u in urut})}
    for kode, isi in groupby(urut, key=_desa):
        pilih, desa = Usulan.objects.filter(pk__in=[u.pk for u in isi]), tempat[kode]
        for berkas, nama, tabel in bnba.berkas_desa(pilih, desa, by=by):
            berkas.seek(0)
            bagian.append((berkas.read(), nama, kode))
            berkas.close()
            jumlah, tanpa_nomor = jumlah + len(tabel.baris), tanpa_nomor + tabel.tanpa_nomor
    hapus = [u for u in urut if u.jalur == Usulan.Jalur.PENGHAPUSAN]
    if hapus:
        keluar = io.BytesIO()
        lembar = ekspor.Lembar(judul=_JUDUL_HAPUS, lebar=(20, 20, 30, 30, 60), nama="PENGHAPUSAN")
        jumlah += ekspor.tulis(keluar, "xlsx", lembar, (_baris_hapus(u) for u in hapus))
        nama = ekspor.nama_berkas(f"PENGHAPUSAN - {pengesahan.program_id}", "xlsx")
        bagian.append((keluar.getvalue(), nama, pengesahan.wilayah_id))
    content, nama = bagian[0][:2] if len(bagian) == 1 else _zip(pengesahan, bagian)
    ke = pengesahan.pengiriman.count() + 1
    simpan = files.store(
        content,
        jenis="PENGIRIMAN",
        nama=nama,
        mime=f"application/{nama.rpartition('.')[2]}",
        wilayah=pengesahan.wilayah_id,
        by_id=str(by.pk),
    )
    return Pengiriman.objects.create(
        pengesahan=pengesahan, urut=ke, berkas=simpan, nama_berkas=nama, sha256=hashlib.sha256(content).digest(),
        jumlah=len(rows), jumlah_baris=jumlah, tanpa_nomor=tanpa_nomor, by=by,
    )  # fmt: skip


def _desa(u: Usulan) -> str:
    """The desa of a proposal that an RT or RW made."""
    return ".".join(u.wilayah_id.split(".")[:4])


def _baris_hapus(u: Usulan) -> tuple[str, ...]:
    rumah = u.keluarga
    kk = rumah.no_kk.open() if rumah.no_kk else ""  # type: ignore[union-attr]
    return u.tiket, kk, rumah.nama_kepala, u.wilayah.nama, mask_numbers(u.alasan_usul)


def _zip(pengesahan: Pengesahan, bagian: list[tuple[bytes, str, str]]) -> tuple[bytes, str]:
    """A desa and a kelurahan of one name in a kecamatan: the code tells their files apart, as nothing else in the name does."""
    keluar, banyak = io.BytesIO(), Counter(nama.casefold() for _, nama, _ in bagian)
    with zipfile.ZipFile(keluar, "w", zipfile.ZIP_STORED) as paket:
        for isi, nama, kode in bagian:
            pokok, _, akhiran = nama.rpartition(".")
            paket.writestr(f"{pokok} ({kode}).{akhiran}" if banyak[nama.casefold()] > 1 else nama, isi)
    return keluar.getvalue(), ekspor.nama_berkas(
        f"PENGESAHAN {pengesahan.nomor} - {pengesahan.program_id}", "zip"
    )


@transaction.atomic
def catat_tanda_terima(pengiriman: Pengiriman, *, by: Pengguna, nomor: str, tanggal: date) -> Pengiriman:
    """The receipt of one send-off, entered once when it comes."""
    baris: Pengiriman = workflow.lock(Pengiriman, pengiriman.pk)
    pengesahan: Pengesahan = workflow.lock(Pengesahan, baris.pengesahan_id)
    if not by.boleh(KUASA, pengesahan.wilayah_id):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", "Tanda terima dicatat supervisor Dinas Sosial.")])
    if baris.tanda_terima:
        raise NotOpen(
            [Halangan("SUDAH_DICATAT", f"Tanda terima pengiriman ini sudah dicatat: {baris.tanda_terima}.")]
        )
    if not nomor.strip():
        raise GateClosed(
            [
                Halangan(
                    "TANDA_TERIMA_KOSONG",
                    "Isi nomor tanda terima pengiriman.",
                    "Salin dari SIKS-NG atau agenda surat.",
                )
            ]
        )
    kab = pengesahan.wilayah_id
    if not hari_wilayah(kab, baris.created_at) <= tanggal <= hari_wilayah(kab):
        raise GateClosed(
            [
                Halangan(
                    "TANGGAL_TANDA_TERIMA",
                    "Tanggal tanda terima harus antara hari pengiriman dan hari ini.",
                    "Perbaiki tanggalnya.",
                )
            ]
        )
    return _terima(baris, pengesahan, nomor.strip()[:80], tanggal, by)


def _terima(baris: Pengiriman, pengesahan: Pengesahan, nomor: str, tanggal: date, by: Pengguna) -> Pengiriman:
    baris.tanda_terima, baris.tanda_terima_tanggal, baris.tanda_terima_by = nomor, tanggal, by
    baris.save(update_fields=["tanda_terima", "tanda_terima_tanggal", "tanda_terima_by"])
    if not pengesahan.tanda_terima:
        pengesahan.tanda_terima = nomor
        pengesahan.save(update_fields=["tanda_terima"])
    audit.catat(
        aksi="catat_tanda_terima", objek=baris, by=by, wilayah=pengesahan.wilayah_id, peran=by.peran_untuk(KUASA, pengesahan.wilayah_id),
        rincian={"tanda_terima": nomor, "tanggal": tanggal.isoformat()},
    )  # fmt: skip
    return baris


def unduh(pengiriman: Pengiriman, *, by: Pengguna, alasan: str) -> bytes:
    """The very bytes that were sent, again: by power, for a reason, counted and recorded. Raises files.BadFile when altered."""
    wilayah = pengiriman.pengesahan.wilayah_id
    if not by.boleh(KUASA, wilayah):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", "Berkas kiriman hanya untuk yang mengirimnya.")])
    catatan_ekspor.izinkan(by=by, kuasa=(KUASA,), penuh=True, alasan=alasan, baris=pengiriman.jumlah_baris)
    isi = files.read(pengiriman.berkas)
    with transaction.atomic():
        catatan_ekspor.catat(
            by=by, kuasa=(KUASA,), jenis=Pengiriman._meta.label, penuh=True, alasan=alasan,
            rincian={"daftar": str(pengiriman.pk), "format": pengiriman.nama_berkas.rpartition(".")[2], "jumlah": pengiriman.jumlah_baris,
                     "sha256": bytes(pengiriman.sha256).hex()},
        )  # fmt: skip
    return isi


@transaction.atomic
def kembalikan_pusat(
    pengesahan: Pengesahan, ids: Iterable[UUID], *, by: Pengguna, tujuan: str, alasan: str, catatan: str
) -> int:
    """Sent back by the ministry or the bupati for repair: the whole list or some rows, each to where it is mended."""
    dipilih = set(ids)
    ada = set(milik(pengesahan).filter(usulan_id__in=dipilih).values_list("usulan_id", flat=True))
    if not dipilih or ada != dipilih:
        raise GateClosed(
            [Halangan("PILIHAN_KOSONG", "Pilih usulan di surat ini.", "Muat ulang halaman ini.")]
        )
    if not catatan.strip():
        raise GateClosed([Halangan("CATATAN_KOSONG", "Tulis apa yang harus diperbaiki menurut pusat.")])
    rows = kunci_semua(dipilih)
    refused: list[Halangan] = []
    for satu in rows:
        try:
            langkah.kembalikan(satu, by=by, tujuan=tujuan, alasan=alasan, catatan=catatan.strip())
        except workflow.StepRefused as error:
            refused += [Halangan(h.kode, f"{satu.keluarga.nama_kepala}: {h.kalimat}") for h in error.halangan]
    if refused:
        raise GateClosed(refused)
    audit.catat(
        aksi="kembalikan_dari_pusat", objek=pengesahan, by=by, wilayah=pengesahan.wilayah_id,
        peran=by.peran_untuk(KUASA, pengesahan.wilayah_id), rincian={"jumlah": len(rows), "alasan": alasan, "tujuan": tujuan},
    )  # fmt: skip
    return len(rows)
