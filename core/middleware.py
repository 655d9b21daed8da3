"""Request middleware of the ground floor."""

import uuid
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from core.logs import request_id

Handler = Callable[[HttpRequest], HttpResponse]


def client_ip(request: HttpRequest) -> str:
    """Address of the client: the last hop our own proxy saw, never a header that the client wrote."""
    if settings.BEHIND_PROXY:
        return (
            request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")[-1].strip() or request.META["REMOTE_ADDR"]
        )
    return request.META.get("REMOTE_ADDR", "")


class RequestContextMiddleware:
    """Gives every request an id that its log lines and its answer carry."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(uuid.uuid4().hex[:12])
        try:
            response = self.get_response(request)
            response.headers["X-Request-Id"] = request_id.get()
            return response
        finally:
            request_id.reset(token)


class PrivateCacheMiddleware:
    """No page may be kept by a cache unless its view said so itself (reliability.md §0.10)."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response
