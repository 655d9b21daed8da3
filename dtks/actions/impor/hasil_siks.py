"""The result file of SIKS-NG (CSV, 8 columns) as a kind of import: one answer per NIK and programme, beside the proposal.

It decides nothing. 'Padan: TIDAK' opens a finding in the village's queue; Dukcapil's own verdict stays as it is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from accounts.models import Pengguna
from core import bulk, identity, sheets
from core.identity import mask_nik
from core.privacy.keys import blind_index
from core.progress import Laju
from core.sheets import Kolom, Lembar, Sel
from dtks.actions import padan
from dtks.actions.impor.inti import Baris, JenisImpor, Pesan, daftarkan, jadikan_konflik
from dtks.models import BarisImpor, HasilSiks, Impor, Individu, KodeAcuan, Usulan
from dtks.models.keluarga import VERSI_KODE
from wilayah.kode import dalam

KECAMATAN, DESA, NIK, PROGRAM = "KECAMATAN", "DESA", "NIK USULAN", "PROGRAM BANSOS"
HASIL, PADAN, NAMA, KETERANGAN = "HASIL", "PADAN", "NAMA LENGKAP (DUKCAPIL)", "KETERANGAN VALIDASI"
KOLOM = (
    Kolom(KECAMATAN, wajib=False, contoh="GARUT KOTA"),
    Kolom(DESA, ("KELURAHAN", "DESA/KELURAHAN", "NAMA DESA"), wajib=False, contoh="KOTA KULON"),
    Kolom(NIK, ("NIK",), lebar=20, penjelasan="16 angka, sel Teks.", contoh="3205010101800001"),
    Kolom(PROGRAM, ("PROGRAM",), penjelasan="Seperti saat diusulkan.", contoh="PKH"),
    Kolom(HASIL, ("STATUS",), penjelasan="Seperti di SIKS-NG.", contoh="BERHASIL"),
    Kolom(PADAN, wajib=False, penjelasan="YA atau TIDAK.", contoh="YA"),
    Kolom(NAMA, ("NAMA LENGKAP", "NAMA DUKCAPIL"), wajib=False, lebar=28, contoh="SITI AMINAH"),
    Kolom(KETERANGAN, ("KETERANGAN",), wajib=False, lebar=40, contoh=""),
)
CHUNK = 1000
BUKAN_USULAN = ("draf", "ditarik")
_PADAN = {
    "PADAN": "padan", "YA": "padan", "Y": "padan", "1": "padan", "SESUAI": "padan",
    "TIDAK PADAN": "tidak", "TIDAK": "tidak", "T": "tidak", "0": "tidak", "TIDAK SESUAI": "tidak", "": "", "-": "",
}  # fmt: skip
_PROGRAM = {
    "SEMBAKO": "BPNT",
    "BPNT/SEMBAKO": "BPNT",
    "PBI-JK": "PBI",
    "PBI JK": "PBI",
    "NON BANSOS": "NONBANSOS",
}
# Words of the validation note -> category of the finding (domain.md §3.2); the first that fits.
_SEBAB = (
    (r"MENINGGAL|WAFAT", Individu.Padan.MENINGGAL),
    (r"GANDA|DUPLIKAT", Individu.Padan.GANDA),
    (r"NON ?-?AKTIF", Individu.Padan.NONAKTIF),
    (r"FORMAT", Individu.Padan.FORMAT_SALAH),
    (r"TIDAK (?:DI)?TEMU|TIDAK TERDAPAT|TIDAK ADA", Individu.Padan.TIDAK_DITEMUKAN),
    (r"PINDAH|WILAYAH", Individu.Padan.PINDAH),
)


@dataclass(frozen=True)
class Sasaran:
    """The proposal and the person that a row speaks about, and the last answer that counts."""

    usulan: UUID
    individu: UUID
    keluarga: UUID
    jalur: str
    terakhir: tuple[str, str, str, str] | None


def kategori(keterangan: str, nama_dukcapil: str) -> str:
    """What kind of finding 'padan: TIDAK' is, from the note; without one: another name, or no such NIK."""
    besar = keterangan.upper()
    for pola, kode in _SEBAB:
        if re.search(pola, besar):
            return str(kode)
    return str(Individu.Padan.TIDAK_PADAN_NAMA if nama_dukcapil else Individu.Padan.TIDAK_DITEMUKAN)


def periksa(impor: Impor, lembar: Lembar, laju: Laju) -> Iterator[Baris]:
    luas = impor.created_by.cakupan(impor.kuasa)
    program = frozenset(
        KodeAcuan.objects.filter(daftar="program_usulan", versi=VERSI_KODE).values_list("kode", flat=True)
    )
    sudah: dict[tuple[str, str], int] = {}
    n = 0
    berisi = (b for b in lembar.baris() if any(s is not None and s != "" for s in b[1]))
    for bagian in bulk.chunks(berisi, CHUNK):
        rows = [(nomor, _baca(nomor, sel, program, sudah)) for nomor, sel in bagian]
        sasaran = cari([b.isi["d"] for _, b in rows if not b.galat], luas)
        for _, baris in rows:
            if not baris.galat:
                golongkan(baris, sasaran)
            yield baris
        n += len(bagian)
        laju(n, "Memeriksa")


def _baca(
    nomor: int, sel: Sequence[Sel], program: frozenset[str], sudah: dict[tuple[str, str], int]
) -> Baris:
    """The rules of one row that need no register."""
    teks = [_teks(satu) for satu in sel]
    hasil = Baris(nomor, "galat", {"m": teks})
    kecamatan, desa, _, kata, kabar, kata_padan, nama, keterangan = teks
    for satu, isi in zip(KOLOM, teks, strict=True):
        if sheets.tak_terlihat(isi):
            hasil.galat.append(Pesan(satu.judul, "TANDA_TAK_TERLIHAT", "Sel berisi tanda yang tidak terlihat. Hapus isi sel, lalu ketik ulang."))  # fmt: skip
    nik = baca_nik(sel[2], hasil)
    kode = baca_program(kata, program, hasil)
    if not kabar:
        hasil.galat.append(Pesan(HASIL, "KOSONG", "Hasil belum diisi."))
    if kata_padan.upper() not in _PADAN:
        hasil.galat.append(Pesan(PADAN, "PADAN_TIDAK_DIKENAL", "Padan ditulis YA atau TIDAK."))
    for kolom, isi, batas in ((HASIL, kabar, 60), (NAMA, nama, 100), (KETERANGAN, keterangan, 300)):
        if len(isi) > batas:
            hasil.galat.append(Pesan(kolom, "TERLALU_PANJANG", f"Paling banyak {batas} huruf."))
    if nik and (lama := sudah.setdefault((nik, kode), nomor)) != nomor:
        hasil.galat.append(Pesan(NIK, "BARIS_GANDA", f"NIK dan program ini sudah ada di baris {lama}."))
    hasil.program = kode
    if not hasil.galat:
        hasil.isi["d"] = {
            "nik": nik, "program": kode, "hasil": kabar, "padan": _PADAN[kata_padan.upper()], "nama": nama, "keterangan": keterangan,
            "kecamatan": kecamatan, "desa": desa,
        }  # fmt: skip
    return hasil


def _teks(sel: Sel) -> str:
    bersih = sheets.bersih(sel)
    return "" if bersih is None else " ".join(sheets.sebagai_teks(bersih).split())


def baca_program(kata: str, program: frozenset[str], hasil: Baris) -> str:
    """Code of the programme as SIKS-NG spells it; '' and an error when it is none."""
    kode = _PROGRAM.get(kata.upper(), kata.upper())
    if kode in program:
        return kode
    pesan = "Program tidak dikenal. Tulis seperti saat diusulkan, misalnya PKH, BPNT, atau PBI."
    hasil.galat.append(Pesan(PROGRAM, "PROGRAM_TIDAK_DIKENAL", pesan if kata else "Program belum diisi."))
    return ""


def baca_nik(sel: Sel, hasil: Baris) -> str:
    """16 digits as text. A number has lost digits in Excel: refused, never repaired."""
    if not isinstance(sel, str):
        kosong = sel is None
        pesan = (
            "NIK belum diisi."
            if kosong
            else "NIK tersimpan sebagai angka, bukan teks. Ubah format sel menjadi Teks, lalu ketik ulang."
        )
        hasil.galat.append(Pesan(NIK, "KOSONG" if kosong else "NIK_BUKAN_TEKS", pesan))
        return ""
    cek = identity.check_nik(str(sheets.bersih(sel) or ""))
    if cek.galat:
        hasil.galat.append(Pesan(NIK, "NIK_TIDAK_SAH", cek.galat[0]))
    return cek.nik


def cari(data: list[dict[str, Any]], luas: Sequence[str]) -> dict[tuple[str, str], Sasaran]:
    """(NIK, programme) -> what the row speaks about, inside `luas` only. Three queries for any number of rows."""
    nik = {blind_index(d["nik"], "nik"): d["nik"] for d in data}
    orang = {
        pk: (nik[bytes(indeks)], keluarga)
        for pk, indeks, keluarga in Individu.objects.aktif()
        .filter(nik_indeks__in=list(nik))
        .values_list("pk", "nik_indeks", "keluarga_id")
    }
    usulan: dict[tuple[UUID, str], tuple[UUID, str]] = {}
    rows = Usulan.objects.filter(dalam("wilayah_id", luas), keluarga__in={k for _, k in orang.values()})
    rows = rows.exclude(status__in=BUKAN_USULAN).order_by("periode", "created_at", "pk")
    for pk, keluarga, program, jalur in rows.values_list("pk", "keluarga_id", "program", "wilayah__jalur"):
        usulan[keluarga, program] = (pk, jalur)  # the latest one stays
    akhir = HasilSiks.objects.berlaku().filter(usulan__in=[pk for pk, _ in usulan.values()])
    terakhir = {
        (u, i): isi
        for u, i, *isi in akhir.order_by("created_at", "pk").values_list(
            "usulan_id", "individu_id", "hasil", "padan", "nama_dukcapil", "keterangan"
        )
    }
    hasil = {}
    for pk, (nomor, keluarga) in orang.items():
        for (milik, program), (usul, jalur) in usulan.items():
            if milik == keluarga:
                lama = terakhir.get((usul, pk))
                hasil[nomor, program] = Sasaran(usul, pk, keluarga, jalur, tuple(lama) if lama else None)  # type: ignore[arg-type]
    return hasil


def golongkan(baris: Baris, sasaran: dict[tuple[str, str], Sasaran]) -> None:
    """New, the same as the last answer, or another one; no such proposal is an error of the row."""
    d = baris.isi["d"]
    satu = sasaran.get((d["nik"], d["program"]))
    if satu is None:
        baris.hasil = "galat"
        baris.galat = [
            Pesan(NIK, "USULAN_TIDAK_ADA", "Tidak ada usulan program ini untuk NIK ini di wilayah Anda. Periksa NIK dan programnya.")
        ]  # fmt: skip
        return
    baris.usulan, baris.individu, baris.keluarga = satu.usulan, satu.individu, satu.keluarga
    baru = (d["hasil"], d["padan"], d["nama"], d["keterangan"])
    baris.hasil = "baru" if satu.terakhir is None else "sama" if satu.terakhir == baru else "berubah"
    if d["desa"] and d["desa"].upper() not in satu.jalur.upper():
        baris.tanda.append(
            Pesan(DESA, "DESA_BEDA", "Desa di berkas berbeda dengan desa usulan ini di portal.")
        )


def terapkan(impor: Impor, by: Pengguna, laju: Laju) -> dict[str, int]:
    """Append the answers and open findings, in the transaction whose act `inti` records."""
    luas = by.cakupan(impor.kuasa)
    rows = BarisImpor.objects.filter(impor=impor, hasil__in=("baru", "berubah")).order_by("nomor")
    simpan, hilang, n, tiket = 0, [], 0, 0
    for bagian in bulk.chunks(rows.iterator(CHUNK), CHUNK):
        isi = {b.nomor: b.buka()["d"] for b in bagian}
        sasaran = cari(list(isi.values()), luas)
        orang = {
            o.pk: o
            for o in Individu.objects.select_related("keluarga").filter(pk__in=[b.individu for b in bagian])
        }
        baru = []
        for b in bagian:
            d = isi[b.nomor]
            satu = sasaran.get((d["nik"], d["program"]))
            if satu is None or (satu.usulan, satu.individu) != (b.usulan, b.individu):
                hilang.append(b.nomor)
                continue
            temuan = None
            if d["padan"] == HasilSiks.Padan.TIDAK:
                temuan = padan.laporkan(orang[satu.individu], kategori(d["keterangan"], d["nama"]))
                tiket += temuan is not None
            baru.append(
                HasilSiks(
                    usulan_id=satu.usulan, individu_id=satu.individu, impor=impor, nomor=b.nomor, hasil=d["hasil"], padan=d["padan"],
                    nama_dukcapil=d["nama"], keterangan=d["keterangan"], tiket=temuan,
                )
            )  # fmt: skip
        HasilSiks.objects.bulk_create(baru, batch_size=CHUNK)
        simpan += len(baru)
        n += len(bagian)
        laju(n, "Menyimpan")
    if hilang:
        jadikan_konflik(
            impor,
            hilang,
            Pesan(
                NIK,
                "USULAN_BERUBAH",
                "Usulan atau anggotanya berubah sejak diperiksa. Unggah baris ini lagi.",
            ),
        )
    return {"hasil": simpan, "temuan": tiket, "konflik": len(hilang)}


def batalkan(impor: Impor, by: Pengguna, laju: Laju) -> dict[str, int]:
    """The answers stay as history and count no more (`HasilSiksQuerySet.berlaku`); untouched findings are closed."""
    rows = HasilSiks.objects.filter(impor=impor).values_list("tiket", flat=True)
    tiket = [pk for pk in rows if pk is not None]
    return {
        "ditarik": HasilSiks.objects.filter(impor=impor).count(),
        "temuan_ditutup": padan.tarik_laporan(tiket),
    }


def mentah(b: BarisImpor) -> Sequence[str]:
    return b.buka()["m"]


def ringkas(b: BarisImpor) -> str:
    m = b.buka()["m"]
    ket = {"YA": "padan", "TIDAK": "tidak padan"}.get(m[5].upper(), m[5])
    return " · ".join(s[:60] for s in (mask_nik("".join(m[2].split())), m[3], m[4], ket) if s)


JENIS = daftarkan(
    JenisImpor(
        kode="hasil_siks",
        judul="Hasil dari SIKS-NG",
        keterangan="Berkas hasil 8 kolom. Jawaban tampil di halaman usulan; tidak menetapkan apa pun.",
        kolom=KOLOM,
        kuasa="impor.hasil_siks",
        periksa=periksa,
        terapkan=terapkan,
        batalkan=batalkan,
        mentah=mentah,
        ringkas=ringkas,
        petunjuk=("Berkas hasil dari SIKS-NG, 8 kolom. Unggah apa adanya; jangan mengubah NIK.",),
        lembar="HASIL",
        nama_templat="TEMPLATE_HASIL_SIKS.xlsx",
    )
)
