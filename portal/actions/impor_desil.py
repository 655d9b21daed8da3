"""Desil of a quarter from BPS as a kind of import: shown first, stored as delivered, never edited and never taken back."""

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from accounts.models import Pengguna
from core import bulk, sheets
from core.identity import check_kk, mask_nik
from core.privacy.keys import blind_index
from core.progress import Laju
from core.sheets import Kolom, Lembar, Sel
from core.workflow import GateClosed, Halangan
from dtks.actions.impor.inti import Baris, JenisImpor, Pesan, daftarkan, jadikan_konflik
from dtks.models import BarisImpor, Desil, Impor, Keluarga
from portal.actions.desil import kuartal
from wilayah.kode import dalam

KK, DESIL, TRIWULAN = "no_kk", "desil", "triwulan"
KOLOM = (
    Kolom(KK, ("nomor kk", "nokk"), lebar=20, penjelasan="16 angka, sel Teks.", contoh="3205010101150002"),
    Kolom(DESIL, penjelasan="Angka 1 sampai 10.", contoh="3"),
    Kolom(TRIWULAN, penjelasan="Tahun dan triwulan.", contoh="2026-4"),
)
CHUNK = 2000
_BEDA = Pesan(
    DESIL, "DESIL_BEDA", "Desil triwulan ini sudah ada dengan nilai lain. Desil tidak boleh diubah; minta koreksi ke BPS."
)  # fmt: skip


def periksa(impor: Impor, lembar: Lembar, laju: Laju) -> Iterator[Baris]:
    luas = impor.created_by.cakupan(impor.kuasa)
    sudah: dict[tuple[str, str], int] = {}
    n = 0
    berisi = (b for b in lembar.baris() if any(s is not None and s != "" for s in b[1]))
    for bagian in bulk.chunks(berisi, CHUNK):
        rows = [_baca(nomor, sel, sudah) for nomor, sel in bagian]
        baik = [b for b in rows if not b.galat]
        keluarga = _keluarga([b.isi["d"]["kk"] for b in baik], luas)
        ada = _ada(list(keluarga.values()))
        for baris in rows:
            if not baris.galat:
                _golongkan(baris, keluarga, ada)
            yield baris
        n += len(bagian)
        laju(n, "Memeriksa")


def _baca(nomor: int, sel: Sequence[Sel], sudah: dict[tuple[str, str], int]) -> Baris:
    teks = ["" if (satu := sheets.bersih(s)) is None else sheets.sebagai_teks(satu).strip() for s in sel]
    hasil = Baris(nomor, "galat", {"m": teks})
    if isinstance(sel[0], int | float):
        hasil.galat.append(
            Pesan(KK, "KK_BUKAN_TEKS", "Nomor KK tersimpan sebagai angka. Ubah format sel menjadi Teks, lalu ketik ulang.")
        )  # fmt: skip
        return hasil
    cek = check_kk(teks[0])
    if cek.galat:
        hasil.galat.append(Pesan(KK, "KK_TIDAK_SAH", cek.galat[0]))
    if not (teks[1].isascii() and teks[1].isdigit() and 1 <= int(teks[1]) <= 10):
        hasil.galat.append(Pesan(DESIL, "DESIL_TIDAK_SAH", "Desil harus angka 1 sampai 10."))
    try:
        kuartal(teks[2])
    except ValueError as error:
        hasil.galat.append(Pesan(TRIWULAN, "TRIWULAN_TIDAK_SAH", str(error)))
    if not hasil.galat and (lama := sudah.setdefault((cek.kk, teks[2]), nomor)) != nomor:
        hasil.galat.append(Pesan(KK, "BARIS_GANDA", f"KK dan triwulan ini sudah ada di baris {lama}."))
    if not hasil.galat:
        hasil.isi["d"] = {"kk": cek.kk, "desil": int(teks[1]), "triwulan": teks[2]}
    return hasil


