"""Pages around signing in that allauth does not bring."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def terkunci(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Too many wrong passwords from here for this name. Says when to try again, not whether the name exists."""
    response = render(request, "account/terkunci.html", status=429)
    response["Retry-After"] = "900"
    return response
