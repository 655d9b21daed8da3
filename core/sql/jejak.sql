-- Tamper evidence. See core/models.py and docs/adr/0004.

create or replace function jejak_tx() returns uuid language plpgsql as $$
declare v text := current_setting('dtks.tx', true);
begin
  if v is null or v = '' then
    v := gen_random_uuid()::text;
    perform set_config('dtks.tx', v, true);           -- local: gone at commit, undone with a savepoint
    insert into core_jejaktx(tx) values (v::uuid);
  end if;
  return v::uuid;
end $$;

create or replace function jejak_aksi() returns trigger language plpgsql as $$
begin
  new.tx := jejak_tx();
  new.pada := clock_timestamp();
  return new;
end $$;
create trigger jejak_aksi before insert on core_jejak for each row execute function jejak_aksi();

-- What a transaction did, as bytes, in one fixed spelling.
create or replace function jejak_isi(p_tx uuid) returns bytea language sql stable
  set timezone to 'UTC' set bytea_output to 'hex' set extra_float_digits to '1' as $$
  select sha256(convert_to(
    coalesce((select string_agg(to_jsonb(j)::text, E'\n' order by j.id) from core_jejak j where j.tx = p_tx), '')
    || E'\n--\n' ||
    coalesce((select string_agg(concat_ws('|', b.id, b.tabel, b.kunci, b.op, encode(b.sidik, 'hex')), E'\n' order by b.id)
              from core_jejakbaris b where b.tx = p_tx), ''), 'UTF8'))
$$;

create or replace function jejak_hash(p_sebelum bytea, p_rantai text, p_urut bigint, p_tx uuid, p_aksi int,
                                      p_baris int, p_isi bytea, p_pada timestamptz)
  returns bytea language sql immutable as $$
  select sha256(p_sebelum || convert_to(concat_ws('|', p_rantai, p_urut, p_tx, p_aksi, p_baris,
                encode(p_isi, 'hex'), extract(epoch from p_pada)), 'UTF8'))
$$;

create or replace function jejak_segel() returns trigger language plpgsql as $$
declare r text; k core_kepalarantai; v_isi bytea; na int; nb int; h bytea; ts timestamptz := clock_timestamp();
begin
  select rantai into r from core_jejak where tx = new.tx order by id limit 1;
  r := coalesce(r, 'ID');
  insert into core_kepalarantai(rantai, urut, hash) values (r, 0, '\x00') on conflict do nothing;
  select count(*) into na from core_jejak where tx = new.tx;
  select count(*) into nb from core_jejakbaris where tx = new.tx;
  v_isi := jejak_isi(new.tx);
  select * into k from core_kepalarantai where rantai = r for update;
  h := jejak_hash(k.hash, r, k.urut + 1, new.tx, na, nb, v_isi, ts);
  insert into core_segel(rantai, urut, tx, jumlah_aksi, jumlah_baris, isi, sebelum, hash, pada)
    values (r, k.urut + 1, new.tx, na, nb, v_isi, k.hash, h, ts);
  update core_kepalarantai set urut = k.urut + 1, hash = h where rantai = r;
  perform set_config('dtks.tx', '', true);             -- later writes of this transaction get a link of their own
  return null;
end $$;
create constraint trigger jejak_segel after insert on core_jejaktx
  deferrable initially deferred for each row execute function jejak_segel();

-- A new nullable column changes no fingerprint, so columns that are null are left out. Only whole columns: a null inside a
-- JSON column is content, and jsonb_strip_nulls would have let it be taken out unseen. It is five times as fast, so it does
-- the work of every row that has no null inside a column.
create or replace function jejak_sidik(p jsonb) returns bytea language sql immutable as $$
  select sha256(convert_to((case when p @? '$.*.**{1 to last} ? (@ == null)'
      then (select coalesce(jsonb_object_agg(k.key, k.value) filter (where k.value <> 'null'), '{}') from jsonb_each(p) k)
      else jsonb_strip_nulls(p) end)::text, 'UTF8'))
$$;

