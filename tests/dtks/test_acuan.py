"""Code lists, categories, reasons and rules that ship with the portal."""

from datetime import date

import pytest
from django.db import models, transaction

from core import rules
from core.models import Ketentuan
from dtks import acuan
from dtks.models import VERSI_KODE, AlasanLangkah, Individu, KategoriPPKS, KodeAcuan, Rumah
from dtks.workflow import USULAN

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def muat(db):
    with transaction.atomic():
        acuan.muat()


def kode(daftar: str, versi: str = VERSI_KODE) -> list[str]:
    return list(KodeAcuan.objects.filter(daftar=daftar, versi=versi).values_list("kode", flat=True))


RUMAH = [
    "status_rumah",
    "lantai",
    "dinding",
    "atap",
    "air_minum",
    "penerangan",
    "daya",
    "memasak",
    "bab",
    "kloset",
    "tinja",
]
INDIVIDU = [
    "jenis_kelamin",
    "hubungan",
    "status_kawin",
    "keberadaan",
    "partisipasi_sekolah",
    "jenjang",
    "ijazah",
    "status_kerja",
    "lapangan_usaha",
    "pendapatan",
    "penyakit_menahun",
    "gizi",
    "disabilitas",
]


@pytest.mark.parametrize(("model", "daftar"), [(Rumah, d) for d in RUMAH] + [(Individu, d) for d in INDIVIDU])
def test_every_coded_column_has_its_list_and_holds_its_codes(model, daftar):
    kolom = model._meta.get_field(daftar)
    assert isinstance(kolom, models.CharField)
    assert kode(daftar)
    assert max(map(len, kode(daftar))) <= kolom.max_length


@pytest.mark.parametrize(
    ("daftar", "jumlah"),
    [
        ("lapangan_usaha", 26), ("status_kerja", 8), ("penyakit_menahun", 18), ("pendapatan", 5),
        ("memasak", 12), ("unsur", 11), ("aset", 19), ("foto_keluarga", 4), ("hambatan", 4),
        ("hambatan_butir", 10), ("depresi", 4),
    ],
)  # fmt: skip
def test_length_of_lists(daftar, jumlah):
    assert len(kode(daftar)) == jumlah


def test_roof_code_five_differs_between_versions():
    label = dict(KodeAcuan.objects.filter(daftar="atap", kode="5").values_list("versi", "label"))
    assert label == {"DTSEN-2025": "Bambu", "REGSOSEK-2022": "Kayu atau sirap"}


def test_ppks_has_26_official_categories_and_two_local_ones():
    assert KategoriPPKS.objects.filter(resmi=True).count() == 26
    assert set(KategoriPPKS.objects.filter(resmi=False).values_list("kode", flat=True)) == {
        "PENYAKIT_MENULAR",
        "OT_PERJALANAN",
    }
    sensitif = set(KategoriPPKS.objects.filter(sensitif=True).values_list("kode", flat=True))
    assert {"ODHA", "TUNA_SUSILA", "KORBAN_KEKERASAN", "TPPO", "ABH", "NAPZA", "ANAK_KORBAN"} <= sensitif
    assert "FAKIR_MISKIN" not in sensitif


@pytest.mark.parametrize("langkah", sorted({s.nama for s in USULAN.langkah if s.perlu_alasan} | {"batalkan"}))
def test_every_step_that_needs_a_reason_has_some(langkah):
    assert AlasanLangkah.objects.filter(langkah=langkah, aktif=True).exists()


def test_reasons_of_outcomes():
    for langkah in ("tidak_ditetapkan", "daftar_tunggu"):
        assert AlasanLangkah.objects.filter(langkah=langkah).exists()
    assert not AlasanLangkah.objects.filter(jalan_keluar="").exists()


def test_every_open_state_has_a_deadline():
    for keadaan in USULAN.keadaan:
        if not keadaan.akhir:
            assert rules.value(f"tenggat.{keadaan.kode}", "32.05.01.2001")["hari_kerja"] > 0
            assert rules.value(f"tenggat.{keadaan.kode}", "32.05.01.2001", date(2025, 6, 1)) > 0


def test_rules_name_their_source_and_how_sure_we_are():
    for k in Ketentuan.objects.all():
        assert k.dasar_hukum, k.kunci
        assert k.sumber, k.kunci
        assert k.status_verifikasi in {"terverifikasi", "perlu_cek", "kebijakan"}, k.kunci


def test_quorum_names_only_known_unsur_and_emergency_only_known_gates():
    assert set(rules.value("kuorum")["unsur_wajib"]) <= set(kode("unsur"))
    gerbang = {g for s in USULAN.langkah for g in s.gerbang}
    assert set(rules.value("darurat")["gerbang_ditunda"]) <= gerbang
    assert set(rules.value("foto.wajib")) <= set(kode("foto_keluarga"))


def test_every_programme_that_can_be_proposed_has_a_decile_limit():
    for program in kode("program_usulan"):
        assert 1 <= rules.value(f"desil.maks.{program}") <= 10


def test_number_patterns_can_be_filled():
    for kunci in ("sk.nomor", "pengesahan.nomor", "ba.nomor"):
        nomor = rules.value(kunci)["pola"].format(
            urut=7, bulan_romawi="XI", tahun=2026, wilayah="32.05.01.2001"
        )
        assert "007" in nomor
        assert len(nomor) <= 60
