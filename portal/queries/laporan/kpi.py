"""The KPIs of domain.md §8.1 whose data the portal has, one function each for ingredients and values."""

from collections import Counter
from datetime import date

from django.db.models import Case, CharField, Count, Q, Sum, Value, When
from django.db.models.functions import Left

from dtks.models import AlasanLangkah, Individu, Musyawarah, Usulan
from dtks.queries.hitungan import baris as hitungan
from dtks.queries.periode import nama_program
from dtks.workflow import USULAN, USULAN_TERBUKA
from portal.queries.laporan import baris
from portal.queries.laporan.dasar import (
    Bahan,
    Kolom,
    Laporan,
    Lingkup,
    Nilai,
    bagi,
    dari_ringkasan,
    jumlah_rinci,
    kumpulkan,
    periode_diam,
    periode_lalu,
    persentil,
)
from wilayah.kode import LENGTHS, dalam
from wilayah.models import Tingkat, Wilayah

TABEL = list[tuple[str, list[tuple[str, int]]]]
DITERIMA, DITOLAK = ("ditetapkan",), ("ditolak", "tidak_ditetapkan")
BERJALAN = (*USULAN_TERBUKA,)
TIDAK_DICEK = ("BELUM", "MENUNGGU", "TANPA_DOKUMEN")
RAPAT_JADI = ("terlaksana", "ditandatangani", "disetujui")


# --- usulan -----------------------------------------------------------------------------------------


def _usulan(tempat: Lingkup) -> dict[str, Bahan]:
    golong = Case(
        When(status__in=BERJALAN, then=Value("jalan")),
        When(status__in=DITERIMA, then=Value("terima")),
        When(status__in=DITOLAK, then=Value("tolak")),
        When(status="daftar_tunggu", then=Value("tunggu")),
        default=Value("tarik"),
        output_field=CharField(),
    )
    rows = (
        hitungan(tempat.luas, periode=[tempat.periode])
        .annotate(bagian=Left("wilayah", tempat.panjang), golong=golong)
        .order_by()
        .values_list("bagian", "golong")
        .annotate(jumlah=Sum("n"))
    )
    return kumpulkan(rows)


def _nilai_usulan(b: Bahan, _: Lingkup) -> Nilai:
    isi = {k: b[k] for k in ("jalan", "terima", "tunggu", "tolak", "tarik")}
    return {"semua": sum(isi.values()), **isi}


def _rinci_usulan(tempat: Lingkup) -> TABEL:
    def tabel(kolom: str, kata: dict[str, str]) -> list[tuple[str, int]]:
        rows = (
            hitungan(tempat.luas, periode=[tempat.periode]).order_by().values_list(kolom).annotate(j=Sum("n"))
        )
        return sorted(((kata.get(k, k), n) for k, n in rows if n), key=lambda r: (-r[1], r[0]))

    keadaan = {k.kode: k.label for k in USULAN.keadaan}
    return [
        ("Menurut program", tabel("program", nama_program())),
        ("Menurut jalur", tabel("jalur", {str(k): str(v) for k, v in Usulan.Jalur.choices})),
        ("Menurut keadaan", tabel("status", keadaan)),
    ]


def tren_usulan(tempat: Lingkup, bulan: int = 12) -> list[tuple[str, int]]:
    """Proposals of each of the last periods, oldest first."""
    daftar = periode_lalu(tempat.periode, bulan)[::-1]
    rows = dict(hitungan(tempat.luas, periode=daftar).order_by().values_list("periode").annotate(j=Sum("n")))
    return [(p, rows.get(p, 0)) for p in daftar]


# --- musyawarah -------------------------------------------------------------------------------------


def _desa(tempat: Lingkup) -> dict[str, Bahan]:
    rows = (
        Wilayah.objects.berlaku()
        .filter(dalam("kode", tempat.luas), tingkat=Tingkat.DESA)
        .annotate(bagian=Left("kode", tempat.panjang))
        .order_by()
        .values_list("bagian")
        .annotate(n=Count("pk"))
    )
    return kumpulkan((kode, "desa", n) for kode, n in rows)


