-- A step may lead back to its own state (another officer for the same visit): then too the version rises only with its history row.
create or replace function alur_pindah() returns trigger language plpgsql as $$
declare ada boolean;
begin
  if new.status = old.status and new.versi = old.versi then return new; end if;
  execute format('select exists (select 1 from %I where %I = $1 and urut = $2 and dari = $3 and ke = $4)', tg_argv[1], tg_argv[2])
    into ada using new.id, new.versi, old.status, new.status;
  if new.status = old.status and not ada then
    raise exception 'Alur %: versi hanya naik bersama status.', tg_argv[0] using errcode = '23514';
  end if;
  if not ada or new.versi <> old.versi + 1 then
    raise exception 'Alur %: % ke % tanpa langkah yang tercatat.', tg_argv[0], old.status, new.status using errcode = '23514';
  end if;
  return new;
end $$;

-- No visit is skipped but by the draw: its line stands in a closed list and says so.
create or replace function usulan_lewati() returns trigger language plpgsql as $$
begin
  if new.langkah = 'lewati_kunjungan' and not exists (
       select 1 from dtks_sampelusulan s join dtks_kebijakansampel k on k.id = s.kebijakan_id
       where s.usulan_id = new.usulan_id and not s.dikunjungi and k.dibuka_at is not null) then
    raise exception 'Usulan: kunjungan hanya dilewati menurut daftar sampel yang sudah dibuka.' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger lewati before insert on dtks_riwayatusulan for each row execute function usulan_lewati();

-- The seed fits the hash that was published before, the list follows from the seed, and nothing of it changes afterwards.
create or replace function sampel_kebijakan() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and ((old.wilayah_id, old.periode, old.persen, old.kecuali_jalur, old.dasar_hukum, old.tutup_at, old.sidik_benih, old.benih_segel, old.created_by_id)
       is distinct from (new.wilayah_id, new.periode, new.persen, new.kecuali_jalur, new.dasar_hukum, new.tutup_at, new.sidik_benih, new.benih_segel, new.created_by_id)
       or old.dibuka_at is not null) then
    raise exception 'Kebijakan sampel tidak boleh diubah sesudah sidik benihnya terbit.' using errcode = '42501';
  end if;
  if new.dibuka_at is not null and (new.dibuka_at < new.tutup_at
       or encode(sha256(convert_to(new.benih, 'UTF8')), 'hex') <> new.sidik_benih) then
    raise exception 'Benih sampel tidak cocok dengan sidiknya, atau daftar belum ditutup.' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger a_kebijakan before insert or update on dtks_kebijakansampel for each row execute function sampel_kebijakan();

create or replace function sampel_baris() returns trigger language plpgsql as $$
declare k dtks_kebijakansampel; h text; letak numeric;
begin
  select * into k from dtks_kebijakansampel where id = new.kebijakan_id;
  h := encode(sha256(convert_to(k.benih || ':' || new.usulan_id::text, 'UTF8')), 'hex');
  letak := ('x' || substr(h, 1, 8))::bit(32)::bigint;
  if k.dibuka_at is null or new.angka <> h or new.dikunjungi <> (letak * 100 < k.persen * 4294967296::numeric) then
    raise exception 'Daftar sampel: angka usulan tidak mengikuti benihnya.' using errcode = '23514';
  end if;
  return new;
end $$;
create trigger a_baris before insert on dtks_sampelusulan for each row execute function sampel_baris();
create trigger beku before update or delete or truncate on dtks_sampelusulan for each statement execute function alur_riwayat_beku();
create trigger beku before delete or truncate on dtks_kebijakansampel for each statement execute function alur_riwayat_beku();
create trigger beku before update or delete or truncate on dtks_permintaanalih for each statement execute function alur_riwayat_beku();

select jejak_lindungi(t) from unnest(array['dtks_permintaanalih', 'dtks_kebijakansampel', 'dtks_sampelusulan']) t;
