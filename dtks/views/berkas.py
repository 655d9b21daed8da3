"""Files of a case: photos, scans, letters. Served to those who may see the case; to others they do not exist."""

import io
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import SuspiciousOperation
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from PIL import Image

from accounts.models import Pengguna
from core import files
from core.models import Berkas, Dokumen
from dtks.models import (
    Asesmen,
    FotoAsesmen,
    FotoKeluarga,
    Keluarga,
    Musyawarah,
    Peristiwa,
    SuratPadan,
    Usulan,
)
from dtks.policies.usulan import lihat_keluarga

SISI_KECIL = 320  # pixels of a thumbnail: a page of photos must load on a village signal


@login_required
@require_safe
def berkas(request: HttpRequest, pk: Any) -> HttpResponse:
    """`?kecil=1` gives a thumbnail of a photo."""
    if set(request.GET) - {"kecil"}:
        raise SuspiciousOperation("unknown parameter")
    row = get_object_or_404(Berkas, pk=pk)
    if not _visible(row, request.user):
        raise Http404
    try:
        isi = files.read(row)
        gambar = row.mime == "image/jpeg"
        if gambar and "kecil" in request.GET:
            isi = _thumbnail(isi)
    except files.BadFile as error:
        return rusak(request, error)
    return HttpResponse(
        isi,
        content_type=row.mime,
        headers={
            "Content-Disposition": content_disposition_header(not gambar, row.nama_tampil) or "attachment",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, no-store",
        },
    )


def rusak(request: HttpRequest, error: files.BadFile) -> HttpResponse:
    """The record is there, its file is not: said plainly, with what to do. No cache keeps the answer."""
    answer = render(request, "dtks/berkas_rusak.html", {"kalimat": str(error)}, status=410)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _thumbnail(isi: bytes) -> bytes:
    with Image.open(io.BytesIO(isi), formats=("JPEG",)) as gambar:
        gambar.draft("RGB", (SISI_KECIL * 2, SISI_KECIL * 2))
        gambar.thumbnail((SISI_KECIL, SISI_KECIL))
        hasil = io.BytesIO()
        gambar.save(hasil, "JPEG", quality=75)
    return hasil.getvalue()


def _visible(row: Berkas, user: Pengguna) -> bool:
    """Does `user` see a case that this file belongs to?"""
    usulan = Usulan.objects.visible_to(user)
    if usulan.filter(sptjm=row).exists() or Musyawarah.objects.visible_to(user).filter(pindaian=row).exists():
        return True
    if foto := FotoKeluarga.objects.filter(berkas=row).first():
        milik = Keluarga.objects.visible_to(user).filter(pk=foto.keluarga_id)
        kasus = usulan.filter(keluarga_id=foto.keluarga_id).select_related("keluarga")
        return milik.exists() or any(lihat_keluarga(user, satu) for satu in kasus)
    if Peristiwa.objects.visible_to(user).filter(berkas=row).exists():
        return True
    if kunjungan := FotoAsesmen.objects.filter(berkas=row).select_related("asesmen").first():
        milik_asesmen = Asesmen.objects.visible_to(user).filter(pk=kunjungan.asesmen_id)
        return milik_asesmen.exists() or usulan.filter(pk=kunjungan.asesmen.usulan_id).exists()
    if SuratPadan.objects.filter(balasan=row).exists():
        return SuratPadan.objects.visible_to(user).filter(balasan=row).exists()
    return any(_may_read(dokumen, user) for dokumen in row.dokumen.all())


def _may_read(dokumen: Dokumen, user: Pengguna) -> bool:
    """Letters of a meeting belong to those who see the meeting; decrees to those who see decisions of the area."""
    if SuratPadan.objects.filter(dokumen=dokumen).exists():
        return False  # full numbers inside: only through surat_padan.unduh, which leaves an audit row
    rapat = Musyawarah.objects.filter(
        Q(berita_acara=dokumen) | Q(daftar_hadir=dokumen) | Q(bnba=dokumen) | Q(undangan=dokumen)
    )
    if rapat.exists():
        return rapat.filter(pk__in=Musyawarah.objects.visible_to(user).values("pk")).exists()
    return user.boleh("penetapan.lihat", dokumen.wilayah)
