-- Asking at /cek/. All of it plpgsql: a connection keeps the plans, where SQL functions are planned at every call. ADR 0021.

create or replace function cek_aturan(p_kunci text) returns jsonb language plpgsql stable as $$
begin
  return (select nilai from core_ketentuan where kunci = p_kunci and wilayah = '' and berlaku_sejak <= current_date
    and (berlaku_hingga is null or berlaku_hingga >= current_date) order by berlaku_sejak desc limit 1);
end $$;

-- Count in the attempt table of core/limits.py, never below nought; returns how many in this window.
create or replace function cek_hitung(p_kunci text, p_menit integer, p_n integer) returns integer language plpgsql as $$
declare v integer;
begin
  insert into core_pembatas as c (kunci, mulai, jumlah) values (p_kunci, clock_timestamp(), greatest(p_n, 0))
  on conflict (kunci) do update set
    jumlah = greatest(0, case when c.mulai < clock_timestamp() - make_interval(mins => p_menit) then p_n else c.jumlah + p_n end),
    mulai = case when c.mulai < clock_timestamp() - make_interval(mins => p_menit) then clock_timestamp() else c.mulai end
  returning c.jumlah into v;
  return v;
end $$;

-- How far the newest payment of a recipient has come, as the group of its status and its period; no amount and no cause.
create or replace function cek_salur(p_orang uuid, p_program text) returns jsonb language plpgsql stable as $$
begin
  return (select jsonb_build_array(s.kelompok, p.periode, p.status_tanggal)
    from dtks_individu i join bansos_penyaluran p on p.keluarga_id = i.keluarga_id join bansos_statussalur s on s.kode = p.status_id
    where i.id = p_orang and p.program_id = p_program and p.berlaku and (not p.perorangan or p.individu_id = i.id)
    order by p.status_tanggal desc, p.tahap desc, p.id limit 1);
end $$;

-- One question. `p_pintu`: 'nik' (p_kunci = NIK with birth date, p_nama only in careful times) or 'nama' (p_desa and p_nama,
-- p_lahir only in careful times). `p_orang` and `p_jaringan` are hashes. The same statements run whatever is found.
-- Careful times: when nearly all questions by NIK find nobody somebody is guessing; then, and after many questions, the name is
-- asked as well, and by name the birth date. Whoever asks about himself knows both, so nobody is locked out.
create or replace function cek_tanya(p_pintu text, p_kunci bytea, p_desa text, p_nama text, p_lahir date, p_orang text, p_jaringan text)
  returns jsonb language plpgsql as $$
declare
  v_batas jsonb := cek_aturan('cek.batas'); v_hati jsonb := cek_aturan('cek.hati_hati');
  v_jam integer := (v_hati ->> 'menit')::integer; v_nik boolean := p_pintu = 'nik';
  v_kunci bytea := coalesce(p_kunci, cek_kunci_nama(p_desa, p_nama)); v_awas boolean; v_lengkap boolean;
  n_orang integer; n_jaringan integer; n_semua integer; v_skor integer;
  v_isi jsonb; v_siapa integer; v_kembar boolean; v_nama text; v_wilayah text; v_hasil text;
begin
  if v_batas is null or v_hati is null then
    raise exception 'Ketentuan cek.batas atau cek.hati_hati belum ada.';
  end if;
  perform set_config('synchronous_commit', 'off', true);  -- counts of the last half second may go with a power cut
  n_orang := cek_hitung('cek:orang:' || p_orang, (v_batas #>> '{orang,menit}')::integer, 1);
  n_jaringan := cek_hitung('cek:' || p_pintu || ':' || p_jaringan, (v_batas #>> '{jaringan,menit}')::integer, 1);
  n_semua := cek_hitung('cek:' || p_pintu || ':semua', (v_batas #>> '{semua,menit}')::integer, 1);
  if n_jaringan > (v_batas #>> '{jaringan,kali}')::integer or n_semua > (v_batas #>> '{semua,kali}')::integer then
    return jsonb_build_object('hasil', 'penuh', 'menit', (v_batas #>> '{jaringan,menit}')::integer);
  end if;
  if v_nik then
    v_awas := n_jaringan > (v_hati ->> 'nik_jaringan')::integer or n_semua > (v_hati ->> 'nik_semua')::integer or exists (
      select 1 from core_pembatas where mulai >= clock_timestamp() - make_interval(mins => v_jam)
        and (kunci = 'cek:kosong:' || p_jaringan and jumlah >= (v_hati ->> 'jaringan')::integer
             or kunci = 'cek:kosong:semua' and jumlah >= (v_hati ->> 'semua')::integer));
    v_lengkap := coalesce(p_nama, '') <> '';
  else
    v_awas := n_jaringan > (v_hati ->> 'nama_jaringan')::integer or n_semua > (v_hati ->> 'nama_semua')::integer;
    v_lengkap := p_lahir is not null;
  end if;
  if v_awas and not v_lengkap then
    return jsonb_build_object('hasil', 'hati');
  end if;
  select jsonb_agg(jsonb_build_array(coalesce(p.nama, c.program), c.keadaan, c.periode, c.tanggal,
           case when v_nik and c.keadaan = 'penerima' then cek_salur(c.individu_id, c.program) end) order by c.keadaan = 'penerima' desc, c.program),
         count(distinct c.individu_id), bool_or(c.kembar), min(c.nama_samar), min(c.wilayah)
    into v_isi, v_siapa, v_kembar, v_nama, v_wilayah
    from (select * from bansos_cekbansos x where v_nik and x.kunci_nik = v_kunci and (not v_lengkap or x.kunci_nama = cek_kunci_nama(x.wilayah, p_nama))
          union all
          select * from bansos_cekbansos x where not v_nik and x.kunci_nama = v_kunci and (not v_lengkap or x.kunci_lahir = cek_kunci_lahir(v_kunci, p_lahir))) c
    left join bansos_program p on p.kode = c.program;
  v_hasil := case when n_orang > (v_batas #>> '{orang,kali}')::integer then 'sering' when v_siapa = 0 then 'kosong'
    when v_siapa > 1 or (not v_nik and not v_lengkap and v_kembar) then 'kembar' else 'ada' end;
  if v_nik then  -- who is found makes up for some who are not, once a day
    v_skor := case when v_siapa = 0 then 1 when n_orang = 1 then -(v_hati ->> 'bobot_ketemu')::integer else 0 end;
    perform cek_hitung('cek:kosong:' || p_jaringan, v_jam, v_skor), cek_hitung('cek:kosong:semua', v_jam, v_skor);
  end if;
  return jsonb_build_object('hasil', v_hasil, 'nama', case when v_hasil = 'ada' then v_nama end,
    'wilayah', coalesce((select jalur from wilayah_wilayah where kode = case when v_hasil = 'ada' then v_wilayah end), ''),
    'isi', case when v_hasil = 'ada' then v_isi end);
end $$;
