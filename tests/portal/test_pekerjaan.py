"""Background jobs, notices and the audit trail, as the people who watch over them see them."""

import uuid

import pytest
from django.db import transaction
from django.urls import reverse

from accounts.models import Pemberitahuan
from core import audit, outbox
from core.models import Jejak, Pekerjaan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    """The second factor has tests of its own."""
    settings.DEMO = True


def isi(response) -> str:
    return response.content.decode()


def kerja(**ubah) -> Pekerjaan:
    awal = {
        "jenis": "uji",
        "judul": "Cek NIK ke Dukcapil",
        "wilayah": "32.05.01.1001",
        "total_n": 50,
        "selesai_n": 20,
    }
    return Pekerjaan.objects.create(**awal | ubah)


def test_saya_melihat_pekerjaan_saya(masuk, cast):
    punya = kerja(pemilik_id=str(cast("operator").pk), judul="Punya operator")
    kerja(pemilik_id=str(cast("operator2").pk), judul="Punya orang lain")
    c = masuk("operator")
    teks = isi(c.get("/pekerjaan/"))
    assert "Punya operator" in teks and "Punya orang lain" not in teks
    assert "<progress" in teks and 'value="20"' in teks and "20 dari 50" in teks
    assert c.get(f"/pekerjaan/{punya.pk}/").status_code == 200


def test_supervisor_melihat_wilayahnya_saja(masuk):
    kerja(judul="Di Garut")
    lain = kerja(judul="Di Tasikmalaya", wilayah="32.06.02.2001")
    kerja(judul="Seluruh portal", wilayah="")
    c = masuk("supervisor")
    teks = isi(c.get("/pekerjaan/"))
    assert "Di Garut" in teks and "Di Tasikmalaya" not in teks and "Seluruh portal" not in teks
    ada, tidak = c.get(f"/pekerjaan/{lain.pk}/"), c.get(f"/pekerjaan/{uuid.uuid4()}/")
    assert ada.status_code == tidak.status_code == 404 and ada.content == tidak.content
    assert c.get("/pekerjaan/?status=apa").status_code == 400


def test_pekerjaan_yang_selesai_berturut_turut_satu_baris(masuk):
    a, b = kerja(status="selesai"), kerja(status="selesai")
    kerja(status="parkir", galat="ValueError")
    kerja(status="selesai", judul="Hitung ulang tenggat usulan")
    teks = isi(masuk("supervisor").get("/pekerjaan/"))
    assert "Cek NIK ke Dukcapil, 2 kali" in teks and "Hitung ulang tenggat usulan, " not in teks
    assert f"/pekerjaan/{a.pk}/" in teks and f"/pekerjaan/{b.pk}/" in teks  # each one is still there
    assert teks.count("Coba lagi") == 2  # the one that stopped has a line of its own


def test_coba_lagi_yang_berhenti(masuk):
    job = kerja(status="parkir", percobaan=8, galat="ValueError: percobaan ke-8 gagal")
    c = masuk("supervisor")
    assert "Coba lagi" in isi(c.get("/pekerjaan/")) and "8 kali gagal" in isi(c.get("/pekerjaan/"))
    assert c.get(f"/pekerjaan/{job.pk}/coba-lagi/").status_code == 405
    assert masuk("supervisor.lain").post(f"/pekerjaan/{job.pk}/coba-lagi/").status_code == 404
    assert c.post(f"/pekerjaan/{job.pk}/coba-lagi/").status_code == 302
    job.refresh_from_db()
    assert (job.status, job.percobaan) == ("menunggu", 0)
    assert Jejak.objects.filter(aksi="coba_lagi_pekerjaan", objek_id=str(job.pk)).count() == 1
    c.post(f"/pekerjaan/{job.pk}/coba-lagi/")  # a second click finds it waiting and writes nothing
    assert Jejak.objects.filter(aksi="coba_lagi_pekerjaan").count() == 1


