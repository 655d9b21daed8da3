"""Living findings: what a new answer keeps, opens again and closes; what the nightly check asks and does not ask."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.models import Jejak, Pekerjaan
from dtks import tasks
from dtks.actions import keluarga as register
from dtks.actions import padan, peristiwa
from dtks.models import Individu, TemuanGanda, TiketPadan
from tests.bantu.alur import orang as pemain
from tests.bantu.pemain import DESA, DESA2

pytestmark = pytest.mark.django_db
ALASAN = "Orangnya ada, KTP asli sudah dilihat."


@pytest.fixture
def usulan(sampai):
    usulan = sampai("diajukan").usulan
    Pekerjaan.objects.all().delete()
    return usulan


@pytest.fixture
def kepala(usulan):
    satu = usulan.keluarga.anggota.get(hubungan="1")
    jawab(satu, "TIDAK_PADAN_NAMA")
    return satu


def jawab(satu, kategori):
    segar = Individu.objects.select_related("keluarga").get(pk=satu.pk)
    assert padan.catat_hasil(
        satu.pk, hasil={"kategori": kategori}, sidik=padan.identity_fingerprint(segar), pekerjaan=None
    )


def tiket(satu):
    return TiketPadan.objects.terbuka().get(individu=satu)


def kecualikan(satu):
    t = padan.minta_kecuali(tiket(satu), by=pemain("operator"), alasan=ALASAN)
    return padan.setujui_kecuali(t, by=pemain("verifikator"))


def malam():
    return tasks.nightly(Pekerjaan(jenis="dtks.padan_harian"))


def test_jawaban_yang_sama_tidak_mengubah_apa_apa(kepala):
    t = padan.minta_kecuali(tiket(kepala), by=pemain("operator"), alasan=ALASAN)
    jawab(kepala, "TIDAK_PADAN_NAMA")
    sama = TiketPadan.objects.get(individu=kepala)
    assert (sama.pk, sama.status, sama.keterangan) == (t.pk, "minta_pengecualian", "")
    kecualikan(kepala)
    for _ in range(3):
        jawab(kepala, "TIDAK_PADAN_NAMA")
    assert TiketPadan.objects.get(individu=kepala).status == "dikecualikan"


def test_masalah_lain_membuka_lagi_dengan_sebabnya(kepala):
    padan.minta_kecuali(tiket(kepala), by=pemain("operator"), alasan=ALASAN)
    jawab(kepala, "MENINGGAL")
    t = tiket(kepala)
    assert t.status == "buka" and t.kategori == "MENINGGAL"
    assert t.keterangan.startswith("Berubah sejak ") and "berbeda jauh" in t.keterangan


def test_yang_sudah_dikecualikan_terbuka_lagi_bila_identitasnya_lain(usulan, kepala):
    kecualikan(kepala)
    baru = {"nama": "Nama Lain Sekali", "nik": kepala.nik.open(), "tgl_lahir": kepala.tgl_lahir}
    register.simpan_anggota(usulan, by=pemain("operator"), data=baru, individu=kepala)
    jawab(kepala, "TIDAK_PADAN_NAMA")
    assert tiket(kepala).keterangan.startswith("Berubah sejak ")
    assert sorted(TiketPadan.objects.filter(individu=kepala).values_list("status", flat=True)) == [
        "buka",
        "gugur",
    ]


def test_padan_menutup_sendiri_dengan_tanggal_dan_bisa_terbuka_lagi(kepala):
    jawab(kepala, "PADAN")
    selesai = TiketPadan.objects.get(individu=kepala)
    assert (
        selesai.status == "selesai"
        and selesai.ditutup_at
        and "Padan dengan Dukcapil pada" in selesai.keterangan
    )
    jawab(kepala, "NONAKTIF")
    assert "Dulu: Sudah padan." in tiket(kepala).keterangan
    assert TiketPadan.objects.filter(individu=kepala).count() == 2


def test_kata_dukcapil_tidak_dipercaya_tanpa_cek(kepala):
    t = padan.tandai_dukcapil(tiket(kepala), by=pemain("dukcapil"), catatan="Nama sudah dibetulkan.")
    assert t.status == "diperbaiki" and "Nama sudah dibetulkan." in t.catatan
    assert Pekerjaan.objects.get().argumen["individu"] == [str(kepala.pk)]
    jawab(kepala, "TIDAK_PADAN_NAMA")
    assert tiket(kepala).status == "buka" and "hasilnya masih sama" in tiket(kepala).keterangan


def test_orang_yang_keluar_tiketnya_ditutup(usulan):
    anggota = usulan.keluarga.anggota.exclude(hubungan="1").first()
    jawab(anggota, "TIDAK_DITEMUKAN")
    peristiwa.keluar(
        anggota, by=pemain("operator"), catatan=peristiwa.Catatan(timezone.localdate(), "KK_BARU")
    )
    t = TiketPadan.objects.get(individu=anggota)
    assert t.status == "ditutup" and t.ditutup_at and "bukan anggota" in t.keterangan


def test_malam_menutup_yang_keluar_lewat_jalan_lain(usulan):
    anggota = usulan.keluarga.anggota.exclude(hubungan="1").first()
    jawab(anggota, "TIDAK_DITEMUKAN")
    Individu.objects.filter(pk=anggota.pk).update(aktif=False)
    assert malam()["ditutup"] == 1
    assert TiketPadan.objects.get(individu=anggota).status == "ditutup"
    assert Jejak.objects.filter(aksi="tutup_tiket_padan").count() == 1
    assert malam()["ditutup"] == 0


def test_malam_tidak_bertanya_dua_kali(usulan, kepala):
    n = usulan.keluarga.anggota.filter(aktif=True).count()
    assert malam()["jumlah"] == n
    assert malam()["jumlah"] == 0
    job = Pekerjaan.objects.order_by("id").first()
    job.status = "selesai"
    job.save()
    assert malam()["jumlah"] == job.total_n
    assert Pekerjaan.objects.exclude(status="selesai").count() == 1


def test_malam_tidak_memuat_semua_orang_sekaligus(sampai, monkeypatch):
    for n in range(3):
        sampai("diajukan", nomor=n)
    Pekerjaan.objects.all().delete()
    monkeypatch.setattr(padan, "SEKALI", 2)
    monkeypatch.setattr(padan, "CHUNK", 2)
    semua = Individu.objects.aktif().count()
    with CaptureQueriesContext(connection) as tangkapan:
        assert malam()["jumlah"] == semua
    isi = [pk for j in Pekerjaan.objects.all() for pk in j.argumen["individu"]]
    assert len(isi) == len(set(isi)) == semua
    assert max(len(j.argumen["individu"]) for j in Pekerjaan.objects.all()) == 2
    assert len(tangkapan) < semua * 3


def test_nik_yang_dipakai_di_desa_lain_dicatat_sekali(kepala, sampai, masuk, settings):
    settings.DEMO = True
    lain = sampai("draf", nomor=1, desa=DESA2, pengusul="operator2", operator="operator2").usulan
    nik = lain.keluarga.anggota.get(hubungan="1").nik.open()
    klien, alamat = masuk("operator"), f"/padan/{tiket(kepala).pk}/perbaiki/"
    for _ in range(2):
        data = {
            "nama": kepala.nama, "nik": nik, "tempat_lahir": kepala.tempat_lahir, "tgl_lahir": kepala.tgl_lahir.isoformat(),
            "jenis_kelamin": kepala.jenis_kelamin, "ibu_kandung": kepala.ibu_kandung, "catatan": "",
            "kunci_kirim": "00000000-0000-4000-8000-000000000001",
        }  # fmt: skip
        jawaban = klien.post(alamat, data)
        assert jawaban.status_code == 422 and nik not in jawaban.content.decode().replace(
            f'value="{nik}"', ""
        )
    temuan = TemuanGanda.objects.get()
    assert temuan.wilayah_pertama_id == DESA2 and temuan.wilayah_kedua_id.startswith(DESA)
    assert Individu.objects.get(pk=kepala.pk).nik == kepala.nik
