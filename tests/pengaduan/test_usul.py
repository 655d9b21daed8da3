"""A citizen proposes a family: the four steps, what the village does with it, following it, withdrawing, and the clock."""

import re
import uuid
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import Pemberitahuan, Penugasan
from core import files
from core.models import Jejak, Ketentuan, Pekerjaan
from core.privacy.keys import blind_index
from core.workflow import GateClosed, NotAllowed, NotOpen
from dtks.actions import usulan as langkah
from dtks.models import FotoKeluarga, Keluarga, Usulan
from pengaduan.actions import jam
from pengaduan.actions import usul as tindakan
from pengaduan.models import Usul
from pengaduan.notifications.jam import kabar_eskalasi
from pengaduan.notifications.usul import kabar_usul
from pengaduan.queries.usul import pemegang
from tests.bantu.alur import alasan_pertama, foto, keluarga_uji, orang
from tests.bantu.pemain import DESA, DESA2, DESA_LAIN
from tests.bantu.tantangan import di_halaman
from tests.bantu.usul import diusulkan, minta_mundur, usul
from wilayah.models import Wilayah
from wilayah.queries.kerja import tambah_hari_kerja

pytestmark = pytest.mark.django_db
NIK = "3205014107700003"
UNTUK = {"untuk": "tetangga", "wilayah": DESA}
KELUARGA = {"nama_kepala": "Ibu Kenari", "alamat": "Kampung Baru", "rt": "1", "rw": "5", "patokan": "Dekat musala", "alasan": "Suami sakit, anak tiga."}  # fmt: skip
PENGUSUL = {"pengusul_nama": "Merpati Pengusul", "pengusul_nik": NIK, "telepon": "0812 3456 7890"}


@pytest.fixture(autouse=True)
def tanpa_dua_langkah(settings):
    settings.DEMO = True


def teks(jawab) -> str:
    return jawab.content.decode()


def sembunyi(jawab) -> dict[str, str]:
    """The hidden answers that a page carries to the next one."""
    isi = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', teks(jawab))
    return {n: v for n, v in isi if n not in ("csrfmiddlewaretoken", "tantangan")}


def sampai_foto(client, untuk=UNTUK, keluarga=KELUARGA, pengusul=PENGUSUL):
    """The first three steps, as a browser sends them. Returns the page of the fourth."""
    jawab = client.get("/usul/")
    for isi in (untuk, keluarga, pengusul):
        jawab = client.post("/usul/", sembunyi(jawab) | isi)
        assert jawab.status_code == 200, teks(jawab)
    return jawab


def unggah(nama="rumah.jpg", isi=None):
    return SimpleUploadedFile(nama, isi or foto(), "image/jpeg")


def kirim(client, halaman, **lain):
    data = sembunyi(halaman) | di_halaman(halaman) | {"setuju": "on", "foto_rumah": unggah()} | lain
    return client.post("/usul/", data)


def pin_dari(jawab) -> tuple[str, str]:
    isi = teks(jawab)
    tiket = re.search(r"UWG-\d{6}-\d{5}", isi)
    pin = re.search(r'class="nomor besar">\s*(\d{6})', isi)
    assert tiket and pin, isi
    return tiket[0], pin[1]


def lacak(client, tiket, pin):
    return client.post("/lacak/", {"tiket": tiket, "pin": pin})


def test_warga_mengusulkan_tetangga_dalam_empat_langkah_dan_mengikutinya(client):
    jawab = kirim(client, sampai_foto(client))
    assert jawab.status_code == 200 and "Usul sudah diterima" in teks(jawab)
    tiket, pin = pin_dari(jawab)
    satu = Usul.objects.get(tiket=tiket)
    assert (satu.wilayah_id, satu.untuk, satu.kanal, satu.rt, satu.rw) == (
        DESA,
        "tetangga",
        "web",
        "001",
        "005",
    )
    assert satu.pengusul_nik.open() == NIK and satu.telepon.open() == "+6281234567890"
    gambar = files.read(satu.foto.get().berkas)
    assert gambar[:2] == b"\xff\xd8" and b"Exif" not in gambar
    assert client.get("/usul-warga/").status_code == 302  # nothing of the desk for a citizen
    halaman = teks(lacak(client, tiket, pin))
    assert "menunggu jawaban desa" in halaman and "Dijawab paling lambat" in halaman
    for rahasia in ("Ibu Kenari", "Kampung Baru", NIK, "Merpati", str(satu.pk)):
        assert rahasia not in halaman


