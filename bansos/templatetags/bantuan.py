"""`{% load bantuan %}`: what the family of a proposal receives already, for whoever looks at it before it is proposed."""

from typing import Any

from django import template
from django.template.context import Context

from bansos.models.pengecualian import KUASA_LIHAT
from bansos.queries.bantuan import bantuan
from bansos.queries.pengecualian import keluarga_kena
from bansos.queries.tumpang import larangan
from dtks.models import Usulan

register = template.Library()


@register.inclusion_tag("bansos/_bantuan_lain.html", takes_context=True)
def bantuan_lain(context: Context, usulan: Usulan) -> dict[str, Any]:
    """Programmes received now (with those that may not go together with this one), and hits on exclusion lists."""
    user = context["request"].user
    anggota = list(usulan.keluarga.anggota.filter(aktif=True).order_by("pk"))
    hasil = bantuan(usulan, user, anggota)
    pasang = larangan(usulan.wilayah_id[:5])
    terima = [(t, tuple(sorted((t.kode, usulan.program))) in pasang) for t in hasil.terima]
    boleh = any(user.boleh(kuasa, usulan.wilayah_id) for kuasa in KUASA_LIHAT)
    kena = keluarga_kena(usulan.keluarga) if boleh else []
    return {
        "terima": terima,
        "di_lain": hasil.di_lain,
        "kena": [k for k in kena if k.butir.status in ("berlaku", "disanggah")],
    }
