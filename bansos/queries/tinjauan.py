"""What the nightly check looks for among recipients, as one statement per kabupaten, and the evidence in words.

Evidence holds codes, numbers and dates of what was found, never when it was last looked up: the same finding is the same evidence.
"""

from datetime import date
from typing import Any

from django.db import connection

from bansos.models import BarisPenetapan, Penetapan, Program, SumberPengecualian, TinjauanPenerima
from bansos.queries.aturan_program import TanpaAturan, batas_desil, berlaku
from core import rules
from core.templatetags.ui import tanggal
from core.terbilang import periode_kata
from dtks.models import Individu
from wilayah.kode import kabupaten_dari

# Recipients of the kabupaten $1 as in queries.kelayakan.penerima, and everything that speaks against one of them.
# A family's aid hangs on its head; aid for single persons on any member.
TEMUAN = """
create temporary table temuan_tinjauan on commit drop as
with terbaru as (
  select distinct on (u.keluarga_id, p.program_id) u.keluarga_id, p.program_id, u.jalur
  from bansos_barispenetapan b join bansos_penetapan p on p.id = b.penetapan_id join dtks_usulan u on u.id = b.usulan_id
  where b.hasil = 'ditetapkan' and p.status = 'berlaku'
  order by u.keluarga_id, p.program_id, p.created_at desc, b.id desc),
penerima as (
  select t.keluarga_id, t.program_id, k.wilayah_id, g.unit from terbaru t
  join dtks_keluarga k on k.id = t.keluarga_id join bansos_program g on g.kode = t.program_id
  where t.jalur <> 'PENGHAPUSAN' and (k.wilayah_id = %(kab)s or k.wilayah_id like %(kab)s || '.%%')),
orang as (
  select p.*, i.id as individu_id, i.padan, i.padan_at, i.keberadaan, i.hubungan, i.nik_indeks
  from penerima p join dtks_individu i on i.keluarga_id = p.keluarga_id and i.aktif
  where i.hubungan = '1' or p.unit = 'individu'),
desil as (
  select distinct on (d.keluarga_id) d.keluarga_id, d.desil, d.tahun, d.triwulan, d.created_at
  from dtks_desil d join penerima p on p.keluarga_id = d.keluarga_id order by d.keluarga_id, d.tahun desc, d.triwulan desc),
semua as (
  select keluarga_id, program_id, wilayah_id, 'MENINGGAL' as sebab, individu_id,
         jsonb_build_object('padan', case when padan = 'MENINGGAL' then padan end, 'keberadaan', case when keberadaan = '2' then '2' end) as bukti,
         padan_at::date as tanggal
  from orang where padan = 'MENINGGAL' or keberadaan = '2'
  union all
  select keluarga_id, program_id, wilayah_id, 'PINDAH', individu_id,
         jsonb_build_object('padan', case when padan = 'PINDAH' then padan end, 'keberadaan', case when keberadaan in ('3', '4') then keberadaan end),
         padan_at::date
  from orang where padan = 'PINDAH' or keberadaan in ('3', '4')
  union all
  select keluarga_id, program_id, wilayah_id, 'TIDAK_PADAN', individu_id, jsonb_build_object('padan', padan), padan_at::date
  from orang o where padan in ('TIDAK_PADAN_NAMA', 'TIDAK_DITEMUKAN', 'FORMAT_SALAH', 'NONAKTIF')
    and exists (select 1 from dtks_tiketpadan t where t.individu_id = o.individu_id and t.kategori = o.padan
                and t.status in ('buka', 'diperbaiki', 'minta_pengecualian') and t.created_at < now() - make_interval(days => %(hari)s))
  union all
  select keluarga_id, program_id, wilayah_id, 'GANDA', individu_id, jsonb_build_object('padan', padan), padan_at::date
  from orang where padan = 'GANDA'
  union all
  select o.keluarga_id, o.program_id, o.wilayah_id, 'GANDA', o.individu_id, jsonb_build_object('calon', c.id, 'skor', c.skor), c.created_at::date
  from orang o join dtks_calonganda c on o.individu_id in (c.pertama_id, c.kedua_id)
  join dtks_individu lain on lain.id = case when c.pertama_id = o.individu_id then c.kedua_id else c.pertama_id end
  where c.status in ('terbuka', 'usul_gabung', 'ke_dukcapil') and lain.keluarga_id <> o.keluarga_id
    and exists (select 1 from penerima q where q.keluarga_id = lain.keluarga_id and q.program_id = o.program_id)
  union all
  select p.keluarga_id, p.program_id, p.wilayah_id, 'TIDAK_LAYAK', null::uuid,
         jsonb_build_object('desil', d.desil, 'triwulan', d.tahun || '-' || d.triwulan, 'batas', m.batas), d.created_at::date
  from penerima p join desil d on d.keluarga_id = p.keluarga_id
  join unnest(%(program)s::text[], %(batas)s::int[]) m(program_id, batas) on m.program_id = p.program_id
  where d.desil > m.batas
  union all
  select o.keluarga_id, o.program_id, o.wilayah_id, 'TIDAK_LAYAK', o.individu_id,
         jsonb_build_object('sumber', e.sumber_id, 'tanggal', e.tanggal_data), e.tanggal_data
  from (select p.*, i.id as individu_id, i.nik_indeks from penerima p join dtks_individu i on i.keluarga_id = p.keluarga_id and i.aktif) o
  join bansos_butirpengecualian e on e.nik_indeks = o.nik_indeks and e.status = 'berlaku'
  join bansos_sumberpengecualian v on v.kode = e.sumber_id and v.aktif and (v.mengenai = 'keluarga' or o.unit = 'individu')
  join unnest(%(kecuali_program)s::text[], %(kecuali_sumber)s::text[]) z(program_id, sumber_id)
    on z.program_id = o.program_id and z.sumber_id = e.sumber_id
    and (e.berlaku_hingga is null or e.berlaku_hingga >= current_date)
    and (o.wilayah_id = e.wilayah_id or o.wilayah_id like e.wilayah_id || '.%%')
  union all
  select p.keluarga_id, p.program_id, p.wilayah_id, 'TIDAK_LAYAK', b.individu_id,
         jsonb_build_object('daftar', f.periode, 'alasan', (select jsonb_agg(x ->> 'kode') from jsonb_array_elements(s.isi) x
           where x ->> 'cocok' = 'false')), f.ditandatangani_at::date
  from penerima p
  join lateral (select f.* from bansos_daftarkelayakan f where f.program_id = p.program_id and f.wilayah_id = %(kab)s
                and f.status = 'ditandatangani' order by f.periode desc limit 1) f on true
  join bansos_barisdaftar b on b.daftar_id = f.id and b.keluarga_id = p.keluarga_id and b.hasil = 'tidak_layak'
  join bansos_sebabdaftar s on s.daftar_id = f.id and s.nomor = b.sebab)
select keluarga_id, program_id, wilayah_id, sebab, individu_id, jsonb_strip_nulls(bukti) as bukti, tanggal,
       sha256(convert_to(coalesce(individu_id::text, '') || '|' || jsonb_strip_nulls(bukti)::text, 'UTF8')) as sidik
from semua"""