def _keluarga(kk: list[str], luas: Sequence[str]) -> dict[str, UUID]:
    indeks = {blind_index(satu, "kk"): satu for satu in kk}
    rows = Keluarga.objects.exclude(status="nonaktif").filter(
        dalam("wilayah_id", luas), no_kk_indeks__in=list(indeks)
    )
    return {indeks[bytes(i)]: pk for i, pk in rows.values_list("no_kk_indeks", "pk")}


def _ada(keluarga: list[UUID]) -> dict[tuple[UUID, int, int], int]:
    rows = Desil.objects.filter(keluarga__in=keluarga)
    return {(k, t, q): d for k, t, q, d in rows.values_list("keluarga_id", "tahun", "triwulan", "desil")}


def _golongkan(baris: Baris, keluarga: dict[str, UUID], ada: dict[tuple[UUID, int, int], int]) -> None:
    d = baris.isi["d"]
    pk = keluarga.get(d["kk"])
    if pk is None:
        baris.galat = [Pesan(KK, "KK_TIDAK_DIKENAL", "Nomor KK ini tidak ada di register wilayah Anda.")]
        return
    baris.keluarga = pk
    lama = ada.get((pk, *kuartal(d["triwulan"])))
    baris.hasil = "baru" if lama is None else "sama" if lama == d["desil"] else "konflik"
    if baris.hasil == "konflik":
        baris.galat = [_BEDA]


def terapkan(impor: Impor, by: Pengguna, laju: Laju) -> dict[str, int]:
    """Store the new ones, in the transaction whose act `inti` records; what came in meanwhile becomes a conflict."""
    rows = BarisImpor.objects.filter(impor=impor, hasil="baru").order_by("nomor")
    sumber, simpan, bentrok, n = impor.berkas.nama_tampil, 0, [], 0
    for bagian in bulk.chunks(rows.iterator(CHUNK), CHUNK):
        ada = _ada([b.keluarga for b in bagian if b.keluarga])
        baru = []
        for b in bagian:
            d: dict[str, Any] = b.buka()["d"]
            tahun, nomor = kuartal(d["triwulan"])
            if (b.keluarga, tahun, nomor) in ada:
                bentrok.append(b.nomor)
            else:
                baru.append(
                    Desil(keluarga_id=b.keluarga, tahun=tahun, triwulan=nomor, desil=d["desil"], sumber=sumber[:200])
                )  # fmt: skip
        Desil.objects.bulk_create(baru, batch_size=CHUNK)
        simpan += len(baru)
        n += len(bagian)
        laju(n, "Menyimpan")
    if bentrok:
        jadikan_konflik(impor, bentrok, _BEDA)
    return {"desil": simpan, "konflik": len(bentrok)}


def batalkan(impor: Impor, by: Pengguna, laju: Laju) -> dict[str, int]:
    """Perban BPS 6/2025: what BPS delivered is neither changed nor deleted in the region."""
    raise GateClosed(
        [Halangan("DESIL_BEKU", "Desil dari BPS tidak bisa dibatalkan. Minta berkas perbaikan ke BPS untuk triwulan berikutnya.")]
    )  # fmt: skip


def mentah(b: BarisImpor) -> Sequence[str]:
    return b.buka()["m"]


def ringkas(b: BarisImpor) -> str:
    m = b.buka()["m"]
    return " · ".join(s[:40] for s in (mask_nik("".join(m[0].split())), f"desil {m[1]}", m[2]) if s)


JENIS = daftarkan(
    JenisImpor(
        kode="desil",
        judul="Desil dari BPS",
        keterangan="Tiga kolom: no_kk, desil, triwulan. Disimpan apa adanya dan tidak bisa diubah atau dibatalkan.",
        kolom=KOLOM,
        kuasa="impor.desil",
        periksa=periksa,
        terapkan=terapkan,
        batalkan=batalkan,
        mentah=mentah,
        ringkas=ringkas,
        petunjuk=("Desil tiap triwulan dari BPS. Nilai yang sudah tersimpan tidak akan ditimpa.",),
        lembar="DESIL",
        nama_templat="TEMPLATE_DESIL.xlsx",
    )
)
