"""The clock of a proposal: working days, standing still while others are waited for, going on where it stood."""

from datetime import date

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from core import outbox
from core.models import Jejak, Ketentuan, Pekerjaan
from core.workflow import NotAllowed
from dtks import tasks  # noqa: F401 - the handlers register themselves
from dtks.actions import jam as aksi
from dtks.actions import surat_padan, urung
from dtks.actions import usulan as langkah
from dtks.models import JedaTenggat, TiketPadan, Usulan
from dtks.queries import tenggat as baca
from tests.bantu.alur import PDF, alasan_pertama, orang, sampai
from tests.bantu.pemain import DESA, KABUPATEN
from wilayah.actions import kalender
from wilayah.kode import dalam

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def jam_dinding(settings):
    """The clock stands on Monday 23 November 2026, 09.00 WIB, and moves when it is told to."""
    settings.DEMO = True
    with time_machine.travel("2026-11-23T09:00:00+07:00", tick=False) as mesin:
        yield mesin


def ke(mesin, hari, pukul="09:00:00+07:00"):
    mesin.move_to(f"{hari}T{pukul}")


def kata(usulan):
    return baca.semua_jam([usulan])[usulan.pk].kata


def kerjakan():
    """The queue's jobs of this file, in their order."""
    milik = [aksi.JOB_SURAT, aksi.JOB_ULANG]
    while (
        job := Pekerjaan.objects.filter(jenis__in=milik, status="menunggu")
        .order_by("created_at", "pk")
        .first()
    ):
        outbox._finish(job, lambda satu=job: outbox._handlers[satu.jenis].effect(satu))
        assert job.status == "selesai", job.galat


def test_tenggat_dihitung_dalam_hari_kerja_dan_aturan_lama_tetap_hari_kalender(jam_dinding):
    usulan = sampai("diajukan").usulan
    assert (usulan.tenggat, usulan.tenggat_hari) == (date(2026, 11, 30), 5)
    assert kata(usulan) == "sisa 5 hari kerja"
    assert baca.lama("diajukan", DESA, date(2025, 12, 31)) == baca.Lama(7, False)
    ke(jam_dinding, "2026-11-30")
    assert kata(usulan) == "hari ini"
    ke(jam_dinding, "2026-12-03")
    assert kata(usulan) == "lewat 3 hari kerja"
    Ketentuan.objects.create(
        kunci="tenggat.dimusyawarahkan", wilayah=KABUPATEN, nilai=14, berlaku_sejak=date(2026, 12, 1), dasar_hukum="Perbup"
    )  # fmt: skip  # the Dinas still counts calendar days
    langkah.kembalikan(usulan, by=orang("operator"), tujuan="draf", alasan=alasan_pertama("kembalikan"))
    lain = sampai("dimusyawarahkan", nomor=1).usulan
    assert (lain.tenggat, lain.tenggat_hari) == (date(2026, 12, 17), None)
    assert kata(lain) == "sisa 14 hari"


def test_akhir_tahun_dan_cuti_bersama(jam_dinding):
    ke(jam_dinding, "2026-12-22")
    usulan = sampai("diajukan").usulan
    # 23, (24 cuti bersama, 25 Natal), 28, 29, 30, 31
    assert usulan.tenggat == date(2026, 12, 31)
    ke(jam_dinding, "2026-12-30")
    usulan = sampai("diajukan", nomor=1).usulan
    # 31, (1 Jan, weekend), 4, (5 Jan Isra Mikraj), 6, 7, 8
    assert usulan.tenggat == date(2027, 1, 8)


def test_hari_mulai_menurut_jam_daerah(jam_dinding):
    """23.30 WIB on Friday is still Friday here, though UTC and WIT have other days."""
    ke(jam_dinding, "2026-11-27", "23:30:00+07:00")
    assert sampai("diajukan").usulan.tenggat_mulai == date(2026, 11, 27)


def test_libur_baru_tidak_mengubah_tenggat_sampai_dihitung_ulang(jam_dinding):
    usulan = sampai("diajukan").usulan
    by = orang("supervisor")
    kalender.tambah_libur(
        by=by, wilayah=KABUPATEN, tanggal=date(2026, 11, 26), nama="Hari Jadi", dasar_hukum="SK"
    )
    assert Usulan.objects.get(pk=usulan.pk).tenggat == date(2026, 11, 30)
    assert sampai("diajukan", nomor=1).usulan.tenggat == date(2026, 12, 1)
    with pytest.raises(NotAllowed):
        aksi.minta_hitung_ulang(by=orang("verifikator"), kabupaten=KABUPATEN)
    aksi.minta_hitung_ulang(by=by, kabupaten=KABUPATEN)
    kerjakan()
    assert Usulan.objects.get(pk=usulan.pk).tenggat == date(2026, 12, 1)
    assert aksi.hitung_ulang(KABUPATEN) == 0


def test_ditunda_menghentikan_jam_dan_lanjut_dengan_sisanya(jam_dinding, masuk):
    p = sampai("diajukan")
    ke(jam_dinding, "2026-11-25")  # three working days are left
    langkah.tunda(p.usulan, by=orang("operator"), alasan="TUNGGU_MUSYAWARAH")
    usulan = p.segar()
    assert kata(usulan).startswith(
        "Jam berhenti sejak 25 Nov 2026: menunggu musyawarah berikutnya. Ditinjau lagi"
    )
    assert (
        "Jam berhenti sejak 25 Nov 2026"
        in masuk("operator").get(reverse("usulan_lihat", args=[usulan.pk])).text
    )
    ke(jam_dinding, "2026-12-28")  # over Christmas
    langkah.lanjutkan(usulan, by=orang("operator"))
    usulan = p.segar()
    assert kata(usulan) == "sisa 3 hari kerja"
    assert usulan.tenggat == date(2026, 12, 31)
    assert not usulan.jeda.terbuka().exists()


