select jejak_lindungi('wilayah_harilibur');
