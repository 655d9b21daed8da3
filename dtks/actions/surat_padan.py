"""The letter of a village to Disdukcapil about people whose NIK does not match: made, delivered, answered, or cancelled.

Disdukcapil cannot work with masked numbers, so the letter holds full ones. Making it is a reveal of every number in it
(power, daily limit, audit row each); handing out its PDF again is one more audit row. It is never served as a plain file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from accounts.models import Pengguna
from core import audit, documents, files, numbering, rules, workflow
from core.models import Dokumen
from core.templatetags.ui import tanggal as tanggal_kata
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.actions import jam, reveal
from dtks.models import BarisSuratPadan, Keluarga, SuratPadan, TiketPadan
from dtks.surat.kop import sebutan_kepala
from dtks.surat.padan import surat_disdukcapil
from wilayah.models import Wilayah
from wilayah.waktu import hari_wilayah

KUASA = "padan.surat"


@dataclass(frozen=True)
class Orang:
    """One person as the letter shows him: the ticket, and the numbers in full ('' when there is none)."""

    tiket: TiketPadan
    nik: str
    no_kk: str


@transaction.atomic
def buat(ids: Iterable[object], *, by: Pengguna) -> SuratPadan:
    """One numbered letter about these open tickets of one desa. Raises NotAllowed, or GateClosed with what is wrong."""
    dipilih = list(dict.fromkeys(str(i) for i in ids))
    rows = list(
        TiketPadan.objects.terbuka()
        .select_related("individu__keluarga", "wilayah")
        .filter(pk__in=dipilih)
        .order_by("individu__keluarga__nama_kepala", "individu__keluarga_id", "individu__nama", "pk")
    )
    _check(dipilih, rows, by)
    wilayah, hari = Wilayah.objects.get(pk=_desa(rows[0].wilayah_id)), hari_wilayah(rows[0].wilayah_id)
    for keluarga in sorted({t.individu.keluarga_id for t in rows}):
        workflow.lock(Keluarga, keluarga)
    urut, nomor = numbering.issue(
        "padan.surat_nomor", seri=f"PADAN-{wilayah.pk}", hari=hari, wilayah=wilayah.pk
    )
    kode = documents.new_code()
    isi = surat_disdukcapil(
        nomor=nomor,
        tanggal=hari,
        wilayah=wilayah,
        orang=_numbers(rows, by, nomor),
        petugas=by.nama,
        kode=kode,
    )
    dokumen = documents.issue(
        isi, kode=kode, jenis="SURAT_PADAN", nomor=nomor, judul="Permohonan perbaikan data kependudukan",
        penerbit=wilayah.sebutan, penandatangan=sebutan_kepala(wilayah), tanggal=hari, wilayah=wilayah.pk,
        ringkas={"jumlah_orang": len(rows)}, by_id=str(by.pk), nama="surat-disdukcapil.pdf",
    )  # fmt: skip
    surat = SuratPadan.objects.create(
        wilayah=wilayah, nomor=nomor, urut=urut, tanggal=hari, dokumen=dokumen, dibuat_by=by
    )
    BarisSuratPadan.objects.bulk_create(
        BarisSuratPadan(surat=surat, tiket=t, kategori=t.kategori, urut=i) for i, t in enumerate(rows, 1)
    )
    _catat("buat_surat_padan", surat, by, jumlah=len(rows), sha256=bytes(dokumen.sha256).hex())
    return surat


def _desa(kode: str) -> str:
    """A ticket may lie in an RW or RT; the letter is the desa's."""
    return ".".join(kode.split(".")[:4])


def _check(ids: list[str], rows: list[TiketPadan], by: Pengguna) -> None:
    desa = {_desa(t.wilayah_id) for t in rows}
    if not all(by.boleh(KUASA, kode) for kode in desa):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", "Surat ke Disdukcapil dibuat oleh operator desa.")])
    if not rows or len(rows) != len(ids):
        raise GateClosed(
            [
                Halangan(
                    "PILIHAN_KOSONG",
                    "Sebagian orang yang dicentang sudah selesai atau tidak ada lagi.",
                    "Muat ulang daftar, lalu centang lagi.",
                )
            ]
        )
    if len(desa) > 1:
        raise GateClosed(
            [Halangan("WILAYAH_CAMPUR", "Satu surat hanya untuk satu desa.", "Pisahkan per desa.")]
        )
    batas = rules.value("padan.surat_maks", desa.pop())
    if len(rows) > batas:
        raise GateClosed(
            [
                Halangan(
                    "SURAT_TERLALU_PANJANG", f"Satu surat paling banyak {batas} orang.", "Buat surat kedua."
                )
            ]
        )


def _numbers(rows: list[TiketPadan], by: Pengguna, nomor: str) -> list[Orang]:
    """The full numbers, each one revealed under the rules of a reveal; a family's KK number once."""
    alasan = f"Surat ke Disdukcapil nomor {nomor}"
    kk: dict[object, str] = {}
    hasil = []
    for tiket in rows:
        orang = tiket.individu
        rumah = orang.keluarga
        if rumah.pk not in kk:
            kk[rumah.pk] = reveal.buka(rumah, kolom="no_kk", by=by, alasan=alasan) if rumah.no_kk else ""
        nik = reveal.buka(orang, kolom="nik", by=by, alasan=alasan) if orang.nik else ""
        hasil.append(Orang(tiket, nik, kk[rumah.pk]))
    return hasil


