select jejak_lindungi(t) from unnest(array['bansos_pengesahan', 'bansos_pengesahanusulan', 'bansos_penetapan', 'bansos_barispenetapan', 'bansos_kelayakan']) t;
