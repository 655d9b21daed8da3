"""The mirror of SP4N-LAPOR!: reports that came in there, as a file; each becomes a complaint of ours once, with its number there."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from accounts.models import Pengguna
from core import bulk, sheets
from core.forms import PastDayField
from core.progress import Laju
from core.sheets import Kolom, Lembar, Sel
from core.text import TextTooLarge, clean_text
from core.workflow import GateClosed, Halangan, StepRefused
from dtks.actions.impor.inti import Baris, JenisImpor, Pesan, daftarkan, jadikan_konflik
from dtks.models import BarisImpor, Impor
from pengaduan.actions import aduan
from pengaduan.models import Aduan, KategoriAduan
from pengaduan.policies.aduan import RAHASIA
from wilayah.kode import bakukan, bentuk_sah, dalam, kabupaten_dari, mencakup
from wilayah.models import Wilayah

NOMOR, KELAS, KATEGORI, ISI, WILAYAH, TEMPAT, TANGGAL = (
    "NOMOR LAPOR", "KLASIFIKASI", "KATEGORI", "ISI LAPORAN", "KODE WILAYAH", "LOKASI", "TANGGAL KEJADIAN",
)  # fmt: skip
KOLOM = (
    Kolom(NOMOR, ("TRACKING ID", "ID LAPORAN", "NOMOR"), lebar=18, penjelasan="Nomor laporan di SP4N-LAPOR!.", contoh="7654321"),
    Kolom(KELAS, ("KELAS", "JENIS"), penjelasan="PENGADUAN, ASPIRASI, atau INFORMASI.", contoh="PENGADUAN"),
    Kolom(KATEGORI, lebar=24, wajib=False, penjelasan="Kode atau nama hal di portal ini. Kosong: hal lain.", contoh="KKS"),
    Kolom(ISI, ("ISI", "LAPORAN"), lebar=60, penjelasan="Isi laporan seperti di SP4N-LAPOR!.", contoh="Kartu KKS ibu saya terblokir."),
    Kolom(WILAYAH, ("KODE DESA", "WILAYAH"), lebar=18, penjelasan="Kode Kemendagri kabupaten, kecamatan, atau desa.", contoh="32.05.01.1001"),
    Kolom(TEMPAT, wajib=False, lebar=30, penjelasan="Keterangan tempat, bila ada.", contoh=""),
    Kolom(TANGGAL, wajib=False, penjelasan="Hari/bulan/tahun, bila ada.", contoh=""),
)  # fmt: skip
_KELAS = {"PENGADUAN": "pengaduan", "ASPIRASI": "aspirasi", "INFORMASI": "informasi", "PERMINTAAN INFORMASI": "informasi"}  # fmt: skip
CHUNK = 500


def periksa(impor: Impor, lembar: Lembar, laju: Laju) -> Iterator[Baris]:
    luas = impor.created_by.cakupan(impor.kuasa)
    kategori = {
        k: satu for satu in KategoriAduan.objects.filter(aktif=True) for k in (satu.pk, satu.nama.upper())
    }
    sudah: dict[str, int] = {}
    n = 0
    berisi = (b for b in lembar.baris() if any(s is not None and s != "" for s in b[1]))
    for bagian in bulk.chunks(berisi, CHUNK):
        rows = [_baca(nomor, sel, kategori) for nomor, sel in bagian]
        ada, area = _dikenal(impor.wilayah_id, rows), _area(rows)
        for baris in rows:
            if not baris.galat:
                _golongkan(baris, ada, area, luas, sudah)
            yield baris
        n += len(bagian)
        laju(n, "Memeriksa")


def _teks(sel: Sel) -> str:
    bersih = sheets.bersih(sel)
    return "" if bersih is None else " ".join(sheets.sebagai_teks(bersih).split())


def _baca(nomor: int, sel: Sequence[Sel], kategori: dict[str, KategoriAduan]) -> Baris:
    """The rules of one row that need no database."""
    teks = [_teks(satu) for satu in sel]
    baris = Baris(nomor, "galat", {"m": teks})
    no, kelas, kata, isi, kode, tempat, hari = teks
    for satu, nilai in zip(KOLOM, teks, strict=True):
        if sheets.tak_terlihat(nilai):
            baris.galat.append(Pesan(satu.judul, "TANDA_TAK_TERLIHAT", "Sel berisi tanda yang tidak terlihat. Ketik ulang."))  # fmt: skip
    if (
        not no
        or len(no) > 30
        or not no.isascii()
        or not no.replace("-", "").replace("/", "").replace(".", "").isalnum()
    ):
        baris.galat.append(Pesan(NOMOR, "NOMOR_LAPOR", "Isi nomor laporan, huruf dan angka saja."))
    if kelas.upper() not in _KELAS:
        baris.galat.append(Pesan(KELAS, "KLASIFIKASI", "Tulis PENGADUAN, ASPIRASI, atau INFORMASI."))
    hal = kategori.get(kata.upper() or "LAINNYA")
    if hal is None:
        baris.galat.append(Pesan(KATEGORI, "KATEGORI_TIDAK_DIKENAL", "Kategori ini tidak ada di portal. Pakai kode atau namanya."))  # fmt: skip
    elif hal.arahan == KategoriAduan.Arahan.RAHASIA:
        baris.galat.append(Pesan(KATEGORI, "JALUR_RAHASIA", RAHASIA))
    try:
        cerita = clean_text(isi, 4000)
    except (ValueError, TextTooLarge) as error:
        cerita = ""
        baris.galat.append(Pesan(ISI, "ISI_LAPORAN", str(error)))
    if cerita and len(cerita) < aduan.PENDEK:
        baris.galat.append(Pesan(ISI, "ISI_PENDEK", "Isi laporan terlalu pendek."))
    baku = bakukan(kode)
    if baku is None or not bentuk_sah(baku) or not 5 <= len(baku) <= 13:
        baris.galat.append(
            Pesan(WILAYAH, "KODE_WILAYAH", "Tulis kode wilayah Kemendagri, misalnya 32.05.01.1001.")
        )
    if len(tempat) > 200:
        baris.galat.append(Pesan(TEMPAT, "TEMPAT_PANJANG", "Lokasi paling banyak 200 huruf."))
    tanggal = _tanggal(sel[6], hari, baris)
    if not baris.galat:
        assert hal is not None and baku is not None
        baris.isi["d"] = {
            "no": no, "kelas": _KELAS[kelas.upper()], "kategori": hal.pk, "isi": cerita, "wilayah": baku, "tempat": tempat, "tanggal": tanggal,
        }  # fmt: skip
    return baris


def _tanggal(sel: Sel, teks: str, baris: Baris) -> str:
    if not teks:
        return ""
    try:
        hari = PastDayField(required=False).clean(f"{sel:%Y-%m-%d}" if isinstance(sel, date) else teks)
    except ValidationError as error:
        baris.galat.append(Pesan(TANGGAL, "TANGGAL", error.messages[0]))
        return ""
    return f"{hari:%Y-%m-%d}"


def _dikenal(wilayah: str, rows: Iterable[Baris]) -> set[str]:
    """Numbers that this kabupaten has already."""
    nomor = [b.isi["d"]["no"] for b in rows if not b.galat]
    ada = Aduan.objects.filter(dalam("wilayah_id", [kabupaten_dari(wilayah)]), no_lapor__in=nomor)
    return set(ada.values_list("no_lapor", flat=True))


def _area(rows: Iterable[Baris]) -> set[str]:
    kode = {b.isi["d"]["wilayah"] for b in rows if not b.galat}
    return set(Wilayah.objects.berlaku().filter(pk__in=kode).values_list("pk", flat=True))


def _golongkan(baris: Baris, ada: set[str], area: set[str], luas: list[str], sudah: dict[str, int]) -> None:
    d = baris.isi["d"]
    if d["wilayah"] not in area or not any(mencakup(satu, d["wilayah"]) for satu in luas):
        baris.galat = [Pesan(WILAYAH, "DI_LUAR_WILAYAH", "Wilayah ini tidak ada atau di luar tugas Anda.")]
    elif d["no"] in ada:
        baris.hasil = "sama"
    elif sudah.setdefault(d["no"], baris.nomor) != baris.nomor:
        baris.galat = [Pesan(NOMOR, "NOMOR_GANDA", f"Nomor ini sudah ada di baris {sudah[d['no']]}.")]
    else:
        baris.hasil = "baru"


def terapkan(impor: Impor, by: Pengguna, laju: Laju) -> dict[str, int]:
    """A complaint for each new row. Its time runs from now: from when the office sees it."""
    kategori = {k.pk: k for k in KategoriAduan.objects.all()}
    n = konflik = 0
    for b in BarisImpor.objects.filter(impor=impor, hasil="baru").order_by("nomor"):
        d: dict[str, Any] = b.buka()["d"]
        isi = aduan.Isi(
            kategori=kategori[d["kategori"]], wilayah=d["wilayah"], cerita=d["isi"], tempat=d["tempat"],
            kejadian=date.fromisoformat(d["tanggal"]) if d["tanggal"] else None, privasi=Aduan.Privasi.ANONIM,
        )  # fmt: skip
        try:
            aduan.catat(isi, by=by, kanal=Aduan.Kanal.SP4N, no_lapor=d["no"], kelas=d["kelas"])
        except StepRefused as refused:
            h = refused.halangan[0]
            jadikan_konflik(
                impor, [b.nomor], Pesan(NOMOR, h.kode, f"{h.kalimat} {h.jalan_keluar}".strip()[:500])
            )
            konflik += 1
        n += 1
        laju(n, "Menyimpan")
    return {"aduan": n - konflik, "konflik": konflik}


def batalkan(impor: Impor, by: Pengguna, laju: Laju) -> dict[str, int]:
    """A complaint that came in is never taken away."""
    raise GateClosed(
        [
            Halangan(
                "ADUAN_MASUK",
                "Laporan yang sudah masuk tidak dihapus, karena pelapornya menunggu jawaban.",
                "Yang keliru dijawab atau ditolak lewat langkahnya.",
            )
        ]
    )


def ringkas(b: BarisImpor) -> str:
    m = b.buka()["m"]
    return " · ".join(s[:60] for s in (m[0], m[1], m[2], m[4]) if s)


JENIS = daftarkan(
    JenisImpor(
        kode="lapor",
        judul="Laporan dari SP4N-LAPOR!",
        keterangan="Laporan warga yang masuk lewat SP4N-LAPOR!, dengan nomor dan klasifikasinya di sana.",
        kolom=KOLOM,
        kuasa="impor.lapor",
        periksa=periksa,
        terapkan=terapkan,
        batalkan=batalkan,
        mentah=lambda b: b.buka()["m"],
        ringkas=ringkas,
        petunjuk=(
            "Satu baris satu laporan. Nomor yang sudah ada di portal dilewati.",
            "Nama pelapor tidak diminta: identitasnya tetap di SP4N-LAPOR!.",
            "Jawaban portal diunduh dari daftar Pengaduan untuk disalin ke SP4N-LAPOR!.",
        ),
        lembar="LAPOR",
        nama_templat="TEMPLATE_LAPOR.xlsx",
    )
)
