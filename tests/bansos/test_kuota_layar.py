"""The quota at the screen: the supervisor proposes, the head decides, everybody reads every change."""

import uuid

import pytest
from django.utils import timezone

from bansos.actions.penetapan import quarter
from bansos.models import Kuota, PerubahanKuota
from tests.bantu.daftar import daftar_sah, keluarga_banyak
from tests.bantu.pemain import KABUPATEN

pytestmark = pytest.mark.django_db
LANSIA = "APBD-LANSIA"


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    """The second factor has tests of its own."""
    settings.DEMO = True


def kunci(halaman) -> str:
    assert halaman.status_code == 200
    return str(uuid.uuid4())


def usulkan(klien, **lain):
    form = klien.get("/kuota/usulkan/")
    isian = {
        "kunci_kirim": kunci(form), "wilayah": KABUPATEN, "program": LANSIA, "periode": quarter(timezone.localdate()), "jumlah": "2",
        "pagu": "", "alasan": "Sesuai APBD perubahan.", "dasar_hukum": "Perbup 5/2026", "sumber": "",
    }  # fmt: skip
    return klien.post("/kuota/usulkan/", isian | lain)


def test_dari_usul_sampai_tempat_terisi_dan_pengumuman_memuat_semuanya(masuk, client):
    supervisor, kadis = masuk("supervisor"), masuk("kadis")
    jawab = usulkan(supervisor)
    satu = PerubahanKuota.objects.get()
    alamat = f"/kuota/{satu.kuota_id}/"
    assert (jawab.status_code, jawab["Location"]) == (302, alamat)
    assert "Menunggu persetujuan" in client.get("/pengumuman/kuota/").content.decode()
    putus = f"/kuota/perubahan/{satu.pk}/putus/"
    assert supervisor.get(putus).status_code == 403
    kosong = kadis.post(putus, {"kunci_kirim": kunci(kadis.get(putus)), "putusan": "tolak", "alasan": ""})
    assert kosong.status_code == 422 and "Tuliskan alasan penolakannya" in kosong.content.decode()
    kadis.post(putus, {"kunci_kirim": kunci(kadis.get(putus)), "putusan": "setujui", "alasan": ""})
    assert Kuota.objects.get().jumlah == 2
    rumah = keluarga_banyak(3)
    daftar_sah(LANSIA, satu.kuota.periode, rumah, layak=2)
    halaman = supervisor.get(alamat)
    supervisor.post(f"{alamat}isi/", {"kunci_kirim": kunci(halaman)})
    tempat = Kuota.objects.get().pengisian.get(peringkat=1)
    lepas = f"/kuota/tempat/{tempat.pk}/lepas/"
    supervisor.post(
        lepas, {"kunci_kirim": kunci(supervisor.get(lepas)), "sebab": "Pindah ke luar kabupaten."}
    )
    isi = supervisor.get(alamat).content.decode()
    assert "Naik dari daftar tunggu: menggantikan peringkat 1, pindah ke luar kabupaten." in isi
    assert rumah[2].nama_kepala in isi
    usulkan(supervisor, jumlah="9")
    dua = PerubahanKuota.objects.get(nomor=2)
    putus = f"/kuota/perubahan/{dua.pk}/putus/"
    kadis.post(
        putus,
        {"kunci_kirim": kunci(kadis.get(putus)), "putusan": "tolak", "alasan": "Anggaran belum disahkan."},
    )
    umum = client.get("/pengumuman/kuota/").content.decode()
    assert umum.count("<tr>") == 1 + PerubahanKuota.objects.count()
    assert "Anggaran belum disahkan." in umum and rumah[2].nama_kepala not in umum


def test_isian_yang_keliru_disebut_dan_tidak_hilang(masuk):
    jawab = usulkan(masuk("supervisor"), jumlah="٣", alasan="")
    isi = jawab.content.decode()
    assert jawab.status_code == 422
    assert (
        "Jumlah ditulis dengan angka saja" in isi and "Tuliskan alasannya." in isi and "Perbup 5/2026" in isi
    )
    assert not Kuota.objects.exists()


def test_kabupaten_lain_tidak_melihat_dan_yang_ditarik_tetap_tercatat(masuk, client):
    supervisor, lain = masuk("supervisor"), masuk("supervisor.lain")
    usulkan(supervisor)
    satu = PerubahanKuota.objects.get()
    asing = lain.get("/kuota/00000000-0000-4000-8000-000000000000/")
    for alamat in (f"/kuota/{satu.kuota_id}/",):
        jawab = lain.get(alamat)
        assert (jawab.status_code, jawab.content) == (404, asing.content)
    halaman = supervisor.get(f"/kuota/{satu.kuota_id}/")
    supervisor.post(f"/kuota/perubahan/{satu.pk}/tarik/", {"kunci_kirim": kunci(halaman)})
    satu.refresh_from_db()
    assert satu.status == "ditarik"
    assert "Ditarik pengusul" in client.get("/pengumuman/kuota/").content.decode()