def test_dikirim_dua_kali_tetap_satu_usul_dengan_pin_yang_sama(client):
    halaman = sampai_foto(client)
    data = sembunyi(halaman) | di_halaman(halaman) | {"setuju": "on"}
    pertama = client.post("/usul/", data | {"foto_rumah": unggah()})
    kedua = client.post("/usul/", data | {"foto_rumah": unggah()})
    assert pin_dari(pertama) == pin_dari(kedua) and Usul.objects.count() == 1
    diubah = client.post("/usul/", data | {"alamat": "Kampung Lain", "foto_rumah": unggah()})
    assert diubah.status_code in (409, 422) and Usul.objects.count() == 1


def test_yang_mengusulkan_diri_sendiri_menulis_nama_dan_nik_sekali(client):
    keluarga = {k: v for k, v in KELUARGA.items() if k != "nama_kepala"}
    halaman = sampai_foto(client, UNTUK | {"untuk": "sendiri"}, keluarga)
    tiket, _ = pin_dari(kirim(client, halaman))
    satu = Usul.objects.get(tiket=tiket)
    assert satu.nama_kepala == "Merpati Pengusul" and satu.nik.open() == NIK


def test_salah_isi_di_langkahnya_tidak_menghapus_isian_lain(client):
    jawab = client.post("/usul/", {"langkah": "2", **UNTUK, **KELUARGA, "nama_kepala": ""})
    assert jawab.status_code == 422 and "Isi namanya." in teks(jawab) and "Suami sakit" in teks(jawab)
    mundur = client.post(
        "/usul/", {"langkah": "3", "kembali_aksi": "1", **UNTUK, **KELUARGA, "pengusul_nama": "Merpati"}
    )
    assert (
        mundur.status_code == 200
        and 'value="Ibu Kenari"' in teks(mundur)
        and sembunyi(mundur)["pengusul_nama"] == "Merpati"
    )
    lompat = client.post("/usul/", {"langkah": "4", "setuju": "on"})
    assert (
        lompat.status_code == 422
        and "Pilih siapa yang diusulkan." in teks(lompat)
        and Usul.objects.count() == 0
    )


def test_desa_dicari_tanpa_javascript(client):
    jawab = client.post(
        "/usul/", {"langkah": "1", "untuk": "tetangga", "wilayah_cari": DESA, "wilayah_aksi": "cari"}
    )
    assert jawab.status_code == 422 and f'value="{DESA}"' in teks(jawab)


def test_kode_desa_yang_langsung_diketik_ikut_sampai_terkirim(client):
    jawab = kirim(client, sampai_foto(client, {"untuk": "tetangga", "wilayah_cari": DESA}))
    tiket, _ = pin_dari(jawab)
    assert Usul.objects.get(tiket=tiket).wilayah_id == DESA


@pytest.mark.parametrize("aneh", ["123", "3205019902700003"])
def test_nik_janggal_ditandai_tidak_ditolak(client, aneh, masuk):
    """A number that no NIK can be: said once; the citizen says that his card has it, and it is taken with a flag."""
    salah = client.post("/usul/", {"langkah": "3", **UNTUK, **KELUARGA, **PENGUSUL, "pengusul_nik": aneh})
    assert salah.status_code == 422 and "Di kartu memang tertulis begitu" in teks(salah)
    tetap = client.post(
        "/usul/", sembunyi(salah) | {**PENGUSUL, "pengusul_nik": aneh, "pengusul_nik_begitu": "on"}
    )
    tiket, _ = pin_dari(kirim(client, tetap))
    satu = Usul.objects.get(tiket=tiket)
    assert satu.tanda == ["NIK_JANGGAL"] and satu.pengusul_nik.open() == aneh
    assert "NIK tidak seperti NIK biasa" in teks(masuk("operator").get(f"/usul-warga/{satu.pk}/"))


