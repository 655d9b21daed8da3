-- What was asked for stays as it was asked; a request is decided once, and an approval is used once. See accounts/models/unduh.py.
create or replace function izinunduh_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'Permintaan unduh tidak boleh dihapus.' using errcode = '42501';
  end if;
  if (new.id, new.daftar, new.judul, new.tanda, new.alamat, new.nomor, new.jumlah, new.tujuan, new.wilayah, new.diminta_by_id,
      new.diminta_orang_id, new.unit_peminta, new.created_at) is distinct from
     (old.id, old.daftar, old.judul, old.tanda, old.alamat, old.nomor, old.jumlah, old.tujuan, old.wilayah, old.diminta_by_id,
      old.diminta_orang_id, old.unit_peminta, old.created_at)
     or (old.diputus_orang_id is not null and (new.diputus_by_id, new.diputus_orang_id, new.unit_pemutus, new.diputus_at, new.alasan, new.hingga)
         is distinct from (old.diputus_by_id, old.diputus_orang_id, old.unit_pemutus, old.diputus_at, old.alasan, old.hingga))
     or (old.status, new.status) not in (('diminta', 'disetujui'), ('diminta', 'ditolak'), ('disetujui', 'dipakai'),
         ('diminta', 'diminta'), ('disetujui', 'disetujui'), ('ditolak', 'ditolak'), ('dipakai', 'dipakai'))
     or (old.diambil_at is not null and new.diambil_at is distinct from old.diambil_at) then
    raise exception 'Permintaan unduh yang sudah ada tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger izinunduh_beku before update or delete on accounts_izinunduh for each row execute function izinunduh_beku();
select jejak_lindungi('accounts_izinunduh');
