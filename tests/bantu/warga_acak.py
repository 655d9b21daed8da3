"""Invented families straight into the register by SQL, the same for the same seed: for lists of any size. No names, no NIK."""

from django.db import connection

DESA = ("32.05.01.1001", "32.05.01.1003")

_SQL = """
create function pg_temp.acak(p text, sampai int) returns int language sql immutable as
  $$ select ('x' || substr(md5(p), 1, 7))::bit(28)::int %% sampai $$;
create temp table acak_k on commit drop as
  select md5('k' || %(benih)s || i)::uuid as id, i, (%(desa)s::text[])[1 + i %% %(banyak)s] as desa from generate_series(1, %(n)s) i;
insert into dtks_keluarga (id, nama_kepala, wilayah_id, alamat, rt, rw, alamat_kk, patokan, nama_suku, status, tanda, versi, updated_at)
  select id, 'KEPALA ' || i, desa, 'KP UJI', '001', '001', '', '', '', 'terdaftar', '{}', 0,
    timestamptz '2026-09-01 10:00+07' + (i %% 40) * interval '1 day' from acak_k;
insert into dtks_individu (id, keluarga_id, nik_indeks, tanpa_nik_alasan, nama, kunci_nama, tempat_lahir, tgl_lahir, jenis_kelamin, hubungan,
    status_kawin, ibu_kandung, keberadaan, alamat_capil, partisipasi_sekolah, jenjang, kelas, ijazah, bekerja, lapangan_usaha, status_kerja,
    pendapatan, usaha_lapangan, usaha_omzet, disabilitas, jamkes, hambatan, penyakit_menahun, gizi, hamil, versi_kode, aktif,
    nonaktif_alasan, padan, tanda, updated_at)
  select md5('i' || %(benih)s || k.i || '.' || j)::uuid, k.id, sha256(convert_to('n' || %(benih)s || k.i || '.' || j, 'UTF8')), '', 'ORANG ' || k.i || ' ' || j, '', '',
    date '2026-06-15' - o.hari, case when o.a %% 2 = 0 then '2' else '1' end, case when j = 1 then '1' when j = 2 then '2' else '3' end, '1', 'IBU',
    case when o.a %% 19 = 0 then '2' when o.a %% 5 = 0 then '5' else '1' end, '',
    case when o.hari between 6 * 365 and 22 * 365 and o.a %% 4 > 0 then '2' else '3' end,
    case when o.hari between 6 * 365 and 22 * 365 then (array['3', '8', '13', '15', '19'])[1 + o.a %% 5] else '' end,
    '', '', case when o.a %% 7 = 0 then null when o.hari > 15 * 365 then o.a %% 3 > 0 end, '', case when o.a %% 23 = 0 then '5' else '7' end,
    '', '', '', case when o.a %% 11 = 0 then 'PDFSK' else '' end, (array['0', '1', '2', '4', ''])[1 + o.a %% 5],
    case when o.a %% 11 = 0 then array[4, 4, 1 + o.a %% 4, 4, 4, 4, 4, 4, 4, 1]::smallint[] end, '', '',
    case when o.a %% 2 = 0 and o.hari between 17 * 365 and 40 * 365 then o.a %% 10 = 0 end, 'DTSEN-2025', o.a %% 29 > 0, '',
    case when o.a %% 6 = 0 then 'BELUM' else 'PADAN' end, '{}', now()
  from acak_k k cross join lateral generate_series(1, 1 + pg_temp.acak('j' || %(benih)s || k.i, 6)) j
  cross join lateral (select pg_temp.acak('a' || %(benih)s || k.i || '.' || j, 1000) as a,
    case when j < 3 then 20 * 365 + pg_temp.acak('h' || %(benih)s || k.i || '.' || j, 60 * 365)
         else pg_temp.acak('h' || %(benih)s || k.i || '.' || j, 25 * 365) end as hari) o;
insert into dtks_rumah (id, keluarga_id, status_rumah, luas_lantai, lantai, dinding, atap, air_minum, jarak_limbah, penerangan, id_pelanggan, daya,
    daya_2, daya_3, memasak, bab, kloset, tinja, versi_kode, updated_at)
  select md5('r' || %(benih)s || i)::uuid, id, case when r %% 4 = 0 then '3' else '1' end, case when r %% 9 = 0 then null else 12 + r %% 60 end,
    (1 + r %% 9)::text, (1 + r / 3 %% 7)::text, (1 + r / 5 %% 8)::text, '5', '', (1 + r %% 4)::text, '', (array['450', '900', ''])[1 + r %% 3], '', '', '4',
    (1 + r / 2 %% 6)::text, '', '', case when r %% 8 = 0 then 'REGSOSEK-2022' else 'DTSEN-2025' end, now()
  from (select *, pg_temp.acak('r' || %(benih)s || i, 1000) as r from acak_k) k where r %% 13 > 0;
insert into dtks_desil (id, keluarga_id, tahun, triwulan, desil, sumber)
  select md5('d' || %(benih)s || i || '.' || t)::uuid, id, 2026, t, 1 + pg_temp.acak('d' || %(benih)s || i || '.' || t, 10), 'UJI'
  from acak_k cross join generate_series(2, 4) t where pg_temp.acak('e' || %(benih)s || i || '.' || t, 10) > 2;
drop table acak_k;
"""


def isi(n: int, benih: str = "a", desa: tuple[str, ...] = DESA) -> None:
    """`n` registered families with members, house and deciles of three quarters of 2026. Needs a transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"n": n, "benih": benih, "desa": list(desa), "banyak": len(desa)})
