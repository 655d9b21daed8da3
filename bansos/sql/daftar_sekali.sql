-- Rows come with their list, all in one statement, each family (or person) once, and point to what exists; after that nothing touches them.
-- Checked as sets: a unique index over three random keys took longer than the ranking of the list. That there is one statement only: it
-- holds row number 1, whose id (the list's first 64 bits and the number) is there once.
create or replace function barisdaftar_masuk() returns trigger language plpgsql as $$
declare
  jumlah bigint;
  milik uuid[];
  asing boolean;
  pertama uuid;
begin
  select sum(b.n), array_agg(distinct b.daftar_id), bool_or(d.id is null or w.kode is null) into jumlah, milik, asing
    from (select daftar_id, wilayah_id, count(*) as n from baru group by daftar_id, wilayah_id) b
    left join bansos_daftarkelayakan d on d.id = b.daftar_id and length(d.sidik) = 0
    left join wilayah_wilayah w on w.kode = b.wilayah_id;
  if jumlah is null then
    return null;
  end if;
  pertama := (left(replace(milik[1]::text, '-', ''), 16) || '0000000000000001')::uuid;
  if asing or cardinality(milik) > 1 or not exists (select 1 from baru where id = pertama)
     or jumlah <> (select count(*) from (select distinct keluarga_id, individu_id from baru) b join dtks_keluarga k on k.id = b.keluarga_id) then
    raise exception 'Baris daftar kelayakan hanya ditulis bersama daftarnya.' using errcode = '42501';
  end if;
  if exists (select 1 from baru where individu_id is not null)
     and (select count(individu_id) from baru) <> (select count(*) from baru b join dtks_individu i on i.id = b.individu_id) then
    raise exception 'Baris daftar kelayakan hanya ditulis bersama daftarnya.' using errcode = '42501';
  end if;
  return null;
end $$;
