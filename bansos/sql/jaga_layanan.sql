select alur_pasang('reaktivasi', 'draf', 'bansos_reaktivasipbi', 'bansos_riwayatreaktivasi', 'reaktivasi_id');
select alur_pasang('tinjauan', 'terbuka', 'bansos_tinjauanpenerima', 'bansos_riwayattinjauan', 'tinjauan_id');
select alur_pasang('surat', 'diajukan', 'bansos_permohonansurat', 'bansos_riwayatsurat', 'permohonan_id');

-- What the ministry's list says stays as it came; a row goes only with its file when that is taken back.
create or replace function pbinonaktif_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if not exists (select 1 from dtks_impor i where i.id = old.impor_id and i.status = 'dibatalkan') then
      raise exception 'Catatan PBI nonaktif tidak boleh dihapus.' using errcode = '42501';
    end if;
    return old;
  end if;
  if (to_jsonb(new) - 'individu_id') is distinct from (to_jsonb(old) - 'individu_id')
     or (old.individu_id is not null and new.individu_id is distinct from old.individu_id) then
    raise exception 'Catatan PBI nonaktif tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger pbinonaktif_beku before update or delete on bansos_pbinonaktif for each row execute function pbinonaktif_beku();

-- What was asked stays as it was asked: the person never changes, the papers only while it is a draft.
create or replace function reaktivasi_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE'
     or (new.nomor, new.nonaktif_id, new.nik_indeks, new.wilayah_id, new.nama, new.nonaktif_sejak, new.desil, new.created_by_id, new.created_at)
        is distinct from
        (old.nomor, old.nonaktif_id, old.nik_indeks, old.wilayah_id, old.nama, old.nonaktif_sejak, old.desil, old.created_by_id, old.created_at)
     or (old.status <> 'draf' and (new.kondisi, new.keadaan_mendesak, new.pemohon, new.faskes, new.faskes_tanggal, new.surat_faskes_id, new.sktm_id)
        is distinct from (old.kondisi, old.keadaan_mendesak, old.pemohon, old.faskes, old.faskes_tanggal, old.surat_faskes_id, old.sktm_id))
     or (old.dokumen_id is not null and new.dokumen_id is distinct from old.dokumen_id)
     or (old.diperbarui_at is not null and new.diperbarui_at is distinct from old.diperbarui_at) then
    raise exception 'Permohonan reaktivasi yang sudah dicatat tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger reaktivasi_beku before update or delete on bansos_reaktivasipbi for each row execute function reaktivasi_beku();

create or replace function reaktivasi_orang() returns trigger language plpgsql as $$
declare kini bansos_reaktivasipbi;
begin
  if new.langkah not in ('ajukan', 'verifikasi', 'rekomendasikan') then return null; end if;
  select * into kini from bansos_reaktivasipbi where id = new.reaktivasi_id;
  if new.orang_id is null or (kini.versi = new.urut and new.orang_id is distinct from case new.langkah
       when 'ajukan' then kini.pengaju_orang_id when 'verifikasi' then kini.verifikator_orang_id else kini.penandatangan_orang_id end) then
    raise exception 'Reaktivasi: orang pada langkah % tidak sama dengan yang tercatat.', new.langkah using errcode = '23514';
  end if;
  return null;
end $$;
create constraint trigger reaktivasi_orang after insert on bansos_riwayatreaktivasi
  deferrable initially deferred for each row execute function reaktivasi_orang();

-- The evidence of a review stays as it was found; nobody leaves a list here, so no row goes either.
create or replace function tinjauan_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE'
     or (new.program_id, new.keluarga_id, new.individu_id, new.wilayah_id, new.sebab, new.bukti, new.bukti_tanggal, new.sidik, new.created_at)
        is distinct from
        (old.program_id, old.keluarga_id, old.individu_id, old.wilayah_id, old.sebab, old.bukti, old.bukti_tanggal, old.sidik, old.created_at) then
    raise exception 'Bukti tinjauan tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger tinjauan_beku before update or delete on bansos_tinjauanpenerima for each row execute function tinjauan_beku();

create or replace function permohonan_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE'
     or (new.nomor, new.jenis, new.keperluan, new.keterangan, new.nik_indeks, new.nama, new.individu_id, new.wilayah_id, new.pemohon,
         new.hubungan, new.surat_kuasa_id, new.created_by_id, new.created_at) is distinct from
        (old.nomor, old.jenis, old.keperluan, old.keterangan, old.nik_indeks, old.nama, old.individu_id, old.wilayah_id, old.pemohon,
         old.hubungan, old.surat_kuasa_id, old.created_by_id, old.created_at)
     or (old.dokumen_id is not null and new.dokumen_id is distinct from old.dokumen_id) then
    raise exception 'Permohonan surat yang sudah dicatat tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger permohonan_beku before update or delete on bansos_permohonansurat for each row execute function permohonan_beku();

select jejak_lindungi(t) from unnest(array['bansos_pbinonaktif', 'bansos_reaktivasipbi', 'bansos_riwayatreaktivasi',
  'bansos_tinjauanpenerima', 'bansos_riwayattinjauan', 'bansos_permohonansurat', 'bansos_riwayatsurat']) t;
