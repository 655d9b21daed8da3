"""The catalogue of measures that a rule may speak of: what each is called, where it comes from and its SQL.

Nothing a user types becomes SQL: a rule names a measure by its code, an operator of its type and a value that is checked
against the type (`isi_aturan`). The SQL of a measure is written here, over these aliases: `k` family, `d` decile, `r` house,
`a` totals of its active members, `s` newest finished assessment, `t` programmes received by decree, `o` assets; for a person
`i`. A value that is not known is NULL, and no condition is met by it.
"""

from dataclasses import dataclass

ANGKA, YA, PILIHAN, DAFTAR = "angka", "ya", "pilihan", "daftar"
KELUARGA, INDIVIDU = "keluarga", "individu"
OPERATOR = {
    ANGKA: ("<=", ">=", "="),
    YA: ("ada", "tidak"),
    PILIHAN: ("=", "in"),
    DAFTAR: ("ada", "tidak", "in"),
}


@dataclass(frozen=True)
class Ukuran:
    """One measure. `dari`: the joins its SQL needs. `batas`: words for <= and >=. `ya`/`tidak`: how a yes and a no are said.

    `pilihan`: the list of KodeAcuan that its values come from, or ((value, label), …). `saran`: what would change it.
    """

    kode: str
    label: str
    level: str
    jenis: str
    sql: str
    sumber: str
    saran: str
    dari: tuple[str, ...] = ()
    satuan: str = ""
    batas: tuple[str, str] = ("paling banyak", "paling sedikit")
    ya: str = ""
    tidak: str = ""
    pilihan: str | tuple[tuple[str, str], ...] = ""
    rentang: tuple[int, int] = (0, 1000)

    @property
    def operator(self) -> tuple[str, ...]:
        return OPERATOR[self.jenis]


_PERBAIKI = "Bila datanya sudah lain, minta operator desa memperbarui data keluarga."
_RUMAH = "Bila keadaan rumah sudah lain, minta operator desa memperbarui data rumah."
_ANGGOTA = "Bila keadaan anggota sudah lain, minta operator desa memperbarui data anggota."
_REGISTER = "data keluarga di portal"

# How bad a house is, by the code list the answers were given in; the eight criteria of Kepmensos 262/HUK/2022 (domain.md §5.1).
_LANTAI = "(r.lantai in ('7', '8'))"
_DINDING = "(r.dinding in ('2', '3', '4', '5', '6'))"
_ATAP = "(r.atap in (case when r.versi_kode = 'REGSOSEK-2022' then '6' else '5' end, '7'))"
_JAMBAN = "(r.bab <> '1')"
_LISTRIK = "(r.penerangan = '4' or r.daya = '450')"
SKOR = f"""case when s.id is not null then
    (s.tidak_bekerja is true)::int + (s.khawatir_makan is true)::int + (s.makan_dominan is true)::int + (s.tanpa_pakaian is true)::int
    + (s.lantai_tanah is true)::int + (s.dinding_buruk is true)::int + (s.tanpa_jamban is true)::int + (s.listrik_450 is true)::int
  else coalesce({_LANTAI}::int + {_DINDING}::int + {_JAMBAN}::int + {_LISTRIK}::int, 0) + (a.kepala_menganggur is true)::int end"""

