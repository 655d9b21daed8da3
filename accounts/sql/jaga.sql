select jejak_lindungi(t) from unnest(array['accounts_orang', 'accounts_pengguna', 'accounts_peran', 'accounts_penugasan']) t;