-- The same bytes as one expression, which PostgreSQL puts in the place of the call (`stable`, as jsonb_strip_nulls is): calling costs as
-- much as the work. Its value must be ready, `from (select to_jsonb(t) as r from t offset 0)`, or the row is turned into JSON three times.
create or replace function jejak_sidik_cepat(p jsonb) returns bytea language sql stable as $$
  select case when p @? '$.*.**{1 to last} ? (@ == null)' then jejak_sidik(p) else sha256(convert_to(jsonb_strip_nulls(p)::text, 'UTF8')) end
$$;

-- Primary key of a watched row: `id`, or `kode` for reference data.
create or replace function jejak_kunci(p jsonb) returns text language sql immutable as $$
  select coalesce(p ->> 'id', p ->> 'kode')
$$;

create or replace function jejak_baris() returns trigger language plpgsql
  set timezone to 'UTC' set bytea_output to 'hex' set extra_float_digits to '1' as $$
declare v_tx uuid;
begin
  if tg_op = 'DELETE' then
    if exists (select 1 from lama) then
      v_tx := jejak_tx();
      insert into core_jejakbaris(tx, tabel, kunci, op, sidik)
        select v_tx, tg_table_name, jejak_kunci(j.r), 'D', null from (select to_jsonb(l) as r from lama l offset 0) j;
    end if;
  elsif exists (select 1 from baru) then
    v_tx := jejak_tx();
    insert into core_jejakbaris(tx, tabel, kunci, op, sidik)  -- by key: neighbours in its index
      select v_tx, tg_table_name, s.kunci, left(tg_op, 1), s.sidik from (
        select jejak_kunci(j.r) as kunci, jejak_sidik_cepat(j.r) as sidik from (select to_jsonb(b) as r from baru b offset 0) j order by 1) s;
  end if;
  return null;
end $$;

-- Put a table under watch. Its primary key is `id` or `kode`.
create or replace function jejak_lindungi(p_tabel text) returns void language plpgsql as $$
begin
  execute format('drop trigger if exists jejak_i on %1$I; drop trigger if exists jejak_u on %1$I; drop trigger if exists jejak_d on %1$I', p_tabel);
  execute format('create trigger jejak_i after insert on %I referencing new table as baru for each statement execute function jejak_baris()', p_tabel);
  execute format('create trigger jejak_u after update on %I referencing new table as baru old table as lama for each statement execute function jejak_baris()', p_tabel);
  execute format('create trigger jejak_d after delete on %I referencing old table as lama for each statement execute function jejak_baris()', p_tabel);
end $$;

-- After a migration that rewrites rows (a new NOT NULL column, a dropped one): take fingerprints anew, as an act.
create or replace function jejak_sidik_ulang(p_tabel text, p_alasan text) returns void language plpgsql
  set timezone to 'UTC' set bytea_output to 'hex' set extra_float_digits to '1' as $$
