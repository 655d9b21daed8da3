"""Exclusion lists as a kind of import: one row per NIK and source. Nothing is looked up by hand, nothing of the NIK is kept.

The same NIK with a newer day replaces the older row; with the same or an older day nothing changes. A row that was contested
stays what it is until the Dinas has decided, and one that was found wrong comes back only by a decision.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from accounts.models import Pengguna
from bansos.models import ButirPengecualian, SanggahButir, SumberPengecualian
from core import bulk, sheets
from core.forms import DayField
from core.identity import mask_nik
from core.privacy.keys import blind_index
from core.progress import Laju
from core.sheets import Kolom, Lembar, Sel
from core.workflow import GateClosed, Halangan
from dtks.actions.impor.hasil_siks import baca_nik
from dtks.actions.impor.inti import Baris, JenisImpor, Pesan, daftarkan, jadikan_konflik
from dtks.models import BarisImpor, Impor

NIK, SUMBER, TANGGAL, ASAL, HINGGA, KETERANGAN = "NIK USULAN", "SUMBER", "TANGGAL DATA", "ASAL DATA", "BERLAKU HINGGA", "KETERANGAN"  # fmt: skip
KOLOM = (
    Kolom(NIK, ("NIK",), lebar=20, penjelasan="16 angka, sel Teks.", contoh="3205010101800001"),
    Kolom(SUMBER, ("JENIS",), lebar=18, penjelasan="Kode atau nama daftarnya, misalnya ASN, PENSIUN, UPAH, AHU.", contoh="ASN"),
    Kolom(TANGGAL, ("TANGGAL",), lebar=14, penjelasan="Keadaan data per tanggal, hari/bulan/tahun.", contoh="01/10/2026"),
    Kolom(ASAL, wajib=False, lebar=30, penjelasan="Instansi yang memberi data.", contoh="BKPSDM Kabupaten Garut"),
    Kolom(HINGGA, wajib=False, lebar=14, penjelasan="Kosong bila tanpa batas.", contoh=""),
    Kolom(KETERANGAN, wajib=False, lebar=40, contoh=""),
)  # fmt: skip
CHUNK = 2000
TERTUA = timedelta(days=3650)


def periksa(impor: Impor, lembar: Lembar, laju: Laju) -> Iterator[Baris]:
    sumber = _sumber()
    sudah: dict[bytes, int] = {}
    n = 0
    berisi = (b for b in lembar.baris() if any(s is not None and s != "" for s in b[1]))
    for bagian in bulk.chunks(berisi, CHUNK):
        rows = [_baca(nomor, sel, sumber, sudah) for nomor, sel in bagian]
        ada = _ada(impor.wilayah_id, [b.kelompok for b in rows if b.kelompok])
        for baris in rows:
            if not baris.galat:
                _golongkan(baris, ada)
            yield baris
        n += len(bagian)
        laju(n, "Memeriksa")


def _sumber() -> dict[str, str]:
    """Code or name in capitals -> code, of the kinds in use."""
    rows = SumberPengecualian.objects.filter(aktif=True).values_list("kode", "nama")
    return {kata.upper(): kode for kode, nama in rows for kata in (kode, nama)}


def _baca(nomor: int, sel: Sequence[Sel], sumber: dict[str, str], sudah: dict[bytes, int]) -> Baris:
    """The rules of one row that need no database."""
    teks = [_teks(satu) for satu in sel]
    baris = Baris(nomor, "galat", {"m": teks})
    for satu, isi in zip(KOLOM, teks, strict=True):
        if sheets.tak_terlihat(isi):
            baris.galat.append(Pesan(satu.judul, "TANDA_TAK_TERLIHAT", "Sel berisi tanda yang tidak terlihat. Ketik ulang."))  # fmt: skip
    nik = baca_nik(sel[0], baris)
    kode = sumber.get(teks[1].upper(), "")
    if not kode:
        baris.galat.append(Pesan(SUMBER, "SUMBER_TIDAK_DIKENAL", f"Sumber tidak dikenal. Yang dikenal: {', '.join(sorted(set(sumber.values())))}."))  # fmt: skip
    per = _tanggal(sel[2], teks[2], TANGGAL, baris)
    if per and not timezone.localdate() - TERTUA <= per <= timezone.localdate():
        baris.galat.append(Pesan(TANGGAL, "TANGGAL", "Tanggal data tidak boleh di masa depan atau lebih dari sepuluh tahun lalu."))  # fmt: skip
    hingga = _tanggal(sel[4], teks[4], HINGGA, baris) if teks[4] else None
    if per and hingga and hingga < per:
        baris.galat.append(Pesan(HINGGA, "TANGGAL", "Berlaku hingga harus sesudah tanggal data."))
    for kolom, isi, batas in ((ASAL, teks[3], 120), (KETERANGAN, teks[5], 200)):
        if len(isi) > batas:
            baris.galat.append(Pesan(kolom, "TERLALU_PANJANG", f"Paling banyak {batas} huruf."))
    if baris.galat or per is None:
        return baris
    indeks = blind_index(nik, "nik")
    if (lama := sudah.setdefault(indeks + kode.encode(), nomor)) != nomor:
        baris.galat.append(Pesan(NIK, "BARIS_GANDA", f"NIK dan sumber ini sudah ada di baris {lama}."))
        return baris
    baris.kelompok, baris.program = indeks, kode
    baris.isi["d"] = {
        "sumber": kode, "per": per.isoformat(), "asal": teks[3], "hingga": hingga.isoformat() if hingga else None, "keterangan": teks[5],
    }  # fmt: skip
    return baris


def _teks(sel: Sel) -> str:
    bersih = sheets.bersih(sel)
    return "" if bersih is None else " ".join(sheets.sebagai_teks(bersih).split())


def _tanggal(sel: Sel, teks: str, kolom: str, baris: Baris) -> date | None:
    if isinstance(sel, date):
        return sel
    try:
        hari: date | None = DayField(required=False).clean(teks)
    except ValidationError:
        hari = None
    if hari is None:
        baris.galat.append(Pesan(kolom, "TANGGAL", "Tulis tanggal, misalnya 01/10/2026."))
    return hari


def _ada(wilayah: str, indeks: list[bytes]) -> dict[tuple[bytes, str], tuple[str, date]]:
    """(blind index, source) -> (state, day) of what is on the lists of this kabupaten."""
    rows = ButirPengecualian.objects.filter(wilayah=wilayah, nik_indeks__in=indeks).exclude(status="diganti")
    return {
        (bytes(i), s): (status, per)
        for i, s, status, per in rows.values_list("nik_indeks", "sumber", "status", "tanggal_data")
    }


def _golongkan(baris: Baris, ada: dict[tuple[bytes, str], tuple[str, date]]) -> None:
    lama = ada.get((baris.kelompok or b"", baris.program))
    if lama is None:
        baris.hasil = "baru"
        return
    status, per = lama
    if date.fromisoformat(baris.isi["d"]["per"]) <= per:
        baris.hasil = "sama"
    elif status == ButirPengecualian.Status.BERLAKU:
        baris.hasil = "berubah"
    else:
        baris.hasil = "konflik"
        baris.galat = [Pesan(NIK, status.upper(), _KONFLIK[status])]


_KONFLIK = {
    "disanggah": "Data ini sedang disanggah. Tunggu putusannya, lalu unggah lagi.",
    "gugur": "Data ini sudah diputus keliru. Minta pemberi data membetulkan daftarnya.",
}
_BAHAN = "pengecualian_masuk"
_KOLOM_BAHAN = ("nomor", "nik_indeks", "sumber", "per", "asal", "hingga", "keterangan")
_SISIP = """
with lama as (
  update bansos_butirpengecualian b set status = 'diganti', updated_at = now()
  from pengecualian_masuk m
  where b.wilayah_id = %(wilayah)s and b.nik_indeks = m.nik_indeks and b.sumber_id = m.sumber and b.status = 'berlaku' and b.tanggal_data < m.per
  returning b.id, b.nik_indeks, b.sumber_id)