def test_pekerjaan_yang_dicoba_lagi_benar_benar_jalan(cast):
    dikerjakan = []
    outbox.register("uji.ulang", lambda job: dikerjakan.append(job.pk))
    job = kerja(jenis="uji.ulang", status="parkir", percobaan=8, total_n=0)
    assert outbox.retry(job, by=cast("supervisor"))
    outbox.work()
    job.refresh_from_db()
    assert dikerjakan == [job.pk] and job.status == "selesai"


def test_jejak_hanya_untuk_pengawas_dan_wilayahnya(masuk, sampai, cast):
    p = sampai("diajukan")
    with transaction.atomic():
        audit.catat(
            aksi="rahasia_lain", jenis="uji", objek_id="9", by=cast("verifikator.lain"), wilayah="32.06"
        )
        audit.catat(
            aksi="bocor",
            jenis="uji",
            objek_id="8",
            by=None,
            wilayah="32.05",
            rincian={"x": "3205014101800001"},
        )
    c = masuk("inspektorat")
    teks = isi(c.get("/jejak/"))
    assert ">Usulan</a>" in teks and "dtks.Usulan</a>" not in teks  # words, not codes
    assert "RT_RW" not in teks and "menjadi: Diajukan" in teks
    assert "Ajukan" in teks and "rtrw" in teks and "Rahasia lain" not in teks
    assert "3205014101800001" not in teks and p.usulan.keluarga.nama_kepala not in teks
    satu = isi(c.get("/jejak/", {"jenis": "dtks.Usulan", "objek": str(p.usulan.pk)}))
    assert "Ajukan" in satu and "Buat keluarga" not in satu
    assert "Tidak ada jejak" in isi(c.get("/jejak/?aktor=tidak.ada"))
    assert c.get("/jejak/?wilayah=32.06").status_code == 400 and c.get("/jejak/?x=1").status_code == 400
    for siapa in ("operator", "kadis", "supervisor", "admin"):
        assert masuk(siapa).get("/jejak/").status_code == 403


def test_jejak_berhalaman(masuk):
    with transaction.atomic():
        for n in range(60):
            audit.catat(aksi="uji_halaman", jenis="uji", objek_id=str(n), by=None, wilayah="32.05")
    c = masuk("inspektorat")
    satu = c.get("/jejak/?aksi=uji_halaman")
    assert isi(satu).count("Uji halaman</a>") == 50
    lanjut = isi(satu).split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert isi(c.get("/jejak/" + lanjut)).count("Uji halaman</a>") == 10
    assert masuk("pusdatin").get("/jejak/" + lanjut).status_code == 403


def test_pemberitahuan_saya_dan_tandai_dibaca(masuk, cast):
    punya = [
        Pemberitahuan.objects.create(pengguna=cast("operator"), kalimat=f"Kabar {n}", tautan="/dasbor/")
        for n in range(3)
    ]
    lain = Pemberitahuan.objects.create(pengguna=cast("lurah"), kalimat="Kabar lurah", tautan="/dasbor/")
    c = masuk("operator")
    assert "Kabar 1" in isi(c.get("/pemberitahuan/")) and "Kabar lurah" not in isi(c.get("/pemberitahuan/"))
    baca = reverse("baca_pemberitahuan")
    assert c.get(baca).status_code == 405
    assert c.post(baca, {"nomor": punya[0].pk, "kembali": "/dasbor/"}).url == "/dasbor/"
    assert c.post(baca, {"nomor": lain.pk}).status_code == 302
    c.post(baca, {"nomor": "x", "kembali": "//jahat.example/"})
    assert set(Pemberitahuan.objects.filter(dibaca_at=None).values_list("kalimat", flat=True)) == {
        "Kabar 1",
        "Kabar 2",
        "Kabar lurah",
    }
    assert c.post(baca, {"nomor": "1", "kembali": "//jahat.example/"}).url == "/pemberitahuan/"
    c.post(baca)
    assert not Pemberitahuan.objects.filter(pengguna=cast("operator"), dibaca_at=None).exists()
    assert Pemberitahuan.objects.filter(pengguna=cast("lurah"), dibaca_at=None).exists()
