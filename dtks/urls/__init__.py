"""Addresses of the register and of the line, one module per noun. Included at the root of the portal."""

from dtks.urls import asesmen, keluarga, musyawarah, padan, usulan

urlpatterns = [
    *usulan.urlpatterns,
    *keluarga.urlpatterns,
    *musyawarah.urlpatterns,
    *padan.urlpatterns,
    *asesmen.urlpatterns,
]
