"""The steps of the case against one family: heard, looked into, decided. One function for each step, named as the step."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Pengguna
from bansos.models import AlasanKelayakan
from core import audit, files, outbox, rules, workflow
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.actions import usulan as langkah
from dtks.models import Usulan
from pengaduan.actions import tiket
from pengaduan.actions.sanggah import JOB_KABAR, selaraskan, tutup_jam
from pengaduan.models import FotoPerkara, HakJawab, HasilSanggah, PerkaraSanggah, Sanggah
from pengaduan.policies import sanggah as policies
from pengaduan.queries import sanggah as baca
from pengaduan.workflow import SANGGAH
from wilayah.kode import kabupaten_dari
from wilayah.queries.kerja import tambah_hari_kerja
from wilayah.waktu import hari_wilayah

ALASAN_PENDEK = 10
TUTUP = {
    "IDENTITAS": "Identitas penyanggah tidak terbukti.",
    "SUDAH_DIPUTUS": "Hal yang sama sudah diperiksa dan diputus belum lama ini.",
    "BUKAN_ALASAN": "Yang disampaikan bukan alasan untuk mengeluarkan keluarga dari daftar.",
    "BUKAN_PENERIMA": "Keluarga itu sudah tidak menerima bantuan dan tidak sedang diusulkan.",
}


def _tutup(kode: str, kalimat: str, jalan_keluar: str = "") -> GateClosed:
    return GateClosed([Halangan(kode, kalimat, jalan_keluar)])


def identitas_terbukti(perkara: PerkaraSanggah, by: Any) -> Halangan | None:
    """One living objection of a person whose identity was shown is enough; a family is not troubled for less."""
    if Sanggah.objects.hidup().filter(perkara=perkara, identitas__in=Sanggah.TERBUKTI).exists():
        return None
    return Halangan(
        "IDENTITAS_BELUM", "Belum ada penyanggah yang identitasnya terbukti.", "Periksa identitasnya dulu."
    )


def petugas_sah(perkara: PerkaraSanggah, by: Any) -> Halangan | None:
    if perkara.petugas is None:
        return Halangan("PETUGAS_KOSONG", "Pilih petugas lapangannya.")
    kalimat = baca.petugas_sah(perkara.petugas, perkara)
    return Halangan("PETUGAS_TERKAIT", kalimat, "Pilih petugas lain.") if kalimat else None


GERBANG = {"identitas_terbukti": identitas_terbukti, "petugas_sah": petugas_sah}


def _langkah(
    perkara: PerkaraSanggah, nama: str, boleh: Any, *, by: Pengguna | None, **lain: Any
) -> PerkaraSanggah:
    arrow = SANGGAH.find(nama, perkara.status)
    peran = by.peran_untuk(arrow.kuasa, perkara.wilayah_id) if by is not None and arrow else ""
    hasil: PerkaraSanggah = workflow.step(SANGGAH, perkara, nama, by=by, boleh=boleh, gerbang=GERBANG, peran=peran, **lain)  # fmt: skip
    outbox.antre(JOB_KABAR, {"perkara": str(hasil.pk), "apa": hasil.status}, wilayah=hasil.wilayah_id)
    return hasil


@transaction.atomic
def dengar(
    perkara: PerkaraSanggah,
    *,
    by: Pengguna,
    alasan: Iterable[str],
    ringkasan: str = "",
    versi: int | None = None,
) -> HakJawab:
    """Let the family be heard about these reasons. From here on its open proposals are held."""
    baris: PerkaraSanggah = workflow.lock(PerkaraSanggah, perkara.pk)
    kode = sorted(set(alasan))
    if not kode or AlasanKelayakan.objects.filter(pk__in=kode, aktif=True).count() != len(kode):
        raise _tutup("ALASAN_WAJIB", "Pilih alasan yang ditanyakan ke keluarga.")
    baris = _langkah(baris, "dengar", policies.dengar, by=by, versi=versi, rincian={"alasan": kode})
    baris.alasan, baris.ringkasan = kode, ringkasan.strip()[:500]
    baris.save(update_fields=["alasan", "ringkasan", "updated_at"])
    nomor, _, pin_indeks = tiket.baru("SGH")
    hak = HakJawab.objects.create(tiket=nomor, pin_indeks=pin_indeks, perkara=baris)
    selaraskan(baris)
    return hak


@transaction.atomic
def tutup(
    perkara: PerkaraSanggah, *, by: Pengguna, alasan: str, catatan: str = "", versi: int | None = None
) -> PerkaraSanggah:
    """Not to be followed up, with a reason that each objector reads. Before the family was troubled only."""
    if alasan not in TUTUP:
        raise _tutup("ALASAN_WAJIB", "Pilih alasannya dari daftar.")
    hasil = _langkah(
        workflow.lock(PerkaraSanggah, perkara.pk), "tutup", policies.tutup, by=by, versi=versi, alasan=alasan,
        alasan_kalimat=TUTUP[alasan], catatan=catatan,
    )  # fmt: skip
    tutup_jam(hasil)
    return hasil


# --- the family is heard --------------------------------------------------------------------------------


def _hak(hak: HakJawab) -> HakJawab:
    """The row, locked after its case."""
    workflow.lock(PerkaraSanggah, hak.perkara_id)
    return HakJawab.objects.select_related("perkara__keluarga", "perkara__wilayah").select_for_update(of=("self",)).get(pk=hak.pk)  # fmt: skip


@transaction.atomic
def cetak_surat(hak: HakJawab, *, by: Pengguna) -> tuple[HakJawab, str]:
    """A new PIN for the letter that is printed now; the one before stops working."""
    baris = _hak(hak)
    if kalimat := policies.sampaikan(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    if baris.kanal:
        raise NotOpen([Halangan("SUDAH_DIJAWAB", "Keluarga sudah menjawab. Suratnya tidak diperlukan lagi.")])
    pin, baris.pin_indeks = tiket.pin_baru(baris.tiket)
    baris.surat_at = timezone.now()
    baris.save(update_fields=["pin_indeks", "surat_at", "updated_at"])
    audit.catat(aksi="cetak_surat_hak_jawab", objek=baris, by=by, wilayah=baris.perkara.wilayah_id)
    return baris, pin


@transaction.atomic
def sampaikan(hak: HakJawab, *, by: Pengguna, tanggal: date, cara: str) -> HakJawab:
    """The letter was brought: the days to answer run from that day (rule 'sanggah.hak_jawab_hari_kerja')."""
    baris = _hak(hak)
    if kalimat := policies.sampaikan(by, baris):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)])
    if baris.surat_at is None:
        raise _tutup("SURAT_BELUM", "Suratnya belum dicetak.", "Cetak surat dulu, lalu antar.")
    if baris.disampaikan:
        raise NotOpen([Halangan("SUDAH_DISAMPAIKAN", "Penyampaian surat sudah dicatat.")])
    wilayah = baris.perkara.wilayah_id
    if not baris.perkara.status_sejak.date() <= tanggal <= hari_wilayah(wilayah):
        raise _tutup("TANGGAL", "Tanggal surat diantar harus antara surat dibuat dan hari ini.")
    n = int(rules.value("sanggah.hak_jawab_hari_kerja", kabupaten_dari(wilayah), tanggal))
    baris.disampaikan, baris.cara, baris.disampaikan_by = tanggal, cara, by
    # From the day it was noted: a date written back takes no day away from the family.
    baris.batas = tambah_hari_kerja(kabupaten_dari(wilayah), hari_wilayah(wilayah), n)
    baris.save(update_fields=["disampaikan", "cara", "disampaikan_by", "batas", "updated_at"])
    audit.catat(
        aksi="sampaikan_hak_jawab", objek=baris, by=by, wilayah=wilayah, rincian={"cara": cara, "batas": baris.batas.isoformat()},
    )  # fmt: skip
    return baris


@transaction.atomic
def jawab(hak: HakJawab, *, isi: str, bukti: bytes = b"") -> HakJawab:
    """The family answers itself, with the code of its letter."""
    return _jawab(hak, "jawab", kanal=HakJawab.Kanal.LACAK, by=None, isi=isi, berkas=[bukti] if bukti else [])


@transaction.atomic
def catat_jawaban(hak: HakJawab, *, by: Pengguna, isi: str, berkas: list[bytes]) -> HakJawab:
    """At the counter: what the family said, with the paper that it signed."""
    if not berkas:
        raise _tutup("BERKAS_WAJIB", "Unggah foto atau pindaian jawaban yang ditandatangani keluarga.")
    return _jawab(hak, "catat_jawaban", kanal=HakJawab.Kanal.LOKET, by=by, isi=isi, berkas=berkas)


def _jawab(
    hak: HakJawab, nama: str, *, kanal: str, by: Pengguna | None, isi: str, berkas: list[bytes]
) -> HakJawab:
    baris = _hak(hak)
    if len(isi.strip()) < ALASAN_PENDEK:
        raise _tutup("JAWABAN_KOSONG", "Tuliskan jawabannya, paling sedikit 10 huruf.")
    boleh = policies.catat_jawaban if by is not None else lambda siapa, o: None
    perkara = _langkah(baris.perkara, nama, boleh, by=by)
    if berkas:
        bersih, mime = files.clean_scans(berkas)
        baris.berkas = files.store(
            bersih, jenis="hak_jawab", nama="jawaban", mime=mime, wilayah=perkara.wilayah_id, by_id=str(by.pk) if by else "",
        )  # fmt: skip
    baris.kanal, baris.jawaban, baris.dijawab_at, baris.dicatat_by = kanal, isi.strip(), timezone.now(), by
    baris.save(update_fields=["kanal", "jawaban", "dijawab_at", "dicatat_by", "berkas", "updated_at"])
    return baris


def lewatkan_jawaban(kini: date | None = None) -> int:
    """Families whose days ran out: that they kept silent is noted, and goes against nobody. Returns how many."""
    n = 0
    rows = HakJawab.objects.filter(kanal="", batas__isnull=False, perkara__status="hak_jawab").order_by(
        "batas", "pk"
    )
    for satu in rows:
        if satu.batas is None or (kini or hari_wilayah(satu.perkara.wilayah_id)) <= satu.batas:
            continue
        with transaction.atomic():
            baris = _hak(satu)
            if baris.kanal or baris.perkara.status != "hak_jawab":
                continue
            _langkah(
                baris.perkara, "lewatkan_jawaban", lambda by, o: None, by=None,
                catatan="Keluarga tidak menjawab sampai batasnya. Diam tidak berarti mengaku.",
            )  # fmt: skip
            baris.kanal, baris.dijawab_at = HakJawab.Kanal.DIAM, timezone.now()
            baris.save(update_fields=["kanal", "dijawab_at", "updated_at"])
            n += 1
    return n


# --- looked into ----------------------------------------------------------------------------------------


@transaction.atomic
def tugaskan(
    perkara: PerkaraSanggah, *, by: Pengguna, petugas: Pengguna, versi: int | None = None
) -> PerkaraSanggah:
    """Send an officer without ties: not of the family, not who assessed it, not one of those who object."""
    baris: PerkaraSanggah = workflow.lock(PerkaraSanggah, perkara.pk)
    if baris.status == "menunggu_petugas":
        baris.petugas = petugas
        baris.save(update_fields=["petugas", "updated_at"])
    return _langkah(
        baris, "tugaskan", policies.tugaskan, by=by, versi=versi, rincian={"petugas": str(petugas.pk)}
    )


@transaction.atomic
def alihkan(
    perkara: PerkaraSanggah, *, by: Pengguna, catatan: str = "", versi: int | None = None
) -> PerkaraSanggah:
    return _langkah(workflow.lock(PerkaraSanggah, perkara.pk), "alihkan", policies.alihkan, by=by, versi=versi, catatan=catatan)  # fmt: skip


@dataclass(frozen=True)
class Laporan:
    """What the officer found."""

    temuan: str
    uraian: str
    tanggal: date
    foto: list[bytes]
    lintang: Decimal | None = None
    bujur: Decimal | None = None


@transaction.atomic
def laporkan(
    perkara: PerkaraSanggah, *, by: Pengguna, laporan: Laporan, versi: int | None = None
) -> PerkaraSanggah:
    if not laporan.foto:
        raise _tutup("FOTO_WAJIB", "Unggah paling sedikit satu foto hasil pemeriksaan.")
    if len(laporan.uraian.strip()) < ALASAN_PENDEK:
        raise _tutup("URAIAN_KOSONG", "Tuliskan yang ditemukan, paling sedikit 10 huruf.")
    baris = _langkah(
        workflow.lock(PerkaraSanggah, perkara.pk), "laporkan", policies.laporkan, by=by, versi=versi, rincian={"temuan": laporan.temuan},
    )  # fmt: skip
    baris.temuan, baris.uraian, baris.diperiksa_tanggal = (
        laporan.temuan,
        laporan.uraian.strip(),
        laporan.tanggal,
    )
    baris.lintang, baris.bujur = laporan.lintang, laporan.bujur
    baris.save(update_fields=["temuan", "uraian", "diperiksa_tanggal", "lintang", "bujur", "updated_at"])
    for isi in laporan.foto:
        berkas = files.store(
            files.clean_photo(isi), jenis="foto_perkara", nama="pemeriksaan.jpg", mime="image/jpeg", wilayah=baris.wilayah_id, by_id=str(by.pk),
        )  # fmt: skip
        FotoPerkara.objects.create(perkara=baris, berkas=berkas)
    return baris


@transaction.atomic
def periksa_ulang(
    perkara: PerkaraSanggah, *, by: Pengguna, catatan: str, versi: int | None = None
) -> PerkaraSanggah:
    """The field check answers too little: somebody goes once more."""
    if len(catatan.strip()) < ALASAN_PENDEK:
        raise _tutup("ALASAN_KOSONG", "Tuliskan apa yang harus diperiksa lagi.")
    return _langkah(
        workflow.lock(PerkaraSanggah, perkara.pk), "periksa_ulang", policies.periksa_ulang, by=by, versi=versi, catatan=catatan.strip(),
    )  # fmt: skip


# --- decided --------------------------------------------------------------------------------------------


def kabulkan(
    perkara: PerkaraSanggah,
    *,
    by: Pengguna,
    alasan: str,
    baris: Iterable[UUID] = (),
    versi: int | None = None,
) -> PerkaraSanggah:
    """True: a removal is opened for each of these programmes (lines of decrees that the family receives by now)."""
    return _putus(perkara, "kabulkan", by=by, alasan=alasan, hapus=set(baris), versi=versi)


def tolak(perkara: PerkaraSanggah, *, by: Pengguna, alasan: str, versi: int | None = None) -> PerkaraSanggah:
    """Not true: the family stays, and its flags go."""
    return _putus(perkara, "tolak", by=by, alasan=alasan, hapus=set(), versi=versi)


@transaction.atomic
def _putus(
    perkara: PerkaraSanggah, nama: str, *, by: Pengguna, alasan: str, hapus: set[UUID], versi: int | None
) -> PerkaraSanggah:
    kini: PerkaraSanggah = workflow.lock(PerkaraSanggah, perkara.pk)
    if SANGGAH.find(nama, kini.status) is None:
        raise NotOpen(
            [Halangan("SUDAH_BERPINDAH", f"Perkara ini sekarang “{kini.get_status_display()}”.", "Muat ulang halaman.")], kini.status,
        )  # fmt: skip
    if kalimat := policies.putus(by, kini):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", kalimat)], kini.status)
    if len(alasan.strip()) < ALASAN_PENDEK:
        raise _tutup("ALASAN_KOSONG", "Tuliskan alasan putusan dengan jelas (paling sedikit 10 huruf).")
    terima = {b.pk: b for b in baca.program_diterima(kini)}
    if not hapus <= set(terima):
        raise _tutup("PROGRAM_BERUBAH", "Bantuan keluarga ini berubah sejak halaman dibuka.", "Muat ulang halaman, lalu pilih lagi.")  # fmt: skip
    if nama == "kabulkan" and terima and not hapus:
        raise _tutup("PROGRAM_WAJIB", "Pilih bantuan mana yang diusulkan dihapus.")
    kini.alasan_putusan, kini.diputus_at, kini.pemutus_orang_id = alasan.strip(), timezone.now(), by.orang_id
    kini.save(update_fields=["alasan_putusan", "diputus_at", "pemutus_orang", "updated_at"])
    hasil = _langkah(
        kini, nama, policies.putus, by=by, versi=versi, catatan=alasan.strip(), rincian={"hapus": len(hapus)}
    )
    tutup_jam(hasil)  # locks open proposals, so it goes before a new one locks the family
    for pk in sorted(hapus, key=str):
        if (usulan := _hapus(terima[pk], by)) is not None:
            HasilSanggah.objects.create(perkara=hasil, usulan=usulan)
    return hasil


def _hapus(baris: Any, by: Pengguna) -> Usulan | None:
    """A removal of this programme: one that is under way already serves; else a new draft for the village's line.
    None: one is under way that an earlier case opened."""
    keluarga, program = baris.usulan.keluarga, baris.penetapan.program_id
    ada = Usulan.objects.terbuka().filter(keluarga=keluarga, program=program, jalur=Usulan.Jalur.PENGHAPUSAN)
    if (lama := ada.order_by("pk").first()) is not None:
        return None if HasilSanggah.objects.filter(usulan=lama).exists() else lama
    usulan, _ = langkah.buat(
        by=by, keluarga=keluarga, program=program, jalur=Usulan.Jalur.PENGHAPUSAN, alasan_usul="Sanggahan warga terbukti menurut putusan Dinas Sosial.",
        atas_keberatan=True,
    )  # fmt: skip
    return usulan


def pemegang(perkara: PerkaraSanggah) -> tuple[str, ...]:
    """Powers of whoever holds the case in its state."""
    return {
        "hak_jawab": ("sanggah.sampaikan", "sanggah.kelola"), "diperiksa": ("sanggah.kelola",), "menunggu_putusan": ("sanggah.putus",),
    }.get(perkara.status, ("sanggah.kelola",))  # fmt: skip
