"""Payment status of recipients as a kind of import: one row per person, programme, period and stage (ADR 0027).

Banks, PT Pos and SIKS-NG report; the portal keeps each report and shows the newest. It pays nobody and removes nobody: a status
that says EXCLUDE is a report too. Reports are taken by their own date, so an older file never covers a newer status.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.models import Pengguna
from bansos.actions import status_salur_baca as baca
from bansos.actions.status_salur_baca import KOLOM, NIK, NOMINAL, TANGGAL
from bansos.models import BarisPenetapan, Penetapan, Penyaluran, RiwayatPenyaluran
from core import bulk, outbox
from core.identity import mask_nik
from core.privacy.keys import blind_index
from core.progress import Laju
from core.sheets import Lembar
from core.workflow import GateClosed, Halangan
from dtks.actions.impor.inti import Baris, JenisImpor, Pesan, daftarkan, jadikan_konflik
from dtks.models import BarisImpor, Impor, Individu
from wilayah.kode import dalam

CHUNK = 2000
NOTICE = "bansos.kabar_penyaluran"
Kunci = tuple[str, str, int]  # programme, period, stage
_ORANG_LAIN = Pesan(
    NIK, "ANGGOTA_LAIN", "Keluarga ini sudah punya pembayaran yang sama atas nama anggota lain. Satu keluarga dibayar satu kali."
)  # fmt: skip
_LEBIH_LAMA = Pesan(
    TANGGAL, "LEBIH_LAMA", "Portal sudah punya status yang lebih baru untuk pembayaran ini. Baris ini tidak dipakai."
)  # fmt: skip
_DIAMBIL = Pesan(NOMINAL, "DIAMBIL_LEBIH", "Yang diambil lebih besar dari yang dibayar. Periksa nominalnya.")
_BERUBAH = Pesan(NIK, "DATA_BERUBAH", "Data orang ini berubah sejak diperiksa. Unggah baris ini lagi.")


@dataclass
class Sasaran:
    """What the register and earlier reports say about the people of some rows."""

    orang: dict[str, tuple[UUID, UUID, bytes]] = field(
        default_factory=dict
    )  # NIK -> person, family, KK index
    bayar: dict[tuple[UUID, Kunci], Penyaluran] = field(default_factory=dict)
    keluarga: dict[tuple[UUID, Kunci], UUID] = field(default_factory=dict)  # family -> person who is paid
    laporan: set[tuple[Any, ...]] = field(default_factory=set)
    penerima: dict[tuple[UUID, str], bool] = field(default_factory=dict)  # False: removed by a decree


def periksa(impor: Impor, lembar: Lembar, laju: Laju) -> Iterator[Baris]:
    luas = impor.created_by.cakupan(impor.kuasa)
    acuan, n = baca.acuan(), 0
    sudah: dict[Any, int] = {}
    berisi = (b for b in lembar.baris() if any(s is not None and s != "" for s in b[1]))
    for bagian in bulk.chunks(berisi, CHUNK):
        rows = [baca.baris(nomor, sel, acuan, sudah) for nomor, sel in bagian]
        isi = [b.isi["d"] for b in rows if not b.galat]
        sasaran = _cari(isi, luas)
        for satu in rows:
            if not satu.galat:
                _golongkan(satu, sasaran, acuan, sudah)
            yield satu
        n += len(bagian)
        laju(n, "Memeriksa")


def _cari(isi: list[dict[str, Any]], luas: Sequence[str]) -> Sasaran:
    """Five queries for any number of rows. Whoever lives outside `luas` does not exist."""
    hasil = Sasaran()
    nik = {blind_index(d["nik"], "nik"): d["nik"] for d in isi}
    orang = Individu.objects.aktif().filter(dalam("keluarga__wilayah_id", luas), nik_indeks__in=list(nik))
    for pk, indeks, keluarga, kk in orang.values_list(
        "pk", "nik_indeks", "keluarga_id", "keluarga__no_kk_indeks"
    ):
        hasil.orang[nik[bytes(indeks)]] = (pk, keluarga, bytes(kk or b""))
    rumah = {k for _, k, _ in hasil.orang.values()}
    waktu = {d["periode"] for d in isi}
    rows = Penyaluran.objects.filter(periode__in=waktu)
    for p in rows.filter(individu__in=[i for i, _, _ in hasil.orang.values()]):
        hasil.bayar[p.individu_id, (p.program_id, p.periode, p.tahap)] = p
    milik = rows.berlaku().filter(keluarga__in=rumah, perorangan=False)
    for k, i, *kunci in milik.values_list("keluarga_id", "individu_id", "program_id", "periode", "tahap"):
        hasil.keluarga[k, tuple(kunci)] = i  # type: ignore[index]
    laporan = RiwayatPenyaluran.objects.berlaku().filter(
        penyaluran__in=[p.pk for p in hasil.bayar.values() if p.berlaku]
    )
    hasil.laporan = set(
        laporan.values_list(
            "penyaluran_id", "status_id", "status_tanggal", "nominal", "lembaga", "keterangan"
        )
    )
    hasil.penerima = penerima(rumah)
    return hasil


def penerima(keluarga: set[UUID]) -> dict[tuple[UUID, str], bool]:
    """(family, programme) -> does the newest decree in force give (True) or remove (False)?"""
    rows = (
        BarisPenetapan.objects.filter(
            usulan__keluarga__in=keluarga, penetapan__status=Penetapan.Status.BERLAKU, hasil="ditetapkan"
        )
        .order_by("usulan__keluarga_id", "penetapan__program_id", "-penetapan__created_at", "-pk")
        .distinct("usulan__keluarga_id", "penetapan__program_id")
    )
    return {
        (k, p): jalur != "PENGHAPUSAN"
        for k, p, jalur in rows.values_list("usulan__keluarga_id", "penetapan__program_id", "usulan__jalur")
    }


def _golongkan(baris: Baris, sasaran: Sasaran, acuan: baca.Acuan, sudah: dict[Any, int]) -> None:
    d = baris.isi["d"]
    if d["nik"] not in sasaran.orang:
        baris.galat = [
            Pesan(NIK, "NIK_TIDAK_DIKENAL", "NIK ini tidak ada di register wilayah Anda. Periksa NIK, atau usulkan dulu keluarganya.")
        ]  # fmt: skip
        return
    orang, keluarga, kk = sasaran.orang[d["nik"]]
    baris.individu, baris.keluarga = orang, keluarga
    kunci = (d["program"], d["periode"], d["tahap"])
    baris.tanda += _tanda(d, kk, sasaran.penerima.get((keluarga, d["program"])))
    lama = sasaran.bayar.get((orang, kunci))
    if not acuan.perorangan[d["program"]]:
        lain = sasaran.keluarga.get((keluarga, kunci))
        nomor = sudah.setdefault((keluarga, kunci), baris.nomor)
        if nomor != baris.nomor or (lain is not None and lain != orang):
            baris.hasil, baris.galat = "konflik", [_ORANG_LAIN]
            return
    _bandingkan(baris, lama if lama and lama.berlaku else None, sasaran, acuan)


def _tanda(d: dict[str, Any], kk: bytes, terima: bool | None) -> list[Pesan]:
    """Odd, and no reason to refuse what a bank reports."""
    hasil = []
    if terima is None:
        hasil.append(Pesan(NIK, "TANPA_SK", "Portal tidak punya SK program ini untuk keluarga ini."))
    elif not terima:
        hasil.append(Pesan(NIK, "SUDAH_DIKELUARKAN", "Keluarga ini sudah dikeluarkan dari program ini dengan SK."))  # fmt: skip
    if d["kk"] and blind_index(d["kk"], "kk") != kk:
        hasil.append(Pesan(baca.KK, "KK_BEDA", "Nomor KK di berkas berbeda dengan KK orang ini di register."))
    return hasil


def _bandingkan(baris: Baris, lama: Penyaluran | None, sasaran: Sasaran, acuan: baca.Acuan) -> None:
    """New, the same as a report that counts, newer than the status that stands, or too late."""
    d = baris.isi["d"]
    hari = date.fromisoformat(d["tanggal"])
    if lama is None:
        baris.hasil = "baru"
    elif (lama.pk, d["status"], hari, d["nominal"], d["lembaga"], d["keterangan"]) in sasaran.laporan:
        baris.hasil = "sama"
    elif hari < lama.status_tanggal:
        baris.hasil, baris.galat = "konflik", [_LEBIH_LAMA]
    elif acuan.capai[d["status"]] == 3 and d["nominal"] > (lama.nominal_dibayar or d["nominal"]):
        baris.hasil, baris.galat = "konflik", [_DIAMBIL]
    else:
        baris.hasil = "berubah"


# --- apply: one pass of SQL ---------------------------------------------------------------------------

_MASUK = """
create temp table salur_masuk (
  nomor int primary key, individu uuid not null, keluarga uuid not null, program text not null, periode text not null, tahap int not null,
  nominal bigint not null, lembaga text not null, status text not null, tanggal date not null, keterangan text not null
) on commit drop
"""
_KOLOM_MASUK = (
    "nomor", "individu", "keluarga", "program", "periode", "tahap", "nominal", "lembaga", "status", "tanggal", "keterangan",
)  # fmt: skip

# Each row with the payment it speaks about and how that payment stands afterwards; `tolak` names why it cannot go in any more.
_URAI = """
create temp table salur_urai on commit drop as
with dasar as (
  select m.*, s.capai, p.id as ada, coalesce(p.id, gen_random_uuid()) as id, g.unit = 'individu' as perorangan, k.wilayah_id,
    p.berlaku as hidup, p.status_tanggal as tanggal_lama,
    case when p.berlaku then p.nominal_perintah end as perintah, case when p.berlaku then p.nominal_dibayar end as dibayar,
    coalesce((select max(r.urut) from bansos_riwayatpenyaluran r where r.penyaluran_id = p.id), 0) + 1 as urut,
    i.id is null as berubah,
    g.unit <> 'individu' and exists (
      select 1 from bansos_penyaluran q where q.keluarga_id = m.keluarga and q.program_id = m.program and q.periode = m.periode
        and q.tahap = m.tahap and q.berlaku and not q.perorangan and q.individu_id <> m.individu) as orang_lain,
    (select b.id from bansos_barispenetapan b
       join bansos_penetapan t on t.id = b.penetapan_id join dtks_usulan u on u.id = b.usulan_id
       where u.keluarga_id = m.keluarga and t.program_id = m.program and t.status = 'berlaku' and b.hasil = 'ditetapkan'
         and u.jalur <> 'PENGHAPUSAN'
       order by t.created_at desc, b.id desc limit 1) as baris
  from salur_masuk m
  join bansos_statussalur s on s.kode = m.status
  join bansos_program g on g.kode = m.program
  join dtks_keluarga k on k.id = m.keluarga
  left join dtks_individu i on i.id = m.individu and i.keluarga_id = m.keluarga and i.aktif
  left join bansos_penyaluran p on p.individu_id = m.individu and p.program_id = m.program and p.periode = m.periode and p.tahap = m.tahap)
