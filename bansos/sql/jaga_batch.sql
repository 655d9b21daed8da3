select alur_pasang('batch', 'disusun', 'bansos_batchpengesahan', 'bansos_riwayatbatch', 'batch_id');

-- Three desks, three people: each is remembered by the step itself, and who checks a batch had no hand in a case of it.
create or replace function batch_orang() returns trigger language plpgsql as $$
declare kini bansos_batchpengesahan;
begin
  if new.langkah not in ('serahkan', 'teruskan', 'sahkan') then return null; end if;
  select * into kini from bansos_batchpengesahan where id = new.batch_id;
  if new.orang_id is null
     or (kini.versi = new.urut and new.orang_id is distinct from case new.langkah
           when 'serahkan' then kini.penyusun_orang_id when 'teruskan' then kini.pemeriksa_orang_id else kini.pengesah_orang_id end) then
    raise exception 'Batch: orang pada langkah % tidak sama dengan yang tercatat.', new.langkah using errcode = '23514';
  end if;
  if new.langkah = 'sahkan' and (kini.penyusun_orang_id is null or kini.pemeriksa_orang_id is null) then
    raise exception 'Batch: belum lewat tiga meja.' using errcode = '23514';
  end if;
  if new.langkah = 'teruskan' and exists (
       select 1 from bansos_barisbatch b join dtks_usulan u on u.id = b.usulan_id
       where b.batch_id = new.batch_id and b.aktif
         and new.orang_id in (u.pengusul_orang_id, u.asesor_orang_id, u.verifikator_orang_id)) then
    raise exception 'Batch: pemeriksa sudah menangani salah satu usulan di dalamnya.' using errcode = '23514';
  end if;
  -- Again at the end: a case may have been judged anew since. Its rows are not active any more; those taken out have keluar_at.
  if new.langkah = 'sahkan' and (new.orang_id = kini.pemeriksa_orang_id or exists (
       select 1 from bansos_barisbatch b join dtks_usulan u on u.id = b.usulan_id
       where b.batch_id = new.batch_id and b.keluar_at is null
         and kini.pemeriksa_orang_id in (u.pengusul_orang_id, u.asesor_orang_id, u.verifikator_orang_id, u.pengesah_orang_id))) then
    raise exception 'Batch: pemeriksa sudah menangani salah satu usulan di dalamnya.' using errcode = '23514';
  end if;
  return null;
end $$;
create constraint trigger batch_orang after insert on bansos_riwayatbatch
  deferrable initially deferred for each row execute function batch_orang();

-- What is in a batch changes only while it is on a desk that may change it; a row that left never comes back.
create or replace function batch_isi() returns trigger language plpgsql as $$
declare keadaan text;
begin
  if tg_op = 'DELETE' then
    raise exception 'Usulan keluar dari batch dengan alasan, tidak dihapus.' using errcode = '42501';
  end if;
  select status into keadaan from bansos_batchpengesahan where id = new.batch_id;
  if tg_op = 'INSERT' and keadaan <> 'disusun' then
    raise exception 'Batch tidak sedang disusun; isinya tidak boleh ditambah.' using errcode = '42501';
  end if;
  if tg_op = 'UPDATE' and (new.batch_id <> old.batch_id or new.usulan_id <> old.usulan_id or not old.aktif) then
    raise exception 'Baris batch yang sudah selesai tidak boleh diubah.' using errcode = '42501';
  end if;
  if tg_op = 'UPDATE' and new.keluar_at is not null and keadaan not in ('disusun', 'diserahkan') then
    raise exception 'Usulan hanya dikeluarkan waktu batch disusun atau diperiksa.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger batch_isi before insert or update or delete on bansos_barisbatch for each row execute function batch_isi();

-- A send-off is a fact: only its receipt may be written, once.
create or replace function pengiriman_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.tanda_terima <> ''
     or (new.pengesahan_id, new.urut, new.berkas_id, new.sha256, new.jumlah, new.by_id) is distinct from
        (old.pengesahan_id, old.urut, old.berkas_id, old.sha256, old.jumlah, old.by_id) then
    raise exception 'Catatan pengiriman tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger pengiriman_beku before update or delete on bansos_pengiriman for each row execute function pengiriman_beku();

select jejak_lindungi(t) from unnest(array['bansos_batchpengesahan', 'bansos_riwayatbatch', 'bansos_barisbatch', 'bansos_pengiriman']) t;
