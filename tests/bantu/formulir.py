"""Finds every form of the portal by walking it, fills it as a person would, and sends it something else.

Nothing here knows a form by name: pages are found by following links, forms are read from the HTML, the kind of each
field from the Django form that drew it.
"""

import re
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone
from psycopg.pq import TransactionStatus

from core import forms as lantai
from dtks.forms.keluarga import NomorField
from tests.bantu import alur, tantangan
from tests.bantu.halaman import Formulir, Halaman, Kolom
from wilayah.forms import PilihWilayahField

UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
KODE = re.compile(r"[A-Z0-9]{12}")  # of a document
TAK_DIJELAJAH = (
    "/keluar/",
    "/komponen/",
    "/static/",
    "/wilayah/sumber/wilayah.csv.gz",
    "/healthz",
    "/readyz",
)
BATAS_HALAMAN = 160
BATAS_SEJENIS = 3
BANYAK_KEADAAN = {"usulan_lihat": 16, "musyawarah_lihat": 5, "pengesahan_detail": 4, "penetapan_detail": 5}
# Written by every request or by a refusal on purpose: sessions, limits, the audit trail, the finding of a double number.
BUKAN_KASUS = {
    "django_session", "core_jejak", "core_kuncikirim", "core_pembatas", "core_tantangan", "core_sidik", "dtks_temuanganda",
    "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog",
}  # fmt: skip
TULIS = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?([a-z_0-9]+)"?', re.I)
# The first that fits names the kind; the order goes from special to general.
JENIS = (
    (lantai.KkField, "kk"), (NomorField, "kk"), (lantai.NikField, "nik"), (lantai.NameField, "nama"), (lantai.PhoneField, "telepon"),
    (lantai.CoordinateField, "koordinat"), (PilihWilayahField, "wilayah"), (forms.UUIDField, "uuid"),
    (forms.DateTimeField, "waktu"), (forms.DateField, "tanggal"), (forms.BooleanField, "centang"), (forms.ModelChoiceField, "pilihan"),
    (forms.ChoiceField, "pilihan"), (forms.FileField, "berkas"), (forms.EmailField, "surel"), (forms.IntegerField, "angka"), (forms.CharField, "teks"),
)  # fmt: skip
JENIS_HTML = {
    "date": "tanggal", "datetime-local": "waktu", "file": "berkas", "password": "sandi", "radio": "pilihan", "select": "pilihan",
    "checkbox": "centang", "number": "angka", "hidden": "tersembunyi",
}  # fmt: skip
MENURUT_NAMA = {"nik": "nik", "no_kk": "kk", "tiket": "tiket", "pin": "tiket", "kode": "tiket",
                "kunci_kirim": "uuid", "versi": "angka", "username": "akun", "login": "akun"}  # fmt: skip


@dataclass
class Temuan:
    """A form on a page, with the kind of each of its fields."""

    alamat: str
    aksi: str
    form: Formulir
    jenis: dict[str, str]
    bidang: dict[str, forms.Field] = field(default_factory=dict, repr=False)  # by the name that is sent
    pemilik: dict[str, forms.BaseForm] = field(default_factory=dict, repr=False)

    @property
    def sidik(self) -> tuple[str, ...]:
        """The same form on another page, of another case."""
        nama = {re.sub(r"\d+", "0", UUID.sub("*", n)) for n in self.form.kolom}
        return (_rute(self.aksi), *sorted(nama - {"csrfmiddlewaretoken", "next"}))

    def kolom(self) -> list[Kolom]:
        bukan = {"csrfmiddlewaretoken", *lantai.TANTANGAN}
        return [k for n, k in self.form.kolom.items() if n not in bukan and not k.mati]


@dataclass
class Balasan:
    """What one submission did."""

    jawab: HttpResponse
    detik: float  # of our own work: a busy machine is no fault of the portal
    ditulis: set[str]  # case tables whose content differs afterwards
    isi: list[str]  # every string that a statement wrote

    @property
    def halaman(self) -> Halaman | None:
        if "text/html" not in self.jawab.get("Content-Type", ""):
            return None
        return Halaman(self.jawab.content.decode())


