-- The words of an approved version are what papers were made of: they change by a new version only.
create or replace function templat_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.status <> 'draf'
     or (new.jenis, new.wilayah, new.versi, new.isi, new.dasar_hukum, new.berlaku_sejak, new.dibuat_orang)
        is distinct from (old.jenis, old.wilayah, old.versi, old.isi, old.dasar_hukum, old.berlaku_sejak, old.dibuat_orang) then
    raise exception 'Templat surat berubah lewat versi baru, tidak disunting.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger templat_beku before update or delete on core_templatsurat for each row execute function templat_beku();
select jejak_lindungi('core_templatsurat');
