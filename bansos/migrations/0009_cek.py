import uuid

from django.db import migrations, models

from core.migrations import _sql


class Migration(migrations.Migration):
    """The public table of /cek/ and the triggers that keep it."""

    dependencies = [("bansos", "0008_keberatan"), ("core", "0005_tantangan"), ("dtks", "0020_hitungan")]
    operations = [
        migrations.CreateModel(
            name="CekGaram",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("garam", models.BinaryField(max_length=32)),
            ],
            options={"verbose_name": "garam cek bansos", "verbose_name_plural": "garam cek bansos"},
        ),
        migrations.CreateModel(
            name="CekBansos",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        db_default=models.Func(function="gen_random_uuid"),
                        default=uuid.uuid4,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("individu_id", models.UUIDField()),
                ("program", models.CharField(max_length=20)),
                ("kunci_nik", models.BinaryField(max_length=32, null=True)),
                ("kunci_nama", models.BinaryField(max_length=32, null=True)),
                ("kunci_lahir", models.BinaryField(max_length=32, null=True)),
                ("kembar", models.BooleanField(db_default=False, default=False)),
                ("nama_samar", models.CharField(max_length=100)),
                ("wilayah", models.CharField(db_collation="C", max_length=13)),
                (
                    "keadaan",
                    models.CharField(
                        choices=[
                            ("penerima", "Penerima"),
                            ("dikeluarkan", "Tidak menerima lagi"),
                            ("dicabut", "Keputusan dicabut"),
                            ("daftar_tunggu", "Daftar tunggu"),
                            ("tidak_ditetapkan", "Tidak ditetapkan"),
                            ("proses_desa", "Diproses di desa"),
                            ("proses_dinas", "Diproses Dinas Sosial"),
                            ("menunggu_sk", "Menunggu penetapan"),
                            ("ditunda", "Ditunda"),
                            ("ditolak", "Usulan ditolak"),
                        ],
                        max_length=20,
                    ),
                ),
                ("periode", models.CharField(max_length=7)),
                ("tanggal", models.DateField(null=True)),
            ],
            options={
                "verbose_name": "cek bansos",
                "verbose_name_plural": "cek bansos",
                "indexes": [
                    models.Index(fields=["kunci_nik"], name="cekbansos_nik"),
                    models.Index(fields=["kunci_nama"], name="cekbansos_nama"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("individu_id", "program"), name="cekbansos_unik")
                ],
            },
        ),
        _sql.file("bansos", "cek.sql"),
    ]
