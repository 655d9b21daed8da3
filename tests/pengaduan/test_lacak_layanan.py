"""A citizen follows a PBI reactivation or a letter with the receipt of the counter; somebody else learns nothing."""

import re

import pytest

from bansos.actions import pbi, tanda_terima
from bansos.workflow_layanan import PERMOHONAN, REAKTIVASI
from core.identity import mask_name
from core.models import Jejak
from core.workflow import NotAllowed
from dtks.models import AlasanLangkah
from pengaduan.queries import layanan as baca
from pengaduan.queries.usulan import jalan_keluar_warga
from tests.bantu.alur import orang
from tests.bantu.layanan import nik, reaktivasi, reaktivasi_sampai, surat, surat_terbit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    settings.DEMO = True


def cari(client, tiket: str, pin: str, ip: str = "10.0.0.9"):
    return client.post("/lacak/", {"tiket": tiket, "pin": pin}, REMOTE_ADDR=ip)


def teks(jawab) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", jawab.content.decode()).split())


def test_tanda_terima_dari_loket_membuka_status_tanpa_data_kesehatan(client, masuk):
    p = reaktivasi(kondisi="darurat", keadaan_mendesak="Dirawat di IGD")
    jawab = masuk("operator").post(f"/pbi/{p.pk}/tanda-terima/")
    assert jawab.status_code == 200 and "no-store" in jawab["Cache-Control"]
    p.refresh_from_db()
    assert re.fullmatch(r"PBI-\d{6}-\d{5}", p.tiket)
    pin = re.search(r'class="nomor besar">\s*(\d{6})\s*<', jawab.content.decode())[1]
    status = cari(client, p.tiket, pin)
    isi = teks(status)
    assert status.status_code == 200 and "Permohonan sedang dilengkapi." in isi and mask_name(p.nama) in isi
    for rahasia in (p.nama, nik(0), str(p.pk), pin, p.faskes, "IGD", "darurat", "desil"):
        assert rahasia.lower() not in isi.lower(), rahasia
    assert "no-store" in status["Cache-Control"]
    assert Jejak.objects.filter(objek_id=str(p.pk), aksi="tanda_terima").exists()
    assert pin not in str(list(Jejak.objects.values_list("rincian", flat=True)))


def test_pin_salah_dan_tiket_lain_dijawab_sama(client):
    p = reaktivasi()
    tiket, pin = tanda_terima.buat(p, by=orang("operator"))
    salah = cari(client, tiket, f"{(int(pin) + 1) % 10**6:06d}")
    lain = cari(client, "PBI-202601-99999", pin)
    surat_lain = cari(client, tiket.replace("PBI", "SRT"), pin)
    for jawab in (salah, lain, surat_lain):
        assert jawab.status_code == 422 and "tidak cocok" in teks(jawab)
    assert cari(client, tiket, pin).status_code == 200


def test_pin_baru_mematikan_yang_lama_dan_tiketnya_tetap(client):
    p = reaktivasi()
    tiket, lama = tanda_terima.buat(p, by=orang("operator"))
    lagi, baru = tanda_terima.buat(p, by=orang("operator"))
    assert lagi == tiket and cari(client, tiket, baru).status_code == 200
    if baru != lama:
        assert cari(client, tiket, lama).status_code == 422


def test_hanya_loket_yang_mencatat_membuat_tanda_terima(masuk):
    p = reaktivasi()
    for siapa in ("operator2", "operator.lain", "verifikator.lain", "kadis"):
        with pytest.raises(NotAllowed):
            tanda_terima.buat(p, by=orang(siapa))
    assert masuk("operator2").post(f"/pbi/{p.pk}/tanda-terima/").status_code == 404
    assert masuk("kadis").post(f"/pbi/{p.pk}/tanda-terima/").status_code == 403


def test_ditolak_dengan_alasan_dan_jalan_keluar(client):
    p = reaktivasi_sampai("diajukan")
    tiket, pin = tanda_terima.buat(p, by=orang("operator"))
    alasan = AlasanLangkah.objects.filter(langkah="tolak_pbi", aktif=True).order_by("urut").first()
    pbi.langkahkan(
        p, "tolak", by=orang("verifikator"), alasan=alasan.pk, catatan="Catatan untuk petugas saja"
    )
    isi = teks(cari(client, tiket, pin))
    assert "ditolak Dinas Sosial" in isi and alasan.jalan_keluar in isi
    assert "Catatan untuk petugas" not in isi


def test_aktif_kembali_menyebut_kewajiban_dan_suratnya(client):
    p = reaktivasi_sampai("disetujui")
    isi = cari(client, *tanda_terima.buat(p, by=orang("operator")))
    assert "PBI sudah aktif kembali." in teks(isi) and "memperbarui data keluarga" in teks(isi)
    assert f"/v/{p.dokumen.kode}/" in isi.content.decode()


def test_surat_loket_dilacak_tanpa_desil(client):
    p = surat(0)
    tiket, pin = tanda_terima.buat(p, by=orang("operator"))
    assert tiket.startswith("SRT-") and "sedang diperiksa" in teks(cari(client, tiket, pin))
    terbit = surat_terbit(1, desil=3)
    isi = teks(cari(client, *tanda_terima.buat(terbit, by=orang("operator"))))
    assert "Surat sudah terbit." in isi and "desil" not in isi.lower() and terbit.nama not in isi


def test_setiap_keadaan_punya_kalimat():
    assert set(baca.PBI) == {k.kode for k in REAKTIVASI.keadaan}
    assert set(baca.SURAT) == {k.kode for k in PERMOHONAN.keadaan}


def test_saran_tidak_menunjuk_catatan_yang_tidak_bisa_dibaca_warga():
    """Every reason there is: whoever reads it at /lacak/ is told something that he can do."""
    semua = dict(AlasanLangkah.objects.values_list("pk", "jalan_keluar"))
    menunjuk = [kode for kode, saran in semua.items() if "catatan" in saran.lower()]
    assert menunjuk, "the desk does have such reasons"
    for kode, saran in semua.items():
        warga = jalan_keluar_warga(kode)
        assert "catatan" not in warga.lower() and (warga == saran) is (kode not in menunjuk)
