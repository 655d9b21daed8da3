select alur_pasang('usul', 'masuk', 'pengaduan_usul', 'pengaduan_riwayatusul', 'usul_id');

-- What the citizen said stays as it was said; the desa changes by the step `alihkan` only, the link by `ambil` or `tautkan`.
create or replace function usul_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'Usul warga tidak boleh dihapus.' using errcode = '42501';
  end if;
  if (new.tiket, new.untuk, new.kanal, new.nama_kepala, new.alamat, new.rt, new.rw, new.patokan, new.alasan, new.tanda) is distinct from
     (old.tiket, old.untuk, old.kanal, old.nama_kepala, old.alamat, old.rt, old.rw, old.patokan, old.alasan, old.tanda)
     or new.nik_indeks is distinct from old.nik_indeks or new.pengusul_nik_indeks is distinct from old.pengusul_nik_indeks
     or new.created_by_id is distinct from old.created_by_id or new.created_at is distinct from old.created_at then
    raise exception 'Isi usul warga tidak boleh diubah.' using errcode = '42501';
  end if;
  if new.wilayah_id is distinct from old.wilayah_id and (old.status <> 'masuk' or left(new.wilayah_id, 5) <> left(old.wilayah_id, 5)) then
    raise exception 'Usul warga hanya dialihkan ke desa lain di kabupatennya, selagi belum dijawab.' using errcode = '42501';
  end if;
  if new.usulan_id is distinct from old.usulan_id and (old.usulan_id is not null or old.status <> 'masuk') then
    raise exception 'Usulan dari usul warga tidak boleh diganti.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger usul_beku before update or delete on pengaduan_usul for each row execute function usul_beku();

create or replace function usul_foto_beku() returns trigger language plpgsql as $$
begin
  raise exception 'Foto usul warga tidak boleh diubah atau dihapus.' using errcode = '42501';
end $$;
create trigger usul_foto_beku before update or delete on pengaduan_fotousul for each row execute function usul_foto_beku();

select jejak_lindungi(t) from unnest(array['pengaduan_usul', 'pengaduan_riwayatusul', 'pengaduan_fotousul']) t;
