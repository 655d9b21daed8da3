"""Control reports for the inspectorate: what looks like a favour, haste or a wall that somebody ran against.

A line here is a question, not a verdict. Every limit is a Ketentuan that the page prints. Names are those of officers;
families appear by ticket only.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from core.templatetags.ui import jam as jam_kata
from core.templatetags.ui import kata, tanggal, waktu
from dtks.exports.daftar import ambil
from portal.queries.jejak import LONGGAR, batas_bulan, id_sejak
from portal.queries.kata_jejak import langkah as kata_langkah
from portal.queries.laporan.dasar import Lingkup
from portal.queries.laporan.ukuran import sql_zona
from wilayah.kode import rentang
from wilayah.queries.kerja import kalender
from wilayah.waktu import zona

BATAS = 500  # lines of one report; the file says when there are more
PUTUSAN = ("verifikasi", "sahkan", "tolak", "kembalikan", "tunda", "tetapkan")
_NOMOR = {
    "buka_nomor": "Membuka nomor", "ekspor": "Mengunduh daftar", "unduh_kelayakan": "Mengunduh daftar kelayakan",
    "cari_nik": "Mencari dengan NIK",
}  # fmt: skip
NOMOR = tuple(_NOMOR)
_KOLOM = {"nik": "NIK", "no_kk": "nomor KK", "telepon": "telepon"}


@dataclass(frozen=True)
class Temuan:
    """Lines of a control report. The first cell may lead to `url`; `banyak`: there are more than BATAS."""

    baris: list[tuple[list[str], str]]
    aturan: str
    banyak: bool = False


@dataclass(frozen=True)
class Kendali:
    kode: str
    judul: str
    kalimat: str
    kolom: tuple[str, ...]
    cari: Callable[[Lingkup], Temuan]


def batas(tempat: Lingkup) -> tuple[datetime, datetime]:
    return batas_bulan(tempat.periode, tempat.luas[0] if tempat.luas else "")


def _sql(teks: str, nilai: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(teks, nilai)
        return cursor.fetchall()


def _luas(tempat: Lingkup, kolom: str) -> tuple[str, dict[str, Any]]:
    """SQL for 'this column lies in the areas' and its values."""
    isi: dict[str, Any] = {}
    bagian = []
    for n, kode in enumerate(tempat.luas):
        isi[f"a{n}"], isi[f"b{n}"] = rentang(kode)
        bagian.append(f"({kolom} >= %(a{n})s and {kolom} < %(b{n})s)")
    return " or ".join(bagian) or "false", isi


def _nilai(tempat: Lingkup, kolom: str, **lain: Any) -> tuple[str, dict[str, Any]]:
    di, isi = _luas(tempat, kolom)
    awal, akhir = batas(tempat)
    return f"({di})", {**isi, "awal": awal, "akhir": akhir, "batas": BATAS + 1, **lain}


def _temuan(rows: list[tuple[list[str], str]], aturan: str) -> Temuan:
    return Temuan(rows[:BATAS], aturan, len(rows) > BATAS)


def _trio(tempat: Lingkup) -> Temuan:
    aturan = tempat.aturan("kendali.trio")
    di, nilai = _nilai(tempat, "u.wilayah_id")
    rows = _sql(
        f"""select u.asesor_orang_id, u.verifikator_orang_id, u.pengesah_orang_id, a.nama, v.nama, s.nama, count(*)
        from dtks_riwayatusulan r join dtks_usulan u on u.id = r.usulan_id
        join accounts_orang a on a.id = u.asesor_orang_id join accounts_orang v on v.id = u.verifikator_orang_id
        join accounts_orang s on s.id = u.pengesah_orang_id
        where r.langkah = 'sahkan' and r.pada >= %(awal)s and r.pada < %(akhir)s and {di}
        group by 1, 2, 3, 4, 5, 6""",  # noqa: S608 - our own text
        nilai,
    )
    semua = sum(r[6] for r in rows)
    milik = [Counter[Any]() for _ in range(3)]
    for r in rows:
        for i in range(3):
            milik[i][r[i]] += r[6]
    hasil = []
    for r in rows:
        harap = semua * (milik[0][r[0]] / semua) * (milik[1][r[1]] / semua) * (milik[2][r[2]] / semua)
        if r[6] >= aturan["minimal"] and r[6] > aturan["lipat"] * harap:
            hasil.append(
                (
                    r[6] / harap,
                    [
                        r[3],
                        r[4],
                        r[5],
                        str(r[6]),
                        f"{harap:.1f}".replace(".", ","),
                        f"{r[6] / harap:.1f}".replace(".", ","),
                    ],
                )
            )
    hasil.sort(key=lambda h: (-h[0], h[1]))
    kata = (
        f"Paling sedikit {aturan['minimal']} usulan yang disahkan bulan ini melewati tiga orang yang sama, dan lebih dari "
        f"{aturan['lipat']} kali yang diharapkan bila pekerjaan terbagi acak menurut banyaknya pekerjaan tiap orang."
    )
    return _temuan([(h, "") for _, h in hasil], kata)


def _cepat(tempat: Lingkup) -> Temuan:
    """Seconds on the screen where the decision says so (ADR 0013), else since the case was opened, else since the step before."""
    detik = int(tempat.aturan("kendali.detik_minimal"))
    di, nilai = _nilai(tempat, "u.wilayah_id", langkah=list(PUTUSAN), detik=detik)
    rows = _sql(
        f"""select u.tiket, u.id, r.langkah, p.nama, r.pada, x.detik, x.dihitung from dtks_riwayatusulan r
        join dtks_usulan u on u.id = r.usulan_id join accounts_pengguna p on p.id = r.oleh_id
        left join dtks_bukakasus b on b.usulan_id = r.usulan_id and b.pengguna_id = r.oleh_id and b.versi = r.urut - 1
        left join dtks_riwayatusulan l on l.usulan_id = r.usulan_id and l.urut = r.urut - 1
        cross join lateral (select coalesce((r.rincian->'buka'->>'detik')::numeric, extract(epoch from r.pada - b.pada),
                                            extract(epoch from r.pada - l.pada))::int as detik,
                                   case when r.rincian->'buka'->>'detik' is not null then 'di layar'
                                        when b.id is not null then 'sejak kasus dibuka' else 'sejak langkah sebelumnya' end as dihitung) x
        where r.langkah = any(%(langkah)s) and r.pada >= %(awal)s and r.pada < %(akhir)s and {di} and x.detik < %(detik)s
        order by x.detik, r.pada limit %(batas)s""",  # noqa: S608 - our own text
        nilai,
    )
    isi = [
        (
            [
                tiket,
                kata_langkah(langkah),
                nama,
                waktu(pada),
                f"{n} detik",
                dihitung,
            ],
            f"/usulan/{pk}/",
        )
        for tiket, pk, langkah, nama, pada, n, dihitung in rows
    ]
    return _temuan(
        isi,
        f"Putusan yang diambil sesudah kasusnya kurang dari {detik} detik di layar. Bila tidak tercatat: sejak kasus dibuka, atau sejak langkah sebelumnya.",
    )


def _luar_jam(tempat: Lingkup) -> Temuan:
    jam = tempat.aturan("kendali.jam_kerja")
    di, nilai = _nilai(tempat, "u.wilayah_id", mulai=jam["mulai"], selesai=jam["selesai"], **_libur(tempat))
    rows = _sql(
        f"""select p.nama, p.username, r.langkah, count(*), min(x.lokal), max(x.lokal) from dtks_riwayatusulan r
        join dtks_usulan u on u.id = r.usulan_id join accounts_pengguna p on p.id = r.oleh_id
        cross join lateral (select r.pada at time zone {sql_zona("u.wilayah_id")} as lokal) x
        where r.pada >= %(awal)s and r.pada < %(akhir)s and {di}
          and (x.lokal::time < %(mulai)s::time or x.lokal::time >= %(selesai)s::time
               or exists (select 1 from unnest(%(kab)s::text[], %(tanggal)s::date[]) h(kab, tanggal)
                          where h.tanggal = x.lokal::date and u.wilayah_id like h.kab || '%%'))
        group by 1, 2, 3 order by 4 desc, 1, 3 limit %(batas)s""",  # noqa: S608 - our own text
        nilai,
    )
    isi = [
        (
            [r[0], kata_langkah(r[2]), str(r[3]), *(f"{tanggal(saat)} {jam_kata(saat)}" for saat in r[4:6])],
            f"/jejak/?aktor={r[1]}",
        )
        for r in rows
    ]
    return _temuan(
        isi,
        f"Langkah usulan sebelum {jam['mulai'].replace(':', '.')}, sesudah {jam['selesai'].replace(':', '.')}, atau pada hari libur, menurut jam wilayahnya.",
    )


def _libur(tempat: Lingkup) -> dict[str, list[Any]]:
    """Days of the month on which the offices are closed, for each kabupaten (or wider area) of the report."""
    awal, akhir = batas(tempat)
    kab, kal = sorted({w[:5] for w in tempat.luas}), kalender([w[:5] for w in tempat.luas])
    hari = [(awal + timedelta(days=i)).date() for i in range((akhir - awal).days)]
    tutup = [(k, h) for k in kab for h in hari if not kal.hari_kerja(k, h)]
    return {"kab": [k for k, _ in tutup], "tanggal": [h for _, h in tutup]}


def _jejak(tempat: Lingkup, aksi: tuple[str, ...]) -> list[tuple[Any, ...]]:
    di, nilai = _nilai(tempat, "j.wilayah", aksi=list(aksi))
    awal, akhir = batas(tempat)
    nilai |= {"dari": id_sejak(awal) - LONGGAR, "sampai": id_sejak(akhir) + LONGGAR}
    rows = _sql(
        f"""select j.pada, j.aktor_nama, j.peran, j.aksi, j.objek_jenis, j.objek_id, j.rincian from core_jejak j
        where j.id >= %(dari)s and j.id < %(sampai)s and j.pada >= %(awal)s and j.pada < %(akhir)s and j.aksi = any(%(aksi)s) and {di} order by j.id desc limit %(batas)s""",  # noqa: S608 - our own text
        nilai,
    )
    return [(*r[:-1], json.loads(r[-1])) for r in rows]  # Django hands JSON to plain cursors as text


def _nomor(tempat: Lingkup) -> Temuan:
    isi = [
        (
            [waktu(p), aktor, _NOMOR.get(aksi, aksi), str(rinci.get("alasan") or _daftar(str(rinci.get("daftar", "")))),
             str(rinci.get("jumlah", 1)), str(rinci.get("nomor") or _KOLOM.get(str(rinci.get("kolom")), "–"))],
            f"/jejak/?jenis={jenis}&objek={objek}",
        )
        for p, aktor, _, aksi, jenis, objek, rinci in _jejak(tempat, NOMOR)
    ]  # fmt: skip
    return _temuan(
        isi, "Setiap nomor yang dibuka dan setiap daftar yang diunduh, dengan alasan yang ditulis petugas."
    )


def _daftar(kode: str) -> str:
    """The list that was taken away, as its page calls it."""
    if kode.startswith("kendali.") and (satu := PER_KODE.get(kode.removeprefix("kendali."))):
        return f"Laporan kendali: {satu.judul}"
    try:
        return ambil(kode).judul
    except KeyError:
        return kata(kode.replace(".", " ")) if kode else "–"


def _penolakan(tempat: Lingkup) -> Temuan:
    isi = [
        (
            [
                waktu(p),
                aktor,
                kata_langkah(rinci["langkah"]) if rinci.get("langkah") else "–",
                str(rinci.get("kalimat") or ""),
            ],
            f"/jejak/?jenis={jenis}&objek={objek}",
        )
        for p, aktor, _, _, jenis, objek, rinci in _jejak(tempat, ("penolakan",))
    ]
    return _temuan(
        isi,
        "Langkah yang ditolak portal karena orangnya tidak berwenang atau sudah mengerjakan langkah lain usulan itu.",
    )


def _massal(tempat: Lingkup) -> Temuan:
    aturan = tempat.aturan("kendali.massal")
    di, nilai = _nilai(
        tempat,
        "u.wilayah_id",
        langkah=list(PUTUSAN),
        detik=f"{aturan['detik']} seconds",
        jumlah=aturan["jumlah"],
    )
    rows = _sql(
        f"""with k as (
          select r.oleh_id, r.langkah, r.pada, count(*) over (
            partition by r.oleh_id, r.langkah order by r.pada range between %(detik)s::interval preceding and current row) as n
          from dtks_riwayatusulan r join dtks_usulan u on u.id = r.usulan_id
          where r.langkah = any(%(langkah)s) and r.pada >= %(awal)s and r.pada < %(akhir)s and {di})
        select p.nama, p.username, k.langkah, date_trunc('day', k.pada at time zone %(tz)s), max(k.n), min(k.pada), max(k.pada)
        from k join accounts_pengguna p on p.id = k.oleh_id where k.n >= %(jumlah)s
        group by 1, 2, 3, 4 order by 5 desc, 4 desc, 1 limit %(batas)s""",  # noqa: S608 - our own text
        nilai | {"tz": zona(tempat.luas[0]).key if tempat.luas else "Asia/Jakarta"},
    )
    isi = [
        (
            [r[0], kata_langkah(r[2]), tanggal(r[3]), str(r[4]), waktu(r[5]), waktu(r[6])],
            f"/jejak/?aktor={r[1]}&aksi={r[2]}",
        )
        for r in rows
    ]
    return _temuan(
        isi, f"Paling sedikit {aturan['jumlah']} putusan oleh satu orang dalam {aturan['detik']} detik."
    )


def _kerabat(tempat: Lingkup) -> Temuan:
    """One of the four persons, or the officer sent, is a member of the family (same NIK), whatever was decided since."""
    di, nilai = _nilai(tempat, "u.wilayah_id")
    rows = _sql(
        f"""select distinct u.tiket, u.id, o.nama, x.sebagai, r.pada from dtks_usulan u
        cross join lateral (values ('pengusul', u.pengusul_orang_id), ('petugas lapangan', u.asesor_orang_id),
          ('verifikator', u.verifikator_orang_id), ('pengesah', u.pengesah_orang_id),
          ('petugas yang ditugaskan', (select g.orang_id from accounts_pengguna g where g.id = u.petugas_id))) x(sebagai, orang)
        join accounts_orang o on o.id = x.orang
        join dtks_individu i on i.keluarga_id = u.keluarga_id and i.nik_indeks = o.nik_indeks
        join lateral (select max(pada) as pada from dtks_riwayatusulan r where r.usulan_id = u.id) r on true
        where r.pada >= %(awal)s and r.pada < %(akhir)s and {di} order by r.pada desc, u.tiket limit %(batas)s""",  # noqa: S608 - our own text
        nilai,
    )
    isi = [([r[0], r[2], r[3], waktu(r[4])], f"/usulan/{r[1]}/") for r in rows]
    return _temuan(
        isi, "Petugas yang NIK-nya tercatat sebagai anggota keluarga pada usulan yang ia kerjakan."
    )


KENDALI = (
    Kendali("trio", "Tiga orang yang sama", "Petugas lapangan, verifikator, dan pengesah yang selalu bertemu.",
            ("Petugas lapangan", "Verifikator", "Pengesah", "Usulan", "Diharapkan", "Lipat"), _trio),
    Kendali("cepat", "Putusan terlalu cepat", "Putusan yang lebih cepat daripada membaca kasusnya.",
            ("Usulan", "Langkah", "Oleh", "Waktu", "Lamanya", "Dihitung"), _cepat),
    Kendali("massal", "Putusan massal", "Banyak putusan oleh satu orang dalam waktu singkat.",
            ("Oleh", "Langkah", "Tanggal", "Terbanyak", "Mulai", "Sampai"), _massal),
    Kendali("luar-jam", "Di luar jam kerja", "Langkah usulan di luar jam kerja atau pada hari libur.",
            ("Oleh", "Langkah", "Banyaknya", "Pertama", "Terakhir"), _luar_jam),
    Kendali("nomor", "Nomor dibuka dan daftar diunduh", "Siapa membuka NIK atau KK dan mengunduh daftar.",
            ("Waktu", "Oleh", "Kegiatan", "Alasan atau daftar", "Jumlah", "Nomor"), _nomor),
    Kendali("penolakan", "Langkah yang ditolak portal", "Percobaan mengerjakan yang bukan wewenangnya, termasuk dua langkah oleh satu orang.",
            ("Waktu", "Oleh", "Langkah", "Yang dikatakan portal"), _penolakan),
    Kendali("kerabat", "Petugas dan keluarga sendiri", "Petugas yang mengerjakan usulan keluarganya sendiri.",
            ("Usulan", "Petugas", "Sebagai", "Langkah terakhir"), _kerabat),
)  # fmt: skip
PER_KODE = {k.kode: k for k in KENDALI}
