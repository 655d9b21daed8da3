"""Addresses of the pages that people are led to: address, name, one sentence.

Written as paths because the pages belong to other apps. A page that does not answer is not offered (`ada`): a link
to nowhere is a defect, and a front page must come up even while one of the services is switched off.
"""

from functools import cache

from django.urls import Resolver404, resolve

from accounts.models import Pengguna

LACAK = "/lacak/"
PERIKSA = "/v/"
BANTUAN = "/bantuan/"
STATISTIK = "/statistik/"
ADUAN = "/aduan/"
DARURAT = "/darurat/"
RAHASIA = "/lapor-rahasia/"
DASBOR = "/dasbor/"

# The doors of the front page: what a person comes for, in his own words.
PINTU = (
    ("/cek/", "Cek bansos", "Apakah saya tercatat sebagai penerima?"),
    ("/usul/", "Usul", "Saya, keluarga, atau tetangga saya butuh bantuan."),
    ("/sanggah/", "Sanggah", "Ada penerima yang sebenarnya mampu. Nama Anda dirahasiakan."),
    (ADUAN, "Aduan", "Bantuan tidak cair, kartu hilang, atau pelayanan buruk."),
    (LACAK, "Lacak", "Saya punya nomor dan PIN. Sudah sampai mana?"),
)
LAYANAN = (
    (BANTUAN, "Tanya jawab", "Satu halaman untuk satu pertanyaan, dengan kata-kata sederhana."),
    ("/pengumuman/", "Pengumuman penerima", "Daftar penerima di desa Anda. Namanya disamarkan."),
    (
        "/pengumuman/kuota/",
        "Perubahan kuota",
        "Berapa tempat tiap bantuan, siapa yang mengubahnya, dan mengapa.",
    ),
    (PERIKSA, "Periksa keaslian surat", "Pastikan SK atau surat itu asli dan masih berlaku."),
    (STATISTIK, "Angka untuk umum", "Berapa yang diusulkan dan ditetapkan di tiap wilayah."),
    ("/wilayah/pilih/", "Daftar wilayah", "Kode dan nama provinsi sampai desa."),
)

TAUTAN_BAWAH = (
    (LACAK, "Lacak"),
    (PERIKSA, "Periksa surat"),
    (BANTUAN, "Bantuan"),
    (STATISTIK, "Angka untuk umum"),
    ("/wilayah/pilih/", "Daftar wilayah"),
)

