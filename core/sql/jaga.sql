-- Issued documents: their signature covers what they say, the trail also who signed and whether they are still in force.
-- Rules: a limit or a deadline changed by hand is as grave as a case changed by hand.
select jejak_lindungi(t) from unnest(array['core_dokumen', 'core_ketentuan']) t;
