"""The roles that ship with the portal."""

import pytest

from accounts.models import Peran
from dtks.workflow import MUSYAWARAH, USULAN

pytestmark = pytest.mark.django_db

KUASA = set(
    [
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
        "ppks.sensitif",
        "penetapan.lihat",
        "kelayakan.lihat",
        "pengguna.kelola",
        "acuan.lihat",
        "jejak.lihat",
        "pekerjaan.lihat",
        "laporan.lihat",
    ]
)


def pemegang(kuasa: str) -> set[str]:
    return set(Peran.objects.filter(kuasa__contains=[kuasa]).values_list("kode", flat=True))


def test_every_power_has_a_holder_and_no_power_is_unknown():
    dipakai = {k for p in Peran.objects.all() for k in p.kuasa}
    assert dipakai == KUASA


def test_every_step_has_a_holder():
    for langkah in (*USULAN.langkah, *MUSYAWARAH.langkah):
        assert pemegang(langkah.kuasa), langkah


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
        ("usulan.tetapkan", {"KEPALA_DINAS", "PUSDATIN"}),
        ("usulan.sahkan", {"KEPALA_DINAS"}),
        ("musyawarah.setujui", {"LURAH"}),
        ("padan.kecualikan", {"OPERATOR_DESA", "VERIFIKATOR"}),
        ("padan.setujui_kecuali", {"SUPERVISOR", "VERIFIKATOR"}),
        ("pekerjaan.lihat", {"ADMIN", "SUPERVISOR"}),
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
