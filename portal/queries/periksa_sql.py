"""Invariants that one set-based query can judge. Each query gives (tabel, kunci, kalimat), one row per breach."""

_ALUR = """
with terakhir as (
  select distinct on ({fk}) {fk} as id, urut, ke from {riwayat} order by {fk}, urut desc)
select '{kasus}', k.id::text,
       'Status ' || k.status || ' versi ' || k.versi || ' tidak sama dengan riwayat terakhirnya ('
       || coalesce(t.ke || ' urut ' || t.urut, 'belum ada') || ').'
from {kasus} k left join terakhir t using (id)
where k.status <> coalesce(t.ke, '{awal}') or k.versi <> coalesce(t.urut, 0)
union all
select '{riwayat}', s.id::text, 'Riwayat tidak menyambung: ' || s.dari || ' padahal sebelumnya ' || coalesce(s.lalu, '{awal}') || '.'
from (select r.*, lag(r.ke) over w as lalu, row_number() over w as nomor from {riwayat} r
      window w as (partition by r.{fk} order by r.urut)) s
where s.dari <> coalesce(s.lalu, '{awal}') or s.urut <> s.nomor
union all
select '{riwayat}', r.id::text, 'Langkah ' || r.langkah || ' dari ' || r.dari || ' ke ' || r.ke || ' bukan panah alur.'
from {riwayat} r where not exists (
  select 1 from core_panah p where p.alur = '{alur}' and p.langkah = r.langkah and p.dari = r.dari and p.ke = r.ke)
"""

# An act of the trail is a step when it says from where and whereto.
_RIWAYAT_JEJAK = """
select '{riwayat}', r.id::text, 'Langkah ' || r.langkah || ' (urut ' || r.urut || ') tanpa jejak audit yang cocok.'
from {riwayat} r where not exists (
  select 1 from core_jejak j where j.objek_jenis = '{label}' and j.objek_id = r.{fk}::text and j.aksi = r.langkah
    and j.rincian ->> 'versi' = r.urut::text and j.rincian ->> 'dari' = r.dari and j.rincian ->> 'ke' = r.ke
    and j.aktor_id = coalesce(r.oleh_id::text, ''))
union all
select 'core_jejak', j.id::text, 'Jejak langkah ' || j.aksi || ' tanpa baris riwayat.'
from core_jejak j where j.objek_jenis = '{label}' and j.rincian ? 'dari' and j.rincian ? 'ke' and not exists (
  select 1 from {riwayat} r where r.{fk}::text = j.objek_id and r.langkah = j.aksi and r.urut::text = j.rincian ->> 'versi')
"""

_USULAN = {
    "alur": "usulan",
    "kasus": "dtks_usulan",
    "riwayat": "dtks_riwayatusulan",
    "fk": "usulan_id",
    "awal": "draf",
    "label": "dtks.Usulan",
}
_MUSYAWARAH = {
    "alur": "musyawarah",
    "kasus": "dtks_musyawarah",
    "riwayat": "dtks_riwayatmusyawarah",
    "fk": "musyawarah_id",
    "awal": "dijadwalkan",
    "label": "dtks.Musyawarah",
}

_EMPAT_MATA = """
with orang as (
  select distinct on (usulan_id, langkah) usulan_id, langkah, orang_id from dtks_riwayatusulan
  where langkah in ('ajukan', 'ases', 'verifikasi', 'sahkan') order by usulan_id, langkah, urut desc)
select 'dtks_usulan', u.id::text, 'Orang pada langkah ' || x.langkah || ' tidak sama dengan yang tercatat di riwayat.'
from dtks_usulan u
cross join lateral (values ('ajukan', u.pengusul_orang_id), ('ases', u.asesor_orang_id),
                           ('verifikasi', u.verifikator_orang_id), ('sahkan', u.pengesah_orang_id)) x(langkah, orang_id)
left join orang o on o.usulan_id = u.id and o.langkah = x.langkah
where x.orang_id is distinct from o.orang_id
union all
select 'dtks_usulan', u.id::text, 'Satu orang mengerjakan dua dari empat tahap: pengusul, petugas, verifikator, pengesah.'
from dtks_usulan u
where (select count(*) <> count(distinct o) from unnest(array[u.pengusul_orang_id, u.asesor_orang_id,
       u.verifikator_orang_id, u.pengesah_orang_id]) o where o is not null)
"""

