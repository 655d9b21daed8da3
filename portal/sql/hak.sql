-- Requests about one's own data, and the only door through which frozen evidence is thrown away (docs/adr/0036).
select alur_pasang('hak', 'diajukan', 'portal_permohonanhak', 'portal_riwayathak', 'permohonan_id');

-- Is this transaction a run of erasure that is open? It names itself in dtks.pemusnahan; for a person's request two different
-- persons must have decided it. Whoever sets the name without such a row opens nothing.
create or replace function hak_musnah() returns boolean language plpgsql stable as $$
declare v uuid := nullif(current_setting('dtks.pemusnahan', true), '')::uuid;
begin
  return v is not null and exists (
    select 1 from portal_pemusnahan p left join portal_permohonanhak h on h.id = p.permohonan_id
    where p.id = v and p.selesai_at is null
      and (p.sebab <> 'hak' or (h.jenis = 'HAPUS' and h.status = 'dijalankan' and h.pemutus_orang_id <> h.penilai_orang_id)));
end $$;

create or replace function alur_riwayat_beku() returns trigger language plpgsql as $$
begin
  if tg_op in ('UPDATE', 'DELETE') and hak_musnah() then return null; end if;
  raise exception 'Riwayat tidak boleh diubah atau dihapus (%).', tg_table_name using errcode = '42501';
end $$;

create or replace function hasilpadan_beku() returns trigger language plpgsql as $$
begin
  if not hak_musnah() and not exists (select 1 from dtks_barisimpor b join dtks_impor i on i.id = b.impor_id
                 where b.individu = old.individu_id and 'individu' = any(b.dibuat) and i.status = 'dibatalkan') then
    raise exception 'Riwayat tidak boleh diubah atau dihapus (%).', tg_table_name using errcode = '42501';
  end if;
  return old;
end $$;

create or replace function bendera_jaga() returns trigger language plpgsql as $$
begin
  if (old.ditutup_at is not null or (old.usulan_id, old.kode, old.sumber, old.created_at) is distinct from (new.usulan_id, new.kode, new.sumber, new.created_at))
     and not (hak_musnah() and (to_jsonb(new) - '{kalimat,alasan_tutup}'::text[]) is not distinct from (to_jsonb(old) - '{kalimat,alasan_tutup}'::text[])) then
    raise exception 'Bendera yang sudah ditutup, dan asal sebuah bendera, tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;

-- The words about a family go; who was on the agenda, the decision and the votes stay.
create or replace function musyawarah_isi_beku() returns trigger language plpgsql as $$
begin
  if (tg_op <> 'INSERT' and musyawarah_tutup(old.musyawarah_id)) or (tg_op <> 'DELETE' and musyawarah_tutup(new.musyawarah_id)) then
    if tg_op = 'UPDATE' and tg_table_name = 'dtks_putusanmusyawarah' and hak_musnah()
       and (to_jsonb(new) - '{alasan,keberatan}'::text[]) is not distinct from (to_jsonb(old) - '{alasan,keberatan}'::text[]) then
      return new;
    end if;
    raise exception 'Musyawarah sudah ditutup; isinya tidak boleh diubah.' using errcode = '42501';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;

create or replace function aduan_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE'
     or (new.tiket, new.wilayah_id, new.kanal, new.cerita, new.tempat, new.kejadian, new.privasi, new.created_by_id, new.created_at)
        is distinct from
        (old.tiket, old.wilayah_id, old.kanal, old.cerita, old.tempat, old.kejadian, old.privasi, old.created_by_id, old.created_at)
     or ((new.pelapor_nama, new.pelapor_telepon, new.pelapor_nik) is distinct from (old.pelapor_nama, old.pelapor_telepon, old.pelapor_nik)
         and not (new.pelapor_nama is null and new.pelapor_telepon is null and new.pelapor_nik is null and hak_musnah())) then
    raise exception 'Aduan yang sudah diterima tidak boleh diubah atau dihapus.' using errcode = '42501';
  end if;
  if old.dibuka_lagi_at is not null and new.dibuka_lagi_at is distinct from old.dibuka_lagi_at then
    raise exception 'Aduan hanya bisa dibuka lagi satu kali.' using errcode = '42501';
  end if;
  if old.nilai is not null and not (old.dibuka_lagi_at is null and new.dibuka_lagi_at is not null and new.nilai is null)
     and (new.nilai, new.nilai_catatan, new.dinilai_at) is distinct from (old.nilai, old.nilai_catatan, old.dinilai_at) then
    raise exception 'Nilai dari pelapor tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;

-- What was asked stays as it was asked; an erasure takes the names out of its own request.
create or replace function hak_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE'
     or (new.nomor, new.jenis, new.lingkup, new.keluarga_id, new.individu_id, new.wilayah_id, new.hubungan, new.bukti, new.tenggat_at,
         new.created_by_id, new.created_at) is distinct from
        (old.nomor, old.jenis, old.lingkup, old.keluarga_id, old.individu_id, old.wilayah_id, old.hubungan, old.bukti, old.tenggat_at,
         old.created_by_id, old.created_at)
     or ((new.pemohon, new.uraian, new.surat_kuasa_id) is distinct from (old.pemohon, old.uraian, old.surat_kuasa_id) and not hak_musnah()) then
    raise exception 'Permohonan yang sudah dicatat tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger hak_beku before update or delete on portal_permohonanhak for each row execute function hak_beku();

create or replace function hak_orang() returns trigger language plpgsql as $$
declare kini portal_permohonanhak;
begin
  if new.langkah not in ('setujui', 'putuskan') then return null; end if;
  select * into kini from portal_permohonanhak where id = new.permohonan_id;
  if new.orang_id is null or (kini.versi = new.urut and new.orang_id is distinct from
       case new.langkah when 'setujui' then kini.penilai_orang_id else kini.pemutus_orang_id end) then
    raise exception 'Hak data: orang pada langkah % tidak sama dengan yang tercatat.', new.langkah using errcode = '23514';
  end if;
  return null;
end $$;
create constraint trigger hak_orang after insert on portal_riwayathak
  deferrable initially deferred for each row execute function hak_orang();

-- A run that is over is proof.
create or replace function pemusnahan_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.selesai_at is not null then
    raise exception 'Catatan pemusnahan tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger pemusnahan_beku before update or delete on portal_pemusnahan for each row execute function pemusnahan_beku();

create or replace function tahanhukum_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.dilepas_at is not null
     or (new.keluarga_id, new.alasan, new.dasar, new.dipasang_by_id, new.dipasang_at)
        is distinct from (old.keluarga_id, old.alasan, old.dasar, old.dipasang_by_id, old.dipasang_at) then
    raise exception 'Tahan hukum tidak boleh diubah, hanya dilepas.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger tahanhukum_beku before update or delete on portal_tahanhukum for each row execute function tahanhukum_beku();

-- Held by a court or an inspection: nothing of that family is thrown away, not even by hand.
create or replace function hak_ditahan() returns trigger language plpgsql as $$
begin
  if exists (select 1 from portal_tahanhukum where keluarga_id = old.id and dilepas_at is null)
     and new.nama_kepala is distinct from old.nama_kepala and hak_musnah() then
    raise exception 'Data keluarga ini sedang ditahan untuk perkara.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger hak_ditahan before update of nama_kepala on dtks_keluarga for each row execute function hak_ditahan();

select jejak_lindungi(t) from unnest(array['portal_permohonanhak', 'portal_riwayathak', 'portal_pemusnahan', 'portal_tahanhukum']) t;
