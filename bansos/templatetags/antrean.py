"""`{% load antrean %}`: the rows of a queue, put together here as the clocks are and not node by node: a page draws fifty."""

from functools import cache
from html import escape

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.safestring import SafeString

from bansos.queries.antrean import BarisAntrean
from bansos.templatetags.tempat import tempat_di
from core.templatetags.ui import jam, tag_status, tanggal
from dtks.models import Asesmen, Usulan
from dtks.queries.tenggat import semua_jam
from dtks.templatetags.tenggat import gambar_jam

register = template.Library()

_BARIS = """
      <tr>{}
        <th scope="row">
          <a href="{}{}{}" data-baris>{}</a>
          <span class="kecil redup"><br>{}, <span class="utuh">{}</span></span>{}
        </th>
        <td data-label="Program">{}</td>
        <td data-label="Cek NIK">{}</td>
        <td data-label="Kunjungan">{}</td>
        <td data-label="Tenggat">{}
          <span class="kecil redup"><br>Menunggu sejak {}</span>
        </td>
      </tr>"""
_CENTANG = """
        <td>
          <label class="centang">
            <input type="checkbox" name="usulan" value="{}"{}>
            <span class="sr">Pilih {}</span>
          </label>
        </td>"""


@register.simple_tag(takes_context=True)
def baris_antrean(context: Context, daftar: list[BarisAntrean], centang: bool = False) -> SafeString:
    """One `<tr>` for each row of `lengkapi`. From the page: `saringan` for the links, `dicentang` for the ticks."""
    if not daftar:
        return SafeString("")
    jam_semua = semua_jam([b.u for b in daftar])
    contoh = str(daftar[0].u.id)
    depan, belakang = map(escape, reverse("meja", args=[contoh]).split(contoh))
    belakang += escape(f"?{context.get('saringan', '')}")
    # Much is the same in many rows: it is drawn, and its characters are escaped, once.
    padan, jam_kata, tempat_kata, kata = cache(_padan), cache(gambar_jam), cache(_tempat), cache(escape)
    dicentang = context.get("dicentang") or ()
    baris = []
    for b in daftar:
        u = b.u
        pk, nama = str(u.id), escape(u.keluarga__nama_kepala)
        baris.append(
            _BARIS.format(
                _CENTANG.format(pk, " checked" if pk in dicentang else "", nama) if centang else "",
                depan, pk, belakang, nama,
                tempat_kata(u.wilayah__jalur, u.wilayah__tingkat), escape(u.tiket), _keterangan(b),
                kata(b.program),
                padan(b.padan),
                _kunjungan(b),
                jam_kata(jam_semua[u.id]) if u.tenggat else "Tanpa tenggat",
                tanggal(u.status_sejak),
            )
        )  # fmt: skip
    return SafeString("".join(baris))


def _tempat(jalur: str, tingkat: int) -> str:
    return escape(tempat_di(jalur, tingkat))


def _keterangan(b: BarisAntrean) -> str:
    """What stands under the name: the emergency path, who has the case open, and what holds it up."""
    isi = ""
    if b.u.jalur == Usulan.Jalur.KEDARURATAN:
        isi += f"<br>{tag_status('darurat', label='Kedaruratan', nada='tunggu')}"
    if b.dipegang:
        nama, sejak = b.dipegang
        isi += f'<br><span class="kecil">Sedang dibuka {escape(nama)} sejak {jam(sejak)}</span>'
    return isi + "".join(f"<br>{tag_status('bendera', label=satu, nada='buruk')}" for satu in b.bendera)


def _padan(isi: tuple[tuple[str, int, str], ...]) -> str:
    return (
        "<br>".join(
            f'<span class="tag tag-{escape(nada)}">{escape(kata)}</span> <span class="kecil">{n} orang</span>'
            for kata, n, nada in isi
        )
        or "Belum ada anggota"
    )


def _kunjungan(b: BarisAntrean) -> str:
    if b.asesmen:
        kode, hari = b.asesmen
        return f'{_kesimpulan(kode)}<span class="kecil redup"><br>{tanggal(hari)}</span>'
    return f"Petugas: {escape(b.u.petugas__nama)}" if b.u.petugas__nama else "Belum ada"


@cache
def _kesimpulan(kode: str) -> str:
    return tag_status(kode, label=dict(Asesmen.Kesimpulan.choices).get(kode, kode))
