"""Writing a confirmed file: COPY by the two thousand, one transaction, and every new row with its act in the trail.

The register is asked again inside the transaction, with its families locked. A row whose answer is not the one that was
shown becomes a conflict and the others go on. A number that somebody else commits at the same moment is met by the
unique index: the block is taken back to its savepoint, asked again, and that row is the conflict.
"""

import secrets
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import Orang as OrangPetugas
from accounts.models import Pengguna
from core import audit, bulk
from core.names import name_key
from core.privacy import keys
from core.progress import Laju
from core.workflow import StepRefused
from dtks.actions import padan, versi
from dtks.actions import usulan as langkah
from dtks.actions.impor import golong_v4, inti
from dtks.actions.impor.golong_v4 import IDENTITAS, Berjalan
from dtks.actions.impor.inti import Baris
from dtks.models import BarisImpor, Impor, Individu, Keluarga, Usulan, VersiKeluarga

CHUNK = 2000
TRIES = 4
_TULIS = ("baru", "berubah", "pindah")
_URUT = """
select id from dtks_barisimpor where impor_id = %s and (hasil = any(%s) or (%s and cardinality(ganti) > 0)) order by kelompok, nomor
"""
_BACA = """
select nomor, kelompok, hasil, isi, keluarga, individu, usulan, array_to_string(dibuat, ' '), nullif(ganti, '{}') from dtks_barisimpor
where id = any(%s) order by kelompok, nomor
"""


class HitungBeda(RuntimeError):
    """Rows, trail and staging do not agree: nothing may stay."""


class _Tabel:
    """COPY lines of one model: what a row does not say is the model's default."""

    def __init__(self, model: type[models.Model], isi: Sequence[str], kini: datetime):
        self.nama = model._meta.db_table
        kolom: list[str] = []
        tetap: list[str] = []
        for f in model._meta.concrete_fields:
            if f.has_db_default() or f.column in isi:
                continue
            nilai = kini if getattr(f, "auto_now", False) else f.get_default()
            kolom.append(str(f.column))
            tetap.append(bulk.line([getattr(nilai, "value", nilai)]).rstrip("\n"))
        self.kolom = (*isi, *kolom)
        self._ekor = "\t" + "\t".join(tetap) + "\n" if tetap else "\n"
        self.baris: list[str] = []

    def tambah(self, *isi: Any) -> None:
        self.baris.append(bulk.line(isi)[:-1] + self._ekor)

    def tulis(self) -> None:
        if self.baris:
            bulk.copy(self.nama, self.kolom, self.baris)


_KEL = ("id", "no_kk_indeks", "no_kk", "nama_kepala", "wilayah_id", "alamat", "rt", "rw", "created_by_id")
_IND = (
    "id", "keluarga_id", "nik_indeks", "nik", "nama", "kunci_nama", "tempat_lahir", "tgl_lahir", "jenis_kelamin", "hubungan",
    "status_kawin", "ibu_kandung", "pekerjaan", "disabilitas", "hamil", "hamil_sejak", "padan", "tanda",
)  # fmt: skip
_USL = ("id", "tiket", "pin_indeks", "keluarga_id", "wilayah_id", "program", "periode", "created_by_id")
_JEJAK = (
    "rantai",
    "aksi",
    "objek_jenis",
    "objek_id",
    "aktor_id",
    "aktor_nama",
    "peran",
    "wilayah",
    "rincian",
)


