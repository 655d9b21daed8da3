"""Notices by e-mail and phone: how a user wants to be told, and what was sent."""

import datetime
import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import core.privacy.fields
from core.migrations import _sql

_KINI = django.db.models.functions.datetime.Now()
_PENGGUNA = settings.AUTH_USER_MODEL


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_jaga")]
    operations = [
        migrations.AddIndex(
            "pemberitahuan",
            models.Index(condition=models.Q(("dibaca_at__isnull", True)), fields=["pengguna"], name="pemberitahuan_baru"),
        ),
        migrations.AddIndex("pemberitahuan", models.Index(fields=["created_at"], name="pemberitahuan_urut")),
        migrations.CreateModel(
            name="PilihanKabar",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("surel_aktif", models.BooleanField(default=False)),
                ("pesan_aktif", models.BooleanField(default=False)),
                ("ritme", models.CharField(choices=[("langsung", "Langsung"), ("harian", "Satu ringkasan tiap pagi")], default="harian", max_length=10)),
                ("tenang_mulai", models.TimeField(blank=True, default=datetime.time(20, 0), null=True)),
                ("tenang_selesai", models.TimeField(blank=True, default=datetime.time(6, 0), null=True)),
                ("aktif_sejak", models.DateTimeField(db_default=_KINI)),
                ("telepon", core.privacy.fields.SealedField(blank=True, null=True, purpose="telepon")),
                ("telepon_at", models.DateTimeField(null=True)),
                ("kode", core.privacy.fields.SealedField(blank=True, null=True, purpose="kode_telepon")),
                ("kode_hingga", models.DateTimeField(null=True)),
                ("pengguna", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="pilihan_kabar", to=_PENGGUNA)),
            ],
            options={"verbose_name": "pilihan kabar", "verbose_name_plural": "pilihan kabar"},
        ),
        migrations.CreateModel(
            name="Pesan",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kanal", models.CharField(choices=[("surel", "Surel"), ("pesan", "WhatsApp/SMS")], max_length=10)),
                ("ringkasan", models.DateField(null=True)),
                ("isi", models.CharField(max_length=400)),
                ("status", models.CharField(choices=[("menunggu", "Menunggu dikirim"), ("terkirim", "Terkirim"), ("gagal", "Gagal"), ("digabung", "Digabung ke pesan lain")], default="menunggu", max_length=10)),
                ("sebab", models.CharField(blank=True, max_length=200)),
                ("nomor_luar", models.CharField(blank=True, max_length=200)),
                ("dikirim_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(db_default=_KINI)),
                ("pemberitahuan", models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name="pesan", to="accounts.pemberitahuan")),
                ("pengguna", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="pesan", to=_PENGGUNA)),
            ],
            options={
                "verbose_name": "pesan",
                "verbose_name_plural": "pesan",
                "ordering": ["-created_at", "-id"],
                "indexes": [models.Index(fields=["-created_at", "-id"], name="pesan_urut")],
                "constraints": [
                    models.UniqueConstraint(fields=("pemberitahuan", "kanal"), name="pesan_sekali"),
                    models.UniqueConstraint(fields=("pengguna", "kanal", "ringkasan"), name="pesan_ringkasan_sekali"),
                ],
            },
        ),
        _sql.file("accounts", "kabar.sql"),
    ]
