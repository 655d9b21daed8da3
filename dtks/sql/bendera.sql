-- No final act over an open flag, whoever writes it (ADR 0017).
create or replace function usulan_bendera() returns trigger language plpgsql as $$
begin
  if new.langkah in ('verifikasi', 'sahkan', 'kirim', 'tetapkan')
     and exists (select 1 from dtks_bendera b where b.usulan_id = new.usulan_id and b.ditutup_at is null) then
    raise exception 'Usulan: masih ada bendera yang terbuka.' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger bendera before insert on dtks_riwayatusulan for each row execute function usulan_bendera();

-- A flag is closed once and stays; its code, case and people do not change hands.
create or replace function bendera_jaga() returns trigger language plpgsql as $$
begin
  if old.ditutup_at is not null or (old.usulan_id, old.kode, old.sumber, old.created_at) is distinct from (new.usulan_id, new.kode, new.sumber, new.created_at) then
    raise exception 'Bendera yang sudah ditutup, dan asal sebuah bendera, tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger jaga before update on dtks_bendera for each row execute function bendera_jaga();
create trigger beku before delete or truncate on dtks_bendera for each statement execute function alur_riwayat_beku();
create trigger beku before update or delete or truncate on dtks_pernyataankerabat for each statement execute function alur_riwayat_beku();

select jejak_lindungi(t) from unnest(array['dtks_pernyataankerabat']) t;
