"""The way of every incoming file. A kind of file says how a row is checked, applied and taken back; this file does the rest.

    diunggah --periksa--> siap --terapkan--> menerapkan --> diterapkan --batalkan--> membatalkan --> dibatalkan
                     \\-> gagal (the file as a whole cannot be used)

Nothing is written to the register before `terapkan`. Checking, applying and undoing are effect-only jobs of the queue:
one transaction each, so a killed worker leaves nothing, and the row lock of the job keeps a second worker away
(docs/adr/0009). Small files are done in the request.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, ProtectedError, QuerySet
from django.utils import timezone

from accounts.models import Pengguna
from core import audit, bulk, files, outbox, pause, rules, sheets, workflow
from core.models import Pekerjaan
from core.privacy import keys
from core.progress import Laju
from core.sheets import Kolom, Lembar, SheetError
from core.workflow import GateClosed, Halangan, NotAllowed, NotOpen
from dtks.actions import ekspor
from dtks.models import BarisImpor, Impor
from wilayah.kode import kabupaten_dari

JOB_PERIKSA, JOB_TERAPKAN, JOB_BATALKAN = "dtks.impor_periksa", "dtks.impor_terapkan", "dtks.impor_batalkan"
LANGSUNG_BYTE = 100_000  # checked within the request: a few hundred rows
LANGSUNG_BARIS = 300
ALASAN_GALAT = "Memperbaiki baris berkas impor"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Pesan:
    """What is wrong (or odd) in one cell: heading of the column ('' = the whole row), code, sentence."""

    kolom: str
    kode: str
    pesan: str


@dataclass(slots=True)
class Baris:
    """What checking found about one row. `isi` is kept sealed; `galat` never repeats a typed value."""

    nomor: int
    hasil: str
    isi: dict[str, Any]
    galat: list[Pesan] = field(default_factory=list)
    tanda: list[Pesan] = field(default_factory=list)
    kelompok: bytes | None = None
    program: str = ""
    keluarga: UUID | None = None
    individu: UUID | None = None
    usulan: UUID | None = None
    dibuat: tuple[str, ...] = ()
    ganti: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class JenisImpor:
    """A kind of file.

    - `periksa(impor, lembar, laju)` yields a `Baris` for every row that is not empty; reads only.
    - `terapkan(impor, by, laju)` writes, inside the transaction of the job, and returns counts for the audit row. It
      audits its own rows. A row that can no longer go in becomes a conflict (`jadikan_konflik`), never an exception.
    - `batalkan(impor, by, laju)` takes everything back byte for byte, or raises GateClosed naming what moved on.
    - `pilihan`: ticks of the confirmation, code -> label; those chosen are in `impor.pilihan`.
    - `mentah(baris)`: cells of a row for the error file, in the order of `kolom`.
    """

    kode: str
    judul: str
    keterangan: str
    kolom: Sequence[Kolom]
    kuasa: str
    periksa: Callable[[Impor, Lembar, Laju], Iterable[Baris]]
    terapkan: Callable[[Impor, Pengguna, Laju], dict[str, int]]
    batalkan: Callable[[Impor, Pengguna, Laju], dict[str, int]]
    mentah: Callable[[BarisImpor], Sequence[str]]
    ringkas: Callable[[BarisImpor], str]
    sesudah_periksa: Callable[[Impor], None] | None = None  # rules that need the whole file, as one statement
    petunjuk: Sequence[str] = ()
    pilihan: dict[str, str] = field(default_factory=dict)
    lembar: str = "Data"
    nama_templat: str = "TEMPLATE.xlsx"


_jenis: dict[str, JenisImpor] = {}


def daftarkan(jenis: JenisImpor) -> JenisImpor:
    """Make a kind known. Called at import of the module that defines it; that module must be imported by urls and tasks."""
    _jenis[jenis.kode] = jenis
    return jenis


def jenis_dari(kode: str) -> JenisImpor | None:
    return _jenis.get(kode)


def semua_jenis(by: Pengguna) -> list[JenisImpor]:
    """Kinds that this person may send, in the order of registration."""
    return [j for j in _jenis.values() if by.punya(j.kuasa)]


# --- upload and check ---------------------------------------------------------------------------------


def simulasi(*, by: Pengguna, jenis: JenisImpor, isi: bytes) -> list[Baris]:
    """What checking would find, without keeping anything. Raises SheetError for a file that cannot be used."""
    pause.not_while_changing_keys()
    wilayah = _wilayah(by, jenis)
    impor = Impor(
        jenis=jenis.kode,
        kuasa=jenis.kuasa,
        wilayah_id=wilayah,
        created_by=by,
        periode=f"{timezone.localdate():%Y-%m}",
    )
    maks = int(rules.value("impor.maks_baris", wilayah))
    lembar = sheets.buka(isi, jenis.kolom, maks_baris=maks)
    return list(jenis.periksa(impor, lembar, Laju(None)))


def _wilayah(by: Pengguna, jenis: JenisImpor) -> str:
    luas = by.cakupan(jenis.kuasa)
    if not luas:
        raise NotAllowed([Halangan("TIDAK_BERWENANG", "Jenis berkas ini bukan wewenang Anda.")])
    return luas[0] if len(luas) == 1 else kabupaten_dari(luas[0])


def unggah(*, by: Pengguna, jenis: JenisImpor, isi: bytes, nama: str, langsung: bool = False) -> Impor:
    """Keep the file and have it checked. The same file that still waits for an answer is not kept twice."""
    pause.not_while_changing_keys()
    wilayah = _wilayah(by, jenis)
    if not isi:
        raise files.BadFile("Berkas kosong. Pilih berkas yang berisi tabel.")
    if len(isi) > sheets.MAX_BYTES:
        raise files.BadFile("Berkas lebih besar dari 20 MB. Bagi menjadi beberapa berkas.")
    sidik = hashlib.sha256(isi).digest()
    with transaction.atomic():
        lama = Impor.objects.filter(
            jenis=jenis.kode, sha256=sidik, created_by=by, status__in=("diunggah", "siap")
        ).first()
        if lama is not None:
            return periksa_ulang(lama, by=by, langsung=langsung)
        mime = "application/xlsx" if isi[:2] == b"PK" else "text/csv"
        berkas = files.store(isi, jenis="impor", nama=nama, mime=mime, wilayah=wilayah, by_id=str(by.pk))
        impor = Impor.objects.create(
            jenis=jenis.kode, kuasa=jenis.kuasa, wilayah_id=wilayah, berkas=berkas, sha256=sidik, created_by=by,
            periode=f"{timezone.localdate():%Y-%m}",
        )  # fmt: skip
        _catat(impor, "unggah_impor", by, {"jenis": jenis.kode, "sha256": sidik.hex(), "byte": len(isi)})
        if langsung or len(isi) <= LANGSUNG_BYTE:
            periksa(impor)
        else:
            _antre(impor, JOB_PERIKSA, "Memeriksa berkas impor", by)
        impor.refresh_from_db()  # in the transaction: whoever gets an error has nothing kept
    return impor


@transaction.atomic
def periksa_ulang(impor: Impor, *, by: Pengguna, langsung: bool = False) -> Impor:
    """Check again, against the register of now: what is shown must be what is."""
    pause.not_while_changing_keys()
    baris: Impor = workflow.lock(Impor, impor.pk)
    _berwenang(baris, by)
    henti = berhenti(baris)
    if henti and baris.status == Impor.Status.MEMBATALKAN:  # taken back by its own job only, tried again
        return baris
    if baris.status != Impor.Status.SIAP and not henti:
        return baris
    if not henti and (langsung or baris.jumlah <= LANGSUNG_BARIS):
        periksa(baris)
    else:
        baris.status, baris.applied_by = Impor.Status.DIUNGGAH, None
        baris.save(update_fields=["applied_by"])
        _catat(baris, "periksa_ulang_impor", by, {})
        _antre(baris, JOB_PERIKSA, "Memeriksa berkas impor", by)
    baris.refresh_from_db()
    return baris


def berhenti(impor: Impor) -> Pekerjaan | None:
    """The job that this import waits for, when it failed too often and nobody works on it any more."""
    berjalan = (Impor.Status.DIUNGGAH, Impor.Status.MENERAPKAN, Impor.Status.MEMBATALKAN)
    if impor.pekerjaan is None or impor.status not in berjalan:
        return None
    return Pekerjaan.objects.filter(pk=impor.pekerjaan, status=Pekerjaan.Status.PARKIR).first()


@bulk.without_collector
def periksa(impor: Impor, laju: Laju | None = None) -> None:
    """Read the file and put what was found beside it. Writes nothing else. Runs in the caller's transaction."""
    jenis = _jenis[impor.jenis]
    BarisImpor.objects.filter(impor=impor).delete()
    hitung: Counter[str] = Counter()
    try:
        maks = int(rules.value("impor.maks_baris", impor.wilayah_id))
        lembar = sheets.buka(files.read(impor.berkas), jenis.kolom, maks_baris=maks)
        laju = laju or Laju(None)
        laju.total = lembar.jumlah
        with transaction.atomic():
            _salin(impor, _terhitung(jenis.periksa(impor, lembar, laju), hitung))
            if not hitung["baris"]:
                raise SheetError("TIDAK_ADA_BARIS", "Tidak ada baris data di bawah judul kolom.")
            if jenis.sesudah_periksa is not None:
                jenis.sesudah_periksa(impor)
                hitung["tanda"] = BarisImpor.objects.filter(impor=impor).exclude(tanda=[]).count()
    except (SheetError, files.BadFile) as error:
        impor.status, impor.sebab = Impor.Status.GAGAL, str(error)[:500]
        impor.kode_gagal = getattr(error, "kode", "BERKAS_TIDAK_TERBACA")
        hitung.clear()
    else:
        impor.status, impor.sebab, impor.kode_gagal = Impor.Status.SIAP, "", ""
    impor.jumlah, impor.hitung = hitung.pop("baris", 0), dict(hitung)
    impor.save(update_fields=["status", "sebab", "kode_gagal", "jumlah", "hitung", "updated_at"])
    _catat(impor, "periksa_impor", None, {"hasil": impor.status, **impor.hitung})


