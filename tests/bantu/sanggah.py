"""Neighbours who object: sending the public form, and taking a case to any state through the real actions."""

import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.models import Ketentuan
from dtks.models import Usulan
from pengaduan.actions import perkara as aksi
from pengaduan.actions import sanggah as masuk
from pengaduan.actions import sanggah_data as aksi_data
from pengaduan.models import HakJawab, PerkaraSanggah, Sanggah, SanggahData
from tests.bantu.alur import Perjalanan, foto, orang, sampai
from wilayah.models import Wilayah

CERITA = "Kenari cerita: sejak dua tahun punya toko di pasar dan dua mobil."
ALASAN = "A01"  # "Punya mobil"


def warga(p: Perjalanan):
    """Another family of the same desa; its head is the neighbour."""
    return p.usulan.keluarga.anggota.get(hubungan="1")


def baris(p: Perjalanan):
    return p.usulan.penetapan.get(hasil="ditetapkan")


def isi(siapa, disebut: str, **lain) -> masuk.Isi:
    """`siapa`: somebody of the register, or None when `lain` says who it is."""
    dia = {"nik": siapa.nik.open(), "nama": siapa.nama, "lahir": siapa.tgl_lahir} if siapa else {}
    bahan = {
        "alasan": ALASAN, "cerita": CERITA, "nama_dimaksud": disebut, "foto": foto((200, 30, 30)), "patokan": "Kenari patokan sebelah musala",
    }  # fmt: skip
    return masuk.Isi(**(dia | bahan | lain))


def kirim(p: Perjalanan, siapa, **lain) -> tuple[Sanggah, str]:
    """Against the decree, or against what the meeting agreed to."""
    asal = p.usulan.penetapan.filter(hasil="ditetapkan").first() or p.usulan.putusan.get()
    satu, pin = masuk.kirim(asal, isi=isi(siapa, p.usulan.keluarga.nama_kepala, **lain))
    return Sanggah.objects.get(pk=satu.pk), pin


def kirim_calon(p: Perjalanan, siapa, *, tanpa_batas: bool = False, **lain) -> Sanggah:
    """Against somebody whom the meeting agreed to. `lahir`=None: one of many by the same person, the limit put aside."""
    if tanpa_batas:
        Ketentuan.objects.filter(kunci="sanggah.per_bulan").update(nilai=1000)
    return kirim_atas(p.usulan, siapa, **lain)


def kirim_atas(usulan: Usulan, siapa, **lain) -> Sanggah:
    satu, _ = masuk.kirim(usulan.putusan.get(), isi=isi(siapa, usulan.keluarga.nama_kepala, **lain))
    return Sanggah.objects.get(pk=satu.pk)


def data_salah(siapa, **lain) -> SanggahData:
    bahan = {
        "nik": siapa.nik.open(), "nama": siapa.nama, "lahir": siapa.tgl_lahir, "wilayah": Wilayah.objects.get(pk=siapa.keluarga.wilayah_id[:13]),
        "salah": "asn", "cerita": "Saya buruh harian, bukan ASN.", "bukti": [foto()],
    }  # fmt: skip
    satu, _ = aksi_data.kirim(isi=aksi_data.Isi(**(bahan | lain)))
    return SanggahData.objects.get(pk=satu.pk)


def badan(siapa, p: Perjalanan, **lain) -> dict:
    """What a browser sends."""
    data = {
        "kunci_kirim": str(uuid.uuid4()), "nama_dimaksud": p.usulan.keluarga.nama_kepala, "alasan": ALASAN, "cerita": CERITA,
        "foto": SimpleUploadedFile("rumah.jpg", foto(), "image/jpeg"), "patokan": "Sebelah musala", "lintang": "", "bujur": "",
        "akurasi_m": "", "nik": siapa.nik.open(), "nama": siapa.nama, "lahir": siapa.tgl_lahir.isoformat(), "telepon": "", "benar": "on",
    }  # fmt: skip
    return data | lain


def hak_jawab(perkara: PerkaraSanggah, *, by: str = "verifikator") -> HakJawab:
    return aksi.dengar(perkara, by=orang(by), alasan=[ALASAN])


def disampaikan(hak: HakJawab, *, by: str = "operator") -> tuple[HakJawab, str]:
    hak, pin = aksi.cetak_surat(hak, by=orang(by))
    return aksi.sampaikan(hak, by=orang(by), tanggal=timezone.localdate(), cara="diterima"), pin


def dijawab(hak: HakJawab) -> PerkaraSanggah:
    aksi.jawab(hak, isi="Mobil itu milik majikan saya, bukan milik kami.")
    return PerkaraSanggah.objects.get(pk=hak.perkara_id)


def diperiksa(perkara: PerkaraSanggah, *, petugas: str = "tksk2") -> PerkaraSanggah:
    aksi.tugaskan(perkara, by=orang("verifikator"), petugas=orang(petugas))
    return PerkaraSanggah.objects.get(pk=perkara.pk)


def dilaporkan(perkara: PerkaraSanggah, *, petugas: str = "tksk2", temuan: str = "benar") -> PerkaraSanggah:
    laporan = aksi.Laporan(
        temuan=temuan,
        uraian="Dua mobil atas nama kepala keluarga.",
        tanggal=timezone.localdate(),
        foto=[foto()],
    )
    aksi.laporkan(perkara, by=orang(petugas), laporan=laporan)
    return PerkaraSanggah.objects.get(pk=perkara.pk)


def sampai_putusan(p: Perjalanan, siapa) -> PerkaraSanggah:
    """A case that waits for its decision."""
    satu, _ = kirim(p, siapa)
    hak, _ = disampaikan(hak_jawab(satu.perkara))
    return dilaporkan(diperiksa(dijawab(hak)))


def calon(nomor: int = 30, status: str = "disepakati") -> Perjalanan:
    """A family that the meeting agreed to: much quicker than one with a decree."""
    return sampai(status, nomor=nomor)


def penerima(nomor: int = 30, **lain) -> Perjalanan:
    return sampai("ditetapkan", nomor=nomor, **lain)
