"""The line of a proposal (usulan) and of a deliberation (musyawarah), as data. Diagram: docs/alur.md (generated)."""

from core.workflow import Alur, Keadaan, Langkah

_TERBUKA = (
    "draf", "diajukan", "dimusyawarahkan", "disepakati", "diinput", "ditugaskan", "diases", "terverifikasi", "disahkan", "dikirim",
)  # fmt: skip


def _holders(nama: str, label: str, tujuan: str, per_status: dict[str, str]) -> tuple[Langkah, ...]:
    """One side step for every state, open to whoever holds the case there."""
    return tuple(
        Langkah(nama, (dari,), (tujuan,), kuasa, label, perlu_alasan=True)
        for dari, kuasa in per_status.items()
    )


# States in which the desk of the Dinas decides, and its decisions that the one who took them may take back at once.
MEJA = ("diinput", "diases", "terverifikasi")
ANTREAN = ("diinput", "ditugaskan", "diases", "terverifikasi")  # what waits at the Dinas
DIURUNGKAN = ("verifikasi", "kembalikan", "tolak", "tunda")


def _dengan_urungkan(langkah: tuple[Langkah, ...]) -> tuple[Langkah, ...]:
    """The steps, and one reversing arrow for each end of a decision of the desk."""
    balik: dict[str, set[str]] = {}
    for satu in langkah:
        if satu.nama in DIURUNGKAN:
            for dari in set(satu.sumber) & set(MEJA):
                for ke in satu.tujuan:
                    balik.setdefault(ke, set()).add(dari)
    return (
        *langkah,
        *(
            Langkah("urungkan", (ke,), tuple(sorted(dari)), "usulan.lihat", "Urungkan", ("belum_berubah",))
            for ke, dari in balik.items()
        ),
    )


