"""The Dinas looks at its queue, ticks, previews and endorses."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Pengguna
from bansos.models import Pengesahan
from bansos.queries.antrean import KOLOM, URUT, antrean, halaman
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
    assert u.tiket in teks and f"/verifikasi/{u.pk}/?antrean=diases" in teks
    assert "Padan" in teks and "Layak" in teks and "Tenggat" in teks
    assert 'name="langkah"' in teks  # for many at once: tick, then look


def test_kata_orang_di_baris_antrean_tetap_kata(masuk, sampai):
    """The rows are put together in Python: what people typed never becomes a part of the page."""
    u = sampai("diases").usulan
    langkah.pasang_bendera(u, kode="SANGGAHAN", kalimat="<b>Ada & belum diputus", sumber="uji", by=None)
    teks = isi(masuk("verifikator").get("/verifikasi/?antrean=diases&baris=200"))
    assert "&lt;b&gt;Ada &amp; belum diputus" in teks and "<b>Ada" not in teks
    assert f'href="/verifikasi/{u.pk}/?antrean=diases&amp;baris=200" data-baris' in teks


def test_antrean_lain_dan_saringan(masuk, sampai):
    u = sampai("diinput").usulan
    c = masuk("supervisor")
    assert u.tiket in isi(c.get("/verifikasi/"))  # the supervisor starts with what must be assigned
    assert u.tiket in isi(c.get("/verifikasi/?antrean=diinput&program=PKH&wilayah=32.05.01"))
    assert u.tiket not in isi(c.get("/verifikasi/?antrean=diinput&program=BPNT"))
    assert u.tiket not in isi(c.get("/verifikasi/?antrean=diinput&umur=3"))
    assert u.tiket not in isi(c.get("/verifikasi/?antrean=diases"))


def test_antrean_polos_dan_antrean_dengan_saringan_membaca_yang_sama(sampai):
    """A queue without a filter is read by a statement of its own: same rows, columns and order, from the start and behind a key."""
    a, _ = sampai("diases").usulan, sampai("diases", 1).usulan
    supervisor = Pengguna.objects.get(username="supervisor")
    for di in (["32.05"], ["32.05.01"], [a.wilayah_id], ["32"], ["32.05.01", "32.06"], ["32.06"], []):
        rows = antrean(supervisor, di).filter(status="diases").order_by(*URUT).values_list(*KOLOM, named=True)
        semua = [tuple(satu) for satu in rows]
        assert [tuple(satu) for satu in halaman(di, "diases", [], 9)] == semua
        assert len(semua) == (0 if di in (["32.06"], []) else 2)
        for i, satu in enumerate(rows):
            setelah = [satu.urut_tenggat.isoformat(), satu.status_sejak.isoformat(), str(satu.id)]
            assert [tuple(lain) for lain in halaman(di, "diases", setelah, 9)] == semua[i + 1 :]


@pytest.mark.parametrize(
    "buruk",
    [
        "warna=merah",
        "antrean=draf",
        "antrean=",
        "wilayah=32.06",
        "wilayah=x",
        "umur=9",
        "kursor=abc",
        "program=TIDAKADA",
    ],
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
    assert isi(antrean).count('name="usulan"') == 2
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
