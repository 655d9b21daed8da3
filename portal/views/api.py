"""The schema and the documentation of the REST API. Public, and without anything from elsewhere."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.queries import api


@require_safe
def skema(request: HttpRequest) -> HttpResponse:
    return HttpResponse(
        api.skema_json(),
        content_type="application/json; charset=utf-8",
    )


@require_safe
def dokumentasi(request: HttpRequest) -> HttpResponse:
    konteks = {"bagian": api.bagian(), "galat": api.galat(), "alamat": request.build_absolute_uri("/api/v1/")}
    return render(request, "portal/api.html", konteks)
