-- Places held are counted by the database, so that the constraints of bansos_kuota refuse one too many whoever writes.
create or replace function kuota_hitung() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    update bansos_kuota k set terisi = k.terisi + s.n, terpakai = k.terpakai + s.nilai, updated_at = now()
    from (select kuota_id, count(*) as n, sum(nilai) as nilai from baru where status = 'terisi' group by 1) s where k.id = s.kuota_id;
  else
    update bansos_kuota k set terisi = k.terisi - s.n, terpakai = k.terpakai - s.nilai, updated_at = now()
    from (select b.kuota_id, count(*) as n, sum(b.nilai) as nilai from baru b join lama l using (id)
          where l.status = 'terisi' and b.status = 'lepas' group by 1) s where k.id = s.kuota_id;
  end if;
  return null;
end $$;
create trigger kuota_hitung_i after insert on bansos_pengisiankuota referencing new table as baru
  for each statement execute function kuota_hitung();
create trigger kuota_hitung_u after update on bansos_pengisiankuota referencing new table as baru old table as lama
  for each statement execute function kuota_hitung();

-- Who had a place keeps the row: it may be left once, with its reason, and is never taken again or deleted.
create or replace function pengisiankuota_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.status = 'lepas' or new.status <> 'lepas'
     or (new.kuota_id, new.keluarga_id, new.individu_id, new.baris_id, new.peringkat, new.nilai, new.asal, new.alasan,
         new.menggantikan_id, new.diisi_by_id, new.diisi_at) is distinct from
        (old.kuota_id, old.keluarga_id, old.individu_id, old.baris_id, old.peringkat, old.nilai, old.asal, old.alasan,
         old.menggantikan_id, old.diisi_by_id, old.diisi_at) then
    raise exception 'Tempat kuota hanya boleh dilepas sekali, dengan alasan.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger pengisiankuota_beku before update or delete on bansos_pengisiankuota for each row execute function pengisiankuota_beku();

-- The places and the ceiling are what an approved change says, word for word.
create or replace function kuota_jumlah() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'Kuota tidak dihapus.' using errcode = '42501';
  end if;
  if tg_op = 'UPDATE' and (new.program_id, new.wilayah_id, new.periode) is distinct from (old.program_id, old.wilayah_id, old.periode) then
    raise exception 'Program, wilayah, dan triwulan kuota tidak boleh diubah.' using errcode = '42501';
  end if;
  if (new.versi = 0 and (new.jumlah <> 0 or new.pagu is not null)) or (new.versi > 0 and not exists (
       select 1 from bansos_perubahankuota p where p.kuota_id = new.id and p.nomor = new.versi and p.status = 'disetujui'
         and p.jumlah = new.jumlah and p.pagu is not distinct from new.pagu)) then
    raise exception 'Kuota hanya berubah lewat perubahan yang disetujui dua unit.' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger kuota_jumlah before insert or update or delete on bansos_kuota for each row execute function kuota_jumlah();

-- What was proposed stays as proposed; what was decided stays decided.
create or replace function perubahankuota_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.status <> 'diusulkan'
     or (new.kuota_id, new.nomor, new.jumlah_lama, new.jumlah, new.pagu_lama, new.pagu, new.alasan, new.dasar_hukum, new.sumber,
         new.status_verifikasi, new.diusulkan_by_id, new.diusulkan_orang_id, new.unit_pengusul, new.diusulkan_at) is distinct from
        (old.kuota_id, old.nomor, old.jumlah_lama, old.jumlah, old.pagu_lama, old.pagu, old.alasan, old.dasar_hukum, old.sumber,
         old.status_verifikasi, old.diusulkan_by_id, old.diusulkan_orang_id, old.unit_pengusul, old.diusulkan_at) then
    raise exception 'Perubahan kuota yang sudah diusulkan tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger perubahankuota_beku before update or delete on bansos_perubahankuota for each row execute function perubahankuota_beku();

-- A hit on a list keeps what it was; only its state moves. It goes only with the import that brought it.
create or replace function butirpengecualian_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if exists (select 1 from dtks_impor i where i.id = old.impor_id and i.status = 'dibatalkan') and old.status = 'berlaku' then
      return old;
    end if;
    raise exception 'Butir pengecualian hanya hilang bersama berkasnya.' using errcode = '42501';
  end if;
  if (new.sumber_id, new.wilayah_id, new.nik_indeks, new.asal, new.tanggal_data, new.berlaku_hingga, new.keterangan, new.impor_id, new.nomor,
      new.menggantikan_id) is distinct from
     (old.sumber_id, old.wilayah_id, old.nik_indeks, old.asal, old.tanggal_data, old.berlaku_hingga, old.keterangan, old.impor_id, old.nomor,
      old.menggantikan_id) then
    raise exception 'Isi butir pengecualian tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger butirpengecualian_beku before update or delete on bansos_butirpengecualian for each row execute function butirpengecualian_beku();

create or replace function sanggahbutir_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.status <> 'diajukan'
     or (new.butir_id, new.individu_id, new.alasan, new.rujukan, new.berkas_id, new.batas_jawab, new.created_by_id, new.created_orang_id)
        is distinct from
        (old.butir_id, old.individu_id, old.alasan, old.rujukan, old.berkas_id, old.batas_jawab, old.created_by_id, old.created_orang_id) then
    raise exception 'Sanggah data yang sudah diajukan tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger sanggahbutir_beku before update or delete on bansos_sanggahbutir for each row execute function sanggahbutir_beku();

select jejak_lindungi(t) from unnest(array['bansos_kuota', 'bansos_perubahankuota', 'bansos_pengisiankuota', 'bansos_butirpengecualian',
  'bansos_sanggahbutir']) t;
