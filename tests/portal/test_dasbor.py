"""After signing in everyone sees what waits for him, and only links that work for him."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bansos.models import Program
from dtks.actions import musyawarah as rapat
from dtks.actions import padan
from dtks.actions import usulan as langkah
from dtks.models import Musyawarah, TiketPadan, Usulan
from portal.queries.dasbor import dasbor
from tests.bantu.alur import PDF, Perjalanan, orang
from tests.bantu.pemain import DESA, PEMAIN

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    """The second factor has tests of its own."""
    settings.DEMO = True


def isi(response) -> str:
    return response.content.decode()


def hitung(user) -> dict[str, int]:
    return {t.kode: t.jumlah for t in dasbor(user).tugas}


def test_semua_peran_punya_dasbor_dan_tautannya_hidup(masuk, sampai):
    for n, status in enumerate(
        ("draf", "diajukan", "diinput", "ditugaskan", "diases", "terverifikasi", "disahkan", "dikirim")
    ):
        sampai(status, n)
    for siapa in sorted(PEMAIN):
        c = masuk(siapa)
        halaman = c.get("/dasbor/")
        assert halaman.status_code == 200, siapa
        for url in set(re.findall(r'href="(/[^"#]*)"', unescape(isi(halaman)))):
            if not url.startswith("/static/"):
                assert c.get(url).status_code in (200, 302), (siapa, url)


def test_angka_sama_dengan_hitungan_sendiri(sampai, cast):
    keadaan = (
        "draf",
        "diajukan",
        "disepakati",
        "diinput",
        "diinput",
        "ditugaskan",
        "diases",
        "terverifikasi",
        "terverifikasi",
        "disahkan",
    )
    for n, status in enumerate(keadaan):
        sampai(status, n)
    sampai("dikirim", 20)
    sampai("dikirim", 21, program="APBD-LANSIA")
    apbd = Program.objects.filter(sumber="APBD").values_list("kode", flat=True)
    ada = lambda status, **lain: sum(1 for u in Usulan.objects.filter(**lain) if u.status == status)  # noqa: E731
    assert hitung(cast("verifikator"))["diases"] == ada("diases") == 1
    assert hitung(cast("verifikator"))["diinput"] == ada("diinput") == 2
    assert hitung(cast("kadis"))["terverifikasi"] == ada("terverifikasi") == 2
    assert hitung(cast("kadis"))["dikirim"] == ada("dikirim", program__in=apbd) == 1
    assert hitung(cast("pusdatin"))["dikirim"] == 1
    assert hitung(cast("supervisor"))["disahkan"] == 1
    assert hitung(cast("tksk")) == {"ditugaskan": 1} and hitung(cast("tksk2")) == {}
    operator = hitung(cast("operator"))
    assert (operator["draf"], operator["diajukan"], operator["disepakati"]) == (1, 1, 1)
    assert operator.get("padan_perbaiki", 0) == TiketPadan.objects.filter(status="buka").count()
    assert hitung(cast("operator2")) == {} and hitung(cast("verifikator.lain")) == {}
    assert hitung(cast("admin")) == {}


def test_draf_yang_dikembalikan_kembali_ke_pembuatnya(masuk, sampai):
    p = sampai("diajukan")
    langkah.kembalikan(p.usulan, by=orang("operator"), tujuan="draf", alasan="DATA_KURANG")
    assert hitung(orang("rtrw"))["dikembalikan"] == 1
    assert "dikembalikan, perlu diperbaiki" in isi(masuk("rtrw").get("/dasbor/"))


def test_lurah_melihat_berita_acara_yang_menunggu(sampai, cast):
    p: Perjalanan = sampai("dimusyawarahkan")
    assert hitung(cast("operator"))["musyawarah_tutup"] == 1 and "musyawarah_setujui" not in hitung(
        cast("lurah")
    )
    m, by = p.musyawarah, orang("operator")
    rapat.putuskan(m, by=by, putusan={str(x.pk): {"putusan": "disepakati"} for x in m.putusan.all()})
    m = rapat.selenggarakan(m, by=by)
    assert hitung(cast("operator"))["musyawarah_tanda"] == 1
    rapat.tandatangani(m, by=by, isi=PDF, nama="ba.pdf")
    assert hitung(cast("lurah"))["musyawarah_setujui"] == 1 and hitung(cast("lurah2")) == {}
    assert Musyawarah.objects.get().wilayah_id == DESA


def test_tiket_padan_dan_pengecualian(sampai, cast):
    p = sampai("diinput")
    p.padankan("TIDAK_DITEMUKAN")
    n = TiketPadan.objects.filter(status="buka").count()
    assert (
        n > 0
        and hitung(cast("operator"))["padan_perbaiki"] == hitung(cast("dukcapil"))["padan_perbaiki"] == n
    )
    padan.minta_kecuali(
        TiketPadan.objects.first(), by=cast("verifikator"), alasan="Lansia, sedang mengurus KTP."
    )
    assert "padan_kecuali" not in hitung(cast("verifikator"))  # not his own request
    assert hitung(cast("verifikator2"))["padan_kecuali"] == 1


def test_dasbor_menyebut_sejak_dan_tenggat(masuk, sampai):
    sampai("diases")
    teks = isi(masuk("verifikator").get("/dasbor/"))
    assert "usulan perlu diverifikasi" in teks and "Tertua sejak" in teks and "Tenggat terdekat" in teks
    assert "/verifikasi/?antrean=diases" in teks


def test_keadaan_kosong_ramah(masuk, db):
    assert "Tidak ada yang menunggu Anda" in isi(masuk("kadis").get("/dasbor/"))


@pytest.mark.parametrize("siapa", ["operator", "verifikator", "kadis", "pusdatin"])
def test_jumlah_query_tetap(masuk, sampai, siapa):
    c = masuk(siapa)
    sampai("diajukan", 0)
    sampai("ditetapkan", 8)  # with nobody on a list the end of the month is not asked for
    c.get("/dasbor/")
    with CaptureQueriesContext(connection) as sedikit:
        c.get("/dasbor/")
    for n in range(1, 5):
        sampai("diajukan", n)
    sampai("terverifikasi", 6)
    sampai("ditetapkan", 7)
    with CaptureQueriesContext(connection) as banyak:
        c.get("/dasbor/")
    assert len(banyak) == len(sedikit) <= 23  # one for each kind of work that waits


@pytest.mark.parametrize(
    ("siapa", "ada", "tidak"),
    [
        ("verifikator", ["/verifikasi/", "/penetapan/", "/padan/"], ["/jejak/", "/pengguna/"]),
        ("operator", ["/usulan/", "/keluarga/", "/musyawarah/"], ["/verifikasi/", "/penetapan/", "/jejak/"]),
        ("inspektorat", ["/jejak/", "/penetapan/"], ["/verifikasi/", "/padan/"]),
        ("admin", ["/pengguna/", "/pekerjaan/"], ["/keluarga/", "/usulan/", "/verifikasi/"]),
        ("dukcapil", ["/padan/"], ["/usulan/", "/keluarga/"]),
    ],
)
def test_menu_menurut_kuasa(masuk, siapa, ada, tidak):
    teks = isi(masuk(siapa).get("/dasbor/"))
    menu = re.search(r'aria-label="Menu utama".*?</nav>', teks, re.S).group(0)
    assert 'href="/dasbor/" aria-current="page"' in menu
    assert all(f'href="{u}"' in menu for u in ada) and not any(f'href="{u}"' in menu for u in tidak)
    assert "Anda bekerja sebagai" in teks


def test_tamu_tanpa_menu_dan_tanpa_query(client, db):
    with CaptureQueriesContext(connection) as q:
        teks = isi(client.get("/"))
    assert len(q) == 0 and "Menu utama" not in teks