def test_warga_tanpa_nik_tetap_bisa_mengusulkan(client):
    halaman = sampai_foto(client, pengusul=PENGUSUL | {"pengusul_nik": "", "tanpa_nik": "on"})
    tiket, _ = pin_dari(kirim(client, halaman))
    assert Usul.objects.get(tiket=tiket).pengusul_nik is None


def test_foto_rumah_wajib_menurut_ketentuan_dan_yang_rusak_ditolak(client):
    halaman = sampai_foto(client)
    tanpa = kirim(client, halaman, foto_rumah="")
    assert tanpa.status_code == 422 and "foto rumah dari depan" in teks(tanpa)
    rusak = kirim(client, sampai_foto(client), foto_rumah=unggah(isi=b"<svg onload=alert(1)>"))
    assert rusak.status_code == 422 and "bukan foto" in teks(rusak) and Usul.objects.count() == 0
    Ketentuan.objects.create(
        kunci="usul.foto",
        wilayah="32.05",
        nilai={"rumah_depan": False},
        berlaku_sejak="2022-01-01",
        dasar_hukum="uji",
    )
    assert kirim(client, sampai_foto(client), foto_rumah="").status_code == 200


def test_batas_per_nik_berkata_ramah_dan_satu_jaringan_desa_tidak_terkunci(client):
    Ketentuan.objects.create(
        kunci="usul.batas", wilayah="32.05", nilai={"jaringan": 4, "menit": 60, "nik": 1, "nik_hari": 30}, berlaku_sejak="2022-01-01",
        dasar_hukum="uji",
    )  # fmt: skip
    assert kirim(client, sampai_foto(client)).status_code == 200
    lagi = kirim(client, sampai_foto(client))
    assert (
        lagi.status_code == 429
        and "paling banyak mengirim 1 usul" in teks(lagi)
        and "kantor desa" in teks(lagi)
    )
    for n in range(3):  # other people behind the same address
        lain = PENGUSUL | {"pengusul_nik": f"320501410770001{n}"}
        assert kirim(client, sampai_foto(client, pengusul=lain)).status_code == 200
    penuh = kirim(client, sampai_foto(client, pengusul=PENGUSUL | {"pengusul_nik": "3205014107700020"}))
    assert penuh.status_code == 429 and "Tunggu 60 menit" in teks(penuh)
    usul(by=orang("operator"))  # the counter has no limit
    assert Usul.objects.count() == 5


# --- the village ---------------------------------------------------------------------------------------


def test_operator_mengambil_alih_menjadi_usulan_mandiri_untuk_keluarga_baru(masuk):
    satu, pin = usul(nik=keluarga_uji(302).told[0].nik)
    operator = masuk("operator")
    assert satu.tiket in teks(operator.get("/usul-warga/"))
    halaman = operator.get(f"/usul-warga/{satu.pk}/ambil/")
    kepala = keluarga_uji(302).told[0]
    assert f'value="{kepala.nik}"' in teks(halaman) and satu.alasan in teks(halaman)
    kunci = re.search(r'name="kunci_kirim" value="([^"]+)"', teks(halaman))[1]
    jawab = operator.post(
        f"/usul-warga/{satu.pk}/ambil/",
        {"kunci_kirim": kunci, "nik": kepala.nik, "nama": kepala.nama, "tgl_lahir": kepala.tanggal_lahir.isoformat(), "jenis_kelamin": "1",
         "status_kawin": "2", "ibu_kandung": kepala.nama_ibu, "wilayah": DESA, "alamat": "Kampung Baru", "rt": "1", "rw": "5",
         "program": "PKH", "alasan_usul": satu.alasan},
    )  # fmt: skip
    assert jawab.status_code == 302, teks(jawab)
    satu.refresh_from_db()
    usulan = satu.usulan
    assert (satu.status, usulan.jalur, usulan.status, usulan.wilayah_id) == (
        "diusulkan",
        "MANDIRI",
        "draf",
        DESA,
    )
    assert FotoKeluarga.objects.get(keluarga=usulan.keluarga).jenis == "rumah_depan"
    assert satu.jam_selesai is not None and satu.eskalasi_at is None
    halaman = teks(lacak(operator, satu.tiket, pin))
    assert "Desa sudah mengambil alih" in halaman and "Usulan sedang dicatat petugas desa." in halaman
    langkah.ajukan(usulan, by=orang("operator"))
    assert "Usulan sudah diterima desa." in teks(lacak(operator, satu.tiket, pin))


