"""Anyone reads who receives in a desa: masked, by month, with the days to object; the village publishes what a meeting agreed."""

import re
import uuid

import pytest

from bansos.actions import penetapan as aksi_penetapan
from bansos.actions import pengumuman as aksi
from bansos.models import Pengumuman
from core.identity import mask_name
from core.models import Ketentuan
from core.workflow import GateClosed, NotAllowed, NotOpen
from dtks.actions import usulan as langkah
from tests.bantu.alur import alasan_pertama, orang
from tests.bantu.pemain import DESA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    settings.DEMO = True


def daftar(client, **cari) -> str:
    jawab = client.get("/pengumuman/", {"desa": DESA} | cari)
    assert jawab.status_code == 200, (jawab.status_code, cari)
    return jawab.content.decode()


def test_penerima_tampil_tersamar_tanpa_nik_alamat_dan_desil(client, sampai):
    p = sampai("ditetapkan", nomor=40)
    keluarga, baris = p.usulan.keluarga, p.usulan.penetapan.get()
    isi = daftar(client)
    assert mask_name(keluarga.nama_kepala) in isi and f"/sanggah/tulis/penerima/{baris.pk}/" in isi
    anggota = list(keluarga.anggota.all())
    for rahasia in (
        keluarga.nama_kepala,
        keluarga.alamat,
        keluarga.no_kk.open(),
        "desil",
        *(a.nik.open() for a in anggota if a.nik),
    ):
        assert rahasia.lower() not in isi.lower()
    assert (
        mask_name(keluarga.nama_kepala)
        not in client.get("/pengumuman/", {"desa": "32.05.01.1003"}).content.decode()
    )


def test_yang_tidak_menerima_tidak_ada_di_daftar(client, sampai):
    for n, status in ((41, "tidak_ditetapkan"), (42, "daftar_tunggu")):
        sampai(status, nomor=n)
    assert "Belum ada pengumuman" in daftar(client)


def test_sk_yang_dicabut_hilang_dari_daftar(client, sampai):
    p = sampai("ditetapkan", nomor=43, program="APBD-LANSIA")
    nama = mask_name(p.usulan.keluarga.nama_kepala)
    assert nama in daftar(client)
    aksi_penetapan.cabut(p.penetapan, by=orang("kadis"), alasan="Salah daftar penerima")
    assert nama not in daftar(client)


def test_program_yang_menyebut_keadaan_orang_tidak_diumumkan(client, sampai):
    p = sampai("ditetapkan", nomor=44)
    Ketentuan.objects.filter(kunci="pengumuman.tanpa_program").update(nilai=["PKH"])
    assert mask_name(p.usulan.keluarga.nama_kepala) not in daftar(client)
    assert client.get(f"/sanggah/tulis/penerima/{p.usulan.penetapan.get().pk}/").status_code == 404


def test_desa_mengumumkan_hasil_musyawarah_dan_menariknya(client, masuk, sampai):
    p = sampai("disepakati", nomor=45)
    putusan, nama = p.usulan.putusan.get(), mask_name(p.usulan.keluarga.nama_kepala)
    tulis = f"/sanggah/tulis/calon/{putusan.pk}/"
    assert nama not in daftar(client, jenis="calon") and client.get(tulis).status_code == 404
    desa = masuk("operator")
    halaman = desa.get("/pengumuman/kelola/").content.decode()
    assert f"/pengumuman/kelola/{p.musyawarah.pk}/umumkan/" in halaman
    desa.post(f"/pengumuman/kelola/{p.musyawarah.pk}/umumkan/", {"kunci_kirim": str(uuid.uuid4())})
    terbit = Pengumuman.objects.get()
    assert (terbit.sampai - terbit.mulai).days == 14
    assert (
        tulis in daftar(client, jenis="calon", periode=terbit.periode)
        and client.get(tulis).status_code == 200
    )
    with pytest.raises(NotOpen):
        aksi.umumkan(p.musyawarah, by=orang("lurah"))
    with pytest.raises(NotAllowed):
        aksi.tarik(terbit, by=orang("operator.lain"), alasan="Bukan desa saya sebenarnya")
    data = {"kunci_kirim": str(uuid.uuid4()), "alasan": "Ada nama yang keliru ditulis"}
    assert desa.post(f"/pengumuman/kelola/{terbit.pk}/tarik/", data).status_code == 302
    assert nama not in daftar(client, jenis="calon") and client.get(tulis).status_code == 404


def test_calon_yang_ditolak_sesudah_diumumkan_hilang(client, sampai):
    p = sampai("diinput", nomor=46)
    aksi.umumkan(p.musyawarah, by=orang("lurah"))
    nama = mask_name(p.usulan.keluarga.nama_kepala)
    assert nama in daftar(client, jenis="calon")
    langkah.tolak(p.usulan, by=orang("verifikator"), alasan=alasan_pertama("tolak"))
    assert nama not in daftar(client, jenis="calon")


def test_hanya_hasil_yang_disetujui_dan_di_desa_sendiri(sampai):
    p = sampai("dimusyawarahkan", nomor=47)
    with pytest.raises(NotAllowed):
        aksi.umumkan(p.musyawarah, by=orang("operator"))
    p = sampai("disepakati", nomor=48)
    with pytest.raises(NotAllowed):
        aksi.umumkan(p.musyawarah, by=orang("operator2"))
    terbit = aksi.umumkan(p.musyawarah, by=orang("operator"))
    with pytest.raises(GateClosed):
        aksi.tarik(terbit, by=orang("operator"), alasan="pendek")


@pytest.mark.parametrize(
    "cari",
    [
        "?desa=32.05.01.1001&jenis=semua",
        "?desa=32.05.01.1001&periode=2026",
        "?desa=32.05.01.1001&program=APA",
        "?semua=1",
    ],
)
def test_saringan_yang_tidak_dikenal_ditolak(client, cari):
    assert client.get(f"/pengumuman/{cari}").status_code == 400


def test_memilih_desa_tanpa_javascript(client):
    assert "Lihat pengumuman" in client.get("/pengumuman/").content.decode()
    cari = client.get("/pengumuman/", {"desa_cari": "regol garut", "desa_aksi": "cari"})
    assert cari.status_code == 422 and re.search(r'name="desa"\s+value="32\.05', cari.content.decode())
    for tidak_ada in ("99.99.99.9999", "32.05.01.1001\x00", "' or 1=1"):
        assert client.get("/pengumuman/", {"desa": tidak_ada}).status_code == 404
    pilih = client.get("/pengumuman/", {"desa_cari": "32.05.01.1001", "desa": ""})
    assert pilih.status_code == 302 and pilih["Location"].endswith("?desa=32.05.01.1001")
