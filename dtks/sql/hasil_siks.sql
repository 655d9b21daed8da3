-- What SIKS-NG answered is kept as it came: an import that is taken back leaves its rows, they only count no more.
select jejak_lindungi('dtks_hasilsiks');
drop trigger if exists hasilsiks_beku on dtks_hasilsiks;
create trigger hasilsiks_beku before update or delete or truncate on dtks_hasilsiks for each statement execute function alur_riwayat_beku();
