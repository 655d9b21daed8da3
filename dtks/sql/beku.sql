-- A frozen family's proposal stands still in the village too, whoever writes it; at the Dinas its flag holds it (docs/adr/0042).
create or replace function usulan_dibekukan() returns trigger language plpgsql as $$
begin
  if exists (select 1 from dtks_keluarga k where k.id = new.keluarga_id and k.dibekukan_at is not null) then
    raise exception 'Usulan: data keluarga ini dibekukan.' using errcode = '23514';
  end if;
  return new;
end $$;
create or replace trigger a_dibekukan before update of status on dtks_usulan for each row
  when (new.status is distinct from old.status and old.status in ('draf', 'diajukan', 'dimusyawarahkan', 'disepakati'))
  execute function usulan_dibekukan();
