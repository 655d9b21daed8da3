"""A list as a file: which rows (those of the page, by the page's own filter), which columns, masked or full numbers.

Each list is registered once under a code; the view and the background job find it there. Rows come from a cursor on the
server as plain tuples: fifty thousand of them cost seconds and no memory.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import IO, Any, Protocol

from django import forms
from django.db import transaction
from django.db.models import FilteredRelation, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from accounts.models import Pengguna
from core import dinding, ekspor, replica
from core.identity import mask_nik
from core.privacy import keys
from core.privacy.fields import SealedField
from dtks.actions import ekspor as tindakan
from dtks.models import Individu, Keluarga, TiketPadan, Usulan
from dtks.queries.tempat import kode_desa
from wilayah.kode import mencakup, ringkas
from wilayah.models import Tingkat

POTONG = 2000  # rows fetched at a time
LAMPAU = "%d/%m/%Y"


class Permintaan(Protocol):
    """Who asks, and the filter as the page has it in its address. An HttpRequest is one."""

    @property
    def user(self) -> Any: ...

    @property
    def GET(self) -> QueryDict: ...


@dataclass(frozen=True)
class PermintaanLatar:
    user: Pengguna
    GET: QueryDict


@dataclass(frozen=True)
class Tersaring:
    """`kata`: the filter in words, for the file. `catat`: the same without what people typed, for the audit row."""

    rows: QuerySet[Any]
    kata: list[tuple[str, str]] = field(default_factory=list)
    catat: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Kolom:
    judul: str
    lebar: int
    sumber: tuple[str, ...]
    tulis: Callable[..., str] = lambda nilai: str(nilai or "")


class Nomor:
    """NIK and KK of a row: in full inside the areas `penuh`, masked everywhere else.

    `luas`: where the reader sees families; the address of one that moved out of them is left empty.
    """

    def __init__(self, penuh: list[str], luas: list[str]):
        self._boleh = cache(lambda kode: any(mencakup(satu, kode) for satu in penuh))
        self._lihat = cache(lambda kode: any(mencakup(satu, kode) for satu in luas))

    def alamat(self, teks: Any, rumah: str, kasus: str) -> str:
        """`rumah`: area where the family lives now; `kasus`: area of the row. A row of its own desa shows it anyhow."""
        return str(teks or "") if kode_desa(rumah) == kode_desa(kasus) or self._lihat(rumah) else ""

    def nik(self, raw: Any, pk: Any, wilayah: str) -> str:
        return self._tulis(KONTEKS_NIK, raw, pk, wilayah)

    def kk(self, raw: Any, pk: Any, wilayah: str) -> str:
        return self._tulis(KONTEKS_KK, raw, pk, wilayah)

    def _tulis(self, awalan: str, raw: Any, pk: Any, wilayah: str) -> str:
        if not raw:
            return ""
        nilai = keys.unseal(raw, f"{awalan}{pk}").decode()
        return nilai if self._boleh(wilayah) else mask_nik(nilai)


def _konteks(model: type[Any], kolom: str) -> str:
    """The associated data of a sealed column up to the row's key (core.privacy.fields.SealedField.context)."""
    satu = model._meta.get_field(kolom)
    assert isinstance(satu, SealedField)
    return f"{model._meta.db_table}.{satu.column}:"


KONTEKS_NIK, KONTEKS_KK = _konteks(Individu, "nik"), _konteks(Keluarga, "no_kk")


@dataclass(frozen=True)
class Daftar:
    kode: str
    judul: str
    jenis: str  # model that the audit row names
    halaman: str  # name of the list's own page
    kuasa: tuple[str, ...]  # any of them opens the list
    saring: Callable[[Permintaan], Tersaring]
    kolom: Callable[[Nomor], list[Kolom]]
    urut: tuple[str, ...]
    bernomor: bool = True

    def boleh(self, user: Pengguna) -> bool:
        return any(user.punya(kuasa) for kuasa in self.kuasa)

    def luas(self, user: Pengguna, *, penuh: bool) -> list[list[str]]:
        """Areas that a file for this person reaches: of the list, and of its full numbers."""
        daftar = ringkas(kode for kuasa in self.kuasa for kode in user.cakupan(kuasa))
        return [daftar, list(user.cakupan(tindakan.KUASA_NOMOR)) if penuh else []]