class _Tulis:
    """One file being written."""

    def __init__(self, impor: Impor, by: Pengguna, jalan: Berjalan):
        self.impor, self.by, self.jalan = impor, by, jalan
        self.kini = timezone.now()
        self._awal_tiket = f"USL-{timezone.localdate():%Y%m}-"
        self.peran = by.peran_untuk(impor.kuasa, impor.wilayah_id)
        self._siapa = bulk.line((str(by.pk), by.get_username(), self.peran))[:-1]
        self._oleh = str(by.pk)
        self._impor = str(impor.pk)
        self.jumlah: Counter[str] = Counter()

    def blok(self, rows: list[Baris]) -> list[UUID]:
        """Write one block; returns persons to ask the civil registry about. Runs under its own savepoint."""
        data = golong_v4.tambah_indeks(r.isi["d"] for r in rows)
        peta = golong_v4.peta(data, kunci=True)
        tabel = {
            "k": _Tabel(Keluarga, _KEL, self.kini), "i": _Tabel(Individu, _IND, self.kini), "u": _Tabel(Usulan, _USL, self.kini),
        }  # fmt: skip
        jejak: list[str] = []
        hitung: Counter[str] = Counter()
        konflik: list[int] = []
        tanya: list[UUID] = []
        staf = _petugas(data)
        self._dijaga, self._tersentuh = self._berversi(peta), set()
        tiket = self._tiket(sum("usulan" in r.dibuat for r in rows) + len(rows) // 10 + 1)
        anggota: dict[UUID, list[str]] = defaultdict(list)
        keluarga_baru: dict[UUID, str] = {}
        for lama, d in zip(rows, data, strict=True):
            baru = golong_v4.golongkan(lama.nomor, d, peta, self.jalan, lama)
            if baru.hasil == "sama":
                self._catat_staging(lama, baru)
                continue
            if baru.hasil == "konflik" or _lain(baru, lama):
                konflik.append(lama.nomor)
                continue
            self._keluarga(baru, d, tabel["k"], keluarga_baru)
            self._orang(baru, d, peta, tabel["i"], staf=staf, tanya=tanya, anggota=anggota)
            if "usulan" in baru.dibuat:
                self._usulan(baru, d, tabel["u"], jejak, tiket)
            hitung.update(baru.dibuat)
            hitung[baru.hasil] += 1
            if (
                baru.hasil != lama.hasil
                or baru.dibuat != lama.dibuat
                or baru.keluarga != lama.keluarga
                or baru.usulan != lama.usulan
            ):
                self._catat_staging(lama, baru)
        for pk, wilayah in keluarga_baru.items():
            jejak.append(
                self._jejak("buat_keluarga", "dtks.Keluarga", pk, wilayah, {"individu": anggota.pop(pk, [])})
            )
        for pk, daftar in anggota.items():
            wilayah = peta.lain[pk].wilayah if pk in peta.lain else self.impor.wilayah_id
            jejak.append(self._jejak("tambah_anggota", "dtks.Keluarga", pk, wilayah, {"individu": daftar}))
        for satu in tabel.values():
            satu.tulis()
        if jejak:
            bulk.copy("core_jejak", _JEJAK, jejak)
        versi.naikkan(self._tersentuh, aksi="impor", by=self.by)
        hitung["jejak"] = len(jejak)
        if konflik:
            inti.jadikan_konflik(self.impor, konflik, golong_v4.BERUBAH)
        self.jumlah.update(hitung)
        self._lupakan(data[-1])
        return tanya

    def _lupakan(self, d: dict[str, Any]) -> None:
        """Rows come family by family: of those before the last row's nothing is asked any more."""
        jalan = self.jalan
        jalan.baru = {i: k for i, k in jalan.baru.items() if i == d["kk_indeks"]}
        jalan.usulan = {k: v for k, v in jalan.usulan.items() if k[0] == d["kk"]}

    def _catat_staging(self, lama: Baris, baru: Baris) -> None:
        BarisImpor.objects.filter(impor=self.impor, nomor=lama.nomor).update(
            hasil=baru.hasil, keluarga=baru.keluarga, individu=baru.individu, usulan=baru.usulan, dibuat=list(baru.dibuat), galat=[]
        )  # fmt: skip

    def _keluarga(self, b: Baris, d: dict[str, Any], tabel: _Tabel, baru: dict[UUID, str]) -> None:
        if "keluarga" not in b.dibuat:
            return
        assert b.keluarga is not None
        segel = keys.seal(d["kk"].encode(), f"dtks_keluarga.no_kk:{b.keluarga}")
        tabel.tambah(
            b.keluarga, d["kk_indeks"], segel, d["nama"], d["desa"], d["alamat"], d["rt"], d["rw"], self._oleh
        )
        baru[b.keluarga] = d["desa"]

    def _orang(
        self, b: Baris, d: dict[str, Any], peta: golong_v4.Peta, tabel: _Tabel, *, staf: set[bytes], tanya: list[UUID],
        anggota: dict[UUID, list[str]],
    ) -> None:  # fmt: skip
        assert b.individu is not None and b.keluarga is not None
        if "individu" in b.dibuat:
            # The first row of a new KK is its head, as on the card: the template has no column for it.
            hubungan = "1" if "keluarga" in b.dibuat else ""
            pk = str(b.individu)
            segel = keys.seal(d["nik"].encode(), f"dtks_individu.nik:{pk}")
            tanda = [
                *(["PETUGAS"] if d["nik_indeks"] in staf else []),
                *(["KEPALA_DARI_IMPOR"] if hubungan else []),
            ]
            tabel.tambah(
                pk, b.keluarga, d["nik_indeks"], segel, d["nama"], name_key(d["nama"])[:120], d["tempat"], d["lahir"], d["jk"],
                hubungan, d["kawin"], d["ibu"], d["kerja"], d["disab"] or "", d["hamil"], d["hamil_sejak"], "MENUNGGU", sorted(tanda),
            )  # fmt: skip
            anggota[b.keluarga].append(pk)
            tanya.append(b.individu)
            if "keluarga" not in b.dibuat:
                self._sentuh(b.keluarga)
                self._ubah(b, d, peta)
        else:
            self._ubah(b, d, peta)
            if peta.orang[d["nik_indeks"]].id in self._identitas:
                tanya.append(b.individu)

    _identitas: set[UUID] = set()

    _dijaga: set[UUID] = set()
    _tersentuh: set[UUID] = set()

    def _berversi(self, peta: golong_v4.Peta) -> set[UUID]:
        """Families of this block whose versions are kept: all but those that an import made and nobody touched since.

        Such a family can still go with its import, and a version, which is never removed, would hold it; its columns are
        kept beside the row of the file instead.
        """
        ada = {k.id for k in peta.keluarga.values()} | {o.keluarga for o in peta.orang.values()}
        if not ada:
            return ada
        dari_impor = BarisImpor.objects.filter(keluarga__in=ada, dibuat__contains=["keluarga"])
        berlaku = dari_impor.filter(Q(impor__status=Impor.Status.DITERAPKAN) | Q(impor=self.impor))
        berversi = VersiKeluarga.objects.filter(keluarga__in=ada).values_list("keluarga", flat=True)
        return ada - set(berlaku.values_list("keluarga", flat=True)) | set(berversi)

    def _sentuh(self, pk: UUID | None) -> None:
        """Before the first change of a family in this block: its present state is kept."""
        if pk in self._dijaga and pk not in self._tersentuh:
            self._tersentuh.add(pk)
            versi.pastikan(Keluarga.objects.get(pk=pk))

    def _ubah(self, b: Baris, d: dict[str, Any], peta: golong_v4.Peta) -> None:
        """Change what the file says differently, after keeping the columns as they were, sealed, beside the row."""
        kel = peta.keluarga.get(d["kk_indeks"])
        sebelum: dict[str, Any] = {}
        if kel is not None and (beda := golong_v4.berubah_keluarga(d, kel.kolom)):
            self._sentuh(kel.id)
            sebelum["keluarga"] = _gambar("dtks_keluarga", kel.id, (*beda, "versi", "updated_at"))
            _perbarui(
                "dtks_keluarga",
                kel.id,
                {**beda, "versi": sebelum["keluarga"]["versi"] + 1, "updated_at": self.kini},
            )
            kel.kolom = {**kel.kolom, **beda}
            self.jumlah["keluarga_diubah"] += 1
            audit.catat(aksi="ubah_keluarga", jenis="dtks.Keluarga", objek_id=str(kel.id), by=self.by, wilayah=kel.wilayah, peran=self.peran, rincian={"impor": str(self.impor.pk), "kolom": sorted(beda)})  # fmt: skip
        orang = peta.orang.get(d["nik_indeks"])
        if orang is not None:
            self._ubah_orang(b, d, orang, sebelum)
        if sebelum:
            BarisImpor.objects.filter(impor=self.impor, nomor=b.nomor).update(
                sebelum=BarisImpor.segel(self.impor.pk, b.nomor, sebelum)
            )

    def _ubah_orang(
        self, b: Baris, d: dict[str, Any], orang: golong_v4.Orang, sebelum: dict[str, Any]
    ) -> None:
        beda = golong_v4.berubah_orang(d, orang.kolom)
        if orang.keluarga != b.keluarga:
            beda |= {"keluarga_id": b.keluarga, "hubungan": "1" if "keluarga" in b.dibuat else ""}
        if not beda:
            return
        self._sentuh(orang.keluarga)
        self._sentuh(b.keluarga)
        if "hamil" in beda and not beda["hamil"]:
            beda["hamil_sejak"] = None
        if set(beda) & set(IDENTITAS):
            self._identitas = self._identitas | {orang.id}
            beda |= {
                "kunci_nama": name_key(beda.get("nama", orang.kolom["nama"]))[:120],
                "padan": "MENUNGGU",
                "padan_at": None,
            }
        beda["updated_at"] = self.kini
        sebelum["individu"] = _gambar("dtks_individu", orang.id, tuple(beda))
        _perbarui("dtks_individu", orang.id, beda)
        if orang.hubungan == "1" and "nama" in beda:
            self._nama_kepala(orang, beda["nama"], sebelum)
        self.jumlah["individu_diubah"] += 1
        assert b.keluarga is not None
        audit.catat(
            aksi="pindah_anggota" if "keluarga_id" in beda else "simpan_anggota", jenis="dtks.Keluarga", objek_id=str(b.keluarga),
            by=self.by, wilayah=d["desa"], peran=self.peran,
            rincian={"impor": str(self.impor.pk), "individu": str(orang.id), "kolom": sorted(set(beda) - {"updated_at"})},
        )  # fmt: skip

    def _nama_kepala(self, orang: golong_v4.Orang, nama: str, sebelum: dict[str, Any]) -> None:
        lama = _gambar("dtks_keluarga", orang.keluarga, ("nama_kepala", "versi", "updated_at"))
        sebelum["keluarga"] = lama | sebelum.get("keluarga", {})
        _perbarui("dtks_keluarga", orang.keluarga, {"nama_kepala": nama, "updated_at": self.kini})

    def _usulan(self, b: Baris, d: dict[str, Any], tabel: _Tabel, jejak: list[str], tiket: list[int]) -> None:
        """A draft as `usulan.buat` makes it, with the index of no PIN at all; the desk makes one when a citizen asks."""
        assert b.usulan is not None
        periode = self.jalan.periode(d["desa"], d["program"])
        pk, keluarga = str(b.usulan), str(b.keluarga)
        nomor = f"{self._awal_tiket}{(tiket.pop() if tiket else self._tiket(1)[0]):05d}"
        tabel.tambah(
            pk, nomor, secrets.token_bytes(32), keluarga, d["desa"], d["program"], periode, self._oleh
        )
        rincian = {
            "program": d["program"],
            "jalur": "REGULER",
            "keluarga": keluarga,
            "periode": periode,
        }
        jejak.append(self._jejak("buat_usulan", "dtks.Usulan", pk, d["desa"], rincian))

    def _jejak(self, aksi: str, jenis: str, pk: UUID | str, wilayah: str, rincian: dict[str, Any]) -> str:
        isi = bulk.line([bulk.Json({**rincian, "impor": self._impor})])
        return (
            f"{wilayah[:5]}\t{aksi}\t{jenis}\t{pk}\t{self._siapa}\t{wilayah}\t{isi}"  # codes need no escape
        )

    @staticmethod
    def _tiket(n: int) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute("select nextval('dtks_tiket_urut') from generate_series(1, %s)", [n])
            return sorted((r[0] for r in cursor.fetchall()), reverse=True)


def _petugas(data: Iterable[dict[str, Any]]) -> set[bytes]:
    """Indexes of those who work in the portal themselves."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select nik_indeks from {OrangPetugas._meta.db_table} where nik_indeks = any(%s::bytea[])",  # noqa: S608 - our name
            [bulk.keys(d["nik_indeks"] for d in data)],
        )
        return {bytes(r[0]) for r in cursor.fetchall()}


def _lain(baru: Baris, lama: Baris) -> bool:
    """Not what was shown: the person came or went meanwhile, or now lives in another family."""
    if ("individu" in baru.dibuat) != ("individu" in lama.dibuat):
        return True
    return baru.hasil == "pindah" and lama.hasil not in ("pindah", "konflik")


def _gambar(tabel: str, pk: UUID, kolom: Iterable[str]) -> dict[str, Any]:
    """Columns as they are now, in the spelling in which PostgreSQL gives them back."""
    nama = sorted(set(kolom))
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {', '.join(f'{n}::text' for n in nama)}{', versi' if 'versi' in nama else ''} from {tabel} where id = %s", [pk]  # noqa: S608 - names from code
        )  # fmt: skip
        row = cursor.fetchone()
    hasil = dict(zip(nama, row, strict=False))
    if "versi" in nama:
        hasil["versi"] = row[-1]
    return hasil


def _perbarui(tabel: str, pk: UUID, isi: dict[str, Any]) -> None:
    setel = ", ".join(f"{n} = %s" for n in isi)
    with connection.cursor() as cursor:
        cursor.execute(f"update {tabel} set {setel} where id = %s", [*isi.values(), pk])  # noqa: S608 - names from code


def terapkan(impor: Impor, by: Pengguna, laju: Laju, jalan: Berjalan) -> dict[str, int]:
    """All rows of the file, in the caller's transaction. Raises HitungBeda when the trail does not have every row."""
    with connection.cursor() as cursor:
        # Imports of one kabupaten one after the other: the second one sees what the first one made, and says so.
        cursor.execute("set local lock_timeout = 0")
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"impor:{impor.wilayah_id[:5]}"])
        cursor.execute("set local lock_timeout = 5000")
        cursor.execute("select last_value from core_jejakbaris_id_seq")
        awal = cursor.fetchone()[0]
    ganti = "ganti" in impor.pilihan
    ditarik = _tarik(impor, by) if ganti else 0
    tulis, tanya, n = _Tulis(impor, by, jalan), [], 0
    urut = _urut(impor, ganti)
    for mulai in range(0, len(urut), CHUNK):
        rows = _baca(impor, urut[mulai : mulai + CHUNK])
        tanya += _coba(tulis, rows)
        n += len(rows)
        laju(n, "Menyimpan")
    _cocokkan(impor, tulis.jumlah, awal)
    if tanya:
        padan.minta_massal(tanya, by=by, wilayah=impor.wilayah_id, asal=f"impor {str(impor.pk)[:8]}")
    return {k: v for k, v in {**tulis.jumlah, "ditarik": ditarik, "cek_nik": len(tanya)}.items() if v}


