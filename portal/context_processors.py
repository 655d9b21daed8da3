"""What every page knows: the portal's name, whether it is a demo, and the brand sheet of the Dinas."""

from django.conf import settings
from django.http import HttpRequest

from portal.alamat import TAUTAN_BAWAH


def portal(request: HttpRequest) -> dict[str, object]:
    """Context for `base.html`.

    `menu` is a list of `(label, url, aktif)`; `peran` and `area` are the words that the header shows.
    All three are empty for visitors. No query runs here, so error pages stay cheap.
    """
    return {
        "nama_portal": getattr(settings, "PORTAL_NAMA", "Portal DTKS"),
        "DEMO": settings.DEMO,
        "merek": getattr(settings, "PORTAL_MEREK", "dinas"),
        "merek_css": getattr(settings, "PORTAL_MEREK_CSS", ""),
        "tautan_bawah": TAUTAN_BAWAH,
        "menu": [],
        "peran": "",
        "area": "",
    }
