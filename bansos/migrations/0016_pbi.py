import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import core.privacy.fields
from core.migrations import _sql


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_kunci_api"),
        ("bansos", "0015_penyaluran"),
        ("core", "0007_api"),
        ("dtks", "0021_padan_api"),
        ("wilayah", "0002_kalender"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PbiNonaktif",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "nik_indeks",
                    core.privacy.fields.BlindIndexField(blank=True, max_length=32, null=True, source="nik"),
                ),
                (
                    "nik",
                    core.privacy.fields.SealedField(blank=True, null=True, purpose="nik", verbose_name="NIK"),
                ),
                ("nama", models.CharField(max_length=100, verbose_name="nama")),
                ("tanggal", models.DateField(verbose_name="nonaktif sejak")),
                ("sebab", models.CharField(max_length=120, verbose_name="sebab")),
                (
                    "asal",
                    models.CharField(
                        choices=[("berkas", "Berkas nonaktif"), ("loket", "Dicatat di loket")], max_length=6
                    ),
                ),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "impor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dtks.impor",
                    ),
                ),
                (
                    "individu",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pbi_nonaktif",
                        to="dtks.individu",
                    ),
                ),
                (
                    "wilayah",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="wilayah.wilayah"
                    ),
                ),
            ],
            options={
                "verbose_name": "PBI nonaktif",
                "verbose_name_plural": "PBI nonaktif",
                "ordering": ["-tanggal", "-id"],
            },
        ),
        migrations.CreateModel(
            name="PermohonanSurat",
            fields=[
                ("jam_kunci", models.CharField(blank=True, max_length=40, verbose_name="jam")),
                ("jam_mulai", models.DateTimeField(null=True)),
                ("tenggat_at", models.DateTimeField(null=True, verbose_name="tenggat")),
                ("jam_selesai", models.DateTimeField(null=True)),
                ("eskalasi", models.PositiveSmallIntegerField(default=0)),
                ("eskalasi_at", models.DateTimeField(null=True)),
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("nomor", models.CharField(max_length=24)),
                (
                    "jenis",
                    models.CharField(
                        choices=[
                            ("KETERANGAN", "Surat keterangan DTSEN (dengan desil)"),
                            ("REKOMENDASI", "Surat rekomendasi"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "keperluan",
                    models.CharField(
                        choices=[
                            ("SPMB", "Penerimaan murid baru jalur afirmasi"),
                            ("PIP", "Program Indonesia Pintar"),
                            ("KIPK", "KIP Kuliah"),
                            ("KESEHATAN", "Jaminan atau keringanan biaya kesehatan"),
                            ("REHABILITASI", "Rehabilitasi atau rujukan ke lembaga"),
                            ("LAIN", "Lainnya"),
                        ],
                        max_length=12,
                    ),
                ),
                ("keterangan", models.CharField(blank=True, max_length=200, verbose_name="untuk apa")),
                (
                    "nik_indeks",
                    core.privacy.fields.BlindIndexField(blank=True, max_length=32, null=True, source="nik"),
                ),
                (
                    "nik",
                    core.privacy.fields.SealedField(blank=True, null=True, purpose="nik", verbose_name="NIK"),
                ),
                ("nama", models.CharField(max_length=100, verbose_name="nama")),
                ("pemohon", models.CharField(max_length=100, verbose_name="yang meminta")),
                (
                    "hubungan",
                    models.CharField(
                        choices=[
                            ("DIRI", "Orang itu sendiri"),
                            ("KELUARGA", "Anggota keluarga dalam KK yang sama"),
                            ("KUASA", "Orang lain dengan surat kuasa"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("diajukan", "Diperiksa"),
                            ("diperiksa", "Menunggu tanda tangan"),
                            ("diterbitkan", "Surat terbit"),
                            ("ditolak", "Tidak bisa diterbitkan"),
                            ("dibatalkan", "Dibatalkan pemohon"),
                        ],
                        default="diajukan",
                        max_length=20,
                    ),
                ),
                ("status_sejak", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("versi", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "dokumen",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.dokumen",
                    ),
                ),
                (
                    "individu",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dtks.individu",
                    ),
                ),
                (
                    "pemeriksa_orang",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orang",
                    ),
                ),
                (
                    "penandatangan_orang",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orang",
                    ),
                ),
                (
                    "surat_kuasa",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.berkas",
                    ),
                ),
                (
                    "wilayah",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="wilayah.wilayah"
                    ),
                ),
            ],
            options={
                "verbose_name": "permohonan surat",
                "verbose_name_plural": "permohonan surat",
                "ordering": ["-created_at", "-id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReaktivasiPBI",
            fields=[
                ("jam_kunci", models.CharField(blank=True, max_length=40, verbose_name="jam")),
                ("jam_mulai", models.DateTimeField(null=True)),
                ("tenggat_at", models.DateTimeField(null=True, verbose_name="tenggat")),
                ("jam_selesai", models.DateTimeField(null=True)),
                ("eskalasi", models.PositiveSmallIntegerField(default=0)),
                ("eskalasi_at", models.DateTimeField(null=True)),
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("nomor", models.CharField(max_length=24)),
                ("nik_indeks", models.BinaryField(max_length=32)),
                ("nama", models.CharField(max_length=100)),
                ("nonaktif_sejak", models.DateField()),
                ("desil", models.PositiveSmallIntegerField(null=True)),
                (
                    "kondisi",
                    models.CharField(
                        choices=[("biasa", "Biasa"), ("darurat", "Darurat medis")],
                        default="biasa",
                        max_length=8,
                    ),
                ),
                (
                    "keadaan_mendesak",
                    models.CharField(blank=True, max_length=300, verbose_name="keadaan mendesak"),
                ),
                ("pemohon", models.CharField(max_length=100, verbose_name="yang mengajukan")),
                ("faskes", models.CharField(blank=True, max_length=120, verbose_name="nama faskes")),
                ("faskes_tanggal", models.DateField(null=True, verbose_name="tanggal surat faskes")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draf", "Draf"),
                            ("diajukan", "Menunggu pemeriksaan"),
                            ("diverifikasi", "Menunggu surat rekomendasi"),
                            ("direkomendasikan", "Surat terbit, belum dikirim"),
                            ("dikirim_siks", "Menunggu jawaban pusat"),
                            ("disetujui", "Aktif kembali"),
                            ("ditolak_pusat", "Tidak disetujui pusat"),
                            ("ditolak", "Ditolak Dinas"),
                            ("dibatalkan", "Dibatalkan"),
                        ],
                        default="draf",
                        max_length=20,
                    ),
                ),
                ("status_sejak", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("versi", models.PositiveIntegerField(default=0)),
                (
                    "siks_nomor",
                    models.CharField(blank=True, max_length=60, verbose_name="nomor pengajuan SIKS-NG"),
                ),
                ("siks_tanggal", models.DateField(null=True)),
                ("hasil_tanggal", models.DateField(null=True, verbose_name="tanggal jawaban pusat")),
                ("perbarui_batas", models.DateField(null=True, verbose_name="batas memperbarui data")),
                ("diingatkan", models.DateField(null=True)),
                ("diperbarui_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "dokumen",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.dokumen",
                    ),
                ),
                (
                    "individu",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dtks.individu",
                    ),
                ),
                (
                    "nonaktif",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reaktivasi",
                        to="bansos.pbinonaktif",
                    ),
                ),
                (
                    "penandatangan_orang",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orang",
                    ),
                ),
                (
                    "pengaju_orang",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orang",
                    ),
                ),
                (
                    "sktm",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.berkas",
                    ),
                ),
                (
                    "surat_faskes",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.berkas",
                    ),
                ),
                (
                    "verifikator_orang",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orang",
                    ),
                ),
                (
                    "wilayah",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="wilayah.wilayah"
                    ),
                ),
            ],
            options={
                "verbose_name": "reaktivasi PBI",
                "verbose_name_plural": "reaktivasi PBI",
                "ordering": ["-created_at", "-id"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RiwayatReaktivasi",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("urut", models.PositiveIntegerField()),
                ("langkah", models.CharField(max_length=30)),
                ("dari", models.CharField(max_length=30)),
                ("ke", models.CharField(max_length=30)),
                ("peran", models.CharField(blank=True, max_length=20)),
                ("alasan", models.CharField(blank=True, max_length=40)),
                ("alasan_kalimat", models.CharField(blank=True, max_length=200)),
                ("catatan", models.TextField(blank=True, max_length=2000)),
                ("pada", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "oleh",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "orang",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orang",
                    ),
                ),
                (
                    "reaktivasi",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="riwayat",
                        to="bansos.reaktivasipbi",
                    ),
                ),
            ],
            options={
                "verbose_name": "riwayat reaktivasi PBI",
                "verbose_name_plural": "riwayat reaktivasi PBI",
                "ordering": ["urut"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RiwayatSurat",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("urut", models.PositiveIntegerField()),
                ("langkah", models.CharField(max_length=30)),
                ("dari", models.CharField(max_length=30)),
                ("ke", models.CharField(max_length=30)),
                ("peran", models.CharField(blank=True, max_length=20)),
                ("alasan", models.CharField(blank=True, max_length=40)),
                ("alasan_kalimat", models.CharField(blank=True, max_length=200)),
                ("catatan", models.TextField(blank=True, max_length=2000)),
                ("pada", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "oleh",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "orang",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orang",
                    ),
                ),
                (
                    "permohonan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="riwayat",
                        to="bansos.permohonansurat",
                    ),
                ),
            ],
            options={
                "verbose_name": "riwayat permohonan surat",
                "verbose_name_plural": "riwayat permohonan surat",
                "ordering": ["urut"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="TinjauanPenerima",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "sebab",
                    models.CharField(
                        choices=[
                            ("MENINGGAL", "Tercatat meninggal"),
                            ("PINDAH", "Tercatat pindah"),
                            ("TIDAK_PADAN", "NIK tidak padan"),
                            ("TIDAK_LAYAK", "Tidak memenuhi syarat lagi"),
                            ("GANDA", "Tercatat ganda"),
                        ],
                        max_length=12,
                    ),
                ),
                ("bukti", models.JSONField(default=dict)),
                ("bukti_tanggal", models.DateField(null=True)),
                ("sidik", models.BinaryField(max_length=32)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("terbuka", "Perlu diputus"),
                            ("ditanya", "Ditanyakan ke desa"),
                            ("dijawab", "Dijawab desa, perlu diputus"),
                            ("dipertahankan", "Tetap menerima"),
                            ("diusulkan_hapus", "Diusulkan dihapus"),
                            ("gugur", "Gugur, sebabnya sudah tidak ada"),
                        ],
                        default="terbuka",
                        max_length=20,
                    ),
                ),
                ("status_sejak", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("versi", models.PositiveIntegerField(default=0)),
                ("ditanya_at", models.DateTimeField(null=True)),
                ("jawaban", models.CharField(blank=True, max_length=500, verbose_name="jawaban desa")),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "updated_at",
                    models.DateTimeField(auto_now=True, db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "individu",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dtks.individu",
                    ),
                ),
                (
                    "keluarga",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tinjauan",
                        to="dtks.keluarga",
                    ),
                ),
                (
                    "pemutus_orang",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orang",
                    ),
                ),
                (
                    "penjawab_orang",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orang",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bansos.program"
                    ),
                ),
                (
                    "usulan",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="dtks.usulan",
                    ),
                ),
                (
                    "wilayah",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="wilayah.wilayah"
                    ),
                ),
            ],
            options={
                "verbose_name": "tinjauan penerima",
                "verbose_name_plural": "tinjauan penerima",
                "ordering": ["-created_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="RiwayatTinjauan",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("urut", models.PositiveIntegerField()),
                ("langkah", models.CharField(max_length=30)),
                ("dari", models.CharField(max_length=30)),
                ("ke", models.CharField(max_length=30)),
                ("peran", models.CharField(blank=True, max_length=20)),
                ("alasan", models.CharField(blank=True, max_length=40)),
                ("alasan_kalimat", models.CharField(blank=True, max_length=200)),
                ("catatan", models.TextField(blank=True, max_length=2000)),
                ("pada", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "oleh",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "orang",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.orang",
                    ),
                ),
                (
                    "tinjauan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="riwayat",
                        to="bansos.tinjauanpenerima",
                    ),
                ),
            ],
            options={
                "verbose_name": "riwayat tinjauan penerima",
                "verbose_name_plural": "riwayat tinjauan penerima",
                "ordering": ["urut"],
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="pbinonaktif",
            index=models.Index(fields=["wilayah", "-tanggal", "-id"], name="pbinonaktif_daftar"),
        ),
        migrations.AddIndex(
            model_name="pbinonaktif",
            index=models.Index(
                condition=models.Q(("impor__isnull", False)), fields=["impor"], name="pbinonaktif_impor"
            ),
        ),
        migrations.AddConstraint(
            model_name="pbinonaktif",
            constraint=models.UniqueConstraint(fields=("nik_indeks", "tanggal"), name="pbinonaktif_unik"),
        ),
        migrations.AddConstraint(
            model_name="pbinonaktif",
            constraint=models.CheckConstraint(
                condition=models.Q(("nik_indeks__isnull", False)), name="pbinonaktif_nik"
            ),
        ),
        migrations.AddIndex(
            model_name="permohonansurat",
            index=models.Index(
                condition=models.Q(("eskalasi_at__isnull", False)),
                fields=["eskalasi_at"],
                name="permohonansurat_naik",
            ),
        ),
        migrations.AddIndex(
            model_name="permohonansurat",
            index=models.Index(
                fields=["wilayah", "status", "-created_at", "-id"], name="permohonansurat_antrean"
            ),
        ),
        migrations.AddConstraint(
            model_name="permohonansurat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("jam_mulai__isnull", True), ("tenggat_at__isnull", True)),
                    ("tenggat_at__gt", models.F("jam_mulai")),
                    _connector="OR",
                ),
                name="permohonansurat_jam_utuh",
            ),
        ),
        migrations.AddConstraint(
            model_name="permohonansurat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("eskalasi_at__isnull", True),
                    models.Q(("jam_selesai__isnull", True), ("tenggat_at__isnull", False)),
                    _connector="OR",
                ),
                name="permohonansurat_jam_naik",
            ),
        ),
        migrations.AddConstraint(
            model_name="permohonansurat",
            constraint=models.UniqueConstraint(fields=("nomor", "wilayah"), name="permohonansurat_nomor"),
        ),
        migrations.AddConstraint(
            model_name="permohonansurat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("pemeriksa_orang__isnull", True),
                    ("penandatangan_orang__isnull", True),
                    models.Q(("pemeriksa_orang", models.F("penandatangan_orang")), _negated=True),
                    _connector="OR",
                ),
                name="permohonansurat_dua_orang",
            ),
        ),
        migrations.AddConstraint(
            model_name="permohonansurat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("dokumen__isnull", False), ("individu__isnull", False)),
                    models.Q(("status", "diterbitkan"), _negated=True),
                    _connector="OR",
                ),
                name="permohonansurat_terbit",
            ),
        ),
        migrations.AddConstraint(
            model_name="permohonansurat",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("hubungan", "KUASA"), _negated=True),
                    ("surat_kuasa__isnull", False),
                    _connector="OR",
                ),
                name="permohonansurat_kuasa",
            ),
        ),
        migrations.AddIndex(
            model_name="reaktivasipbi",
            index=models.Index(
                condition=models.Q(("eskalasi_at__isnull", False)),
                fields=["eskalasi_at"],
                name="reaktivasipbi_naik",
            ),
        ),
        migrations.AddIndex(
            model_name="reaktivasipbi",
            index=models.Index(
                fields=["wilayah", "status", "-created_at", "-id"], name="reaktivasipbi_antrean"
            ),
        ),
        migrations.AddIndex(
            model_name="reaktivasipbi",
            index=models.Index(
                condition=models.Q(("diperbarui_at__isnull", True), ("status", "disetujui")),
                fields=["perbarui_batas"],
                name="reaktivasipbi_perbarui",
            ),
        ),
        migrations.AddConstraint(
            model_name="reaktivasipbi",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("jam_mulai__isnull", True), ("tenggat_at__isnull", True)),
                    ("tenggat_at__gt", models.F("jam_mulai")),
                    _connector="OR",
                ),
                name="reaktivasipbi_jam_utuh",
            ),
        ),
        migrations.AddConstraint(
            model_name="reaktivasipbi",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("eskalasi_at__isnull", True),
                    models.Q(("jam_selesai__isnull", True), ("tenggat_at__isnull", False)),
                    _connector="OR",
                ),
                name="reaktivasipbi_jam_naik",
            ),
        ),
        migrations.AddConstraint(
            model_name="reaktivasipbi",
            constraint=models.UniqueConstraint(fields=("nomor", "wilayah"), name="reaktivasipbi_nomor"),
        ),
        migrations.AddConstraint(
            model_name="reaktivasipbi",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("status__in", ("draf", "diajukan", "diverifikasi", "direkomendasikan", "dikirim_siks"))
                ),
                fields=("nik_indeks",),
                name="reaktivasipbi_satu_terbuka",
            ),
        ),
        migrations.AddConstraint(
            model_name="reaktivasipbi",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("pengaju_orang__isnull", True),
                        ("verifikator_orang__isnull", True),
                        models.Q(("pengaju_orang", models.F("verifikator_orang")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("pengaju_orang__isnull", True),
                        ("penandatangan_orang__isnull", True),
                        models.Q(("pengaju_orang", models.F("penandatangan_orang")), _negated=True),
                        _connector="OR",
                    ),
                    models.Q(
                        ("verifikator_orang__isnull", True),
                        ("penandatangan_orang__isnull", True),
                        models.Q(("verifikator_orang", models.F("penandatangan_orang")), _negated=True),
                        _connector="OR",
                    ),
                ),
                name="reaktivasipbi_tiga_orang",
            ),
        ),
        migrations.AddConstraint(
            model_name="reaktivasipbi",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("dokumen__isnull", False),
                    models.Q(
                        ("status__in", ["direkomendasikan", "dikirim_siks", "disetujui", "ditolak_pusat"]),
                        _negated=True,
                    ),
                    _connector="OR",
                ),
                name="reaktivasipbi_surat",
            ),
        ),
        migrations.AddConstraint(
            model_name="reaktivasipbi",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("surat_faskes__isnull", False), ("status__in", ["draf", "dibatalkan"]), _connector="OR"
                ),
                name="reaktivasipbi_faskes",
            ),
        ),
        migrations.AddConstraint(
            model_name="reaktivasipbi",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kondisi", "darurat"), _negated=True),
                    models.Q(("keadaan_mendesak", ""), _negated=True),
                    _connector="OR",
                ),
                name="reaktivasipbi_mendesak",
            ),
        ),
        migrations.AddConstraint(
            model_name="reaktivasipbi",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("perbarui_batas__isnull", False),
                    models.Q(("status", "disetujui"), _negated=True),
                    _connector="OR",
                ),
                name="reaktivasipbi_perbarui",
            ),
        ),
        migrations.AddConstraint(
            model_name="riwayatreaktivasi",
            constraint=models.UniqueConstraint(fields=("reaktivasi", "urut"), name="riwayatreaktivasi_urut"),
        ),
        migrations.AddConstraint(
            model_name="riwayatsurat",
            constraint=models.UniqueConstraint(fields=("permohonan", "urut"), name="riwayatsurat_urut"),
        ),
        migrations.AddIndex(
            model_name="tinjauanpenerima",
            index=models.Index(
                fields=["wilayah", "status", "-created_at", "-id"], name="tinjauanpenerima_daftar"
            ),
        ),
        migrations.AddConstraint(
            model_name="tinjauanpenerima",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ("terbuka", "ditanya", "dijawab"))),
                fields=("keluarga", "program", "sebab", "individu"),
                name="tinjauanpenerima_satu_terbuka",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="tinjauanpenerima",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "gugur"), _negated=True),
                fields=("keluarga", "program", "sebab", "sidik"),
                name="tinjauanpenerima_bukti_sekali",
            ),
        ),
        migrations.AddConstraint(
            model_name="tinjauanpenerima",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("usulan__isnull", False),
                    models.Q(("status", "diusulkan_hapus"), _negated=True),
                    _connector="OR",
                ),
                name="tinjauanpenerima_usulan",
            ),
        ),
        migrations.AddConstraint(
            model_name="riwayattinjauan",
            constraint=models.UniqueConstraint(fields=("tinjauan", "urut"), name="riwayattinjauan_urut"),
        ),
        _sql.file("bansos", "jaga_layanan.sql"),
    ]
