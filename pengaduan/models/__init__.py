"""What citizens bring: usul, sanggah, pengaduan, kedaruratan, laporan pelanggaran."""

from pengaduan.models.aduan import (
    Aduan,
    FotoAduan,
    Instansi,
    KategoriAduan,
    PesanAduan,
    RiwayatAduan,
    TemplatJawaban,
)
from pengaduan.models.bencana import KEBUTUHAN, KejadianBencana, KorbanKeluarga, PenyerahanBarang
from pengaduan.models.darurat import (
    BERJALAN,
    KUASA_PEKA,
    Kedaruratan,
    Piket,
    RiwayatDarurat,
    Rujukan,
    SusulanDarurat,
)
from pengaduan.models.jam import Berjam
from pengaduan.models.rahasia import (
    GangguanRahasia,
    KunciInspektur,
    KunciKantor,
    LampiranRahasia,
    LaporanRahasia,
    PesanRahasia,
    SalinanKunci,
)
from pengaduan.models.sanggah import (
    DINAS,
    FotoPerkara,
    HakJawab,
    HasilSanggah,
    Penyanggah,
    PerkaraSanggah,
    RiwayatSanggah,
    RiwayatSanggahData,
    Sanggah,
    SanggahData,
)
from pengaduan.models.tiket import Bertiket
from pengaduan.models.usul import FotoUsul, RiwayatUsul, Usul

__all__ = [
    "BERJALAN",
    "DINAS",
    "KEBUTUHAN",
    "KUASA_PEKA",
    "Aduan",
    "Berjam",
    "Bertiket",
    "FotoAduan",
    "FotoPerkara",
    "FotoUsul",
    "GangguanRahasia",
    "HakJawab",
    "HasilSanggah",
    "Instansi",
    "KategoriAduan",
    "Kedaruratan",
    "KejadianBencana",
    "KorbanKeluarga",
    "KunciInspektur",
    "KunciKantor",
    "LampiranRahasia",
    "LaporanRahasia",
    "Penyanggah",
    "PenyerahanBarang",
    "PerkaraSanggah",
    "PesanAduan",
    "PesanRahasia",
    "Piket",
    "RiwayatAduan",
    "RiwayatDarurat",
    "RiwayatSanggah",
    "RiwayatSanggahData",
    "RiwayatUsul",
    "Rujukan",
    "SalinanKunci",
    "Sanggah",
    "SanggahData",
    "SusulanDarurat",
    "TemplatJawaban",
    "Usul",
]