def test_keluarga_yang_sudah_tercatat_dipakai_lagi_dan_datanya_tidak_ditimpa(masuk, sampai):
    p = sampai("ditarik", nomor=303, pengusul="operator")
    kepala = p.usulan.keluarga.anggota.get(hubungan="1")
    sebelum = (
        Keluarga.objects.filter(pk=p.usulan.keluarga_id).values("alamat", "rt", "rw", "nama_kepala").get()
    )
    satu, _ = usul(nik=kepala.nik.open(), alamat="Alamat lain sama sekali")
    operator = masuk("operator")
    isi = teks(operator.get(f"/usul-warga/{satu.pk}/"))
    tautan = f"/usul-warga/{satu.pk}/ambil/?keluarga={p.usulan.keluarga_id}"
    assert tautan in isi
    halaman = teks(operator.get(tautan))
    kunci = re.search(r'name="kunci_kirim" value="([^"]+)"', halaman)[1]
    jawab = operator.post(
        f"/usul-warga/{satu.pk}/ambil/",
        {
            "kunci_kirim": kunci,
            "keluarga": str(p.usulan.keluarga_id),
            "program": "PKH",
            "alasan_usul": satu.alasan,
        },
    )
    assert jawab.status_code == 302, teks(jawab)
    satu.refresh_from_db()
    assert satu.usulan.keluarga_id == p.usulan.keluarga_id
    assert (
        Keluarga.objects.filter(pk=p.usulan.keluarga_id).values("alamat", "rt", "rw", "nama_kepala").get()
        == sebelum
    )


def test_yang_sedang_diusulkan_dihubungkan_dan_pengusul_mengikutinya(masuk, sampai):
    p = sampai("diajukan", nomor=304)
    nik = p.usulan.keluarga.anggota.get(hubungan="1").nik.open()
    satu, pin = usul(nik=nik)
    operator = masuk("operator")
    assert p.usulan.tiket in teks(operator.get(f"/usul-warga/{satu.pk}/"))
    with pytest.raises(GateClosed, match="SUDAH_DIUSULKAN"):
        tindakan.ambil(
            satu, by=orang("operator"), program=p.usulan.program, alasan_usul="x", keluarga=p.usulan.keluarga
        )
    halaman = teks(operator.get(f"/usul-warga/{satu.pk}/tautkan/"))
    assert f'value="{p.usulan.tiket}"' in halaman
    tindakan.tautkan(satu, by=orang("operator"), nomor=p.usulan.tiket)
    assert "Usulan sudah diterima desa." in teks(lacak(operator, satu.tiket, pin))
    lain, _ = usul()
    with pytest.raises(GateClosed, match="USULAN_TIDAK_ADA"):
        tindakan.tautkan(lain, by=orang("operator"), nomor="USL-202001-00001")


def test_ditolak_dengan_alasan_dan_jalan_keluar_tetapi_tetangga_tidak_membaca_keadaan_keluarga(client):
    keluarga, pin_k = usul(untuk="keluarga")
    tetangga, pin_t = usul()
    for satu in (keluarga, tetangga):
        tindakan.tolak(satu, by=orang("operator"), alasan="USUL_SUDAH_MENERIMA")
    assert "sudah menerima bantuan" in teks(lacak(client, keluarga.tiket, pin_k))
    isi = teks(lacak(client, tetangga.tiket, pin_t))
    assert "sudah menerima" not in isi and "disampaikan desa kepada keluarga" in isi
    umum, pin = usul()
    tindakan.tolak(umum, by=orang("operator"), alasan="USUL_KURANG_JELAS")
    assert "belum cukup jelas" in teks(lacak(client, umum.tiket, pin))
    with pytest.raises(GateClosed, match="ALASAN"):
        tindakan.tolak(usul()[0], by=orang("operator"), alasan="MAMPU")
    with pytest.raises(NotOpen):
        tindakan.tolak(umum, by=orang("operator"), alasan="USUL_KURANG_JELAS")


