"""Small pieces of screen that every app shares, registered as a template builtin (no `{% load %}`).

Live examples with a 'kapan dipakai' for each are at /komponen/. Nothing here reads a model of a higher
floor: tags take codes, strings, dates and plain rows.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from urllib.parse import urlencode

from django import template
from django.forms import BoundField, Form
from django.http import HttpRequest
from django.template.context import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.identity import mask_nik, mask_numbers
from core.terbilang import periode_judul

register = template.Library()

BULAN = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
ZONA = {7: "WIB", 8: "WITA", 9: "WIT"}
KOSONG = "–"

# Tone of the status words of the line (usulan) and of complaints. An unknown code is neutral,
# so a new state never breaks a page; the words stay beside the colour in every case.
NADA = {
    "jalan": "diajukan dimusyawarahkan diinput ditugaskan diases dikirim diproses berjalan diterima",
    "tunggu": "ditunda dikembalikan daftar_tunggu menunggu tidak_padan sebagian perlu_perbaikan diusulkan diminta",
    "baik": "disepakati terverifikasi disahkan ditetapkan selesai padan layak tersalur lunas aktif disetujui ditandatangani dikabulkan",
    "buruk": "ditolak tidak_ditetapkan gagal tidak_layak galat dibatalkan meninggal lewat",
}
NADA_KODE = {kode: nada for nada, daftar in NADA.items() for kode in daftar.split()}
NADA_PESAN = {"success": "baik", "warning": "tunggu", "error": "buruk"}


@register.filter
def samar_nomor(nilai: str | None) -> str:
    """What somebody wrote in his own words, without the NIK or KK that he put into it. Goes before `linebreaks`."""
    return mask_numbers(nilai or "")


@register.filter
def nada_pesan(level_tag: str) -> str:
    """Django's message level as a tone of ours: success, warning, error; everything else is information."""
    return NADA_PESAN.get(level_tag, "info")


@register.filter
def tanggal(nilai: date | datetime | None) -> str:
    """`21 Nov 2026`. Empty values become a dash; a datetime is read in the active time zone."""
    if not nilai:
        return KOSONG
    if isinstance(nilai, datetime) and timezone.is_aware(nilai):
        nilai = timezone.localtime(nilai)
    return f"{nilai.day} {BULAN[nilai.month - 1]} {nilai.year}"


@register.filter
def periode(nilai: str) -> str:
    """`Triwulan IV tahun 2026` for "2026-4", `Oktober 2026` for "2026-10"."""
    return periode_judul(nilai or KOSONG)


@register.filter
def jam(nilai: datetime | None) -> str:
    """`10.42`, with the dot that Indonesian spelling asks for."""
    if not nilai:
        return KOSONG
    lokal = timezone.localtime(nilai) if timezone.is_aware(nilai) else nilai
    return f"{lokal:%H.%M}"


