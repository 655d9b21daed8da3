-- What a rule says is fixed once it was submitted; who approves had no part in writing it.
create or replace function aturan_jaga() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.status <> 'draf' then
      raise exception 'Hanya draf aturan yang boleh dibuang.' using errcode = '42501';
    end if;
    return old;
  end if;
  if tg_op = 'INSERT' then
    if new.status not in ('draf', 'diajukan') and new.created_by_id is not null then
      raise exception 'Aturan baru mulai sebagai draf.' using errcode = '42501';
    end if;
    return new;
  end if;
  if old.status <> 'draf' and (new.id, new.program_id, new.wilayah_id, new.versi, new.isi, new.berlaku_sejak, new.created_by_id)
       is distinct from (old.id, old.program_id, old.wilayah_id, old.versi, old.isi, old.berlaku_sejak, old.created_by_id)
     and not (old.status = 'diajukan' and new.status = 'draf') then
    raise exception 'Aturan yang sudah diajukan tidak boleh diubah. Buat versi baru.' using errcode = '42501';
  end if;
  if new.status <> old.status and (old.status, new.status) not in (
       ('draf', 'diajukan'), ('draf', 'dicabut'), ('diajukan', 'draf'), ('diajukan', 'berlaku'), ('diajukan', 'ditolak'),
       ('berlaku', 'dicabut')) then
    raise exception 'Aturan: dari % ke % bukan langkah yang sah.', old.status, new.status using errcode = '23514';
  end if;
  if old.status = 'diajukan' and new.status = 'berlaku' and (new.diputus_by_id is null or exists (
       select 1 from accounts_pengguna a join accounts_pengguna b on b.orang_id = a.orang_id
       where a.id = new.diputus_by_id and b.id in (new.diajukan_by_id, new.created_by_id))) then
    raise exception 'Aturan disetujui orang yang berbeda dari penyusun dan pengajunya.' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger aturan_jaga before insert or update or delete on bansos_aturanprogram for each row execute function aturan_jaga();

-- One rule a day for a programme and area.
create or replace function aturan_tumpang() returns trigger language plpgsql as $$
begin
  if exists (
       select 1 from bansos_aturanprogram a join bansos_aturanprogram b
         on b.program_id = a.program_id and b.wilayah_id is not distinct from a.wilayah_id and b.id <> a.id and b.status = 'berlaku'
        and daterange(a.berlaku_sejak, a.berlaku_hingga, '[]') && daterange(b.berlaku_sejak, b.berlaku_hingga, '[]')
       where a.id = new.id and a.status = 'berlaku') then
    raise exception 'Masa berlaku aturan ini bertumpuk dengan versi lain.' using errcode = '23P01';
  end if;
  return null;
end $$;
create constraint trigger aturan_tumpang after insert or update on bansos_aturanprogram
  deferrable initially deferred for each row execute function aturan_tumpang();

-- A list: what it says never changes; only its standing does, and a signature comes from a second person.
create or replace function daftar_jaga() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'Daftar kelayakan tidak dihapus; ia digantikan atau dicabut.' using errcode = '42501';
  end if;
  if tg_op = 'INSERT' then
    if new.status <> 'dihitung' or new.ditandatangani_by_id is not null then
      raise exception 'Daftar baru selalu belum ditandatangani.' using errcode = '42501';
    end if;
    return new;
  end if;
  if (new.id, new.program_id, new.wilayah_id, new.periode, new.aturan_id, new.kuota, new.snapshot, new.created_by_id)
       is distinct from (old.id, old.program_id, old.wilayah_id, old.periode, old.aturan_id, old.kuota, old.snapshot, old.created_by_id)
     or (length(old.sidik) > 0 and (new.sidik, new.jumlah) is distinct from (old.sidik, old.jumlah))
     or (old.ditandatangani_at is not null and (new.berkas_id, new.ditandatangani_by_id, new.ditandatangani_at)
           is distinct from (old.berkas_id, old.ditandatangani_by_id, old.ditandatangani_at)) then
    raise exception 'Isi daftar kelayakan tidak boleh diubah.' using errcode = '42501';
  end if;
  if new.status <> old.status and (old.status, new.status) not in (
       ('dihitung', 'ditandatangani'), ('dihitung', 'digantikan'), ('dihitung', 'dicabut'), ('digantikan', 'dihitung'),
       ('ditandatangani', 'digantikan'), ('ditandatangani', 'dicabut'))
     or (new.status = 'dihitung' and old.ditandatangani_at is not null) then
    raise exception 'Daftar: dari % ke % bukan langkah yang sah.', old.status, new.status using errcode = '23514';
  end if;
  if new.status = 'ditandatangani' and old.status <> new.status and exists (
       select 1 from accounts_pengguna a join accounts_pengguna b on b.orang_id = a.orang_id
       where a.id = new.ditandatangani_by_id and b.id = new.created_by_id) then
    raise exception 'Daftar ditandatangani orang yang berbeda dari yang menghitungnya.' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger daftar_jaga before insert or update or delete on bansos_daftarkelayakan for each row execute function daftar_jaga();

-- Rows come with their list, all at once, and point to what exists; after that nothing touches them.
create or replace function barisdaftar_masuk() returns trigger language plpgsql as $$
begin
  if exists (select 1 from (select distinct daftar_id, wilayah_id from baru) b
               left join bansos_daftarkelayakan d on d.id = b.daftar_id and length(d.sidik) = 0
               left join wilayah_wilayah w on w.kode = b.wilayah_id
             where d.id is null or w.kode is null)
     or (select count(*) from baru) <> (select count(*) from baru b join dtks_keluarga k on k.id = b.keluarga_id)
     or (select count(individu_id) from baru) <> (select count(*) from baru b join dtks_individu i on i.id = b.individu_id) then
    raise exception 'Baris daftar kelayakan hanya ditulis bersama daftarnya.' using errcode = '42501';
  end if;
  return null;
end $$;
create trigger barisdaftar_masuk after insert on bansos_barisdaftar
  referencing new table as baru for each statement execute function barisdaftar_masuk();

create or replace function daftar_beku() returns trigger language plpgsql as $$
begin
  raise exception 'Isi daftar kelayakan tidak boleh diubah atau dihapus.' using errcode = '42501';
end $$;
create trigger barisdaftar_beku before update or delete or truncate on bansos_barisdaftar for each statement execute function daftar_beku();
create trigger sebabdaftar_beku before update or delete or truncate on bansos_sebabdaftar for each statement execute function daftar_beku();

select jejak_lindungi(t) from unnest(array['bansos_aturanprogram', 'bansos_daftarkelayakan']) t;
