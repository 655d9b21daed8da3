"""The roles that ship with the portal."""

import pytest

from accounts.models import PENGGANTI, Peran
from bansos.workflow import BATCH
from dtks.workflow import MUSYAWARAH, USULAN
from pengaduan.workflow import ALUR, MESIN, WARGA

pytestmark = pytest.mark.django_db

KUASA = set(
    [
        "kalender.kelola",
        "kunci_api.kelola",
        "kunci_api.setujui",
        "penyaluran.lihat",
        "ekspor.setujui",
        "aduan.catat",
        "aduan.kelola",
        "aduan.lihat",
        "aduan.proses",
        "aduan.tangani",
        "impor.lapor",
        "usulan.lihat",
        "usulan.buat",
        "usulan.ajukan",
        "usulan.musyawarahkan",
        "usulan.sepakati",
        "usulan.input",
        "usulan.tugaskan",
        "usulan.ases",
        "usulan.verifikasi",
        "usulan.sahkan",
        "usulan.kirim",
        "usulan.tetapkan",
        "usulan.lanjutkan",
        "usulan.tarik",
        "keluarga.lihat",
        "keluarga.ubah",
        "nik.buka",
        "musyawarah.lihat",
        "musyawarah.kelola",
        "musyawarah.setujui",
        "asesmen.lihat",
        "padan.lihat",
        "padan.minta",
        "padan.perbaiki",
        "padan.kecualikan",
        "padan.setujui_kecuali",
        "impor.usulan",
        "padan.surat",
        "padan.dukcapil",
        "kelayakan.verifikasi",
        "kelayakan.pantau",
        "ppks.sensitif",
        "penetapan.lihat",
        "kelayakan.lihat",
        "pengguna.kelola",
        "acuan.lihat",
        "jejak.lihat",
        "pekerjaan.lihat",
        "laporan.lihat",
        "ekspor.nik",
        "impor.hasil_siks",
        "impor.desil",
        "periode.kelola",
        "pindah.putuskan",
        "batch.susun",
        "batch.periksa",
        "sampel.kelola",
        "sampel.lihat",
        "impor.hasil_penetapan",
        "templat.kelola",
        "keberatan.ajukan",
        "keberatan.putus",
        "keberatan.lihat",
        "sanggah.kelola",
        "sanggah.identitas",
        "sanggah.putus",
        "sanggah.lihat",
        "sanggah.sampaikan",
        "pengumuman.kelola",
        "usul.proses",
        "usul.lihat",
        "usul.catat",
        "rahasia.baca",
        "darurat.lapor",
        "darurat.lihat",
        "darurat.tanggapi",
        "darurat.usulkan",
        "darurat.pimpin",
        "piket.kelola",
        "bencana.catat",
        "bencana.serahkan",
        "templat.setujui",
        "laporan.kelola",
        "bendera.tutup",
        "bendera.setujui",
        "kuota.usulkan",
        "kuota.putus",
        "kuota.isi",
        "aturan.susun",
        "aturan.putus",
        "impor.pengecualian",
        "pengecualian.lihat",
        "pengecualian.sanggah",
        "pengecualian.putus",
        "graduasi.ajukan",
        "graduasi.lihat",
        "graduasi.setujui",
        "impor.pbi",
        "impor.status_salur",
        "kelayakan.hitung",
        "kelayakan.tandatangani",
        "pbi.ajukan",
        "pbi.hasil",
        "pbi.kirim",
        "pbi.lihat",
        "pbi.rekomendasi",
        "pbi.verifikasi",
        "serah.minta",
        "serah.setujui",
        "surat.ajukan",
        "surat.lihat",
        "surat.periksa",
        "surat.tanda_tangan",
        "tinjauan.jawab",
        "tinjauan.lihat",
        "tinjauan.putus",
        "hak.catat",
        "hak.nilai",
        "hak.putus",
        "hak.lihat",
        "retensi.tahan",
    ]
)


