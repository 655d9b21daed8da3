select jejak_lindungi(t) from unnest(array['accounts_orang', 'accounts_penugasan']) t;