def _terhitung(baris: Iterable[Baris], hitung: "Counter[str]") -> Iterator[Baris]:
    for satu in baris:
        hitung["baris"] += 1
        hitung[satu.hasil] += 1
        if satu.tanda:
            hitung["tanda"] += 1
        if satu.ganti:
            hitung["ganti"] += 1
        yield satu


_KOLOM_BARIS = (
    "impor_id", "nomor", "hasil", "kelompok", "isi", "galat", "tanda", "program", "keluarga", "individu", "usulan", "dibuat", "ganti",
)  # fmt: skip


def _salin(impor: Impor, baris: Iterable[Baris]) -> None:
    """COPY the rows beside their file; what the file holds of people is sealed."""
    pk = str(impor.pk)
    for bagian in bulk.chunks(
        baris, 2000
    ):  # the generator asks the database between rows, so COPY waits for it
        bulk.copy("dtks_barisimpor", _KOLOM_BARIS, (_teks(pk, b) for b in bagian))


def _teks(pk: str, b: Baris) -> str:
    galat = bulk.Json([vars(p) for p in b.galat]) if b.galat else "[]"
    tanda = bulk.Json([vars(p) for p in b.tanda]) if b.tanda else "[]"
    return bulk.line(
        (pk, b.nomor, b.hasil, b.kelompok, BarisImpor.segel(pk, b.nomor, b.isi), galat, tanda, b.program, b.keluarga, b.individu,
         b.usulan, b.dibuat, b.ganti)
    )  # fmt: skip