def _rute(alamat: str) -> str:
    """Name of the view and the part of the address that is no id."""
    try:
        cocok = resolve(urlsplit(alamat).path)
    except Resolver404:
        return UUID.sub("*", alamat)
    lain = [v for v in map(str, cocok.kwargs.values()) if not UUID.fullmatch(v) and not KODE.fullmatch(v)]
    return "/".join([cocok.view_name or str(cocok.func), *lain])


def jelajah(client: Client, mulai: tuple[str, ...] = ("/dasbor/", "/")) -> tuple[list[str], list[Temuan]]:
    """Walk by links inside the portal: (addresses seen, one of each form that posts)."""
    antre, dilihat, rute, temuan = list(mulai), set(mulai), Counter(), {}
    halaman = []
    while antre and len(halaman) < BATAS_HALAMAN:
        alamat = antre.pop(0)
        nama = _rute(alamat)
        if rute[nama] >= BANYAK_KEADAAN.get(nama, BATAS_SEJENIS):
            continue
        rute[nama] += 1
        jawab = client.get(alamat)
        assert jawab.status_code < 500, f"GET {alamat}: {jawab.status_code} {jawab.exc_info}"
        halaman.append(alamat)
        if jawab.status_code in (301, 302):
            _tambah(antre, dilihat, alamat, [jawab.url])
            continue
        if "text/html" not in jawab.get("Content-Type", "") or jawab.status_code >= 400:
            continue
        isi = Halaman(jawab.content.decode())
        _tambah(antre, dilihat, alamat, isi.tautan)
        for t in formulir_di(jawab, alamat, isi):
            temuan.setdefault(t.sidik, t)
    return halaman, list(temuan.values())


_sudah: dict[str, tuple[list[str], list[Temuan]]] = {}


def jelajah_petugas(client: Client, peran: str) -> tuple[list[str], list[Temuan]]:
    """What an officer reaches from his dashboard, walked once a process: each test undoes what it wrote in the world."""
    if peran not in _sudah:
        _sudah[peran] = jelajah(client)
    halaman, temuan = _sudah[peran]
    return list(halaman), list(temuan)


def _tambah(antre: list[str], dilihat: set[str], asal: str, tautan: list[str]) -> None:
    for href in tautan:
        bagian = urlsplit(urljoin(asal, href))
        alamat = bagian.path + (f"?{bagian.query}" if bagian.query else "")
        if bagian.netloc or bagian.scheme not in ("", "http", "https") or alamat in dilihat:
            continue
        if not alamat.startswith("/") or alamat.startswith(TAK_DIJELAJAH):
            continue
        dilihat.add(alamat)
        antre.append(alamat)


def formulir_di(jawab: HttpResponse, alamat: str, isi: Halaman | None = None) -> list[Temuan]:
    """Every POST form of a page. A file that is handed out has none."""
    if jawab.streaming or "text/html" not in jawab.get("Content-Type", ""):
        return []
    isi = isi or Halaman(jawab.content.decode())
    objek = _objek(jawab)
    fields = {f.add_prefix(n): f.fields[n] for f in objek for n in f.fields}
    hasil = []
    for form in isi.formulir:
        aksi = urljoin(alamat, form.aksi) if form.aksi else alamat
        if form.metode != "post" or aksi.startswith(TAK_DIJELAJAH):
            continue
        for nama, f in fields.items():  # an area that is searched for has no input of its own yet
            if isinstance(f, PilihWilayahField) and f"{nama}_cari" in form.kolom and nama not in form.kolom:
                form.kolom[nama] = Kolom(nama, "hidden", [""])
        pemilik = _pemilik(objek, form)
        bidang = {n: o.fields[n.removeprefix(f"{o.prefix}-") if o.prefix else n] for n, o in pemilik.items()}
        jenis = {k.nama: _jenis(k, bidang.get(k.nama)) for k in form.kolom.values()}
        hasil.append(Temuan(alamat, aksi, form, jenis, bidang, pemilik))
    return hasil


