-- The planner takes no statistics from partial indexes; without these it believes that a kabupaten has next to nothing waiting.
create statistics usulan_kabupaten on (left(wilayah_id, 5)) from dtks_usulan;
create statistics usulan_kecamatan on (left(wilayah_id, 8)) from dtks_usulan;
