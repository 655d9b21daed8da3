"""Every table that holds something about a family: what of it its people get a copy of, and what an erasure does with it.

One line for each table that leads to a family and has a personal column; a test fails on a table without a line.
`hapus`: 'buang' rows go; 'kosong' the columns of `isi` are overwritten and the row stays; 'tahan' a row here forbids to erase
the family, `sebab` tells why (the law that says so stands in the words); 'tetap' what stays names nobody.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import Model, QuerySet

from bansos.models import DaftarKelayakan

DIHAPUS = "Dihapus"
UANG = (
    "bantuan dari uang negara sudah diputus atau dibayar (UU 1/2004 dan UU 15/2004: bukti keuangan disimpan)"
)
PERKARA = (
    "ada perkara, keberatan, atau pengaduan yang menyangkut keluarga ini (UU 25/2009 dan UU 27/2022 Pasal 15)"
)
NASIONAL = "data ini bagian dari data nasional yang wajib dikelola pemerintah (UU 13/2011 dan UU 27/2022 Pasal 20 ayat (2) huruf e)"
ORANG_LAIN = "datanya menyangkut keluarga lain juga (UU 27/2022 Pasal 15)"
KEPENDUDUKAN = "ini catatan peristiwa kependudukan dengan surat resminya (UU 23/2006)"
SURAT = "ada surat resmi bernomor yang terbit atau diminta (UU 43/2009 tentang Kearsipan)"
# Until when, as the person is told. The days themselves are the archive schedule (JRA) of the daerah, which no law fixes.
SAMPAI: dict[str, str] = {
    UANG: "Sampai masa simpan bukti keuangan dalam jadwal retensi arsip daerah habis.",
    PERKARA: "Sampai perkaranya selesai dan masa simpannya dalam jadwal retensi arsip daerah habis.",
    NASIONAL: "Selama keluarga tercatat dalam data nasional.",
    ORANG_LAIN: "Selama data keluarga yang lain itu disimpan.",
    KEPENDUDUKAN: "Sampai masa simpan suratnya dalam jadwal retensi arsip daerah habis.",
    SURAT: "Sampai masa simpan suratnya dalam jadwal retensi arsip daerah habis.",
}


@dataclass(frozen=True)
class Tabel:
    """`jalan`: lookup from a row to its family; `orang`: lookup to the person, where a row is about one person.
    `salin`: heading in the copy, '' = not in it. `berkas`: columns with files that go with the row."""

    label: str
    jalan: str
    hapus: str
    orang: str = ""
    salin: str = ""
    sebab: str = ""
    isi: dict[str, Any] = field(default_factory=dict)
    berkas: tuple[str, ...] = ()

    @property
    def model(self) -> type[Model]:
        return apps.get_model(self.label)

    def milik(self, keluarga: Any) -> QuerySet[Any]:
        rows = self.model._default_manager.filter(**{self.jalan: keluarga})
        # Its only index begins with the list: millions of rows are not read for one family.
        return (
            rows.filter(daftar__in=list(DaftarKelayakan.objects.order_by("pk").values_list("pk", flat=True)))
            if self.label == "bansos.BarisDaftar"
            else rows
        )


_KELUARGA_KOSONG: dict[str, Any] = {
    "no_kk": None, "no_kk_indeks": None, "telepon": None, "telepon_indeks": None, "nama_kepala": DIHAPUS, "alamat": "-", "rt": "000",
    "rw": "000", "alamat_kk": "", "lintang": None, "bujur": None, "akurasi_m": None, "patokan": "", "adat": None, "nama_suku": "",
    "bantuan": None, "tanda": [], "status": "nonaktif",
}  # fmt: skip
_INDIVIDU_KOSONG: dict[str, Any] = {
    "nik": None, "nik_indeks": None, "tanpa_nik_alasan": "Dihapus atas permintaan", "nama": DIHAPUS, "kunci_nama": "", "tempat_lahir": "",
    "tgl_lahir": date(1900, 1, 1), "jenis_kelamin": "", "status_kawin": "", "ibu_kandung": DIHAPUS, "keberadaan": "", "alamat_capil": "",
    "identitas": None, "partisipasi_sekolah": "", "jenjang": "", "kelas": "", "ijazah": "", "bekerja": None, "pekerjaan": None,
    "lapangan_usaha": "", "status_kerja": "", "pendapatan": "", "keterampilan": None, "usaha_jumlah": None, "usaha_lapangan": "",
    "usaha_izin": None, "usaha_omzet": "", "disabilitas": "", "punya_perawat": None, "jamkes": "", "hambatan": None,
    "penyakit_menahun": "", "gizi": "", "hamil": None, "hamil_sejak": None, "aktif": False, "nonaktif_alasan": "DIHAPUS", "padan": "BELUM",
    "padan_at": None, "tanda": [],
}  # fmt: skip
# What was given by consent only: the only part that anybody may have erased at any time (UU 27/2022 Pasal 9).
PERSETUJUAN: dict[str, dict[str, Any]] = {
    "dtks.Keluarga": {k: _KELUARGA_KOSONG[k] for k in ("telepon", "telepon_indeks", "lintang", "bujur", "akurasi_m", "patokan")},
    "dtks.Asesmen": {"lintang": None, "bujur": None, "akurasi_m": None},
}  # fmt: skip
FOTO = ("dtks.FotoKeluarga", "dtks.FotoAsesmen")
VERSI = "dtks.VersiKeluarga"

# In the order in which rows go: who points to others before them.
TABEL: tuple[Tabel, ...] = (
    Tabel("dtks.FotoAsesmen", "asesmen__usulan__keluarga", "buang", berkas=("berkas",)),
    Tabel("dtks.FotoKeluarga", "keluarga", "buang", berkas=("berkas",)),
    Tabel("dtks.VersiKeluarga", "keluarga", "buang"),
    Tabel("dtks.Aset", "keluarga", "buang", salin="Yang dimiliki keluarga"),
    Tabel("dtks.Rumah", "keluarga", "buang", salin="Rumah"),
    Tabel("dtks.AnggotaPPKS", "individu__keluarga", "buang", orang="individu"),
    Tabel("dtks.HasilPadan", "individu__keluarga", "buang", orang="individu", salin="Pengecekan NIK ke Dukcapil"),
    Tabel("dtks.TiketPadan", "individu__keluarga", "kosong", orang="individu",
          isi={"catatan": "", "keterangan": "", "pengecualian_alasan": DIHAPUS, "sidik": ""}),
    Tabel("dtks.BarisSuratPadan", "tiket__individu__keluarga", "tetap"),
    Tabel("dtks.Asesmen", "usulan__keluarga", "kosong", salin="Kunjungan petugas",
          isi={"lintang": None, "bujur": None, "akurasi_m": None, "catatan": ""}),
    Tabel("dtks.PutusanMusyawarah", "usulan__keluarga", "kosong", salin="Putusan musyawarah", isi={"alasan": DIHAPUS, "keberatan": ""}),
    Tabel("dtks.PermintaanAlih", "usulan__keluarga", "kosong", isi={"catatan": DIHAPUS}),
    Tabel("dtks.RiwayatUsulan", "usulan__keluarga", "kosong", isi={"catatan": "", "rincian": None}),
    Tabel("dtks.PernyataanKerabat", "bendera__usulan__keluarga", "tetap"),
    Tabel("dtks.Bendera", "usulan__keluarga", "kosong", isi={"kalimat": DIHAPUS, "alasan_tutup": DIHAPUS}),
    Tabel("dtks.Usulan", "keluarga", "kosong", salin="Usulan", isi={"alasan_usul": "", "sptjm": None}, berkas=("sptjm",)),
    Tabel("dtks.Individu", "keluarga", "kosong", orang="pk", salin="Data diri", isi=_INDIVIDU_KOSONG),
    Tabel("dtks.Keluarga", "pk", "kosong", salin="Data keluarga", isi=_KELUARGA_KOSONG),
    # kept by law: each is a reason why a family cannot be erased as a whole
    Tabel("dtks.Desil", "keluarga", "tahan", salin="Peringkat kesejahteraan (desil) dari BPS", sebab=NASIONAL),
    Tabel("dtks.HasilSiks", "individu__keluarga", "tahan", orang="individu", sebab=NASIONAL),
    Tabel("dtks.TemuanGanda", "keluarga", "tahan", sebab=ORANG_LAIN),
    Tabel("dtks.CalonGanda", "pertama__keluarga", "tahan", sebab=ORANG_LAIN),
    Tabel("dtks.Penggabungan", "utama__keluarga", "tahan", sebab=ORANG_LAIN),
    Tabel("dtks.PermintaanPindah", "keluarga", "tahan", sebab=KEPENDUDUKAN),
    Tabel("dtks.Peristiwa", "keluarga", "tahan", salin="Peristiwa keluarga", sebab=KEPENDUDUKAN),
    Tabel("bansos.Kelayakan", "keluarga", "tahan", sebab=UANG),
    Tabel("bansos.VerifikasiKelayakan", "keluarga", "tahan", salin="Verifikasi kelayakan", sebab=UANG),
    Tabel("bansos.BarisDaftar", "keluarga", "tahan", salin="Daftar kelayakan program", sebab=UANG),
    Tabel("bansos.Graduasi", "keluarga", "tahan", salin="Graduasi", sebab=UANG),
    Tabel("bansos.PantauMandiri", "keluarga", "tahan", salin="Pemantauan sesudah graduasi", sebab=UANG),
    Tabel("bansos.PengisianKuota", "keluarga", "tahan", salin="Tempat kuota", sebab=UANG),
    Tabel("bansos.Penyaluran", "keluarga", "tahan", salin="Pembayaran bantuan", sebab=UANG),
    Tabel("bansos.RiwayatPenyaluran", "penyaluran__keluarga", "tahan", sebab=UANG),
    Tabel("bansos.TinjauanPenerima", "keluarga", "tahan", salin="Tinjauan penerima", sebab=UANG),
    Tabel("bansos.RiwayatTinjauan", "tinjauan__keluarga", "tahan", sebab=UANG),
    Tabel("bansos.PengesahanUsulan", "usulan__keluarga", "tahan", sebab=UANG),
    Tabel("bansos.BarisPenetapan", "usulan__keluarga", "tahan", salin="Penetapan bantuan (SK)", sebab=UANG),
    Tabel("bansos.BarisBatch", "usulan__keluarga", "tahan", sebab=UANG),
    Tabel("bansos.BarisMassal", "usulan__keluarga", "tetap"),
    Tabel("bansos.Keberatan", "usulan__keluarga", "tahan", salin="Keberatan", sebab=PERKARA),
    Tabel("bansos.RiwayatKeberatan", "keberatan__usulan__keluarga", "tahan", sebab=PERKARA),
    Tabel("bansos.PbiNonaktif", "individu__keluarga", "tahan", orang="individu", salin="PBI nonaktif", sebab=NASIONAL),
    Tabel("bansos.PbiAktif", "nonaktif__individu__keluarga", "tahan", orang="nonaktif__individu", sebab=NASIONAL),
    Tabel("bansos.ReaktivasiPBI", "individu__keluarga", "tahan", orang="individu", salin="Reaktivasi PBI", sebab=UANG),
    Tabel("bansos.RiwayatReaktivasi", "reaktivasi__individu__keluarga", "tahan", orang="reaktivasi__individu", sebab=UANG),
    Tabel("bansos.SanggahButir", "individu__keluarga", "tahan", orang="individu", salin="Sanggah daftar pengecualian", sebab=PERKARA),
    Tabel("bansos.PermohonanSurat", "individu__keluarga", "tahan", orang="individu", salin="Surat di loket",
          sebab=SURAT),
    Tabel("bansos.RiwayatSurat", "permohonan__individu__keluarga", "tahan", orang="permohonan__individu",
          sebab=SURAT),
    # cases with a reporter, an objector or an investigator: never in a copy
    Tabel("pengaduan.KorbanKeluarga", "keluarga", "tahan", sebab=PERKARA),
    Tabel("pengaduan.PerkaraSanggah", "keluarga", "tahan", sebab=PERKARA),
    Tabel("pengaduan.RiwayatSanggah", "perkara__keluarga", "tahan", sebab=PERKARA),
    Tabel("pengaduan.FotoPerkara", "perkara__keluarga", "tahan", sebab=PERKARA),
    Tabel("pengaduan.HakJawab", "perkara__keluarga", "tahan", sebab=PERKARA),
    Tabel("pengaduan.HasilSanggah", "usulan__keluarga", "tahan", sebab=PERKARA),
    Tabel("pengaduan.Sanggah", "keluarga", "tahan", sebab=PERKARA),
    Tabel("pengaduan.Penyanggah", "sanggah__keluarga", "tahan", sebab=PERKARA),
    Tabel("pengaduan.SanggahData", "keluarga", "tahan", sebab=PERKARA),
    Tabel("pengaduan.RiwayatSanggahData", "sanggah__keluarga", "tahan", sebab=PERKARA),
    Tabel("pengaduan.Kedaruratan", "usulan__keluarga", "tahan", sebab=PERKARA),
    Tabel("pengaduan.RiwayatDarurat", "kedaruratan__usulan__keluarga", "tahan", sebab=PERKARA),
    Tabel("pengaduan.Rujukan", "kedaruratan__usulan__keluarga", "tahan", sebab=PERKARA),
    Tabel("pengaduan.SusulanDarurat", "kedaruratan__usulan__keluarga", "tahan", sebab=PERKARA),
    Tabel("pengaduan.Usul", "usulan__keluarga", "tahan", sebab=PERKARA),
    Tabel("pengaduan.RiwayatUsul", "usul__usulan__keluarga", "tahan", sebab=PERKARA),
    Tabel("pengaduan.FotoUsul", "usul__usulan__keluarga", "tahan", sebab=PERKARA),
    Tabel("portal.RiwayatHak", "permohonan__keluarga", "kosong", isi={"catatan": ""}),
    Tabel("portal.PermohonanHak", "keluarga", "kosong", orang="individu", salin="Permintaan atas data",
          isi={"pemohon": DIHAPUS, "uraian": "", "surat_kuasa": None}, berkas=("surat_kuasa",)),
    Tabel("portal.TahanHukum", "keluarga", "tetap"),
)  # fmt: skip
PER_LABEL = {t.label: t for t in TABEL}
