-- Counts of proposals as append-only deltas. See dtks/models/hitungan.py and docs/adr/0015.

create or replace function usulan_hitung() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into dtks_hitunganusulan(wilayah, status, program, jalur, periode, n)
      select left(wilayah_id, 13), status, program, jalur, periode, count(*) from baru group by 1, 2, 3, 4, 5;
  elsif tg_op = 'DELETE' then
    insert into dtks_hitunganusulan(wilayah, status, program, jalur, periode, n)
      select left(wilayah_id, 13), status, program, jalur, periode, -count(*) from lama group by 1, 2, 3, 4, 5;
  else
    insert into dtks_hitunganusulan(wilayah, status, program, jalur, periode, n)
      select left(wilayah_id, 13), status, program, jalur, periode, sum(x)
      from (select wilayah_id, status, program, jalur, periode, 1 as x from baru
            union all
            select wilayah_id, status, program, jalur, periode, -1 from lama) b
      group by 1, 2, 3, 4, 5 having sum(x) <> 0;
  end if;
  return null;
end $$;

create or replace function usulan_hitung_kosong() returns trigger language plpgsql as $$
begin
  truncate dtks_hitunganusulan;
  return null;
end $$;

create trigger hitung_i after insert on dtks_usulan referencing new table as baru for each statement execute function usulan_hitung();
create trigger hitung_u after update on dtks_usulan referencing new table as baru old table as lama for each statement execute function usulan_hitung();
create trigger hitung_d after delete on dtks_usulan referencing old table as lama for each statement execute function usulan_hitung();
create trigger hitung_t after truncate on dtks_usulan for each statement execute function usulan_hitung_kosong();

-- Fold: the small rows of each place into one. Readers and writers are not waited for; two foldings at once are one.
create or replace function usulan_hitung_lipat() returns integer language plpgsql as $$
declare v_n integer;
begin
  if not pg_try_advisory_xact_lock(hashtext('dtks_hitunganusulan')) then
    return 0;
  end if;
  with kecil as (
    delete from dtks_hitunganusulan where not lipat returning wilayah, status, program, jalur, periode, n)
  , tempat as (
    insert into dtks_hitunganusulan as h (wilayah, status, program, jalur, periode, n, lipat)
      select wilayah, status, program, jalur, periode, sum(n), true from kecil group by 1, 2, 3, 4, 5 having sum(n) <> 0
    on conflict (status, wilayah, program, jalur, periode) where lipat do update set n = h.n + excluded.n)
  select count(*) into v_n from kecil;
  delete from dtks_hitunganusulan where lipat and n = 0;
  return v_n;
end $$;

-- Count anew from the proposals themselves: after rows came in with the triggers off. Writers wait meanwhile.
create or replace function usulan_hitung_ulang() returns void language plpgsql as $$
begin
  lock table dtks_usulan in share row exclusive mode;
  perform pg_advisory_xact_lock(hashtext('dtks_hitunganusulan'));
  delete from dtks_hitunganusulan;
  insert into dtks_hitunganusulan(wilayah, status, program, jalur, periode, n, lipat)
    select left(wilayah_id, 13), status, program, jalur, periode, count(*), true from dtks_usulan group by 1, 2, 3, 4, 5;
end $$;