def pemegang(kuasa: str) -> set[str]:
    return set(Peran.objects.filter(kuasa__contains=[kuasa]).values_list("kode", flat=True))


def test_every_power_has_a_holder_and_no_power_is_unknown():
    dipakai = {k for p in Peran.objects.all() for k in p.kuasa}
    assert dipakai == KUASA


def test_every_step_has_a_holder():
    warga = [langkah for alur in ALUR for langkah in alur.langkah]
    for langkah in (*USULAN.langkah, *MUSYAWARAH.langkah, *BATCH.langkah, *warga):
        assert pemegang(langkah.kuasa) or langkah.kuasa in (WARGA, MESIN), langkah


def test_who_acts_for_another_role_has_its_powers_and_no_more():
    for asal, wakil in PENGGANTI.items():
        for satu in wakil:
            assert set(Peran.objects.get(pk=satu).kuasa) == set(Peran.objects.get(pk=asal).kuasa), satu


def test_no_role_holds_two_of_the_four_eyes():
    empat = {"usulan.ajukan", "usulan.ases", "usulan.verifikasi", "usulan.sahkan"}
    for p in Peran.objects.all():
        assert len(empat & set(p.kuasa)) <= 1, p.kode


@pytest.mark.parametrize(
    ("kuasa", "siapa"),
    [
        ("pengguna.kelola", {"ADMIN"}),
        ("ppks.sensitif", {"PEKSOS"}),
        ("jejak.lihat", {"INSPEKTORAT"}),
        ("usulan.tetapkan", {"KEPALA_DINAS", "PLT_KADIS", "PLH_KADIS", "PUSDATIN"}),
        ("usulan.sahkan", {"KEPALA_DINAS", "PLT_KADIS", "PLH_KADIS"}),
        ("musyawarah.setujui", {"LURAH"}),
        ("impor.hasil_penetapan", {"PUSDATIN"}),
        ("batch.susun", {"VERIFIKATOR"}),
        ("batch.periksa", {"SUPERVISOR"}),
        ("bendera.tutup", {"SUPERVISOR"}),
        ("bendera.setujui", {"SUPERVISOR", "KEPALA_DINAS", "PLT_KADIS", "PLH_KADIS"}),
        ("padan.kecualikan", {"OPERATOR_DESA", "VERIFIKATOR"}),
        ("padan.setujui_kecuali", {"SUPERVISOR", "VERIFIKATOR"}),
        ("kuota.usulkan", {"SUPERVISOR"}),
        ("kuota.putus", {"KEPALA_DINAS", "PLT_KADIS", "PLH_KADIS"}),
        ("aturan.susun", {"SUPERVISOR"}),
        ("aturan.putus", {"KEPALA_DINAS", "PLT_KADIS", "PLH_KADIS"}),
        ("pengecualian.putus", {"SUPERVISOR"}),
        ("pekerjaan.lihat", {"ADMIN", "SUPERVISOR"}),
        ("periode.kelola", {"SUPERVISOR"}),
        ("sanggah.identitas", {"VERIFIKATOR", "SUPERVISOR"}),
        ("sanggah.putus", {"SUPERVISOR", "KEPALA_DINAS", "PLT_KADIS", "PLH_KADIS"}),
        ("pindah.putuskan", {"SUPERVISOR"}),
    ],
)
def test_who_holds_the_power(kuasa, siapa):
    assert pemegang(kuasa) == siapa


def test_admin_sees_no_personal_data():
    admin = Peran.objects.get(pk="ADMIN")
    assert admin.data_pribadi is False
    assert not {k for k in admin.kuasa if k.startswith(("usulan.", "keluarga.", "nik.", "ppks.", "asesmen."))}
    assert list(Peran.objects.filter(data_pribadi=False)) == [admin]


def test_every_role_has_a_paragraph_and_levels():
    for p in Peran.objects.all():
        assert len(p.paragraf) > 60, p.kode
        assert p.tingkat_wilayah
        assert set(p.tingkat_wilayah) <= set(range(7))
