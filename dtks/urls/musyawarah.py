"""`/musyawarah/…`: the meeting of the desa, from the schedule to approved minutes."""

from django.urls import path

from dtks.forms.unduh import MUSYAWARAH
from dtks.views import musyawarah, musyawarah_isi, musyawarah_sah, musyawarah_surat, unduh

urlpatterns = [
    path("musyawarah/", musyawarah.daftar, name="musyawarah_daftar"),
    path("musyawarah/unduh/", unduh.unduh, {"daftar": MUSYAWARAH}, name="musyawarah_unduh"),
    path("musyawarah/baru/", musyawarah.baru, name="musyawarah_baru"),
    path("musyawarah/<uuid:pk>/", musyawarah.lihat, name="musyawarah_lihat"),
    path("musyawarah/<uuid:pk>/acara/", musyawarah.acara, name="musyawarah_acara"),
    path("musyawarah/<uuid:pk>/batalkan/", musyawarah.batalkan, name="musyawarah_batalkan"),
    path("musyawarah/<uuid:pk>/agenda/", musyawarah_isi.agenda, name="musyawarah_agenda"),
    path(
        "musyawarah/<uuid:pk>/agenda/<uuid:putusan>/keluarkan/",
        musyawarah_isi.keluarkan,
        name="musyawarah_keluarkan",
    ),
    path("musyawarah/<uuid:pk>/hadir/", musyawarah_isi.hadir, name="musyawarah_hadir"),
    path(
        "musyawarah/<uuid:pk>/hadir/tambah/", musyawarah_isi.tambah_peserta, name="musyawarah_tambah_peserta"
    ),
    path(
        "musyawarah/<uuid:pk>/hadir/<uuid:peserta>/hapus/",
        musyawarah_isi.hapus_peserta,
        name="musyawarah_hapus_peserta",
    ),
    path(
        "musyawarah/<uuid:pk>/hadir/<uuid:peserta>/", musyawarah_isi.hadir_satu, name="musyawarah_hadir_satu"
    ),
    path("musyawarah/<uuid:pk>/putusan/", musyawarah_isi.putusan, name="musyawarah_putusan"),
    path("musyawarah/<uuid:pk>/putusan/<uuid:putusan>/", musyawarah_isi.putuskan, name="musyawarah_putuskan"),
    path("musyawarah/<uuid:pk>/undangan/", musyawarah_surat.undangan, name="musyawarah_undangan"),
    path("musyawarah/<uuid:pk>/perbaiki/", musyawarah_surat.perbaiki, name="musyawarah_perbaiki"),
    path("musyawarah/<uuid:pk>/tutup/", musyawarah_sah.tutup, name="musyawarah_tutup"),
    path("musyawarah/<uuid:pk>/pindaian/", musyawarah_sah.unggah, name="musyawarah_unggah"),
    path("musyawarah/<uuid:pk>/persetujuan/", musyawarah_sah.persetujuan, name="musyawarah_persetujuan"),
    path("musyawarah/<uuid:pk>/kembalikan/", musyawarah_sah.kembalikan, name="musyawarah_kembalikan"),
    path("musyawarah/<uuid:pk>/terapkan/", musyawarah_sah.terapkan, name="musyawarah_terapkan"),
    path("musyawarah/<uuid:pk>/unduh/<slug:jenis>/", musyawarah_sah.unduh, name="musyawarah_unduh"),
]
