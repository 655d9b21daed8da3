from dtks.models.acuan import AlasanLangkah, KodeAcuan
from dtks.models.asesmen import KRITERIA, Asesmen, FotoAsesmen
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
from dtks.models.musyawarah import Musyawarah, PesertaMusyawarah, PutusanMusyawarah, RiwayatMusyawarah
from dtks.models.padan import HasilPadan, PadanBatch, TemuanGanda, TiketPadan
from dtks.models.usulan import EMPAT_MATA, Bendera, RiwayatUsulan, Usulan

__all__ = [
    "EMPAT_MATA",
    "KRITERIA",
    "VERSI_KODE",
    "AlasanLangkah",
    "AnggotaPPKS",
    "Asesmen",
    "Aset",
    "Bendera",
    "Desil",
    "FotoAsesmen",
    "FotoKeluarga",
    "HasilPadan",
    "Individu",
    "KategoriPPKS",
    "Keluarga",
    "KodeAcuan",
    "Musyawarah",
    "PadanBatch",
    "PesertaMusyawarah",
    "PutusanMusyawarah",
    "RiwayatMusyawarah",
    "RiwayatUsulan",
    "Rumah",
    "TemuanGanda",
    "TiketPadan",
    "Usulan",
]
