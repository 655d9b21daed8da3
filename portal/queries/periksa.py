"""Self-check of the data: every invariant as a named check that returns a sentence for each breach. Reads only."""

import logging
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models import Max
from django.utils import timezone

from accounts.models import Penugasan
from bansos.models import DaftarKelayakan
from bansos.queries import daftar as kelayakan
from bansos.workflow import BATCH, KEBERATAN
from bansos.workflow_layanan import LAYANAN
from core import anchors, documents, files, rules
from core.models import Berkas, Dokumen, Panah, Pekerjaan, Segel
from core.privacy import keys
from core.privacy.fields import BlindIndexField, SealedField
from dtks.models import Bendera, Musyawarah, PesertaMusyawarah, Usulan
from dtks.queries import bendera, kuorum
from dtks.queries import periode as jendela
from dtks.workflow import MUSYAWARAH, USULAN, USULAN_TERBUKA
from pengaduan.workflow import ALUR as ALUR_WARGA
from portal.queries import masa_simpan, periksa_sql
from portal.workflow import HAK
from wilayah.kode import bentuk_sah, leluhur

log = logging.getLogger(__name__)
SELANG_GULIR = timedelta(
    hours=1
)  # a draft that commits in the second of the cut-off is found by the next round
BENDERA_MAKS = 2000
BERKAS_BAWAAN = 5000  # with more stored files than this, opening each of them is asked for by --berkas
_MAJU = ("ajukan", "musyawarahkan", "sepakati", "input", "tugaskan", "ases", "verifikasi", "sahkan", "kirim", "tetapkan", "lanjutkan")  # fmt: skip


@dataclass(frozen=True)
class Pelanggaran:
    """A breach: which check, which row (table and key), and what is wrong with it."""

    periksa: str
    tabel: str
    kunci: str
    kalimat: str

    def __str__(self) -> str:
        return f"[{self.periksa}] {self.tabel} {self.kunci}: {self.kalimat}"


@dataclass
class Laporan:
    pelanggaran: list[Pelanggaran] = field(default_factory=list)
    ingat: list[Pelanggaran] = field(default_factory=list)  # worth a look, no breach
    hitung: dict[str, int] = field(default_factory=dict)

    @property
    def ringkas(self) -> str:
        return ", ".join(f"{n} {nama}" for nama, n in self.hitung.items())


Baris = tuple[str, str, str]


def jalankan(*, berkas: bool | None = None, jangkar: Iterable[Path] = ()) -> Laporan:
    """Run every check. `berkas`: open every stored file (None: when there are few). `jangkar`: more anchor folders.

    Runs on the caller's transaction; give it a repeatable-read one so that all checks see the same moment.
    """
    laporan = Laporan(hitung=_hitung())
    if berkas is None:
        berkas = laporan.hitung["berkas"] <= BERKAS_BAWAAN
    for nama, _, query in periksa_sql.PEMERIKSAAN:
        _tambah(laporan.pelanggaran, nama, partial(_sql, query))
    python: dict[str, Callable[[], Iterable[Baris]]] = {
        "panah": _panah,
        "segel_nilai": _nilai_tersegel,
        "dokumen": _dokumen,
        "berkas": _berkas if berkas else list,
        "daftar": _daftar,
        "pemegang": _pemegang,
        "kuorum": _kuorum,
        "batas": partial(_batas, sudah_digulir=True),
        "pemicu": _pemicu,
        "fungsi": _fungsi,
        "dinding": _dinding,
        "masa_simpan": _masa_simpan,
    }
    for nama, fungsi in python.items():
        _tambah(laporan.pelanggaran, nama, fungsi)
    n, rusak = anchors.verify([anchors.folder(), *jangkar])
    laporan.hitung["jangkar"] = n
    laporan.pelanggaran += [Pelanggaran("jangkar", "jangkar", b.kunci, b.kalimat) for b in rusak]
    laporan.hitung["pemeriksaan"] = len(periksa_sql.PEMERIKSAAN) + len(python) + 1
    _tambah(laporan.ingat, "antrean", partial(_sql, periksa_sql.TERLAMBAT))
    _tambah(laporan.ingat, "batas", partial(_batas, sudah_digulir=False))
    _tambah(laporan.ingat, "bendera", _bendera)
    if not settings.DINDING:
        laporan.ingat.append(
            Pelanggaran("dinding", "-", "DINDING", "Dinding kedua dimatikan oleh setelan DINDING=0.")
        )
    return laporan