_daftar: dict[str, Daftar] = {}


def daftarkan(satu: Daftar) -> Daftar:
    _daftar[satu.kode] = satu
    return satu


def ambil(kode: str) -> Daftar:
    return _daftar[kode]


def baris(rows: QuerySet[Any], kolom: list[Kolom], urut: tuple[str, ...]) -> Iterator[list[str]]:
    """The cells of each row as text, straight from the cursor."""
    sumber = list(dict.fromkeys(s for k in kolom for s in k.sumber))
    tempat = {nama: i for i, nama in enumerate(sumber)}
    cara = [(k.tulis, [tempat[s] for s in k.sumber]) for k in kolom]
    rows = rows.select_related(None).order_by(*urut).values_list(*sumber)
    for nilai in rows.iterator(chunk_size=POTONG):
        yield [tulis(*[nilai[i] for i in letak]) for tulis, letak in cara]


def tanpa_beku(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Without the families that are frozen. Lists of decrees and payments stay whole: running aid goes on."""
    jalan = _KE_KELUARGA.get(rows.model)
    return rows if jalan is None else rows.filter(**{f"{jalan}dibekukan_at__isnull": True})


_KE_KELUARGA: dict[type[Any], str] = {
    Keluarga: "", Individu: "keluarga__", Usulan: "keluarga__", TiketPadan: "individu__keluarga__",
}  # fmt: skip


@dataclass(frozen=True)
class Pesanan:
    """What was asked for: format, masked or full numbers, and why full ones."""

    format: str
    penuh: bool = False
    alasan: str = ""


@dataclass(frozen=True)
class Hasil:
    berkas: IO[bytes]
    nama: str
    jumlah: int


def buat(daftar: Daftar, permintaan: Permintaan, pesanan: Pesanan) -> Hasil:
    """Write the file and the audit row that names it by its hash. Needs a transaction."""
    by, kini = permintaan.user, timezone.localtime()
    di_wilayah = dinding.menurut(p.wilayah_id for p in by.penugasan_aktif)
    saring = daftar.saring(permintaan)
    luas = [kode for kuasa in daftar.kuasa for kode in by.cakupan(kuasa)]
    kolom = daftar.kolom(Nomor(by.cakupan(tindakan.KUASA_NOMOR) if pesanan.penuh else [], luas))
    berkas = ekspor.berkas_baru()
    lembar = ekspor.Lembar(
        judul=[k.judul for k in kolom],
        lebar=[k.lebar for k in kolom],
        nama=daftar.judul[:31],
        keterangan=[
            ("Isi", daftar.judul),
            *(saring.kata or [("Saringan", "tidak ada")]),
            ("NIK dan KK", "lengkap" if pesanan.penuh else "disamarkan"),
            ("Diunduh oleh", f"{by.nama} ({by.get_username()})"),
            ("Waktu", kini.strftime("%d/%m/%Y %H:%M %Z")),
            ("Perhatian", "Berisi data pribadi (UU 27/2022). Simpan seperlunya, jangan dibagikan."),
        ],
    )

    def isi(alias: str) -> int:
        berkas.seek(0)
        berkas.truncate()
        # Behind his wall, also in a job (docs/adr/0034); a cursor that needs no session (docs/operasi/perluas.md).
        with dinding.di_balik(di_wilayah), transaction.atomic(using=alias):
            return ekspor.tulis(
                berkas,
                pesanan.format,
                lembar,
                baris(tanpa_beku(saring.rows).using(alias), kolom, daftar.urut),
            )

    n = replica.read(isi, at_most=replica.NOW)
    tindakan.catat(
        by=by, kuasa=daftar.kuasa, jenis=daftar.jenis, penuh=pesanan.penuh, alasan=pesanan.alasan,
        rincian={"daftar": daftar.kode, "format": pesanan.format, "jumlah": n, "saring": saring.catat, "sha256": ekspor.sidik(berkas)},
    )  # fmt: skip
    nama = ekspor.nama_berkas(f"{daftar.judul} {kini:%Y-%m-%d %H.%M}", pesanan.format)
    return Hasil(berkas, nama, n)


def uraian(form: forms.BaseForm, nilai: Mapping[str, Any], kecuali: tuple[str, ...] = ()) -> Tersaring:
    """The filled fields of a filter form in words; `rows` is left to the caller."""
    kata, catat = [], {}
    for nama, isian in form.fields.items():
        isi = nilai.get(nama)
        if isi in (None, "", []) or nama in kecuali:
            continue
        pilihan = {str(kode): kata_ for kode, kata_ in getattr(isian, "choices", ())}
        kata.append((f"Saringan {str(isian.label or nama).lower()}", str(pilihan.get(str(isi), isi))))
        catat[nama] = str(isi) if pilihan else "diisi"
    return Tersaring(Keluarga.objects.none(), kata, catat)


def dengan_kepala(rows: QuerySet[Any], jalan: str) -> QuerySet[Any]:
    """Join the present head of the family at `jalan` ('keluarga' of a proposal) as `kepala`."""
    anggota = f"{jalan}__anggota" if jalan else "anggota"
    syarat = Q(**{f"{anggota}__aktif": True, f"{anggota}__hubungan": "1"})
    return rows.annotate(kepala=FilteredRelation(anggota, condition=syarat))


def hari(nilai: datetime | date | None) -> str:
    if isinstance(nilai, datetime):
        nilai = timezone.localtime(nilai).date()
    return nilai.strftime(LAMPAU) if nilai else ""


def kata(pilihan: Mapping[str, str]) -> Callable[[str], str]:
    return lambda kode: pilihan.get(kode, kode or "")


@cache
def _bagian(jalur: str, tingkat: int) -> list[str]:
    """Desa, kecamatan, kabupaten, provinsi of an area path, RW and RT left out."""
    return [*jalur.split(", ")[max(tingkat - Tingkat.DESA, 0) :], "", "", ""]


def tempat(awalan: str = "wilayah", sampai: int = 3) -> list[Kolom]:
    """Columns desa, kecamatan, kabupaten of the area at `awalan`."""

    def bagian(n: int) -> Callable[[str, int], str]:
        return lambda jalur, tingkat: _bagian(jalur, tingkat)[n]

    sumber = (f"{awalan}__jalur", f"{awalan}__tingkat")
    judul = ("Desa/kelurahan", "Kecamatan", "Kabupaten/kota")
    return [Kolom(judul[n], 24, sumber, bagian(n)) for n in range(sampai)]


def keluarga(nomor: Nomor, jalan: str, wilayah: str) -> list[Kolom]:
    """Head, numbers and address of the family at `jalan`; the rows need `dengan_kepala`. `wilayah`: the area of the row."""
    awal = f"{jalan}__" if jalan else ""
    rumah = f"{awal}wilayah_id"
    return [
        Kolom("Nama kepala keluarga", 28, (f"{awal}nama_kepala",)),
        Kolom("NIK kepala keluarga", 19, ("kepala__nik", "kepala__pk", rumah), nomor.nik),
        Kolom("Nomor KK", 19, (f"{awal}no_kk", f"{awal}pk", rumah), nomor.kk),
        Kolom("Alamat", 36, (f"{awal}alamat", rumah, wilayah), nomor.alamat),
        Kolom("RT", 6, (f"{awal}rt", rumah, wilayah), nomor.alamat),
        Kolom("RW", 6, (f"{awal}rw", rumah, wilayah), nomor.alamat),
    ]
