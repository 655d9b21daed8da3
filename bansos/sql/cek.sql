-- The public table of /cek/: what must stand in it (cek_benar) and the triggers that keep it so. See bansos/models/cek.py, ADR 0021.

insert into bansos_cekgaram(id, garam)
  select 1, sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8'))
  on conflict do nothing;

-- 'SIT* A*****': as core.identity.mask_name.
create or replace function cek_samar(p_nama text) returns text language sql immutable as $$
  select coalesce(string_agg(left(k, t) || repeat('*', length(k) - t), ' ' order by n), '')
  from (select k, n, least(case when n = 1 then 3 else 1 end, length(k) - 1) as t
        from regexp_split_to_table(upper(btrim(p_nama)), '\s+') with ordinality as w(k, n) where k <> '') s
$$;

-- nik_indeks is a keyed hash already (core.privacy.keys).
create or replace function cek_kunci_nik(p_indeks bytea, p_lahir date) returns bytea language sql immutable as $$
  select sha256(p_indeks || convert_to(to_char(p_lahir, 'YYYY-MM-DD'), 'UTF8'))
$$;
create or replace function cek_kunci_nama(p_desa text, p_nama text) returns bytea language sql stable as $$
  select case when p_nama <> '' then
    sha256((select garam from bansos_cekgaram where id = 1) || convert_to(left(p_desa, 13) || '|' || p_nama, 'UTF8')) end
$$;
create or replace function cek_kunci_lahir(p_kunci bytea, p_lahir date) returns bytea language sql immutable as $$
  select sha256(p_kunci || convert_to(to_char(p_lahir, 'YYYY-MM-DD'), 'UTF8'))
$$;

-- Programmes that would say by their name alone what a person suffers from, and those that are no aid.
create or replace function cek_tertutup() returns text[] language sql stable as $$
  select coalesce((select array(select jsonb_array_elements_text(nilai)) from core_ketentuan
    where kunci = 'cek.program_tertutup' and wilayah = '' and berlaku_sejak <= current_date
      and (berlaku_hingga is null or berlaku_hingga >= current_date)
    order by berlaku_sejak desc limit 1), '{}')
$$;

-- What a citizen may know of a proposal that no decree has decided; null = nothing. A removal or a correction of data is none of it.
create or replace function cek_keadaan(p_status text, p_jalur text) returns text language sql immutable as $$
  select case when p_jalur in ('PENGHAPUSAN', 'PERBAIKAN') then null
    when p_status in ('diajukan', 'dimusyawarahkan', 'disepakati') then 'proses_desa'
    when p_status in ('diinput', 'ditugaskan', 'diases', 'terverifikasi', 'disahkan') then 'proses_dinas'
    when p_status = 'dikirim' then 'menunggu_sk'
    when p_status in ('ditunda', 'ditolak') then p_status end
$$;

-- Per family card and programme: the newest grant in force stands until a removal; else the newest news.
create or replace function cek_kartu_program(p_kartu uuid[])
  returns table(kartu uuid, program text, keadaan text, periode text, tanggal date, sejak timestamptz) language sql stable as $$
  with sk as (
    select u.keluarga_id as kartu, t.program_id as program, b.hasil, u.jalur, t.status, t.periode, t.tanggal, t.created_at, b.id
    from dtks_usulan u join bansos_barispenetapan b on b.usulan_id = u.id join bansos_penetapan t on t.id = b.penetapan_id
    where u.keluarga_id = any(p_kartu) and t.status <> 'diganti' and t.program_id <> all(cek_tertutup())
      and not (u.jalur in ('PENGHAPUSAN', 'PERBAIKAN') and b.hasil <> 'ditetapkan'))
  , tetap as (
    select distinct on (kartu, program) * from sk where status = 'berlaku' and hasil = 'ditetapkan'
    order by kartu, program, created_at desc, id desc)
  , kabar as (
    select kartu, program, case
        when status = 'dicabut' then case when hasil = 'ditetapkan' and jalur <> 'PENGHAPUSAN' then 'dicabut' end
        when hasil = 'ditetapkan' then 'dikeluarkan' else hasil end as keadaan, periode, tanggal, created_at as sejak, id
    from sk where not (status = 'berlaku' and hasil = 'ditetapkan' and jalur <> 'PENGHAPUSAN')
    union all
    select u.keluarga_id, u.program, cek_keadaan(u.status, u.jalur), u.periode, null, u.status_sejak, u.id
    from dtks_usulan u join bansos_program p on p.kode = u.program
    where u.keluarga_id = any(p_kartu) and u.program <> all(cek_tertutup()) and cek_keadaan(u.status, u.jalur) is not null)
  , semua as (
    select kartu, program, 'penerima' as keadaan, periode, tanggal, created_at as sejak, id, 1 as dulu from tetap where jalur <> 'PENGHAPUSAN'
    union all
    select kartu, program, keadaan, periode, tanggal, sejak, id, 2 from kabar where keadaan is not null)
  select distinct on (kartu, program) kartu, program, keadaan, periode, tanggal, sejak
  from semua order by kartu, program, dulu, sejak desc, id desc
