-- The rule 'tantangan' in force, and the challenge used up unless it is too old (core/tantangan.py). plpgsql: a connection keeps the plans.
create or replace function tantangan_pakai(p_acak uuid, p_isi bytea, p_sejak timestamptz, p_kini timestamptz, p_hari date, out nilai jsonb, out lolos boolean)
  language plpgsql as $$
declare v_umur interval;
begin
  lolos := false;
  select k.nilai into nilai from core_ketentuan k where k.kunci = 'tantangan' and k.wilayah = '' and k.berlaku_sejak <= p_hari
    and (k.berlaku_hingga is null or k.berlaku_hingga >= p_hari) order by k.berlaku_sejak desc limit 1;
  v_umur := make_interval(mins => (nilai ->> 'umur_menit')::integer);
  if p_sejak between p_kini - v_umur and p_kini + interval '1 minute' then
    insert into core_tantangan(acak, isi, hingga) values (p_acak, p_isi, p_sejak + v_umur + interval '1 minute') on conflict do nothing;
    lolos := found;
  end if;
end $$;