def _tambah(daftar: list[Pelanggaran], nama: str, fungsi: Callable[[], Iterable[Baris]]) -> None:
    """A check that stumbles over broken data is a breach itself and does not hide the others."""
    try:
        with transaction.atomic():
            daftar += [Pelanggaran(nama, tabel, kunci, kalimat) for tabel, kunci, kalimat in fungsi()]
    except Exception as error:
        log.warning("check %s could not finish", nama, exc_info=error)
        kalimat = f"Pemeriksaan ini tidak bisa selesai ({type(error).__name__}): ada isi data yang rusak."
        daftar.append(Pelanggaran(nama, "-", nama, kalimat))


def _sql(query: str, *nilai: Any) -> list[Baris]:
    with connection.cursor() as cursor:
        cursor.execute(query, nilai or None)
        return cursor.fetchall()


def _hitung() -> dict[str, int]:
    model = (
        "dtks.Keluarga",
        "dtks.Individu",
        "dtks.Usulan",
        "dtks.RiwayatUsulan",
        "core.Dokumen",
        "core.Berkas",
    )
    hitung = {
        str(apps.get_model(m)._meta.verbose_name): apps.get_model(m)._default_manager.count() for m in model
    }
    return hitung | {"mata rantai": Segel.objects.count()}


def _panah() -> Iterator[Baris]:
    """The arrows that the triggers obey are those of the code."""
    ada = set(Panah.objects.values_list("alur", "langkah", "dari", "ke"))
    mau = {
        (a.nama, *panah)
        for a in (USULAN, MUSYAWARAH, BATCH, KEBERATAN, HAK, *LAYANAN, *ALUR_WARGA)
        for panah in a.arrows()
    }
    for alur, langkah, dari, ke in sorted(ada - mau):
        yield "core_panah", f"{alur} {langkah} {dari}>{ke}", "Panah ini tidak ada di alur resmi."
    for alur, langkah, dari, ke in sorted(mau - ada):
        yield (
            "core_panah",
            f"{alur} {langkah} {dari}>{ke}",
            "Panah alur hilang. Jalankan manage.py muat_acuan.",
        )


def _nilai_tersegel() -> Iterator[Baris]:
    """Every sealed value opens at its own row, and its blind index is that of the value."""
    for model in apps.get_models():
        for kolom in model._meta.concrete_fields:
            if isinstance(kolom, SealedField):
                yield from _satu_kolom(model, kolom)


def _satu_kolom(model: Any, kolom: SealedField) -> Iterator[Baris]:
    tabel = model._meta.db_table
    indeks = next(
        (f for f in model._meta.concrete_fields if isinstance(f, BlindIndexField) and f.source == kolom.name),
        None,
    )
    with connection.cursor() as cursor:
        q: Callable[[str | None], str] = connection.ops.quote_name  # type: ignore[assignment]
        kedua = q(indeks.column) if indeks else "null"
        cursor.execute(f"select {q(model._meta.pk.column)}, {q(kolom.column)}, {kedua} from {q(tabel)}")  # noqa: S608 - names of our own models
        while rows := cursor.fetchmany(5000):
            for pk, nilai, sidik in rows:
                if kalimat := _salah_segel(
                    f"{tabel}.{kolom.column}:{pk}", nilai, sidik, kolom, indeks is not None
                ):
                    yield tabel, str(pk), f"Kolom {kolom.column}: {kalimat}"


