-- A publication is taken back with a reason, never rewritten.
create or replace function pengumuman_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.ditarik_at is not null
     or (to_jsonb(new) - 'ditarik_at' - 'alasan_tarik') is distinct from (to_jsonb(old) - 'ditarik_at' - 'alasan_tarik') then
    raise exception 'Pengumuman yang sudah terbit tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger pengumuman_beku before update or delete on bansos_pengumuman for each row execute function pengumuman_beku();

select jejak_lindungi('bansos_pengumuman');