select d.*,
  case when capai = 1 then nominal when capai > 1 then coalesce(perintah, nominal) else perintah end as perintah_baru,
  case when capai = 2 then nominal when capai = 3 then coalesce(dibayar, nominal) end as dibayar_baru,
  case when capai = 3 then nominal end as diambil_baru,
  case when berubah then 'berubah' when orang_lain then 'orang_lain'
       when hidup and tanggal < tanggal_lama then 'lama'
       when capai = 3 and nominal > coalesce(dibayar, nominal) then 'diambil' end as tolak
from dasar d
"""
_LAPORAN = """
insert into bansos_riwayatpenyaluran (id, penyaluran_id, urut, impor_id, nomor, lembaga, status_id, status_tanggal, nominal,
  nominal_perintah, nominal_dibayar, nominal_diambil, keterangan)
select gen_random_uuid(), id, urut, %s, nomor, lembaga, status, tanggal, nominal, perintah_baru, dibayar_baru, diambil_baru, keterangan
from salur_urai where tolak is null order by nomor
"""
_BARU = """
insert into bansos_penyaluran (id, program_id, periode, tahap, individu_id, keluarga_id, perorangan, wilayah_id, baris_id, lembaga, status_id,
  status_tanggal, nominal, nominal_perintah, nominal_dibayar, nominal_diambil, keterangan, urut_riwayat, berlaku, updated_at)
