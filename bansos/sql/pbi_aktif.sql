-- What the ministry's list says stays as it came; a row goes only with its file when that is taken back.
create or replace function pbiaktif_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and exists (select 1 from dtks_impor i where i.id = old.impor_id and i.status = 'dibatalkan') then
    return old;
  end if;
  raise exception 'Catatan PBI aktif otomatis tidak boleh diubah atau dihapus.' using errcode = '42501';
end $$;
create trigger pbiaktif_beku before update or delete on bansos_pbiaktif for each row execute function pbiaktif_beku();

select jejak_lindungi('bansos_pbiaktif');
