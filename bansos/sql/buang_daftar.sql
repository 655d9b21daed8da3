-- A list that nobody signed and that a newer one replaced may be thrown away with its rows; everything else stays (aturan.sql).
create or replace function daftar_hapus() returns trigger language plpgsql as $$
begin
  if old.status <> 'digantikan' or old.ditandatangani_at is not null then
    raise exception 'Daftar kelayakan tidak dihapus; ia digantikan atau dicabut.' using errcode = '42501';
  end if;
  return old;
end $$;
drop trigger daftar_jaga on bansos_daftarkelayakan;
create trigger daftar_jaga before insert or update on bansos_daftarkelayakan for each row execute function daftar_jaga();
create trigger daftar_hapus before delete on bansos_daftarkelayakan for each row execute function daftar_hapus();

create or replace function daftar_isi_hapus() returns trigger language plpgsql as $$
begin
  if exists (select 1 from (select distinct daftar_id from lama) l join bansos_daftarkelayakan d on d.id = l.daftar_id
             where d.status <> 'digantikan' or d.ditandatangani_at is not null) then
    raise exception 'Isi daftar kelayakan tidak boleh diubah atau dihapus.' using errcode = '42501';
  end if;
  return null;
end $$;
drop trigger barisdaftar_beku on bansos_barisdaftar;
drop trigger sebabdaftar_beku on bansos_sebabdaftar;
create trigger barisdaftar_beku before update or truncate on bansos_barisdaftar for each statement execute function daftar_beku();
create trigger sebabdaftar_beku before update or truncate on bansos_sebabdaftar for each statement execute function daftar_beku();
create trigger barisdaftar_hapus after delete on bansos_barisdaftar
  referencing old table as lama for each statement execute function daftar_isi_hapus();
create trigger sebabdaftar_hapus after delete on bansos_sebabdaftar
  referencing old table as lama for each statement execute function daftar_isi_hapus();