def _salah_segel(konteks: str, nilai: Any, sidik: Any, kolom: SealedField, ada_indeks: bool) -> str:
    if nilai is None:
        return "indeks ada tanpa nilainya." if sidik is not None else ""
    try:
        polos = keys.unseal(bytes(nilai), konteks).decode()
    except (keys.SealBroken, ValueError):
        return "nilai tersandi rusak, tertukar dengan baris lain, atau kuncinya hilang."
    indeks = keys.blind_index(polos, kolom.purpose) if ada_indeks else b""
    if ada_indeks and bytes(sidik or b"") not in getattr(indeks, "bentuk", (indeks,)):
        return "indeks tidak sama dengan nilainya."
    return ""


def _dokumen() -> Iterator[Baris]:
    for dokumen in Dokumen.objects.select_related("berkas").iterator(chunk_size=1000):
        if not documents.signature_valid(dokumen):
            yield (
                "core_dokumen",
                str(dokumen.pk),
                f"Tanda tangan dokumen {dokumen.nomor} tidak cocok dengan isinya.",
            )
        if bytes(dokumen.sha256) != bytes(dokumen.berkas.sha256):
            yield "core_dokumen", str(dokumen.pk), f"Sidik dokumen {dokumen.nomor} bukan sidik berkasnya."


def _berkas() -> Iterator[Baris]:
    for berkas in Berkas.objects.order_by("pk").iterator(chunk_size=1000):
        if not files.path_of(berkas.pk).exists():
            yield "core_berkas", str(berkas.pk), f"Berkas {berkas.jenis} hilang dari penyimpanan."
            continue
        try:
            isi = files.read(berkas)
        except files.BadFile:
            yield "core_berkas", str(berkas.pk), f"Berkas {berkas.jenis} di penyimpanan berubah."
            continue
        if len(isi) != berkas.ukuran:
            yield "core_berkas", str(berkas.pk), f"Ukuran berkas {berkas.jenis} tidak cocok."


def _daftar() -> Iterator[Baris]:
    """Every eligibility list says what was computed, and its file is the one that was signed."""
    for satu in DaftarKelayakan.objects.order_by("pk").iterator(chunk_size=100):
        if kelayakan.sidik(satu.pk) != bytes(satu.sidik):
            yield (
                "bansos_daftarkelayakan",
                str(satu.pk),
                f"Isi daftar kelayakan {satu} tidak sama dengan sidiknya.",
            )
    yatim = """select b.daftar_id::text, count(*) from bansos_barisdaftar b
      where not exists (select 1 from dtks_keluarga k where k.id = b.keluarga_id)
         or not exists (select 1 from bansos_daftarkelayakan d where d.id = b.daftar_id) group by 1 order by 1"""
    for pk, n in _sql(yatim):  # type: ignore[misc]
        yield (
            "bansos_barisdaftar",
            pk,
            f"{n} baris daftar kelayakan menunjuk keluarga atau daftar yang tidak ada.",
        )


def _pemegang() -> Iterator[Baris]:
    """Somebody in office can take the next step of every open proposal."""
    kuasa_di: dict[str, set[str | None]] = defaultdict(set)
    berlaku = Penugasan.objects.berlaku().filter(pengguna__is_active=True)
    for kuasa, wilayah in berlaku.values_list("peran__kuasa", "wilayah_id"):
        for satu in kuasa:
            kuasa_di[satu].add(wilayah)
    perlu = {s: {a.kuasa for a in USULAN.open_from(s) if a.nama in _MAJU} for s in USULAN_TERBUKA}
    rows = Usulan.objects.filter(status__in=USULAN_TERBUKA).values_list(
        "pk", "tiket", "status", "wilayah_id", "petugas"
    )
    for pk, tiket, status, wilayah, petugas in rows.iterator(chunk_size=2000):
        if not bentuk_sah(wilayah):
            yield "dtks_usulan", str(pk), f"Usulan {tiket}: kode wilayah rusak."
            continue
        area = {None, wilayah, *leluhur(wilayah)}
        if status == "ditugaskan" and petugas is None:
            yield "dtks_usulan", str(pk), f"Usulan {tiket} menunggu kunjungan tanpa petugas."
        elif not any(kuasa_di[k] & area for k in perlu[status]):
            yield "dtks_usulan", str(pk), f"Usulan {tiket} ({status}) tidak punya pemegang di {wilayah}."


