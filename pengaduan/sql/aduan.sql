select alur_pasang('aduan', 'diterima', 'pengaduan_aduan', 'pengaduan_riwayataduan', 'aduan_id');

-- What was brought stays as it was brought; a ticket is never lost.
create or replace function aduan_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE'
     or (new.tiket, new.wilayah_id, new.kanal, new.cerita, new.tempat, new.kejadian, new.privasi, new.created_by_id, new.created_at)
        is distinct from
        (old.tiket, old.wilayah_id, old.kanal, old.cerita, old.tempat, old.kejadian, old.privasi, old.created_by_id, old.created_at)
     or (new.pelapor_nama, new.pelapor_telepon, new.pelapor_nik) is distinct from (old.pelapor_nama, old.pelapor_telepon, old.pelapor_nik) then
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
create trigger aduan_beku before update or delete on pengaduan_aduan for each row execute function aduan_beku();
create trigger beku before update or delete on pengaduan_pesanaduan for each statement execute function alur_riwayat_beku();
create trigger beku before update or delete on pengaduan_fotoaduan for each statement execute function alur_riwayat_beku();

create index aduan_cerita_trgm on pengaduan_aduan using gin (cerita gin_trgm_ops);

select jejak_lindungi(t) from unnest(array['pengaduan_aduan', 'pengaduan_riwayataduan', 'pengaduan_pesanaduan', 'pengaduan_fotoaduan',
  'pengaduan_templatjawaban']) t;
