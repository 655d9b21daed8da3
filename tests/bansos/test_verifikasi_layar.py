"""The Dinas looks at its queue, ticks, previews and endorses."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bansos.models import Pengesahan
from core.models import NomorSeri
from dtks.actions import usulan as langkah
from dtks.models import Usulan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    """The second factor has tests of its own."""
    settings.DEMO = True


def isi(response) -> str:
    """The page without the form token, which differs each time."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def kunci(response) -> str:
    return re.search(r'name="kunci_kirim" value="([0-9a-f-]+)"', isi(response)).group(1)


def test_verifikator_melihat_usulan_yang_sudah_dikunjungi(masuk, sampai):
    u = sampai("diases").usulan
    halaman = masuk("verifikator").get("/verifikasi/")
    assert halaman.status_code == 200
    teks = isi(halaman)
    assert u.tiket in teks and f"/usulan/{u.pk}/" in teks
    assert "Padan" in teks and "Layak" in teks and "Tenggat" in teks
    assert 'type="checkbox"' not in teks


def test_antrean_lain_dan_saringan(masuk, sampai):
    u = sampai("diinput").usulan
    c = masuk("supervisor")
    assert u.tiket in isi(c.get("/verifikasi/"))  # the supervisor starts with what must be assigned
    assert u.tiket in isi(c.get("/verifikasi/?antrean=diinput&program=PKH&wilayah=32.05.01"))
    assert u.tiket not in isi(c.get("/verifikasi/?antrean=diinput&program=BPNT"))
    assert u.tiket not in isi(c.get("/verifikasi/?antrean=diinput&umur=3"))
    assert u.tiket not in isi(c.get("/verifikasi/?antrean=diases"))


@pytest.mark.parametrize(
    "buruk",
    ["warna=merah", "antrean=draf", "wilayah=32.06", "wilayah=x", "umur=9", "kursor=abc", "program=TIDAKADA"],
)
def test_saringan_yang_tidak_dikenal_ditolak(masuk, buruk):
    assert masuk("verifikator").get(f"/verifikasi/?{buruk}").status_code == 400


@pytest.mark.parametrize(
    "siapa", ["operator", "rtrw", "lurah", "tksk", "inspektorat", "pusdatin", "admin", "dukcapil"]
)
def test_peran_lain_tidak_punya_halaman_ini(masuk, siapa):
    assert masuk(siapa).get("/verifikasi/").status_code == 403
    assert masuk(siapa).post("/verifikasi/sahkan/", {}).status_code == 403


def test_tamu_diminta_masuk(client, db):
    assert client.get("/verifikasi/").status_code == 302


def test_kabupaten_lain_tidak_melihat_apa_pun(masuk, sampai):
    u = sampai("terverifikasi").usulan
    assert u.tiket not in isi(masuk("kadis.lain").get("/verifikasi/?antrean=terverifikasi"))
    c = masuk("kadis.lain")
    ada = c.get(f"/verifikasi/sahkan/?usulan={u.pk}")
    tidak_ada = c.get(f"/verifikasi/sahkan/?usulan={uuid.uuid4()}")
    assert isi(ada) == isi(tidak_ada)
    a = c.post("/verifikasi/sahkan/", {"usulan": [u.pk], "kunci_kirim": uuid.uuid4()})
    b = c.post("/verifikasi/sahkan/", {"usulan": [uuid.uuid4()], "kunci_kirim": uuid.uuid4()})
    assert a.status_code == b.status_code == 422
    assert u.keluarga.nama_kepala not in isi(a)
    u.refresh_from_db()
    assert u.status == "terverifikasi"