$$;

-- Persons made one: the cards of those who gave way and left an empty card behind count for the one who stays.
create or replace function cek_kartu(p_orang uuid[]) returns table(orang uuid, kartu uuid) language sql stable as $$
  with recursive m(orang, kini) as (
    select id, id from dtks_individu where id = any(p_orang) and aktif
    union
    select m.orang, g.kalah_id from m join dtks_penggabungan g on g.utama_id = m.kini and g.dibatalkan_at is null)
  select distinct m.orang, k.id from m join dtks_individu i on i.id = m.kini join dtks_keluarga k on k.id = i.keluarga_id
  where m.kini = m.orang or k.status = 'nonaktif'
$$;

create or replace function cek_orang(p_kartu uuid[]) returns uuid[] language sql stable as $$
  with recursive m(kini) as (
    select id from dtks_individu where keluarga_id = any(p_kartu)
    union
    select g.utama_id from m join dtks_penggabungan g on g.kalah_id = m.kini and g.dibatalkan_at is null)
  select coalesce(array_agg(kini), '{}') from m
$$;

-- Somebody else of that name in the same village: then the name alone tells nobody apart. A text argument takes the collation of what the function
-- is called with, its neighbours too: codes of areas are "C", and a name compared as "C" can't use its index (every family read, for each person).
create or replace function cek_kembar(p_orang uuid, p_nama text, p_desa text) returns boolean language sql stable as $$
  select p_nama <> '' and exists (
    select 1 from dtks_individu j join dtks_keluarga k on k.id = j.keluarga_id
    where j.kunci_nama = p_nama collate "default" and j.id <> p_orang and j.aktif and k.status <> 'nonaktif' and left(k.wilayah_id, 13) = p_desa)
$$;

create or replace function cek_benar(p_orang uuid[])
  returns table(individu_id uuid, program text, kunci_nik bytea, kunci_nama bytea, kunci_lahir bytea, kembar boolean, nama_samar text,
                wilayah text, keadaan text, periode text, tanggal date) language sql stable as $$
  with kartu as materialized (select * from cek_kartu(p_orang))
  , isi as (
    select distinct on (k.orang, p.program) k.orang, p.*
    from kartu k join cek_kartu_program((select array_agg(distinct kartu) from kartu)) p on p.kartu = k.kartu
    order by k.orang, p.program, p.keadaan = 'penerima' desc, p.sejak desc, p.kartu)
  , siapa as (
    select i.id, i.nik_indeks, i.tgl_lahir, i.nama, i.kunci_nama, left(k.wilayah_id, 13) as desa, cek_kunci_nama(k.wilayah_id, i.kunci_nama) as kunci
    from dtks_individu i join dtks_keluarga k on k.id = i.keluarga_id
    where i.id in (select orang from isi) and i.aktif and k.status <> 'nonaktif')
  select s.id, isi.program, cek_kunci_nik(s.nik_indeks, s.tgl_lahir), s.kunci, cek_kunci_lahir(s.kunci, s.tgl_lahir),
         cek_kembar(s.id, s.kunci_nama, s.desa), left(cek_samar(s.nama), 100), s.desa, isi.keadaan, isi.periode, isi.tanggal
  from siapa s join isi on isi.orang = s.id
$$;

