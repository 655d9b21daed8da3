-- Payments follow their reports: a payment stands as one of its reports says, a report is never changed. See bansos/models/penyaluran.py.

create trigger riwayatpenyaluran_beku before update or delete or truncate on bansos_riwayatpenyaluran
  for each statement execute function alur_riwayat_beku();

-- Reports are written first, payments after them, so one look per statement is enough.
create or replace function penyaluran_sama() returns trigger language plpgsql as $$
begin
  if exists (
    select 1 from baru b where b.berlaku and not exists (
      select 1 from bansos_riwayatpenyaluran r where r.penyaluran_id = b.id and r.urut = b.urut_riwayat
        and (r.status_id, r.status_tanggal, r.lembaga, r.nominal, r.keterangan, r.nominal_perintah, r.nominal_dibayar, r.nominal_diambil)
          is not distinct from
            (b.status_id, b.status_tanggal, b.lembaga, b.nominal, b.keterangan, b.nominal_perintah, b.nominal_dibayar, b.nominal_diambil))) then
    raise exception 'Penyaluran: keadaan pembayaran tidak sama dengan laporannya.' using errcode = '23514';
  end if;
  return null;
end $$;
create trigger penyaluran_sama_i after insert on bansos_penyaluran referencing new table as baru
  for each statement execute function penyaluran_sama();
create trigger penyaluran_sama_u after update on bansos_penyaluran referencing new table as baru
  for each statement execute function penyaluran_sama();

create or replace function penyaluran_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE'
     or (new.id, new.program_id, new.periode, new.tahap, new.individu_id, new.keluarga_id, new.perorangan, new.wilayah_id, new.created_at)
        is distinct from
        (old.id, old.program_id, old.periode, old.tahap, old.individu_id, old.keluarga_id, old.perorangan, old.wilayah_id, old.created_at) then
    raise exception 'Penyaluran: siapa, program, dan periodenya tidak boleh diubah atau dihapus.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger penyaluran_beku before update or delete on bansos_penyaluran for each row execute function penyaluran_beku();

-- A graduation is decided once, by somebody else than who brought it; what was brought stays.
create or replace function graduasi_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if not exists (select 1 from accounts_pengguna p where p.id = new.created_by_id and p.orang_id = new.pengaju_orang_id) then
      raise exception 'Graduasi: pengaju tidak sama dengan akunnya.' using errcode = '23514';
    end if;
    return new;
  end if;
  if tg_op = 'DELETE' or old.status not in ('menunggu', 'disetujui')
     or (old.status = 'disetujui' and (new.status <> 'diusulkan'
         or (new.pemutus_orang_id, new.diputus_by_id, new.diputus_at, new.alasan_putus)
            is distinct from (old.pemutus_orang_id, old.diputus_by_id, old.diputus_at, old.alasan_putus)))
     or (to_jsonb(new) - 'status' - 'usulan_id' - 'diputus_by_id' - 'pemutus_orang_id' - 'diputus_at' - 'alasan_putus') is distinct from
        (to_jsonb(old) - 'status' - 'usulan_id' - 'diputus_by_id' - 'pemutus_orang_id' - 'diputus_at' - 'alasan_putus') then
    raise exception 'Graduasi yang sudah diajukan tidak boleh diubah.' using errcode = '42501';
  end if;
  if new.diputus_by_id is not null and not exists (
       select 1 from accounts_pengguna p where p.id = new.diputus_by_id and p.orang_id = new.pemutus_orang_id) then
    raise exception 'Graduasi: pemutus tidak sama dengan akunnya.' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger graduasi_beku before insert or update or delete on bansos_graduasi for each row execute function graduasi_beku();

create trigger pantaumandiri_beku before update or delete or truncate on bansos_pantaumandiri
  for each statement execute function alur_riwayat_beku();

select jejak_lindungi(t) from unnest(array['bansos_penyaluran', 'bansos_riwayatpenyaluran', 'bansos_graduasi', 'bansos_pantaumandiri']) t;
