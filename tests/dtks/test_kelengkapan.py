"""What the form still asks for: by age, by sex, by another answer, and by the rule of the Dinas."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.models import Ketentuan
from dtks.actions import keluarga as register
from dtks.models import Individu, Keluarga, Rumah, Usulan
from dtks.queries import kelengkapan
from tests.bantu.alur import orang, sampai

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    settings.DEMO = True


@pytest.fixture
def lengkap(db):
    p = sampai("draf", pengusul="operator")
    p.lengkapi()
    assert kelengkapan.hitung(p.usulan.keluarga).kurang == []
    return p


def kurang(p) -> list[str]:
    return kelengkapan.hitung(Keluarga.objects.get(pk=p.usulan.keluarga_id)).kurang


def lahir(tahun: int) -> date:
    return timezone.localdate().replace(day=1, month=1, year=timezone.localdate().year - tahun)


@pytest.mark.parametrize(
    ("ubah", "tanya"),
    [
        ({"umur": 8, "partisipasi_sekolah": ""}, "partisipasi sekolah"),
        ({"umur": 31, "partisipasi_sekolah": ""}, ""),
        ({"umur": 4, "partisipasi_sekolah": "", "bekerja": None}, ""),
        ({"umur": 12, "partisipasi_sekolah": "2", "jenjang": ""}, "jenjang pendidikan"),
        ({"umur": 9, "bekerja": None}, ""),
        ({"umur": 10, "bekerja": None}, "bekerja seminggu terakhir"),
        ({"umur": 40, "bekerja": True, "pendapatan": ""}, "pendapatan sebulan"),
        ({"umur": 40, "bekerja": False, "pendapatan": "", "status_kerja": ""}, ""),
        ({"umur": 3, "gizi": ""}, "gizi balita"),
        ({"umur": 5, "gizi": ""}, ""),
        ({"umur": 30, "jenis_kelamin": "2", "status_kawin": "2", "hamil": None}, "sedang hamil"),
        ({"umur": 30, "jenis_kelamin": "1", "status_kawin": "2", "hamil": None}, ""),
        ({"umur": 60, "jenis_kelamin": "2", "status_kawin": "2", "hamil": None}, ""),
        ({"umur": 30, "jenis_kelamin": "2", "hamil": True, "hamil_sejak": None}, "mulai hamil"),
        ({"umur": 30, "usaha_jumlah": 1}, "lapangan usaha milik sendiri"),
        ({"umur": 30, "usaha_jumlah": 0}, ""),
        ({"umur": 30, "disabilitas": "PDFSK"}, "ada yang merawat"),
    ],
)
def test_what_is_asked_of_a_person_follows_age_sex_and_the_other_answers(lengkap, ubah, tanya):
    anggota = lengkap.usulan.keluarga.anggota.exclude(hubungan="1").first()
    Individu.objects.filter(pk=anggota.pk).update(
        tgl_lahir=lahir(ubah.pop("umur")), **({"jenis_kelamin": "1"} | ubah)
    )
    hasil = [k for k in kurang(lengkap) if k.startswith(f"{anggota.nama}: ")]
    assert (f"{anggota.nama}: {tanya} belum diisi." in hasil) if tanya else hasil == []


@pytest.mark.parametrize(
    ("ubah", "tanya"),
    [
        ({"daya": ""}, "daya listrik terpasang"),
        ({"daya": "", "penerangan": "4"}, ""),
        ({"bab": "1", "kloset": "", "tinja": "1"}, "jenis kloset"),
        ({"bab": "6", "kloset": "", "tinja": ""}, ""),
        ({"air_minum": "5", "jarak_limbah": ""}, "jarak air minum ke pembuangan limbah"),
        ({"air_minum": "3", "jarak_limbah": ""}, ""),
    ],
)
def test_what_is_asked_of_a_house_follows_the_other_answers(lengkap, ubah, tanya):
    Rumah.objects.filter(keluarga=lengkap.usulan.keluarga).update(**ubah)
    assert kurang(lengkap) == ([f"Rumah: {tanya} belum diisi."] if tanya else [])


def test_one_asset_kind_that_was_never_asked_is_missing(lengkap):
    lengkap.usulan.keluarga.aset.filter(jenis="mobil").delete()
    (rinci,) = kelengkapan.hitung(lengkap.usulan.keluarga).rincian
    assert (rinci.bagian, rinci.kolom) == ("aset", "mobil")


def test_the_dinas_may_ask_for_more_in_its_area(lengkap):
    dasar = Ketentuan.objects.get(kunci="formulir.wajib", wilayah="")
    nilai = {**dasar.nilai, "anggota": [*dasar.nilai["anggota"], {"kolom": "jamkes"}]}
    Ketentuan.objects.create(
        kunci="formulir.wajib",
        wilayah="32.05",
        nilai=nilai,
        berlaku_sejak="2026-01-01",
        dasar_hukum="SK Kadis",
    )
    assert any(k.endswith("jaminan kesehatan belum diisi.") for k in kurang(lengkap))


def test_every_column_of_the_rule_is_a_field_of_the_form():
    nilai = Ketentuan.objects.get(kunci="formulir.wajib", wilayah="").nilai
    for bagian, model in (("keluarga", Keluarga), ("anggota", Individu), ("rumah", Rumah)):
        for satu in nilai[bagian]:
            for kolom in (satu["kolom"], *satu.get("bila", {})):
                model._meta.get_field(kolom)


def test_the_task_list_leads_to_the_field_of_the_person(masuk):
    p = sampai("draf", pengusul="operator")
    anak = p.usulan.keluarga.anggota.exclude(hubungan="1").first()
    register.simpan_anggota(p.usulan, by=orang("operator"), individu=anak, data={"tempat_lahir": ""})
    halaman = masuk("operator").get(reverse("usulan_lihat", args=[p.usulan.pk])).content.decode()
    alamat = reverse("anggota_ubah", args=[p.usulan.pk, anak.pk])
    assert f'href="{alamat}#id_tempat_lahir"' in halaman
    tujuan = masuk("operator").get(alamat).content.decode()
    assert 'id="id_tempat_lahir"' in tujuan
    for url, kolom in re.findall(r'href="(/usulan/[^"#]+)#(id_[a-z_]+)"', halaman):
        assert f'id="{kolom}' in masuk("operator").get(url).content.decode(), (url, kolom)


def test_the_list_says_how_many_forms_are_complete_at_the_same_price(masuk):
    p = sampai("draf", pengusul="operator")
    p.lengkapi()
    client = masuk("operator")
    client.get("/usulan/")

    def kueri() -> int:
        client.get("/usulan/")  # code lists are read anew now and then
        with CaptureQueriesContext(connection) as q:
            client.get("/usulan/")
        return len(q)

    satu = kueri()
    for n in (1, 2, 3):
        sampai("draf", nomor=n, pengusul="operator")
    assert kueri() == satu
    halaman = re.sub(r"<[^>]+>|\s+", " ", client.get("/usulan/").content.decode())
    assert "Isian lengkap 1 dari 4 keluarga" in re.sub(r"\s+", " ", halaman)
    assert Usulan.objects.count() == 4


def test_daftar_menghitung_lagi_setelah_isian_atau_aturan_berubah(masuk):
    """The list remembers the score of a version; an answer less or another rule is seen at once."""
    p = sampai("draf", pengusul="operator")
    p.lengkapi()
    client = masuk("operator")

    def lengkap_dari() -> str:
        teks = re.sub(r"<[^>]+>|\s+", " ", client.get("/usulan/").content.decode())
        return re.search(r"Isian lengkap \d+ dari \d+", re.sub(r"\s+", " ", teks))[0]

    assert lengkap_dari() == "Isian lengkap 1 dari 1"
    for foto in Keluarga.objects.get(pk=p.usulan.keluarga_id).foto.all():
        register.hapus_foto(p.usulan, by=orang("operator"), foto=foto, alasan="BURAM")
    assert lengkap_dari() == "Isian lengkap 0 dari 1"
    Ketentuan.objects.filter(kunci="foto.wajib").update(nilai=[])
    assert lengkap_dari() == "Isian lengkap 1 dari 1"