def test_pratinjau_lalu_sahkan(masuk, sampai):
    satu, dua = sampai("terverifikasi", 0).usulan, sampai("terverifikasi", 1).usulan
    tiga = sampai("diases", 2).usulan
    c = masuk("kadis")
    antrean = c.get("/verifikasi/")
    assert isi(antrean).count('type="checkbox"') == 2
    periksa = c.get("/verifikasi/sahkan/", {"usulan": [satu.pk, dua.pk, tiga.pk]})
    assert "2 dapat disahkan, 1 tidak" in isi(periksa)
    assert Pengesahan.objects.count() == 0 and Usulan.objects.filter(status="terverifikasi").count() == 2
    kirim = {"usulan": [satu.pk, dua.pk], "kunci_kirim": kunci(periksa)}
    selesai = c.post("/verifikasi/sahkan/", kirim)
    batch = Pengesahan.objects.get()
    assert selesai.status_code == 302 and selesai.url == f"/penetapan/pengesahan/{batch.pk}/"
    assert Usulan.objects.filter(status="disahkan").count() == 2
    ulang = c.post("/verifikasi/sahkan/", kirim)
    assert ulang.url == selesai.url and Pengesahan.objects.count() == 1
    assert batch.nomor in isi(c.get(selesai.url))


def test_satu_tidak_bisa_maka_tidak_ada_yang_disahkan(masuk, sampai, cast):
    satu, dua = sampai("terverifikasi", 0).usulan, sampai("terverifikasi", 1).usulan
    langkah.pasang_bendera(
        dua, kode="SANGGAHAN", kalimat="Ada sanggahan yang belum diputus.", sumber="uji", by=None
    )
    c = masuk("kadis")
    jawab = c.post("/verifikasi/sahkan/", {"usulan": [satu.pk, dua.pk], "kunci_kirim": uuid.uuid4()})
    assert jawab.status_code == 422
    assert "Ada sanggahan yang belum diputus." in isi(jawab) and "1 dapat disahkan, 1 tidak" in isi(jawab)
    assert Pengesahan.objects.count() == 0
    assert Usulan.objects.filter(status="terverifikasi").count() == 2
    assert not NomorSeri.objects.filter(seri__startswith="PENGESAHAN").exclude(terakhir=0).exists()


def test_program_campur_ditawarkan_terpisah(masuk, sampai):
    satu, dua = sampai("terverifikasi", 0).usulan, sampai("terverifikasi", 1, program="BPNT").usulan
    c = masuk("kadis")
    teks = isi(c.get("/verifikasi/sahkan/", {"usulan": [satu.pk, dua.pk]}))
    assert teks.count("Sahkan 1 usulan") == 2
    assert (
        c.post("/verifikasi/sahkan/", {"usulan": [satu.pk, dua.pk], "kunci_kirim": uuid.uuid4()}).status_code
        == 422
    )


def test_program_yang_tidak_ada_di_daftar_ditolak_dengan_kalimat(masuk, sampai):
    u = sampai("terverifikasi", program="TIDAK-ADA").usulan
    jawab = masuk("kadis").post("/verifikasi/sahkan/", {"usulan": [u.pk], "kunci_kirim": uuid.uuid4()})
    assert jawab.status_code == 422 and "tidak ditetapkan lewat portal" in isi(jawab)


def test_kosong_dan_rusak(masuk):
    c = masuk("kadis")
    assert "Belum ada usulan yang dicentang" in isi(c.get("/verifikasi/sahkan/"))
    assert c.get("/verifikasi/sahkan/?usulan=bukan-uuid").status_code == 200
    assert c.post("/verifikasi/sahkan/", {"usulan": ["bukan-uuid"], "kunci_kirim": "x"}).status_code == 422


def test_jumlah_query_tetap(masuk, sampai):
    c = masuk("verifikator")
    sampai("diases", 0)
    c.get("/verifikasi/")  # the session's first request writes its clock
    with CaptureQueriesContext(connection) as satu:
        c.get("/verifikasi/?antrean=diases")
    for n in (1, 2):
        sampai("diases", n)
    with CaptureQueriesContext(connection) as tiga:
        assert isi(c.get("/verifikasi/?antrean=diases")).count("USL-") == 3
    assert len(tiga) == len(satu) <= 16