@register.filter
def waktu(nilai: datetime | None) -> str:
    """`21 Nov 2026 10.42 WIB`; the zone's name follows the active time zone (WIB, WITA, WIT)."""
    if not nilai:
        return KOSONG
    lokal = timezone.localtime(nilai) if timezone.is_aware(nilai) else nilai
    offset = lokal.utcoffset()
    zona = ZONA.get(int(offset.total_seconds() // 3600), "") if offset else ""
    return f"{tanggal(lokal)} {lokal:%H.%M} {zona}".strip()


@register.filter
def sisa_hari(batas: date | datetime | None) -> str:
    """Calendar days to a deadline in words: `sisa 3 hari`, `hari ini`, `lewat 2 hari`."""
    if not batas:
        return KOSONG
    if isinstance(batas, datetime):
        batas = timezone.localtime(batas).date() if timezone.is_aware(batas) else batas.date()
    hari = (batas - timezone.localdate()).days
    if hari == 0:
        return "hari ini"
    return f"sisa {hari} hari" if hari > 0 else f"lewat {-hari} hari"


@register.filter
def angka(nilai: float | None) -> str:
    """Whole number with Indonesian thousands: `12.345`."""
    return KOSONG if nilai in (None, "") else f"{int(nilai):,}".replace(",", ".")


@register.filter(name="rupiah")
@register.simple_tag(name="rupiah")
def rupiah(nilai: float | None) -> str:
    """`Rp200.000` (EYD V: no space). Works as tag and as filter."""
    if nilai in (None, ""):
        return KOSONG
    tanda = "-" if int(nilai) < 0 else ""
    return f"{tanda}Rp{angka(abs(int(nilai)))}"


@register.filter
def samar(nomor: str | None) -> str:
    """NIK or KK as `3205••••••••0001`; any other number is hidden whole (`core.identity.mask_nik`)."""
    bersih = "".join(str(nomor or "").split())
    return mask_nik(bersih) if bersih else KOSONG


@register.filter
def kata(kode: str | None) -> str:
    """A code as words: `tidak_padan` becomes `Tidak padan`."""
    return str(kode or KOSONG).replace("_", " ").capitalize()


@register.simple_tag
def tag_status(kode: str, label: str = "", nada: str = "") -> SafeString:
    """Status word with tone and sign. `label` defaults to the code in words, `nada` to the table above."""
    return format_html(
        '<span class="tag tag-{}">{}</span>',
        nada or NADA_KODE.get(str(kode), "netral"),
        label or kata(kode),
    )


@register.simple_tag
@cache
def ikon(nama: str) -> SafeString:
    """Decorative icon from `static/img/ikon.svg`; the words beside it carry the meaning."""
    return render_to_string("komponen/ikon.html", {"nama": nama})


@register.simple_tag
def kolom(field: BoundField) -> SafeString:
    """One form field with label, help and error; the same as `{{ field.as_field_group }}`."""
    return field.as_field_group()


def _sasaran(field: BoundField) -> str:
    """Element id that the error summary jumps to; a group's first choice when the group itself has none."""
    return field.id_for_label or (f"{field.auto_id}_0" if field.auto_id else "")


@register.inclusion_tag("komponen/galat_ringkas.html")
def galat_ringkas(form: Form | None, sekali: bool = False) -> dict[str, object]:
    """Error summary with links to the fields. `{{ form }}` draws it itself unless the page did before."""
    if form is None or not form.is_bound or (sekali and getattr(form, "sudah_diringkas", False)):
        return {"galat": []}
    form.sudah_diringkas = True  # type: ignore[attr-defined]
    galat = [{"pesan": pesan, "id": ""} for pesan in form.non_field_errors()]
    for field in form:
        galat += [
            {"pesan": pesan, "label": field.label, "id": "" if field.is_hidden else _sasaran(field)}
            for pesan in field.errors
        ]
    return {"galat": galat}


@register.inclusion_tag("komponen/garis_waktu.html")
def garis_waktu(riwayat: object) -> dict[str, object]:
    """Timeline, newest first as given. Rows (dict or object): `label`, `waktu`, `oleh`, `alasan`."""
    return {"riwayat": riwayat}


@register.inclusion_tag("komponen/spanduk.html")
def spanduk(daftar: object) -> dict[str, object]:
    """Deadlines with what is not sent yet. Rows: `kalimat`, `rincian`, `url`, `dekat`; nothing is drawn for none."""
    return {"spanduk": daftar}


@register.inclusion_tag("komponen/tahapan.html")
def tahapan(langkah: list[str], kini: int) -> dict[str, object]:
    """Stepper: names of the stages and the index (from 0) of the present one; `len(langkah)` is all done."""
    return {
        "langkah": [
            {"nama": nama, "selesai": urutan < kini, "kini": urutan == kini}
            for urutan, nama in enumerate(langkah)
        ]
    }


@register.inclusion_tag("komponen/ringkasan.html")
def ringkasan(baris: Iterable[tuple[object, ...]]) -> dict[str, object]:
    """Summary list. Rows: `(label, nilai)` or `(label, nilai, url)`; the url adds a link 'Ubah'."""
    return {"baris": [(*b, "")[:3] for b in baris]}


@register.inclusion_tag("komponen/daftar_tugas.html")
def daftar_tugas(tugas: object) -> dict[str, object]:
    """Task list. Rows: `(label, url, kode_status)`; an empty url is a task that cannot start yet."""
    return {"tugas": tugas}


@register.inclusion_tag("komponen/kosong.html")
def kosong(judul: str, isi: str = "", url: str = "", tombol: str = "") -> dict[str, str]:
    """Empty state: what is missing, what to do next, at most one button."""
    return {"judul": judul, "isi": isi, "url": url, "tombol": tombol}


@register.inclusion_tag("komponen/selesai.html")
def panel_selesai(judul: str, nomor: str = "", isi: str = "") -> dict[str, str]:
    """Green confirmation panel with the reference number and a copy button."""
    return {"judul": judul, "nomor": nomor, "isi": isi}


@register.inclusion_tag("komponen/tersimpan.html")
def tersimpan(nilai: datetime | None) -> dict[str, object]:
    """`Tersimpan 10.42`; also the place that autosave updates (`id="tersimpan"`)."""
    return {"nilai": nilai}


def _tautan(request: HttpRequest | None, param: str, kursor: str) -> str:
    if not kursor:
        return ""
    if request is None:
        return "?" + urlencode({param: kursor})
    query = request.GET.copy()
    query[param] = kursor
    return "?" + query.urlencode()


@register.inclusion_tag("komponen/halaman.html", takes_context=True)
def halaman(
    context: Context, berikutnya: str = "", sebelumnya: str = "", param: str = "kursor"
) -> dict[str, str]:
    """Pager for opaque cursors; keeps the page's filters. Draws nothing when both ends are empty."""
    request = context.get("request")
    return {
        "url_sebelumnya": _tautan(request, param, sebelumnya or ""),
        "url_berikutnya": _tautan(request, param, berikutnya or ""),
    }


@register.simple_tag(takes_context=True)
def tautan_unduh(
    context: Context, nama: str, kata: str = "Unduh daftar ini", saring: bool = True
) -> SafeString:
    """Link from a list to its download page; with `saring` the list's present filter goes along."""
    isi = context["request"].GET.copy()
    isi.pop("kursor", None)
    url = reverse(nama) + (f"?{isi.urlencode()}" if saring and isi else "")
    return format_html('<p><a href="{}">{} {}</a></p>', url, ikon("unduh"), kata)
