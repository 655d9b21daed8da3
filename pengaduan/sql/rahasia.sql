-- What was sent stays as it was sent, and goes only with its whole report, after that was closed.
create or replace function rahasia_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' then
    raise exception 'Isi laporan rahasia tidak boleh diubah.' using errcode = '42501';
  end if;
  if tg_table_name = 'pengaduan_pesanrahasia' then  -- nested: the other table's row has no such column
    if exists (select 1 from pengaduan_laporanrahasia l where l.id = old.laporan_id and l.ditutup is null) then
      raise exception 'Laporan rahasia yang belum ditutup tidak boleh dihapus.' using errcode = '42501';
    end if;
  else
    if exists (select 1 from pengaduan_pesanrahasia p join pengaduan_laporanrahasia l on l.id = p.laporan_id
               where p.id = old.pesan_id and l.ditutup is null) then
      raise exception 'Laporan rahasia yang belum ditutup tidak boleh dihapus.' using errcode = '42501';
    end if;
  end if;
  return old;
end $$;
create trigger rahasia_beku before update or delete on pengaduan_pesanrahasia for each row execute function rahasia_beku();
create trigger rahasia_beku before update or delete on pengaduan_lampiranrahasia for each row execute function rahasia_beku();

create or replace function laporanrahasia_beku() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.ditutup is null then
      raise exception 'Laporan rahasia yang belum ditutup tidak boleh dihapus.' using errcode = '42501';
    end if;
    return old;
  end if;
  if (new.id, new.wilayah_id, new.tanda, new.publik, new.hari) is distinct from (old.id, old.wilayah_id, old.tanda, old.publik, old.hari) then
    raise exception 'Laporan rahasia tidak boleh dialihkan atau diganti kuncinya.' using errcode = '42501';
  end if;
  return new;
end $$;
create trigger laporanrahasia_beku before update or delete on pengaduan_laporanrahasia for each row execute function laporanrahasia_beku();

-- Only an envelope (core/privacy/envelope.py) may be stored: version 1, a point, a nonce, a tag. A text in the clear is refused.
alter table pengaduan_pesanrahasia add constraint pesanrahasia_amplop check (
  length(isi_kantor) >= 1000 and get_byte(isi_kantor, 0) = 1 and get_byte(isi_kantor, 1) = 4
  and (isi_pelapor is null or (length(isi_pelapor) >= 1000 and get_byte(isi_pelapor, 0) = 1 and get_byte(isi_pelapor, 1) = 4)));
alter table pengaduan_lampiranrahasia add constraint lampiranrahasia_amplop check (
  length(isi) >= 1000 and get_byte(isi, 0) = 1 and get_byte(isi, 1) = 4);

-- Ciphertext does not get smaller; and a compressed length would be one more hint.
alter table pengaduan_pesanrahasia alter column isi_kantor set storage external;
alter table pengaduan_pesanrahasia alter column isi_pelapor set storage external;
alter table pengaduan_lampiranrahasia alter column isi set storage external;

-- Keys are watched: a public key that somebody swapped is found by `periksa`. These tables say nothing about reports.
select jejak_lindungi(t) from unnest(array['pengaduan_kuncikantor', 'pengaduan_kunciinspektur', 'pengaduan_salinankunci']) t;
