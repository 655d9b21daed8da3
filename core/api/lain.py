"""What is under /api/v1/ and no address of it."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.galat import Masalah
from core.api.views import ApiView


class TidakAda(ApiView):
    """404 for every method, as for an id that does not exist."""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self.http_method_names = [(request.method or "").lower()]
        setattr(self, self.http_method_names[0], self._tidak_ada)
        return super().dispatch(request, *args, **kwargs)

    def _tidak_ada(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise Masalah("tidak-ditemukan")
