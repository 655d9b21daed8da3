"""'Sanggah data': a family was left out for data that is wrong, and shows it. What is admitted flows back into the line."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import Pengguna
from bansos.actions import pengecualian
from core import audit, files, outbox, workflow
from core.workflow import GateClosed, Halangan
from dtks.actions import padan
from dtks.actions import usulan as langkah
from dtks.models import Individu, Usulan
from pengaduan.actions import jam, tiket
from pengaduan.actions.sanggah import JOB_KABAR
from pengaduan.models import SanggahData
from pengaduan.policies import sanggah as policies
from pengaduan.queries import sanggah as baca
from pengaduan.workflow import SANGGAH_DATA
from wilayah.models import Wilayah

JAM = "sanggah.data"
ALASAN_PENDEK = 10
BUKA, PERBAIKI, TANPA = "buka_kembali", "perbaikan", "tanpa"
NONBANSOS = "NONBANSOS"
# What the family says is wrong -> the exclusion lists that may say it.
SUMBER = {
    SanggahData.Salah.ASN: ("ASN", "PENSIUN"), SanggahData.Salah.KELUARGA_ASN: ("ASN", "PENSIUN"), SanggahData.Salah.MENINGGAL: ("MENINGGAL",),
    SanggahData.Salah.UPAH: ("UPAH", "UPAH_NEGARA"), SanggahData.Salah.USAHA: ("AHU",), SanggahData.Salah.BANTUAN: ("BANSOS_LAIN",),
}  # fmt: skip


@dataclass(frozen=True)
class Isi:
    nik: str
    nama: str
    lahir: date
    wilayah: Wilayah
    salah: str
    cerita: str
    bukti: list[bytes]
    telepon: str = ""


@transaction.atomic
def kirim(*, isi: Isi) -> tuple[SanggahData, str]:
    """Take it in; returns it and its PIN. Whether the person is in the register is not told."""
    nomor, pin, pin_indeks = tiket.baru("SGH")
    bersih, mime = files.clean_scans(isi.bukti)
    orang = baca.terhubung(isi.nik, isi.lahir, isi.wilayah)
    satu = SanggahData(
        tiket=nomor, pin_indeks=pin_indeks, nama=isi.nama, lahir=isi.lahir, wilayah=isi.wilayah, salah=isi.salah, cerita=isi.cerita,
        individu=orang, keluarga=orang.keluarga if orang else None,
        bukti=files.store(bersih, jenis="sanggah_data", nama="bukti", mime=mime, wilayah=isi.wilayah.pk),
    )  # fmt: skip
    satu.nik = isi.nik
    if isi.telepon:
        satu.telepon = isi.telepon
    jam.mulai(satu, JAM)
    satu.save(force_insert=True)
    audit.catat(aksi="kirim_sanggah_data", objek=satu, by=None, wilayah=satu.wilayah_id)
    if orang is not None and (sumber := SUMBER.get(SanggahData.Salah(satu.salah))):
        pengecualian.sanggah_warga(
            orang, sumber=sumber, sekeluarga=satu.salah == SanggahData.Salah.KELUARGA_ASN, rujukan=nomor,
            alasan=f"Sanggah data {nomor}: {satu.get_salah_display()}.",
        )  # fmt: skip
    outbox.antre(JOB_KABAR, {"data": str(satu.pk)}, wilayah=satu.wilayah_id)
    return satu, pin


def pilihan(satu: SanggahData) -> list[tuple[str, str]]:
    """What may follow when the error is admitted."""
    hasil = []
    if (lama := baca.usulan_terakhir(satu)) is not None:
        hasil.append((BUKA, f"Buka kembali usulan {lama.tiket} yang ditolak"))
    if satu.keluarga_id is not None:
        hasil.append((PERBAIKI, "Buat usulan perbaikan data untuk keluarga ini"))
    return [*hasil, (TANPA, "Cukup diberi tahu; keluarga belum tercatat dan boleh mengusul")]


def _langkah(satu: SanggahData, nama: str, boleh: Any, *, by: Pengguna | None, **lain: Any) -> SanggahData:
    arrow = SANGGAH_DATA.find(nama, satu.status)
    peran = by.peran_untuk(arrow.kuasa, satu.wilayah_id) if by is not None and arrow else ""
    hasil: SanggahData = workflow.step(
        SANGGAH_DATA, satu, nama, by=by, boleh=boleh, gerbang={}, peran=peran, **lain
    )
    return hasil


@transaction.atomic
def teruskan(satu: SanggahData, *, by: Pengguna, ke: str, versi: int | None = None) -> SanggahData:
    """Ask the owner of the data (Dukcapil, BKN, Pusdatin); meanwhile the clock stands still."""
    if len(ke.strip()) < 3:
        raise GateClosed(
            [Halangan("INSTANSI_WAJIB", "Tuliskan instansi yang ditanya.", "Contoh: Disdukcapil.")]
        )
    hasil = _langkah(
        workflow.lock(SanggahData, satu.pk), "teruskan", policies.teruskan_data, by=by, versi=versi
    )
    hasil.diteruskan_ke = ke.strip()[:100]
    jam.jeda(hasil, f"jawaban {hasil.diteruskan_ke}")
    hasil.save(update_fields=["diteruskan_ke", *jam.KOLOM, "updated_at"])
    return hasil


def kabulkan(
    satu: SanggahData, *, by: Pengguna, alasan: str, tindak: str, versi: int | None = None
) -> SanggahData:
    """The data was wrong: the rejected proposal lives again, or the village gets a correction to carry on."""
    return _putus(satu, "kabulkan", by=by, alasan=alasan, tindak=tindak, versi=versi)


def tolak(satu: SanggahData, *, by: Pengguna, alasan: str, versi: int | None = None) -> SanggahData:
    return _putus(satu, "tolak", by=by, alasan=alasan, tindak=TANPA, versi=versi)


@transaction.atomic
def _putus(
    satu: SanggahData, nama: str, *, by: Pengguna, alasan: str, tindak: str, versi: int | None
) -> SanggahData:
    baris: SanggahData = workflow.lock(SanggahData, satu.pk)
    if len(alasan.strip()) < ALASAN_PENDEK:
        raise GateClosed([Halangan("ALASAN_KOSONG", "Tuliskan alasan putusan dengan jelas (paling sedikit 10 huruf).")])  # fmt: skip
    if tindak not in dict(pilihan(baris)):
        raise GateClosed([Halangan("TINDAK", "Pilih tindak lanjutnya dari daftar.", "Muat ulang halaman.")])
    baris.alasan_putusan, baris.pemutus_orang_id = alasan.strip(), by.orang_id
    baris.save(update_fields=["alasan_putusan", "pemutus_orang", "updated_at"])
    hasil = _langkah(baris, nama, policies.putus_data, by=by, versi=versi, catatan=alasan.strip(), rincian={"tindak": tindak})  # fmt: skip
    pengecualian.putus_warga(hasil.tiket, by=by, keliru=nama == "kabulkan", alasan=alasan)
    if nama == "kabulkan":
        hasil.usulan = _tindak(hasil, tindak, by)
        _tanya_lagi(hasil, by)
    jam.selesai(hasil)
    hasil.save(update_fields=["usulan", *jam.KOLOM, "updated_at"])
    return hasil


def _tindak(satu: SanggahData, tindak: str, by: Pengguna) -> Usulan | None:
    catatan = f"Sanggah data {satu.tiket} dikabulkan."
    if tindak == BUKA and (lama := baca.usulan_terakhir(satu)) is not None:
        return langkah.buka_kembali(lama, by=by, catatan=catatan)
    if tindak == PERBAIKI and satu.keluarga is not None:
        usulan, _ = langkah.buat(
            by=by, keluarga=satu.keluarga, program=NONBANSOS, jalur=Usulan.Jalur.PERBAIKAN, alasan_usul=catatan, atas_keberatan=True,
        )  # fmt: skip
        return usulan
    return None


def _tanya_lagi(satu: SanggahData, by: Pengguna) -> None:
    """Who was wrongly dead or moved is asked about at Dukcapil once more."""
    if satu.individu_id and satu.salah in (SanggahData.Salah.MENINGGAL, SanggahData.Salah.PINDAH, SanggahData.Salah.GANDA):  # fmt: skip
        orang = Individu.objects.aktif().filter(pk=satu.individu_id).exclude(nik_indeks=None)
        padan.minta(orang.select_related("keluarga").order_by("pk"), by=by)


@transaction.atomic
def tarik(satu: SanggahData) -> SanggahData:
    hasil = _langkah(workflow.lock(SanggahData, satu.pk), "tarik", lambda by, o: None, by=None)
    pengecualian.tarik_warga(hasil.tiket)
    jam.selesai(hasil)
    hasil.save(update_fields=[*jam.KOLOM, "updated_at"])
    return hasil