def _pemilik(objek: list[forms.BaseForm], form: Formulir) -> dict[str, forms.BaseForm]:
    """The Django form behind each name. Two forms of a page may share a name: the one that fits better has it."""
    cocok = [([o.add_prefix(n) for n in o.fields], o) for o in objek]
    cocok.sort(key=lambda c: sum(n in form.kolom for n in c[0]) / max(len(c[0]), 1))
    return {n: o for nama, o in cocok for n in nama if n in form.kolom}


def _objek(jawab: HttpResponse) -> list[forms.BaseForm]:
    """The Django forms that the templates of this page were given."""
    hasil: dict[int, forms.BaseForm] = {}
    for konteks in jawab.context or []:
        for lapis in getattr(konteks, "dicts", []):
            for nilai in lapis.values():
                for satu in _bentuk(nilai):
                    hasil[id(satu)] = satu
    return list(hasil.values())


def _bentuk(nilai: Any) -> Iterator[forms.BaseForm]:
    if isinstance(nilai, forms.BoundField):
        yield nilai.form
    elif isinstance(nilai, forms.BaseForm):
        yield nilai
    elif isinstance(nilai, forms.BaseFormSet):
        yield from nilai.forms
        yield nilai.management_form
    elif isinstance(nilai, list | tuple) and len(nilai) < 200:
        for satu in nilai:
            if isinstance(satu, list | tuple | forms.BoundField | forms.BaseForm | forms.BaseFormSet):
                yield from _bentuk(satu)


def _jenis(kolom: Kolom, f: forms.Field | None) -> str:
    if kolom.tipe in ("password", "file"):
        return JENIS_HTML[kolom.tipe]
    if f is not None:
        for kelas, jenis in JENIS:
            if isinstance(f, kelas):
                return MENURUT_NAMA.get(kolom.nama, jenis) if jenis == "teks" else jenis
    return MENURUT_NAMA.get(kolom.nama) or JENIS_HTML.get(kolom.tipe, "teks")


def isian_sah(temuan: Temuan) -> dict[str, list[Any]]:
    """What an officer would send: what the page holds already, and something sensible where it is empty."""
    data: dict[str, list[Any]] = {}
    for k in temuan.kolom():
        nilai = [v for v in k.nilai if v != ""] if k.tipe != "hidden" else list(k.nilai)
        if not any(nilai):
            nilai = _bawaan(k, temuan.jenis[k.nama], temuan.bidang.get(k.nama))
        if k.tipe == "radio":
            nilai = nilai[-1:]
        if nilai:
            data[k.nama] = nilai
    if soal := temuan.form.kolom.get("tantangan"):
        data |= {n: [v] for n, v in tantangan.jawab(soal.nilai[0]).items()}
    for nama, nilai in temuan.form.tombol:
        if not nama.endswith("_aksi"):
            data.setdefault(nama, [nilai])
    return data


def _bawaan(k: Kolom, jenis: str, bidang: forms.Field | None) -> list[Any]:
    if jenis in ("pilihan", "centang"):
        if bidang is not None and not bidang.required and "" in [*k.pilihan, *k.nilai]:
            return [""]
        return [v for v in k.pilihan if v][:1]
    if jenis == "berkas":
        return [alur.PDF if "pdf" in k.accept else alur.foto()]
    if jenis == "koordinat":
        return ["-7.2" if "lintang" in k.nama else "107.9"]
    keluarga = alur.keluarga_uji(90)
    isi = {
        "nik": keluarga.told[0].nik, "kk": keluarga.kk, "nama": "Siti Aminah", "teks": "Keterangan untuk uji coba",
        "tanggal": timezone.localdate().isoformat(), "waktu": timezone.localtime().strftime("%Y-%m-%dT09:00"), "angka": "3",
        "telepon": "081234567890", "wilayah": "32.05.01.1001", "uuid": str(uuid.uuid4()), "tiket": "123456",
        "sandi": "kalimat sandi yang panjang", "surel": "siti@contoh.id", "akun": "siti.coba",
    }  # fmt: skip
    return [isi[jenis]] if jenis in isi and not k.nama.endswith("_cari") else []


