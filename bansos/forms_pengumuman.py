"""Forms of the public list and of the village that publishes it."""

from django import forms

from core.forms import PlainTextField, SendOnceForm
from wilayah.forms import PilihWilayahField


class DesaForm(forms.Form):
    desa = PilihWilayahField(label="Desa atau kelurahan")


class UmumkanForm(SendOnceForm):
    pass


class TarikPengumumanForm(SendOnceForm):
    alasan = PlainTextField(
        label="Alasan menarik pengumuman",
        limit=300,
        error_messages={"required": "Tuliskan alasannya."},
    )
