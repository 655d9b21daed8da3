"""From the endorsed batch to the decree, and what becomes of a decree."""

import hashlib
import io
import re
import uuid
import zipfile
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bansos.actions import pengesahan
from bansos.models import Kelayakan, Penetapan, Pengiriman
from bansos.queries import penetapan as baca
from core import files
from core.models import Jejak, NomorSeri
from core.workflow import GateClosed
from dtks.actions import usulan as langkah
from dtks.models import Usulan
from tests.bantu.alur import alasan_pertama, orang
from tests.bantu.pemain import DESA2
from wilayah.models import Wilayah

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
    hijau, lembar = '<span class="tag tag-baik">Ditetapkan</span>', f"/penetapan/{p.penetapan.pk}/"
    assert hijau in isi(c.get(lembar))
    assert c.post(alamat, data).status_code == 302
    assert hijau not in isi(c.get(lembar)) and "SK sudah dicabut" in isi(c.get(lembar))
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


def test_tanda_terima_menyusul_dan_berkas_kiriman_diunduh_lagi(masuk, sampai):
    p = sampai("disahkan")
    alamat = f"/penetapan/pengesahan/{p.pengesahan.pk}/"
    c = masuk("supervisor")
    assert c.post(alamat + "kirim/", {"tanda_terima": "", "kunci_kirim": uuid.uuid4()}).status_code == 302
    kiriman = p.pengesahan.pengiriman.get()
    assert (p.segar().status, kiriman.tanda_terima, kiriman.jumlah) == ("dikirim", "", 1)
    assert "Belum dicatat" in isi(c.get(alamat)) and "Catat tanda terima" in isi(c.get(alamat))
    terima = f"/penetapan/kiriman/{kiriman.pk}/tanda-terima/"
    hari = timezone.localdate()
    for nomor, tanggal, status in (
        ("", hari, 422),
        ("SIKS-9", hari - timedelta(days=1), 422),
        ("SIKS-9", hari, 302),
        ("SIKS-10", hari, 409),
    ):
        data = {"nomor": nomor, "tanggal": tanggal.isoformat(), "kunci_kirim": uuid.uuid4()}
        assert c.post(terima, data).status_code == status, nomor
    assert "SIKS-9" in isi(c.get(alamat))
    unduh = f"/penetapan/kiriman/{kiriman.pk}/unduh/"
    assert c.post(unduh, {"alasan": ""}).status_code == 422
    jawab = c.post(unduh, {"alasan": "Diunggah ke SIKS-NG"})
    berkas = b"".join(jawab.streaming_content)
    assert hashlib.sha256(berkas).digest() == bytes(kiriman.sha256)
    assert kiriman.nama_berkas == "TEMPLATE_PENGUSULAN_GARUT KOTA – KOTA KULON - PKH.xlsx"
    kepala = p.usulan.keluarga.anggota.order_by("hubungan")
    nik = {a.nik.open() for a in kepala if a.nik}
    lembar = zipfile.ZipFile(io.BytesIO(berkas)).read("xl/worksheets/sheet1.xml").decode()
    assert any(nomor in lembar for nomor in nik) and "<f>" not in lembar
    assert Jejak.objects.filter(aksi="ekspor", objek_id=str(kiriman.pk)).count() == 1
    assert masuk("kadis").get(unduh).status_code == 403


def test_yang_disahkan_ulang_milik_surat_barunya(masuk, sampai):
    """Sent back from a letter and endorsed anew: the old letter can neither send nor determine it."""
    p = sampai("disahkan")
    lama = p.pengesahan
    langkah.kembalikan(
        p.usulan, by=orang("supervisor"), tujuan="terverifikasi", alasan=alasan_pertama("kembalikan")
    )
    baru = pengesahan.sahkan([p.usulan.pk], by=orang("kadis"))
    with pytest.raises(GateClosed, match="TIDAK_ADA_USULAN"):
        pengesahan.kirim(lama, by=orang("supervisor"))
    c = masuk("supervisor")
    assert "Disahkan lagi dengan surat lain" in isi(c.get(f"/penetapan/pengesahan/{lama.pk}/"))
    pengesahan.kirim(baru, by=orang("supervisor"))
    assert not baca.siap_tetap(lama) and baca.siap_tetap(baru)


def test_pusat_mengembalikan_untuk_diperbaiki(masuk, sampai):
    p = sampai("dikirim")
    alamat = f"/penetapan/pengesahan/{p.pengesahan.pk}/kembalikan/"
    c = masuk("supervisor")
    data = {"usulan": [p.usulan.pk], "tujuan": "terverifikasi", "alasan": "DITOLAK_PUSAT", "catatan": ""}
    assert c.post(alamat, data | {"kunci_kirim": uuid.uuid4()}).status_code == 422
    data["catatan"] = "Nama pengurus tidak sama dengan rekening."
    assert c.post(alamat, data | {"kunci_kirim": uuid.uuid4()}).status_code == 302
    assert p.segar().status == "terverifikasi"
    assert p.usulan.riwayat.last().catatan == data["catatan"]
    surat = pengesahan.sahkan([p.usulan.pk], by=orang("kadis"))
    pengesahan.kirim(surat, by=orang("supervisor"))
    assert p.segar().status == "dikirim" and Pengiriman.objects.count() == 2


def test_catatan_pengiriman_tidak_bisa_diubah(sampai):
    kiriman = sampai("dikirim").pengesahan.pengiriman.get()
    for sql in (
        "update bansos_pengiriman set jumlah = 9",
        "delete from bansos_pengiriman",
        "update bansos_pengiriman set tanda_terima = 'x'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{sql} where id = %s", [kiriman.pk])


def test_desa_dan_kelurahan_senama_berkasnya_tidak_bertabrakan(sampai):
    dua = (
        sampai("terverifikasi", nomor=0),
        sampai(
            "terverifikasi", nomor=1, desa=DESA2, pengusul="operator2", operator="operator2", lurah="lurah2"
        ),
    )
    desa = {p.usulan.wilayah_id[:13] for p in dua}
    Wilayah.objects.filter(pk__in=desa).update(
        jalur="Kelurahan Sukamaju, Kecamatan Garut Kota, Kabupaten Garut, Provinsi Jawa Barat"
    )
    surat = pengesahan.sahkan([p.usulan.pk for p in dua], by=orang("kadis"))
    pengesahan.kirim(surat, by=orang("supervisor"))
    with zipfile.ZipFile(io.BytesIO(files.read(surat.pengiriman.get().berkas))) as paket:
        nama = paket.namelist()
    assert len(desa) == 2 and sorted(nama) == sorted(
        f"TEMPLATE_PENGUSULAN_GARUT KOTA – SUKAMAJU - PKH ({kode}).xlsx" for kode in desa
    )
