"""The ministry's list of members whom it made active again by itself. Of people who are not on the deactivation list here nothing is kept.

The newest deactivation up to the day of the file is the one that ended; the same person again is 'sama'. It decides no request:
an open one says that the card works again, and its desk closes it.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from accounts.models import Pengguna
from bansos.actions.impor_pbi import tanggal_lalu
from bansos.models import PbiAktif, PbiNonaktif, ReaktivasiPBI
from bansos.workflow_layanan import REAKTIVASI_TERBUKA
from core import bulk, outbox, sheets
from core.identity import mask_nik
from core.privacy.keys import blind_index
from core.progress import Laju
from core.sheets import Kolom, Lembar, Sel
from dtks.actions.impor.hasil_siks import baca_nik
from dtks.actions.impor.inti import Baris, JenisImpor, Pesan, daftarkan
from dtks.models import BarisImpor, Impor

NIK, TANGGAL = "NIK", "TANGGAL AKTIF"
KOLOM = (
    Kolom(NIK, lebar=20, penjelasan="16 angka, sel Teks.", contoh="3205010101800001"),
    Kolom(
        TANGGAL,
        ("TGL AKTIF", "TANGGAL REAKTIVASI", "TANGGAL"),
        penjelasan="Hari/bulan/tahun.",
        contoh="01/03/2026",
    ),
)
CHUNK = 2000
NOTICE = "bansos.kabar_pbi_aktif"
_TABEL = ("id", "nonaktif_id", "tanggal", "impor_id", "created_by_id")


def periksa(impor: Impor, lembar: Lembar, laju: Laju) -> Iterator[Baris]:
    sudah: dict[str, int] = {}
    n = 0
    berisi = (b for b in lembar.baris() if any(s is not None and s != "" for s in b[1]))
    for bagian in bulk.chunks(berisi, CHUNK):
        rows = [_baca(nomor, sel, sudah) for nomor, sel in bagian]
        baik = [b for b in rows if not b.galat]
        nonaktif = _nonaktif([b.isi["d"]["nik"] for b in baik], impor.created_by)
        for baris in rows:
            if not baris.galat:
                _nilai(baris, nonaktif)
            yield baris
        n += len(bagian)
        laju(n, "Memeriksa")


def _baca(nomor: int, sel: Sequence[Sel], sudah: dict[str, int]) -> Baris:
    """The rules of one row that need no list."""
    teks = ["" if (b := sheets.bersih(s)) is None else " ".join(sheets.sebagai_teks(b).split()) for s in sel]
    hasil = Baris(nomor, "galat", {"m": teks})
    nik = baca_nik(sel[0], hasil)
    tanggal = tanggal_lalu(sel[1], teks[1], hasil, TANGGAL)
    if not hasil.galat and (lama := sudah.setdefault(nik, nomor)) != nomor:
        hasil.galat.append(Pesan(NIK, "BARIS_GANDA", f"NIK ini sudah ada di baris {lama}."))
    if not hasil.galat:
        hasil.isi["d"] = {"nik": nik, "tanggal": tanggal}
    return hasil


def _nonaktif(nik: list[str], by: Pengguna) -> dict[bytes, list[tuple[date, UUID, bool]]]:
    """By index of the NIK: the deactivations that `by` may see, newest first, with whether each is taken back already."""
    rows = PbiNonaktif.objects.visible_to(by).filter(nik_indeks__in=[blind_index(n, "nik") for n in nik])
    hasil: dict[bytes, list[tuple[date, UUID, bool]]] = {}
    for indeks, tanggal, pk, otomatis in rows.order_by("-tanggal", "-pk").values_list(
        "nik_indeks", "tanggal", "pk", "otomatis"
    ):
        hasil.setdefault(bytes(indeks), []).append((tanggal, pk, otomatis is not None))
    return hasil


def _nilai(baris: Baris, nonaktif: dict[bytes, list[tuple[date, UUID, bool]]]) -> None:
    d = baris.isi["d"]
    aktif = date.fromisoformat(d["tanggal"])
    ada = [n for n in nonaktif.get(blind_index(d["nik"], "nik"), []) if n[0] <= aktif]
    if not ada:
        baris.hasil = "galat"
        baris.galat = [
            Pesan(NIK, "TIDAK_DI_DAFTAR", "NIK ini tidak tercatat nonaktif di wilayah Anda sampai tanggal itu. Baris ini tidak disimpan.")
        ]  # fmt: skip
        return
    baris.hasil = "sama" if ada[0][2] else "baru"


def terapkan(impor: Impor, by: Pengguna, laju: Laju) -> dict[str, int]:
    """COPY the new rows; what came in meanwhile, or is not there any more, is left out."""
    with connection.cursor() as cursor:  # two files at once: the second one sees what the first one brought
        cursor.execute("lock table bansos_pbiaktif in share row exclusive mode")
    rows = BarisImpor.objects.filter(impor=impor, hasil="baru").order_by("nomor")
    hitung = {"aktif": 0, "sama": 0}
    n = 0
    for bagian in bulk.chunks(rows.iterator(CHUNK), CHUNK):
        isi: list[dict[str, Any]] = [b.buka()["d"] for b in bagian]
        nonaktif = _nonaktif([d["nik"] for d in isi], by)
        baru = [pasang for d in isi if (pasang := _pasang(d, nonaktif)) is not None]
        bulk.copy(
            "bansos_pbiaktif",
            _TABEL,
            [bulk.line((uuid4(), pk, tanggal, impor.pk, by.pk)) for pk, tanggal in baru],
        )
        hitung["aktif"] += len(baru)
        hitung["sama"] += len(isi) - len(baru)
        n += len(bagian)
        laju(n, "Menyimpan")
    outbox.antre(NOTICE, {"impor": str(impor.pk)}, wilayah=impor.wilayah_id or "")
    return hitung


def _pasang(
    d: dict[str, Any], nonaktif: dict[bytes, list[tuple[date, UUID, bool]]]
) -> tuple[UUID, date] | None:
    """(deactivation, day) of a row that still says something new."""
    aktif = date.fromisoformat(d["tanggal"])
    for tanggal, pk, otomatis in nonaktif.get(blind_index(d["nik"], "nik"), []):
        if tanggal <= aktif:
            return None if otomatis else (pk, aktif)
    return None


def batalkan(impor: Impor, by: Pengguna, laju: Laju) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("delete from bansos_pbiaktif where impor_id = %s", [impor.pk])
        return {"dihapus": cursor.rowcount}


def terbuka(impor: Impor) -> list[ReaktivasiPBI]:
    """Requests under way for people whom this file says to be active again."""
    aktif = PbiAktif.objects.filter(impor=impor).values("nonaktif__nik_indeks")
    rows = ReaktivasiPBI.objects.filter(nik_indeks__in=aktif, status__in=REAKTIVASI_TERBUKA)
    return list(rows.order_by("created_at", "pk"))


def ringkas(b: BarisImpor) -> str:
    m = b.buka()["m"]
    return " · ".join(s[:60] for s in (mask_nik("".join(m[0].split())), m[1]) if s)


JENIS = daftarkan(
    JenisImpor(
        kode="pbi_aktif",
        judul="PBI aktif kembali otomatis",
        keterangan="Dua kolom: NIK dan tanggal aktif. Menandai orang di daftar PBI nonaktif yang sudah diaktifkan pusat sendiri.",
        kolom=KOLOM,
        kuasa="impor.pbi",
        periksa=periksa,
        terapkan=terapkan,
        batalkan=batalkan,
        mentah=lambda b: b.buka()["m"],
        ringkas=ringkas,
        petunjuk=(
            "Hanya orang yang ada di daftar PBI nonaktif wilayah Anda; baris lain disebut dan tidak disimpan.",
            "Permohonan yang sedang diurus tidak berubah sendiri; mejanya diberi tahu.",
        ),
        lembar="PBI AKTIF",
        nama_templat="TEMPLATE_PBI_AKTIF.xlsx",
    )
)
