"""A citizen complains, is asked, answered, and judges; officers work on it within its time; the same thing twice is one."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import Pemberitahuan
from core.models import Berkas, Jejak, Pekerjaan
from core.workflow import GateClosed, NotAllowed, NotOpen
from dtks.models import AlasanLangkah
from pengaduan import tasks
from pengaduan.actions import aduan as aksi
from pengaduan.models import Aduan, Instansi, KategoriAduan, PesanAduan
from pengaduan.notifications.aduan import kabar_aduan, kabar_baru
from pengaduan.notifications.jam import kabar_eskalasi
from pengaduan.queries import jam
from pengaduan.queries.aduan import angka, mirip, status_publik
from tests.bantu.alur import foto, orang
from tests.bantu.pemain import DESA, DESA_LAIN
from tests.bantu.tantangan import di_halaman
from wilayah.waktu import hari_wilayah

pytestmark = pytest.mark.django_db
CERITA = "Tetangga saya yang kaya menerima PKH, sedangkan Bu Imas yang sudah tua tidak menerima apa pun."


@pytest.fixture(autouse=True)
def demo(settings):
    """The second factor has tests of its own."""
    settings.DEMO = True


@pytest.fixture
def senin():
    """Monday 23 November 2026, 09.00 WIB."""
    with time_machine.travel("2026-11-23T09:00:00+07:00", tick=False) as mesin:
        yield mesin


def unggah(isi=None):
    return SimpleUploadedFile("foto.jpg", isi or foto(), content_type="image/jpeg")


def kategori(kode="SALAH_SASARAN"):
    return KategoriAduan.objects.get(pk=kode)


def isi(**lain):
    dasar = {
        "kategori": kategori(),
        "wilayah": DESA,
        "cerita": CERITA,
        "nama": "Imas Masitoh",
        "telepon": "081234567890",
    }
    return aksi.Isi(**dasar | lain)


def aduan(**lain):
    return aksi.kirim(isi(**lain))[0]


def sampai(status, **lain):
    """A complaint in this state, through the real steps."""
    satu = aduan(**lain)
    v = orang("verifikator")
    if status == "diterima":
        return satu
    satu = aksi.verifikasi(satu, by=v, kategori=satu.kategori, kelas=satu.kategori.kelas)
    if status == "diverifikasi":
        return satu
    satu = aksi.disposisi(satu, by=v, petugas=orang("tksk"))
    if status == "didisposisi":
        return satu
    satu = aksi.tangani(satu, by=orang("tksk"))
    if status == "ditangani":
        return satu
    satu = aksi.selesaikan(satu, by=orang("tksk"), jawaban="Sudah kami periksa di lapangan.")
    return satu


def teks(jawab):
    return re.sub(r"\s+", " ", jawab.content.decode())


def kirim_warga(client, **lain):
    """The three steps in a browser without JavaScript; the answer of the last."""
    satu = {"kategori": "SALAH_SASARAN"}
    dua = satu | {"wilayah": DESA, "tempat": "RT 2", "cerita": CERITA}
    jawab = client.post("/aduan/", satu | {"langkah": "1"})
    assert "Ceritakan apa yang terjadi" in teks(jawab), teks(jawab)
    jawab = client.post("/aduan/", dua | {"langkah": "2"} | lain)
    assert jawab.status_code == 200, teks(jawab)
    berkas = re.search(r'name="berkas" value="([^"]*)"', jawab.content.decode())[1]
    kunci = re.search(r'name="kunci_kirim" value="([^"]*)"', jawab.content.decode())[1]
    tiga = dua | {
        "langkah": "3",
        "privasi": "rahasia",
        "nama": "Imas Masitoh",
        "telepon": "081234567890",
        "nik": "",
        "berkas": berkas,
    }
    tiga |= {"kunci_kirim": kunci} | di_halaman(jawab) | {k: v for k, v in lain.items() if k != "foto"}
    return client.post("/aduan/", tiga), tiga


def tanda_terima(jawab):
    isi = jawab.content.decode()
    return re.search(r"ADU-\d{6}-\d{5,}", isi)[0], re.search(r'class="nomor">\s*(\d{6})\s*<', isi)[1]


# --- the citizen ------------------------------------------------------------------------------------------


def test_warga_mengadu_dengan_tiga_langkah_tanpa_akun_lalu_melacaknya(client):
    jawab, dikirim = kirim_warga(client, foto=unggah())
    nomor, pin = tanda_terima(jawab)
    satu = Aduan.objects.get(tiket=nomor)
    assert satu.foto.count() == 1 and satu.privasi == "rahasia" and satu.kanal == "web"
    assert "Imas" not in str(satu.pelapor_nama) and satu.pelapor_nama.open() == "Imas Masitoh"
    assert tanda_terima(client.post("/aduan/", dikirim)) == (nomor, pin)  # pressed twice
    assert Aduan.objects.count() == 1
    halaman = client.post("/lacak/", {"tiket": nomor, "pin": pin})
    assert halaman.status_code == 200 and "Aduan Anda sudah kami terima" in teks(halaman)
    assert "paling lambat" in teks(halaman) and "Imas" not in teks(halaman)


def test_foto_yang_sudah_dipilih_tidak_hilang_bila_isian_lain_keliru(client):
    dua = {"kategori": "SALAH_SASARAN", "langkah": "2", "wilayah": DESA, "cerita": "", "foto": unggah()}
    jawab = client.post("/aduan/", dua)
    assert jawab.status_code == 422 and "1 foto sudah tersimpan" in teks(jawab)
    berkas = re.search(r'name="berkas" value="([^"]+)"', jawab.content.decode())[1]
    jawab = client.post("/aduan/", {**dua, "cerita": CERITA, "foto": "", "berkas": berkas})
    assert jawab.status_code == 200 and "1 foto sudah tersimpan" in teks(jawab)


def test_kode_desa_yang_langsung_diketik_ikut_ke_langkah_berikutnya(client):
    dua = {"kategori": "SALAH_SASARAN", "langkah": "2", "wilayah_cari": DESA, "cerita": CERITA}
    jawab = client.post("/aduan/", dua)
    assert jawab.status_code == 200 and f'name="wilayah" value="{DESA}"' in teks(jawab)


def test_kembali_satu_langkah_tidak_menghapus_isian(client):
    jawab = client.post(
        "/aduan/",
        {
            "langkah": "3",
            "kembali_aksi": "1",
            "kategori": "KKS",
            "wilayah": DESA,
            "cerita": CERITA,
            "tempat": "RT 9",
        },
    )
    assert jawab.status_code == 200 and CERITA in teks(jawab) and "RT 9" in teks(jawab)
    jawab = client.post("/aduan/", {"langkah": "2", "kembali_aksi": "1", "kategori": "KKS"})
    assert re.search(r'value="KKS"[^>]*checked', jawab.content.decode())


def test_tanpa_nama_tidak_menyimpan_kontak_walau_diisi(client):
    kirim_warga(client, privasi="anonim")
    satu = Aduan.objects.get()
    assert not satu.bernama and satu.pelapor_telepon_indeks is None


def test_pungutan_diarahkan_ke_jalur_rahasia_dan_tidak_masuk_antrean(client):
    jawab = client.post("/aduan/", {"langkah": "1", "kategori": "PUNGLI"})
    assert "/lapor-rahasia/" in teks(jawab) and jawab.status_code == 200
    with pytest.raises(GateClosed):
        aduan(kategori=kategori("PUNGLI"))
    assert not Aduan.objects.exists()


def test_keadaan_darurat_ditunjukkan_jalan_cepatnya_dulu(client):
    jawab = client.post("/aduan/", {"langkah": "1", "kategori": "TERLANTAR"})
    assert "112" in teks(jawab)
    lanjut = client.post("/aduan/", {"langkah": "1", "kategori": "TERLANTAR", "lanjut": "1"})
    assert "Ceritakan apa yang terjadi" in teks(lanjut)


def test_berkas_yang_bukan_foto_ditolak_dengan_kalimat(client):
    dua = {"kategori": "KKS", "langkah": "2", "wilayah": DESA, "cerita": CERITA, "foto": unggah()}
    dua["foto"] = unggah(b"<svg onload=alert(1)>")
    jawab = client.post("/aduan/", dua)
    assert jawab.status_code == 422 and "bukan foto" in teks(jawab)
    assert not Berkas.objects.filter(jenis=aksi.FOTO_SEMENTARA).exists()


def test_terlalu_ramai_dijawab_dengan_baik_dan_isian_tetap_ada(client, monkeypatch):
    monkeypatch.setattr(
        aksi.rules, "value", _batas(aksi.rules.value, {"jaringan": 0, "semua": 100, "menit": 60})
    )
    jawab, _ = kirim_warga(client)
    assert (
        jawab.status_code == 429 and "Isian Anda masih ada" in teks(jawab) and "Imas Masitoh" in teks(jawab)
    )


def _batas(asli, nilai):
    return lambda kunci, *a: nilai if kunci == "aduan.batas" else asli(kunci, *a)


def test_foto_yang_tidak_jadi_dikirim_dibuang_sesudah_sehari():
    (pk,) = aksi.simpan_foto([foto()])
    assert aksi.buang_foto() == 0
    Berkas.objects.filter(pk=pk).update(created_at=Berkas.objects.get(pk=pk).created_at - timedelta(days=2))
    assert aksi.buang_foto() == 1 and not Berkas.objects.filter(pk=pk).exists()


# --- clocks -----------------------------------------------------------------------------------------------


def test_waktu_tiap_golongan_melewati_libur_dan_tahun_baru(senin):
    senin.move_to("2026-12-23T09:00:00+07:00")
    satu = aduan()
    assert jam.tenggat_kata(satu) == "30 Des 2026"  # three days: 28, 29, 30
    senin.move_to("2026-12-30T23:00:00+07:00")
    satu = aksi.verifikasi(satu, by=orang("verifikator"), kategori=kategori(), kelas="pengaduan")
    assert (
        satu.verifikasi_tepat and jam.tenggat_kata(satu) == "21 Jan 2027"
    )  # 14 days without 1 and 5 January
    dua = aduan()
    senin.move_to("2027-01-07T09:00:00+07:00")
    dua = aksi.verifikasi(dua, by=orang("verifikator"), kategori=kategori(), kelas="pengaduan", berkadar=True)
    assert dua.verifikasi_tepat is False and dua.jam_lama == 60
    tiga = aduan(kategori=kategori("INFORMASI"))
    tiga = aksi.verifikasi(
        tiga, by=orang("verifikator"), kategori=kategori("INFORMASI"), kelas="informasi", berkadar=True
    )
    assert tiga.jam_lama == 5 and not tiga.berkadar  # only a complaint is of that weight


def test_jam_berhenti_selama_pelapor_ditanya_dan_lanjut_sesudah_menjawab(client, senin):
    jawab, _ = kirim_warga(client)
    nomor, pin = tanda_terima(jawab)
    satu = Aduan.objects.get(tiket=nomor)
    senin.move_to("2026-11-24T09:00:00+07:00")
    aksi.tanya(satu, by=orang("verifikator"), isi="Di RT berapa rumahnya?")
    senin.move_to("2026-12-01T09:00:00+07:00")
    halaman = client.post("/lacak/", {"tiket": nomor, "pin": pin})
    assert "Di RT berapa rumahnya?" in teks(halaman)
    pegangan = re.search(r'name="pegangan" value="([^"]+)"', halaman.content.decode())[1]
    kirim = {"pegangan": pegangan, "isi": "Di RT 02 RW 03, rumah hijau."}
    assert "Jawaban Anda sudah kami terima" in teks(client.post("/aduan/lacak/jawab/", kirim))
    assert "tidak terbuka lagi" in teks(client.post("/aduan/lacak/jawab/", kirim))  # pressed twice
    satu.refresh_from_db()
    assert satu.status == "diterima" and jam.tenggat_kata(satu) == "3 Des 2026"  # 26 November and five days
    assert satu.pesan.filter(dari="pelapor").count() == 1


def test_ambang_dinaikkan_sekali_dan_sampai_ke_meja_yang_tepat(senin):
    aduan(), aduan(cerita="Kartu saya hilang sejak bulan lalu dan bank meminta surat dari desa.")
    senin.move_to("2026-11-26T06:59:00+07:00")
    assert tasks._menit_bila_ada(timezone.now()) is None
    senin.move_to("2026-11-26T07:01:00+07:00")  # two of three days are over: 66 %
    assert kabar_eskalasi(Pekerjaan())["naik"] == 2
    kata = dict(
        Pemberitahuan.objects.filter(kalimat__startswith="Tenggat").values_list(
            "pengguna__username", "kalimat"
        )
    )
    assert kata["verifikator"] == "Tenggat pengaduan: 2 sudah memakai 50% waktunya."
    assert "verifikator.lain" not in kata and "kadis" not in kata
    assert kabar_eskalasi(Pekerjaan()) == {"naik": 0, "kabar": 0}
    Pemberitahuan.objects.all().delete()
    senin.move_to("2026-12-01T08:00:00+07:00")  # 80 and 100 at once: only the higher is told
    assert kabar_eskalasi(Pekerjaan())["naik"] == 2
    kata = dict(Pemberitahuan.objects.values_list("pengguna__username", "kalimat"))
    assert kata["kadis"] == kata["supervisor"] == "Tenggat pengaduan: 2 lewat tenggat."
    assert kabar_eskalasi(Pekerjaan())["naik"] == 0


def test_yang_ditanyakan_ke_pelapor_tidak_dinaikkan(senin):
    satu = aduan()
    aksi.tanya(satu, by=orang("verifikator"), isi="Kapan kejadiannya?")
    senin.move_to("2026-12-15T09:00:00+07:00")
    assert kabar_eskalasi(Pekerjaan())["naik"] == 0


def test_sepuluh_hari_tanpa_tanggapan_ditutup(senin):
    tanya, jawab = (
        aduan(),
        sampai("selesai", cerita="KIS saya tidak bisa dipakai di puskesmas sejak kemarin."),
    )
    aksi.tanya(tanya, by=orang("verifikator"), isi="Kapan kejadiannya?")
    senin.move_to("2026-12-03T23:00:00+07:00")  # the tenth day
    assert aksi.tutup_yang_diam() == 0
    senin.move_to("2026-12-04T02:00:00+07:00")
    assert aksi.tutup_yang_diam() == 2 and aksi.tutup_yang_diam() == 0
    assert {Aduan.objects.get(pk=a.pk).status for a in (tanya, jawab)} == {"ditutup"}
    assert aksi.nilai(jawab, nilai=4).nilai == 4  # late, but welcome
    with pytest.raises(NotOpen):
        aksi.nilai(tanya, nilai=4)  # it was never answered


# --- officers ---------------------------------------------------------------------------------------------


def test_dari_diterima_sampai_dinilai_dan_dibuka_lagi_sekali():
    satu = sampai("selesai")
    assert [r.langkah for r in satu.riwayat.order_by("urut")] == [
        "verifikasi",
        "disposisi",
        "tangani",
        "selesaikan",
    ]
    assert satu.jam_selesai is not None and satu.jawaban
    satu = aksi.nilai(satu, nilai=1, catatan="Belum selesai.")
    assert satu.status == "selesai"  # a bad mark leaves the way to have it opened again
    satu = aksi.buka_lagi(satu, alasan="Belum ada yang datang ke rumah.")
    assert satu.status == "diverifikasi" and satu.jam_selesai is None and satu.nilai is None
    satu = aksi.selesaikan(satu, by=orang("verifikator"), jawaban="Petugas sudah datang hari ini.")
    with pytest.raises(NotAllowed, match="TIDAK_BERWENANG"):
        aksi.buka_lagi(satu, alasan="Masih belum puas juga.")
    satu = aksi.nilai(satu, nilai=2, catatan="Lambat.")
    assert satu.status == "ditutup" and satu.nilai == 2
    with pytest.raises(NotOpen):
        aksi.nilai(satu, nilai=5)


def test_pelapor_menilai_dan_minta_dibuka_lagi_dari_halaman_lacak(client):
    jawab, _ = kirim_warga(client)
    nomor, pin = tanda_terima(jawab)
    satu = Aduan.objects.get(tiket=nomor)
    satu = aksi.verifikasi(satu, by=orang("verifikator"), kategori=satu.kategori, kelas="pengaduan")
    aksi.selesaikan(satu, by=orang("verifikator"), jawaban="Sudah kami periksa di lapangan.")

    def pegangan():
        halaman = client.post("/lacak/", {"tiket": nomor, "pin": pin})
        return re.search(r'name="pegangan" value="([^"]+)"', halaman.content.decode())[1]

    assert "Aduan dibuka lagi" in teks(
        client.post("/aduan/lacak/buka-lagi/", {"pegangan": pegangan(), "alasan": "Belum selesai juga."})
    )
    satu.refresh_from_db()
    aksi.selesaikan(satu, by=orang("verifikator"), jawaban="Petugas sudah datang hari ini.")
    assert client.post("/aduan/lacak/nilai/", {"pegangan": pegangan()}).status_code == 422
    assert "Terima kasih" in teks(client.post("/aduan/lacak/nilai/", {"pegangan": pegangan(), "nilai": "5"}))
    satu.refresh_from_db()
    assert (satu.nilai, satu.status) == (5, "ditutup")
    salah = client.post("/aduan/lacak/nilai/", {"pegangan": "palsu", "nilai": "5"})
    assert salah.status_code == 422 and "terlalu lama" in teks(salah)


def test_ditolak_dan_diteruskan_memberi_jalan_keluar():
    satu, dua = sampai("diterima"), sampai("diverifikasi", kategori=kategori("KKS"))
    alasan = AlasanLangkah.objects.get(pk="ADUAN_BUKAN_SOSIAL")
    satu = aksi.tolak(satu, by=orang("verifikator"), alasan=alasan.pk)
    assert alasan.jalan_keluar in status_publik(satu).jawaban
    with pytest.raises(GateClosed):
        aksi.tolak(aduan(cerita="Hal yang lain sama sekali."), by=orang("verifikator"), alasan="DATA_KURANG")
    bank = Instansi.objects.get(pk="BANK_PENYALUR")
    dua = aksi.teruskan(dua, by=orang("verifikator"), instansi=bank, nomor="400/12")
    baca = status_publik(dua)
    assert bank.nama in baca.jawaban and "400/12" in baca.jawaban and dua.jam_selesai


def test_petugas_yang_ditunjuk_saja_yang_melihat_dan_menangani(masuk):
    satu = sampai("didisposisi")
    alamat = reverse("pengaduan_lihat", args=[satu.pk])
    assert masuk("tksk").get(alamat).status_code == 200
    assert masuk("operator").get(alamat).status_code == 404
    assert masuk("verifikator.lain").get(alamat).status_code == 404
    with pytest.raises(NotAllowed):
        aksi.tangani(satu, by=orang("verifikator"))
    with pytest.raises(GateClosed):
        aksi.disposisi(satu, by=orang("verifikator"), petugas=orang("operator.lain"))
    satu = aksi.disposisi(satu, by=orang("verifikator"), ke_meja="OPERATOR_DESA")
    assert masuk("operator").get(alamat).status_code == 200 and masuk("tksk").get(alamat).status_code == 404
    satu = aksi.tangani(satu, by=orang("operator"))
    assert satu.petugas == orang("operator") and satu.meja == ""
    assert masuk("operator2").get(alamat).status_code == 404


def test_penangan_tidak_melihat_nama_pelapor_kecuali_pelapor_setuju(masuk):
    for privasi, boleh in (("rahasia", False), ("terbuka", True)):
        satu = sampai("ditangani", privasi=privasi)
        halaman = teks(masuk("tksk").get(reverse("pengaduan_lihat", args=[satu.pk])))
        assert ("Dirahasiakan" in halaman) is not boleh and "Imas Masitoh" not in halaman
        if not boleh:
            with pytest.raises(NotAllowed):
                aksi.buka_pelapor(satu, by=orang("tksk"), alasan="Mau menelepon pelapor.")
    dibuka = masuk("verifikator").post(
        reverse("pengaduan_pelapor", args=[satu.pk]), {"alasan": "Perlu menelepon pelapor."}
    )
    assert "Imas Masitoh" in teks(dibuka)
    assert Jejak.objects.filter(aksi="buka_pelapor", objek_id=str(satu.pk)).count() == 1


def test_kabar_tanpa_nama_ke_petugas_yang_ditunjuk():
    satu = sampai("didisposisi")
    kabar_aduan(Pekerjaan(argumen={"riwayat": str(satu.riwayat.get(langkah="disposisi").pk)}))
    kabar = Pemberitahuan.objects.get()
    assert kabar.pengguna == orang("tksk") and satu.tiket in kabar.kalimat and "Imas" not in kabar.kalimat


def test_seribu_aduan_baru_satu_kabar_untuk_tiap_verifikator(senin):
    aduan(), aduan(), aduan(wilayah=DESA_LAIN)
    senin.move_to("2026-11-23T09:10:30+07:00")
    slot = tasks._sepuluh_menit(timezone.now())
    kabar_baru(Pekerjaan(argumen={"periode": slot}))
    kata = dict(Pemberitahuan.objects.values_list("pengguna__username", "kalimat"))
    assert kata["verifikator"].startswith("2 aduan baru") and kata["verifikator.lain"].startswith(
        "1 aduan baru"
    )


# --- the same thing twice ---------------------------------------------------------------------------------


def test_aduan_yang_sama_ditemukan_digabung_dijawab_sekali_dan_bisa_dipisah():
    satu = sampai("diverifikasi")
    dua = aduan(cerita=CERITA.replace("tua", "sepuh"), nama="Orang lain", telepon="081300000001")
    tiga = aduan(cerita="Kapan jadwal PKH bulan depan dibagikan di desa kami?")  # the same telephone
    lain = aduan(cerita="Jalan ke balai desa rusak berat setiap musim hujan.", telepon="081399999999")
    v = orang("verifikator")
    temu = {m.aduan.pk: m.alasan for m in mirip(dua, v)}
    assert satu.pk in temu and "cerita mirip" in temu[satu.pk][0] and lain.pk not in temu
    assert "nomor HP pelapor sama" in {m.aduan.pk: m.alasan for m in mirip(tiga, v)}[satu.pk]
    tenggat = dua.tenggat_at
    dua = aksi.gabung(dua, by=v, utama=satu)
    aksi.selesaikan(satu, by=v, jawaban="Sudah kami periksa di lapangan.")
    baca = status_publik(Aduan.objects.select_related("utama").get(pk=dua.pk))
    assert baca.gabungan and "periksa di lapangan" in baca.jawaban and not baca.percakapan
    dua = aksi.pisahkan(dua, by=v)
    assert (
        dua.status == "diterima"
        and dua.tenggat_at == tenggat
        and dua.utama is None
        and dua.jam_selesai is None
    )


def test_pelapor_lain_tidak_ikut_ditutup_karena_pelapor_utama_diam(senin):
    utama, salinan = aduan(), aduan(cerita=CERITA.replace("tua", "sepuh"), telepon="081300000001")
    v = orang("verifikator")
    aksi.gabung(salinan, by=v, utama=utama)
    aksi.tanya(utama, by=v, isi="Kapan kejadiannya?")
    senin.move_to("2026-12-04T02:00:00+07:00")
    assert aksi.tutup_yang_diam() == 1
    salinan = Aduan.objects.get(pk=salinan.pk)
    assert Aduan.objects.get(pk=utama.pk).status == "ditutup"
    assert salinan.status == "diterima" and salinan.utama is None and salinan.jam_selesai is None
    assert salinan.eskalasi_at is not None  # its clock runs, and rises


def test_gabung_hanya_ke_aduan_yang_berjalan_dan_bukan_ke_dirinya():
    v = orang("verifikator")
    satu, dua, tutup = aduan(), aduan(), sampai("selesai")
    lain = aduan(wilayah=DESA_LAIN)
    for utama in (satu, tutup):
        with pytest.raises(GateClosed):
            aksi.gabung(satu, by=v, utama=utama)
    with pytest.raises(NotAllowed):
        aksi.gabung(satu, by=v, utama=lain)
    aksi.gabung(dua, by=v, utama=satu)
    with pytest.raises(GateClosed, match="PUNYA_SALINAN"):
        aksi.gabung(satu, by=v, utama=aduan())


# --- what holds -------------------------------------------------------------------------------------------


def test_isi_aduan_percakapan_dan_nilai_tidak_bisa_diubah_diam_diam():
    satu = sampai("selesai")
    aksi.nilai(satu, nilai=1)
    for ubah in ({"cerita": "lain"}, {"nilai": 5}, {"status": "diterima"}, {"pelapor_nama": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Aduan.objects.filter(pk=satu.pk).update(**ubah)
    with pytest.raises(DatabaseError), transaction.atomic():
        PesanAduan.objects.filter(aduan=satu).update(isi="lain")
    with pytest.raises(DatabaseError), transaction.atomic():
        Aduan.objects.filter(pk=aduan().pk).delete()


def test_angka_menghitung_tepat_waktu_dan_kepuasan(senin):
    tepat = sampai("selesai")
    aksi.nilai(tepat, nilai=5)
    terbuka = aduan(cerita="KIS saya tidak bisa dipakai di puskesmas sejak kemarin.")
    senin.move_to("2026-12-20T09:00:00+07:00")
    terlambat = aksi.verifikasi(terbuka, by=orang("verifikator"), kategori=kategori(), kelas="informasi")
    hari = hari_wilayah("32.05")
    a = angka(orang("kadis"), hari - timedelta(days=60), hari)
    assert (a.masuk, a.terbuka, a.diperiksa, a.diperiksa_tepat, a.dijawab, a.dijawab_tepat) == (
        2,
        1,
        2,
        1,
        1,
        1,
    )
    assert (a.dinilai, a.rata) == (1, 5) and terlambat.verifikasi_tepat is False
    assert angka(orang("verifikator.lain"), hari - timedelta(days=60), hari).masuk == 0


# --- screens of officers ----------------------------------------------------------------------------------


def catat(client, **lain):
    data = {
        "kunci_kirim": str(uuid4()), "kanal": "loket", "no_lapor": "", "kategori": "KKS", "wilayah": DESA, "tempat": "", "cerita": CERITA,
        "privasi": "rahasia", "nama": "Imas", "telepon": "081234567890", "nik": "",
    } | lain  # fmt: skip
    return client.post("/pengaduan/baru/", data), data


def test_semua_saluran_dicatat_di_satu_formulir(masuk):
    klien = masuk("verifikator")
    for kanal, nomor in (
        ("loket", ""),
        ("telepon171", ""),
        ("112", ""),
        ("sp4n", "7654321"),
        ("whatsapp", ""),
        ("medsos", ""),
        ("surat", ""),
    ):
        jawab, data = catat(klien, kanal=kanal, no_lapor=nomor)
        assert jawab.status_code == 200, teks(jawab)
        assert tanda_terima(klien.post("/pengaduan/baru/", data)) == tanda_terima(jawab)  # pressed twice
    assert Aduan.objects.count() == 7
    assert catat(klien, kanal="sp4n")[0].status_code == 422  # without its number
    jawab, _ = catat(klien, kanal="sp4n", no_lapor="7654321")
    assert jawab.status_code == 422 and "sudah pernah dicatat" in teks(jawab)
    assert catat(klien, kategori="PUNGLI")[0].status_code == 422
    assert catat(klien, wilayah=DESA_LAIN)[0].status_code == 422


def test_verifikator_bekerja_dari_antrean_sampai_menjawab(masuk):
    satu = aduan()
    klien = masuk("verifikator")
    assert satu.tiket in teks(klien.get("/pengaduan/"))
    assert satu.tiket not in teks(masuk("verifikator.lain").get("/pengaduan/"))
    langkah = [
        ("verifikasi", {"kategori": "SALAH_SASARAN", "kelas": "pengaduan", "catatan": ""}),
        ("disposisi", {"tujuan": f"orang:{orang('verifikator').pk}", "catatan": ""}),
        ("tangani", {}),
        ("tanya", {"isi": "Boleh kirim foto rumahnya?"}),
        ("catat_jawab", {"isi": "Rumahnya bertingkat dua."}),
        ("selesaikan", {"jawaban": "Sudah kami periksa [hasil]."}),
    ]
    for nama, data in langkah:
        alamat = reverse("pengaduan_langkah", args=[satu.pk, nama])
        halaman = klien.get(alamat)
        assert halaman.status_code == 200, nama
        kunci = re.search(r'name="kunci_kirim" value="([^"]*)"', halaman.content.decode())[1]
        versi = re.search(r'name="versi" value="([^"]*)"', halaman.content.decode())
        isi = data | {"kunci_kirim": kunci} | ({"versi": versi[1]} if versi else {})
        jawab = klien.post(alamat, isi)
        if nama == "selesaikan":
            assert jawab.status_code == 422 and "kurung siku" in teks(jawab)
            jawab = klien.post(alamat, isi | {"jawaban": "Sudah kami periksa di lapangan."})
        assert jawab.status_code == 302, (nama, teks(jawab))
    satu.refresh_from_db()
    assert satu.status == "selesai"
    assert "Sudah dijawab" in teks(klien.get(reverse("pengaduan_lihat", args=[satu.pk])))


def test_gabung_dan_pisah_dari_layar(masuk):
    satu, dua = aduan(), aduan(cerita=CERITA + " Tolong diperiksa.")
    klien = masuk("verifikator")
    halaman = teks(klien.get(reverse("pengaduan_lihat", args=[dua.pk])))
    assert satu.tiket in halaman and "cerita mirip" in halaman
    gabung = reverse("pengaduan_gabung", args=[dua.pk])
    assert klien.post(gabung, {"kunci_kirim": str(uuid4()), "utama": "ADU-209901-99999"}).status_code == 422
    assert klien.post(gabung, {"kunci_kirim": str(uuid4()), "utama": satu.tiket}).status_code == 302
    assert satu.tiket in teks(klien.get(reverse("pengaduan_lihat", args=[dua.pk])))
    klien.post(reverse("pengaduan_pisahkan", args=[dua.pk]))
    dua.refresh_from_db()
    assert dua.status == "diterima"


def test_templat_diubah_supervisor_saja(masuk):
    alamat = reverse("pengaduan_templat_ubah", args=["SYARAT_SURAT"])
    data = {"kunci_kirim": str(uuid4()), "judul": "Syarat", "isi": "Bawa KTP.", "aktif": "on"}
    assert masuk("verifikator").post(alamat, data).status_code == 403
    assert masuk("supervisor").post(alamat, data).status_code == 302
    assert "Bawa KTP." in teks(masuk("verifikator").get("/pengaduan/templat/"))
    assert masuk("kadis").get("/pengaduan/angka/").status_code == 200
    assert masuk("kadis").get("/pengaduan/angka/?sejak=2026-13-40").status_code == 422


def test_pin_yang_hilang_diganti_sesudah_orangnya_dipastikan(masuk, client):
    jawab, _ = kirim_warga(client)
    nomor, lama = tanda_terima(jawab)
    satu = Aduan.objects.get(tiket=nomor)
    alamat = reverse("pengaduan_pin", args=[satu.pk])
    assert masuk("kadis").post(alamat, {"alasan": "Datang membawa KTP."}).status_code == 403
    assert masuk("verifikator").post(alamat, {"alasan": ""}).status_code == 422
    _, baru = tanda_terima(masuk("verifikator").post(alamat, {"alasan": "Datang membawa KTP."}))
    assert client.post("/lacak/", {"tiket": nomor, "pin": baru}).status_code == 200
    if baru != lama:
        assert client.post("/lacak/", {"tiket": nomor, "pin": lama}).status_code == 422
    tanpa = aduan(privasi="anonim")
    with pytest.raises(GateClosed):
        aksi.pin_baru(tanpa, by=orang("verifikator"), alasan="Datang membawa KTP.")


def test_aduan_untuk_wilayah_tanpa_dinas_di_portal_ini_diarahkan_ke_tempat_lain(client):
    jawab = client.post("/aduan/", {"kategori": "KKS", "langkah": "2", "wilayah": "31.71", "cerita": CERITA})
    assert jawab.status_code == 422
    jawab = client.post("/aduan/", {"kategori": "KKS", "langkah": "2", "wilayah": DESA, "cerita": CERITA})
    assert jawab.status_code == 200


def test_catatan_petugas_tidak_dibaca_pelapor_dan_pencatatnya(masuk, client):
    jawab, _ = catat(masuk("operator"))
    nomor, pin = tanda_terima(jawab)
    satu = Aduan.objects.get(tiket=nomor)
    aksi.catatan(satu, by=orang("verifikator"), isi="Periksa juga tetangganya.")
    alamat = reverse("pengaduan_lihat", args=[satu.pk])
    assert "Periksa juga" in teks(masuk("verifikator").get(alamat))
    assert "Periksa juga" not in teks(masuk("operator").get(alamat))
    assert "Periksa juga" not in teks(client.post("/lacak/", {"tiket": nomor, "pin": pin}))


def test_dasbor_menyebut_aduan_yang_menunggu(masuk):
    (
        aduan(),
        sampai("diverifikasi", cerita="KIS saya tidak bisa dipakai di puskesmas sejak kemarin."),
        sampai("didisposisi"),
    )
    v = teks(masuk("verifikator").get("/dasbor/"))
    assert "aduan warga perlu diperiksa" in v and "aduan warga perlu diserahkan atau dijawab" in v
    assert "aduan warga diserahkan kepada Anda" in teks(masuk("tksk").get("/dasbor/"))
    assert "aduan warga" not in teks(masuk("operator").get("/dasbor/")) and "aduan warga" not in teks(
        masuk("verifikator.lain").get("/dasbor/")
    )
