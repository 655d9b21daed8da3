"""The first page after signing in: what waits for me."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.alamat import ada, menu_kelompok
from portal.queries.dasbor import dasbor as baca


@login_required
@require_safe
def dasbor(request: HttpRequest) -> HttpResponse:
    isi = baca(request.user)
    return render(
        request,
        "portal/dasbor.html",
        {
            "isi": isi,
            "total": sum(t.jumlah for t in isi.tugas if t.kode != "dikembalikan"),
            "peran_saya": [p.peran for p in request.user.penugasan_aktif],
            "menu_kelompok": menu_kelompok(request.user),
            "pintasan": [
                (label, kalimat, url)
                for kuasa, label, kalimat, url in (
                    (
                        "usulan.buat",
                        "Usulkan keluarga",
                        "Catat keluarga yang perlu dibantu.",
                        "/usulan/baru/",
                    ),
                    (
                        "laporan.lihat",
                        "Laporan",
                        "Jumlah, lamanya proses, dan perbandingan antarwilayah.",
                        "/laporan/",
                    ),
                    (
                        "jejak.lihat",
                        "Jejak audit",
                        "Siapa melakukan apa, kapan, dan di wilayah mana.",
                        "/jejak/",
                    ),
                    ("pengguna.kelola", "Pengguna", "Akun, peran, dan wilayah tugas.", "/pengguna/"),
                    (
                        "pekerjaan.lihat",
                        "Pekerjaan latar",
                        "Yang sedang dikerjakan komputer, dan yang berhenti.",
                        "/pekerjaan/",
                    ),
                )
                if request.user.punya(kuasa) and ada(url)
            ],
        },
    )
