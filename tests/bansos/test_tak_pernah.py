"""What must never happen at the desks of the Dinas, however the steps fall."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from accounts.models import Pengguna, Penugasan
from bansos import notifications
from bansos.actions import batch as aksi
from bansos.actions import keberatan, pengesahan
from bansos.actions import massal as aksi_massal
from core import audit
from core.models import Jejak, Ketentuan, Pekerjaan
from core.workflow import StepRefused
from dtks.actions import bendera, jam, surat_padan
from dtks.actions import usulan as langkah
from dtks.models import KERABAT, TiketPadan
from dtks.queries import tenggat as baca
from tests.bantu.alur import PDF, alasan_pertama, orang
from wilayah.queries.kerja import tambah_hari_kerja

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True
    Ketentuan.objects.update_or_create(
        kunci="pengesahan.tiga_meja", wilayah="32.05", berlaku_sejak=date(2021, 5, 27),
        defaults={"nilai": True, "dasar_hukum": "uji", "sumber": "uji", "status_verifikasi": "kebijakan"},
    )  # fmt: skip
    audit.catat(aksi="uji", jenis="uji", objek_id="-", by=None)


def akun(dari: str, peran: str, username: str) -> Pengguna:
    asal = orang(dari)
    baru = Pengguna.objects.create(username=username, nama=asal.nama, orang=asal.orang)
    Penugasan.objects.create(
        pengguna=baru, peran_id=peran, wilayah_id="32.05", berlaku_sejak=date(2020, 1, 1)
    )
    return orang(username)


@pytest.mark.parametrize("siapa", ["verifikator2", "pemeriksa"])
def test_yang_diverifikasi_ulang_sesudah_diperiksa_supervisor_tidak_ikut_disahkan(sampai, siapa):
    """The supervisor checked what was verified then; the head never endorses what was verified afterwards."""
    p = sampai("terverifikasi")
    batch = aksi.teruskan(pengesahan.susun([p.usulan.pk], by=orang("verifikator")), by=orang("supervisor"))
    with connection.cursor() as cursor:  # what a commit checks
        cursor.execute("set constraints all immediate; set constraints all deferred")
    langkah.kembalikan(p.usulan, by=orang("kadis"), tujuan="diases", alasan=alasan_pertama("kembalikan"))
    by = akun("supervisor", "VERIFIKATOR", "naik") if siapa == "pemeriksa" else orang(siapa)
    langkah.verifikasi(p.segar(), by=by)
    with pytest.raises(StepRefused):
        pengesahan.sahkan_batch(batch, by=orang("kadis"))
    assert p.segar().status == "terverifikasi"


def test_hari_menunggu_disdukcapil_tidak_dihitung_dua_kali(sampai):
    """A letter that waited while the case was postponed moves the deadline once for each day."""
    with time_machine.travel("2026-11-23T09:00:00+07:00", tick=False) as mesin:
        p = sampai("disepakati")
        p.padankan("TIDAK_DITEMUKAN")
        by = orang("operator")
        surat = surat_padan.buat(list(TiketPadan.objects.terbuka().values_list("pk", flat=True)), by=by)
        surat_padan.kirim(surat, by=by, tanggal=date(2026, 11, 23))
        jam.selaraskan_surat([p.usulan.keluarga_id])
        assert p.segar().jeda.berjalan().exists()
        mesin.move_to("2026-11-24T09:00:00+07:00")
        langkah.tunda(p.segar(), by=by, alasan=alasan_pertama("tunda"))
        mesin.move_to("2026-12-01T09:00:00+07:00")
        langkah.lanjutkan(p.segar(), by=by)
        mesin.move_to("2026-12-02T09:00:00+07:00")
        surat_padan.balas(surat, by=by, tanggal=date(2026, 12, 2), isi=PDF, nama="balasan.pdf")
        jam.selaraskan_surat([p.usulan.keluarga_id])
        usulan = p.segar()
        assert not usulan.jeda.terbuka().exists()
        assert baca.semua_jam([usulan])[usulan.pk].kata == "sisa 3 hari kerja"


def test_keberatan_bertanggal_mundur_tidak_dianggap_kabul_sebelum_ada_yang_bisa_menjawab(sampai, monkeypatch):
    """Whoever records it says when the family came; the days for an answer begin when an official can see it."""
    p = sampai("diases")
    langkah.tolak(p.usulan, by=orang("verifikator"), alasan=alasan_pertama("tolak"))
    putus = timezone.localdate()
    kini = tambah_hari_kerja("32.05", putus, 15)
    monkeypatch.setattr(keberatan, "hari_wilayah", lambda kode: kini)
    k = keberatan.ajukan(
        p.segar(), by=orang("operator"), pemohon="Ujang", alasan="Rumah kami sudah roboh.", diterima=putus
    )
    assert not k.terlambat
    assert k.batas_jawab == tambah_hari_kerja("32.05", kini, 10)
    assert keberatan.lewatkan(kini) == 0


def test_keberatan_lama_tidak_membuka_penolakan_yang_baru(sampai):
    """Granted late, it opens the decision that it was about, not a later one by other people."""
    p = sampai("diases")
    langkah.tolak(p.usulan, by=orang("verifikator"), alasan=alasan_pertama("tolak"))
    lama = keberatan.ajukan(
        p.segar(), by=orang("operator"), pemohon="Ujang", alasan="Rumah kami sudah roboh.", diterima=timezone.localdate()
    )  # fmt: skip
    langkah.buka_kembali(p.usulan, by=orang("supervisor"), catatan="Keberatan lain dikabulkan.")
    langkah.tolak(p.segar(), by=orang("supervisor"), alasan=alasan_pertama("tolak"))
    keberatan.kabulkan(lama, by=orang("supervisor"), alasan="Alasan yang cukup panjang.")
    assert p.segar().status == "ditolak"


def test_percobaan_memegang_dua_meja_tercatat_untuk_inspektorat(sampai, masuk):
    p = sampai("terverifikasi")
    batch = pengesahan.susun([p.usulan.pk], by=orang("verifikator"))
    akun("verifikator", "SUPERVISOR", "naik")
    web = masuk("naik")
    assert web.get(f"/penetapan/batch/{batch.pk}/teruskan/").status_code == 403
    assert not Jejak.objects.filter(aksi="penolakan").exists()
    assert web.post(f"/penetapan/batch/{batch.pk}/teruskan/", {}).status_code == 403
    assert Jejak.objects.get(aksi="penolakan").rincian["langkah"] == "teruskan"


def test_daftar_massal_lama_tidak_memperlihatkan_keluarga_di_wilayah_yang_ditinggalkan(sampai, masuk):
    """Moved to another kabupaten, the verifier's old list is his still; the families in it do not exist for him."""
    u = sampai("diases").usulan
    massal = aksi_massal.siapkan([u], by=orang("verifikator"), langkah="verifikasi", dari="diases")
    Penugasan.objects.filter(pengguna__username="verifikator").update(wilayah_id="32.04")
    web = masuk("verifikator")
    halaman = web.get(f"/verifikasi/massal/{massal.pk}/").content.decode()
    assert u.tiket not in halaman and u.keluarga.nama_kepala not in halaman
    berkas = web.post(f"/verifikasi/massal/{massal.pk}/unduh/", {"format": "csv"})
    assert u.tiket not in b"".join(berkas).decode()


