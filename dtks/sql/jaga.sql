select alur_pasang('usulan', 'draf', 'dtks_usulan', 'dtks_riwayatusulan', 'usulan_id');
select alur_pasang('musyawarah', 'dijadwalkan', 'dtks_musyawarah', 'dtks_riwayatmusyawarah', 'musyawarah_id');

-- The four different persons are remembered by the step itself, so the column cannot be filled with somebody else.
create or replace function usulan_orang() returns trigger language plpgsql as $$
declare kini dtks_usulan;
begin
  select * into kini from dtks_usulan where id = new.usulan_id;
  if (new.langkah = 'ajukan' and kini.pengusul_orang_id is distinct from new.orang_id and kini.versi = new.urut)
     or (new.langkah = 'ases' and kini.asesor_orang_id is distinct from new.orang_id and kini.versi = new.urut)
     or (new.langkah = 'verifikasi' and kini.verifikator_orang_id is distinct from new.orang_id and kini.versi = new.urut)
     or (new.langkah = 'sahkan' and kini.pengesah_orang_id is distinct from new.orang_id and kini.versi = new.urut)
     or (new.langkah in ('ajukan', 'ases', 'verifikasi', 'sahkan') and new.orang_id is null) then
    raise exception 'Usulan: orang pada langkah % tidak sama dengan yang tercatat.', new.langkah using errcode = '23514';
  end if;
  return null;
end $$;
create constraint trigger usulan_orang after insert on dtks_riwayatusulan
  deferrable initially deferred for each row execute function usulan_orang();

-- Desil comes from BPS and is never edited (Perban BPS 6/2025).
create or replace function desil_beku() returns trigger language plpgsql as $$
begin
  raise exception 'Desil tidak boleh diubah di daerah; impor triwulan berikutnya.' using errcode = '42501';
end $$;
create trigger desil_beku before update or delete or truncate on dtks_desil for each statement execute function desil_beku();
create trigger hasilpadan_beku before update or delete or truncate on dtks_hasilpadan for each statement execute function alur_riwayat_beku();

-- Evidence is frozen once the meeting is closed: a correction is a new berita acara.
create or replace function musyawarah_tutup(p_id uuid) returns boolean language sql stable as $$
  select exists (select 1 from dtks_musyawarah where id = p_id and status in ('terlaksana', 'ditandatangani', 'disetujui'))
$$;
create or replace function musyawarah_isi_beku() returns trigger language plpgsql as $$
begin
  if (tg_op <> 'INSERT' and musyawarah_tutup(old.musyawarah_id)) or (tg_op <> 'DELETE' and musyawarah_tutup(new.musyawarah_id)) then
    raise exception 'Musyawarah sudah ditutup; isinya tidak boleh diubah.' using errcode = '42501';
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end $$;
create trigger beku before insert or update or delete on dtks_pesertamusyawarah for each row execute function musyawarah_isi_beku();
create trigger beku before insert or update or delete on dtks_putusanmusyawarah for each row execute function musyawarah_isi_beku();
create trigger beku_kosongkan before truncate on dtks_pesertamusyawarah for each statement execute function alur_riwayat_beku();
create trigger beku_kosongkan before truncate on dtks_putusanmusyawarah for each statement execute function alur_riwayat_beku();

create or replace function musyawarah_beku() returns trigger language plpgsql as $$
begin
  if old.status in ('terlaksana', 'ditandatangani', 'disetujui') and (
       (new.waktu, new.tempat, new.pimpinan, new.notulis, new.agenda, new.catatan, new.jenis, new.wilayah_id, new.periode)
       is distinct from
       (old.waktu, old.tempat, old.pimpinan, old.notulis, old.agenda, old.catatan, old.jenis, old.wilayah_id, old.periode)
       or (old.nomor <> '' and new.nomor <> old.nomor)
       or (old.berita_acara_id is not null and new.berita_acara_id is distinct from old.berita_acara_id)
       or (old.daftar_hadir_id is not null and new.daftar_hadir_id is distinct from old.daftar_hadir_id)
       or (old.status <> 'terlaksana' and new.pindaian_id is distinct from old.pindaian_id)) then
    raise exception 'Musyawarah sudah ditutup; berita acaranya tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger beku before update on dtks_musyawarah for each row execute function musyawarah_beku();

create sequence if not exists dtks_tiket_urut;

select jejak_lindungi(t) from unnest(array['dtks_keluarga', 'dtks_individu', 'dtks_rumah', 'dtks_aset', 'dtks_fotokeluarga',
  'dtks_desil', 'dtks_anggotappks', 'dtks_usulan', 'dtks_riwayatusulan', 'dtks_bendera', 'dtks_musyawarah', 'dtks_riwayatmusyawarah',
  'dtks_pesertamusyawarah', 'dtks_putusanmusyawarah', 'dtks_asesmen', 'dtks_fotoasesmen', 'dtks_hasilpadan', 'dtks_tiketpadan',
  'dtks_temuanganda']) t;
