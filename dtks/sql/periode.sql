-- What moved to the next period, and why a window was changed, is history: it only grows.
create trigger guliran_beku before update or delete or truncate on dtks_guliranperiode for each statement execute function alur_riwayat_beku();
create trigger perubahan_beku before update or delete or truncate on dtks_perubahanperiode for each statement execute function alur_riwayat_beku();

select jejak_lindungi(t) from unnest(array['dtks_periode', 'dtks_guliranperiode', 'dtks_perubahanperiode']) t;