def test_dialihkan_sekali_oleh_desa_sesudah_itu_hanya_dinas(masuk):
    satu, _ = usul()
    tindakan.alihkan(satu, by=orang("operator"), ke=Wilayah.objects.get(pk=DESA2))
    satu.refresh_from_db()
    assert satu.wilayah_id == DESA2 and satu.status == "masuk"
    assert masuk("operator").get(f"/usul-warga/{satu.pk}/").status_code == 404
    with pytest.raises(NotAllowed):
        tindakan.alihkan(satu, by=orang("operator2"), ke=Wilayah.objects.get(pk=DESA))
    tindakan.alihkan(satu, by=orang("supervisor"), ke=Wilayah.objects.get(pk=DESA))
    satu.refresh_from_db()
    assert satu.wilayah_id == DESA
    with pytest.raises(GateClosed, match="DESA_TUJUAN"):
        tindakan.alihkan(satu, by=orang("supervisor"), ke=Wilayah.objects.get(pk=DESA_LAIN))


def test_desa_lain_dan_peran_lain_tidak_melihat_apa_apa(masuk):
    satu, _ = usul()
    for siapa in ("operator2", "operator.lain", "rtrw", "tksk", "admin"):
        assert masuk(siapa).get(f"/usul-warga/{satu.pk}/").status_code in (403, 404), siapa
    lurah = teks(masuk("lurah").get(f"/usul-warga/{satu.pk}/"))
    for rahasia in ("Kenari Warga", "Kampung Baru", "Merpati", "MER", satu.alasan):
        assert rahasia not in lurah, rahasia
    for siapa in ("lurah", "verifikator", "operator2"):
        with pytest.raises(NotAllowed):
            tindakan.tolak(satu, by=orang(siapa), alasan="USUL_KURANG_JELAS")
    with pytest.raises(NotAllowed):  # the Dinas answers, the village proposes
        tindakan.ambil(satu, by=orang("supervisor"), program="PKH", alasan_usul="x", data={}, kepala={})


def test_nama_pengusul_disamarkan_dan_dibuka_hanya_dengan_alasan_yang_tercatat(masuk):
    satu, _ = usul()
    operator = masuk("operator")
    isi = teks(operator.get(f"/usul-warga/{satu.pk}/"))
    assert "Merpati" not in isi and "MER****" in isi and "+6281234567890" not in isi
    kosong = operator.post(f"/usul-warga/{satu.pk}/pengusul/", {"alasan": ""})
    assert kosong.status_code == 422 and "Merpati" not in teks(kosong)
    buka = operator.post(f"/usul-warga/{satu.pk}/pengusul/", {"alasan": "Menelepon untuk menanyakan alamat"})
    assert buka.status_code == 200 and "Merpati Pengusul" in teks(buka) and "+6281234567890" in teks(buka)
    jejak = Jejak.objects.get(aksi="buka_pengusul")
    assert jejak.objek_id == str(satu.pk) and "Merpati" not in str(jejak.rincian)
    with connection.cursor() as cursor:
        cursor.execute("select u::text from pengaduan_usul u where id = %s", [satu.pk])
        baris = cursor.fetchone()[0]
    assert "Merpati" not in baris and "3205015507800009" not in baris
    assert bytes(satu.pengusul_nik_indeks) == blind_index("3205015507800009", "nik")


def test_loket_mencatat_untuk_warga_di_depannya_dan_mencetak_tanda_terima(masuk):
    operator = masuk("operator")
    halaman = teks(operator.get("/usul-warga/catat/"))
    kunci = re.search(r'name="kunci_kirim" value="([^"]+)"', halaman)[1]
    data = {
        "kunci_kirim": kunci,
        "untuk": "sendiri",
        "wilayah": DESA,
        **KELUARGA,
        **PENGUSUL,
        "nama_kepala": "",
        "setuju": "on",
    }
    jawab = operator.post("/usul-warga/catat/", data)
    assert jawab.status_code == 200, teks(jawab)
    tiket, pin = pin_dari(jawab)
    assert pin_dari(operator.post("/usul-warga/catat/", data)) == (tiket, pin)
    satu = Usul.objects.get()
    assert (satu.kanal, satu.created_by, satu.nama_kepala) == ("loket", orang("operator"), "Merpati Pengusul")
    kurang = operator.post("/usul-warga/catat/", {**data, "kunci_kirim": "", "untuk": "tetangga"})
    assert kurang.status_code == 422 and "Isi nama keluarga yang diusulkan." in teks(kurang)
    with pytest.raises(NotAllowed):
        usul(by=orang("operator2"))
    with pytest.raises(NotAllowed):
        usul(by=orang("rtrw"))