SEMUA = (
    Ukuran(
        "desil", "Desil keluarga", KELUARGA, ANGKA, "d.desil", "peringkat DTSEN dari BPS",
        "Desil dihitung BPS tiap triwulan. Bila tidak sesuai keadaan, perbarui data keluarga atau ajukan sanggah data.",
        ("desil",), batas=("paling tinggi", "paling rendah"), rentang=(1, 10),
    ),
    Ukuran(
        "anggota", "Jumlah anggota keluarga", KELUARGA, ANGKA, "a.n", _REGISTER, _PERBAIKI, ("anggota",), " orang",
        rentang=(1, 50),
    ),
    Ukuran(
        "umur_tertua", "Umur anggota tertua", KELUARGA, ANGKA, "a.tertua", _REGISTER,
        "Syarat ini terpenuhi sendiri bila ada anggota yang mencapai umurnya.", ("anggota",), " tahun",
        ("paling tua", "paling muda"), rentang=(0, 120),
    ),
    Ukuran(
        "umur_termuda", "Umur anggota termuda", KELUARGA, ANGKA, "a.termuda", _REGISTER,
        "Umur mengikuti tanggal lahir; perbaiki bila tanggalnya keliru.", ("anggota",), " tahun",
        ("paling tua", "paling muda"), rentang=(0, 120),
    ),
    Ukuran(
        "pegawai_negara", "Anggota yang bekerja untuk negara", KELUARGA, YA, "a.pegawai_negara", _REGISTER, _ANGGOTA, ("anggota",),
        ya="Ada anggota yang bekerja sebagai PNS, TNI, Polri, pegawai BUMN/BUMD, atau pejabat negara",
        tidak="Tidak ada anggota yang bekerja sebagai PNS, TNI, Polri, pegawai BUMN/BUMD, atau pejabat negara",
    ),
    Ukuran(
        "semua_padan", "NIK semua anggota padan", KELUARGA, YA, "a.semua_padan", "jawaban Dukcapil",
        "Perbaiki NIK yang belum padan lewat menu Padan, atau minta warga ke Disdukcapil.", ("anggota",),
        ya="NIK semua anggota padan dengan Dukcapil", tidak="Ada anggota yang NIK-nya belum padan dengan Dukcapil",
    ),
    Ukuran(
        "kriteria", "Kriteria fakir miskin yang terpenuhi", KELUARGA, ANGKA, SKOR,
        "asesmen terakhir; bila belum ada, data rumah dan pekerjaan", "Minta kunjungan ulang bila keadaan keluarga berubah.",
        ("rumah", "anggota", "asesmen"), " dari 8", rentang=(0, 8),
    ),
    Ukuran(
        "asesmen", "Kesimpulan asesmen", KELUARGA, PILIHAN, "nullif(s.kesimpulan, '')", "asesmen terakhir petugas lapangan",
        "Dinilai petugas lapangan waktu kunjungan; minta kunjungan lewat usulan.", ("asesmen",),
        pilihan=(("layak", "Layak"), ("tidak_layak", "Tidak layak"), ("layanan_lain", "Perlu layanan lain")),
    ),
    Ukuran(
        "terima", "Program yang sedang diterima", KELUARGA, DAFTAR, "t.program", "SK penetapan yang berlaku",
        "Berubah bila ada SK baru, penghapusan, atau kelulusan dari program.", ("terima",), pilihan="program",
    ),
    Ukuran(
        "milik_sendiri", "Rumah milik sendiri", KELUARGA, YA, "r.status_rumah = '1'", _REGISTER, _RUMAH, ("rumah",),
        ya="Rumah milik sendiri", tidak="Rumah bukan milik sendiri",
    ),
    Ukuran(
        "bagian_rumah_buruk", "Bagian rumah yang tidak layak (lantai, dinding, atap)", KELUARGA, ANGKA,
        f"{_LANTAI}::int + {_DINDING}::int + {_ATAP}::int", _REGISTER, _RUMAH, ("rumah",), " dari 3", rentang=(0, 3),
    ),
    Ukuran(
        "luas_per_orang", "Luas lantai tiap orang", KELUARGA, ANGKA, "round(r.luas_lantai / nullif(a.n, 0)::numeric, 1)", _REGISTER,
        _RUMAH, ("rumah", "anggota"), " m²", rentang=(0, 1000),
    ),
    Ukuran("lantai", "Jenis lantai", KELUARGA, PILIHAN, "nullif(r.lantai, '')", _REGISTER, _RUMAH, ("rumah",), pilihan="lantai"),
    Ukuran("dinding", "Jenis dinding", KELUARGA, PILIHAN, "nullif(r.dinding, '')", _REGISTER, _RUMAH, ("rumah",), pilihan="dinding"),
    Ukuran("air_minum", "Sumber air minum", KELUARGA, PILIHAN, "nullif(r.air_minum, '')", _REGISTER, _RUMAH, ("rumah",), pilihan="air_minum"),
    Ukuran("bab", "Tempat buang air besar", KELUARGA, PILIHAN, "nullif(r.bab, '')", _REGISTER, _RUMAH, ("rumah",), pilihan="bab"),
    Ukuran("daya", "Daya listrik", KELUARGA, PILIHAN, "nullif(r.daya, '')", _REGISTER, _RUMAH, ("rumah",), pilihan="daya"),
    Ukuran(
        "mobil", "Jumlah mobil", KELUARGA, ANGKA, "coalesce(o.mobil, 0)", _REGISTER, "Perbarui data aset keluarga.", ("aset",),
        rentang=(0, 100),
    ),
    Ukuran(
        "umur", "Umur", INDIVIDU, ANGKA, "i.umur", _REGISTER, "Umur mengikuti tanggal lahir; perbaiki bila tanggalnya keliru.",
        satuan=" tahun", batas=("paling tua", "paling muda"), rentang=(0, 120),
    ),
    Ukuran(
        "hamil", "Hamil atau nifas", INDIVIDU, YA, "i.hamil", _REGISTER, _ANGGOTA,
        ya="Tercatat sedang hamil", tidak="Tidak tercatat sedang hamil",
    ),
    Ukuran(
        "hambatan_berat", "Disabilitas berat", INDIVIDU, YA, "i.disabilitas <> '' and 1 = any(i.hambatan[1:9])", _REGISTER, _ANGGOTA,
        ya="Tercatat penyandang disabilitas yang sama sekali tidak bisa melakukan satu fungsi atau lebih",
        tidak="Tidak tercatat sebagai penyandang disabilitas berat",
    ),
    Ukuran(
        "disabilitas", "Penyandang disabilitas", INDIVIDU, YA, "i.disabilitas <> ''", _REGISTER, _ANGGOTA,
        ya="Tercatat sebagai penyandang disabilitas", tidak="Tidak tercatat sebagai penyandang disabilitas",
    ),
    Ukuran(
        "sekolah", "Masih sekolah", INDIVIDU, YA, "nullif(i.partisipasi_sekolah, '') = '2'", _REGISTER, _ANGGOTA,
        ya="Masih sekolah", tidak="Tidak sedang sekolah",
    ),
    Ukuran(
        "jenjang", "Jenjang sekolah", INDIVIDU, PILIHAN,
        "case when i.partisipasi_sekolah = '2' then case when i.jenjang in ('1', '2', '3', '4', '5') then 'SD' "
        "when i.jenjang in ('6', '7', '8', '9', '10') then 'SMP' when i.jenjang in ('11', '12', '13', '14', '15', '16', '17') then 'SMA' "
        "when i.jenjang <> '' then 'PT' end end",
        _REGISTER, _ANGGOTA,
        pilihan=(("SD", "SD atau sederajat"), ("SMP", "SMP atau sederajat"), ("SMA", "SMA atau sederajat"), ("PT", "Perguruan tinggi")),
    ),
    Ukuran(
        "hubungan", "Hubungan dengan kepala keluarga", INDIVIDU, PILIHAN, "nullif(i.hubungan, '')", _REGISTER, _ANGGOTA, pilihan="hubungan",
    ),
    Ukuran(
        "jenis_kelamin", "Jenis kelamin", INDIVIDU, PILIHAN, "nullif(i.jenis_kelamin, '')", _REGISTER, _ANGGOTA, pilihan="jenis_kelamin",
    ),
    Ukuran(
        "bekerja", "Bekerja", INDIVIDU, YA, "i.bekerja", _REGISTER, _ANGGOTA, ya="Bekerja", tidak="Tidak bekerja",
    ),
    Ukuran(
        "jamkes", "Jaminan kesehatan", INDIVIDU, PILIHAN, "nullif(i.jamkes, '')", _REGISTER, _ANGGOTA, pilihan="jamkes",
    ),
    Ukuran(
        "nik_padan", "NIK padan", INDIVIDU, YA, "i.padan = 'PADAN'", "jawaban Dukcapil",
        "Perbaiki NIK lewat menu Padan, atau minta warga ke Disdukcapil.",
        ya="NIK padan dengan Dukcapil", tidak="NIK belum padan dengan Dukcapil",
    ),
    # Only categories that anybody who sees the family may see: a list must not betray a sensitive one by its outcome.
    Ukuran(
        "ppks", "Tercatat sebagai PPKS", INDIVIDU, YA,
        "exists (select 1 from dtks_anggotappks p join dtks_kategorippks g on g.kode = p.kategori_id where p.individu_id = i.id "
        "and not g.sensitif and p.sejak <= %(acuan)s and (p.hingga is null or p.hingga >= %(acuan)s))",
        _REGISTER, "Dicatat petugas; kasus yang dirahasiakan ditangani peksos di luar daftar ini.",
        ya="Tercatat sebagai pemerlu pelayanan kesejahteraan sosial (PPKS)",
        tidak="Tidak tercatat sebagai pemerlu pelayanan kesejahteraan sosial (PPKS) yang umum",
    ),
)  # fmt: skip

UKURAN = {u.kode: u for u in SEMUA}
