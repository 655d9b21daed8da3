from django.db import migrations

from core.migrations import _sql


class Migration(migrations.Migration):
    """The second wall (docs/adr/0034): what a signed-in person can read at all."""

    atomic = False
    dependencies = [("pengaduan", "0006_rahasia"), ("core", "0011_dinding"), ("bansos", "0024_dinding")]
    operations = [
        _sql.wall(
            {
                "pengaduan_aduan": ("wilayah_id",),
                "pengaduan_korbankeluarga": ("wilayah_id",),
                "pengaduan_penyerahanbarang": ("wilayah_id",),
                "pengaduan_kedaruratan": ("wilayah_id",),
                "pengaduan_laporanrahasia": ("wilayah_id",),
                "pengaduan_perkarasanggah": ("wilayah_id",),
                "pengaduan_sanggah": ("wilayah_id",),
                "pengaduan_sanggahdata": ("wilayah_id",),
                "pengaduan_usul": ("wilayah_id",),
                "pengaduan_riwayataduan": ("aduan_id>pengaduan_aduan",),
                "pengaduan_pesanaduan": ("aduan_id>pengaduan_aduan",),
                "pengaduan_fotoaduan": ("aduan_id>pengaduan_aduan",),
                "pengaduan_riwayatdarurat": ("kedaruratan_id>pengaduan_kedaruratan",),
                "pengaduan_rujukan": ("kedaruratan_id>pengaduan_kedaruratan",),
                "pengaduan_susulandarurat": ("kedaruratan_id>pengaduan_kedaruratan",),
                "pengaduan_pesanrahasia": ("laporan_id>pengaduan_laporanrahasia",),
                "pengaduan_lampiranrahasia": ("pesan_id>pengaduan_pesanrahasia",),
                "pengaduan_riwayatsanggah": ("perkara_id>pengaduan_perkarasanggah",),
                "pengaduan_fotoperkara": ("perkara_id>pengaduan_perkarasanggah",),
                "pengaduan_hasilsanggah": ("perkara_id>pengaduan_perkarasanggah",),
                "pengaduan_hakjawab": ("perkara_id>pengaduan_perkarasanggah",),
                "pengaduan_penyanggah": ("sanggah_id>pengaduan_sanggah",),
                "pengaduan_riwayatsanggahdata": ("sanggah_id>pengaduan_sanggahdata",),
                "pengaduan_fotousul": ("usul_id>pengaduan_usul",),
                "pengaduan_riwayatusul": ("usul_id>pengaduan_usul",),
            }
        )
    ]