def _masa_simpan() -> Iterator[Baris]:
    """No rule lets data be thrown away sooner than the release says."""
    for m in masa_simpan.semua():
        if m.singkat:
            kalimat = f"Masa simpan {m.aturan.kunci} ({m.aturan.nilai} hari) lebih singkat dari bawaan portal ({m.rilis} hari). Pemusnahannya berhenti."
            yield "core_ketentuan", str(m.aturan.pk), kalimat


@lru_cache(maxsize=4096)
def _aturan_kuorum(kunci: str, wilayah: str, hari: Any) -> tuple[int, tuple[str, ...]]:
    nilai = rules.value(kunci, wilayah, hari)
    return nilai["minimal_hadir"], tuple(nilai["unsur_wajib"])


def _kuorum() -> Iterator[Baris]:
    """A meeting that was closed had its quorum by the rule of its day."""
    _aturan_kuorum.cache_clear()
    tutup = ("terlaksana", "ditandatangani", "disetujui")
    hadir: dict[Any, list[str]] = defaultdict(list)
    peserta = PesertaMusyawarah.objects.filter(musyawarah__status__in=tutup, hadir=True)
    for rapat, unsur in peserta.values_list("musyawarah_id", "unsur"):
        hadir[rapat].append(unsur)
    for pk, nomor, wilayah, waktu, asal in Musyawarah.objects.filter(status__in=tutup).values_list(
        "pk", "nomor", "wilayah_id", "waktu", "perbaikan_dari"
    ):
        kunci = kuorum.kunci(asal is not None)
        try:
            minimal, wajib = _aturan_kuorum(kunci, wilayah, timezone.localtime(waktu).date())
        except rules.RuleMissing:
            yield (
                "core_ketentuan",
                kunci,
                f"Tidak ada ketentuan kuorum untuk {wilayah} pada {waktu:%d-%m-%Y}.",
            )
            continue
        if len(hadir[pk]) < minimal or set(wajib) - set(hadir[pk]):
            yield "dtks_musyawarah", str(pk), f"Musyawarah {nomor} ditutup tanpa kuorum."


def _batas(*, sudah_digulir: bool) -> Iterator[Baris]:
    """No open proposal stays in a period whose closing moment it missed once the hourly care has gone over it again.

    Until then it waits (`sudah_digulir=False`): worth a look, no breach.
    """
    saat = jendela.saat_ini()
    selesai = Pekerjaan.objects.filter(jenis="dtks.periode_jam", status=Pekerjaan.Status.SELESAI)
    terakhir = selesai.aggregate(pada=Max("updated_at"))["pada"]
    batas = terakhir - SELANG_GULIR if terakhir else None
    menunggu = set(
        Pekerjaan.objects.filter(jenis="dtks.gulirkan")
        .exclude(status__in=(Pekerjaan.Status.SELESAI, Pekerjaan.Status.PARKIR))
        .values_list("wilayah", flat=True)
    )
    rows = jendela.terlambat(Usulan.objects.order_by("pk"), saat)
    for u in rows.iterator(chunk_size=2000):
        lewat = batas is not None and u.batas < batas and u.wilayah_id[:5] not in menunggu  # type: ignore[attr-defined]
        if lewat == sudah_digulir:
            yield (
                "dtks_usulan",
                str(u.pk),
                f"Usulan {u.tiket} masih di periode {u.periode} padahal melewati {jendela.batas_kata(u.batas, u.wilayah_id)}.",  # type: ignore[attr-defined]
            )