def _urut(impor: Impor, ganti: bool) -> "array[int]":
    """The rows to write, family by family: sorted once, eight bytes a row."""
    with connection.cursor() as cursor:
        cursor.execute(_URUT, [impor.pk, list(_TULIS), ganti])
        return array("q", (r[0] for r in cursor.fetchall()))


def _baca(impor: Impor, baris: "array[int]") -> list[Baris]:
    with connection.cursor() as cursor:
        cursor.execute(_BACA, [baris.tolist()])
        rows = cursor.fetchall()
    hasil = []
    for nomor, kelompok, kategori, segel, keluarga, individu, usulan, dibuat, diganti in rows:
        isi = BarisImpor.buka_segel(impor.pk, nomor, segel)
        hasil.append(Baris(nomor, kategori, isi, kelompok=bytes(kelompok), keluarga=keluarga, individu=individu, usulan=usulan, dibuat=tuple(dibuat.split()), ganti=tuple(diganti or ())))  # fmt: skip
    return hasil


def _coba(tulis: _Tulis, rows: list[Baris]) -> list[UUID]:
    """One block under a savepoint; a number taken meanwhile makes us ask again."""
    for ke in range(TRIES):
        jumlah, jalan = tulis.jumlah.copy(), (dict(tulis.jalan.baru), dict(tulis.jalan.usulan))
        try:
            with transaction.atomic():
                return tulis.blok(rows)
        except IntegrityError:
            if ke == TRIES - 1:
                raise
            tulis.jumlah, (tulis.jalan.baru, tulis.jalan.usulan) = jumlah, jalan
    raise AssertionError("unreachable")