@transaction.atomic
def kirim(surat: SuratPadan, *, by: Pengguna, tanggal: date) -> SuratPadan:
    """The letter was handed over on that day. From now on the village waits."""
    baris = _terkunci(surat, by, (KUASA,), "Surat ditandai terkirim oleh operator desa.")
    _masih_berlaku(baris)
    if baris.dikirim_tanggal:
        raise NotOpen(
            [Halangan("SUDAH_DIKIRIM", f"Surat ini sudah dikirim {tanggal_kata(baris.dikirim_tanggal)}.")]
        )
    _hari_sesudah(tanggal, baris.tanggal, "Tanggal kirim tidak boleh sebelum tanggal surat.")
    baris.dikirim_tanggal, baris.dikirim_by = tanggal, by
    baris.save(update_fields=["dikirim_tanggal", "dikirim_by"])
    _catat("kirim_surat_padan", baris, by)
    _jam(baris)
    return baris


@transaction.atomic
def batalkan(surat: SuratPadan, *, by: Pengguna, alasan: str) -> SuratPadan:
    """A wrong letter: it stays with its number and says that it does not hold. Its people can be in a new one."""
    baris = _terkunci(surat, by, (KUASA,), "Surat dibatalkan oleh operator desa.")
    if baris.balasan_id:
        raise NotOpen(
            [Halangan("SUDAH_DIBALAS", "Surat ini sudah dibalas, tidak bisa dibatalkan.", "Buat surat baru.")]
        )
    _masih_berlaku(baris)
    if len(alasan.strip()) < 5:
        raise GateClosed([Halangan("ALASAN_WAJIB", "Tuliskan mengapa surat ini dibatalkan.")])
    baris.dibatalkan_at, baris.dibatalkan_by, baris.batal_alasan = timezone.now(), by, alasan.strip()[:300]
    baris.save(update_fields=["dibatalkan_at", "dibatalkan_by", "batal_alasan"])
    # The reason may name a person; the public page of the code says only that the letter does not hold.
    Dokumen.objects.filter(pk=baris.dokumen_id).update(
        status=Dokumen.Status.DICABUT, alasan_status="Dibatalkan pembuatnya."
    )
    _catat("batalkan_surat_padan", baris, by)
    _jam(baris)
    return baris


@transaction.atomic
def balas(
    surat: SuratPadan, *, by: Pengguna, tanggal: date, isi: bytes, nama: str, catatan: str = ""
) -> SuratPadan:
    """Keep the scan of the answer. It decides nothing: only the next check does. Raises core.files.BadFile."""
    baris = _terkunci(
        surat, by, (KUASA, "padan.dukcapil"), "Balasan diunggah operator desa atau petugas Disdukcapil."
    )
    _masih_berlaku(baris)
    if baris.balasan_id:
        raise NotOpen([Halangan("SUDAH_DIBALAS", "Balasan surat ini sudah diunggah.", "Muat ulang halaman.")])
    if not baris.dikirim_tanggal:
        raise NotOpen(
            [Halangan("BELUM_DIKIRIM", "Surat ini belum dikirim.", "Tandai dulu tanggal kirimnya.")]
        )
    _hari_sesudah(tanggal, baris.dikirim_tanggal, "Tanggal balasan tidak boleh sebelum surat dikirim.")
    bersih, mime = files.clean_scan(isi)
    baris.balasan = files.store(
        bersih, jenis="balasan_padan", nama=nama, mime=mime, wilayah=baris.wilayah_id, by_id=str(by.pk)
    )
    baris.balasan_tanggal, baris.balasan_by, baris.balasan_catatan = tanggal, by, catatan.strip()[:500]
    baris.save(update_fields=["balasan", "balasan_tanggal", "balasan_by", "balasan_catatan"])
    _catat("balas_surat_padan", baris, by, sha256=bytes(baris.balasan.sha256).hex())
    _jam(baris)
    return baris


@transaction.atomic
def buka(surat: SuratPadan, *, by: Pengguna) -> bytes:
    """The PDF with the full numbers, with an audit row for it. Raises core.files.BadFile when the copy was altered."""
    baris = _terkunci(
        surat, by, (KUASA, "padan.dukcapil"), "Surat ini hanya untuk operator desa dan Disdukcapil."
    )
    _masih_berlaku(baris)
    _catat("buka_surat_padan", baris, by)
    return files.read(baris.dokumen.berkas)


def _terkunci(surat: SuratPadan, by: Pengguna, kuasa: tuple[str, ...], kalimat: str) -> SuratPadan:
    baris: SuratPadan = workflow.lock(SuratPadan, surat.pk)
    if not any(by.boleh(k, baris.wilayah_id) for k in kuasa):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    return baris


def _jam(surat: SuratPadan) -> None:
    """The clocks of these families stop or go on."""
    jam.surat_berubah(list(surat.baris.values_list("tiket__individu__keluarga", flat=True).distinct()))


def _masih_berlaku(surat: SuratPadan) -> None:
    if surat.dibatalkan_at:
        raise NotOpen(
            [Halangan("SUDAH_DIBATALKAN", "Surat ini sudah dibatalkan.", "Buat surat baru bila masih perlu.")]
        )


def _hari_sesudah(hari: date, awal: date, kalimat: str) -> None:
    if hari < awal or hari > timezone.localdate():
        raise GateClosed([Halangan("TANGGAL", kalimat, "Perbaiki tanggalnya, paling lambat hari ini.")])


def _catat(aksi: str, surat: SuratPadan, by: Pengguna, **rincian: object) -> None:
    audit.catat(
        aksi=aksi, objek=surat, by=by, wilayah=surat.wilayah_id,
        peran=by.peran_untuk(KUASA, surat.wilayah_id) or by.peran_untuk("padan.dukcapil", surat.wilayah_id),
        rincian={"nomor": surat.nomor, **rincian},
    )  # fmt: skip