_NIK_UNIK = """
select 'dtks_individu', string_agg(id::text, ', '), 'Satu NIK dipakai beberapa orang aktif.'
from dtks_individu where aktif and nik_indeks is not null group by nik_indeks having count(*) > 1
union all
select 'dtks_keluarga', string_agg(id::text, ', '), 'Satu nomor KK dipakai beberapa keluarga aktif.'
from dtks_keluarga where status <> 'nonaktif' and no_kk_indeks is not null group by no_kk_indeks having count(*) > 1
"""

_TERDAFTAR = """
select 'dtks_keluarga', k.id::text, 'Keluarga terdaftar tanpa penetapan dan tanpa jejak pendaftaran.'
from dtks_keluarga k where k.status = 'terdaftar'
  and not exists (select 1 from dtks_usulan u where u.keluarga_id = k.id and u.status = 'ditetapkan')
  and not exists (select 1 from core_jejak j where j.objek_jenis = 'dtks.Keluarga' and j.objek_id = k.id::text
                  and j.aksi = 'daftarkan_keluarga')
union all
select 'dtks_keluarga', k.id::text, 'Keluarga sudah ditetapkan tetapi masih berstatus calon.'
from dtks_keluarga k where k.status = 'calon' and exists (
  select 1 from dtks_usulan u where u.keluarga_id = k.id and u.status = 'ditetapkan' and u.jalur <> 'PENGHAPUSAN')
"""

_PENETAPAN = """
select 'dtks_usulan', u.id::text, 'Status ' || u.status || ' tanpa baris SK dengan hasil yang sama.'
from dtks_usulan u where u.status in ('ditetapkan', 'tidak_ditetapkan', 'daftar_tunggu') and not exists (
  select 1 from bansos_barispenetapan b where b.usulan_id = u.id and b.hasil = u.status)
union all
select 'bansos_barispenetapan', b.id::text, 'Hasil di SK (' || b.hasil || ') tidak sama dengan status usulan (' || u.status || ').'
from bansos_barispenetapan b join dtks_usulan u on u.id = b.usulan_id
join bansos_penetapan p on p.id = b.penetapan_id where p.status = 'berlaku' and b.hasil <> u.status
union all
select 'dtks_usulan', u.id::text, 'Status ' || u.status || ' tanpa surat pengesahan.'
from dtks_usulan u where u.status in ('disahkan', 'dikirim', 'ditetapkan', 'tidak_ditetapkan', 'daftar_tunggu')
  and not exists (select 1 from bansos_pengesahanusulan p where p.usulan_id = u.id)
union all
select 'bansos_penetapan', p.id::text, 'Status SK (' || p.status || ') tidak sama dengan status dokumennya (' || d.status || ').'
from bansos_penetapan p join core_dokumen d on d.id = p.dokumen_id where p.status <> d.status
union all
select 'bansos_penetapan', p.id::text, 'SK yang diganti tidak menunjuk penggantinya.'
from bansos_penetapan p join core_dokumen d on d.id = p.dokumen_id
left join bansos_penetapan b on b.menggantikan_id = p.id
where p.status = 'diganti' and (b.id is null or d.pengganti_id is distinct from b.dokumen_id)
"""

