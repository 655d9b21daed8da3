-- The line, held by the database: status moves only along the arrows of core_panah, one history row per move.
-- TG_ARGV: workflow name, history table, column of the history row that points to the case.

create or replace function alur_baru() returns trigger language plpgsql as $$
begin
  if new.status <> tg_argv[3] or new.versi <> 0 then
    raise exception 'Alur %: baris baru harus mulai dari % (bukan %).', tg_argv[0], tg_argv[3], new.status using errcode = '23514';
  end if;
  return new;
end $$;

create or replace function alur_pindah() returns trigger language plpgsql as $$
declare ada boolean;
begin
  if new.status = old.status then
    if new.versi <> old.versi then
      raise exception 'Alur %: versi hanya naik bersama status.', tg_argv[0] using errcode = '23514';
    end if;
    return new;
  end if;
  execute format('select exists (select 1 from %I where %I = $1 and urut = $2 and dari = $3 and ke = $4)', tg_argv[1], tg_argv[2])
    into ada using new.id, new.versi, old.status, new.status;
  if not ada or new.versi <> old.versi + 1 then
    raise exception 'Alur %: % ke % tanpa langkah yang tercatat.', tg_argv[0], old.status, new.status using errcode = '23514';
  end if;
  return new;
end $$;

create or replace function alur_riwayat() returns trigger language plpgsql as $$
declare kini record; asal text; kasus uuid := (to_jsonb(new) ->> tg_argv[2])::uuid;
begin
  execute format('select status, versi from %I where id = $1 for update', tg_argv[3]) into kini using kasus;
  if new.dari is distinct from kini.status or new.urut is distinct from kini.versi + 1 then
    raise exception 'Alur %: riwayat tidak menyambung (sekarang % versi %).', tg_argv[0], kini.status, kini.versi using errcode = '23514';
  end if;
  if not exists (select 1 from core_panah p where p.alur = tg_argv[0] and p.langkah = new.langkah and p.dari = new.dari and p.ke = new.ke) then
    raise exception 'Alur %: tidak ada langkah % dari % ke %.', tg_argv[0], new.langkah, new.dari, new.ke using errcode = '23514';
  end if;
  if new.langkah = 'lanjutkan' then
    execute format('select dari from %I where %I = $1 and langkah = ''tunda'' order by urut desc limit 1', tg_argv[1], tg_argv[2]) into asal using kasus;
    if asal is distinct from new.ke then
      raise exception 'Alur %: lanjutkan harus kembali ke %.', tg_argv[0], asal using errcode = '23514';
    end if;
  end if;
  new.pada := clock_timestamp();
  return new;
end $$;

create or replace function alur_tuntas() returns trigger language plpgsql as $$
declare kini record; kasus uuid := (to_jsonb(new) ->> tg_argv[2])::uuid;
begin
  execute format('select status, versi from %I where id = $1', tg_argv[3]) into kini using kasus;
  if kini.versi < new.urut then
    raise exception 'Alur %: langkah % tercatat tetapi status tidak pindah.', tg_argv[0], new.langkah using errcode = '23514';
  end if;
  return null;
end $$;

create or replace function alur_riwayat_beku() returns trigger language plpgsql as $$
begin
  raise exception 'Riwayat tidak boleh diubah atau dihapus (%).', tg_table_name using errcode = '42501';
end $$;

create or replace function alur_pasang(p_alur text, p_awal text, p_kasus text, p_riwayat text, p_fk text) returns void language plpgsql as $$
begin
  execute format('create trigger alur_a_baru before insert on %I for each row execute function alur_baru(%L, %L, %L, %L)', p_kasus, p_alur, p_riwayat, p_fk, p_awal);
  execute format('create trigger alur_b_pindah before update on %I for each row execute function alur_pindah(%L, %L, %L)', p_kasus, p_alur, p_riwayat, p_fk);
  execute format('create trigger alur_c_riwayat before insert on %I for each row execute function alur_riwayat(%L, %L, %L, %L)', p_riwayat, p_alur, p_riwayat, p_fk, p_kasus);
  execute format('create constraint trigger alur_d_tuntas after insert on %I deferrable initially deferred for each row execute function alur_tuntas(%L, %L, %L, %L)', p_riwayat, p_alur, p_riwayat, p_fk, p_kasus);
  execute format('create trigger alur_e_beku before update or delete or truncate on %I for each statement execute function alur_riwayat_beku()', p_riwayat);
end $$;
