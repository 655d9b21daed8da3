"""From the endorsed batch to the decree, and what becomes of a decree."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bansos.models import Kelayakan, Penetapan
from core.models import NomorSeri
from dtks.actions import usulan as langkah
from dtks.models import Usulan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    """The second factor has tests of its own."""
    settings.DEMO = True


def isi(response) -> str:
    return response.content.decode()


def kunci(response) -> str:
    return re.search(r'name="kunci_kirim" value="([0-9a-f-]+)"', isi(response)).group(1)


def putusan(u, hasil="ditetapkan", alasan="", **lain):
    return {
        f"hasil_{u.pk.hex}": hasil,
        f"alasan_{u.pk.hex}": alasan,
        "tanggal": timezone.localdate().isoformat(),
        "kunci_kirim": uuid.uuid4(),
        "aksi": "terbitkan",
        **lain,
    }


def test_supervisor_mengirim_dengan_tanda_terima(masuk, sampai):
    p = sampai("disahkan")
    alamat = f"/penetapan/pengesahan/{p.pengesahan.pk}/"
    c = masuk("supervisor")
    halaman = c.get(alamat)
    kosong = c.post(alamat + "kirim/", {"tanda_terima": "", "kunci_kirim": kunci(halaman)})
    assert kosong.status_code == 422 and p.segar().status == "disahkan"
    kirim = {"tanda_terima": "SIKS-77", "kunci_kirim": kunci(halaman)}
    assert c.post(alamat + "kirim/", kirim).status_code == 302
    assert c.post(alamat + "kirim/", kirim).status_code == 302  # double click
    assert p.segar().status == "dikirim"
    assert "SIKS-77" in isi(c.get(alamat))
    lagi = c.post(alamat + "kirim/", {"tanda_terima": "SIKS-78", "kunci_kirim": uuid.uuid4()})
    assert lagi.status_code == 409


def test_yang_bukan_supervisor_tidak_mengirim(masuk, sampai):
    p = sampai("disahkan")
    alamat = f"/penetapan/pengesahan/{p.pengesahan.pk}/kirim/"
    assert (
        masuk("verifikator").post(alamat, {"tanda_terima": "X", "kunci_kirim": uuid.uuid4()}).status_code
        == 403
    )
    assert (
        masuk("supervisor.lain").post(alamat, {"tanda_terima": "X", "kunci_kirim": uuid.uuid4()}).status_code
        == 404
    )
    assert p.segar().status == "disahkan"


def test_surat_diunduh_utuh(masuk, sampai):
    p = sampai("disahkan")
    jawab = masuk("kadis").get(f"/penetapan/pengesahan/{p.pengesahan.pk}/surat/")
    assert jawab["Content-Type"] == "application/pdf" and jawab.content.startswith(b"%PDF")
    assert "no-store" in jawab["Cache-Control"]


@pytest.mark.parametrize("siapa", ["kadis.lain", "operator.lain"])
def test_wilayah_lain_sama_dengan_tidak_ada(masuk, sampai, siapa):
    p = sampai("ditetapkan", program="APBD-LANSIA")
    c = masuk(siapa)
    for dasar, pk in (("/penetapan/pengesahan/", p.pengesahan.pk), ("/penetapan/", p.penetapan.pk)):
        for ekor in ("", "surat/"):
            ada, tidak = c.get(f"{dasar}{pk}/{ekor}"), c.get(f"{dasar}{uuid.uuid4()}/{ekor}")
            assert ada.status_code == tidak.status_code == 404 and ada.content == tidak.content
    assert p.penetapan.nomor not in isi(c.get("/penetapan/?daftar=sk"))


def test_kadis_menetapkan_apbd_dengan_nomor_otomatis(masuk, sampai):
    p = sampai("dikirim", program="APBD-LANSIA")
    alamat = f"/penetapan/pengesahan/{p.pengesahan.pk}/tetapkan/"
    c = masuk("kadis")
    assert "Nomor SK diberikan otomatis" in isi(c.get(alamat))
    data = putusan(p.usulan)
    periksa = c.post(alamat, {**data, "aksi": "periksa"})
    assert periksa.status_code == 200 and "Periksa sebelum SK terbit" in isi(periksa)
    assert Penetapan.objects.count() == 0 and p.segar().status == "dikirim"
    selesai = c.post(alamat, data)
    sk = Penetapan.objects.get()
    assert selesai.status_code == 302 and selesai.url == f"/penetapan/{sk.pk}/"
    assert sk.urut == 1 and "/001/" in f"/{sk.nomor}"
    assert c.post(alamat, data).url == selesai.url and Penetapan.objects.count() == 1  # double submit
    teks = isi(c.get(selesai.url))
    assert sk.nomor in teks and sk.dokumen.kode in teks and "data:image/svg" in teks
    assert c.get(f"/penetapan/{sk.pk}/surat/").content.startswith(b"%PDF")


def test_nomor_tidak_meloncat_sesudah_penolakan(masuk, sampai):
    p, q = sampai("dikirim", 0, program="APBD-LANSIA"), sampai("dikirim", 1, program="APBD-LANSIA")
    c = masuk("kadis")
    a = f"/penetapan/pengesahan/{p.pengesahan.pk}/tetapkan/"
    assert c.post(a, putusan(p.usulan, "tidak_ditetapkan")).status_code == 422  # no reason
    assert (
        c.post(a, putusan(p.usulan, "tidak_ditetapkan", "KUOTA_PENUH")).status_code == 422
    )  # reason of another outcome
    assert c.post(a, putusan(p.usulan, "ditetapkan", "KUOTA_PENUH")).status_code == 422
    assert c.post(a, putusan(p.usulan, "")).status_code == 422
    assert c.post(a, putusan(p.usulan, tanggal="2999-01-01")).status_code == 422
    b = langkah.pasang_bendera(p.usulan, kode="S", kalimat="Ada sanggahan.", sumber="uji", by=None)
    tolak = c.post(a, putusan(p.usulan))
    assert tolak.status_code == 422 and "Ada sanggahan." in isi(tolak)
    assert not NomorSeri.objects.filter(seri__startswith="SK-", terakhir__gt=0).exists()
    langkah.cabut_bendera(b, by=None, alasan="uji")
    assert c.post(a, putusan(p.usulan)).status_code == 302
    assert c.post(f"/penetapan/pengesahan/{q.pengesahan.pk}/tetapkan/", putusan(q.usulan)).status_code == 302
    assert sorted(Penetapan.objects.values_list("urut", flat=True)) == [1, 2]


def test_apbn_hanya_pusdatin_dan_bernomor(masuk, sampai):
    p = sampai("dikirim")
    alamat = f"/penetapan/pengesahan/{p.pengesahan.pk}/tetapkan/"
    assert masuk("kadis").get(alamat).status_code == 403
    c = masuk("pusdatin")
    assert c.post(alamat, putusan(p.usulan)).status_code == 422  # no number
    jawab = c.post(alamat, putusan(p.usulan, "daftar_tunggu", "KUOTA_PENUH", nomor="21/HUK/2026"))
    assert jawab.status_code == 302 and p.segar().status == "daftar_tunggu"
    assert Kelayakan.objects.get(keluarga=p.usulan.keluarga).hasil == "daftar_tunggu"
    assert "kuota penuh" in isi(c.get(jawab.url))


def test_halaman_lama_tidak_menetapkan_sebagian(masuk, sampai):
    p = sampai("dikirim", program="APBD-LANSIA")
    data = putusan(p.usulan) | {f"hasil_{uuid.uuid4().hex}": "ditetapkan"}
    jawab = masuk("kadis").post(f"/penetapan/pengesahan/{p.pengesahan.pk}/tetapkan/", data)
    assert jawab.status_code == 422 and Penetapan.objects.count() == 0


def test_ganti_sk_menunjuk_dua_arah_dan_terlihat_umum(masuk, sampai, client):
    p = sampai("ditetapkan", program="APBD-LANSIA")
    lama, c = p.penetapan, masuk("kadis")
    alamat = f"/penetapan/{lama.pk}/ganti/"
    assert c.post(alamat, {"alasan": "pendek", "kunci_kirim": uuid.uuid4()}).status_code == 422
    nik = c.post(
        alamat, {"alasan": "Salah tulis 3205 0141 0180 0001 di lampiran", "kunci_kirim": uuid.uuid4()}
    )
    assert nik.status_code == 422
    data = {"alasan": "Nama keluarga salah tulis di lampiran.", "kunci_kirim": uuid.uuid4()}
    jawab = c.post(alamat, data)
    baru = Penetapan.objects.get(menggantikan=lama)
    assert jawab.url == f"/penetapan/{baru.pk}/" and c.post(alamat, data).url == jawab.url
    assert lama.nomor in isi(c.get(jawab.url)) and baru.nomor in isi(c.get(f"/penetapan/{lama.pk}/"))
    umum = isi(client.get(f"/v/{lama.dokumen.kode}/"))
    assert "SUDAH DIGANTI" in umum and baru.nomor in umum and f"/v/{baru.dokumen.kode}/" in umum
    assert "BERLAKU" in isi(client.get(f"/v/{baru.dokumen.kode}/"))
    assert Kelayakan.objects.get(keluarga=p.usulan.keluarga).penetapan == baru
    assert c.post(alamat, data | {"kunci_kirim": uuid.uuid4()}).status_code == 403


def test_cabut_sk_terlihat_umum(masuk, sampai, client):
    p = sampai("ditetapkan", program="APBD-LANSIA")
    alamat = f"/penetapan/{p.penetapan.pk}/cabut/"
    data = {"alasan": "Anggaran daerah dibatalkan DPRD.", "kunci_kirim": uuid.uuid4()}
    for siapa in ("supervisor", "verifikator", "pusdatin"):
        assert masuk(siapa).post(alamat, data).status_code == 403
    c = masuk("kadis")
    assert c.post(alamat, data).status_code == 302
    umum = isi(client.get(f"/v/{p.penetapan.dokumen.kode}/"))
    assert "DICABUT" in umum and "Anggaran daerah dibatalkan DPRD." in umum
    assert Kelayakan.objects.get(keluarga=p.usulan.keluarga).hasil == "tidak_layak"


def test_daftar_dan_saringan(masuk, sampai):
    p = sampai("dikirim")
    c = masuk("pusdatin")
    assert p.pengesahan.nomor in isi(c.get("/penetapan/?keadaan=dikirim"))
    assert p.pengesahan.nomor not in isi(c.get("/penetapan/?keadaan=belum"))
    assert p.pengesahan.nomor not in isi(c.get("/penetapan/?keadaan=selesai"))
    for buruk in ("x=1", "daftar=lain", "keadaan=lain", "daftar=sk&keadaan=belum"):
        assert c.get(f"/penetapan/?{buruk}").status_code == 400
    assert masuk("rtrw").get("/penetapan/").status_code == 403


def test_jumlah_query_daftar_tetap(masuk, sampai):
    c = masuk("supervisor")
    sampai("disahkan", 0)
    c.get("/penetapan/")  # the session's first request writes its clock
    with CaptureQueriesContext(connection) as satu:
        c.get("/penetapan/")
    sampai("disahkan", 1)
    with CaptureQueriesContext(connection) as dua:
        assert isi(c.get("/penetapan/")).count("1 usulan") == 2
    assert len(dua) == len(satu)


def test_kelayakan_di_wilayah_sendiri(masuk, sampai):
    p = sampai("ditetapkan", program="APBD-LANSIA")
    alamat = "/program/APBD-LANSIA/kelayakan/"
    nama = p.usulan.keluarga.nama_kepala
    assert nama in isi(masuk("operator").get(alamat))
    assert nama in isi(
        masuk("kadis").get(f"{alamat}?periode={p.penetapan.periode}&hasil=layak&wilayah=32.05.01")
    )
    tersamar = isi(masuk("inspektorat").get(alamat))
    assert nama not in tersamar and "Ditetapkan dengan SK" in tersamar
    for siapa in ("operator2", "verifikator.lain"):
        assert "Ditetapkan dengan SK" not in isi(masuk(siapa).get(alamat))
    c = masuk("kadis")
    for buruk in ("periode=2026-5", "periode=semua", "hasil=x", "wilayah=32.06", "nama=Asep"):
        assert c.get(f"{alamat}?{buruk}").status_code == 400
    assert masuk("rtrw").get(alamat).status_code == 403
    assert c.get("/program/TIDAKADA/kelayakan/").status_code == 404
    assert Usulan.objects.count() == 1


def test_program_menyebut_dasar_hukum(masuk):
    c = masuk("rtrw")
    assert "Permensos" in isi(c.get("/program/")) and "Dasar hukum" in isi(c.get("/program/PKH/"))
