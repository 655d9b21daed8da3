select jejak_lindungi('accounts_pilihankabar');