# --- confirm ------------------------------------------------------------------------------------------


@transaction.atomic
def terapkan(impor: Impor, *, by: Pengguna, pilihan: Sequence[str] = (), langsung: bool = False) -> Impor:
    """Confirm: write what was shown. A large file is written by the queue; a second press finds it under way."""
    pause.not_while_changing_keys()
    baris: Impor = workflow.lock(Impor, impor.pk)
    _berwenang(baris, by)
    if baris.status in (Impor.Status.MENERAPKAN, Impor.Status.DITERAPKAN):
        return baris
    if baris.status != Impor.Status.SIAP:
        raise NotOpen(
            [
                Halangan(
                    "BELUM_SIAP",
                    "Berkas ini belum selesai diperiksa atau tidak bisa dipakai.",
                    "Muat ulang halaman.",
                )
            ]
        )
    jenis = _jenis[baris.jenis]
    baris.pilihan = [p for p in jenis.pilihan if p in pilihan]
    h = baris.hitung
    if not any(h.get(k) for k in ("baru", "berubah", "pindah")) and not (baris.pilihan and h.get("ganti")):
        raise GateClosed(
            [
                Halangan(
                    "TIDAK_ADA_PERUBAHAN",
                    "Tidak ada baris yang perlu disimpan.",
                    "Perbaiki baris yang salah, lalu unggah lagi.",
                )
            ]
        )
    baris.status, baris.applied_by = Impor.Status.MENERAPKAN, by
    baris.save(update_fields=["status", "pilihan", "applied_by", "updated_at"])
    _catat(baris, "setujui_impor", by, {"pilihan": baris.pilihan})
    if langsung or baris.jumlah <= LANGSUNG_BARIS:
        kerjakan_terapkan(baris)
    else:
        _antre(baris, JOB_TERAPKAN, "Menyimpan berkas impor", by)
    baris.refresh_from_db()
    return baris


