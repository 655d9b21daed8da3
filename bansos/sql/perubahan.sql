-- Payments in the feed of changes (dtks/sql/perubahan.sql).
create or replace function perubahan_penerima() returns trigger language plpgsql as $$
declare v bigint := pg_current_xact_id()::text::bigint;
begin
  if tg_op <> 'DELETE' then
    insert into dtks_perubahan(tx, jenis, objek, wilayah) select v, 'penerima', b.id, b.wilayah_id from baru b;
  end if;
  if tg_op = 'UPDATE' then
    insert into dtks_perubahan(tx, jenis, objek, wilayah)
      select v, 'penerima', l.id, l.wilayah_id from lama l join baru b on b.id = l.id where b.wilayah_id <> l.wilayah_id;
  elsif tg_op = 'DELETE' then
    insert into dtks_perubahan(tx, jenis, objek, wilayah) select v, 'penerima', l.id, l.wilayah_id from lama l;
  end if;
  return null;
end $$;
create trigger perubahan_i after insert on bansos_penyaluran referencing new table as baru for each statement execute function perubahan_penerima();
create trigger perubahan_u after update on bansos_penyaluran referencing new table as baru old table as lama for each statement execute function perubahan_penerima();
create trigger perubahan_d after delete on bansos_penyaluran referencing old table as lama for each statement execute function perubahan_penerima();