USULAN = Alur(
    nama="usulan",
    awal="draf",
    keadaan=(
        Keadaan("draf", "Draf", "RT/RW atau operator desa", "netral"),
        Keadaan("diajukan", "Diajukan ke desa", "Operator desa", "tunggu"),
        Keadaan("dimusyawarahkan", "Dibahas di musyawarah", "Operator desa dan lurah/kades", "proses"),
        Keadaan("disepakati", "Disepakati musyawarah", "Operator desa", "proses"),
        Keadaan("diinput", "Lengkap, dikirim ke Dinsos", "Verifikator Dinsos", "tunggu"),
        Keadaan("ditugaskan", "Menunggu kunjungan", "Petugas lapangan (TKSK)", "tunggu"),
        Keadaan("diases", "Sudah dikunjungi", "Verifikator Dinsos", "tunggu"),
        Keadaan("terverifikasi", "Lolos verifikasi", "Kepala Dinas", "tunggu"),
        Keadaan("disahkan", "Disahkan Kepala Dinas", "Supervisor Dinsos", "proses"),
        Keadaan("dikirim", "Dikirim untuk penetapan", "Penetap (Kepala Dinas atau Pusdatin)", "tunggu"),
        Keadaan("ditetapkan", "Ditetapkan sebagai penerima", "", "baik", akhir=True),
        Keadaan("tidak_ditetapkan", "Tidak ditetapkan", "", "buruk", akhir=True),
        Keadaan("daftar_tunggu", "Daftar tunggu (kuota)", "", "tunggu", akhir=True),
        Keadaan("ditolak", "Ditolak", "", "buruk", akhir=True),
        Keadaan("ditunda", "Ditunda", "Yang menunda", "netral"),
        Keadaan("ditarik", "Ditarik pengusul", "", "netral", akhir=True),
    ),
    langkah=_dengan_urungkan((
        Langkah("ajukan", ("draf",), ("diajukan",), "usulan.ajukan", "Ajukan ke desa",
                ("isian_awal",), peran_orang="pengusul_orang_id"),
        Langkah("musyawarahkan", ("diajukan",), ("dimusyawarahkan",), "usulan.musyawarahkan", "Bawa ke musyawarah",
                ("agenda_atau_sptjm",)),
        Langkah("sepakati", ("dimusyawarahkan",), ("disepakati",), "usulan.sepakati", "Catat kesepakatan",
                ("berita_acara_atau_sptjm",)),
        Langkah("input", ("disepakati",), ("diinput",), "usulan.input", "Kirim ke Dinsos",
                ("tanpa_perbaikan", "formulir_lengkap", "padan_diminta")),
        Langkah("tugaskan", ("diinput",), ("ditugaskan",), "usulan.tugaskan", "Tugaskan petugas lapangan",
                ("petugas_dipilih",)),
        # Another officer for the same visit; nobody to be met after enough visits; spared by the month's draw (ADR 0016).
        Langkah("alihkan", ("ditugaskan",), ("ditugaskan",), "usulan.tugaskan", "Alihkan ke petugas lain",
                ("petugas_dipilih",), perlu_alasan=True),
        Langkah("tidak_ditemui", ("ditugaskan",), ("diinput",), "usulan.ases", "Kembalikan, keluarga tidak bisa dikunjungi",
                ("kunjungan_habis",)),
        Langkah("lewati_kunjungan", ("diinput", "ditugaskan"), ("diases",), "sampel.kelola", "Lewati kunjungan (sampel)",
                ("boleh_dilewati",)),
        Langkah("ases", ("ditugaskan",), ("diases",), "usulan.ases", "Selesaikan asesmen",
                ("asesmen_lengkap",), peran_orang="asesor_orang_id"),
        Langkah("verifikasi", ("diases",), ("terverifikasi",), "usulan.verifikasi", "Nyatakan lolos verifikasi",
                ("asesmen_layak", "sampel_sah", "padan_semua", "tanpa_bendera"), peran_orang="verifikator_orang_id"),
        Langkah("sahkan", ("terverifikasi",), ("disahkan",), "usulan.sahkan", "Sahkan",
                ("tanpa_bendera",), peran_orang="pengesah_orang_id"),
        Langkah("kirim", ("disahkan",), ("dikirim",), "usulan.kirim", "Kirim untuk penetapan", ("tanpa_bendera",)),
        Langkah("tetapkan", ("dikirim",), ("ditetapkan", "tidak_ditetapkan", "daftar_tunggu"), "usulan.tetapkan",
                "Tetapkan", ("tanpa_bendera", "susulan_tuntas")),
        # Sent back to a named earlier state, with a reason.
        Langkah("kembalikan", ("diajukan",), ("draf",), "usulan.musyawarahkan", "Kembalikan", perlu_alasan=True),
        Langkah("kembalikan", ("dimusyawarahkan",), ("diajukan", "draf"), "usulan.sepakati", "Kembalikan", perlu_alasan=True),
        Langkah("kembalikan", ("disepakati",), ("dimusyawarahkan", "draf"), "usulan.input", "Kembalikan", perlu_alasan=True),
        Langkah("kembalikan", ("diinput",), ("disepakati", "draf"), "usulan.tugaskan", "Kembalikan", perlu_alasan=True),
        Langkah("kembalikan", ("ditugaskan",), ("diinput",), "usulan.tugaskan", "Kembalikan", perlu_alasan=True),
        Langkah("kembalikan", ("diases",), ("ditugaskan", "diinput", "disepakati", "draf"), "usulan.verifikasi", "Kembalikan", perlu_alasan=True),
        Langkah("kembalikan", ("terverifikasi",), ("diases", "ditugaskan", "diinput"), "usulan.sahkan", "Kembalikan", perlu_alasan=True),
        Langkah("kembalikan", ("disahkan",), ("terverifikasi", "diases"), "usulan.kirim", "Kembalikan", perlu_alasan=True),
        Langkah("kembalikan", ("dikirim",), ("terverifikasi", "diases", "diinput"), "usulan.kirim", "Kembalikan", perlu_alasan=True),
        *_holders("tolak", "Tolak", "ditolak", {
            "diajukan": "usulan.musyawarahkan", "dimusyawarahkan": "usulan.sepakati", "diinput": "usulan.tugaskan",
            "diases": "usulan.verifikasi", "terverifikasi": "usulan.sahkan",
        }),
        *_holders("tunda", "Tunda", "ditunda", {
            "diajukan": "usulan.musyawarahkan", "dimusyawarahkan": "usulan.sepakati", "disepakati": "usulan.input",
            "diinput": "usulan.tugaskan", "ditugaskan": "usulan.tugaskan", "diases": "usulan.verifikasi",
            "terverifikasi": "usulan.sahkan", "disahkan": "usulan.kirim", "dikirim": "usulan.kirim",
        }),
        # Back to the state it was postponed in (the trigger and the policy see to that).
        Langkah("lanjutkan", ("ditunda",),
                ("diajukan", "dimusyawarahkan", "disepakati", "diinput", "ditugaskan", "diases", "terverifikasi", "disahkan", "dikirim"),
                "usulan.lanjutkan", "Lanjutkan"),
        # A berita acara perbaikan undoes a rejection by the meeting; nothing else does (the policy sees to that).
        # An objection that was granted opens it again where it was rejected (bansos.actions.keberatan).
        Langkah("buka_kembali", ("ditolak",), ("diajukan", "diinput"), "keberatan.putus", "Buka kembali atas keberatan"),
        Langkah("pulihkan", ("ditolak",), ("dimusyawarahkan",), "usulan.sepakati", "Pulihkan karena berita acara diperbaiki"),
        Langkah("tarik", ("draf", "diajukan", "dimusyawarahkan", "disepakati", "diinput", "ditugaskan", "diases", "terverifikasi"),
                ("ditarik",), "usulan.tarik", "Tarik usulan", perlu_alasan=True),
    )),
)  # fmt: skip