def _musyawarah(tempat: Lingkup) -> dict[str, Bahan]:
    hasil = _desa(tempat)
    rows = (
        Musyawarah.objects.filter(dalam("wilayah_id", tempat.luas), periode=tempat.periode)
        .annotate(bagian=Left("wilayah_id", tempat.panjang), desa=Left("wilayah_id", LENGTHS[3]))
        .order_by()
        .values_list("bagian")
        .annotate(
            rapat=Count("desa", distinct=True, filter=Q(status__in=RAPAT_JADI)),
            ba=Count("desa", distinct=True, filter=Q(status="disetujui")),
        )
    )
    for kode, rapat, ba in rows:
        hasil.setdefault(kode, Counter()).update({"rapat": rapat, "ba": ba})
    return hasil


def _nilai_musyawarah(b: Bahan, _: Lingkup) -> Nilai:
    return {"desa": b["desa"], "rapat": b["rapat"], "ba": b["ba"], "persen": bagi(b["ba"], b["desa"])}


# --- padan ------------------------------------------------------------------------------------------


def _nilai_padan(b: Bahan, _: Lingkup) -> Nilai:
    dicek = sum(n for k, n in b.items() if k not in TIDAK_DICEK)
    return {
        "orang": sum(b.values()),
        "dicek": dicek,
        "padan": b["PADAN"],
        "tidak": dicek - b["PADAN"],
        "persen": bagi(b["PADAN"], dicek),
    }


def _jumlah(bahan: dict[str, Bahan]) -> Bahan:
    semua: Bahan = Counter()
    for isi in bahan.values():
        semua.update(isi)
    return semua


def _rinci_padan(tempat: Lingkup) -> TABEL:
    semua, kata = jumlah_rinci(tempat, "padan"), dict(Individu.Padan.choices)
    sebab = [(str(kata.get(str(k), k)), n) for k, n in semua.items() if k not in (*TIDAK_DICEK, "PADAN")]
    lain = [(str(kata.get(str(k), k)), semua[k]) for k in TIDAK_DICEK if semua[k]]
    return [("Sebab tidak padan", sorted(sebab, key=lambda r: (-r[1], r[0]))), ("Tidak ikut dihitung", lain)]


# --- backlog ----------------------------------------------------------------------------------------


def _hari(tempat: Lingkup, kunci: str) -> int:
    """Days from that date to today where the area lies."""
    return (tempat.hari - date.fromisoformat(kunci)).days


def _umur(tempat: Lingkup) -> dict[str, Bahan]:
    """Keys ('umur', days) and 'lewat'."""
    hasil: dict[str, Bahan] = {}
    for kode, isi in dari_ringkasan(tempat, "umur").items():
        satu = hasil.setdefault(kode, Counter())
        for k, n in isi.items():
            satu["umur", max(_hari(tempat, str(k)), 0)] += n
    for kode, isi in dari_ringkasan(tempat, "tenggat").items():
        hasil.setdefault(kode, Counter())["lewat"] += sum(
            n for k, n in isi.items() if _hari(tempat, str(k)) > 0
        )
    return hasil


def _nilai_umur(b: Bahan, _: Lingkup) -> Nilai:
    umur = Counter({k[1]: n for k, n in b.items() if isinstance(k, tuple)})
    terbuka = sum(umur.values())
    return {
        "terbuka": terbuka,
        "median": persentil(umur, 50),
        "p90": persentil(umur, 90),
        "maks": max(umur, default=None),
        "lewat": b["lewat"],
        "persen": bagi(b["lewat"], terbuka),
    }