-- Make the rows of these persons right. Locks first, reads afterwards: in plpgsql each statement sees what was committed meanwhile.
create or replace function cek_segarkan(p_orang uuid[]) returns integer language plpgsql as $$
declare v_n integer; v_m integer;
begin
  if coalesce(cardinality(p_orang), 0) = 0 then
    return 0;
  end if;
  perform 1 from dtks_keluarga where id in (select keluarga_id from dtks_individu where id = any(p_orang)) order by id for key share;
  perform 1 from bansos_cekbansos where individu_id = any(p_orang) order by individu_id, program for update;
  with benar as materialized (select * from cek_benar(p_orang))
  , buang as (
    delete from bansos_cekbansos c where c.individu_id = any(p_orang)
      and not exists (select 1 from benar b where b.individu_id = c.individu_id and b.program = c.program) returning 1)
  , tulis as (
    insert into bansos_cekbansos as c (individu_id, program, kunci_nik, kunci_nama, kunci_lahir, kembar, nama_samar, wilayah, keadaan, periode, tanggal)
    select b.* from benar b order by b.individu_id, b.program
    on conflict (individu_id, program) do update set
      (kunci_nik, kunci_nama, kunci_lahir, kembar, nama_samar, wilayah, keadaan, periode, tanggal)
      = (excluded.kunci_nik, excluded.kunci_nama, excluded.kunci_lahir, excluded.kembar, excluded.nama_samar, excluded.wilayah,
         excluded.keadaan, excluded.periode, excluded.tanggal)
    where (c.kunci_nik, c.kunci_nama, c.kunci_lahir, c.kembar, c.nama_samar, c.wilayah, c.keadaan, c.periode, c.tanggal)
      is distinct from (excluded.kunci_nik, excluded.kunci_nama, excluded.kunci_lahir, excluded.kembar, excluded.nama_samar, excluded.wilayah,
         excluded.keadaan, excluded.periode, excluded.tanggal)
    returning 1)
  select (select count(*) from buang), (select count(*) from tulis) into v_n, v_m;
  return v_n + v_m;
end $$;

-- Somebody of these names came, went or moved.
create or replace function cek_segarkan_kembar(p_kunci bytea[]) returns integer language plpgsql as $$
declare v_n integer;
begin
  if coalesce(cardinality(p_kunci), 0) = 0 or not exists (select 1 from bansos_cekbansos where kunci_nama = any(p_kunci)) then
    return 0;
  end if;
  perform 1 from bansos_cekbansos where kunci_nama = any(p_kunci) order by individu_id, program for update;
  update bansos_cekbansos c set kembar = cek_kembar(i.id, i.kunci_nama, c.wilayah)
  from dtks_individu i where i.id = c.individu_id and c.kunci_nama = any(p_kunci)
    and c.kembar is distinct from cek_kembar(i.id, i.kunci_nama, c.wilayah);
  get diagnostics v_n = row_count;
  return v_n;
end $$;

-- Everybody of whom something stands or should stand, in portions.
create or replace function cek_porsi() returns setof uuid[] language sql stable as $$
  with semua as (
    select unnest(cek_orang(array_agg(distinct u.keluarga_id))) as id from dtks_usulan u
    where cek_keadaan(u.status, u.jalur) is not null or exists (select 1 from bansos_barispenetapan b where b.usulan_id = u.id)
    union select individu_id from bansos_cekbansos)
  select array_agg(id) from (select id, (row_number() over (order by id) - 1) / 2000 as g from semua) s group by g order by g
$$;

-- Make all of it right: after rows came in with the triggers off, or a rule changed. Returns how many rows were wrong.
create or replace function cek_segarkan_semua() returns integer language plpgsql as $$
declare v_n integer := 0; v_orang uuid[];
begin
  for v_orang in select * from cek_porsi() loop
    v_n := v_n + cek_segarkan(v_orang);
  end loop;
  return v_n;
end $$;