_NOMOR = """
with terpakai as (
  select 'SK-' || wilayah_id as seri, tahun::int as tahun, count(*) as n, max(urut) as akhir, count(distinct urut) as beda
  from bansos_penetapan where jenis = 'SK_BUPATI' group by 1, 2
  union all
  select 'PENGESAHAN-' || wilayah_id, extract(year from tanggal)::int, count(*), count(*), count(distinct nomor)
  from bansos_pengesahan group by 1, 2
  union all
  select 'BA-' || wilayah_id, extract(year from waktu at time zone 'Asia/Jakarta')::int, count(*), count(*), count(distinct nomor)
  from dtks_musyawarah where nomor <> '' group by 1, 2),
seri as (select seri, tahun::int as tahun, terakhir from core_nomorseri where seri ~ '^(SK|PENGESAHAN|BA)-')
select 'core_nomorseri', seri || ' ' || tahun,
       'Nomor berlubang, ganda, atau tidak sama dengan penghitungnya: terpakai ' || coalesce(t.n, 0)
       || ', terbesar ' || coalesce(t.akhir, 0) || ', penghitung ' || coalesce(s.terakhir, 0) || '.'
from terpakai t full join seri s using (seri, tahun)
where coalesce(t.n, 0) <> coalesce(s.terakhir, 0) or coalesce(t.akhir, 0) <> coalesce(s.terakhir, 0) or t.n <> t.beda
"""

_TIKET = """
select 'dtks_tiketpadan', t.id::text, 'Tiket masih terbuka padahal NIK sudah padan.'
from dtks_tiketpadan t join dtks_individu i on i.id = t.individu_id
where t.status in ('buka', 'diperbaiki', 'minta_pengecualian') and i.padan = 'PADAN'
union all
select 'dtks_tiketpadan', t.id::text, 'Sebab di tiket (' || t.kategori || ') tidak sama dengan hasil cek NIK (' || i.padan || ').'
from dtks_tiketpadan t join dtks_individu i on i.id = t.individu_id
where t.status in ('buka', 'minta_pengecualian') and i.padan not in ('PADAN', 'BELUM', 'MENUNGGU') and i.padan <> t.kategori
union all
select 'dtks_individu', i.id::text, 'Hasil cek NIK ' || i.padan || ' tetapi tidak ada tiket perbaikan atau pengecualian.'
from dtks_individu i where i.aktif and i.padan not in ('PADAN', 'BELUM', 'MENUNGGU') and not exists (
  select 1 from dtks_tiketpadan t where t.individu_id = i.id and (
    t.status in ('buka', 'diperbaiki', 'minta_pengecualian') or (t.status = 'dikecualikan' and t.kategori = i.padan)))
union all
select 'dtks_individu', i.id::text, 'Hasil cek NIK ' || i.padan || ' tidak sama dengan jawaban terakhir (' || coalesce(h.kategori, 'tidak ada') || ').'
from dtks_individu i left join lateral (
  select kategori from dtks_hasilpadan h where h.individu_id = i.id order by h.pada desc, h.id desc limit 1) h on true
where i.padan not in ('BELUM', 'MENUNGGU', 'TANPA_DOKUMEN') and h.kategori is distinct from i.padan
"""

_BEKU = """
select b.tabel, b.kunci, 'Baris di daftar yang hanya boleh bertambah pernah ' || case b.op when 'U' then 'diubah' else 'dihapus' end || '.'
from core_jejakbaris b
where b.tabel in ('dtks_desil', 'dtks_hasilpadan', 'dtks_riwayatusulan', 'dtks_riwayatmusyawarah') and b.op in ('U', 'D')
"""

# A later row takes over from an open-ended earlier one (core.rules); an end that was set must be kept.
_KETENTUAN = """
select 'core_ketentuan', a.id || ', ' || b.id, 'Ketentuan ' || a.kunci || ' berlaku dua kali pada hari yang sama.'
from core_ketentuan a join core_ketentuan b on b.kunci = a.kunci and b.wilayah = a.wilayah and b.berlaku_sejak > a.berlaku_sejak
where a.berlaku_hingga >= b.berlaku_sejak
"""

_PARKIR = """
select 'core_pekerjaan', id::text, 'Pekerjaan ' || jenis || ' berhenti setelah ' || percobaan || ' kali gagal.'
from core_pekerjaan where status = 'parkir'
"""

TERLAMBAT = """
select 'core_pekerjaan', min(id::text), count(*) || ' pekerjaan ' || jenis || ' menunggu lebih dari 10 menit. Apakah pekerja (worker) jalan?'
from core_pekerjaan
where (status = 'menunggu' and greatest(jalankan_setelah, created_at) < now() - interval '10 minutes')
   or (status = 'jalan' and sewa_hingga < now() - interval '10 minutes')
group by jenis
"""