def per_langkah(tempat: Lingkup) -> list[tuple[str, str, Nilai]]:
    """(state, words, values) of every step that has open proposals, along the line."""
    per: dict[str, Bahan] = {}
    for kunci, n in jumlah_rinci(tempat, "langkah").items():
        jenis, status, hari = str(kunci).split("|")
        isi = per.setdefault(status, Counter())
        if jenis == "umur":
            isi["umur", max(_hari(tempat, hari), 0)] += n
        elif _hari(tempat, hari) > 0:
            isi["lewat"] += n
    return [(k.kode, k.label, _nilai_umur(per[k.kode], tempat)) for k in USULAN.keadaan if k.kode in per]


# --- returns ----------------------------------------------------------------------------------------


def _kembali(tempat: Lingkup) -> dict[str, Bahan]:
    return dari_ringkasan(tempat, "kembali", periode=tempat.periode)


def _nilai_kembali(b: Bahan, _: Lingkup) -> Nilai:
    kali = b["usulan", "m"]
    return {
        "masuk": b["masuk"],
        "kembali": b["usulan"],
        "persen": bagi(b["usulan"], b["masuk"]),
        "putaran": kali / b["usulan"] if b["usulan"] else None,
    }


def _rinci_kembali(tempat: Lingkup) -> TABEL:
    semua = _jumlah(_kembali(tempat))
    kata = dict(AlasanLangkah.objects.order_by("kode").values_list("kode", "kalimat"))
    sebab = [
        (kata.get(kode := str(k).removeprefix("alasan:"), kode) or "Tanpa alasan", n)
        for k, n in semua.items()
        if str(k).startswith("alasan:")
    ]
    return [("Alasan pengembalian", sorted(sebab, key=lambda r: (-r[1], r[0]))[:10])]


# --- the register -----------------------------------------------------------------------------------


def _nilai_lengkap(b: Bahan, _: Lingkup) -> Nilai:
    return {
        "keluarga": b["keluarga"],
        "persen": bagi(b["terisi"], b["butuh"]),
        "segar": b["segar"],
        "basi": b["keluarga"] - b["segar"],
        "persen_segar": bagi(b["segar"], b["keluarga"]),
    }


def _desil(b: Bahan, tempat: Lingkup) -> tuple[int, int]:
    """(receiving, not receiving) among the families of the lowest deciles."""
    batas = int(tempat.aturan("laporan.desil_sasaran"))
    return (
        sum(b[f"desil:{d}|terima"] for d in range(1, batas + 1)),
        sum(b[f"desil:{d}|tidak"] for d in range(1, batas + 1)),
    )


def _nilai_cakupan(b: Bahan, tempat: Lingkup) -> Nilai:
    terima, tidak = _desil(b, tempat)
    return {
        "keluarga": sum(n for k, n in b.items() if isinstance(k, str) and k.startswith("desil:")),
        "sasaran": terima + tidak,
        "terima": terima,
        "tertinggal": tidak,
        "persen": bagi(terima, terima + tidak),
    }


def _rinci_cakupan(tempat: Lingkup) -> TABEL:
    semua = jumlah_rinci(tempat, "sasaran")
    desil = [str(d) for d in range(1, 11)] + ["-"]
    kata = {"-": "Belum ada desil"}
    return [
        (
            judul,
            [
                (kata.get(d, f"Desil {d}"), semua[f"desil:{d}|{akhir}"])
                for d in desil
                if semua[f"desil:{d}|{akhir}"]
            ],
        )
        for judul, akhir in (("Menerima bantuan", "terima"), ("Tidak menerima bantuan", "tidak"))
    ]


def _nilai_salah(b: Bahan, _: Lingkup) -> Nilai:
    n, m = b["penerima"], b["penerima", "m"]
    return {"penerima": n, "salah": m, "persen": bagi(m, n)}


def _nilai_layak(b: Bahan, _: Lingkup) -> Nilai:
    semua = sum(b.values())
    return {
        "penerima": semua,
        "dijawab": semua - b["belum"],
        "belum": b["belum"],
        "tidak_layak": b["tidak_layak"],
        "persen": bagi(semua - b["belum"], semua),
    }


