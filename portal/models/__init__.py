from portal.models.hak import KUASA_HAK, Pemusnahan, PermohonanHak, RiwayatHak, TahanHukum
from portal.models.laporan import Ringkasan, StatistikUmum

__all__ = [
    "KUASA_HAK",
    "Pemusnahan",
    "PermohonanHak",
    "Ringkasan",
    "RiwayatHak",
    "StatistikUmum",
    "TahanHukum",
]
