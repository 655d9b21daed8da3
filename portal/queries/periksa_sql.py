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

_BATCH = {
    "alur": "batch",
    "kasus": "bansos_batchpengesahan",
    "riwayat": "bansos_riwayatbatch",
    "fk": "batch_id",
    "awal": "disusun",
    "label": "bansos.BatchPengesahan",
}

_KEBERATAN = {
    "alur": "keberatan",
    "kasus": "bansos_keberatan",
    "riwayat": "bansos_riwayatkeberatan",
    "fk": "keberatan_id",
    "awal": "diajukan",
    "label": "bansos.Keberatan",
}

_REAKTIVASI = {
    "alur": "reaktivasi",
    "kasus": "bansos_reaktivasipbi",
    "riwayat": "bansos_riwayatreaktivasi",
    "fk": "reaktivasi_id",
    "awal": "draf",
    "label": "bansos.ReaktivasiPBI",
}
_TINJAUAN = {
    "alur": "tinjauan",
    "kasus": "bansos_tinjauanpenerima",
    "riwayat": "bansos_riwayattinjauan",
    "fk": "tinjauan_id",
    "awal": "terbuka",
    "label": "bansos.TinjauanPenerima",
}
_SURAT = {
    "alur": "surat",
    "kasus": "bansos_permohonansurat",
    "riwayat": "bansos_riwayatsurat",
    "fk": "permohonan_id",
    "awal": "diajukan",
    "label": "bansos.PermohonanSurat",
}

# Three persons, a paper for what was recommended, and a clock for what waits; a removal that a review asked for is a removal.
_LAYANAN = """
with orang as (
  select distinct on (reaktivasi_id, langkah) reaktivasi_id, langkah, orang_id from bansos_riwayatreaktivasi
  where langkah in ('ajukan', 'verifikasi', 'rekomendasikan') order by reaktivasi_id, langkah, urut desc)
select 'bansos_reaktivasipbi', r.id::text, 'Orang pada langkah ' || x.langkah || ' tidak sama dengan yang tercatat di riwayat.'
from bansos_reaktivasipbi r
cross join lateral (values ('ajukan', r.pengaju_orang_id), ('verifikasi', r.verifikator_orang_id), ('rekomendasikan', r.penandatangan_orang_id)) x(langkah, orang_id)
left join orang o on o.reaktivasi_id = r.id and o.langkah = x.langkah
where x.orang_id is distinct from o.orang_id
union all
select 'bansos_reaktivasipbi', id::text, 'Reaktivasi berjalan tanpa tenggat.' from bansos_reaktivasipbi
where status in ('diajukan', 'diverifikasi', 'direkomendasikan') and (tenggat_at is null or jam_selesai is not null)
union all
select 'bansos_reaktivasipbi', r.id::text, 'NIK permohonan bukan NIK di catatan nonaktifnya.'
from bansos_reaktivasipbi r join bansos_pbinonaktif n on n.id = r.nonaktif_id where n.nik_indeks is distinct from r.nik_indeks
union all
select 'bansos_tinjauanpenerima', t.id::text, 'Tinjauan menunjuk usulan yang bukan penghapusan keluarga dan program ini.'
from bansos_tinjauanpenerima t join dtks_usulan u on u.id = t.usulan_id
where u.jalur <> 'PENGHAPUSAN' or u.keluarga_id <> t.keluarga_id or u.program <> t.program_id
union all
select 'bansos_permohonansurat', p.id::text, 'Surat diminta tanpa tenggat.' from bansos_permohonansurat p
where p.status in ('diajukan', 'diperiksa') and (p.tenggat_at is null or p.jam_selesai is not null)
"""

_HAK = {
    "alur": "hak",
    "kasus": "portal_permohonanhak",
    "riwayat": "portal_riwayathak",
    "fk": "permohonan_id",
    "awal": "diajukan",
    "label": "portal.PermohonanHak",
}

_USUL = {
    "alur": "usul",
    "kasus": "pengaduan_usul",
    "riwayat": "pengaduan_riwayatusul",
    "fk": "usul_id",
    "awal": "masuk",
    "label": "pengaduan.Usul",
}

