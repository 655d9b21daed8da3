-- One sequence for each kind of ticket: numbers need no gaplessness, only to be unique and short.
create sequence pengaduan_tiket_adu;
create sequence pengaduan_tiket_sgh;
create sequence pengaduan_tiket_uwg;