def _layak(tempat: Lingkup) -> dict[str, Bahan]:
    return dari_ringkasan(tempat, "layak", periode=f"{tempat.hari:%Y-%m}")


# --- idle villages ----------------------------------------------------------------------------------


def _diam(tempat: Lingkup) -> dict[str, Bahan]:
    hasil = _desa(tempat)
    ada = (
        hitungan(tempat.luas, periode=periode_diam(tempat))
        .order_by()
        .values("wilayah")
        .annotate(j=Sum("n"))
        .filter(j__gt=0)
        .values_list("wilayah", flat=True)
    )
    berlaku = Wilayah.objects.berlaku().filter(pk__in=list(ada), tingkat=Tingkat.DESA)
    for kode in berlaku.order_by("pk").values_list("pk", flat=True):
        hasil.setdefault(kode[: tempat.panjang], Counter())["giat"] += 1
    return hasil


def _nilai_diam(b: Bahan, _: Lingkup) -> Nilai:
    diam = b["desa"] - b["giat"]
    return {"desa": b["desa"], "giat": b["giat"], "diam": diam, "persen": bagi(diam, b["desa"])}


# --- the trail ---


def _audit(tempat: Lingkup) -> dict[str, Bahan]:
    return dari_ringkasan(tempat, "audit", periode=tempat.periode)


def _nilai_audit(b: Bahan, _: Lingkup) -> Nilai:
    return {kolom: b[aksi] for kolom, aksi in baris.AKSI_AUDIT.items()}


# --- the list ---------------------------------------------------------------------------------------

