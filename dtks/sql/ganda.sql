select jejak_lindungi(t) from unnest(array['dtks_calonganda', 'dtks_penggabungan']) t;
