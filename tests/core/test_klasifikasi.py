"""Every column of a model that holds people is classified; and the rules of sealed columns."""

import pytest
from django.apps import apps
from django.core.exceptions import FieldError
from django.db import connection

from accounts.models import Orang
from core.privacy import keys
from core.privacy.fields import SealedField
from dtks.models import Individu, Keluarga
from tests.bantu.alur import sampai

KELAS = {"umum", "pribadi", "spesifik", "rahasia", "teknis"}
# Tables without people: areas, reference data, machinery.
TANPA_ORANG = {
    "wilayah.Wilayah", "wilayah.HariLibur", "accounts.Peran", "dtks.KodeAcuan", "dtks.AlasanLangkah", "dtks.KategoriPPKS", "dtks.PadanBatch",
    "bansos.Program", "bansos.AlasanKelayakan", "bansos.SumberPengecualian", "bansos.StatusSalur", "core.Jejak", "core.JejakBaris", "core.JejakTx", "core.Segel", "core.KepalaRantai", "core.Panah",
    "core.Pekerjaan", "core.Ketentuan", "core.KunciKirim", "core.NomorSeri", "core.Pembatas", "core.Tantangan", "core.Berkas", "core.Dokumen",
    "core.TemplatSurat", "core.Pemulihan", "core.KunciIndeks", "pengaduan.Instansi", "pengaduan.KategoriAduan", "pengaduan.TemplatJawaban",
}  # fmt: skip
MODEL = [
    m
    for a in ("core", "wilayah", "accounts", "dtks", "bansos", "pengaduan", "portal")
    for m in apps.get_app_config(a).get_models()
]


@pytest.mark.parametrize("model", MODEL, ids=lambda m: m._meta.label)
def test_setiap_kolom_digolongkan(model):
    if model._meta.label in TANPA_ORANG:
        return
    kolom = {f.name for f in model._meta.concrete_fields}
    assert set(model.KLASIFIKASI) == kolom
    assert set(model.KLASIFIKASI.values()) <= KELAS


@pytest.mark.parametrize("model", MODEL, ids=lambda m: m._meta.label)
def test_nomor_identitas_selalu_tersegel(model):
    for field in model._meta.concrete_fields:
        if field.name in ("nik", "no_kk", "telepon"):
            assert isinstance(field, SealedField)
            assert model.KLASIFIKASI[field.name] == "rahasia"


def test_nik_tidak_pernah_tercetak_utuh():
    orang = Orang(nama="Uji")
    orang.nik = "3205014101800001"
    assert str(orang.nik) == "3205••••••••0001"
    assert "3205014101800001" not in repr(orang.nik) + repr(orang.__dict__) + f"{orang.nik}"


def test_nilai_yang_dipindah_ke_baris_lain_tidak_bisa_dibuka():
    a, b = Orang(nama="A"), Orang(nama="B")
    a.nik = "3205014101800001"
    b.__dict__["nik"] = a.__dict__["nik"]
    with pytest.raises(keys.SealBroken):
        b.nik.open()


def test_kunci_baru_dipakai_menulis_dan_kunci_lama_tetap_membaca(settings):
    a = Orang(nama="A")
    a.nik = "3205014101800001"
    settings.DATA_KEYS = "k9:" + "A" * 43 + "=," + settings.DATA_KEYS
    assert a.nik.open() == "3205014101800001"
    b = Orang(nama="B")
    b.nik = "3205014101800002"
    assert b.nik.raw.startswith(b"v1|k9|")
    assert b.nik.open() == "3205014101800002"


def test_indeks_buta_bergantung_pada_kunci(settings):
    satu = keys.blind_index("3205014101800001", "nik")
    assert satu == keys.blind_index("3205014101800001", "nik") != keys.blind_index("3205014101800001", "kk")
    settings.INDEX_KEY = "B" * 43 + "="
    assert keys.blind_index("3205014101800001", "nik") != satu


@pytest.mark.django_db
def test_update_massal_tidak_bisa_menulis_nik_polos():
    with pytest.raises(FieldError):
        Individu.objects.update(nik="3205014101800001")


@pytest.mark.django_db
def test_satu_nik_hanya_satu_orang_aktif(sampai):
    kepala = sampai("draf").usulan.keluarga.anggota.get(hubungan="1")
    assert Individu.objects.dengan_nik(kepala.nik.open()).aktif().get() == kepala
    assert Keluarga.objects.dengan_kk(kepala.keluarga.no_kk.open()).count() == 1


def test_basis_data_tidak_memuat_nik_polos(db_nyata):
    """The rows of one whole journey, as text, hold none of its NIK or KK."""
    p = sampai("ditetapkan")
    keluarga = p.usulan.keluarga
    rahasia = {keluarga.no_kk.open(), *(a.nik.open() for a in keluarga.anggota.all())}
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public'")
        for (tabel,) in cursor.fetchall():
            cursor.execute(f'select t::text from "{tabel}" t')
            isi = "\n".join(row[0] for row in cursor.fetchall())
            assert not [r for r in rahasia if r in isi], tabel
