"""The desk: a case beside its decision, who has it open, the next one of the same queue, taking back."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import Jejak, Ketentuan
from dtks.actions import meja
from dtks.actions import usulan as langkah
from dtks.models import BukaKasus, PegangKasus, RiwayatUsulan, Usulan
from tests.bantu.alur import alasan_pertama, orang, sampai
from tests.bantu.halaman import Halaman

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    """The second factor has tests of its own."""
    settings.DEMO = True


@pytest.fixture
def antre(sampai):
    """Three families wait for verification: the second is due first, the third next, the first has the latest day."""
    usulan = [sampai("diases", n).usulan for n in range(3)]
    for u, tenggat in zip(usulan, ("2026-03-03", "2026-03-01", "2026-03-02"), strict=True):
        Usulan.objects.filter(pk=u.pk).update(tenggat=tenggat)
    return [Usulan.objects.get(pk=usulan[i].pk) for i in (1, 2, 0)]


def isi(jawab) -> str:
    return re.sub(r"\s+", " ", jawab.content.decode())


def form(jawab, nama: str) -> dict:
    """What the form of one step sends when nothing is changed on it."""
    f = next(f for f in Halaman(jawab.content.decode()).formulir if ("langkah", nama) in f.tombol)
    return {k: v.nilai[0] for k, v in f.kolom.items() if v.nilai} | {"langkah": nama}


def buka(c, u, cari: str = ""):
    """Open the page and begin: what the script of the page does by itself."""
    alamat = f"/verifikasi/{u.pk}/"
    assert c.post(f"{alamat}pegang/{cari}", {"versi": u.versi}).status_code == 302
    return c.get(alamat + cari)


def test_antrean_menurut_tenggat_dan_kasus_berikutnya_dari_antrean_yang_sama(masuk, antre):
    c = masuk("verifikator")
    teks = isi(c.get("/verifikasi/?antrean=diases&program=PKH"))
    assert [teks.index(u.tiket) for u in antre] == sorted(teks.index(u.tiket) for u in antre)
    assert f"/verifikasi/{antre[0].pk}/?antrean=diases&amp;program=PKH" in teks
    tengah = isi(c.get(f"/verifikasi/{antre[1].pk}/?antrean=diases&program=PKH"))
    for arah, u in (("k", antre[0]), ("j", antre[2])):
        assert f'href="/verifikasi/{u.pk}/?antrean=diases&amp;program=PKH" data-kunci="{arah}"' in tengah
    assert 'data-kunci="k"' not in isi(c.get(f"/verifikasi/{antre[0].pk}/?antrean=diases"))
    assert 'data-kunci="j"' not in isi(c.get(f"/verifikasi/{antre[2].pk}/?antrean=diases"))


def test_memutus_membuka_kasus_berikutnya_dan_bisa_diurungkan(masuk, antre):
    c = masuk("verifikator")
    halaman = buka(c, antre[0])
    jawab = c.post(f"/verifikasi/{antre[0].pk}/?antrean=diases", form(halaman, "verifikasi"))
    assert jawab.status_code == 302 and jawab.url == f"/verifikasi/{antre[1].pk}/?antrean=diases"
    kini = Usulan.objects.get(pk=antre[0].pk)
    assert kini.status == "terverifikasi" and not PegangKasus.objects.filter(usulan=kini).exists()
    riwayat = kini.riwayat.get(langkah="verifikasi")
    assert riwayat.rincian["cara"] == "meja" and riwayat.rincian["buka"]["detik"] >= 0
    jejak = Jejak.objects.get(aksi="verifikasi", objek_id=str(kini.pk))
    assert jejak.rincian["buka"] == riwayat.rincian["buka"]
    berikut = c.get(jawab.url)
    assert "Urungkan (" in isi(berikut) and kini.keluarga.nama_kepala in isi(berikut)
    batal = c.post(f"/verifikasi/{kini.pk}/urungkan/?antrean=diases", {"versi": kini.versi})
    assert batal.status_code == 302 and batal.url == f"/verifikasi/{kini.pk}/?antrean=diases"
    assert Usulan.objects.get(pk=kini.pk).status == "diases"
    sesudah = isi(c.get(batal.url))
    assert "Keputusan diurungkan" in sesudah and "Urungkan (" not in sesudah
    assert c.post(f"/verifikasi/{kini.pk}/urungkan/", {"versi": kini.versi}).status_code == 409


def test_kasus_terakhir_kembali_ke_antrean(masuk, sampai):
    u = sampai("diases").usulan
    c = masuk("verifikator")
    kirim = form(buka(c, u), "tunda") | {"alasan": alasan_pertama("tunda")}
    jawab = c.post(f"/verifikasi/{u.pk}/", kirim)
    assert jawab.url == "/verifikasi/?antrean=diases"
    assert "sudah habis" in isi(c.get(jawab.url)) and "Urungkan (" in isi(c.get(jawab.url))
    ulang = c.post(f"/verifikasi/{u.pk}/", kirim)  # the button was pressed twice
    assert ulang.status_code == 302 and RiwayatUsulan.objects.filter(usulan=u, langkah="tunda").count() == 1


def test_keputusan_tanpa_membuka_kasus_ditolak_juga_lewat_alamat_lama(masuk, sampai):
    u = sampai("diases").usulan
    c = masuk("verifikator")
    halaman = c.get(f"/verifikasi/{u.pk}/")
    assert "Mulai memeriksa" in isi(halaman)
    jawab = c.post(f"/verifikasi/{u.pk}/", form(halaman, "verifikasi"))
    assert jawab.status_code == 422 and "belum Anda buka" in isi(jawab)
    lama = f"/usulan/{u.pk}/langkah/verifikasi/"
    assert c.get(lama).url == f"/verifikasi/{u.pk}/"
    kirim = {"versi": u.versi, "catatan": "", "kunci_kirim": form(c.get(f"/verifikasi/{u.pk}/"), "verifikasi")["kunci_kirim"]}  # fmt: skip
    assert c.post(lama, kirim).status_code == 422
    assert Usulan.objects.get(pk=u.pk).status == "diases"
    Ketentuan.objects.filter(kunci="verifikasi.wajib_buka").update(nilai=[])
    assert meja.putuskan(u, "verifikasi", by=orang("verifikator2"), versi=u.versi).status == "terverifikasi"


def test_alasan_wajib_dan_isian_tidak_hilang(masuk, sampai):
    u = sampai("diases").usulan
    c = masuk("verifikator")
    jawab = c.post(f"/verifikasi/{u.pk}/", form(buka(c, u), "tolak") | {"catatan": "Rumahnya bertingkat"})
    assert jawab.status_code == 422
    assert "Pilih alasannya." in isi(jawab) and "Rumahnya bertingkat" in isi(jawab)


def test_satu_kasus_satu_pemegang_lalu_diambil_alih(masuk, sampai):
    u = sampai("diases").usulan
    a, b = masuk("verifikator"), masuk("verifikator2")
    kirim_b = form(buka(b, u), "verifikasi")  # b has it open, and forgets it
    PegangKasus.objects.update(hingga=timezone.now() - timedelta(seconds=1))
    buka(a, u)
    assert PegangKasus.objects.get().pengguna == orang("verifikator")
    nama = orang("verifikator").nama
    assert f"Sedang dibuka {nama} sejak" in isi(b.get(f"/verifikasi/{u.pk}/"))
    assert f"Sedang dibuka {nama} sejak" in isi(b.get("/verifikasi/?antrean=diases"))
    skrip = b.post(f"/verifikasi/{u.pk}/pegang/", {"versi": u.versi}, headers={"x-meja": "1"})
    assert skrip.status_code == 409 and skrip.json()["kode"] == "SEDANG_DIBUKA"
    ditolak = b.post(f"/verifikasi/{u.pk}/", kirim_b)
    assert ditolak.status_code == 409 and f"Sedang dibuka {nama} sejak" in isi(ditolak)
    alih = b.post(f"/verifikasi/{u.pk}/pegang/", {"versi": u.versi, "ambil_alih": "1"})
    assert alih.status_code == 302 and PegangKasus.objects.get().pengguna == orang("verifikator2")
    assert Jejak.objects.get(aksi="ambil_alih_kasus").rincian == {"dari": str(orang("verifikator").pk)}
    lain = a.post(f"/verifikasi/{u.pk}/", form(a.get(f"/verifikasi/{u.pk}/"), "verifikasi"))
    assert lain.status_code == 409
    assert (
        b.post(f"/verifikasi/{u.pk}/", form(b.get(f"/verifikasi/{u.pk}/"), "verifikasi")).status_code == 302
    )


def test_pegangan_orang_yang_pergi_tidak_menahan(sampai):
    u = sampai("diases").usulan
    for keluar in ("akun", "peran"):
        meja.buka(u, by=orang("verifikator"), versi=u.versi)
        if keluar == "akun":
            type(orang("verifikator")).objects.filter(username="verifikator").update(is_active=False)
        else:
            orang("verifikator").penugasan.update(berlaku_hingga=timezone.localdate() - timedelta(days=1))
        assert meja.buka(u, by=orang("verifikator2"), versi=u.versi).pengguna == orang("verifikator2")
        type(orang("verifikator")).objects.filter(username="verifikator").update(is_active=True)
        PegangKasus.objects.all().delete()


def test_lama_membaca_tercatat_dan_versi_baru_dibaca_lagi(masuk, sampai):
    u = sampai("diases").usulan
    by = orang("verifikator")
    meja.buka(u, by=by, versi=u.versi)
    BukaKasus.objects.update(terakhir=timezone.now() - timedelta(seconds=40))
    meja.buka(u, by=by, versi=u.versi)  # a minute's sign of life
    assert 39 <= BukaKasus.objects.get().detik <= 42
    BukaKasus.objects.update(
        terakhir=timezone.now() - timedelta(days=2)
    )  # the computer slept over the weekend
    hasil = meja.putuskan(u, "tunda", by=by, versi=u.versi, alasan=alasan_pertama("tunda"))
    assert hasil.riwayat.get(langkah="tunda").rincian["buka"]["detik"] <= 42 + 10 * 60
    langkah.lanjutkan(hasil, by=by)
    u.refresh_from_db()
    c = masuk("verifikator")
    assert (
        c.post(f"/verifikasi/{u.pk}/", form(c.get(f"/verifikasi/{u.pk}/"), "verifikasi")).status_code == 422
    )
    assert Jejak.objects.filter(aksi="buka_kasus", objek_id=str(u.pk)).count() == 1


def test_yang_tidak_memutus_membaca_tanpa_memegang(masuk, sampai):
    u = sampai("diases").usulan
    c = masuk("kadis")
    halaman = c.get(f"/verifikasi/{u.pk}/")
    assert halaman.status_code == 200 and "Tidak ada langkah untuk Anda" in isi(halaman)
    assert (
        c.post(f"/verifikasi/{u.pk}/pegang/", {"versi": u.versi}, headers={"x-meja": "1"}).status_code == 403
    )
    assert not PegangKasus.objects.exists() and not BukaKasus.objects.exists()
    assert c.post(f"/verifikasi/{u.pk}/lepas/").status_code == 200


def test_halaman_lama_dan_orang_yang_kalah_cepat_mendapat_keadaan_sekarang(masuk, sampai):
    u = sampai("diases").usulan
    c = masuk("verifikator")
    kirim = form(buka(c, u), "verifikasi")
    meja.lepas(u, by=orang("verifikator"))
    meja.buka(u, by=orang("verifikator2"), versi=u.versi)
    meja.putuskan(u, "tunda", by=orang("verifikator2"), versi=u.versi, alasan=alasan_pertama("tunda"))
    jawab = c.post(f"/verifikasi/{u.pk}/", kirim)
    assert jawab.status_code == 409 and "Ditunda" in isi(jawab)
    basi = c.post(f"/verifikasi/{u.pk}/pegang/", {"versi": u.versi}, headers={"x-meja": "1"})
    assert basi.status_code == 403  # it does not wait for the desk any more


def test_saringan_antrean(masuk, antre, sampai):
    c = masuk("verifikator")
    p = sampai("diases", 5)
    p.padankan("TIDAK_PADAN_NAMA")
    langkah.pasang_bendera(p.usulan, kode="UJI", kalimat="Ada temuan.", sumber="uji", by=None)

    def tampak(cari):
        teks = isi(c.get(f"/verifikasi/?antrean=diases&{cari}"))
        return {u for u in (*antre, p.usulan) if u.tiket in teks}

    assert tampak("padan=padan") == set(antre) and tampak("padan=tidak") == {p.usulan}
    assert tampak("padan=belum") == set()
    assert tampak("bendera=ada") == {p.usulan} and tampak("bendera=tidak") == set(antre)
    assert tampak("umur=lewat") == set(antre)  # their days are long past
    assert tampak(f"petugas={orang('tksk').pk}") == {*antre, p.usulan}
    assert tampak(f"petugas={orang('tksk2').pk}") == set()
    assert tampak("jalur=MANDIRI") == set() and len(tampak("wilayah=32.05.01.1001")) == 4
    teks = isi(c.get("/verifikasi/?antrean=diases"))
    assert "Perlu diverifikasi (4)" in teks and "Perlu disahkan (0)" in teks


def test_halaman_demi_halaman_tanpa_terlewat_dan_tanpa_ganda(masuk, antre, monkeypatch):
    """Equal deadlines and none at all: every case once, in one order, forwards and case by case."""
    lima = [*antre, *(sampai("diases", n).usulan for n in (6, 7))]
    Usulan.objects.filter(pk__in=[u.pk for u in lima[2:4]]).update(tenggat="2026-03-01")
    Usulan.objects.filter(pk=lima[4].pk).update(tenggat=None)
    monkeypatch.setattr("core.web.keyset.__defaults__", (2,))
    c, alamat, dilihat = masuk("verifikator"), "/verifikasi/?antrean=diases", []
    while alamat:
        teks = isi(c.get(alamat))
        dilihat += re.findall(r"data-baris>([^<]+)</a>", teks)
        lanjut = re.search(r'href="(\?[^"]*kursor=[^"]*)"', teks)
        alamat = f"/verifikasi/{lanjut[1].replace('&amp;', '&')}" if lanjut else ""
    assert sorted(dilihat) == sorted(u.keluarga.nama_kepala for u in lima)
    urut, kini = [], Usulan.objects.get(keluarga__nama_kepala=dilihat[0])
    while kini:
        urut.append(kini.keluarga.nama_kepala)
        lanjut = re.search(
            r'href="/verifikasi/([0-9a-f-]+)/[^"]*" data-kunci="j"', isi(c.get(f"/verifikasi/{kini.pk}/"))
        )
        kini = Usulan.objects.get(pk=lanjut[1]) if lanjut else None
    assert urut == dilihat and dilihat[-1] == lima[4].keluarga.nama_kepala


def test_jumlah_query_meja_tetap(masuk, antre):
    c = masuk("verifikator")
    buka(c, antre[0])
    with CaptureQueriesContext(connection) as q:
        assert c.get(f"/verifikasi/{antre[0].pk}/?antrean=diases").status_code == 200
    assert len(q) <= 52  # two thirds of them read the case itself (tests/bansos/test_kasus.py)


def test_kepala_dinas_diarahkan_ke_batch(masuk, sampai):
    u = sampai("terverifikasi").usulan
    teks = isi(buka(masuk("kadis"), u))
    assert ("?daftar=batch" in teks) != (f"/verifikasi/sahkan/?usulan={u.pk}" in teks)
