"""What every page knows: the portal's name, whether it is a demo, the brand sheet of the Dinas, and the user's menu."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.urls import reverse

from accounts.models import Pengguna
from core.privacy import phone
from portal.alamat import ADUAN, RAHASIA, TAUTAN_BAWAH, menu, yang_ada

_TERBANYAK = 100
LAPOR = ((RAHASIA, "Lapor rahasia"), (ADUAN, "Buat aduan"))  # of the third warning under every public page
# Own notices that are not read, as in `Pemberitahuan.objects.visible_to(user).baru()`; on every page, so written out.
_BARU = """select count(*) from (
  select from accounts_pemberitahuan where pengguna_id = %s and dibaca_at is null limit %s) baru"""


def portal(request: HttpRequest) -> dict[str, object]:
    """Context for `base.html`.

    `siapa` marks whose phone it is and `isian_luring` and `kunjungan_luring` are the pages that open without a signal (static/js/luring.js).
    `menu` is as `portal.alamat.menu` returns it; `peran` and `area` are the words that the header shows. All three are
    empty for visitors, for whom no query runs; for a user they cost the query that reads his assignments and the one
    that counts his unread notices (`kabar_baru`: '', '3' or '99+').
    """
    user = getattr(request, "user", None)
    return {
        "nama_portal": getattr(settings, "PORTAL_NAMA", "Portal DTKS"),
        "DEMO": settings.DEMO,
        "merek": getattr(settings, "PORTAL_MEREK", "dinas"),
        "merek_css": getattr(settings, "PORTAL_MEREK_CSS", ""),
        "tautan_bawah": yang_ada(TAUTAN_BAWAH),
        "lapor_ke": yang_ada(LAPOR),
        **(
            _pengguna(request, user)
            if isinstance(user, Pengguna)
            else {
                "menu": [],
                "peran": "",
                "area": "",
                "siapa": "",
                "isian_luring": "",
                "kunjungan_luring": "",
                "kabar_baru": "",
            }
        ),
    }


def _pengguna(request: HttpRequest, user: Pengguna) -> dict[str, object]:
    tugas = user.penugasan_aktif
    return {
        "siapa": phone.mark(user.pk),
        "isian_luring": reverse("usulan_lengkap") if user.punya("usulan.buat") else "",
        "kabar_baru": _kabar_baru(user),
        "kunjungan_luring": reverse("asesmen_hp") if user.punya("usulan.ases") else "",
        "menu": menu(user, request.path),
        "peran": " dan ".join(dict.fromkeys(p.peran.nama for p in tugas)),
        "area": " dan ".join(
            dict.fromkeys(p.wilayah.jalur if p.wilayah else "seluruh Indonesia" for p in tugas)
        ),
    }


def _kabar_baru(user: Pengguna) -> str:
    with connection.cursor() as cursor:
        cursor.execute(_BARU, [user.pk, _TERBANYAK])
        (n,) = cursor.fetchone()
    return "" if not n else f"{n}" if n < _TERBANYAK else f"{_TERBANYAK - 1}+"