_DARURAT = {
    "alur": "darurat",
    "kasus": "pengaduan_kedaruratan",
    "riwayat": "pengaduan_riwayatdarurat",
    "fk": "kedaruratan_id",
    "awal": "diterima",
    "label": "pengaduan.Kedaruratan",
}
_SANGGAH = {
    "alur": "sanggah",
    "kasus": "pengaduan_perkarasanggah",
    "riwayat": "pengaduan_riwayatsanggah",
    "fk": "perkara_id",
    "awal": "diterima",
    "label": "pengaduan.PerkaraSanggah",
}
_SANGGAH_DATA = {
    "alur": "sanggah_data",
    "kasus": "pengaduan_sanggahdata",
    "riwayat": "pengaduan_riwayatsanggahdata",
    "fk": "sanggah_id",
    "awal": "diterima",
    "label": "pengaduan.SanggahData",
}

_ADUAN = {
    "alur": "aduan",
    "kasus": "pengaduan_aduan",
    "riwayat": "pengaduan_riwayataduan",
    "fk": "aduan_id",
    "awal": "diterima",
    "label": "pengaduan.Aduan",
}

# A clock that stands still stands for an answer that is waited for; what was answered has an answer; a merged one has its main one.
_ADUAN_UTUH = """
select 'pengaduan_aduan', id::text, 'Jam aduan berhenti padahal pelapor tidak sedang ditanya.' from pengaduan_aduan
where jeda_sejak is not null and status <> 'klarifikasi'
union all
select 'pengaduan_aduan', id::text, 'Aduan berjalan tanpa tenggat.' from pengaduan_aduan
where status in ('diterima', 'klarifikasi', 'diverifikasi', 'didisposisi', 'ditangani') and (tenggat_at is null or jam_selesai is not null)
union all
select 'pengaduan_aduan', a.id::text, 'Aduan digabung ke aduan yang sendirinya digabung.' from pengaduan_aduan a
join pengaduan_aduan u on u.id = a.utama_id where u.status = 'digabung'
union all
select 'pengaduan_aduan', id::text, 'Aduan masih menunjuk aduan utama padahal sudah dipisahkan.' from pengaduan_aduan
where utama_id is not null and status <> 'digabung'
"""

# Three desks, three people, as the history says; what was endorsed together stands in one letter together.
_TIGA_MEJA = """
with orang as (
  select distinct on (batch_id, langkah) batch_id, langkah, orang_id from bansos_riwayatbatch
  where langkah in ('serahkan', 'teruskan', 'sahkan') order by batch_id, langkah, urut desc)
select 'bansos_batchpengesahan', b.id::text, 'Orang pada langkah ' || x.langkah || ' tidak sama dengan yang tercatat di riwayat.'
from bansos_batchpengesahan b
cross join lateral (values ('serahkan', b.penyusun_orang_id), ('teruskan', b.pemeriksa_orang_id), ('sahkan', b.pengesah_orang_id)) x(langkah, orang_id)
left join orang o on o.batch_id = b.id and o.langkah = x.langkah
where x.orang_id is distinct from o.orang_id
union all
select 'bansos_barisbatch', r.id::text, 'Usulan di batch yang disahkan tidak ada di suratnya.'
from bansos_barisbatch r join bansos_batchpengesahan b on b.id = r.batch_id
where b.status = 'disahkan' and r.keluar_at is null
  and not exists (select 1 from bansos_pengesahanusulan p where p.pengesahan_id = b.pengesahan_id and p.usulan_id = r.usulan_id)
"""