@bulk.without_collector
def kerjakan_terapkan(impor: Impor, laju: Laju | None = None) -> None:
    """Apply everything, in the caller's transaction: all rows and their audit, or nothing."""
    by = impor.applied_by
    assert by is not None
    if not by.boleh(
        impor.kuasa, impor.wilayah_id
    ):  # the assignment may have ended since the file was confirmed
        impor.status = Impor.Status.SIAP
        impor.save(update_fields=["status", "updated_at"])
        _catat(impor, "tolak_impor", None, {"sebab": "kuasa berakhir"})
        return
    hasil = _jenis[impor.jenis].terapkan(impor, by, laju or Laju(None, impor.jumlah))
    impor.status, impor.applied_at = Impor.Status.DITERAPKAN, timezone.now()
    impor.hitung = _hitung_ulang(impor)
    impor.save(update_fields=["status", "applied_at", "hitung", "updated_at"])
    _catat(impor, "terapkan_impor", by, hasil)
    impor.jejak_akhir = _jejak_terakhir()
    Impor.objects.filter(pk=impor.pk).update(jejak_akhir=impor.jejak_akhir)


def _jejak_terakhir() -> int:
    """Fingerprints written after this one are not ours."""
    with connection.cursor() as cursor:
        cursor.execute("select last_value from core_jejakbaris_id_seq")
        return int(cursor.fetchone()[0])


def _hitung_ulang(impor: Impor) -> dict[str, int]:
    rows = BarisImpor.objects.filter(impor=impor)
    hasil = dict(rows.order_by().values_list("hasil").annotate(n=Count("pk")))
    hasil["tanda"] = rows.exclude(tanda=[]).count()
    return {k: v for k, v in hasil.items() if v}


def jadikan_konflik(impor: Impor, nomor: Iterable[int], pesan: Pesan) -> None:
    """Rows that could not go in after all, with the reason; the rest of the file goes on."""
    BarisImpor.objects.filter(impor=impor, nomor__in=list(nomor)).update(
        hasil=BarisImpor.Hasil.KONFLIK,
        galat=[vars(pesan)],
        keluarga=None,
        individu=None,
        usulan=None,
        dibuat=[],
    )


