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

# Label, address, powers (any of them), widest level of area that the page is useful for.
_MENU = (
    ("Dasbor", "/dasbor/", (), 6),
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
        ("impor.usulan", "impor.hasil_penetapan", "impor.status_salur", "impor.lapor", "impor.pengecualian"),
        6,
    ),
    ("Kelayakan", "/kelayakan/", ("kelayakan.verifikasi", "kelayakan.pantau"), 6),
    ("Verifikasi", "/verifikasi/", ("usulan.tugaskan", "usulan.verifikasi", "usulan.sahkan"), 6),
    ("Penetapan", "/penetapan/", ("penetapan.lihat",), 2),
    ("Penyaluran", "/penyaluran/", ("penyaluran.lihat",), 6),
    ("Graduasi", "/graduasi/", ("graduasi.lihat",), 6),
    ("Kedaruratan", "/kedaruratan/", ("darurat.lihat", "darurat.lapor"), 6),
    (
        "PBI",
        "/pbi/",
        ("pbi.ajukan", "pbi.verifikasi", "pbi.rekomendasi", "pbi.kirim", "pbi.hasil", "pbi.lihat"),
        6,
    ),
    ("Surat", "/surat/", ("surat.ajukan", "surat.periksa", "surat.tanda_tangan", "surat.lihat"), 6),
    ("Tinjauan penerima", "/tinjauan/", ("tinjauan.putus", "tinjauan.lihat", "tinjauan.jawab"), 6),
    ("Keberatan", "/keberatan/", ("keberatan.ajukan", "keberatan.putus", "keberatan.lihat"), 6),
    ("Sanggah", "/sanggah/perkara/", ("sanggah.kelola", "sanggah.putus", "sanggah.lihat"), 6),
    ("Tugas sanggah", "/sanggah/tugas/", ("usulan.ases",), 6),
    ("Hak jawab", "/sanggah/surat/", ("sanggah.sampaikan",), 6),
    ("Pengumuman", "/pengumuman/kelola/", ("pengumuman.kelola",), 6),
    ("Pengaduan", "/pengaduan/", ("aduan.lihat", "aduan.proses", "aduan.tangani", "aduan.catat"), 6),
    ("Laporan", "/laporan/", ("laporan.lihat",), 6),
    ("Jadwal", "/periode/", (), 6),
    ("Program", "/program/", ("acuan.lihat", "kelayakan.lihat"), 6),
    ("Kuota", "/kuota/", ("kuota.usulkan", "kuota.putus", "kuota.isi", "kelayakan.lihat"), 2),
    (
        "Pengecualian",
        "/pengecualian/",
        ("pengecualian.lihat", "pengecualian.sanggah", "pengecualian.putus"),
        6,
    ),
    ("Serah data", "/serah/", ("serah.minta", "serah.setujui"), 6),
    ("Laporan rahasia", "/pengaduan/rahasia/", ("rahasia.baca",), 6),
    ("Jejak audit", "/jejak/", ("jejak.lihat",), 6),
    ("Pengguna", "/pengguna/", ("pengguna.kelola",), 6),
    ("Kunci API", "/kunci-api/", ("kunci_api.kelola", "kunci_api.setujui"), 6),
    ("Pekerjaan", "/pekerjaan/", ("pekerjaan.lihat",), 6),
)

# The same pages by what they are about, for the dashboard; one that is missing here stands under "Lainnya".
_KELOMPOK = {
    "Keluarga dan usulan": (
        "/usulan/", "/usul-warga/", "/keluarga/", "/musyawarah/", "/asesmen/", "/asesmen/bagi/", "/asesmen/sampel/", "/verifikasi/",
        "/penetapan/", "/padan/", "/impor/", "/periode/",
    ),
    "Program dan penerima": (
        "/program/", "/kuota/", "/pengecualian/", "/kelayakan/", "/penyaluran/", "/graduasi/", "/pbi/", "/tinjauan/", "/surat/", "/pengumuman/kelola/",
    ),
    "Warga bertanya dan mengadu": (
        "/keberatan/", "/sanggah/perkara/", "/sanggah/tugas/", "/sanggah/surat/", "/pengaduan/", "/kedaruratan/", "/pengaduan/rahasia/",
    ),
    "Angka dan pengawasan": ("/laporan/", "/jejak/"),
    "Pengaturan": ("/pengguna/", "/kunci-api/", "/pekerjaan/"),
}  # fmt: skip


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


def menu(user: Pengguna, kini: str) -> list[tuple[str, str, bool]]:
    """(label, url, active) for the header. `kini` is the path of the request. Decrees cover a whole kabupaten, so the
    page of decrees is offered only to people whose area is that wide (32.05 has five characters).
    """
    isi = []
    for label, url, kuasa, tingkat in _MENU:
        luas = [kode for k in kuasa for kode in user.cakupan(k)]
        if kuasa and not any(kode.count(".") < tingkat for kode in luas):
            continue
        if ada(url):
            isi.append((label, url, kini.startswith(url)))
    return isi


def menu_kelompok(user: Pengguna) -> list[tuple[str, list[tuple[str, str]]]]:
    """[(group, [(label, url)])]: everything of the header's menu but the dashboard, in groups."""
    isi = {url: label for label, url, _ in menu(user, "") if url != "/dasbor/"}
    hasil = [(nama, [(isi.pop(u), u) for u in semua if u in isi]) for nama, semua in _KELOMPOK.items()]
    return [(nama, satu) for nama, satu in (*hasil, ("Lainnya", [(v, k) for k, v in isi.items()])) if satu]