# The pages of the staff by what they are about. Label, address, powers (any of them), widest level of area that the page
# is useful for. What has no group stands in the bar itself.
_MENU = (
    ("", (("Dasbor", DASBOR, (), 6),)),
    (
        "Pendataan",
        (
            ("Usulan", "/usulan/", ("usulan.lihat", "usulan.buat"), 6),
            ("Usul warga", "/usul-warga/", ("usul.proses", "usul.lihat"), 6),
            ("Keluarga", "/keluarga/", ("keluarga.lihat",), 6),
            ("Musyawarah", "/musyawarah/", ("musyawarah.lihat",), 6),
            ("Asesmen", "/asesmen/", ("usulan.ases",), 6),
            ("Bagi kunjungan", "/asesmen/bagi/", ("usulan.tugaskan",), 6),
            ("Sampel kunjungan", "/asesmen/sampel/", ("sampel.lihat",), 3),
            ("Padan NIK", "/padan/", ("padan.lihat",), 6),
            (
                "Impor",
                "/impor/",
                (
                    "impor.usulan",
                    "impor.hasil_penetapan",
                    "impor.status_salur",
                    "impor.lapor",
                    "impor.pengecualian",
                ),
                6,
            ),
            ("Verifikasi", "/verifikasi/", ("usulan.tugaskan", "usulan.verifikasi", "usulan.sahkan"), 6),
            ("Penetapan", "/penetapan/", ("penetapan.lihat",), 2),
            ("Jadwal", "/periode/", (), 6),
        ),
    ),
    (
        "Program",
        (
            ("Program", "/program/", ("acuan.lihat", "kelayakan.lihat"), 6),
            ("Kuota", "/kuota/", ("kuota.usulkan", "kuota.putus", "kuota.isi", "kelayakan.lihat"), 2),
            ("Kelayakan", "/kelayakan/", ("kelayakan.verifikasi", "kelayakan.pantau"), 6),
            ("Penyaluran", "/penyaluran/", ("penyaluran.lihat",), 6),
            ("Graduasi", "/graduasi/", ("graduasi.lihat",), 6),
            ("Tinjauan penerima", "/tinjauan/", ("tinjauan.putus", "tinjauan.lihat", "tinjauan.jawab"), 6),
            (
                "Pengecualian",
                "/pengecualian/",
                ("pengecualian.lihat", "pengecualian.sanggah", "pengecualian.putus"),
                6,
            ),
            ("Pengumuman", "/pengumuman/kelola/", ("pengumuman.kelola",), 6),
            ("Serah data", "/serah/", ("serah.minta", "serah.setujui"), 6),
            ("Persetujuan unduh", "/unduhan/izin/", ("ekspor.setujui",), 6),
        ),
    ),
    (
        "Warga",
        (
            ("Pengaduan", "/pengaduan/", ("aduan.lihat", "aduan.proses", "aduan.tangani", "aduan.catat"), 6),
            ("Kedaruratan", "/kedaruratan/", ("darurat.lihat", "darurat.lapor"), 6),
            (
                "Surat di loket",
                "/surat/",
                ("surat.ajukan", "surat.periksa", "surat.tanda_tangan", "surat.lihat"),
                6,
            ),
            (
                "Reaktivasi PBI",
                "/pbi/",
                ("pbi.ajukan", "pbi.verifikasi", "pbi.rekomendasi", "pbi.kirim", "pbi.hasil", "pbi.lihat"),
                6,
            ),
            ("Hak atas data", "/hak/", ("hak.catat", "hak.nilai", "hak.putus", "hak.lihat"), 6),
            ("Keberatan", "/keberatan/", ("keberatan.ajukan", "keberatan.putus", "keberatan.lihat"), 6),
            ("Sanggah", "/sanggah/perkara/", ("sanggah.kelola", "sanggah.putus", "sanggah.lihat"), 6),
            ("Tugas sanggah", "/sanggah/tugas/", ("usulan.ases",), 6),
            ("Hak jawab", "/sanggah/surat/", ("sanggah.sampaikan",), 6),
            ("Laporan rahasia", "/pengaduan/rahasia/", ("rahasia.baca",), 6),
        ),
    ),
    (
        "Laporan",
        (("Laporan", "/laporan/", ("laporan.lihat",), 6), ("Jejak audit", "/jejak/", ("jejak.lihat",), 6)),
    ),
    (
        "Pengaturan",
        (
            ("Pengguna", "/pengguna/", ("pengguna.kelola",), 6),
            ("Kunci API", "/kunci-api/", ("kunci_api.kelola", "kunci_api.setujui"), 6),
            ("Pekerjaan", "/pekerjaan/", ("pekerjaan.lihat",), 6),
        ),
    ),
)
_SEBARIS = 6  # so many links need no groups

Tautan = tuple[str, str, bool]


def yang_ada(daftar: tuple[tuple[str, ...], ...]) -> list[tuple[str, ...]]:
    """Those of the lines whose address (first word) answers."""
    return [satu for satu in daftar if ada(satu[0])]


@cache
def ada(path: str) -> bool:
    """Does the portal answer at this address? Addresses do not change while it runs."""
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def menu(user: Pengguna, kini: str) -> list[tuple[str, list[Tautan]]]:
    """[(group, [(label, url, active)])] for the header; `kini` is the path of the request. The links of a group without
    a name stand in the bar itself: the dashboard, a group of one page, and all of them for somebody who has few.
    """
    semua = _menu(user, kini)
    if sum(len(isi) for _, isi in semua) <= _SEBARIS:
        return [("", [satu for _, isi in semua for satu in isi])]
    return [(nama if len(isi) > 1 else "", isi) for nama, isi in semua]


def menu_kelompok(user: Pengguna) -> list[tuple[str, list[Tautan]]]:
    """As `menu`, for the dashboard's own list: every page but the dashboard, under the names of their groups."""
    return [(nama, isi) for nama, isi in _menu(user, "") if nama]


def _menu(user: Pengguna, kini: str) -> list[tuple[str, list[Tautan]]]:
    """Of two pages whose addresses begin like the request the longer one is active: /asesmen/bagi/, not /asesmen/."""
    hasil = [
        (nama, [(label, url) for label, url, *syarat in isi if _boleh(user, *syarat) and ada(url)])
        for nama, isi in _MENU
    ]
    aktif = max((url for _, isi in hasil for _, url in isi if kini.startswith(url)), key=len, default="")
    return [(nama, [(label, url, url == aktif) for label, url in isi]) for nama, isi in hasil if isi]


def _boleh(user: Pengguna, kuasa: tuple[str, ...], tingkat: int) -> bool:
    """Decrees cover a whole kabupaten, so their page is offered only to people whose area is that wide (32.05: level 2)."""
    return not kuasa or any(kode.count(".") < tingkat for k in kuasa for kode in user.cakupan(k))
