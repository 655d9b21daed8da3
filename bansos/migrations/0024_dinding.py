from django.db import migrations

from core.migrations import _sql


class Migration(migrations.Migration):
    """The second wall (docs/adr/0034): what a signed-in person can read at all."""

    atomic = False
    dependencies = [("bansos", "0021_daftar_sekali"), ("core", "0011_dinding"), ("dtks", "0022_dinding")]
    operations = [
        _sql.wall(
            {
                "bansos_pengesahan": ("wilayah_id",),
                "bansos_penetapan": ("wilayah_id",),
                "bansos_kelayakan": ("wilayah_id",),
                "bansos_verifikasikelayakan": ("wilayah_id",),
                "bansos_batchpengesahan": ("wilayah_id",),
                "bansos_barisdaftar": ("wilayah_id",),
                "bansos_graduasi": ("wilayah_id",),
                "bansos_keberatan": ("wilayah_id",),
                "bansos_pbinonaktif": ("wilayah_id", "individu_id>dtks_individu"),
                "bansos_reaktivasipbi": ("wilayah_id",),
                "bansos_butirpengecualian": ("wilayah_id",),
                "bansos_penyaluran": ("wilayah_id",),
                "bansos_permintaandata": ("wilayah_id",),
                "bansos_permohonansurat": ("wilayah_id",),
                "bansos_tinjauanpenerima": ("wilayah_id",),
                "bansos_pengesahanusulan": ("usulan_id>dtks_usulan",),
                "bansos_barispenetapan": ("penetapan_id>bansos_penetapan",),
                "bansos_riwayatbatch": ("batch_id>bansos_batchpengesahan",),
                "bansos_barisbatch": ("batch_id>bansos_batchpengesahan",),
                "bansos_pengiriman": ("pengesahan_id>bansos_pengesahan",),
                "bansos_pantaumandiri": ("keluarga_id>dtks_keluarga",),
                "bansos_riwayatkeberatan": ("keberatan_id>bansos_keberatan",),
                "bansos_pengisiankuota": ("keluarga_id>dtks_keluarga",),
                "bansos_barismassal": ("usulan_id>dtks_usulan",),
                "bansos_riwayatreaktivasi": ("reaktivasi_id>bansos_reaktivasipbi",),
                "bansos_pbiaktif": ("nonaktif_id>bansos_pbinonaktif",),
                "bansos_sanggahbutir": ("individu_id>dtks_individu",),
                "bansos_riwayatpenyaluran": ("penyaluran_id>bansos_penyaluran",),
                "bansos_serahdata": ("permintaan_id>bansos_permintaandata",),
                "bansos_riwayatsurat": ("permohonan_id>bansos_permohonansurat",),
                "bansos_riwayattinjauan": ("tinjauan_id>bansos_tinjauanpenerima",),
            }
        )
    ]
