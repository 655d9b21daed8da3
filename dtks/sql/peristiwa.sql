-- What happened is not unmade: records and versions are only added, a decided request stays as it was decided.
create trigger beku before update or delete or truncate on dtks_peristiwa for each statement execute function alur_riwayat_beku();
create trigger beku before update or delete or truncate on dtks_versikeluarga for each statement execute function alur_riwayat_beku();

create or replace function pindah_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.status <> 'diminta' then
    raise exception 'Permintaan pindah yang sudah diputus tidak boleh diubah.' using errcode = '42501';
  end if;
  if (new.keluarga_id, new.individu_id, new.dari_id, new.ke_id, new.diminta_by_id, new.created_at)
     is distinct from (old.keluarga_id, old.individu_id, old.dari_id, old.ke_id, old.diminta_by_id, old.created_at) then
    raise exception 'Isi permintaan pindah tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger beku before update or delete on dtks_permintaanpindah for each row execute function pindah_beku();
create trigger beku_kosongkan before truncate on dtks_permintaanpindah for each statement execute function alur_riwayat_beku();

select jejak_lindungi(t) from unnest(array['dtks_peristiwa', 'dtks_versikeluarga', 'dtks_permintaanpindah']) t;
