from dtks.models.acuan import AlasanLangkah, KodeAcuan
from dtks.models.asesmen import KRITERIA, TIDAK_BERTEMU, Asesmen, FotoAsesmen
from dtks.models.draf import DrafIsian
from dtks.models.ganda import CalonGanda, Penggabungan
from dtks.models.hasil_siks import HasilSiks
from dtks.models.hitungan import HitunganUsulan
from dtks.models.impor import BarisImpor, Impor
from dtks.models.keluarga import (
    VERSI_KODE,
    AnggotaPPKS,
    Aset,
    Desil,
    FotoKeluarga,
    Individu,
    KategoriPPKS,
    Keluarga,
    Rumah,
)
from dtks.models.meja import BukaKasus, PegangKasus
from dtks.models.musyawarah import (
    BISA_DIPERBAIKI,
    MUSYAWARAH_BERJALAN,
    Musyawarah,
    PesertaMusyawarah,
    PutusanMusyawarah,
    RiwayatMusyawarah,
)
from dtks.models.padan import BarisSuratPadan, HasilPadan, PadanBatch, SuratPadan, TemuanGanda, TiketPadan
from dtks.models.penugasan import BENTURAN, KebijakanSampel, PermintaanAlih, SampelUsulan
from dtks.models.periode import BATAS, GuliranPeriode, Periode, PerubahanPeriode
from dtks.models.peristiwa import Peristiwa, PermintaanPindah, VersiKeluarga
from dtks.models.perubahan import Perubahan
from dtks.models.silang import BarisSilang, Penduduk, Silang
from dtks.models.tenggat import Eskalasi, JedaTenggat
from dtks.models.usulan import (
    EMPAT_MATA,
    KERABAT,
    TANPA_TENGGAT,
    Bendera,
    PernyataanKerabat,
    RiwayatUsulan,
    Usulan,
)

__all__ = [
    "BATAS",
    "BENTURAN",
    "BISA_DIPERBAIKI",
    "EMPAT_MATA",
    "KERABAT",
    "KRITERIA",
    "MUSYAWARAH_BERJALAN",
    "TANPA_TENGGAT",
    "TIDAK_BERTEMU",
    "VERSI_KODE",
    "AlasanLangkah",
    "AnggotaPPKS",
    "Asesmen",
    "Aset",
    "BarisImpor",
    "BarisSilang",
    "BarisSuratPadan",
    "Bendera",
    "BukaKasus",
    "CalonGanda",
    "Desil",
    "DrafIsian",
    "Eskalasi",
    "FotoAsesmen",
    "FotoKeluarga",
    "GuliranPeriode",
    "HasilPadan",
    "HasilSiks",
    "HitunganUsulan",
    "Impor",
    "Individu",
    "JedaTenggat",
    "KategoriPPKS",
    "KebijakanSampel",
    "Keluarga",
    "KodeAcuan",
    "Musyawarah",
    "PadanBatch",
    "PegangKasus",
    "Penduduk",
    "Penggabungan",
    "Periode",
    "Peristiwa",
    "PermintaanAlih",
    "PermintaanPindah",
    "PernyataanKerabat",
    "Perubahan",
    "PerubahanPeriode",
    "PesertaMusyawarah",
    "PutusanMusyawarah",
    "RiwayatMusyawarah",
    "RiwayatUsulan",
    "Rumah",
    "SampelUsulan",
    "Silang",
    "SuratPadan",
    "TemuanGanda",
    "TiketPadan",
    "Usulan",
    "VersiKeluarga",
]
