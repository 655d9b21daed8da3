"""Every address of the portal. Public and staff addresses are promises (contract.md)."""

from allauth.account.views import LoginView
from django.urls import include, path

from accounts.views.masuk import KeluarView

urlpatterns = [
    path("", include("accounts.urls")),  # before allauth's: it closes some of them
    path("akun/", include("allauth.account.urls")),
    path("akun/dua-langkah/", include("allauth.mfa.urls")),
    # After allauth's: reverse("account_login") takes the last of the name, and `/masuk/` is the promise.
    path("masuk/", LoginView.as_view(), name="account_login"),
    path("keluar/", KeluarView.as_view(), name="account_logout"),
    path("api/", include("config.api")),
    path("wilayah/", include("wilayah.urls")),
    path("", include("dtks.urls")),
    path("", include("bansos.urls")),
    path("", include("pengaduan.urls")),
    path("", include("portal.urls")),
]

handler400 = "portal.views.galat.permintaan_rusak"
handler403 = "portal.views.galat.tidak_boleh"
handler404 = "portal.views.galat.tidak_ditemukan"
handler500 = "portal.views.galat.gangguan"
