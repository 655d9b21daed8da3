"""The SIKS-NG template V.4 as a kind of import: families, persons and drafts of proposals from one table."""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import Pengguna
from core import bulk, rules, sheets
from core.identity import mask_nik
from core.padat import Kata, Padat
from core.progress import Laju
from core.sheets import Lembar
from dtks.actions.impor import aturan_v4, batal_v4, golong_v4, tulis_v4
from dtks.actions.impor import templat_v4 as v4
from dtks.actions.impor.inti import Baris, JenisImpor, Pesan, daftarkan
from dtks.models import BarisImpor, Impor, KodeAcuan
from dtks.queries import periode as jendela
from dtks.queries import satu_program
from dtks.queries.nama_wilayah import NamaWilayah
from wilayah.kode import mencakup
from wilayah.models import Wilayah

CHUNK = 2000


def acuan(impor: Impor, luas: Sequence[str]) -> aturan_v4.Acuan:
    nama, boleh = NamaWilayah(), {}

    def desa(*bagian: str) -> tuple[str, str]:
        kode, tingkat = nama.desa(*bagian)
        return kode, "" if kode else (v4.PROVINSI, v4.KABUPATEN, v4.KECAMATAN, v4.KELURAHAN)[tingkat - 1]

    def tugas(kode: str) -> bool:
        if kode not in boleh:
            boleh[kode] = any(mencakup(satu, kode) for satu in luas)
        return boleh[kode]

    kode = KodeAcuan.objects.filter(daftar__in=("program_usulan", "disabilitas")).values_list(
        "daftar", "kode"
    )
    daftar = [(d, k) for d, k in kode]
    return aturan_v4.Acuan(
        hari=timezone.localdate(),
        program=frozenset(k for d, k in daftar if d == "program_usulan"),
        disabilitas=frozenset(k for d, k in daftar if d == "disabilitas"),
        hamil_maks_hari=int(rules.value("impor.hamil_maks_hari", impor.wilayah_id)),
        desa=desa,
        boleh=tugas,
    )


class _Berkas:
    """What one row must know of the rows before it."""

    def __init__(self, jalan: golong_v4.Berjalan):
        self._jalan = jalan
        self._nik, self._kk, self._program, self._pengurus = Padat(), Padat(), Padat(), Padat()
        self._kata, self._tempat = Kata(), Kata()  # programmes and months; desa with RT and RW

    def periksa(self, nomor: int, t: aturan_v4.Temuan) -> None:
        d = t.data
        program = self._kata.nomor(d["program"])
        if d["nik"]:
            lama = self._nik.setdefault(int(d["nik"]), nomor << 8 | program)
            if lama >> 8 == nomor:
                pass
            elif lama & 255 == program:
                t.salah(
                    v4.NIK,
                    "NIK_GANDA_BERKAS",
                    f"NIK ini sudah ada di baris {lama >> 8}. Hapus salah satunya.",
                )
            else:
                t.salah(
                    v4.PROGRAM,
                    "NIK_DUA_PROGRAM",
                    f"Orang ini sudah diusulkan untuk program lain di baris {lama >> 8}. Satu orang satu program tiap bulan.",
                )
        if d["kk"]:
            self._keluarga(nomor, t, program)

    def _keluarga(self, nomor: int, t: aturan_v4.Temuan, program: int) -> None:
        d = t.data
        kk = int(d["kk"])
        if (
            d["nik"]
            and d["program"] in self._jalan.program_kk
            and (ke := self._pengurus.setdefault(kk << 8 | program, nomor)) != nomor
        ):
            t.salah(
                v4.PROGRAM,
                "PROGRAM_SATU_PER_KK",
                f"{d['program']} hanya untuk satu orang tiap KK (pengurus). KK ini sudah ada di baris {ke}. Untuk anggota lain tulis NONBANSOS.",
            )
        if not d["desa"]:
            return
        self._satu_program(nomor, t, kk, program)
        tempat = self._tempat.nomor(f"{d['desa']} {d['rt']}/{d['rw']}")
        awal = self._kk.setdefault(kk, nomor << 32 | tempat)
        if awal & 0xFFFFFFFF == tempat:
            return
        if self._tempat[awal & 0xFFFFFFFF].split()[0] != d["desa"]:
            t.salah(
                v4.KELURAHAN,
                "KK_BEDA_WILAYAH",
                f"KK ini ditulis di desa lain di baris {awal >> 32}. Satu KK satu desa.",
            )
        else:
            t.lihat(
                v4.RT,
                "RT_RW_BEDA",
                f"RT/RW berbeda dengan baris {awal >> 32} dari KK yang sama. Yang dipakai baris pertama.",
            )

    def _satu_program(self, nomor: int, t: aturan_v4.Temuan, kk: int, program: int) -> None:
        """Two programmes of one family in the same month: the second row is wrong, as it would be at the desk."""
        d, f = t.data, self._jalan
        if not d["program"] or not f.satu_program.dihitung(d["program"]):
            return
        bulan = self._kata.nomor(f.periode(d["desa"], d["program"]))
        lama = self._program.setdefault(kk << 8 | bulan, nomor << 8 | program)
        if lama & 255 != program:
            t.salah(
                v4.PROGRAM,
                "KK_DUA_PROGRAM",
                f"KK ini sudah diusulkan untuk {self._kata[lama & 255]} di baris {lama >> 8}. Satu keluarga satu program tiap bulan.",
            )


def berjalan(impor: Impor, luas: Sequence[str]) -> golong_v4.Berjalan:
    saat = jendela.saat_ini()

    @cache
    def periode(desa: str, program: str) -> str:
        return jendela.periode_baru(desa, program, "REGULER", saat)

    return golong_v4.Berjalan(
        luas=luas,
        periode=periode,
        satu_program=satu_program.aturan(impor.wilayah_id),
        program_kk=frozenset(rules.value("impor.program_per_kk", impor.wilayah_id)),
    )


