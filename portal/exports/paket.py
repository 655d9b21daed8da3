"""The auditor's pack: one zip with the month's reports, control reports, decisions, seals of the audit chain and anchors.

It can be checked without the portal: a manifest of SHA-256 sums, and `periksa.py` (Python alone) that recomputes every
link of the chain. The same rows give the same bytes but for the moment that it names.
"""

import csv
import hashlib
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from django.db import connection

from core import anchors, ekspor
from core.templatetags.ui import waktu
from portal.exports import laporan as berkas
from portal.queries.laporan import halaman, kpi
from portal.queries.laporan.dasar import Lingkup, hitung
from portal.queries.laporan.kendali import KENDALI, batas
from wilayah.kode import rentang

_TETAP = (2020, 1, 1, 0, 0, 0)  # time of every member, so that the same content is the same zip

BACA_SAYA = """PAKET AUDITOR PORTAL DTKS
Wilayah {wilayah}, periode {periode}. Dibuat {kini}.

Isi
  laporan/    setiap laporan KPI: PDF dan Excel, dengan definisinya
  kendali/    laporan kendali (CSV): dugaan yang perlu diperiksa, bukan putusan
  putusan.csv setiap langkah usulan bulan ini: tiket, langkah, dari, ke, akun, peran, waktu
  segel.csv   mata rantai jejak audit wilayah ini sampai akhir bulan
  jangkar/    jangkar bertanda tangan: kepala rantai yang disalin keluar basis data setiap malam
  kunci_jangkar.pem  kunci publik Ed25519 untuk tanda tangan jangkar
  MANIFEST.sha256    sidik SHA-256 setiap berkas

Cara memeriksa tanpa portal
  1. Ekstrak paket ini, buka terminal di foldernya.
  2. sha256sum -c MANIFEST.sha256     (Windows: certutil -hashfile <berkas> SHA256)
  3. python3 periksa.py               (menghitung ulang setiap mata rantai dan membandingkan jangkar)
  4. Bandingkan sidik zip ini dengan yang tercatat di jejak audit (kegiatan "paket_audit").
"""

PERIKSA = '''"""Hitung ulang rantai jejak audit di segel.csv dan bandingkan dengan jangkar. Tanpa portal, tanpa internet."""
import csv, hashlib, json, pathlib, sys

salah, rantai = [], {}
for baris in open("MANIFEST.sha256", encoding="utf-8"):
    sidik, nama = baris.rstrip("\\n").split("  ", 1)
    if hashlib.sha256(pathlib.Path(nama).read_bytes()).hexdigest() != sidik:
        salah.append(f"{nama}: isinya berubah")
for s in csv.DictReader(open("segel.csv", encoding="utf-8", newline="")):
    teks = "|".join((s["rantai"], s["urut"], s["tx"], s["aksi"], s["baris"], s["isi"], s["epoch"]))
    if hashlib.sha256(bytes.fromhex(s["sebelum"]) + teks.encode()).hexdigest() != s["hash"]:
        salah.append(f"{s['rantai']} #{s['urut']}: mata rantai tidak cocok dengan isinya")
    lalu = rantai.get((s["rantai"], int(s["urut"]) - 1), "00" if s["urut"] == "1" else None)
    if lalu != s["sebelum"]:
        salah.append(f"{s['rantai']} #{s['urut']}: tidak menyambung dengan yang sebelumnya")
    rantai[s["rantai"], int(s["urut"])] = s["hash"]
n = 0
for berkas in sorted(pathlib.Path("jangkar").glob("*.jsonl")):
    for baris in berkas.read_text(encoding="utf-8").splitlines():
        j = json.loads(baris)
        kini = rantai.get((j["rantai"], j["urut"]))
        n += kini is not None
        if kini is not None and kini != j["hash"]:
            salah.append(f"{berkas.name}: {j['rantai']} #{j['urut']} lain dari yang dijangkarkan")
print("\\n".join(salah) or f"Baik: {len(rantai)} mata rantai, {n} jangkar cocok.")
sys.exit(bool(salah))
'''