_EMPAT_MATA = """
with orang as (
  select distinct on (usulan_id, langkah) usulan_id, langkah, orang_id from dtks_riwayatusulan r
  where langkah in ('ajukan', 'ases', 'verifikasi', 'sahkan')
    and not exists (select 1 from dtks_riwayatusulan b where b.usulan_id = r.usulan_id and b.urut = r.urut + 1 and b.langkah = 'urungkan')
  order by usulan_id, langkah, urut desc)
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
  from dtks_musyawarah where nomor <> '' group by 1, 2
  union all
  select 'PADAN-' || wilayah_id, extract(year from tanggal)::int, count(*), max(urut), count(distinct urut)
  from dtks_suratpadan group by 1, 2),
seri as (select seri, tahun::int as tahun, terakhir from core_nomorseri where seri ~ '^(SK|PENGESAHAN|BA|PADAN)-')
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

# An erasure (portal.actions.hapus) opens the door for its own transaction; its row there is the proof.
_BEKU = """
select b.tabel, b.kunci, 'Baris di daftar yang hanya boleh bertambah pernah ' || case b.op when 'U' then 'diubah' else 'dihapus' end || '.'
from core_jejakbaris b
where b.tabel in ('dtks_desil', 'dtks_hasilpadan', 'dtks_riwayatusulan', 'dtks_riwayatmusyawarah', 'bansos_riwayatbatch', 'bansos_riwayatkeberatan', 'bansos_riwayatreaktivasi', 'bansos_riwayattinjauan', 'bansos_riwayatsurat', 'pengaduan_riwayatdarurat', 'pengaduan_riwayataduan', 'pengaduan_pesanaduan', 'dtks_guliranperiode',
  'dtks_perubahanperiode', 'bansos_verifikasikelayakan', 'bansos_riwayatpenyaluran', 'bansos_pantaumandiri',
  'portal_riwayathak') and b.op in ('U', 'D')
  and not exists (select 1 from core_jejakbaris p where p.tx = b.tx and p.tabel = 'portal_pemusnahan' and p.op = 'I')
"""

# A payment stands as its newest report that counts; a graduation of old or disabled people has two persons and removes nobody by itself.
_PENYALURAN = """
with akhir as (
  select distinct on (r.penyaluran_id) r.* from bansos_riwayatpenyaluran r join dtks_impor i on i.id = r.impor_id and i.status <> 'dibatalkan'
  order by r.penyaluran_id, r.urut desc)
select 'bansos_penyaluran', p.id::text, 'Keadaan pembayaran tidak sama dengan laporan terakhirnya.'
from bansos_penyaluran p left join akhir a on a.penyaluran_id = p.id
where p.berlaku <> (a.id is not null) or (p.berlaku and (
  p.urut_riwayat, p.status_id, p.status_tanggal, p.lembaga, p.nominal, p.keterangan, p.nominal_perintah, p.nominal_dibayar, p.nominal_diambil)
  is distinct from (
  a.urut, a.status_id, a.status_tanggal, a.lembaga, a.nominal, a.keterangan, a.nominal_perintah, a.nominal_dibayar, a.nominal_diambil))
union all
select 'bansos_graduasi', g.id::text, 'Graduasi keluarga lanjut usia atau penyandang disabilitas tanpa persetujuan orang kedua.'
from bansos_graduasi g where g.rentan and g.status in ('disetujui', 'diusulkan')
  and (g.pemutus_orang_id is null or g.pemutus_orang_id = g.pengaju_orang_id)
union all
select 'bansos_graduasi', g.id::text, 'Graduasi menunjuk usulan yang bukan penghapusan keluarga dan program ini.'
from bansos_graduasi g join dtks_usulan u on u.id = g.usulan_id
where u.jalur <> 'PENGHAPUSAN' or u.keluarga_id <> g.keluarga_id or u.program <> g.program_id
"""

_KUOTA = """
select 'bansos_kuota', k.id::text, 'Tempat terisi ' || k.terisi || ' (Rp' || k.terpakai || ') tidak sama dengan barisnya: '
       || coalesce(p.n, 0) || ' (Rp' || coalesce(p.nilai, 0) || ').'
from bansos_kuota k left join (
  select kuota_id, count(*) as n, sum(nilai) as nilai from bansos_pengisiankuota where status = 'terisi' group by 1) p on p.kuota_id = k.id
where k.terisi <> coalesce(p.n, 0) or k.terpakai <> coalesce(p.nilai, 0)
union all
select 'bansos_kuota', k.id::text, 'Jumlah kuota ' || k.jumlah || ' bukan angka perubahan yang disetujui dua unit.'
from bansos_kuota k left join bansos_perubahankuota p on p.kuota_id = k.id and p.nomor = k.versi and p.status = 'disetujui'
  and p.diusulkan_orang_id <> p.diputus_orang_id and p.unit_pengusul <> p.unit_pemutus
