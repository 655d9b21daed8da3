from django.db import migrations

from core.migrations import _sql


class Migration(migrations.Migration):
    """The second wall (docs/adr/0034): what a signed-in person can read at all."""

    atomic = False
    dependencies = [("dtks", "0021_padan_api"), ("core", "0011_dinding")]
    operations = [
        _sql.wall(
            {
                "dtks_keluarga": ("wilayah_id",),
                "dtks_usulan": ("wilayah_id",),
                "dtks_impor": ("wilayah_id",),
                "dtks_musyawarah": ("wilayah_id",),
                "dtks_tiketpadan": ("wilayah_id",),
                "dtks_suratpadan": ("wilayah_id",),
                "dtks_peristiwa": ("wilayah_id",),
                "dtks_penduduk": ("wilayah",),
                "dtks_silang": ("wilayah_id",),
                "dtks_temuanganda": ("wilayah_pertama_id", "wilayah_kedua_id"),
                "dtks_permintaanpindah": ("dari_id", "ke_id"),
                "dtks_individu": ("keluarga_id>dtks_keluarga",),
                "dtks_rumah": ("keluarga_id>dtks_keluarga",),
                "dtks_aset": ("keluarga_id>dtks_keluarga",),
                "dtks_fotokeluarga": ("keluarga_id>dtks_keluarga",),
                "dtks_desil": ("keluarga_id>dtks_keluarga",),
                "dtks_versikeluarga": ("keluarga_id>dtks_keluarga",),
                "dtks_anggotappks": ("individu_id>dtks_individu",),
                "dtks_hasilpadan": ("individu_id>dtks_individu",),
                "dtks_calonganda": ("pertama_id>dtks_individu", "kedua_id>dtks_individu"),
                "dtks_penggabungan": ("calon_id>dtks_calonganda",),
                "dtks_riwayatusulan": ("usulan_id>dtks_usulan",),
                "dtks_bendera": ("usulan_id>dtks_usulan",),
                "dtks_pernyataankerabat": ("bendera_id>dtks_bendera",),
                "dtks_asesmen": ("usulan_id>dtks_usulan",),
                "dtks_fotoasesmen": ("asesmen_id>dtks_asesmen",),
                "dtks_barisimpor": ("impor_id>dtks_impor",),
                "dtks_hasilsiks": ("usulan_id>dtks_usulan",),
                "dtks_pegangkasus": ("usulan_id>dtks_usulan",),
                "dtks_bukakasus": ("usulan_id>dtks_usulan",),
                "dtks_riwayatmusyawarah": ("musyawarah_id>dtks_musyawarah",),
                "dtks_pesertamusyawarah": ("musyawarah_id>dtks_musyawarah",),
                "dtks_putusanmusyawarah": ("musyawarah_id>dtks_musyawarah",),
                "dtks_barissuratpadan": ("surat_id>dtks_suratpadan",),
                "dtks_permintaanalih": ("usulan_id>dtks_usulan",),
                "dtks_sampelusulan": ("usulan_id>dtks_usulan",),
                "dtks_guliranperiode": ("usulan_id>dtks_usulan",),
                "dtks_jedatenggat": ("usulan_id>dtks_usulan",),
                "dtks_eskalasi": ("usulan_id>dtks_usulan",),
                "dtks_barissilang": ("silang_id>dtks_silang",),
            }
        )
    ]