def test_yang_ternyata_berkerabat_tidak_ikut_menutup_catatannya(sampai):
    """The supervisor asked to close it; then he is found to be tied himself: his request is gone."""
    u = sampai("diases").usulan
    b = langkah.pasang_bendera(u, kode=KERABAT, kalimat="Mungkin berkerabat.", sumber="kerabat", by=None)
    bendera.usul_tutup(b, by=orang("supervisor"), alasan="Hanya nama ibu yang sama.")
    bendera.nyatakan(b, by=orang("supervisor"), ada=True, hubungan="keponakan")
    with pytest.raises(StepRefused):
        bendera.setujui_tutup(b, by=orang("kadis"))


def test_jam_keberatan_tidak_berjalan_tanpa_ada_yang_diberi_tahu(sampai):
    """Ten working days and it is granted by law: who decides hears of it when it comes, and when it is only raised."""
    p = sampai("diases")
    langkah.tolak(p.usulan, by=orang("verifikator"), alasan=alasan_pertama("tolak"))
    k = keberatan.ajukan(
        p.segar(), by=orang("operator"), pemohon="Ujang", alasan="Rumah kami sudah roboh.", diterima=timezone.localdate()
    )  # fmt: skip
    Ketentuan.objects.filter(kunci="keberatan.lewat").update(nilai="eskalasi")
    n = []
    for hari in (k.batas_jawab, k.batas_jawab + timedelta(days=1)):
        keberatan.lewatkan(hari)
        for job in Pekerjaan.objects.filter(jenis=keberatan.NOTICE).exclude(pk__in=n):
            notifications.kabar_keberatan(job)
            n.append(job.pk)
        kabar = orang("kadis").pemberitahuan.filter(tautan=f"/keberatan/{k.pk}/")
        assert kabar.count() == len(n) and not kabar.filter(kalimat__contains="Ujang").exists()
    assert len(n) == 2 and orang("inspektorat").pemberitahuan.filter(kalimat__contains="lewat batas").exists()


@pytest.mark.parametrize("sampai_mana", ["diases", "tidak_ditetapkan"])
def test_keberatan_tidak_buntu_bila_keluarga_sudah_diusulkan_lagi(sampai, sampai_mana):
    """The village proposed the family again meanwhile: the objection can be granted all the same, and names that proposal."""
    Ketentuan.objects.filter(kunci="pengesahan.tiga_meja", wilayah="32.05").update(nilai=False)
    p = sampai(sampai_mana)
    if sampai_mana == "diases":
        langkah.tolak(p.usulan, by=orang("verifikator"), alasan=alasan_pertama("tolak"))
    k = keberatan.ajukan(
        p.segar(), by=orang("operator"), pemohon="Ujang", alasan="Rumah kami sudah roboh.", diterima=timezone.localdate()
    )  # fmt: skip
    baru, _ = langkah.buat(
        by=orang("operator"), keluarga=p.usulan.keluarga, program=p.usulan.program, bulan_berikutnya=True
    )
    k = keberatan.kabulkan(k, by=orang("supervisor"), alasan="Foto terbaru menunjukkan rumah roboh.")
    assert (k.status, k.usulan_baru_id) == ("dikabulkan", baru.pk)