def _bendera() -> Iterator[Baris]:
    """Causes that should have raised a flag, and have not yet; the oldest proposals first."""
    rows = list(
        Usulan.objects.filter(status__in=bendera.DI_DINAS)
        .select_related("keluarga")
        .order_by("status_sejak", "pk")[:BENDERA_MAKS]
    )
    ada = set(Bendera.objects.filter(usulan__in=rows).values_list("usulan_id", "kode", "sumber"))
    for pk, daftar in bendera.sebab(rows).items():
        for s in daftar:
            if (pk, s.kode, s.sumber) not in ada:
                yield "dtks_usulan", str(pk), f"Ada sebab untuk bendera {s.kode}, tetapi belum dipasang."


def _berkas_sql() -> list[str]:
    return [
        p.read_text(encoding="utf-8")
        for app in apps.get_app_configs()
        for p in sorted(Path(app.path, "sql").glob("*.sql"))
    ]


_PASANG = re.compile(r"create (?:constraint )?trigger (\w+)\s+(?:before|after)[^;]*?\son\s+(\w+)", re.I)
_LINDUNGI = re.compile(r"jejak_lindungi\(t\) from unnest\(array\[(.*?)\]\)", re.I | re.S)
_ALUR = re.compile(r"alur_pasang\('\w+', '\w+', '(\w+)', '(\w+)', '\w+'\)")
_FUNGSI = re.compile(r"create or replace function (\w+)\((?:[^$]*?)\$\$(.*?)\$\$", re.I | re.S)


def pemicu_wajib() -> set[tuple[str, str]]:
    """(table, trigger) that the SQL files of all apps install, and those of every table that was ever under watch."""
    wajib: set[tuple[str, str]] = set()
    terjaga = {tabel for (tabel,) in _sql("select distinct tabel from core_jejakbaris")}  # type: ignore[misc]
    for teks in _berkas_sql():
        di_luar_fungsi = _FUNGSI.sub("", teks)
        wajib |= {(tabel, nama) for nama, tabel in _PASANG.findall(di_luar_fungsi)}
        for daftar in _LINDUNGI.findall(teks):
            terjaga |= set(re.findall(r"'(\w+)'", daftar))
        for kasus, riwayat in _ALUR.findall(teks):
            wajib |= {(kasus, n) for n in ("alur_a_baru", "alur_b_pindah")}
            wajib |= {(riwayat, n) for n in ("alur_c_riwayat", "alur_d_tuntas", "alur_e_beku")}
    return wajib | {(t, f"jejak_{huruf}") for t in terjaga for huruf in "iud"}


def _pemicu() -> Iterator[Baris]:
    """The guards of the database stand: triggers there and switched on, and no setting that turns them off."""
    ada: dict[str, str] = dict(
        _sql(  # type: ignore[arg-type]
            "select c.relname || '.' || g.tgname, g.tgenabled::text from pg_trigger g join pg_class c on c.oid = g.tgrelid "
            "where not g.tgisinternal and c.relnamespace = current_schema()::regnamespace"
        )
    )
    for tabel, nama in sorted(pemicu_wajib()):
        nyala = ada.get(f"{tabel}.{nama}")
        if nyala is None:
            yield tabel, nama, "Pemicu penjaga tidak terpasang."
        elif nyala not in ("O", "A"):
            yield tabel, nama, "Pemicu penjaga dimatikan."
    for (setelan,) in _sql(  # type: ignore[misc]
        "select array_to_string(setconfig, ', ') from pg_db_role_setting where array_to_string(setconfig, ',') ~ 'session_replication_role'"
    ):
        yield (
            "pg_db_role_setting",
            "session_replication_role",
            f"Setelan ini mematikan pemicu penjaga: {setelan}.",
        )


def _fungsi() -> Iterator[Baris]:
    """The functions behind the triggers say what the files of this version say."""
    ada: dict[str, str] = dict(
        _sql("select proname, prosrc from pg_proc where pronamespace = current_schema()::regnamespace")  # type: ignore[arg-type]
    )
    mau = {
        nama: isi.strip() for teks in _berkas_sql() for nama, isi in _FUNGSI.findall(teks)
    }  # a later file wins
    for nama, isi in sorted(mau.items()):
        if nama not in ada:
            yield "pg_proc", nama, "Fungsi penjaga tidak ada."
        elif ada[nama].strip() != isi:
            yield "pg_proc", nama, "Isi fungsi penjaga bukan yang dikirim bersama portal."