where (k.versi > 0 and (p.id is null or p.jumlah <> k.jumlah or p.pagu is distinct from k.pagu)) or (k.versi = 0 and k.jumlah <> 0)
union all
select 'bansos_kuota', id::text, 'Kuota terisi lebih dari jumlahnya.' from bansos_kuota
where terisi + dibagi > jumlah or (pagu is not null and terpakai + pagu_dibagi > pagu)
union all
select 'bansos_kuota', k.id::text, 'Yang dibagi ke bawah, ' || k.dibagi || ' tempat (Rp' || k.pagu_dibagi || '), bukan jumlah bagiannya: '
       || coalesce(b.n, 0) || ' (Rp' || coalesce(b.pagu, 0) || ').'
from bansos_kuota k left join (
  select induk_id, sum(jumlah) as n, coalesce(sum(pagu), 0) as pagu from bansos_kuota where induk_id is not null group by 1) b on b.induk_id = k.id
where k.dibagi <> coalesce(b.n, 0) or k.pagu_dibagi <> coalesce(b.pagu, 0)
union all
select 'bansos_sanggahbutir', s.id::text, 'Butir pengecualian berstatus ' || b.status || ' padahal sanggahnya ' || s.status || '.'
from bansos_sanggahbutir s join bansos_butirpengecualian b on b.id = s.butir_id
where (s.status = 'diajukan') and b.status <> 'disanggah'
"""

# In = moved on + there: each proposal began in the period its making says, moved link by link, and is where the last move put it.
_PERIODE = """
with rantai as (
  select g.*, lag(g.ke) over (partition by g.usulan_id order by g.dari) as lalu from dtks_guliranperiode g)
select 'dtks_guliranperiode', id::text, 'Perpindahan periode tidak menyambung: dari ' || dari || ' padahal sebelumnya sampai di ' || lalu || '.'
from rantai where lalu <> dari
union all
select 'dtks_usulan', u.id::text, 'Periode usulan (' || u.periode || ') bukan tujuan perpindahan terakhirnya (' || g.ke || ').'
from dtks_usulan u
join (select distinct on (usulan_id) usulan_id, ke from dtks_guliranperiode order by usulan_id, dari desc) g on g.usulan_id = u.id
where g.ke <> u.periode
union all
select 'dtks_usulan', u.id::text, 'Usulan dibuat untuk periode ' || (j.rincian ->> 'periode') || ' tetapi catatannya mulai dari '
       || coalesce(g.dari, u.periode) || ': ada perpindahan tanpa catatan.'
from dtks_usulan u
join core_jejak j on j.objek_jenis = 'dtks.Usulan' and j.objek_id = u.id::text and j.aksi = 'buat_usulan' and j.rincian ? 'periode'
left join (select distinct on (usulan_id) usulan_id, dari from dtks_guliranperiode order by usulan_id, dari) g on g.usulan_id = u.id
where coalesce(g.dari, u.periode) <> j.rincian ->> 'periode'
union all
select 'dtks_guliranperiode', g.id::text, 'Usulan kedaruratan dipindah periodenya; jalur itu tidak menunggu jadwal.'
from dtks_guliranperiode g join dtks_usulan u on u.id = g.usulan_id where u.jalur = 'KEDARURATAN'
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

# The maintained counts of proposals, folded or not, add up to the proposals that are there.
_HITUNGAN = """
with hitung as (
  select wilayah, status, program, jalur, periode, sum(n) as n from dtks_hitunganusulan group by 1, 2, 3, 4, 5 having sum(n) <> 0),
benar as (
  select left(wilayah_id, 13) as wilayah, status, program, jalur, periode, count(*) as n from dtks_usulan group by 1, 2, 3, 4, 5)
select 'dtks_hitunganusulan', concat_ws(' ', wilayah, status, program, jalur, periode),
       'Hitungan usulan ' || coalesce(h.n, 0) || ', padahal usulannya ' || coalesce(b.n, 0) || '.'
from hitung h full join benar b using (wilayah, status, program, jalur, periode)
where h.n is distinct from b.n
"""

# What /cek/ answers is what the register and the decrees say.
_CEK = """
select 'bansos_cekbansos', individu_id || ' ' || program, 'Cek bansos menjawab ' || coalesce(kini, 'tidak ada')
       || case when kini = benar then ', tetapi isinya sudah lama.' else ', padahal ' || coalesce(benar, 'tidak ada') || '.' end
from cek_beda()
"""

