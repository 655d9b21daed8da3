"""The page of /lacak/ for the services of the counter."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bansos.models import PermohonanSurat, ReaktivasiPBI
from pengaduan.actions import layanan  # noqa: F401 - the kinds of ticket register themselves
from pengaduan.queries.layanan import status_layanan
from pengaduan.views import lacak


def _tampil(request: HttpRequest, satu: Any) -> HttpResponse:
    return render(request, "pengaduan/lacak_layanan.html", {"status": status_layanan(satu)})


lacak.daftarkan("PBI", _tampil, ReaktivasiPBI)
lacak.daftarkan("SRT", _tampil, PermohonanSurat)
