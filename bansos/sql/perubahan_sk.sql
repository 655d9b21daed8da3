-- Recipients by decree in the feed of changes (`penerima/`): a row of a decree is shown while nothing was paid and no newer decree counts.

-- Rows of decrees that name these families and programmes, where the families live now.
create or replace function perubahan_sk_tulis(p_keluarga uuid[], p_program text[]) returns void language sql as $$
  insert into dtks_perubahan(tx, jenis, objek, wilayah)
    select pg_current_xact_id()::text::bigint, 'penerima', b.id, k.wilayah_id
    from (select distinct * from unnest(p_keluarga, p_program) x(keluarga, program)) x
      join dtks_usulan u on u.keluarga_id = x.keluarga
      join bansos_barispenetapan b on b.usulan_id = u.id and b.hasil = 'ditetapkan'
      join bansos_penetapan t on t.id = b.penetapan_id and t.program_id = x.program
      join dtks_keluarga k on k.id = x.keluarga;
$$;

create or replace function perubahan_sk_baris() returns trigger language plpgsql as $$
begin
  perform perubahan_sk_tulis(array_agg(u.keluarga_id), array_agg(t.program_id::text))
    from baru b join dtks_usulan u on u.id = b.usulan_id join bansos_penetapan t on t.id = b.penetapan_id;
  return null;
end $$;
create trigger perubahan_i after insert on bansos_barispenetapan referencing new table as baru for each statement execute function perubahan_sk_baris();

create or replace function perubahan_sk_surat() returns trigger language plpgsql as $$
begin
  perform perubahan_sk_tulis(array_agg(u.keluarga_id), array_agg(t.program_id::text))
    from baru t join lama l on l.id = t.id and l.status <> t.status
      join bansos_barispenetapan b on b.penetapan_id = t.id join dtks_usulan u on u.id = b.usulan_id;
  return null;
end $$;
create trigger perubahan_u after update on bansos_penetapan referencing new table as baru old table as lama for each statement execute function perubahan_sk_surat();

-- A first payment takes the row of the decree away; one that counts no more brings it back.
create or replace function perubahan_sk_bayar() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform perubahan_sk_tulis(array_agg(b.keluarga_id), array_agg(b.program_id::text)) from baru b;
  elsif tg_op = 'UPDATE' then
    perform perubahan_sk_tulis(array_agg(x.keluarga_id), array_agg(x.program_id::text))
      from baru b join lama l on l.id = b.id and (l.berlaku, l.keluarga_id, l.periode) is distinct from (b.berlaku, b.keluarga_id, b.periode)
        cross join lateral (values (b.keluarga_id, b.program_id), (l.keluarga_id, l.program_id)) x(keluarga_id, program_id);
  else
    perform perubahan_sk_tulis(array_agg(l.keluarga_id), array_agg(l.program_id::text)) from lama l;
  end if;
  return null;
end $$;
create trigger perubahan_sk_i after insert on bansos_penyaluran referencing new table as baru for each statement execute function perubahan_sk_bayar();
create trigger perubahan_sk_u after update on bansos_penyaluran referencing new table as baru old table as lama for each statement execute function perubahan_sk_bayar();
create trigger perubahan_sk_d after delete on bansos_penyaluran referencing old table as lama for each statement execute function perubahan_sk_bayar();

-- The row is seen where the family lives: a move is told in either area.
create or replace function perubahan_sk_pindah() returns trigger language plpgsql as $$
begin
  insert into dtks_perubahan(tx, jenis, objek, wilayah)
    select pg_current_xact_id()::text::bigint, 'penerima', s.id, w.kode
    from lama l join baru b on b.id = l.id and b.wilayah_id <> l.wilayah_id
      join dtks_usulan u on u.keluarga_id = b.id join bansos_barispenetapan s on s.usulan_id = u.id and s.hasil = 'ditetapkan'
      cross join lateral (values (l.wilayah_id), (b.wilayah_id)) w(kode);
  return null;
end $$;
create trigger perubahan_sk_u after update on dtks_keluarga referencing new table as baru old table as lama for each statement execute function perubahan_sk_pindah();
