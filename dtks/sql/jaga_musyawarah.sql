-- Evidence of a meeting, second version: the annex and the invitation are frozen as well, and so is what is corrected.
create or replace function musyawarah_beku() returns trigger language plpgsql as $$
begin
  if (new.perbaikan_dari_id, new.alasan_perbaikan) is distinct from (old.perbaikan_dari_id, old.alasan_perbaikan) then
    raise exception 'Berita acara perbaikan tidak boleh berganti dasar atau alasan.' using errcode = '42501';
  end if;
  if old.status in ('terlaksana', 'ditandatangani', 'disetujui') and (
       (new.waktu, new.tempat, new.pimpinan, new.notulis, new.agenda, new.catatan, new.jenis, new.wilayah_id, new.periode, new.undangan_id)
       is distinct from
       (old.waktu, old.tempat, old.pimpinan, old.notulis, old.agenda, old.catatan, old.jenis, old.wilayah_id, old.periode, old.undangan_id)
       or (old.nomor <> '' and new.nomor <> old.nomor)
       or (old.berita_acara_id is not null and new.berita_acara_id is distinct from old.berita_acara_id)
       or (old.daftar_hadir_id is not null and new.daftar_hadir_id is distinct from old.daftar_hadir_id)
       or (old.bnba_id is not null and new.bnba_id is distinct from old.bnba_id)
       or (old.status <> 'terlaksana' and (new.pindaian_id, new.bnba_id) is distinct from (old.pindaian_id, old.bnba_id))) then
    raise exception 'Musyawarah sudah ditutup; berita acaranya tidak boleh diubah.' using errcode = '42501';
  end if;
  return new;
end $$;

-- A correction is about approved first minutes of the same desa and is never dated before them.
create or replace function musyawarah_perbaikan() returns trigger language plpgsql as $$
declare asal record;
begin
  if new.perbaikan_dari_id is null then
    return new;
  end if;
  select status, perbaikan_dari_id, wilayah_id, waktu into asal from dtks_musyawarah where id = new.perbaikan_dari_id;
  if asal.status <> 'disetujui' or asal.perbaikan_dari_id is not null or asal.wilayah_id <> new.wilayah_id or new.waktu < asal.waktu then
    raise exception 'Perbaikan hanya untuk berita acara pertama yang sudah disetujui, di desa yang sama, dan tidak lebih awal.' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger perbaikan before insert or update of waktu, wilayah_id on dtks_musyawarah for each row execute function musyawarah_perbaikan();

-- Only a correction can say that a name should not have been on the list.
create or replace function putusan_keluar() returns trigger language plpgsql as $$
begin
  if new.putusan = 'keluar' and not exists (
       select 1 from dtks_musyawarah where id = new.musyawarah_id and perbaikan_dari_id is not null) then
    raise exception 'Mengeluarkan nama dari daftar hanya lewat berita acara perbaikan.' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger keluar before insert or update on dtks_putusanmusyawarah for each row execute function putusan_keluar();