K = Kolom
LAPORAN: tuple[Laporan, ...] = (
    Laporan(
        "usulan", "Usulan", "Berapa keluarga yang diusulkan untuk periode ini, dan sampai di mana.",
        "Usulan dengan periode yang dipilih, menurut keadaannya sekarang.", "Tidak ada (jumlah).",
        "Hitungan usulan yang dijaga basis data pada setiap perubahan.",
        (K("semua", "Semua", baris="semua", rahasia=True), K("jalan", "Masih berjalan", baris="jalan", dari="semua", rahasia=True),
         K("terima", "Ditetapkan", baris="terima", dari="semua", rahasia=True),
         K("tunggu", "Daftar tunggu", baris="tunggu", dari="semua", rahasia=True),
         K("tolak", "Ditolak", baris="tolak", dari="semua", rahasia=True), K("tarik", "Ditarik", baris="tarik", dari="semua", rahasia=True)),
        "semua", _usulan, _nilai_usulan, daftar=baris.usulan, berperiode=True,
        tumpuk=("jalan", "terima", "tunggu", "tolak", "tarik"), rincian=_rinci_usulan,
    ),
    Laporan(
        "musyawarah", "Musyawarah", "Desa yang sudah bermusyawarah dan berita acaranya disetujui.",
        "Desa/kelurahan dengan sedikitnya satu berita acara yang disetujui untuk periode ini.",
        "Semua desa/kelurahan yang berlaku.", "Musyawarah dan status berita acaranya, dihitung sekarang.",
        (K("desa", "Desa"), K("rapat", "Sudah musyawarah", baris="rapat"), K("ba", "Berita acara disetujui", baris="ba"),
         K("persen", "Persen", "persen")),
        "persen", _musyawarah, _nilai_musyawarah, daftar=baris.musyawarah, kuasa_baris="musyawarah.lihat", berperiode=True,
    ),
    Laporan(
        "padan", "NIK padan", "Berapa NIK yang cocok dengan data Dukcapil.",
        "Anggota keluarga yang hasil cek NIK-nya padan.",
        "Anggota keluarga yang sudah dijawab Dukcapil. Yang belum dicek, menunggu jawaban, atau tanpa dokumen tidak dihitung.",
        "Hasil cek NIK terakhir setiap anggota aktif.",
        (K("orang", "Anggota", rahasia=True), K("dicek", "Sudah dicek", baris="dicek", dari="orang", rahasia=True),
         K("padan", "Padan", baris="padan", dari="dicek", rahasia=True), K("tidak", "Tidak padan", baris="tidak", dari="dicek", rahasia=True),
         K("persen", "Persen padan", "persen")),
        "persen", lambda t: dari_ringkasan(t, "padan"), _nilai_padan, daftar=baris.individu, kuasa_baris="keluarga.lihat",
        ukuran=("padan",), tumpuk=("padan", "tidak"), rincian=_rinci_padan,
    ),
    Laporan(
        "umur", "Lama menunggu", "Berapa lama usulan menunggu di langkahnya sekarang.",
        "Hari kalender sejak usulan masuk ke langkahnya. Lewat tenggat: tenggatnya sebelum hari ini.",
        "Usulan yang belum selesai.", "Status dan tenggat setiap usulan yang masih berjalan.",
        (K("terbuka", "Masih berjalan", baris="terbuka", rahasia=True), K("median", "Median (hari)", "hari"), K("p90", "P90 (hari)", "hari"),
         K("maks", "Terlama (hari)", "hari"), K("lewat", "Lewat tenggat", baris="lewat", dari="terbuka", rahasia=True),
         K("persen", "Persen lewat", "persen")),
        "p90", _umur, _nilai_umur, daftar=baris.umur, ukuran=("umur", "tenggat", "langkah"), baik_tinggi=False,
    ),
    Laporan(
        "kembali", "Dikembalikan", "Usulan yang dikembalikan untuk diperbaiki, dan alasannya.",
        "Usulan periode ini yang pernah dikembalikan. Putaran: banyaknya pengembalian dibagi usulan itu.",
        "Usulan periode ini yang pernah diajukan.", "Riwayat langkah setiap usulan.",
        (K("masuk", "Pernah diajukan", baris="masuk", rahasia=True), K("kembali", "Dikembalikan", baris="kembali", dari="masuk", rahasia=True),
         K("persen", "Persen", "persen"), K("putaran", "Putaran", "kali")),
        "persen", _kembali, _nilai_kembali, daftar=baris.kembali, ukuran=("kembali",), berperiode=True, rincian=_rinci_kembali,
        baik_tinggi=False,
    ),
    Laporan(
        "lengkap", "Kelengkapan data", "Seberapa lengkap dan segar data keluarga.",
        "Isian yang sudah ada jawabannya. Segar: data keluarga diperbarui dalam bulan-bulan terakhir menurut ketentuan.",
        "Isian yang wajib bagi setiap keluarga, rumah, dan anggota menurut ketentuan formulir.", "Data keluarga, rumah, dan anggota aktif.",
        (K("keluarga", "Keluarga", baris="keluarga", rahasia=True), K("persen", "Isian terisi", "persen"),
         K("segar", "Segar", baris="segar", dari="keluarga", rahasia=True), K("basi", "Tidak segar", baris="basi", dari="keluarga", rahasia=True),
         K("persen_segar", "Persen segar", "persen")),
        "persen", lambda t: dari_ringkasan(t, "lengkap"), _nilai_lengkap, daftar=baris.lengkap, kuasa_baris="keluarga.lihat",
        ukuran=("lengkap",),
    ),
    Laporan(
        "cakupan", "Cakupan bantuan", "Keluarga desil rendah yang sudah dan belum menerima bantuan.",
        "Keluarga desil sasaran yang menerima sedikitnya satu program dengan SK yang berlaku. Tertinggal: yang tidak menerima apa pun.",
        "Keluarga dengan desil sasaran menurut ketentuan (biasanya desil 1 sampai 4).", "Desil terakhir dari BPS dan SK yang berlaku.",
        (K("keluarga", "Keluarga", rahasia=True), K("sasaran", "Desil sasaran", baris="sasaran", dari="keluarga", rahasia=True),
         K("terima", "Menerima", baris="terima", dari="sasaran", rahasia=True),
         K("tertinggal", "Tertinggal", baris="tertinggal", dari="sasaran", rahasia=True), K("persen", "Persen menerima", "persen")),
        "persen", lambda t: dari_ringkasan(t, "sasaran"), _nilai_cakupan, daftar=baris.cakupan, kuasa_baris="keluarga.lihat",
        ukuran=("sasaran",), tumpuk=("terima", "tertinggal"), rincian=_rinci_cakupan,
    ),
    Laporan(
        "salah", "Mungkin salah sasaran", "Penerima yang desilnya di atas batas program atau dinilai desa tidak layak.",
        "Keluarga penerima dengan desil di atas batas programnya, atau jawaban terakhir desa “tidak layak lagi”.",
        "Keluarga yang menerima sedikitnya satu program.", "SK yang berlaku, desil terakhir, dan verifikasi kelayakan terakhir.",
        (K("penerima", "Penerima", baris="penerima", rahasia=True), K("salah", "Perlu diperiksa", baris="salah", dari="penerima", rahasia=True),
         K("persen", "Persen", "persen")),
        "persen", lambda t: dari_ringkasan(t, "sasaran", rinci="penerima"), _nilai_salah, daftar=baris.salah,
        kuasa_baris="keluarga.lihat", ukuran=("sasaran",), baik_tinggi=False,
    ),
    Laporan(
        "layak", "Verifikasi kelayakan", "Penerima yang sudah dinilai desanya bulan ini.",
        "Penerima yang sudah dijawab desa bulan ini.", "Penerima dengan SK yang berlaku, satu per program.",
        "SK yang berlaku dan jawaban desa bulan berjalan.",
        (K("penerima", "Penerima", baris="penerima", rahasia=True), K("dijawab", "Sudah dinilai", baris="dijawab", dari="penerima", rahasia=True),
         K("belum", "Belum dinilai", baris="belum", dari="penerima", rahasia=True),
         K("tidak_layak", "Tidak layak lagi", baris="tidak_layak", dari="dijawab", rahasia=True), K("persen", "Persen", "persen")),
        "persen", _layak, _nilai_layak, daftar=baris.layak, kuasa_baris="kelayakan.lihat", ukuran=("layak",),
        tumpuk=("dijawab", "belum"),
    ),
    Laporan(
        "diam", "Desa diam", "Desa tanpa satu usulan pun pada periode-periode terakhir.",
        "Desa/kelurahan tanpa usulan pada periode ini dan sebelumnya menurut ketentuan (biasanya dua periode).",
        "Semua desa/kelurahan yang berlaku.", "Hitungan usulan yang dijaga basis data pada setiap perubahan.",
        (K("desa", "Desa"), K("giat", "Ada usulan"), K("diam", "Diam", baris="diam"), K("persen", "Persen diam", "persen")),
        "diam", _diam, _nilai_diam, daftar=baris.diam, kuasa_baris="laporan.lihat", berperiode=True, baik_tinggi=False,
    ),
    Laporan(
        "audit", "Jejak petugas", "Nomor yang dibuka, daftar yang diunduh, dan langkah yang ditolak portal.",
        "Kegiatan petugas bulan ini pada jejak audit. Rinciannya di laporan kendali.", "Tidak ada (jumlah).", "Jejak audit yang tersegel.",
        (K("buka", "Nomor dibuka", baris="buka"), K("ekspor", "Daftar diunduh", baris="ekspor"), K("tolak", "Langkah ditolak", baris="tolak")),
        "buka", _audit, _nilai_audit, kuasa="jejak.lihat", kuasa_baris="jejak.lihat", daftar=baris.audit, ukuran=("audit",),
        berperiode=True, baik_tinggi=False,
    ),
)  # fmt: skip
PER_KODE = {satu.kode: satu for satu in LAPORAN}
