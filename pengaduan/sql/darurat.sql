select alur_pasang('darurat', 'diterima', 'pengaduan_kedaruratan', 'pengaduan_riwayatdarurat', 'kedaruratan_id');

-- What was reported stays as it was reported; a case of the case team does not become an open one.
create or replace function kedaruratan_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE'
     or (new.tiket, new.jenis, new.kanal, new.lokasi, new.cerita, new.created_at) is distinct from
        (old.tiket, old.jenis, old.kanal, old.lokasi, old.cerita, old.created_at)
     or (old.peka and not new.peka)
     or (old.usulan_id is not null and new.usulan_id is distinct from old.usulan_id) then
    raise exception 'Laporan darurat yang sudah masuk tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger kedaruratan_beku before update or delete on pengaduan_kedaruratan for each row execute function kedaruratan_beku();

-- A debt that was paid, a referral that was answered and goods that were handed over stay so.
create or replace function darurat_baris_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'Catatan kedaruratan tidak boleh dihapus (%).', tg_table_name using errcode = '42501';
  end if;
  if tg_table_name = 'pengaduan_susulandarurat' then
    if to_jsonb(old) ->> 'selesai_at' is not null and to_jsonb(new) is distinct from to_jsonb(old) then
      raise exception 'Susulan yang sudah dipenuhi tidak boleh diubah.' using errcode = '42501';
    end if;
  elsif to_jsonb(new) - 'pindaian_id' is distinct from to_jsonb(old) - 'pindaian_id' then
    raise exception 'Berita acara serah terima yang sudah terbit tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger darurat_beku before update or delete on pengaduan_susulandarurat for each row execute function darurat_baris_beku();
create trigger darurat_beku before update or delete on pengaduan_penyerahanbarang for each row execute function darurat_baris_beku();
create trigger darurat_beku before delete on pengaduan_rujukan for each row execute function darurat_baris_beku();
create trigger darurat_beku before delete on pengaduan_piket for each row execute function darurat_baris_beku();
create trigger darurat_beku before delete on pengaduan_kejadianbencana for each row execute function darurat_baris_beku();

select jejak_lindungi(t) from unnest(array[
  'pengaduan_kedaruratan', 'pengaduan_riwayatdarurat', 'pengaduan_rujukan', 'pengaduan_susulandarurat', 'pengaduan_piket',
  'pengaduan_kejadianbencana', 'pengaduan_korbankeluarga', 'pengaduan_penyerahanbarang']) t;
