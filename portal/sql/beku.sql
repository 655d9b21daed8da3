-- As in bansos/sql/cek.sql, and without the people whose data is frozen (docs/adr/0036).
create or replace function cek_benar(p_orang uuid[])
  returns table(individu_id uuid, program text, kunci_nik bytea, kunci_nama bytea, kunci_lahir bytea, kembar boolean, nama_samar text,
                wilayah text, keadaan text, periode text, tanggal date) language sql stable as $$
  with kartu as materialized (select * from cek_kartu(p_orang))
  , isi as (
    select distinct on (k.orang, p.program) k.orang, p.*
    from kartu k join cek_kartu_program((select array_agg(distinct kartu) from kartu)) p on p.kartu = k.kartu
    order by k.orang, p.program, p.keadaan = 'penerima' desc, p.sejak desc, p.kartu)
  , siapa as (
    select i.id, i.nik_indeks, i.tgl_lahir, i.nama, i.kunci_nama, left(k.wilayah_id, 13) as desa, cek_kunci_nama(k.wilayah_id, i.kunci_nama) as kunci
    from dtks_individu i join dtks_keluarga k on k.id = i.keluarga_id
    where i.id in (select orang from isi) and i.aktif and k.status <> 'nonaktif' and k.dibekukan_at is null)
  select s.id, isi.program, cek_kunci_nik(s.nik_indeks, s.tgl_lahir), s.kunci, cek_kunci_lahir(s.kunci, s.tgl_lahir),
         cek_kembar(s.id, s.kunci_nama, s.desa), left(cek_samar(s.nama), 100), s.desa, isi.keadaan, isi.periode, isi.tanggal
  from siapa s join isi on isi.orang = s.id
$$;
