select jejak_lindungi('dtks_jedatenggat');