select id, program, periode, tahap, individu, keluarga, perorangan, wilayah_id, baris, lembaga, status, tanggal, nominal,
  perintah_baru, dibayar_baru, diambil_baru, keterangan, urut, true, now()
from salur_urai where tolak is null and ada is null order by nomor
"""
_UBAH = """
update bansos_penyaluran p set status_id = m.status, status_tanggal = m.tanggal, lembaga = m.lembaga, nominal = m.nominal,
  nominal_perintah = m.perintah_baru, nominal_dibayar = m.dibayar_baru, nominal_diambil = m.diambil_baru, keterangan = m.keterangan,
  urut_riwayat = m.urut, berlaku = true, baris_id = coalesce(p.baris_id, m.baris), updated_at = now()
from salur_urai m where p.id = m.ada and m.tolak is null
"""
# Payments of this file that somebody has to look after, by village: no account, a failed one, money that nobody took, taken off.
_PERLU = """
select left(u.wilayah_id, 13), u.program, u.periode, count(*) from salur_urai u join bansos_statussalur s on s.kode = u.status
where u.tolak is null and s.kelompok in ('gagal', 'tidak_transaksi', 'dikeluarkan') group by 1, 2, 3 order by 1, 2, 3
"""
_TOLAK = {"berubah": _BERUBAH, "orang_lain": _ORANG_LAIN, "lama": _LEBIH_LAMA, "diambil": _DIAMBIL}


def _giliran(cursor: Any) -> None:
    """One file of payments at a time: two at once would both find nothing and both pay."""
    cursor.execute("select pg_advisory_xact_lock(hashtext('status_salur'))")


def terapkan(impor: Impor, by: Pengguna, laju: Laju) -> dict[str, int]:
    """Append the reports and let the payments stand as they say, in the transaction whose act `inti` records."""
    rows = BarisImpor.objects.filter(impor=impor, hasil__in=("baru", "berubah")).order_by("nomor")
    with connection.cursor() as cursor:
        _giliran(cursor)
        cursor.execute("drop table if exists salur_masuk; drop table if exists salur_urai")
        cursor.execute(_MASUK)
        for bagian in bulk.chunks(rows.iterator(CHUNK), CHUNK):  # COPY holds the connection while it runs
            bulk.copy("salur_masuk", _KOLOM_MASUK, [_masuk(b) for b in bagian])
        cursor.execute("analyze salur_masuk")
        laju(impor.jumlah // 3, "Menyimpan")
        cursor.execute(_URAI)
        cursor.execute("select nomor, tolak from salur_urai where tolak is not null order by nomor")
        tolak = cursor.fetchall()
        cursor.execute(_LAPORAN, [impor.pk])
        laporan = cursor.rowcount
        laju(impor.jumlah * 2 // 3, "Menyimpan")
        cursor.execute(_BARU)
        baru = cursor.rowcount
        cursor.execute(_UBAH)
        cursor.execute(_PERLU)
        kolom = ("desa", "program", "periode", "n")
        perlu = [dict(zip(kolom, satu, strict=True)) for satu in cursor.fetchall()]
    if perlu:
        outbox.antre(NOTICE, {"perlu": perlu}, wilayah=impor.wilayah_id or "")
    for sebab, pesan in _TOLAK.items():
        if nomor := [n for n, kode in tolak if kode == sebab]:
            jadikan_konflik(impor, nomor, pesan)
    return {"laporan": laporan, "pembayaran_baru": baru, "konflik": len(tolak)}


def _masuk(b: BarisImpor) -> str:
    d = b.buka()["d"]
    return bulk.line(
        (b.nomor, b.individu, b.keluarga, d["program"], d["periode"], d["tahap"], d["nominal"], d["lembaga"], d["status"],
         date.fromisoformat(d["tanggal"]), d["keterangan"])
    )  # fmt: skip


# --- undo ---------------------------------------------------------------------------------------------

_SESUDAH = """
select count(distinct r.penyaluran_id) from bansos_riwayatpenyaluran r
join bansos_riwayatpenyaluran s on s.penyaluran_id = r.penyaluran_id and s.urut > r.urut
join dtks_impor i on i.id = s.impor_id and i.status <> 'dibatalkan'
where r.impor_id = %s
"""
_MUNDUR = """
with kena as (select distinct penyaluran_id as id from bansos_riwayatpenyaluran where impor_id = %s)
, akhir as (
  select distinct on (r.penyaluran_id) r.* from kena join bansos_riwayatpenyaluran r on r.penyaluran_id = kena.id
  join dtks_impor i on i.id = r.impor_id and i.status <> 'dibatalkan'
  order by r.penyaluran_id, r.urut desc)