# --- undo ---------------------------------------------------------------------------------------------


@transaction.atomic
def batalkan(impor: Impor, *, by: Pengguna, langsung: bool = False) -> Impor:
    """Take one import back, as long as nothing was built on it."""
    pause.not_while_changing_keys()
    baris: Impor = workflow.lock(Impor, impor.pk)
    _berwenang(baris, by)
    if baris.status in (Impor.Status.MEMBATALKAN, Impor.Status.DIBATALKAN):
        return baris
    if baris.status != Impor.Status.DITERAPKAN:
        raise NotOpen(
            [Halangan("BELUM_DITERAPKAN", "Impor ini belum disimpan, jadi tidak ada yang dibatalkan.")]
        )
    baris.status, baris.undone_by, baris.sebab = Impor.Status.MEMBATALKAN, by, ""
    baris.save(update_fields=["status", "undone_by", "sebab", "updated_at"])
    _catat(baris, "minta_batal_impor", by, {})
    if langsung or baris.jumlah <= LANGSUNG_BARIS:
        kerjakan_batal(baris)
    else:
        _antre(baris, JOB_BATALKAN, "Membatalkan impor", by)
    baris.refresh_from_db()
    return baris


@bulk.without_collector
def kerjakan_batal(impor: Impor, laju: Laju | None = None) -> None:
    """Take everything back in the caller's transaction; when something moved on, say what and leave everything."""
    by = impor.undone_by
    assert by is not None
    try:
        with transaction.atomic():
            # Before the rows go: the triggers let machine answers about its people go with an import that is undone.
            Impor.objects.filter(pk=impor.pk).update(status=Impor.Status.DIBATALKAN)
            hasil = _jenis[impor.jenis].batalkan(impor, by, laju or Laju(None, impor.jumlah))
    except GateClosed as tertutup:
        impor.status, impor.undone_by = Impor.Status.DITERAPKAN, None
        impor.sebab = " ".join(h.kalimat for h in tertutup.halangan)[:500]
        impor.save(update_fields=["status", "undone_by", "sebab", "updated_at"])
        _catat(impor, "batal_impor_ditolak", by, {"kode": [h.kode for h in tertutup.halangan]})
        return
    impor.status, impor.undone_at = Impor.Status.DIBATALKAN, timezone.now()
    impor.save(update_fields=["status", "undone_at", "updated_at"])
    _catat(impor, "batalkan_impor", by, hasil)


# --- what is not needed any more ----------------------------------------------------------------------

_TAK_DIPAKAI = (Impor.Status.DIUNGGAH, Impor.Status.SIAP, Impor.Status.GAGAL, Impor.Status.DIBATALKAN)


def bersihkan() -> int:
    """Files that nobody confirmed, that could not be used, or that were taken back: after some days nothing of them is kept
    but the acts. A file that somebody works on at this moment waits for the next night."""
    lama = timezone.now() - timedelta(days=rules.value("impor.simpan_hari"))
    usang = Impor.objects.filter(status__in=_TAK_DIPAKAI, updated_at__lt=lama)
    n = 0
    for pk in list(usang.order_by("pk").values_list("pk", flat=True)):
        try:
            with transaction.atomic():
                n += _hapus(usang, pk)
        except (
            ProtectedError
        ):  # what it reported is kept as history (hasil SIKS, penyaluran), and so is the file
            continue
    return n


def _hapus(usang: QuerySet[Impor], pk: UUID) -> int:
    impor = usang.filter(pk=pk).select_for_update(skip_locked=True, of=("self",)).first()
    if impor is None:
        return 0
    _catat(impor, "hapus_impor", None, {"status": impor.status, "sha256": bytes(impor.sha256).hex()})
    BarisImpor.objects.filter(impor=impor).delete()
    berkas = impor.berkas
    impor.delete()
    files.remove(berkas)
    return 1


# --- jobs ---------------------------------------------------------------------------------------------


