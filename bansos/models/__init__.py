"""Programmes, endorsement (batches of three desks, surat pengesahan), determinations (SK) and eligibility lists."""

from bansos.models.aturan import AturanProgram, PercobaanAturan
from bansos.models.batch import (
    TIGA_MEJA,
    BarisBatch,
    BatchPengesahan,
    BatchQuerySet,
    Pengiriman,
    RiwayatBatch,
)
from bansos.models.cek import CekBansos, CekGaram
from bansos.models.daftar import (
    BarisDaftar,
    BarisDaftarQuerySet,
    DaftarKelayakan,
    DaftarKelayakanQuerySet,
    SebabDaftar,
)
from bansos.models.dasar import (
    AlasanKelayakan,
    BarisPenetapan,
    Kelayakan,
    KelayakanQuerySet,
    Penetapan,
    PenetapanQuerySet,
    Pengesahan,
    PengesahanQuerySet,
    PengesahanUsulan,
    Program,
    VerifikasiKelayakan,
    VerifikasiKelayakanQuerySet,
)
from bansos.models.graduasi import Graduasi, GraduasiQuerySet, PantauMandiri
from bansos.models.keberatan import KUASA_LIHAT, Keberatan, KeberatanQuerySet, RiwayatKeberatan
from bansos.models.kuota import (
    Kuota,
    KuotaQuerySet,
    PengisianKuota,
    PengisianKuotaQuerySet,
    PerubahanKuota,
    PerubahanKuotaQuerySet,
)
from bansos.models.massal import BarisMassal, TindakanMassal, TindakanMassalQuerySet
from bansos.models.pbi import (
    KUASA_BERKAS_PBI,
    KUASA_PBI,
    PbiNonaktif,
    PbiNonaktifQuerySet,
    ReaktivasiPBI,
    ReaktivasiQuerySet,
    RiwayatReaktivasi,
)
from bansos.models.pbi_aktif import PbiAktif
from bansos.models.pengecualian import (
    ButirPengecualian,
    ButirPengecualianQuerySet,
    SanggahButir,
    SanggahButirQuerySet,
    SumberPengecualian,
)
from bansos.models.pengumuman import Pengumuman, PengumumanQuerySet
from bansos.models.penyaluran import (
    Penyaluran,
    PenyaluranQuerySet,
    RiwayatPenyaluran,
    RiwayatPenyaluranQuerySet,
    StatusSalur,
)
from bansos.models.serah import PermintaanData, SerahData
from bansos.models.surat import KUASA_SURAT, PermohonanSurat, PermohonanSuratQuerySet, RiwayatSurat
from bansos.models.tinjauan import KUASA_TINJAUAN, RiwayatTinjauan, TinjauanPenerima, TinjauanQuerySet

__all__ = [
    "KUASA_BERKAS_PBI",
    "KUASA_LIHAT",
    "KUASA_PBI",
    "KUASA_SURAT",
    "KUASA_TINJAUAN",
    "TIGA_MEJA",
    "AlasanKelayakan",
    "AturanProgram",
    "BarisBatch",
    "BarisDaftar",
    "BarisDaftarQuerySet",
    "BarisMassal",
    "BarisPenetapan",
    "BatchPengesahan",
    "BatchQuerySet",
    "ButirPengecualian",
    "ButirPengecualianQuerySet",
    "CekBansos",
    "CekGaram",
    "DaftarKelayakan",
    "DaftarKelayakanQuerySet",
    "Graduasi",
    "GraduasiQuerySet",
    "Keberatan",
    "KeberatanQuerySet",
    "Kelayakan",
    "KelayakanQuerySet",
    "Kuota",
    "KuotaQuerySet",
    "PantauMandiri",
    "PbiAktif",
    "PbiNonaktif",
    "PbiNonaktifQuerySet",
    "Penetapan",
    "PenetapanQuerySet",
    "Pengesahan",
    "PengesahanQuerySet",
    "PengesahanUsulan",
    "Pengiriman",
    "PengisianKuota",
    "PengisianKuotaQuerySet",
    "Pengumuman",
    "PengumumanQuerySet",
    "Penyaluran",
    "PenyaluranQuerySet",
    "PercobaanAturan",
    "PermintaanData",
    "PermohonanSurat",
    "PermohonanSuratQuerySet",
    "PerubahanKuota",
    "PerubahanKuotaQuerySet",
    "Program",
    "ReaktivasiPBI",
    "ReaktivasiQuerySet",
    "RiwayatBatch",
    "RiwayatKeberatan",
    "RiwayatPenyaluran",
    "RiwayatPenyaluranQuerySet",
    "RiwayatReaktivasi",
    "RiwayatSurat",
    "RiwayatTinjauan",
    "SanggahButir",
    "SanggahButirQuerySet",
    "SebabDaftar",
    "SerahData",
    "StatusSalur",
    "SumberPengecualian",
    "TindakanMassal",
    "TindakanMassalQuerySet",
    "TinjauanPenerima",
    "TinjauanQuerySet",
    "VerifikasiKelayakan",
    "VerifikasiKelayakanQuerySet",
]
