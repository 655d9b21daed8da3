-- A decided request is fixed; a hand-over is a fact: only that its file was taken, or is gone, may be written.
create or replace function permintaan_data_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.status <> 'diminta' then
    raise exception 'Permintaan data yang sudah diputus tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger permintaan_data_beku before update or delete on bansos_permintaandata for each row execute function permintaan_data_beku();

create or replace function serah_data_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or (new.id, new.permintaan_id, new.daftar_id, new.nomor, new.urut, new.tanggal, new.jumlah, new.sha256, new.hingga, new.by_id)
       is distinct from (old.id, old.permintaan_id, old.daftar_id, old.nomor, old.urut, old.tanggal, old.jumlah, old.sha256, old.hingga, old.by_id)
     or (old.diambil_at is not null and new.diambil_at is distinct from old.diambil_at)
     or (new.berkas_id is not null and new.berkas_id is distinct from old.berkas_id) then
    raise exception 'Berita acara serah terima tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger serah_data_beku before update or delete on bansos_serahdata for each row execute function serah_data_beku();

create or replace function serah_data_sah() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from bansos_permintaandata p where p.id = new.permintaan_id and p.status = 'disetujui' and p.berlaku_hingga >= new.tanggal) then
    raise exception 'Data hanya diserahkan atas permintaan yang disetujui dan masih berlaku.' using errcode = '23514';
  end if;
  return null;
end $$;
create trigger serah_data_sah after insert on bansos_serahdata for each row execute function serah_data_sah();

select jejak_lindungi(t) from unnest(array['bansos_permintaandata', 'bansos_serahdata']) t;