_DINDING = re.compile(r"call dinding_(kolom|ikut)\('(\w+)', '(\w+)'")
_LAYAR = frozenset({"dtks_layar", "dtks_layar_luas"})


@lru_cache(maxsize=1)
def dinding_wajib() -> dict[str, dict[str, frozenset[str]]]:
    """table -> policy -> roles, as the migrations of this version put them up (`core.migrations._sql.wall`)."""
    tabel = {m._meta.db_table for m in apps.get_models()}
    wajib: dict[str, dict[str, frozenset[str]]] = {}
    for migrasi in MigrationLoader(None).disk_migrations.values():
        for langkah in migrasi.operations:
            for jenis, t, kolom in _DINDING.findall(str(getattr(langkah, "sql", ""))):
                if t not in tabel:
                    continue
                satu = wajib.setdefault(t, {"dinding_kerja": frozenset({"dtks_kerja"})})
                if jenis == "ikut":
                    satu[f"dinding_ikut_{kolom}"] = _LAYAR
                else:
                    satu[f"dinding_kab_{kolom}"] = frozenset({"dtks_layar"})
                    satu[f"dinding_prov_{kolom}"] = frozenset({"dtks_layar_luas"})
    return wajib


def _dinding() -> Iterator[Baris]:
    """The second wall stands (docs/adr/0034): forced, with its own policies and no other, and roles that cannot step round it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relrowsecurity and relforcerowsecurity and relnamespace = current_schema()::regnamespace"
        )
        paksa = {t for (t,) in cursor.fetchall()}
        cursor.execute(
            "select tablename, policyname, roles::text[], coalesce(qual, '') from pg_policies where schemaname = current_schema()"
        )
        ada: dict[str, dict[str, tuple[frozenset[str], str]]] = defaultdict(dict)
        for tabel, nama, peran, syarat in cursor.fetchall():
            ada[tabel][nama] = frozenset(peran), syarat
    for tabel, wajib in sorted(dinding_wajib().items()):
        if tabel not in paksa:
            yield tabel, tabel, "Dinding kedua tidak dipaksakan pada tabel ini (FORCE ROW LEVEL SECURITY)."
        for nama, milik in sorted(wajib.items()):
            if nama not in ada[tabel]:
                yield tabel, nama, "Syarat dinding kedua tidak terpasang."
            elif ada[tabel][nama][0] != milik or not _syarat_asli(nama, ada[tabel][nama][1]):
                yield tabel, nama, "Syarat dinding kedua bukan yang dikirim bersama portal."
        for nama in sorted(ada[tabel].keys() - wajib.keys()):
            yield tabel, nama, "Syarat ini bukan dari portal dan bisa membuka dinding kedua."
    yield from _peran_layar()


def _syarat_asli(nama: str, syarat: str) -> bool:
    """Its condition asks for what its name says, and has no second way in."""
    if nama == "dinding_kerja":
        return syarat == "true"
    tanda = {"kab": "current_setting('dtks.kab'", "prov": "current_setting('dtks.prov'", "ikut": "EXISTS"}
    return tanda[nama.split("_")[1]] in syarat and " OR " not in syarat


def _peran_layar() -> Iterator[Baris]:
    peran: dict[str, bool] = dict(
        _sql(  # type: ignore[arg-type]
            "select rolname, rolsuper or rolbypassrls or rolcanlogin or rolcreaterole or exists (select from pg_auth_members where member = r.oid) "
            "or exists (select from pg_class where relowner = r.oid) from pg_roles r where rolname = any(%s)",
            sorted(_LAYAR),
        )
    )
    for nama in sorted(_LAYAR):
        if nama not in peran:
            yield "pg_roles", nama, "Peran dinding kedua tidak ada."
        elif peran[nama]:
            yield "pg_roles", nama, "Peran dinding kedua punya hak lebih dan bisa melewati dinding."
