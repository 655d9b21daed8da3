select alur_pasang('keberatan', 'diajukan', 'bansos_keberatan', 'bansos_riwayatkeberatan', 'keberatan_id');

-- Who decides an objection had no part in the decision, nor filed the objection.
create or replace function keberatan_orang() returns trigger language plpgsql as $$
declare kini bansos_keberatan;
begin
  if new.langkah not in ('kabulkan', 'tolak') then return null; end if;
  select * into kini from bansos_keberatan where id = new.keberatan_id;
  if new.orang_id is null or (kini.versi = new.urut and kini.pemutus_orang_id is distinct from new.orang_id) then
    raise exception 'Keberatan: orang pada langkah % tidak sama dengan yang tercatat.', new.langkah using errcode = '23514';
  end if;
  if exists (select 1 from dtks_riwayatusulan r where r.usulan_id = kini.usulan_id and r.orang_id = new.orang_id
               and r.urut <= kini.urut_putusan and r.langkah in ('ajukan', 'ases', 'verifikasi', 'sahkan', 'tetapkan', 'tolak'))
     or exists (select 1 from accounts_pengguna p where p.id = kini.created_by_id and p.orang_id = new.orang_id) then
    raise exception 'Keberatan: diputus orang yang ikut memutus usulannya.' using errcode = '23514';
  end if;
  return null;
end $$;
create constraint trigger keberatan_orang after insert on bansos_riwayatkeberatan
  deferrable initially deferred for each row execute function keberatan_orang();

-- What was filed stays as it was filed.
create or replace function keberatan_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE'
     or (new.nomor, new.usulan_id, new.urut_putusan, new.putusan_tanggal, new.diterima_tanggal, new.batas_ajukan, new.batas_jawab,
         new.alasan_terlambat, new.pemohon, new.alasan, new.created_by_id) is distinct from
        (old.nomor, old.usulan_id, old.urut_putusan, old.putusan_tanggal, old.diterima_tanggal, old.batas_ajukan, old.batas_jawab,
         old.alasan_terlambat, old.pemohon, old.alasan, old.created_by_id)
     or new.berkas_id is distinct from old.berkas_id then
    raise exception 'Keberatan yang sudah diajukan tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger keberatan_beku before update or delete on bansos_keberatan for each row execute function keberatan_beku();

select jejak_lindungi(t) from unnest(array['bansos_keberatan', 'bansos_riwayatkeberatan']) t;