-- What is wrong now, without touching it (manage.py periksa).
create or replace function cek_beda() returns table(individu_id uuid, program text, kini text, benar text) language plpgsql stable as $$
declare v_orang uuid[];
begin
  for v_orang in select * from cek_porsi() loop
    return query
      select coalesce(c.individu_id, b.individu_id), coalesce(c.program, b.program)::text, c.keadaan::text, b.keadaan
      from (select * from bansos_cekbansos x where x.individu_id = any(v_orang)) c
      full join cek_benar(v_orang) b on b.individu_id = c.individu_id and b.program = c.program
      where (c.kunci_nik, c.kunci_nama, c.kunci_lahir, c.kembar, c.nama_samar, c.wilayah, c.keadaan, c.periode, c.tanggal)
        is distinct from (b.kunci_nik, b.kunci_nama, b.kunci_lahir, b.kembar, b.nama_samar, b.wilayah, b.keadaan, b.periode, b.tanggal);
  end loop;
end $$;

-- --- triggers: one look per statement; most statements of the line change nothing that the public may know --------------------------

create or replace function cek_dari_usulan() returns trigger language plpgsql as $$
declare v uuid[];
begin
  if tg_op = 'INSERT' then
    select array_agg(distinct keluarga_id) into v from baru where cek_keadaan(status, jalur) is not null;
  elsif tg_op = 'DELETE' then
    select array_agg(distinct keluarga_id) into v from lama;
  else
    select array_agg(distinct k) into v from (
      select unnest(array[b.keluarga_id, l.keluarga_id]) as k from baru b join lama l on l.id = b.id
      where (cek_keadaan(b.status, b.jalur), b.keluarga_id, b.program, b.jalur, b.periode)
        is distinct from (cek_keadaan(l.status, l.jalur), l.keluarga_id, l.program, l.jalur, l.periode)) s;
  end if;
  perform cek_segarkan(cek_orang(v)) where v is not null;
  return null;
end $$;
create trigger cek_i after insert on dtks_usulan referencing new table as baru for each statement execute function cek_dari_usulan();
create trigger cek_u after update on dtks_usulan referencing new table as baru old table as lama for each statement execute function cek_dari_usulan();
create trigger cek_d after delete on dtks_usulan referencing old table as lama for each statement execute function cek_dari_usulan();

create or replace function cek_dari_baris() returns trigger language plpgsql as $$
declare v uuid[];
begin
  if tg_op = 'INSERT' then
    select array_agg(distinct u.keluarga_id) into v from baru b join dtks_usulan u on u.id = b.usulan_id;
  elsif tg_op = 'DELETE' then
    select array_agg(distinct u.keluarga_id) into v from lama b join dtks_usulan u on u.id = b.usulan_id;
  else
    select array_agg(distinct u.keluarga_id) into v from (select usulan_id from baru union select usulan_id from lama) b
      join dtks_usulan u on u.id = b.usulan_id;
  end if;
  perform cek_segarkan(cek_orang(v)) where v is not null;
  return null;
end $$;
create trigger cek_i after insert on bansos_barispenetapan referencing new table as baru for each statement execute function cek_dari_baris();
create trigger cek_u after update on bansos_barispenetapan referencing new table as baru old table as lama for each statement execute function cek_dari_baris();
create trigger cek_d after delete on bansos_barispenetapan referencing old table as lama for each statement execute function cek_dari_baris();

create or replace function cek_dari_penetapan() returns trigger language plpgsql as $$
declare v uuid[];
begin
  select array_agg(distinct u.keluarga_id) into v from baru b join lama l on l.id = b.id
    join bansos_barispenetapan p on p.penetapan_id = b.id join dtks_usulan u on u.id = p.usulan_id
    where (b.status, b.periode, b.tanggal, b.program_id, b.created_at) is distinct from (l.status, l.periode, l.tanggal, l.program_id, l.created_at);
  perform cek_segarkan(cek_orang(v)) where v is not null;
  return null;
end $$;
create trigger cek_u after update on bansos_penetapan referencing new table as baru old table as lama for each statement execute function cek_dari_penetapan();

create or replace function cek_dari_keluarga() returns trigger language plpgsql as $$
declare v uuid[]; v_kunci bytea[];
begin
  select array_agg(b.id) into v from baru b join lama l on l.id = b.id where (b.wilayah_id, b.status) is distinct from (l.wilayah_id, l.status);
  if v is null then
    return null;
  end if;
  perform cek_segarkan(cek_orang(v));
  select array_agg(distinct k) into v_kunci from (
    select unnest(array[cek_kunci_nama(l.wilayah_id, i.kunci_nama), cek_kunci_nama(b.wilayah_id, i.kunci_nama)]) as k
    from baru b join lama l on l.id = b.id join dtks_individu i on i.keluarga_id = b.id where b.id = any(v) and i.aktif) s;
  perform cek_segarkan_kembar(v_kunci);
  return null;