# What is new. Of two findings of one cause at once the other comes when the first was decided.
BARU = """
insert into bansos_tinjauanpenerima
  (id, keluarga_id, program_id, wilayah_id, sebab, individu_id, bukti, bukti_tanggal, sidik, status, versi, jawaban)
select distinct on (t.keluarga_id, t.program_id, t.sebab, t.individu_id)
       gen_random_uuid(), t.keluarga_id, t.program_id, t.wilayah_id, t.sebab, t.individu_id, t.bukti, t.tanggal, t.sidik, 'terbuka', 0, ''
from temuan_tinjauan t
where not exists (select 1 from bansos_tinjauanpenerima a where a.keluarga_id = t.keluarga_id and a.program_id = t.program_id
                  and a.sebab = t.sebab and a.sidik = t.sidik and a.status <> 'gugur')
order by t.keluarga_id, t.program_id, t.sebab, t.individu_id, t.tanggal desc nulls last, t.sidik
on conflict do nothing"""

# Open ones whose evidence is gone (or whose family receives no more): history, act and state, as the triggers want it.
HILANG = """
create temporary table hilang_tinjauan on commit drop as
select a.id, a.versi + 1 as urut, a.status as dari, a.wilayah_id from bansos_tinjauanpenerima a
where a.status in ('terbuka', 'ditanya', 'dijawab') and (a.wilayah_id = %(kab)s or a.wilayah_id like %(kab)s || '.%%')
  and not exists (select 1 from temuan_tinjauan t where t.keluarga_id = a.keluarga_id and t.program_id = a.program_id
                  and t.sebab = a.sebab and t.sidik = a.sidik)
for update"""
GUGUR = (
    """insert into bansos_riwayattinjauan (id, tinjauan_id, urut, langkah, dari, ke, peran, alasan, alasan_kalimat, catatan)
       select gen_random_uuid(), id, urut, 'gugurkan', dari, 'gugur', '', '', '', 'Buktinya sudah tidak ada.' from hilang_tinjauan""",
    """insert into core_jejak (rantai, aksi, objek_jenis, objek_id, aktor_id, aktor_nama, peran, wilayah, rincian)
       select %(kab)s, 'gugurkan', 'bansos.TinjauanPenerima', id::text, '', 'sistem', '', wilayah_id,
              jsonb_build_object('dari', dari, 'ke', 'gugur', 'versi', urut) from hilang_tinjauan""",
    """update bansos_tinjauanpenerima a set status = 'gugur', versi = h.urut, status_sejak = now(), updated_at = now()
       from hilang_tinjauan h where h.id = a.id""",
)