def test_yang_sudah_lewat_tetap_lewat_sesudah_ditunda(jam_dinding):
    p = sampai("diajukan")
    ke(jam_dinding, "2026-12-02")
    assert kata(p.usulan) == "lewat 2 hari kerja"
    langkah.tunda(p.usulan, by=orang("operator"), alasan=alasan_pertama("tunda"))
    ke(jam_dinding, "2026-12-14")
    langkah.lanjutkan(p.segar(), by=orang("operator"))
    assert kata(p.segar()) == "lewat 2 hari kerja"


def test_dikembalikan_ke_desa_jam_dinas_berhenti_sampai_kembali(jam_dinding):
    p = sampai("diinput")
    assert p.usulan.tenggat == date(2026, 11, 26)
    ke(jam_dinding, "2026-11-24")  # two of three days are left
    langkah.kembalikan(
        p.usulan, by=orang("verifikator"), tujuan="disepakati", alasan=alasan_pertama("kembalikan")
    )
    usulan = p.segar()
    isi = baca.semua_jam([usulan])[usulan.pk]
    assert isi.kata == "sisa 3 hari kerja"  # the village's own clock
    assert isi.lain == ("Lengkap, dikirim ke Dinsos: jam berhenti sejak 24 Nov 2026: menunggu Operator desa",)
    ke(jam_dinding, "2026-12-01")
    langkah.input(usulan, by=orang("operator"))
    assert kata(p.segar()) == "sisa 2 hari kerja"


def test_ditolak_menutup_semua_jeda(jam_dinding):
    p = sampai("diinput")
    langkah.kembalikan(p.usulan, by=orang("verifikator"), tujuan="draf", alasan=alasan_pertama("kembalikan"))
    langkah.tarik(p.segar(), by=orang("rtrw"), alasan=alasan_pertama("tarik"))
    assert p.segar().tenggat is None
    assert not JedaTenggat.objects.terbuka().exists()


def test_mengurungkan_pengembalian_memulihkan_jamnya(jam_dinding):
    with connection.cursor() as cursor:  # history is stamped by the database, whose clock nobody moves
        cursor.execute("select clock_timestamp()")
        jam_dinding.move_to(cursor.fetchone()[0], tick=True)
    p = sampai("diinput")
    dulu = (p.usulan.tenggat, p.usulan.tenggat_mulai, p.usulan.tenggat_hari)
    langkah.kembalikan(
        p.usulan, by=orang("verifikator"), tujuan="disepakati", alasan=alasan_pertama("kembalikan")
    )
    assert JedaTenggat.objects.terbuka().exists()
    urung.urungkan(p.segar(), by=orang("verifikator"))
    usulan = p.segar()
    assert (usulan.tenggat, usulan.tenggat_mulai, usulan.tenggat_hari) == dulu
    assert not JedaTenggat.objects.exists()


def test_surat_disdukcapil_menghentikan_jam_sampai_dijawab(jam_dinding, masuk):
    p = sampai("disepakati")
    p.padankan("TIDAK_DITEMUKAN")
    tiket = list(TiketPadan.objects.terbuka().filter(dalam("wilayah_id", [DESA])).order_by("pk"))
    by = orang("operator")
    surat = surat_padan.buat([t.pk for t in tiket], by=by)
    kerjakan()
    assert kata(p.segar()) == "sisa 3 hari kerja"  # not handed over yet
    ke(jam_dinding, "2026-11-24")
    surat_padan.kirim(surat, by=by, tanggal=date(2026, 11, 24))
    kerjakan()
    kalimat = f"Jam berhenti sejak 24 Nov 2026: menunggu jawaban Disdukcapil atas surat {surat.nomor}"
    assert kata(p.segar()) == kalimat
    kerjakan()
    assert JedaTenggat.objects.count() == 1  # once, however often one looks
    aksi.selaraskan_surat([p.usulan.keluarga_id])
    assert JedaTenggat.objects.count() == 1
    ke(jam_dinding, "2026-12-03")
    surat_padan.balas(surat, by=by, tanggal=date(2026, 12, 3), isi=PDF, nama="balasan.pdf")
    kerjakan()
    assert kata(p.segar()) == "sisa 2 hari kerja"
    assert list(
        Jejak.objects.filter(objek_id=str(p.usulan.pk), aksi__endswith="_jam").order_by("id").values_list("aksi", flat=True)
    ) == ["hentikan_jam", "jalankan_jam"]  # fmt: skip


def test_jam_jalan_lagi_bila_orangnya_ternyata_padan(jam_dinding):
    p = sampai("disepakati")
    p.padankan("TIDAK_DITEMUKAN")
    by = orang("operator")
    surat = surat_padan.buat(list(TiketPadan.objects.terbuka().values_list("pk", flat=True)), by=by)
    surat_padan.kirim(surat, by=by, tanggal=date(2026, 11, 23))
    kerjakan()
    assert p.segar().jeda.berjalan().exists()
    p.padankan()
    kerjakan()
    assert not p.segar().jeda.berjalan().exists()


def test_satu_halaman_usulan_dua_kueri(jam_dinding, django_assert_num_queries):
    daftar = [sampai("diajukan", nomor=n).usulan for n in range(4)]
    with django_assert_num_queries(2):
        assert {j.kata for j in baca.semua_jam(daftar).values()} == {"sisa 5 hari kerja"}