@contextmanager
def dibatalkan() -> Iterator[None]:
    """Whatever happens inside is undone, also after the database refused a statement."""
    titik = transaction.savepoint()
    try:
        yield
    finally:
        connection.needs_rollback = False
        transaction.savepoint_rollback(titik)
        transaction.savepoint_commit(titik)


class Pengirim:
    """Sends forms of one logged-in browser; every submission is undone."""

    jumlah = 0  # submissions of this process

    def __init__(self, client: Client):
        self.client = client
        self._kuki = {k: v.value for k, v in client.cookies.items()}
        self._awal: dict[str, Any] = {}

    def kirim(self, temuan: Temuan, data: dict[str, list[Any]], **kepala: Any) -> Balasan:
        tulis: list[tuple[str, Any]] = []
        Pengirim.jumlah += 1

        def catat(execute, sql, params, many, context):
            if cocok := TULIS.match(sql):
                tulis.append((cocok[1], params))
            return execute(sql, params, many, context)

        with dibatalkan():
            mulai = time.thread_time()
            with connection.execute_wrapper(catat):
                jawab = self._post(temuan, data, **kepala)
            detik = time.thread_time() - mulai
            connection.needs_rollback = False
            tabel = {t for t, _ in tulis} - BUKAN_KASUS
            sesudah = {t: self._sidik(t) for t in tabel} if _sehat() else dict.fromkeys(tabel)
        berubah = {t for t in tabel if sesudah[t] != self._sidik_awal(t)}
        self.client.cookies.clear()
        for nama, nilai in self._kuki.items():
            self.client.cookies[nama] = nilai
        isi = [s for t, p in tulis if t in berubah for s in _string(p)]
        return Balasan(jawab, detik, berubah, isi)

    def _post(self, temuan: Temuan, data: dict[str, list[Any]], **kepala: Any) -> HttpResponse:
        if any(isinstance(v, bytes | SimpleUploadedFile) for nilai in data.values() for v in nilai):
            isi = {n: [_unggahan(temuan, n, v) for v in nilai] for n, nilai in data.items()}
            return self.client.post(temuan.aksi, isi, **kepala)
        badan = urlencode(
            [(n, v.encode("utf-8", "surrogatepass")) for n, nilai in data.items() for v in nilai]
        )
        return self.client.post(
            temuan.aksi, badan, content_type="application/x-www-form-urlencoded", **kepala
        )

    def _sidik_awal(self, tabel: str) -> Any:
        if tabel not in self._awal:
            self._awal[tabel] = self._sidik(tabel)
        return self._awal[tabel]

    @staticmethod
    def _sidik(tabel: str) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(
                f'select count(*), sum(xmin::text::bigint), sum(cmin::text::bigint) from "{tabel}"'
            )
            return cursor.fetchone()


def _sehat() -> bool:
    """False after an error that nobody caught: then nothing of this submission is left anyway."""
    return connection.connection.info.transaction_status != TransactionStatus.INERROR


def _unggahan(temuan: Temuan, nama: str, nilai: Any) -> Any:
    if isinstance(nilai, str):
        return nilai.encode("utf-8", "replace").decode()
    if isinstance(nilai, bytes):
        pdf = nilai.startswith(b"%PDF")
        return SimpleUploadedFile(
            "a.pdf" if pdf else "a.jpg", nilai, "application/pdf" if pdf else "image/jpeg"
        )
    return nilai


def _string(params: Any) -> Iterator[str]:
    """Every string inside the parameters of a statement, JSON included."""
    if isinstance(params, str):
        yield params
    elif isinstance(params, dict):
        for k, v in params.items():
            yield from _string(k)
            yield from _string(v)
    elif isinstance(params, list | tuple | set):
        for v in params:
            yield from _string(v)
    elif hasattr(params, "obj"):
        yield from _string(params.obj)
