-- What a quota gives to the areas below is counted on its own row, so that its constraints refuse one place or rupiah too many
-- whoever writes: the update waits for the row above.
create or replace function kuota_bagi() returns trigger language plpgsql as $$
begin
  if new.induk_id is not null and (tg_op = 'INSERT' or (new.jumlah, new.pagu) is distinct from (old.jumlah, old.pagu)) then
    update bansos_kuota k
    set dibagi = k.dibagi + new.jumlah - coalesce(case when tg_op = 'UPDATE' then old.jumlah end, 0),
        pagu_dibagi = k.pagu_dibagi + coalesce(new.pagu, 0) - coalesce(case when tg_op = 'UPDATE' then old.pagu end, 0), updated_at = now()
    where k.id = new.induk_id;
  end if;
  return null;
end $$;
create trigger kuota_bagi after insert or update on bansos_kuota for each row execute function kuota_bagi();

-- A part belongs to the quota of the same programme and quarter in whose area it lies; once it is in force it stays there.
create or replace function kuota_induk() returns trigger language plpgsql as $$
declare atas bansos_kuota;
begin
  if tg_op = 'UPDATE' and old.versi > 0 and new.induk_id is distinct from old.induk_id then
    raise exception 'Kuota yang sudah berlaku tidak dipindah ke kuota lain.' using errcode = '42501';
  end if;
  if new.induk_id is null then
    if length(new.wilayah_id) > 5 then
      raise exception 'Kuota kecamatan atau desa adalah bagian kuota kabupatennya.' using errcode = '23514';
    end if;
    return new;
  end if;
  select * into atas from bansos_kuota where id = new.induk_id;
  if (atas.program_id, atas.periode) is distinct from (new.program_id, new.periode)
     or not starts_with(new.wilayah_id, atas.wilayah_id || '.') then
    raise exception 'Kuota ini bukan bagian kuota di atasnya.' using errcode = '23514';
  end if;
  if new.versi > 0 and (atas.versi = 0 or (atas.pagu is not null and new.pagu is null)) then
    raise exception 'Bagian kuota memerlukan kuota di atasnya, dan pagu bila di sana ada pagu.' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger kuota_induk before insert or update on bansos_kuota for each row execute function kuota_induk();
