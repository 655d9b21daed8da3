-- The second wall (core/dinding.py, docs/adr/0034): roles without a login, and how a table gets its policies.
--   dtks_layar       one kabupaten: setting dtks.kab        dtks_layar_luas   some provinces: setting dtks.prov
--   dtks_kerja       sees everything: the portal's own login (jobs, migrations, public pages) is a member
-- Roles belong to the whole server. A login that may not create them is told what an administrator has to run once.
do $$
declare r text;
begin
  foreach r in array array['dtks_layar', 'dtks_layar_luas', 'dtks_kerja'] loop
    if not exists (select from pg_roles where rolname = r) then
      begin
        execute format('create role %I nologin nosuperuser nobypassrls', r);
      exception
        when duplicate_object or unique_violation then null;  -- another database of this server was faster
        when insufficient_privilege then
          raise exception 'peran % belum ada di server ini', r using hint = format(
            'administrator menjalankan sekali: create role dtks_layar nologin; create role dtks_layar_luas nologin; create role dtks_kerja nologin; grant dtks_layar, dtks_layar_luas, dtks_kerja to %I;', current_user);
      end;
    end if;
    if not pg_has_role(current_user, r, 'member') then
      begin
        execute format('grant %I to %I', r, current_user);
      exception when insufficient_privilege then
        raise exception 'peran % belum diberikan kepada %', r, current_user using hint = format(
          'administrator menjalankan sekali: grant dtks_layar, dtks_layar_luas, dtks_kerja to %I;', current_user);
      end;
    end if;
  end loop;
  execute format('grant usage on schema %I to dtks_layar, dtks_layar_luas', current_schema());
  execute format('grant select, insert, update, delete on all tables in schema %I to dtks_layar, dtks_layar_luas', current_schema());
  execute format('grant usage, select on all sequences in schema %I to dtks_layar, dtks_layar_luas', current_schema());
  execute format('alter default privileges in schema %I grant select, insert, update, delete on tables to dtks_layar, dtks_layar_luas', current_schema());
  execute format('alter default privileges in schema %I grant usage, select on sequences to dtks_layar, dtks_layar_luas', current_schema());
end $$;

-- Common to both kinds. FORCE: not even the owner reads without a policy; dtks_kerja is the one that lets it.
create or replace procedure dinding_mulai(p_tabel regclass) language plpgsql as $$
declare p text;
begin
  for p in select polname from pg_policy where polrelid = p_tabel and polname like 'dinding\_%' loop
    execute format('drop policy %I on %s', p, p_tabel);
  end loop;
  execute format('create policy dinding_kerja on %s to dtks_kerja using (true) with check (true)', p_tabel);
  execute format('alter table %s enable row level security, force row level security', p_tabel);
end $$;

-- Comparisons that the planner takes for "nearly every row": the application's own WHERE has found those of the kabupaten already.
-- With >= and < themselves it would believe in one row of two hundred, for it does not know the setting while it plans.
do $$
begin
  if to_regoperator('>=~(text,text)') is null then
    create operator >=~ (leftarg = text, rightarg = text, procedure = text_ge, restrict = neqsel, join = neqjoinsel);
    create operator <~ (leftarg = text, rightarg = text, procedure = text_lt, restrict = neqsel, join = neqjoinsel);
  end if;
end $$;

-- A column with a code of an area: '32.05' and what begins with '32.05.'. A filter over the rows that the application's own WHERE
-- finds by its index, and half as dear as left(code, 5) = .. (docs/kinerja.md). A setting that nobody made, or that is no kabupaten, is NULL: no rows.
create or replace function dinding_kab(p_kolom name) returns text language sql immutable as $$
  select format('%1$I collate "C" >=~ (select case when length(current_setting(''dtks.kab'', true)) = 5 then current_setting(''dtks.kab'', true) end) '
                'and %1$I collate "C" <~ (select current_setting(''dtks.kab'', true) || ''/'')', p_kolom)
$$;

create or replace procedure dinding_kolom(p_tabel regclass, p_kolom name) language plpgsql as $$
begin
  execute format('create policy %I on %s to dtks_layar using (%s)', 'dinding_kab_' || p_kolom, p_tabel, dinding_kab(p_kolom));
  execute format(
    'create policy %I on %s to dtks_layar_luas using (left(%I, 2) = any ((select string_to_array(current_setting(''dtks.prov'', true), '',''))::text[]))',
    'dinding_prov_' || p_kolom, p_tabel, p_kolom);
  execute format('create statistics if not exists %I on (left(%I, 5)) from %s', 'dinding_' || p_tabel::text || '_' || p_kolom, p_kolom, p_tabel);
end $$;

-- A row that belongs to one of another table is seen with it: the policies of that table decide.
create or replace procedure dinding_ikut(p_tabel regclass, p_kolom name, p_induk regclass) language plpgsql as $$
begin
  execute format(
    'create policy %I on %s to dtks_layar, dtks_layar_luas using (exists (select from %s induk where induk.id = %I))',
    'dinding_ikut_' || p_kolom, p_tabel, p_induk, p_kolom);
end $$;