# --- withdrawing ---------------------------------------------------------------------------------------


def pegangan(jawab) -> str:
    return re.search(r'name="pegangan" value="([^"]+)"', teks(jawab))[1]


def test_pengusul_menarik_usul_sebelum_dijawab(client):
    satu, pin = usul()
    izin = pegangan(lacak(client, satu.tiket, pin))
    ragu = client.post("/lacak/usul/mundur/", {"pegangan": izin})
    assert ragu.status_code == 422 and Usul.objects.get().status == "masuk"
    jadi = client.post("/lacak/usul/mundur/", {"pegangan": izin, "yakin": "on"})
    assert jadi.status_code == 200 and "Usul ini sudah ditarik." in teks(jadi)
    satu.refresh_from_db()
    assert satu.status == "ditarik" and satu.riwayat.get().oleh is None
    with pytest.raises(NotOpen):
        tindakan.tolak(satu, by=orang("operator"), alasan="USUL_KURANG_JELAS")
    assert client.post("/lacak/usul/mundur/", {"pegangan": "palsu", "yakin": "on"}).status_code == 302


def test_keluarga_minta_mundur_menahan_usulan_sampai_desa_menariknya(client, masuk):
    satu, pin, usulan = diusulkan(305, untuk="keluarga")
    izin = pegangan(lacak(client, satu.tiket, pin))
    assert "Permintaan mundur" in teks(client.post("/lacak/usul/mundur/", {"pegangan": izin, "yakin": "on"}))
    assert usulan.bendera.terbuka().get().kode == "MUNDUR"
    operator = masuk("operator")
    halaman = teks(operator.get(f"/usul-warga/{satu.pk}/lepas/"))
    kunci, versi = (re.search(rf'name="{n}" value="([^"]+)"', halaman)[1] for n in ("kunci_kirim", "versi"))
    jawab = operator.post(
        f"/usul-warga/{satu.pk}/lepas/",
        {"kunci_kirim": kunci, "versi": versi, "alasan": alasan_pertama("tarik")},
    )
    assert jawab.status_code == 302, teks(jawab)
    satu.refresh_from_db()
    usulan.refresh_from_db()
    assert (satu.status, usulan.status) == ("ditarik", "ditarik") and not usulan.bendera.terbuka().exists()


def test_keluarga_yang_ternyata_tetap_ingin_diusulkan(client):
    satu, pin, usulan = minta_mundur(306)
    with pytest.raises(GateClosed, match="CATATAN_KOSONG"):
        tindakan.tetap(satu, by=orang("operator"), catatan="ya")
    tindakan.tetap(satu, by=orang("operator"), catatan="Ditemui di rumah, istrinya tetap ingin.")
    satu.refresh_from_db()
    assert satu.status == "diusulkan" and not usulan.bendera.terbuka().exists()
    assert "Desa sudah mengambil alih" in teks(lacak(client, satu.tiket, pin))


def test_tetangga_tidak_bisa_menarik_usulan_keluarga_orang(client):
    satu, pin, _ = diusulkan(307)
    assert "Minta mundur" not in teks(lacak(client, satu.tiket, pin))
    with pytest.raises(NotAllowed):
        tindakan.mundur(satu)


def test_usulan_yang_selesai_tidak_bisa_dimintakan_mundur():
    satu, _, usulan = diusulkan(308, untuk="sendiri")
    langkah.tarik(usulan, by=orang("operator"), alasan=alasan_pertama("tarik"))
    with pytest.raises(NotOpen, match="SUDAH_SELESAI"):
        tindakan.mundur(satu)


# --- the clock and the notices -------------------------------------------------------------------------