update bansos_penyaluran p set status_id = coalesce(a.status_id, p.status_id), status_tanggal = coalesce(a.status_tanggal, p.status_tanggal),
  lembaga = coalesce(a.lembaga, p.lembaga), nominal = coalesce(a.nominal, p.nominal), nominal_perintah = a.nominal_perintah,
  nominal_dibayar = a.nominal_dibayar, nominal_diambil = a.nominal_diambil, keterangan = coalesce(a.keterangan, p.keterangan),
  urut_riwayat = coalesce(a.urut, p.urut_riwayat), berlaku = a.id is not null, updated_at = now()
from kena left join akhir a on a.penyaluran_id = kena.id where p.id = kena.id
"""


def batalkan(impor: Impor, by: Pengguna, laju: Laju) -> dict[str, int]:
    """The reports stay as history and count no more; each payment stands again as its report before said."""
    with connection.cursor() as cursor:
        _giliran(cursor)
        cursor.execute(_SESUDAH, [impor.pk])
        if n := cursor.fetchone()[0]:
            raise GateClosed(
                [
                    Halangan(
                        "LAPORAN_BARU",
                        f"{n} pembayaran sudah punya status yang lebih baru dari berkas lain.",
                        "Batalkan dulu berkas yang lebih baru itu.",
                    )
                ]
            )
        cursor.execute(_MUNDUR, [impor.pk])
        return {"ditarik": cursor.rowcount}


def ringkas(b: BarisImpor) -> str:
    m = b.buka()["m"]
    return " · ".join(s[:40] for s in (mask_nik("".join(m[0].split())), m[2], m[3], m[5], m[7], m[8]) if s)


JENIS = daftarkan(
    JenisImpor(
        kode="status_salur",
        judul="Status penyaluran bantuan",
        keterangan="Status pembayaran dari bank, PT Pos, atau SIKS-NG, satu baris tiap orang, program, dan tahap.",
        kolom=KOLOM,
        kuasa="impor.status_salur",
        periksa=periksa,
        terapkan=terapkan,
        batalkan=batalkan,
        mentah=lambda b: b.buka()["m"],
        ringkas=ringkas,
        petunjuk=(
            "Satu baris satu orang, program, periode, dan tahap.",
            "Status yang tanggalnya lebih lama dari yang ada di portal tidak dipakai.",
            "Portal tidak mengeluarkan siapa pun dari daftar karena berkas ini.",
        ),
        lembar="PENYALURAN",
        nama_templat="TEMPLATE_STATUS_SALUR.xlsx",
    )
)