# An open pause belongs to a clock that will run again; a working-day deadline has a start.
_JAM = """
select 'dtks_jedatenggat', j.id::text, 'Jam masih berhenti padahal usulannya ' || u.status || '.'
from dtks_jedatenggat j join dtks_usulan u on u.id = j.usulan_id
where j.sampai is null and (
  u.status in ('ditetapkan', 'tidak_ditetapkan', 'daftar_tunggu', 'ditolak', 'ditarik')
  or (j.jenis = 'surat' and j.status <> u.status) or (j.jenis <> 'surat' and j.status = u.status)
  or (j.jenis = 'tunda' and u.status <> 'ditunda'))
union all
select 'dtks_usulan', id::text, 'Tenggat hari kerja tanpa tanggal atau tanpa mulainya.' from dtks_usulan
where tenggat_hari is not null and (tenggat is null or tenggat_mulai is null)
"""

# No final act over an open flag (a few seconds for two clocks), and each flag has its act in the trail.
_BENDERA = """
select 'dtks_riwayatusulan', r.id::text, 'Langkah ' || r.langkah || ' diambil padahal bendera ' || b.kode || ' terbuka.'
from dtks_riwayatusulan r join dtks_bendera b on b.usulan_id = r.usulan_id
where r.langkah in ('verifikasi', 'sahkan', 'kirim', 'tetapkan')
  and b.created_at < r.pada - interval '5 seconds' and (b.ditutup_at is null or b.ditutup_at > r.pada + interval '5 seconds')
union all
select 'dtks_bendera', b.id::text, 'Bendera ' || b.kode || ' tanpa jejak pemasangan.'
from dtks_bendera b where not exists (
  select 1 from core_jejak j where j.objek_jenis = 'dtks.Usulan' and j.objek_id = b.usulan_id::text
    and j.aksi = 'pasang_bendera' and j.rincian ->> 'kode' = b.kode and j.rincian ->> 'sumber' = b.sumber)
union all
select 'dtks_bendera', b.id::text, 'Bendera kerabat ditutup tanpa pernyataan dua orang.'
from dtks_bendera b where b.kode = 'KERABAT_PETUGAS' and b.ditutup_at is not null
  and (select count(distinct p.orang_id) from dtks_pernyataankerabat p where p.bendera_id = b.id and p.jenis = 'penutup'
       and p.orang_id in (b.usul_tutup_orang_id, b.ditutup_orang_id)) < 2
"""

