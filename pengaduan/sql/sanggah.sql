select alur_pasang('sanggah', 'diterima', 'pengaduan_perkarasanggah', 'pengaduan_riwayatsanggah', 'perkara_id');
select alur_pasang('sanggah_data', 'diterima', 'pengaduan_sanggahdata', 'pengaduan_riwayatsanggahdata', 'sanggah_id');

-- What somebody said stays as it was said; what belongs to a case stays in it.
create or replace function sanggah_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE'
     or (new.tiket, new.keluarga_id, new.wilayah_id, new.usulan_id, new.alasan_id, new.cerita, new.nama_dimaksud, new.nama_cocok, new.foto_id,
         new.patokan, new.luar_jendela, new.created_at) is distinct from
        (old.tiket, old.keluarga_id, old.wilayah_id, old.usulan_id, old.alasan_id, old.cerita, old.nama_dimaksud, old.nama_cocok, old.foto_id,
         old.patokan, old.luar_jendela, old.created_at)
     or (new.proses_mulai is distinct from old.proses_mulai and (old.perkara_id is not null or new.proses_mulai > old.proses_mulai))
     or new.baris_id is distinct from old.baris_id or new.putusan_id is distinct from old.putusan_id
     or new.lintang is distinct from old.lintang or new.bujur is distinct from old.bujur
     or (old.perkara_id is not null and new.perkara_id is distinct from old.perkara_id)
     or (old.ditarik_at is not null and new.ditarik_at is distinct from old.ditarik_at) then
    raise exception 'Sanggah yang sudah dikirim tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger sanggah_beku before update or delete on pengaduan_sanggah for each row execute function sanggah_beku();

-- Who objected is never rewritten; only a photo of the KTP may come later, or another one for as long as the Dinas asks for it.
create or replace function penyanggah_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or (to_jsonb(new) - 'ktp_id') is distinct from (to_jsonb(old) - 'ktp_id')
     or (old.ktp_id is not null and (new.ktp_id is null or not exists (
       select 1 from pengaduan_sanggah s where s.id = old.sanggah_id and s.identitas = 'diminta_ktp'))) then
    raise exception 'Data penyanggah tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger penyanggah_beku before update or delete on pengaduan_penyanggah for each row execute function penyanggah_beku();

-- The family's answer is hers: written once.
create or replace function hakjawab_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or new.perkara_id <> old.perkara_id or new.tiket <> old.tiket
     or (old.disampaikan is not null and (new.disampaikan, new.cara, new.batas) is distinct from (old.disampaikan, old.cara, old.batas))
     or (old.kanal <> '' and (new.kanal, new.jawaban) is distinct from (old.kanal, old.jawaban))
     or (old.kanal <> '' and new.berkas_id is distinct from old.berkas_id) then
    raise exception 'Hak jawab yang sudah dicatat tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger hakjawab_beku before update or delete on pengaduan_hakjawab for each row execute function hakjawab_beku();

-- Nobody decides a case before the family was heard, in a case of his own, or one in which he objected himself.
create or replace function sanggah_putus() returns trigger language plpgsql as $$
declare kini pengaduan_perkarasanggah;
begin
  if new.langkah not in ('kabulkan', 'tolak') then return null; end if;
  select * into kini from pengaduan_perkarasanggah where id = new.perkara_id;
  if new.orang_id is null or (kini.versi = new.urut and kini.pemutus_orang_id is distinct from new.orang_id) then
    raise exception 'Sanggah: pemutus tidak sama dengan yang tercatat.' using errcode = '23514';
  end if;
  if not exists (select 1 from pengaduan_hakjawab h where h.perkara_id = new.perkara_id and h.kanal <> '') then
    raise exception 'Sanggah: diputus sebelum keluarga didengar.' using errcode = '23514';
  end if;
  if exists (select 1 from pengaduan_riwayatsanggah r where r.perkara_id = new.perkara_id and r.orang_id = new.orang_id
               and r.langkah in ('dengar', 'laporkan', 'catat_jawaban'))
     or exists (select 1 from pengaduan_penyanggah p join pengaduan_sanggah s on s.id = p.sanggah_id
                  join accounts_orang o on o.nik_indeks = p.nik_indeks where s.perkara_id = new.perkara_id and o.id = new.orang_id) then
    raise exception 'Sanggah: diputus orang yang ikut di dalamnya.' using errcode = '23514';
  end if;
  return null;
end $$;
create constraint trigger sanggah_putus after insert on pengaduan_riwayatsanggah
  deferrable initially deferred for each row execute function sanggah_putus();

create or replace function sanggahdata_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE'
     or (new.tiket, new.nik, new.nama, new.lahir, new.wilayah_id, new.salah, new.cerita, new.bukti_id, new.created_at) is distinct from
        (old.tiket, old.nik, old.nama, old.lahir, old.wilayah_id, old.salah, old.cerita, old.bukti_id, old.created_at) then
    raise exception 'Sanggah data yang sudah dikirim tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger sanggahdata_beku before update or delete on pengaduan_sanggahdata for each row execute function sanggahdata_beku();

select jejak_lindungi(t) from unnest(array[
  'pengaduan_perkarasanggah', 'pengaduan_riwayatsanggah', 'pengaduan_fotoperkara', 'pengaduan_hasilsanggah', 'pengaduan_hakjawab',
  'pengaduan_sanggah', 'pengaduan_penyanggah', 'pengaduan_sanggahdata', 'pengaduan_riwayatsanggahdata']) t;
