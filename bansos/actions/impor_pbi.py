"""The ministry's list of deactivated PBI members as a kind of import: who, since when, why. It reactivates and refuses nobody.

Three statements for every CHUNK rows and one COPY; the same person and day again is 'sama', so the same file changes nothing.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from accounts.models import Pengguna
from bansos.models import PbiAktif, PbiNonaktif, ReaktivasiPBI
from core import bulk, sheets, text
from core.identity import mask_nik
from core.privacy import keys
from core.privacy.keys import blind_index
from core.progress import Laju
from core.sheets import Kolom, Lembar, Sel
from core.workflow import GateClosed, Halangan
from dtks.actions.impor.hasil_siks import baca_nik
from dtks.actions.impor.inti import Baris, JenisImpor, Pesan, daftarkan
from dtks.models import BarisImpor, Impor, Individu
from wilayah.kode import dalam

NIK, NAMA, TANGGAL, SEBAB = "NIK", "NAMA", "TANGGAL NONAKTIF", "SEBAB"
KOLOM = (
    Kolom(NIK, lebar=20, penjelasan="16 angka, sel Teks.", contoh="3205010101800001"),
    Kolom(NAMA, ("NAMA LENGKAP", "NAMA PESERTA"), lebar=30, contoh="SITI AMINAH"),
    Kolom(TANGGAL, ("TGL NONAKTIF", "TANGGAL"), penjelasan="Hari/bulan/tahun.", contoh="01/02/2026"),
    Kolom(SEBAB, ("ALASAN", "KETERANGAN"), wajib=False, lebar=40, contoh="Desil 6"),
)
CHUNK = 2000
TANPA_SEBAB = "Tidak disebut di berkas"
_TABEL = (
    "id",
    "nik_indeks",
    "nik",
    "nama",
    "individu_id",
    "wilayah_id",
    "tanggal",
    "sebab",
    "asal",
    "impor_id",
    "created_by_id",
)
Kunci = tuple[bytes, date]


def periksa(impor: Impor, lembar: Lembar, laju: Laju) -> Iterator[Baris]:
    luas = impor.created_by.cakupan(impor.kuasa)
    sudah: dict[tuple[str, str], int] = {}
    n = 0
    berisi = (b for b in lembar.baris() if any(s is not None and s != "" for s in b[1]))
    for bagian in bulk.chunks(berisi, CHUNK):
        rows = [_baca(nomor, sel, sudah) for nomor, sel in bagian]
        baik = [b for b in rows if not b.galat]
        indeks = {b.nomor: blind_index(b.isi["d"]["nik"], "nik") for b in baik}
        orang, ada = _orang(list(indeks.values()), luas), _ada(list(indeks.values()))
        for baris in rows:
            if not baris.galat:
                baris.individu = orang.get(indeks[baris.nomor])
                kunci = indeks[baris.nomor], date.fromisoformat(baris.isi["d"]["tanggal"])
                baris.hasil = "sama" if kunci in ada else "baru"
            yield baris
        n += len(bagian)
        laju(n, "Memeriksa")


def _baca(nomor: int, sel: Sequence[Sel], sudah: dict[tuple[str, str], int]) -> Baris:
    """The rules of one row that need no register."""
    teks = ["" if (b := sheets.bersih(s)) is None else " ".join(sheets.sebagai_teks(b).split()) for s in sel]
    hasil = Baris(nomor, "galat", {"m": teks})
    for satu, isi in zip(KOLOM, teks, strict=True):
        if sheets.tak_terlihat(isi):
            hasil.galat.append(Pesan(satu.judul, "TANDA_TAK_TERLIHAT", "Sel berisi tanda yang tidak terlihat. Ketik ulang."))  # fmt: skip
    nik = baca_nik(sel[0], hasil)
    nama = _nama(teks[1], hasil)
    tanggal = tanggal_lalu(sel[2], teks[2], hasil, TANGGAL)
    if len(teks[3]) > 120:
        hasil.galat.append(Pesan(SEBAB, "TERLALU_PANJANG", "Paling banyak 120 huruf."))
    if not hasil.galat and (lama := sudah.setdefault((nik, tanggal), nomor)) != nomor:
        hasil.galat.append(Pesan(NIK, "BARIS_GANDA", f"NIK dan tanggal ini sudah ada di baris {lama}."))
    if not hasil.galat:
        hasil.isi["d"] = {"nik": nik, "nama": nama, "tanggal": tanggal, "sebab": teks[3] or TANPA_SEBAB}
    return hasil


def _nama(isi: str, hasil: Baris) -> str:
    try:
        return text.clean_name(isi)
    except ValueError as error:
        hasil.galat.append(Pesan(NAMA, "NAMA_TIDAK_SAH", str(error)))
        return ""


def tanggal_lalu(sel: Sel, isi: str, hasil: Baris, judul: str) -> str:
    """ISO; a day that was, from 2014 on (the first year of JKN)."""
    hari = sel if isinstance(sel, date) else None
    bagian = isi.replace("-", "/").split("/")
    if hari is None and isi.isascii() and len(bagian) == 3 and all(b.isdigit() for b in bagian):
        tahun_dulu = len(bagian[0]) == 4
        d, m, y = (int(b) for b in (reversed(bagian) if tahun_dulu else bagian))
        try:
            hari = date(y, m, d)
        except ValueError:
            hari = None
    if hari is None or not date(2014, 1, 1) <= date(hari.year, hari.month, hari.day) <= date.today():
        hasil.galat.append(Pesan(judul, "TANGGAL_TIDAK_SAH", "Tulis tanggal yang sudah lewat, misalnya 01/02/2026."))  # fmt: skip
        return ""
    return f"{hari.year:04d}-{hari.month:02d}-{hari.day:02d}"


def _orang(indeks: list[bytes], luas: Sequence[str]) -> dict[bytes, UUID]:
    rows = Individu.objects.aktif().filter(dalam("keluarga__wilayah_id", luas), nik_indeks__in=indeks)
    return {bytes(i): pk for i, pk in rows.values_list("nik_indeks", "pk")}


def _ada(indeks: list[bytes]) -> set[Kunci]:
    rows = PbiNonaktif.objects.filter(nik_indeks__in=indeks).values_list("nik_indeks", "tanggal")
    return {(bytes(i), t) for i, t in rows}


def terapkan(impor: Impor, by: Pengguna, laju: Laju) -> dict[str, int]:
    """COPY the new rows, in the transaction whose act `inti` records; what came in meanwhile is left out as the same."""
    luas = by.cakupan(impor.kuasa)
    with connection.cursor() as cursor:  # two files at once: the second one sees what the first one brought
        cursor.execute("lock table bansos_pbinonaktif in share row exclusive mode")
    rows = BarisImpor.objects.filter(impor=impor, hasil="baru").order_by("nomor")
    hitung = {"nonaktif": 0, "di_register": 0, "sama": 0}
    n = 0
    for bagian in bulk.chunks(rows.iterator(CHUNK), CHUNK):
        isi: list[dict[str, Any]] = [b.buka()["d"] for b in bagian]
        indeks = [blind_index(d["nik"], "nik") for d in isi]
        orang, ada = _orang(indeks, luas), _ada(indeks)
        baru = [
            (d, i)
            for d, i in zip(isi, indeks, strict=True)
            if (i, date.fromisoformat(d["tanggal"])) not in ada
        ]
        bulk.copy("bansos_pbinonaktif", _TABEL, (_baris(d, i, orang.get(i), impor, by) for d, i in baru))
        hitung["nonaktif"] += len(baru)
        hitung["di_register"] += sum(i in orang for _, i in baru)
        hitung["sama"] += len(isi) - len(baru)
        n += len(bagian)
        laju(n, "Menyimpan")
    return hitung


def _baris(d: dict[str, Any], indeks: bytes, individu: UUID | None, impor: Impor, by: Pengguna) -> str:
    pk = uuid4()
    segel = keys.seal(d["nik"].encode(), f"bansos_pbinonaktif.nik:{pk}")
    return bulk.line(
        (
            pk,
            indeks,
            segel,
            d["nama"],
            individu,
            impor.wilayah_id,
            d["tanggal"],
            d["sebab"],
            "berkas",
            impor.pk,
            by.pk,
        )
    )


def batalkan(impor: Impor, by: Pengguna, laju: Laju) -> dict[str, int]:
    """All rows of the file go, unless a request was built on one of them."""
    dipakai = ReaktivasiPBI.objects.filter(nonaktif__impor=impor).order_by("nomor")
    if nomor := list(dipakai.values_list("nomor", flat=True)[:3]):
        raise GateClosed(
            [Halangan("SUDAH_DIPAKAI", f"Sudah ada permohonan reaktivasi dari berkas ini: {', '.join(nomor)}.",
                      "Batalkan permohonannya dulu tidak cukup; minta berkas perbaikan dan unggah yang benar.")]
        )  # fmt: skip
    if PbiAktif.objects.filter(nonaktif__impor=impor).exists():
        raise GateClosed(
            [Halangan("SUDAH_DIPAKAI", "Ada orang di berkas ini yang sudah ditandai aktif kembali oleh berkas lain.",
                      "Batalkan dulu berkas PBI aktif itu.")]
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("delete from bansos_pbinonaktif where impor_id = %s", [impor.pk])
        return {"dihapus": cursor.rowcount}


def mentah(b: BarisImpor) -> Sequence[str]:
    return b.buka()["m"]


def ringkas(b: BarisImpor) -> str:
    m = b.buka()["m"]
    return " · ".join(s[:60] for s in (mask_nik("".join(m[0].split())), m[1], m[2], m[3]) if s)


JENIS = daftarkan(
    JenisImpor(
        kode="pbi_nonaktif",
        judul="Daftar PBI nonaktif",
        keterangan="Empat kolom: NIK, nama, tanggal nonaktif, sebab. Tampil di menu PBI; tidak mengubah bantuan siapa pun.",
        kolom=KOLOM,
        kuasa="impor.pbi",
        periksa=periksa,
        terapkan=terapkan,
        batalkan=batalkan,
        mentah=mentah,
        ringkas=ringkas,
        petunjuk=(
            "Daftar peserta PBI JK yang dinonaktifkan dari Kemensos. Orang yang belum ada di register juga disimpan.",
        ),
        lembar="PBI NONAKTIF",
        nama_templat="TEMPLATE_PBI_NONAKTIF.xlsx",
    )
)