# nama, apa yang diperiksa, query
PEMERIKSAAN = (
    ("jejak", "Rantai jejak audit dan sidik setiap baris", JEJAK),
    ("alur_usulan", "Usulan sama dengan riwayatnya dan hanya lewat panah alur", _ALUR.format(**_USULAN)),
    ("alur_musyawarah", "Musyawarah sama dengan riwayatnya", _ALUR.format(**_MUSYAWARAH)),
    ("alur_batch", "Batch sama dengan riwayatnya", _ALUR.format(**_BATCH)),
    ("kuota", "Kuota sama dengan tempat dan perubahannya", _KUOTA),
    ("alur_keberatan", "Keberatan sama dengan riwayatnya", _ALUR.format(**_KEBERATAN)),
    ("langkah_keberatan", "Setiap langkah keberatan ada jejaknya", _RIWAYAT_JEJAK.format(**_KEBERATAN)),
    ("alur_reaktivasi", "Reaktivasi PBI sama dengan riwayatnya", _ALUR.format(**_REAKTIVASI)),
    ("langkah_reaktivasi", "Setiap langkah reaktivasi ada jejaknya", _RIWAYAT_JEJAK.format(**_REAKTIVASI)),
    ("alur_tinjauan", "Tinjauan penerima sama dengan riwayatnya", _ALUR.format(**_TINJAUAN)),
    ("langkah_tinjauan", "Setiap langkah tinjauan ada jejaknya", _RIWAYAT_JEJAK.format(**_TINJAUAN)),
    ("alur_surat", "Permohonan surat sama dengan riwayatnya", _ALUR.format(**_SURAT)),
    ("langkah_surat", "Setiap langkah permohonan surat ada jejaknya", _RIWAYAT_JEJAK.format(**_SURAT)),
    ("layanan", "Reaktivasi, tinjauan, dan surat: orang, jam, dan usulannya cocok", _LAYANAN),
    ("alur_usul", "Usul warga sama dengan riwayatnya", _ALUR.format(**_USUL)),
    ("langkah_usul", "Setiap langkah usul warga ada jejaknya", _RIWAYAT_JEJAK.format(**_USUL)),
    ("alur_darurat", "Laporan darurat sama dengan riwayatnya", _ALUR.format(**_DARURAT)),
    ("langkah_darurat", "Setiap langkah laporan darurat ada jejaknya", _RIWAYAT_JEJAK.format(**_DARURAT)),
    ("alur_sanggah", "Perkara sanggah sama dengan riwayatnya", _ALUR.format(**_SANGGAH)),
    ("langkah_sanggah", "Setiap langkah perkara sanggah ada jejaknya", _RIWAYAT_JEJAK.format(**_SANGGAH)),
    ("alur_sanggah_data", "Sanggah data sama dengan riwayatnya", _ALUR.format(**_SANGGAH_DATA)),
    (
        "langkah_sanggah_data",
        "Setiap langkah sanggah data ada jejaknya",
        _RIWAYAT_JEJAK.format(**_SANGGAH_DATA),
    ),
    ("alur_aduan", "Aduan sama dengan riwayatnya", _ALUR.format(**_ADUAN)),
    ("langkah_aduan", "Setiap langkah aduan ada jejaknya", _RIWAYAT_JEJAK.format(**_ADUAN)),
    ("alur_hak", "Permintaan hak data sama dengan riwayatnya", _ALUR.format(**_HAK)),
    ("langkah_hak", "Setiap langkah permintaan hak data ada jejaknya", _RIWAYAT_JEJAK.format(**_HAK)),
    ("aduan", "Jam, jawaban, dan gabungan aduan cocok", _ADUAN_UTUH),
    ("tiga_meja", "Batch disusun, diperiksa, dan disahkan tiga orang", _TIGA_MEJA),
    (
        "langkah_usulan",
        "Setiap langkah usulan ada jejaknya, dan sebaliknya",
        _RIWAYAT_JEJAK.format(**_USULAN),
    ),
    ("langkah_musyawarah", "Setiap langkah musyawarah ada jejaknya", _RIWAYAT_JEJAK.format(**_MUSYAWARAH)),
    ("langkah_batch", "Setiap langkah batch ada jejaknya", _RIWAYAT_JEJAK.format(**_BATCH)),
    ("empat_orang", "Pengusul, petugas, verifikator, dan pengesah berbeda orang", _EMPAT_MATA),
    ("bendera", "Tidak ada langkah akhir di atas bendera yang terbuka", _BENDERA),
    ("nomor_unik", "NIK dan nomor KK tidak ganda", _NIK_UNIK),
    ("terdaftar", "Keluarga terdaftar karena ditetapkan", _TERDAFTAR),
    ("penetapan", "Hasil SK, pengesahan, dan status usulan sama", _PENETAPAN),
    ("nomor_surat", "Nomor SK, pengesahan, dan berita acara urut", _NOMOR),
    ("padan", "Tiket dan hasil cek NIK cocok", _TIKET),
    ("hanya_bertambah", "Desil, jawaban Dukcapil, dan riwayat tidak pernah diubah", _BEKU),
    ("periode", "Yang masuk satu periode: pindah dengan catatan atau masih di sana", _PERIODE),
    ("penyaluran", "Pembayaran sama dengan laporannya, graduasi lewat dua orang", _PENYALURAN),
    ("ketentuan", "Ketentuan tidak bertumpuk", _KETENTUAN),
    ("jam", "Jam yang berhenti milik usulan yang masih berjalan", _JAM),
    ("hitungan", "Hitungan usulan per desa sama dengan usulannya", _HITUNGAN),
    ("cek", "Jawaban cek bansos sama dengan keputusan dan datanya", _CEK),
    ("kode", "Kode isian ada di daftar acuan", _KODE),
    ("antrean", "Tidak ada pekerjaan yang berhenti", _PARKIR),
)
