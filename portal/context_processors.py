"""What every page knows: the portal's name, whether it is a demo, the brand sheet of the Dinas, and the user's menu."""

from django.conf import settings
from django.http import HttpRequest

from accounts.models import Pengguna
from portal.alamat import TAUTAN_BAWAH, ada, menu


def portal(request: HttpRequest) -> dict[str, object]:
    """Context for `base.html`.

    `menu` is a list of `(label, url, aktif)`; `peran` and `area` are the words that the header shows. All three are
    empty for visitors, for whom no query runs; for a user they cost the one query that reads his assignments.
    """
    user = getattr(request, "user", None)
    return {
        "nama_portal": getattr(settings, "PORTAL_NAMA", "Portal DTKS"),
        "DEMO": settings.DEMO,
        "merek": getattr(settings, "PORTAL_MEREK", "dinas"),
        "merek_css": getattr(settings, "PORTAL_MEREK_CSS", ""),
        "tautan_bawah": [t for t in TAUTAN_BAWAH if ada(t[0])],
        **(_pengguna(request, user) if isinstance(user, Pengguna) else {"menu": [], "peran": "", "area": ""}),
    }


def _pengguna(request: HttpRequest, user: Pengguna) -> dict[str, object]:
    tugas = user.penugasan_aktif
    return {
        "menu": menu(user, request.path),
        "peran": " dan ".join(dict.fromkeys(p.peran.nama for p in tugas)),
        "area": " dan ".join(
            dict.fromkeys(p.wilayah.jalur if p.wilayah else "seluruh Indonesia" for p in tugas)
        ),
    }