def test_desa_diberi_tahu_tanpa_nama_dan_yang_lewat_waktu_naik_ke_dinas_tanpa_gugur(client):
    satu, pin = usul()
    for job in Pekerjaan.objects.filter(jenis=tindakan.NOTICE):
        kabar_usul(job)
    kabar = Pemberitahuan.objects.get(pengguna=orang("operator"))
    assert (
        satu.tiket in kabar.kalimat
        and "Kenari" not in kabar.kalimat
        and kabar.tautan == f"/usul-warga/{satu.pk}/"
    )
    akhir = tambah_hari_kerja(DESA, timezone.localdate(satu.jam_mulai), 5)
    assert timezone.localtime(satu.tenggat_at).date() == akhir
    Usul.objects.filter(pk=satu.pk).update(
        jam_mulai=satu.jam_mulai - timedelta(days=40), tenggat_at=satu.tenggat_at - timedelta(days=40), eskalasi_at=timezone.now()
    )  # fmt: skip
    kabar_eskalasi(Pekerjaan(jenis=jam.JOB))
    penerima = set(
        Pemberitahuan.objects.filter(kalimat__contains="lewat tenggat").values_list(
            "pengguna__username", flat=True
        )
    )
    assert {"operator", "lurah", "supervisor"} <= penerima
    satu.refresh_from_db()
    assert satu.status == "masuk" and "Usul Anda tetap berlaku" in teks(lacak(client, satu.tiket, pin))
    tindakan.tolak(
        satu, by=orang("supervisor"), alasan="USUL_TIDAK_DITEMUKAN"
    )  # the Dinas answers for the village
    satu.refresh_from_db()
    assert satu.jam_selesai is not None and satu.eskalasi_at is None


def test_waktu_desa_melompati_cuti_bersama_natal_dan_tahun_baru():
    """Sent on 23 December: five working days end on 4 January; the morning after, the Dinas hears of it."""
    with time_machine.travel("2026-12-23T09:00:00+07:00", tick=False):
        satu, _ = usul(pengusul_nik="")
    assert satu.tenggat_at == datetime.fromisoformat("2027-01-04T23:59:59+07:00")
    with time_machine.travel("2027-01-04T23:00:00+07:00", tick=False):
        kabar_eskalasi(Pekerjaan(jenis=jam.JOB))
        assert not Pemberitahuan.objects.filter(pengguna=orang("supervisor")).exists()
    with time_machine.travel("2027-01-05T07:30:00+07:00", tick=False):
        kabar_eskalasi(Pekerjaan(jenis=jam.JOB))
        kabar_eskalasi(Pekerjaan(jenis=jam.JOB))
        assert Pemberitahuan.objects.filter(pengguna=orang("supervisor")).count() == 1


def test_desa_tanpa_operator_usulnya_sampai_ke_dinas():
    satu, _ = usul(wilayah_id="32.05.01.1002")
    assert pemegang(satu) == [orang("supervisor").pk]
    Penugasan.objects.filter(pengguna=orang("operator")).update(berlaku_hingga="2020-12-31")
    assert pemegang(usul()[0]) == [orang("supervisor").pk]


# --- the database --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        "update pengaduan_usul set alasan = 'lain'",
        "update pengaduan_usul set untuk = 'sendiri'",
        f"update pengaduan_usul set wilayah_id = '{DESA_LAIN}'",
        "update pengaduan_usul set status = 'ditolak', versi = 1",
        "delete from pengaduan_fotousul",
        "delete from pengaduan_usul",
    ],
)
def test_basis_data_menolak_perubahan_isi_dan_lompatan(sql):
    usul()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Usulan.objects.count() == 0


# --- bad input -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "buruk",
    [
        "\x00",
        "😀" * 3000,
        "١٢٣٤",
        "\u202eabc",
        "' or 1=1 --",
        "<script>alert(1)</script>",
        "9" * 5000,
        "%s{{7*7}}",
        " " * 50,
    ],
)
def test_isian_buruk_di_setiap_langkah_dijawab_dengan_kalimat(client, buruk):
    lengkap = {**UNTUK, **KELUARGA, **PENGUSUL, "kunci_kirim": str(uuid.uuid4()), "setuju": "on"}
    for kolom in (*lengkap, "nik", "langkah"):  # the last step judges the earlier ones too
        jawab = client.post("/usul/", {"langkah": "4", **lengkap, kolom: buruk})
        assert jawab.status_code in (200, 422), kolom
        assert "<script>alert" not in teks(jawab)
    assert Usul.objects.count() == 0
