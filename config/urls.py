"""Every address of the portal. Public and staff addresses are promises (contract.md)."""

from allauth.account.views import LoginView, LogoutView
from django.urls import include, path

urlpatterns = [
    path("", include("accounts.urls")),  # before allauth's: it closes some of them
    path("akun/", include("allauth.account.urls")),
    path("akun/dua-langkah/", include("allauth.mfa.urls")),
    path(
        "masuk/", LoginView.as_view(), name="account_login"
    ),  # after allauth's: the last name wins in reverse()
    path("keluar/", LogoutView.as_view(), name="account_logout"),
    path("wilayah/", include("wilayah.urls")),
    path("", include("portal.urls")),
]

handler400 = "portal.views.galat.permintaan_rusak"
handler403 = "portal.views.galat.tidak_boleh"
handler404 = "portal.views.galat.tidak_ditemukan"
handler500 = "portal.views.galat.gangguan"