def _tarik(impor: Impor, by: Pengguna) -> int:
    """Withdraw the drafts that the file replaces, by the proper step. One that moved on makes its row a conflict."""
    n = 0
    rows = BarisImpor.objects.filter(impor=impor).exclude(ganti=[]).order_by("nomor")
    for satu in rows:
        lama = list(Usulan.objects.filter(pk__in=satu.ganti, status="draf").order_by("pk"))
        lain = _orang_lain(impor, satu.ganti)
        sudah = Usulan.objects.filter(pk__in=satu.ganti, status="ditarik").count()
        if len(lama) + sudah < len(satu.ganti) or lain:
            BarisImpor.objects.filter(pk=satu.pk).update(ganti=[])
            continue
        try:
            with transaction.atomic():
                for usulan in lama:
                    langkah.tarik(usulan, by=by, alasan="DIGANTI_IMPOR")
        except StepRefused:
            BarisImpor.objects.filter(pk=satu.pk).update(ganti=[])
            continue
        n += len(lama)
    return n


def _orang_lain(impor: Impor, usulan: Sequence[UUID]) -> bool:
    """Would somebody who is not in this file lose a proposal with it?"""
    ikut = BarisImpor.objects.filter(impor=impor).exclude(ganti=[]).values("individu")
    return (
        BarisImpor.objects.filter(usulan__in=usulan, individu__isnull=False, impor__status="diterapkan")
        .exclude(individu__in=ikut)
        .exists()
    )