def jalankan(job: Pekerjaan) -> dict[str, Any]:
    """Effect of the three jobs: one transaction with the mark 'selesai', under the row lock of the job."""
    if keys.changing():
        raise outbox.Later(60, pause.WHY)
    impor: Impor = workflow.lock(Impor, job.argumen["impor"])
    kerja, menunggu = {
        JOB_PERIKSA: (periksa, Impor.Status.DIUNGGAH),
        JOB_TERAPKAN: (kerjakan_terapkan, Impor.Status.MENERAPKAN),
        JOB_BATALKAN: (kerjakan_batal, Impor.Status.MEMBATALKAN),
    }[job.jenis]
    if impor.status == menunggu:
        kerja(impor, Laju(job.pk, impor.jumlah))
    job.total_n = job.selesai_n = impor.jumlah
    return {"status": impor.get_status_display()}


def _antre(impor: Impor, jenis: str, judul: str, by: Pengguna) -> None:
    job = outbox.antre(
        jenis, {"impor": str(impor.pk)}, judul=judul, by=by, wilayah=impor.wilayah_id, total=impor.jumlah
    )
    impor.pekerjaan = job.pk if job else None
    impor.save(update_fields=["pekerjaan", "status", "updated_at"])


def _berwenang(impor: Impor, by: Pengguna) -> None:
    if not by.boleh(impor.kuasa, impor.wilayah_id):
        raise NotAllowed([Halangan("TIDAK_BERWENANG", "Berkas ini bukan wewenang Anda di wilayah ini.")])


def _catat(impor: Impor, aksi: str, by: Pengguna | None, rincian: dict[str, Any]) -> None:
    peran = by.peran_untuk(impor.kuasa, impor.wilayah_id) if by else ""
    audit.catat(aksi=aksi, objek=impor, by=by, wilayah=impor.wilayah_id, peran=peran, rincian=rincian)


# --- the error file -----------------------------------------------------------------------------------


def unduh_galat(impor: Impor, *, by: Pengguna) -> tuple[bytes, str]:
    """The error file for a person: full numbers leave the portal, so it is counted and recorded as every such file."""
    kuasa = (ekspor.KUASA_NOMOR,)
    n = BarisImpor.objects.filter(impor=impor, hasil__in=("galat", "konflik")).count()
    ekspor.izinkan(by=by, kuasa=kuasa, penuh=True, alasan=ALASAN_GALAT, baris=n)
    with transaction.atomic():
        isi, nama = berkas_galat(impor)
        ekspor.catat(
            by=by, kuasa=kuasa, jenis=Impor._meta.label, penuh=True, alasan=ALASAN_GALAT,
            rincian={"daftar": str(impor.pk), "format": "xlsx", "jumlah": n, "sha256": hashlib.sha256(isi).hexdigest()},
        )  # fmt: skip
    return isi, nama


def berkas_galat(impor: Impor) -> tuple[bytes, str]:
    """(xlsx, name) of the rows to mend in the layout in which they came; xlsx also for CSV, else Excel spoils the NIK."""
    jenis = _jenis[impor.jenis]
    rows = BarisImpor.objects.filter(impor=impor, hasil__in=("galat", "konflik")).order_by("nomor")
    isi = ((_sel(jenis, b), {g["kolom"]: g["pesan"] for g in b.galat}) for b in rows.iterator(2000))
    return sheets.tulis_galat(
        jenis.kolom, isi, lembar=jenis.lembar
    ), f"perbaiki-{impor.jenis}-{str(impor.pk)[:8]}.xlsx"


def _sel(jenis: JenisImpor, b: BarisImpor) -> Sequence[str]:
    """The cells as sent. A number that Excel damaged is left out: as text it would look whole and pass the next time."""
    sel = list(jenis.mentah(b))
    rusak = {g["kolom"] for g in b.galat if g["kode"].endswith("_ANGKA_ILMIAH")}
    return ["" if kolom.judul in rusak else isi for kolom, isi in zip(jenis.kolom, sel, strict=False)]
