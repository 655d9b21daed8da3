"""A paper of a version that is not in force yet, with invented families: nothing is issued, no code, 'CONTOH' for a number."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import Pengguna
from bansos.models import Penetapan, Program
from bansos.surat.keberatan import Jawaban, jawaban_keberatan
from bansos.surat.keterangan import Keterangan, surat_keterangan
from bansos.surat.pbi import Rekomendasi, surat_rekomendasi
from bansos.surat.pengesahan import surat_pengesahan
from bansos.surat.sk import sk
from core import letters
from core.models import TemplatSurat
from dtks.models import Keluarga, Musyawarah, Usulan
from dtks.surat import musyawarah as surat_musyawarah
from wilayah.models import Wilayah
from wilayah.waktu import hari_wilayah

NOMOR = "CONTOH"


def contoh(templat: TemplatSurat, *, by: Pengguna) -> bytes:
    area = Wilayah.objects.get(pk=templat.wilayah)
    desa = Wilayah.objects.filter(kode__startswith=f"{area.pk}.", tingkat=4).order_by("kode")[:1]
    tempat = desa[0] if desa else area
    kata = letters.Templat(templat.pk, templat.isi)
    hari, program = hari_wilayah(area.pk), Program.objects.order_by("-sumber", "kode")[0]
    keluarga = [
        Usulan(
            keluarga=Keluarga(nama_kepala=nama, alamat="Kp. Contoh", rt="001", rw="002", wilayah=tempat),
            wilayah=tempat, program=program.pk, jalur=Usulan.Jalur.REGULER, tiket=f"{NOMOR}-{i}",
        )
        for i, nama in enumerate(("KELUARGA CONTOH SATU", "KELUARGA CONTOH DUA"), 1)
    ]  # fmt: skip
    if templat.jenis == "SK_BUPATI":
        return sk(
            jenis=Penetapan.Jenis.SK_BUPATI, nomor=NOMOR, tanggal=hari, program=program, wilayah=area, periode=f"{hari.year}-4",
            baris=[(u, "ditetapkan", "") for u in keluarga], penandatangan=by, kode="", templat=kata,
        )  # fmt: skip
    if templat.jenis == "PENGESAHAN":
        return surat_pengesahan(
            nomor=NOMOR, tanggal=hari, program=program, wilayah=area, periode=f"{hari:%Y-%m}", usulan=keluarga, penandatangan=by,
            kode="", templat=kata,
        )  # fmt: skip
    if templat.jenis == "BERITA_ACARA":
        rapat = Musyawarah(
            wilayah=tempat, jenis="MUSDES", nomor=NOMOR, waktu=timezone.now(), tempat="Balai contoh", pimpinan="Pimpinan Contoh",
            notulis="Notulis Contoh", agenda="Contoh", periode=f"{hari:%Y-%m}",
        )  # fmt: skip
        return surat_musyawarah.berita_acara(rapat, kode="", templat=kata)
    if templat.jenis == "REKOMENDASI_PBI":
        return surat_rekomendasi(
            Rekomendasi(
                nomor=NOMOR, tanggal=hari, wilayah=area, nama="WARGA CONTOH", nik="3205••••••••0001", alamat="Kp. Contoh", desa=tempat,
                nomor_permohonan=NOMOR, nonaktif_sejak=hari, faskes="Puskesmas Contoh", faskes_tanggal=hari, darurat=False,
                jabatan="Kepala Dinas Sosial", penandatangan=by.nama,
            ),
            kode="", templat=kata,
        )  # fmt: skip
    if templat.jenis in ("KETERANGAN_DTSEN", "REKOMENDASI"):
        desil = (2, f"{hari.year}-1") if templat.jenis == "KETERANGAN_DTSEN" else None
        return surat_keterangan(
            Keterangan(
                nomor=NOMOR, tanggal=hari, wilayah=area, judul=letters.NAMA[templat.jenis], nama="WARGA CONTOH", nik="3205••••••••0001",
                lahir=hari, nama_kepala="KELUARGA CONTOH", alamat="Kp. Contoh", desa=tempat, keperluan="Contoh keperluan", desil=desil,
                berlaku=hari + timedelta(days=90), jabatan="Kepala Dinas Sosial", penandatangan=by.nama,
            ),
            kode="", templat=kata,
        )  # fmt: skip
    jawaban = Jawaban(
        NOMOR, hari, area, NOMOR, hari - timedelta(days=7), "Pemohon Contoh", f"{NOMOR}-1", program.nama, False,
        "Alasan contoh.", "Kepala Dinas Sosial", by.nama,
    )  # fmt: skip
    return jawaban_keberatan(jawaban, kode="", templat=kata)
