-- Files in. The file is a case of its own: every state of it is an act.
select jejak_lindungi('dtks_impor');

-- Answers of the civil registry are append-only, with one door: an answer about a person whom an import made goes with
-- that person when the import is taken back (docs/adr/0009). The person is gone at the end of the same transaction.
create or replace function hasilpadan_beku() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from dtks_barisimpor b join dtks_impor i on i.id = b.impor_id
                 where b.individu = old.individu_id and 'individu' = any(b.dibuat) and i.status = 'dibatalkan') then
    raise exception 'Riwayat tidak boleh diubah atau dihapus (%).', tg_table_name using errcode = '42501';
  end if;
  return old;
end $$;
drop trigger if exists hasilpadan_beku on dtks_hasilpadan;
create trigger hasilpadan_beku before update or truncate on dtks_hasilpadan for each statement execute function alur_riwayat_beku();
create trigger hasilpadan_beku_hapus before delete on dtks_hasilpadan for each row execute function hasilpadan_beku();
