"""The NIK desk at its screens: operator, verifier, the officer of Disdukcapil, and strangers."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import Pekerjaan
from dtks.actions import padan
from dtks.models import Individu, PadanBatch, TiketPadan
from tests.bantu.pemain import DESA, DESA2, DESA_LAIN, KECAMATAN

pytestmark = pytest.mark.django_db
DAFTAR = "/padan/"


@pytest.fixture(autouse=True)
def tanpa_faktor_kedua(settings):
    """The second factor has tests of its own."""
    settings.DEMO = True


@pytest.fixture
def tiket(sampai):
    return buat_tiket(
        sampai, "TIDAK_PADAN_NAMA", skor={"NAMA_LGKP": 72.0, "TGL_LHR": False, "JENIS_KLMIN": True}
    )


def buat_tiket(sampai, kategori, *, nomor=0, skor=None, **opsi):
    usulan = sampai("diajukan", nomor=nomor, **opsi).usulan
    Pekerjaan.objects.all().delete()
    orang = usulan.keluarga.anggota.get(hubungan="1")
    padan.catat_hasil(
        orang.pk, hasil={"kategori": kategori, "kode_respon": "", "skor": skor or {}, "ambang": {"terima": 90, "tinjau": 60}},
        sidik=padan.identity_fingerprint(orang), pekerjaan=None,
    )  # fmt: skip
    return TiketPadan.objects.get(individu=orang)


def alamat(nama, tiket):
    return reverse(f"padan_{nama}", args=[tiket.pk])


def isian(orang, **ubah):
    data = {
        "kunci_kirim": str(uuid.uuid4()), "nama": orang.nama, "nik": "", "tempat_lahir": orang.tempat_lahir,
        "tgl_lahir": orang.tgl_lahir.isoformat(), "jenis_kelamin": orang.jenis_kelamin, "ibu_kandung": orang.ibu_kandung, "catatan": "",
    }  # fmt: skip
    return data | ubah


def test_antrean_mengatakan_yang_salah_dan_siapa_yang_memperbaiki(tiket, masuk):
    isi = masuk("operator").get(DAFTAR).content.decode()
    assert tiket.individu.nama in isi
    assert "nama pemiliknya berbeda jauh" in isi and "Operator desa" in isi
    assert tiket.individu.nik.open() not in isi and "••••" in isi


def test_saringan(tiket, masuk):
    klien = masuk("verifikator")
    nama = tiket.individu.nama
    for cari, ada in (
        (f"wilayah={KECAMATAN}", True), ("wilayah=32.05.02", False), ("kategori=MENINGGAL", False), ("kategori=TIDAK_PADAN_NAMA", True),
        ("status=selesai", False), ("status=buka", True), (f"wilayah={DESA_LAIN}", True), ("kategori=ngawur", True),
    ):  # fmt: skip
        assert (nama in klien.get(f"{DAFTAR}?{cari}").content.decode()) is ada, cari


def test_berdampingan_dengan_skor_dalam_kata(tiket, masuk):
    isi = masuk("operator").get(alamat("lihat", tiket)).content.decode()
    assert "Kemiripan 72 dari 100, paling sedikit 90" in isi
    assert "Tidak sesuai" in isi
    tanda = re.search(r'data-siapa="([^"]+)"', masuk("operator").get("/dasbor/").content.decode())[1]
    assert f'data-siapa="{tanda}"' in isi, "the phone must know that this is still the same person"
    assert not re.search(r"\d\d/\d\d/\d{4}", isi), "one way to write a date on the page"
    assert tiket.individu.nik.open() not in isi


def test_petugas_dukcapil_melihat_identitas_saja(tiket, masuk):
    dukcapil, operator = masuk("dukcapil"), masuk("operator")
    usulan = tiket.individu.keluarga.usulan.get()
    punya_operator, isi = (k.get(alamat("lihat", tiket)).content.decode() for k in (operator, dukcapil))
    assert usulan.tiket in punya_operator
    assert usulan.tiket not in isi and str(usulan.pk) not in isi
    for kata in (tiket.individu.keluarga.alamat, "PKH", "desil", "Minta pengecualian"):
        assert kata not in isi
    assert "Perbaiki identitas" in isi


@pytest.mark.parametrize("username", ["operator2", "operator.lain", "verifikator.lain", "tksk", "rtrw"])
def test_desa_lain_sama_dengan_tidak_ada(tiket, masuk, username):
    klien = masuk(username)
    ada, tidak_ada = klien.get(alamat("lihat", tiket)), klien.get(reverse("padan_lihat", args=[uuid.uuid4()]))
    assert ada.status_code == tidak_ada.status_code == 404
    bersih = [re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", j.content) for j in (ada, tidak_ada)]
    assert bersih[0] == bersih[1]
    assert klien.post(alamat("cek_ulang", tiket)).status_code == 404


def test_perbaikan_meminta_cek_ulang(tiket, masuk):
    jawab = masuk("operator").post(alamat("perbaiki", tiket), isian(tiket.individu, nama="Budi Santoso"))
    assert jawab.status_code == 302
    orang = Individu.objects.get(pk=tiket.individu_id)
    assert orang.nama == "Budi Santoso" and orang.padan == "MENUNGGU"
    assert orang.nik == tiket.individu.nik
    assert Pekerjaan.objects.get().argumen["individu"] == [str(orang.pk)]


def test_isian_salah_tetap_ada(tiket, masuk):
    data = isian(
        tiket.individu, nama="Budi Sant0so Baru", nik="12345", tgl_lahir="31/02/1980", catatan="KK 2025"
    )
    jawab = masuk("operator").post(alamat("perbaiki", tiket), data)
    isi = jawab.content.decode()
    assert jawab.status_code == 422
    for ketikan in ("Budi Sant0so Baru", 'value="12345"', 'value="31/02/1980"', "KK 2025"):
        assert ketikan in isi


def test_nik_orang_lain_ditolak_dan_ketikan_tetap_ada(tiket, masuk, sampai):
    lain = buat_tiket(sampai, "MENINGGAL", nomor=1)
    jawab = masuk("operator").post(
        alamat("perbaiki", tiket), isian(tiket.individu, nik=lain.individu.nik.open())
    )
    assert jawab.status_code == 422
    assert "sudah dipakai orang lain" in jawab.content.decode()


def test_lurah_membaca_saja(tiket, masuk):
    klien = masuk("lurah")
    isi = klien.get(alamat("lihat", tiket)).content.decode()
    assert all(
        f">{tombol}<" not in isi
        for tombol in ("Perbaiki identitas", "Minta pengecualian", "Cek ulang ke Dukcapil")
    )
    assert klien.post(alamat("perbaiki", tiket), isian(tiket.individu, nama="X Y")).status_code == 403


def test_dukcapil_mati_dikatakan_dan_putusan_lama_tetap(tiket, masuk):
    klien = masuk("operator")
    klien.post(alamat("cek_ulang", tiket))
    assert "sedang menunggu jawaban Dukcapil" in klien.get(alamat("lihat", tiket)).content.decode()
    Pekerjaan.objects.update(galat="Dukcapil belum menjawab (waktu_habis)")
    isi = klien.get(alamat("lihat", tiket)).content.decode()
    assert "Dukcapil belum menjawab; putusan lama tetap berlaku." in isi
    assert "nama pemiliknya berbeda jauh" in isi
    assert klien.post(alamat("cek_ulang", tiket)).status_code == 409


def test_pengecualian_diputus_orang_kedua(tiket, masuk):
    dinas = masuk("verifikator")
    pendek = dinas.post(alamat("minta_kecuali", tiket), {"alasan": "ada"})
    assert pendek.status_code == 422 and ">ada</textarea>" in pendek.content.decode().replace("\n", "")
    assert (
        dinas.post(alamat("minta_kecuali", tiket), {"alasan": "KTP asli sudah dilihat petugas."}).status_code
        == 302
    )
    assert "Persetujuan harus dari orang lain" in dinas.get(alamat("lihat", tiket)).content.decode()
    assert dinas.post(alamat("setujui_kecuali", tiket)).status_code == 403
    assert masuk("operator").post(alamat("setujui_kecuali", tiket)).status_code == 403
    supervisor = masuk("supervisor")
    tanpa = supervisor.post(alamat("tolak_kecuali", tiket), {"catatan": ""})
    assert tanpa.status_code == 422
    assert supervisor.post(alamat("setujui_kecuali", tiket)).status_code == 302
    tiket.refresh_from_db()
    assert tiket.status == "dikecualikan"


def test_akun_kedua_orang_yang_sama_tidak_bisa_menyetujui(tiket, masuk, cast):
    masuk("verifikator").post(alamat("minta_kecuali", tiket), {"alasan": "KTP asli sudah dilihat petugas."})
    kedua = cast("supervisor")
    kedua.orang = cast("verifikator").orang
    kedua.save()
    jawab = masuk("supervisor").post(alamat("setujui_kecuali", tiket))
    assert jawab.status_code == 403
    tiket.refresh_from_db()
    assert tiket.status == "minta_pengecualian"


def test_cek_satu_desa_dan_kemajuannya(tiket, masuk):
    klien = masuk("operator")
    data = {"kunci_kirim": str(uuid.uuid4()), "wilayah": DESA}
    jawab = klien.post(reverse("padan_batch"), data)
    assert klien.post(reverse("padan_batch"), data).url == jawab.url
    batch = PadanBatch.objects.get()
    assert batch.jumlah == Individu.objects.exclude(padan="PADAN").count()
    isi = klien.get(jawab.url).content.decode()
    assert "Muat ulang" in isi and 'hx-trigger="every 3s"' in isi
    Pekerjaan.objects.update(galat="Dukcapil belum menjawab (waktu_habis)")
    potongan = klien.get(jawab.url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in potongan and "putusan lama tetap berlaku" in potongan
    for orang in Individu.objects.all():
        padan.catat_hasil(
            orang.pk,
            hasil={"kategori": "PADAN"},
            sidik=padan.identity_fingerprint(orang),
            pekerjaan=uuid.uuid4(),
            batch_id=str(batch.pk),
        )
    Pekerjaan.objects.update(status="selesai")
    isi = klien.get(jawab.url).content.decode()
    assert "hx-trigger" not in isi and "Selesai" in isi


@pytest.mark.parametrize(
    ("username", "kode"), [("operator", DESA2), ("operator.lain", DESA), ("verifikator", DESA_LAIN)]
)
def test_cek_wilayah_orang_lain_ditolak(tiket, masuk, username, kode):
    jawab = masuk(username).post(reverse("padan_batch"), {"kunci_kirim": str(uuid.uuid4()), "wilayah": kode})
    assert jawab.status_code == 422
    assert not PadanBatch.objects.exists()


def test_kemajuan_wilayah_lain_tidak_ada(tiket, masuk, cast):
    batch = padan.minta_batch(by=cast("operator"), wilayah=DESA, orang=[tiket.individu], asal="uji")
    assert masuk("operator2").get(reverse("padan_batch_lihat", args=[batch.pk])).status_code == 404
    assert masuk("dukcapil").get(reverse("padan_batch")).status_code == 404


def test_jumlah_query_antrean_tetap(sampai, masuk):
    klien, jumlah = masuk("verifikator"), []
    for n in range(4):
        buat_tiket(sampai, "MENINGGAL", nomor=n)
        klien.get(DAFTAR)
        with CaptureQueriesContext(connection) as tangkapan:
            klien.get(DAFTAR)
        jumlah.append(len(tangkapan))
    assert len(set(jumlah)) == 1, jumlah
