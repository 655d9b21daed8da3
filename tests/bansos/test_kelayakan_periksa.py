"""Letters, their cancelling, a finding and the month's answers, really committed: `manage.py periksa` finds nothing."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from bansos.actions import kelayakan
from bansos.actions.kelayakan import Jawaban
from core import audit
from dtks.actions import padan, surat_padan
from portal.queries import periksa
from tests.bansos.test_verifikasi_kelayakan import jendela
from tests.bantu.alur import PDF, foto, orang, sampai
from tests.bantu.pemain import KABUPATEN
from tests.dtks.test_surat_padan import buat_tiket


def test_periksa_bersih_sesudah_surat_dan_jawaban(db_nyata):
    by, hari = orang("operator"), timezone.localdate()
    tiket = [buat_tiket(sampai), buat_tiket(sampai, "GANDA", nomor=1)]
    keliru = surat_padan.buat([tiket[0].pk], by=by)
    surat_padan.batalkan(keliru, by=by, alasan="Yang satu tertinggal.")
    surat = surat_padan.buat([t.pk for t in tiket], by=by)
    surat_padan.kirim(surat, by=by, tanggal=hari)
    surat_padan.buka(surat, by=orang("dukcapil"))
    surat_padan.balas(surat, by=by, tanggal=hari, isi=PDF, nama="balasan.pdf")
    padan.tandai_dukcapil(tiket[0], by=orang("dukcapil"), catatan="NIK sudah diaktifkan.")
    satu = tiket[0].individu
    padan.catat_hasil(
        satu.pk, hasil={"kategori": "PADAN"}, sidik=padan.identity_fingerprint(satu), pekerjaan=None
    )
    with transaction.atomic():  # open on whatever day the tests run
        baris = jendela(timezone.now().replace(microsecond=0) + timedelta(days=1))
        audit.catat(aksi="siapkan_periode", objek=baris, by=None, wilayah=KABUPATEN)
    penerima = [sampai("ditetapkan", nomor=n).penetapan.baris.get() for n in (2, 3)]
    lama = kelayakan.jawab(penerima[0].pk, by=by, jawaban=Jawaban("tidak_layak", alasan=["A01"], foto=foto()))
    kelayakan.jawab(
        penerima[0].pk, by=by, jawaban=Jawaban("layak", catatan="Mobil tetangga."), sebelum=lama.pk
    )
    kelayakan.tandai_layak([penerima[1].pk], by=by)
    assert [str(x) for x in periksa.jalankan(berkas=True).pelanggaran] == []
