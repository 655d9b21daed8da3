"""Addresses of the register and of the line, one module per noun. Included at the root of the portal."""

from dtks.urls import asesmen, draf, impor, keluarga, musyawarah, padan, periode, tenggat, usulan

urlpatterns = [
    *draf.urlpatterns,
    *usulan.urlpatterns,
    *keluarga.urlpatterns,
    *musyawarah.urlpatterns,
    *padan.urlpatterns,
    *asesmen.urlpatterns,
    *impor.urlpatterns,
    *periode.urlpatterns,
    *tenggat.urlpatterns,
]
