-- The feed of changes (dtks/models/perubahan.py). Statement triggers: one insert for a whole import.

create or replace function perubahan_keluarga() returns trigger language plpgsql as $$
declare v bigint := pg_current_xact_id()::text::bigint;
begin
  if tg_op = 'UPDATE' then
    insert into dtks_perubahan(tx, jenis, objek, wilayah)
      select v, 'keluarga', b.id, b.wilayah_id from baru b
      union all select v, 'keluarga', l.id, l.wilayah_id from lama l join baru b on b.id = l.id where b.wilayah_id <> l.wilayah_id;
    insert into dtks_perubahan(tx, jenis, objek, wilayah)
      select v, 'individu', i.id, w.kode from lama l join baru b on b.id = l.id and b.wilayah_id <> l.wilayah_id
        join dtks_individu i on i.keluarga_id = b.id cross join lateral (values (l.wilayah_id), (b.wilayah_id)) w(kode);
  elsif tg_op = 'INSERT' then
    insert into dtks_perubahan(tx, jenis, objek, wilayah) select v, 'keluarga', b.id, b.wilayah_id from baru b;
  else
    insert into dtks_perubahan(tx, jenis, objek, wilayah) select v, 'keluarga', l.id, l.wilayah_id from lama l;
  end if;
  return null;
end $$;
create trigger perubahan_i after insert on dtks_keluarga referencing new table as baru for each statement execute function perubahan_keluarga();
create trigger perubahan_u after update on dtks_keluarga referencing new table as baru old table as lama for each statement execute function perubahan_keluarga();
create trigger perubahan_d after delete on dtks_keluarga referencing old table as lama for each statement execute function perubahan_keluarga();

-- A person's change is a change of the family card too; who moves to another family leaves the first one's area.
create or replace function perubahan_individu() returns trigger language plpgsql as $$
declare v bigint := pg_current_xact_id()::text::bigint;
begin
  if tg_op = 'UPDATE' then
    insert into dtks_perubahan(tx, jenis, objek, wilayah)
      select v, 'individu', b.id, k.wilayah_id from baru b join dtks_keluarga k on k.id = b.keluarga_id
      union all select v, 'individu', l.id, k.wilayah_id from lama l join baru b on b.id = l.id and b.keluarga_id <> l.keluarga_id
        join dtks_keluarga k on k.id = l.keluarga_id
      union all select distinct v, 'keluarga', k.id, k.wilayah_id from (select keluarga_id from baru union select keluarga_id from lama) b
        join dtks_keluarga k on k.id = b.keluarga_id;
  elsif tg_op = 'INSERT' then
    insert into dtks_perubahan(tx, jenis, objek, wilayah)
      select v, 'individu', b.id, k.wilayah_id from baru b join dtks_keluarga k on k.id = b.keluarga_id
      union all select distinct v, 'keluarga', k.id, k.wilayah_id from baru b join dtks_keluarga k on k.id = b.keluarga_id;
  else
    insert into dtks_perubahan(tx, jenis, objek, wilayah)
      select v, 'individu', l.id, k.wilayah_id from lama l join dtks_keluarga k on k.id = l.keluarga_id
      union all select distinct v, 'keluarga', k.id, k.wilayah_id from lama l join dtks_keluarga k on k.id = l.keluarga_id;
  end if;
  return null;
end $$;
create trigger perubahan_i after insert on dtks_individu referencing new table as baru for each statement execute function perubahan_individu();
create trigger perubahan_u after update on dtks_individu referencing new table as baru old table as lama for each statement execute function perubahan_individu();
create trigger perubahan_d after delete on dtks_individu referencing old table as lama for each statement execute function perubahan_individu();

create or replace function perubahan_usulan() returns trigger language plpgsql as $$
declare v bigint := pg_current_xact_id()::text::bigint;
begin
  if tg_op = 'UPDATE' then
    insert into dtks_perubahan(tx, jenis, objek, wilayah)
      select v, 'usulan', b.id, b.wilayah_id from baru b
      union all select v, 'usulan', l.id, l.wilayah_id from lama l join baru b on b.id = l.id where b.wilayah_id <> l.wilayah_id;
  elsif tg_op = 'INSERT' then
    insert into dtks_perubahan(tx, jenis, objek, wilayah) select v, 'usulan', b.id, b.wilayah_id from baru b;
  else
    insert into dtks_perubahan(tx, jenis, objek, wilayah) select v, 'usulan', l.id, l.wilayah_id from lama l;
  end if;
  return null;
end $$;
create trigger perubahan_i after insert on dtks_usulan referencing new table as baru for each statement execute function perubahan_usulan();
create trigger perubahan_u after update on dtks_usulan referencing new table as baru old table as lama for each statement execute function perubahan_usulan();
create trigger perubahan_d after delete on dtks_usulan referencing old table as lama for each statement execute function perubahan_usulan();

-- What a family's card shows beside its own columns. `baru` is the table that the trigger hands over, whichever it is.
create or replace function perubahan_milik_keluarga() returns trigger language plpgsql as $$
begin
  insert into dtks_perubahan(tx, jenis, objek, wilayah)
    select distinct pg_current_xact_id()::text::bigint, 'keluarga', k.id, k.wilayah_id from baru b join dtks_keluarga k on k.id = b.keluarga_id;
  return null;
end $$;
create trigger perubahan_i after insert on dtks_desil referencing new table as baru for each statement execute function perubahan_milik_keluarga();
create trigger perubahan_u after update on dtks_desil referencing new table as baru for each statement execute function perubahan_milik_keluarga();
create trigger perubahan_d after delete on dtks_desil referencing old table as baru for each statement execute function perubahan_milik_keluarga();

create or replace function perubahan_ppks() returns trigger language plpgsql as $$
begin
  insert into dtks_perubahan(tx, jenis, objek, wilayah)
    select distinct pg_current_xact_id()::text::bigint, j.jenis, case j.jenis when 'individu' then i.id else k.id end, k.wilayah_id
    from baru b join dtks_individu i on i.id = b.individu_id join dtks_keluarga k on k.id = i.keluarga_id
      cross join (values ('individu'), ('keluarga')) j(jenis);
  return null;
end $$;
create trigger perubahan_i after insert on dtks_anggotappks referencing new table as baru for each statement execute function perubahan_ppks();
create trigger perubahan_u after update on dtks_anggotappks referencing new table as baru for each statement execute function perubahan_ppks();
create trigger perubahan_d after delete on dtks_anggotappks referencing old table as baru for each statement execute function perubahan_ppks();
