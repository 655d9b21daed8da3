-- A decision is taken back only by the person who took it, as the very next step, to the state that it left.
create or replace function usulan_urungkan() returns trigger language plpgsql as $$
declare lalu dtks_riwayatusulan;
begin
  if new.langkah = 'urungkan' then
    select * into lalu from dtks_riwayatusulan where usulan_id = new.usulan_id and urut = new.urut - 1;
    if lalu.langkah is null or lalu.langkah not in ('verifikasi', 'kembalikan', 'tolak', 'tunda') or lalu.dari is distinct from new.ke
       or new.orang_id is null or lalu.orang_id is distinct from new.orang_id then
      raise exception 'Usulan: hanya keputusan terakhir yang bisa diurungkan, oleh yang mengambilnya.' using errcode = '23514';
    end if;
  end if;
  return new;
end $$;
create trigger urungkan before insert on dtks_riwayatusulan for each row execute function usulan_urungkan();

-- The column of the verifier goes back to whoever it was before.
create or replace function usulan_orang_urung() returns trigger language plpgsql as $$
declare kini dtks_usulan; lama uuid;
begin
  if new.langkah <> 'urungkan' then return null; end if;
  select * into kini from dtks_usulan where id = new.usulan_id;
  if kini.versi <> new.urut
     or not exists (select 1 from dtks_riwayatusulan where usulan_id = new.usulan_id and urut = new.urut - 1 and langkah = 'verifikasi') then
    return null;
  end if;
  select r.orang_id into lama from dtks_riwayatusulan r
  where r.usulan_id = new.usulan_id and r.langkah = 'verifikasi' and r.urut < new.urut - 1
    and not exists (select 1 from dtks_riwayatusulan b where b.usulan_id = r.usulan_id and b.urut = r.urut + 1 and b.langkah = 'urungkan')
  order by r.urut desc limit 1;
  if kini.verifikator_orang_id is distinct from lama then
    raise exception 'Usulan: verifikator sesudah urungkan tidak sama dengan sebelumnya.' using errcode = '23514';
  end if;
  return null;
end $$;
create constraint trigger usulan_orang_urung after insert on dtks_riwayatusulan
  deferrable initially deferred for each row execute function usulan_orang_urung();