_INDIVIDU = (
    "jenis_kelamin", "hubungan", "status_kawin", "keberadaan", "partisipasi_sekolah", "jenjang", "ijazah", "lapangan_usaha",
    "status_kerja", "pendapatan", "disabilitas", "penyakit_menahun", "gizi",
)  # fmt: skip
_RUMAH = (
    "status_rumah",
    "lantai",
    "dinding",
    "atap",
    "air_minum",
    "penerangan",
    "daya",
    "memasak",
    "bab",
    "kloset",
    "tinja",
)
_SATU_KODE = """select '{tabel}', r.id::text, 'Kolom {kolom}: kode ' || r.{kolom} || ' tidak ada di daftar {daftar}.' from {tabel} r
where r.{kolom} <> '' and not exists (
  select 1 from dtks_kodeacuan k where k.daftar = '{daftar}' and k.kode = r.{kolom}{versi})
union all
"""
_KODE_LAIN = """
select 'dtks_usulan', u.id::text, 'Program ' || u.program || ' tidak dikenal.' from dtks_usulan u
where not exists (select 1 from dtks_kodeacuan k where k.daftar = 'program_usulan' and k.kode = u.program)
  and not exists (select 1 from bansos_program p where p.kode = u.program)
union all
select 'dtks_riwayatusulan', r.id::text, 'Alasan ' || r.alasan || ' tidak ada di daftar.' from dtks_riwayatusulan r
where r.alasan <> '' and not exists (select 1 from dtks_alasanlangkah a where a.kode = r.alasan)
"""
_KOLOM_KODE = (
    *(("dtks_individu", k, k, " and k.versi = r.versi_kode") for k in _INDIVIDU),
    *(("dtks_rumah", k, k, " and k.versi = r.versi_kode") for k in _RUMAH),
    ("dtks_aset", "jenis", "aset", ""),
    ("dtks_pesertamusyawarah", "unsur", "unsur", ""),
)
_KODE = (
    "".join(_SATU_KODE.format(tabel=t, kolom=k, daftar=d, versi=v) for t, k, d, v in _KOLOM_KODE) + _KODE_LAIN
)

JEJAK = "select bagian, kunci, kalimat from jejak_periksa()"

# nama, apa yang diperiksa, query
PEMERIKSAAN = (
    ("jejak", "Rantai jejak audit dan sidik setiap baris", JEJAK),
    ("alur_usulan", "Usulan sama dengan riwayatnya dan hanya lewat panah alur", _ALUR.format(**_USULAN)),
    ("alur_musyawarah", "Musyawarah sama dengan riwayatnya", _ALUR.format(**_MUSYAWARAH)),
    (
        "langkah_usulan",
        "Setiap langkah usulan ada jejaknya, dan sebaliknya",
        _RIWAYAT_JEJAK.format(**_USULAN),
    ),
    ("langkah_musyawarah", "Setiap langkah musyawarah ada jejaknya", _RIWAYAT_JEJAK.format(**_MUSYAWARAH)),
    ("empat_orang", "Pengusul, petugas, verifikator, dan pengesah berbeda orang", _EMPAT_MATA),
    ("nomor_unik", "NIK dan nomor KK tidak ganda", _NIK_UNIK),
    ("terdaftar", "Keluarga terdaftar karena ditetapkan", _TERDAFTAR),
    ("penetapan", "Hasil SK, pengesahan, dan status usulan sama", _PENETAPAN),
    ("nomor_surat", "Nomor SK, pengesahan, dan berita acara urut", _NOMOR),
    ("padan", "Tiket dan hasil cek NIK cocok", _TIKET),
    ("hanya_bertambah", "Desil, jawaban Dukcapil, dan riwayat tidak pernah diubah", _BEKU),
    ("ketentuan", "Ketentuan tidak bertumpuk", _KETENTUAN),
    ("kode", "Kode isian ada di daftar acuan", _KODE),
    ("antrean", "Tidak ada pekerjaan yang berhenti", _PARKIR),
)
