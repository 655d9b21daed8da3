-- A new nullable column changes no fingerprint, so columns that are null are left out. Only whole columns: a null inside a
-- JSON column is content, and jsonb_strip_nulls would have let it be taken out unseen.
create or replace function jejak_sidik(p jsonb) returns bytea language sql immutable as $$
  select sha256(convert_to((select coalesce(jsonb_object_agg(k.key, k.value) filter (where k.value <> 'null'), '{}')
                            from jsonb_each(p) k)::text, 'UTF8'))
$$;

-- Issued documents: their signature covers what they say, the trail also who signed and whether they are still in force.
select jejak_lindungi(t) from unnest(array['core_dokumen']) t;
do $$ begin
  if exists (select 1 from core_dokumen) then
    perform jejak_sidik_ulang('core_dokumen', 'Dokumen mulai dijaga.');
  end if;
end $$;