end $$;
create trigger cek_u after update on dtks_keluarga referencing new table as baru old table as lama for each statement execute function cek_dari_keluarga();

create or replace function cek_dari_individu() returns trigger language plpgsql as $$
declare v uuid[]; v_kunci bytea[];
begin
  if tg_op = 'INSERT' then
    select array_agg(b.id) into v from baru b where b.aktif and exists (
      select 1 from dtks_usulan u where u.keluarga_id = b.keluarga_id and u.status not in ('draf', 'ditarik'));
    select array_agg(distinct cek_kunci_nama(k.wilayah_id, b.kunci_nama)) into v_kunci
      from baru b join dtks_keluarga k on k.id = b.keluarga_id where b.aktif;
  elsif tg_op = 'DELETE' then
    select array_agg(id) into v from lama;
    select array_agg(distinct cek_kunci_nama(k.wilayah_id, l.kunci_nama)) into v_kunci
      from lama l join dtks_keluarga k on k.id = l.keluarga_id;
  else
    select array_agg(b.id) into v from baru b join lama l on l.id = b.id
      where (b.nik_indeks, b.tgl_lahir, b.nama, b.kunci_nama, b.aktif, b.keluarga_id)
        is distinct from (l.nik_indeks, l.tgl_lahir, l.nama, l.kunci_nama, l.aktif, l.keluarga_id);
    if v is null then
      return null;
    end if;
    select array_agg(distinct k) into v_kunci from (
      select unnest(array[cek_kunci_nama(kl.wilayah_id, l.kunci_nama), cek_kunci_nama(kb.wilayah_id, b.kunci_nama)]) as k
      from baru b join lama l on l.id = b.id join dtks_keluarga kb on kb.id = b.keluarga_id join dtks_keluarga kl on kl.id = l.keluarga_id
      where (b.kunci_nama, b.aktif, b.keluarga_id) is distinct from (l.kunci_nama, l.aktif, l.keluarga_id)) s;
  end if;
  -- A person who gave way to another changes what stands at the other.
  perform cek_segarkan((with recursive m(id) as (
      select unnest(v) union select g.utama_id from m join dtks_penggabungan g on g.kalah_id = m.id and g.dibatalkan_at is null)
    select array_agg(id) from m)) where v is not null;
  perform cek_segarkan_kembar(v_kunci);
  return null;
end $$;
create trigger cek_i after insert on dtks_individu referencing new table as baru for each statement execute function cek_dari_individu();
create trigger cek_u after update on dtks_individu referencing new table as baru old table as lama for each statement execute function cek_dari_individu();
create trigger cek_d after delete on dtks_individu referencing old table as lama for each statement execute function cek_dari_individu();

create or replace function cek_dari_gabung() returns trigger language plpgsql as $$
declare v uuid[];
begin
  if tg_op = 'INSERT' then
    select array_agg(x) into v from baru, unnest(array[utama_id, kalah_id]) x;
  elsif tg_op = 'DELETE' then
    select array_agg(x) into v from lama, unnest(array[utama_id, kalah_id]) x;
  else
    select array_agg(x) into v from (select * from baru union all select * from lama) s, unnest(array[utama_id, kalah_id]) x;
  end if;
  perform cek_segarkan((with recursive m(id) as (
      select unnest(v) union select g.utama_id from m join dtks_penggabungan g on g.kalah_id = m.id and g.dibatalkan_at is null)
    select array_agg(id) from m)) where v is not null;
  return null;
end $$;
create trigger cek_i after insert on dtks_penggabungan referencing new table as baru for each statement execute function cek_dari_gabung();
create trigger cek_u after update on dtks_penggabungan referencing new table as baru old table as lama for each statement execute function cek_dari_gabung();
create trigger cek_d after delete on dtks_penggabungan referencing old table as lama for each statement execute function cek_dari_gabung();

select cek_segarkan_semua();