def buat(tempat: Lingkup, kini: str) -> bytes:
    """The zip of one kabupaten and one month."""
    isi: dict[str, bytes] = {}
    for satu in kpi.LAPORAN:
        hasil = hitung(satu, tempat)
        per = waktu(hasil.per) if satu.ukuran else kini
        isi[f"laporan/{satu.kode}.pdf"] = berkas.buat_pdf(hasil, per, samar=False).read()
        isi[f"laporan/{satu.kode}.xlsx"] = berkas.buat_xlsx(hasil, per, samar=False).read()
    for k in KENDALI:
        temuan = k.cari(tempat)
        ekor = [
            [f"Aturan: {temuan.aturan}"],
            *([["Daftar dipotong: ada lebih banyak."]] if temuan.banyak else []),
        ]
        isi[f"kendali/{k.kode}.csv"] = _csv(k.kolom, [*(b for b, _ in temuan.baris), *ekor])
    isi["putusan.csv"] = _putusan(tempat)
    isi["segel.csv"] = _segel(tempat)
    isi |= {f"jangkar/{p.name}": p.read_bytes() for p in _jangkar()}
    isi["kunci_jangkar.pem"] = kunci_publik()
    isi["periksa.py"] = PERIKSA.encode()
    isi["BACA-SAYA.txt"] = BACA_SAYA.format(
        wilayah=halaman.sebutan(tempat), periode=tempat.periode, kini=kini
    ).encode()
    isi["MANIFEST.sha256"] = "".join(
        f"{hashlib.sha256(b).hexdigest()}  {nama}\n" for nama, b in sorted(isi.items())
    ).encode()
    keluar = io.BytesIO()
    with zipfile.ZipFile(keluar, "w") as arsip:
        for nama, bita in sorted(isi.items()):
            arsip.writestr(zipfile.ZipInfo(nama, _TETAP), bita, zipfile.ZIP_DEFLATED)
    return keluar.getvalue()


def kunci_publik() -> bytes:
    return anchors.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _csv(judul: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    keluar = io.StringIO(newline="")
    penulis = csv.writer(keluar)
    penulis.writerow(judul)
    penulis.writerows([ekspor.aman(str(sel)) for sel in satu] for satu in rows)
    return keluar.getvalue().encode()


def _jangkar() -> list[Path]:
    return sorted(anchors.folder().glob(f"*{anchors.SUFFIX}"))[-400:] if anchors.folder().exists() else []


def _putusan(tempat: Lingkup) -> bytes:
    awal, akhir = batas(tempat)
    dari, sampai = rentang(tempat.satu)
    with connection.cursor() as cursor:
        cursor.execute(
            "select u.tiket, u.wilayah_id, u.program, r.urut, r.langkah, r.dari, r.ke, r.alasan, coalesce(p.username, 'sistem'), r.peran, r.pada "
            "from dtks_riwayatusulan r join dtks_usulan u on u.id = r.usulan_id left join accounts_pengguna p on p.id = r.oleh_id "
            "where r.pada >= %s and r.pada < %s and u.wilayah_id >= %s and u.wilayah_id < %s order by r.pada, u.tiket, r.urut",
            [awal, akhir, dari, sampai],
        )
        judul = (
            "tiket",
            "wilayah",
            "program",
            "urut",
            "langkah",
            "dari",
            "ke",
            "alasan",
            "akun",
            "peran",
            "waktu",
        )
        return _csv(judul, ([*map(str, b[:-1]), b[-1].isoformat()] for b in cursor.fetchall()))


def _segel(tempat: Lingkup) -> bytes:
    """All links up to the end of the month: a chain can only be checked from its beginning."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select rantai, urut, tx, jumlah_aksi, jumlah_baris, encode(isi, 'hex'), encode(sebelum, 'hex'), encode(hash, 'hex'), "
            "extract(epoch from pada)::text from core_segel where rantai = %s and pada < %s order by urut",
            [tempat.satu[:5], batas(tempat)[1]],
        )
        judul = ("rantai", "urut", "tx", "aksi", "baris", "isi", "sebelum", "hash", "epoch")
        return _csv(judul, ([str(s) for s in b] for b in cursor.fetchall()))
