create sequence bansos_tiket_pbi;
create sequence bansos_tiket_srt;
