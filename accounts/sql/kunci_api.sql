select jejak_lindungi('accounts_kunciapi');