def periksa(impor: Impor, lembar: Lembar, laju: Laju) -> Iterator[Baris]:
    """Rules row by row, then the register two thousand rows at a time: memory does not grow with the columns."""
    luas = impor.created_by.cakupan(impor.kuasa)
    dunia, jalan = acuan(impor, luas), berjalan(impor, luas)
    berkas, n = _Berkas(jalan), 0
    berisi = (b for b in lembar.baris() if any(s is not None and s != "" for s in b[1]))
    for bagian in bulk.chunks(berisi, CHUNK):
        temuan = [(nomor, sel, aturan_v4.periksa(sel, dunia)) for nomor, sel in bagian]
        for nomor, _, t in temuan:
            berkas.periksa(nomor, t)
        baik = golong_v4.tambah_indeks(t.data for _, _, t in temuan if not t.galat)
        peta = golong_v4.peta(baik)
        for nomor, sel, t in temuan:
            yield _baris(nomor, sel, t, peta, jalan)
        jalan.ringkas()
        n += len(bagian)
        laju(n, "Memeriksa")


def _baris(
    nomor: int, sel: Sequence[Any], t: aturan_v4.Temuan, peta: golong_v4.Peta, jalan: golong_v4.Berjalan
) -> Baris:
    if t.galat:
        return Baris(nomor, "galat", {"m": [sheets.sebagai_teks(s) for s in sel]}, t.galat, t.tanda)
    hasil = golong_v4.golongkan(nomor, t.data, peta, jalan)
    del t.data["nik_indeks"], t.data["kk_indeks"]  # made again from the number; bytes are no JSON
    hasil.tanda = t.tanda
    return hasil


_SENDIRI = """
with satu as materialized (
  select id from (select id, dibuat, count(*) over (partition by kelompok) as n from dtks_barisimpor
                  where impor_id = %(impor)s and kelompok is not null) x
  where n = 1 and 'keluarga' = any(dibuat))
update dtks_barisimpor b set tanda = b.tanda || %(tanda)s::jsonb from satu where b.id = satu.id
"""


def sesudah_periksa(impor: Impor) -> None:
    """A new family with one member only: perhaps so, perhaps the others were forgotten."""
    pesan = Pesan(
        v4.NOKK, "ANGGOTA_BELUM_LENGKAP", "Keluarga baru dengan satu anggota saja di berkas ini. Tulis semua anggota KK-nya, dengan program NONBANSOS."
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_SENDIRI, {"impor": impor.pk, "tanda": json.dumps([vars(pesan)])})


def terapkan(impor: Impor, by: Pengguna, laju: Laju) -> dict[str, int]:
    return tulis_v4.terapkan(impor, by, laju, berjalan(impor, by.cakupan(impor.kuasa)))


def mentah(b: BarisImpor) -> Sequence[str]:
    """The cells of the row as they go into the error file."""
    isi = b.buka()
    if "m" in isi:
        return isi["m"]
    d = isi["d"]
    desa, kecamatan, kabupaten, provinsi = _jalur(d["desa"])
    tanggal = [f"{t[8:10]}/{t[5:7]}/{t[:4]}" if t else "" for t in (d["lahir"], d["hamil_sejak"])]
    return [
        d["nik"], d["program"], d["kk"], d["nama"], d["tempat"], tanggal[0], d["ibu"], "L" if d["jk"] == "1" else "P", d["kerja"] or "",
        ("BELUM KAWIN", "KAWIN", "CERAI HIDUP", "CERAI MATI")[int(d["kawin"]) - 1], d["alamat"] or "", d["rt"], d["rw"], provinsi,
        kabupaten, kecamatan, desa, "" if d["disab"] is None else "YA" if d["disab"] else "TIDAK", d["disab"] or "",
        "" if d["hamil"] is None else "YA" if d["hamil"] else "TIDAK", tanggal[1],
    ]  # fmt: skip


def _jalur(kode: str) -> list[str]:
    bagian = Wilayah.objects.get(pk=kode).jalur.upper().split(", ")
    return [b.removeprefix("DESA ").removeprefix("KELURAHAN ").removeprefix("KECAMATAN ") for b in bagian]


def ringkas(b: BarisImpor) -> str:
    """One line for the preview: the number masked, the name, the programme."""
    isi = b.buka()
    if "m" in isi:
        m = isi["m"]
        nomor, nama, program = "".join(m[0].split()), m[3], m[1]
    else:
        nomor, nama, program = isi["d"]["nik"], isi["d"]["nama"], isi["d"]["program"]
    return " · ".join(s for s in (mask_nik(nomor), nama[:60], program[:20]) if s)


JENIS = daftarkan(
    JenisImpor(
        kode="usulan_v4",
        judul="Usulan SIKS-NG (templat V.4)",
        keterangan="21 kolom, satu baris untuk satu orang. Dipakai untuk mengusulkan banyak keluarga sekaligus.",
        kolom=v4.KOLOM,
        kuasa="impor.usulan",
        periksa=periksa,
        terapkan=terapkan,
        batalkan=batal_v4.batalkan,
        mentah=mentah,
        ringkas=ringkas,
        sesudah_periksa=sesudah_periksa,
        petunjuk=v4.PETUNJUK,
        pilihan={
            "ganti": "Ganti usulan lama. Usulan bulan ini untuk program lain ditarik dan tetap tersimpan sebagai riwayat."
        },
        lembar="USULAN",
        nama_templat="TEMPLATE_PENGUSULAN_KEC - DESA - PROGRAM.xlsx",
    )
)