# States in which the proposal still moves; an index and the one-open-proposal constraint use the list.
USULAN_TERBUKA = (*_TERBUKA, "ditunda")

MUSYAWARAH = Alur(
    nama="musyawarah",
    awal="dijadwalkan",
    keadaan=(
        Keadaan("dijadwalkan", "Dijadwalkan", "Operator desa", "tunggu"),
        Keadaan("terlaksana", "Terlaksana, menunggu tanda tangan", "Operator desa", "proses"),
        Keadaan("ditandatangani", "Ditandatangani, menunggu persetujuan", "Lurah/kepala desa", "tunggu"),
        Keadaan("disetujui", "Berita acara disetujui", "", "baik", akhir=True),
        Keadaan("dibatalkan", "Dibatalkan", "", "netral", akhir=True),
    ),
    langkah=(
        Langkah("selenggarakan", ("dijadwalkan",), ("terlaksana",), "musyawarah.kelola", "Tutup musyawarah dan buat berita acara",
                ("sudah_waktunya", "kuorum", "putusan_lengkap", "perbaikan_mungkin")),
        Langkah("tandatangani", ("terlaksana",), ("ditandatangani",), "musyawarah.kelola", "Unggah berita acara bertanda tangan",
                ("pindaian_ada",)),
        Langkah("setujui", ("ditandatangani",), ("disetujui",), "musyawarah.setujui", "Setujui berita acara",
                ("pindaian_ada", "perbaikan_mungkin")),
        Langkah("kembalikan", ("ditandatangani",), ("terlaksana",), "musyawarah.setujui", "Kembalikan", perlu_alasan=True),
        Langkah("batalkan", ("dijadwalkan",), ("dibatalkan",), "musyawarah.kelola", "Batalkan", ("agenda_kosong",), perlu_alasan=True),
    ),
)  # fmt: skip

# Steps that take a proposal on.
MAJU = (
    "ajukan",
    "musyawarahkan",
    "sepakati",
    "input",
    "tugaskan",
    "ases",
    "verifikasi",
    "sahkan",
    "kirim",
    "tetapkan",
)

# Which closing moment of a period a proposal in this state has to meet (domain.md §1.4): the village first, then the
# Dinas. A proposal that was sent for determination has made its period; a postponed one keeps it until the data is pulled.
BATAS_STATUS = {
    "draf": "tutup_input",
    "diajukan": "tutup_musdes", "dimusyawarahkan": "tutup_musdes", "disepakati": "tutup_musdes",
    "diinput": "tutup_verifikasi", "ditugaskan": "tutup_verifikasi", "diases": "tutup_verifikasi",
    "terverifikasi": "tutup_pengesahan",
    "disahkan": "tarik_pusat", "ditunda": "tarik_pusat",
}  # fmt: skip