begin
  insert into core_jejak(rantai, aksi, objek_jenis, objek_id, aktor_id, aktor_nama, peran, wilayah, rincian)
    values ('ID', 'sidik_ulang', p_tabel, '*', '', 'migrasi', '', '', jsonb_build_object('alasan', p_alasan));
  execute format('insert into core_jejakbaris(tx, tabel, kunci, op, sidik)
    select jejak_tx(), %L, jejak_kunci(j.r), ''R'', jejak_sidik_cepat(j.r) from (select to_jsonb(t) as r from %I t offset 0) j', p_tabel, p_tabel);
end $$;

create or replace function jejak_beku() returns trigger language plpgsql as $$
begin
  raise exception 'Jejak audit tidak boleh diubah atau dihapus (%).', tg_table_name using errcode = '42501';
end $$;
create trigger beku before update or delete or truncate on core_jejak for each statement execute function jejak_beku();
create trigger beku before update or delete or truncate on core_jejakbaris for each statement execute function jejak_beku();
create trigger beku before update or delete or truncate on core_segel for each statement execute function jejak_beku();
create trigger beku before update or delete or truncate on core_jejaktx for each statement execute function jejak_beku();

-- Every breach of the trail, one row each: (bagian, kunci, kalimat). Set-based, read-only.
create or replace function jejak_periksa() returns table(bagian text, kunci text, kalimat text) language plpgsql stable
  set timezone to 'UTC' set bytea_output to 'hex' set extra_float_digits to '1' as $$
declare t record;
begin
  return query
    select 'core_segel', s.rantai || ' #' || s.urut,
           'Mata rantai jejak audit tidak cocok dengan isinya atau dengan mata rantai sebelumnya.'
    from (select g.*, lag(g.hash) over w as ph, lag(g.urut) over w as pu from core_segel g
          window w as (partition by g.rantai order by g.urut)) s
    where s.sebelum is distinct from coalesce(s.ph, '\x00'::bytea) or s.urut <> coalesce(s.pu, 0) + 1
       or s.hash is distinct from jejak_hash(s.sebelum, s.rantai::text, s.urut, s.tx, s.jumlah_aksi, s.jumlah_baris, s.isi, s.pada)
       or s.rantai <> coalesce((select j.rantai from core_jejak j where j.tx = s.tx order by j.id limit 1), 'ID');
  return query
    select 'core_jejak', s.rantai || ' #' || s.urut, 'Isi jejak audit pada transaksi ini berubah setelah disegel (tx ' || s.tx || ').'
    from core_segel s where s.isi is distinct from jejak_isi(s.tx)
       or s.jumlah_aksi <> (select count(*) from core_jejak j where j.tx = s.tx)
       or s.jumlah_baris <> (select count(*) from core_jejakbaris b where b.tx = s.tx);
  return query
    select 'core_kepalarantai', rantai::text, 'Kepala rantai tidak sama dengan mata rantai terakhir.'
    from core_kepalarantai k full join
      (select distinct on (g.rantai) g.rantai, g.urut, g.hash from core_segel g order by g.rantai, g.urut desc) l using (rantai)
    where k.urut is distinct from l.urut or k.hash is distinct from l.hash;
  return query
    select 'core_jejak', j.id::text, 'Baris jejak tanpa segel.' from core_jejak j
    where not exists (select 1 from core_segel s where s.tx = j.tx)
    union all
    select 'core_jejakbaris', b.id::text, 'Sidik baris tanpa segel.' from core_jejakbaris b
    where not exists (select 1 from core_segel s where s.tx = b.tx)
    union all
    select 'core_jejaktx', x.tx::text, 'Transaksi tanpa segel.' from core_jejaktx x
    where not exists (select 1 from core_segel s where s.tx = x.tx)
    union all
    select 'core_segel', s.rantai || ' #' || s.urut, 'Segel tanpa transaksi.' from core_segel s
    where not exists (select 1 from core_jejaktx x where x.tx = s.tx);
  return query
    select b.tabel::text, b.kunci::text, 'Baris diubah di luar portal (tidak ada tindakan yang mencatatnya), segel ' || s.rantai || ' #' || s.urut || '.'
    from core_segel s join core_jejakbaris b on b.tx = s.tx where s.jumlah_aksi = 0;
  for t in select c.relname as nama from pg_trigger g join pg_class c on c.oid = g.tgrelid
           where g.tgname = 'jejak_u' and not g.tgisinternal order by 1 loop
    return query execute format(
      'with akhir as (select distinct on (kunci) kunci, op, sidik from core_jejakbaris where tabel = %1$L order by kunci, id desc)
       select %1$L::text, coalesce(a.kunci, r.kunci)::text,
         case when r.kunci is null then ''Baris hilang tanpa tindakan hapus.''
              when a.kunci is null or a.op = ''D'' then ''Baris ada tanpa jejak.''
              else ''Isi baris tidak sama dengan sidik terakhirnya.'' end
       from akhir a full join (select jejak_kunci(j.r) as kunci, jejak_sidik_cepat(j.r) as sidik from (select to_jsonb(t) as r from %1$I t offset 0) j) r
         on r.kunci = a.kunci
       where (r.kunci is null and a.op <> ''D'')
          or (r.kunci is not null and (a.kunci is null or a.op = ''D'' or a.sidik is distinct from r.sidik))', t.nama);
    if exists (select 1 from pg_trigger g join pg_class c on c.oid = g.tgrelid
               where c.relname = t.nama and g.tgname like 'jejak\__' and g.tgenabled <> 'O') then
      return query select 'pg_trigger', t.nama::text, 'Pemicu jejak pada tabel ini dimatikan.'::text;
    end if;
  end loop;
end $$;