def _cocokkan(impor: Impor, jumlah: Counter[str], awal: int) -> None:
    """Rows made, fingerprints of the trail, acts, and staging: four counts that must be the same."""
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('dtks.tx', true)")
        tx = cursor.fetchone()[0] or str(uuid4())
        cursor.execute(
            "select tabel, count(*) from core_jejakbaris where tx = %s::uuid and id > %s and op = 'I' group by 1", [tx, awal]
        )  # fmt: skip
        sidik = dict(cursor.fetchall())
        cursor.execute(
            "select x, count(*) from dtks_barisimpor b, unnest(b.dibuat) x where b.impor_id = %s and b.hasil = any(%s) group by 1",
            [impor.pk, list(_TULIS)],
        )
        staging = dict(cursor.fetchall())
        cursor.execute(
            "select count(*) from core_jejak where tx = %s::uuid and rincian ->> 'impor' = %s and aksi in"
            " ('buat_usulan', 'buat_keluarga', 'tambah_anggota')",
            [tx, str(impor.pk)],
        )
        aksi = cursor.fetchone()[0]
    for nama in ("keluarga", "individu", "usulan"):
        if not jumlah[nama] == sidik.get(f"dtks_{nama}", 0) == staging.get(nama, 0):
            raise HitungBeda(f"{nama}: {jumlah[nama]} {sidik.get(f'dtks_{nama}', 0)} {staging.get(nama, 0)}")
    if aksi != jumlah["jejak"]:
        raise HitungBeda(f"jejak: {aksi} {jumlah['jejak']}")
