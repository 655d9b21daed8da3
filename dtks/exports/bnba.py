"""BNBA of one desa in the layout of the SIKS-NG template V.4: one file per programme, named as SIKS-NG wants it.

A file that leaves here comes back through the import as rows that change nothing. Programmes that are one per KK
(rule 'impor.program_per_kk') name the pengurus only; the others name every member who is not the pengurus of such a
proposal in the same period (one programme per person and month).
"""

import zipfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import IO, Any

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Pengguna
from core import ekspor, rules
from core.privacy import keys
from dtks.actions import ekspor as tindakan
from dtks.actions.impor import templat_v4 as v4
from dtks.exports.daftar import KONTEKS_KK, KONTEKS_NIK, Hasil, hari
from dtks.models import Individu, Usulan
from wilayah.models import Tingkat, Wilayah

KAWIN = {"1": "BELUM KAWIN", "2": "KAWIN", "3": "CERAI HIDUP", "4": "CERAI MATI"}
PELENGKAP = "NONBANSOS"  # where the other members of a new family go (template V.4, notes)
_WAJIB = [i for i, kolom in enumerate(v4.KOLOM) if kolom.wajib]
_ORANG = (
    "keluarga_id", "pk", "nik", "nama", "tempat_lahir", "tgl_lahir", "ibu_kandung", "jenis_kelamin", "pekerjaan", "status_kawin",
    "disabilitas", "hamil", "hamil_sejak", "hubungan",
)  # fmt: skip


@dataclass
class Isi:
    """The rows of one programme. `tanpa_nomor`: persons left out for want of a NIK or KK; `kurang`: rows with a gap."""

    baris: list[list[str]] = field(default_factory=list)
    keluarga: set[Any] = field(default_factory=set)
    tanpa_nomor: int = 0

    @property
    def kurang(self) -> int:
        return sum(1 for baris in self.baris if not all(baris[i] for i in _WAJIB))


@dataclass
class _Dunia:
    """The four names of the desa, and who is in which file already."""

    tempat: list[str]
    sudah: set[tuple[str, Any]] = field(default_factory=set)


@dataclass(frozen=True)
class Permohonan:
    """What was asked for: the desa, which programme ('' = all of them), and why."""

    desa: Wilayah
    program: str
    alasan: str
    saring: dict[str, str]


def susun(usulan: QuerySet[Usulan], desa: Wilayah, *, lengkap: bool = False) -> dict[str, Isi]:
    """Rows by programme, without the families that are to be removed. `lengkap`: members of new families beside the pengurus go to the NONBANSOS file."""
    per_kk = frozenset(rules.value("impor.program_per_kk", desa.pk))
    dunia = _Dunia(_tempat(desa))
    usulan = usulan.exclude(jalur=Usulan.Jalur.PENGHAPUSAN).filter(keluarga__dibekukan_at__isnull=True)
    usulan = usulan.select_related("keluarga")
    rows = list(usulan.order_by("keluarga__nama_kepala", "created_at", "pk"))
    orang = _orang({u.keluarga_id for u in rows})
    pengurus = {
        (u.keluarga_id, u.periode): _pengurus(orang[u.keluarga_id])["pk"]
        for u in rows
        if u.program in per_kk and orang[u.keluarga_id]
    }
    hasil: dict[str, Isi] = defaultdict(Isi)
    for u in rows:
        anggota = orang[u.keluarga_id]
        wakil = pengurus.get((u.keluarga_id, u.periode))
        ikut = [o for o in anggota if (o["pk"] == wakil) == (u.program in per_kk)]
        _masukkan(hasil[u.program], u, _menurut_program(u.program, ikut), u.program, dunia)
        if lengkap and u.program in per_kk and u.keluarga.status == "calon":
            _masukkan(hasil[PELENGKAP], u, [o for o in anggota if o["pk"] != wakil], PELENGKAP, dunia)
    return {program: hasil[program] for program in sorted(hasil)}


