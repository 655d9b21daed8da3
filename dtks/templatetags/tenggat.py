"""`{% load tenggat %}`: the clock of a proposal in words; calendar and pauses are read once for the page."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html, format_html_join

from core.templatetags.ui import tanggal
from dtks.models import Usulan
from dtks.queries import tenggat as baca
from wilayah.queries.kerja import kalender
from wilayah.waktu import hari_wilayah

register = template.Library()


def _simpanan(context: Context, kunci: str) -> dict[Any, Any]:
    return context.render_context.setdefault(kunci, {})


@register.simple_tag(takes_context=True)
def siapkan_jam(context: Context, daftar: Iterable[Usulan]) -> str:
    """Before a list: read the clocks of all its rows in two queries, so that `jam` asks for none of them."""
    context["jam_semua"] = baca.semua_jam(daftar)
    return ""


@register.simple_tag(takes_context=True)
def jam(context: Context, usulan: Usulan, singkat: bool = False) -> str:
    """Deadline of one proposal: the day, what is left, or why the clock stands still. Nothing where there is no clock."""
    semua = context.get("jam_semua") or {}
    isi = semua[usulan.pk] if usulan.pk in semua else baca.semua_jam([usulan])[usulan.pk]
    return gambar_jam(isi, singkat)


def gambar_jam(isi: baca.Jam | None, singkat: bool = False) -> str:
    """One clock as HTML. Put together here and not by a template of its own: a queue draws it fifty times."""
    if isi is None:
        return ""
    lain = format_html_join("", '<span class="kecil redup"><br>{}.</span>', ((satu,) for satu in isi.lain))
    if isi.berhenti:
        return format_html("{}.{}", isi.kata, lain)
    hari = "" if singkat else f"{tanggal(isi.tenggat)} "
    return format_html('{}<span class="tag tag-{}">{}</span>{}', hari, isi.nada, isi.kata, lain)


@register.simple_tag(takes_context=True)
def sisa_kerja(context: Context, tenggat: date | None, wilayah: str) -> str:
    """`sisa 2 hari kerja` for a bare day, as in a summary; '' for none."""
    if tenggat is None:
        return ""
    kal = _simpanan(context, "kalender")
    kab = wilayah[:5]
    if kab not in kal:
        kal[kab] = kalender(kab)
    return baca.kata_sisa(kal[kab], kab, tenggat, hari_wilayah(kab), kerja=True)