def kabupaten_penerima() -> list[str]:
    """Kabupaten in which somebody receives something."""
    rows = BarisPenetapan.objects.filter(hasil="ditetapkan", penetapan__status=Penetapan.Status.BERLAKU)
    return sorted(
        {
            kabupaten_dari(w)
            for w in rows.order_by().values_list("penetapan__wilayah_id", flat=True).distinct()
        }
    )


def cari(kabupaten: str, hari: date) -> tuple[int, int]:
    """Put what is new on the review list and drop what is gone; (new, dropped). Needs a transaction."""
    semua = list(Program.objects.order_by("kode").values_list("kode", flat=True))
    batas = {kode: b[0] for kode in semua if (b := batas_desil(kode, kabupaten, hari))}
    kecuali = [(kode, sumber) for kode in semua for sumber in _pengecualian(kode, kabupaten, hari)]
    nilai: dict[str, Any] = {
        "kab": kabupaten, "hari": int(rules.value("tinjauan.tidak_padan_hari", kabupaten)), "program": list(batas), "batas": list(batas.values()),
        "kecuali_program": [k for k, _ in kecuali], "kecuali_sumber": [s for _, s in kecuali],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists temuan_tinjauan, hilang_tinjauan")
        cursor.execute(TEMUAN, nilai)
        cursor.execute("analyze temuan_tinjauan")
        cursor.execute(HILANG, nilai)
        hilang = cursor.rowcount
        if hilang > 0:
            for sql in GUGUR:
                cursor.execute(sql, nilai)
        cursor.execute(BARU)
        return cursor.rowcount, max(hilang, 0)


def _pengecualian(program: str, kabupaten: str, hari: date) -> list[str]:
    """Sources of exclusion that the rule in force names; none without a rule."""
    try:
        return list(berlaku(program, kabupaten, hari).isi.get("pengecualian", []))
    except TanpaAturan:
        return []


# --- in words ------------------------------------------------------------------------------------------

_PADAN = dict(Individu.Padan.choices)
_KEBERADAAN = {"2": "meninggal", "3": "pindah ke wilayah lain", "4": "pindah ke luar negeri"}


def bukti_kata(satu: TinjauanPenerima, sumber: dict[str, str], *, desil: bool) -> list[str]:
    """The evidence as sentences, each with its source. `sumber`: names of exclusion sources; `desil`: may the reader see it?"""
    b: dict[str, Any] = satu.bukti
    siapa = satu.individu.nama if satu.individu else "Keluarga ini"
    isi = []
    if "padan" in b:
        isi.append(f"Cek NIK Dukcapil untuk {siapa}: {_PADAN.get(b['padan'], b['padan']).lower()}.")
    if "keberadaan" in b:
        isi.append(f"Di register {siapa} dicatat {_KEBERADAAN.get(b['keberadaan'], 'tidak di tempat')}.")
    if "calon" in b:
        isi.append(
            f"{siapa} mungkin orang yang sama dengan anggota keluarga penerima lain (skor {b['skor']}). Lihat menu Calon ganda."
        )
    if "desil" in b:
        kata = f"Desil {b['desil']}" if desil else "Desilnya"
        isi.append(f"{kata} menurut BPS {periode_kata(b['triwulan'])} di atas batas program ({b['batas']}).")
    if "sumber" in b:
        nama = sumber.get(b["sumber"], b["sumber"])
        isi.append(f"{siapa} tercantum di daftar {nama}, data {tanggal(date.fromisoformat(b['tanggal']))}.")
    if "daftar" in b:
        isi.append(
            f"Daftar kelayakan {periode_kata(b['daftar'])} yang sudah ditandatangani menyatakan tidak layak."
        )
    if satu.bukti_tanggal:
        isi.append(f"Data per {tanggal(satu.bukti_tanggal)}.")
    return isi


def nama_sumber() -> dict[str, str]:
    return dict(SumberPengecualian.objects.values_list("kode", "nama"))