def _menurut_program(program: str, anggota: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """DISABILITAS names those who have one; where the form does not say who, everybody, to be asked."""
    if program != "DISABILITAS":
        return anggota
    return [o for o in anggota if o["disabilitas"]] or anggota


def _masukkan(isi: Isi, u: Usulan, anggota: Iterable[dict[str, Any]], program: str, dunia: _Dunia) -> None:
    kk = (
        keys.unseal(u.keluarga.no_kk.raw, f"{KONTEKS_KK}{u.keluarga_id}").decode() if u.keluarga.no_kk else ""
    )
    isi.keluarga.add(u.keluarga_id)
    for o in anggota:
        if (program, o["pk"]) in dunia.sudah:
            continue
        dunia.sudah.add((program, o["pk"]))
        if not o["nik"] or not kk:
            isi.tanpa_nomor += 1
            continue
        isi.baris.append(_baris(o, u, kk, program, dunia.tempat))


def _baris(o: dict[str, Any], u: Usulan, kk: str, program: str, tempat: list[str]) -> list[str]:
    ya = {None: "", True: "YA", False: "TIDAK"}
    hamil = o["hamil"] if o["jenis_kelamin"] == "2" else None
    return [
        keys.unseal(o["nik"], f"{KONTEKS_NIK}{o['pk']}").decode(), program, kk, o["nama"], o["tempat_lahir"], hari(o["tgl_lahir"]),
        o["ibu_kandung"], "L" if o["jenis_kelamin"] == "1" else "P", o["pekerjaan"] or "", KAWIN.get(o["status_kawin"], ""),
        u.keluarga.alamat, u.keluarga.rt, u.keluarga.rw, *tempat, "YA" if o["disabilitas"] else "TIDAK", o["disabilitas"],
        ya[hamil], hari(o["hamil_sejak"]) if hamil else "",
    ]  # fmt: skip


def _orang(keluarga: Iterable[Any]) -> dict[Any, list[dict[str, Any]]]:
    hasil: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    rows = (
        Individu.objects.aktif().filter(keluarga__in=list(keluarga)).order_by("hubungan", "tgl_lahir", "pk")
    )
    for o in rows.values(*_ORANG):
        hasil[o["keluarga_id"]].append(o)
    return hasil


def _pengurus(anggota: list[dict[str, Any]]) -> dict[str, Any]:
    """Usually the wife, else the head (domain.md §5.3): only these two may be proposed for PKH and BPNT."""
    istri = [o for o in anggota if o["hubungan"] == "2" and o["jenis_kelamin"] == "2" and o["nik"]]
    return (istri or anggota)[0]


def _tempat(desa: Wilayah) -> list[str]:
    """Names of provinsi, kabupaten, kecamatan, kelurahan as the template writes them."""
    bagian = desa.jalur.upper().split(", ")[max(desa.tingkat - Tingkat.DESA, 0) :]
    awalan = ("DESA ", "KELURAHAN "), ("KECAMATAN ",), ("KABUPATEN ",), ("PROVINSI ",)
    nama = []
    for satu, buang in zip(bagian, awalan, strict=True):
        depan = next((d for d in buang if satu.startswith(d)), "")
        nama.append(satu.removeprefix(depan))
    return nama[::-1]


def buat(isi: dict[str, Isi], permohonan: Permohonan, *, by: Pengguna) -> Hasil:
    """The file of one programme, or a zip of all; and the audit row. Needs a transaction."""
    dipilih = {p: s for p, s in isi.items() if s.baris and permohonan.program in ("", p)}
    if permohonan.program:
        berkas, nama = _satu(permohonan, permohonan.program, dipilih.get(permohonan.program, Isi()), by), ""
        nama = _nama(permohonan.desa, permohonan.program, "xlsx")
    else:
        berkas, nama = _zip(permohonan, dipilih, by), _nama(permohonan.desa, "SEMUA", "zip")
    jumlah = sum(len(s.baris) for s in dipilih.values())
    tindakan.catat(
        by=by, kuasa=(tindakan.KUASA_NOMOR,), jenis="dtks.Usulan", penuh=True, alasan=permohonan.alasan,
        rincian={
            "daftar": "bnba", "format": "v4", "desa": permohonan.desa.pk, "program": sorted(dipilih), "jumlah": jumlah,
            "saring": permohonan.saring, "sha256": ekspor.sidik(berkas),
        },
    )  # fmt: skip
    return Hasil(berkas, nama, jumlah)


def berkas_desa(usulan: QuerySet[Usulan], desa: Wilayah, *, by: Pengguna) -> list[tuple[IO[bytes], str, Isi]]:
    """What these proposals of one desa are in the layout V.4: (file, its name, its rows) for each programme with rows."""
    permohonan = Permohonan(desa, "", "", {})
    return [
        (_satu(permohonan, program, isi, by), _nama(desa, program, "xlsx"), isi)
        for program, isi in susun(usulan, desa).items()
        if isi.baris or isi.tanpa_nomor
    ]


def _satu(permohonan: Permohonan, program: str, isi: Isi, by: Pengguna) -> IO[bytes]:
    """No second sheet: SIKS-NG takes the template as it is. Who and when stand in the document's properties."""
    berkas = ekspor.berkas_baru()
    lembar = ekspor.Lembar(
        judul=v4.JUDUL,
        lebar=[k.lebar for k in v4.KOLOM],
        nama="USULAN",
        sifat=[
            ("title", f"BNBA {program} {permohonan.desa.nama}"),
            ("comments", f"Diunduh {by.get_username()}, {timezone.localtime():%d/%m/%Y %H:%M %Z}. Data pribadi (UU 27/2022)."),
        ],
    )  # fmt: skip
    ekspor.tulis(berkas, "xlsx", lembar, isi.baris)
    return berkas


def _zip(permohonan: Permohonan, isi: dict[str, Isi], by: Pengguna) -> IO[bytes]:
    berkas = ekspor.berkas_baru()
    with zipfile.ZipFile(berkas, "w", zipfile.ZIP_STORED) as paket:
        for program, satu in isi.items():
            with _satu(permohonan, program, satu, by) as tabel:
                tabel.seek(0)
                paket.writestr(_nama(permohonan.desa, program, "xlsx"), tabel.read())
    return berkas


def _nama(desa: Wilayah, program: str, akhiran: str) -> str:
    _, _, kecamatan, kelurahan = _tempat(desa)
    return ekspor.nama_berkas(f"TEMPLATE_PENGUSULAN_{kecamatan} – {kelurahan} - {program}", akhiran)