insert into pengecualian_diganti(nomor, id)
select m.nomor, lama.id from pengecualian_masuk m join lama on lama.nik_indeks = m.nik_indeks and lama.sumber_id = m.sumber
"""
_MASUK = """
insert into bansos_butirpengecualian(id, sumber_id, wilayah_id, nik_indeks, asal, tanggal_data, berlaku_hingga, keterangan, status, impor_id,
                                     nomor, menggantikan_id, created_at, updated_at)
select gen_random_uuid(), m.sumber, %(wilayah)s, m.nik_indeks, m.asal, m.per, m.hingga, m.keterangan, 'berlaku', %(impor)s, m.nomor, d.id,
       now(), now()
from pengecualian_masuk m left join pengecualian_diganti d on d.nomor = m.nomor
on conflict do nothing
returning nomor
"""


def terapkan(impor: Impor, by: Pengguna, laju: Laju) -> dict[str, int]:
    """Older rows become 'diganti', the new ones go in: three statements for any number of rows."""
    rows = BarisImpor.objects.filter(impor=impor, hasil__in=("baru", "berubah")).order_by("nomor")
    semua = set(rows.values_list("nomor", flat=True))
    nama = dict(SumberPengecualian.objects.values_list("kode", "nama"))
    with connection.cursor() as cursor:
        # One import of a kabupaten after the other: two at once would each believe in the older row.
        cursor.execute(
            "select pg_advisory_xact_lock(hashtext('pengecualian'), hashtext(%s))", [impor.wilayah_id]
        )
        cursor.execute(
            f"create temporary table {_BAHAN} (nomor int, nik_indeks bytea, sumber text, per date, asal text, hingga date, keterangan text)"
            " on commit drop"
        )
        for bagian in bulk.chunks(rows.iterator(CHUNK), CHUNK):  # read first: COPY holds the connection
            bulk.copy(_BAHAN, _KOLOM_BAHAN, [_bahan(b, nama) for b in bagian])
        laju(len(semua) // 2, "Menyimpan")
        isian: dict[str, Any] = {"wilayah": impor.wilayah_id, "impor": impor.pk}
        cursor.execute(
            f"create temporary table pengecualian_diganti (nomor int, id uuid) on commit drop; analyze {_BAHAN}"
        )
        cursor.execute(_SISIP, isian)
        cursor.execute(_MASUK, isian)
        masuk = {r[0] for r in cursor.fetchall()}
        cursor.execute(f"drop table {_BAHAN}; drop table pengecualian_diganti")
    laju(len(semua), "Menyimpan")
    if hilang := semua - masuk:
        jadikan_konflik(
            impor,
            sorted(hilang),
            Pesan(NIK, "BERUBAH", "Data ini berubah sejak diperiksa. Unggah baris ini lagi."),
        )
    return {"butir": len(masuk), "konflik": len(hilang)}


def _bahan(b: BarisImpor, nama: dict[str, str]) -> str:
    d: dict[str, Any] = b.buka()["d"]
    hingga = date.fromisoformat(d["hingga"]) if d["hingga"] else None
    asal = d["asal"] or nama[d["sumber"]]
    return bulk.line((b.nomor, bytes(b.kelompok or b""), d["sumber"], date.fromisoformat(d["per"]), asal, hingga, d["keterangan"]))  # fmt: skip


def batalkan(impor: Impor, by: Pengguna, laju: Laju) -> dict[str, int]:
    """The rows of this file go, those that they replaced count again; not when one was contested or replaced since."""
    milik = ButirPengecualian.objects.filter(impor=impor)
    lanjut = (
        milik.exclude(status=ButirPengecualian.Status.BERLAKU)
        .order_by("nomor")
        .values_list("nomor", flat=True)[:10]
    )
    disanggah = SanggahButir.objects.filter(butir__impor=impor).values_list("butir__nomor", flat=True)[:10]
    if nomor := sorted({*lanjut, *disanggah}):
        raise GateClosed(
            [Halangan("SUDAH_BERLANJUT", f"Berkas ini tidak bisa dibatalkan: baris {', '.join(map(str, nomor))} sudah disanggah, diputus, atau diganti data lebih baru.")]
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtext('pengecualian'), hashtext(%s))", [impor.wilayah_id]
        )
        cursor.execute(
            "create temporary table pengecualian_kembali on commit drop as"
            " select menggantikan_id as id from bansos_butirpengecualian where impor_id = %s and menggantikan_id is not null",
            [impor.pk],
        )
        cursor.execute("delete from bansos_butirpengecualian where impor_id = %s", [impor.pk])
        dihapus = cursor.rowcount
        cursor.execute(
            "update bansos_butirpengecualian b set status = 'berlaku', updated_at = now() from pengecualian_kembali k where b.id = k.id"
        )
        kembali = cursor.rowcount
        cursor.execute("drop table pengecualian_kembali")
    return {"dihapus": dihapus, "berlaku_lagi": kembali}


def ringkas(b: BarisImpor) -> str:
    m = b.buka()["m"]
    return " · ".join(s[:60] for s in (mask_nik("".join(m[0].split())), m[1], m[2], m[3]) if s)


JENIS = daftarkan(
    JenisImpor(
        kode="pengecualian",
        judul="Daftar pengecualian (ASN, pensiun, upah, AHU, meninggal, …)",
        keterangan="NIK yang menurut instansi asalnya tidak boleh menerima bantuan. Tiap butirnya bisa disanggah warga.",
        kolom=KOLOM,
        kuasa="impor.pengecualian",
        periksa=periksa,
        terapkan=terapkan,
        batalkan=batalkan,
        mentah=lambda b: b.buka()["m"],
        ringkas=ringkas,
        petunjuk=(
            "Satu baris satu NIK dan satu sumber. NIK yang tidak ada di portal boleh ikut; ia dikenali bila keluarganya didata nanti.",
            "Yang tanggal datanya lebih baru menggantikan yang lama. Yang sedang disanggah atau sudah diputus keliru tidak berubah.",
        ),
        lembar="PENGECUALIAN",
        nama_templat="TEMPLATE_PENGECUALIAN.xlsx",
    )
)
